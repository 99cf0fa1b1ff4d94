"""The tests that Jupyter has for kernels, on stnb (jupyter_kernel_test)."""

import unittest, jupyter_kernel_test as jkt
class StnbTests(jkt.KernelTests):
    kernel_name = "stnb"
    language_name = "go"
    file_extension = ".go"
    code_hello_world = 'import "fmt"\nfmt.Println("hello, world")'
    code_stderr = 'import "os"\nimport "fmt"\nfmt.Fprintln(os.Stderr, "oops")'
    completion_samples = [
        {"text": 'import "fmt"\nfmt.Println', "matches": {"Println"}},
        {"text": 'import "strings"\nstrings.ToUpp', "matches": {"ToUpper", "ToUpperSpecial"}},
    ]
    complete_code_samples = ["x := 1", "1 + 1", "func f() int {\n\treturn 1\n}", "s := `a\nb`"]
    incomplete_code_samples = ["func f() {", "x := 1 +", "s := `a", "/* b", "f(1,"]
    invalid_code_samples = ["x := = 3", "func }", "a b c"]
    code_page_something = "?fmt.Println"
    code_generate_error = 'panic("over")'
    code_execute_result = [
        {"code": "1 + 2", "result": "3"},
        {"code": '"a" + "b"', "result": "ab"},
        {"code": "[]int{1, 2}", "mime": "text/html"},
    ]
    code_display_data = [
        {"code": 'import st "stnb.dev/widgets"\nst.Markdown("**hi**")\nst.Text("end")', "mime": "text/html"},
        {"code": 'import st "stnb.dev/widgets"\nst.LineChart(map[string][]float64{"a": {1, 2}})\nx := 1', "mime": "application/vnd.vegalite.v5+json"},
    ]
    code_history_pattern = "1 ?*2"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = 'import "fmt"\nfmt.Println'
    code_clear_output = 'import st "stnb.dev/widgets"\ne := st.Empty()\ne.Text("before")\ne.Empty()'
if __name__ == "__main__":
    unittest.main()

package examples

import (
	"regexp"
	"strings"
	"testing"
)

// Tests, benchmarks, examples and fuzz seeds run in the cell they are written in,
// with a report.
func TestTestsInCells(t *testing.T) {
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			e := editOn(t, engine,
				"func Add(a, b int) int { return a + b }\nfunc check(t testing.TB, got, want int) {\n\tif got != want {\n\t\tt.Errorf(\"got %d, want %d\", got, want)\n\t}\n}\nimport \"testing\"",
				`func TestAdd(t *testing.T) {
	for name, c := range map[string][3]int{"two": {1, 1, 2}} {
		t.Run(name, func(t *testing.T) { check(t, Add(c[0], c[1]), c[2]) })
	}
	t.Run("wrong one", func(t *testing.T) {
		t.Cleanup(func() { t.Log("cleaned") })
		check(t, Add(1, 1), 3)
		t.Fatal("enough")
		t.Error("not reached")
	})
}
func TestSkipped(t *testing.T) { t.Skip("not today") }
func TestTemp(t *testing.T) {
	defer func() { recover() }()
	if t.TempDir() == "" || t.Name() != "TestTemp" { t.FailNow() }
}
func TestFatalIsNotRecovered(t *testing.T) {
	func() {
		defer func() { recover() }()
		t.FailNow()
	}()
	t.Log("not reached")
}
func Testable() {}
func helper(t *testing.T) {}`,
				`import "fmt"
func ExampleAdd() {
	fmt.Println(Add(1, 2))
	// Output: 3
}
func ExampleAdd_wrong() {
	fmt.Println(Add(1, 2))
	// Output:
	// 4
}
func FuzzAdd(f *testing.F) {
	f.Add(1, 2)
	f.Add(3, 4)
	f.Fuzz(func(t *testing.T, a, b int) { check(t, Add(a, b), b+a) })
}`,
				`func BenchmarkAdd(b *testing.B) {
	for b.Loop() { Add(1, 2) }
}
func BenchmarkOld(b *testing.B) {
	for i := 0; i < b.N; i++ { Add(i, 2) }
}`,
				"import \"strings\"\nfunc TestPanics(t *testing.T) {\n\tvar m map[string]int\n\tm[strings.ToUpper(\"a\")] = 1\n}\nfunc TestAfter(t *testing.T) {}",
			)
			e.runAll()
			got := e.shows("b")
			for _, want := range []string{
				"FAIL  TestAdd ", "ok    TestAdd/two", "FAIL  TestAdd/wrong_one",
				"      line 4: got 2, want 3\n      line 8: enough\n      line 6: cleaned\n",
				"skip  TestSkipped", "      line 12: not today\n", "ok    TestTemp", "FAIL  TestFatalIsNotRecovered", "2 of 6 tests failed",
			} {
				if !strings.Contains(got, want) {
					t.Errorf("no %q in\n%s", want, got)
				}
			}
			if strings.Contains(got, "not reached") || strings.Contains(got, "Testable") {
				t.Error(got)
			}
			if s := e.cellStatus("b").State; s != "failed" {
				t.Errorf("a cell with a failed test is %q", s)
			}
			if s := e.cellStatus("d").State; s != "done" {
				t.Errorf("a cell with benchmarks is %q", s)
			}
			got = e.shows("c")
			for _, want := range []string{"ok    ExampleAdd ", "FAIL  ExampleAdd_wrong", "got:\n      3\n      want:\n      4", "ok    FuzzAdd/seed#0", "ok    FuzzAdd/seed#1", "1 of 5 tests failed"} {
				if !strings.Contains(got, want) {
					t.Errorf("no %q in\n%s", want, got)
				}
			}
			if got := e.shows("d"); !regexp.MustCompile(`ok    BenchmarkAdd  [\d,]+ ns/op  [\d,]+ B/op  [\d,]+ allocs/op  [\d,]+ times\nok    BenchmarkOld  [\d,]+ ns/op`).MatchString(got) {
				t.Errorf("benchmarks:\n%s", got)
			}
			if got := e.shows("e"); e.cellStatus("e").State != "failed" || !strings.Contains(got, "assignment to entry in nil map") || !strings.Contains(got, "FAIL  TestPanics") || strings.Contains(got, "TestAfter") {
				t.Errorf("a panic: %s", got)
			}
		})
	}
}

// The directive //st:time repeats a cell and tells how long it takes; what the cell
// makes is as if it had run once.
func TestTime(t *testing.T) {
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			e := editOn(t, engine, "n := 0", "//st:time runs=3 loops=20\nimport \"fmt\"\nn += 2\nfmt.Println(\"printed\")\nn", "n", "//st:time loop=3\n1")
			e.run("c")
			e.want("n", e.shows("c"), "2")
			got := e.shows("b")
			if !regexp.MustCompile(`^printed 2 [\d.]+ (ns|µs|ms|s) ± [\d.]+ (ns|µs|ms|s) a run \(mean ± deviation of 3 runs, 20 loops each\)$`).MatchString(got) {
				t.Errorf("shows %q", got)
			}
			if s := e.status(); !strings.Contains(s, "d:blocked") {
				t.Errorf("a wrong directive: %s", s)
			}
		})
	}
}

// Visitors of an app run no tests, and no cell twice.
func TestNoTestsInApps(t *testing.T) {
	at := cells(t, `import "testing"
func TestFails(t *testing.T) { st.Write("a test ran"); t.Error("bad") }
st.Write("an app")`, "//st:time\nruns := st.State(\"runs\", 0)\nruns.Set(runs.Get() + 1)\nst.Metric(\"Runs\", runs.Get())")
	at.MustShow("an app").MustNotShow("a test ran", "bad", "mean")
	equal(t, "runs", at.Metric("Runs").Value(), "1")
	at.MustWork()
}

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// python finds a Python that has the modules, as Debian's packages bring them
// (make python installs those).
func python(t *testing.T, modules ...string) string {
	t.Helper()
	for _, name := range []string{os.Getenv("STNB_PYTHON"), "/usr/bin/python3", "python3"} {
		if name != "" && exec.Command(name, "-c", "import "+strings.Join(modules, ", ")).Run() == nil {
			return name
		}
	}
	t.Skipf("no Python with %s here: make python installs Debian's packages, STNB_PYTHON names another Python", strings.Join(modules, ", "))
	return ""
}

// withKernel is an environment in which Jupyter knows stnb as a kernel.
func withKernel(t *testing.T) []string {
	t.Helper()
	exe, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	prefix := t.TempDir()
	if out, err := exec.Command(exe, "kernel", "install", "--prefix", prefix).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	home := t.TempDir()
	return append(os.Environ(), "HOME="+home, "JUPYTER_PATH="+filepath.Join(prefix, "share", "jupyter"),
		"JUPYTER_RUNTIME_DIR="+filepath.Join(home, "runtime"), "IPYTHONDIR="+home)
}

// TestJupyterKernelTest runs Jupyter's own tests of kernels.
func TestJupyterKernelTest(t *testing.T) {
	t.Parallel()
	py := python(t, "jupyter_kernel_test")
	cmd := exec.Command(py, filepath.Join("testdata", "python", "kernel_test.py"))
	cmd.Env = withKernel(t)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !strings.Contains(string(out), "Ran 12 tests") || strings.Contains(string(out), "skipped") {
		t.Errorf("not all 12 tests ran:\n%s", out)
	}
}

// TestNbclient executes the example in Jupyter's format as nbconvert and papermill
// would.
func TestNbclient(t *testing.T) {
	t.Parallel()
	py := python(t, "nbclient", "nbformat")
	copied := filepath.Join(t.TempDir(), "copy.ipynb")
	cmd := exec.Command(py, filepath.Join("testdata", "python", "execute.py"), "../../examples/jupyter/shelter.ipynb", copied)
	cmd.Env = withKernel(t)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{"stream: 3 animals", "execute_result: CAT for 7 days: 37.50", "bar chart of days over 2 points"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	// What nbclient wrote opens here.
	exe, _ := binary()
	if out, err := exec.Command(exe, "check", copied).CombinedOutput(); err != nil {
		t.Errorf("stnb check: %v\n%s", err, out)
	}
}

// TestNbformat asks nbformat about every .ipynb that stnb writes: converted, made
// new, executed with outputs of every kind, also of a run that fails.
func TestNbformat(t *testing.T) {
	t.Parallel()
	py := python(t, "nbformat")
	exe, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var made []string
	stnb := func(code int, args ...string) {
		t.Helper()
		cmd := exec.Command(exe, args...)
		cmd.Env = append(os.Environ(), "HOME="+dir)
		if out, _ := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != code {
			t.Errorf("stnb %v: %v\n%s", args, cmd.ProcessState, out)
		}
	}
	name := func(s string) string {
		made = append(made, filepath.Join(dir, s))
		return made[len(made)-1]
	}
	guides, err := filepath.Glob("../../examples/guide/*.md")
	if err != nil || len(guides) == 0 {
		t.Fatal("no guides", err)
	}
	for _, g := range guides {
		stnb(0, "convert", g, "-o", name(filepath.Base(g)+".ipynb"))
	}
	others, _ := filepath.Glob("../../notebook/file/testdata/others/*.ipynb")
	for _, o := range others {
		md := filepath.Join(dir, filepath.Base(o)+".md")
		stnb(0, "convert", o, "-o", md)
		stnb(0, "convert", md, "-o", name("back-"+filepath.Base(o)))
	}
	stnb(0, "new", name("new.ipynb"))
	stnb(0, "exec", guides[0], "-o", name("ran.ipynb"))
	stnb(0, "exec", "../../examples/jupyter/shelter.ipynb", "-p", "animal=dog", "-o", name("dog.ipynb"))
	every := filepath.Join(dir, "every.md")
	if err := os.WriteFile(every, []byte(everyOutput), 0o600); err != nil {
		t.Fatal(err)
	}
	stnb(1, "exec", every, "-o", name("every.ipynb"))
	out, err := exec.Command(py, append([]string{filepath.Join("testdata", "python", "validate.py")}, made...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	ran, err := os.ReadFile(filepath.Join(dir, "every.ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"image/png", "application/vnd.vegalite.v5+json", "application/json", "text/latex", `"stderr"`, `"output_type": "error"`, "<table>"} {
		if !strings.Contains(string(ran), want) {
			t.Errorf("the executed copy has no %s", want)
		}
	}
}

const everyOutput = "```go\n" + `import (
	"fmt"
	"image"
	"os"

	st "stnb.dev/widgets"
)
fmt.Fprintln(os.Stderr, "to stderr")
dots := image.NewRGBA(image.Rect(0, 0, 90, 90))
dots
st.LineChart(map[string][]float64{"a": {1, 2}})
st.JSON(map[string]any{"a": 1})
st.Latex("x^2")
st.Dataframe([]struct{ A int }{{1}})
panic("over")
` + "```\n"

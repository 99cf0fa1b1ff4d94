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

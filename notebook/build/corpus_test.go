package build_test

import (
	"bytes"
	"context"
	"flag"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"stnb.dev/kernel/engine/conformance"
	"stnb.dev/notebook"
	"stnb.dev/notebook/build"
)

// TestCorpus pastes the programs of the Go distribution's own test directory, the
// single files that begin with "// run": what go/types accepts there must be
// accepted here and lower to legal Go.
func TestCorpus(t *testing.T) {
	root := filepath.Join(runtime.GOROOT(), "test")
	if _, err := os.Stat(root); err != nil {
		t.Logf("this Go has no test directory: %v", err)
		return
	}
	wanted, err := regexp.Compile(*whole)
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	programs := map[string]string{}
	err = eachProgram(root, func(rel, text string) {
		total++
		if testing.Short() && total%8 != 0 {
			return
		}
		t.Run(rel, func(t *testing.T) {
			s := pasted(text)
			for _, d := range s.Diagnostics("a") {
				t.Errorf("%s %s", rangeText(d.Range), d.Message)
			}
			if !t.Failed() {
				mustBeGo(t, s.Units())
			}
		})
		if (total%sampled == 0 || wanted.MatchString("go/"+rel)) && conformance.Apart([]byte(text)) == "" && rel != zeroSize {
			programs["go/"+rel] = text
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range conformance.Everyday() {
		total++
		if i%sampled == 0 || wanted.MatchString("everyday/"+c.Name) {
			programs["everyday/"+c.Name] = c.Source
		}
	}
	t.Logf("%d programs, %d of them also compiled as they are and lowered", total, len(programs))
	if !t.Failed() && !testing.Short() {
		sameOutput(t, programs)
	}
}

// zeroSize compares addresses of variables without a size, which the language leaves
// open and the compiler answers by what it inlines.
const zeroSize = "zerosize.go"

// sampled: one program in so many is also compiled, as it is and lowered.
const sampled = 100

var whole = flag.String("whole", "^$", "compile the programs whose go/path or everyday/name matches as they are and lowered, besides the sample")

// pasted is a notebook of one cell.
func pasted(text string) *build.Snapshot {
	return newSnapshot(&notebook.Notebook{Cells: []notebook.Cell{{ID: "a", Kind: notebook.Go, Source: text}}})
}

// eachProgram calls yield with the programs that run on their own.
func eachProgram(root string, yield func(rel, text string)) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if text := string(b); runs(text) && !strings.Contains(text, "import \"C\"") &&
			!strings.Contains(text, "//go:uintptrescapes") && !strings.Contains(text, "\"testing\"") && // cells get another
			accepted(text) {
			rel, _ := filepath.Rel(root, path)
			yield(rel, text)
		}
		return nil
	})
}

// sameOutput compiles programs as they are and lowered, runs both and compares
// what they print and how they end.
func sameOutput(t *testing.T, programs map[string]string) {
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "core"), os.DirFS("testdata/core")); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "go.mod"), oracleModule)
	short := regexp.MustCompile(`[^a-z0-9]`)
	for rel, text := range programs {
		name := short.ReplaceAllString(strings.TrimSuffix(rel, ".go"), "_")
		units := pasted(text).Units()
		write(t, filepath.Join(dir, name+"_typed", "main.go"), text)
		write(t, filepath.Join(dir, name+"_lowered", "unit.go"), units[0].Source)
		write(t, filepath.Join(dir, name+"_lowered", "main.go"), mainSource(units))
	}
	bin := filepath.Join(dir, "bin") + string(filepath.Separator)
	cmd := exec.Command("go", "build", "-o", bin, "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	for rel := range programs {
		name := short.ReplaceAllString(strings.TrimSuffix(rel, ".go"), "_")
		if typed, lowered := outcome(bin+name+"_typed"), outcome(bin+name+"_lowered"); typed != lowered {
			t.Errorf("%s:\ntyped prints\n%s\nlowered prints\n%s", rel, typed, lowered)
		}
	}
}

// outcome runs a program for a while. Where it panicked has other names and lines
// when lowered, so of a failure just the first line counts.
func outcome(exe string) string {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, exe)
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if err == nil {
		return out.String()
	}
	text, _, _ := strings.Cut(out.String(), "\ngoroutine ")
	return text + "\n" + err.Error()
}

// runs says whether a program is one that is run on its own, on this machine.
func runs(text string) bool {
	header := true
	run := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case header && line == "// run":
			run = true
		case constraint.IsGoBuild(line):
			x, err := constraint.Parse(line)
			return run && err == nil && x.Eval(func(tag string) bool {
				return tag == runtime.GOOS || tag == runtime.GOARCH || tag == "gc" || strings.HasPrefix(tag, "go1") || tag == "unix"
			})
		case line != "":
			header = strings.HasPrefix(line, "//")
		}
	}
	return run
}

// accepted says whether go/types takes the program as it is.
func accepted(text string) bool {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "x.go", text, 0)
	if err != nil || f.Name.Name != "main" {
		return false
	}
	_, err = (&types.Config{Importer: testImporter(), GoVersion: "go1.26"}).Check("main", fset, []*ast.File{f}, nil)
	return err == nil
}

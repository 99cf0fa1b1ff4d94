package build_test

import (
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"stnb.dev/notebook"
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
	total := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		text := string(b)
		if !runs(text) || strings.Contains(text, "import \"C\"") || !accepted(text) {
			return nil
		}
		if testing.Short() && total%8 != 0 {
			total++
			return nil
		}
		total++
		rel, _ := filepath.Rel(root, path)
		t.Run(rel, func(t *testing.T) {
			nb := &notebook.Notebook{Cells: []notebook.Cell{{ID: "a", Kind: notebook.Go, Source: text}}}
			s := newSnapshot(nb)
			for _, d := range s.Diagnostics("a") {
				t.Errorf("%s %s", rangeText(d.Range), d.Message)
			}
			if !t.Failed() {
				mustBeGo(t, s.Units())
			}
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d programs", total)
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

package build_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"

	"stnb.dev/kernel/symbols/exports"
	"stnb.dev/notebook"
	"stnb.dev/notebook/build"
	"stnb.dev/notebook/lower"
)

// standIns are packages compiled from testdata in place of stnb's own.
var standIns = []string{"stnb.dev/dataframe", "stnb.dev/widgets/core"}

// testImporter takes the standard library from what is embedded and stnb's own
// packages from the stand-ins.
var testImporter = sync.OnceValue(func() types.Importer {
	fset := token.NewFileSet()
	imp := &importer{std: exports.Importer(fset), own: map[string]*types.Package{}}
	for _, path := range standIns {
		names, err := filepath.Glob(filepath.Join("testdata/core", strings.TrimPrefix(path, "stnb.dev/"), "*.go"))
		if err != nil || len(names) == 0 {
			panic(path)
		}
		var files []*ast.File
		for _, name := range names {
			f, err := parser.ParseFile(fset, name, nil, 0)
			if err != nil {
				panic(err)
			}
			files = append(files, f)
		}
		imp.own[path], err = (&types.Config{Importer: imp}).Check(path, fset, files, nil)
		if err != nil {
			panic(err)
		}
	}
	return imp
})

type importer struct {
	std types.Importer
	own map[string]*types.Package
}

func (i *importer) Import(path string) (*types.Package, error) {
	if p := i.own[path]; p != nil {
		return p, nil
	}
	return i.std.Import(path)
}

// newSnapshot builds a notebook against the stand-ins.
func newSnapshot(nb *notebook.Notebook) *build.Snapshot {
	return build.New(build.Options{Importer: testImporter()}).Update(nb)
}

// mustBeGo checks that lowered units are legal Go, all together.
func mustBeGo(t *testing.T, units []lower.Unit) {
	t.Helper()
	fset := token.NewFileSet()
	var files []*ast.File
	for _, u := range units {
		f, err := parser.ParseFile(fset, string(u.Cell), u.Source, parser.SkipObjectResolution)
		if err != nil {
			t.Errorf("lowered text does not parse: %v\n%s", err, u.Source)
			return
		}
		files = append(files, f)
	}
	conf := types.Config{Importer: testImporter(), GoVersion: "go1.26", Error: func(err error) {
		t.Errorf("lowered text is not legal Go: %v", err)
	}}
	_, _ = conf.Check("main", fset, files, nil)
	if t.Failed() {
		for _, u := range units {
			t.Logf("%s:\n%s", u.Cell, u.Source)
		}
	}
}

// mainSource calls the cells in order.
func mainSource(units []lower.Unit) string {
	var b strings.Builder
	b.WriteString("package main\n\nfunc main() {\n")
	for _, u := range units {
		if u.Func != "" {
			fmt.Fprintf(&b, "\t%s()\n", u.Func)
		}
	}
	b.WriteString("}\n")
	return b.String()
}

// TestOracle compiles lowered notebooks with the Go compiler and compares what
// they print with the archive's "output".
func TestOracle(t *testing.T) {
	files, err := filepath.Glob("testdata/run/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no testdata", err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "core"), os.DirFS("testdata/core")); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "go.mod"), oracleModule)
	archives := map[string]*txtar.Archive{}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		nb, _ := cellsOf(ar)
		s := newSnapshot(nb)
		for _, c := range nb.Cells {
			for _, d := range s.Diagnostics(c.ID) {
				t.Errorf("%s: %s %s", name, rangeText(d.Range), d.Message)
			}
		}
		mustBeGo(t, s.Units())
		for _, u := range s.Units() {
			write(t, filepath.Join(dir, name, string(u.Cell)+".go"), u.Source)
		}
		write(t, filepath.Join(dir, name, "main.go"), mainSource(s.Units()))
		archives[name] = ar
	}
	if t.Failed() {
		return
	}
	// One go build for all: the compiler starts once.
	bin := filepath.Join(dir, "bin") + string(filepath.Separator)
	cmd := exec.Command("go", "build", "-o", bin, "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for name, ar := range archives {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			cmd := exec.Command(filepath.Join(bin, name))
			cmd.Stdout, cmd.Stderr = &out, &out
			if err := cmd.Run(); err != nil {
				fmt.Fprintln(&out, err)
			}
			_, rest := cellsOf(ar)
			if *update {
				ar.Files = append(ar.Files[:len(ar.Files)-len(rest)], txtar.File{Name: "output", Data: out.Bytes()})
				write(t, filepath.Join("testdata/run", name+".txtar"), string(txtar.Format(ar)))
				return
			}
			want := ""
			if len(rest) == 1 {
				want = string(rest[0].Data)
			}
			if got := out.String(); got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

// goRun compiles units with the Go compiler, runs them in order and returns what
// they print.
func goRun(t *testing.T, units []lower.Unit) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "core"), os.DirFS("testdata/core")); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "go.mod"), oracleModule)
	for i, u := range units {
		write(t, filepath.Join(dir, fmt.Sprintf("u%d.go", i)), u.Source)
	}
	write(t, filepath.Join(dir, "main.go"), mainSource(units))
	cmd := exec.Command("go", "run", ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

const oracleModule = "module oracle\n\ngo 1.26\n\nrequire stnb.dev v0.0.0\n\nreplace stnb.dev => ./core\n"

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

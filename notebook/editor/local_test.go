package editor

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stnb.dev/notebook"
	"stnb.dev/notebook/build"
)

// Names of packages beside the notebook are completed, explained and found.
func TestLocalPackages(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "mathx"), 0o755); err != nil {
		t.Fatal(err)
	}
	text := "package mathx\n\n// Sum adds numbers.\nfunc Sum(xs ...int) (s int) {\n\tfor _, x := range xs {\n\t\ts += x\n\t}\n\treturn\n}\n\ntype Point struct{ X, Y int }\n\nfunc hidden() {}\n"
	if err := os.WriteFile(filepath.Join(dir, "mathx", "sum.go"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	snap := func(cell string) (*build.Snapshot, notebook.Cell, int) {
		before, after, _ := strings.Cut(cell, "¦")
		c := notebook.Cell{ID: "1", Kind: notebook.Go, Source: before + after}
		return build.New(build.Options{}).Update(&notebook.Notebook{Dir: dir, Cells: []notebook.Cell{c}}), c, len(before)
	}
	s, c, at := snap("import \"./mathx\"\nmathx.¦")
	var labels []string
	for _, it := range Complete(s, place(c.ID, c.Source, at)).Items {
		labels = append(labels, it.Label)
		if it.Label == "Sum" && it.Doc != "Sum adds numbers." {
			t.Errorf("Sum: %+v", it)
		}
	}
	slices.Sort(labels)
	if got := strings.Join(labels, " "); got != "Point Sum" {
		t.Errorf("completed %q", got)
	}
	s, c, at = snap("import \"./mathx\"\nmathx.Su¦m(1)\np := mathx.Point{}\np.X")
	r := Definition(s, place(c.ID, c.Source, at))
	if r == nil || r.Start.File != "mathx/sum.go" || r.Start.Cell != "" || r.Start.Line != 4 || r.Start.Column != 6 {
		t.Errorf("definition %+v", r)
	}
	if h := Hover(s, place(c.ID, c.Source, at)); h == nil || !strings.Contains(fmt.Sprint(*h), "adds numbers") {
		t.Errorf("hover %+v", h)
	}
	if _, err := Rename(s, place(c.ID, c.Source, at), "Add"); err == nil || !strings.Contains(err.Error(), "mathx/sum.go: rename it there") {
		t.Errorf("rename: %v", err)
	}
}

// Packages of other modules, and what is beside the notebook, say what their comments
// say, in completions and under the mouse.
func TestDocsOfModules(t *testing.T) {
	t.Setenv("GOFLAGS", "")
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":                        "module nb\n\ngo 1.26\n\nrequire example.com/geo v1.0.0\n",
		"vendor/modules.txt":            "# example.com/geo v1.0.0\n## explicit; go 1.21\nexample.com/geo\n",
		"vendor/example.com/geo/geo.go": "// Package geo measures.\npackage geo\n\n// Point is a place.\ntype Point struct {\n\t// X is to the right.\n\tX int\n}\n\n// Far tells\n// how far.\nfunc (p Point) Far() int { return p.X }\n\nfunc None() {}\n",
		"mine/mine.go":                  "package mine\n\n// T counts.\ntype T struct {\n\t// N is how many.\n\tN int\n}\n\n// Add adds one.\nfunc (t *T) Add() { t.N++ }\n",
	} {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	const head = "import (\"./mine\"; \"example.com/geo\")\n// width is the width.\nconst width = 3\np, m := geo.Point{}, mine.T{}\n"
	for _, c := range []struct{ text, hover, completed string }{
		{"g¦eo.None()", "Package geo measures.", ""},
		{"geo.Po¦int{}", "Point is a place.", "Point is a place."},
		{"p.Fa¦r()", "Far tells\nhow far.", "Far tells\nhow far."},
		{"p.¦X", "", "X is to the right."},
		{"geo.No¦ne()", "", ""},
		{"m.Ad¦d()", "Add adds one.", "Add adds one."},
		{"m.¦N", "N is how many.", "N is how many."},
		{"wid¦th", "width is the width.", "width is the width."},
	} {
		before, after, _ := strings.Cut(head+c.text, "¦")
		cell := notebook.Cell{ID: "1", Kind: notebook.Go, Source: before + after}
		s := build.New(build.Options{}).Update(&notebook.Notebook{Dir: dir, Cells: []notebook.Cell{cell}})
		at := place(cell.ID, cell.Source, len(before))
		if h := Hover(s, at); h == nil || h.Doc != c.hover {
			t.Errorf("%s: hover %+v", c.text, h)
		}
		doc := ""
		start, end := word(cell.Source, len(before))
		for _, it := range Complete(s, at).Items {
			if it.Label == cell.Source[start:end] {
				doc = it.Doc
			}
		}
		if doc != c.completed {
			t.Errorf("%s: completed with %q", c.text, doc)
		}
	}
}

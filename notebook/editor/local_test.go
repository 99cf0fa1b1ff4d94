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

package build_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"stnb.dev/notebook"
	"stnb.dev/notebook/build"
)

func localNotebook(dir string, cells ...string) *notebook.Notebook {
	nb := &notebook.Notebook{Dir: dir}
	for i, text := range cells {
		nb.Cells = append(nb.Cells, notebook.Cell{ID: notebook.CellID(fmt.Sprint("c", i+1)), Kind: notebook.Go, Source: text})
	}
	return nb
}

func said(nb *notebook.Notebook, s *build.Snapshot) string {
	var b strings.Builder
	for _, c := range nb.Cells {
		for _, d := range s.Diagnostics(c.ID) {
			fmt.Fprintf(&b, "%s %s\n", rangeText(d.Range), d.Message)
		}
	}
	return b.String()
}

func TestLocalPackage(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), "module example.com/me\n\ngo 1.26\n")
	write(t, filepath.Join(dir, "mathx/a.go"), `// Package mathx adds.
package mathx

import ("fmt"; "example.com/me/deep/base")

type Point struct{ X, Y int; hidden string }

func (p *Point) Add(q Point) { p.X += q.X; p.Y += q.Y; p.hidden = "h" }
func (p Point) String() string { return fmt.Sprintf("(%d, %d)", p.X, p.Y) }

var Calls = start() * base.One
`)
	write(t, filepath.Join(dir, "mathx/b.go"), "package mathx\n\nfunc start() int { return 40 }\nfunc Sum(xs ...int) (s int) {\n\tfor _, x := range xs { s += x }\n\tCalls++\n\treturn\n}\nfunc init() { Calls++ }\n")
	write(t, filepath.Join(dir, "mathx/b_test.go"), "package mathx\nnonsense")
	write(t, filepath.Join(dir, "mathx/c_windows.go"), "package mathx\nfunc start() int { return 0 }\n")
	write(t, filepath.Join(dir, "deep/base/base.go"), "package base\nconst One = 1\ntype Base struct{ N int }\n")

	nb := localNotebook(dir,
		"import \"./mathx\"\nPoint := mathx.Point{X: 1}\nPoint.Add(mathx.Point{Y: 2})\nPoint",
		"import (\n\tm \"example.com/me/mathx\"\n\t\"./deep/base\"\n)\ntype D struct { base.Base; *m.Point }\nd := D{Base: base.Base{N: 3}, Point: &Point}\nd.Base.N + d.Point.X\nm.Sum(1, 2)\nm.Calls",
		"var p mathx.Point = Point\np.String()")
	s := newSnapshot(nb)
	if got := said(nb, s); got != "" {
		t.Fatal(got)
	}
	if len(s.Units()) != 6 {
		t.Errorf("%d units", len(s.Units()))
	}
	mustBeGo(t, s.Units())
	runs := goRun(t, s.Units())
	if want := "show (1, 2)\nshow 4\nshow 42\nshow (1, 2)\n"; runs != want {
		t.Errorf("got %q, want %q", runs, want)
	}

	// A changed file makes new names, here and where they are used.
	if s.Outdated() {
		t.Error("nothing has changed yet")
	}
	before := s.Units()
	if again := s.Update(nb); again.Units()[5].ID != before[5].ID {
		t.Error("units change though nothing did")
	}
	write(t, filepath.Join(dir, "mathx/b.go"), "package mathx\n\nfunc start() int { return 1 }\nfunc Sum(xs ...int) float64 { return 0.5 }\n")
	if !s.Outdated() {
		t.Error("a change goes unseen")
	}
	s = s.Update(nb)
	mustBeGo(t, s.Units())
	if runs := goRun(t, s.Units()); runs != "show (1, 2)\nshow 4\nshow 1\nshow (1, 2)\n" {
		t.Errorf("got %q", runs)
	}
	for i, u := range s.Units() {
		if i > 0 && u.ID == before[i].ID {
			t.Errorf("%s is as before", u.Cell)
		}
	}

	for _, test := range []struct{ cell, want string }{
		{"import \"./mathx\"\nmathx.sum(1)\nmathx.Nothing", "c1:2:1-2:10 undefined: sum\nc1:3:1-3:14 undefined: Nothing\n"},
		{"import \"./mathx\"\nmathx.Point{}.hidden\nmathx.Point{hidden: \"\"}.X", "c1:2:15-2:21 hidden is not exported by its package\nc1:3:13-3:19 hidden is not exported by its package\n"},
		{"import \"./none\"\nnone.X", "c1:1:8-1:16 package ./none: there is no folder none beside the notebook\n"},
		{"import \"../up\"", "c1:1:8-1:15 package ../up: there is no such folder of Go files beside the notebook\n"},
		{"import \"./mathx\"\nmathx", "undefined: mathx"},
	} {
		nb := localNotebook(dir, test.cell)
		if got := said(nb, newSnapshot(nb)); !strings.Contains(got, test.want) {
			t.Errorf("%q: %s", test.cell, got)
		}
	}

	write(t, filepath.Join(dir, "mathx/a.go"), "package mathx\nfunc Broken() int { return \"s\" }\n")
	nb = localNotebook(dir, "import \"./mathx\"\nmathx.Broken()")
	if got, want := said(nb, newSnapshot(nb)), "mathx/a.go:2:28: cannot use"; !strings.Contains(got, want) {
		t.Errorf("%s", got)
	}
	write(t, filepath.Join(dir, "mathx/a.go"), "package mathx\nfunc {\n")
	if got, want := said(nb, newSnapshot(nb)), "package ./mathx: mathx/a.go:2:"; !strings.Contains(got, want) {
		t.Errorf("%s", got)
	}
	write(t, filepath.Join(dir, "mathx/a.go"), "package mathx\nimport _ \"./deep\"\n")
	write(t, filepath.Join(dir, "deep/d.go"), "package deep\nimport _ \"./mathx\"\n")
	if got, want := said(nb, newSnapshot(nb)), "import cycle"; !strings.Contains(got, want) {
		t.Errorf("%s", got)
	}
}

package build_test

import (
	"path/filepath"
	"strings"
	"testing"
)

// A package of another module is checked from its source, and what go.mod says anew
// makes the cells that import it new.
func TestModules(t *testing.T) {
	t.Setenv("GOFLAGS", "")
	dir := t.TempDir()
	t.Setenv("GOMODCACHE", filepath.Join(dir, "cache"))
	nb := localNotebook(filepath.Join(dir, "nb"),
		"import \"example.com/shapes\"\nn := shapes.Sides()\nn",
		"m := n + 1\nshapes.Sides() + m",
		"x := 1\nx",
		"import (\"./mine\"; . \"example.com/shapes\")\nmine.Twice()\nvar s Square = Square{1}\ns.Side",
	)
	write(t, filepath.Join(dir, "nb/mine/m.go"), "package mine\n\nimport \"example.com/shapes\"\n\nfunc Twice() int { return 2 * shapes.Sides() }\n")
	s := newSnapshot(nb)
	if got := said(nb, s); !strings.Contains(got, "c1:1:8-1:28 package example.com/shapes is of another module, and there is no go.mod beside the notebook: run `go mod init notebook`") {
		t.Errorf("got %s", got)
	}
	if s.Outdated() {
		t.Error("nothing has changed yet")
	}
	for _, version := range []string{"v1.0.0", "v1.1.0"} {
		write(t, filepath.Join(dir, "cache/example.com/shapes@"+version, "s.go"),
			"package shapes\n\n// Sides is how many.\nfunc Sides() int { return body }\n\nconst body = 4\n\ntype Square struct{ Side int }\n")
		write(t, filepath.Join(dir, "cache/example.com/shapes@"+version, "go.mod"), "module example.com/shapes\n\ngo 1.21\n")
	}
	require := func(version string) {
		write(t, filepath.Join(dir, "nb/go.mod"), "module nb\n\ngo 1.26\n\nrequire example.com/shapes "+version+"\n")
	}
	require("v1.0.0")
	if !s.Outdated() {
		t.Error("go.mod goes unseen")
	}
	s = s.Update(nb)
	if got := said(nb, s); got != "" {
		t.Fatal(got)
	}
	if again := s.Update(nb); again.Units()[0].ID != s.Units()[0].ID {
		t.Error("units change though nothing did")
	}
	before := s.Units()
	require("v1.1.0  ") // another version, and another size
	if !s.Outdated() {
		t.Error("another version goes unseen")
	}
	s = s.Update(nb)
	if got := said(nb, s); got != "" {
		t.Fatal(got)
	}
	for i, u := range s.Units() {
		if uses := !strings.Contains(u.Source, "x "); uses == (u.ID == before[i].ID) {
			t.Errorf("unit %d: imports the module: %v, is new: %v\n%s", i, uses, u.ID != before[i].ID, u.Source)
		}
	}
	// What an editor asks while a cell is typed knows the package too.
	typed := nb.Cells[1]
	typed.Source = "import \"example.com/shapes\"\nshapes."
	if pkg, err := s.Probe(typed).Package("example.com/shapes"); err != nil || pkg.Scope().Lookup("Square") == nil {
		t.Errorf("got %v, %v", pkg, err)
	}
}

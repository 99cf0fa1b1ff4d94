package examples

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stnb.dev/appmode/apptest"
	"stnb.dev/notebook"
	"stnb.dev/notebook/session"
	"stnb.dev/widgets/element"
)

// A package beside the notebook runs with it; a change of its file is seen with the
// next run, without a restart; a panic in it has its place in the file.
func TestLocalPackage(t *testing.T) {
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			dir := t.TempDir()
			write := func(text string) {
				t.Helper()
				if err := os.MkdirAll(filepath.Join(dir, "mathx"), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, "mathx", "mathx.go"), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module example.com/me\n\ngo 1.26\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			const first = `package mathx

import "fmt"

// Point is a place.
type Point struct{ X, Y int }

func (p Point) String() string { return fmt.Sprintf("(%d|%d)", p.X, p.Y) }

func At(xs []int, i int) int {
	// the panic
	return xs[i]
}
`
			write(first)
			nb := &notebook.Notebook{Engine: engine, Dir: dir, Cells: []notebook.Cell{
				{ID: "a", Kind: notebook.Go, Source: "kept := 5"},
				{ID: "b", Kind: notebook.Go, Source: "import \"./mathx\"\np := mathx.Point{1, 2}\np"},
				{ID: "c", Kind: notebook.Go, Source: "import m \"example.com/me/mathx\"\nm.At([]int{1, 2}, kept)"},
			}}
			s := session.New(session.Config{
				Setup:  session.Setup{ID: "s", Notebook: nb, Program: session.Build(nb)},
				Launch: apptest.Editor(dir),
			})
			defer s.Close()
			e := &editor{t: t, Session: s}
			defer s.Subscribe("test", func([]session.Event) {})()
			e.runAll()
			e.want("b", e.shows("b"), "(1|2)")
			var at []element.Frame
			for _, d := range e.document().Screen.Deltas {
				var p element.Error
				if d.Element != nil && d.Element.Kind == "error" && json.Unmarshal(d.Element.Props, &p) == nil {
					at = p.Frames
				}
			}
			if len(at) != 2 || at[0].File != "mathx/mathx.go" || at[0].Line != 12 || at[0].Column < 9 || at[0].Func != "At" || at[1].Cell != "c" || at[1].Line != 2 {
				t.Errorf("the panic's frames: %+v", at)
			}
			// As many bytes, but later: editors do that.
			write(strings.Replace(first, "(%d|%d)", "[%d,%d] ", 1))
			e.run("b")
			e.want("after the change", e.shows("b"), "[1,2]")
			if n := e.cellStatus("a").Count; n != 1 || e.document().Kernel.State == "dead" {
				t.Errorf("the first cell ran %d times: there was a restart", n)
			}
			write("package mathx\n\nfunc Broken() int { return \"\" }\n")
			e.run("b")
			if st := e.status(); !strings.Contains(st, "b:blocked") {
				t.Errorf("a broken package: %s", st)
			}
			var said []string
			for _, p := range e.document().Problems {
				for _, d := range p.Diagnostics {
					said = append(said, d.Message)
				}
			}
			if got := strings.Join(said, "\n"); !strings.Contains(got, "mathx/mathx.go:3:28: cannot use") {
				t.Errorf("says %s", got)
			}
		})
	}
}

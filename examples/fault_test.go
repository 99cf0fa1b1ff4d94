//go:build unix

package examples

import (
	"strings"
	"testing"
	"time"

	"stnb.dev/appmode/apptest"
	"stnb.dev/notebook"
	"stnb.dev/notebook/session"
)

// editProcess is edit with the kernel in a process of its own.
func editProcess(t *testing.T, sources ...string) *editor {
	t.Helper()
	nb := &notebook.Notebook{}
	for i, s := range sources {
		nb.Cells = append(nb.Cells, notebook.Cell{ID: notebook.CellID(rune('a' + i)), Kind: notebook.Go, Source: s})
	}
	s := session.New(session.Config{
		Setup:  session.Setup{ID: "s", Notebook: nb, Program: session.Build(nb)},
		Launch: apptest.EditorProcess(t.TempDir()),
	})
	t.Cleanup(s.Close)
	e := &editor{t: t, Session: s}
	t.Cleanup(s.Subscribe("test", func([]session.Event) {}))
	return e
}

// TestFault is user code that goes wrong as badly as it can: the notebook says
// what happened, and works again.
func TestFault(t *testing.T) {
	for _, f := range []struct {
		name   string
		source string
		says   []string // one of them is told: in the cell, or as the kernel's end
	}{
		{"recursion", "func f(n int) int { return f(n+1) + 1 }\nf(0)", []string{"stack"}},
		{"goroutine panic", "import \"time\"\ngo func() { panic(\"in a goroutine\") }()\ntime.Sleep(10 * time.Second)", []string{"in a goroutine"}},
		{"concurrent map writes", "import \"sync\"\nm := map[int]int{}\nvar wg sync.WaitGroup\nfor range 8 {\n\twg.Add(1)\n\tgo func() { defer wg.Done(); for i := range 200000 { m[i%7]++ } }()\n}\nwg.Wait()", []string{"concurrent map", "done"}},
		{"exit", "import \"os\"\nos.Exit(3)", []string{"exit"}},
		{"nil pointer", "var p *struct{ X int }\np.X = 1", []string{"nil pointer"}},
		{"deadlock", "var ch chan int\nselect { case <-ch: default: }\npanic(\"deadlock\")", []string{"deadlock"}},
	} {
		t.Run(f.name, func(t *testing.T) {
			e := editProcess(t, f.source, "40 + 2")
			e.run("a")
			told := strings.ToLower(e.shows("a") + " " + e.document().Kernel.Reason + " " + e.status())
			ok := false
			for _, s := range f.says {
				ok = ok || strings.Contains(told, s)
			}
			if !ok {
				t.Errorf("told %q, not one of %q", told, f.says)
			}
			e.run("b")
			e.want("it works again", e.shows("b"), "42")
		})
	}
	t.Run("a gigabyte printed", func(t *testing.T) {
		e := editProcess(t, "import (\"fmt\"; \"strings\")\nline := strings.Repeat(\"x\", 1<<20)\nfor i := range 1024 { fmt.Println(i, line) }", "40 + 2")
		begin := time.Now()
		e.run("a")
		t.Log("took ", time.Since(begin))
		size := 0
		for _, d := range e.document().Screen.Deltas {
			size += len(d.Data)
			if d.Element != nil {
				size += len(d.Element.Props)
			}
		}
		if size > 12<<20 {
			t.Errorf("%d MB are on the page", size>>20)
		}
		e.run("b")
		e.want("it works", e.shows("b"), "42")
	})
	t.Run("a huge value", func(t *testing.T) {
		e := editProcess(t, "xs := make([][]byte, 2000)\nfor i := range xs { xs[i] = make([]byte, 100000) }\nxs", "40 + 2")
		e.run("a")
		size := 0
		for _, d := range e.document().Screen.Deltas {
			if d.Element != nil {
				size += len(d.Element.Props)
			}
		}
		if size == 0 || size > 8<<20 {
			t.Errorf("%d bytes are on the page", size)
		}
		e.run("b")
		e.want("it works", e.shows("b"), "42")
	})
}

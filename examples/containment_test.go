//go:build unix

package examples

import (
	"strings"
	"testing"

	"stnb.dev/appmode/apptest"
	"stnb.dev/notebook"
	"stnb.dev/notebook/session"
)

// hosts are where a kernel may be.
var hosts = map[string]func(dir string) session.Launch{"inprocess": apptest.Editor, "child": apptest.EditorProcess}

// everywhere runs a test on both engines, in this process and in a child.
func everywhere(t *testing.T, f func(t *testing.T, edit func(sources ...string) *editor)) {
	for host, launch := range hosts {
		for _, engine := range engines {
			t.Run(host+"/"+engine, func(t *testing.T) {
				f(t, func(sources ...string) *editor { return editIn(t, launch, engine, sources...) })
			})
		}
	}
}

// cellStatus is what is known of a cell.
func (e *editor) cellStatus(id notebook.CellID) session.CellStatus {
	e.t.Helper()
	for _, st := range e.document().Status {
		if st.Cell == id {
			return st
		}
	}
	return session.CellStatus{}
}

// What goes wrong in a cell fails that cell and says why. The kernel lives: values
// of other cells stay, without any cell running again.
func TestContainment(t *testing.T) {
	cases := []struct{ name, source, state, says string }{
		{"panic", "var m map[string]int\nm[\"a\"] = 1", "failed", "assignment to entry in nil map"},
		{"goroutine", "import \"time\"\ngo func() { panic(\"in a goroutine\") }()\ntime.Sleep(10 * time.Second)", "failed", "in a goroutine"},
		{"timer", "import \"time\"\ntime.AfterFunc(time.Millisecond, func() { panic(\"in a timer\") })\ntime.Sleep(10 * time.Second)", "failed", "in a timer"},
		{"recursion", "func f(n int) int { return f(n+1) + 1 }\nf(0)", "failed", "stack overflow"},
		{"exit", "import \"os\"\nos.Exit(3)", "failed", "exit status 3"},
		{"fatal", "import \"log\"\nlog.Fatal(\"gone\")", "failed", "gone"},
		{"goexit", "import \"runtime\"\nruntime.Goexit()", "failed", "oexit"},
		{"deadlock", "ch := make(chan int)\n<-ch", "failed", "deadlock"},
		{"deadlock that slept before", "import \"time\"\nch := make(chan int)\ngo func() { time.Sleep(20 * time.Millisecond) }()\n<-ch", "failed", "deadlock"},
		{"swallowed", "import \"os\"\nfunc() { defer func() { recover() }(); os.Exit(4) }()\n\"not reached\"", "failed", "exit status 4"},
	}
	everywhere(t, func(t *testing.T, edit func(...string) *editor) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				e := edit("x := 7", c.source, "x")
				e.run("a")
				e.run("b")
				if st := e.cellStatus("b"); st.State != c.state {
					t.Errorf("the cell is %s (%s)", st.State, e.shows("b"))
				}
				if got := e.shows("b"); !strings.Contains(got, c.says) {
					t.Errorf("says %q, not %q", got, c.says)
				}
				e.run("c")
				e.want("the other cells", e.shows("c"), "7")
				if n := e.cellStatus("a").Count; n != 1 || e.document().Kernel.State == "dead" {
					t.Errorf("the first cell ran %d times, the kernel is %s: values were lost", n, e.document().Kernel.State)
				}
			})
		}
		t.Run("goroutines that are left are counted", func(t *testing.T) {
			e := edit("x := 7", "import \"time\"\nfor range 3 { go func() { time.Sleep(time.Hour) }() }\nx", "x")
			e.run("b")
			if st := e.cellStatus("b"); st.State != "done" || st.Goroutines != 3 {
				t.Errorf("%+v", st)
			}
			e.run("c")
			e.want("and do no harm", e.shows("c"), "7")
		})
		t.Run("a flood keeps its head and tail", func(t *testing.T) {
			e := edit("import \"fmt\"\nfor i := range 200000 { fmt.Println(\"line\", i) }", "1")
			e.run("a")
			got := e.shows("a")
			if !strings.Contains(got, "line 0\n") || !strings.Contains(got, "line 199999") || !strings.Contains(got, "bytes left out") || len(got) > 600_000 {
				t.Errorf("%d bytes: %.60q ... %.60q", len(got), got, got[max(0, len(got)-60):])
			}
		})
		t.Run("an interrupt runs defers and keeps values", func(t *testing.T) {
			e := edit("import \"fmt\"\nn := 0\nxs := []int{1, 2, 3}", "func work() {\n\tdefer fmt.Println(\"deferred\")\n\tfmt.Println(\"begun\")\n\tfor { _ = len(xs) }\n}\nwork()", "len(xs)")
			e.run("a")
			e.do(session.Op{Run: &session.Run{Cells: ids("b")}})
			e.until("it runs", func() bool { return strings.Contains(e.shows("b"), "begun") })
			e.do(session.Op{Interrupt: &session.Interrupt{}})
			e.rest()
			if got := e.shows("b"); !strings.Contains(got, "deferred") {
				t.Errorf("no defer ran: %q", got)
			}
			e.run("c")
			e.want("values", e.shows("c"), "3")
			if n := e.cellStatus("a").Count; n != 1 {
				t.Errorf("the first cell ran %d times", n)
			}
		})
	})
}

//go:build unix

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"stnb.dev/notebook"
	"stnb.dev/notebook/session"
	"stnb.dev/ui/protocol"
)

// TestFault does to the whole product what goes wrong in life, and looks at what
// is left.
func TestFault(t *testing.T) {
	t.Run("KernelKilled", testKernelKilled)
	t.Run("InfiniteLoop", testInfiniteLoop)
	t.Run("Recursion", func(t *testing.T) {
		testFatal(t, "var f func(int) int\nf = func(n int) int { return f(n+1) + 1 }\nf(0)")
	})
	t.Run("GoroutinePanic", func(t *testing.T) {
		testFatal(t, "import \"time\"\ngo func() { panic(\"in a goroutine\") }()\ntime.Sleep(10 * time.Second)")
	})
	t.Run("ConcurrentMapWrite", func(t *testing.T) {
		t.Setenv("GOMAXPROCS", "4") // on one processor no two writes would ever meet
		testFatal(t, "m := map[int]int{}\nfor range 8 {\n\tgo func() {\n\t\tfor i := 0; ; i++ {\n\t\t\tm[i%10] = i\n\t\t}\n\t}()\n}\nfor i := 0; ; i++ {\n\tm[i%10] = i\n}")
	})
	t.Run("Memory", func(t *testing.T) {
		t.Run("Go", testMemory)
		t.Run("DuckDB", testDuckDBMemory)
	})
	t.Run("GigabytePrinted", testGigabytePrinted)
	t.Run("HugeOutput", testHugeOutput)
	t.Run("TwoTabs", testTwoTabs)
	t.Run("FileChanged", testFileChanged)
	t.Run("KernelKilled/App", testAppKernelKilled)
	t.Run("DiskFull", testDiskFull)
	t.Run("Offline", testOffline)
	t.Run("SlowClient", testSlowClient)
	t.Run("ThousandSockets", testThousandSockets)
	t.Run("Restart", testRestart)
}

// rss is a process's memory in MB.
func rss(t *testing.T, pid int) int {
	t.Helper()
	m := regexp.MustCompile(`VmRSS:\s+(\d+)`).FindStringSubmatch(procFile(t, pid, "status"))
	if m == nil {
		t.Fatalf("no VmRSS of process %d", pid)
	}
	n, _ := strconv.Atoi(m[1])
	return n >> 10
}

// twoCells is an open notebook whose first cell is the source and whose second is
// harmless.
func twoCells(t *testing.T, source string, args ...string) (*running, *tab) {
	t.Helper()
	r := start(t, append([]string{"edit", folder(t, "a.md", cell(source)+cell("20 + 1"))}, args...)...)
	return r, r.arrive().join("notebook=a.md", protocol.Hello{})
}

func (b *tab) runCell(i int) notebook.CellID {
	id := b.document.Cells[i].ID
	b.do(session.Op{Run: &session.Run{Cells: []notebook.CellID{id}}})
	return id
}

func (b *tab) state(id notebook.CellID) string { return b.status[string(id)].State }

// alive checks that the notebook still runs.
func (b *tab) alive() {
	b.t.Helper()
	id := b.runCell(1)
	b.until("the other cell to run", func() bool { return b.state(id) == "done" && strings.Contains(b.text(), "21") })
}

func testKernelKilled(t *testing.T) {
	needProc(t)
	r, b := twoCells(t, "import \"time\"\nfor {\n\ttime.Sleep(10 * time.Millisecond)\n}")
	id := b.runCell(0)
	b.until("the cell to run", func() bool { return b.state(id) == "running" })
	syscall.Kill(r.kernels()[0], syscall.SIGKILL)
	b.until("the cell to fail", func() bool { return b.state(id) == "failed" })
	if b.kernel.State != "dead" && len(b.notices) == 0 && b.kernel.Reason == "" {
		t.Errorf("nobody was told: kernel %+v", b.kernel)
	}
	b.alive()
}

func testInfiniteLoop(t *testing.T) {
	_, b := twoCells(t, "import \"fmt\"\nfmt.Println(\"begun\")\nn := 0\nfor {\n\tn++\n}")
	id := b.runCell(0)
	b.shows("begun")
	b.do(session.Op{Interrupt: &session.Interrupt{}})
	b.until("the cell to stop", func() bool { return b.state(id) != "running" && b.state(id) != "queued" })
	b.alive()
}

// testFatal runs what no Go program survives, or what a cell may not.
func testFatal(t *testing.T, source string) {
	_, b := twoCells(t, source)
	id := b.runCell(0)
	b.until("the cell to fail", func() bool { return b.state(id) == "failed" })
	b.alive()
}

func testMemory(t *testing.T) {
	r, b := twoCells(t, "var all [][]byte\nfor {\n\tb := make([]byte, 16<<20)\n\tfor i := 0; i < len(b); i += 4096 {\n\t\tb[i] = 1\n\t}\n\tall = append(all, b)\n}", "--memory", "700M")
	id := b.runCell(0)
	b.until("the cell to fail", func() bool { return b.state(id) == "failed" })
	if !strings.Contains(b.raw.String(), "memory") {
		t.Error("the page does not say that memory ran out")
	}
	if mb := rss(t, r.cmd.Process.Pid); mb > 300 {
		t.Errorf("the server has %d MB", mb)
	}
	b.alive()
}

func testGigabytePrinted(t *testing.T) {
	needProc(t)
	r, b := twoCells(t, "import (\n\t\"fmt\"\n\t\"strings\"\n)\n\nline := strings.Repeat(strings.Repeat(\"x\", 99)+\"\\n\", 10_000)\nfor range 1000 {\n\tfmt.Print(line)\n}")
	id := b.runCell(0)
	b.until("the cell to end", func() bool { return b.state(id) == "done" || b.state(id) == "failed" })
	if n := b.raw.Len(); n > 64<<20 {
		t.Errorf("the page was sent %d MB", n>>20)
	}
	if mb := rss(t, r.cmd.Process.Pid); mb > 400 {
		t.Errorf("the server has %d MB", mb)
	}
	b.alive()
	if n := len(r.arrive2(b).raw.String()); n > 16<<20 {
		t.Errorf("a new tab is sent %d MB", n>>20)
	}
}

// arrive2 opens the notebook in another tab of the same person.
func (r *running) arrive2(b *tab) *tab {
	r.t.Helper()
	return b.person.join("notebook=a.md", protocol.Hello{})
}

func testHugeOutput(t *testing.T) {
	r, b := twoCells(t, "import \"strings\"\nbig := strings.Repeat(\"<b>x</b>\", 10<<20)\nbig\nmake([]int, 10_000_000)\nm := map[string]string{\"k\": big}\nm")
	id := b.runCell(0)
	b.until("the cell to end", func() bool { return b.state(id) == "done" || b.state(id) == "failed" })
	if n := b.raw.Len(); n > 16<<20 {
		t.Errorf("the page was sent %d MB", n>>20)
	}
	if mb := rss(t, r.cmd.Process.Pid); mb > 400 {
		t.Errorf("the server has %d MB", mb)
	}
	b.alive()
}

func testTwoTabs(t *testing.T) {
	_, one := twoCells(t, "x := 1")
	two := one.person.join("notebook=a.md", protocol.Hello{})
	c := one.document.Cells[0]
	one.do(session.Op{Edit: &session.Edit{Cell: c.ID, Base: c.Version, Source: "x := 2"}})
	two.until("the edit in the other tab", func() bool { return two.sources[c.ID] == "x := 2" })
	// An edit of an old text does not overwrite the newer one.
	two.do(session.Op{Edit: &session.Edit{Cell: c.ID, Base: c.Version, Source: "x := 3"}})
	two.until("an answer", func() bool { return two.acked == two.seq })
	three := one.person.join("notebook=a.md", protocol.Hello{})
	if got := three.sources[c.ID]; got != "x := 2" {
		t.Errorf("the text is %q", got)
	}
}

func testFileChanged(t *testing.T) {
	dir := folder(t, "a.md", cell("x := 1"))
	r := start(t, "edit", dir)
	b := r.arrive().join("notebook=a.md", protocol.Hello{})
	name := filepath.Join(dir, "a.md")
	// Nothing of ours is unsaved: the new text is taken.
	if err := os.WriteFile(name, []byte(cell("x := 100")), 0o644); err != nil {
		t.Fatal(err)
	}
	b.until("the text of the other program", func() bool {
		for _, s := range b.sources {
			if s == "x := 100" {
				return true
			}
		}
		return false
	})
}

func testAppKernelKilled(t *testing.T) {
	needProc(t)
	dir := folder(t, "app.md", cell(`import st "stnb.dev/widgets"

n := st.State("n", 0)
st.Button("Add", st.OnClick(func() { n.Set(n.Get() + 1) }))
a := st.Slider("a", 0, 10, st.Value(3))
st.Write("Clicked", n.Get(), "times at", a)`))
	r := start(t, "run", filepath.Join(dir, "app.md"))
	b := r.arrive().join("", protocol.Hello{})
	b.shows("Clicked 0 times at 3")
	b.do(session.Op{Interact: &session.Interact{Values: raw(b.find("a").ID, "[7]")}})
	b.shows("at 7")
	for i := range 3 {
		b.do(session.Op{Interact: &session.Interact{Trigger: &session.Trigger{Click: fmt.Sprint("c", i), Widget: b.find("Add").ID}}})
		b.shows(fmt.Sprintf("Clicked %d times at 7", i+1))
		syscall.Kill(r.kernels()[0], syscall.SIGKILL)
	}
	b.do(session.Op{Interact: &session.Interact{Trigger: &session.Trigger{Click: "last", Widget: b.find("Add").ID}}})
	b.shows("Clicked 4 times at 7")
}

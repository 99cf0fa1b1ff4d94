//go:build unix

package examples

import (
	"fmt"
	"math/rand"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"stnb.dev/appmode/apptest"
	"stnb.dev/notebook"
	"stnb.dev/notebook/session"
)

func TestMain(m *testing.M) { os.Exit(apptest.Main(m)) }

// clicker counts its clicks by a callback and in the button's body, and tells its
// process.
const clicker = "```go\n" + `import (
	"os"
	"time"

	st "stnb.dev/widgets"
)
called := st.State("called", 0)
seen := st.State("seen", 0)
st.Button("Call", st.OnClick(func() { called.Set(called.Get() + 1) }))
if st.Button("See") {
	seen.Set(seen.Get() + 1)
}
name := st.TextInput("Name")
st.Metric("Called", called.Get())
st.Metric("Seen", seen.Get())
st.Metric("Name", name)
time.Sleep(time.Millisecond)
st.Metric("PID", os.Getpid())
` + "```\n"

// The worker is killed (kill -9) at random moments while two visitors click: every
// click counts once, values stay, and nobody does anything for it.
func TestWorkerKilledAtRandom(t *testing.T) {
	one := apptest.Write(t, clicker, apptest.Process())
	two := one.Visit()
	two.TextInput("Name").Set("Ben")
	r := rand.New(rand.NewSource(time.Now().UnixNano()))
	kills, called, seen := 6, 0, 0
	if testing.Short() {
		kills = 2
	}
	for range kills {
		pid := one.Metric("PID").Value()
		go func() {
			time.Sleep(time.Duration(r.Intn(60)) * time.Millisecond)
			var n int
			fmt.Sscan(strings.ReplaceAll(pid, ",", ""), &n)
			_ = syscall.Kill(n, syscall.SIGKILL)
		}()
		for range 6 {
			one.Button("Call").Click()
			called++
			one.Button("See").Click()
			seen++
		}
		one.Until("another process", func() bool { return one.Metric("PID").Exists() && one.Metric("PID").Value() != pid })
	}
	one.Wait()
	two.Wait()
	equal(t, "callbacks", one.Metric("Called").Value(), fmt.Sprint(called))
	equal(t, "bodies", one.Metric("Seen").Value(), fmt.Sprint(seen))
	equal(t, "the other's input", two.Metric("Name").Value(), "Ben")
	equal(t, "the other's clicks", two.Metric("Called").Value(), "0")
	one.MustWork()
	two.MustWork()
}

func TestKernelKilledInTheEditor(t *testing.T) {
	nb := &notebook.Notebook{Cells: []notebook.Cell{
		{ID: "a", Kind: notebook.Go, Source: "import \"os\"\nx := 41\nos.Getpid()"},
		{ID: "b", Kind: notebook.Go, Source: "x + 1"},
		{ID: "c", Kind: notebook.Go, Source: "func f(n int) int { return f(n+1) + 1 }"},
	}}
	s := session.New(session.Config{
		Setup:  session.Setup{ID: "s", Notebook: nb, Program: session.Build(nb)},
		Launch: apptest.EditorProcess(t.TempDir()),
	})
	defer s.Close()
	e := &editor{t: t, Session: s}
	defer s.Subscribe("test", func([]session.Event) {})()
	e.runAll()
	e.want("b", e.shows("b"), "42")
	var pid int
	fmt.Sscan(e.shows("a"), &pid)
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	e.until("the death is noticed", func() bool { return e.document().Kernel.State == "dead" })
	e.want("status", e.status(), "a:stale b:stale c:stale")
	e.run("b")
	e.want("again", e.shows("b"), "42")

	e.do(session.Op{Insert: &session.Insert{After: "c", Cell: notebook.Cell{ID: "d", Kind: notebook.Go, Source: "f(0)"}}})
	e.run("d")
	if s := e.status(); !strings.Contains(s, "d:failed") {
		t.Errorf("a runaway recursion: %s", s)
	}
	e.run("b")
	e.want("and again", e.shows("b"), "42")
}

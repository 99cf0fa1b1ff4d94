package apptest

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A run goes on for nobody: when the tab is closed it is stopped, and whoever comes
// back gets a run of their own, with their values.
func TestClosingTheTabStopsTheRun(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ticks")
	at := Write(t, "```go\n"+`import (
	"fmt"
	"os"
	"time"

	st "stnb.dev/widgets"
)
name := st.TextInput("Name")
st.Write("Hello " + name)
if st.Checkbox("Busy") {
	for i := range 100_000 {
		os.WriteFile(`+"`"+file+"`"+`, []byte(fmt.Sprint(i)), 0o644)
		time.Sleep(5 * time.Millisecond)
	}
}
`+"```\n", func(o *options) { o.config.RunLimit = -1 })
	at.TextInput("Name").Set("Ada")
	at.Start(func(at *App) { at.Checkbox("Busy").Set(true) })
	ticks := func() string { b, _ := os.ReadFile(file); return string(b) }
	at.Until("the run to be on its way", func() bool { return ticks() > "1" })
	at.Leave()
	last, still := "", 0
	for range 1000 {
		if now := ticks(); now == last {
			still++
		} else {
			last, still = now, 0
		}
		if still == 20 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if still < 20 {
		t.Fatal("the run goes on after its tab was closed")
	}
	hurry := *at
	hurry.timeout = -1 // the run that begins has no end
	hurry.Return()
	at.visit, at.leave = hurry.visit, hurry.leave
	at.Until("another run", func() bool { return ticks() != last })
	at.Checkbox("Busy").Set(false)
	at.MustShow("Hello Ada").MustWork()
}

func TestAReloadKeepsEverything(t *testing.T) {
	at := Write(t, "```go\n"+`import st "stnb.dev/widgets"
n := st.State("n", 0)
st.Button("Add", st.OnClick(func() { n.Set(n.Get() + 1) }))
st.Metric("n", n.Get())
st.Metric("name", st.TextInput("Name"))
`+"```\n")
	at.Button("Add").Click()
	at.TextInput("Name").Set("Ada")
	at.Return()
	at.Button("Add").Click()
	if n, name := at.Metric("n").Value(), at.Metric("name").Value(); n != "2" || name != "Ada" {
		t.Errorf("after a reload n is %s, name %q", n, name)
	}
}

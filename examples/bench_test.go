package examples

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"stnb.dev/appmode/apptest"
)

// BenchmarkClick is a click in an app of 30 widgets, from the browser's op to the
// last change of the page, without the browser.
func BenchmarkClick(b *testing.B) {
	at := apptest.Write(b, thirty)
	b.ResetTimer()
	for b.Loop() {
		at.Button("Add").Click()
	}
	b.StopTimer()
	at.MustWork()
}

// thirty is an app of 30 widgets and a counter.
const thirty = "```go\n" + `import (
	"fmt"
	"runtime"

	st "stnb.dev/widgets"
)
n := st.State("n", 0)
st.Button("Add", st.OnClick(func() { n.Set(n.Get() + 1) }))
sum := 0
for i := range 10 {
	st.TextInput(fmt.Sprint("Text ", i))
	sum += st.Slider(fmt.Sprint("Slider ", i), 0, 100)
	if st.Checkbox(fmt.Sprint("Box ", i)) {
		sum++
	}
}
st.Metric("n", n.Get())
st.Metric("sum", sum)
` + "```\n"

// BenchmarkSessions is the memory of a session and the time of a click while many
// sessions click at once.
func BenchmarkSessions(b *testing.B) {
	const tabs = 200
	at := apptest.Write(b, thirty)
	all := []*apptest.App{at}
	begin := time.Now()
	before := heap()
	for len(all) < tabs {
		all = append(all, at.Visit())
	}
	each := float64(heap()-before) / (tabs - 1) / 1024
	fresh := float64(time.Since(begin).Milliseconds()) / tabs
	b.ResetTimer()
	for b.Loop() {
		var wg sync.WaitGroup
		for _, a := range all {
			wg.Go(func() { a.Button("Add").Click() })
		}
		wg.Wait()
	}
	b.ReportMetric(each, "kB/session")
	b.ReportMetric(fresh, "ms/new")
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*tabs), "us/click")
	if got := all[7].Metric("n").Value(); got != fmt.Sprint(b.N) {
		b.Logf("n is %s after %d rounds", got, b.N)
	}
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

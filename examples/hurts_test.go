package examples

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stnb.dev/appmode/apptest"
)

// TestHurts is where users of rerun apps hurt elsewhere, and must not here. What of
// it is about grids is with the acceptance tests of the data editor; about classes
// that change under a rerun, with those of types; about the screen, with the tests
// in a browser.
func TestHurts(t *testing.T) {
	for name, test := range map[string]func(t *testing.T){
		"a value is there at the first try": func(t *testing.T) {
			at := cells(t, `n := st.State("n", 1)
got := st.NumberInput("N", n.Get(), st.Key("field"))
n.Set(got)
st.Metric("n", n.Get())`)
			for i := 2; i < 7; i++ { // the second edit is the one that gets lost elsewhere
				at.NumberInput("N").Set(float64(i))
				equal(t, "n", at.Metric("n").Value(), fmt.Sprint(i))
				equal(t, "the field", at.NumberInput("N").Value(), float64(i))
			}
			at.MustWork()
		},
		"values of a page's widgets come back with the page": func(t *testing.T) {
			at := cells(t, `st.Navigation([]*st.PageDef{
	st.Page("One", func() { st.Metric("kept", st.TextInput("Name", st.Key("name"), st.Persist())) }),
	st.Page("Two", func() { st.Write("two", st.State("name", "").Get()) }),
})`)
			at.TextInput("Name").Set("Ada")
			at.Page("two").MustShow("two Ada")
			at.Page("one")
			equal(t, "name", at.Metric("kept").Value(), "Ada")
		},
		"thousands of widgets": func(t *testing.T) {
			at := cells(t, `sum := 0
for i := range 3500 {
	if st.Checkbox(fmt.Sprint("Box ", i)) {
		sum++
	}
}
st.Metric("sum", sum)`)
			at.Checkbox("Box 3499").Set(true)
			equal(t, "sum", at.Metric("sum").Value(), "1")
		},
		"a hundred thousand options": func(t *testing.T) {
			at := cells(t, `var options []string
for i := range 100_000 {
	options = append(options, fmt.Sprint("option ", i))
}
st.Metric("chosen", st.Selectbox("Many", options, st.Key("many")))
st.Button("Again")`)
			at.Selectbox("many").Select("option 99999")
			equal(t, "chosen", at.Metric("chosen").Value(), "option 99999")
			at.Button("Again").Click().MustWork()
		},
		"rows added one by one": func(t *testing.T) {
			at := cells(t, `chart := st.LineChart(map[string][]float64{"y": {0}})
for i := range 500 {
	chart.AddRows(map[string][]float64{"y": {float64(i)}})
}
st.Write("done")`)
			at.MustShow("done").MustWork()
			equal(t, "points", points(t, at, 0), 501)
		},
		"uploads lie on the disk, and go with their session": func(t *testing.T) {
			at := cells(t, `if f := st.FileUploader("F"); f != nil { st.Metric("path", f.Path()) }`)
			at.Upload("F", "big.bin", make([]byte, 1<<20))
			path := at.Metric("path").Value()
			if _, err := os.Stat(path); err != nil {
				t.Fatal(err)
			}
			at.Upload("F", "other.bin", []byte("x"))
			if next := at.Metric("path").Value(); next == path {
				t.Error("the second file has the first one's place")
			}
			_ = filepath.Dir(path)
		},
		"no ghosts of what an earlier run showed": func(t *testing.T) {
			at := cells(t, `n := st.NumberInput("N", 3)
for i := range n { st.Write("line", i) }
if n > 2 { st.Expander("Many").Write("inside") }
cols := st.Columns(max(1, n))
for i, c := range cols { c.Metric("m", i) }`)
			for _, n := range []int{5, 1, 4, 2} {
				at.NumberInput("N").Set(float64(n))
				equal(t, "lines", strings.Count(at.Text(), "line"), n)
				equal(t, "metrics", len(at.Elements("metric")), n)
				equal(t, "expander", at.Shows("inside"), n > 2)
			}
		},
		"cached arguments are never mixed up": func(t *testing.T) {
			at := cells(t, `type pair struct{ A, B string }
join := st.CacheData("join", func(p pair) (string, error) { return p.A + "|" + p.B, nil })
st.Write(join.Must(pair{"a", "bc"}), join.Must(pair{"ab", "c"}))
size := st.CacheData("size", func(xs []float64) (float64, error) {
	sum := 0.0
	for _, x := range xs { sum += x }
	return sum, nil
})
xs := make([]float64, 300_000)
first := size.Must(xs)
xs[123_457] = 1 // a sample would not see it
st.Metric("differs", first != size.Must(xs))`)
			at.MustShow("a|bc ab|c").MustWork()
			equal(t, "differs", at.Metric("differs").Value(), "true")
		},
		"a run that only computes can be stopped": func(t *testing.T) {
			at := cells(t, `n := 0
for st.State("go", false).Get() { n++ }
st.Button("Go", st.OnClick(func() { st.State("go", false).Set(true) }))
st.Button("Stop", st.OnClick(func() { st.State("go", false).Set(false) }))
st.Write("at rest")`)
			at.Start(func(at *apptest.App) { at.Button("Go").Click() })
			time.Sleep(50 * time.Millisecond)
			at.Button("Stop").Click()
			at.MustShow("at rest").MustWork()
		},
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); test(t) })
	}
}

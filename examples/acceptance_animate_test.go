package examples

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"stnb.dev/appmode/apptest"
)

// points are how many points each series of the nth chart has, with what was
// added to it.
func points(t *testing.T, at *apptest.App, n int) int {
	t.Helper()
	charts := at.Elements("chart")
	if n >= len(charts) {
		t.Fatalf("%d charts on the page\n%s", len(charts), at)
	}
	var c struct{ X []any }
	if err := charts[n].Props(&c); err != nil {
		t.Fatal(err)
	}
	total := len(c.X)
	for _, raw := range charts[n].Appended() {
		var a struct{ X []any }
		if err := json.Unmarshal(raw, &a); err != nil {
			t.Fatal(err)
		}
		total += len(a.X)
	}
	return total
}

var animate = []promise{
	{"A01", "some elements change in a loop, without a rerun", func(t *testing.T) {
		at := cells(t, `runs := st.State("runs", 0)
runs.Set(runs.Get() + 1)
p := st.Progress(0)
place := st.Empty()
for i := range 4 {
	p.Progress((i + 1) * 25)
	place.Write("step", i)
}
st.Metric("Runs", runs.Get())`)
		at.MustShow("100%", "step 3").MustNotShow("step 2").MustWork()
		equal(t, "runs", at.Metric("Runs").Value(), "1")
	}},
	{"A02", "an empty shows the last thing written", func(t *testing.T) {
		at := cells(t, `place := st.Empty()
place.Write("one"); place.Write("two"); place.Write("three")`)
		at.MustShow("three").MustNotShow("one", "two").MustWork()
	}},
	{"A03", "writing any kind discards what was there", func(t *testing.T) {
		for call, kind := range map[string]string{
			`place.Write("text")`:                   "markdown",
			`place.LineChart([]int{1, 2, 3})`:       "chart",
			`place.Dataframe([]int{1, 2, 3})`:       "dataframe",
			`place.TextInput("Name")`:               "textInput",
			`place.Container().Write("in it")`:      "container",
			`place.Metric("m", 1)`:                  "metric",
			`place.Table([][]int{{1}})`:             "table",
			`place.Columns(2)[1].Write("right")`:    "columns",
			`place.Expander("more").Write("in it")`: "expander",
			`place.Progress(50)`:                    "progress",
		} {
			at := cells(t, `place := st.Empty()
place.Container().Write("before")
`+call)
			at.MustNotShow("before").MustWork()
			if len(at.Elements(kind)) != 1 {
				t.Errorf("%s shows no %s:\n%s", call, kind, at)
			}
		}
	}},
	{"A04", "an empty is cleared by its method", func(t *testing.T) {
		at := cells(t, `place := st.Empty()
place.Write("gone")
place.Empty()
st.Write("stays")`)
		at.MustShow("stays").MustNotShow("gone").MustWork()
	}},
	{"A05", "a container in an empty is written again and again", func(t *testing.T) {
		at := cells(t, `place := st.Empty()
for i := range 3 {
	c := place.Container()
	c.Write("title", i)
	c.Metric("n", i)
}`)
		at.MustShow("title 2").MustNotShow("title 0", "title 1").MustWork()
		equal(t, "metrics", len(at.Elements("metric")), 1)
	}},
	{"A06", "rows are added to a data frame", func(t *testing.T) {
		at := cells(t, `e := st.Dataframe(map[string][]int{"a": {1, 2}, "b": {3, 4}})
e.AddRows(map[string][]int{"a": {5}, "b": {6}})`)
		at.MustWork()
		equal(t, "rows", len(at.Frame(0).Rows()), 1+3)
	}},
	{"A07", "rows are added to a table", func(t *testing.T) {
		at := cells(t, `e := st.Table(map[string][]int{"a": {1, 2}, "b": {3, 4}})
e.AddRows(map[string][]int{"a": {5}, "b": {6}})`)
		at.MustWork()
		equal(t, "rows", fmt.Sprint(at.Frame(0).Rows()), "[[a b] [1 3] [2 4] [5 6]]")
	}},
	{"A08", "rows are added to every chart", func(t *testing.T) {
		for _, chart := range []string{"LineChart", "AreaChart", "BarChart", "ScatterChart"} {
			at := cells(t, `e := st.`+chart+`(map[string][]float64{"A": {1, 2}, "B": {3, 4}})
e.AddRows(map[string][]float64{"A": {5}, "B": {6}})
e.AddRows(map[string][]float64{"A": {7}, "B": {8}})`)
			at.MustWork()
			equal(t, chart, points(t, at, 0), 4)
		}
		late := cells(t, `e := st.LineChart(nil)
e.AddRows(map[string][]float64{"A": {1, 2, 3}})`)
		late.MustWork()
		equal(t, "a chart without data at first", points(t, late, 0), 3)
	}},
	{"A09", "progress is updated and cleared", func(t *testing.T) {
		at := cells(t, `p := st.Progress(0.1, "working")
p.Progress(80, "nearly")
q := st.Progress(50)
q.Empty()`)
		at.MustShow("80% nearly").MustNotShow("working", "50%").MustWork()
		for _, bad := range []string{"101", "-1", "1.5", `"half"`} {
			fault(t, cells(t, `st.Progress(`+bad+`)`), "progress")
		}
	}},
	{"A10", "a status changes label, state and whether it is open", func(t *testing.T) {
		read := func(at *apptest.App) string {
			var s struct {
				Label, State string
				Expanded     bool
			}
			if err := at.Elements("status")[0].Props(&s); err != nil {
				t.Fatal(err)
			}
			return fmt.Sprint(s.Label, " ", s.State, " ", s.Expanded)
		}
		at := cells(t, `st.Status("Loading", func(s *st.StatusBox) { st.Write("inside") })`)
		equal(t, "it is complete at its end", read(at), "Loading complete false")
		at.MustShow("inside").MustWork()
		at = cells(t, `s := st.Status("Loading", nil, st.Expanded(true))
s.Update(st.NewLabel("Done"), st.StatusState("error"), st.Expanded(false))`)
		equal(t, "updated", read(at), "Done error false")
		at = cells(t, `st.Status("Loading", func(s *st.StatusBox) { s.Update(st.NewLabel("Half")); panic("broken") })`)
		equal(t, "a panic in it", read(at), "Half error false")
	}},
	{"A11", "a toast is updated in place", func(t *testing.T) {
		at := cells(t, `m := st.Toast("first"); m.Toast("second")`)
		at.MustShow("second").MustNotShow("first").MustWork()
		equal(t, "toasts", len(at.Elements("toast")), 1)
		fault(t, cells(t, `st.Toast("")`), "toast")
	}},
	{"A12", "a data frame shows ten rows and scrolls for more", func(t *testing.T) {
		at := cells(t, `var xs []int
for i := range 100 { xs = append(xs, i) }
st.Dataframe(map[string][]int{"x": xs})`)
		var p struct {
			Height int
			Data   struct{ Rows int }
		}
		if err := at.Elements("dataframe")[0].Props(&p); err != nil {
			t.Fatal(err)
		}
		equal(t, "height: 0 is ten rows", p.Height, 0)
		equal(t, "rows", p.Data.Rows, 100)
	}},
	{"A13", "the seed's animation: a chart grows row by row", func(t *testing.T) {
		at := open(t, "animate/add-rows.md")
		at.MustWork()
		equal(t, "points", points(t, at, 0), 25)
		equal(t, "the button came after the loop", at.Button("Regenerate").Exists(), true)
	}},
	{"A14", "Regenerate during the loop starts it again with fresh data", func(t *testing.T) {
		at := open(t, "animate/add-rows.md")
		at.Start(func(at *apptest.App) { at.Button("Regenerate").Click() })
		at.Until("the loop is in its middle", func() bool {
			n := points(t, at, 0)
			if n == 25 { // over before anybody looked: once more
				at.Start(func(at *apptest.App) { at.Button("Regenerate").Click() })
			}
			return n > 15 && n < 25
		})
		at.Start(func(at *apptest.App) { at.Button("Regenerate").Click() }).Wait()
		equal(t, "points", points(t, at, 0), 25)
		equal(t, "one chart", len(at.Elements("chart")), 1)
		at.MustWork()
		if strings.Contains(at.Log(), "ERROR") {
			t.Error(at.Log())
		}
	}},
}

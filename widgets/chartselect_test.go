package widgets_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"stnb.dev/widgets/element"
	"stnb.dev/widgets/internal/harness"

	st "stnb.dev/widgets"
)

// shownSelection is what the browser is told of the selection of the chart with key c.
func shownSelection(a *harness.App) element.Selection {
	a.T.Helper()
	for _, d := range a.Tree.All() {
		if d.Element != nil && d.Element.Key == "c" {
			var p struct{ Selection *element.Selection }
			if err := json.Unmarshal(d.Element.Props, &p); err != nil || p.Selection == nil {
				a.T.Fatalf("%s is no chart to select in: %v", d.Element.Props, err)
			}
			return *p.Selection
		}
	}
	a.T.Fatal("there is no chart with key c")
	return element.Selection{}
}

// pick is what a browser sends: the chart's data, and what was picked of it.
func pick(a *harness.App, value string) {
	a.T.Helper()
	rest := strings.TrimPrefix(value, "{")
	if rest != "}" {
		rest = "," + rest
	}
	a.Raw(a.ID("c"), fmt.Sprintf(`{"data":%q%s`, shownSelection(a).Data, rest))
}

// TestChartSelection: what people select in a chart comes back as values of its
// columns, stays while the chart is the same, and goes when it shows something else.
func TestChartSelection(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }
	days := map[string]any{"day": []time.Time{day(1), day(2), day(3)}, "cats": []int{3, 1, 2}, "dogs": []int{1, 2, 5}}
	long := []struct {
		City string
		Kind string
		N    int
	}{{"Bern", "cat", 3}, {"Rome", "cat", 4}, {"Bern", "dog", 5}, {"Oslo", "dog", 6}}
	places := []struct {
		Lat, Lon float64
		Name     string
	}{{47, 7, "Bern"}, {95, 0, "nowhere"}, {41.9, 12.5, "Rome"}}
	spec := `{"params":[{"name":"brush","select":"interval"},{"name":"hit","select":{"type":"point"}}],"mark":"point",
		"encoding":{"x":{"field":"day","type":"temporal"},"y":{"field":"cats","type":"quantitative"}}}`
	for name, c := range map[string]struct {
		chart func() *st.Element
		take  map[string]string // sent, and what the author then has
		not   []string
	}{
		"line of times": {
			func() *st.Element {
				return st.LineChart(days, st.X("day"), st.Key("c"), st.Selection("multi-point", "range"))
			},
			map[string]string{
				`{"points":[[0,1],[1,2]]}`:                `[map[cats:1 day:2026-01-02 00:00:00 +0000 UTC] map[day:2026-01-03 00:00:00 +0000 UTC dogs:5]] map[]`,
				`{"x":[1767225600000,1767312000000]}`:     `[] map[day:{2026-01-01 00:00:00 +0000 UTC 2026-01-02 00:00:00 +0000 UTC []}]`,
				`{"points":[[0,0]],"x":[0,1]}`:            `[map[cats:3 day:2026-01-01 00:00:00 +0000 UTC]] map[day:{1970-01-01 00:00:00 +0000 UTC 1970-01-01 00:00:00.001 +0000 UTC []}]`,
				`{}`:                                      `[] map[]`,
				`{"x":[1767225600000.5,1767312000000.5]}`: `[] map[day:{2026-01-01 00:00:00 +0000 UTC 2026-01-02 00:00:00.001 +0000 UTC []}]`,
			},
			[]string{`{"points":[[2,0]]}`, `{"points":[[0,3]]}`, `{"points":[[0,-1]]}`, `{"x":[2,1]}`, `{"x":[1]}`, `{"x":["a","b"]}`, `{"x":[0,1e301]}`, `{"points":"x"}`},
		},
		"bars of kinds": {
			func() *st.Element {
				return st.BarChart(long, st.X("City"), st.Y("N"), st.Color("Kind"), st.Key("c"), st.Selection("single-point", "range"))
			},
			map[string]string{
				`{"points":[[1,0]]}`: `[map[City:Bern Kind:dog N:5]] map[]`,
				`{"points":[[1,1]]}`: `[map[City:Rome Kind:dog N:<nil>]] map[]`,
				`{"x":[0,1]}`:        `[] map[City:{Bern Rome [Bern Rome]}]`,
			},
			[]string{`{"x":[0,3]}`, `{"x":[-1,1]}`},
		},
		"points with sizes": {
			func() *st.Element {
				return st.ScatterChart(map[string][]float64{"a": {1, 2}, "b": {3, 4}, "s": {5, 6}}, st.X("a"), st.Y("b"), st.Size("s"), st.Key("c"), st.Selection("range"))
			},
			map[string]string{`{"points":[[0,1]],"x":[0.5,2],"y":[1,9]}`: `[map[a:2 b:4 s:6]] map[a:{0.5 2 []} b:{1 9 []}]`},
			nil,
		},
		"rows without an x": {
			func() *st.Element { return st.AreaChart([]int{7, 8}, st.Key("c"), st.Selection()) },
			map[string]string{`{"points":[[0,1]]}`: `[map[row:1 value:8]] map[]`},
			nil,
		},
		"map": {
			func() *st.Element { return st.Map(places, st.Key("c"), st.Selection("single-point")) },
			map[string]string{`{"points":[[0,1]]}`: `[map[Lat:41.9 Lon:12.5 Name:Rome]] map[]`},
			[]string{`{"points":[[0,2]]}`},
		},
		"Vega-Lite": {
			func() *st.Element { return st.VegaLite(spec, days, st.Key("c"), st.Selection()) },
			map[string]string{
				`{"params":{"brush":{"ranges":[{"field":"day","channel":"x","values":[0,1000]},{"field":"cats","channel":"y","values":[1,2]}],"times":["day"]}}}`: `[] map[cats:{1 2 []} day:{1970-01-01 00:00:00 +0000 UTC 1970-01-01 00:00:01 +0000 UTC []}]`,
				`{"params":{"hit":{"points":[{"day":1000,"cats":3,"kind":"a"}],"times":["day"],"init":[{"_vgsid_":1}]}}}`:                                         `[map[cats:3 day:1970-01-01 00:00:01 +0000 UTC kind:a]] map[]`,
				`{"params":{"brush":{"ranges":[{"field":"kind","channel":"x","values":["a","b","c"],"exact":true}]}}}`:                                            `[] map[kind:{a c [a b c]}]`,
			},
			[]string{`{"params":{"other":{}}}`, `{"params":{"brush":{"ranges":[{"field":"a","values":[1]}]}}}`, `{"params":{"brush":{"ranges":[{"field":"a","values":[],"exact":true}]}}}`},
		},
		"Plotly": {
			func() *st.Element {
				return st.Plotly(`{"data":[{"x":[1,2],"y":[3,4]}]}`, st.Key("c"), st.Selection("multi-point", "range"))
			},
			map[string]string{`{"points":[[0,1]],"rows":[{"x":2,"y":4}],"x":["2026-01-01","2026-02-01"],"y":[1,2]}`: `[map[point:1 trace:0 x:2 y:4]] map[x:{2026-01-01 2026-02-01 []} y:{1 2 []}]`},
			[]string{`{"points":[[1,0]],"rows":[{}]}`, `{"points":[[0,0]]}`, `{"x":[1]}`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got st.ChartSelection
			reruns, other := 0, false
			a := harness.New(t, func() {
				reruns++
				st.Checkbox("Again")
				chart := c.chart()
				if other {
					chart = nil
				}
				got = chart.Selected()
			}).Run()
			if !got.Empty() {
				t.Error("at first", got)
			}
			for in, want := range c.take {
				pick(a, in)
				text := fmt.Sprint(got.Points, " ", got.Ranges)
				if text != want || len(a.Result.Rejected) > 0 {
					t.Errorf("%s: %s %s, want %s", in, text, a.Result.Rejected, want)
				}
				a.Set("Again", reruns%2 == 0)
				if again := fmt.Sprint(got.Points, " ", got.Ranges); again != want {
					t.Errorf("%s, a run later: %s", in, again)
				}
				// What the browser gets back shows the same when it sends it again.
				raw, _ := json.Marshal(shownSelection(a).Value)
				if a.Raw(a.ID("c"), string(raw)); fmt.Sprint(got.Points, " ", got.Ranges) != want {
					t.Errorf("%s came back as %s", in, raw)
				}
			}
			for _, in := range append(c.not, `{"points":7}`) {
				before := fmt.Sprint(got)
				if pick(a, in); fmt.Sprint(got) != before || len(a.Result.Rejected) != 1 {
					t.Errorf("took %s: %v %v", in, got, a.Result.Rejected)
				}
			}
		})
	}

	t.Run("other data", func(t *testing.T) {
		n, calls := 2, 0
		var got st.ChartSelection
		a := harness.New(t, func() {
			st.Checkbox("Again")
			got = st.LineChart([]int{1, n}, st.Key("c"), st.Selection("multi-point"), st.OnChange(func() { calls++ })).Selected()
		}).Run()
		old := shownSelection(a)
		pick(a, `{"points":[[0,1]]}`)
		n = 3
		a.Set("Again", true)
		now := shownSelection(a)
		if !got.Empty() || now.Data == old.Data || now.Rev == old.Rev || len(now.Value.Points) != 0 || calls != 1 {
			t.Error("is still selected, or not told:", got, now, old, calls)
		}
		// A click on the old chart comes too late.
		a.Raw(a.ID("c"), fmt.Sprintf(`{"data":%q,"points":[[0,1]]}`, old.Data))
		if !got.Empty() {
			t.Error("took a point of what is not shown any more:", got)
		}
	})

	t.Run("session state and ranges", func(t *testing.T) {
		var kept st.ChartSelection
		a := harness.New(t, func() {
			st.LineChart(days, st.X("day"), st.Y("cats"), st.Key("c"), st.Selection("range"))
			kept = st.State("c", st.ChartSelection{}).Get()
		}).Run()
		pick(a, `{"x":[1767225600000,1767312000000]}`)
		from, to, ok := kept.Times("day")
		if _, _, number := kept.Numbers("day"); !ok || number || !from.Equal(day(1)) || !to.Equal(day(2)) {
			t.Error(from, to, ok, number, a.Text())
		}
		if _, _, ok := kept.Times("cats"); ok {
			t.Error("has a range of cats:", kept)
		}
	})

	t.Run("misuse", func(t *testing.T) {
		a := harness.New(t, func() {
			st.LineChart([]int{1}, st.Selection("brush"))
			st.LineChart([]int{1, 2}).Selected()
			st.Dataframe([]int{1}).Selected()
			st.Dataframe([]int{1}, st.Selection("rows"))
			st.VegaLite(`{"mark":"bar"}`, nil, st.Selection())
			st.LineChart([]int{1, 2, 3}, st.Selection()).AddRows([]int{4})
			st.Map(places, st.Selection("range"))
		}).Run()
		for _, want := range []string{
			`st.LineChart has st.Selection("brush"), but what can be selected is single-point, multi-point, range`,
			`st.LineChart: Selected needs a chart with st.Selection, such as st.Selection("range")`,
			`st.Dataframe: Selected is of charts`,
			`st.Dataframe has st.Selection("rows"), but what can be selected is single-row`,
			`st.VegaLite has st.Selection, but the specification has nothing that selects`,
			`st.LineChart: AddRows adds to a chart with st.Selection`,
			`st.Map has st.Selection("range"), but what can be selected is single-point, multi-point`,
		} {
			if !strings.Contains(a.Text(), want) {
				t.Errorf("no %q in\n%s", want, a.Text())
			}
		}
	})
}

package widgets_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"stnb.dev/widgets/internal/harness"

	st "stnb.dev/widgets"
)

// A chart of a million points, and what 100 more of them cost after that: an append is
// as large as what it adds.
func BenchmarkChart(b *testing.B) {
	sent := 0
	var took time.Duration
	var a *harness.App
	a = harness.New(b, func() {
		chart := st.LineChart(a.Session.Space.SQL("SELECT range AS x, sin(range / 1e4) AS y FROM range(1000000)"), st.X("x"), st.Y("y"))
		began, before := time.Now(), len(a.Deltas)
		for i := range 100 {
			chart.AddRows(map[string]any{"x": []int{1000000 + i}, "y": []float64{1}})
		}
		took, sent = took+time.Since(began), 0
		for _, d := range a.Deltas[before:] {
			raw, _ := json.Marshal(d)
			sent += len(raw)
		}
	})
	runs := 0
	for b.Loop() {
		runs++
		a.Run()
	}
	if a.Panic != nil || sent == 0 {
		b.Fatal(a.Panic, a.Text())
	}
	b.ReportMetric(float64(took.Microseconds())/float64(runs)/100, "µs/append")
	b.ReportMetric(float64(sent)/100, "bytes/append")
}

// A run of an app over a data set, as a click causes it; what it costs beside the
// engine that runs the code.
func BenchmarkRun(b *testing.B) {
	b.Run("flights", func(b *testing.B) {
		var a *harness.App
		a = harness.New(b, func() {
			file, err := a.Session.Space.ReadJSON(flightsFile())
			if err != nil {
				b.Fatal(err)
			}
			flights := file.With("day", "strptime(date, '%Y/%m/%d %H:%M')::date")
			origins, _ := flights.GroupBy("origin").Agg("count(*) AS n").Sort("n DESC", "origin").Strings("origin")
			origin := st.Selectbox("From", origins)
			longest := st.Slider("Longest", 100, 3000, st.Value(3000), st.Step(100))
			found := flights.Filter("origin = $1 AND distance <= $2", origin, longest)
			n, _ := found.Count()
			st.Metric("Flights", n)
			st.LineChart(found.GroupBy("day").Agg("avg(delay) AS delay").Sort("day"), st.X("day"), st.Y("delay"))
			st.Table(found.Limit(5))
		})
		a.Run()
		if a.Panic != nil {
			b.Fatal(a.Panic)
		}
		i := 0
		for b.Loop() {
			i++
			a.Set("Longest", []int{100 * (1 + i%30)})
		}
	})
	b.Run("30 widgets", func(b *testing.B) {
		a := harness.New(b, func() {
			for i := range 10 {
				st.Slider(fmt.Sprint("s", i), 0, 100)
				st.TextInput(fmt.Sprint("t", i))
				st.Selectbox(fmt.Sprint("b", i), []string{"a", "b", "c"})
			}
			st.Write("end")
		}).Run()
		i := 0
		for b.Loop() {
			i++
			a.Set("s3", []int{i % 100})
		}
	})
	b.Run("500 elements", func(b *testing.B) {
		a := harness.New(b, func() {
			n := st.Slider("n", 0, 100)
			for i := range 500 {
				st.Write(fmt.Sprintf("line **%d**", i))
			}
			st.Write(fmt.Sprint(n))
		}).Run()
		i := 0
		for b.Loop() {
			i++
			a.Run()
		}
	})
	b.Run("grid", func(b *testing.B) {
		a := harness.New(b, func() {
			st.Slider("n", 0, 100)
			st.Dataframe(st.SQL("SELECT * FROM range(1000)"))
		}).Run()
		i := 0
		for b.Loop() {
			i++
			a.Set("n", []int{i % 100})
		}
	})
}

func flightsFile() string {
	p, _ := filepath.Abs("../examples/data/flights-20k.json")
	return p
}

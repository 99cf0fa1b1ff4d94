package widgets_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"stnb.dev/widgets/internal/harness"

	st "stnb.dev/widgets"
)

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

package widgets_test

import (
	"errors"
	"fmt"
	"image"
	"strings"
	"time"

	"stnb.dev/dataframe"

	st "stnb.dev/widgets"
)

func ExampleTitle() {
	st.Title("Animal shelter", st.Anchor("top"))
	st.Header("Cats", st.Underline("rainbow"), st.Help("Ours, and those on holiday"))
	st.Subheader("Kittens")
	st.Caption("Counted this morning.")
}

func ExampleMarkdown() {
	st.Markdown("**Bold**, :red[red], $e = mc^2$ and :rocket:")
	st.Text("*as it is*")
	st.Divider()
	st.Badge("new", st.Color("green"), st.Icon("🌱"))
}

func ExampleCode() {
	st.Code("select * from pets", st.Language("sql"), st.LineNumbers())
	st.Latex(`\sum_{i=1}^n i = \frac{n(n+1)}{2}`)
}

func ExampleWrite() {
	st.Write("There are", 3, "cats.")                  // a line of text
	st.Write(map[string]int{"cats": 3, "dogs": 2})     // any Go value
	st.Write([]struct{ Name string }{{"Ann"}, {"Bo"}}) // a table
}

func ExampleHTML() {
	st.HTML("<b>My own</b> <script>document.body.append('markup')</script>", st.Height(60))
}

func ExampleIframe() {
	st.Iframe("https://example.com", st.Height(300), st.Alt("An example of a page"))
}

func ExampleEcho() {
	st.Echo(func() {
		st.Write("What runs is shown, and then what it shows.")
	})
}

func ExampleDoc() {
	st.Doc(strings.Fields)
	st.Doc(time.Second)
}

func ExamplePlotly() {
	st.Plotly(map[string]any{
		"data":   []any{map[string]any{"type": "bar", "x": []string{"cats", "dogs"}, "y": []int{3, 2}}},
		"layout": map[string]any{"title": map[string]any{"text": "Animals"}},
	}, st.Height(300))
}

func ExampleGraphviz() {
	st.Graphviz(`digraph { rankdir=LR; found -> examined -> kennel [label="healthy"]; examined -> vet }`)
}

func ExampleMermaid() {
	st.Mermaid("sequenceDiagram\n  Visitor->>Shelter: May I see the cats?\n  Shelter-->>Visitor: Come in")
}

func ExampleJSON() {
	st.JSON(map[string]any{"name": "Ann", "tags": []string{"a", "b"}}, st.Levels(2))
}

func ExampleSuccess() {
	st.Success("Saved")
	st.Info("There is news.", st.Icon("📰"))
	st.Warning("Nearly full")
	st.Error("The disk is full.")
}

func ExampleException() {
	st.Exception(fmt.Errorf("load the cats: %w", errors.New("the file is gone")))
}

func ExampleToast() {
	m := st.Toast("Saving", st.Duration(2*time.Second))
	m.Toast("Saved", st.Icon("✅"))
	var same *st.ToastMessage = m
	same.Empty()
}

func ExampleSpinner() {
	st.Spinner("Counting", func() { time.Sleep(10 * time.Millisecond) }, st.ShowTime())
}

func ExampleBalloons() {
	if st.Button("Celebrate") {
		st.Balloons()
		st.Snow()
	}
}

func ExampleMetric() {
	st.Metric("Temperature", "21 °C", st.Delta(-1.5), st.DeltaColor("inverse"), st.Border(true))
}

func ExampleTable() {
	e := st.Table(map[string][]int{"a": {1, 2}, "b": {3, 4}})
	e.AddRows(map[string][]int{"a": {5}, "b": {6}})
	var same *st.Element = e
	_ = same
}

func ExampleSelected() {
	rows := []struct{ City string }{{"Bern"}, {"Rome"}}
	var s st.GridSelection = st.Selected(rows, st.Selection("multi-row"), st.Key("cities"), st.HideIndex())
	st.Write(len(s.Rows), "rows are selected.")
}

func ExampleSelection() {
	rides := []struct {
		Hour  int
		Price float64
	}{{8, 12.5}, {9, 7}, {18, 21}}
	chart := st.ScatterChart(rides, st.X("Hour"), st.Y("Price"), st.Selection("multi-point", "range"), st.Key("rides"))
	var s st.ChartSelection = chart.Selected()
	if from, to, ok := s.Numbers("Hour"); ok {
		var hours st.ChartRange = s.Ranges["Hour"]
		st.Write("From", from, "to", to, "o'clock:", hours)
	}
	for _, p := range s.Points {
		st.Write(p["Hour"], p["Price"])
	}
}

func ExampleColumn() {
	type pet struct {
		Name    string
		Kind    string
		Legs    int
		Vet     bool
		Born    time.Time
		Fed     time.Time
		Walk    time.Time
		Home    string
		Photo   string
		Weights []float64
		Steps   []float64
		Naps    []float64
		Friends []string
		Happy   float64
		Chip    int
		Likes   []string
		Notes   string
		Voice   string
		Film    string
		Papers  string
	}
	now := time.Date(2026, 1, 31, 9, 30, 0, 0, time.UTC)
	pets := []pet{{"Tom", "cat", 4, true, now, now, now, "https://example.com", "", []float64{1, 2}, []float64{3, 1}, []float64{2, 2}, []string{"Jerry"}, 0.8, 7,
		[]string{"naps"}, "Is *shy*.", "", "", `{"born": 2020}`}}
	var kind st.ColumnKind = st.SelectboxColumn(st.Choices("cat", "dog"), st.Required())
	st.DataEditor(pets, st.Key("pets"),
		st.Column("Name", st.TextColumn(st.MaxChars(20), st.Validate("^[A-Z]"), st.Pinned())),
		st.Column("Kind", kind),
		st.Column("Legs", st.NumberColumn(st.Min(0), st.Max(8), st.Step(2), st.Format("%d"))),
		st.Column("Vet", st.CheckboxColumn(st.As("Seen a vet"))),
		st.Column("Born", st.DateColumn()),
		st.Column("Fed", st.DatetimeColumn()),
		st.Column("Walk", st.TimeColumn()),
		st.Column("Home", st.LinkColumn()),
		st.Column("Photo", st.ImageColumn()),
		st.Column("Weights", st.LineChartColumn()),
		st.Column("Steps", st.BarChartColumn()),
		st.Column("Naps", st.AreaChartColumn()),
		st.Column("Friends", st.ListColumn()),
		st.Column("Happy", st.ProgressColumn(st.Min(0), st.Max(1))),
		st.Column("Chip", st.AnyColumn(st.Help("Under the skin"))),
		st.Column("Likes", st.MultiselectColumn(st.Choices("walks", "naps", "fish"), st.AcceptNew())),
		st.Column("Notes", st.MarkdownColumn()),
		st.ReadOnly("Chip"))
	st.Dataframe(pets, st.Column("Voice", st.AudioColumn()), st.Column("Film", st.VideoColumn()), st.Column("Papers", st.JSONColumn()))
	st.Dataframe(pets, st.HideColumn("Photo"), st.ColumnOrder("Name", "Kind"), st.Height(120))
	var changes st.Edits = st.State("pets", st.Edits{}).Get() // the edits themselves
	_ = changes
}

func ExampleAreaChart() {
	data := map[string][]float64{"day": {1, 2, 3}, "cats": {3, 4, 6}, "dogs": {2, 2, 1}}
	st.AreaChart(data, st.X("day"), st.Y("cats", "dogs"), st.Stack(true), st.ChartTitle("Guests"))
	st.BarChart(data, st.X("day"), st.Y("cats"), st.Horizontal(), st.Color("#0b7285"))
	st.ScatterChart(data, st.X("cats"), st.Y("dogs"), st.Size("day"), st.XLabel("Cats"), st.YLabel("Dogs"))
}

func ExampleVegaLite() {
	st.VegaLite(map[string]any{
		"mark": "bar",
		"encoding": map[string]any{
			"x": map[string]any{"field": "pet", "type": "nominal"},
			"y": map[string]any{"field": "n", "type": "quantitative"},
		},
	}, []struct {
		Pet string `json:"pet"`
		N   int    `json:"n"`
	}{{"cat", 3}, {"dog", 2}})
}

func ExampleMap() {
	st.Map(map[string][]float64{"lat": {46.95, 41.9}, "lon": {7.45, 12.5}}, st.Zoom(4))
}

func ExampleImage() {
	dot := image.NewGray(image.Rect(0, 0, 40, 40))
	for i := range 40 {
		dot.Pix[i*40+i] = 255
	}
	st.Image(dot, st.Alt("a line"), st.ImageCaption("A line"), st.Width(80))
	st.Logo(dot, st.Link("https://example.com"))
}

func ExampleAudio() {
	silence := []byte("RIFF$\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x80\x3e\x00\x00\x00\x7d\x00\x00\x02\x00\x10\x00data\x00\x00\x00\x00")
	st.Audio(silence, st.MIME("audio/wav"), st.Loop())
	clip := []byte("\x00\x00\x00\x14ftypmp42\x00\x00\x00\x00mp42")
	st.Video(clip, st.MIME("video/mp4"), st.Autoplay(), st.Muted(), st.Start(5*time.Second))
	st.PDF([]byte("%PDF-1.4\n%%EOF\n"), st.Height(300))
}

func ExampleFrame() {
	var big *st.Frame = st.SQL("SELECT range AS n FROM range(1000000)")
	st.Dataframe(big.Filter("n % 2 = 0").Limit(10))
	if f, err := dataframe.ReadCSV("flights.csv"); err == nil {
		st.Write(f)
	}
}

func ExampleSkeleton() {
	place := st.Empty()
	st.Skeleton(st.Height(60), st.In(place))
	time.Sleep(10 * time.Millisecond)
	place.Write("Here it is.")
	st.Space("large")
}

func ExampleChatMessage() {
	said := st.State("said", []string{})
	if text := st.ChatInput("Say something"); text != "" {
		said.Update(func(all []string) []string { return append(all, text) })
	}
	for _, text := range said.Get() {
		st.ChatMessage("user").Write(text)
		st.ChatMessage("assistant", st.Avatar("🦜")).Write(strings.ToUpper(text))
	}
}

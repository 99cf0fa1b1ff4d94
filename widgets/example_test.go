package widgets_test

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"stnb.dev/dataframe"

	st "stnb.dev/widgets"
)

func ExampleButton() {
	if st.Button("Check availability", st.Primary()) {
		st.Success("It is there.") // shown until the next interaction
	}
}

func ExampleButton_callback() {
	clicks := st.State("clicks", 0)
	st.Button("Add", st.OnClick(func() { clicks.Update(func(n int) int { return n + 1 }) }))
	st.Write(fmt.Sprintf("Clicked %d times.", clicks.Get()))
}

func ExampleState() {
	stage := st.State("stage", 0)
	if stage.Get() == 0 {
		st.Button("Begin", st.OnClick(func() { stage.Set(1) }))
	}
}

func ExampleState_widget() {
	name := st.State("name", "") // the text input of the same key
	st.Button("Clear", st.OnClick(func() { name.Set("") }))
	st.TextInput("Name", st.Key("name"))
}

func ExampleSelectbox() {
	type city struct {
		Name string
		Size int
	}
	c := st.Selectbox("City", []city{{"Bern", 134}, {"Rome", 2873}}) // c is a city
	st.Metric(c.Name, c.Size)
}

func ExampleSelectboxMaybe() {
	if color, ok := st.SelectboxMaybe("Pick a colour", []string{"red", "green", "blue"}); ok {
		st.Markdown(":" + color + "[Thank you!]")
	}
}

func ExampleMultiselect() {
	for _, c := range st.Multiselect("Colours", []string{"red", "green", "blue"}, st.Value("red"), st.MaxSelections(2)) {
		st.Write(c)
	}
}

func ExampleSlider() {
	age := st.Slider("Age", 0, 122, st.Value(30)) // an int
	share := st.Slider("Share", 0.0, 1.0)         // a float64
	st.Write(age, share)
}

func ExampleSliderRange() {
	from, to := st.SliderRange("Years", 1900, 2000, st.Value(1950, 1960))
	st.Write(from, to)
}

func ExampleNumberInput() {
	rooms := st.NumberInput("Rooms", 1, st.Min(1), st.Max(20))
	st.Write(rooms)
}

func ExampleDateInput() {
	day := st.DateInput("Day", st.Value(time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)))
	st.Write(day.Format("2 January"))
}

func ExampleForm() {
	st.Form("signup", func(f *st.Block) {
		name := f.TextInput("Name")
		if f.SubmitButton("Sign up") {
			st.Success("Welcome " + name)
		}
	}, st.ClearOnSubmit())
}

func ExampleFragment() {
	st.Fragment(func() {
		st.Write(time.Now().Format("15:04:05"))
	}, st.RunEvery(time.Second))
}

func ExampleDialog() {
	vote := st.State("vote", "")
	if st.Button("Vote") {
		st.Dialog("Cast your vote", func() {
			why := st.TextInput("Because")
			if st.Button("Submit") {
				vote.Set(why)
				st.Rerun() // closes it
			}
		})
	}
}

func ExampleColumns() {
	cols := st.Columns(2, st.Weights(2, 1))
	cols[0].LineChart([]float64{1, 3, 2})
	cols[1].Metric("Rows", 3, st.Delta(1))
}

func ExampleTabs() {
	tabs := st.Tabs("Chart", "Data")
	data := map[string][]float64{"a": {1, 2}, "b": {2, 1}}
	tabs[0].BarChart(data)
	tabs[1].Dataframe(data)
}

func ExampleEmpty() {
	spot := st.Empty()
	for i := range 5 {
		spot.Write(fmt.Sprintf("%d …", 5-i))
		time.Sleep(20 * time.Millisecond)
	}
	spot.Empty()
}

func ExampleStatus() {
	st.Status("Downloading", func(s *st.StatusBox) {
		s.Write("Found the server.")
		s.Update(st.NewLabel("Unpacking"))
	})
}

func ExampleProgress() {
	bar := st.Progress(0, "Working")
	for i := range 101 {
		bar.Progress(i)
	}
	bar.Empty()
}

func ExampleWriteStream() {
	text := st.WriteStream(func(write func(string)) {
		for _, w := range strings.Fields("one word after the other") {
			write(w + " ")
		}
	})
	st.Caption(fmt.Sprint(len(text), " bytes"))
}

func ExampleLineChart() {
	chart := st.LineChart(map[string][]float64{"a": {1, 2}, "b": {2, 1}})
	chart.AddRows(map[string][]float64{"a": {3}, "b": {0}})
}

func ExampleDataframe() {
	flights := dataframe.MustReadCSV("flights.csv")
	st.Dataframe(flights.GroupBy("origin").Agg("avg(delay) AS delay").Sort("delay DESC"))
}

func ExampleDataEditor() {
	type person struct {
		Name string
		Age  int
	}
	people := st.DataEditor([]person{{"Ann", 30}}, st.Dynamic(),
		st.Column("Name", st.TextColumn(st.As("Full name"), st.Required())),
		st.Column("Age", st.NumberColumn(st.Min(0), st.Max(122))))
	st.Write(len(people)) // people is a []person
}

func ExampleSQL() {
	st.Table(st.SQL("SELECT range AS n, n * n AS square FROM range($1)", 5))
}

func ExampleCacheData() {
	load := st.CacheData("rates", func(currency string) (map[string]float64, error) {
		if currency == "" {
			return nil, errors.New("no currency")
		}
		return map[string]float64{currency: 1}, nil
	}, st.TTL(time.Hour))
	rates, err := load.Get("EUR")
	if err != nil {
		st.Error(err.Error())
	}
	st.Write(rates)
}

func ExampleConnection() {
	pets := st.Connection("pets_db")
	_, err := pets.Exec("create table if not exists pet_owners (person text, pet text)")
	owners, err := pets.Query("select * from pet_owners where pet = $1", "cat", st.TTL(time.Minute))
	if err != nil {
		st.Error(err.Error())
	}
	st.Dataframe(owners)
}

func ExampleNavigation() {
	st.Navigation([]*st.PageDef{
		st.Page("Home", func() { st.Title("Home") }, st.Icon("🏠"), st.Default()),
		st.Page("Data", func() { st.Title("Data") }),
	})
}

func ExampleQueryParams() {
	q := st.QueryParams()
	if q.Get("theme") == "" {
		q.Set("theme", "dark")
	}
}

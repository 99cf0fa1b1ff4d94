package widgets_test

import (
	"fmt"
	"strings"
	"time"

	st "stnb.dev/widgets"
)

func ExampleTextInput() {
	name := st.TextInput("Name", st.Placeholder("Ada"), st.Autocomplete("name"), st.MaxChars(40), st.Icon("👤"))
	st.TextInput("Password", st.Password())
	about := st.TextArea("About you", st.Height(100), st.HideLabel())
	st.Write(len(name) + len(about))
}

func ExampleCheckbox() {
	all := st.Checkbox("Show all", st.Value(true), st.Persist())
	if st.Toggle("Dark", st.Disabled(!all)) {
		st.Write("dark")
	}
}

func ExampleRadio() {
	size := st.Radio("Size", []string{"S", "M", "L"}, st.Horizontal(), st.Captions("small", "middle", "large"))
	if color, ok := st.RadioMaybe("Colour", []string{"red", "blue"}); ok {
		st.Write(size, color)
	}
}

func ExampleSelectboxText() {
	st.Write(st.SelectboxText("City", []string{"Bern", "Rome"}, st.Placeholder("or another")))
	st.Multiselect("Tags", []string{"new", "old"}, st.Placeholder("none"))
	st.SelectboxText("Mood", []string{"good"}, st.AcceptNew())
}

func ExamplePills() {
	if view, ok := st.Pills("View", []string{"day", "week"}, st.Value("day")); ok {
		st.Write(view)
	}
	st.Write(len(st.PillsMulti("Days", []string{"Mon", "Tue"}, st.CollapseLabel())))
	if unit, ok := st.SegmentedControl("Unit", []string{"km", "mi"}); ok {
		st.Write(unit)
	}
	st.SegmentedControlMulti("Units", []string{"km", "mi"}, st.Multi())
}

func ExampleSelectSlider() {
	size := st.SelectSlider("Size", []string{"S", "M", "L", "XL"}, st.Value("M"))
	from, to := st.SelectSliderRange("Sizes", []string{"S", "M", "L", "XL"})
	st.Write(size, from, to)
}

func ExampleTimeSlider() {
	may := func(d int) time.Time { return time.Date(2026, 5, d, 0, 0, 0, 0, time.UTC) }
	day := st.TimeSlider("Day", may(1), may(31), st.Value(may(10)))
	from, to := st.TimeSliderRange("Open", may(1).Add(8*time.Hour), may(1).Add(20*time.Hour), st.Format("time"))
	st.Write(day.Day(), to.Sub(from).Hours())
}

func ExampleDurationSlider() {
	wait := st.DurationSlider("Wait", 0, time.Hour, st.Value(5*time.Minute), st.Step(time.Minute))
	from, to := st.DurationSliderRange("Between", 0, 24*time.Hour)
	st.Write(wait.Minutes(), from.Hours(), to.Hours())
}

func ExampleNumberInputMaybe() {
	if age, ok := st.NumberInputMaybe[int]("Age", st.Min(0), st.Placeholder("unknown")); ok {
		st.Write(age)
	}
}

func ExampleTimeInput() {
	at := st.TimeInput("At", st.Value(9*time.Hour), st.Step(30*time.Minute))
	from, to := st.DateRangeInput("Holiday",
		st.Value(time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 7, 14, 0, 0, 0, 0, time.UTC)))
	moment := st.DatetimeInput("Moment", st.Value(time.Date(2026, 7, 1, 9, 30, 0, 0, time.UTC)))
	st.Write(at.Hours(), to.Sub(from).Hours(), moment.Year())
}

func ExampleColorPicker() {
	st.Write(st.ColorPicker("Colour", st.Value("#0b7285")))
}

func ExampleFeedback() {
	if stars := st.Feedback("stars"); stars >= 0 {
		st.Write("Thank you for", stars+1, "stars.")
	}
}

func ExampleFileUploader() {
	if f := st.FileUploader("A file", st.Types("csv", "txt"), st.MaxBytes(1<<20)); f != nil {
		var file *st.UploadedFile = f
		data, err := file.Bytes()
		st.Write(len(data), err == nil)
	}
	for _, f := range st.FilesUploader("More files") {
		st.Write(f.Name)
	}
}

func ExampleAudioInput() {
	if sound := st.AudioInput("Say something"); sound != nil {
		st.Audio(sound.Path())
	}
	if picture := st.CameraInput("Smile"); picture != nil {
		st.Image(picture.Path())
	}
}

func ExampleDownloadButton() {
	st.DownloadButton("Save", "a,b\n1,2\n", st.FileName("data.csv"), st.MIME("text/csv"), st.NoRerun())
	st.LinkButton("Documentation", "https://example.com", st.Tertiary())
	if st.Button("Reload", st.Shortcut("Ctrl+R"), st.Width("stretch")) {
		st.Write("again")
	}
}

func ExampleMenuButton() {
	if format, ok := st.MenuButton("Export", []string{"CSV", "Parquet"}); ok {
		st.Toast("Exporting as " + format)
	}
}

func ExamplePagination() {
	const size = 20
	page := st.Pagination(12, st.Key("page"))
	st.Dataframe(st.SQL("SELECT range AS n FROM range(240)").Offset((page - 1) * size).Limit(size))
}

func ExampleQueryParam() {
	// ?city=Rome opens the page with Rome chosen.
	st.Selectbox("City", []string{"Bern", "Rome"}, st.QueryParam("city"))
}

func ExampleOnChange() {
	log := st.State("log", []string{})
	note := func() { log.Update(func(all []string) []string { return append(all, st.State("note", "").Get()) }) }
	st.TextInput("Note", st.Key("note"), st.OnChange(note))
	st.Write(strings.Join(log.Get(), ", "))
}

func ExampleTracked() {
	details := st.Expander("Details", st.Tracked(), st.Key("details"))
	if details.IsOpen() {
		details.Write("Worked out because somebody looks.")
	}
	tabs := st.TabsWith([]string{"Map", "List"}, st.Tracked(), st.Value("List"))
	for i, t := range tabs {
		if t.IsOpen() {
			t.Write("tab", i)
		}
	}
}

func ExampleContainer() {
	var top *st.Block = st.Container(st.Border(true), st.Gap("small"))
	log := st.Container(st.Height(80), st.AutoScroll())
	for i := range 5 {
		log.Write("line", i)
	}
	top.Write("Written last, shown first.")
	st.Checkbox("In it too", st.In(top))
	st.Expander("More", st.Expanded(true), st.Icon("➕")).Write("inside")
	st.Popover("Settings").Checkbox("Loud")
	cols := st.Columns(2, st.Align("bottom"))
	cols[1].Write("right")
	st.Sidebar.Write("aside")
	st.Bottom.Caption("below everything")
}

func ExampleDismissible() {
	if st.Button("Ask") {
		st.Dialog("Are you sure?", func() {
			if st.Button("Yes") {
				st.Rerun()
			}
		}, st.Dismissible(false), st.Width("large"))
	}
}

func ExampleNoEnter() {
	form := st.Form("settings", nil, st.NoEnter(), st.Border(false))
	form.TextInput("Nick")
	if form.SubmitButton("Apply", st.OnClick(func() { st.State("applied", 0).Update(func(n int) int { return n + 1 }) })) {
		st.Write("applied")
	}
}

func ExampleRerun() {
	n := st.State("rerun-count", 0)
	if n.Get() < 2 {
		n.Set(n.Get() + 1)
		st.Rerun()
	}
	st.Fragment(func() {
		if st.Button("Only here") {
			st.Rerun(st.FragmentOnly())
		}
	})
	if st.Button("End here") {
		st.Stop()
	}
	st.Write(n.Get())
}

func ExampleStatusState() {
	s := st.Status("Loading", nil, st.Expanded(true))
	s.Update(st.NewLabel("Loaded"), st.StatusState("complete"))
	var same *st.StatusBox = s
	same.Write("done")
	var bar *st.ProgressBar = st.Progress(0.5, "half")
	bar.Empty()
}

func ExampleVar() {
	var count *st.Var[int] = st.State("count", 1)
	count.Set(count.Get() + 1)
	count.Update(func(n int) int { return n * 2 })
	count.Delete()
	st.Write(st.HasState("count"), len(st.StateKeys()))
	st.DeleteState("count")
}

func ExampleCached() {
	var square *st.Cached[int, int] = st.CacheData("square", func(n int) (int, error) { return n * n, nil }, st.MaxEntries(100), st.OnDisk())
	st.Write(square.Must(12))
	square.ClearFor(12)
	square.Clear()
	if st.Button("Forget all") {
		st.ClearCaches()
	}
}

func ExampleCacheResource() {
	type model struct{ name string }
	load := st.CacheResource("model", func(name string) (*model, error) { return &model{name}, nil },
		st.OnRelease(func(any) { fmt.Println("the model is gone") }))
	st.Write(load.Must("small").name)
}

func ExampleConnect() {
	type lake struct{ url string }
	l, err := st.Connect("lake", func(c st.ConnSettings) (*lake, error) { return &lake{c.Text("url")}, nil }, st.Param("url", "s3://cats"))
	if err == nil {
		st.Write(l.url)
	}
	settings, _ := st.ConnectionSettings("lake", st.Param("url", "s3://dogs"))
	st.Write(settings.Text("url"))
}

func ExampleTx() {
	db := st.Connection("scratch", st.Type("duckdb"), st.Param("url", ":memory:"))
	err := db.Session(func(tx *st.Tx) error {
		_, err := tx.Exec("CREATE TABLE IF NOT EXISTS pets (name VARCHAR)")
		return err
	})
	var same *st.Conn = db
	_ = same
	if err != nil {
		st.Error(err.Error())
	}
}

func ExampleSecret() {
	if key, err := st.Secret("api", "key"); err == nil {
		st.Write(len(key) > 0)
	}
}

func ExampleSetPageConfig() {
	st.SetPageConfig(st.PageTitle("Shelter"), st.PageIcon("🐈"), st.Layout("wide"), st.SidebarState("expanded"))
}

func ExamplePage() {
	about := st.Page("About us", func() { st.Write("We love cats.") }, st.Path("about"), st.Section("More"))
	home := st.Page("Start", func() {
		st.Write("Welcome")
		st.PageLink(about, st.As("Who we are"))
		if st.Button("Go there") {
			st.SwitchPage(about)
		}
	}, st.Default())
	var pages []*st.PageDef = []*st.PageDef{home, about}
	var menu *st.Menu = st.Navigation(pages, st.Position("top"))
	st.Caption(menu.Current.Title)
}

func ExampleContext() {
	var c st.RunContext = st.Context()
	var q *st.QueryParameters = st.QueryParams()
	st.Write(c.App, len(q.Names()))
}

func ExampleUser() {
	var who st.UserInfo = st.User()
	switch {
	case !who.SignedIn:
		st.Info("This app is open to everybody.")
	case who.Has("editor"):
		st.Write("Welcome, " + who.Name + ". You may change things.")
	default:
		st.Write("Welcome, " + who.Name + ".")
	}
}

func ExampleOption() {
	common := []st.Option{st.Width("stretch"), st.Help("As wide as it can be")}
	st.Button("Wide", common...)
}

// Any number will do.
func ExampleNumber() {
	fmt.Println(half(3), half(3.0))
}

func half[T st.Number](x T) T { return x / 2 }

func ExampleSource() {
	fmt.Println(len(st.Source()))
}

package widgets_test

import (
	"fmt"
	"reflect"
	"testing"

	"stnb.dev/dataframe"
	"stnb.dev/widgets/internal/harness"

	st "stnb.dev/widgets"
)

type command struct {
	Command  string
	Rating   int
	IsWidget bool
	note     string
}

func commands() []command {
	return []command{{"st.selectbox", 4, true, "n"}, {"st.balloons", 5, false, "n"}, {"st.time_input", 3, true, "n"}}
}

type edits map[string]any

func TestDataEditor(t *testing.T) {
	var got []command
	a := harness.New(t, func() {
		got = st.DataEditor(commands(), st.Key("e"), st.Dynamic(), st.Column("Rating", st.NumberColumn(st.Min(0), st.Max(10))))
		e := st.State("e", st.Edits{}).Get()
		st.Write(fmt.Sprintf("%d edited, %d added, %d deleted", len(e.EditedRows), len(e.AddedRows), len(e.DeletedRows)))
	}).Run()
	a.Contains("0 edited, 0 added, 0 deleted")
	a.Set("e", edits{
		"editedRows":  edits{"0": edits{"Rating": 9}, "1": edits{"Rating": 11, "Nope": 1}, "7": edits{"Rating": 1}},
		"addedRows":   []edits{{"Command": "st.new", "Rating": 1, "IsWidget": true}, {}},
		"deletedRows": []int{2, 2, 99},
	})
	want := []command{{"st.selectbox", 9, true, "n"}, {"st.balloons", 5, false, "n"}, {"st.new", 1, true, ""}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	a.Contains("1 edited, 2 added, 1 deleted")
	a.Run()
	if !reflect.DeepEqual(got, want) {
		t.Error("edits are lost in a rerun", got)
	}
	if a.Panic != nil {
		t.Error(a.Panic)
	}
}

func TestDataEditorTypes(t *testing.T) {
	var (
		list    []string
		floats  map[string][]float64
		pairs   map[string]string
		records []map[string]any
		matrix  [][]any
		frame   *dataframe.Frame
		ptrs    []*command
		rows    []map[string]any
		err     error
	)
	original := commands()
	a := harness.New(t, func() {
		list = st.DataEditor([]string{"red", "green", "blue"}, st.Key("list"), st.Dynamic())
		floats = st.DataEditor(map[string][]float64{"a": {1, 2}, "b": {3, 4}}, st.Key("floats"))
		pairs = st.DataEditor(map[string]string{"st.text_area": "widget", "st.markdown": "element"}, st.Key("pairs"), st.Dynamic())
		records = st.DataEditor([]map[string]any{{"name": "x", "n": 1}, {"name": "y"}}, st.Key("records"))
		matrix = st.DataEditor([][]any{{"st.text_area", "widget", 4.92}, {"st.markdown", "element", 47.22}}, st.Key("matrix"))
		frame = st.DataEditor(st.SQL("SELECT 1 AS n, DATE '2020-01-02' AS d UNION ALL SELECT 2, NULL"), st.Key("frame"), st.Dynamic())
		rows, err = frame.Rows() // a query, which runs in its run
		ptrs = st.DataEditor([]*command{&original[0]}, st.Key("ptrs"))
	}).Run()
	a.Set("list", edits{"editedRows": edits{"1": edits{"value": "lime"}}, "addedRows": []edits{{"value": "pink"}}, "deletedRows": []int{0}})
	a.Set("floats", edits{"editedRows": edits{"1": edits{"a": 2.5}}})
	a.Set("pairs", edits{"editedRows": edits{"0": edits{"value": "text"}}, "addedRows": []edits{{"key": "k", "value": "v"}}})
	a.Set("records", edits{"editedRows": edits{"1": edits{"n": 7}}})
	a.Set("matrix", edits{"editedRows": edits{"0": edits{"2": 5.5, "0": "st.x"}}})
	a.Set("frame", edits{"editedRows": edits{"1": edits{"d": "1815-12-10"}}, "addedRows": []edits{{"n": 3}}})
	a.Set("ptrs", edits{"editedRows": edits{"0": edits{"Rating": 1}}})
	check := func(got any, want string) {
		t.Helper()
		if fmt.Sprint(got) != want {
			t.Errorf("got %v, want %s", got, want)
		}
	}
	check(list, "[lime blue pink]")
	check(floats, "map[a:[1 2.5] b:[3 4]]")
	check(pairs, "map[k:v st.markdown:text st.text_area:widget]")
	check(records, "[map[n:1 name:x] map[n:7 name:y]]")
	check(matrix, "[[st.x widget 5.5] [st.markdown element 47.22]]")
	check(len(rows), "3")
	check(rows[1]["d"], "1815-12-10 00:00:00 +0000 UTC")
	check(ptrs[0].Rating, "1")
	check(original[0].Rating, "4") // the data itself is not changed
	if err != nil || a.Panic != nil {
		t.Error(err, a.Panic, a.Text())
	}
}

func TestDataEditorOfLists(t *testing.T) {
	type film struct {
		Name string
		Tags []string
		Text string
	}
	var got []film
	var frame *dataframe.Frame
	var rows []map[string]any
	var err error
	tags := func(opts ...st.Option) st.Option {
		return st.Column("Tags", st.MultiselectColumn(append(opts, st.Choices("new", "old", "long"), st.Value("new"))...))
	}
	a := harness.New(t, func() {
		got = st.DataEditor([]film{{"A", []string{"old"}, "*a*"}, {"B", nil, ""}}, st.Key("e"), st.Dynamic(),
			tags(), st.Column("Text", st.MarkdownColumn(st.MaxChars(5))))
		frame = st.DataEditor(st.SQL("SELECT 'A' AS Name, ['old'] AS Tags"), st.Key("f"), st.Dynamic(), tags(st.AcceptNew()))
		rows, err = frame.Rows()
	}).Run()
	a.Set("e", edits{
		"editedRows": edits{"0": edits{"Tags": []string{"long", "new"}, "Text": "**b**"}, "1": edits{"Tags": []string{}}},
		"addedRows":  []edits{{"Name": "C"}, {"Name": "D", "Tags": []string{"old"}}},
	})
	if want := []film{{"A", []string{"long", "new"}, "**b**"}, {"B", []string{}, ""}, {"C", []string{"new"}, ""}, {"D", []string{"old"}, ""}}; !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	for _, bad := range []any{"old", []string{"other"}, []any{"new", 1}, []string{"new", "new"}, edits{}} {
		a.Set("e", edits{"editedRows": edits{"0": edits{"Tags": bad}}})
		if !reflect.DeepEqual(got[0].Tags, []string{"old"}) {
			t.Errorf("%v gave %v", bad, got[0].Tags)
		}
	}
	a.Set("f", edits{"editedRows": edits{"0": edits{"Tags": []string{"typed", "it's, quoted"}}}, "addedRows": []edits{{"Name": "B", "Tags": []string{}}}})
	if fmt.Sprint(rows) != "[map[Name:A Tags:[typed it's, quoted]] map[Name:B Tags:[]]]" {
		t.Error(rows)
	}
	if err != nil || a.Panic != nil {
		t.Error(err, a.Panic, a.Text())
	}
}

func TestDataEditorValidates(t *testing.T) {
	var got []map[string]any
	a := harness.New(t, func() {
		got = st.DataEditor([]map[string]any{{"text": "a", "num": 1.5, "pick": "red", "ro": "x", "date": "2020-01-01", "link": "http://x"}}, st.Key("e"), st.Dynamic(),
			st.ReadOnly("ro"),
			st.Column("text", st.TextColumn(st.As("Name"), st.MaxChars(3), st.Validate("^[a-z]*$"), st.Required(), st.Width("large"))),
			st.Column("num", st.NumberColumn(st.Min(0.0), st.Max(9.0))),
			st.Column("pick", st.SelectboxColumn(st.Choices("red", "green"), st.Value("green"))),
			st.HideColumn("link"),
		)
	}).Run()
	bad := []edits{
		{"text": "long"}, {"text": "A"}, {"text": nil}, {"text": 1}, {"num": 10}, {"num": "x"}, {"num": -1}, {"pick": "blue"}, {"ro": "y"},
	}
	for _, cells := range bad {
		a.Set("e", edits{"editedRows": edits{"0": cells}})
		if fmt.Sprint(got[0]) != "map[date:2020-01-01 link:http://x num:1.5 pick:red ro:x text:a]" {
			t.Errorf("took %v: %v", cells, got[0])
		}
	}
	a.Set("e", edits{"addedRows": []edits{{"num": 3}, {"text": "b", "num": 4}}})
	if len(got) != 2 || got[1]["pick"] != "green" || got[1]["text"] != "b" { // the first waits for its text
		t.Error(got)
	}
	for _, raw := range []string{`null`, `[]`, `"x"`, `{"editedRows":[]}`} {
		a.Raw(a.ID("e"), raw)
		if len(a.Result.Rejected) != 1 {
			t.Error("took", raw)
		}
	}
}

// The result fed back as data: the edits are in it and must not come twice.
func TestDataEditorFedBack(t *testing.T) {
	a := harness.New(t, func() {
		people := st.State("people", []string{"a"})
		people.Set(st.DataEditor(people.Get(), st.Key("e"), st.Dynamic()))
		st.Write(fmt.Sprint(people.Get()))
	}).Run()
	a.Set("e", edits{"addedRows": []edits{{"value": "b"}}}).Contains("[a b]")
	a.Run().Contains("[a b]")
	a.Run().Contains("[a b]")
	a.Set("e", edits{"addedRows": []edits{{"value": "c"}}, "editedRows": edits{"0": edits{"value": "x"}}}).Contains("[x b c]")
	a.Run().Contains("[x b c]")
}

// A frame fed back, and edits set by the script.
func TestDataEditorFrames(t *testing.T) {
	a := harness.New(t, func() {
		numbers := st.State("numbers", st.SQL("SELECT range AS n FROM range(3)"))
		st.Button("set", st.OnClick(func() {
			st.State("e", st.Edits{}).Set(st.Edits{EditedRows: map[string]map[string]any{"0": {"n": 7}}})
		}))
		numbers.Set(st.DataEditor(numbers.Get(), st.Key("e"), st.Dynamic()))
		var all []int
		if err := numbers.Get().Collect(&all); err != nil {
			st.Write(err.Error())
		}
		st.Write(fmt.Sprint(all))
	}).Run()
	a.Set("e", edits{"addedRows": []edits{{"n": 9}}, "deletedRows": []int{1}}).Contains("[0 2 9]")
	a.Run().Contains("[0 2 9]")
	a.Run().Contains("[0 2 9]")
	a.Click("set").Contains("[7 2 9]")
	a.Run().Contains("[7 2 9]")
}

func TestDataEditorReset(t *testing.T) {
	a := harness.New(t, func() {
		st.Button("reset", st.OnClick(func() { st.DeleteState("e") }))
		st.Write(fmt.Sprint(st.DataEditor([]int{1}, st.Key("e"))))
	}).Run()
	a.Set("e", edits{"editedRows": edits{"0": edits{"value": 5}}}).Contains("[5]")
	a.Click("reset").Contains("[1]")
}

func TestSelection(t *testing.T) {
	var got st.GridSelection
	a := harness.New(t, func() {
		got = st.Selected(commands(), st.Key("g"), st.Selection("multi-cell"))
	}).Run()
	a.Raw(a.ID("g"), `{"rows":[0,2],"columns":["Rating"],"cells":[[1,"Command"]]}`)
	if fmt.Sprint(got) != "{[0 2] [Rating] [{1 Command}]}" {
		t.Error(got)
	}
	for _, raw := range []string{`{"rows":[3]}`, `{"columns":["x"]}`, `{"cells":[[9,"Command"]]}`, `{"cells":[[0]]}`, `{"rows":["x"]}`} {
		a.Raw(a.ID("g"), raw)
		if len(got.Rows) != 2 || len(a.Result.Rejected) != 1 {
			t.Error("took", raw, got)
		}
	}
}

// Whole numbers that no float holds come from the browser as text, and stay exact.
func TestDataEditorExactNumbers(t *testing.T) {
	var got []int64
	a := harness.New(t, func() {
		st.Button("set", st.OnClick(func() {
			st.State("e", st.Edits{}).Set(st.Edits{EditedRows: map[string]map[string]any{"1": {"value": int64(9007199254740995)}}})
		}))
		got = st.DataEditor([]int64{1, 2}, st.Key("e"))
	}).Run()
	a.Set("e", edits{"editedRows": edits{"0": edits{"value": "9007199254740993"}, "1": edits{"value": 7}}})
	if fmt.Sprint(got) != "[9007199254740993 7]" {
		t.Error(got, a.Text())
	}
	for _, no := range []string{"9223372036854775808", "1.5", "0x10", "1/3", "", "1e3"} {
		a.Set("e", edits{"editedRows": edits{"0": edits{"value": no}}})
		if got[0] != 1 {
			t.Errorf("%q is taken for %d", no, got[0])
		}
	}
	if a.Click("set"); fmt.Sprint(got) != "[1 9007199254740995]" {
		t.Error(got, a.Text())
	}
}

package examples

import (
	"fmt"
	"testing"

	"stnb.dev/appmode/apptest"
	"stnb.dev/widgets/element"
)

// edits is what a browser sends of a data editor.
type edits map[string]any

// all tries what is true of the program and what is true on the screen.
func all(tests ...func(*testing.T)) func(*testing.T) {
	return func(t *testing.T) {
		for _, test := range tests {
			test(t)
		}
	}
}

// config is how the page was told to show a column of the nth table.
func config(t *testing.T, at *apptest.App, n int, name string) element.ColumnConfig {
	t.Helper()
	for _, c := range editorAt(t, at, n).Config {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("column %q is not configured", name)
	return element.ColumnConfig{}
}

func editorAt(t *testing.T, at *apptest.App, n int) element.DataEditor {
	t.Helper()
	all := at.Elements("dataEditor")
	if n >= len(all) {
		t.Fatalf("no editor %d:\n%s", n, at)
	}
	var p element.DataEditor
	if err := all[n].Props(&p); err != nil {
		t.Fatal(err)
	}
	return p
}

// editing opens an app of one editor with the key "e" whose result is shown by %v.
func editing(t *testing.T, data, opts string) *apptest.App {
	t.Helper()
	return cells(t, "edited := st.DataEditor("+data+`, st.Key("e")`+opts+")\nst.Text(fmt.Sprintf(\"%v\", edited))\n"+
		`e := st.State("e", st.Edits{}).Get()`+"\n"+
		`st.Text(fmt.Sprint("edited ", e.EditedRows, " added ", e.AddedRows, " deleted ", e.DeletedRows))`)
}

// takes sets cells of the first row, each in an editor as it was at first.
func takes(t *testing.T, at *apptest.App, column string, yes, no []any) {
	t.Helper()
	for _, v := range yes {
		at.Set("e", edits{"editedRows": edits{"0": edits{column: v}}}).MustWork()
		if at.Shows("edited map[] ") {
			t.Errorf("%s does not take %v", column, v)
		}
	}
	for _, v := range no {
		at.Set("e", edits{"editedRows": edits{"0": edits{column: v}}}).MustWork()
		if !at.Shows("edited map[] ") {
			t.Errorf("%s takes %v", column, v)
		}
	}
}

var frames = []promise{
	{"C01", "st.dataframe is static, st.data_editor editable; as wide as the container", screen("C01")},
	{"C02", "cells are shown by type, a bool as a box", all(func(t *testing.T) {
		at := open(t, "frames/dataframe.md").MustWork()
		var p element.Dataframe
		if err := at.Elements("dataframe")[0].Props(&p); err != nil {
			t.Fatal(err)
		}
		var kinds []string
		for _, c := range p.Data.Columns {
			kinds = append(kinds, c.Kind)
		}
		equal(t, "kinds", fmt.Sprint(kinds), "[text int bool]")
	}, screen("C02"))},
	{"C03", "a click on a heading sorts", screen("C03")},
	{"C04", "a column is resized by its border", screen("C04")},
	{"C05", "a table is resized by its corner", screen("C05")},
	{"C06", "fullscreen", screen("C06")},
	{"C07", "search by icon and by Ctrl+F", screen("C07")},
	{"C08", "a CSV file from the toolbar", screen("C08")},
	{"C09", "copy for spreadsheets", screen("C09")},
	{"C10", "slices, maps and arrays are tables; frames are lazy", all(func(t *testing.T) {
		at := cells(t, `
lazy := st.SQL("select error('it ran') as x from range(3)")
st.Text(lazy.Explain())
st.Dataframe([3]int{1, 2, 3})
st.Dataframe(map[string][]float64{"a": {1}, "b": {2}})
st.Dataframe([]map[string]any{{"a": 1}, {"b": "x"}})`).MustWork()
		at.MustShow("error('it ran')")
		equal(t, "array", fmt.Sprint(at.Frame(0).Rows()), "[[value] [1] [2] [3]]")
		equal(t, "columns", fmt.Sprint(at.Frame(1).Rows()), "[[a b] [1 2]]")
		equal(t, "records", fmt.Sprint(at.Frame(2).Rows()), "[[a b] [1 ] [ x]]")
	}, screen("C10"))},
	{"C11", "any cell is edited; the edited data comes back", screen("C11")},
	{"C12", "rows are added by the plus and by the trailing row", screen("C12")},
	{"C13", "rows are deleted by their boxes and the bin, or Delete", screen("C13")},
	{"C14", "paste from spreadsheets and between editors", screen("C14")},
	{"C15", "each pasted cell by itself", screen("C15")},
	{"C16", "in a frame of another site, with its permission", screen("C16")},
	{"C17", "session state has the edits: edited, added and deleted rows", all(func(t *testing.T) {
		at := open(t, "frames/edits.md").MustWork()
		at.Set("my_key", edits{"editedRows": edits{"0": edits{"rating": 1}}, "addedRows": []edits{{"command": "x"}}, "deletedRows": []int{2}}).MustWork()
		at.MustShow("edited map[0:map[rating:1]]", "added [map[command:x]]", "deleted [2]")
		at.Button("Start again").Click().MustWork().MustShow("edited map[]", "deleted []")
		at.Button("Rate the first").Click().MustWork().MustShow("rows [{st.Selectbox 1 true}")
	}, screen("C17"))},
	{"C18", "edited rows: {row: {column: value}}", func(t *testing.T) {
		at := open(t, "frames/edits.md")
		at.Set("my_key", edits{"editedRows": edits{"1": edits{"rating": 9, "command": "st.X"}}})
		at.MustWork().MustShow("edited map[1:map[command:st.X rating:9]]", "{st.X 9 false}")
	}},
	{"C19", "added rows: [{column: value}]", func(t *testing.T) {
		at := open(t, "frames/edits.md")
		at.Set("my_key", edits{"addedRows": []edits{{"command": "st.X", "rating": 2}, {"rating": 3}}})
		at.MustWork().MustShow("added [map[command:st.X rating:2] map[rating:3]]", "{st.X 2 false} { 3 false}]")
	}},
	{"C20", "deleted rows: [numbers]", func(t *testing.T) {
		at := open(t, "frames/edits.md")
		at.Set("my_key", edits{"deletedRows": []int{2, 0}})
		at.MustWork().MustShow("deleted [0 2]", "rows [{st.Balloons 5 false}]")
	}},
	{"C21", "every edit runs the script", all(func(t *testing.T) {
		at := cells(t, `runs := st.State("runs", 0)
runs.Set(runs.Get() + 1)
st.DataEditor([]int{1, 2}, st.Key("e"))
st.Metric("runs", runs.Get())`)
		for i := range 3 {
			equal(t, "runs", at.Metric("runs").Value(), fmt.Sprint(i+1))
			at.Set("e", edits{"editedRows": edits{"0": edits{"value": i + 5}}})
		}
	}, screen("C21"))},
	{"C22", "no reordering: added rows come last, edits and deletions go by the first numbers", all(func(t *testing.T) {
		at := editing(t, "[]int{1, 2, 3}", ", st.Dynamic()")
		at.Set("e", edits{"editedRows": edits{"2": edits{"value": 30}}, "deletedRows": []int{0}, "addedRows": []edits{{"value": 0}}})
		at.MustWork().MustShow("[2 30 0]")
	}, screen("C22"))},
	{"C23", "the old form of edits, \"0:1\", is none", func(t *testing.T) {
		at := editing(t, "[]int{1, 2, 3}", "")
		at.Set("e", edits{"editedRows": edits{"0": edits{"value": 5}}}).MustShow("[5 2 3]")
		at.Set("e", edits{"editedCells": edits{"0:0": 9}}).MustShow("[1 2 3]")
		at.Set("e", edits{"editedRows": edits{"0:0": edits{"value": 9}}}).MustShow("[1 2 3]")
	}},
	{"C24", "the fill handle", screen("C24")},
	{"C25", "a spreadsheet's keys", screen("C25")},
	{"C26", "lists, sets, maps, arrays and records come back as they are; frames as frames", all(func(t *testing.T) {
		at := cells(t, `
show := func(v any) { st.Text(fmt.Sprintf("%T %v", v, v)) }
show(st.DataEditor([]string{"a"}, st.Key("list"), st.Dynamic()))
show(st.DataEditor(map[string]bool{"a": true}, st.Key("set"), st.Dynamic()))
show(st.DataEditor(map[string][]int{"a": {1}}, st.Key("columns"), st.Dynamic()))
show(st.DataEditor([]map[string]any{{"a": 1}}, st.Key("records"), st.Dynamic()))
frame := st.DataEditor(st.SQL("select 1::tinyint as n, 'a' as s"), st.Key("frame"), st.Dynamic())
columns, err := frame.Columns()
st.Text(fmt.Sprint("frame ", columns, err))
st.Dataframe(frame)`).MustWork()
		at.Set("list", edits{"addedRows": []edits{{"value": "b"}}})
		at.Set("set", edits{"addedRows": []edits{{"key": "b", "value": true}}})
		at.Set("columns", edits{"addedRows": []edits{{"a": 2}}})
		at.Set("records", edits{"addedRows": []edits{{"a": 2}}})
		at.Set("frame", edits{"addedRows": []edits{{"n": 2, "s": "b"}}, "editedRows": edits{"0": edits{"s": "x"}}})
		at.MustWork().MustShow("[]string [a b]", "map[string]bool map[a:true b:true]", "map[string][]int map[a:[1 2]]",
			"[]map[string]interface {} [map[a:1] map[a:2]]", "frame [{n TINYINT int} {s VARCHAR text}]")
		equal(t, "frame", fmt.Sprint(at.Frame(5).Rows()), "[[n s] [1 x] [2 b]]")
	}, screen("C26"))},
	{"C27", "a number cell takes numbers, between its bounds", all(func(t *testing.T) {
		takes(t, editing(t, "[]int{1}", `, st.Column("value", st.NumberColumn(st.Min(0), st.Max(9)))`), "value",
			[]any{0, 9, 5}, []any{"x", -1, 10, true, 2.5})
	}, screen("C27"))},
	{"C28", "text, number, checkbox, select, date, time, datetime, list, link, image, charts, progress, any", all(func(t *testing.T) {
		at := open(t, "frames/columns.md").MustWork()
		for name, kind := range map[string]string{"name": "text", "price": "number", "fresh": "checkbox", "kind": "select", "day": "date",
			"clock": "time", "at": "datetime", "tags": "list", "site": "link", "picture": "image", "week": "lineChart", "year": "barChart", "sold": "progress"} {
			equal(t, name, config(t, at, 0, name).Kind, kind)
		}
	}, screen("C28"))},
	{"C29", "label, width, required", all(func(t *testing.T) {
		at := open(t, "frames/empty.md").MustWork()
		c := config(t, at, 0, "name")
		equal(t, "name", fmt.Sprint(c.Label, " ", c.Width, " ", c.Required), "Full Name (required) 400 true")
	}, screen("C29"))},
	{"C30", "formats", all(func(t *testing.T) {
		equal(t, "at", config(t, open(t, "frames/columns.md"), 0, "at").Format, "D MMM YYYY, HH:mm")
	}, screen("C30"))},
	{"C31", "bounds of line and bar charts", all(bounds("week", 0, 10), bounds("year", 0, 10), screen("C31"))},
	{"C32", "bounds of progress", all(bounds("sold", 0, 1), screen("C31"))},
	{"C33", "a row waits for what is required", all(func(t *testing.T) {
		at := editing(t, `[]map[string]any{{"a": "x", "b": 1}}`, `, st.Dynamic(), st.Column("a", st.TextColumn(st.Required()))`)
		at.Set("e", edits{"addedRows": []edits{{"b": 2}}}).MustWork().MustShow("[map[a:x b:1]]")
		at.Set("e", edits{"addedRows": []edits{{"b": 2, "a": "y"}}}).MustWork().MustShow("[map[a:x b:1] map[a:y b:2]]")
		at.Set("e", edits{"editedRows": edits{"0": edits{"a": nil}}}).MustWork().MustShow("[map[a:x b:1]]")
	}, screen("C33"))},
	{"C34", "max chars and patterns of text and links", all(func(t *testing.T) {
		for _, column := range []string{"TextColumn", "LinkColumn"} {
			takes(t, editing(t, `[]string{"a"}`, `, st.Column("value", st.`+column+`(st.MaxChars(4), st.Validate("^h")))`), "value",
				[]any{"h", "html"}, []any{"https", "x", 5})
		}
	}, screen("C34"))},
	{"C35", "least and greatest number, date, time and datetime", all(func(t *testing.T) {
		at := func(h, m int) string { return fmt.Sprintf("time.Date(2026, 5, 5, %d, %d, 0, 0, time.UTC)", h, m) }
		bounds := "(st.Min(" + at(9, 0) + "), st.Max(" + at(17, 30) + ")))"
		for column, v := range map[string][2][]any{
			"DateColumn":     {{"2026-05-05"}, {"2026-05-04", "2026-05-06", "x"}},
			"TimeColumn":     {{"09:00", "17:30"}, {"08:59", "17:31", "25:00"}},
			"DatetimeColumn": {{"2026-05-05T09:00:00", "2026-05-05T17:30:00"}, {"2026-05-05T08:59:00", "2026-05-06T10:00:00"}},
		} {
			data := `[]map[string]any{{"t": nil}}`
			takes(t, editing(t, data, `, st.Column("t", st.`+column+bounds), "t", v[0], v[1])
		}
	}, screen("C35"))},
	{"C36", "options of a select column", all(func(t *testing.T) {
		takes(t, editing(t, `[]string{"a"}`, `, st.Column("value", st.SelectboxColumn(st.Choices("b", "c")))`), "value", []any{"b", "c"}, []any{"d", 1})
	}, screen("C36"))},
	{"C37", "numbers are broken ones, unless a whole one is among min, max, step and default", func(t *testing.T) {
		data := `[]map[string]any{{"n": nil}}`
		for opts, whole := range map[string]bool{"": false, "st.Min(0.0)": false, "st.Min(0)": true, "st.Max(9)": true, "st.Step(1)": true, "st.Value(3)": true, "st.Step(0.5)": false} {
			yes, no := []any{2, 2.5}, []any{"x"}
			if whole {
				yes, no = []any{2}, []any{2.5, "x"}
			}
			takes(t, editing(t, data, `, st.Column("n", st.NumberColumn(`+opts+`))`), "n", yes, no)
		}
	}},
	{"C38", "an empty table: text, unless configured", all(func(t *testing.T) {
		takes(t, editing(t, `map[string][]any{"a": {}}`, `, st.Dynamic()`), "a", nil, nil)
		at := editing(t, `map[string][]any{"a": {}}`, `, st.Dynamic()`)
		equal(t, "kind", editorAt(t, at, 0).Data.Columns[0].Kind, "text")
		at.Set("e", edits{"addedRows": []edits{{"a": "x"}, {"a": 5}}}).MustWork().MustShow("map[a:[x")
	}, screen("C38"))},
	{"C39", "the index can be hidden", all(func(t *testing.T) {
		equal(t, "hidden", editorAt(t, open(t, "frames/options.md"), 0).HideIndex, true)
	}, screen("C39"))},
	{"C40", "the order of columns, which hides the others", all(func(t *testing.T) {
		equal(t, "order", fmt.Sprint(editorAt(t, open(t, "frames/options.md"), 0).Order), "[Age Name Chip]")
	}, screen("C40"))},
	{"C41", "columns, or all of it, can be read-only", all(func(t *testing.T) {
		data := `[]map[string]any{{"a": "x", "b": "y"}}`
		takes(t, editing(t, data, `, st.ReadOnly("a")`), "a", nil, []any{"z"})
		takes(t, editing(t, data, `, st.ReadOnly("a")`), "b", []any{"z"}, nil)
		equal(t, "disabled", editorAt(t, editing(t, data, `, st.Disabled(true)`), 0).Disabled, true)
	}, screen("C41"))},
	{"C42", "millions of rows: the browser holds what it shows", screen("C42")},
	{"C43", "above 150,000 rows sorting stays on", screen("C43")},
	{"C44", "names of columns are texts; keys of other types come back as they were", func(t *testing.T) {
		at := cells(t, `st.Text(fmt.Sprintf("%T %v", map[int]string{}, st.DataEditor(map[int]string{7: "a"}, st.Key("e"))))
st.Text(fmt.Sprint(st.DataEditor([][]int{{1, 2}}, st.Key("m"))))`)
		at.Set("e", edits{"editedRows": edits{"0": edits{"value": "b"}}})
		at.Set("m", edits{"editedRows": edits{"0": edits{"1": 5}}})
		at.MustWork().MustShow("map[int]string map[7:b]", "[[1 5]]")
	}},
	{"C45", "one toolbar", screen("C45")},
	{"C46", "text, number, link, checkbox, select, date, time and datetime can be edited, nothing else", all(func(t *testing.T) {
		for kind, editable := range map[string]bool{"TextColumn": true, "LinkColumn": true, "SelectboxColumn": false, "ImageColumn": false, "ListColumn": false,
			"LineChartColumn": false, "BarChartColumn": false, "ProgressColumn": false} {
			at := editing(t, `[]string{"a"}`, `, st.Column("value", st.`+kind+`())`)
			if editable {
				takes(t, at, "value", []any{"b"}, nil)
			} else {
				takes(t, at, "value", nil, []any{"b"})
			}
		}
		takes(t, editing(t, `[]map[string]any{{"l": []int{1}}}`, ``), "l", nil, []any{"b", []int{2}})
	}, screen("C46"))},
	{"C47", "the index, a map's keys, can be edited", func(t *testing.T) {
		for data, v := range map[string]any{`map[string]int{"a": 1}`: "b", `map[int]int{1: 1}`: 2, `map[float64]int{1.5: 1}`: 2.5, `map[bool]int{true: 1}`: false} {
			at := editing(t, data, "")
			at.Set("e", edits{"editedRows": edits{"0": edits{"key": v}}})
			at.MustWork().MustShow(fmt.Sprintf("map[%v:1]", v))
		}
	}},
	{"C48", "sorting and searching while rows come and go", screen("C48")},
}

func bounds(column string, low, high float64) func(*testing.T) {
	return func(t *testing.T) {
		c := config(t, open(t, "frames/columns.md"), 0, column)
		if c.Min == nil || c.Max == nil {
			t.Fatalf("%s has no bounds", column)
		}
		equal(t, column, fmt.Sprint(*c.Min, *c.Max), fmt.Sprint(low, high))
	}
}

package widgets_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"stnb.dev/widgets/internal/harness"

	st "stnb.dev/widgets"
)

// The semantics of a rerun app, rule by rule (identity, state, cleanup, order,
// triggers, interrupts, stop and rerun, forms, fragments, paths, pruning, errors).

func TestIdentity(t *testing.T) {
	t.Run("twice the same needs a key", func(t *testing.T) {
		a := harness.New(t, func() {
			st.TextInput("Name")
			st.TextInput("Name")
			st.Write("end")
		}).Run()
		a.Expect(`textInput(Name)=""`, `ERROR st.TextInput("Name") is there twice with the same parameters: tell the two apart with st.Key`, "end")
	})
	t.Run("main and sidebar, and forms, are other places", func(t *testing.T) {
		a := harness.New(t, func() {
			st.TextInput("Name")
			st.Sidebar.TextInput("Name")
			st.Form("f", func(f *st.Block) { f.TextInput("Name"); f.SubmitButton("Go") })
		}).Run()
		if strings.Contains(a.Text(), "ERROR") {
			t.Error(a.Text())
		}
	})
	t.Run("a key outlives other parameters", func(t *testing.T) {
		max := 100
		a := harness.New(t, func() {
			st.Slider("Keyed", 0, max, st.Key("k"), st.Help(fmt.Sprint(max)))
			st.Slider("Keyless", 0, max)
		}).Run()
		a.Set("Keyed", []int{40}).Set("Keyless", []int{40})
		max = 90
		a.Run().Expect("slider(Keyed)=[40]", "slider(Keyless)=[0]")
		max = 30 // 40 does not fit any more
		a.Run().Contains("slider(Keyed)=[0]")
	})
	t.Run("disabled, callbacks and label visibility do not matter", func(t *testing.T) {
		n := 0
		a := harness.New(t, func() {
			n++
			opts := []st.Option{st.OnChange(func() {}), st.Help(fmt.Sprint(n))}
			if n == 3 {
				opts = append(opts, st.Disabled(true), st.HideLabel())
			}
			st.Checkbox("c", opts...)
		}).Run()
		a.Set("c", true).Run().Expect("checkbox(c)=true disabled")
	})
	t.Run("an option stays chosen when the list changes", func(t *testing.T) {
		list := []string{"a", "b", "c"}
		var got string
		a := harness.New(t, func() { got = st.Selectbox("s", list, st.Key("s")) }).Run()
		a.Set("s", 2)
		list = []string{"x", "c"}
		if a.Run(); got != "c" {
			t.Error(got)
		}
		list = []string{"x", "y"}
		if a.Run(); got != "x" {
			t.Error(got)
		}
	})
}

type color int

const (
	red color = iota
	green
)

func (c color) String() string { return [...]string{"red", "green"}[c] }

type student struct {
	ID   int
	Name string
}

func TestOptionsAreValues(t *testing.T) { // group D
	var got color
	var many []color
	a := harness.New(t, func() {
		got = st.Selectbox("colour", []color{red, green}, st.Key("colour"))
		many = st.Multiselect("colours", []color{red, green})
		if st.State("colour", red).Get() != got {
			st.Error("state differs")
		}
	}).Run()
	a.Set("colour", 1).Set("colours", []int{1, 0})
	if got != green || len(many) != 2 || many[0] != green {
		t.Error(got, many)
	}
	a.Lacks("error: state differs")
	t.Run("the pathological example gives equal", func(t *testing.T) {
		var sel student
		b := harness.New(t, func() {
			sel = st.Selectbox("Pick", []student{{1, "Marshall"}, st.State("B", student{1, "Marshall"}).Get()})
		}).Run()
		b.Set("Pick", 1).Run()
		if sel != (student{1, "Marshall"}) {
			t.Error(sel)
		}
	})
	t.Run("a user type presets its widget", func(t *testing.T) {
		var c color
		b := harness.New(t, func() {
			st.Button("green", st.OnClick(func() { st.State("c", red).Set(green) }))
			c = st.Selectbox("c", []color{red, green}, st.Key("c"))
		}).Run()
		if b.Click("green"); c != green {
			t.Error(c)
		}
	})
}

func TestStateTypes(t *testing.T) {
	t.Run("two types for one key", func(t *testing.T) {
		a := harness.New(t, func() {
			st.State("n", 1).Get()
			st.Write(st.State("n", "x").Get())
		}).Run()
		a.Contains(`ERROR st.State("n") is used with two types, int and string: one key has one type`)
	})
	t.Run("a changed type converts or drops with a notice", func(t *testing.T) {
		first := true
		a := harness.New(t, func() {
			if first {
				st.State("n", 41).Get()
				st.State("s", "text").Get()
				return
			}
			st.Write(st.State("n", 0.5).Get())
			st.Write(st.State("s", 7).Get())
		}).Run()
		first = false
		a.Run().Contains("41")
		a.Contains("7")
		a.Contains("warning: What session state held under s does not fit its new type and was dropped.")
		a.Run().Lacks("warning: What session state held under s does not fit its new type and was dropped.")
	})
	t.Run("restored", func(t *testing.T) {
		var n int
		var p student
		var text string
		body := func() {
			n = st.State("n", 0).Get()
			p = st.State("p", student{}).Get()
			text = st.TextInput("t", st.Key("t"))
			if n == 0 {
				st.State("n", 0).Set(5)
				st.State("p", student{}).Set(student{2, "Ada"})
			}
		}
		a := harness.New(t, body).Run()
		if string(a.Result.State["n"]) != "5" {
			t.Fatalf("%s", a.Result.State)
		}
		state := a.Result.State
		b := harness.New(t, body)
		b.Session.Restore(state, map[string]json.RawMessage{a.ID("t"): json.RawMessage(`"typed"`)})
		b.Run()
		if n != 5 || p.Name != "Ada" || text != "typed" {
			t.Error(n, p, text)
		}
		if len(b.Result.State) != 0 {
			t.Errorf("unchanged state was handed over again: %s", b.Result.State)
		}
	})
}

func TestCleanup(t *testing.T) {
	show, how := true, ""
	a := harness.New(t, func() {
		switch how {
		case "stop":
			st.Stop()
		case "panic":
			panic("oh")
		}
		if show {
			st.TextInput("gone", st.Key("gone"))
			st.TextInput("kept", st.Key("kept"), st.Persist())
			st.TextInput("keyless")
		}
		st.Write("end")
	}).Run()
	fill := func() {
		show, how = true, ""
		a.Run().Set("gone", "1").Set("kept", "1").Set("keyless", "1")
	}
	fill()
	for _, how = range []string{"stop", "panic"} {
		a.Run() // did not reach the widgets: they are kept
	}
	how = ""
	a.Run().Contains(`textInput(gone)="1"`)
	show = false
	a.Run().Expect("end")
	show = true
	a.Run().Expect(`textInput(gone)=""`, `textInput(kept)="1"`, `textInput(keyless)=""`, "end")
}

func TestCallbackOrder(t *testing.T) {
	var log []string
	note := func(s string) func() { return func() { log = append(log, s) } }
	a := harness.New(t, func() {
		log = append(log, "body")
		st.TextInput("b", st.OnChange(note("b")))
		st.TextInput("a", st.OnChange(note("a")))
		st.Button("go", st.OnClick(note("go")))
	}).Run()
	log = nil
	a.Hold("a", "1").Hold("b", "1").Click("go")
	if got := strings.Join(log, " "); got != "b a go body" {
		t.Error(got)
	}
	log = nil
	a.Set("a", "1") // the same value: no callback
	if got := strings.Join(log, " "); got != "body" {
		t.Error(got)
	}
	t.Run("rerun and stop do nothing in a callback", func(t *testing.T) {
		a := harness.New(t, func() {
			st.Button("go", st.OnClick(func() { st.Rerun(); st.Write("on") }))
		}).Run()
		a.Click("go").Contains("ERROR st.Rerun does nothing in a callback: the run follows the callback anyway")
		a.Contains("on")
		a.Run().Expect("button(go)")
	})
	t.Run("a callback that panics", func(t *testing.T) {
		a := harness.New(t, func() {
			st.Button("go", st.OnClick(func() { panic("oh") }))
			st.Write("body")
		}).Run()
		if a.Click("go"); a.Panic != "oh" {
			t.Error(a.Panic)
		}
		a.Contains("body")
	})
}

func TestSupersededRun(t *testing.T) {
	var a *harness.App
	stop := false
	n := 0
	a = harness.New(t, func() {
		clicks := st.State("clicks", 0)
		st.Button("+", st.OnClick(func() { clicks.Set(clicks.Get() + 1) }))
		if stop {
			a.Interrupt()
		}
		defer func() {
			if r := recover(); r != nil {
				panic(r)
			}
		}()
		st.Write("late")
		n++
		st.Button("seen late")
	}).Run()
	stop = true
	a.Click("+")
	if a.Panic != nil || n != 1 {
		t.Error("the run went on", a.Panic, n)
	}
	a.Contains("late") // nothing is pruned
	if len(a.Result.Unseen) != 0 {
		t.Error("the callback saw the click", a.Result.Unseen)
	}
	stop = false
	a.Run()
	if st := a.Session.StateKeys(); len(st) != 1 {
		t.Error(st)
	}
	stop = true
	a.Click("seen late")
	if len(a.Result.Unseen) != 1 || a.Result.Unseen[0].Widget != a.ID("seen late") {
		t.Error("a click that nobody saw is lost", a.Result.Unseen)
	}
}

func TestStopAndRerun(t *testing.T) {
	stop := false
	a := harness.New(t, func() {
		st.Write("above")
		if stop {
			st.Stop()
		}
		st.Write("below")
	}).Run()
	stop = true
	a.Run().Expect("above")
	if a.Panic != nil {
		t.Error(a.Panic)
	}
}

func TestForms(t *testing.T) {
	var got string
	submits, calls := 0, 0
	a := harness.New(t, func() {
		st.Form("signup", func(f *st.Block) {
			got = st.TextInput("Name")
			f.Checkbox("Agree")
			if f.SubmitButton("Go", st.OnClick(func() { calls++ })) {
				submits++
			}
		}, st.ClearOnSubmit())
	}).Run()
	a.Hold("Name", "Ann").Hold("Agree", true).Click("Go")
	if got != "Ann" || submits != 1 || calls != 1 {
		t.Error(got, submits, calls)
	}
	a.Expect("form", `  textInput(Name)=""`, "  checkbox(Agree)=false", "  button(Go)")
	if a.Run(); got != "" {
		t.Error("the form was not cleared", got)
	}
	t.Run("misuse", func(t *testing.T) {
		a := harness.New(t, func() {
			st.Form("f", func(f *st.Block) {
				f.Button("b")
				f.TextInput("t", st.OnChange(func() {}))
				f.Form("inner", func(g *st.Block) { g.Text("in") })
				f.SubmitButton("ok")
			})
			st.Form("f", nil)
			st.Form("none", func(f *st.Block) { f.TextInput("u") })
			later := st.Form("later", func(f *st.Block) { f.TextInput("v") })
			later.SubmitButton("send")
			st.Container().SubmitButton("out")
		}).Run()
		for _, want := range []string{
			`ERROR st.Button("b") cannot stand in a form: a form's only button is SubmitButton`,
			`ERROR st.TextInput("t") has a callback and stands in a form: its value arrives with the submit, so give st.OnClick to SubmitButton`,
			`ERROR st.Form("inner") stands in another form: forms cannot be nested`,
			`ERROR st.Form("f") is there twice with the name "f": give each form a name of its own`,
			`ERROR st.Form("none") has no submit button: nobody can send what it holds; call SubmitButton on its block`,
			`ERROR SubmitButton("out") stands outside a form: call it on the block that st.Form gives you`,
		} {
			a.Contains(want)
		}
		a.Lacks(`ERROR st.Form("later") has no submit button: nobody can send what it holds; call SubmitButton on its block`)
		if a.Result.Errors != 6 {
			t.Error(a.Result.Errors)
		}
	})
}

func TestFragments(t *testing.T) {
	body, frag := 0, 0
	a := harness.New(t, func() {
		body++
		out := st.Container()
		st.Fragment(func() {
			frag++
			st.Checkbox("in")
			st.Write(fmt.Sprintf("fragment %d", frag))
			out.Write(fmt.Sprintf("outside %d", frag))
			if frag == 3 {
				st.Sidebar.Checkbox("no")
			}
		}, st.RunEvery(time.Second))
		out.Write("after")
		st.Write("below")
	}).Run()
	a.Set("in", true)
	if body != 1 || frag != 2 {
		t.Fatal(body, frag)
	}
	a.Expect("container", "  fragmentBox", "    outside 2", "  after", "fragmentBox", "  checkbox(in)=true", "  fragment 2", "below")
	a.Tick(a.Fragments()[0])
	a.Contains(`ERROR st.Checkbox("no") writes into a container made outside of its st.Fragment: widgets of a fragment stay inside it`)
	a.Tick("nope") // gone fragments are ignored
	a.Run()
	if body != 2 || a.Result.Errors != 0 {
		t.Error(body)
	}
	t.Run("a panic stays in its fragment", func(t *testing.T) {
		a := harness.New(t, func() {
			st.Fragment(func() { st.Write("one"); panic("oh") })
			st.Fragment(func() { st.Write("two") })
		}).Run()
		a.Expect("fragmentBox", "  one", "  ERROR oh", "fragmentBox", "  two")
	})
	t.Run("rerun of a fragment", func(t *testing.T) {
		n, body := 0, 0
		a := harness.New(t, func() {
			body++
			st.Fragment(func() {
				n++
				if st.Button("again") {
					st.Rerun(st.FragmentOnly())
				}
			})
		}).Run()
		a.Click("again")
		if n != 3 || body != 1 {
			t.Error(n, body)
		}
	})
	t.Run("widgets of other fragments and the body are kept", func(t *testing.T) {
		a := harness.New(t, func() {
			st.TextInput("outer")
			st.Fragment(func() { st.TextInput("f1") })
			st.Fragment(func() { st.TextInput("f2") })
		}).Run()
		a.Set("outer", "1").Set("f1", "1").Set("f2", "1").Set("f1", "2").Run()
		a.Contains(`textInput(outer)="1"`)
		a.Contains(`textInput(f1)="2"`)
		a.Contains(`textInput(f2)="1"`)
	})
}

func TestDialog(t *testing.T) {
	body := 0
	a := harness.New(t, func() {
		body++
		if st.Button("open") {
			st.Dialog("Vote", func() {
				why := st.TextInput("why")
				st.Dialog("two", func() {})
				if st.Button("send") {
					st.State("why", "").Set(why)
					st.Rerun()
				}
			})
		}
		st.Write("why: " + st.State("why", "").Get())
	}).Run()
	a.Click("open").Contains("event: dialog(Vote)")
	a.Contains(`ERROR st.Dialog("two") opens within another dialog: one is open at a time`)
	a.Set("why", "because")
	if body != 2 {
		t.Error("the dialog ran the whole notebook")
	}
	a.Click("send").Expect("button(open)", "why: because")
}

func TestEmptyAndUpdates(t *testing.T) { // group A
	t.Run("A2 to A5", func(t *testing.T) {
		step := 0
		a := harness.New(t, func() {
			e := st.Empty()
			e.Write("one")
			e.LineChart([]int{1, 2})
			if step == 1 {
				e.Empty()
			}
			if step == 2 {
				c := e.Container()
				c.Write("a")
				c.Write("b")
				c = e.Container()
				c.Write("c")
			}
		}).Run()
		a.Expect("empty", "  chart")
		step = 1
		a.Run().Expect("empty")
		step = 2
		a.Run().Expect("empty", "  container", "    c")
	})
	t.Run("A6 to A8 add rows", func(t *testing.T) {
		a := harness.New(t, func() {
			table := st.Table([]student{{1, "a"}})
			table.AddRows([]student{{2, "b"}})
			table.AddRows([]int{1})
			grid := st.Dataframe([]int{1})
			grid.AddRows([]int{2, 3})
			for _, c := range []*st.Element{st.LineChart([]float64{1}), st.AreaChart([]float64{1}), st.BarChart([]float64{1}), st.ScatterChart([]float64{1}), st.LineChart(nil)} {
				c.AddRows([]float64{2})
				c.AddRows([]float64{3})
			}
			st.Write("x").AddRows([]int{1})
		}).Run()
		a.Contains(`+{"rows":[["2","b"]]}`)
		a.Contains("ERROR st.Table: AddRows: the rows have 1 columns, the table has 2")
		if n := strings.Count(a.Text(), `+{"series":[[3]],"x":[2]}`); n != 4 {
			t.Error(n, a.Text())
		}
		if n := strings.Count(a.Text(), `+{"series":[[3]],"x":[1]}`); n != 1 {
			t.Error("a chart that started empty:", a.Text())
		}
		a.Contains("ERROR st.Markdown: AddRows works on tables, grids and charts only")
	})
	t.Run("A9 progress", func(t *testing.T) {
		step := 0
		a := harness.New(t, func() {
			p := st.Progress(0, "start")
			p.Progress(50, "half")
			p.Progress(0.75, "**more**")
			p.Progress(1 + 1e-10)
			if step == 1 {
				p.Empty()
			}
			if step == 2 {
				p.Progress(101)
				p.Progress(-0.1)
				p.Progress("x")
			}
		}).Run()
		a.Expect("progress: 1")
		step = 1
		a.Run().Expect("")
		step = 2
		a.Run().Contains("ERROR st.Progress is 101; it is an int from 0 to 100 or a float from 0 to 1")
	})
	t.Run("A10 status", func(t *testing.T) {
		a := harness.New(t, func() {
			st.Status("Work", func(s *st.StatusBox) {
				s.Write("step 1")
				s.Update(st.As("Working"))
				st.Write("step 2")
			})
			st.Status("Broken", func(s *st.StatusBox) { s.Update(st.StatusState("error")) })
			st.Status("Odd", nil, st.StatusState("idle"))
			func() {
				defer func() { recover() }()
				st.Status("Panics", func(*st.StatusBox) { panic("oh") })
			}()
		}).Run()
		a.Expect("status(Working) complete", "  step 1", "  step 2", "status(Broken) error",
			"ERROR st.Status has the state \"idle\"; it is running, complete or error", "status(Odd) running", "status(Panics) error")
	})
	t.Run("A11 toast", func(t *testing.T) {
		a := harness.New(t, func() {
			m := st.Toast("one", st.Icon("🎉"))
			m.Toast("two")
			st.Toast(" ")
		}).Run()
		a.Expect("ERROR st.Toast needs a text", "event: toast: two")
	})
}

func TestMisuse(t *testing.T) {
	at := func(day int) time.Time { return time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC) }
	cases := []struct {
		body func()
		want string
	}{
		{func() { st.Slider("s", 5, 1) }, `st.Slider("s") has the range 5 to 1; the first must be the smaller`},
		{func() { st.Slider("s", 0, 10, st.Value(11)) }, `st.Slider("s") has st.Value(11), which is not within 0 to 10`},
		{func() { st.NumberInput("n", 20, st.Max(10)) }, `st.NumberInput("n") starts with 20, which is more than 10`},
		{func() { st.NumberInput("n", 2, st.Value("two")) }, `st.NumberInput("n") has st.Value(two), which is no number`},
		{func() { st.Slider("s", 0, 10, st.Value(1.5)) }, `st.Slider("s") has st.Value(1.5), which is no whole number`},
		{func() { st.TimeInput("t", st.Step(time.Second)) }, `st.TimeInput("t") has a st.Step that is no time.Duration from a minute to 23 hours`},
		{func() { st.DatetimeInput("d", st.Step(15)) }, `st.DatetimeInput("d") has a st.Step that is no time.Duration from a minute to 23 hours`},
		{func() { st.DatetimeInput("d", st.Min(at(2)), st.Max(at(1))) }, `st.DatetimeInput("d") has a st.Min after its st.Max`},
		{func() { st.DateInput("d", st.Min(at(2)), st.Max(at(1))) }, `st.DateInput("d") has a st.Min after its st.Max`},
		{func() { st.Selectbox("s", []string{"a"}, st.Value("b")) }, `st.Selectbox("s") has st.Value(b), which is not among its options`},
		{func() { st.Multiselect("m", []string{"a", "b"}, st.Value("a", "b"), st.MaxSelections(1)) }, `st.Multiselect("m") starts with 2 chosen, but at most 1 can be`},
		{func() { st.Info("x", st.Icon("nope")) }, `st.Info has st.Icon("nope"), which is no icon: give an emoji such as "🚀", or ":material/home:"`},
		{func() { st.Columns(0) }, `st.Columns needs at least one column and at most 100, not 0`},
		{func() { st.LinkButton("l", "javascript:alert(1)") }, `st.LinkButton("l") leads to "javascript:alert(1)"; a link is http, https, mailto or a path`},
		{func() { st.JSON("{") }, `st.JSON got text that is no JSON`},
		{func() { st.Dataframe(3) }, `st.Dataframe: a int is no table: give a slice of structs or maps, a map of slices, or a frame`},
		{func() { st.LineChart([]student{{1, "a"}}, st.X("age")) }, `st.LineChart: there is no column "age"; there are ID, Name`},
		{func() { st.Map([]student{{1, "a"}}) }, `st.Map needs the columns lat and lon; there are ID, Name`},
		{func() { st.Image("nope.png") }, `st.Image cannot read nope.png: no such file or directory`},
		{func() { st.Image("data:image/png;base64," + strings.Repeat("A", 999)) }, `st.Image cannot read data:image/png;base64,` + strings.Repeat("A", 178) + `…: no such file or directory`},
		{func() { st.Feedback("stars", st.Value(5)) }, `st.Feedback("stars") has st.Value(5); it is a whole number from 0 to 4`},
		{func() { st.ColorPicker("c", st.Value("magenta")) }, `st.ColorPicker("c") has a st.Value that is no colour such as "#00ff88"`},
		{func() { st.SetPageConfig(st.PageIcon("rocket")) }, `st.SetPageConfig has st.Icon("rocket"), which is no icon: give an emoji such as "🚀", or ":material/home:"`},
		{func() { st.Button("b", st.Icon(":material/nope:")) }, `st.Button("b") has st.Icon(":material/nope:"), which is not among the icons of a page: give an emoji such as "🚀", or one of add, …`},
		{func() { st.Fragment(nil) }, `st.Fragment needs a func, and got nil`},
		{func() { st.Dialog("d", nil) }, `st.Dialog("d") needs a func, and got nil`},
		{func() { st.Spinner("s", nil) }, `st.Spinner("s") needs a func, and got nil`},
		{func() { st.WriteStream(nil) }, `st.WriteStream needs a func, and got nil`},
		{func() { st.Columns(2, st.Gap("huge")) }, `st.Columns has st.Gap("huge"); it is one of none, xxsmall, xsmall, small, medium, large`},
		{func() { st.Badge("b", st.Color("pale")) }, `st.Badge has st.Color("pale"); it is one of red, …`},
		{func() { st.Feedback("hands") }, `st.Feedback("hands") is unknown; there are thumbs, faces and stars`},
		{func() { st.Button("b", st.Key("k")); st.State("k", false).Set(true) }, `st.State("k").Set comes after the widget with st.Key("k") was shown in this run: set it before the widget, or in a callback`},
		{func() { st.State("k", false).Set(true); st.Button("b", st.Key("k")) }, `st.Button("b") takes no value from st.State("k"): a click is all that changes it`},
		{func() { st.State("k", "").Set("x"); st.Slider("s", 0, 9, st.Key("k")) }, `st.Slider("s") cannot take the value x that st.State("k") was set to`},
		{func() { st.SetPageConfig(st.Layout("tall")) }, `st.SetPageConfig has st.Layout("tall"); it is centered or wide`},
		{func() { st.QueryParams().Set("embed", 1) }, `st.QueryParams().Set("embed") sets a parameter that stnb itself uses: choose another name`},
		{func() { st.Write(errors.New("plain error")) }, `plain error`},
		{func() { st.SQL("SELECT nope"); st.Dataframe(st.SQL("SELECT * FROM nope")) }, `st.Dataframe: Catalog Error: Table with name nope does not exist!…`},
	}
	for _, tc := range cases {
		a := harness.New(t, func() { tc.body(); st.Write("goes on") }).Run()
		if a.Panic != nil {
			t.Errorf("%s: %v", tc.want, a.Panic)
		}
		a.Contains("ERROR " + tc.want)
		a.Contains("goes on")
		if a.Result.Errors == 0 {
			t.Error("not counted:", tc.want)
		}
	}
}

// A visitor can send anything.
func TestTampering(t *testing.T) {
	a := harness.New(t, func() {
		st.Slider("slider", 0, 10)
		st.SliderRange("range", 0.0, 1.0)
		st.NumberInput("number", 1, st.Min(0), st.Max(5))
		st.NumberInput("small", int8(3))
		st.NumberInput("count", uint(0))
		st.TextInput("text", st.MaxChars(3))
		st.Selectbox("select", []string{"a", "b"})
		st.Radio("radio", []string{"a", "b"})
		st.Multiselect("multi", []string{"a", "b", "c"}, st.MaxSelections(2))
		st.Checkbox("check")
		st.Checkbox("off", st.Disabled(true))
		st.DateInput("date", st.Value(time.Date(2020, 5, 1, 0, 0, 0, 0, time.UTC)), st.Min(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)))
		st.TimeInput("time", st.Value(9*time.Hour))
		st.ColorPicker("color")
		st.FileUploader("file")
		st.SelectSlider("sel", []string{"a", "b"})
		st.Pills("pills", []string{"a", "b"})
		st.Button("button", st.Disabled(true))
	}).Run()
	before := a.Text()
	bad := map[string][]string{
		"slider": {`[11]`, `[-1]`, `[1.5]`, `[1,2]`, `[]`, `5`, `"5"`, `null`, `[1e400]`, `{}`},
		"range":  {`[0.9,0.1]`, `[0]`, `[-1,2]`, `["NaN",1]`}, "number": {`6`, `-1`, `1.5`, `null`, `"1"`, `1e999`},
		"small": {`128`, `-129`}, "count": {`-1`, `9007199254740992`},
		"text": {`"long"`, `1`, `null`, `["a"]`}, "select": {`2`, `-1`, `"x"`, `0.5`, `null`}, "radio": {`9`, `-1`},
		"multi": {`[0,1,2]`, `[0,0]`, `[7]`, `[-1]`, `0`}, "check": {`1`, `"true"`, `null`}, "off": {`true`},
		"date": {`["2019-01-01"]`, `["x"]`, `[]`, `["2020-01-01","2020-01-02"]`, `"2020-02-02"`}, "time": {`"25:00"`, `9`},
		"color": {`"red"`, `"#12345g"`, `"#000000;x"`}, "file": {`[{"id":"../../etc/passwd"}]`, `[{"id":"deadbeefdeadbeef","name":"x"}]`},
		"sel": {`[2]`, `[0,1]`, `[]`}, "pills": {`[0,1]`, `[5]`},
	}
	for name, values := range bad {
		id := a.ID(name)
		for _, v := range values {
			a.Raw(id, v)
			if a.Text() != before {
				t.Fatalf("%s took %s:\n%s", name, v, a.Text())
			}
			if len(a.Result.Rejected) != 1 {
				t.Errorf("%s: %s was not reported", name, v)
			}
		}
	}
	a.Raw("unknown-widget", `1`)
	a.Click("button")
	if a.Panic != nil || a.Text() != before {
		t.Error(a.Panic)
	}
}

func TestNavigation(t *testing.T) {
	a := harness.New(t, func() {
		var two *st.PageDef
		one := st.Page("Page One", func() {
			st.Write("first")
			if st.Button("go") {
				st.SwitchPage(two)
			}
			st.Button("call", st.OnClick(func() { st.SwitchPage(two) }))
		})
		two = st.Page("Two", func() { st.Write("second") }, st.Path("2"))
		st.Navigation([]*st.PageDef{nil, one, two})
		st.PageLink(two)
	}).Run()
	a.Contains("first")
	a.Goto("2", "").Contains("second")
	a.Goto("", "").Click("go").Contains("second")
	a.Goto("page-one", "").Contains("first")
	a.Click("call").Contains("second")
	if a.Result.Errors > 0 {
		t.Error(a.Text())
	}
	a.Goto("nope", "").Contains(`ERROR st.Navigation has no page "nope"`)
}

func TestPagesForgetWidgets(t *testing.T) {
	var seen []bool
	a := harness.New(t, func() {
		st.TextInput("Everywhere", st.Key("all"))
		st.Navigation([]*st.PageDef{
			st.Page("One", func() { st.TextInput("A", st.Key("a")); st.TextInput("B", st.Key("b"), st.Persist()) }),
			st.Page("Two", func() {
				seen = append(seen, st.HasState("a"), st.State("b", "").Get() == "kept", st.State("all", "").Get() == "x")
			}),
		})
	}).Run()
	a.Set("a", "typed").Set("b", "kept").Set("all", "x")
	a.Goto("two", "").Run()
	if fmt.Sprint(seen) != "[false true true false true true]" {
		t.Error("the other page's widgets, at the beginning of a page's first and second run:", seen)
	}
}

func TestQueryParams(t *testing.T) {
	a := harness.New(t, func() {
		q := st.QueryParams()
		st.Write(q.Get("a"), len(q.GetAll("a")), strings.Join(q.Names(), ","))
		if st.Button("set") {
			q.Set("b", 1, true)
			q.Delete("a")
		}
	})
	a.Goto("", "a=1&a=2").Contains("2 2 a")
	a.Click("set")
	if a.Result.Query == nil || *a.Result.Query != "b=1&b=true" {
		t.Error(a.Result.Query)
	}
	a.Run().Contains("0 b…")
}

func TestOneChangeSendsOneDelta(t *testing.T) {
	a := harness.New(t, func() {
		st.Title("x")
		for i := range 200 {
			st.Write(fmt.Sprintf("line %d", i))
		}
		n := st.Slider("n", 0, 10)
		st.Write(fmt.Sprintf("n is %d", n))
		st.Dataframe([]student{{1, "a"}})
		st.Dataframe(st.SQL("SELECT * FROM range(100)"))
		st.LineChart([]float64{1, 2, 3})
	}).Run()
	a.Set("n", []int{3})
	var paths []string
	for _, d := range a.Deltas {
		paths = append(paths, string(d.Op)+" "+string(d.Path))
	}
	if len(paths) != 2 { // the slider's own value and the text
		t.Error(paths)
	}
	a.Run()
	if len(a.Deltas) != 0 {
		t.Error(a.Deltas)
	}
}

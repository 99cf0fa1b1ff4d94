package examples

import (
	"strings"
	"testing"
	"time"

	"stnb.dev/appmode/apptest"
)

// TestSemantics is what makes a rerun app feel right, by the numbers of the list
// in the project's description of rerun semantics.
func TestSemantics(t *testing.T) {
	for name, test := range map[string]func(t *testing.T){
		"identity by key survives changed parameters": func(t *testing.T) {
			at := cells(t, `n := st.Slider("Options", 2, 5)
var options []string
for i := range n { options = append(options, fmt.Sprint("option ", i)) }
st.Metric("Keyed", st.Selectbox("Keyed", options, st.Key("k")))
st.Metric("Label", st.TextInput(fmt.Sprint("Label ", n), st.Key("label")))`)
			at.Selectbox("k").Select("option 1")
			at.TextInput("label").Set("typed")
			at.Slider("Options").Set(4)
			equal(t, "keyed", at.Metric("Keyed").Value(), "option 1")
			equal(t, "label changed, value stays", at.Metric("Label").Value(), "typed")
			at.MustWork()
		},
		"identity without a key goes by parameters": func(t *testing.T) {
			at := cells(t, `n := st.Slider("N", 0, 5)
st.Metric("Value", st.TextInput(fmt.Sprint("Name ", n)))`)
			at.TextInput("Name 0").Set("typed")
			at.Slider("N").Set(1)
			equal(t, "another widget", at.Metric("Value").Value(), "")
		},
		"a widget that is not shown loses its value, unless a run ended early": func(t *testing.T) {
			at := cells(t, `show := st.Checkbox("Show", st.Value(true))
if st.Button("Stop") { st.Stop() }
if show { st.Metric("Value", st.TextInput("Name", st.Key("name"))) }`)
			at.TextInput("name").Set("typed")
			at.Button("Stop").Click()
			at.Run()
			equal(t, "after st.Stop", at.Metric("Value").Value(), "typed")
			at.Checkbox("Show").Set(false)
			at.Checkbox("Show").Set(true)
			equal(t, "after it was hidden", at.Metric("Value").Value(), "")
		},
		"st.Persist keeps the value of a hidden widget": func(t *testing.T) {
			at := cells(t, `if st.Checkbox("Show", st.Value(true)) { st.Metric("Value", st.TextInput("Name", st.Key("name"), st.Persist())) }`)
			at.TextInput("name").Set("typed")
			at.Checkbox("Show").Set(false)
			at.Checkbox("Show").Set(true)
			equal(t, "value", at.Metric("Value").Value(), "typed")
		},
		"callbacks of all changed widgets, before the body, with values in": func(t *testing.T) {
			at := cells(t, `log := st.State("log", "")
note := func(s string) func() { return func() { log.Set(log.Get() + s + "=" + st.State(s, "").Get() + ";") } }
st.Metric("Log", log.Get())
st.TextInput("A", st.Key("a"), st.OnChange(note("a")))
st.TextInput("B", st.Key("b"), st.OnChange(note("b")))`)
			at.TextInput("a").Set("1")
			equal(t, "one", at.Metric("Log").Value(), "a=1;")
			at.TextInput("a").Set("1")
			equal(t, "the same value is no change", at.Metric("Log").Value(), "a=1;")
			at.TextInput("b").Set("2")
			equal(t, "the other", at.Metric("Log").Value(), "a=1;b=2;")
		},
		"a panic in a callback ends the run before the body": func(t *testing.T) {
			at := cells(t, `ran := st.State("ran", 0)
ran.Set(ran.Get() + 1)
st.Button("Bad", st.OnClick(func() { panic("in the callback") }))
st.Metric("Ran", ran.Get())`)
			at.Button("Bad").Click()
			fault(t, at, "in the callback")
			n, _ := apptest.State[int](at, "ran")
			equal(t, "ran", n, 1)
			at.Run()
			at.MustWork()
		},
		"the page stays when a callback panics, and the next click works": func(t *testing.T) {
			at := cells(t, `n := st.State("n", 0)
st.Button("Bad", st.OnClick(func() { panic("in the callback") }))
st.Button("Add", st.OnClick(func() { n.Set(n.Get() + 1) }))
st.Metric("Added", n.Get())`)
			at.Button("Bad").Click()
			fault(t, at, "in the callback")
			at.Button("Add").Click()
			equal(t, "added", at.Metric("Added").Value(), "1")
			at.MustWork()
		},
		"a fragment stays when a callback panics, and the next click works": func(t *testing.T) {
			at := cells(t, `n := st.State("n", 0)
st.Fragment(func() {
	st.Button("Bad", st.OnClick(func() { panic("in the callback") }))
	st.Button("Add", st.OnClick(func() { n.Set(n.Get() + 1) }))
	st.Metric("Added", n.Get())
})`)
			at.Button("Bad").Click()
			fault(t, at, "in the callback")
			at.Button("Add").Click()
			equal(t, "added", at.Metric("Added").Value(), "1")
			at.MustWork()
		},
		"a click whose callback panics costs another click nothing": func(t *testing.T) {
			at := cells(t, `n, m := st.State("n", 0), st.State("m", 0)
st.Button("Bad", st.OnClick(func() { panic("in the callback") }))
st.Button("Add", st.OnClick(func() { n.Set(n.Get() + 1) }))
if st.Button("Seen") { m.Set(m.Get() + 1) }
st.Metric("Sum", n.Get() + 10*m.Get())
time.Sleep(300 * time.Millisecond)`)
			at.Start(func(at *apptest.App) { // the clicks come together, while the page runs
				at.Run()
				at.Button("Bad").Click()
				at.Button("Add").Click()
				at.Button("Seen").Click()
			}).Wait()
			equal(t, "both others counted", at.Metric("Sum").Value(), "11")
		},
		"st.Stop ends the run, and takes away what is below": func(t *testing.T) {
			at := cells(t, `stop := st.Checkbox("Stop")
if stop { st.Stop() }
st.Write("below")`, `st.Write("next cell")`)
			at.MustShow("below", "next cell")
			at.Checkbox("Stop").Set(true)
			at.MustNotShow("below", "next cell").MustWork()
		},
		"recover does not swallow st.Stop and st.Rerun": func(t *testing.T) {
			at := cells(t, `func safely(f func()) { defer func() { recover() }(); f() }
runs := st.State("runs", 0)
runs.Set(runs.Get() + 1)
if st.Button("Again") { safely(func() { st.Rerun() }) }
if st.Checkbox("Stop") { safely(func() { st.Stop() }) }
safely(func() { panic("mine") })
st.Metric("Runs", runs.Get())`)
			at.Button("Again").Click()
			equal(t, "runs", at.Metric("Runs").Value(), "3")
			at.Checkbox("Stop").Set(true)
			equal(t, "stopped", at.Metric("Runs").Exists(), false)
		},
		"forms hold their values until the submit": func(t *testing.T) {
			at := cells(t, `runs := st.State("runs", 0)
runs.Set(runs.Get() + 1)
st.Form("f", func(f *st.Block) {
	name := f.TextInput("Name")
	age := st.Slider("Age", 0, 100, st.In(f))
	if f.SubmitButton("Go") { f.Write("sent", name, age) }
})
st.Metric("Runs", runs.Get())`)
			at.TextInput("Name").Set("Ada")
			at.Slider("Age").Set(36)
			equal(t, "nothing ran", at.Metric("Runs").Value(), "1")
			at.Button("Go").Click()
			at.MustShow("sent Ada 36").MustWork()
			equal(t, "one run", at.Metric("Runs").Value(), "2")
			at.Run()
			at.MustNotShow("sent Ada")
			equal(t, "values stay", at.TextInput("Name").Value(), "Ada")
		},
		"clear on submit": func(t *testing.T) {
			at := cells(t, `st.Form("f", func(f *st.Block) {
	name := f.TextInput("Name", st.Value("nobody"))
	if f.SubmitButton("Go") { f.Write("sent", name) }
}, st.ClearOnSubmit())`)
			at.TextInput("Name").Set("Ada")
			at.Button("Go").Click()
			at.MustShow("sent Ada")
			equal(t, "cleared", at.TextInput("Name").Value(), "nobody")
			at.Run()
			equal(t, "and stays", at.TextInput("Name").Value(), "nobody")
		},
		"misuse of forms": func(t *testing.T) {
			fault(t, cells(t, `st.Form("f", func(f *st.Block) { st.Form("g", func(g *st.Block) {}) })`), "form")
			fault(t, cells(t, `st.Form("f", func(f *st.Block) { f.Button("No") ; f.SubmitButton("Go") })`), "form")
		},
		"a fragment runs alone": func(t *testing.T) {
			at := cells(t, `runs := st.State("runs", 0)
runs.Set(runs.Get() + 1)
inner := st.State("inner", 0)
st.Fragment(func() {
	inner.Set(inner.Get() + 1)
	n := st.Slider("In", 0, 10)
	st.Metric("Inner", fmt.Sprint(inner.Get(), "/", n))
})
st.Metric("Runs", runs.Get())`)
			at.Slider("In").Set(3)
			at.Slider("In").Set(4)
			equal(t, "inner", at.Metric("Inner").Value(), "3/4")
			equal(t, "outer", at.Metric("Runs").Value(), "1")
			at.Run()
			equal(t, "outer", at.Metric("Runs").Value(), "2")
			equal(t, "inner keeps its value", at.Metric("Inner").Value(), "4/4")
			at.MustWork()
		},
		"a fragment's timer": func(t *testing.T) {
			at := cells(t, `n := 0
st.Fragment(func() { n++; st.Metric("Ticks", n) }, st.RunEvery(time.Hour))`)
			at.Tick().Tick()
			equal(t, "ticks", at.Metric("Ticks").Value(), "3")
			at.MustWork()
		},
		"a fault in a fragment stays in its place": func(t *testing.T) {
			at := cells(t, `st.Fragment(func() { if !st.Checkbox("Good") { panic("inside") }; st.Write("fine") })
st.Write("outside")`)
			fault(t, at, "cell 1:4:48: inside")
			at.MustShow("outside") // which comes after it, in the same run
			at.Checkbox("Good").Set(true)
			at.MustShow("fine")
			at.MustWork()
			at.Checkbox("Good").Set(false)
			at.MustShow("outside")
		},
		"rerun of a fragment only": func(t *testing.T) {
			at := cells(t, `outer := st.State("outer", 0)
outer.Set(outer.Get() + 1)
inner := st.State("inner", 0)
st.Fragment(func() {
	inner.Set(inner.Get() + 1)
	if st.Button("Again") { st.Rerun(st.FragmentOnly()) }
	st.Metric("Inner", inner.Get())
})
st.Metric("Outer", outer.Get())`)
			at.Button("Again").Click()
			equal(t, "inner", at.Metric("Inner").Value(), "3")
			equal(t, "outer", at.Metric("Outer").Value(), "1")
		},
		"clicks while a run is on are never lost": func(t *testing.T) {
			at := cells(t, `n := st.State("n", 0)
if st.Button("Add") { n.Set(n.Get() + 1) }
called := st.State("called", 0)
st.Button("Call", st.OnClick(func() { called.Set(called.Get() + 1) }))
time.Sleep(30 * time.Millisecond)
x := 0
for i := range 100000 { x += i }
st.Metric("n", n.Get())
st.Metric("called", called.Get())`)
			at.Start(func(at *apptest.App) {
				for range 20 {
					at.Button("Call").Click()
					time.Sleep(2 * time.Millisecond)
				}
			}).Wait()
			equal(t, "called", at.Metric("called").Value(), "20")
			at.Start(func(at *apptest.App) {
				for range 5 {
					at.Button("Add").Click()
					time.Sleep(70 * time.Millisecond)
				}
			}).Wait()
			equal(t, "n", at.Metric("n").Value(), "5")
			at.MustWork()
		},
		"a new interaction supersedes a pure computation at once": func(t *testing.T) {
			at := cells(t, `heavy := st.Checkbox("Heavy")
x := 0
for i := 0; heavy && i < 1<<40; i++ { x += i & 3 }
st.Metric("x", x)`)
			at.Start(func(at *apptest.App) { at.Checkbox("Heavy").Set(true) })
			time.Sleep(100 * time.Millisecond) // in the middle of it, as a rule
			at.Checkbox("Heavy").Set(false)
			equal(t, "x", at.Metric("x").Value(), "0")
			at.MustWork()
		},
		"a superseded run changes nothing afterwards": func(t *testing.T) {
			at := cells(t, `slow := st.Checkbox("Slow")
place := st.Empty()
if slow {
	for i := 0; i < 1<<40; i++ { place.Write("tick", i); time.Sleep(time.Millisecond) }
	st.State("late", 0).Set(1)
}
st.Metric("slow", slow)`)
			at.Start(func(at *apptest.App) { at.Checkbox("Slow").Set(true) })
			at.Until("a tick", func() bool { return at.Shows("tick") })
			at.Checkbox("Slow").Set(false)
			time.Sleep(50 * time.Millisecond)
			at.MustNotShow("tick")
			if _, ok := apptest.State[int](at, "late"); ok {
				t.Error("state was set after the end")
			}
		},
		"the query string": func(t *testing.T) {
			at := cells(t, `q := st.QueryParams()
st.Metric("a", q.Get("a"))
st.Metric("all", strings.Join(q.GetAll("a"), ","))
if st.Button("Set") { q.Set("b", 7) }`)
			at.SetQuery("a=1&a=2")
			equal(t, "the last", at.Metric("a").Value(), "2")
			equal(t, "all", at.Metric("all").Value(), "1,2")
			at.Button("Set").Click()
			if q := at.Query(); !strings.Contains(q, "b=7") || !strings.Contains(q, "a=1") {
				t.Errorf("query %q", q)
			}
		},
		"an ignored error is shown where it happened": func(t *testing.T) {
			at := cells(t, `func load() error { return errors.New("the file is gone") }
st.Write("before")
load()
st.Write("after")`)
			at.MustShow("before", "after")
			if len(at.Errors()) != 1 || !strings.Contains(at.Log(), "the file is gone") {
				t.Errorf("errors %+v\nlog %s", at.Errors(), at.Log())
			}
		},
		"a duplicated tab starts as a copy and goes its own way": func(t *testing.T) {
			at := cells(t, `n := st.State("n", 0)
st.Button("Add", st.OnClick(func() { n.Set(n.Get() + 1) }))
st.Metric("n", n.Get())
st.Metric("name", st.TextInput("Name"))`)
			at.Button("Add").Click()
			at.TextInput("Name").Set("Ada")
			two := at.Duplicate()
			equal(t, "n", two.Metric("n").Value(), "1")
			equal(t, "name", two.Metric("name").Value(), "Ada")
			two.Button("Add").Click()
			equal(t, "two", two.Metric("n").Value(), "2")
			equal(t, "one", at.Metric("n").Value(), "1")
		},
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); test(t) })
	}
}

// Two clicks of one button that reach the app together are two clicks.
func TestClicksAreCounted(t *testing.T) {
	at := cells(t, `n := st.State("n", 0)
if st.Button("Add") { n.Set(n.Get() + 1) }
said := st.State("said", "")
if text := st.ChatInput("Say"); text != "" { said.Set(said.Get() + text) }
time.Sleep(20 * time.Millisecond)
st.Metric("n", n.Get())
st.Metric("said", said.Get())`)
	at.Start(func(at *apptest.App) {
		for range 10 {
			at.Button("Add").Click()
		}
		for _, word := range []string{"a", "b", "c"} {
			at.ChatInput("").Send(word)
		}
	}).Wait()
	equal(t, "n", at.Metric("n").Value(), "10")
	equal(t, "said", at.Metric("said").Value(), "abc")
	at.MustWork()
}

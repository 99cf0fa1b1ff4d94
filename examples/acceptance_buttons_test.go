package examples

import (
	"strings"
	"testing"

	"stnb.dev/appmode/apptest"
)

// counting counts its own runs and the clicks its body saw.
const counting = `
runs := st.State("runs", 0)
runs.Set(runs.Get() + 1)
seen := st.State("seen", 0)
if st.Button("Count") {
	seen.Set(seen.Get() + 1)
}
st.Metric("Runs", runs.Get())
st.Metric("Seen", seen.Get())
other := st.Checkbox("Other")
_ = other
`

var buttons = []promise{
	{"B01", "a button is true in the run of its click and false in the next", func(t *testing.T) {
		at := cells(t, `clicked := st.Button("Go")`+"\n"+`st.Metric("Clicked", clicked)`)
		equal(t, "at first", at.Metric("Clicked").Value(), "false")
		at.Button("Go").Click()
		equal(t, "clicked", at.Metric("Clicked").Value(), "true")
		at.Run()
		equal(t, "after", at.Metric("Clicked").Value(), "false")
	}},
	{"B02", "what stands under a button goes with the next action of any kind", func(t *testing.T) {
		for name, act := range map[string]func(at *apptest.App){
			"another widget": func(at *apptest.App) { at.Checkbox("Other").Set(true) },
			"another button": func(at *apptest.App) { at.Button("Else").Click() },
			"a rerun":        func(at *apptest.App) { at.Run() },
		} {
			at := cells(t, `if st.Button("Go") { st.Write("here I am") }`+"\n"+`st.Checkbox("Other"); st.Button("Else")`)
			at.MustNotShow("here I am")
			at.Button("Go").Click()
			at.MustShow("here I am")
			act(at)
			if at.Shows("here I am") {
				t.Errorf("%s did not take it away", name)
			}
		}
	}},
	{"B03", "code under a button runs exactly once per click", func(t *testing.T) {
		at := cells(t, counting)
		at.Button("Count").Click()
		at.Run()
		at.Checkbox("Other").Set(true)
		equal(t, "seen", at.Metric("Seen").Value(), "1")
		at.Button("Count").Click()
		equal(t, "seen", at.Metric("Seen").Value(), "2")
		equal(t, "runs", at.Metric("Runs").Value(), "5")
	}},
	{"B04", "good under a button: messages, work that is kept, validation", func(t *testing.T) {
		at := open(t, "buttons/good-to-nest.md")
		at.Button("Validate").Click()
		at.MustShow("The note is empty.")
		at.TextInput("A note").Set("milk")
		at.MustNotShow("The note is empty.")
		at.Button("Validate").Click()
		at.MustShow("Valid")
		at.Button("Save").Click()
		at.Run()
		at.MustShow("Notes: 1").MustWork()
	}},
	{"B05", "bad under a button: lasting display, other widgets, work that is not kept", func(t *testing.T) {
		at := cells(t, `var n int
if st.Button("Work") {
	n = 42
	st.Checkbox("Nested")
	st.Write("done", n)
}
st.Metric("n", n)`)
		at.Button("Work").Click()
		at.MustShow("done 42")
		equal(t, "in the run", at.Metric("n").Value(), "42")
		at.Checkbox("Nested").Set(true)
		at.MustNotShow("done 42")
		equal(t, "not kept", at.Metric("n").Value(), "0")
		equal(t, "the nested widget is gone", at.Checkbox("Nested").Exists(), false)
	}},
	{"B06", "a temporary message, shown by a bare expression", func(t *testing.T) {
		at := open(t, "buttons/temporary-message.md")
		at.TextInput("Type an animal").Set("Cat")
		at.Button("Check availability").Click()
		at.MustShow("We have that animal!")
		at.TextInput("Type an animal").Set("unicorn")
		at.MustNotShow("We have that animal!", "We don't have that animal.")
		at.Button("Check availability").Click()
		at.MustShow("We don't have that animal.").MustWork()
	}},
	{"B07", "a stateful button keeps its nested widgets", func(t *testing.T) {
		at := open(t, "buttons/stateful.md")
		at.MustNotShow("Button clicked!")
		at.Button("Click me").Click()
		at.MustShow("Button clicked!")
		at.Slider("Select a value").Set(40)
		at.Run()
		at.MustShow("Button clicked!").MustWork()
		equal(t, "slider", at.Slider("Select a value").Value(), 40)
	}},
	{"B08", "state is made once, and asked whether it is there", func(t *testing.T) {
		at := cells(t, `st.Metric("Had", st.HasState("k"))
k := st.State("k", 1)
k.Set(k.Get() * 2)
st.Metric("k", k.Get())`)
		equal(t, "k", at.Metric("k").Value(), "2")
		at.Run()
		equal(t, "had", at.Metric("Had").Value(), "true")
		equal(t, "k", at.Metric("k").Value(), "4")
	}},
	{"B09", "a button as a toggle, by a callback", func(t *testing.T) {
		at := open(t, "buttons/toggle.md")
		at.MustShow("Button is off!")
		at.Button("Click me").Click()
		at.MustShow("Button is on!").MustNotShow("Button is off!")
		equal(t, "slider", at.Slider("Select a value").Exists(), true)
		at.Button("Click me").Click()
		at.MustShow("Button is off!").MustWork()
		equal(t, "slider", at.Slider("Select a value").Exists(), false)
	}},
	{"B10", "a check box or toggle as the simple way", func(t *testing.T) {
		at := open(t, "buttons/toggle.md")
		at.Checkbox("The simple way").Set(true)
		at.Checkbox("Or so").Set(true)
		at.Run()
		at.MustShow("Toggle is on!", "Box is ticked!")
		at.Checkbox("The simple way").Set(false)
		at.MustNotShow("Toggle is on!")
	}},
	{"B11", "a toggle switches a slider off", func(t *testing.T) {
		at := open(t, "buttons/toggle.md")
		equal(t, "at first", at.Slider("Maybe switched off").Disabled(), false)
		at.Slider("Maybe switched off").Set(30)
		at.Button("Click me").Click()
		equal(t, "switched off", at.Slider("Maybe switched off").Disabled(), true)
		equal(t, "keeps its value", at.Slider("Maybe switched off").Value(), 30)
	}},
	{"B12", "stages: a callback with an argument goes on", func(t *testing.T) {
		at := open(t, "buttons/stages.md")
		equal(t, "name", at.TextInput("Name").Exists(), false)
		at.Button("Begin").Click()
		equal(t, "begin", at.Button("Begin").Exists(), false)
		equal(t, "name", at.TextInput("Name").Exists(), true)
	}},
	{"B13", "stages: changes of a text input and a select box go on", func(t *testing.T) {
		at := open(t, "buttons/stages.md")
		at.Button("Begin").Click()
		at.TextInput("Name").Set("Ada")
		at.MustShow("Hello Ada!")
		at.Selectbox("Pick a Color").Select("green")
		at.MustShow("Thank you!").MustWork()
	}},
	{"B14", "a select box with nothing chosen takes the later stages back", func(t *testing.T) {
		at := open(t, "buttons/stages.md")
		at.Button("Begin").Click()
		at.TextInput("Name").Set("Ada")
		equal(t, "chosen", at.Selectbox("Pick a Color").Value(), "")
		at.Selectbox("Pick a Color").Select("red")
		at.MustShow("Thank you!")
		at.Selectbox("Pick a Color").Clear()
		at.MustNotShow("Thank you!")
		stage, _ := apptest.State[int](at, "stage")
		equal(t, "stage", stage, 2)
	}},
	{"B15", "an earlier widget's callback makes the person retrace later stages", func(t *testing.T) {
		at := open(t, "buttons/stages.md")
		at.Button("Begin").Click()
		at.TextInput("Name").Set("Ada")
		at.Selectbox("Pick a Color").Select("blue")
		at.MustShow("Thank you!")
		at.TextInput("Name").Set("Bob")
		at.MustShow("Hello Bob!").MustNotShow("Thank you!")
	}},
	{"B16", "coloured Markdown", func(t *testing.T) {
		at := open(t, "buttons/stages.md")
		at.Button("Begin").Click()
		at.TextInput("Name").Set("Ada")
		at.Selectbox("Pick a Color").Select("red")
		for _, e := range at.Elements("markdown") {
			var p struct{ HTML string }
			if err := e.Props(&p); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(p.HTML, `class="st-red"`) && strings.Contains(p.HTML, "Thank you!") {
				return
			}
		}
		t.Errorf("nothing is red:\n%s", at)
	}},
	{"B17", "Start Over goes back to the beginning", func(t *testing.T) {
		at := open(t, "buttons/stages.md")
		at.Button("Begin").Click()
		at.TextInput("Name").Set("Ada")
		at.Selectbox("Pick a Color").Select("violet")
		at.Button("Start Over").Click()
		equal(t, "begin", at.Button("Begin").Exists(), true)
		at.MustNotShow("Hello", "Thank you!").MustWork()
	}},
	{"B18", "state changed in a button's body: above lags, below is current", func(t *testing.T) {
		at := open(t, "buttons/header-lags.md")
		at.Button("Jane").Click()
		before(t, at, "John Doe", "Jane Doe")
		at.Button("John").Click()
		before(t, at, "Jane Doe", "John Doe")
	}},
	{"B19", "callbacks run before the rest", func(t *testing.T) {
		at := open(t, "buttons/callbacks.md")
		at.Button("Jane").Click()
		at.MustNotShow("John Doe")
		equal(t, "both current", strings.Count(at.Text(), "Jane Doe"), 2)
	}},
	{"B20", "callbacks take arguments", func(t *testing.T) {
		at := open(t, "buttons/callbacks.md")
		at.Button("Jane").Click()
		at.Button("John").Click()
		equal(t, "both current", strings.Count(at.Text(), "John Doe"), 2)
		at.MustWork()
	}},
	{"B21", "Rerun commits the change and runs again", func(t *testing.T) {
		at := open(t, "buttons/rerun.md")
		at.Button("Jane").Click()
		equal(t, "both current", strings.Count(at.Text(), "Jane Doe"), 2)
		two := cells(t, `runs := st.State("runs", 0)
runs.Set(runs.Get() + 1)
if st.Button("Again") { st.Rerun() }
st.Metric("Runs", runs.Get())`)
		two.Button("Again").Click()
		equal(t, "a click runs twice", two.Metric("Runs").Value(), "3")
	}},
	{"B22", "changing a widget's value after it was shown is an error", func(t *testing.T) {
		at := open(t, "buttons/clear-too-late.md")
		at.TextInput("Name").Set("Ada")
		at.MustWork()
		at.Button("Clear name").Click()
		fault(t, at, "name")
		equal(t, "unchanged", at.TextInput("Name").Value(), "Ada")
		at.Run()
		at.MustWork()
	}},
	{"B23", "a button's key: false before the button was ever shown, true in its run", func(t *testing.T) {
		at := open(t, "buttons/clear-by-key.md")
		at.MustWork()
		at.TextInput("Name").Set("Ada")
		at.Button("Streamlit!").Click()
		equal(t, "set", at.TextInput("Name").Value(), "Streamlit")
		at.Button("Clear name").Click()
		equal(t, "cleared", at.TextInput("Name").Value(), "")
		at.MustWork()
	}},
	{"B24", "setting a key's state before its widget sets the widget", func(t *testing.T) {
		at := cells(t, `st.State("name", "").Set("fixed")
st.Metric("Value", st.TextInput("Name", st.Key("name")))`)
		equal(t, "preset", at.Metric("Value").Value(), "fixed")
		at.TextInput("Name").Set("other")
		equal(t, "set again in every run", at.Metric("Value").Value(), "fixed")
		equal(t, "the widget shows it", at.TextInput("Name").Value(), "fixed")
		at.MustWork()
	}},
	{"B25", "a callback sets a widget that stands above", func(t *testing.T) {
		at := open(t, "buttons/clear-by-callback.md")
		at.TextInput("Name").Set("Ada")
		at.Button("Streamlit!").Click()
		equal(t, "set", at.TextInput("Name").Value(), "Streamlit")
		at.Button("Clear name").Click()
		equal(t, "cleared", at.TextInput("Name").Value(), "")
		at.MustWork()
	}},
	{"B26", "a container shows above what the program does below", func(t *testing.T) {
		at := open(t, "buttons/clear-by-container.md")
		before(t, at, "Name", "Clear name")
		at.TextInput("Name").Set("Ada")
		at.Button("Streamlit!").Click()
		equal(t, "set", at.TextInput("Name").Value(), "Streamlit")
		at.Button("Clear name").Click()
		equal(t, "cleared", at.TextInput("Name").Value(), "")
		at.MustWork()
	}},
	{"B27", "widgets made in a loop need keys of their own", func(t *testing.T) {
		at := cells(t, `for i := range 3 { st.TextInput("Same", st.Key(fmt.Sprint("k", i))) }`)
		at.MustWork()
		equal(t, "inputs", len(at.Elements("textInput")), 3)
		same := cells(t, `for range 2 { st.TextInput("Same") }`)
		fault(t, same, "same", "key")
		keyed := cells(t, `st.TextInput("A", st.Key("k")); st.TextInput("B", st.Key("k"))`)
		fault(t, keyed, "key", `"k"`)
	}},
	{"B28", "rows of widgets in columns, one more per click", func(t *testing.T) {
		at := open(t, "buttons/rows.md")
		at.Button("Add person").Click()
		at.Button("Add person").Click()
		equal(t, "inputs", len(at.Elements("textInput")), 6)
		equal(t, "columns", len(at.Elements("columns")), 2)
		at.MustWork()
	}},
	{"B29", "values of keyed widgets are read from state; Write takes many", func(t *testing.T) {
		at := open(t, "buttons/rows.md")
		at.Button("Add person").Click()
		at.TextInput("first_0").Set("Ada")
		at.TextInput("middle_0").Set("King")
		at.TextInput("last_0").Set("Lovelace")
		at.MustShow("People", "Person 1: Ada King Lovelace").MustWork()
	}},
	{"B30", "expensive work under a spinner, kept by option", func(t *testing.T) {
		at := open(t, "buttons/expensive.md")
		at.NumberInput("Add a number").Set(5)
		at.MustNotShow("processed")
		at.Button("Process").Click()
		at.MustShow("Option 1 processed with add 5").MustWork()
		equal(t, "the spinner is gone", len(at.Elements("spinner")), 0)
		rows := at.Frame(0).Rows()
		equal(t, "first value", rows[1][len(rows[1])-3], "6")
		at.Run()
		at.MustShow("Option 1 processed with add 5")
	}},
	{"B31", "another input computes nothing; another option shows what was kept for it", func(t *testing.T) {
		at := open(t, "buttons/expensive.md")
		at.NumberInput("Add a number").Set(5)
		at.Button("Process").Click()
		at.NumberInput("Add a number").Set(7)
		at.MustShow("Option 1 processed with add 5")
		at.Selectbox("Select a number").Select("2")
		at.MustNotShow("processed with")
		at.Button("Process").Click()
		at.MustShow("Option 2 processed with add 7")
		at.Selectbox("Select a number").Select("1")
		at.MustShow("Option 1 processed with add 5").MustWork()
	}},
	{"B32", "number inputs have limits, select boxes options, both stand in columns", func(t *testing.T) {
		at := open(t, "buttons/expensive.md")
		var p struct{ Min, Max *float64 }
		for _, e := range at.Elements("numberInput") {
			if err := e.Props(&p); err != nil {
				t.Fatal(err)
			}
			if strings.Count(e.Path, "/") != 3 {
				t.Errorf("the number input stands at %s, not in a column", e.Path)
			}
		}
		if p.Min == nil || *p.Min != 0 || p.Max == nil || *p.Max != 10 {
			t.Errorf("limits %v %v", p.Min, p.Max)
		}
		equal(t, "options", strings.Join(at.Selectbox("Select a number").Options(), " "), "1 2 3")
		at.NumberInput("Add a number").Set(99)
		at.Button("Process").Click()
		at.MustNotShow("add 99")
	}},
	{"B33", "state is one visitor's, a cache is everybody's", func(t *testing.T) {
		one := cells(t, counting, `
slow := st.CacheData("slow", func(n int) (int, error) { return n * int(time.Now().UnixNano()%1000003), nil })
st.Metric("Cached", slow.Must(7))`)
		two := one.Visit()
		one.Button("Count").Click()
		equal(t, "one", one.Metric("Seen").Value(), "1")
		equal(t, "two", two.Metric("Seen").Value(), "0")
		two.Run()
		equal(t, "the same cached value", two.Metric("Cached").Value(), one.Metric("Cached").Value())
	}},
	{"B34", "a cached func can be cleared, of all results or of one", func(t *testing.T) {
		at := cells(t, `
calls := st.State("calls", 0)
slow := st.CacheData("slow", func(n int) (int, error) { calls.Set(calls.Get() + 1); return n * 2, nil })
if st.Button("Clear all") { slow.Clear() }
if st.Button("Clear 1") { slow.ClearFor(1) }
st.Metric("Sum", slow.Must(1)+slow.Must(2))
st.Metric("Calls", calls.Get())`)
		equal(t, "calls", at.Metric("Calls").Value(), "2")
		at.Run()
		equal(t, "kept", at.Metric("Calls").Value(), "2")
		at.Button("Clear 1").Click()
		equal(t, "one cleared", at.Metric("Calls").Value(), "3")
		at.Button("Clear all").Click()
		equal(t, "all cleared", at.Metric("Calls").Value(), "5")
	}},
	{"B35", "a button under a button: the inner body never runs", func(t *testing.T) {
		at := open(t, "buttons/nested-buttons.md")
		at.Button("Button 1").Click()
		at.MustShow("Button 1 was clicked")
		at.Button("Button 2").Click()
		at.MustNotShow("was clicked").MustWork()
		equal(t, "gone", at.Button("Button 2").Exists(), false)
	}},
	{"B36", "a widget under a button: the inner condition never holds", func(t *testing.T) {
		at := open(t, "buttons/nested-widget.md")
		at.Button("Sign up").Click()
		at.TextInput("Name").Set("Ada")
		at.MustNotShow("Welcome").MustWork()
		equal(t, "gone", at.TextInput("Name").Exists(), false)
	}},
	{"B37", "a result that is not kept: the display vanishes, the second button fails", func(t *testing.T) {
		at := open(t, "buttons/not-kept.md")
		at.Upload("Upload a file", "pets.csv", []byte("name,legs\ncat,4\n"))
		at.Button("Get data").Click()
		at.MustShow("cat").MustWork()
		at.Run()
		at.MustNotShow("cat")
		at.Button("Save").Click()
		fault(t, at, "index out of range")
	}},
	{"B38", "success, write and header", func(t *testing.T) {
		at := cells(t, `st.Success("All well"); st.Write("x is", 3); st.Header("Results")`)
		at.MustShow("All well", "x is 3", "Results").MustWork()
		equal(t, "alerts", len(at.Elements("alert")), 1)
	}},
}

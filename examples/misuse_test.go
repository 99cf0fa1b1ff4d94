package examples

import (
	"strings"
	"testing"

	"stnb.dev/appmode/apptest"
)

// TestMisuse: a call that cannot be right is an error in its place. A visitor reads
// a short text with an id; the owner's log has, under that id, which call it was,
// where, and what to do about it. The app goes on where it can.
func TestMisuse(t *testing.T) {
	for _, m := range []struct {
		name   string
		source string
		says   []string
		act    func(at *apptest.App)
	}{
		{name: "duplicate key", source: "st.TextInput(\"A\", st.Key(\"k\"))\nst.TextInput(\"B\", st.Key(\"k\"))",
			says: []string{`st.TextInput("B")`, `st.Key("k")`, "give each its own key"}},
		{name: "duplicate widget", source: "st.TextInput(\"A\")\nst.TextInput(\"A\")",
			says: []string{`st.TextInput("A")`, "tell the two apart with st.Key"}},
		{name: "state set after its widget", source: "st.TextInput(\"A\", st.Key(\"k\"))\nst.State(\"k\", \"\").Set(\"late\")",
			says: []string{`st.State("k").Set`, "before"}},
		{name: "widget in a cached func", source: "f := st.CacheData(\"f\", func(n int) (int, error) { st.Slider(\"S\", 0, 9); return n, nil })\nf.Must(1)",
			says: []string{`st.Slider("S")`, "cached"}},
		{name: "nested form", source: "st.Form(\"f\", func(f *st.Block) {\n\tf.SubmitButton(\"Go\")\n\tf.Form(\"g\", func(g *st.Block) { g.SubmitButton(\"In\") })\n})",
			says: []string{`st.Form("g")`, "form"}},
		{name: "submit outside a form", source: "var b = st.Container()\nb.SubmitButton(\"Go\")",
			says: []string{`SubmitButton("Go")`, "st.Form"}},
		{name: "value outside its bounds", source: "st.Slider(\"S\", 0, 10, st.Value(20))",
			says: []string{`st.Slider("S")`, "st.Value", "0 to 10"}},
		{name: "bounds the wrong way round", source: "st.Slider(\"S\", 10, 0)",
			says: []string{`st.Slider("S")`, "10 to 0"}},
		{name: "default not in options", source: "st.Selectbox(\"S\", []string{\"a\", \"b\"}, st.Value(\"c\"))",
			says: []string{`st.Selectbox("S")`, "st.Value", "options"}},
		{name: "wrong type for a key", source: "st.State(\"k\", 1).Get()\nst.State(\"k\", \"text\").Get()",
			says: []string{`st.State("k")`, "int", "string"}},
		{name: "callback that panics", source: "st.Button(\"B\", st.OnClick(func() { panic(\"in the callback\") }))",
			act:  func(at *apptest.App) { at.Button("B").Click() },
			says: []string{"in the callback"}},
		{name: "unknown icon", source: "st.Button(\"B\", st.Icon(\"rocket\"))",
			says: []string{"st.Button", `st.Icon("rocket")`, ":material/"}},
		{name: "progress out of range", source: "st.Progress(101)",
			says: []string{"st.Progress", "101", "0 to 100"}},
		{name: "nothing to fetch", source: "st.Image(\"http://127.0.0.1:9/x.png\")",
			says: []string{"st.Image", "the server's own network", "give the bytes"}},
	} {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			at := cells(t, m.source, `st.Write("the app goes on")`)
			if m.act != nil {
				m.act(at)
			}
			fault(t, at, m.says...)
			if !at.Shows("the app goes on") {
				t.Errorf("the run ended:\n%s", at)
			}
			told := at.Errors()[0]
			for _, secret := range m.says {
				if strings.Contains(told.Message, secret) {
					t.Errorf("a visitor reads %q", told.Message)
				}
			}
			if !strings.Contains(at.Log(), told.ID) {
				t.Errorf("the log does not have the visitor's id %s:\n%s", told.ID, at.Log())
			}
			if !strings.Contains(at.Log(), "cell 1, line ") {
				t.Errorf("the log has no place:\n%s", at.Log())
			}
		})
	}
}

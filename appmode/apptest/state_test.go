package apptest

import "testing"

const keyed = "```go\n" + `import st "stnb.dev/widgets"

type item struct {
	Name string
	N    int
}
cart := st.State("cart", []item{})
st.Write("cart", len(cart.Get()))
for _, i := range cart.Get() {
	st.Write(i.Name, i.N)
}
name := st.TextInput("Name", st.Key("name"))
age := st.Slider("Age", 0, 99, st.Key("age"))
colour := st.Selectbox("Colour", []string{"red", "green"}, st.Key("colour"))
st.Write(name, "is", age, "and likes", colour)
if st.Button("Empty") {
	cart.Set(nil)
	st.Rerun()
}
` + "```\n"

// A test sets session state before the first run and between runs, of plain keys and
// of widgets.
func TestStateIsSetBeforeARun(t *testing.T) {
	cart := []map[string]any{{"Name": "tea", "N": 2}}
	at := Write(t, keyed, InitialState("cart", cart), InitialState("age", 36), InitialState("colour", "green"))
	at.MustShow("cart 1", "tea 2", "is 36 and likes green").MustWork()

	at.SetState(map[string]any{"cart": append(cart, map[string]any{"Name": "milk", "N": 1}), "name": "Ada", "age": 40}).Run()
	at.MustShow("cart 2", "milk 1", "Ada is 40 and likes green").MustWork()
	if got, ok := State[[]map[string]any](at, "cart"); !ok || len(got) != 2 {
		t.Error(got, ok)
	}
	at.Slider("Age").Set(41)
	at.Button("Empty").Click()
	at.MustShow("cart 0", "Ada is 41").MustWork()

	at.SetState(map[string]any{"age": 400}).Run() // it does not fit, and the page says so
	if errs := at.Errors(); len(errs) != 1 {
		t.Error(errs)
	}
	at.MustShow("Ada is 41")

	other := at.Visit()
	other.MustShow("cart 0", "is 0 and likes red").MustWork()
}

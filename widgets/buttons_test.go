package widgets_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"stnb.dev/widgets/core"
	"stnb.dev/widgets/internal/harness"

	st "stnb.dev/widgets"
)

// Group B of the acceptance list, headless.
func TestButtons(t *testing.T) {
	t.Run("B01 true in the run of its click", func(t *testing.T) {
		runs := 0
		a := harness.New(t, func() {
			if st.Button("Go") {
				runs++
				st.Write("clicked")
			}
			st.Checkbox("other")
		}).Run()
		a.Expect("button(Go)", "checkbox(other)=false")
		a.Click("Go").Contains("clicked")
		a.Set("other", true).Lacks("clicked") // B2
		if runs != 1 {                        // B3
			t.Errorf("the body ran %d times", runs)
		}
	})
	t.Run("B06 temporary message", func(t *testing.T) {
		a := harness.New(t, func() {
			shelter := []string{"cat", "dog", "rabbit", "bird"}
			animal := st.TextInput("Type an animal")
			if st.Button("Check availability") {
				if slices.Contains(shelter, strings.ToLower(animal)) {
					core.Show("We have that animal!")
				} else {
					core.Show("We don't have that animal.")
				}
			}
		}).Run()
		a.Set("Type an animal", "Cat").Click("Check availability").Contains("We have that animal!")
		a.Set("Type an animal", "cow").Lacks("We have that animal!")
		a.Click("Check availability").Contains("We don't have that animal.")
	})
	t.Run("B07 stateful button", func(t *testing.T) {
		a := harness.New(t, func() {
			clicked := st.State("clicked", false)
			st.Button("Click me", st.OnClick(func() { clicked.Set(true) }))
			if clicked.Get() {
				st.Write("Button clicked!")
				st.Slider("Select a value", 0, 100)
			}
		}).Run()
		a.Click("Click me").Contains("Button clicked!")
		a.Set("Select a value", []int{40})
		a.Expect("button(Click me)", "Button clicked!", "slider(Select a value)=[40]")
	})
	t.Run("B09 toggle button", func(t *testing.T) {
		a := harness.New(t, func() {
			on := st.State("button", false)
			st.Button("Click me", st.OnClick(func() { on.Set(!on.Get()) }))
			if on.Get() {
				st.Write("Button is on!")
				st.Slider("Select a value", 0, 100)
			} else {
				st.Write("Button is off!")
			}
		}).Run()
		a.Contains("Button is off!")
		a.Click("Click me").Contains("Button is on!")
		a.Click("Click me").Expect("button(Click me)", "Button is off!")
	})
	t.Run("B11 disabled by a toggle", func(t *testing.T) {
		a := harness.New(t, func() {
			on := st.State("button", false)
			st.Button("Click me", st.OnClick(func() { on.Set(!on.Get()) }))
			st.Slider("Select a value", 0, 100, st.Disabled(on.Get()))
		}).Run()
		a.Click("Click me").Contains("slider(Select a value)=[0] disabled")
		a.Set("Select a value", []int{50}).Contains("slider(Select a value)=[0] disabled")
	})
	t.Run("B12 to B17 stages", func(t *testing.T) {
		a := harness.New(t, func() {
			stage := st.State("stage", 0)
			set := func(i int) func() { return func() { stage.Set(i) } }
			if stage.Get() == 0 {
				st.Button("Begin", st.OnClick(set(1)))
			}
			var name string
			if stage.Get() >= 1 {
				name = st.TextInput("Name", st.OnChange(set(2)))
			}
			var color string
			if stage.Get() >= 2 {
				st.Write("Hello " + name + "!")
				var ok bool
				color, ok = st.SelectboxMaybe("Pick a Color", []string{"red", "orange", "green"}, st.OnChange(set(3)))
				if !ok {
					set(2)()
				}
			}
			if stage.Get() >= 3 {
				st.Write(":" + color + "[Thank you!]")
				st.Button("Start Over", st.OnClick(set(0)))
			}
		}).Run()
		a.Expect("button(Begin)")
		a.Click("Begin").Expect("textInput(Name)=\"\"")
		a.Set("Name", "Ann").Expect("textInput(Name)=\"Ann\"", "Hello Ann!", "selectbox(Pick a Color)=-1")
		a.Set("Pick a Color", 2).Contains("Thank you!")
		a.Set("Name", "Bob") // B15: earlier stages retrace the later ones
		a.Expect("textInput(Name)=\"Bob\"", "Hello Bob!", "selectbox(Pick a Color)=2")
		a.Set("Pick a Color", 0).Click("Start Over").Expect("button(Begin)")
	})
	names := func(how string) *harness.App {
		return harness.New(t, func() {
			name := st.State("name", "John Doe")
			st.Header(name.Get())
			for _, n := range []string{"Jane Doe", "John Doe"} {
				label, _, _ := strings.Cut(n, " ")
				switch how {
				case "body":
					if st.Button(label) {
						name.Set(n)
					}
				case "callback":
					st.Button(label, st.OnClick(func() { name.Set(n) }))
				case "rerun":
					if st.Button(label) {
						name.Set(n)
						st.Rerun()
					}
				}
			}
			st.Header(name.Get())
		}).Run()
	}
	t.Run("B18 state set in the body lags above", func(t *testing.T) {
		names("body").Click("Jane").Expect("header: John Doe", "button(Jane)", "button(John)", "header: Jane Doe")
	})
	t.Run("B19 callbacks come first", func(t *testing.T) {
		names("callback").Click("Jane").Expect("header: Jane Doe", "button(Jane)", "button(John)", "header: Jane Doe")
	})
	t.Run("B21 rerun runs twice", func(t *testing.T) {
		a := names("rerun").Click("Jane")
		a.Expect("header: Jane Doe", "button(Jane)", "button(John)", "header: Jane Doe")
		if a.Runs != 2 {
			t.Errorf("it ran %d times", a.Runs)
		}
	})
	t.Run("B22 set after the widget is an error", func(t *testing.T) {
		a := harness.New(t, func() {
			name := st.State("name", "")
			st.TextInput("Name", st.Key("name"))
			if st.Button("Clear name") {
				name.Set("")
			}
			st.Write("end")
		}).Run()
		a.Set("Name", "Ann").Click("Clear name")
		a.Contains(`ERROR st.State("name").Set comes after the widget with st.Key("name") was shown in this run: set it before the widget, or in a callback`)
		a.Contains("end")
		a.Contains(`textInput(Name)="Ann"`)
		if a.Result.Errors != 1 {
			t.Error(a.Result.Errors)
		}
	})
	t.Run("B23 B24 button's key before it", func(t *testing.T) {
		a := harness.New(t, func() {
			name := st.State("name", "")
			if st.State("clear", false).Get() {
				name.Set("")
			}
			if st.State("streamlit", false).Get() {
				name.Set("Streamlit")
			}
			st.TextInput("Name", st.Key("name"))
			st.Button("Clear name", st.Key("clear"))
			st.Button("Streamlit!", st.Key("streamlit"))
		}).Run()
		a.Contains(`textInput(Name)=""`)
		a.Click("Streamlit!").Contains(`textInput(Name)="Streamlit"`)
		a.Set("Name", "Ann").Contains(`textInput(Name)="Ann"`)
		a.Click("Clear name").Contains(`textInput(Name)=""`)
		if a.Result.Errors != 0 {
			t.Error(a.Text())
		}
	})
	t.Run("B25 callback sets a widget above", func(t *testing.T) {
		a := harness.New(t, func() {
			got := st.TextInput("Name", st.Key("name"))
			set := func(v string) func() { return func() { st.State("name", "").Set(v) } }
			st.Button("Clear name", st.OnClick(set("")))
			st.Button("Streamlit!", st.OnClick(set("Streamlit")))
			st.Write("got " + got)
		}).Run()
		a.Click("Streamlit!").Contains("got Streamlit")
		a.Set("Name", "x").Click("Clear name").Contains(`textInput(Name)=""`)
	})
	t.Run("B26 containers out of order", func(t *testing.T) {
		a := harness.New(t, func() {
			begin := st.Container()
			if st.Button("Clear name") {
				st.State("name", "").Set("")
			}
			if st.Button("Streamlit!") {
				st.State("name", "").Set("Streamlit")
			}
			begin.TextInput("Name", st.Key("name"))
		}).Run()
		a.Click("Streamlit!").Expect("container", `  textInput(Name)="Streamlit"`, "button(Clear name)", "button(Streamlit!)")
	})
	t.Run("B27 to B29 dynamic widgets", func(t *testing.T) {
		keyed := true
		a := harness.New(t, func() {
			rows := st.State("rows", 0)
			st.Button("Add person", st.OnClick(func() { rows.Set(rows.Get() + 1) }))
			for i := range rows.Get() {
				cols := st.Columns(2)
				opts := func(k string) []st.Option {
					if keyed {
						return []st.Option{st.Key(fmt.Sprintf("%s_%d", k, i))}
					}
					return []st.Option{st.Key(k)}
				}
				cols[0].TextInput("First", opts("first")...)
				cols[1].TextInput("Last", opts("last")...)
			}
			st.Subheader("People")
			for i := range rows.Get() {
				st.Write(fmt.Sprintf("Person %d:", i+1), st.State(fmt.Sprintf("first_%d", i), "").Get(), st.State(fmt.Sprintf("last_%d", i), "").Get())
			}
		}).Run()
		a.Click("Add person").Click("Add person").Set("first_1", "Ada").Set("last_1", "L")
		a.Contains("Person 2: Ada L")
		keyed = false
		a.Run().Contains(`ERROR st.TextInput("First") has st.Key("first"), which another widget of this run has too: give each its own key`)
		if a.Panic != nil {
			t.Error(a.Panic)
		}
	})
	t.Run("B30 expensive process", func(t *testing.T) {
		worked := 0
		a := harness.New(t, func() {
			cols := st.Columns(2)
			option := st.Selectbox("Select a number", []string{"1", "2", "3"}, st.In(cols[0]))
			add := st.NumberInput("Add a number", 0, st.Min(0), st.Max(10), st.In(cols[1]))
			done := st.State("processed", map[string]int{})
			if st.Button("Process") {
				st.Spinner("Processing...", func() { worked++; done.Get()[option] = add })
			}
			if n, ok := done.Get()[option]; ok {
				st.Write(fmt.Sprintf("Option %s processed with add %d", option, n))
			}
		}).Run()
		a.Set("Add a number", 5).Click("Process").Contains("Option 1 processed with add 5")
		a.Set("Add a number", 6).Contains("Option 1 processed with add 5") // B31
		a.Set("Select a number", 1).Lacks("Option 1 processed with add 5")
		a.Set("Select a number", 0).Contains("Option 1 processed with add 5")
		if worked != 1 {
			t.Error(worked)
		}
	})
	t.Run("B33 state is per session", func(t *testing.T) {
		app := core.NewApp(core.AppConfig{Dir: t.TempDir()})
		body := func() {
			n := st.State("n", 0)
			st.Button("+", st.OnClick(func() { n.Set(n.Get() + 1) }))
			st.Write(n.Get())
		}
		a, b := harness.NewIn(t, app, body).Run(), harness.NewIn(t, app, body).Run()
		a.Click("+").Click("+").Contains("2")
		b.Run().Contains("0")
	})
	t.Run("B35 B36 anti-patterns", func(t *testing.T) {
		a := harness.New(t, func() {
			if st.Button("Button 1") {
				st.Write("Button 1 was clicked")
				if st.Button("Button 2") {
					st.Write("Button 2 was clicked")
				}
			}
			if st.Button("Sign up") {
				if name := st.TextInput("Name"); name != "" {
					st.Success("Welcome " + name)
				}
			}
		}).Run()
		a.Click("Button 1").Click("Button 2").Expect("button(Button 1)", "button(Sign up)")
		a.Click("Sign up").Set("Name", "Ann").Expect("button(Button 1)", "button(Sign up)")
	})
}

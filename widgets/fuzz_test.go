package widgets_test

import (
	"encoding/json"
	"testing"
	"time"

	"stnb.dev/widgets/internal/harness"

	st "stnb.dev/widgets"
)

// FuzzWidgetValue: whatever a browser sends as a widget's value, the script gets
// one that the widget could have.
func FuzzWidgetValue(f *testing.F) {
	names := []string{"slider", "range", "number", "text", "select", "radio", "multi", "check", "off", "date", "time", "color", "file", "sel", "pills", "button"}
	for i := range names {
		for _, v := range []string{`1`, `[11]`, `"x"`, `null`, `[]`, `{}`, `true`, `[0,0]`, `["2020-01-01"]`, `1e308`, `-1`, `[[]]`, `"\u0000"`, `[{"id":"../x","name":"y"}]`} {
			f.Add(uint8(i), v)
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, raw string) {
		if len(raw) > 10_000 || !json.Valid([]byte(raw)) {
			return // the server lets no other through
		}
		a := harness.New(t, func() {
			if v := st.Slider("slider", 0, 10); v < 0 || v > 10 {
				t.Errorf("slider: %v", v)
			}
			if a, b := st.SliderRange("range", 0.0, 1.0); !(a >= 0 && a <= b && b <= 1) {
				t.Errorf("range: %v %v", a, b)
			}
			if v := st.NumberInput("number", 1, st.Min(0), st.Max(5)); v < 0 || v > 5 {
				t.Errorf("number: %v", v)
			}
			if v := st.TextInput("text", st.MaxChars(3)); len([]rune(v)) > 3 {
				t.Errorf("text: %q", v)
			}
			if v := st.Selectbox("select", []string{"a", "b"}); v != "a" && v != "b" {
				t.Errorf("select: %q", v)
			}
			if v := st.Radio("radio", []string{"a", "b"}); v != "a" && v != "b" {
				t.Errorf("radio: %q", v)
			}
			if v := st.Multiselect("multi", []string{"a", "b", "c"}, st.MaxSelections(2)); len(v) > 2 {
				t.Errorf("multi: %q", v)
			}
			st.Checkbox("check")
			if st.Checkbox("off", st.Disabled(true)) {
				t.Error("a disabled box is ticked")
			}
			low := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
			if v := st.DateInput("date", st.Value(time.Date(2020, 5, 1, 0, 0, 0, 0, time.UTC)), st.Min(low)); v.Before(low) {
				t.Errorf("date: %v", v)
			}
			if v := st.TimeInput("time", st.Value(9*time.Hour)); v < 0 || v >= 24*time.Hour {
				t.Errorf("time: %v", v)
			}
			if v := st.ColorPicker("color"); len(v) != 7 || v[0] != '#' {
				t.Errorf("color: %q", v)
			}
			st.FileUploader("file")
			if v := st.SelectSlider("sel", []string{"a", "b"}); v != "a" && v != "b" {
				t.Errorf("sel: %q", v)
			}
			st.Pills("pills", []string{"a", "b"})
			if st.Button("button") {
				t.Error("a value clicks the button")
			}
		}).Run()
		a.Raw(a.ID(names[int(which)%len(names)]), raw)
		if a.Panic != nil {
			t.Errorf("%s of %s: %v", raw, names[int(which)%len(names)], a.Panic)
		}
	})
}

package session

import (
	"fmt"
	"testing"
)

func TestCallIn(t *testing.T) {
	const text = "st.TextInput(\"A\")\n\nx := st.NumberInputMaybe[int](`Age`, st.Min(0))\nif st.TextInput(\n\t\"A\") != \"\" {\n\tst.Progress(101)\n}\nst.Image(a)\nst.Image(b)"
	for message, want := range map[string]string{
		`st.TextInput("A") is there twice`:               "4:7",
		`st.NumberInputMaybe("Age") has`:                 "3:9",
		`st.Progress is 101`:                             "6:5",
		`Progress is 101`:                                "6:5",
		`st.Image cannot read`:                           "0:0", // which one?
		`st.TextInput("B") has st.Key("k")`:              "0:0", // its label is computed
		`the file is gone`:                               "0:0",
		`st.TextInput("A\n[(") has a label that matters`: "0:0",
	} {
		line, column := callIn(text, message)
		if got := fmt.Sprintf("%d:%d", line, column); got != want {
			t.Errorf("%s: %s, want %s", message, got, want)
		}
	}
}

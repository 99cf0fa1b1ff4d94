package build_test

import (
	"slices"
	"testing"

	"stnb.dev/notebook"
	"stnb.dev/notebook/build"
)

// TestStateKeys: cells that name a key of session state depend on those above that
// name it too. It uses the real widgets' types.
func TestStateKeys(t *testing.T) {
	nb := localNotebook("",
		"import st \"stnb.dev/widgets\"\nconst key = \"clicks\"\nclicks := st.State(key, 0)",
		"st.TextInput(\"Name\", st.Key(\"name\"))",
		"st.State[int](\"clicks\", 0).Get()",
		"st.State(\"name\", \"\").Set(\"x\")")
	s := build.New(build.Options{}).Update(nb)
	if got := said(nb, s); got != "" {
		t.Fatal(got)
	}
	for cell, want := range map[notebook.CellID][]notebook.CellID{"c1": nil, "c2": nil, "c3": {"c1"}, "c4": {"c2"}} {
		if got := s.Needs(cell); !slices.Equal(got, want) {
			t.Errorf("%s needs %v, want %v", cell, got, want)
		}
	}
	if why := s.Why("c3", "c1"); !slices.Equal(why, []string{`"clicks"`}) {
		t.Errorf("why: %v", why)
	}
}

package session

import (
	"encoding/json"
	"fmt"
	"testing"

	"stnb.dev/notebook"
	"stnb.dev/notebook/session/sessiontest"
)

// Checks in the background and checks in a hurry share one chain of names.
func TestTypingGo(t *testing.T) {
	nb := sessiontest.Notebook("x := 1", "y := x + 1\ny", "x + y")
	s := New(Config{Setup: Setup{ID: "s", Notebook: nb, Program: Build(nb)}})
	defer s.Close()
	for i := range 60 {
		must(t, s.Do("me", Op{Edit: &Edit{Cell: "a", Base: i, Source: fmt.Sprintf("x := %d\nif x > 2 { x-- }", i)}}))
		switch i % 5 {
		case 1:
			must(t, s.Do("me", Op{Move: &Move{Cells: []notebook.CellID{"c"}, After: "b"}}))
		case 3:
			_, _ = s.Service(t.Context(), "hover", json.RawMessage(`{}`))
		}
	}
	must(t, s.Do("me", Op{Edit: &Edit{Cell: "b", Base: 0, Source: "y := nope"}}))
	until(t, "the problem", func() bool {
		d, _ := s.Document()
		return len(d.Problems) > 0
	})
}

package session

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"stnb.dev/notebook"
)

// A notebook that is checked later can be looked at and edited at once; Markdown whose
// values come from a run is told again.
func TestOpenBeforeItIsChecked(t *testing.T) {
	nb := &notebook.Notebook{Cells: []notebook.Cell{
		{ID: "a", Kind: notebook.Go, Source: "x := 1"},
		{ID: "b", Kind: notebook.Markdown, Source: "{{ x }}"},
		{ID: "c", Kind: notebook.Go, Source: "y := nope"},
	}}
	s := New(Config{Setup: Setup{
		Notebook: nb, Program: Build(&notebook.Notebook{}), Unchecked: true,
		Markdown: func(string, string, map[string]string) string { return "as it reads" },
	}})
	defer s.Close()
	v := &viewer{}
	defer s.Subscribe("v", v.send)()
	must(t, s.Settle(t.Context()))
	must(t, s.call(func() {
		if ds := s.state.program.Diagnostics("c"); len(ds) != 1 {
			t.Errorf("%d problems", len(ds))
		}
		if e := s.state.cellEvent(nb.Cells[1], ""); e.HTML != "" {
			t.Errorf("a text that comes from a run is rendered as %q", e.HTML)
		}
	}))
	until(t, "the problem is told", func() bool { return v.is("c") == "blocked" && v.is("a") == "idle" })
}

// A check that takes long waits while somebody types, unless somebody waits for it.
func TestALongCheckWaitsForAPause(t *testing.T) {
	nb := &notebook.Notebook{Cells: []notebook.Cell{{ID: "a", Kind: notebook.Go, Source: "x = 1"}}}
	s := New(Config{
		Setup: Setup{Notebook: nb, Program: program(nb)},
		Services: func(_ context.Context, p Program, nb *notebook.Notebook, _ string, _ json.RawMessage) (any, error) {
			return len(p.Needs("a")) + len(p.Units()), nil
		},
	})
	defer s.Close()
	edit := func(base int, text string) {
		must(t, s.call(func() {
			s.checking.took = time.Hour
			must(t, s.take(Op{Edit: &Edit{Cell: "a", Base: base, Source: text}}))
		}))
	}
	must(t, s.call(func() {
		s.checking.took = time.Hour
		must(t, s.take(Op{Edit: &Edit{Cell: "a", Base: 0, Source: "x = 2"}}))
		if s.checking.on != nil || s.checking.next == nil {
			t.Error("it began while somebody types")
		}
	}))
	edit(1, "")
	if n := must1(s.Service(t.Context(), "count", nil)); n != 0 {
		t.Errorf("a service was answered with %v units of a text that is no more", n)
	}
	edit(2, "x = 4")
	must(t, s.Settle(t.Context())) // the pause comes
	if n := must1(s.Service(t.Context(), "count", nil)); n != 1 {
		t.Errorf("%v units in the end", n)
	}
}

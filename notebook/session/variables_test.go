package session

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"stnb.dev/notebook"
)

func TestVariables(t *testing.T) {
	s, _, _ := open(t, ModeEdit, "x = 1", "y = x + 1", "x = 5\nz = 3", "wait")
	names := func() string {
		t.Helper()
		list, err := s.Variables(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		out := ""
		for _, v := range list {
			out += fmt.Sprintf("%s:%s=%s ", v.Name, v.Cell, v.Preview)
		}
		return out
	}
	if got := names(); got != "" {
		t.Errorf("before anything ran: %s", got)
	}
	run := func(id string) {
		t.Helper()
		if err := s.Do("me", Op{Run: &Run{Cells: []notebook.CellID{notebook.CellID(id)}}}); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := s.Settle(ctx); err != nil {
			t.Fatal(err)
		}
	}
	run("b")
	// x is what the third cell makes of it, and that has not run.
	if got, want := names(), "y:b=2 "; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	run("c")
	if got, want := names(), "x:c=5 y:b=2 z:c=3 "; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	got, err := s.Service(context.Background(), "variable", json.RawMessage(`{"name":"x"}`))
	if shown, ok := got.(VariableShown); err != nil || !ok || textOf(&shown.Element) != "5" {
		t.Errorf("x shows as %+v: %v", got, err)
	}
	if _, err := s.Service(context.Background(), "variable", json.RawMessage(`{"name":"q"}`)); err == nil {
		t.Error("a variable that is not there is shown")
	}
}

package session

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"stnb.dev/notebook"
	"stnb.dev/widgets/element"
)

func leaf(p element.Path, s string) element.Delta {
	return element.Delta{Op: element.Set, Path: p, Element: &element.Element{Kind: "text", Props: json.RawMessage(`{"text":"` + s + `"}`)}}
}

func TestQueueMerges(t *testing.T) {
	cell := func(id string, v int) Event {
		return Event{Cell: &CellEvent{Cell: notebook.Cell{ID: notebook.CellID(id)}, Version: v}}
	}
	order := func(ids ...notebook.CellID) Event { return Event{Order: &Order{Cells: ids}} }
	status := func(id, s string) Event { return Event{Status: &CellStatus{Cell: notebook.CellID(id), State: s}} }
	run := func(n uint64, running bool, applied ...string) Event {
		return Event{Run: &RunState{Run: n, Running: running, Applied: applied}}
	}
	screen := func(ds ...element.Delta) Event { return Event{Screen: &Screen{Deltas: ds}} }
	for _, tt := range []struct {
		name string
		in   []Event
		want string
	}{
		{"the last status counts", []Event{status("a", "queued"), status("b", "queued"), status("a", "running"), status("a", "done")}, "status a done, status b queued"},
		{"an order comes after the cells in it", []Event{order("a"), cell("b", 1), order("a", "b"), cell("b", 2)}, "cell b 1, order a b, cell b 2"},
		{"clicks are never forgotten", []Event{run(1, true, "x"), run(1, true, "y"), run(1, false)}, "run 1 false x y"},
		{"the end of a run and the start of the next", []Event{run(1, false), run(2, true)}, "run 1 false , run 2 true "},
		{"sets of one path", []Event{screen(leaf("main/a.0", "1")), screen(leaf("main/a.1", "2"), leaf("main/a.0", "3"))}, "screen a.0=3 a.1=2"},
		{"not across a run's start", []Event{screen(leaf("main/a.0", "1")), run(2, true), screen(leaf("main/a.0", "3"))}, "screen a.0=1, run 2 true , screen a.0=3"},
		{"not across a clear of what is above", []Event{screen(leaf("main/a.0/a.0", "1"), element.Delta{Op: element.Clear, Path: "main/a.0"}, leaf("main/a.0/a.0", "1"))}, "screen a.0/a.0=1 clear:a.0 a.0/a.0=1"},
		{"a document says it all", []Event{status("a", "done"), {Document: &Document{}}, status("a", "stale")}, "document, status a stale"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var q queue
			for _, e := range tt.in {
				q.add(e)
			}
			if got := showEvents(q.events); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func showEvents(es []Event) string {
	var out []string
	for _, e := range es {
		switch {
		case e.Document != nil:
			out = append(out, "document")
		case e.Cell != nil:
			out = append(out, fmt.Sprint("cell ", e.Cell.ID, " ", e.Cell.Version))
		case e.Order != nil:
			out = append(out, "order "+strings.Join(strs(e.Order.Cells), " "))
		case e.Status != nil:
			out = append(out, fmt.Sprint("status ", e.Status.Cell, " ", e.Status.State))
		case e.Run != nil:
			out = append(out, fmt.Sprint("run ", e.Run.Run, " ", e.Run.Running, " ", strings.Join(e.Run.Applied, " ")))
		case e.Screen != nil:
			var ds []string
			for _, d := range e.Screen.Deltas {
				p := strings.TrimPrefix(string(d.Path), "main/")
				if d.Op == element.Set {
					ds = append(ds, p+"="+textOf(d.Element))
				} else {
					ds = append(ds, string(d.Op)+":"+p)
				}
			}
			out = append(out, "screen "+strings.Join(ds, " "))
		}
	}
	return strings.Join(out, ", ")
}

// Merged or not, a screen that follows the deltas ends the same.
func TestMergedDeltasShowTheSame(t *testing.T) {
	paths := []element.Path{"main/a.0", "main/a.0/a.0", "main/a.0/b.0", "main/b.0", "main/a.0/a.0/a.0"}
	for seed := int64(0); seed < 500; seed++ {
		r := rand.New(rand.NewSource(seed))
		source, plain := element.NewTree(), []element.Delta(nil)
		var q queue
		for run := uint64(1); run < 5; run++ {
			source.Begin(run, element.Scope{})
			var out []element.Delta
			for range r.Intn(10) {
				d := element.Delta{Path: paths[r.Intn(len(paths))]}
				switch r.Intn(7) {
				case 0:
					d.Op = element.Remove
				case 1:
					d.Op = element.Clear
				case 2:
					d.Op, d.Data = element.Append, json.RawMessage(`{"text":"+"}`)
				case 3, 4:
					d.Op, d.Element = element.Set, &element.Element{Kind: "container"}
				default:
					d = leaf(d.Path, fmt.Sprint(r.Intn(4)))
				}
				out = append(out, source.Apply(d)...)
			}
			out = append(out, source.End(true)...)
			plain = append(plain, out...)
			q.add(Event{Screen: &Screen{Deltas: out}})
		}
		a, b := element.NewTree(), element.NewTree()
		for i, d := range plain {
			a.Begin(uint64(i+1), element.Scope{})
			a.Apply(d)
		}
		for i, d := range q.events[0].Screen.Deltas {
			b.Begin(uint64(i+1), element.Scope{})
			b.Apply(d)
		}
		x, _ := json.Marshal(a.All())
		y, _ := json.Marshal(b.All())
		if string(x) != string(y) {
			t.Fatalf("seed %d:\nplain  %s\nmerged %s", seed, x, y)
		}
	}
}

package session

import (
	"encoding/json"
	"maps"
	"slices"

	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
)

// want is the state of a rerun request: the three states of the machine.
//
//   - fragments          + body
//     nothing    fragments            body
//     fragments  fragments, deduped   body; the fragment queue is wiped
//     body       body                 body; cells united
//
// In every pair the newest widget values win and triggers are kept, each once.
type want int

const (
	wantNothing want = iota
	wantFragments
	wantBody
)

// Request is what should run next. Requests made before it starts merge.
type Request struct {
	want want
	// Cells to run: targets in edit mode; nil in app mode is the whole notebook.
	Cells     []notebook.CellID
	Fragments []string
	Widgets   map[string]json.RawMessage // values that changed
	Triggers  []wire.Trigger
	// Touch says that only people using widgets asked for it: then a newer
	// interaction may supersede the run.
	Touch bool
	// survived are the clicks under which the kernel died once, and deadly says
	// that it did under values of this request.
	survived []string
	deadly   bool
}

// Merge returns the request that does the work of r and then of newer.
func (r Request) Merge(newer Request) Request {
	if r.want == wantNothing && len(r.Widgets) == 0 && len(r.Triggers) == 0 {
		return newer
	}
	m := Request{want: max(r.want, newer.want)}
	switch m.want {
	case wantFragments:
		m.Fragments = union(r.Fragments, newer.Fragments)
	case wantBody:
		m.Cells = union(r.Cells, newer.Cells)
	}
	m.Widgets = overlay(r.Widgets, newer.Widgets)
	m.Triggers = slices.Clone(r.Triggers)
	for _, t := range newer.Triggers {
		if !slices.ContainsFunc(m.Triggers, func(o wire.Trigger) bool { return o.Click == t.Click }) {
			m.Triggers = append(m.Triggers, t)
		}
	}
	m.survived, m.deadly = union(r.survived, newer.survived), r.deadly || newer.deadly
	switch {
	case r.want == wantNothing:
		m.Touch = newer.Touch
	case newer.want == wantNothing:
		m.Touch = r.Touch
	default:
		m.Touch = r.Touch && newer.Touch
	}
	return m
}

// Supersedes says whether a running run must give way to the newer request: a
// whole run gives way to a whole one, a fragment's to a whole one or to another
// of the same fragment. What a person started by hand in the editor never does.
func (r Request) Supersedes(running Request) bool {
	if r.want == wantNothing || !running.Touch {
		return false
	}
	if r.want == wantBody {
		return true
	}
	if running.want == wantBody {
		return false
	}
	return slices.ContainsFunc(r.Fragments, func(f string) bool { return slices.Contains(running.Fragments, f) })
}

func union[T comparable](a, b []T) []T {
	if len(a) == 0 {
		return slices.Clone(b)
	}
	out := slices.Clone(a)
	for _, x := range b {
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

// overlay returns a with b's entries over it; neither is written to.
func overlay(a, b map[string]json.RawMessage) map[string]json.RawMessage {
	if len(b) == 0 {
		return a
	}
	if len(a) == 0 {
		return maps.Clone(b)
	}
	m := maps.Clone(a)
	maps.Copy(m, b)
	return m
}

package element

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Tree is the screen of one session: what is shown now, and which run put it
// there. Runs pour deltas into it and it answers with the deltas a browser needs
// to follow, which are fewer: what did not change is not sent.
//
// The zero Tree is not ready; use NewTree. A Tree is not safe for concurrent use.
type Tree struct {
	roots   map[Path]*node
	widgets map[string]*node // by element ID
	run     uint64
	scope   Scope
	cells   map[string]bool // of scope
	frags   map[string]bool
}

// Scope is what a run may take away: the elements of these cells, or of these
// fragments. The zero Scope is the whole screen. What callbacks put on the screen
// (segments without a cell) is in the scope of every run of cells.
type Scope struct {
	Cells     []string
	Fragments []string
}

type node struct {
	path    Path
	cell    string // that emitted it
	element Element
	appends []Delta // since element was set
	run     uint64  // that last set it
	parent  *node   // nil of a root
	kids    []*node // in order of arrival
	byPath  map[Path]*node
}

// NewTree returns an empty screen.
func NewTree() *Tree {
	t := &Tree{roots: map[Path]*node{}, widgets: map[string]*node{}}
	for _, p := range []Path{Main, Sidebar, Bottom, Event} {
		t.roots[p] = &node{path: p}
	}
	return t
}

// Begin starts a run: elements set from now on are this run's.
func (t *Tree) Begin(run uint64, scope Scope) {
	t.run, t.scope = run, scope
	t.cells, t.frags = set(scope.Cells), set(scope.Fragments)
}

// Apply changes the screen and returns what a browser that shows the screen
// before needs to show the screen after; nothing when both look the same.
// Deltas that have no place any more (their container is gone) change nothing.
func (t *Tree) Apply(d Delta) []Delta {
	switch d.Op {
	case Set:
		if d.Element == nil {
			return nil
		}
		return t.set(d.Path, *d.Element)
	case Update:
		n := t.find(d.Path)
		if d.Element == nil || n == nil || n.parent == nil || n.element.equal(*d.Element) {
			return nil
		}
		t.unindex(n)
		n.element = *d.Element
		t.index(n)
		return []Delta{{Op: Set, Path: n.path, Element: d.Element}}
	case Remove:
		n := t.find(d.Path)
		if n == nil || n.parent == nil {
			return nil
		}
		t.detach(n)
		return []Delta{{Op: Remove, Path: n.path}}
	case Clear:
		n := t.find(d.Path)
		if n == nil || len(n.kids) == 0 {
			return nil
		}
		t.clear(n)
		return []Delta{{Op: Clear, Path: n.path}}
	case Append:
		n := t.find(d.Path)
		if n == nil || n.parent == nil {
			return nil
		}
		n.appends = append(n.appends, d)
		if len(n.appends) >= maxAppends {
			n.appends = []Delta{{Op: Append, Path: n.path, Data: joinAppends(n.appends)}}
		}
		return []Delta{d}
	}
	return nil
}

// maxAppends is how many appends an element keeps one by one: a loop that feeds a
// chart for hours must not become a list of a million small deltas.
const maxAppends = 512

// joinAppends makes one append of many: text and rows grow, series grow each by
// itself, and of everything else the last word counts.
func joinAppends(ds []Delta) json.RawMessage {
	out := map[string]json.RawMessage{}
	text, hasText := "", false
	lists := map[string][]json.RawMessage{}
	var series [][]json.RawMessage
	for _, d := range ds {
		var fields map[string]json.RawMessage
		if json.Unmarshal(d.Data, &fields) != nil {
			continue
		}
		for name, raw := range fields {
			var list []json.RawMessage
			var more string
			var columns [][]json.RawMessage
			switch {
			case name == "text" && json.Unmarshal(raw, &more) == nil:
				text += more
				hasText = true
			case name == "series" && json.Unmarshal(raw, &columns) == nil:
				for i, c := range columns {
					if i == len(series) {
						series = append(series, nil)
					}
					series[i] = append(series[i], c...)
				}
			case json.Unmarshal(raw, &list) == nil:
				lists[name] = append(lists[name], list...)
			default:
				out[name] = raw
			}
		}
	}
	for name, list := range lists {
		out[name], _ = json.Marshal(list)
	}
	if hasText {
		out["text"], _ = json.Marshal(text)
	}
	if series != nil {
		out["series"], _ = json.Marshal(series)
	}
	joined, _ := json.Marshal(out)
	return joined
}

// End ends the run. With prune, what is in the run's scope and was not set by it
// is taken away; without, it stays (the run was superseded: the next one decides).
func (t *Tree) End(prune bool) []Delta {
	var out []Delta
	if prune {
		for _, p := range []Path{Main, Sidebar, Bottom, Event} {
			t.prune(t.roots[p], false, &out)
		}
	}
	t.scope, t.cells, t.frags = Scope{}, nil, nil
	return out
}

// Narrow makes the running run's scope smaller before End: a run that stopped
// early takes away only what belongs to the cells it came to.
func (t *Tree) Narrow(cells []string) {
	t.scope.Cells, t.cells = cells, set(cells)
	if t.cells == nil {
		t.cells = map[string]bool{}
	}
}

// All returns the whole screen as deltas, parents before children.
func (t *Tree) All() []Delta {
	var out []Delta
	var walk func(n *node)
	walk = func(n *node) {
		if n.parent != nil {
			e := n.element
			out = append(out, Delta{Op: Set, Path: n.path, Element: &e})
			out = append(out, n.appends...)
		}
		for _, k := range n.kids {
			walk(k)
		}
	}
	for _, p := range []Path{Main, Sidebar, Bottom, Event} {
		walk(t.roots[p])
	}
	return out
}

// Widget returns the element with that ID and where it stands.
func (t *Tree) Widget(id string) (Path, Element, bool) {
	if n := t.widgets[id]; n != nil && id != "" {
		return n.path, n.element, true
	}
	return "", Element{}, false
}

// HasFragment says whether anything of the fragment is on the screen.
func (t *Tree) HasFragment(id string) bool {
	var has func(n *node) bool
	has = func(n *node) bool {
		if n.element.Fragment == id {
			return true
		}
		for _, k := range n.kids {
			if has(k) {
				return true
			}
		}
		return false
	}
	for _, r := range t.roots {
		for _, k := range r.kids {
			if has(k) {
				return true
			}
		}
	}
	return false
}

// RemoveCells takes away everything these cells emitted.
func (t *Tree) RemoveCells(cells ...string) []Delta {
	gone := set(cells)
	var out []Delta
	var walk func(n *node)
	walk = func(n *node) {
		for _, k := range append([]*node(nil), n.kids...) {
			if gone[k.cell] {
				t.detach(k)
				out = append(out, Delta{Op: Remove, Path: k.path})
			} else {
				walk(k)
			}
		}
	}
	for _, p := range []Path{Main, Sidebar, Bottom, Event} {
		walk(t.roots[p])
	}
	return out
}

// Cell returns the cell that emitted the element at the path: the cell of its
// last segment, "" of a root and of what a callback emitted.
func (p Path) Cell() string {
	_, last, ok := cutLast(string(p), '/')
	if !ok {
		return ""
	}
	cell, _, _ := cutLast(last, '.')
	return cell
}

// Parent returns the path of the container, "" of a root.
func (p Path) Parent() Path {
	parent, _, _ := cutLast(string(p), '/')
	return Path(parent)
}

func (t *Tree) set(p Path, e Element) []Delta {
	parent := t.find(p.Parent())
	if parent == nil {
		return nil
	}
	n := parent.byPath[p]
	if n == nil {
		var out []Delta
		if parent.element.Kind == "empty" && len(parent.kids) > 0 {
			// An empty shows one element: a second one takes the first's place.
			t.clear(parent)
			out = append(out, Delta{Op: Clear, Path: parent.path})
		}
		n = &node{path: p, cell: p.Cell(), element: e, run: t.run, parent: parent}
		if parent.byPath == nil {
			parent.byPath = map[Path]*node{}
		}
		parent.byPath[p] = n
		parent.kids = append(parent.kids, n)
		t.index(n)
		return append(out, Delta{Op: Set, Path: p, Element: &e})
	}

	same := len(n.appends) == 0 && n.element.equal(e)
	again := n.run == t.run // set twice in one run: a container starts empty again
	n.run = t.run
	if same && !(again && len(n.kids) > 0) {
		return nil
	}
	var out []Delta
	if len(n.kids) > 0 && (again || n.element.Kind != e.Kind) {
		t.clear(n)
		out = append(out, Delta{Op: Clear, Path: p})
	}
	if !same {
		t.unindex(n)
		n.element, n.appends = e, nil
		t.index(n)
		out = append(out, Delta{Op: Set, Path: p, Element: &e})
	}
	return out
}

// prune walks below n; within says that an ancestor belongs to a running fragment.
func (t *Tree) prune(n *node, within bool, out *[]Delta) {
	kept := n.kids[:0]
	for _, k := range n.kids {
		inFragment := within || t.frags[k.element.Fragment]
		if k.run != t.run && t.inScope(k, inFragment) {
			t.forget(k)
			delete(n.byPath, k.path)
			*out = append(*out, Delta{Op: Remove, Path: k.path})
			continue
		}
		t.prune(k, inFragment, out)
		kept = append(kept, k)
	}
	clear(n.kids[len(kept):])
	n.kids = kept
}

func (t *Tree) inScope(n *node, inFragment bool) bool {
	switch {
	case t.frags != nil:
		return inFragment
	case t.cells != nil:
		// ".0" is a callback's; a name without a dot ("event/page") is the
		// page's own and goes only with a run of everything.
		return t.cells[n.cell] || n.cell == "" && strings.Contains(string(n.path), "/.")
	}
	return true
}

func (t *Tree) find(p Path) *node {
	if p == "" {
		return nil
	}
	if n := t.roots[p]; n != nil {
		return n
	}
	parent := t.find(p.Parent())
	if parent == nil {
		return nil
	}
	return parent.byPath[p]
}

func (t *Tree) detach(n *node) {
	t.forget(n)
	delete(n.parent.byPath, n.path)
	for i, k := range n.parent.kids {
		if k == n {
			n.parent.kids = append(n.parent.kids[:i], n.parent.kids[i+1:]...)
			break
		}
	}
}

func (t *Tree) clear(n *node) {
	for _, k := range n.kids {
		t.forget(k)
	}
	n.kids, n.byPath = nil, nil
}

// forget drops n and all below it from the index of widgets.
func (t *Tree) forget(n *node) {
	t.unindex(n)
	for _, k := range n.kids {
		t.forget(k)
	}
}

func (t *Tree) index(n *node) {
	if n.element.ID != "" {
		t.widgets[n.element.ID] = n
	}
}

func (t *Tree) unindex(n *node) {
	if t.widgets[n.element.ID] == n {
		delete(t.widgets, n.element.ID)
	}
}

func (e Element) equal(o Element) bool {
	return e.Kind == o.Kind && e.ID == o.ID && e.Key == o.Key &&
		e.Fragment == o.Fragment && e.Form == o.Form && bytes.Equal(e.Props, o.Props)
}

func set(names []string) map[string]bool {
	if len(names) == 0 {
		return nil
	}
	m := make(map[string]bool, len(names))
	for _, n := range names {
		m[n] = true
	}
	return m
}

// cutLast cuts s around its last sep.
func cutLast(s string, sep byte) (before, after string, found bool) {
	i := strings.LastIndexByte(s, sep)
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+1:], true
}

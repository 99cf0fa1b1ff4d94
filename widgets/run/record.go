package run

import (
	"strings"

	"stnb.dev/widgets/element"
)

// Recording is what code showed while it was on: elements, containers with what is
// in them, and changes of both. It can be shown again elsewhere, also by another
// session. What the code put into containers made before is no part of it: only
// its own session has these.
type Recording struct {
	base element.Path // the current place when it began
	tops []top
	ops  []recorded
}

// top is an element that the code put into the place it was called in, or into
// the sidebar or another root.
type top struct {
	path element.Path
	root element.Path // "" is the current place
}

// recorded is a delta at or below a top.
type recorded struct {
	top   int
	below string // the path's rest
	delta element.Delta
}

// Record starts a recording; stop ends it.
func (s *Session) Record() (r *Recording, stop func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r = &Recording{base: s.orCurrent(nil).Path}
	s.recordings = append(s.recordings, r)
	return r, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for i := range s.recordings {
			if s.recordings[i] == r {
				s.recordings = append(s.recordings[:i:i], s.recordings[i+1:]...)
				return
			}
		}
	}
}

// took notes a path that an element gets in a place.
func (r *Recording) took(place, path element.Path) {
	switch {
	case place == r.base:
		r.top(top{path: path})
	case place == element.Main || place == element.Sidebar || place == element.Bottom:
		r.top(top{path, place})
	}
}

func (r *Recording) top(t top) {
	for _, o := range r.tops {
		if o == t {
			return
		}
	}
	r.tops = append(r.tops, t)
}

func (r *Recording) note(d element.Delta) {
	for i, t := range r.tops {
		if within(d.Path, t.path) {
			r.ops = append(r.ops, recorded{i, string(d.Path[len(t.path):]), d})
			return
		}
	}
}

// Replay shows a recording in the current place. change, when not nil, adapts
// elements to this session.
func (s *Session) Replay(r *Recording, change func(element.Element) element.Element) {
	if len(r.ops) == 0 {
		return
	}
	s.Check()
	s.settle()
	s.mu.Lock()
	defer s.mu.Unlock()
	paths := make([]element.Path, len(r.tops))
	for _, op := range r.ops {
		if paths[op.top] == "" {
			place := s.orCurrent(nil)
			if root := r.tops[op.top].root; root != "" {
				place = Root(root)
			}
			paths[op.top] = s.take(s.inFragment(place))
		}
		d := op.delta
		d.Path = paths[op.top] + element.Path(recell(op.below, s.cell))
		if d.Element != nil {
			el := *d.Element
			if change != nil {
				el = change(el)
			}
			el.Fragment = s.fragmentID()
			d.Element = &el
		}
		s.emit(d)
	}
}

// recell makes the path's rest one of the cell that shows it now.
func recell(below, cell string) string {
	if below == "" {
		return ""
	}
	parts := strings.Split(below[1:], "/")
	for i, part := range parts {
		if at := strings.LastIndexByte(part, '.'); at >= 0 {
			parts[i] = cell + part[at:]
		}
	}
	return "/" + strings.Join(parts, "/")
}

package run

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"stnb.dev/widgets/element"
)

// Fragment is a part of a cell that can run again by itself.
type Fragment struct {
	ID string

	parent *Fragment
	cell   string
	body   func()
	place  *Place // where its box stands
	box    *Place // inside the box
	el     element.Element
	path   element.Path
	stack  []*Place
	outer  map[element.Path]*outerBox // boxes in containers made outside of it
	alive  bool
}

type outerBox struct {
	path  element.Path
	place *Place
	run   uint64
}

// StartFragment shows a fragment's box in the place, remembers its body and runs
// it. el is the box: a fragmentBox or a dialog.
func (s *Session) StartFragment(p *Place, el element.Element, body func()) {
	s.Check()
	s.mu.Lock()
	p = s.inFragment(s.orCurrent(p))
	path := s.take(p)
	h := sha256.Sum256([]byte(path))
	f := &Fragment{
		ID: "fragment-" + hex.EncodeToString(h[:8]), parent: s.current(), cell: s.cell,
		body: body, place: p, path: path, alive: true, outer: map[element.Path]*outerBox{},
	}
	el.Fragment = f.ID
	f.el = el
	s.fragments[f.ID] = f
	f.stack = append([]*Place(nil), s.stack...)
	s.mu.Unlock()
	s.runFragment(f)
}

// Fragment returns what runs just that fragment again; false when it is gone.
func (s *Session) Fragment(id string) (func(), bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.fragments[id]
	if f == nil {
		return nil, false
	}
	return func() {
		s.mu.Lock()
		s.cell, s.entered = f.cell, true
		s.stack = append([]*Place(nil), f.stack...)
		s.inside = f.chain()
		s.mu.Unlock()
		s.runFragment(f)
	}, true
}

// chain is the fragments around f, outermost first, without f.
func (f *Fragment) chain() []*Fragment {
	var out []*Fragment
	for p := f.parent; p != nil; p = p.parent {
		out = append([]*Fragment{p}, out...)
	}
	return out
}

// runFragment runs the body in its box. A panic of the body is shown in the box and
// ends just the fragment, unless it runs as a part of the editor's cell: that fails
// then. Signals pass.
func (s *Session) runFragment(f *Fragment) {
	s.mu.Lock()
	s.emit(element.Delta{Op: element.Set, Path: f.path, Element: &f.el})
	s.forget(f.path)
	f.box = &Place{Path: f.path, Form: f.place.Form, Fragment: f.ID, cell: f.cell}
	s.inside = append(s.inside, f)
	depth, stack, alone := len(s.inside), len(s.stack), len(s.req.Fragments) > 0
	s.stack = append(s.stack, f.box)
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		if len(s.inside) >= depth {
			s.inside = s.inside[:depth-1]
		}
		if len(s.stack) > stack {
			s.stack = s.stack[:stack]
		}
		s.mu.Unlock()
	}()
	host, ok := s.Host.(Protector)
	if !ok || !s.Cfg.App && !alone {
		f.body()
		return
	}
	if fault, failed := host.Protect(f.body); failed {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.errors++
		s.inside, s.stack, s.callback = s.inside[:depth], s.stack[:stack+1], false
		s.put(f.box, fault)
	}
}

// FragmentCell returns the cell a fragment belongs to.
func (s *Session) FragmentCell(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.fragments[id]; f != nil {
		return f.cell
	}
	return ""
}

func (s *Session) current() *Fragment {
	if n := len(s.inside); n > 0 {
		return s.inside[n-1]
	}
	return nil
}

func (s *Session) fragmentID() string {
	if f := s.current(); f != nil {
		return f.ID
	}
	return ""
}

// inFragment returns the place itself, unless it was made outside the fragment
// that runs. Then it is a box of the fragment's own in that place, so that a run
// of the fragment replaces what it wrote there the last time instead of adding to
// it, and never takes the numbers of what others wrote.
func (s *Session) inFragment(p *Place) *Place {
	f := s.current()
	if f == nil || f.box == nil || within(p.Path, f.box.Path) || s.callback {
		return p
	}
	b := f.outer[p.Path]
	if b == nil {
		b = &outerBox{path: s.take(p)}
		f.outer[p.Path] = b
	}
	if b.place == nil || b.run != s.req.Run {
		el := El("fragmentBox", element.FragmentBox{})
		el.Fragment = f.ID
		s.emit(element.Delta{Op: element.Set, Path: b.path, Element: &el})
		s.forget(b.path)
		b.run = s.req.Run
		b.place = &Place{Path: b.path, Single: p.Single, Form: p.Form, Fragment: f.ID, cell: f.cell}
	}
	return b.place
}

// form is what is known of a form.
type form struct {
	clear   bool
	key     string
	cell    string
	box     *Place // inside of it
	widgets bool   // it has some
	submit  bool   // one of them submits it
}

// FormBox is told what is the inside of a form.
func (s *Session) FormBox(id string, box *Place) {
	s.mu.Lock()
	defer s.mu.Unlock()
	box.Form = id
	s.forms[id].box = box
}

// unsent tells of the run's forms whose widgets nobody can send. mu is held.
func (s *Session) unsent() {
	for id, f := range s.forms {
		if !s.seen[id] || !f.widgets || f.submit || f.box == nil {
			continue
		}
		s.cell, s.stack, s.inside = f.cell, nil, nil
		s.misuse(f.box, fmt.Sprintf("st.Form(%q)", f.key), "has no submit button: nobody can send what it holds; call SubmitButton on its block")
	}
}

// StartForm names a form and returns its ID; false when the place is inside
// another form already, or the name was used in this run.
func (s *Session) StartForm(p *Place, key string, clearOnSubmit bool) (id string, why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p = s.orCurrent(p)
	if p.Form != "" {
		return "", "stands in another form: forms cannot be nested"
	}
	h := sha256.Sum256([]byte("form\x00" + key))
	id = "form-" + hex.EncodeToString(h[:8])
	if s.seen[id] {
		return "", fmt.Sprintf("is there twice with the name %q: give each form a name of its own", key)
	}
	s.seen[id] = true
	s.forms[id] = &form{clear: clearOnSubmit, key: key, cell: s.cell}
	return id, ""
}

package run

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"stnb.dev/widgets/element"
)

// Place is somewhere on the screen that takes elements: what is left of a
// container once its look is gone.
type Place struct {
	Path     element.Path
	Single   bool   // holds one element at most: each replaces the one before
	Form     string // the form it is in, or is
	Fragment string // the fragment it was made in

	cell string // that made it
}

// Root returns the place of a root.
func Root(p element.Path) *Place { return &Place{Path: p} }

// child is the path of a cell's index-th child below p.
func child(p element.Path, cell string, index int) element.Path {
	return element.Path(string(p) + "/" + cell + "." + strconv.Itoa(index))
}

// settle lets a host that prints show first what was printed before. It shows that
// with Show, so mu must not be held.
func (s *Session) settle() {
	if h, ok := s.Host.(interface{ Settle() }); ok {
		h.Settle()
	}
}

// Put shows the element in the place and returns where it stands. nil is the
// current place.
func (s *Session) Put(p *Place, el element.Element) element.Path {
	s.Check()
	s.settle()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.put(p, el)
}

func (s *Session) put(p *Place, el element.Element) element.Path {
	p = s.inFragment(s.orCurrent(p))
	path := s.take(p)
	s.emitSet(path, el)
	return path
}

// PutContainer shows a container and returns the place inside it, empty.
func (s *Session) PutContainer(p *Place, el element.Element) *Place {
	s.Check()
	s.settle()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.putContainer(p, el)
}

func (s *Session) putContainer(p *Place, el element.Element) *Place {
	p = s.inFragment(s.orCurrent(p))
	path := s.take(p)
	s.emitSet(path, el)
	s.forget(path)
	return &Place{Path: path, Form: p.Form, Fragment: s.fragmentID(), cell: s.cell}
}

// Reput shows the element again at a path that Put returned.
func (s *Session) Reput(path element.Path, el element.Element) {
	s.Check()
	s.settle()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.emitSet(path, el)
}

// Append adds data to the element at the path.
func (s *Session) Append(path element.Path, data any) {
	s.Check()
	raw, err := json.Marshal(data)
	if err != nil {
		s.Misuse(nil, "append", err.Error())
		return
	}
	s.settle()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.emit(element.Delta{Op: element.Append, Path: path, Data: raw})
}

// Remove takes the element at the path away.
func (s *Session) Remove(path element.Path) {
	s.Check()
	s.settle()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget(path)
	s.emit(element.Delta{Op: element.Remove, Path: path})
}

// Clear empties the place.
func (s *Session) Clear(p *Place) {
	s.Check()
	s.settle()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget(p.Path)
	s.emit(element.Delta{Op: element.Clear, Path: p.Path})
}

// Show puts a finished element at the current place of the current cell and
// returns where it stands. It does not end a stopped run: a kernel reports with
// it.
func (s *Session) Show(el element.Element) element.Path {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.put(nil, el)
}

// With makes p the current place while f runs.
func (s *Session) With(p *Place, f func()) {
	s.mu.Lock()
	s.stack = append(s.stack, p)
	depth := len(s.stack)
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		if len(s.stack) >= depth {
			s.stack = s.stack[:depth-1]
		}
		s.mu.Unlock()
	}()
	f()
}

// Current is the place elements go to when no other is named.
func (s *Session) Current() *Place {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.orCurrent(nil)
}

func (s *Session) orCurrent(p *Place) *Place {
	if p != nil {
		return p
	}
	if n := len(s.stack); n > 0 {
		return s.stack[n-1]
	}
	return Root(element.Main)
}

// take takes the next index of the current cell in the place.
func (s *Session) take(p *Place) element.Path {
	path := s.number(p)
	for _, r := range s.recordings {
		r.took(p.Path, path)
	}
	return path
}

func (s *Session) number(p *Place) element.Path {
	if p.Single {
		return child(p.Path, p.cell, 0)
	}
	m := s.next[s.cell]
	if m == nil {
		m = map[element.Path]int{}
		s.next[s.cell] = m
	}
	i := m[p.Path]
	m[p.Path] = i + 1
	return child(p.Path, s.cell, i)
}

// forget starts the numbering below path again: the container there is new.
func (s *Session) forget(path element.Path) {
	for _, m := range s.next {
		delete(m, path)
	}
}

// maxProps is the most that one element carries, bytes. Frames and media, which
// may be bigger, do not travel in elements.
const maxProps = 8 << 20

func (s *Session) emitSet(path element.Path, el element.Element) {
	if el.Fragment == "" {
		el.Fragment = s.fragmentID()
	}
	if len(el.Props) > maxProps {
		el = element.Element{Kind: "error", Fragment: el.Fragment, Props: El("error", element.Error{
			Kind: "misuse", Message: fmt.Sprintf("%s: this has %d MB, more than the %d MB a page shows of one element", el.Kind, len(el.Props)>>20, maxProps>>20),
		}).Props}
	}
	s.emit(element.Delta{Op: element.Set, Path: path, Element: &el})
}

func (s *Session) emit(d element.Delta) {
	if s.closed {
		return
	}
	for _, r := range s.recordings {
		r.note(d)
	}
	s.Host.Emit(d)
}

// El builds an element of its props; the kind is that of the props' struct.
func El(kind string, props any) element.Element {
	raw, err := json.Marshal(props)
	if err != nil { // props hold only what JSON can, but NaN and Inf
		raw, _ = json.Marshal(element.Error{Kind: "misuse", Message: fmt.Sprintf("%s: %v", kind, err)})
		kind = "error"
	}
	return element.Element{Kind: kind, Props: raw}
}

// within says whether path lies at or below root.
func within(path, root element.Path) bool {
	return path == root || strings.HasPrefix(string(path), string(root)+"/")
}

// Misuse shows an error of use where it happened: what was called, and what is
// wrong with the call and how to put it right. The run goes on.
func (s *Session) Misuse(p *Place, call, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.misuse(p, call, text)
}

func (s *Session) misuse(p *Place, call, text string) {
	s.errors++
	s.put(p, El("error", element.Error{Kind: "misuse", Message: call + " " + text}))
}

// Fail shows an error value where it happened. The run goes on.
func (s *Session) Fail(p *Place, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.errors++
	s.put(p, El("error", element.Error{Kind: "error", Message: err.Error()}))
}

// Notice shows a warning once a run.
func (s *Session) Notice(p *Place, html string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.notified[html] {
		return
	}
	s.notified[html] = true
	s.put(p, El("alert", element.Alert{Type: "warning", HTML: html}))
}

// NextPath is where the next element put into the place will stand.
func (s *Session) NextPath(p *Place) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	p = s.orCurrent(p)
	if p.Single {
		return string(child(p.Path, p.cell, 0))
	}
	return string(child(p.Path, s.cell, s.next[s.cell][p.Path]))
}

// Update shows a container with other props, keeping what is in it.
func (s *Session) Update(path element.Path, el element.Element) {
	s.Check()
	s.mu.Lock()
	defer s.mu.Unlock()
	el.Fragment = s.fragmentID()
	s.emit(element.Delta{Op: element.Update, Path: path, Element: &el})
}

// Stopped says whether the run was stopped from outside.
func (s *Session) Stopped() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ctx != nil && s.ctx.Err() != nil
}

// AtTop says whether the current place is the page itself.
func (s *Session) AtTop() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.stack) == 0
}

// InCallback says whether the code that runs is a callback.
func (s *Session) InCallback() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.callback
}

// InDialog says whether the code that runs is that of a dialog.
func (s *Session) InDialog() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.inside {
		if f.el.Kind == "dialog" {
			return true
		}
	}
	return false
}

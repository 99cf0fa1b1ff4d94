package session

import (
	"context"
	"time"

	"stnb.dev/notebook"
)

// checking makes programs, one at a time; of those that wait only the newest is made.
// It belongs to the loop.
type checking struct {
	on, next *making
	took     time.Duration // the last one
	pause    *time.Timer
}

// making is a program that is being made, or waits to be.
type making struct {
	Check
	urgent bool // somebody waits for it
	// done is closed when program is there.
	done    chan struct{}
	program Program
}

const (
	// A check that takes longer than slowCheck would take the processor from the page
	// in which somebody types, with every few letters.
	slowCheck = 50 * time.Millisecond
	// It waits for a pause in the typing: longer than a page keeps typed text back.
	typingPause = 600 * time.Millisecond
)

func (s *Session) check(e Check) {
	k := &s.checking
	if k.next == nil {
		k.next = &making{done: make(chan struct{})}
	}
	k.next.Check = e
	s.checkNext()
}

// checkNext begins the check that waits, or plans to.
func (s *Session) checkNext() {
	k := &s.checking
	k.stop()
	switch {
	case k.on != nil || k.next == nil:
	case k.took > slowCheck && !k.next.urgent:
		k.pause = time.AfterFunc(typingPause, func() { _ = s.call(s.beginCheck) })
	default:
		s.beginCheck()
	}
}

func (k *checking) stop() {
	if k.pause != nil {
		k.pause.Stop()
	}
}

func (s *Session) beginCheck() {
	k := &s.checking
	m := k.next
	if k.on != nil || m == nil {
		return
	}
	k.next = nil
	if s.state.checked == s.state.version {
		// What ran cells meanwhile needed the program, and made it.
		m.Notebook, m.program = s.state.notebook, s.state.program
		close(m.done)
		return
	}
	k.on = m
	go func() {
		began := time.Now()
		m.program = m.Program.Update(m.Notebook)
		took := time.Since(began)
		close(m.done)
		_ = s.call(func() {
			k.on, k.took = nil, took
			_ = s.apply(Op{in: checked{m.Version, m.program, false}})
			s.checkNext()
		})
	}()
}

// current returns the document with its program, once that is made.
func (s *Session) current(ctx context.Context) (p Program, nb *notebook.Notebook, err error) {
	var m *making
	if err := s.call(func() {
		p, nb = s.state.program, s.state.notebook
		if s.state.checked == s.state.version {
			return
		}
		if m = s.checking.next; m != nil {
			m.urgent = true
			s.checkNext()
		} else {
			m = s.checking.on
		}
	}); err != nil || m == nil {
		return p, nb, err
	}
	select {
	case <-m.done:
		return m.program, m.Notebook, nil
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	case <-s.done:
		return nil, nil, ErrClosed
	}
}

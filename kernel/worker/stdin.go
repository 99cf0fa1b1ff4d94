package worker

import (
	"os"
	"reflect"
	"sync"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/wire"
)

// stdin is the session's own os.Stdin: a pipe that is filled from the page.
//
// The kernel cannot see a read that waits on an *os.File, so it asks as soon as
// a run uses standard input at all, and again after each line it was given.
type stdin struct {
	s    *session
	mu   sync.Mutex
	r, w *os.File
}

func newStdin(s *session) *stdin { return &stdin{s: s} }

func (in *stdin) bindings() engine.Bindings {
	r, w, err := os.Pipe()
	if err != nil {
		return nil
	}
	in.mu.Lock()
	in.r, in.w = r, w
	in.mu.Unlock()
	return engine.Bindings{"os": {"Stdin": reflect.ValueOf(&in.r).Elem()}}
}

// answer gives the program a line.
func (in *stdin) answer(m *wire.Input) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.w == nil {
		return
	}
	if m.Text != "" {
		in.w.WriteString(m.Text) // a pipe nobody reads any more takes nothing
	}
	if m.EOF {
		in.w.Close()
		in.w = nil
	}
}

func (in *stdin) close() {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.r != nil {
		in.r.Close()
		in.r = nil
	}
	if in.w != nil {
		in.w.Close()
		in.w = nil
	}
}

package run

// Signal is the panic value that ends a run early. It is no failure: engines hand
// it on unchanged, and user code's recover does not stop it (core.Recovered).
type Signal struct {
	Kind  string // "stop", "rerun", "stopped"
	Scope string // of rerun: "app" or "fragment"
}

// StnbControl names the kind; having the method makes a panic a control signal.
func (s *Signal) StnbControl() string { return s.Kind }

func (s *Signal) Error() string {
	switch s.Kind {
	case "stop":
		return "st.Stop ended the run"
	case "rerun":
		return "st.Rerun ended the run"
	}
	return "the run was stopped"
}

// Failure is the panic value of a cell that fails by itself, without a panic of its
// Go: SQL whose text is wrong, tests that failed.
type Failure struct {
	Message      string
	Line, Column int // in the cell's text, from 1; 0: not known
}

// StnbControl makes it a signal, which engines hand on as it is.
func (f *Failure) StnbControl() string { return "failed" }

func (f *Failure) Error() string { return f.Message }

// Place is where in the cell's text it is wrong.
func (f *Failure) Place() (line, column int) { return f.Line, f.Column }

// Control is any control signal, of this package or an engine's.
type Control interface{ StnbControl() string }

// Recovered wraps the recover() of user code: a control signal is raised again.
func Recovered(r any) any {
	if c, ok := r.(Control); ok {
		panic(c)
	}
	return r
}

// Stop ends the run here; what it showed stays, what it did not reach goes.
func (s *Session) Stop() {
	s.mu.Lock()
	callback := s.callback
	s.mu.Unlock()
	if callback {
		s.Misuse(nil, "st.Stop", "does nothing in a callback: return from it instead")
		return
	}
	panic(&Signal{Kind: "stop"})
}

// Rerun ends the run here and starts it again from the top, or, with
// fragmentOnly, the fragment that runs.
func (s *Session) Rerun(fragmentOnly bool) {
	s.mu.Lock()
	callback, inFragmentRun := s.callback, len(s.req.Fragments) > 0
	if !callback && (!fragmentOnly || inFragmentRun) {
		s.rerun = true
		s.rerunFragments = nil
		if fragmentOnly {
			s.rerunFragments = append([]string(nil), s.req.Fragments...)
		}
	}
	s.mu.Unlock()
	switch {
	case callback:
		s.Misuse(nil, "st.Rerun", "does nothing in a callback: the run follows the callback anyway")
		return
	case fragmentOnly && !inFragmentRun:
		s.Misuse(nil, "st.Rerun", "with st.FragmentOnly works only while just a fragment reruns; leave the option out here")
		return
	}
	scope := "app"
	if fragmentOnly {
		scope = "fragment"
	}
	panic(&Signal{Kind: "rerun", Scope: scope})
}

// Check ends the run when it was stopped from outside. Every element and every
// access of session state passes here.
func (s *Session) Check() {
	s.mu.Lock()
	ctx := s.ctx
	s.mu.Unlock()
	if ctx != nil && ctx.Err() != nil {
		panic(&Signal{Kind: "stopped"})
	}
}

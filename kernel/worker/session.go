package worker

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/wire"
	"stnb.dev/widgets/element"
)

// session is one visitor, or the notebook's one session in edit mode.
type session struct {
	wk      *worker
	id      string
	widgets Session
	out     *output
	stdin   *stdin
	http    *requests

	life context.Context // until close
	end  context.CancelCauseFunc
	work chan func() // what runs in the session's goroutine, one at a time
	done chan struct{}

	mu     sync.Mutex
	run    uint64          // that goes on, 0 when none
	ctx    context.Context // of that run
	cancel context.CancelCauseFunc
	queued map[uint64]*stopCause // runs that did not begin; why they are stopped, or nil
	// A run whose callbacks run is not stopped politely before they are through:
	// a click is taken whole or not at all.
	calling bool
	late    *stopCause // what was asked for meanwhile
	inst    engine.Instance
	prog    *program            // that inst runs
	seen    map[string]wire.Var // variables as they were last looked at
}

// stopCause is why a run's context is cancelled.
type stopCause struct{ reason wire.StopReason }

func (c stopCause) Error() string { return string(c.reason) }

// polite says that the run is to be made again, and may take its clicks first.
func (c stopCause) polite() bool { return c.reason == wire.Superseded || c.reason == wire.Closed }

func newSession(wk *worker, o *wire.Open) *session {
	s := &session{
		wk: wk, id: o.Session, work: make(chan func(), 64), done: make(chan struct{}),
		queued: map[uint64]*stopCause{},
	}
	s.life, s.end = context.WithCancelCause(context.Background())
	s.out = newOutput(s, wk.hello.App)
	s.stdin = newStdin(s, wk.hello.App)
	s.http = newRequests(s)
	s.widgets = wk.cfg.NewSession(s, SessionConfig{ID: o.Session, App: wk.hello.App, Dir: wk.hello.Dir})
	if len(o.State)+len(o.Widgets) > 0 {
		s.widgets.Restore(o.State, o.Widgets)
	}
	return s
}

// loop is the session's goroutine.
func (s *session) loop() {
	defer close(s.done)
	for {
		select {
		case <-s.life.Done():
			return
		case f := <-s.work:
			f()
		}
	}
}

// close stops what runs and frees everything. It does not wait for user code
// that will not end.
func (s *session) close() {
	s.end(stopCause{wire.Closed})
	s.stdin.close()
	go func() {
		<-s.done
		s.mu.Lock()
		inst := s.inst
		s.inst = nil
		s.mu.Unlock()
		if inst != nil {
			inst.Close()
		}
		s.widgets.Close()
		s.out.close()
	}()
}

func (s *session) enqueue(r *wire.Run) {
	s.mu.Lock()
	s.queued[r.Run] = nil
	s.mu.Unlock()
	select {
	case s.work <- func() { s.execute(r) }:
	case <-s.life.Done():
	}
}

// stop ends the run if it is still that run; Run 0 means whichever.
func (s *session) stop(m *wire.Stop) {
	s.mu.Lock()
	defer s.mu.Unlock()
	why := stopCause{m.Reason}
	if _, waits := s.queued[m.Run]; waits {
		s.queued[m.Run] = &why
		return
	}
	if s.cancel == nil || m.Run != 0 && m.Run != s.run {
		return
	}
	if s.calling && why.polite() {
		s.late = &why
		return
	}
	s.cancel(why)
}

// called says that the run's callbacks are through, and carries out what was
// asked for meanwhile.
func (s *session) called() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calling = false
	if s.late != nil {
		s.cancel(*s.late)
		s.late = nil
	}
}

// Emit, Display and Instance make a session the Host of its widgets.
func (s *session) Emit(d ...element.Delta) { s.out.emit(d) }

// Settle is of Host: os.Stdout and os.Stderr are pipes that are read now and then.
func (s *session) Settle() { s.out.drain() }

// Capture runs f and returns what it prints instead of showing it.
func (s *session) Capture(f func()) string { return s.out.capture(f) }

// Display shows a value.
func (s *session) Display(v any) element.Element { return s.wk.cfg.Display(s.Instance(), v) }

// Instance is the program as it runs now.
func (s *session) Instance() engine.Instance {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.inst
}

// Code identifies the text of the cell and of all that stands above it.
func (s *session) Code(cell string) string {
	s.mu.Lock()
	prog := s.prog
	s.mu.Unlock()
	if prog == nil {
		return ""
	}
	h := sha256.New()
	for _, u := range prog.order {
		h.Write([]byte(u.Source))
		h.Write([]byte{0})
		if u.Cell == cell {
			break
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// execute is one run from its first message to RunEnd.
func (s *session) execute(r *wire.Run) {
	ctx, cancel := context.WithCancelCause(s.life)
	defer cancel(nil)
	s.mu.Lock()
	s.run, s.ctx, s.cancel, s.calling, s.late = r.Run, ctx, cancel, true, s.queued[r.Run]
	delete(s.queued, r.Run)
	if s.late != nil && !s.late.polite() {
		cancel(*s.late)
	}
	s.mu.Unlock()
	s.wk.running(+1)
	s.out.begin(r.Run)

	end := &wire.RunEnd{Session: s.id, Run: r.Run, Status: wire.RunOK}
	if err := s.ready(); err != nil {
		s.widgets.Begin(ctx, r) // their values are known from now on
		s.widgets.End(false)
		end.Status, end.Unseen = wire.RunFailed, r.Triggers
		end.Fault = &wire.Fault{Kind: "error", Message: err.Error()}
	} else {
		s.widgets.Begin(ctx, r)
		over := s.stdin.during(ctx)
		s.body(ctx, r, end)
		over()
		s.called()
		e := s.widgets.End(end.Status == wire.RunOK)
		end.Unseen, end.Widgets, end.Query, end.Fragments = e.Unseen, e.Widgets, e.Query, e.Fragments
		s.out.flush()
		s.sendState(false)
	}

	s.mu.Lock()
	s.run, s.ctx, s.cancel = 0, nil, nil
	s.mu.Unlock()
	s.wk.running(-1)
	s.out.flush()
	s.wk.send(wire.Message{RunEnd: end})
}

// body is callbacks, then fragments or cells, up to the first that does not end
// as it should.
func (s *session) body(ctx context.Context, r *wire.Run, end *wire.RunEnd) {
	// A callback that fails costs the others nothing: they belong to other clicks.
	calls := s.widgets.Callbacks()
	failed := false
	for _, f := range calls {
		err := s.inst.Do(ctx, f)
		if err != nil && !failed {
			failed = true
			end.Fault = conclude(ctx, err, end)
		}
		if ctx.Err() != nil {
			break
		}
	}
	s.out.flush()
	s.sendState(len(calls) > 0)
	if failed {
		return
	}
	s.called()
	if len(r.Fragments) > 0 {
		for _, id := range r.Fragments {
			f, ok := s.widgets.Fragment(id)
			if !ok {
				continue // it is gone since
			}
			if err := s.inst.Do(ctx, f); err != nil {
				if fault := conclude(ctx, err, end); fault != nil {
					end.Fault = fault
				}
				return
			}
		}
		return
	}
	for _, cell := range r.Cells {
		if ctx.Err() != nil {
			conclude(ctx, ctx.Err(), end)
			return
		}
		if err := s.cell(ctx, r.Run, cell); err != nil {
			conclude(ctx, err, end)
			return
		}
	}
}

// cell runs one cell and reports its start and end.
func (s *session) cell(ctx context.Context, run uint64, cell string) error {
	s.out.flush()
	s.wk.send(wire.Message{CellStart: &wire.CellStart{Session: s.id, Run: run, Cell: cell}})
	s.widgets.EnterCell(cell)
	s.out.enter()
	began := time.Now()
	before := s.inst.Goroutines()
	var err error
	if u, ok := s.prog.units[cell]; ok {
		if p, refused := s.prog.problems[u.ID]; refused {
			err = &engine.Fault{Fault: wire.Fault{
				Kind: "error", Message: p.Message,
				Frames: []wire.Frame{{Unit: u.ID, Line: p.Line, Column: p.Column}},
			}}
		} else if u.Func != "" {
			err = exited(placed(cell, s.inst.Call(ctx, u.ID)))
		}
	}
	s.out.leave()
	msg := &wire.CellEnd{
		Session: s.id, Run: run, Cell: cell,
		Millis:     float64(time.Since(began)) / float64(time.Millisecond),
		Goroutines: max(0, s.inst.Goroutines()-before),
	}
	var scratch wire.RunEnd
	msg.Fault = conclude(ctx, err, &scratch)
	s.out.flush()
	s.wk.send(wire.Message{CellEnd: msg})
	return err
}

// placed makes the failure of a cell that fails by itself a fault, at its place in
// the cell's own text when it has one: its unit is the cell then.
func placed(cell string, err error) error {
	var c engine.Control
	if !errors.As(err, &c) || c.StnbControl() != "failed" {
		return err
	}
	f := &engine.Fault{Fault: wire.Fault{Kind: "error", Message: err.Error()}}
	if p, ok := c.(interface{ Place() (line, column int) }); ok {
		if line, column := p.Place(); line > 0 {
			f.Frames = []wire.Frame{{Unit: cell, Line: line, Column: column}}
		}
	}
	return f
}

// exited makes os.Exit(0) the good end of a cell.
func exited(err error) error {
	var f *engine.Fault
	if errors.As(err, &f) {
		if code, ok := f.ExitCode(); ok && code == 0 {
			return nil
		}
	}
	return err
}

// conclude writes how a run ends into end, and returns the fault when it is one.
func conclude(ctx context.Context, err error, end *wire.RunEnd) *wire.Fault {
	if err == nil {
		return nil
	}
	var c engine.Control
	var f *engine.Fault
	switch {
	case ctx.Err() != nil:
		// Whatever the cell ended with: a call that was cut short by the stop ends
		// with an error of its own, or a panic over it, and that is no fault.
		end.Status, end.Reason = wire.RunStopped, wire.Interrupted
		var why stopCause
		if errors.As(context.Cause(ctx), &why) {
			end.Reason = why.reason
		}
		if !errors.As(err, &f) {
			return nil
		}
		if f.Kind != "stopped" {
			return &wire.Fault{Kind: "stopped", Message: new(engine.Stopped).Error(), Frames: f.Frames}
		}
		return &f.Fault
	case errors.As(err, &c):
		end.Status = wire.RunStopped
		if c.StnbControl() == "rerun" {
			end.Status = wire.RunRerun
		}
		return nil
	case errors.As(err, &f) && f.Kind == "stopped":
		end.Status, end.Reason = wire.RunStopped, wire.Interrupted
		return &f.Fault
	case errors.As(err, &f):
		end.Status = wire.RunFailed
		return &f.Fault
	}
	end.Status = wire.RunFailed
	return &wire.Fault{Kind: "error", Message: err.Error()}
}

// ready moves the instance to the program loaded last.
func (s *session) ready() error {
	p := s.wk.current()
	if p == nil || p.Program == nil {
		return errors.New("no program is loaded in this kernel")
	}
	s.mu.Lock()
	inst, old := s.inst, s.prog
	s.mu.Unlock()
	if old == p {
		return nil
	}
	if inst == nil {
		made, err := p.NewInstance(s.bindings())
		if err != nil {
			return fmt.Errorf("start the program: %w", err)
		}
		inst = made
	} else if err := inst.Update(p.Program); err != nil {
		return fmt.Errorf("bring the program up to date: %w", err)
	}
	s.mu.Lock()
	s.inst, s.prog = inst, p
	s.mu.Unlock()
	return nil
}

// running is the context of the run that is on, nil when none is.
func (s *session) running() context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ctx
}

// bindings are the widgets' and what the worker contains itself.
func (s *session) bindings() engine.Bindings {
	all := engine.Bindings{}
	for _, b := range []engine.Bindings{s.widgets.Bindings(), s.out.bindings(), s.stdin.bindings(), s.http.bindings()} {
		for path, syms := range b {
			if all[path] == nil {
				all[path] = syms
				continue
			}
			for n, v := range syms {
				all[path][n] = v
			}
		}
	}
	return all
}

// sendState sends what changed for recovery, if anything did or always is set.
func (s *session) sendState(always bool) {
	if st := s.widgets.State(); st != nil && (always || len(st.Set)+len(st.Deleted)+len(st.Widgets)+len(st.Taken) > 0) {
		st.Session = s.id
		slices.Sort(st.Deleted)
		s.wk.send(wire.Message{State: st})
	}
}

package appmode

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"stnb.dev/kernel/idle"
	"stnb.dev/kernel/wire"
	"stnb.dev/notebook/session"
)

// hub lets all sessions share one worker, each as if it had a kernel of its own:
// what a session sends is passed on under its name, what the worker says is given
// to the session it names. The program is the hub's: it is loaded once, and a
// session's Load is answered with what came of that.
type hub struct {
	*starter
	answer time.Duration
	log    *slog.Logger
	idle   idle.Trimmer

	mu      sync.Mutex
	closed  bool
	units   []wire.Unit
	worker  *worker
	waiting chan struct{} // closed when the worker that starts is there, or not
}

// starter starts an app's workers, as many at once as there are cores: where each
// visitor has one, others wait for their turn instead of slowing all down.
type starter struct {
	launch session.Launch
	turns  chan struct{}
	engine atomic.Value // string: that the program asked for
}

func newStarter(launch session.Launch) *starter {
	s := &starter{launch: launch, turns: make(chan struct{}, runtime.NumCPU())}
	s.engine.Store("")
	return s
}

// worker is one life of the process.
type worker struct {
	hub     *hub
	kernel  session.Kernel
	seats   map[string]*seat
	seq     uint64             // of questions
	asked   map[uint64]asked   // questions by our number
	load    uint64             // number of the last Load
	loaded  *wire.Loaded       // its answer, nil until it is there
	queued  map[*seat][]uint64 // Loads of sessions that wait for it
	heard   time.Time
	dead    bool
	loading sync.Mutex    // held while a Load is sent
	first   chan struct{} // closed by the answer to the first Load
}

type asked struct {
	seat *seat
	seq  uint64 // the session's number
}

// seat is a session's place in a worker; it is the session's Kernel.
type seat struct {
	worker  *worker
	id      string
	receive func(wire.Message)
	exited  func(string)
	run     uint64    // that is on; 0: none
	stopped time.Time // when it was told to stop; zero: it was not
}

func newHub(start *starter, answer time.Duration, log *slog.Logger, units []wire.Unit) *hub {
	return &hub{starter: start, answer: answer, log: log, units: units}
}

// setUnits makes these the program of the worker there is, and of those to come.
func (h *hub) setUnits(units []wire.Unit) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.units = units
	if h.worker != nil {
		h.worker.sendLoad()
	}
}

// seats returns what starts a session's kernel: a seat in the worker, which
// starts with the first.
func (h *hub) seats(id string) session.Launch {
	return func(ctx context.Context, _ string, receive func(wire.Message), exited func(string)) (session.Kernel, error) {
		for {
			w, err := h.ready(ctx)
			if err != nil {
				return nil, err
			}
			h.mu.Lock()
			if w.dead {
				h.mu.Unlock()
				continue
			}
			s := &seat{worker: w, id: id, receive: receive, exited: exited}
			w.seats[id] = s
			h.mu.Unlock()
			return s, nil
		}
	}
}

// ready returns the worker, and starts it when there is none.
func (h *hub) ready(ctx context.Context) (*worker, error) {
	for {
		h.mu.Lock()
		switch {
		case h.closed:
			h.mu.Unlock()
			return nil, session.ErrClosed
		case h.worker != nil:
			w := h.worker
			h.mu.Unlock()
			return w, nil
		case h.waiting != nil:
			wait := h.waiting
			h.mu.Unlock()
			select {
			case <-wait:
			case <-ctx.Done():
				return nil, ctx.Err()
			}
			continue
		}
		h.waiting = make(chan struct{})
		h.mu.Unlock()

		h.turns <- struct{}{}
		engine := h.engine.Load().(string)
		w, err := h.begin(engine)
		if err == nil && w.loaded.Restart != "" && w.loaded.Restart != engine {
			engine = w.loaded.Restart
			h.log.Info("the worker starts again with another engine", "engine", engine, "why", w.loaded.Reason)
			w.kernel.Kill()
			w, err = h.begin(engine)
		}
		<-h.turns
		h.mu.Lock()
		if err == nil && w.dead {
			err = errors.New("the worker ended while it started")
		}
		if err == nil {
			h.worker = w
			h.engine.Store(engine)
			for _, p := range w.loaded.Problems {
				h.log.Error("the engine refuses a cell", "unit", p.Unit, "why", p.Message)
			}
			go h.watch(w)
		}
		close(h.waiting)
		h.waiting = nil
		closed := h.closed
		h.mu.Unlock()
		if err != nil {
			return nil, err
		}
		if closed {
			w.kernel.Close()
			return nil, session.ErrClosed
		}
	}
}

// begin starts a process and loads the program.
func (h *hub) begin(engine string) (*worker, error) {
	w := &worker{hub: h, seats: map[string]*seat{}, asked: map[uint64]asked{}, queued: map[*seat][]uint64{},
		heard: time.Now(), first: make(chan struct{})}
	gone := make(chan string, 1)
	k, err := h.launch(context.Background(), engine, w.hear, func(cause string) {
		gone <- cause
		w.exit(cause)
	})
	if err != nil {
		return nil, err
	}
	h.mu.Lock()
	w.kernel = k
	w.sendLoad()
	h.mu.Unlock()
	select {
	case <-w.first:
		return w, nil
	case cause := <-gone:
		return nil, errors.New(cause)
	}
}

// sendLoad sends the hub's program. The caller holds the lock.
func (w *worker) sendLoad() {
	w.load++
	w.loaded = nil
	// Not under the lock: a worker that reads slowly must not stop the others.
	// Whoever comes to send takes the newest program, so the last one wins.
	go func() {
		w.loading.Lock()
		defer w.loading.Unlock()
		w.hub.mu.Lock()
		m := wire.Message{Load: &wire.Load{Seq: w.load, Units: w.hub.units}}
		w.hub.mu.Unlock()
		_ = w.kernel.Send(m)
	}()
}

// hear takes a message of the worker to whom it is for.
func (w *worker) hear(m wire.Message) {
	h := w.hub
	if m.Stats == nil { // which comes by itself
		h.idle.Busy()
	}
	h.mu.Lock()
	w.heard = time.Now()
	var to *seat
	switch {
	case m.Loaded != nil:
		h.mu.Unlock()
		w.answerLoads(m.Loaded)
		return
	case m.Paged != nil:
		q := w.asked[m.Paged.Seq]
		delete(w.asked, m.Paged.Seq)
		p := *m.Paged
		p.Seq, m.Paged, to = q.seq, &p, q.seat
	case m.VarList != nil:
		q := w.asked[m.VarList.Seq]
		delete(w.asked, m.VarList.Seq)
		v := *m.VarList
		v.Seq, m.VarList, to = q.seq, &v, q.seat
	case m.Deltas != nil:
		to = w.seats[m.Deltas.Session]
	case m.CellStart != nil:
		to = w.seats[m.CellStart.Session]
	case m.CellEnd != nil:
		to = w.seats[m.CellEnd.Session]
	case m.RunEnd != nil:
		if to = w.seats[m.RunEnd.Session]; to != nil && to.run == m.RunEnd.Run {
			to.run, to.stopped = 0, time.Time{}
		}
	case m.State != nil:
		to = w.seats[m.State.Session]
	case m.Ask != nil:
		to = w.seats[m.Ask.Session]
	}
	h.mu.Unlock()
	if m.Log != nil {
		h.log.Info("kernel", "stream", m.Log.Stream, "session", m.Log.Session, "text", m.Log.Text)
	}
	if to != nil {
		to.receive(m)
	}
}

// answerLoads answers every session that waits for the program.
func (w *worker) answerLoads(m *wire.Loaded) {
	h := w.hub
	h.mu.Lock()
	if m.Seq != w.load {
		h.mu.Unlock()
		return
	}
	w.loaded = m
	restart := m.Restart != "" && h.worker == w
	if restart {
		h.engine.Store(m.Restart)
	}
	waiting := w.queued
	w.queued = map[*seat][]uint64{}
	select {
	case <-w.first:
	default:
		close(w.first)
	}
	h.mu.Unlock()
	if restart {
		// The new version needs the other engine: all sessions move to a new
		// worker, with their state.
		w.kernel.Kill()
		w.exit("the app's new version needs another engine")
		return
	}
	for s, seqs := range waiting {
		for _, seq := range seqs {
			a := *m
			a.Seq, a.Restart = seq, ""
			s.receive(wire.Message{Loaded: &a})
		}
	}
}

// exit tells every session that its kernel is gone.
func (w *worker) exit(cause string) {
	h := w.hub
	h.mu.Lock()
	if w.dead {
		h.mu.Unlock()
		return
	}
	w.dead = true
	if h.worker == w {
		h.worker = nil
	}
	seats := w.seats
	w.seats = map[string]*seat{}
	closed := h.closed
	h.mu.Unlock()
	if closed {
		return
	}
	if len(seats) > 0 {
		h.log.Error("the worker ended; its sessions come back", "cause", cause, "sessions", len(seats))
	}
	for _, s := range seats {
		s.exited(cause)
	}
}

// watch ends a worker that says nothing at all while a run was told to stop:
// others live in it, so nothing less is a reason.
func (h *hub) watch(w *worker) {
	t := time.NewTicker(h.answer / 4)
	defer t.Stop()
	for range t.C {
		h.mu.Lock()
		if w.dead || h.closed {
			h.mu.Unlock()
			return
		}
		mute := false
		for _, s := range w.seats {
			if !s.stopped.IsZero() && time.Since(s.stopped) > h.answer && time.Since(w.heard) > h.answer {
				mute = true
			}
		}
		h.mu.Unlock()
		if mute {
			w.kernel.Kill()
			w.exit("it did not answer")
			return
		}
	}
}

// close ends the worker.
func (h *hub) close() {
	h.mu.Lock()
	h.closed = true
	w := h.worker
	h.mu.Unlock()
	if w != nil {
		w.kernel.Close()
	}
}

// Send passes a session's message on.
func (s *seat) Send(m wire.Message) error {
	w := s.worker
	h := w.hub
	h.mu.Lock()
	if w.dead {
		h.mu.Unlock()
		return errors.New("the worker has ended")
	}
	switch {
	case m.Load != nil:
		// The program is the hub's.
		loaded := w.loaded
		if loaded == nil {
			w.queued[s] = append(w.queued[s], m.Load.Seq)
		}
		h.mu.Unlock()
		if loaded != nil {
			a := *loaded
			a.Seq, a.Restart = m.Load.Seq, ""
			s.receive(wire.Message{Loaded: &a})
		}
		return nil
	case m.Page != nil:
		w.seq++
		w.asked[w.seq] = asked{s, m.Page.Seq}
		p := *m.Page
		p.Seq, m.Page = w.seq, &p
	case m.Vars != nil:
		w.seq++
		w.asked[w.seq] = asked{s, m.Vars.Seq}
		v := *m.Vars
		v.Seq, m.Vars = w.seq, &v
	case m.Run != nil:
		s.run, s.stopped = m.Run.Run, time.Time{}
	case m.Stop != nil:
		// A stop that comes after the run's end is answered by nobody.
		if s.run == m.Stop.Run && s.stopped.IsZero() {
			s.stopped = time.Now()
		}
	}
	h.mu.Unlock()
	return w.kernel.Send(m)
}

// Close gives the place up; the worker frees all that the session holds.
func (s *seat) Close() {
	w := s.worker
	h := w.hub
	h.mu.Lock()
	mine := w.seats[s.id] == s
	if mine {
		delete(w.seats, s.id)
	}
	delete(w.queued, s)
	for seq, q := range w.asked {
		if q.seat == s {
			delete(w.asked, seq)
		}
	}
	dead := w.dead
	h.mu.Unlock()
	if mine && !dead {
		_ = w.kernel.Send(wire.Message{Close: &wire.Close{Session: s.id}})
	}
}

// Kill is Close: nobody ends the worker under the others.
func (s *seat) Kill() { s.Close() }

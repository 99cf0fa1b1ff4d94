package worker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"

	"stnb.dev/dataframe/page"
	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/idle"
	"stnb.dev/kernel/wire"
)

// worker is one kernel.
type worker struct {
	cfg   Config
	conn  *wire.Conn
	hello wire.Hello

	mu       sync.Mutex
	program  *program
	sessions map[string]*session
	busy     int // runs going on
	kick     chan struct{}
	idle     idle.Trimmer
}

// Serve greets the server over r and w, and serves it until r ends (nil), the
// link breaks, or ctx is done. All sessions are closed when it returns.
func Serve(ctx context.Context, r io.Reader, w io.Writer, cfg Config) error {
	if cfg.Tick == 0 {
		cfg.Tick = time.Second
	}
	wk := &worker{
		cfg: cfg, conn: wire.NewConn(r, w),
		sessions: map[string]*session{}, kick: make(chan struct{}, 1),
	}
	hello, err := wk.conn.Greet(wire.Hello{PID: os.Getpid()})
	if err != nil {
		return err
	}
	wk.hello = hello
	if cfg.Started != nil {
		if err := cfg.Started(hello); err != nil {
			return err
		}
	}
	if cfg.Process {
		http.DefaultTransport = sole{wk}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go wk.stats(ctx)
	defer wk.closeAll()
	for {
		m, err := wk.conn.Receive()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		wk.dispatch(m)
	}
}

// dispatch acts on one message. Only Load takes time here: the program must be
// there before the next Run is read.
func (wk *worker) dispatch(m wire.Message) {
	wk.idle.Busy()
	switch {
	case m.Load != nil:
		wk.load(m.Load)
	case m.Open != nil:
		wk.open(m.Open)
	case m.Close != nil:
		if s := wk.session(m.Close.Session); s != nil {
			wk.mu.Lock()
			delete(wk.sessions, s.id)
			wk.mu.Unlock()
			s.close()
		}
	case m.Run != nil:
		s := wk.session(m.Run.Session)
		if s == nil {
			wk.send(wire.Message{RunEnd: &wire.RunEnd{
				Session: m.Run.Session, Run: m.Run.Run, Status: wire.RunFailed,
				Unseen: m.Run.Triggers,
				Fault:  &wire.Fault{Kind: "error", Message: fmt.Sprintf("no session %q in this kernel", m.Run.Session)},
			}})
			return
		}
		s.enqueue(m.Run)
	case m.Stop != nil:
		wk.stop(m.Stop)
	case m.Page != nil:
		go wk.page(m.Page)
	case m.Vars != nil:
		wk.vars(m.Vars)
	case m.Input != nil:
		if s := wk.session(m.Input.Session); s != nil {
			s.stdin.answer(m.Input)
		}
	}
}

// send drops the error: a link that cannot be written also ends the reading.
func (wk *worker) send(m wire.Message) {
	if m.Stats == nil { // which comes by itself
		wk.idle.Busy()
	}
	_ = wk.conn.Send(wk.redacted(m))
}

func (wk *worker) session(id string) *session {
	wk.mu.Lock()
	defer wk.mu.Unlock()
	return wk.sessions[id]
}

func (wk *worker) open(o *wire.Open) {
	wk.mu.Lock()
	old := wk.sessions[o.Session]
	if o.More && old != nil {
		wk.mu.Unlock()
		old.widgets.Restore(o.State, o.Widgets)
		return
	}
	s := newSession(wk, o)
	wk.sessions[o.Session] = s
	wk.mu.Unlock()
	if old != nil {
		old.close()
	}
	go s.loop()
}

func (wk *worker) stop(m *wire.Stop) {
	wk.mu.Lock()
	all := slices.Collect(maps.Values(wk.sessions))
	wk.mu.Unlock()
	for _, s := range all {
		if m.Session == "" || m.Session == s.id {
			s.stop(m)
		}
	}
}

func (wk *worker) closeAll() {
	wk.mu.Lock()
	all := slices.Collect(maps.Values(wk.sessions))
	clear(wk.sessions)
	wk.mu.Unlock()
	for _, s := range all {
		s.close()
	}
}

func (wk *worker) page(p *wire.Page) {
	out := &wire.Paged{Seq: p.Seq}
	var blob []byte
	if s := wk.session(p.Session); s == nil {
		out.Error, out.Told = "the session has ended", true
	} else if reply, b, err := s.widgets.Page(s.life, p.Request); err != nil {
		_, told := errors.AsType[page.Error](err)
		out.Error, out.Told = err.Error(), told
	} else {
		out.Reply, blob = &reply, b
	}
	wk.send(wire.Message{Paged: out, Blob: blob})
}

func (wk *worker) current() *program {
	wk.mu.Lock()
	defer wk.mu.Unlock()
	return wk.program
}

// program is what was loaded last, compiled.
type program struct {
	engine.Program // nil when nothing could be compiled
	by             engine.Engine
	units          map[string]wire.Unit // by cell
	order          []wire.Unit
	problems       map[string]wire.Problem // the first of each unit
}

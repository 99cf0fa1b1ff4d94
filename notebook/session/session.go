package session

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"stnb.dev/dataframe/page"
	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
	"stnb.dev/widgets/element"
)

// Kernel is a running kernel as the session sees it.
type Kernel interface {
	// Send hands over a message. It may block; the session calls it from one
	// goroutine of its own.
	Send(wire.Message) error
	// Close lets the kernel finish and ends it; Kill ends it at once.
	Close()
	Kill()
}

// Launch starts a kernel with the engine ("" and "auto" let it choose). receive
// is called from one goroutine, in order, and may block; exited is called once,
// with the cause in words, when the kernel ended without Close or Kill.
type Launch func(ctx context.Context, engine string, receive func(wire.Message), exited func(cause string)) (Kernel, error)

// Store keeps the document on disk.
type Store interface {
	// Write replaces the file. When the file is not what was read or written
	// last, it is left alone and the error is a *Clash, unless force is set.
	Write(nb *notebook.Notebook, force bool) error
	// WriteCopy writes the document beside the file, under a name of its own.
	WriteCopy(nb *notebook.Notebook) (name string, err error)
	// Note writes down at once how the document is, so that a crash before the
	// next Write loses nothing.
	Note(nb *notebook.Notebook) error
	// Keep puts the document aside, so that a crash does not lose it while the
	// file cannot be written.
	Keep(nb *notebook.Notebook) error
	// Read reads the file again; text is what it holds, also when it is no
	// notebook.
	Read() (nb *notebook.Notebook, text string, err error)
}

// Clash says that the file on disk was changed by another program.
type Clash struct{ Theirs string }

func (c *Clash) Error() string { return "the file was changed by another program" }

// ErrClosed answers whatever reaches a session after Close.
var ErrClosed = errors.New("the session is closed")

// Config is what a session needs of the world.
type Config struct {
	Setup
	Launch Launch
	Store  Store // nil: the document is not kept
	Log    *slog.Logger
	// Services answers editor services (completion, hover, ...); nil has none.
	Services func(ctx context.Context, p Program, nb *notebook.Notebook, method string, params json.RawMessage) (any, error)
}

// Session is a live notebook. Its methods may be called from any goroutine.
type Session struct {
	cfg   Config
	log   *slog.Logger
	inbox chan job
	done  chan struct{} // closed: the loop has ended
	quit  chan struct{} // closed: it is to end

	// The rest belongs to the loop's goroutine.
	state    State
	tree     *element.Tree
	clients  []*client
	link     *link // to the kernel; nil: none
	asked    asked
	fresh    fresh
	save     saveTimer
	timers   map[string]*time.Timer // by kind of news
	settling []waiter               // for a state
	early    []Op                   // what visitors did before the page was shown
	checking checking
	outputs  keeping
	told     time.Time // when statuses were told last
	ctx      context.Context
	cancel   context.CancelFunc
}

// job is one thing for the loop to do: an op or a call, and who waits for it.
type job struct {
	op    *Op
	call  func()
	reply chan error
}

// New starts a session. Nothing runs and no kernel starts until someone asks.
func New(cfg Config) *Session {
	s := &Session{
		cfg: cfg, log: cfg.Log, state: newState(cfg.Setup), tree: element.NewTree(), timers: map[string]*time.Timer{},
		inbox: make(chan job, 64), done: make(chan struct{}), quit: make(chan struct{}),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	for _, i := range cfg.Carried.Early {
		s.early = append(s.early, Op{Interact: &i})
	}
	for _, d := range cfg.Kept.Deltas {
		s.tree.Apply(d)
	}
	if cfg.Recovered {
		s.save.soon(s, saveQuiet)
	}
	if cfg.Unchecked {
		s.check(Check{s.state.version, s.state.notebook, s.state.program})
	}
	go s.loop()
	return s
}

// Do applies a client's op and returns whether it was taken.
func (s *Session) Do(client string, op Op) error {
	op.client, op.in = client, nil
	reply := make(chan error, 1)
	return s.wait(job{op: &op, reply: reply})
}

// Subscribe makes send called with events, first the whole Document, in order
// and from one goroutine, until cancel. A client that is slow gets the Document
// again instead of all it missed.
func (s *Session) Subscribe(id string, send func([]Event)) (cancel func()) {
	c := newClient(id, send, s)
	err := s.call(func() {
		s.clients = append(s.clients, c)
		c.add(Event{Document: ptr(s.document())})
		s.apply(Op{in: audience{len(s.clients)}})
	})
	if err != nil {
		return func() {}
	}
	go c.run()
	return func() {
		if !c.stop() {
			return
		}
		_ = s.call(func() {
			for i, o := range s.clients {
				if o == c {
					s.clients = append(s.clients[:i:i], s.clients[i+1:]...)
				}
			}
			s.apply(Op{in: audience{len(s.clients)}})
		})
	}
}

// Page asks the kernel for a window of a shown frame.
func (s *Session) Page(ctx context.Context, r page.Request) (page.Reply, []byte, error) {
	m, err := s.request(ctx, func(seq uint64) wire.Message {
		return wire.Message{Page: &wire.Page{Seq: seq, Session: s.cfg.ID, Request: r}}
	})
	if err != nil {
		return page.Reply{}, nil, err
	}
	return m.Window()
}

// Service answers an editor service about the document as it is now.
func (s *Session) Service(ctx context.Context, method string, params json.RawMessage) (any, error) {
	if s.cfg.Mode == ModeApp {
		return nil, ErrForbidden
	}
	switch method {
	case "variables":
		return s.Variables(ctx)
	case "variable":
		var p VariableAt
		if err := json.Unmarshal(params, &p); err != nil {
			return nil, err
		}
		return s.Variable(ctx, p.Name)
	}
	if answer, known, err := s.own(method, params); known {
		return answer, err
	}
	if s.cfg.Services == nil {
		return nil, errors.New("no editor services here")
	}
	p, nb, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	return s.cfg.Services(ctx, p, nb, method, params)
}

// Widget returns the element on the screen with that ID.
func (s *Session) Widget(id string) (e element.Element, ok bool) {
	_ = s.call(func() { _, e, ok = s.tree.Widget(id) })
	return e, ok
}

// About is what a list of notebooks says of an open one.
func (s *Session) About() (title string, k KernelState) {
	_ = s.call(func() { title, k = s.state.notebook.Title, s.state.kernel.event(s.state.run != nil) })
	return title, k
}

// Document returns what a new client would get.
func (s *Session) Document() (d Document, err error) {
	err = s.call(func() { d = s.document() })
	return d, err
}

// Notebook returns the document as it is now.
func (s *Session) Notebook() (nb *notebook.Notebook) {
	_ = s.call(func() { nb = s.state.notebook })
	return nb
}

// Settle waits until nothing runs and nothing waits to run.
func (s *Session) Settle(ctx context.Context) error {
	return s.until(ctx, State.atRest)
}

// waiter is someone who waits until the state is as they want it.
type waiter struct {
	is   func(State) bool
	done chan struct{}
}

func (s *Session) until(ctx context.Context, is func(State) bool) error {
	w := waiter{is, make(chan struct{})}
	if err := s.call(func() { s.settling = append(s.settling, w) }); err != nil {
		return err
	}
	select {
	case <-w.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-s.done:
		return ErrClosed
	}
}

// Address is the page's query string and path as the session knows them.
func (s *Session) Address() (query, page string) {
	_ = s.call(func() { query, page = s.state.query, s.state.page })
	return query, page
}

// Reload makes another version of its notebook the app's.
func (s *Session) Reload(nb *notebook.Notebook, p Program) {
	_ = s.call(func() { s.apply(Op{in: reload{nb, p}}) })
}

// DiskChanged tells the session that someone else wrote its file.
func (s *Session) DiskChanged() {
	_ = s.call(func() { s.carryOut(ReadFile{}) })
}

// Close writes what is not saved, ends the kernel and the session.
func (s *Session) Close() {
	s.keepBeforeEnd()
	select {
	case <-s.quit:
	default:
		_ = s.call(func() {
			select {
			case <-s.quit:
			default:
				close(s.quit)
			}
		})
	}
	<-s.done
}

// call runs f in the loop and waits for it.
func (s *Session) call(f func()) error {
	return s.wait(job{call: f, reply: make(chan error, 1)})
}

func (s *Session) wait(j job) error {
	select {
	case s.inbox <- j:
	case <-s.done:
		return ErrClosed
	}
	select {
	case err := <-j.reply:
		return err
	case <-s.done:
		select {
		case err := <-j.reply:
			return err
		default:
			return ErrClosed
		}
	}
}

// post hands the loop news from inside and does not wait for it.
func (s *Session) post(in input) {
	op := Op{in: in}
	select {
	case s.inbox <- job{op: &op}:
	case <-s.done:
	}
}

func now() int64 { return time.Now().UnixMilli() }

// Package appmode publishes a notebook as an app: one worker kernel for all
// visitors, or one for each, and a session for each browser tab.
//
//   - A visitor sends widget values and clicks, nothing else: sessions are made
//     in session.ModeApp, which refuses every other op.
//   - A session belongs to the visitor (the owner of a cookie) it was made for.
//     Its ID is a secret of the tab; its Handle names it in addresses and to the
//     worker, and opens nothing without the visitor's cookie.
//   - A session outlives its last socket for a while, so that a reload or a lost
//     connection loses nothing; then all it holds is freed.
//   - A run that nobody watches any more is stopped, but takes its clicks first; who
//     comes back gets another.
//   - The worker's death costs nobody's place: sessions come back with their
//     widget values and the encodable part of their state.
//   - When the file changes, every session goes on with the new version.
package appmode

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
	"stnb.dev/notebook/session"
	"stnb.dev/notebook/source"
)

// Source is the notebook's file.
type Source interface {
	Load() (*notebook.Notebook, error)
	// Watch calls changed when the file holds something new, until stop.
	Watch(changed func()) (stop func())
}

// Config is an app and its limits; zero limits are the defaults.
type Config struct {
	Source   Source
	Program  func(*notebook.Notebook) session.Program
	Launch   session.Launch // of a worker
	Markdown func(source, dir string, attached map[string]string) string
	Log      *slog.Logger

	// Ended, when not nil, is called with the handle of a session that is gone.
	Ended func(handle string)

	// Isolate gives each session a worker of its own, so that visitors share neither
	// a process nor caches nor DuckDB.
	Isolate bool

	Sessions int // at most this many; default 2,000, isolated 50
	// SessionsPerAddress: more from one address end what it left first; default 200.
	SessionsPerAddress int
	Keep               time.Duration // a session after its last socket left; default 10 minutes
	RunLimit           time.Duration // wall time of one run; default 60 s, negative: none
	MaxValues          int           // bytes of a session's widget values; default 25 MB
	Answer             time.Duration // a worker silent this long while asked to stop is ended; default 10 s

	// Kept is a file that Close puts the sessions in and the next New takes them
	// from, so that a restart costs no visitor their place; "" keeps none.
	Kept string
}

// ErrBusy says that the app has as many sessions as it may, all of them in use.
var ErrBusy = errors.New("this app has as many visitors as it can serve; please come back in a minute")

// App is a published notebook. Its methods may be called from any goroutine.
type App struct {
	cfg     Config
	log     *slog.Logger
	starter *starter
	hub     *hub   // that all sessions share; nil when each has its own
	stop    func() // watching
	done    chan struct{}

	mu       sync.Mutex
	closed   bool
	notebook *notebook.Notebook
	program  session.Program
	byID     map[string]*Visit
	byHandle map[string]*Visit
	away     map[string]kept // sessions of an earlier life, by ID
}

// Visit is one tab's session.
type Visit struct {
	*session.Session
	ID     string // what the tab resumes with; a secret
	Handle string // names it in addresses

	app     *App
	hub     *hub // of the worker it is in
	visitor string
	from    string // address; "" counts for none
	client  string // the page that has it
	sockets int
	left    time.Time
	evict   *time.Timer
}

// Hello is what a tab says when it comes.
type Hello struct {
	Client  string // unique to one loaded page
	Session string // ID of the session it had; "" asks for a new one
	Query   string
	Page    string
	From    string     // address of the visitor, for SessionsPerAddress; "" counts for none
	User    *wire.User // who is signed in; nil: nobody
	// State is session state that a new session begins with, by key: tests set it.
	State map[string]json.RawMessage
}

// New opens the app. The worker starts with the first visitor.
func New(cfg Config) (*App, error) {
	if cfg.Isolate {
		def(&cfg.Sessions, 50)
	}
	def(&cfg.Sessions, 2000)
	def(&cfg.SessionsPerAddress, 200)
	def(&cfg.Keep, 10*time.Minute)
	def(&cfg.RunLimit, time.Minute)
	def(&cfg.MaxValues, 25<<20)
	def(&cfg.Answer, 10*time.Second)
	a := &App{cfg: cfg, log: cfg.Log, byID: map[string]*Visit{}, byHandle: map[string]*Visit{}, done: make(chan struct{})}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	nb, err := cfg.Source.Load()
	if err != nil {
		return nil, err
	}
	a.notebook, a.program = nb, cfg.Program(nb)
	for _, line := range faults(nb, a.program) {
		a.log.Error("the notebook has an error", "at", line)
	}
	a.takeKept()
	a.starter = newStarter(cfg.Launch)
	if !cfg.Isolate {
		a.hub = a.newHub()
	}
	a.stop = cfg.Source.Watch(a.Reload)
	if _, ok := a.program.(outdater); ok {
		go a.lookAround()
	}
	return a, nil
}

// newHub is a hub for the program as it is.
func (a *App) newHub() *hub {
	return newHub(a.starter, a.cfg.Answer, a.log, a.program.Units())
}

// outdater is a program that was made from files beside the notebook too.
type outdater interface{ Outdated() bool }

// lookEvery is how often files beside the notebook are looked at.
const lookEvery = time.Second

// lookAround reloads the app when a package beside the notebook changed.
func (a *App) lookAround() {
	t := time.NewTicker(lookEvery)
	defer t.Stop()
	for {
		select {
		case <-a.done:
			return
		case <-t.C:
		}
		a.mu.Lock()
		o, _ := a.program.(outdater)
		a.mu.Unlock()
		if o != nil && o.Outdated() {
			a.Reload()
		}
	}
}

// Title is the app's title.
func (a *App) Title() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.notebook.Title
}

// Join gives a tab its session: the one it had, if it is this visitor's and still
// kept; a copy of it, if another page has it (a duplicated tab); else a new one.
func (a *App) Join(visitor string, h Hello) (*Visit, error) {
	a.mu.Lock()
	old := a.byID[h.Session]
	if h.Session == "" || old == nil || old.visitor != visitor {
		old = nil
	}
	if old != nil && (old.sockets == 0 || old.client == h.Client) {
		old.sockets++
		old.client = h.Client
		if old.evict != nil {
			old.evict.Stop()
			old.evict = nil
		}
		a.mu.Unlock()
		return old, old.Do(h.Client, session.Op{Interact: &session.Interact{Query: &h.Query, Page: &h.Page}})
	}
	back, isBack := a.comeBack(visitor, h.Session)
	a.mu.Unlock()

	setup := session.Setup{Mode: session.ModeApp, Markdown: a.cfg.Markdown, MaxValues: a.cfg.MaxValues, User: h.User}
	if a.cfg.RunLimit > 0 {
		setup.RunLimit = a.cfg.RunLimit
	}
	setup.Carried.State = h.State
	if old != nil {
		setup.Carried = old.Copy()
	}
	var v *Visit
	var err error
	if isBack {
		v, err = a.restore(back, h, setup)
	} else {
		v, err = a.seat(random(), random(), visitor, h, setup)
	}
	if err != nil {
		return nil, err
	}
	return v, v.Do(h.Client, session.Op{Interact: &session.Interact{Query: &h.Query, Page: &h.Page, Rerun: true}})
}

// seat makes a session of that name, in the place of one that nobody uses when it
// must.
func (a *App) seat(id, handle, visitor string, h Hello, setup session.Setup) (*Visit, error) {
	a.mu.Lock()
	if a.closed {
		a.mu.Unlock()
		return nil, session.ErrClosed
	}
	gone, err := a.room(h.From)
	if err != nil {
		a.mu.Unlock()
		return nil, err
	}
	if gone != nil {
		a.forget(gone)
	}
	v := &Visit{ID: id, Handle: handle, app: a, hub: a.hub, visitor: visitor, from: h.From, client: h.Client, sockets: 1}
	if v.hub == nil {
		v.hub = a.newHub()
	}
	setup.ID, setup.Notebook, setup.Program = v.Handle, a.notebook, a.program
	v.Session = session.New(session.Config{Setup: setup, Launch: v.hub.seats(v.Handle), Log: a.log})
	a.byID[v.ID], a.byHandle[v.Handle] = v, v
	a.mu.Unlock()
	if gone != nil {
		a.end(gone)
	}
	return v, nil
}

// room returns the session that must go for another from an address: nil when there
// is room, else of those that nobody uses the one that was left first. An address
// that has its share gives up one of its own, so that nobody drives the others out.
// The caller holds the lock.
func (a *App) room(from string) (gone *Visit, err error) {
	count := 0
	var own *Visit
	for _, v := range a.byID {
		unused := v.sockets == 0
		if unused && (gone == nil || v.left.Before(gone.left)) {
			gone = v
		}
		if from != "" && v.from == from {
			count++
			if unused && (own == nil || v.left.Before(own.left)) {
				own = v
			}
		}
	}
	switch {
	case count >= a.cfg.SessionsPerAddress:
		gone = own
	case len(a.byID) < a.cfg.Sessions:
		return nil, nil
	}
	if gone == nil {
		return nil, ErrBusy
	}
	return gone, nil
}

// Find returns a visitor's session by its handle.
func (a *App) Find(visitor, handle string) (*Visit, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	v := a.byHandle[handle]
	if v == nil || v.visitor != visitor {
		return nil, false
	}
	return v, true
}

// Leave says that a socket of the tab is gone. After the last the session is kept
// for a while.
func (v *Visit) Leave() {
	a := v.app
	a.mu.Lock()
	defer a.mu.Unlock()
	if v.sockets--; v.sockets > 0 || a.byID[v.ID] != v {
		return
	}
	v.left = time.Now()
	v.evict = time.AfterFunc(a.cfg.Keep, func() {
		a.mu.Lock()
		stay := v.sockets > 0 || a.byID[v.ID] != v
		if !stay {
			a.forget(v)
		}
		a.mu.Unlock()
		if !stay {
			a.end(v)
		}
	})
}

func (a *App) forget(v *Visit) {
	if v.evict != nil {
		v.evict.Stop()
	}
	delete(a.byID, v.ID)
	delete(a.byHandle, v.Handle)
}

// end frees what a forgotten session holds.
func (a *App) end(v *Visit) {
	v.Session.Close()
	if v.hub == a.hub {
		v.hub.idle.Busy()
	} else {
		v.hub.close()
	}
	if a.cfg.Ended != nil {
		a.cfg.Ended(v.Handle)
	}
}

// Sessions is how many sessions there are.
func (a *App) Sessions() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.byID)
}

// Reload reads the file again and moves every session to what it holds. A version
// that cannot be read or has errors is logged, and the app stays as it is.
func (a *App) Reload() {
	nb, err := a.cfg.Source.Load()
	if err != nil {
		a.log.Error("the notebook changed and cannot be read; the app stays as it was", "err", err)
		return
	}
	a.mu.Lock()
	if a.closed {
		a.mu.Unlock()
		return
	}
	nb = notebook.Reconcile(a.notebook, nb)
	program := a.program.Update(nb)
	if bad := faults(nb, program); len(bad) > 0 && len(faults(a.notebook, a.program)) == 0 {
		a.mu.Unlock()
		for _, line := range bad {
			a.log.Error("the notebook changed and has an error; the app stays as it was", "at", line)
		}
		return
	}
	a.notebook, a.program = nb, program
	if a.hub != nil {
		a.hub.setUnits(program.Units())
	}
	all := make([]*Visit, 0, len(a.byID))
	for _, v := range a.byID {
		all = append(all, v)
		if v.hub != a.hub {
			v.hub.setUnits(program.Units())
		}
	}
	a.mu.Unlock()
	a.log.Info("the notebook changed", "sessions", len(all))
	for _, v := range all {
		v.Session.Reload(nb, program)
	}
}

// faults are the notebook's errors, one a line.
func faults(nb *notebook.Notebook, p session.Program) (out []string) {
	for i, cell := range nb.Cells {
		for _, d := range p.Diagnostics(cell.ID) {
			if d.Severity == source.Error {
				out = append(out, fmt.Sprintf("cell %d:%d:%d: %s", i+1, d.Range.Start.Line, d.Range.Start.Column, d.Message))
			}
		}
	}
	return out
}

// Close ends all sessions and workers.
func (a *App) Close() {
	a.mu.Lock()
	if a.closed {
		a.mu.Unlock()
		return
	}
	a.closed = true
	close(a.done)
	all := a.byID
	a.byID, a.byHandle = map[string]*Visit{}, map[string]*Visit{}
	a.mu.Unlock()
	a.stop()
	a.keepAll(all)
	var ended sync.WaitGroup
	for _, v := range all {
		if v.evict != nil {
			v.evict.Stop()
		}
		ended.Go(func() { a.end(v) })
	}
	ended.Wait()
	if a.hub != nil {
		a.hub.close()
	}
}

func def[T int | time.Duration](v *T, d T) {
	if *v == 0 {
		*v = d
	}
}

// random is 128 bits nobody can guess.
func random() string {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err) // without randomness nothing here is safe
	}
	return hex.EncodeToString(b[:])
}

// Package apptest runs a notebook as an app without a browser, for go test:
//
//	func TestCounter(t *testing.T) {
//		at := apptest.Open(t, "counter.md")
//		at.Button("Add").Click()
//		at.Button("Add").Click()
//		if got := at.Metric("Clicks").Value(); got != "2" {
//			t.Errorf("two clicks show %s", got)
//		}
//	}
//
// An App is one visitor's tab. What a test does to a widget, a person could do in
// the browser: a widget that is not on the page, or is disabled, fails the test;
// values of a form's widgets wait for its submit. Every action waits until the
// app has run and nothing more is to run, so what is read next is what a person
// would see.
//
// Widgets are named by their label or their key.
package apptest

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"stnb.dev/appmode"
	"stnb.dev/notebook/session"
	"stnb.dev/notebook/workspace"
	"stnb.dev/widgets/markdown"
)

// App is a visitor's tab of a running app.
type App struct {
	t       testing.TB
	server  *server
	visit   *appmode.Visit
	visitor string
	client  string
	leave   func() // nil when the tab is closed
	timeout time.Duration
	held    map[string]map[string]json.RawMessage // values of forms, by form
	clicks  int
}

// server is the app that tabs share.
type server struct {
	app    *appmode.App
	launch *launches
	logs   *logs
	dir    string
	mu     sync.Mutex
	tabs   int
}

// Option changes how an app is opened.
type Option func(*options)

type options struct {
	engine  string
	query   string
	timeout time.Duration
	launch  func(dir string) session.Launch
	program func() Program
	config  appmode.Config
	state   map[string]any
}

// Query opens the page with a query string, "a=1&b=2".
func Query(q string) Option { return func(o *options) { o.query = q } }

// InitialState is a key of session state that is set before the first run. The value
// goes there as JSON.
func InitialState(key string, value any) Option {
	return func(o *options) {
		if o.state == nil {
			o.state = map[string]any{}
		}
		o.state[key] = value
	}
}

// Engine runs the notebook with that engine: "yaegi", "ssa", or "auto".
func Engine(name string) Option { return func(o *options) { o.engine = name } }

// Timeout is how long an action may take; a minute when not given.
func Timeout(d time.Duration) Option { return func(o *options) { o.timeout = d } }

// RunLimit is the wall time of one run.
func RunLimit(d time.Duration) Option { return func(o *options) { o.config.RunLimit = d } }

// Open opens the notebook's file as an app and visits it: the first run is over
// when Open returns. The app ends with the test.
func Open(t testing.TB, name string, opts ...Option) *App {
	t.Helper()
	o := options{timeout: time.Minute, launch: InProcess, program: Go}
	for _, opt := range opts {
		opt(&o)
	}
	logs := &logs{}
	log := slog.New(logs)
	file, err := workspace.OpenFile(name, log)
	if err != nil {
		t.Fatal(err)
	}
	s := &server{logs: logs, dir: file.Dir(), launch: &launches{start: o.launch(file.Dir()), engine: o.engine}}
	o.config.Source, o.config.Program, o.config.Launch = file, o.program(), s.launch.launch
	o.config.Log, o.config.Markdown = log, markdown.Cell
	s.app, err = appmode.New(o.config)
	if err != nil {
		file.Close()
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.app.Close()
		file.Close()
		if t.Failed() {
			t.Log("the app's log:\n" + logs.String())
		}
	})
	return s.visit(t, "visitor", "", o)
}

// Write makes text a notebook in the test's own folder and opens it.
func Write(t testing.TB, text string, opts ...Option) *App {
	t.Helper()
	name := filepath.Join(t.TempDir(), "app.md")
	writeFile(t, name, text)
	return Open(t, name, opts...)
}

// Visit opens the app in a tab of another visitor.
func (at *App) Visit() *App {
	at.t.Helper()
	at.server.mu.Lock()
	n := at.server.tabs
	at.server.mu.Unlock()
	return at.server.visit(at.t, fmt.Sprint("visitor ", n), "", options{timeout: at.timeout})
}

// Duplicate opens a copy of the tab, as a browser's "duplicate tab" does.
func (at *App) Duplicate() *App {
	at.t.Helper()
	return at.server.visit(at.t, "visitor", at.visit.ID, options{timeout: at.timeout})
}

func (s *server) visit(t testing.TB, visitor, resume string, o options) *App {
	t.Helper()
	s.mu.Lock()
	s.tabs++
	client := fmt.Sprint("tab ", s.tabs)
	s.mu.Unlock()
	v, err := s.app.Join(visitor, appmode.Hello{Client: client, Session: resume, Query: o.query, State: encoded(t, o.state)})
	if err != nil {
		t.Fatal(err)
	}
	at := &App{t: t, server: s, visit: v, visitor: visitor, client: client, timeout: o.timeout, held: map[string]map[string]json.RawMessage{}}
	at.leave = v.Subscribe(client, func([]session.Event) {})
	t.Cleanup(at.Leave)
	at.settle()
	return at
}

// Leave closes the tab. The app keeps its session for a while, and stops a run that
// goes on a moment later.
func (at *App) Leave() {
	at.t.Helper()
	at.server.mu.Lock()
	leave := at.leave
	at.leave = nil
	at.server.mu.Unlock()
	if leave != nil {
		leave()
		at.visit.Leave()
	}
}

// Return opens the tab again, as a reload of the page does, and waits for the run
// that may cause. State and values are what they were, unless the app gave the
// session up meanwhile.
func (at *App) Return() *App {
	at.t.Helper()
	at.Leave()
	query, page := at.visit.Address()
	v, err := at.server.app.Join(at.visitor, appmode.Hello{Client: at.client, Session: at.visit.ID, Query: query, Page: page})
	if err != nil {
		at.t.Fatal(err)
	}
	leave := v.Subscribe(at.client, func([]session.Event) {})
	at.server.mu.Lock()
	at.visit, at.leave = v, leave
	at.server.mu.Unlock()
	at.settle()
	return at
}

// Run runs the app again, as if the page were asked to.
func (at *App) Run() *App {
	at.t.Helper()
	at.interact(session.Interact{Rerun: true})
	return at
}

// Tick lets the timer of every fragment with one fire once.
func (at *App) Tick() *App {
	at.t.Helper()
	for _, d := range at.elements() {
		if d.Element.Kind == "fragmentBox" && d.Element.Fragment != "" {
			at.interact(session.Interact{Tick: true, Fragment: d.Element.Fragment})
		}
	}
	return at
}

// SetQuery changes the page's query string and runs the app.
func (at *App) SetQuery(q string) *App {
	at.t.Helper()
	at.interact(session.Interact{Query: &q})
	return at
}

// Query is the page's query string, as the app may have set it.
func (at *App) Query() string { query, _ := at.visit.Address(); return query }

// PagePath is the path of the page that is open, "" the first.
func (at *App) PagePath() string { _, page := at.visit.Address(); return page }

// Page goes to another page of the app.
func (at *App) Page(path string) *App {
	at.t.Helper()
	at.interact(session.Interact{Page: &path})
	return at
}

// Reload reads the notebook's file again and moves every tab to what it holds.
func (at *App) Reload() *App {
	at.t.Helper()
	at.server.app.Reload()
	at.settle()
	return at
}

// KillWorker ends the process that all tabs run in, as a crash would; the app
// comes back by itself.
func (at *App) KillWorker() *App {
	at.t.Helper()
	at.server.launch.kill()
	at.settle()
	return at
}

// Start does what f does (clicks, sets) without waiting for its end, to look at
// a run in its middle or to interact again during it. Wait waits for the end.
func (at *App) Start(f func(at *App)) *App {
	at.t.Helper()
	hurry := *at
	hurry.timeout = -1
	f(&hurry)
	at.clicks = hurry.clicks
	return at
}

// Wait waits until nothing runs.
func (at *App) Wait() *App { at.t.Helper(); at.settle(); return at }

// Until waits until ok, which may look at the page in the middle of a run.
func (at *App) Until(what string, ok func() bool) *App {
	at.t.Helper()
	for end := time.Now().Add(at.timeout); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			at.t.Fatalf("not seen in time: %s\n%s", what, at)
		}
	}
	return at
}

// Dir is the folder the notebook stands in.
func (at *App) Dir() string { return at.server.dir }

// Log is what the app's owner finds in the log.
func (at *App) Log() string { return at.server.logs.String() }

func (at *App) interact(i session.Interact) {
	at.t.Helper()
	if err := at.visit.Do(at.client, session.Op{Interact: &i}); err != nil {
		at.t.Fatal(err)
	}
	at.settle()
}

func (at *App) settle() {
	at.t.Helper()
	if at.timeout < 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), at.timeout)
	defer cancel()
	if err := at.visit.Settle(ctx); err != nil {
		at.t.Fatalf("the app did not come to rest in %v: %v\n%s\nlog:\n%s", at.timeout, err, at, at.server.logs)
	}
}

// logs keeps the app's log for the test.
type logs struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *logs) Enabled(context.Context, slog.Level) bool { return true }
func (l *logs) WithAttrs([]slog.Attr) slog.Handler       { return l }
func (l *logs) WithGroup(string) slog.Handler            { return l }
func (l *logs) Handle(_ context.Context, r slog.Record) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(&l.b, "%s %s", r.Level, r.Message)
	r.Attrs(func(a slog.Attr) bool { fmt.Fprintf(&l.b, " %s=%v", a.Key, a.Value); return true })
	l.b.WriteByte('\n')
	return nil
}
func (l *logs) String() string { l.mu.Lock(); defer l.mu.Unlock(); return l.b.String() }

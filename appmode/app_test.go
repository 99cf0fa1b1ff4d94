package appmode

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"stnb.dev/dataframe/page"
	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
	"stnb.dev/notebook/session"
	"stnb.dev/notebook/session/sessiontest"
	"stnb.dev/widgets/element"
)

type fakeProgram struct{ *sessiontest.Program }

func (p fakeProgram) Update(nb *notebook.Notebook) session.Program { return program(nb) }
func program(nb *notebook.Notebook) session.Program {
	return &fakeProgram{sessiontest.NewProgram(nb)}
}

// memory is a file in memory.
type memory struct {
	mu      sync.Mutex
	nb      *notebook.Notebook
	err     error
	changed func()
}

func (s *memory) Load() (*notebook.Notebook, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.nb, s.err
}
func (s *memory) Watch(f func()) func() { s.changed = f; return func() {} }
func (s *memory) write(sources ...string) {
	s.mu.Lock()
	s.nb = sessiontest.Notebook(sources...)
	s.mu.Unlock()
	s.changed()
}

// patience bounds a wait for what takes no time on a machine at rest.
const patience = time.Minute

type fixture struct {
	*App
	t      *testing.T
	file   *memory
	worker *sessiontest.Launcher
}

func newApp(t *testing.T, cfg Config, sources ...string) *fixture {
	f := &fixture{t: t, file: &memory{nb: sessiontest.Notebook(sources...)}, worker: &sessiontest.Launcher{}}
	cfg.Source, cfg.Program = f.file, program
	cfg.Launch = func(ctx context.Context, engine string, receive func(wire.Message), exited func(string)) (session.Kernel, error) {
		return f.worker.Start(ctx, engine, receive, exited)
	}
	a, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	f.App = a
	t.Cleanup(a.Close)
	return f
}

// tab is a browser tab with an app.
type tab struct {
	*Visit
	t      *testing.T
	cancel func()
}

func (f *fixture) join(visitor, client, resume string) *tab {
	f.t.Helper()
	v, err := f.Join(visitor, Hello{Client: client, Session: resume})
	if err != nil {
		f.t.Fatal(err)
	}
	return &tab{v, f.t, v.Subscribe(client, func([]session.Event) {})}
}

func (b *tab) leave() { b.cancel(); b.Visit.Leave() }

func (b *tab) text(path element.Path) string {
	d, err := b.Document()
	if err != nil {
		return err.Error()
	}
	for _, d := range d.Screen.Deltas {
		if d.Path == path {
			var p struct{ Text string }
			json.Unmarshal(d.Element.Props, &p)
			return p.Text
		}
	}
	return ""
}

func (b *tab) shows(path element.Path, want string) {
	b.t.Helper()
	var got string
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if got = b.text(path); got == want {
			return
		}
	}
	b.t.Fatalf("%s shows %q, not %q", path, got, want)
}

func (b *tab) click(id string) {
	b.t.Helper()
	if err := b.Do("c", session.Op{Interact: &session.Interact{Trigger: &session.Trigger{Click: id, Widget: "b"}}}); err != nil {
		b.t.Fatal(err)
	}
}

const counter = "state:n = state:n + click:b\nshow state:n"

func TestTabsHaveTheirOwnState(t *testing.T) {
	f := newApp(t, Config{}, counter)
	one, two := f.join("anna", "1", ""), f.join("ben", "2", "")
	one.shows("main/a.1", "0")
	two.shows("main/a.1", "0")
	one.click("x")
	one.click("y")
	two.click("x")
	one.shows("main/a.1", "2")
	two.shows("main/a.1", "1")
	if f.worker.Started() != 1 {
		t.Errorf("%d workers", f.worker.Started())
	}
}

func TestReloadOfATabKeepsItsSession(t *testing.T) {
	f := newApp(t, Config{}, counter)
	one := f.join("anna", "1", "")
	one.shows("main/a.1", "0")
	one.click("x")
	one.shows("main/a.1", "1")
	one.leave()
	again := f.join("anna", "1b", one.ID)
	if again.Visit != one.Visit {
		t.Error("another session")
	}
	again.shows("main/a.1", "1")
	if other := f.join("mallory", "9", one.ID); other.Visit == one.Visit {
		t.Error("another visitor got the session by its id")
	}
	if _, ok := f.Find("mallory", one.Handle); ok {
		t.Error("another visitor found the session by its handle")
	}
	if v, ok := f.Find("anna", one.Handle); !ok || v != one.Visit {
		t.Error("the visitor does not find the session")
	}
}

func TestADuplicatedTabStartsAsACopy(t *testing.T) {
	f := newApp(t, Config{}, counter)
	one := f.join("anna", "1", "")
	one.shows("main/a.1", "0")
	one.click("x")
	one.shows("main/a.1", "1")
	two := f.join("anna", "2", one.ID)
	if two.Visit == one.Visit {
		t.Fatal("the same session")
	}
	two.shows("main/a.1", "1")
	two.click("y")
	two.shows("main/a.1", "2")
	one.shows("main/a.1", "1")
	// The same page with a new connection is no duplicate.
	if three := f.join("anna", "1", one.ID); three.Visit != one.Visit {
		t.Error("a connection made again got another session")
	}
}

// Who makes one session after the other drives out their own, and nobody else's.
func testLimitOfAddress(t *testing.T) {
	f := newApp(t, Config{Sessions: 4, SessionsPerAddress: 2}, counter)
	come := func(visitor, from string) (*Visit, error) {
		return f.Join(visitor, Hello{Client: visitor, From: from})
	}
	other, err := come("other", "203.0.113.8")
	if err != nil {
		t.Fatal(err)
	}
	other.Leave()
	var last *Visit
	for i := range 6 {
		if last, err = come(fmt.Sprint("v", i), "203.0.113.7"); err != nil {
			t.Fatal(err)
		}
		last.Leave()
	}
	if _, ok := f.Find("other", other.Handle); !ok || f.Sessions() != 3 {
		t.Errorf("another's session is there: %v; %d sessions", ok, f.Sessions())
	}
	for i := range 2 {
		if _, err = come(fmt.Sprint("w", i), "203.0.113.7"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := come("w3", "203.0.113.7"); !errors.Is(err, ErrBusy) {
		t.Errorf("more than an address's share at once: %v", err)
	}
	if _, err := come("here", ""); err != nil {
		t.Errorf("this machine: %v", err)
	}
}

func TestLimits(t *testing.T) {
	f := newApp(t, Config{Sessions: 2, Keep: 30 * time.Millisecond}, counter)
	one, two := f.join("a", "1", ""), f.join("b", "2", "")
	one.shows("main/a.1", "0")
	two.shows("main/a.1", "0")
	if _, err := f.Join("c", Hello{Client: "3"}); !errors.Is(err, ErrBusy) {
		t.Errorf("a third: %v", err)
	}
	one.leave()
	three := f.join("c", "3", "") // takes the place nobody uses
	three.shows("main/a.1", "0")
	two.leave()
	three.leave()
	testLimitOfAddress(t)
	for end := time.Now().Add(patience); f.Sessions() > 0 && time.Now().Before(end); time.Sleep(time.Millisecond) {
	}
	if f.Sessions() != 0 {
		t.Errorf("%d sessions stay", f.Sessions())
	}
	for end := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		var left int
		f.worker.Last().Look(func(k *sessiontest.Kernel) { left = len(k.Sessions) })
		if left == 0 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("the worker keeps %d sessions", left)
		}
	}
}

func TestTheWorkerDies(t *testing.T) {
	f := newApp(t, Config{}, counter)
	var tabs []*tab
	for i := range 5 {
		b := f.join("v", fmt.Sprint(i), "")
		b.shows("main/a.1", "0")
		for c := range i {
			b.click(fmt.Sprint(c))
		}
		b.shows("main/a.1", fmt.Sprint(i))
		tabs = append(tabs, b)
	}
	f.worker.Last().Die("killed")
	for i, b := range tabs {
		b.click("after")
		b.shows("main/a.1", fmt.Sprint(i+1))
	}
	if f.worker.Started() != 2 {
		t.Errorf("%d workers", f.worker.Started())
	}
}

// TestIsolate: a session with a worker of its own is not troubled by the end of
// another's, follows the file, and leaves no worker behind.
func TestIsolate(t *testing.T) {
	f := newApp(t, Config{Isolate: true, Keep: time.Millisecond}, counter)
	a := f.join("v", "1", "")
	a.shows("main/a.1", "0")
	first := f.worker.Last()
	b := f.join("w", "2", "")
	b.shows("main/a.1", "0")
	second := f.worker.Last()
	if first == second {
		t.Fatal("both sessions are in one worker")
	}
	b.click("one")
	b.shows("main/a.1", "1")
	second.Die("killed")
	a.click("one")
	a.shows("main/a.1", "1")
	b.click("two")
	b.shows("main/a.1", "2")
	if n := f.worker.Started(); n != 3 {
		t.Errorf("%d workers were started, not 3", n)
	}
	f.file.write(counter, "show state:n + 100")
	a.shows("main/b.0", "101")
	b.shows("main/b.0", "102")
	a.leave()
	b.leave()
	for end := time.Now().Add(patience); f.worker.Alive() > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d workers stay", f.worker.Alive())
		}
	}
}

func TestTheFileChanges(t *testing.T) {
	f := newApp(t, Config{}, counter)
	one := f.join("a", "1", "")
	one.shows("main/a.1", "0")
	one.click("x")
	one.shows("main/a.1", "1")
	f.file.write(counter, "show state:n + 100")
	one.shows("main/b.0", "101")
	f.file.write(counter, "show nope") // an error: the app stays as it was
	f.file.write(counter, "show state:n + 200")
	one.shows("main/b.0", "201")
	two := f.join("b", "2", "")
	two.shows("main/b.0", "200")
	f.file.err = errors.New("gone")
	f.file.changed()
	two.click("x")
	two.shows("main/b.0", "201")
}

func TestPagesGoToWhoAsked(t *testing.T) {
	f := newApp(t, Config{}, counter)
	one, two := f.join("a", "1", ""), f.join("b", "2", "")
	one.shows("main/a.1", "0")
	two.shows("main/a.1", "0")
	var wg sync.WaitGroup
	for _, b := range []*tab{one, two} {
		for range 20 {
			wg.Go(func() {
				_, blob, err := b.Page(context.Background(), page.Request{})
				if err != nil || string(blob) != b.Handle {
					t.Errorf("%q %v", blob, err)
				}
			})
		}
	}
	wg.Wait()
}

func TestAVisitorCannotEdit(t *testing.T) {
	f := newApp(t, Config{}, counter)
	one := f.join("a", "1", "")
	if err := one.Do("1", session.Op{Edit: &session.Edit{Cell: "a", Source: "show 666"}}); !errors.Is(err, session.ErrForbidden) {
		t.Errorf("edit: %v", err)
	}
	if _, err := one.Service(context.Background(), "complete", nil); !errors.Is(err, session.ErrForbidden) {
		t.Errorf("service: %v", err)
	}
}

func TestASilentWorkerIsEnded(t *testing.T) {
	f := newApp(t, Config{Answer: 40 * time.Millisecond}, "show 5\nwait")
	one := f.join("a", "1", "")
	one.shows("main/a.0", "5")
	first := f.worker.Last()
	first.Look(func(k *sessiontest.Kernel) { k.Mute = true })
	// Another run in its place: it is told to stop.
	if err := one.Do("1", session.Op{Interact: &session.Interact{Rerun: true}}); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(patience); f.worker.Started() < 2; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the silent worker was not replaced")
		}
	}
}

// A run may end while it is told to stop: nothing answers that, and the worker, which
// is idle then, is none the worse for it.
func TestAStopThatComesLate(t *testing.T) {
	f := newApp(t, Config{Answer: 40 * time.Millisecond}, counter)
	one := f.join("a", "1", "")
	one.shows("main/a.1", "0")
	f.hub.mu.Lock()
	s := f.hub.worker.seats[one.Handle]
	f.hub.mu.Unlock()
	for idle := false; !idle; time.Sleep(time.Millisecond) {
		f.hub.mu.Lock()
		idle = s.run == 0
		f.hub.mu.Unlock()
	}
	if err := s.Send(wire.Message{Stop: &wire.Stop{Session: one.Handle, Run: 1, Reason: wire.Closed}}); err != nil {
		t.Fatal(err)
	}
	time.Sleep(200 * time.Millisecond)
	one.click("x")
	one.shows("main/a.1", "1")
	if n := f.worker.Started(); n != 1 {
		t.Errorf("%d workers", n)
	}
}

// Everything a session held is given back when it ends.
func TestMemoryReturns(t *testing.T) {
	f := newApp(t, Config{Keep: time.Millisecond}, counter)
	base := func() (uint64, int) {
		for range 3 {
			runtime.GC()
			time.Sleep(10 * time.Millisecond)
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc, runtime.NumGoroutine()
	}
	warm := f.join("a", "0", "")
	warm.shows("main/a.1", "0")
	heap, routines := base()
	for range 3 {
		var tabs []*tab
		for i := range 100 {
			tabs = append(tabs, f.join("a", fmt.Sprint("c", i), ""))
		}
		for _, b := range tabs {
			b.shows("main/a.1", "0")
			b.leave()
		}
		for end := time.Now().Add(patience); f.Sessions() > 1; time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%d sessions stay", f.Sessions())
			}
		}
	}
	after, left := base()
	for end := time.Now().Add(patience); (left > routines+5 || after > heap+(1<<20)) && time.Now().Before(end); after, left = base() {
	}
	if left > routines+5 {
		t.Errorf("%d goroutines before, %d after", routines, left)
	}
	if after > heap+(1<<20) {
		t.Errorf("%d kB before, %d kB after 300 sessions", heap>>10, after>>10)
	}
}

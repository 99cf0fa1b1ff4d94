package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stnb.dev/dataframe/page"
	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
	"stnb.dev/notebook/session/sessiontest"
	"stnb.dev/widgets/element"
)

// process is the fake kernel as a process: answers come from a goroutine.
type process struct {
	mu     sync.Mutex
	kernel *sessiontest.Kernel
	out    chan wire.Message
	exited func(string)
	over   chan struct{}
	once   sync.Once
}

func launcher(started *atomic.Int32, last *atomic.Pointer[process]) Launch {
	return func(ctx context.Context, engine string, receive func(wire.Message), exited func(string)) (Kernel, error) {
		p := &process{kernel: &sessiontest.Kernel{}, out: make(chan wire.Message, 1000), exited: exited, over: make(chan struct{})}
		started.Add(1)
		last.Store(p)
		go func() {
			for {
				select {
				case m := <-p.out:
					receive(m)
				case <-p.over:
					return
				}
			}
		}()
		return p, nil
	}
}

func (p *process) Send(m wire.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if m.Page != nil {
		p.out <- wire.Message{Paged: &wire.Paged{Seq: m.Page.Seq, Reply: &page.Reply{Rows: 3}}, Blob: []byte("arrow")}
	}
	for _, r := range p.kernel.Handle(m) {
		p.out <- r
	}
	return nil
}
func (p *process) Close() { p.once.Do(func() { close(p.over) }) }
func (p *process) Kill()  { p.Close() }
func (p *process) die() {
	p.Close()
	p.exited("killed by the test")
}

// viewer is a browser: it follows events and knows what it shows.
type viewer struct {
	mu     sync.Mutex
	tree   *element.Tree
	seq    uint64
	status map[notebook.CellID]string
	docs   int
	run    RunState
	kernel string
	text   map[notebook.CellID]string
	saved  string
	gate   chan struct{} // not nil: send waits for it
}

func (v *viewer) send(es []Event) {
	if v.gate != nil {
		<-v.gate
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, e := range es {
		switch {
		case e.Document != nil:
			v.docs++
			v.tree = element.NewTree()
			v.status, v.text = map[notebook.CellID]string{}, map[notebook.CellID]string{}
			v.draw(e.Document.Screen.Deltas)
			for _, st := range e.Document.Status {
				v.status[st.Cell] = st.State
			}
			for _, c := range e.Document.Cells {
				v.text[c.ID] = c.Source
			}
			v.run, v.kernel, v.saved = e.Document.Run, e.Document.Kernel.State, e.Document.Saved.State
		case e.Screen != nil:
			v.draw(e.Screen.Deltas)
		case e.Status != nil:
			v.status[e.Status.Cell] = e.Status.State
		case e.Run != nil:
			v.run = *e.Run
		case e.Kernel != nil:
			v.kernel = e.Kernel.State
		case e.Cell != nil:
			v.text[e.Cell.ID] = e.Cell.Source
		case e.Saved != nil:
			v.saved = e.Saved.State
		}
	}
}

func (v *viewer) draw(ds []element.Delta) {
	for _, d := range ds {
		v.seq++
		v.tree.Begin(v.seq, element.Scope{})
		v.tree.Apply(d)
	}
}

func (v *viewer) shows(path element.Path) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.tree == nil {
		return ""
	}
	for _, d := range v.tree.All() {
		if d.Path == path {
			return textOf(d.Element)
		}
	}
	return ""
}

func (v *viewer) is(id notebook.CellID) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.status[id]
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatal("not seen in time: ", what)
}

func open(t *testing.T, mode Mode, sources ...string) (*Session, *atomic.Int32, *atomic.Pointer[process]) {
	var started atomic.Int32
	var last atomic.Pointer[process]
	nb := sessiontest.Notebook(sources...)
	s := New(Config{Setup: Setup{Mode: mode, ID: "s", Notebook: nb, Program: program(nb)}, Launch: launcher(&started, &last)})
	t.Cleanup(s.Close)
	return s, &started, &last
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestTwoTabsStayInStep(t *testing.T) {
	s, _, _ := open(t, ModeEdit, "x = widget:w", "show x")
	var one, two viewer
	defer s.Subscribe("one", one.send)()
	must(t, s.Do("one", Op{Run: &Run{What: "all"}}))
	until(t, "the first result", func() bool { return one.shows("main/b.0") == "0" })
	defer s.Subscribe("two", two.send)()
	until(t, "the second tab's picture", func() bool { return two.shows("main/b.0") == "0" && two.is("b") == "done" })
	must(t, s.Do("two", Op{Interact: &Interact{Values: map[string]json.RawMessage{"w": json.RawMessage("4")}}}))
	until(t, "both at 4", func() bool { return one.shows("main/b.0") == "4" && two.shows("main/b.0") == "4" })
	must(t, s.Do("one", Op{Edit: &Edit{Cell: "b", Source: "show x + 1"}}))
	until(t, "stale in both", func() bool { return one.is("b") == "stale" && two.is("b") == "stale" })
}

func TestKernelKilled(t *testing.T) {
	s, started, last := open(t, ModeEdit, "show 1", "wait")
	var v viewer
	defer s.Subscribe("v", v.send)()
	must(t, s.Do("v", Op{Run: &Run{What: "all"}}))
	until(t, "running", func() bool { return v.is("b") == "running" })
	last.Load().die()
	until(t, "failed", func() bool { return v.is("b") == "failed" && v.is("a") == "stale" })
	must(t, s.Do("v", Op{Run: &Run{Cells: []notebook.CellID{"a"}}}))
	until(t, "again", func() bool { return v.is("a") == "done" })
	if started.Load() != 2 {
		t.Errorf("%d kernels", started.Load())
	}
}

func TestPageAndItsEnds(t *testing.T) {
	s, _, last := open(t, ModeEdit, "show 1")
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if _, _, err := s.Page(ctx, page.Request{}); !errors.Is(err, errNoKernel) {
		t.Errorf("without a kernel: %v", err)
	}
	var v viewer
	defer s.Subscribe("v", v.send)()
	must(t, s.Do("v", Op{Run: &Run{What: "all"}}))
	until(t, "done", func() bool { return v.is("a") == "done" })
	reply, blob, err := s.Page(ctx, page.Request{})
	if err != nil || reply.Rows != 3 || string(blob) != "arrow" {
		t.Errorf("%v %q %v", reply, blob, err)
	}
	_ = last
	s.Close()
	if _, _, err := s.Page(ctx, page.Request{}); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	if err := s.Do("v", Op{Save: &Save{}}); !errors.Is(err, ErrClosed) {
		t.Errorf("Do after Close: %v", err)
	}
}

func TestASlowClientGetsTheDocumentAgain(t *testing.T) {
	big := ""
	for i := range 200 {
		big += fmt.Sprintf("print %0100000d\n", i)
	}
	s, _, _ := open(t, ModeEdit, big)
	fast, slow := &viewer{}, &viewer{gate: make(chan struct{})}
	defer s.Subscribe("fast", fast.send)()
	defer s.Subscribe("slow", slow.send)()
	slow.gate <- struct{}{} // takes the first Document, then reads nothing
	for range 3 {
		must(t, s.Do("fast", Op{Run: &Run{What: "all"}}))
		until(t, "done", func() bool { return fast.is("a") == "done" })
		must(t, s.Do("fast", Op{Clear: &Clear{}}))
	}
	must(t, s.Do("fast", Op{Run: &Run{What: "all"}}))
	until(t, "done", func() bool { return fast.is("a") == "done" && fast.shows("main/a.199") != "" })
	var waiting int
	must(t, s.call(func() {
		for _, c := range s.clients {
			c.mu.Lock()
			waiting = max(waiting, c.queue.bytes)
			c.mu.Unlock()
		}
	}))
	if waiting > maxQueue {
		t.Errorf("%d bytes wait for the slow client", waiting)
	}
	go func() {
		for {
			select {
			case slow.gate <- struct{}{}:
			case <-s.done:
				return
			}
		}
	}()
	until(t, "the slow client caught up", func() bool { return slow.shows("main/a.199") == fast.shows("main/a.199") && slow.is("a") == "done" })
	slow.mu.Lock()
	defer slow.mu.Unlock()
	if slow.docs < 2 {
		t.Errorf("%d documents", slow.docs)
	}
}

// Clicks from many tabs at once, with the kernel dying under them: each counts
// exactly once. (Runs without "wait" are not superseded in the middle.)
func TestClicksUnderDeath(t *testing.T) {
	s, _, last := open(t, ModeApp, "state:n = state:n + click:b\nshow state:n")
	var v viewer
	defer s.Subscribe("v", v.send)()
	must(t, s.Do("v", Op{Interact: &Interact{Rerun: true}}))
	until(t, "the first page", func() bool { return v.shows("main/a.1") == "0" })
	for i := range 60 {
		must(t, s.Do("v", Op{Interact: &Interact{Trigger: &Trigger{Click: fmt.Sprint(i), Widget: "b"}}}))
		if i%20 == 10 {
			last.Load().die()
			// A click under which the kernel dies twice is given up, as what may
			// have killed it: so these are through before the next death.
			until(t, "it is back", func() bool { return v.shows("main/a.1") == fmt.Sprint(i+1) })
		}
	}
	until(t, "60", func() bool { return v.shows("main/a.1") == "60" })
}

// store is a file in memory.
type store struct {
	mu     sync.Mutex
	writes int
	last   *notebook.Notebook
	err    error
}

func (s *store) Write(nb *notebook.Notebook, force bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writes++
	if s.err == nil || force {
		s.last = nb
		return nil
	}
	return s.err
}
func (s *store) Keep(*notebook.Notebook) error                { return nil }
func (s *store) Note(*notebook.Notebook) error                { return nil }
func (s *store) WriteCopy(*notebook.Notebook) (string, error) { return "copy", nil }
func (s *store) Read() (*notebook.Notebook, string, error)    { return s.last, "", nil }

func TestAutosave(t *testing.T) {
	st := &store{}
	nb := sessiontest.Notebook("show 1")
	s := New(Config{Setup: Setup{ID: "s", Notebook: nb, Program: program(nb)}, Store: st})
	var v viewer
	defer s.Subscribe("v", v.send)()
	typed := 0
	until(t, "a save while somebody types without a pause", func() bool {
		must(t, s.Do("v", Op{Edit: &Edit{Cell: "a", Base: typed, Source: fmt.Sprint("show ", typed+2)}}))
		typed++
		st.mu.Lock()
		defer st.mu.Unlock()
		return st.writes > 0
	})
	until(t, "saved", func() bool { v.mu.Lock(); defer v.mu.Unlock(); return v.saved == "saved" })
	must(t, s.Do("v", Op{Edit: &Edit{Cell: "a", Base: must1(s.Document()).Cells[0].Version, Source: "show 99"}}))
	s.Close()
	if st.last.Cells[0].Source != "show 99" {
		t.Error("Close lost the last edit")
	}
}

func must1[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// What a visitor does before the page is shown waits for it, within bounds, and goes
// along into the server's next life.
func TestEarly(t *testing.T) {
	nb := sessiontest.Notebook("show 1")
	s := New(Config{Setup: Setup{Mode: ModeApp, ID: "s", Notebook: nb, Program: program(nb), MaxValues: 100}})
	defer s.Close()
	value := func(n int) Op {
		return Op{Interact: &Interact{Values: map[string]json.RawMessage{"w": json.RawMessage(`"` + strings.Repeat("x", n) + `"`)}}}
	}
	must(t, s.Do("v", value(50)))
	if err := s.Do("v", value(60)); !errors.Is(err, errTooEarly) {
		t.Errorf("more bytes than a visitor may hold: %v", err)
	}
	for i := range maxEarly - 1 {
		must(t, s.Do("v", Op{Interact: &Interact{Trigger: &Trigger{Click: fmt.Sprint(i), Widget: "b"}}}))
	}
	if err := s.Do("v", value(1)); !errors.Is(err, errTooEarly) {
		t.Errorf("one more than a visitor may do: %v", err)
	}
	again := New(Config{Setup: Setup{Mode: ModeApp, ID: "s", Notebook: nb, Program: program(nb), Carried: s.Carry(t.Context())}})
	defer again.Close()
	if got := again.Carry(t.Context()).Early; len(got) != maxEarly || got[1].Trigger.Click != "0" {
		t.Errorf("%d ops were carried over", len(got))
	}
}

package appmode

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/types"
	"io"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"stnb.dev/dataframe/page"
	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/wire"
	kernelworker "stnb.dev/kernel/worker"
	"stnb.dev/notebook/session"
	"stnb.dev/notebook/session/sessiontest"
	"stnb.dev/widgets/element"
	"stnb.dev/widgets/run"
)

// TestNoClickIsLost lets visitors come, click, change a value, leave in the middle
// and come back, while the worker is killed, the notebook changes and the server
// starts again. Each visitor is a model of what their screen must show in the end:
// every click counted once, and the last value seen by its callback.
//
// Sessions, the hub, the worker and the widgets' runs are the real ones; the
// notebook is a func, and its worker lives in this process.
func TestNoClickIsLost(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rounds := 40
	if testing.Short() {
		rounds = 25
	}
	w := &clickWorld{t: t, rnd: rand.New(rand.NewPCG(seed, 1)), file: &memory{nb: sessiontest.Notebook("show 1")}, kept: filepath.Join(t.TempDir(), "kept")}
	w.begin()
	t.Cleanup(func() { w.app.Close() })
	for i := range 8 {
		w.visitors = append(w.visitors, &clickVisitor{w: w, name: fmt.Sprint("v", i), rnd: rand.New(rand.NewPCG(seed, uint64(i)+2))})
	}
	for round := 0; round < rounds && !t.Failed(); round++ {
		trouble := []func(){w.kill, w.kill, w.change, func() {}}[w.rnd.IntN(4)]
		at := time.Duration(w.rnd.IntN(20_000)) * time.Microsecond
		var all sync.WaitGroup
		all.Go(func() {
			time.Sleep(at)
			trouble()
		})
		for _, v := range w.visitors {
			all.Go(v.act)
		}
		all.Wait()
		if w.rnd.IntN(5) == 0 {
			for _, v := range w.visitors {
				v.leave()
			}
			w.app.Close()
			w.begin()
			for _, v := range w.visitors {
				all.Go(v.hurry)
			}
			all.Wait()
		}
		for _, v := range w.visitors {
			all.Go(v.check)
		}
		all.Wait()
	}
}

type clickWorld struct {
	t        *testing.T
	rnd      *rand.Rand
	file     *memory
	kept     string
	app      *App
	visitors []*clickVisitor

	mu   sync.Mutex
	last *pipeWorker
}

// begin starts the server, with what its life before left.
func (w *clickWorld) begin() {
	a, err := New(Config{Source: w.file, Program: program, Kept: w.kept, Launch: func(_ context.Context, _ string, receive func(wire.Message), exited func(string)) (session.Kernel, error) {
		k, err := startPipeWorker(receive, exited)
		w.mu.Lock()
		defer w.mu.Unlock()
		w.last = k
		return k, err
	}})
	if err != nil {
		w.t.Fatal(err)
	}
	w.app = a
}

func (w *clickWorld) kill() {
	w.mu.Lock()
	k := w.last
	w.mu.Unlock()
	if k != nil {
		k.die()
	}
}

func (w *clickWorld) change() { w.file.write(fmt.Sprint("show ", w.rnd.IntN(1000))) }

// clickVisitor is one visitor and the model of their screen.
type clickVisitor struct {
	w      *clickWorld
	name   string
	rnd    *rand.Rand
	id     string // of the session
	visit  *Visit // nil while away
	cancel func()

	button, number string // the widgets' IDs
	clicks, value  int
	lastClick      string
	loads          int
}

func (v *clickVisitor) come() {
	if v.visit != nil {
		return
	}
	if v.rnd.IntN(3) == 0 {
		v.loads++ // the page was loaded again
	}
	client := fmt.Sprint(v.name, "-", v.loads)
	visit, err := v.w.app.Join(v.name, Hello{Client: client, Session: v.id})
	if err != nil {
		v.w.t.Errorf("%s: %v", v.name, err)
		return
	}
	if v.id != "" && visit.ID != v.id {
		v.w.t.Errorf("%s has another session", v.name)
	}
	v.visit, v.id = visit, visit.ID
	v.cancel = visit.Subscribe(client, func([]session.Event) {})
}

func (v *clickVisitor) leave() {
	if v.visit != nil {
		v.cancel()
		v.visit.Leave()
		v.visit = nil
	}
}

// act is what the visitor does in a round.
func (v *clickVisitor) act() {
	for range 1 + v.rnd.IntN(8) {
		v.come()
		if v.button == "" {
			v.check()
		}
		if v.w.t.Failed() {
			return
		}
		switch v.rnd.IntN(6) {
		case 0, 1, 2:
			v.press()
		case 3:
			v.value++
			v.do(session.Interact{Values: map[string]json.RawMessage{v.number: json.RawMessage(fmt.Sprint(v.value))}})
		case 4:
			if v.lastClick != "" {
				v.click(v.lastClick) // sent again: its answer was lost
			}
		}
		switch v.rnd.IntN(5) {
		case 0:
			v.leave() // with what was done last under way
		case 1, 2:
			time.Sleep(time.Duration(v.rnd.IntN(6000)) * time.Microsecond)
		}
	}
}

// hurry clicks on what is still on the screen from the server's life before, and
// sends the click before again, whose answer went with that server.
func (v *clickVisitor) hurry() {
	if v.come(); v.button != "" && v.visit != nil {
		if v.lastClick != "" {
			v.click(v.lastClick)
		}
		v.press()
	}
}

func (v *clickVisitor) press() {
	v.clicks++
	v.lastClick = fmt.Sprint(v.name, ".", v.clicks)
	v.click(v.lastClick)
}

func (v *clickVisitor) click(id string) {
	v.do(session.Interact{Trigger: &session.Trigger{Click: id, Widget: v.button}})
}

func (v *clickVisitor) do(i session.Interact) {
	if err := v.visit.Do(v.name, session.Op{Interact: &i}); err != nil {
		v.w.t.Errorf("%s: %v", v.name, err)
	}
}

// check waits until the screen shows what the visitor did.
func (v *clickVisitor) check() {
	v.come()
	if v.visit == nil {
		return
	}
	want := fmt.Sprintf("clicked %d value %d seen %d", v.clicks, v.value, v.value)
	var got string
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		d, err := v.visit.Document()
		if err != nil {
			v.w.t.Errorf("%s: %v", v.name, err)
			return
		}
		got = ""
		for _, d := range d.Screen.Deltas {
			switch d.Element.Kind {
			case "button":
				v.button = d.Element.ID
			case "number":
				v.number = d.Element.ID
			default:
				got += string(d.Element.Props)
			}
		}
		if strings.Contains(got, want) && v.button != "" && v.number != "" {
			return
		}
	}
	v.w.t.Errorf("%s: the screen shows %s, not %q", v.name, got, want)
}

// clickPage is the notebook: a button and a number with callbacks, and what they
// led to. The run takes a while.
func clickPage(ctx context.Context, s *run.Session) {
	count := func(key string) int {
		v, raw := s.StateInit(key, 0)
		if raw != nil {
			var n int
			if err := json.Unmarshal(raw, &n); err != nil {
				panic(err)
			}
			s.StateReplace(key, n)
			return n
		}
		return v.(int)
	}
	pause := func(most int) {
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(rand.IntN(most)) * time.Microsecond):
		}
	}
	button := run.Widget{Kind: "button", Label: "Add", Trigger: true, Default: false,
		Decode: func(json.RawMessage) (any, error) { return true, nil },
		OnChange: func() {
			n := count("n")
			pause(500)
			s.StateSet("n", n+1)
		},
	}
	if b, ok := s.Widget(nil, button); ok {
		s.Put(nil, element.Element{Kind: "button", ID: b.ID})
	}
	number := run.Widget{Kind: "number", Label: "v", Key: "v", Default: 0,
		Decode: func(raw json.RawMessage) (any, error) {
			var n int
			err := json.Unmarshal(raw, &n)
			return n, err
		},
		OnChange: func() { s.StateSet("seen", max(count("seen"), count("v"))) },
	}
	value := 0
	if v, ok := s.Widget(nil, number); ok {
		s.Put(nil, element.Element{Kind: "number", ID: v.ID})
		value = v.Value.(int)
	}
	pause(4000)
	text, _ := json.Marshal(element.Text{Text: fmt.Sprintf("clicked %d value %d seen %d", count("n"), value, count("seen"))})
	s.Put(nil, element.Element{Kind: "text", Props: text})
}

// pipeWorker is a worker at the other end of two pipes.
type pipeWorker struct {
	conn   *wire.Conn
	cut    func()
	once   sync.Once
	exited func(string)
}

func startPipeWorker(receive func(wire.Message), exited func(string)) (*pipeWorker, error) {
	toR, toW := io.Pipe()
	fromR, fromW := io.Pipe()
	k := &pipeWorker{conn: wire.NewConn(fromR, toW), exited: exited}
	k.cut = func() {
		toW.Close()
		fromR.CloseWithError(io.EOF)
	}
	go func() {
		_ = kernelworker.Serve(context.Background(), toR, fromW, kernelworker.Config{
			Engines:    []engine.Engine{clickEngine{}},
			NewSession: newClickSession,
			Display:    func(engine.Instance, any) element.Element { return element.Element{Kind: "value"} },
			Tick:       time.Hour,
		})
		fromW.Close()
		toR.CloseWithError(errors.New("the worker has ended"))
	}()
	if _, err := k.conn.Greet(wire.Hello{Engine: "auto", App: true}); err != nil {
		return nil, err
	}
	go func() {
		for {
			m, err := k.conn.Receive()
			if err != nil {
				k.die()
				return
			}
			receive(m)
		}
	}()
	return k, nil
}

func (k *pipeWorker) Send(m wire.Message) error { return k.conn.Send(m) }
func (k *pipeWorker) Close()                    { k.once.Do(k.cut) }
func (k *pipeWorker) Kill()                     { k.Close() }

// die is kill -9: whatever is on the pipes is lost.
func (k *pipeWorker) die() {
	k.once.Do(func() {
		k.cut()
		go k.exited("killed")
	})
}

// clickEngine runs clickPage, whatever the units hold.
type clickEngine struct{}

func (clickEngine) Name() string          { return "click" }
func (clickEngine) Types() *types.Package { return nil }
func (e clickEngine) Compile(engine.Program, []wire.Unit) (engine.Program, []wire.Problem) {
	return e, nil
}
func (clickEngine) NewInstance(b engine.Bindings) (engine.Instance, error) {
	return clickInstance{b["session"]["it"].Interface().(*run.Session)}, nil
}

type clickInstance struct{ s *run.Session }

func (i clickInstance) Call(ctx context.Context, _ string) error {
	return i.Do(ctx, func() { clickPage(ctx, i.s) })
}

func (clickInstance) Do(ctx context.Context, f func()) (err error) {
	if ctx.Err() != nil {
		return engine.Finish(&engine.Stopped{Cause: context.Cause(ctx)})
	}
	defer func() {
		if c, ok := recover().(engine.Control); ok {
			err = engine.Finish(c)
		}
	}()
	f()
	return nil
}
func (clickInstance) Update(engine.Program) error        { return nil }
func (clickInstance) Protect(f func()) *engine.Fault     { f(); return nil }
func (clickInstance) Lookup(string) (engine.Value, bool) { return engine.Value{}, false }
func (clickInstance) Value(v any) engine.Value           { return engine.Value{V: reflect.ValueOf(v)} }
func (clickInstance) Goroutines() int                    { return 0 }
func (clickInstance) Close()                             {}
func (clickInstance) Method(engine.Value, string, reflect.Type) (reflect.Value, bool) {
	return reflect.Value{}, false
}

// clickSession is the widgets' half of a worker's session: a run.Session.
type clickSession struct {
	*run.Session
	ended *run.Result
}

type clickHost struct{ kernelworker.Host }

func (clickHost) Label(v any) string              { return fmt.Sprint(v) }
func (clickHost) Value(v any) reflect.Value       { return reflect.ValueOf(v) }
func (clickHost) Fields(reflect.Type) []run.Field { return nil }
func newClickSession(h kernelworker.Host, cfg kernelworker.SessionConfig) kernelworker.Session {
	return &clickSession{Session: run.NewSession(clickHost{h}, run.Config{ID: cfg.ID, App: cfg.App})}
}

func (s *clickSession) Bindings() engine.Bindings {
	return engine.Bindings{"session": {"it": reflect.ValueOf(s.Session)}}
}

func (s *clickSession) Begin(ctx context.Context, r *wire.Run) {
	var triggers []run.Trigger
	for _, t := range r.Triggers {
		triggers = append(triggers, run.Trigger(t))
	}
	s.Session.Begin(ctx, run.Request{Run: r.Run, Full: r.Full, Cells: r.Cells, Fragments: r.Fragments, Widgets: r.Widgets, Triggers: triggers})
}

func (s *clickSession) End(ok bool) kernelworker.Ended {
	r := s.Session.End(ok)
	s.ended = &r
	e := kernelworker.Ended{Widgets: r.Widgets, Fragments: r.Fragments}
	for _, t := range r.Unseen {
		e.Unseen = append(e.Unseen, wire.Trigger(t))
	}
	return e
}

func (s *clickSession) State() *wire.State {
	if r := s.ended; r != nil {
		s.ended = nil
		return &wire.State{Set: r.State, Deleted: r.Deleted, Widgets: r.Widgets, Taken: r.Taken}
	}
	set, deleted := s.StateChanges()
	widgets, taken := s.WidgetChanges()
	return &wire.State{Set: set, Deleted: deleted, Widgets: widgets, Taken: taken}
}

func (s *clickSession) Show(e element.Element) element.Path { return s.Put(nil, e) }
func (s *clickSession) Page(context.Context, page.Request) (page.Reply, []byte, error) {
	return page.Reply{}, nil, nil
}
func (s *clickSession) Inspect(context.Context, any) (element.Element, bool, error) {
	return element.Element{}, false, nil
}

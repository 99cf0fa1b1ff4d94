// Package fake is an engine and widgets small enough to read in a minute, for
// tests of the worker and the process around them.
//
// A unit's source is one command a line: "print TEXT", "show TEXT", "spin",
// "panic TEXT", "exit N", "crash", "flood N", "refuse TEXT" (by
// "yaegi"), "impossible TEXT" (by both), "grow", "recurse", "stop".
package fake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/types"
	"os"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"stnb.dev/dataframe/page"
	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/wire"
	"stnb.dev/kernel/worker"
	"stnb.dev/widgets/element"
)

// Config is a worker of fakes.
func Config() worker.Config {
	return worker.Config{
		Engines:    []engine.Engine{Engine{"yaegi"}, Engine{"ssa"}},
		NewSession: func(h worker.Host, cfg worker.SessionConfig) worker.Session { return &Session{host: h} },
		Display: func(inst engine.Instance, v any) element.Element {
			p, _ := json.Marshal(element.Value{Text: fmt.Sprint(v)})
			return element.Element{Kind: "value", Props: p}
		},
	}
}

// Engine runs commands. The one named "yaegi" refuses "refuse".
type Engine struct{ name string }

// Name is the name.
func (e Engine) Name() string { return e.name }

type program struct {
	units  map[string]wire.Unit
	doubts []wire.Problem
}

func (program) Types() *types.Package { return nil }

// Doubts are those of the units whose source is a doubt.
func (p program) Doubts() []wire.Problem { return p.doubts }

// Compile keeps the units.
func (e Engine) Compile(prev engine.Program, units []wire.Unit) (engine.Program, []wire.Problem) {
	p := program{units: map[string]wire.Unit{}}
	var problems []wire.Problem
	for _, u := range units {
		p.units[u.ID] = u
		if text, ok := strings.CutPrefix(u.Source, "refuse "); ok && e.name == "yaegi" {
			problems = append(problems, wire.Problem{Unit: u.ID, Line: 1, Column: 1, Code: "fake", Message: text})
		}
		if text, ok := strings.CutPrefix(u.Source, "impossible "); ok {
			problems = append(problems, wire.Problem{Unit: u.ID, Line: 1, Column: 1, Code: "fake", Message: e.name + ": " + text})
		}
		if text, ok := strings.CutPrefix(u.Source, "doubt "); ok && e.name == "yaegi" {
			p.doubts = append(p.doubts, wire.Problem{Unit: u.ID, Line: 1, Column: 1, Code: "fake", Message: text})
		}
	}
	return p, problems
}

func (p program) NewInstance(b engine.Bindings) (engine.Instance, error) {
	return &instance{prog: p, b: b}, nil
}

type instance struct {
	prog program
	b    engine.Bindings
}

func (i *instance) Update(p engine.Program) error {
	i.prog = p.(program)
	return nil
}

func (i *instance) Call(ctx context.Context, unit string) (err error) {
	u, ok := i.prog.units[unit]
	if !ok {
		return errors.New("no such unit")
	}
	for n, line := range strings.Split(u.Source, "\n") {
		cmd, arg, _ := strings.Cut(line, " ")
		switch cmd {
		case "print":
			i.b["fmt"]["Println"].Interface().(func(...any) (int, error))(arg)
		case "write":
			stdout, _ := i.b.Get("os", "Stdout")
			stdout.Interface().(*os.File).WriteString(arg + "\n")
		case "show":
			i.b["stnb.dev/widgets/core"]["Show"].Interface().(func(any))(arg)
		case "spin":
			<-ctx.Done()
			return engine.Finish(&engine.Stopped{Cause: context.Cause(ctx)})
		case "panic":
			return &engine.Fault{Fault: wire.Fault{Kind: "panic", Message: arg, Frames: []wire.Frame{{Func: "f", Unit: u.ID, Line: n + 1, Column: 1}}}}
		case "exit":
			code, _ := strconv.Atoi(arg)
			os.Exit(code)
		case "crash":
			done := make(chan bool)
			go func() { panic(arg) }()
			<-done
		case "flood":
			total, _ := strconv.Atoi(arg)
			line := strings.Repeat("x", 99) + "\n"
			print := i.b["fmt"]["Print"].Interface().(func(...any) (int, error))
			for n := 0; n < total; n += len(line) {
				print(line)
			}
		case "grow":
			var keep [][]byte
			for ctx.Err() == nil {
				b := make([]byte, 16<<20)
				for j := 0; j < len(b); j += 4096 {
					b[j] = 1
				}
				keep = append(keep, b)
			}
			_ = len(keep)
		case "recurse":
			recurse(0)
		case "stop":
			return stop{}
		}
	}
	return nil
}

func recurse(n int) int { return recurse(n+1) + 1 }

type stop struct{}

func (stop) Error() string       { return "stop" }
func (stop) StnbControl() string { return "stop" }

func (i *instance) Do(ctx context.Context, f func()) error {
	if ctx.Err() != nil {
		return engine.Finish(&engine.Stopped{Cause: context.Cause(ctx)})
	}
	f()
	return nil
}
func (i *instance) Protect(f func()) *engine.Fault          { f(); return nil }
func (i *instance) Lookup(name string) (engine.Value, bool) { return engine.Value{}, false }
func (i *instance) Value(v any) engine.Value                { return engine.Value{V: reflect.ValueOf(v)} }
func (i *instance) Goroutines() int                         { return 0 }
func (i *instance) Close()                                  {}
func (i *instance) Method(engine.Value, string, reflect.Type) (reflect.Value, bool) {
	return reflect.Value{}, false
}

// Session shows values at paths main/CELL.N and keeps clicks unseen, but those of
// the widget "called", whose callback shows the click.
type Session struct {
	host  worker.Host
	mu    sync.Mutex
	cell  string
	index int
	run   *wire.Run
}

// Bindings bind Show.
func (s *Session) Bindings() engine.Bindings {
	return engine.Bindings{"stnb.dev/widgets/core": {
		"Show": reflect.ValueOf(func(v any) { s.Show(s.host.Display(v)) }),
	}}
}

// Begin notes the run.
func (s *Session) Begin(ctx context.Context, r *wire.Run) { s.run = r }

// Callbacks are one for each click of the widget "called".
func (s *Session) Callbacks() (all []func()) {
	for _, t := range s.run.Triggers {
		if t.Widget == "called" {
			all = append(all, func() { s.Show(element.Element{Kind: "clicked " + t.Click}) })
		}
	}
	return all
}

// EnterCell starts the paths of a cell.
func (s *Session) EnterCell(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cell, s.index = id, 0
}

// Fragment knows none.
func (s *Session) Fragment(id string) (func(), bool) { return nil, false }

// State never changes.
func (s *Session) State() *wire.State { return nil }

// End gives the triggers back.
func (s *Session) End(ok bool) worker.Ended { return worker.Ended{Unseen: s.run.Triggers} }

// Show emits a Set at the next path.
func (s *Session) Show(e element.Element) element.Path {
	s.mu.Lock()
	p := element.Path(fmt.Sprintf("main/%s.%d", s.cell, s.index))
	s.index++
	s.mu.Unlock()
	s.host.Emit(element.Delta{Op: element.Set, Path: p, Element: &e})
	return p
}

// Page answers with the frame's name as the blob.
func (s *Session) Page(ctx context.Context, r page.Request) (page.Reply, []byte, error) {
	return page.Reply{Rows: 1, Total: 1}, []byte("blob"), nil
}

// Inspect makes no grids.
func (s *Session) Inspect(context.Context, any) (element.Element, bool, error) {
	return element.Element{}, false, nil
}

// Restore does nothing.
func (s *Session) Restore(state, widgets map[string]json.RawMessage) {}

// Close does nothing.
func (s *Session) Close() {}

package session

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
	"stnb.dev/notebook/session/sessiontest"
	"stnb.dev/widgets/element"
)

// fakeProgram makes sessiontest's program ours without an import cycle.
type fakeProgram struct{ *sessiontest.Program }

func (p fakeProgram) Update(nb *notebook.Notebook) Program { return program(nb) }

func program(nb *notebook.Notebook) Program { return &fakeProgram{sessiontest.NewProgram(nb)} }

func (p fakeProgram) Variables() (list []Variable) {
	for name, cell := range p.Defined() {
		list = append(list, Variable{Name: name, Lowered: name + "@" + string(cell), Cell: cell})
	}
	slices.SortFunc(list, func(a, b Variable) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// world carries out effects by hand: no goroutine, no clock. What the kernel
// says waits in says until deliver.
type world struct {
	t      testing.TB
	state  State
	kernel *sessiontest.Kernel
	gen    uint64
	tree   *element.Tree
	says   []wire.Message
	timers []Op
	events []Event // told to all, since the last take
	logs   []Log
	writes []Write
	checks []Check
	slow   bool // checks wait
	lazy   bool // kernel messages wait for deliver
	starts int
}

func newWorld(t testing.TB, mode Mode, sources ...string) *world {
	nb := sessiontest.Notebook(sources...)
	w := &world{t: t, kernel: &sessiontest.Kernel{}, tree: element.NewTree()}
	w.state = newState(Setup{Mode: mode, ID: "s", Notebook: nb, Program: program(nb)})
	if mode == ModeApp {
		w.in(audience{1})
	}
	return w
}

func (w *world) apply(op Op) error {
	before := dump(w.state)
	next, effects, err := Apply(w.state, op)
	if after := dump(w.state); after != before {
		w.t.Fatalf("Apply wrote to the state it was given:\n%s\n%s", before, after)
	}
	if err != nil {
		return err
	}
	w.state = next
	for _, e := range effects {
		w.carryOut(e)
	}
	if w.state.unannounced {
		next, effects, _ := Apply(w.state, Op{in: announceNow{}})
		w.state = next
		for _, e := range effects {
			w.carryOut(e)
		}
	}
	if !w.lazy {
		w.deliver(-1)
	}
	return nil
}

// do is apply that must work.
func (w *world) do(op Op) {
	w.t.Helper()
	if op.Interact != nil {
		op.in = locate(w.tree, op.Interact)
	}
	if err := w.apply(op); err != nil {
		w.t.Fatalf("%+v: %v", op, err)
	}
	if w.slow {
		return // the checker has yet to come to it
	}
	checks := w.checks
	w.checks = nil
	for _, e := range checks {
		w.in(checked{e.Version, e.Program.Update(e.Notebook), false})
	}
}

func (w *world) in(i input) { w.t.Helper(); w.do(Op{in: i}) }

// deliver hands over n messages of the kernel; all when n < 0.
func (w *world) deliver(n int) {
	for ; n != 0 && len(w.says) > 0; n-- {
		m := w.says[0]
		w.says = w.says[1:]
		lazy := w.lazy
		w.lazy = true
		w.in(kernelSays{w.gen, m})
		w.lazy = lazy
		if w.kernel.Dead && len(w.says) == 0 {
			w.in(kernelGone{w.gen, "killed"})
		}
	}
}

func (w *world) carryOut(e Effect) {
	switch e := e.(type) {
	case Tell:
		w.events = append(w.events, e.Event)
	case Send:
		if w.kernel != nil {
			w.says = append(w.says, w.kernel.Handle(e.Message)...)
			if w.kernel.Dead && len(w.says) == 0 {
				w.says = append(w.says, wire.Message{})
			}
		}
	case Reopen:
		w.kernel.Handle(wire.Message{Open: &e.Open})
	case StartKernel:
		w.gen, w.kernel, w.says = e.Gen, &sessiontest.Kernel{Engine: e.Engine}, nil
		w.starts++
		lazy := w.lazy
		w.lazy = true
		next, effects, _ := Apply(w.state, Op{in: kernelUp{e.Gen}})
		w.state = next
		for _, e := range effects {
			w.carryOut(e)
		}
		w.lazy = lazy
	case StopKernel:
		w.says = nil
	case After:
		w.timers = append(w.timers, e.Op)
	case Check:
		w.checks = append(w.checks, e)
	case SaveSoon:
		w.timers = append(w.timers, Op{in: saveDue{}})
	case BeginScreen:
		w.tree.Begin(e.Run, e.Scope)
	case Draw:
		for _, d := range e.Deltas {
			w.tree.Apply(d)
		}
	case EndScreen:
		if e.Cells != nil {
			w.tree.Narrow(e.Cells)
		}
		w.tree.End(e.Prune)
	case Wipe:
		w.tree.RemoveCells(e.Cells...)
	case Write:
		w.writes = append(w.writes, e)
	case Log:
		w.logs = append(w.logs, e)
	}
}

// status is the state of every cell: "a:done b:stale".
func (w *world) status() string {
	var out []string
	for _, c := range w.state.notebook.Cells {
		if st, ok := w.state.statuses()[c.ID]; ok {
			out = append(out, string(c.ID)+":"+st.State)
		}
	}
	return strings.Join(out, " ")
}

func (w *world) why(id notebook.CellID) string { return w.state.statuses()[id].Why }

// screen is the text on the screen by path: "a.0=3 b.0=4".
func (w *world) screen() string {
	var out []string
	for _, c := range w.state.notebook.Cells {
		for _, d := range w.tree.All() {
			if d.Path.Cell() == string(c.ID) {
				out = append(out, strings.TrimPrefix(string(d.Path), "main/")+"="+textOf(d.Element))
			}
		}
	}
	return strings.Join(out, " ")
}

func textOf(e *element.Element) string {
	var p struct{ Text, Message string }
	json.Unmarshal(e.Props, &p)
	if e.Kind == "error" {
		return "!" + p.Message
	}
	return p.Text
}

func (w *world) trace() string { return strings.Join(w.kernel.Trace, "; ") }

func (w *world) runAll()                        { w.do(Op{Run: &Run{What: "all"}}) }
func (w *world) runCell(ids ...notebook.CellID) { w.do(Op{Run: &Run{Cells: ids}}) }
func (w *world) edit(id notebook.CellID, s string) {
	w.do(Op{Edit: &Edit{Cell: id, Base: w.state.versions[id], Source: s}})
}
func (w *world) set(widget string, v int) {
	w.do(Op{Interact: &Interact{Values: map[string]json.RawMessage{widget: json.RawMessage(fmt.Sprint(v))}}})
}
func (w *world) click(widget, id string) {
	w.do(Op{Interact: &Interact{Trigger: &Trigger{Click: id, Widget: widget}}})
}
func (w *world) goOn() {
	w.says = append(w.says, w.kernel.Continue("s")...)
	if w.kernel.Dead && len(w.says) == 0 {
		w.in(kernelGone{w.gen, "killed"})
		return
	}
	if !w.lazy {
		w.deliver(-1)
	}
}

func (w *world) want(what, got, want string) {
	w.t.Helper()
	if got != want {
		w.t.Errorf("%s:\n got %s\nwant %s", what, got, want)
	}
}

// dump writes a state out, to see that it stays as it was.
func dump(s State) string {
	s.program, s.kernel.program, s.settings, s.index = nil, nil, Setup{}, nil
	run := ""
	if s.run != nil {
		run = fmt.Sprintf("%+v", *s.run)
		s.run = nil
	}
	nb, kb := fmt.Sprintf("%+v", *s.notebook), fmt.Sprintf("%p", s.kernel.notebook)
	s.notebook, s.kernel.notebook = nil, nil
	return fmt.Sprintf("%+v %s %s %s", s, run, nb, kb)
}

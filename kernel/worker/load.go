package worker

import (
	"fmt"
	"runtime/debug"
	"slices"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/wire"
)

// load compiles the units with the engine that runs already, or chooses one.
//
// The choice is made once: under "auto" the first engine that takes every unit,
// and has no doubts about what it will do with a value, else the one that refuses
// the fewest units, the later when equal: what it refuses, no engine takes. A later
// load that the running engine refuses and another takes asks for a restart, since
// values cannot move between engines.
func (wk *worker) load(m *wire.Load) {
	out := &wire.Loaded{Seq: m.Seq}
	prev := wk.current()
	var chosen engine.Engine
	if prev != nil {
		chosen = prev.by
	}
	var problems []wire.Problem
	var prog engine.Program
	if chosen != nil {
		prog, problems = compile(chosen, prev.Program, m.Units)
		if against := weigh(prog, problems); len(against) > 0 && wk.auto() {
			for _, e := range wk.cfg.Engines {
				if e.Name() == chosen.Name() {
					continue
				}
				if p, other := compile(e, nil, m.Units); refusals(weigh(p, other)) < refusals(against) {
					out.Restart = e.Name()
					out.Reason = reason(against[0])
					break
				}
			}
		}
	} else {
		var least []wire.Problem
		for _, e := range wk.candidates() {
			p, refused := compile(e, nil, m.Units)
			against := weigh(p, refused)
			if chosen == nil || refusals(against) <= refusals(least) {
				if chosen != nil && p != nil {
					out.Reason = reason(least[0])
				}
				chosen, prog, problems, least = e, p, refused, against
			}
			if len(against) == 0 {
				break
			}
		}
	}
	if chosen == nil {
		out.Reason = fmt.Sprintf("this stnb has no engine %q", wk.hello.Engine)
		for _, u := range m.Units {
			out.Problems = append(out.Problems, wire.Problem{Unit: u.ID, Line: 1, Column: 1, Code: "engine", Message: out.Reason})
		}
		wk.send(wire.Message{Loaded: out})
		return
	}
	out.Engine, out.Problems = chosen.Name(), problems
	p := &program{by: chosen, Program: prog, order: m.Units, units: map[string]wire.Unit{}, problems: map[string]wire.Problem{}}
	for _, u := range m.Units {
		p.units[u.Cell] = u
	}
	for _, pr := range problems {
		if _, has := p.problems[pr.Unit]; !has {
			p.problems[pr.Unit] = pr
		}
	}
	wk.mu.Lock()
	wk.program = p
	wk.mu.Unlock()
	wk.send(wire.Message{Loaded: out})
}

// weigh is what speaks against an engine: what it refuses, and its doubts.
func weigh(p engine.Program, refused []wire.Problem) []wire.Problem {
	if d, ok := p.(engine.Doubter); ok {
		return append(slices.Clip(refused), d.Doubts()...)
	}
	return refused
}

// refusals counts the units that have problems.
func refusals(list []wire.Problem) int {
	units := map[string]bool{}
	for _, p := range list {
		units[p.Unit] = true
	}
	return len(units)
}

// reason says why the other engine, from what this one refuses.
func reason(p wire.Problem) string { return p.Message }

func (wk *worker) auto() bool { return wk.hello.Engine == "" || wk.hello.Engine == "auto" }

// candidates are the engines that may run the notebook, by preference.
func (wk *worker) candidates() []engine.Engine {
	if wk.auto() {
		return wk.cfg.Engines
	}
	for _, e := range wk.cfg.Engines {
		if e.Name() == wk.hello.Engine {
			return []engine.Engine{e}
		}
	}
	return nil
}

// compile never panics: an engine's crash is a problem of every unit it was
// given for the first time.
func compile(e engine.Engine, prev engine.Program, units []wire.Unit) (p engine.Program, problems []wire.Problem) {
	defer func() {
		if r := recover(); r != nil {
			p, problems = nil, nil
			debug.PrintStack()
			for _, u := range units {
				problems = append(problems, wire.Problem{
					Unit: u.ID, Line: 1, Column: 1, Code: "engine-crash",
					Message: fmt.Sprintf("the %s engine cannot compile this: %v", e.Name(), r),
				})
			}
		}
	}()
	return e.Compile(prev, units)
}

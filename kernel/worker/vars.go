package worker

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"time"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/wire"
	"stnb.dev/widgets/element"
)

// inspectTime is how long a frame may take to be read for the variable explorer.
const inspectTime = 30 * time.Second

// vars answers what variables hold. Values are read in the session's goroutine,
// when nothing of the user's runs there: a map that is written to meanwhile would
// end the process.
func (wk *worker) vars(m *wire.Vars) {
	s := wk.session(m.Session)
	if s == nil {
		wk.send(wire.Message{VarList: &wire.VarList{Seq: m.Seq, Vars: []wire.Var{}, Error: "the session has ended"}})
		return
	}
	s.mu.Lock()
	busy := s.run != 0 || len(s.queued) > 0
	if busy {
		out := &wire.VarList{Seq: m.Seq, Vars: []wire.Var{}}
		for _, name := range m.Names {
			if v, ok := s.seen[name]; ok {
				out.Vars = append(out.Vars, v)
			}
		}
		if m.Show != "" {
			out.Error = "a value is shown when nothing runs"
		}
		s.mu.Unlock()
		wk.send(wire.Message{VarList: out})
		return
	}
	s.mu.Unlock()
	select {
	case s.work <- func() { wk.send(wire.Message{VarList: s.look(m)}) }:
	case <-s.life.Done():
	}
}

// look reads the variables. Only the session's goroutine calls it.
func (s *session) look(m *wire.Vars) *wire.VarList {
	out := &wire.VarList{Seq: m.Seq, Vars: []wire.Var{}}
	inst := s.Instance()
	if inst == nil {
		if m.Show != "" {
			out.Error = "nothing has run yet"
		}
		return out
	}
	seen := map[string]wire.Var{}
	for _, name := range m.Names {
		if v, ok := s.describe(inst, name); ok {
			seen[name] = v
			out.Vars = append(out.Vars, v)
		}
	}
	s.mu.Lock()
	if m.Show == "" {
		s.seen = seen
	} else if s.seen == nil {
		s.seen = seen
	} else {
		s.seen = maps.Clone(s.seen)
		maps.Copy(s.seen, seen)
	}
	s.mu.Unlock()
	if m.Show != "" {
		if err := s.inspect(inst, m.Show, out); err != nil {
			out.Error = err.Error()
		}
	}
	return out
}

func (s *session) describe(inst engine.Instance, name string) (v wire.Var, ok bool) {
	defer func() {
		if r := recover(); r != nil {
			v, ok = wire.Var{Name: name, Kind: "value", Preview: fmt.Sprint("(cannot be shown: ", r, ")")}, true
		}
	}()
	val, ok := inst.Lookup(name)
	if !ok || !val.V.IsValid() || s.wk.cfg.Describe == nil {
		return wire.Var{}, false
	}
	err := inst.Do(s.life, func() { v = s.wk.cfg.Describe(inst, val, inst.Goroutines() > 0) })
	if err != nil {
		v = wire.Var{Kind: "value", Preview: "(cannot be shown: " + err.Error() + ")"}
	}
	v.Name = name
	return v, true
}

// inspect shows one value whole.
func (s *session) inspect(inst engine.Instance, name string, out *wire.VarList) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s cannot be shown: %v", name, r)
		}
	}()
	val, ok := inst.Lookup(name)
	if !ok || !val.V.IsValid() {
		return fmt.Errorf("there is no variable %s", name)
	}
	ctx, cancel := context.WithTimeout(s.life, inspectTime)
	defer cancel()
	var failed error
	ended := inst.Do(ctx, func() {
		var e element.Element
		e, ok, failed = s.widgets.Inspect(ctx, val.V.Interface())
		if !ok && failed == nil {
			e = s.wk.cfg.Display(inst, val)
		}
		if failed == nil {
			out.Element = &e
		}
	})
	return cmp.Or(failed, ended)
}

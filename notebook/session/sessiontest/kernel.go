package sessiontest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"stnb.dev/kernel/wire"
	"stnb.dev/widgets/element"
)

// Kernel runs the test language. Handle answers each message at once; a run that
// reaches "wait" is suspended until Continue or a Stop.
type Kernel struct {
	Units    []wire.Unit
	Sessions map[string]*Session
	Trace    []string // "load 1", "run 2 a b", "stop 2 superseded"
	Dead     bool     // "die" was run: it says nothing any more
	Mute     bool     // it hangs: it takes messages and says nothing
	Engine   string
	Restart  string // to answer the next Load with
}

// Session is what the kernel holds for one session.
type Session struct {
	Vars    map[string]int // "x@cell"
	State   map[string]int
	Widgets map[string]int
	run     *wire.Run
	cell    int // of run.Cells, where the run is
	line    int // of that cell, where the run is
	shown   int
	copied  map[string]int
	taken   []string // clicks of the run that changed the state
}

// Handle takes a message and returns what the kernel says to it.
func (k *Kernel) Handle(m wire.Message) (out []wire.Message) {
	if k.Dead || k.Mute {
		return nil
	}
	switch {
	case m.Load != nil:
		k.Trace = append(k.Trace, fmt.Sprint("load ", m.Load.Seq))
		k.Units = m.Load.Units
		for _, s := range k.Sessions {
			maps.DeleteFunc(s.Vars, func(name string, _ int) bool { return !k.has(name) })
		}
		out = append(out, wire.Message{Loaded: &wire.Loaded{Seq: m.Load.Seq, Engine: cmp(k.Engine, "fake"), Restart: k.Restart}})
		k.Restart = ""
	case m.Open != nil:
		s := &Session{Vars: map[string]int{}, State: ints(m.Open.State), Widgets: ints(m.Open.Widgets)}
		s.copied = maps.Clone(s.State)
		if k.Sessions == nil {
			k.Sessions = map[string]*Session{}
		}
		k.Sessions[m.Open.Session] = s
	case m.Close != nil:
		delete(k.Sessions, m.Close.Session)
	case m.Run != nil:
		k.Trace = append(k.Trace, strings.TrimSpace(fmt.Sprintf("run %d %s", m.Run.Run, strings.Join(append(m.Run.Cells, m.Run.Fragments...), " "))))
		s := k.Sessions[m.Run.Session]
		maps.Copy(s.Widgets, ints(m.Run.Widgets))
		s.run, s.cell, s.line, s.taken = m.Run, 0, -1, nil
		out = k.step(s)
	case m.Vars != nil:
		l := &wire.VarList{Seq: m.Vars.Seq}
		s := k.Sessions[m.Vars.Session]
		for _, name := range m.Vars.Names {
			if v, ok := s.Vars[name]; ok {
				l.Vars = append(l.Vars, wire.Var{Name: name, Type: "int", Kind: "value", Preview: strconv.Itoa(v)})
			}
		}
		if v, ok := s.Vars[m.Vars.Show]; ok {
			props, _ := json.Marshal(element.Value{Text: strconv.Itoa(v)})
			l.Element = &element.Element{Kind: "value", Props: props}
		}
		out = append(out, wire.Message{VarList: l})
	case m.Stop != nil:
		k.Trace = append(k.Trace, fmt.Sprintf("stop %d %s", m.Stop.Run, m.Stop.Reason))
		if s := k.Sessions[m.Stop.Session]; s != nil && s.run != nil && s.run.Run == m.Stop.Run {
			out = append(out, s.cellEnd(&wire.Fault{Kind: "stopped", Message: "stopped"}))
			unseen := slices.DeleteFunc(slices.Clone(s.run.Triggers), func(t wire.Trigger) bool { return slices.Contains(s.taken, t.Click) })
			out = append(out, s.end(wire.RunEnd{Status: wire.RunStopped, Reason: m.Stop.Reason, Unseen: unseen})...)
		}
	}
	return out
}

// Continue lets the session's run go on after a "wait".
func (k *Kernel) Continue(session string) []wire.Message { return k.step(k.Sessions[session]) }

// step runs on until the run ends or waits.
func (k *Kernel) step(s *Session) (out []wire.Message) {
	if s == nil || s.run == nil {
		return nil
	}
	for ; s.cell < len(s.run.Cells); s.cell, s.line = s.cell+1, -1 {
		cell := s.run.Cells[s.cell]
		i := slices.IndexFunc(k.Units, func(u wire.Unit) bool { return u.Cell == cell })
		if i < 0 {
			panic("sessiontest: run of a cell that is not loaded: " + cell)
		}
		if s.line < 0 {
			s.line, s.shown = 0, 0
			// As in life: running a cell again makes its variables anew.
			out = append(out, wire.Message{CellStart: &wire.CellStart{Session: s.run.Session, Run: s.run.Run, Cell: cell}})
		}
		for lines := strings.Split(k.Units[i].Source, "\n"); s.line < len(lines); {
			line := lines[s.line]
			s.line++
			verb, rest, _ := strings.Cut(line, " ")
			target, op, e := cutAssign(line)
			switch {
			case line == "wait":
				return out
			case line == "die":
				k.Dead = true
				return out
			case line == "fail":
				f := &wire.Fault{Kind: "panic", Message: "failed", Frames: []wire.Frame{{Func: "cell", Unit: k.Units[i].ID, Line: s.line, Column: 1}}}
				return append(append(out, s.cellEnd(f)), s.end(wire.RunEnd{Status: wire.RunFailed})...)
			case line == "stop":
				return append(append(out, s.cellEnd(nil)), s.end(wire.RunEnd{Status: wire.RunStopped})...)
			case line == "rerun":
				return append(append(out, s.cellEnd(nil)), s.end(wire.RunEnd{Status: wire.RunRerun})...)
			case verb == "show":
				out = append(out, s.draw(cell, "text", "", fmt.Sprint(k.eval(s, cell, rest, &out))))
			case verb == "print":
				out = append(out, s.draw(cell, "text", "", rest))
			case op != "":
				v := k.eval(s, cell, e, &out)
				vars := s.Vars
				if name, ok := strings.CutPrefix(target, "state:"); ok {
					target, vars = name, s.State
					for _, t := range s.run.Triggers {
						if strings.Contains(e, "click:"+t.Widget) {
							s.taken = append(s.taken, t.Click)
						}
					}
				}
				if op == " += " {
					v += vars[target]
				}
				vars[target] = v
			}
		}
		out = append(out, s.cellEnd(nil))
	}
	return append(out, s.end(wire.RunEnd{Status: wire.RunOK})...)
}

func (k *Kernel) eval(s *Session, cell, e string, out *[]wire.Message) (sum int) {
	for _, t := range strings.Split(e, " + ") {
		kind, name, special := strings.Cut(t, ":")
		switch {
		case !special:
			if n, err := strconv.Atoi(t); err == nil {
				sum += n
			} else if v, ok := s.Vars[t]; ok {
				sum += v
			} else {
				panic("sessiontest: " + cell + " uses " + t + ", which has no value")
			}
		case kind == "state":
			sum += s.State[name]
		case kind == "widget":
			*out = append(*out, s.draw(cell, "numberInput", name, strconv.Itoa(s.Widgets[name])))
			sum += s.Widgets[name]
		case kind == "click":
			*out = append(*out, s.draw(cell, "button", name, ""))
			for _, t := range s.run.Triggers {
				if t.Widget == name {
					sum++
				}
			}
		}
	}
	return sum
}

func (s *Session) draw(cell, kind, id, text string) wire.Message {
	props, _ := json.Marshal(element.Text{Text: text})
	d := element.Delta{
		Op: element.Set, Path: element.Path(fmt.Sprintf("main/%s.%d", cell, s.shown)),
		Element: &element.Element{Kind: kind, ID: id, Props: props},
	}
	s.shown++
	return wire.Message{Deltas: &wire.Deltas{Session: s.run.Session, Run: s.run.Run, Deltas: []element.Delta{d}}}
}

func (s *Session) cellEnd(f *wire.Fault) wire.Message {
	return wire.Message{CellEnd: &wire.CellEnd{Session: s.run.Session, Run: s.run.Run, Cell: s.run.Cells[s.cell], Fault: f}}
}

// end ends the run: a copy of the state that changed, then RunEnd.
func (s *Session) end(e wire.RunEnd) (out []wire.Message) {
	e.Session, e.Run = s.run.Session, s.run.Run
	changed := map[string]json.RawMessage{}
	for k, v := range s.State {
		if old, ok := s.copied[k]; !ok || old != v {
			changed[k] = json.RawMessage(strconv.Itoa(v))
		}
	}
	if len(changed)+len(s.taken) > 0 {
		out = append(out, wire.Message{State: &wire.State{Session: e.Session, Set: changed, Taken: s.taken}})
	}
	s.copied, s.run = maps.Clone(s.State), nil
	return append(out, wire.Message{RunEnd: &e})
}

// has says whether the variable's unit is still loaded.
func (k *Kernel) has(name string) bool {
	_, cell, _ := strings.Cut(name, "@")
	return slices.ContainsFunc(k.Units, func(u wire.Unit) bool { return u.Cell == cell })
}

func cutAssign(line string) (target, op, e string) {
	for _, op := range []string{" += ", " = "} {
		if a, b, ok := strings.Cut(line, op); ok {
			return a, op, b
		}
	}
	return "", "", ""
}

func ints(m map[string]json.RawMessage) map[string]int {
	out := map[string]int{}
	for k, v := range m {
		out[k], _ = strconv.Atoi(string(v))
	}
	return out
}

func cmp(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

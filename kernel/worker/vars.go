package worker

import (
	"encoding/json"
	"go/types"
	"strings"

	"stnb.dev/kernel/wire"
	"stnb.dev/widgets/element"
)

// vars lists the notebook's variables. It reads them while a cell may run: the
// previews are for people, and a value in motion may look odd once.
func (wk *worker) vars(m *wire.Vars) {
	out := &wire.VarList{Seq: m.Seq, Vars: []wire.Var{}}
	defer func() { wk.send(wire.Message{VarList: out}) }()
	s := wk.session(m.Session)
	if s == nil {
		return
	}
	s.mu.Lock()
	inst, prog := s.inst, s.prog
	s.mu.Unlock()
	if inst == nil || prog == nil || prog.Types() == nil {
		return
	}
	scope := prog.Types().Scope()
	for _, name := range scope.Names() {
		v, ok := scope.Lookup(name).(*types.Var)
		if !ok || strings.HasPrefix(name, "_") {
			continue
		}
		item := wire.Var{Name: shown(name), Type: shown(types.TypeString(v.Type(), func(p *types.Package) string {
			if p == prog.Types() {
				return ""
			}
			return p.Name()
		}))}
		if val, ok := inst.Lookup(name); ok && val.V.IsValid() {
			item.Preview = preview(wk, s, val.V.Interface())
		}
		out.Vars = append(out.Vars, item)
	}
}

// shown strips the version marks of lowered names.
func shown(s string) string {
	for {
		i := strings.Index(s, "ʹ")
		if i < 0 {
			return s
		}
		j := i + len("ʹ")
		for j < len(s) && s[j] >= '0' && s[j] <= '9' {
			j++
		}
		s = s[:i] + s[j:]
	}
}

func preview(wk *worker, s *session, v any) (text string) {
	defer func() {
		if recover() != nil {
			text = "(changing)"
		}
	}()
	e := wk.cfg.Display(s.Instance(), v)
	var value element.Value
	if json.Unmarshal(e.Props, &value) == nil && value.Text != "" {
		return value.Text
	}
	return "(" + e.Kind + ")"
}

package session

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"stnb.dev/kernel/wire"
	"stnb.dev/widgets/element"
)

// VariableAt is the parameter of the service "variable".
type VariableAt struct {
	Name string `json:"name"`
}

// VariableShown answers it: the element that shows the value, a tree or a grid.
type VariableShown struct {
	Element element.Element `json:"element"`
}

// Variables are those of the notebook that have a value: each name once, as a cell
// behind the last would see it. While something runs, their values are as they
// were before; a variable that is new then is not among them.
func (s *Session) Variables(ctx context.Context) ([]wire.Var, error) {
	known, err := s.variables()
	if err != nil || len(known) == 0 {
		return []wire.Var{}, err
	}
	m, err := s.ask(ctx, known, "")
	if err != nil {
		return nil, err
	}
	list := []wire.Var{}
	for _, v := range m.Vars {
		i := slices.IndexFunc(known, func(k Variable) bool { return k.Lowered == v.Name })
		if i < 0 {
			continue
		}
		v.Name, v.Cell = known[i].Name, string(known[i].Cell)
		list = append(list, v)
	}
	return list, nil
}

// Variable shows one of them.
func (s *Session) Variable(ctx context.Context, name string) (VariableShown, error) {
	known, err := s.variables()
	if err != nil {
		return VariableShown{}, err
	}
	i := slices.IndexFunc(known, func(k Variable) bool { return k.Name == name })
	if i < 0 {
		return VariableShown{}, fmt.Errorf("there is no variable %s with a value", name)
	}
	m, err := s.ask(ctx, nil, known[i].Lowered)
	switch {
	case err != nil:
		return VariableShown{}, err
	case m.Error != "":
		return VariableShown{}, errors.New(m.Error)
	case m.Element == nil:
		return VariableShown{}, errors.New("the kernel answered without a value")
	}
	return VariableShown{*m.Element}, nil
}

// variables are the variables of the program in the kernel whose cell has run.
func (s *Session) variables() (list []Variable, err error) {
	err = s.call(func() {
		if s.state.kernel.program == nil || s.state.kernel.phase != kernelUpPhase {
			return
		}
		for _, v := range variablesOf(s.state.kernel.program) {
			if s.state.ran[v.Cell].stamp != 0 {
				list = append(list, v)
			}
		}
	})
	return list, err
}

func (s *Session) ask(ctx context.Context, vars []Variable, show string) (*wire.VarList, error) {
	names := make([]string, len(vars))
	for i, v := range vars {
		names[i] = v.Lowered
	}
	m, err := s.request(ctx, func(seq uint64) wire.Message {
		return wire.Message{Vars: &wire.Vars{Seq: seq, Session: s.cfg.ID, Names: names, Show: show}}
	})
	if err != nil {
		return nil, err
	}
	return m.VarList, nil
}

package lower

import (
	"go/types"
	"slices"
	"strings"
)

// programVars are the variables that the declarations of a Program define.
func (l *lowering) programVars() []*types.Var {
	var vars []*types.Var
	for _, d := range l.cell.Defs {
		if v, ok := l.file.Info().Defs[d.Ident].(*types.Var); ok && d.Whole {
			vars = append(vars, v)
		}
	}
	return vars
}

// initVars initialises a Program's variables in the order Go would.
func (l *lowering) initVars() {
	w := l.w
	vars := l.programVars()
	done := map[*types.Var]bool{}
	for _, init := range l.file.Info().InitOrder {
		for _, v := range init.Lhs {
			done[v] = true
		}
	}
	for _, v := range vars {
		if !done[v] {
			w.line(v.Name() + " = " + l.imports.zero(v.Type()))
		}
	}
	for _, init := range l.file.Info().InitOrder {
		if len(init.Lhs) == 0 || !l.cell.Contains(init.Lhs[0].Pos()) ||
			!slices.ContainsFunc(init.Lhs, func(v *types.Var) bool { return v.Name() == "_" || slices.Contains(vars, v) }) {
			continue
		}
		names := make([]string, len(init.Lhs))
		for i, v := range init.Lhs {
			names[i] = v.Name()
		}
		w.newline()
		if len(names) == 1 && names[0] == "_" {
			w.text("var _ " + l.imports.typeText(init.Lhs[0].Type()) + " = ")
		} else {
			w.text(strings.Join(names, ", ") + " = ")
		}
		w.tokens(l.offset(init.Rhs.Pos()), l.offset(init.Rhs.End()))
		w.newline()
	}
}

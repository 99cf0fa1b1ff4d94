package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// walk finds what changes anywhere in a statement or declaration: calls of
// recover, and local variables that are never used.
func (l *lowering) walk(root ast.Node) {
	var path []ast.Node
	ast.Inspect(root, func(n ast.Node) bool {
		if n == nil {
			path = path[:len(path)-1]
			return true
		}
		switch n := n.(type) {
		case *ast.CallExpr:
			l.recovered(n, path)
			l.told(n)
			l.explained(n)
		case *ast.Ident:
			if l.file.Checked.Unused[n.Pos()] {
				l.unused(n, path)
			}
		}
		path = append(path, n)
		return true
	})
}

// recovered wraps recover(), so that what the runtime itself panics with (stop,
// rerun) goes on. A recover that is itself deferred recovers nothing in Go.
func (l *lowering) recovered(call *ast.CallExpr, path []ast.Node) {
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok || id.Name != "recover" {
		return
	}
	if _, ok := l.file.Info().Uses[id].(*types.Builtin); !ok {
		return
	}
	if len(path) > 0 {
		switch path[len(path)-1].(type) {
		case *ast.DeferStmt, *ast.GoStmt:
			return
		}
	}
	l.wrap(call, coreName+".Recovered(")
}

// unused makes an unused local variable a used one: a statement that discards it
// is added as near behind its definition as Go allows.
func (l *lowering) unused(id *ast.Ident, path []ast.Node) {
	use := "_ = " + id.Name
	for i := len(path) - 1; i >= 0; i-- {
		switch n := path[i].(type) {
		case *ast.AssignStmt, *ast.DeclStmt:
			if i == 0 {
				return // cannot be: those at the top are lifted
			}
			l.useBehind(use, n.(ast.Stmt), path[:i])
			return
		case *ast.RangeStmt:
			l.useIn(use, n.Body)
			return
		}
	}
}

func (l *lowering) useIn(use string, b *ast.BlockStmt) {
	at := l.offset(b.Lbrace)
	l.edits.line[at] = append(l.edits.line[at], use)
}

func (l *lowering) useBehind(use string, s ast.Stmt, path []ast.Node) {
	switch outer := path[len(path)-1].(type) {
	case *ast.LabeledStmt:
		l.useBehind(use, outer, path[:len(path)-1])
	case *ast.IfStmt:
		l.useIn(use, outer.Body)
	case *ast.ForStmt:
		l.useIn(use, outer.Body)
	case *ast.SwitchStmt:
		l.useInCase(use, s, outer.Body)
	case *ast.TypeSwitchStmt:
		if outer.Assign == s {
			// switch x := y.(type): the name goes.
			a := s.(*ast.AssignStmt)
			l.dropRange(a.Lhs[0])
			l.edits.drop[l.offset(a.TokPos)] = true
			return
		}
		l.useInCase(use, s, outer.Body)
	case *ast.CommClause:
		if outer.Comm == s {
			at := l.offset(outer.Colon)
			l.edits.line[at] = append(l.edits.line[at], use)
			return
		}
		l.behind(use, s)
	default:
		l.behind(use, s)
	}
}

func (l *lowering) behind(use string, s ast.Stmt) {
	at := l.lastToken(s.End())
	l.edits.line[at] = append(l.edits.line[at], use)
}

// useInCase uses a variable of a switch's init statement in its first case, or
// does away with it when there is none.
func (l *lowering) useInCase(use string, s ast.Stmt, body *ast.BlockStmt) {
	if len(body.List) > 0 {
		at := l.offset(body.List[0].(*ast.CaseClause).Colon)
		l.edits.line[at] = append(l.edits.line[at], use)
		return
	}
	a, ok := s.(*ast.AssignStmt)
	if !ok || a.Tok != token.DEFINE {
		return
	}
	l.edits.replace[l.offset(a.TokPos)] = "="
	for _, e := range a.Lhs {
		l.edits.replace[l.offset(e.Pos())] = "_"
	}
}

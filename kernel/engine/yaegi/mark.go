package yaegi

import (
	"go/ast"
	"go/token"
	"go/types"
)

// mark notes where we are when the statement can fault.
func (e *emitter) mark(s ast.Stmt) {
	var pts []point
	add := func(kind string, at token.Pos) {
		p := e.l.front.Fset.Position(at)
		pts = append(pts, point{kind: kind, unit: p.Filename, line: p.Line, col: p.Column})
	}
	var visit func(ast.Node) bool
	visit = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
			return false
		case *ast.CallExpr:
			if tv := e.info.Types[n.Fun]; !tv.IsType() {
				add("call", n.Pos())
				if id := funcIdent(n.Fun); id != nil {
					if o, ok := e.info.Uses[id].(*types.Func); ok {
						pts[len(pts)-1].callee = localKey(o)
					}
				}
			}
		case *ast.IndexExpr:
			if tv := e.info.Types[n]; tv.IsValue() {
				add("index", n.Pos())
			}
		case *ast.SliceExpr:
			add("index", n.Pos())
		case *ast.StarExpr:
			if tv := e.info.Types[n]; tv.IsValue() {
				add("nil", n.Pos())
			}
		case *ast.SelectorExpr:
			if s := e.info.Selections[n]; s != nil {
				if _, ok := e.typeOf(n.X).Underlying().(*types.Pointer); ok || s.Indirect() {
					add("nil", n.Sel.Pos())
				}
			}
		case *ast.BinaryExpr:
			if n.Op == token.QUO || n.Op == token.REM {
				add("div", n.Pos())
			}
			if n.Op == token.SHL || n.Op == token.SHR {
				add("shift", n.Pos())
			}
			if n.Op == token.EQL || n.Op == token.NEQ {
				if isInterface(e.typeOf(n.X)) {
					add("other", n.Pos())
				}
			}
		case *ast.AssignStmt:
			if n.Tok == token.QUO_ASSIGN || n.Tok == token.REM_ASSIGN {
				add("div", n.Pos())
			}
		case *ast.TypeAssertExpr:
			add("assert", n.Pos())
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				add("chan", n.Pos())
			}
		case *ast.SendStmt, *ast.SelectStmt:
			add("chan", n.Pos())
		}
		return true
	}
	switch s := s.(type) {
	case *ast.BlockStmt, *ast.BranchStmt:
		return
	case *ast.IfStmt:
		ast.Inspect(s.Cond, visit)
	case *ast.ForStmt:
		if s.Cond != nil {
			ast.Inspect(s.Cond, visit)
		}
	case *ast.RangeStmt:
		ast.Inspect(s.X, visit)
	case *ast.SwitchStmt:
		if s.Tag != nil {
			ast.Inspect(s.Tag, visit)
		}
		for _, c := range s.Body.List {
			for _, x := range c.(*ast.CaseClause).List {
				ast.Inspect(x, visit)
			}
		}
	case *ast.TypeSwitchStmt:
		ast.Inspect(s.Assign, visit)
	case *ast.SelectStmt:
		visit(s)
	default:
		ast.Inspect(s, visit)
	}
	if len(pts) == 0 {
		return
	}
	n := len(e.l.sites)
	e.l.sites = append(e.l.sites, site{fn: e.fn.number, points: pts})
	e.line("posǁ%d = %d", e.fn.number, n)
}

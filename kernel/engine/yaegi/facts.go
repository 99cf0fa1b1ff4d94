package yaegi

import (
	"go/ast"
	"go/token"
	"go/types"
)

// facts are what must be known of a whole func before its first line is written.
type facts struct {
	calls    map[ast.Node]bool // funcs and literals that call something
	defers   map[ast.Node]bool // that have defer statements of their own
	recovers map[ast.Node]bool // that call recover themselves
	deferred map[*ast.FuncLit]bool
	free     map[*ast.FuncLit][]types.Object
	captured map[types.Object]bool
	mutated  map[types.Object]bool
}

// cell says that a variable lives in a cell of its own: closures share it and it
// changes.
func (f *facts) cell(o types.Object) bool { return f.captured[o] && f.mutated[o] }

type analysis struct {
	*facts
	e     *emitter
	stack []ast.Node
	owner map[types.Object]ast.Node
}

func (e *emitter) analyse(decl *ast.FuncDecl) *facts {
	a := &analysis{e: e, owner: map[types.Object]ast.Node{}, facts: &facts{
		calls: map[ast.Node]bool{}, defers: map[ast.Node]bool{}, recovers: map[ast.Node]bool{},
		deferred: map[*ast.FuncLit]bool{}, free: map[*ast.FuncLit][]types.Object{},
		captured: map[types.Object]bool{}, mutated: map[types.Object]bool{},
	}}
	a.stack = []ast.Node{decl}
	if decl.Recv != nil {
		ast.Inspect(decl.Recv, a.visit)
	}
	ast.Inspect(decl.Type, a.visit)
	for o := range a.owner { // results are set by return
		if v, ok := o.(*types.Var); ok && v.Kind() == types.ResultVar {
			a.mutated[v] = true
		}
	}
	ast.Inspect(decl.Body, a.visit)
	return a.facts
}

func (a *analysis) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncLit:
		a.stack = append(a.stack, n)
		a.free[n] = nil
		ast.Inspect(n.Type, a.visit)
		if n.Type.Results != nil {
			for _, f := range n.Type.Results.List {
				for _, id := range f.Names {
					if o := a.e.info.Defs[id]; o != nil {
						a.mutated[o] = true
					}
				}
			}
		}
		ast.Inspect(n.Body, a.visit)
		a.stack = a.stack[:len(a.stack)-1]
		return false
	case *ast.Ident:
		if o := a.e.info.Defs[n]; o != nil {
			if v, ok := o.(*types.Var); ok && !v.IsField() {
				a.owner[o] = a.top()
			}
		}
		if o, ok := a.e.info.Uses[n].(*types.Var); ok {
			a.use(o)
		}
	case *ast.CaseClause:
		if o := a.e.info.Implicits[n]; o != nil {
			a.owner[o] = a.top()
		}
	case *ast.CallExpr:
		if id, ok := ast.Unparen(n.Fun).(*ast.Ident); ok {
			if b, ok := a.e.info.Uses[id].(*types.Builtin); ok {
				if b.Name() == "recover" {
					a.recovers[a.top()] = true
				}
				return true
			}
		}
		if tv := a.e.info.Types[n.Fun]; !tv.IsType() {
			a.calls[a.top()] = true
		}
		if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok {
			a.method(sel)
		}
	case *ast.SelectorExpr:
		a.method(n) // a method value
	case *ast.DeferStmt:
		a.defers[a.top()] = true
		if lit, ok := ast.Unparen(n.Call.Fun).(*ast.FuncLit); ok {
			a.deferred[lit] = true
		}
	case *ast.AssignStmt:
		for _, l := range n.Lhs {
			if id, ok := l.(*ast.Ident); ok && a.e.info.Defs[id] != nil {
				continue // declared here
			}
			a.change(l)
		}
	case *ast.IncDecStmt:
		a.change(n.X)
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN {
			a.change(n.Key)
			a.change(n.Value)
		}
		if _, ok := a.e.typeOf(n.X).Underlying().(*types.Array); ok {
			a.change(n.X)
		}
	case *ast.ForStmt:
		a.calls[a.top()] = true // a checkpoint at entry costs nothing beside
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			a.change(n.X)
		}
	case *ast.SliceExpr:
		if _, ok := a.e.typeOf(n.X).Underlying().(*types.Array); ok {
			a.change(n.X)
		}
	}
	return true
}

func (a *analysis) top() ast.Node { return a.stack[len(a.stack)-1] }

// use notes a variable of an outer func as free in every literal between.
func (a *analysis) use(o *types.Var) {
	owner, ok := a.owner[o]
	if !ok {
		return // package level, or a field
	}
	for i := len(a.stack) - 1; i >= 0 && a.stack[i] != owner; i-- {
		lit, ok := a.stack[i].(*ast.FuncLit)
		if !ok {
			break
		}
		a.captured[o] = true
		known := false
		for _, f := range a.free[lit] {
			known = known || f == o
		}
		if !known {
			a.free[lit] = append(a.free[lit], o)
		}
	}
}

// change notes that the variable at the root of an operand changes in place.
func (a *analysis) change(x ast.Expr) {
	for x != nil {
		switch y := x.(type) {
		case *ast.ParenExpr:
			x = y.X
		case *ast.Ident:
			if o := a.e.object(y); o != nil {
				a.mutated[o] = true
			}
			return
		case *ast.SelectorExpr:
			if _, ok := a.e.info.Selections[y]; !ok {
				return
			}
			if _, ptr := a.e.typeOf(y.X).Underlying().(*types.Pointer); ptr {
				return
			}
			x = y.X
		case *ast.IndexExpr:
			if _, ok := a.e.typeOf(y.X).Underlying().(*types.Array); !ok {
				return
			}
			x = y.X
		default:
			return
		}
	}
}

// method notes a method with a pointer receiver called on a variable.
func (a *analysis) method(sel *ast.SelectorExpr) {
	s, ok := a.e.info.Selections[sel]
	if !ok || s.Kind() != types.MethodVal {
		return
	}
	if isTypeParam(a.e.info.Types[sel.X].Type) {
		a.change(sel.X)
		return
	}
	f, ok := s.Obj().(*types.Func)
	if !ok {
		return
	}
	if r := f.Type().(*types.Signature).Recv(); r != nil {
		if _, ptr := types.Unalias(r.Type()).(*types.Pointer); ptr {
			a.change(sel.X)
		}
	}
}

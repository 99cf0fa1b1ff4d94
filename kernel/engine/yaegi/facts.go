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
	// bounded are loop variables that stay below the length of a variable: both
	// are assigned nowhere else.
	bounded map[types.Object]types.Object
	changes map[types.Object]int
	gotos   map[string]bool // labels that a goto jumps to
}

// cell says that a variable lives in a cell of its own: closures share it and it
// changes.
func (f *facts) cell(o types.Object) bool { return f.captured[o] && f.mutated[o] }

type analysis struct {
	*facts
	e     *emitter
	stack []ast.Node
	owner map[types.Object]ast.Node
	// allowed are the changes of a loop variable by its own loop.
	allowed map[types.Object]int
}

func (e *emitter) analyse(decl *ast.FuncDecl) *facts {
	a := &analysis{e: e, owner: map[types.Object]ast.Node{}, allowed: map[types.Object]int{}, facts: &facts{
		bounded: map[types.Object]types.Object{}, changes: map[types.Object]int{},
		calls: map[ast.Node]bool{}, defers: map[ast.Node]bool{}, recovers: map[ast.Node]bool{},
		deferred: map[*ast.FuncLit]bool{}, free: map[*ast.FuncLit][]types.Object{},
		captured: map[types.Object]bool{}, mutated: map[types.Object]bool{}, gotos: map[string]bool{},
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
	for i, s := range a.bounded {
		_, local := s.(*types.Var)
		_, isLocal := a.owner[s]
		if !local || !isLocal || a.changes[s] > 0 || a.changes[i] > a.allowed[i] {
			delete(a.bounded, i)
		}
	}
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
	case *ast.BranchStmt:
		if n.Tok == token.GOTO {
			a.gotos[n.Label.Name] = true
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
		if s, ok := n.X.(*ast.Ident); ok && n.Tok == token.DEFINE && n.Key != nil {
			if _, ok := a.e.typeOf(s).Underlying().(*types.Slice); ok {
				a.bounded[a.e.object(n.Key.(*ast.Ident))] = a.e.object(s)
			}
		}
	case *ast.ForStmt:
		a.loopBound(n)
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
	first := x
	for x != nil {
		switch y := x.(type) {
		case *ast.ParenExpr:
			x = y.X
		case *ast.Ident:
			if o := a.e.object(y); o != nil {
				a.mutated[o] = true
				if y == first {
					a.changes[o]++
				}
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

// loopBound recognises for i := 0; i < len(s); i++.
func (a *analysis) loopBound(n *ast.ForStmt) {
	init, ok := n.Init.(*ast.AssignStmt)
	if !ok || init.Tok != token.DEFINE || len(init.Lhs) != 1 {
		return
	}
	if tv := a.e.info.Types[init.Rhs[0]]; tv.Value == nil || tv.Value.String()[0] == '-' {
		return
	}
	cond, ok := n.Cond.(*ast.BinaryExpr)
	if !ok || cond.Op != token.LSS {
		return
	}
	call, ok := cond.Y.(*ast.CallExpr)
	if !ok || len(call.Args) != 1 {
		return
	}
	fn, ok := call.Fun.(*ast.Ident)
	if !ok || fn.Name != "len" {
		return
	}
	if post, ok := n.Post.(*ast.IncDecStmt); !ok || post.Tok != token.INC {
		return
	}
	i, ok1 := init.Lhs[0].(*ast.Ident)
	c, ok2 := cond.X.(*ast.Ident)
	s, ok3 := call.Args[0].(*ast.Ident)
	if !ok1 || !ok2 || !ok3 || a.e.object(i) != a.e.object(c) {
		return
	}
	if _, ok := a.e.typeOf(s).Underlying().(*types.Slice); !ok {
		return
	}
	a.bounded[a.e.object(i)] = a.e.object(s)
	a.allowed[a.e.object(i)] = 1
}

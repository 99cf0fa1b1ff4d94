package syntax

import (
	"go/ast"
	"go/token"
)

// block walks a block's statements in a scope of their own.
func (r *resolver) block(b *ast.BlockStmt) {
	if b != nil {
		r.stmts(b.List)
	}
}

func (r *resolver) stmts(list []ast.Stmt) {
	r.push()
	for _, s := range list {
		r.stmt(s)
	}
	r.pop()
}

// stmt walks a statement inside some block, or one at the top of the cell that
// defines nothing.
func (r *resolver) stmt(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.AssignStmt:
		r.assign(s)
	case *ast.BlockStmt:
		r.block(s)
	case *ast.CaseClause: // its block is walked by switchBody
	case *ast.DeclStmt:
		r.localDecl(s.Decl)
	case *ast.DeferStmt:
		r.expr(s.Call)
	case *ast.ExprStmt:
		r.expr(s.X)
	case *ast.ForStmt:
		r.push()
		r.stmt(s.Init)
		r.expr(s.Cond)
		r.stmt(s.Post)
		r.block(s.Body)
		r.pop()
	case *ast.GoStmt:
		r.expr(s.Call)
	case *ast.IfStmt:
		r.push()
		r.stmt(s.Init)
		r.expr(s.Cond)
		r.block(s.Body)
		r.stmt(s.Else)
		r.pop()
	case *ast.IncDecStmt:
		r.target(s.X)
	case *ast.LabeledStmt:
		r.stmt(s.Stmt)
	case *ast.RangeStmt:
		r.rangeStmt(s)
	case *ast.ReturnStmt:
		r.exprs(s.Results)
	case *ast.SelectStmt:
		for _, c := range s.Body.List {
			if c, ok := c.(*ast.CommClause); ok {
				r.push()
				r.stmt(c.Comm)
				for _, s := range c.Body {
					r.stmt(s)
				}
				r.pop()
			}
		}
	case *ast.SendStmt:
		r.mutated(s.Chan)
		r.expr(s.Value)
	case *ast.SwitchStmt:
		r.push()
		r.stmt(s.Init)
		r.expr(s.Tag)
		r.switchBody(s.Body)
		r.pop()
	case *ast.TypeSwitchStmt:
		r.push()
		r.stmt(s.Init)
		r.stmt(s.Assign)
		r.switchBody(s.Body)
		r.pop()
	}
}

func (r *resolver) switchBody(b *ast.BlockStmt) {
	for _, c := range b.List {
		if c, ok := c.(*ast.CaseClause); ok {
			r.exprs(c.List)
			r.stmts(c.Body)
		}
	}
}

func (r *resolver) assign(s *ast.AssignStmt) {
	r.exprs(s.Rhs)
	for _, e := range s.Lhs {
		if id, ok := e.(*ast.Ident); ok && s.Tok == token.DEFINE && r.scope != nil {
			r.local(id)
		} else {
			r.target(e)
		}
	}
}

func (r *resolver) rangeStmt(s *ast.RangeStmt) {
	r.expr(s.X)
	r.push()
	for _, e := range []ast.Expr{s.Key, s.Value} {
		if id, ok := e.(*ast.Ident); ok && s.Tok == token.DEFINE {
			r.local(id)
		} else if e != nil {
			r.target(e)
		}
	}
	r.block(s.Body)
	r.pop()
}

// localDecl walks a declaration inside a block.
func (r *resolver) localDecl(d ast.Decl) {
	g, ok := d.(*ast.GenDecl)
	if !ok {
		return
	}
	for _, spec := range g.Specs {
		switch spec := spec.(type) {
		case *ast.ValueSpec:
			r.expr(spec.Type)
			r.exprs(spec.Values)
			for _, n := range spec.Names {
				r.local(n)
			}
		case *ast.TypeSpec:
			r.local(spec.Name)
			r.typeSpec(spec)
		}
	}
}

// target walks the left side of an assignment.
func (r *resolver) target(e ast.Expr) {
	if id, ok := ast.Unparen(e).(*ast.Ident); ok {
		r.use(Ref{Ident: id, Assign: true})
		return
	}
	r.mutated(e)
}

// mutated walks an expression that denotes something about to change: the name
// at its root is what holds it.
func (r *resolver) mutated(e ast.Expr) {
	switch e := e.(type) {
	case *ast.Ident:
		r.use(Ref{Ident: e, Mutate: true})
	case *ast.ParenExpr:
		r.mutated(e.X)
	case *ast.SelectorExpr:
		r.mutated(e.X)
	case *ast.StarExpr:
		r.mutated(e.X)
	case *ast.IndexExpr:
		r.mutated(e.X)
		r.expr(e.Index)
	case *ast.SliceExpr:
		r.mutated(e.X)
		r.exprs([]ast.Expr{e.Low, e.High, e.Max})
	default:
		r.expr(e)
	}
}

func (r *resolver) exprs(list []ast.Expr) {
	for _, e := range list {
		r.expr(e)
	}
}

// expr walks an expression or a type.
func (r *resolver) expr(e ast.Expr) {
	switch e := e.(type) {
	case *ast.Ident:
		r.use(Ref{Ident: e})
	case *ast.BinaryExpr:
		r.expr(e.X)
		r.expr(e.Y)
	case *ast.CallExpr:
		r.call(e)
	case *ast.CompositeLit:
		r.composite(e, e.Type)
	case *ast.Ellipsis:
		r.expr(e.Elt)
	case *ast.FuncLit:
		r.push()
		r.funcType(e.Type)
		r.block(e.Body)
		r.pop()
	case *ast.IndexExpr:
		r.expr(e.X)
		r.expr(e.Index)
	case *ast.IndexListExpr:
		r.expr(e.X)
		r.exprs(e.Indices)
	case *ast.KeyValueExpr:
		r.expr(e.Key)
		r.expr(e.Value)
	case *ast.ParenExpr:
		r.expr(e.X)
	case *ast.SelectorExpr:
		r.expr(e.X)
	case *ast.SliceExpr:
		r.expr(e.X)
		r.exprs([]ast.Expr{e.Low, e.High, e.Max})
	case *ast.StarExpr:
		r.expr(e.X)
	case *ast.TypeAssertExpr:
		r.expr(e.X)
		r.expr(e.Type)
	case *ast.UnaryExpr:
		if _, literal := ast.Unparen(e.X).(*ast.CompositeLit); e.Op == token.AND && !literal {
			r.mutated(e.X)
		} else {
			r.expr(e.X)
		}

	case *ast.ArrayType:
		r.expr(e.Len)
		r.expr(e.Elt)
	case *ast.ChanType:
		r.expr(e.Value)
	case *ast.FuncType:
		r.push()
		r.funcType(e)
		r.pop()
	case *ast.InterfaceType:
		for _, f := range e.Methods.List {
			r.expr(f.Type)
		}
	case *ast.MapType:
		r.expr(e.Key)
		r.expr(e.Value)
	case *ast.StructType:
		for _, f := range e.Fields.List {
			if len(f.Names) == 0 {
				r.embedded(f.Type)
			} else {
				r.expr(f.Type)
			}
		}
	}
}

// mutators are the predeclared funcs that change their first argument.
var mutators = map[string]bool{"delete": true, "clear": true, "copy": true, "close": true}

func (r *resolver) call(e *ast.CallExpr) {
	r.expr(e.Fun)
	args := e.Args
	if id, ok := e.Fun.(*ast.Ident); ok && mutators[id.Name] && len(args) > 0 &&
		!r.isLocal(id.Name) && r.top[id.Name] == nil {
		r.mutated(args[0])
		args = args[1:]
	}
	r.exprs(args)
}

// embedded walks an embedded field's type: its name is also the field's.
func (r *resolver) embedded(e ast.Expr) {
	if star, ok := e.(*ast.StarExpr); ok {
		e = star.X
	}
	switch t := e.(type) {
	case *ast.Ident:
		r.use(Ref{Ident: t, Embedded: true})
	case *ast.IndexExpr:
		r.embedded(t.X)
		r.expr(t.Index)
	case *ast.IndexListExpr:
		r.embedded(t.X)
		r.exprs(t.Indices)
	default:
		r.expr(e)
	}
}

// composite walks a literal of type t, which is nil when it is elided and not
// plain from the literal around it.
func (r *resolver) composite(e *ast.CompositeLit, t ast.Expr) {
	r.expr(e.Type)
	var key, elt ast.Expr
	fields := true // keys may be fields' names
	switch t := t.(type) {
	case *ast.ArrayType:
		fields, elt = false, t.Elt
	case *ast.MapType:
		fields, key, elt = false, t.Key, t.Value
	}
	_, isStruct := t.(*ast.StructType)
	for _, x := range e.Elts {
		kv, ok := x.(*ast.KeyValueExpr)
		if !ok {
			r.element(x, elt)
			continue
		}
		id, ok := kv.Key.(*ast.Ident)
		switch {
		case ok && isStruct:
		case ok && fields:
			r.use(Ref{Ident: id, Key: e})
		default:
			r.element(kv.Key, key)
		}
		r.element(kv.Value, elt)
	}
}

// element walks an element of a literal, whose own type may be elided.
func (r *resolver) element(e ast.Expr, t ast.Expr) {
	lit, ok := e.(*ast.CompositeLit)
	if !ok || lit.Type != nil {
		r.expr(e)
		return
	}
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	r.composite(lit, t)
}

package yaegi

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// yaegi says "slice index out of range" and no numbers. So a statement looks at
// its indexes first, as far as that can be done without running anything twice or
// out of order, and the run time panics in Go's words. Indexes that loops keep in
// range are not looked at: the test costs as much as the access.

// bounds writes the tests of a statement's index expressions.
func (e *emitter) bounds(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.AssignStmt:
		before := false
		for _, r := range s.Rhs {
			before = e.boundsOf(r, before)
		}
		if !before && len(s.Lhs) == 1 { // of several, each is assigned before the next can fault
			e.boundsOf(s.Lhs[0], before)
		}
	case *ast.ExprStmt:
		e.boundsOf(s.X, false)
	case *ast.ReturnStmt:
		before := false
		for _, r := range s.Results {
			before = e.boundsOf(r, before)
		}
	case *ast.IncDecStmt:
		e.boundsOf(s.X, false)
	case *ast.SendStmt:
		e.boundsOf(s.Value, e.boundsOf(s.Chan, false))
	case *ast.IfStmt:
		if s.Init == nil {
			e.boundsOf(s.Cond, false)
		}
	case *ast.SwitchStmt:
		if s.Init == nil && s.Tag != nil {
			e.boundsOf(s.Tag, false)
		}
	case *ast.RangeStmt:
		e.boundsOf(s.X, false)
	case *ast.DeclStmt:
		before := false
		for _, spec := range s.Decl.(*ast.GenDecl).Specs {
			if v, ok := spec.(*ast.ValueSpec); ok {
				for _, x := range v.Values {
					before = e.boundsOf(x, before)
				}
			}
		}
	}
}

// boundsOf writes tests for x and says whether something in it, or before it, runs
// user code: nothing after that can be tested early.
func (e *emitter) boundsOf(x ast.Expr, ran bool) bool {
	ast.Inspect(x, func(n ast.Node) bool {
		if ran {
			return false
		}
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.BinaryExpr:
			if n.Op == token.LAND || n.Op == token.LOR {
				e.boundsOf(n.X, false)
				ran = true // the rest is conditional
				return false
			}
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				ran = true
			}
		case *ast.CallExpr:
			tv := e.info.Types[n.Fun]
			if tv.IsType() || tv.IsBuiltin() {
				return true
			}
			r := e.boundsOf(n.Fun, false)
			for _, a := range n.Args {
				r = e.boundsOf(a, r)
			}
			ran = true
			return false
		case *ast.IndexExpr:
			e.bound(n)
		}
		return true
	})
	return ran
}

func (e *emitter) bound(x *ast.IndexExpr) {
	tv := e.info.Types[x.X]
	if !tv.IsValue() || isGenericFunc(tv.Type) || !e.pure(x.X) || !e.pure(x.Index) || !e.free(x.X) || !e.free(x.Index) {
		return
	}
	length := ""
	switch u := e.typeOf(x.X).Underlying().(type) {
	case *types.Slice:
		length = "len(" + e.expr(x.X) + ")"
	case *types.Array:
		length = fmt.Sprint(u.Len())
	case *types.Pointer:
		a, ok := u.Elem().Underlying().(*types.Array)
		if !ok {
			return
		}
		length = fmt.Sprint(a.Len())
	default:
		return
	}
	if e.inRange(x) {
		return
	}
	i := e.value(x.Index)
	signed, unsigned := false, false
	if e.info.Types[x.Index].Value != nil {
		if _, ok := e.typeOf(x.X).Underlying().(*types.Slice); !ok {
			return // the compiler has looked at it
		}
	} else if b, ok := e.typeOf(x.Index).Underlying().(*types.Basic); ok {
		if b.Kind() != types.Int {
			i = "int(" + i + ")"
		}
		unsigned = wide(b) // what is too large for an int is negative as one
		signed = unsigned || b.Info()&types.IsUnsigned == 0
	}
	e.indexCheck(i, length, signed, unsigned)
}

// indexCheck writes the test of an index against a length.
func (e *emitter) indexCheck(i, length string, signed, unsigned bool) {
	cond := i + " >= " + length
	if signed {
		cond += " || " + i + " < 0"
	}
	e.line("if %s { rtǁ.Index(%s, %s, %t) }", cond, i, length, unsigned)
}

// free says that evaluating a pure expression early cannot fault in another way:
// divisions could.
func (e *emitter) free(x ast.Expr) bool {
	ok := true
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			if n.Op == token.QUO || n.Op == token.REM || n.Op == token.SHL || n.Op == token.SHR {
				if tv := e.info.Types[n.Y]; tv.Value == nil {
					ok = false
				}
			}
		case *ast.IndexExpr, *ast.CallExpr, *ast.TypeAssertExpr:
			if n != x {
				if ix, is := n.(*ast.IndexExpr); is {
					ok = ok && e.inRange(ix)
				} else if tv := e.info.Types[n.(ast.Expr)]; tv.Value == nil {
					ok = false
				}
			}
		}
		return ok
	})
	return ok
}

// inRange says that a loop around keeps this index in range.
func (e *emitter) inRange(x *ast.IndexExpr) bool {
	i, ok := ast.Unparen(x.Index).(*ast.Ident)
	if !ok {
		return false
	}
	s, ok := ast.Unparen(x.X).(*ast.Ident)
	if !ok {
		return false
	}
	io, so := e.object(i), e.object(s)
	return io != nil && so != nil && e.facts.bounded[io] == so
}

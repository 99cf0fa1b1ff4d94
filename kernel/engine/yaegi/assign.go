package yaegi

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// temp puts a written value of type t into a variable and returns its name.
func (e *emitter) temp(t types.Type, value string, at token.Pos) string {
	n := e.fresh("t")
	e.line("var %s %s", n, e.typ(t, at))
	e.line("%s = %s", n, value)
	return n
}

// discard writes _ = x. yaegi does not look at an operand that nobody wants, which
// in Go may panic.
func (e *emitter) discard(x ast.Expr) {
	if e.aliases(x) {
		e.temp(e.typeOf(x), e.value(x), x.Pos())
		return
	}
	e.line("_ = %s", e.value(x))
}

func (e *emitter) assign(s *ast.AssignStmt) {
	if s.Tok != token.ASSIGN && s.Tok != token.DEFINE {
		op := strings.TrimSuffix(s.Tok.String(), "=")
		e.opAssign(s.Lhs[0], op, "", s.Rhs[0].Pos(), s.Rhs[0])
		return
	}
	if len(s.Rhs) == len(s.Lhs) {
		e.assignEach(s.Lhs, s.Rhs, s.Tok == token.DEFINE)
		return
	}
	e.assignTuple(s.Lhs, s.Rhs[0], s.Tok == token.DEFINE)
}

// declared is the variable an operand of := declares, or nil.
func (e *emitter) declared(x ast.Expr, define bool) types.Object {
	id, ok := x.(*ast.Ident)
	if !ok || !define {
		return nil
	}
	return e.info.Defs[id]
}

func isBlank(x ast.Expr) bool {
	id, ok := x.(*ast.Ident)
	return ok && id.Name == "_"
}

// targetType is the type of a left-hand side.
func (e *emitter) targetType(x ast.Expr, define bool) types.Type {
	if o := e.declared(x, define); o != nil {
		return e.subst(o.Type())
	}
	return e.typeOf(x)
}

// assignEach writes a, b = x, y.
func (e *emitter) assignEach(lhs, rhs []ast.Expr, define bool) {
	if len(lhs) == 1 {
		e.assignOne(lhs[0], rhs[0], define)
		return
	}
	// Operands of index and pointer expressions on the left come first, then the
	// values, then the assignments: everything through temporaries.
	var set []func(string)
	for _, l := range lhs {
		set = append(set, e.target(l, define))
	}
	var tmp []string
	for i, r := range rhs {
		t := e.fresh("t")
		tmp = append(tmp, t)
		if isBlank(lhs[i]) {
			e.line("%s := %s", t, e.value(r))
			continue
		}
		tt := e.targetType(lhs[i], define)
		e.line("var %s %s", t, e.typ(tt, r.Pos()))
		e.line("%s = %s", t, e.conv(r, tt))
	}
	for i := range lhs {
		set[i](tmp[i])
	}
}

// value writes an expression in its default type.
func (e *emitter) value(x ast.Expr) string {
	t := e.typeOf(x)
	if b, ok := t.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
		if b.Kind() == types.UntypedNil {
			return "nil"
		}
		t = types.Default(t)
	}
	return e.conv(x, t)
}

func (e *emitter) assignOne(l, r ast.Expr, define bool) {
	if isBlank(l) {
		e.discard(r)
		return
	}
	tt := e.targetType(l, define)
	if o := e.declared(l, define); o != nil {
		v := e.conv(r, tt)
		if tv := e.info.Types[r]; tv.Value != nil || tv.IsNil() || isInterface(tt) {
			e.declare(o, "", l.Pos())
			e.line("%s = %s", e.varText(o), v)
			return
		}
		e.declare(o, v, l.Pos())
		return
	}
	if b, ok := e.brokenTarget(l); ok {
		e.line("%s = rtǁ.A(%s)", b, e.typedNil(r, tt))
		return
	}
	v := e.conv(r, tt)
	if o := e.nativeVar(l); o != nil {
		e.setNativeVar(o, e.typedNil(r, tt), l.Pos())
		return
	}
	if ix, ok := ast.Unparen(l).(*ast.IndexExpr); ok && !isInterface(tt) && e.aliases(r) {
		if _, ok := e.typeOf(ix.X).Underlying().(*types.Map); ok {
			v = e.temp(tt, v, r.Pos()) // yaegi would store a nil pointer's target as nothing
		}
	}
	e.line("%s = %s", e.lvalue(l), v)
}

// typedNil is conv, with nil written in its type.
func (e *emitter) typedNil(x ast.Expr, t types.Type) string {
	if tv := e.info.Types[x]; tv.IsNil() {
		return "(" + e.typ(t, x.Pos()) + ")(nil)"
	}
	return e.conv(x, t)
}

// target evaluates the operands of a left-hand side now and returns what assigns
// to it later.
func (e *emitter) target(l ast.Expr, define bool) func(string) {
	if isBlank(l) {
		return func(string) {}
	}
	if o := e.declared(l, define); o != nil {
		return func(v string) { e.declare(o, v, l.Pos()) }
	}
	if b, ok := e.brokenTarget(l); ok {
		return func(v string) { e.line("%s = rtǁ.A(%s)", b, v) }
	}
	if o := e.nativeVar(l); o != nil {
		return func(v string) { e.setNativeVar(o, v, l.Pos()) }
	}
	switch x := ast.Unparen(l).(type) {
	case *ast.IndexExpr:
		base, idx := e.fresh("t"), e.fresh("t")
		bt := e.typeOf(x.X)
		if _, ok := bt.Underlying().(*types.Array); ok {
			e.line("%s := &%s", base, e.lvalue(x.X))
			e.line("%s := int(%s)", idx, e.value(x.Index))
			return func(v string) {
				e.indexCheck(idx, fmt.Sprint(bt.Underlying().(*types.Array).Len()), true, wide(e.typeOf(x.Index)))
				e.line("(*%s)[%s] = %s", base, idx, v)
			}
		}
		e.line("%s := %s", base, e.expr(x.X))
		if m, ok := bt.Underlying().(*types.Map); ok {
			e.line("var %s %s", idx, e.typ(m.Key(), x.Pos()))
			e.line("%s = %s", idx, e.conv(x.Index, m.Key()))
			return func(v string) { e.line("%s[%s] = %s", base, idx, v) }
		}
		e.line("%s := int(%s)", idx, e.value(x.Index))
		if p, ok := bt.Underlying().(*types.Pointer); ok {
			n := fmt.Sprint(p.Elem().Underlying().(*types.Array).Len())
			return func(v string) {
				e.indexCheck(idx, n, true, wide(e.typeOf(x.Index)))
				e.line("(*%s)[%s] = %s", base, idx, v)
			}
		}
		return func(v string) {
			e.indexCheck(idx, "len("+base+")", true, wide(e.typeOf(x.Index)))
			e.line("%s[%s] = %s", base, idx, v)
		}
	case *ast.StarExpr:
		p := e.fresh("t")
		e.line("%s := %s", p, e.expr(x.X))
		return func(v string) { e.line("*%s = %s", p, v) }
	case *ast.SelectorExpr:
		if e.info.Selections[x] != nil {
			f := e.rooted(x)
			return func(v string) { e.line("%s = %s", f, v) }
		}
	}
	lv := e.lvalue(l)
	return func(v string) { e.line("%s = %s", lv, v) }
}

// rooted writes an operand that can be assigned later: the pointer it goes through
// is looked at now.
func (e *emitter) rooted(x ast.Expr) string {
	sel, ok := ast.Unparen(x).(*ast.SelectorExpr)
	if !ok || e.info.Selections[sel] == nil {
		return e.lvalue(x)
	}
	if _, ok := e.typeOf(sel.X).Underlying().(*types.Pointer); ok {
		p := e.fresh("t")
		e.line("%s := %s", p, e.expr(sel.X))
		return e.fieldPath(sel, p)
	}
	if _, ok := ast.Unparen(sel.X).(*ast.SelectorExpr); ok {
		return e.fieldPath(sel, e.rooted(sel.X))
	}
	return e.lvalue(x)
}

// assignTuple writes a, b = f(), v, ok = m[k], v, ok = x.(T), v, ok = <-c.
func (e *emitter) assignTuple(lhs []ast.Expr, r ast.Expr, define bool) {
	var set []func(string)
	for _, l := range lhs {
		set = append(set, e.target(l, define))
	}
	tmp := make([]string, len(lhs))
	for i := range tmp {
		tmp[i] = e.fresh("t")
	}
	tu, _ := e.typeOf(r).(*types.Tuple)
	switch x := ast.Unparen(r).(type) {
	case *ast.CallExpr:
		e.line("%s := %s", strings.Join(tmp, ", "), e.call(x, false))
	case *ast.IndexExpr:
		m := e.typeOf(x.X).Underlying().(*types.Map)
		e.line("%s, %s := %s[%s]", tmp[0], tmp[1], e.expr(x.X), e.key(x.Index, m))
	case *ast.TypeAssertExpr:
		e.line("%s, %s := %s(%s)", tmp[0], tmp[1], e.asserter(e.typeOf(x.Type), x.Pos()), e.conv(x.X, anyT))
	case *ast.UnaryExpr:
		elem := e.typeOf(x.X).Underlying().(*types.Chan).Elem()
		e.line("var %s %s", tmp[0], e.typ(elem, x.Pos()))
		e.line("%s := rtǁ.Recv(%s, &%s)", tmp[1], e.expr(x.X), tmp[0])
	default:
		e.refuse(r.Pos(), "assign", "this assignment")
	}
	for i, l := range lhs {
		if isBlank(l) {
			continue
		}
		v := tmp[i]
		if tu != nil {
			v = e.convText(v, e.subst(tu.At(i).Type()), e.targetType(l, define), l.Pos())
		}
		set[i](v)
	}
}

// opAssign writes l op= r.
func (e *emitter) opAssign(l ast.Expr, op, text string, at token.Pos, r ...ast.Expr) {
	t := e.typeOf(l)
	if text == "" {
		switch op {
		case "<<", ">>":
			text = e.shiftCount(r[0])
		default:
			text = e.conv(r[0], t)
		}
	}
	simple := true
	switch x := ast.Unparen(l).(type) {
	case *ast.Ident:
	case *ast.SelectorExpr:
	case *ast.IndexExpr:
		simple = e.pure(x.X) && e.pure(x.Index)
	case *ast.StarExpr:
		simple = e.pure(x.X)
	default:
		simple = false
	}
	if sel, ok := ast.Unparen(l).(*ast.SelectorExpr); ok {
		simple = e.pure(sel.X)
	}
	if _, ok := ast.Unparen(l).(*ast.Ident); !ok && len(r) > 0 && e.hasCalls(r[0]) {
		simple = false // what the call changes must not move the target between
	}
	if !simple {
		p := e.fresh("t")
		if ix, ok := ast.Unparen(l).(*ast.IndexExpr); ok {
			if m, ok := e.typeOf(ix.X).Underlying().(*types.Map); ok {
				k := e.fresh("t")
				e.line("%s := %s", p, e.expr(ix.X))
				e.line("var %s %s", k, e.typ(m.Key(), at))
				e.line("%s = %s", k, e.key(ix.Index, m))
				e.line("%s[%s] = %s", p, k, e.arith(fmt.Sprintf("%s[%s]", p, k), op, text, t, at))
				return
			}
		}
		e.line("%s := &%s", p, e.lvalue(l))
		e.line("*%s = %s", p, e.arith("(*"+p+")", op, text, t, at))
		return
	}
	lv := e.lvalue(l)
	e.line("%s = %s", lv, e.arith(lv, op, text, t, at))
}

// hasCalls says whether evaluating an expression runs user code or receives.
func (e *emitter) hasCalls(x ast.Expr) bool {
	found := false
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			if tv := e.info.Types[n.Fun]; !tv.IsType() && !tv.IsBuiltin() {
				found = true
			}
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		}
		return !found
	})
	return found
}

// pure says that evaluating an expression twice is the same as once.
func (e *emitter) pure(x ast.Expr) bool {
	if tv, ok := e.info.Types[x]; ok && tv.Value != nil {
		return true
	}
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		return true
	case *ast.SelectorExpr:
		return e.pure(x.X) || e.info.Selections[x] == nil
	case *ast.BinaryExpr:
		return e.pure(x.X) && e.pure(x.Y)
	case *ast.IndexExpr:
		return e.pure(x.X) && e.pure(x.Index)
	case *ast.StarExpr:
		return e.pure(x.X)
	}
	return false
}

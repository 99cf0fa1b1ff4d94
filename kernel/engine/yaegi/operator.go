package yaegi

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"
)

func (e *emitter) unary(x *ast.UnaryExpr) string {
	switch x.Op {
	case token.AND:
		y := ast.Unparen(x.X)
		if c, ok := y.(*ast.CompositeLit); ok {
			return "&" + e.composite(c, e.typeOf(c))
		}
		if _, ok := e.brokenTarget(y); ok {
			e.refuse(x.Pos(), "recursive-type", "the address of a field that two structs use to point at each other")
		}
		return e.address(y)
	case token.ARROW:
		elem := e.subst(e.typeOf(x.X).Underlying().(*types.Chan).Elem())
		ct, et := e.typ(e.typeOf(x.X), x.Pos()), e.typ(elem, x.Pos())
		return e.helper("recv", "func %s(c "+ct+") "+et+" { var v "+et+"; rtǁ.Recv(c, &v); return v }") + "(" + e.expr(x.X) + ")"
	}
	op := x.Op.String()
	t := e.typeOf(x)
	return e.sized(op+e.expr(x.X), t, x.Op == token.SUB || x.Op == token.XOR)
}

// address writes &x.
func (e *emitter) address(x ast.Expr) string {
	if id, ok := x.(*ast.Ident); ok {
		if o, ok := e.object(id).(*types.Var); ok && e.facts != nil && e.facts.cell(o) {
			return e.local(o)
		}
	}
	if st, ok := x.(*ast.StarExpr); ok {
		t := e.typ(e.typeOf(st.X), x.Pos())
		return e.helper("at", "func %s(p "+t+") "+t+" { if p == nil { rtǁ.NilCall() }; return p }") + "(" + e.expr(st.X) + ")"
	}
	return "&" + e.lvalue(x)
}

// sized wraps arithmetic on small integers, which yaegi does in 64 bits.
func (e *emitter) sized(v string, t types.Type, can bool) string {
	b, ok := t.Underlying().(*types.Basic)
	if !ok || !can {
		return v
	}
	switch b.Kind() {
	case types.Int8, types.Int16, types.Int32, types.Uint8, types.Uint16, types.Uint32, types.Uint64, types.Uint, types.Uintptr, types.Float32:
		return e.typ(t, token.NoPos) + "(" + v + ")"
	}
	return v
}

func (e *emitter) shiftCount(y ast.Expr) string {
	if tv := e.info.Types[y]; tv.Value != nil {
		return "uint(" + constant.ToInt(tv.Value).ExactString() + ")"
	}
	v := e.expr(y)
	if b, ok := e.typeOf(y).Underlying().(*types.Basic); ok && b.Info()&types.IsUnsigned == 0 {
		return "rtǁ.Shift(int64(" + v + "))"
	}
	return "uint(" + v + ")"
}

// arith writes a op b for operands already written.
func (e *emitter) arith(a, op, b string, t types.Type, at token.Pos) string {
	bt, _ := t.Underlying().(*types.Basic)
	if op == "&^" {
		return e.sized(a+" &^ ("+b+")", t, true)
	}
	if bt != nil && bt.Info()&types.IsComplex != 0 && op == "/" {
		return "rtǁ.Div" + strings.ToUpper(bt.Name()[:1]) + bt.Name()[1:] + "(" + a + ", " + b + ")"
	}
	return e.sized(a+" "+op+" "+b, t, true)
}

func (e *emitter) binary(x *ast.BinaryExpr) string {
	switch x.Op {
	case token.LAND, token.LOR:
		return "(" + e.expr(x.X) + " " + x.Op.String() + " " + e.expr(x.Y) + ")"
	case token.EQL, token.NEQ:
		eq := e.compare(x)
		if x.Op == token.NEQ {
			return "!(" + eq + ")"
		}
		return eq
	case token.LSS, token.LEQ, token.GTR, token.GEQ:
		t := e.operandType(x)
		return "(" + e.conv(x.X, t) + " " + x.Op.String() + " " + e.conv(x.Y, t) + ")"
	case token.SHL, token.SHR:
		t := e.typeOf(x)
		if b, ok := t.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
			t = types.Typ[types.Int]
		}
		left := e.conv(x.X, t)
		if e.info.Types[x.X].Value != nil {
			left = e.typ(t, x.Pos()) + "(" + left + ")"
		}
		return "(" + e.sized(left+" "+x.Op.String()+" "+e.shiftCount(x.Y), t, true) + ")"
	}
	t := e.typeOf(x)
	if b, ok := t.Underlying().(*types.Basic); ok && b.Info()&types.IsFloat != 0 && e.addsZero(x) {
		e.refuse(x.Pos(), "negative-zero", "an addition of the constant zero, which only matters for the sign of a zero: yaegi loses it in calls")
	}
	return "(" + e.arith(e.conv(x.X, t), x.Op.String(), e.conv(x.Y, t), t, x.Pos()) + ")"
}

// addsZero recognises x + 0, x - 0 and 0 + x.
func (e *emitter) addsZero(x *ast.BinaryExpr) bool {
	zero := func(y ast.Expr) bool {
		v := e.info.Types[y].Value
		return v != nil && constant.Sign(v) == 0
	}
	return x.Op == token.ADD && (zero(x.X) || zero(x.Y)) || x.Op == token.SUB && zero(x.Y)
}

// operandType is the type in which two operands are compared.
func (e *emitter) operandType(x *ast.BinaryExpr) types.Type {
	t := e.typeOf(x.X)
	if b, ok := t.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
		t = e.typeOf(x.Y)
	}
	if b, ok := t.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
		t = types.Default(t)
	}
	return t
}

// compare writes x == y.
func (e *emitter) compare(x *ast.BinaryExpr) string {
	if e.info.Types[x.Y].IsNil() {
		return "(" + e.expr(x.X) + " == nil)"
	}
	if e.info.Types[x.X].IsNil() {
		return "(" + e.expr(x.Y) + " == nil)"
	}
	tx, ty := e.typeOf(x.X), e.typeOf(x.Y)
	if isInterface(tx) || isInterface(ty) {
		return "rtǁ.Eq(" + e.conv(x.X, anyT) + ", " + e.conv(x.Y, anyT) + ")"
	}
	t := e.operandType(x)
	if !plainEqual(t) {
		return "rtǁ.Eq(" + e.conv(x.X, t) + ", " + e.conv(x.Y, t) + ")"
	}
	return "(" + e.conv(x.X, t) + " == " + e.conv(x.Y, t) + ")"
}

// equal compares a written value with an expression.
func (e *emitter) equal(a string, at types.Type, y ast.Expr, pos token.Pos) string {
	ty := e.typeOf(y)
	if isInterface(at) || isInterface(ty) {
		return "rtǁ.Eq(" + e.convText(a, at, anyT, pos) + ", " + e.conv(y, anyT) + ")"
	}
	return "rtǁ.Eq(" + a + ", " + e.conv(y, at) + ")"
}

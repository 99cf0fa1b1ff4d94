package yaegi

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

var anyT = types.NewInterfaceType(nil, nil).Complete()

// conv writes an expression as a value of type to, converting to interfaces as
// assignment does.
func (e *emitter) conv(x ast.Expr, to types.Type) string {
	to = e.subst(to)
	tv := e.info.Types[x]
	if isInterface(to) {
		if tv.IsNil() {
			return "nil"
		}
		from := e.typeOf(x)
		if b, ok := from.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
			from = types.Default(from)
		}
		if tv.Value != nil {
			return e.convText(e.typedConst(tv.Value, from, x.Pos()), from, to, x.Pos())
		}
		return e.convText(e.expr(x), from, to, x.Pos())
	}
	if tv.Value != nil {
		if b, ok := to.Underlying().(*types.Basic); ok && b.Kind() != types.UntypedNil {
			return e.constant(tv.Value, to, x.Pos())
		}
	}
	if tv.IsNil() {
		return "nil"
	}
	return e.expr(x)
}

// convText converts a written value from one type to another.
func (e *emitter) convText(v string, from, to types.Type, at token.Pos) string {
	if !isInterface(to) {
		return v
	}
	if isInterface(from) {
		fn, tn := e.l.nativeInterface(from), e.l.nativeInterface(to)
		switch {
		case fn && tn && key(from) == key(to), !fn && !tn:
			return v
		case tn:
			if fn {
				v = "rtǁ.N(" + v + ")"
			}
			e.doubt(at, from, to, "")
			return e.toNative(to, at) + "(" + v + ")"
		default:
			return "rtǁ.N(" + v + ")"
		}
	}
	v = e.box(v, from, at)
	if e.l.nativeInterface(to) {
		if !e.l.faithful(from) {
			e.boxAs(from, to, at)
		}
		return e.toNative(to, at) + "(" + v + ")"
	}
	return v
}

// toNative names a helper that turns an any into a native interface.
func (e *emitter) toNative(to types.Type, at token.Pos) string {
	t := e.typ(to, at)
	return e.helper("to", "func %s(x "+anyType+") "+t+" { var r "+t+"; if x != nil { rtǁ.To(x, &r) }; return r }")
}

// box writes a concrete value as an any.
func (e *emitter) box(v string, t types.Type, at token.Pos) string {
	if e.l.faithful(t) {
		return "rtǁ.A(" + v + ")"
	}
	e.typ(t, at) // refuse now what cannot be written
	id := e.l.typeID(t)
	e.l.markBoxed(t)
	e.l.direct[id] = true
	return fmt.Sprintf("rtǁ.B(%d, %s)", id, v)
}

// isType writes the test whether an any holds a t.
func (e *emitter) isType(v string, t types.Type, at token.Pos) string {
	id := e.l.typeID(t)
	if isInterface(t) {
		if t.Underlying().(*types.Interface).NumMethods() == 0 {
			return v + " != nil"
		}
		return fmt.Sprintf("rtǁ.Impl(%s, %d)", v, id)
	}
	return fmt.Sprintf("rtǁ.Is(%s, %d)", v, id)
}

// extract writes the t that is known to be in an any.
func (e *emitter) extract(v string, t types.Type, at token.Pos) string {
	if isInterface(t) {
		if e.l.nativeInterface(t) {
			e.doubt(at, anyT, t, "")
			return e.toNative(t, at) + "(" + v + ")"
		}
		return v
	}
	tt := e.typ(t, at)
	return e.helper("get", "func %s(x "+anyType+") "+tt+" { var v "+tt+"; rtǁ.Get(x, &v); return v }") + "(" + v + ")"
}

// asserter names the helper of v, ok := x.(T).
func (e *emitter) asserter(t types.Type, at token.Pos) string {
	tt := e.typ(t, at)
	return e.helper("as", "func %s(x "+anyType+") ("+tt+", bool) { var v "+tt+"; if !("+e.isType("x", t, at)+") { return v, false }; return "+e.extract("x", t, at)+", true }")
}

func (e *emitter) assert(x *ast.TypeAssertExpr) string {
	t := e.typeOf(x.Type)
	tt := e.typ(t, x.Pos())
	from := e.l.typeID(e.typeOf(x.X))
	name := e.helper("must", fmt.Sprintf("func %%s(x %s) %s { if !(%s) { rtǁ.Fail(x, %d, %d) }; return %s }",
		anyType, tt, e.isType("x", t, x.Pos()), from, e.l.typeID(t), e.extract("x", t, x.Pos())))
	return name + "(" + e.conv(x.X, anyT) + ")"
}

// markBoxed notes a type whose values go into interfaces, and the types inside it:
// fmt and json ask those for their methods too.
func (l *lineage) markBoxed(t types.Type) {
	if isInterface(t) || l.faithful(t) {
		return
	}
	id := l.typeID(t)
	if l.boxed[id] {
		return
	}
	l.boxed[id] = true
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		l.markBoxed(u.Elem())
	case *types.Slice:
		l.markBoxed(u.Elem())
	case *types.Array:
		l.markBoxed(u.Elem())
	case *types.Map:
		l.markBoxed(u.Key())
		l.markBoxed(u.Elem())
	case *types.Struct:
		for f := range u.Fields() {
			l.markBoxed(f.Type())
		}
	}
}

// conversion writes T(x).
func (e *emitter) conversion(x *ast.CallExpr, to types.Type) string {
	a := x.Args[0]
	if isInterface(to) {
		return e.conv(a, to)
	}
	tv := e.info.Types[a]
	tt := e.typ(to, x.Pos())
	if tv.IsNil() {
		return "(" + tt + ")(nil)"
	}
	from := e.typeOf(a)
	if tv.Value != nil {
		if b, ok := to.Underlying().(*types.Basic); ok {
			// Not a constant only when the target is a type parameter, or when the
			// kinds differ, as in string(rune).
			if b.Info()&types.IsString != 0 && tv.Value.Kind().String() == "Int" {
				return "string(rune(" + e.literal(tv.Value, types.Typ[types.Int], a.Pos()) + "))"
			}
			return e.constant(tv.Value, to, x.Pos())
		}
		if b, ok := from.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
			from = types.Default(from)
		}
	}
	v := e.conv(a, from)
	fb, fok := from.Underlying().(*types.Basic)
	tb, tok := to.Underlying().(*types.Basic)
	switch {
	case fok && tok && tb.Info()&types.IsString != 0 && fb.Info()&types.IsInteger != 0:
		return "rtǁ.IntString(int64(" + v + "))"
	case fok && tok && fb.Info()&types.IsFloat != 0 && tb.Info()&types.IsInteger != 0:
		return "rtǁ.F" + tb.Name() + "(float64(" + v + "))"
	case fok && tok && fb.Kind() == tb.Kind():
		return v
	case key(from.Underlying()) == key(to.Underlying()) && tt == e.typ(from, x.Pos()):
		return v
	}
	if _, ok := to.Underlying().(*types.Struct); ok && tt != e.typ(from, x.Pos()) {
		// Two structs of one shape: field by field is what it means.
		return e.structConv(v, from, to, x.Pos())
	}
	if _, ok := from.Underlying().(*types.Slice); ok {
		switch to.Underlying().(type) {
		case *types.Array, *types.Pointer:
			ft := e.typ(from, x.Pos())
			return e.helper("arr", "func %s(s "+ft+") "+tt+" { var a "+tt+"; rtǁ.Array(s, &a); return a }") + "(" + v + ")"
		}
	}
	if _, ok := to.Underlying().(*types.Pointer); ok && tt != e.typ(from, x.Pos()) {
		e.refuse(x.Pos(), "convert", "a conversion between pointers to two struct types")
	}
	return convTo(tt, v)
}

// convTo writes a conversion. Parentheses stand only around types that need them:
// yaegi loses its way in a condition of && and || that begins with one.
func convTo(t, v string) string {
	if strings.HasPrefix(t, "*") || strings.HasPrefix(t, "<-") || strings.HasPrefix(t, "func") || strings.HasPrefix(t, "chan") {
		t = "(" + t + ")"
	}
	return t + "(" + v + ")"
}

func (e *emitter) structConv(v string, from, to types.Type, at token.Pos) string {
	st := to.Underlying().(*types.Struct)
	ft := from.Underlying().(*types.Struct)
	tn, _ := types.Unalias(to).(*types.Named)
	fnm, _ := types.Unalias(from).(*types.Named)
	if tn != nil && e.l.nativeNamed(tn) || fnm != nil && e.l.nativeNamed(fnm) {
		for i := range st.NumFields() {
			if !st.Field(i).Exported() {
				e.refuse(at, "convert", "a conversion of a library's struct with unexported fields")
			}
		}
	}
	var parts []string
	for i := range st.NumFields() {
		if e.brokenField(tn, st.Field(i)) != e.brokenField(fnm, ft.Field(i)) {
			e.refuse(at, "convert", "a conversion between these struct types")
		}
		parts = append(parts, fieldName(st, i)+": x."+fieldName(ft, i))
	}
	return e.helper("sc", "func %s(x "+e.typ(from, at)+") "+e.typ(to, at)+" { return "+e.typ(to, at)+"{"+strings.Join(parts, ", ")+"} }") + "(" + v + ")"
}

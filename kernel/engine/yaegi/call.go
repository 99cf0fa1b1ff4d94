package yaegi

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// hold keeps an operand's value for later and returns its name; nil keeps nothing.
type hold func(text, typ string) string

func (e *emitter) call(x *ast.CallExpr, stmt bool) string { return e.callWith(x, nil, false) }

// callWith writes a call. With h, every operand goes through it.
func (e *emitter) callWith(x *ast.CallExpr, h hold, deferred bool) string {
	if h == nil {
		h = func(text, typ string) string { return text }
	}
	fun := ast.Unparen(x.Fun)
	if tv := e.info.Types[fun]; tv.IsType() {
		return e.conversion(x, e.typeOf(fun))
	}
	if id := builtinIdent(fun); id != nil {
		if b, ok := e.info.Uses[id].(*types.Builtin); ok {
			return e.builtin(x, b.Name(), h)
		}
	}
	sig, ok := e.typeOf(fun).Underlying().(*types.Signature)
	if !ok {
		e.refuse(x.Pos(), "call", "this call")
	}
	// What is called.
	var fn func(args []string) string
	native, full := false, ""
	switch f := fun.(type) {
	case *ast.FuncLit:
		c := e.closure(f, deferred)
		c = h(c, e.typ(sig, x.Pos()))
		fn = func(args []string) string { return c + "(" + strings.Join(args, ", ") + ")" }
	default:
		if sel, ok := fun.(*ast.SelectorExpr); ok && e.info.Selections[sel] != nil && e.info.Selections[sel].Kind() == types.MethodVal {
			if o, _ := e.selected(sel); isFunc(o) {
				m := e.method(sel)
				sig, native, full = m.sig, m.native, m.full
				recv := m.recv
				recv = h(recv, m.recvType)
				fn = func(args []string) string { return m.call(recv, args) }
				if deferred && m.name != "" && e.recoversIn(o.(*types.Func)) {
					d := h(e.fn.deferV, "*rtǁ.Defers")
					fn = func(args []string) string {
						return m.name + "R(" + strings.Join(append([]string{d, recv}, args...), ", ") + ")"
					}
				}
				break
			}
		}
		if id := funcIdent(fun); id != nil {
			if o, ok := e.info.Uses[id].(*types.Func); ok && (e.info.Selections[selOf(fun)] == nil) {
				name := e.funcRef(o, id)
				if e.l.native(o.Pkg()) && strings.Contains(name, "ǁ.") {
					native, full = true, o.Pkg().Path()+"."+o.Name()
				}
				fn = func(args []string) string { return name + "(" + strings.Join(args, ", ") + ")" }
				if deferred && !native && e.recoversIn(o) {
					d := h(e.fn.deferV, "*rtǁ.Defers")
					fn = func(args []string) string {
						return name + "R(" + strings.Join(append([]string{d}, args...), ", ") + ")"
					}
				}
				break
			}
		}
		v := h(e.expr(fun), e.typ(sig, x.Pos()))
		fn = func(args []string) string { return v + "(" + strings.Join(args, ", ") + ")" }
	}
	return e.finish(x, sig, native, full, fn, h)
}

func selOf(x ast.Expr) *ast.SelectorExpr {
	s, _ := ast.Unparen(x).(*ast.SelectorExpr)
	return s
}

func isFunc(o types.Object) bool {
	_, ok := o.(*types.Func)
	return ok
}

func builtinIdent(x ast.Expr) *ast.Ident {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		return x
	case *ast.SelectorExpr: // unsafe.Sizeof
		return x.Sel
	}
	return nil
}

// recoversIn says whether a declared func calls recover itself.
func (e *emitter) recoversIn(o *types.Func) bool {
	d := e.l.declOf(o.Origin())
	if d == nil || d.Body == nil {
		return false
	}
	found := false
	ast.Inspect(d.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			if id, ok := ast.Unparen(n.Fun).(*ast.Ident); ok {
				if b, ok := e.l.info.Uses[id].(*types.Builtin); ok && b.Name() == "recover" {
					found = true
				}
			}
		}
		return true
	})
	return found
}

// finish writes the arguments and the call.
func (e *emitter) finish(x *ast.CallExpr, sig *types.Signature, native bool, full string, fn func([]string) string, h hold) string {
	params := sig.Params()
	if len(x.Args) == 1 && params.Len() != 1 || len(x.Args) == 1 && sig.Variadic() {
		if tu, ok := e.typeOf(x.Args[0]).(*types.Tuple); ok {
			return e.spread(x, sig, tu, native, full, fn)
		}
	}
	if native {
		e.guardNative(x, sig, full)
		if text, ok := e.special(x, sig, full, fn, h); ok {
			return text
		}
	}
	var args []string
	for i, a := range x.Args {
		var pt types.Type
		if sig.Variadic() && i >= params.Len()-1 {
			pt = params.At(params.Len() - 1).Type()
			if x.Ellipsis == token.NoPos {
				pt = e.subst(pt).Underlying().(*types.Slice).Elem()
			}
		} else {
			pt = params.At(i).Type()
		}
		pt = e.subst(pt)
		v := e.arg(a, pt, native)
		if u, ok := ast.Unparen(a).(*ast.UnaryExpr); ok && u.Op == token.AND && native && trusted(full) && isInterface(pt) {
			v = "rtǁ.A(" + e.expr(a) + ")" // where to put a result: a plain pointer
		}
		if x.Ellipsis != token.NoPos && i == len(x.Args)-1 {
			if e.info.Types[a].IsNil() {
				v = "(" + e.typ(pt, a.Pos()) + ")(nil)"
			}
			v = h(v, e.typ(pt, a.Pos())) + "..."
		} else {
			v = h(v, e.typ(pt, a.Pos()))
		}
		args = append(args, v)
	}
	return fn(args)
}

// arg writes an argument.
func (e *emitter) arg(a ast.Expr, pt types.Type, native bool) string {
	tv := e.info.Types[a]
	if tv.IsNil() && !isInterface(pt) {
		return "(" + e.typ(pt, a.Pos()) + ")(nil)"
	}
	if tv.IsNil() {
		return "nil"
	}
	return e.conv(a, pt)
}

// spread writes f(g()) for a g with several results.
func (e *emitter) spread(x *ast.CallExpr, sig *types.Signature, tu *types.Tuple, native bool, full string, fn func([]string) string) string {
	var params, args []string
	for i := range tu.Len() {
		p := fmt.Sprintf("p%dǁ", i)
		t := e.subst(tu.At(i).Type())
		params = append(params, p+" "+e.typ(t, x.Pos()))
		var pt types.Type
		if n := sig.Params().Len(); sig.Variadic() && i >= n-1 {
			pt = e.subst(sig.Params().At(n - 1).Type()).Underlying().(*types.Slice).Elem()
		} else {
			pt = sig.Params().At(i).Type()
		}
		args = append(args, e.convText(p, t, e.subst(pt), x.Pos()))
	}
	inner := ast.Unparen(x.Args[0]).(*ast.CallExpr)
	text := fn(args)
	res := ""
	ret := ""
	switch n := sig.Results().Len(); {
	case n == 1:
		res, ret = " "+e.typ(sig.Results().At(0).Type(), x.Pos()), "return "
	case n > 1:
		res, ret = " "+e.typ(sig.Results(), x.Pos()), "return "
	}
	// The func called must not depend on locals: it is written at top level.
	if strings.ContainsAny(strings.TrimSuffix(text, ")"), "") || e.usesLocals(x.Fun) {
		e.refuse(x.Pos(), "spread", "a call of a method or local func with all results of another call as arguments")
	}
	name := e.helper("sp", "func %s("+strings.Join(params, ", ")+")"+res+" { "+ret+text+" }")
	return name + "(" + e.call(inner, false) + ")"
}

// usesLocals says whether an expression mentions a variable of the func being written.
func (e *emitter) usesLocals(x ast.Expr) bool {
	found := false
	ast.Inspect(x, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if v, ok := e.object(id).(*types.Var); ok && !v.IsField() && v.Pkg() != nil && v.Parent() != v.Pkg().Scope() {
				found = true
			}
		}
		return true
	})
	return found
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
	if fp, ok := from.Underlying().(*types.Slice); ok {
		if _, ok := to.Underlying().(*types.Array); ok {
			e.refuse(x.Pos(), "convert", "a conversion of a slice to an array")
		}
		if _, ok := to.Underlying().(*types.Pointer); ok {
			e.refuse(x.Pos(), "convert", "a conversion of a slice to an array pointer")
		}
		_ = fp
	}
	if p, ok := to.Underlying().(*types.Pointer); ok && tt != e.typ(from, x.Pos()) {
		_ = p
		e.refuse(x.Pos(), "convert", "a conversion between pointers to two struct types")
	}
	return "(" + tt + ")(" + v + ")"
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

// builtin writes a call of a predeclared func.
func (e *emitter) builtin(x *ast.CallExpr, name string, h hold) string {
	if tv := e.info.Types[x]; tv.Value != nil {
		return e.constant(tv.Value, e.typeOf(x), x.Pos())
	}
	held := func(i int, t types.Type) string {
		a := x.Args[i]
		if t == nil {
			t = e.typeOf(a)
		}
		return h(e.conv(a, t), e.typ(t, a.Pos()))
	}
	switch name {
	case "len", "cap":
		t := e.typeOf(x.Args[0])
		if p, ok := t.Underlying().(*types.Pointer); ok {
			_ = p
			return name + "(*" + held(0, nil) + ")"
		}
		if b, ok := t.Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
			return name + "(string(" + e.value(x.Args[0]) + "))"
		}
		return name + "(" + held(0, nil) + ")"
	case "append":
		t := e.typeOf(x)
		s := e.typedNil(x.Args[0], t)
		if e.info.Types[x.Args[0]].IsNil() {
			s = "(" + e.typ(t, x.Pos()) + ")(nil)"
		}
		if len(x.Args) == 1 {
			return s
		}
		if x.Ellipsis != token.NoPos {
			if b, ok := e.typeOf(x.Args[1]).Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
				return "append(" + s + ", []byte(" + e.value(x.Args[1]) + ")...)"
			}
			if e.info.Types[x.Args[1]].IsNil() {
				return s
			}
			return "append(" + s + ", " + e.expr(x.Args[1]) + "...)"
		}
		elem := t.Underlying().(*types.Slice).Elem()
		var parts []string
		for _, a := range x.Args[1:] {
			parts = append(parts, e.elem(a, elem))
		}
		return "append(" + s + ", " + strings.Join(parts, ", ") + ")"
	case "copy":
		if b, ok := e.typeOf(x.Args[1]).Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
			return "copy(" + held(0, nil) + ", []byte(" + e.value(x.Args[1]) + "))"
		}
		return "copy(" + held(0, nil) + ", " + held(1, nil) + ")"
	case "delete":
		m := e.typeOf(x.Args[0]).Underlying().(*types.Map)
		return "delete(" + held(0, nil) + ", " + held(1, e.subst(m.Key())) + ")"
	case "clear":
		if _, ok := e.typeOf(x.Args[0]).Underlying().(*types.Map); ok {
			return "rtǁ.ClearMap(" + held(0, nil) + ")"
		}
		return "rtǁ.ClearSlice(" + held(0, nil) + ")"
	case "close":
		return "rtǁ.Close(" + held(0, nil) + ")"
	case "make":
		t := e.typeOf(x)
		args := []string{e.typ(t, x.Pos())}
		for _, a := range x.Args[1:] {
			args = append(args, "rtǁ.Size(int64("+e.value(a)+"))")
		}
		return "make(" + strings.Join(args, ", ") + ")"
	case "new":
		if tv := e.info.Types[x.Args[0]]; !tv.IsType() { // Go 1.26: new(expression)
			t := e.subst(e.typeOf(x).(*types.Pointer).Elem())
			tt := e.typ(t, x.Pos())
			return e.helper("newof", "func %s(v "+tt+") *"+tt+" { p := new("+tt+"); *p = v; return p }") + "(" + e.conv(x.Args[0], t) + ")"
		}
		return "new(" + e.typ(e.typeOf(x.Args[0]), x.Pos()) + ")"
	case "panic":
		return "rtǁ.Panic(" + held(0, anyT) + ")"
	case "recover":
		if e.fn == nil || e.fn.recover == "" {
			return "rtǁ.Recover(nil)"
		}
		return "rtǁ.Recover(" + e.fn.recover + ")"
	case "print", "println":
		var args []string
		for i := range x.Args {
			args = append(args, e.convText(held(i, e.defaultType(x.Args[i])), e.defaultType(x.Args[i]), anyT, x.Pos()))
		}
		if name == "print" {
			return "rtǁ.Print(" + strings.Join(args, ", ") + ")"
		}
		return "rtǁ.Println(" + strings.Join(args, ", ") + ")"
	case "min", "max":
		t := e.typeOf(x)
		tt := e.typ(t, x.Pos())
		acc := e.typedOperand(x.Args[0], t)
		for _, a := range x.Args[1:] {
			b, _ := t.Underlying().(*types.Basic)
			text := "func %s(a, b " + tt + ") " + tt + " { if b < a { return b }; return a }"
			if name == "max" {
				text = "func %s(a, b " + tt + ") " + tt + " { if b > a { return b }; return a }"
			}
			if b != nil && b.Info()&types.IsFloat != 0 {
				fn := map[string]string{"min": "Min", "max": "Max"}[name]
				acc = tt + "(rtǁ." + fn + "(float64(" + acc + "), float64(" + e.typedOperand(a, t) + ")))"
				continue
			}
			acc = e.helper(name, text) + "(" + acc + ", " + e.typedOperand(a, t) + ")"
		}
		return acc
	case "complex":
		t := e.typeOf(x)
		f := types.Typ[types.Float64]
		if b := t.Underlying().(*types.Basic); b.Kind() == types.Complex64 {
			f = types.Typ[types.Float32]
		}
		return "complex(" + e.typedOperand(x.Args[0], f) + ", " + e.typedOperand(x.Args[1], f) + ")"
	case "real", "imag":
		return name + "(" + held(0, nil) + ")"
	}
	e.refuse(x.Pos(), "builtin", "the predeclared func "+name)
	return ""
}

// elem writes an element of append: typed, since yaegi looks at the operand.
func (e *emitter) elem(a ast.Expr, t types.Type) string { return e.typedOperand(a, e.subst(t)) }

// typedOperand is conv, with constants and nil written in their type.
func (e *emitter) typedOperand(a ast.Expr, t types.Type) string {
	tv := e.info.Types[a]
	if isInterface(t) {
		if tv.IsNil() {
			return e.helper("nil", "func %s() "+e.typ(t, a.Pos())+" { var v "+e.typ(t, a.Pos())+"; return v }") + "()"
		}
		return e.conv(a, t)
	}
	if tv.Value != nil {
		if _, ok := t.Underlying().(*types.Basic); ok {
			return e.typedConst(tv.Value, t, a.Pos())
		}
	}
	if tv.IsNil() {
		return "(" + e.typ(t, a.Pos()) + ")(nil)"
	}
	return e.conv(a, t)
}

func (e *emitter) defaultType(x ast.Expr) types.Type {
	t := e.typeOf(x)
	if b, ok := t.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 && b.Kind() != types.UntypedNil {
		return types.Default(t)
	}
	return t
}

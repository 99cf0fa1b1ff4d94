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
	thunk := h != nil
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
	var around *surroundings
	if e.spreads(x) && !thunk {
		around = &surroundings{}
		h = around.hold
	}
	// What is called.
	var fn func(args []string) string
	native, full := false, ""
	switch f := fun.(type) {
	case *ast.FuncLit:
		use := called
		if deferred {
			use = deferredCall
		}
		c := e.closure(f, use)
		c = h(c, e.typ(sig, x.Pos()))
		fn = func(args []string) string { return c + "(" + strings.Join(args, ", ") + ")" }
	default:
		if sel, ok := fun.(*ast.SelectorExpr); ok && e.info.Selections[sel] != nil && e.info.Selections[sel].Kind() == types.MethodVal {
			if o, _ := e.selected(sel); isFunc(o) {
				m := e.method(sel)
				sig, native, full = m.sig, m.native, m.full
				recv := m.recv
				if thunk && m.dynamic {
					// go and defer look for the method now.
					t := e.fresh("t")
					e.line("var %s %s", t, m.recvType)
					e.line("%s = %s", t, recv)
					e.line("if %s == nil { rtǁ.NilCall() }", t)
					recv = t
				}
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
	if e.spreads(x) {
		if native {
			e.guardSpread(x, sig, full)
		}
		return e.spread(x, sig, fn, h, around)
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
		if native && isInterface(e.typeOf(a)) && e.canHoldBox(pt) && !keeps[full] && !replaced[full] && !trusted(full) && !e.info.Types[a].IsNil() {
			v = fmt.Sprintf("rtǁ.Plain(%s, %q)", v, short(full))
		}
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
		if e.l.nativeInterface(pt) {
			return e.typedOperand(a, pt)
		}
		return "nil"
	}
	return e.conv(a, pt)
}

// spreads says whether a call is f(g()) for a g with several results.
func (e *emitter) spreads(x *ast.CallExpr) bool {
	if len(x.Args) != 1 {
		return false
	}
	_, ok := e.typeOf(x.Args[0]).(*types.Tuple)
	return ok
}

// surroundings are what a func written at top level gets from where it is called.
type surroundings struct {
	params, args []string
	nameless     bool // one has a type that cannot be written
}

func (s *surroundings) hold(text, typ string) string {
	if typ == "" {
		s.nameless = true
	}
	n := fmt.Sprintf("h%dǁ", len(s.params))
	s.params = append(s.params, n+" "+typ)
	s.args = append(s.args, text)
	return n
}

// spread writes f(g()): a helper takes the results of g and converts them. What f
// itself is made of comes to the helper's maker, or is held already in a thunk.
func (e *emitter) spread(x *ast.CallExpr, sig *types.Signature, fn func([]string) string, h hold, around *surroundings) string {
	inner := ast.Unparen(x.Args[0]).(*ast.CallExpr)
	tu := e.typeOf(inner).(*types.Tuple)
	var params, names, args []string
	for i := range tu.Len() {
		p := fmt.Sprintf("p%dǁ", i)
		t := e.subst(tu.At(i).Type())
		params, names = append(params, p+" "+e.typ(t, x.Pos())), append(names, p)
		args = append(args, e.convText(p, t, e.spreadParam(sig, i), x.Pos()))
	}
	if around == nil { // in a thunk: g is called now
		tmp := make([]string, len(names))
		for i := range tmp {
			tmp[i] = e.fresh("t")
		}
		e.line("%s := %s", strings.Join(tmp, ", "), e.call(inner, false))
		for i := range tmp {
			t := e.subst(tu.At(i).Type())
			args[i] = e.convText(h(tmp[i], e.typ(t, x.Pos())), t, e.spreadParam(sig, i), x.Pos())
		}
		return fn(args)
	}
	if around.nameless {
		e.refuse(x.Pos(), "unexported-type", "this call of a method of an unexported type")
	}
	res, ret := e.resultText(sig, x.Pos())
	head := "(" + strings.Join(params, ", ") + ")" + res
	if len(around.params) == 0 {
		name := e.helper("sp", "func %s"+head+" { "+ret+fn(args)+" }")
		return name + "(" + e.call(inner, false) + ")"
	}
	name := e.helper("sp", "func %s("+strings.Join(around.params, ", ")+") func"+head+" { return func"+head+" { "+ret+fn(args)+" } }")
	return name + "(" + strings.Join(around.args, ", ") + ")(" + e.call(inner, false) + ")"
}

// spreadParam is the type of the parameter that gets the i-th of the spread results.
func (e *emitter) spreadParam(sig *types.Signature, i int) types.Type {
	if n := sig.Params().Len(); sig.Variadic() && i >= n-1 {
		return e.subst(e.subst(sig.Params().At(n - 1).Type()).Underlying().(*types.Slice).Elem())
	}
	return e.subst(sig.Params().At(i).Type())
}

// resultText writes results as they stand in a func's head, and the return that a
// func with them begins its call of another with.
func (e *emitter) resultText(sig *types.Signature, at token.Pos) (res, ret string) {
	switch n := sig.Results().Len(); {
	case n == 1:
		return " " + e.typ(sig.Results().At(0).Type(), at), "return "
	case n > 1:
		return " " + e.typ(sig.Results(), at), "return "
	}
	return "", ""
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
	if e.spreads(x) {
		return e.spreadBuiltin(x, name)
	}
	switch name {
	case "len", "cap":
		t := e.typeOf(x.Args[0])
		if p, ok := t.Underlying().(*types.Pointer); ok { // which may be nil
			a := p.Elem().Underlying().(*types.Array)
			return e.helper(name, fmt.Sprintf("func %%s(p %s) int { return %d }", e.typ(t, x.Pos()), a.Len())) + "(" + held(0, nil) + ")"
		}
		if b, ok := t.Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
			return name + "(string(" + e.value(x.Args[0]) + "))"
		}
		if a, ok := t.Underlying().(*types.Array); ok { // of a call: else it is constant
			x := ast.Unparen(x.Args[0])
			if st, ok := x.(*ast.StarExpr); ok {
				pt := e.typ(e.typeOf(st.X), x.Pos())
				return e.helper(name, fmt.Sprintf("func %%s(p %s) int { if p == nil { rtǁ.NilCall() }; return %d }", pt, a.Len())) + "(" + h(e.expr(st.X), pt) + ")"
			}
			return e.helper(name, fmt.Sprintf("func %%s(p %s) int { return %d }", e.typ(t, x.Pos()), a.Len())) + "(" + held(0, nil) + ")"
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
		alias := false
		for i, a := range x.Args[1:] {
			parts = append(parts, e.elem(a, elem))
			alias = alias || i > 0 && e.aliases(a)
		}
		if alias {
			// yaegi writes the first before it reads the second, which may lie where the
			// first goes; parameters are copies.
			var params, names []string
			st, et := e.typ(t, x.Pos()), e.typ(elem, x.Pos())
			for i := range parts {
				names = append(names, fmt.Sprintf("p%dǁ", i))
				params = append(params, names[i]+" "+et)
			}
			s += ", "
			return e.helper("app", "func %s(s "+st+", "+strings.Join(params, ", ")+") "+st+" { return append(s, "+strings.Join(names, ", ")+") }") + "(" + s + strings.Join(parts, ", ") + ")"
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
		what, size := "makeslice: len", int64(1)
		switch u := t.Underlying().(type) {
		case *types.Slice:
			size = e.sizeOf(u.Elem())
		case *types.Chan:
			what, size = "makechan: size", e.sizeOf(u.Elem())
		case *types.Map:
			what = "" // a hint
		}
		for _, a := range x.Args[1:] {
			args = append(args, fmt.Sprintf("rtǁ.Size(int64(%s), %q, %d)", e.value(a), what, size))
			what = "makeslice: cap"
		}
		if c, ok := t.Underlying().(*types.Chan); ok && c.Dir() != types.SendRecv {
			both := "chan " + e.typ(c.Elem(), x.Pos())
			return e.helper("mk", "func %s(n int) "+args[0]+" { return make("+both+", n) }") + "(" + append(args, "0")[1] + ")"
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
	case "Sizeof", "Alignof": // of a value whose type has parameters: else constant
		n := e.sizeOf(e.typeOf(x.Args[0]))
		if name == "Alignof" {
			n = types.SizesFor("gc", "amd64").Alignof(e.typeOf(x.Args[0]))
		}
		return fmt.Sprintf("uintptr(%d)", n)
	case "real", "imag":
		return name + "(" + held(0, nil) + ")"
	}
	e.refuse(x.Pos(), "builtin", "the predeclared func "+name)
	return ""
}

// sizeOf is the size of a value; of one whose type has parameters, nothing is known.
func (e *emitter) sizeOf(t types.Type) int64 {
	return types.SizesFor("gc", "amd64").Sizeof(e.subst(t))
}

// spreadBuiltin writes a call of a predeclared func with the results of another.
func (e *emitter) spreadBuiltin(x *ast.CallExpr, name string) string {
	inner := ast.Unparen(x.Args[0]).(*ast.CallExpr)
	tu := e.typeOf(inner).(*types.Tuple)
	var params, args []string
	for i := range tu.Len() {
		p, t := fmt.Sprintf("p%dǁ", i), e.subst(tu.At(i).Type())
		params, args = append(params, p+" "+e.typ(t, x.Pos())), append(args, p)
	}
	res, text := "", name+"("+strings.Join(args, ", ")+")"
	switch name {
	case "copy":
		if b, ok := e.subst(tu.At(1).Type()).Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
			args[1] = "[]byte(" + args[1] + ")"
		}
		res, text = " int", "return copy("+strings.Join(args, ", ")+")"
	case "append":
		elem := e.subst(e.subst(tu.At(0).Type()).Underlying().(*types.Slice).Elem())
		for i := 1; i < len(args); i++ {
			args[i] = e.convText(args[i], e.subst(tu.At(i).Type()), elem, x.Pos())
		}
		res, text = " "+e.typ(tu.At(0).Type(), x.Pos()), "return append("+strings.Join(args, ", ")+")"
	case "complex":
		res, text = " "+e.typ(e.typeOf(x), x.Pos()), "return "+text
	case "delete":
	case "print", "println":
		for i := range args {
			args[i] = e.convText(args[i], e.subst(tu.At(i).Type()), anyT, x.Pos())
		}
		text = "rtǁ." + strings.ToUpper(name[:1]) + name[1:] + "(" + strings.Join(args, ", ") + ")"
	default:
		e.refuse(x.Pos(), "spread", name+" with all results of another call as arguments")
	}
	return e.helper("sp", "func %s("+strings.Join(params, ", ")+")"+res+" { "+text+" }") + "(" + e.call(inner, false) + ")"
}

// aliases says whether yaegi hands on the place of an operand rather than its value.
func (e *emitter) aliases(x ast.Expr) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.IndexExpr, *ast.StarExpr:
		return true
	case *ast.SelectorExpr:
		return e.info.Selections[x] != nil
	}
	return false
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

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
		return e.spread(x, sig, full, fn, h, around)
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
		if native {
			v = e.plainArg(a, pt, v, full, x.Ellipsis.IsValid() && i == len(x.Args)-1)
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

// spread writes f(g()), native naming a compiled f: a helper takes the results of g
// and converts them. What f itself is made of comes to the helper's maker, or is held already in a thunk.
func (e *emitter) spread(x *ast.CallExpr, sig *types.Signature, native string, fn func([]string) string, h hold, around *surroundings) string {
	inner := ast.Unparen(x.Args[0]).(*ast.CallExpr)
	tu := e.typeOf(inner).(*types.Tuple)
	var params, names, args []string
	param := func(i int, text string) string {
		t, pt := e.subst(tu.At(i).Type()), e.spreadParam(sig, i)
		text = e.convText(text, t, pt, x.Pos())
		if native != "" {
			text = e.plainText(text, t, pt, native, x.Pos())
		}
		return text
	}
	for i := range tu.Len() {
		p := fmt.Sprintf("p%dǁ", i)
		t := e.subst(tu.At(i).Type())
		params, names = append(params, p+" "+e.typ(t, x.Pos())), append(names, p)
		args = append(args, param(i, p))
	}
	if around == nil { // in a thunk: g is called now
		tmp := make([]string, len(names))
		for i := range tmp {
			tmp[i] = e.fresh("t")
		}
		e.line("%s := %s", strings.Join(tmp, ", "), e.call(inner, false))
		for i := range tmp {
			t := e.subst(tu.At(i).Type())
			args[i] = param(i, h(tmp[i], e.typ(t, x.Pos())))
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

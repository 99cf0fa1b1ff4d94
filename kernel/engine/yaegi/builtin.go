package yaegi

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

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
		return "delete(" + held(0, nil) + ", " + e.hashed(held(1, e.subst(m.Key())), m) + ")"
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

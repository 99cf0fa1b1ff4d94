package yaegi

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// expr writes an expression as a value of its own type.
func (e *emitter) expr(x ast.Expr) string {
	tv, has := e.info.Types[x]
	if has && tv.Value != nil {
		t := e.subst(tv.Type)
		return e.constant(tv.Value, t, x.Pos())
	}
	switch x := x.(type) {
	case *ast.ParenExpr:
		return "(" + e.expr(x.X) + ")"
	case *ast.Ident:
		return e.ident(x)
	case *ast.CompositeLit:
		return e.composite(x, e.typeOf(x))
	case *ast.FuncLit:
		return e.asValue(e.closure(x, kept), e.typeOf(x), x.Pos())
	case *ast.SelectorExpr:
		return e.selector(x)
	case *ast.IndexExpr:
		return e.index(x)
	case *ast.IndexListExpr:
		return e.funcValue(x.X, x)
	case *ast.SliceExpr:
		return e.slice(x)
	case *ast.StarExpr:
		return "(*" + e.expr(x.X) + ")"
	case *ast.UnaryExpr:
		return e.unary(x)
	case *ast.BinaryExpr:
		return e.binary(x)
	case *ast.CallExpr:
		return e.call(x, false)
	case *ast.TypeAssertExpr:
		return e.assert(x)
	}
	e.refuse(x.Pos(), "expr", fmt.Sprintf("a %T", x))
	return ""
}

func (e *emitter) ident(x *ast.Ident) string {
	switch o := e.object(x).(type) {
	case *types.Nil:
		return "nil"
	case *types.Var:
		return e.varRead(o, x.Pos())
	case *types.Func:
		return e.funcValue(x, x)
	case *types.Const: // of a type parameter's type
		return e.constant(o.Val(), e.typeOf(x), x.Pos())
	}
	e.refuse(x.Pos(), "name", "the name "+x.Name)
	return ""
}

// varText is a variable of this text, as an operand that can be assigned.
func (e *emitter) varText(o types.Object) string { return e.varRead(o.(*types.Var), o.Pos()) }

func (e *emitter) varRead(o *types.Var, at token.Pos) string {
	p := o.Pkg()
	if p != nil && o.Parent() == p.Scope() {
		if e.l.native(p) && (e.src == nil || e.src.Pkg != p) {
			e.needSymbol(p, o.Name(), at)
			return e.importName(p) + "." + o.Name()
		}
		return e.packageVar(o, at)
	}
	n := e.local(o)
	if e.facts != nil && e.facts.cell(o) {
		return "(*" + n + ")"
	}
	return n
}

// packageVar names a package-level variable of the program or of an interpreted
// package; the latter are written when first used.
func (e *emitter) packageVar(o *types.Var, at token.Pos) string {
	if o.Pkg() == e.l.pkg {
		if n, ok := e.l.vars[o.Pos()]; ok {
			return n
		}
		e.refuse(at, "needs-refused", fmt.Sprintf("what uses %s, whose cell it cannot run", o.Name()))
	}
	src, err := e.l.front.Source(o.Pkg().Path())
	if err != nil || src == nil {
		e.refuse(at, "no-source", o.Pkg().Name()+"."+o.Name())
	}
	so, _ := src.Pkg.Scope().Lookup(o.Name()).(*types.Var)
	if so == nil {
		e.refuse(at, "no-source", o.Pkg().Name()+"."+o.Name())
	}
	if n, ok := e.l.vars[so.Pos()]; ok {
		return n
	}
	n := e.fresh(clean(o.Name()))
	e.l.vars[so.Pos()] = n
	saved := *e
	e.src, e.info, e.env = src, src.Info, nil
	e.out, e.indent, e.names, e.used, e.facts, e.fn = &strings.Builder{}, 1, map[types.Object]string{}, map[string]int{}, &facts{}, nil
	e.decls = append(e.decls, "var "+n+" "+e.typ(so.Type(), at))
	text := ""
	for _, spec := range src.Vars {
		for i, id := range spec.Names {
			if src.Info.Defs[id] == so && len(spec.Values) == len(spec.Names) {
				text = n + " = " + e.conv(spec.Values[i], so.Type())
			} else if src.Info.Defs[id] == so && len(spec.Values) > 0 {
				e.refuse(at, "var", o.Name())
			}
		}
	}
	*e = saved
	if text != "" {
		e.inits = append(e.inits, text)
	}
	return n
}

// composite writes a literal of type t.
func (e *emitter) composite(x *ast.CompositeLit, t types.Type) string {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return "&" + e.composite(x, e.subst(p.Elem()))
	}
	elem := func(v ast.Expr, et types.Type) string {
		et = e.subst(et)
		if c, ok := ast.Unparen(v).(*ast.CompositeLit); ok && c.Type == nil {
			return e.convText(e.composite(c, e.typeOf(c)), e.typeOf(c), et, v.Pos())
		}
		return e.conv(v, et)
	}
	var parts []string
	switch u := t.Underlying().(type) {
	case *types.Struct:
		named, _ := types.Unalias(t).(*types.Named)
		isNative := named != nil && e.l.nativeNamed(named)
		for i, el := range x.Elts {
			f, v := i, el
			if kv, ok := el.(*ast.KeyValueExpr); ok {
				v = kv.Value
				name := kv.Key.(*ast.Ident).Name
				for j := range u.NumFields() {
					if u.Field(j).Name() == name {
						f = j
					}
				}
			}
			text := elem(v, u.Field(f).Type())
			if !isNative && e.brokenField(named, u.Field(f)) {
				if e.info.Types[v].IsNil() {
					continue
				}
				text = "rtǁ.A(" + text + ")"
			}
			if e.info.Types[v].IsNil() {
				continue // the zero value
			}
			parts = append(parts, fieldName(u, f)+": "+text)
		}
	case *types.Slice, *types.Array:
		var et types.Type
		if s, ok := u.(*types.Slice); ok {
			et = s.Elem()
		} else {
			et = u.(*types.Array).Elem()
		}
		for _, el := range x.Elts {
			if kv, ok := el.(*ast.KeyValueExpr); ok {
				parts = append(parts, e.constant(e.info.Types[kv.Key].Value, types.Typ[types.Int], kv.Pos())+": "+elem(kv.Value, et))
				continue
			}
			parts = append(parts, elem(el, et))
		}
	case *types.Map:
		for _, el := range x.Elts {
			kv := el.(*ast.KeyValueExpr)
			parts = append(parts, e.hashed(elem(kv.Key, u.Key()), u)+": "+elem(kv.Value, u.Elem()))
		}
	default:
		e.refuse(x.Pos(), "composite", fmt.Sprintf("a literal of %s", t))
	}
	return e.typ(t, x.Pos()) + "{" + strings.Join(parts, ", ") + "}"
}

// key writes a key of a map; nil gets its type, which yaegi does not find by itself.
func (e *emitter) key(x ast.Expr, m *types.Map) string {
	if t := e.subst(m.Key()); e.info.Types[x].IsNil() {
		return e.typedOperand(x, t)
	}
	return e.hashed(e.conv(x, m.Key()), m)
}

// hashed is a key's text, which is looked at first where it may be of any type.
func (e *emitter) hashed(text string, m *types.Map) string {
	if t := e.subst(m.Key()); isInterface(t) && !e.l.nativeInterface(t) {
		return "rtǁ.H(" + text + ")"
	}
	return text
}

func (e *emitter) index(x *ast.IndexExpr) string {
	if tv := e.info.Types[x.X]; !tv.IsValue() || isGenericFunc(tv.Type) {
		return e.funcValue(x.X, x)
	}
	t := e.typeOf(x.X)
	if m, ok := t.Underlying().(*types.Map); ok {
		return e.expr(x.X) + "[" + e.key(x.Index, m) + "]"
	}
	i := e.expr(x.Index)
	if b, ok := t.Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
		if e.info.Types[x.Index].Value == nil && wide(e.typeOf(x.Index)) {
			return "rtǁ.AtU(" + e.value(x.X) + ", uint(" + i + "))"
		}
		return "rtǁ.At(" + e.value(x.X) + ", int(" + i + "))"
	}
	if _, ok := t.Underlying().(*types.Pointer); ok {
		return "(*" + e.expr(x.X) + ")[" + i + "]"
	}
	return e.expr(x.X) + "[" + i + "]"
}

func isGenericFunc(t types.Type) bool {
	s, ok := t.(*types.Signature)
	return ok && s.TypeParams().Len() > 0
}

func (e *emitter) slice(x *ast.SliceExpr) string {
	part := func(y ast.Expr) string {
		if y == nil {
			return ""
		}
		return e.expr(y)
	}
	base, st := "", ""
	str := false
	switch u := e.typeOf(x.X).Underlying().(type) {
	case *types.Array:
		base, st = e.lvalue(x.X)+"[:]", "[]"+e.typ(u.Elem(), x.Pos())
	case *types.Pointer:
		a := u.Elem().Underlying().(*types.Array)
		base, st = "(*"+e.expr(x.X)+")[:]", "[]"+e.typ(a.Elem(), x.Pos())
	case *types.Basic:
		base, str = e.value(x.X), true
	case *types.Slice:
		base, st = e.expr(x.X), "[]"+e.typ(u.Elem(), x.Pos())
	}
	if x.Low == nil && x.High == nil && !x.Slice3 {
		if strings.HasSuffix(base, "[:]") {
			return base
		}
		return base + "[:]"
	}
	low, high := "0", "-1"
	if x.Low != nil {
		low = "int(" + part(x.Low) + ")"
	}
	if x.High != nil {
		high = "int(" + part(x.High) + ")"
	}
	unsigned := 0
	for n, y := range []ast.Expr{x.Low, x.High, x.Max} {
		if y != nil && e.info.Types[y].Value == nil && wide(e.typeOf(y)) {
			unsigned |= 1 << n
		}
	}
	if str {
		return fmt.Sprintf("rtǁ.Substr(%s, %s, %s, %t, %d)", base, low, high, x.High != nil, unsigned)
	}
	what := "capacity"
	if strings.HasSuffix(base, "[:]") {
		what = "length" // of an array
	}
	switch {
	case x.Slice3:
		name := e.helper("sl3", fmt.Sprintf("func %%s(s %s, i, j, k int) %s { if i < 0 || i > j || j > k || k > cap(s) { rtǁ.Bounds3(i, j, k, cap(s), %q, %d) }; return s[i:j:k] }", st, st, what, unsigned))
		return fmt.Sprintf("%s(%s, %s, %s, int(%s))", name, base, low, high, part(x.Max))
	case x.High == nil:
		name := e.helper("slf", fmt.Sprintf("func %%s(s %s, i int) %s { n := len(s); if i < 0 || i > n { rtǁ.Bounds(i, n, n, %q, %d) }; return s[i:n] }", st, st, what, unsigned))
		return fmt.Sprintf("%s(%s, %s)", name, base, low)
	}
	name := e.helper("sl", fmt.Sprintf("func %%s(s %s, i, j int) %s { if i < 0 || i > j || j > cap(s) { rtǁ.Bounds(i, j, cap(s), %q, %d) }; return s[i:j] }", st, st, what, unsigned))
	return fmt.Sprintf("%s(%s, %s, %s)", name, base, low, high)
}

// wide says whether values of an integer type may be larger than any int.
func wide(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && (b.Kind() == types.Uint || b.Kind() == types.Uint64 || b.Kind() == types.Uintptr)
}

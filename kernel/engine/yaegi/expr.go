package yaegi

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"math"
	"strconv"
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

// constant writes a constant of a basic type.
func (e *emitter) constant(v constant.Value, t types.Type, at token.Pos) string {
	b, ok := types.Unalias(t).(*types.Basic)
	if !ok {
		if n, ok := types.Unalias(t).(*types.Named); ok && !e.l.nativeNamed(n) {
			return e.constant(v, t.Underlying(), at)
		}
		return e.typedConst(v, t, at)
	}
	switch b.Kind() {
	case types.Int, types.String, types.UntypedString, types.Bool, types.UntypedBool, types.UntypedInt:
		return e.literal(v, b, at)
	case types.Float64, types.UntypedFloat:
		return e.literal(v, b, at)
	}
	return e.typedConst(v, t, at)
}

// typedConst writes a constant with its type.
func (e *emitter) typedConst(v constant.Value, t types.Type, at token.Pos) string {
	b, ok := t.Underlying().(*types.Basic)
	if !ok {
		e.refuse(at, "const", "this constant")
	}
	if b.Info()&types.IsUntyped != 0 {
		b = types.Default(b).(*types.Basic)
		t = b
	}
	return e.typ(t, at) + "(" + e.literal(v, b, at) + ")"
}

func (e *emitter) literal(v constant.Value, b *types.Basic, at token.Pos) string {
	switch {
	case b.Info()&types.IsString != 0:
		if v.Kind() == constant.String {
			return strconv.Quote(constant.StringVal(v))
		}
	case b.Info()&types.IsBoolean != 0:
		return v.String()
	case b.Info()&types.IsInteger != 0:
		if i := constant.ToInt(v); i.Kind() == constant.Int {
			s := i.ExactString()
			if strings.HasPrefix(s, "-") {
				if s == "-9223372036854775808" {
					return "(-9223372036854775807 - 1)"
				}
				return "(" + s + ")"
			}
			return s
		}
	case b.Info()&types.IsFloat != 0:
		return floatLit(constant.ToFloat(v), b)
	case b.Info()&types.IsComplex != 0:
		c := constant.ToComplex(v)
		f := types.Typ[types.Float64]
		if b.Kind() == types.Complex64 {
			f = types.Typ[types.Float32]
		}
		return fmt.Sprintf("complex(%s(%s), %s(%s))", f.Name(), floatLit(constant.Real(c), f), f.Name(), floatLit(constant.Imag(c), f))
	}
	e.refuse(at, "const", fmt.Sprintf("the constant %s as %s", v, b))
	return ""
}

func floatLit(v constant.Value, b *types.Basic) string {
	var s string
	if b.Kind() == types.Float32 {
		f, _ := constant.Float32Val(v)
		s = strconv.FormatFloat(float64(f), 'g', -1, 32)
	} else {
		f, _ := constant.Float64Val(v)
		if math.IsInf(f, 0) {
			return v.ExactString()
		}
		s = strconv.FormatFloat(f, 'g', -1, 64)
	}
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	if strings.HasPrefix(s, "-") {
		s = "(" + s + ")"
	}
	return s
}

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
	decls, inits, queue, imports := e.decls, e.inits, e.queue, e.imports
	*e = saved
	e.decls, e.inits, e.queue, e.imports = decls, inits, queue, imports
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
			parts = append(parts, elem(kv.Key, u.Key())+": "+elem(kv.Value, u.Elem()))
		}
	default:
		e.refuse(x.Pos(), "composite", fmt.Sprintf("a literal of %s", t))
	}
	return e.typ(t, x.Pos()) + "{" + strings.Join(parts, ", ") + "}"
}

// literalUse is what becomes of a func literal: recover means something else in each.
type literalUse int

const (
	kept         literalUse = iota // a value, called who knows how
	called                         // where it stands
	deferredCall                   // by a defer statement
)

// closure writes a func literal: a call of a top-level func that makes it from
// what it captures.
func (e *emitter) closure(x *ast.FuncLit, use literalUse) string {
	// Not substituted: the body uses these very parameters.
	sig := e.info.Types[x].Type.(*types.Signature)
	var params, args []string
	for _, o := range e.facts.free[x] {
		n := e.local(o)
		t := e.typ(o.Type(), x.Pos())
		if e.facts.cell(o) {
			t = "*" + t
		}
		params = append(params, n+" "+t)
		args = append(args, n)
	}
	rec := ""
	if e.facts.recovers[x] && use != called {
		if use != deferredCall || !e.fn.defers {
			e.refuse(x.Pos(), "recover", "recover in a func literal that is not deferred where it stands")
		}
		rec = "recǁ"
		params = append(params, "recǁ *rtǁ.Defers")
		args = append(args, e.fn.deferV)
	}
	pos := e.l.front.Fset.Position(x.Pos())
	outer := e.l.fns[e.fnNumber()]
	name := e.fresh("cl")
	number := e.newFn(fnInfo{display: outer.display + ".func", emitted: name, user: outer.user, unit: pos.Filename, line: pos.Line, col: pos.Column})
	out, indent := e.out, e.indent
	e.out, e.indent = &strings.Builder{}, 2
	var names []string
	for v := range sig.Params().Variables() {
		delete(e.names, v)
		names = append(names, e.local(v))
	}
	head := e.sig(sig, names, x.Pos())
	user := true
	if e.fn != nil {
		user = e.fn.user
	}
	e.funcBody(sig, varsOf(sig.Params()), x.Body, number, rec, x, user)
	text := e.out.String()
	e.out, e.indent = out, indent
	if len(params) == 0 {
		e.decls = append(e.decls, fmt.Sprintf("func %s%s {\n%s}", name, head, text))
		return name
	}
	e.decls = append(e.decls, fmt.Sprintf("func %s(%s) func%s {\n\treturn func%s {\n%s\t}\n}", name, strings.Join(params, ", "), e.sig(sig, nil, x.Pos()), head, text))
	return fmt.Sprintf("%s(%s)", name, strings.Join(args, ", "))
}

// asValue makes a value of the name of a written func: yaegi does not put the name
// itself everywhere a value can be.
func (e *emitter) asValue(text string, t types.Type, at token.Pos) string {
	if strings.HasSuffix(text, ")") {
		return text // a call that makes it
	}
	tt := e.typ(t, at)
	return e.helper("fv", "func %s() "+tt+" { var f "+tt+"; f = "+text+"; return f }") + "()"
}

func (e *emitter) fnNumber() int {
	if e.fn == nil {
		return 0
	}
	return e.fn.number
}

// key writes a key of a map; nil gets its type, which yaegi does not find by itself.
func (e *emitter) key(x ast.Expr, m *types.Map) string {
	if t := e.subst(m.Key()); e.info.Types[x].IsNil() {
		return e.typedOperand(x, t)
	}
	v := e.conv(x, m.Key())
	if isInterface(e.subst(m.Key())) && !e.l.nativeInterface(e.subst(m.Key())) {
		v = "rtǁ.H(" + v + ")"
	}
	return v
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
	if p, ok := t.Underlying().(*types.Pointer); ok {
		_ = p
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
		return "rtǁ.Div" + strings.Title(bt.Name()) + "(" + a + ", " + b + ")"
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
func (e *emitter) equal(a string, at types.Type, _ string, _ types.Type, y ast.Expr, pos token.Pos) string {
	ty := e.typeOf(y)
	if isInterface(at) || isInterface(ty) {
		return "rtǁ.Eq(" + e.convText(a, at, anyT, pos) + ", " + e.conv(y, anyT) + ")"
	}
	return "rtǁ.Eq(" + a + ", " + e.conv(y, at) + ")"
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

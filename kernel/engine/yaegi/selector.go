package yaegi

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// selected finds what x.Sel means for the type x has after substitution.
func (e *emitter) selected(x *ast.SelectorExpr) (types.Object, []int) {
	t := e.typeOf(x.X)
	var pkg *types.Package
	if s := e.info.Selections[x]; s != nil {
		pkg = s.Obj().Pkg()
	}
	o, index, _ := types.LookupFieldOrMethod(t, true, pkg, x.Sel.Name)
	if o == nil {
		e.refuse(x.Pos(), "selector", "the selector "+x.Sel.Name)
	}
	return o, index
}

// walk follows a path of fields from a value of type t, reading.
func (e *emitter) walk(text string, t types.Type, path []int, last bool) (string, types.Type) {
	for n, i := range path {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = e.subst(p.Elem())
		}
		st := t.Underlying().(*types.Struct)
		named, _ := types.Unalias(t).(*types.Named)
		f := st.Field(i)
		text += "." + fieldName(st, i)
		native := named != nil && e.l.nativeNamed(named)
		ft := e.subst(f.Type())
		if !native && e.brokenField(named, f) && (n < len(path)-1 || last) {
			tt := e.typ(ft, token.NoPos)
			get := e.helper("fld", "func %s(x "+anyType+") "+tt+" { var v "+tt+"; if x != nil { rtǁ.Get(x, &v) }; return v }")
			text = get + "(" + text + ")"
		}
		t = ft
	}
	return text, t
}

// fieldPath writes the field x selects, from an operand already written.
func (e *emitter) fieldPath(x *ast.SelectorExpr, base string) string {
	_, index := e.selected(x)
	s, _ := e.walk(base, e.typeOf(x.X), index, true)
	return s
}

// brokenTarget says whether a left-hand side is a field that is kept as an
// interface, and writes it without reading.
func (e *emitter) brokenTarget(l ast.Expr) (string, bool) {
	x, ok := ast.Unparen(l).(*ast.SelectorExpr)
	if !ok || e.info.Selections[x] == nil {
		return "", false
	}
	o, index := e.selected(x)
	if _, ok := o.(*types.Var); !ok {
		return "", false
	}
	t := e.typeOf(x.X)
	for _, i := range index[:len(index)-1] {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = e.subst(p.Elem())
		}
		t = e.subst(t.Underlying().(*types.Struct).Field(i).Type())
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = e.subst(p.Elem())
	}
	named, _ := types.Unalias(t).(*types.Named)
	if named == nil || e.l.nativeNamed(named) {
		return "", false
	}
	st := t.Underlying().(*types.Struct)
	if !e.brokenField(named, st.Field(index[len(index)-1])) {
		return "", false
	}
	text, _ := e.walk(e.operand(x.X), e.typeOf(x.X), index, false)
	return text, true
}

// operand writes the x of x.f so that x.f can be assigned when x can.
func (e *emitter) operand(x ast.Expr) string {
	switch y := ast.Unparen(x).(type) {
	case *ast.Ident:
		if o, ok := e.object(y).(*types.Var); ok && e.facts != nil && e.facts.cell(o) {
			if _, ptr := e.subst(o.Type()).Underlying().(*types.Pointer); !ptr {
				return e.local(o) // the cell is a pointer: x.f goes through it
			}
		}
	case *ast.SelectorExpr, *ast.IndexExpr:
		if sel, ok := y.(*ast.SelectorExpr); ok && e.info.Selections[sel] == nil {
			break // a package's variable
		}
		if _, ptr := e.typeOf(x).Underlying().(*types.Pointer); !ptr && e.info.Types[x].Addressable() {
			return e.lvalue(x)
		}
	}
	return e.expr(x)
}

// nativeVar is the variable of a compiled package that an operand is, or nil.
func (e *emitter) nativeVar(x ast.Expr) *types.Var {
	id := funcIdent(x)
	if id == nil {
		return nil
	}
	o, ok := e.object(id).(*types.Var)
	if !ok || o.IsField() || o.Pkg() == nil || o.Parent() != o.Pkg().Scope() || !e.l.native(o.Pkg()) || e.src != nil && e.src.Pkg == o.Pkg() {
		return nil
	}
	if _, ok := ast.Unparen(x).(*ast.IndexExpr); ok {
		return nil
	}
	return o
}

// setNativeVar writes an assignment to it. The standard streams are the session's
// and are not changed.
func (e *emitter) setNativeVar(o *types.Var, v string, at token.Pos) {
	e.needSymbol(o.Pkg(), o.Name(), at)
	if o.Pkg().Path() == "os" && strings.HasPrefix(o.Name(), "Std") || trusted(o.Pkg().Path()) || !e.l.faithful(o.Type()) && !isInterface(o.Type()) {
		e.refuse(at, "native-var", fmt.Sprintf("an assignment to %s.%s", o.Pkg().Name(), o.Name()))
	}
	e.line("rtǁ.SetVar(%q, %q, %s)", o.Pkg().Path(), o.Name(), v)
}

// lvalue writes an operand that can be assigned or have its address taken.
func (e *emitter) lvalue(x ast.Expr) string {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		o, ok := e.object(x).(*types.Var)
		if ok && o.Pkg() != nil && o.Parent() == o.Pkg().Scope() && e.l.native(o.Pkg()) {
			e.refuse(x.Pos(), "native-var", "an assignment to a variable of a library")
		}
		return e.expr(x)
	case *ast.SelectorExpr:
		if e.info.Selections[x] == nil {
			if o, ok := e.info.Uses[x.Sel].(*types.Var); ok && e.l.native(o.Pkg()) {
				e.refuse(x.Pos(), "native-var", "an assignment to a variable of a library")
			}
			return e.expr(x)
		}
		_, index := e.selected(x)
		s, _ := e.walk(e.operand(x.X), e.typeOf(x.X), index, true)
		return s
	case *ast.IndexExpr:
		t := e.typeOf(x.X)
		switch u := t.Underlying().(type) {
		case *types.Array:
			return e.lvalue(x.X) + "[" + e.expr(x.Index) + "]"
		case *types.Map:
			return e.expr(x.X) + "[" + e.key(x.Index, u) + "]"
		case *types.Pointer:
			return "(*" + e.expr(x.X) + ")[" + e.expr(x.Index) + "]"
		}
		return e.expr(x.X) + "[" + e.expr(x.Index) + "]"
	case *ast.StarExpr:
		return "*" + e.expr(x.X)
	case *ast.CallExpr, *ast.CompositeLit, *ast.SliceExpr:
		return e.expr(x)
	default:
		return e.expr(x)
	}
}

func (e *emitter) selector(x *ast.SelectorExpr) string {
	s := e.info.Selections[x]
	if s == nil { // pkg.Name
		switch o := e.info.Uses[x.Sel].(type) {
		case *types.Var:
			return e.varRead(o, x.Pos())
		case *types.Func:
			return e.funcValue(x, x)
		case *types.Const:
			return e.constant(o.Val(), e.typeOf(x), x.Pos())
		}
		e.refuse(x.Pos(), "selector", "the name "+x.Sel.Name)
	}
	if s.Kind() == types.MethodExpr {
		return e.methodExpr(x)
	}
	o, index := e.selected(x)
	if _, ok := o.(*types.Var); ok {
		text, _ := e.walk(e.operand(x.X), e.typeOf(x.X), index, true)
		return text
	}
	return e.methodValue(x)
}

// funcValue writes a func used as a value: x is its name, inst the expression that
// says its type arguments when they are written out.
func (e *emitter) funcValue(x ast.Expr, inst ast.Expr) string {
	id := funcIdent(x)
	if id == nil {
		e.refuse(x.Pos(), "func", "this func value")
	}
	o, ok := e.info.Uses[id].(*types.Func)
	if !ok {
		e.refuse(x.Pos(), "func", "this func value")
	}
	text := e.funcRef(o, id)
	if strings.Contains(text, "ǁ.") { // compiled
		e.guardValue(o.Signature(), o.Pkg().Path()+"."+o.Name(), x.Pos())
		return text
	}
	return e.asValue(text, e.typeOf(inst), x.Pos())
}

func funcIdent(x ast.Expr) *ast.Ident {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		return x
	case *ast.SelectorExpr:
		return x.Sel
	case *ast.IndexExpr:
		return funcIdent(x.X)
	case *ast.IndexListExpr:
		return funcIdent(x.X)
	}
	return nil
}

// funcRef names a declared func: native, or written here.
func (e *emitter) funcRef(o *types.Func, id *ast.Ident) string {
	var args []types.Type
	if inst, ok := e.info.Instances[id]; ok {
		for _, a := range typeArgs(inst.TypeArgs) {
			args = append(args, e.subst(a))
		}
	}
	if e.src != nil && o.Pkg() == e.src.Pkg && !e.l.symbols[o.Pkg().Path()+"."+o.Name()] {
		return e.funcName(o, args, id.Pos())
	}
	if e.l.native(o.Pkg()) && o.Type().(*types.Signature).TypeParams().Len() == 0 {
		e.needSymbol(o.Pkg(), o.Name(), id.Pos())
		return e.importName(o.Pkg()) + "." + o.Name()
	}
	return e.funcName(o, args, id.Pos())
}

// methodValue writes x.M as a func.
func (e *emitter) methodValue(x *ast.SelectorExpr) string {
	sig := e.typeOf(x).(*types.Signature)
	var names, pass []string
	for i := range sig.Params().Len() {
		n := fmt.Sprintf("p%dǁ", i)
		names = append(names, n)
		if sig.Variadic() && i == sig.Params().Len()-1 {
			n += "..."
		}
		pass = append(pass, n)
	}
	m := e.method(x)
	if m.native {
		e.guardValue(m.sig, m.full, x.Pos())
	}
	if m.recvType == "" {
		e.refuse(x.Pos(), "unexported-type", "this method value of an unexported type")
	}
	ret := ""
	if sig.Results().Len() > 0 {
		ret = "return "
	}
	head := e.sig(sig, names, x.Pos())
	look := ""
	if m.dynamic {
		look = "if r == nil { rtǁ.NilCall() }; "
	}
	name := e.helper("mv", fmt.Sprintf("func %%s(r %s) func%s { %sreturn func%s { %s%s } }",
		m.recvType, e.sig(sig, nil, x.Pos()), look, head, ret, m.call("r", pass)))
	return name + "(" + m.recv + ")"
}

// methodExpr writes T.M as a func.
func (e *emitter) methodExpr(x *ast.SelectorExpr) string {
	t := e.typeOf(x.X)
	sig := e.typeOf(x).(*types.Signature)
	o, index, _ := types.LookupFieldOrMethod(t, true, e.info.Selections[x].Obj().Pkg(), x.Sel.Name)
	f := o.(*types.Func)
	var names, pass []string
	for i := range sig.Params().Len() {
		n := fmt.Sprintf("p%dǁ", i)
		names = append(names, n)
		if sig.Variadic() && i == sig.Params().Len()-1 {
			n += "..."
		}
		if i > 0 {
			pass = append(pass, n)
		}
	}
	m := e.methodOf(names[0], t, true, f, index, x.Pos())
	if m.native {
		e.guardValue(m.sig, m.full, x.Pos())
	}
	ret := ""
	if sig.Results().Len() > 0 {
		ret = "return "
	}
	return e.helper("me", "func %s"+e.sig(sig, names, x.Pos())+" { "+ret+m.call(m.recv, pass)+" }")
}

// method is a method found for a receiver.
type method struct {
	recv     string // operand to evaluate
	recvType string // its type, as written
	native   bool   // params are those of compiled code
	sig      *types.Signature
	full     string // "path.Type.Name" of a native method
	name     string // written func to call, when static
	dynamic  bool   // called through an interface
	call     func(recv string, args []string) string
}

// method resolves x.M for a call or a method value.
func (e *emitter) method(x *ast.SelectorExpr) method {
	o, index := e.selected(x)
	t := e.typeOf(x.X)
	return e.methodOf(e.operand(x.X), t, e.info.Types[x.X].Addressable(), o.(*types.Func), index, x.Pos())
}

// methodOf resolves a method, given the written operand it is selected from.
func (e *emitter) methodOf(text string, t types.Type, addressable bool, f *types.Func, index []int, at token.Pos) method {
	path := index[:len(index)-1]
	holder, ht := text, t
	if len(path) > 0 {
		holder, ht = e.walk(text, t, path, true)
	}
	_, holderPtr := ht.Underlying().(*types.Pointer)
	if isInterface(ht) {
		return e.interfaceMethod(holder, ht, f, at)
	}
	base := ht
	if p, ok := ht.Underlying().(*types.Pointer); ok && holderPtr {
		base = e.subst(p.Elem())
	}
	named, _ := types.Unalias(base).(*types.Named)
	if named == nil {
		e.refuse(at, "method", "the method "+f.Name())
	}
	sig := e.subst(f.Type()).(*types.Signature)
	orig := f.Origin().Type().(*types.Signature)
	_, recvPtr := types.Unalias(orig.Recv().Type()).(*types.Pointer)
	m := method{sig: sig}
	if e.l.nativeNamed(named) {
		if !f.Exported() {
			e.refuse(at, "method", "the method "+f.Name())
		}
		m.native = true
		m.full = named.Obj().Pkg().Path() + "." + named.Obj().Name() + "." + f.Name()
		m.recv = holder
		if named.Obj().Exported() { // else the receiver cannot be held, only called on
			m.recvType = e.typ(ht, at)
		}
		if recvPtr && !holderPtr {
			m.recv, m.recvType = "&"+holder, "*"+e.typ(ht, at)
			if e.isCell(holder) {
				m.recv = holder
			}
		}
		name := f.Name()
		m.call = func(r string, args []string) string {
			if strings.HasPrefix(r, "&") || strings.HasPrefix(r, "*") {
				r = strings.TrimPrefix(r, "&")
			}
			return r + "." + name + "(" + strings.Join(args, ", ") + ")"
		}
		return m
	}
	var args []types.Type
	for _, a := range typeArgs(named.TypeArgs()) {
		args = append(args, e.subst(a))
	}
	m.name = e.funcName(f, args, at)
	switch {
	case recvPtr && !holderPtr:
		m.recv, m.recvType = "&"+holder, "*"+e.typ(ht, at)
		if e.isCell(holder) {
			m.recv = holder
		} else if strings.HasPrefix(holder, "(*") && strings.HasSuffix(holder, ")") && strings.Count(holder, "(") == 1 {
			m.recv = holder[2 : len(holder)-1]
		}
	case !recvPtr && holderPtr:
		m.recv, m.recvType = "*"+holder, e.typ(base, at)
	default:
		m.recv, m.recvType = holder, e.typ(ht, at)
		if e.isCell(holder) {
			m.recv = "*" + holder
		}
	}
	name := m.name
	m.call = func(r string, args []string) string {
		return name + "(" + strings.Join(append([]string{r}, args...), ", ") + ")"
	}
	return m
}

// isCell says that a written operand is the name of a cell, a pointer to what it
// stands for.
func (e *emitter) isCell(text string) bool {
	if e.facts == nil {
		return false
	}
	for o, n := range e.names {
		if n == text && e.facts.cell(o) {
			return true
		}
	}
	return false
}

// interfaceMethod is a method called through an interface.
func (e *emitter) interfaceMethod(holder string, t types.Type, f *types.Func, at token.Pos) method {
	sig := e.subst(f.Type()).(*types.Signature)
	if e.l.nativeInterface(t) {
		name := f.Name()
		n := types.Unalias(t).(*types.Named)
		full := name
		if p := n.Obj().Pkg(); p != nil {
			full = p.Path() + "." + n.Obj().Name() + "." + name
		}
		return method{recv: holder, recvType: e.typ(t, at), native: true, dynamic: true, sig: sig, full: full, call: func(r string, args []string) string {
			return r + "." + name + "(" + strings.Join(args, ", ") + ")"
		}}
	}
	s := e.slotFor(f, sig, at)
	return method{recv: holder, recvType: anyType, sig: sig, dynamic: true, call: func(r string, args []string) string {
		return fmt.Sprintf("callǁ%d(%s)", s, strings.Join(append([]string{r}, args...), ", "))
	}}
}

// slotFor numbers a method name with its signature, and writes the func that calls
// it by the dynamic type.
func (e *emitter) slotFor(f *types.Func, sig *types.Signature, at token.Pos) int {
	k := f.Name() + key(types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic()))
	if !f.Exported() && f.Pkg() != nil {
		k = f.Pkg().Path() + "." + k
	}
	if n, ok := e.l.slots[k]; ok {
		return n
	}
	n := len(e.l.slotOf)
	e.l.slots[k] = n
	e.l.slotOf = append(e.l.slotOf, slot{f.Name(), sig})
	var names, pass []string
	for i := range sig.Params().Len() {
		p := fmt.Sprintf("p%dǁ", i)
		names = append(names, p)
		if sig.Variadic() && i == sig.Params().Len()-1 {
			p += "..."
		}
		pass = append(pass, p)
	}
	head := e.sig(sig, names, at)
	plain := e.sig(sig, nil, at)
	ret, done := "", "; return"
	if sig.Results().Len() > 0 {
		ret, done = "return ", ""
	}
	full := strings.Replace(head, "(", "(x "+anyType+", ", 1)
	slotSig := strings.Replace(plain, "(", "("+anyType+", ", 1)
	if sig.Params().Len() == 0 {
		full = strings.Replace(head, "()", "(x "+anyType+")", 1)
		slotSig = strings.Replace(plain, "()", "("+anyType+")", 1)
	}
	text := fmt.Sprintf("var vtǁ%d = map[int]func%s{}\nfunc callǁ%d%s {\n\tf, ok := vtǁ%d[rtǁ.K(x)]\n\tif ok { %sf(%s)%s }\n",
		n, slotSig, n, full, n, ret, strings.Join(append([]string{"x"}, pass...), ", "), done)
	native := f.Exported()
	for _, tu := range []*types.Tuple{sig.Params(), sig.Results()} {
		for i := range tu.Len() {
			native = native && e.l.faithful(tu.At(i).Type())
		}
	}
	if native {
		text += fmt.Sprintf("\tm := rtǁ.Method(x, %q).(func%s)\n\t%sm(%s)\n}", f.Name(), plain, ret, strings.Join(pass, ", "))
	} else {
		var zero []string
		for i := range sig.Results().Len() {
			z := fmt.Sprintf("z%d", i)
			text += "\tvar " + z + " " + e.typ(sig.Results().At(i).Type(), at) + "\n"
			zero = append(zero, z)
		}
		text += fmt.Sprintf("\trtǁ.Method(x, %q)\n\t%s%s\n}", f.Name(), ret, strings.Join(zero, ", "))
	}
	e.decls = append(e.decls, text)
	return n
}

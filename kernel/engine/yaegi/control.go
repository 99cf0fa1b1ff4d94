package yaegi

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

func (e *emitter) rangeStmt(s *ast.RangeStmt, label string) {
	e.line("{")
	e.indent++
	defer func() {
		e.indent--
		e.line("}")
	}()
	t := e.typeOf(s.X)
	define := s.Tok == token.DEFINE
	// set gives a loop variable its value, in the loop.
	set := func(x ast.Expr, v string, from types.Type) {
		if x == nil || isBlank(x) {
			return
		}
		if o := e.declared(x, define); o != nil {
			delete(e.names, o) // a variable of its own in each iteration
			if isInterface(e.subst(o.Type())) || e.facts.cell(o) {
				e.declare(o, "", x.Pos())
				e.line("%s = %s", e.varText(o), v)
				return
			}
			e.declare(o, v, x.Pos())
			return
		}
		tt := e.typeOf(x)
		e.target(x, false)(e.convText(v, from, tt, x.Pos()))
	}
	// both sets two: what they are in is looked at before either changes.
	both := func(k string, kt types.Type, v string, vt types.Type) {
		if define || s.Key == nil || s.Value == nil || isBlank(s.Key) || isBlank(s.Value) {
			set(s.Key, k, kt)
			set(s.Value, v, vt)
			return
		}
		toKey, toValue := e.target(s.Key, false), e.target(s.Value, false)
		toKey(e.convText(k, kt, e.typeOf(s.Key), s.Key.Pos()))
		toValue(e.convText(v, vt, e.typeOf(s.Value), s.Value.Pos()))
	}
	body := func(l *loopState) {
		e.enter(l)
		e.block(s.Body.List)
		e.leave()
	}
	l := &loopState{label: label, loop: true}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		if u.Info()&types.IsString != 0 {
			str, i, r := e.fresh("s"), e.fresh("i"), e.fresh("v")
			w := e.fresh("w")
			e.line("%s := string(%s)", str, e.value(s.X))
			e.line("%s, %s, %s := 0, rune(0), 0", i, r, w)
			e.line("%sfor ; %s < len(%s); %s += %s {", labelPrefix(label), i, str, i, w)
			e.indent++
			e.checkpoint()
			e.line("%s, %s = rtǁ.Rune(%s, %s)", r, w, str, i)
			both(i, types.Typ[types.Int], r, types.Typ[types.Rune])
			body(l)
			e.indent--
			e.line("}")
			return
		}
		// An integer: 0 to n-1.
		nt := t
		if u.Info()&types.IsUntyped != 0 {
			nt = types.Typ[types.Int]
			if s.Key != nil && !isBlank(s.Key) {
				nt = e.targetType(s.Key, define)
			}
		}
		n, i := e.fresh("n"), e.fresh("i")
		tn := e.typ(nt, s.X.Pos())
		e.line("%s := %s(%s)", n, tn, e.conv(s.X, nt))
		e.line("%sfor %s := %s(0); %s < %s; %s++ {", labelPrefix(label), i, tn, i, n, i)
		e.indent++
		e.checkpoint()
		set(s.Key, i, nt)
		body(l)
		e.indent--
		e.line("}")
	case *types.Slice, *types.Array, *types.Pointer:
		elem := u
		var et types.Type
		ptr := false
		switch a := elem.(type) {
		case *types.Slice:
			et = a.Elem()
		case *types.Array:
			et = a.Elem()
		case *types.Pointer:
			et, ptr = a.Elem().Underlying().(*types.Array).Elem(), true
		}
		et = e.subst(et)
		sl, n, i := e.fresh("s"), e.fresh("n"), e.fresh("i")
		if a, ok := u.(*types.Array); ok && (s.Value == nil || isBlank(s.Value)) {
			if e.hasCalls(s.X) { // else the operand is not evaluated
				e.discard(s.X)
			}
			e.line("%s := %d", n, a.Len())
		} else if a, ok := u.(*types.Pointer); ok && (s.Value == nil || isBlank(s.Value)) {
			e.line("_ = %s", e.expr(s.X))
			e.line("%s := %d", n, a.Elem().Underlying().(*types.Array).Len())
		} else {
			e.line("%s := %s", sl, e.expr(s.X))
			if ptr {
				e.line("%s := %d", n, u.(*types.Pointer).Elem().Underlying().(*types.Array).Len())
			} else {
				e.line("%s := len(%s)", n, sl)
			}
		}
		e.line("%sfor %s := 0; %s < %s; %s++ {", labelPrefix(label), i, i, n, i)
		e.indent++
		e.checkpoint()
		item := fmt.Sprintf("%s[%s]", sl, i)
		if ptr {
			item = fmt.Sprintf("(*%s)[%s]", sl, i)
		}
		both(i, types.Typ[types.Int], item, et)
		body(l)
		e.indent--
		e.line("}")
	case *types.Map:
		k, v := "_", "_"
		if s.Key != nil && !isBlank(s.Key) {
			k = e.fresh("k")
		}
		if s.Value != nil && !isBlank(s.Value) {
			v = e.fresh("v")
		}
		m := e.fresh("m")
		e.line("%s := %s", m, e.expr(s.X))
		head := ""
		switch {
		case v != "_":
			head = fmt.Sprintf("%s, %s := ", k, v)
		case k != "_":
			head = k + " := "
		}
		if head == "" {
			// yaegi's bare range over a map needs a variable.
			head = e.fresh("k") + " := "
		}
		e.line("%sfor %srange %s {", labelPrefix(label), head, m)
		e.indent++
		e.checkpoint()
		both(k, e.subst(u.Key()), v, e.subst(u.Elem()))
		body(l)
		e.indent--
		e.line("}")
	case *types.Chan:
		c, v := e.fresh("c"), e.fresh("v")
		e.line("%s := %s", c, e.expr(s.X))
		e.line("%sfor {", labelPrefix(label))
		e.indent++
		e.checkpoint()
		e.line("var %s %s", v, e.typ(u.Elem(), s.Pos()))
		e.line("if !rtǁ.Recv(%s, &%s) { break }", c, v)
		set(s.Key, v, e.subst(u.Elem()))
		body(l)
		e.indent--
		e.line("}")
	case *types.Signature:
		e.rangeFunc(s, u, label, set)
	default:
		e.refuse(s.Pos(), "range", fmt.Sprintf("a range over %s", t))
	}
}

// iterState is a range over a func whose body is being written as a func.
type iterState struct {
	outer  *iterState
	out    string // variable: what to do after the loop: 0 nothing, else a code
	done   string // variable: the body is running or has ended the loop
	codes  []func()
	fn     *fnState
	loops  int // loops open outside of the body
	values []string
}

func (l *loopState) iterBetween(f *fnState) bool {
	if f.iter == nil {
		return false
	}
	for i, o := range f.loops {
		if o == l {
			return i < f.iter.loops
		}
	}
	return false
}

// rangeFunc writes for x := range f { body } as f(func(x) bool { body; return true }).
func (e *emitter) rangeFunc(s *ast.RangeStmt, sig *types.Signature, label string, set func(ast.Expr, string, types.Type)) {
	yield := e.subst(sig.Params().At(0).Type()).Underlying().(*types.Signature)
	it := &iterState{outer: e.fn.iter, out: e.fresh("x"), fn: e.fn}
	done := e.fresh("done")
	it.done = done
	e.line("%s, %s := 0, false", it.out, done)
	res := e.fn.sig.Results()
	for i := range res.Len() {
		n := e.fresh("r")
		e.line("var %s %s", n, e.typ(res.At(i).Type(), s.Pos()))
		it.values = append(it.values, n)
	}
	var names []string
	for range yield.Params().Len() {
		names = append(names, e.fresh("v"))
	}
	f := e.fresh("f")
	e.line("%s := %s", f, e.expr(s.X))
	e.line("%s(func%s {", f, e.sig(yield, names, s.Pos()))
	e.indent++
	e.line("if %s { rtǁ.Exhausted() }", done)
	e.line("%s = true", done)
	e.checkpoint()
	self := &loopState{label: label, loop: true, iter: it}
	e.enter(self)
	it.loops = len(e.fn.loops)
	saved := e.fn.iter
	e.fn.iter = it
	ops := []ast.Expr{s.Key, s.Value}
	for i, n := range names {
		set(ops[i], n, e.subst(yield.Params().At(i).Type()))
	}
	e.block(s.Body.List)
	e.fn.iter = saved
	e.leave()
	e.line("%s = false", done)
	e.line("return true")
	e.indent--
	e.line("})")
	e.line("%s = true", done)
	// What the body wanted to do outside of itself.
	for i, act := range it.codes {
		e.line("if %s == %d {", it.out, i+2)
		e.indent++
		act()
		e.indent--
		e.line("}")
	}
}

// branchOut writes a break or continue that leaves the body of a range over a func.
func (e *emitter) branchOut(s *ast.BranchStmt, to *loopState) {
	it := e.fn.iter
	if it == nil {
		e.refuse(s.Pos(), "branch", "this "+s.Tok.String())
	}
	if to.iter == it {
		if s.Tok == token.CONTINUE {
			e.line("%s = false", it.done)
			e.line("return true")
			return
		}
		e.line("return false")
		return
	}
	stmt := s
	e.leaveBody(it, func() { e.branch(stmt) })
}

// leaveBody ends the body with a code, and the loop's end does act for it.
func (e *emitter) leaveBody(it *iterState, act func()) {
	it.codes = append(it.codes, act)
	e.line("%s = %d", it.out, len(it.codes)+1)
	e.line("return false")
}

// returnOut writes a return inside the body of a range over a func.
func (e *emitter) returnOut(s *ast.ReturnStmt) {
	it := e.fn.iter
	if len(s.Results) > 0 {
		values := e.returnValues(s, e.fn.sig.Results())
		e.line("%s = %s", strings.Join(it.values, ", "), strings.Join(values, ", "))
	} else if len(e.fn.results) > 0 {
		e.line("%s = %s", strings.Join(it.values, ", "), strings.Join(e.fn.results, ", "))
	}
	e.leaveBody(it, func() { e.returnTexts(it.values) })
}

// returnTexts returns values that are written already.
func (e *emitter) returnTexts(values []string) {
	if it := e.fn.iter; it != nil {
		if len(values) > 0 {
			e.line("%s = %s", strings.Join(it.values, ", "), strings.Join(values, ", "))
		}
		e.leaveBody(it, func() { e.returnTexts(it.values) })
		return
	}
	if e.fn.defers {
		if len(values) > 0 {
			e.line("%s = %s", strings.Join(e.fn.results, ", "), strings.Join(values, ", "))
		}
		e.line("return")
		return
	}
	e.line("return %s", strings.Join(values, ", "))
}

func (e *emitter) switchStmt(s *ast.SwitchStmt, label string) {
	e.line("{")
	e.indent++
	defer func() {
		e.indent--
		e.line("}")
	}()
	if s.Init != nil {
		e.stmt(s.Init, "")
	}
	tag := ""
	var tt types.Type
	plain := false
	if s.Tag != nil {
		tt = e.typeOf(s.Tag)
		if b, ok := tt.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
			tt = types.Default(tt)
		}
		tag = e.fresh("t")
		e.line("var %s %s", tag, e.typ(tt, s.Tag.Pos()))
		e.line("%s = %s", tag, e.conv(s.Tag, tt))
		plain = plainEqual(tt)
	}
	e.enter(&loopState{label: label})
	defer e.leave()
	chosen := ""
	if earlyDefault(s) {
		// yaegi moves the default to the end, where a fallthrough goes elsewhere. So
		// first the clause is found, then its number decides.
		chosen = e.fresh("k")
		e.line("%s := -1", chosen)
		e.line("switch {")
	} else {
		e.line("%sswitch {", labelPrefix(label))
	}
	for n, c := range s.Body.List {
		cc := c.(*ast.CaseClause)
		if cc.List == nil {
			e.line("default:")
		} else {
			var conds []string
			for _, x := range cc.List {
				switch {
				case tag == "" && isInterface(e.typeOf(x)):
					conds = append(conds, "rtǁ.Eq("+e.conv(x, anyT)+", true)")
				case tag == "":
					conds = append(conds, e.expr(x))
				case plain && !isInterface(e.typeOf(x)):
					conds = append(conds, tag+" == "+e.conv(x, tt))
				case e.info.Types[x].IsNil():
					conds = append(conds, tag+" == nil")
				default:
					conds = append(conds, e.equal(tag, tt, "", nil, x, x.Pos()))
				}
			}
			e.line("case %s:", strings.Join(conds, " || "))
		}
		e.indent++
		if chosen != "" {
			e.line("%s = %d", chosen, n)
		} else {
			e.block(cc.Body)
		}
		e.indent--
	}
	e.line("}")
	if chosen == "" {
		return
	}
	e.line("%sswitch {", labelPrefix(label))
	for n, c := range s.Body.List {
		e.line("case %s == %d:", chosen, n)
		e.indent++
		e.block(c.(*ast.CaseClause).Body)
		e.indent--
	}
	e.line("}")
}

// earlyDefault says whether a switch has a default before its last clause, and a
// fallthrough.
func earlyDefault(s *ast.SwitchStmt) bool {
	early, falls := false, false
	for n, c := range s.Body.List {
		cc := c.(*ast.CaseClause)
		early = early || cc.List == nil && n < len(s.Body.List)-1
		if len(cc.Body) > 0 {
			b, ok := cc.Body[len(cc.Body)-1].(*ast.BranchStmt)
			falls = falls || ok && b.Tok == token.FALLTHROUGH
		}
	}
	return early && falls
}

func plainEqual(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Basic, *types.Pointer, *types.Chan:
		return true
	}
	return false
}

func (e *emitter) typeSwitch(s *ast.TypeSwitchStmt, label string) {
	e.line("{")
	e.indent++
	defer func() {
		e.indent--
		e.line("}")
	}()
	if s.Init != nil {
		e.stmt(s.Init, "")
	}
	var x ast.Expr
	bound := false
	switch a := s.Assign.(type) {
	case *ast.ExprStmt:
		x = ast.Unparen(a.X).(*ast.TypeAssertExpr).X
	case *ast.AssignStmt:
		x = ast.Unparen(a.Rhs[0]).(*ast.TypeAssertExpr).X
		bound = true
	}
	xt := e.typeOf(x)
	v := e.fresh("t")
	e.line("var %s %s", v, anyType)
	e.line("%s = %s", v, e.conv(x, anyT))
	e.enter(&loopState{label: label})
	defer e.leave()
	e.line("%sswitch {", labelPrefix(label))
	for _, c := range s.Body.List {
		cc := c.(*ast.CaseClause)
		var one types.Type
		if cc.List == nil {
			e.line("default:")
		} else {
			var conds []string
			for _, y := range cc.List {
				if e.info.Types[y].IsNil() {
					conds = append(conds, v+" == nil")
					continue
				}
				t := e.typeOf(y)
				if len(cc.List) == 1 {
					one = t
				}
				conds = append(conds, e.isType(v, t, y.Pos()))
			}
			e.line("case %s:", strings.Join(conds, " || "))
		}
		e.indent++
		if o := e.info.Implicits[cc]; bound && o != nil {
			value := v
			if one != nil {
				value = e.extract(v, one, cc.Pos())
			} else {
				value = e.convText(v, anyT, xt, cc.Pos())
			}
			e.declare(o, "", cc.Pos())
			e.line("%s = %s", e.varText(o), value)
		}
		e.block(cc.Body)
		e.indent--
	}
	e.line("}")
}

func (e *emitter) selectStmt(s *ast.SelectStmt, label string) {
	e.line("{")
	e.indent++
	defer func() {
		e.indent--
		e.line("}")
	}()
	var ops []string
	var bodies []*ast.CommClause
	var dflt *ast.CommClause
	for _, c := range s.Body.List {
		cc := c.(*ast.CommClause)
		switch comm := cc.Comm.(type) {
		case nil:
			dflt = cc
			continue
		case *ast.SendStmt:
			elem := e.typeOf(comm.Chan).Underlying().(*types.Chan).Elem()
			ops = append(ops, fmt.Sprintf("rtǁ.CanSend(%s, %s)", e.expr(comm.Chan), e.asAny(comm.Value, elem)))
		case *ast.ExprStmt:
			ops = append(ops, fmt.Sprintf("rtǁ.CanRecv(%s)", e.expr(ast.Unparen(comm.X).(*ast.UnaryExpr).X)))
		case *ast.AssignStmt:
			ops = append(ops, fmt.Sprintf("rtǁ.CanRecv(%s)", e.expr(ast.Unparen(comm.Rhs[0]).(*ast.UnaryExpr).X)))
		}
		bodies = append(bodies, cc)
	}
	r := e.fresh("sel")
	e.line("%s := rtǁ.Select(%s)", r, strings.Join(append([]string{fmt.Sprint(dflt != nil)}, ops...), ", "))
	e.enter(&loopState{label: label})
	defer e.leave()
	e.line("%sswitch %s.I {", labelPrefix(label), r)
	for i, cc := range bodies {
		e.line("case %d:", i)
		e.indent++
		if a, ok := cc.Comm.(*ast.AssignStmt); ok {
			elem := e.subst(e.typeOf(ast.Unparen(a.Rhs[0]).(*ast.UnaryExpr).X).Underlying().(*types.Chan).Elem())
			v := e.fresh("v")
			e.line("var %s %s", v, e.typ(elem, cc.Pos()))
			e.line("%s.Get(&%s)", r, v)
			define := a.Tok == token.DEFINE
			if !isBlank(a.Lhs[0]) {
				e.target(a.Lhs[0], define)(e.convText(v, elem, e.targetType(a.Lhs[0], define), cc.Pos()))
			}
			if len(a.Lhs) > 1 && !isBlank(a.Lhs[1]) {
				e.target(a.Lhs[1], define)(r + ".OK")
			}
		}
		e.block(cc.Body)
		e.indent--
	}
	if dflt != nil {
		e.line("default:")
		e.indent++
		e.block(dflt.Body)
		e.indent--
	}
	e.line("}")
}

// thunk writes a call as a func without parameters, its operands evaluated now.
func (e *emitter) thunk(call *ast.CallExpr, deferred bool) string {
	if lit, ok := ast.Unparen(call.Fun).(*ast.FuncLit); ok && len(call.Args) == 0 && lit.Type.Results == nil {
		if deferred {
			return e.closure(lit, deferredCall)
		}
		return e.closure(lit, called)
	}
	// Operands to temporaries, then a func that makes the thunk of them: the
	// temporaries are its parameters, so nothing is shared.
	var params, args []string
	hold := func(text, typ string) string {
		if typ == "" {
			e.refuse(call.Pos(), "unexported-type", "this deferred call of a method of an unexported type")
		}
		n := e.fresh("a")
		params = append(params, n+" "+typ)
		args = append(args, text)
		return n
	}
	text := e.callWith(call, hold, deferred)
	name := e.fresh("th")
	e.decls = append(e.decls, fmt.Sprintf("func %s(%s) func() { return func() { %s } }", name, strings.Join(params, ", "), text))
	return fmt.Sprintf("%s(%s)", name, strings.Join(args, ", "))
}

func (e *emitter) goStmt(s *ast.GoStmt) { e.line("rtǁ.Go(%s)", e.thunk(s.Call, false)) }

func (e *emitter) deferStmt(s *ast.DeferStmt) {
	e.line("%s.Push(%s)", e.fn.deferV, e.thunk(s.Call, true))
}

package yaegi

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

func (e *emitter) forStmt(s *ast.ForStmt, label string) {
	defer e.braces()()
	var vars []types.Object
	if a, ok := s.Init.(*ast.AssignStmt); ok && a.Tok == token.DEFINE {
		for _, l := range a.Lhs {
			if o := e.declared(l, true); o != nil && e.facts.captured[o] {
				vars = append(vars, o)
			}
		}
	}
	if len(vars) > 0 {
		e.forPerIteration(s, label, vars)
		return
	}
	if s.Init != nil {
		e.stmt(s.Init, "")
	}
	// The post statement is a line of its own at the end, so that it can be any
	// number of lines; continue goes through a flag-free copy of it.
	l := &loopState{label: label, loop: true}
	e.enter(l)
	defer e.leave()
	cond, post := "", ""
	if s.Cond != nil {
		cond = e.expr(s.Cond)
	}
	if s.Post != nil {
		text, ok := e.oneLine(func() { e.stmt(s.Post, "") })
		if ok {
			post = text
		} else {
			first := e.fresh("f")
			e.line("%s := true", first)
			e.line("%sfor {", labelPrefix(label))
			e.indent++
			e.line("if %s { %s = false } else {", first, first)
			e.indent++
			e.stmt(s.Post, "")
			e.indent--
			e.line("}")
			if s.Cond != nil {
				e.line("if !(%s) { break }", cond)
			}
			e.checkpoint()
			e.block(s.Body.List)
			e.indent--
			e.line("}")
			return
		}
	}
	if post == "" && cond == "" {
		e.line("%sfor {", labelPrefix(label))
	} else {
		e.line("%sfor ; %s; %s {", labelPrefix(label), cond, post)
	}
	e.indent++
	e.checkpoint()
	e.block(s.Body.List)
	e.indent--
	e.line("}")
}

// oneLine runs write and returns what it wrote if that is one line.
func (e *emitter) oneLine(write func()) (string, bool) {
	out := e.out
	e.out = &strings.Builder{}
	write()
	text := strings.TrimSpace(e.out.String())
	e.out = out
	return text, !strings.Contains(text, "\n") && !strings.HasPrefix(text, "{")
}

// forPerIteration gives each iteration its own copy of the loop's variables, as Go
// has since 1.22: closures capture them.
func (e *emitter) forPerIteration(s *ast.ForStmt, label string, vars []types.Object) {
	e.stmt(s.Init, "")
	outer := map[types.Object]string{}
	for _, o := range vars {
		n := e.fresh("o")
		e.line("%s := %s", n, e.varText(o))
		outer[o] = n
	}
	first := e.fresh("f")
	e.line("%s := true", first)
	e.line("%sfor {", labelPrefix(label))
	e.indent++
	e.checkpoint()
	l := &loopState{label: label, loop: true}
	var back []string
	for _, o := range vars {
		n := e.names[o]
		delete(e.names, o)
		e.names[o] = e.fresh(n)
		e.declare(o, outer[o], s.Pos())
		back = append(back, fmt.Sprintf("%s = %s", outer[o], e.varText(o)))
	}
	l.post = strings.Join(back, "; ")
	e.enter(l)
	e.line("if %s { %s = false } else {", first, first)
	if s.Post != nil {
		e.indent++
		e.stmt(s.Post, "")
		e.indent--
	}
	e.line("}")
	if s.Cond != nil {
		e.line("if !(%s) { break }", e.expr(s.Cond))
	}
	e.block(s.Body.List)
	e.line("%s", l.post)
	e.leave()
	e.indent--
	e.line("}")
}

func (e *emitter) rangeStmt(s *ast.RangeStmt, label string) {
	defer e.braces()()
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

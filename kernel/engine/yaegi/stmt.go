package yaegi

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// loopState is a loop or switch being written, for break and continue.
type loopState struct {
	label string
	loop  bool   // continue means it
	post  string // what a continue must do first
	iter  *iterState
}

func (e *emitter) block(list []ast.Stmt) {
	for _, s := range list {
		e.stmt(s, "")
	}
}

// stmt writes a statement; label is the label it has.
func (e *emitter) stmt(s ast.Stmt, label string) {
	switch s := s.(type) {
	case *ast.EmptyStmt:
		e.line(";")
		return
	case *ast.LabeledStmt:
		e.labeled(s)
		return
	}
	e.at = s.Pos()
	e.mark(s)
	e.bounds(s)
	switch s := s.(type) {
	case *ast.ExprStmt:
		e.exprStmt(s.X)
	case *ast.AssignStmt:
		e.assign(s)
	case *ast.IncDecStmt:
		op := "+"
		if s.Tok == token.DEC {
			op = "-"
		}
		e.opAssign(s.X, op, "1", s.X.Pos())
	case *ast.DeclStmt:
		e.declStmt(s.Decl.(*ast.GenDecl))
	case *ast.BlockStmt:
		e.line("{")
		e.indent++
		e.block(s.List)
		e.indent--
		e.line("}")
	case *ast.IfStmt:
		e.ifStmt(s)
	case *ast.ForStmt:
		e.forStmt(s, label)
	case *ast.RangeStmt:
		e.rangeStmt(s, label)
	case *ast.SwitchStmt:
		e.switchStmt(s, label)
	case *ast.TypeSwitchStmt:
		e.typeSwitch(s, label)
	case *ast.SelectStmt:
		e.selectStmt(s, label)
	case *ast.SendStmt:
		elem := e.typeOf(s.Chan).Underlying().(*types.Chan).Elem()
		e.line("rtǁ.Send(%s, %s)", e.expr(s.Chan), e.asAny(s.Value, elem))
	case *ast.ReturnStmt:
		e.returnStmt(s)
	case *ast.BranchStmt:
		e.branch(s)
	case *ast.GoStmt:
		e.goStmt(s)
	case *ast.DeferStmt:
		e.deferStmt(s)
	default:
		e.refuse(s.Pos(), "stmt", fmt.Sprintf("a %T", s))
	}
}

// asAny writes a value as an argument of a native any that will be stored in a
// place of type t.
func (e *emitter) asAny(x ast.Expr, t types.Type) string {
	if isInterface(e.subst(t)) {
		return e.conv(x, t)
	}
	v := e.conv(x, t)
	if tv := e.info.Types[x]; tv.Value != nil || tv.IsNil() {
		return convTo(e.typ(t, x.Pos()), v)
	}
	return v
}

func (e *emitter) labeled(s *ast.LabeledStmt) {
	label := clean(s.Label.Name) + "ǁL"
	// goto has a label of its own, outside of the block that a loop is written as.
	if e.facts.gotos[s.Label.Name] {
		e.line("%s:", strings.TrimSuffix(label, "L")+"G")
	}
	switch s.Stmt.(type) {
	case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
		e.stmt(s.Stmt, label)
	default:
		e.stmt(s.Stmt, "")
	}
}

func (e *emitter) exprStmt(x ast.Expr) {
	switch y := ast.Unparen(x).(type) {
	case *ast.CallExpr:
		e.line("%s", e.call(y, true))
	case *ast.UnaryExpr: // a bare receive
		e.line("%s", e.expr(y))
	default:
		e.discard(x)
	}
}

// temp puts a written value of type t into a variable and returns its name.
func (e *emitter) temp(t types.Type, value string, at token.Pos) string {
	n := e.fresh("t")
	e.line("var %s %s", n, e.typ(t, at))
	e.line("%s = %s", n, value)
	return n
}

// discard writes _ = x. yaegi does not look at an operand that nobody wants, which
// in Go may panic.
func (e *emitter) discard(x ast.Expr) {
	if e.aliases(x) {
		e.temp(e.typeOf(x), e.value(x), x.Pos())
		return
	}
	e.line("_ = %s", e.value(x))
}

// declare introduces a local variable with a value written in its own type.
func (e *emitter) declare(o types.Object, value string, at token.Pos) {
	n := e.local(o)
	if e.facts.cell(o) {
		e.line("%s := new(%s)", n, e.typ(o.Type(), at))
		if value != "" {
			e.line("*%s = %s", n, value)
		}
		return
	}
	if value == "" {
		e.line("var %s %s", n, e.typ(o.Type(), at))
		return
	}
	e.line("%s := %s", n, value)
}

func (e *emitter) declStmt(d *ast.GenDecl) {
	if d.Tok != token.VAR {
		return // constants are folded, types written when used
	}
	for _, spec := range d.Specs {
		v := spec.(*ast.ValueSpec)
		var lhs []ast.Expr
		for _, n := range v.Names {
			lhs = append(lhs, n)
		}
		switch {
		case len(v.Values) == 0:
			for _, n := range v.Names {
				if o := e.info.Defs[n]; o != nil && n.Name != "_" {
					e.declare(o, "", n.Pos())
				}
			}
		case len(v.Values) == len(v.Names):
			e.assignEach(lhs, v.Values, true)
		default:
			e.assignTuple(lhs, v.Values[0], true)
		}
	}
}

func (e *emitter) assign(s *ast.AssignStmt) {
	if s.Tok != token.ASSIGN && s.Tok != token.DEFINE {
		op := strings.TrimSuffix(s.Tok.String(), "=")
		e.opAssign(s.Lhs[0], op, "", s.Rhs[0].Pos(), s.Rhs[0])
		return
	}
	if len(s.Rhs) == len(s.Lhs) {
		e.assignEach(s.Lhs, s.Rhs, s.Tok == token.DEFINE)
		return
	}
	e.assignTuple(s.Lhs, s.Rhs[0], s.Tok == token.DEFINE)
}

// declared is the variable an operand of := declares, or nil.
func (e *emitter) declared(x ast.Expr, define bool) types.Object {
	id, ok := x.(*ast.Ident)
	if !ok || !define {
		return nil
	}
	return e.info.Defs[id]
}

func isBlank(x ast.Expr) bool {
	id, ok := x.(*ast.Ident)
	return ok && id.Name == "_"
}

// targetType is the type of a left-hand side.
func (e *emitter) targetType(x ast.Expr, define bool) types.Type {
	if o := e.declared(x, define); o != nil {
		return e.subst(o.Type())
	}
	return e.typeOf(x)
}

// assignEach writes a, b = x, y.
func (e *emitter) assignEach(lhs, rhs []ast.Expr, define bool) {
	if len(lhs) == 1 {
		e.assignOne(lhs[0], rhs[0], define)
		return
	}
	// Operands of index and pointer expressions on the left come first, then the
	// values, then the assignments: everything through temporaries.
	var set []func(string)
	for _, l := range lhs {
		set = append(set, e.target(l, define))
	}
	var tmp []string
	for i, r := range rhs {
		t := e.fresh("t")
		tmp = append(tmp, t)
		if isBlank(lhs[i]) {
			e.line("%s := %s", t, e.value(r))
			continue
		}
		tt := e.targetType(lhs[i], define)
		e.line("var %s %s", t, e.typ(tt, r.Pos()))
		e.line("%s = %s", t, e.conv(r, tt))
	}
	for i := range lhs {
		set[i](tmp[i])
	}
}

// value writes an expression in its default type.
func (e *emitter) value(x ast.Expr) string {
	t := e.typeOf(x)
	if b, ok := t.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
		if b.Kind() == types.UntypedNil {
			return "nil"
		}
		t = types.Default(t)
	}
	return e.conv(x, t)
}

func (e *emitter) assignOne(l, r ast.Expr, define bool) {
	if isBlank(l) {
		e.discard(r)
		return
	}
	tt := e.targetType(l, define)
	if o := e.declared(l, define); o != nil {
		v := e.conv(r, tt)
		if tv := e.info.Types[r]; tv.Value != nil || tv.IsNil() || isInterface(tt) {
			e.declare(o, "", l.Pos())
			e.line("%s = %s", e.varText(o), v)
			return
		}
		e.declare(o, v, l.Pos())
		return
	}
	if b, ok := e.brokenTarget(l); ok {
		e.line("%s = rtǁ.A(%s)", b, e.typedNil(r, tt))
		return
	}
	v := e.conv(r, tt)
	if o := e.nativeVar(l); o != nil {
		e.setNativeVar(o, e.typedNil(r, tt), l.Pos())
		return
	}
	if ix, ok := ast.Unparen(l).(*ast.IndexExpr); ok && !isInterface(tt) && e.aliases(r) {
		if _, ok := e.typeOf(ix.X).Underlying().(*types.Map); ok {
			v = e.temp(tt, v, r.Pos()) // yaegi would store a nil pointer's target as nothing
		}
	}
	e.line("%s = %s", e.lvalue(l), v)
}

// typedNil is conv, with nil written in its type.
func (e *emitter) typedNil(x ast.Expr, t types.Type) string {
	if tv := e.info.Types[x]; tv.IsNil() {
		return "(" + e.typ(t, x.Pos()) + ")(nil)"
	}
	return e.conv(x, t)
}

// target evaluates the operands of a left-hand side now and returns what assigns
// to it later.
func (e *emitter) target(l ast.Expr, define bool) func(string) {
	if isBlank(l) {
		return func(string) {}
	}
	if o := e.declared(l, define); o != nil {
		return func(v string) { e.declare(o, v, l.Pos()) }
	}
	if b, ok := e.brokenTarget(l); ok {
		return func(v string) { e.line("%s = rtǁ.A(%s)", b, v) }
	}
	if o := e.nativeVar(l); o != nil {
		return func(v string) { e.setNativeVar(o, v, l.Pos()) }
	}
	switch x := ast.Unparen(l).(type) {
	case *ast.IndexExpr:
		base, idx := e.fresh("t"), e.fresh("t")
		bt := e.typeOf(x.X)
		if _, ok := bt.Underlying().(*types.Array); ok {
			e.line("%s := &%s", base, e.lvalue(x.X))
			e.line("%s := int(%s)", idx, e.value(x.Index))
			return func(v string) {
				e.indexCheck(idx, fmt.Sprint(bt.Underlying().(*types.Array).Len()), true, wide(e.typeOf(x.Index)))
				e.line("(*%s)[%s] = %s", base, idx, v)
			}
		}
		e.line("%s := %s", base, e.expr(x.X))
		if m, ok := bt.Underlying().(*types.Map); ok {
			e.line("var %s %s", idx, e.typ(m.Key(), x.Pos()))
			e.line("%s = %s", idx, e.conv(x.Index, m.Key()))
			return func(v string) { e.line("%s[%s] = %s", base, idx, v) }
		}
		e.line("%s := int(%s)", idx, e.value(x.Index))
		if p, ok := bt.Underlying().(*types.Pointer); ok {
			n := fmt.Sprint(p.Elem().Underlying().(*types.Array).Len())
			return func(v string) {
				e.indexCheck(idx, n, true, wide(e.typeOf(x.Index)))
				e.line("(*%s)[%s] = %s", base, idx, v)
			}
		}
		return func(v string) {
			e.indexCheck(idx, "len("+base+")", true, wide(e.typeOf(x.Index)))
			e.line("%s[%s] = %s", base, idx, v)
		}
	case *ast.StarExpr:
		p := e.fresh("t")
		e.line("%s := %s", p, e.expr(x.X))
		return func(v string) { e.line("*%s = %s", p, v) }
	case *ast.SelectorExpr:
		if e.info.Selections[x] != nil {
			f := e.rooted(x)
			return func(v string) { e.line("%s = %s", f, v) }
		}
	}
	lv := e.lvalue(l)
	return func(v string) { e.line("%s = %s", lv, v) }
}

// rooted writes an operand that can be assigned later: the pointer it goes through
// is looked at now.
func (e *emitter) rooted(x ast.Expr) string {
	sel, ok := ast.Unparen(x).(*ast.SelectorExpr)
	if !ok || e.info.Selections[sel] == nil {
		return e.lvalue(x)
	}
	if _, ok := e.typeOf(sel.X).Underlying().(*types.Pointer); ok {
		p := e.fresh("t")
		e.line("%s := %s", p, e.expr(sel.X))
		return e.fieldPath(sel, p)
	}
	if _, ok := ast.Unparen(sel.X).(*ast.SelectorExpr); ok {
		return e.fieldPath(sel, e.rooted(sel.X))
	}
	return e.lvalue(x)
}

// assignTuple writes a, b = f(), v, ok = m[k], v, ok = x.(T), v, ok = <-c.
func (e *emitter) assignTuple(lhs []ast.Expr, r ast.Expr, define bool) {
	var set []func(string)
	for _, l := range lhs {
		set = append(set, e.target(l, define))
	}
	tmp := make([]string, len(lhs))
	for i := range tmp {
		tmp[i] = e.fresh("t")
	}
	tu, _ := e.typeOf(r).(*types.Tuple)
	switch x := ast.Unparen(r).(type) {
	case *ast.CallExpr:
		e.line("%s := %s", strings.Join(tmp, ", "), e.call(x, false))
	case *ast.IndexExpr:
		m := e.typeOf(x.X).Underlying().(*types.Map)
		e.line("%s, %s := %s[%s]", tmp[0], tmp[1], e.expr(x.X), e.key(x.Index, m))
	case *ast.TypeAssertExpr:
		e.line("%s, %s := %s(%s)", tmp[0], tmp[1], e.asserter(e.typeOf(x.Type), x.Pos()), e.conv(x.X, anyT))
	case *ast.UnaryExpr:
		elem := e.typeOf(x.X).Underlying().(*types.Chan).Elem()
		e.line("var %s %s", tmp[0], e.typ(elem, x.Pos()))
		e.line("%s := rtǁ.Recv(%s, &%s)", tmp[1], e.expr(x.X), tmp[0])
	default:
		e.refuse(r.Pos(), "assign", "this assignment")
	}
	for i, l := range lhs {
		if isBlank(l) {
			continue
		}
		v := tmp[i]
		if tu != nil {
			v = e.convText(v, e.subst(tu.At(i).Type()), e.targetType(l, define), l.Pos())
		}
		set[i](v)
	}
}

// opAssign writes l op= r.
func (e *emitter) opAssign(l ast.Expr, op, text string, at token.Pos, r ...ast.Expr) {
	t := e.typeOf(l)
	if text == "" {
		switch op {
		case "<<", ">>":
			text = e.shiftCount(r[0])
		default:
			text = e.conv(r[0], t)
		}
	}
	simple := true
	switch x := ast.Unparen(l).(type) {
	case *ast.Ident:
	case *ast.SelectorExpr:
	case *ast.IndexExpr:
		simple = e.pure(x.X) && e.pure(x.Index)
	case *ast.StarExpr:
		simple = e.pure(x.X)
	default:
		simple = false
	}
	if sel, ok := ast.Unparen(l).(*ast.SelectorExpr); ok {
		simple = e.pure(sel.X)
	}
	if _, ok := ast.Unparen(l).(*ast.Ident); !ok && len(r) > 0 && e.hasCalls(r[0]) {
		simple = false // what the call changes must not move the target between
	}
	if !simple {
		p := e.fresh("t")
		if ix, ok := ast.Unparen(l).(*ast.IndexExpr); ok {
			if m, ok := e.typeOf(ix.X).Underlying().(*types.Map); ok {
				k := e.fresh("t")
				e.line("%s := %s", p, e.expr(ix.X))
				e.line("var %s %s", k, e.typ(m.Key(), at))
				e.line("%s = %s", k, e.conv(ix.Index, m.Key()))
				e.line("%s[%s] = %s", p, k, e.arith(fmt.Sprintf("%s[%s]", p, k), op, text, t, at))
				return
			}
		}
		e.line("%s := &%s", p, e.lvalue(l))
		e.line("*%s = %s", p, e.arith("(*"+p+")", op, text, t, at))
		return
	}
	lv := e.lvalue(l)
	e.line("%s = %s", lv, e.arith(lv, op, text, t, at))
}

// hasCalls says whether evaluating an expression runs user code or receives.
func (e *emitter) hasCalls(x ast.Expr) bool {
	found := false
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			if tv := e.info.Types[n.Fun]; !tv.IsType() && !tv.IsBuiltin() {
				found = true
			}
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		}
		return !found
	})
	return found
}

// pure says that evaluating an expression twice is the same as once.
func (e *emitter) pure(x ast.Expr) bool {
	if tv, ok := e.info.Types[x]; ok && tv.Value != nil {
		return true
	}
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		return true
	case *ast.SelectorExpr:
		return e.pure(x.X) || e.info.Selections[x] == nil
	case *ast.BinaryExpr:
		return e.pure(x.X) && e.pure(x.Y)
	case *ast.IndexExpr:
		return e.pure(x.X) && e.pure(x.Index)
	case *ast.StarExpr:
		return e.pure(x.X)
	}
	return false
}

func (e *emitter) ifStmt(s *ast.IfStmt) {
	if s.Init != nil {
		e.line("{")
		e.indent++
		e.stmt(s.Init, "")
		defer func() {
			e.indent--
			e.line("}")
		}()
	}
	e.line("if %s {", e.expr(s.Cond))
	e.indent++
	e.block(s.Body.List)
	e.indent--
	if s.Else != nil {
		e.line("} else {")
		e.indent++
		e.stmt(s.Else, "")
		e.indent--
	}
	e.line("}")
}

func (e *emitter) checkpoint() { e.line("if stopǁ { rtǁ.Check(%d) }", e.fn.number) }

func (e *emitter) enter(l *loopState) { e.fn.loops = append(e.fn.loops, l) }
func (e *emitter) leave()             { e.fn.loops = e.fn.loops[:len(e.fn.loops)-1] }

func labelPrefix(label string) string {
	if label == "" {
		return ""
	}
	return label + ": "
}

func (e *emitter) forStmt(s *ast.ForStmt, label string) {
	e.line("{")
	e.indent++
	defer func() {
		e.indent--
		e.line("}")
	}()
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

func (e *emitter) branch(s *ast.BranchStmt) {
	label := ""
	if s.Label != nil {
		label = clean(s.Label.Name) + "ǁL"
	}
	switch s.Tok {
	case token.GOTO:
		if e.fn.iter != nil {
			e.refuse(s.Pos(), "goto", "goto inside a range over a func")
		}
		e.line("goto %s", strings.TrimSuffix(label, "L")+"G")
		return
	case token.FALLTHROUGH:
		e.line("fallthrough")
		return
	}
	var to *loopState
	for i := len(e.fn.loops) - 1; i >= 0; i-- {
		l := e.fn.loops[i]
		if label != "" && l.label != label {
			continue
		}
		if s.Tok == token.CONTINUE && !l.loop {
			continue
		}
		to = l
		break
	}
	if to == nil {
		e.refuse(s.Pos(), "branch", "this "+s.Tok.String())
	}
	if to.iter != nil || to.iterBetween(e.fn) {
		e.branchOut(s, to)
		return
	}
	if s.Tok == token.CONTINUE && to.post != "" {
		e.line("%s", to.post)
	}
	if label != "" {
		e.line("%s %s", s.Tok, label)
	} else {
		e.line("%s", s.Tok)
	}
}

func (e *emitter) returnStmt(s *ast.ReturnStmt) {
	if e.fn.iter != nil {
		e.returnOut(s)
		return
	}
	res := e.fn.sig.Results()
	if len(s.Results) == 0 {
		if e.fn.defers || len(e.fn.results) == 0 {
			e.line("return")
		} else {
			e.line("return %s", strings.Join(e.fn.results, ", "))
		}
		return
	}
	values := e.returnValues(s, res)
	if e.fn.defers {
		e.line("%s = %s", strings.Join(e.fn.results, ", "), strings.Join(values, ", "))
		e.line("return")
		return
	}
	if len(e.fn.results) > 0 && len(values) > 1 {
		e.line("return %s", strings.Join(values, ", "))
		return
	}
	e.line("return %s", strings.Join(values, ", "))
}

// returnValues writes the operands of a return, converted.
func (e *emitter) returnValues(s *ast.ReturnStmt, res *types.Tuple) []string {
	var values []string
	if len(s.Results) == res.Len() {
		for i, r := range s.Results {
			t := e.subst(res.At(i).Type())
			v := e.conv(r, t)
			if res.Len() > 1 || isInterface(t) || isSignature(t) {
				// A temporary of the right type: yaegi takes a nil or a constant among
				// several results for another type, and returns the name of a func as
				// something that cannot be called at once.
				n := e.fresh("t")
				e.line("var %s %s", n, e.typ(t, r.Pos()))
				e.line("%s = %s", n, v)
				v = n
			}
			values = append(values, v)
		}
		return values
	}
	call, ok := ast.Unparen(s.Results[0]).(*ast.CallExpr)
	if !ok {
		e.refuse(s.Pos(), "return", "this return")
	}
	tu := e.typeOf(call).(*types.Tuple)
	var tmp []string
	for range tu.Len() {
		tmp = append(tmp, e.fresh("t"))
	}
	e.line("%s := %s", strings.Join(tmp, ", "), e.call(call, false))
	for i := range tmp {
		values = append(values, e.convText(tmp[i], e.subst(tu.At(i).Type()), e.subst(res.At(i).Type()), s.Pos()))
	}
	return values
}

package yaegi

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

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

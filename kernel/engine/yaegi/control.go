package yaegi

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

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

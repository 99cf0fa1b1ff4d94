package yaegi

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

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

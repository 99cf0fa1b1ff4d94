package yaegi

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

func (e *emitter) switchStmt(s *ast.SwitchStmt, label string) {
	defer e.braces()()
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
					conds = append(conds, e.equal(tag, tt, x, x.Pos()))
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
	defer e.braces()()
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
	defer e.braces()()
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

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

func (e *emitter) leave() { e.fn.loops = e.fn.loops[:len(e.fn.loops)-1] }

func labelPrefix(label string) string {
	if label == "" {
		return ""
	}
	return label + ": "
}

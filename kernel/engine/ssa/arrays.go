package ssa

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
)

// measureArrays lets a range over an array that is only measured count to its
// length: such an operand is not evaluated, while go/ssa would load it.
func measureArrays(f *ast.File, info *types.Info) {
	ast.Inspect(f, func(n ast.Node) bool {
		r, ok := n.(*ast.RangeStmt)
		if !ok || r.Value != nil {
			return true
		}
		t := info.TypeOf(r.X)
		if t == nil {
			return true
		}
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		a, ok := t.Underlying().(*types.Array)
		if !ok || evaluates(r.X, info) {
			return true
		}
		lit := &ast.BasicLit{ValuePos: r.X.Pos(), Kind: token.INT, Value: strconv.FormatInt(a.Len(), 10)}
		info.Types[lit] = types.TypeAndValue{Type: types.Typ[types.Int], Value: constant.MakeInt64(a.Len())}
		r.X = lit
		return true
	})
}

// evaluates says whether an expression has calls or receives.
func evaluates(e ast.Expr, info *types.Info) (does bool) {
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			does = does || info.Types[n].Value == nil && !info.Types[n.Fun].IsType()
		case *ast.UnaryExpr:
			does = does || n.Op == token.ARROW
		case *ast.FuncLit:
			return false
		}
		return true
	})
	return does
}

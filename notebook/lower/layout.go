package lower

import (
	"go/ast"
	"go/token"

	"stnb.dev/notebook/syntax"
)

// scan learns from the syntax what the writer must know of spaces and lines.
func (l *layout) scan(c *syntax.Cell, n ast.Node) {
	put := func(m map[int]bool, list ...token.Pos) {
		for _, pos := range list {
			if pos.IsValid() {
				m[c.Offset(pos)] = true
			}
		}
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.UnaryExpr:
			put(l.unary, n.OpPos)
		case *ast.StarExpr:
			put(l.unary, n.Star)
		case *ast.BlockStmt:
			put(l.blocks, n.Lbrace, n.Rbrace)
		case *ast.StructType:
			if n.Fields != nil && len(n.Fields.List) > 0 {
				put(l.blocks, n.Fields.Opening, n.Fields.Closing)
			}
		case *ast.InterfaceType:
			if n.Methods != nil && len(n.Methods.List) > 0 {
				put(l.blocks, n.Methods.Opening, n.Methods.Closing)
			}
		case *ast.CaseClause:
			put(l.colons, n.Colon)
		case *ast.CommClause:
			put(l.colons, n.Colon)
		case *ast.LabeledStmt:
			put(l.colons, n.Colon)
		case *ast.CompositeLit:
			put(l.tight, n.Lbrace)
		case *ast.CallExpr:
			put(l.tight, n.Lparen)
		case *ast.IndexExpr:
			put(l.tight, n.Lbrack)
		case *ast.IndexListExpr:
			put(l.tight, n.Lbrack)
		case *ast.SliceExpr:
			put(l.tight, n.Lbrack)
		case *ast.TypeAssertExpr:
			put(l.tight, n.Lparen)
		case *ast.FuncType:
			if n.Params != nil {
				put(l.tight, n.Params.Opening)
			}
		case *ast.FuncDecl:
			if n.Type.TypeParams != nil {
				put(l.tight, n.Type.TypeParams.Opening)
			}
		case *ast.TypeSpec:
			if n.TypeParams != nil {
				put(l.tight, n.TypeParams.Opening)
			}
		}
		return true
	})
}

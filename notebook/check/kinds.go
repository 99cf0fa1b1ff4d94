package check

import (
	"go/ast"
	"maps"

	"stnb.dev/notebook/syntax"
)

// What an SQL cell's result is: *dataframe.Frame.
const (
	FramePath = "stnb.dev/dataframe"
	FrameName = "dataframeʹ"
)

// sql forms an SQL cell: its result is a variable, and using Go values as
// parameters and tables is passing them to a func that takes anything.
func (f *File) sql() {
	c := f.Cell
	if len(c.Defs) > 0 {
		f.Naming = f.Naming.with(Import{Path: FramePath, Name: FrameName})
		f.Used[FrameName] = true
		at := c.Pos(0)
		id := c.Defs[0].Ident
		c.Decls = append(c.Decls, varDecl(at, &ast.ValueSpec{
			Names: []*ast.Ident{id},
			Type: &ast.StarExpr{Star: at, X: &ast.SelectorExpr{
				X: &ast.Ident{NamePos: at, Name: FrameName}, Sel: &ast.Ident{NamePos: at, Name: "Frame"}}},
		}))
	}
	for _, ref := range c.Refs {
		if f.IsTable(ref) || !ref.Table {
			c.Stmts = append(c.Stmts, &ast.ExprStmt{X: &ast.CallExpr{
				Fun:    &ast.Ident{NamePos: ref.Ident.Pos(), Name: showFunc},
				Lparen: ref.Ident.Pos(), Args: []ast.Expr{ref.Ident}, Rparen: ref.Ident.End(),
			}})
		}
	}
}

// IsTable says whether a table in SQL is a Go value.
func (f *File) IsTable(ref *syntax.Ref) bool {
	return ref.Table && ref.Ident.Name == f.Naming.lookup(Typed(ref.Ident.Name))
}

// with returns the naming with one more import.
func (n *Naming) with(imp Import) *Naming {
	m := *n
	m.Imports = maps.Clone(n.Imports)
	m.Imports[Typed(imp.Name)] = imp
	return &m
}

// markdown forms a Markdown cell: the value of each expression is shown.
func (f *File) markdown() {
	for _, s := range f.Cell.Stmts {
		if s, ok := s.(*ast.ExprStmt); ok {
			f.show(s)
		}
	}
}

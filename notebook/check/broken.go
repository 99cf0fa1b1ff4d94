package check

import (
	"go/ast"
	"go/token"

	"stnb.dev/notebook"
	"stnb.dev/notebook/syntax"
)

// Broken forms a cell with syntax errors: it defines the names the cell seems to
// define, of no valid type, so that the cells below do not complain about them.
func Broken(id notebook.CellID, c *syntax.Cell, n *Naming) *File {
	f := &File{ID: id, Cell: c, Naming: n, Used: map[string]bool{}, Shown: map[*ast.ExprStmt]ast.Expr{}}
	at := c.Pos(0)
	f.AST = &ast.File{Package: at, Name: &ast.Ident{NamePos: at, Name: "main"}}
	done := map[string]bool{}
	for _, d := range c.Defs {
		name := n.Defs[d.Name]
		if done[name] {
			continue
		}
		done[name] = true
		id := &ast.Ident{NamePos: at, Name: name}
		nothing := &ast.Ident{NamePos: at, Name: "brokenʹ"}
		if d.Kind == syntax.Type {
			f.AST.Decls = append(f.AST.Decls, &ast.GenDecl{TokPos: at, Tok: token.TYPE,
				Specs: []ast.Spec{&ast.TypeSpec{Name: id, Type: nothing}}})
			continue
		}
		f.AST.Decls = append(f.AST.Decls, varDecl(at, &ast.ValueSpec{Names: []*ast.Ident{id}, Type: nothing}))
	}
	for _, own := range n.Own {
		if !done[own.Lowered] {
			f.AST.Decls = append(f.AST.Decls, varDecl(at, &ast.ValueSpec{
				Names: []*ast.Ident{{NamePos: at, Name: own.Lowered}}, Type: &ast.Ident{NamePos: at, Name: "brokenʹ"},
			}))
		}
	}
	return f
}

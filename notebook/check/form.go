package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"

	"stnb.dev/notebook"
	"stnb.dev/notebook/syntax"
)

// File is a cell in the form go/types checks: a Go file at the positions of the
// typed text. A variable defined by the cell's statements is a package-level
// variable with its initialiser, so that its type is inferred; the other
// statements are the body of a func.
//
// That form is for checking only: it would run initialisers in another order.
type File struct {
	ID     notebook.CellID
	Cell   *syntax.Cell // with the lowered names
	Naming *Naming
	AST    *ast.File
	// Used are the lowered names of the imports the typed text uses.
	Used map[string]bool
	// Bare are the statements that are one call or receive, in the cell's
	// statements outside declared funcs; Shown those that are another
	// expression, with the expression shown.
	Bare  []*ast.ExprStmt
	Shown map[*ast.ExprStmt]ast.Expr
	// Last is the cell's last statement when it is in Bare.
	Last *ast.ExprStmt

	// Checked is what go/types found out; nil until Check.
	Checked *Checked

	problems []problem
}

// Info is what go/types knows of the file's nodes.
func (f *File) Info() *types.Info { return f.Checked.Info }

const methodElsewhere = "method-elsewhere"

// problem is a mistake found while forming a file.
type problem struct {
	pos, end token.Pos
	code     string
	message  string
}

// The helper func of the check form: showing an expression is an argument to it.
const showFunc = "showʹ"

// Form brings a cell into the form for checking. typed is its syntax as typed;
// what is checked is a parse of its own, in which names are the lowered ones.
func Form(nc notebook.Cell, typed *syntax.Cell, n *Naming, facts *Facts) *File {
	if nc.Kind == notebook.SQL && nc.Name != "" {
		nc.Name = n.Defs[nc.Name]
	}
	c := syntax.ParseRenamed(nc, n.renames(typed, facts), n.Hidden)
	f := &File{ID: nc.ID, Cell: c, Naming: n, Used: map[string]bool{}, Shown: map[*ast.ExprStmt]ast.Expr{}}
	f.usedImports()
	if !n.Hidden {
		f.methods()
	}
	switch c.Kind {
	case notebook.SQL:
		f.sql()
	case notebook.Markdown:
		f.markdown()
	default:
		f.bareExpressions()
	}
	f.AST = &ast.File{
		Package: c.Pos(-1),
		Name:    &ast.Ident{NamePos: c.Pos(-1), Name: "main"},
	}
	b := &former{file: f}
	for _, s := range c.Stmts {
		if s = b.stmt(s); s != nil {
			b.body = append(b.body, s)
		}
	}
	f.AST.Decls = append(f.AST.Decls, f.imports()...)
	f.AST.Decls = append(f.AST.Decls, c.Decls...)
	f.AST.Decls = append(f.AST.Decls, b.vars...)
	if n.Hidden {
		return f
	}
	f.AST.Decls = append(f.AST.Decls, f.ownVersions()...)
	f.AST.Decls = append(f.AST.Decls, &ast.FuncDecl{
		Name: &ast.Ident{NamePos: c.Body.Lbrace, Name: n.Func},
		Type: &ast.FuncType{Func: c.Body.Lbrace, Params: &ast.FieldList{}},
		Body: &ast.BlockStmt{Lbrace: c.Body.Lbrace, List: b.body, Rbrace: c.Body.Rbrace},
	})
	return f
}

// usedImports finds the packages the cell's text uses.
func (f *File) usedImports() {
	names := map[string]bool{}
	for _, imp := range f.Naming.Imports {
		names[imp.Name] = true
	}
	for _, ref := range f.Cell.Refs {
		if ref.Def == nil && names[ref.Ident.Name] {
			f.Used[ref.Ident.Name] = true
		}
	}
}

// methods refuses methods of types that other cells define: a type is all of its
// methods, and must not change when another cell runs.
func (f *File) methods() {
	for _, d := range f.Cell.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Recv == nil || len(fn.Recv.List) != 1 {
			continue
		}
		for _, ref := range f.Cell.Refs {
			id := ref.Ident
			if ref.Def == nil && id.Pos() >= fn.Recv.Pos() && id.End() <= fn.Recv.End() && f.Naming.fromAbove(id.Name) {
				f.problems = append(f.problems, problem{fn.Name.Pos(), fn.Name.End(), methodElsewhere,
					"a method must stand in the cell that defines its type, " + Typed(id.Name)})
			}
		}
	}
}

// imports declares the packages the file uses.
func (f *File) imports() []ast.Decl {
	var specs []ast.Spec
	at := f.Cell.Pos(-1)
	done := map[string]bool{}
	for _, imp := range f.Naming.Imports {
		if f.Used[imp.Name] && !done[imp.Name] {
			done[imp.Name] = true
			specs = append(specs, importSpec(at, imp.Name, imp.Path))
		}
	}
	if specs == nil {
		return nil
	}
	return []ast.Decl{&ast.GenDecl{TokPos: at, Tok: token.IMPORT, Lparen: at, Specs: specs, Rparen: at}}
}

func importSpec(at token.Pos, name, path string) *ast.ImportSpec {
	return &ast.ImportSpec{
		Name: &ast.Ident{NamePos: at, Name: name},
		Path: &ast.BasicLit{ValuePos: at, Kind: token.STRING, Value: strconv.Quote(path)},
	}
}

// ownVersions declares the cell's own versions with the type of what they copy.
func (f *File) ownVersions() []ast.Decl {
	var decls []ast.Decl
	at := f.Cell.Body.Lbrace
	for _, own := range f.Naming.Own {
		decls = append(decls, varDecl(at, &ast.ValueSpec{
			Names:  []*ast.Ident{{NamePos: at, Name: own.Lowered}},
			Values: []ast.Expr{&ast.Ident{NamePos: at, Name: own.From}},
		}))
	}
	return decls
}

func varDecl(at token.Pos, specs ...ast.Spec) *ast.GenDecl {
	return &ast.GenDecl{TokPos: at, Tok: token.VAR, Specs: specs}
}

// former sorts the cell's statements into variables and the func's body.
type former struct {
	file *File
	vars []ast.Decl
	body []ast.Stmt
}

// stmt moves what a statement defines to vars, and returns what is left of it.
func (b *former) stmt(s ast.Stmt) ast.Stmt {
	switch s := s.(type) {
	case *ast.LabeledStmt:
		inner := b.stmt(s.Stmt)
		if inner == nil {
			inner = &ast.EmptyStmt{Semicolon: s.Stmt.Pos(), Implicit: true}
		}
		return &ast.LabeledStmt{Label: s.Label, Colon: s.Colon, Stmt: inner}
	case *ast.DeclStmt:
		b.vars = append(b.vars, s.Decl)
		return nil
	case *ast.AssignStmt:
		if s.Tok == token.DEFINE {
			return b.define(s)
		}
	}
	return s
}

// define splits a := into a declaration of its new names and an assignment to
// those the cell had already.
func (b *former) define(s *ast.AssignStmt) ast.Stmt {
	if l, r := len(s.Lhs), len(s.Rhs); l != r && r != 1 {
		b.file.problems = append(b.file.problems, problem{s.Lhs[0].Pos(), s.Lhs[l-1].End(), "assignment-mismatch",
			"assignment mismatch: " + count(l, "variable") + " but " + count(r, "value")})
		return nil
	}
	fresh := map[*ast.Ident]bool{}
	for _, d := range b.file.Cell.Defs {
		fresh[d.Ident] = true
	}
	old := 0
	for _, e := range s.Lhs {
		if id, ok := e.(*ast.Ident); ok && !fresh[id] && id.Name != "_" {
			old++
		}
	}
	if old == 0 {
		b.vars = append(b.vars, varDecl(s.Pos(), &ast.ValueSpec{Names: idents(s.Lhs), Values: s.Rhs}))
		return nil
	}
	if len(s.Rhs) == len(s.Lhs) {
		rest := &ast.AssignStmt{TokPos: s.TokPos, Tok: token.ASSIGN}
		for i, e := range s.Lhs {
			if id, ok := e.(*ast.Ident); ok && fresh[id] {
				b.vars = append(b.vars, varDecl(s.Pos(), &ast.ValueSpec{Names: []*ast.Ident{id}, Values: s.Rhs[i : i+1]}))
			} else {
				rest.Lhs = append(rest.Lhs, e)
				rest.Rhs = append(rest.Rhs, s.Rhs[i])
			}
		}
		return rest
	}
	// One call gives both: it is checked twice, once for the types of the new
	// names and once for the assignment to the others.
	spec := &ast.ValueSpec{Values: s.Rhs}
	rest := &ast.AssignStmt{TokPos: s.TokPos, Tok: token.ASSIGN, Rhs: s.Rhs}
	isNew := false
	for _, e := range s.Lhs {
		id, _ := e.(*ast.Ident)
		blank := &ast.Ident{NamePos: e.Pos(), Name: "_"}
		if id != nil && fresh[id] {
			isNew = true
			spec.Names = append(spec.Names, id)
			rest.Lhs = append(rest.Lhs, blank)
		} else {
			spec.Names = append(spec.Names, blank)
			rest.Lhs = append(rest.Lhs, e)
		}
	}
	if isNew {
		b.vars = append(b.vars, varDecl(s.Pos(), spec))
	}
	return rest
}

func idents(list []ast.Expr) []*ast.Ident {
	out := make([]*ast.Ident, len(list))
	for i, e := range list {
		id, ok := e.(*ast.Ident)
		if !ok {
			id = &ast.Ident{NamePos: e.Pos(), Name: "_"}
		}
		out[i] = id
	}
	return out
}

func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}

// bareExpressions finds the statements that are one expression, in every list of
// statements of the cell's own.
func (f *File) bareExpressions() {
	f.bareIn(f.Cell.Stmts)
	for _, s := range f.Cell.Stmts {
		ast.Inspect(s, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BlockStmt:
				f.bareIn(n.List)
			case *ast.CaseClause:
				f.bareIn(n.Body)
			case *ast.CommClause:
				f.bareIn(n.Body)
			}
			return true
		})
	}
	if n := len(f.Cell.Stmts); n > 0 {
		if last, ok := f.Cell.Stmts[n-1].(*ast.ExprStmt); ok && f.Shown[last] == nil {
			f.Last = last
		}
	}
}

func (f *File) bareIn(list []ast.Stmt) {
	for _, s := range list {
		for {
			labeled, ok := s.(*ast.LabeledStmt)
			if !ok {
				break
			}
			s = labeled.Stmt
		}
		stmt, ok := s.(*ast.ExprStmt)
		if !ok {
			continue
		}
		if isCall(stmt.X) {
			f.Bare = append(f.Bare, stmt)
			continue
		}
		f.show(stmt)
	}
}

func (f *File) show(stmt *ast.ExprStmt) {
	f.Shown[stmt] = stmt.X
	stmt.X = &ast.CallExpr{
		Fun:    &ast.Ident{NamePos: stmt.X.Pos(), Name: showFunc},
		Lparen: stmt.X.Pos(), Args: []ast.Expr{stmt.X}, Rparen: stmt.X.End(),
	}
}

// isCall says whether an expression may stand as a statement in Go, as far as
// syntax tells: a conversion looks like a call.
func isCall(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		return true
	case *ast.UnaryExpr:
		return e.Op == token.ARROW
	}
	return false
}

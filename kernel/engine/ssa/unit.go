package ssa

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"path"
	"strconv"
	"strings"

	"stnb.dev/kernel/wire"
)

// parsedUnit is the syntax of a unit, kept from one program to the next.
type parsedUnit struct {
	wire.Unit
	file     *ast.File
	inits    *ast.File // funcs that set its variables
	set      []initializer
	declares []string // package-level names
	problems []wire.Problem
}

// initializer sets the variables of one var declaration.
type initializer struct {
	at string // position of the first variable
	fn string // name of the func that does it
}

// parse reads the units, but for those it has read for the last program.
func (e *Engine) parse(units []wire.Unit) (list []*parsedUnit, problems []wire.Problem) {
	parsed := map[wire.Unit]*parsedUnit{}
	for _, u := range units {
		pu := e.parsed[u]
		if pu == nil {
			pu = e.parseUnit(u)
		}
		parsed[u] = pu
		list = append(list, pu)
		if pu.file != nil {
			problems = append(problems, e.refuseImports(pu.file)...)
		}
		problems = append(problems, pu.problems...)
	}
	e.parsed = parsed
	return list, problems
}

func (e *Engine) refuseImports(f *ast.File) (problems []wire.Problem) {
	for _, imp := range f.Imports {
		path, _ := strconv.Unquote(imp.Path.Value)
		if why := e.refuses(path); why != "" {
			problems = append(problems, e.problem(firstUse(f, imp, path), "unsupported", "not supported: "+why))
		}
	}
	return problems
}

// firstUse is where a file first uses what it imports: of a cell's imports, the
// lowered text does not tell where they were typed.
func firstUse(f *ast.File, imp *ast.ImportSpec, importPath string) token.Pos {
	name := path.Base(importPath)
	if imp.Name != nil {
		name = imp.Name.Name
	}
	at := token.NoPos
	ast.Inspect(f, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && !at.IsValid() {
			if id, ok := sel.X.(*ast.Ident); ok && id.Name == name {
				at = id.Pos()
			}
		}
		return !at.IsValid()
	})
	if !at.IsValid() {
		return imp.Pos()
	}
	return at
}

func (e *Engine) problem(pos token.Pos, code, message string) wire.Problem {
	at := e.fset.Position(pos)
	return wire.Problem{Unit: at.Filename, Line: at.Line, Column: at.Column, Code: code, Message: message}
}

func (e *Engine) parseUnit(u wire.Unit) *parsedUnit {
	pu := &parsedUnit{Unit: u}
	f, err := parser.ParseFile(e.fset, u.ID, u.Source, parser.SkipObjectResolution|parser.ParseComments)
	if err != nil {
		pu.problems = syntaxProblems(u.ID, err)
		return pu
	}
	pu.file = f
	pu.inits, pu.set = e.initFile(u, f)
	for _, g := range f.Comments {
		for _, c := range g.List {
			for _, mark := range []string{"go:embed", "go:linkname"} {
				if strings.HasPrefix(c.Text, "//"+mark+" ") {
					pu.problems = append(pu.problems, e.problem(c.Pos(), "unsupported", "not supported: "+mark))
				}
			}
		}
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				pu.declares = append(pu.declares, d.Name.Name)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					pu.declares = append(pu.declares, s.Name.Name)
				case *ast.ValueSpec:
					for _, n := range s.Names {
						pu.declares = append(pu.declares, n.Name)
					}
				}
			}
		}
	}
	for _, in := range pu.set {
		pu.declares = append(pu.declares, in.fn)
	}
	return pu
}

func syntaxProblems(unit string, err error) (out []wire.Problem) {
	var list scanner.ErrorList
	if !errors.As(err, &list) {
		return []wire.Problem{{Unit: unit, Line: 1, Column: 1, Code: "syntax", Message: err.Error()}}
	}
	for _, e := range list {
		out = append(out, wire.Problem{Unit: unit, Line: e.Pos.Line, Column: e.Pos.Column, Code: "syntax", Message: e.Msg})
	}
	return out
}

// initFile gives a second parse of a unit that holds just funcs, one for each
// variable declaration with values: so a variable can be set again when only its
// unit is new.
func (e *Engine) initFile(u wire.Unit, f *ast.File) (*ast.File, []initializer) {
	var inits []initializer
	found := false
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
			for _, s := range g.Specs {
				found = found || len(s.(*ast.ValueSpec).Values) > 0
			}
		}
	}
	if !found {
		return nil, nil
	}
	g, err := parser.ParseFile(e.fset, u.ID, u.Source, parser.SkipObjectResolution)
	if err != nil {
		return nil, nil
	}
	var decls []ast.Decl
	for _, d := range g.Decls {
		gd, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		if gd.Tok == token.IMPORT {
			decls = append(decls, d)
			continue
		}
		if gd.Tok != token.VAR {
			continue
		}
		for _, s := range gd.Specs {
			vs := s.(*ast.ValueSpec)
			if len(vs.Values) == 0 {
				continue
			}
			set := func(names []*ast.Ident, values []ast.Expr) {
				e.inits++
				name := fmt.Sprintf("initʹ%d", e.inits)
				in := initializer{fn: name, at: e.fset.Position(names[0].Pos()).String()}
				lhs := make([]ast.Expr, len(names))
				for i, n := range names {
					lhs[i] = n
				}
				inits = append(inits, in)
				decls = append(decls, &ast.FuncDecl{
					Name: &ast.Ident{Name: name, NamePos: names[0].Pos()},
					Type: &ast.FuncType{Func: names[0].Pos(), Params: &ast.FieldList{}},
					Body: &ast.BlockStmt{Lbrace: names[0].Pos(), Rbrace: values[len(values)-1].End(), List: []ast.Stmt{
						&ast.AssignStmt{Lhs: lhs, TokPos: values[0].Pos(), Tok: token.ASSIGN, Rhs: values},
					}},
				})
			}
			if len(vs.Values) == len(vs.Names) {
				for i := range vs.Names {
					set(vs.Names[i:i+1], vs.Values[i:i+1])
				}
			} else {
				set(vs.Names, vs.Values)
			}
		}
	}
	g.Decls = decls
	g.Comments = nil
	return g, inits
}

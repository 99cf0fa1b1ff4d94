package engine

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"maps"
	"strings"
	"sync"

	"stnb.dev/kernel/modules"
	"stnb.dev/kernel/symbols/exports"
	"stnb.dev/kernel/wire"
)

// Front parses and type-checks for an engine. It keeps the packages it has read
// and the units it has parsed, so an edit costs one unit's parsing and one check.
type Front struct {
	Fset *token.FileSet
	set  *exports.Set
	imp  types.Importer

	mu     sync.Mutex
	parsed map[string]*parsedUnit // by unit ID
	source map[string]*Source
}

type parsedUnit struct {
	file *ast.File
	err  error
}

// NewFront makes a front over a set of packages; nil is the embedded one.
func NewFront(set *exports.Set) *Front {
	if set == nil {
		set = exports.Default()
	}
	fset := token.NewFileSet()
	return &Front{Fset: fset, set: set, imp: own{set.Importer(fset)}, parsed: map[string]*parsedUnit{}, source: map[string]*Source{}}
}

// own has the packages that are in this binary, and says what those of other modules
// lack: they are sources, which only the engine for all of Go runs.
type own struct{ types.Importer }

func (o own) Import(path string) (*types.Package, error) {
	pkg, err := o.Importer.Import(path)
	if err != nil && modules.Outside(path) {
		return nil, errors.New("it is of another module, and runs on the ssa engine")
	}
	return pkg, err
}

// Checked is a program after type-checking.
type Checked struct {
	Fset  *token.FileSet
	Pkg   *types.Package
	Info  *types.Info
	Units []CheckedUnit // in the order given
}

// CheckedUnit is one unit of a program.
type CheckedUnit struct {
	wire.Unit
	File     *ast.File
	Problems []wire.Problem // of parsing and checking; such a unit cannot run
}

// NewInfo is a types.Info with all its maps.
func NewInfo() *types.Info {
	return &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{}, Implicits: map[ast.Node]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Instances: map[*ast.Ident]types.Instance{},
		Scopes: map[ast.Node]*types.Scope{},
	}
}

// Check parses and checks all units as one package main. File names are unit IDs,
// so positions in Fset are lowered positions.
func (f *Front) Check(units []wire.Unit) *Checked {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := &Checked{Fset: f.Fset, Info: NewInfo()}
	var files []*ast.File
	index := map[string]int{}
	keep := map[string]*parsedUnit{}
	for i, u := range units {
		p := f.parsed[u.ID]
		if p == nil {
			p = &parsedUnit{}
			p.file, p.err = parser.ParseFile(f.Fset, u.ID, u.Source, parser.SkipObjectResolution|parser.ParseComments)
		}
		keep[u.ID] = p
		cu := CheckedUnit{Unit: u, File: p.file}
		index[u.ID] = i
		if p.err != nil {
			cu.Problems = parseProblems(u.ID, p.err)
		} else {
			files = append(files, p.file)
		}
		c.Units = append(c.Units, cu)
	}
	f.parsed = keep
	conf := types.Config{
		Importer:  f.imp,
		GoVersion: "go1.26",
		Error: func(err error) {
			te, ok := err.(types.Error)
			if !ok {
				return
			}
			pos := f.Fset.Position(te.Pos)
			if i, ok := index[pos.Filename]; ok && !te.Soft {
				c.Units[i].Problems = append(c.Units[i].Problems, wire.Problem{
					Unit: pos.Filename, Line: pos.Line, Column: pos.Column, Code: "type", Message: te.Msg,
				})
			}
		},
	}
	c.Pkg, _ = conf.Check("main", f.Fset, files, c.Info) // errors came one by one
	return c
}

func parseProblems(unit string, err error) []wire.Problem {
	var ps []wire.Problem
	if list, ok := err.(scanner.ErrorList); ok {
		for _, e := range list {
			ps = append(ps, wire.Problem{Unit: unit, Line: e.Pos.Line, Column: e.Pos.Column, Code: "syntax", Message: e.Msg})
		}
		return ps
	}
	return []wire.Problem{{Unit: unit, Line: 1, Column: 1, Code: "syntax", Message: err.Error()}}
}

// Source is a package whose bodies are at hand: the veneer of the widgets, and
// the generic packages of the standard library.
type Source struct {
	Path  string
	Pkg   *types.Package
	Info  *types.Info
	Funcs map[string]*ast.FuncDecl // "Func" or "Type.Method"
	Vars  []*ast.ValueSpec
}

// Source reads and checks a package from its source, once; nil when there is
// none. Its imports are the same packages that the program's are.
func (f *Front) Source(path string) (*Source, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if s, ok := f.source[path]; ok {
		return s, nil
	}
	texts, ok := f.set.Source(path)
	if !ok {
		return nil, nil
	}
	s := &Source{Path: path, Info: NewInfo(), Funcs: map[string]*ast.FuncDecl{}}
	maps.DeleteFunc(texts, func(name, _ string) bool { return strings.HasSuffix(name, "_test.go") })
	files, err := files(f.Fset, path, texts)
	if err != nil {
		return nil, fmt.Errorf("package %s: %w", path, err)
	}
	conf := types.Config{Importer: f.imp, GoVersion: "go1.26", IgnoreFuncBodies: false, Error: func(error) {}}
	s.Pkg, _ = conf.Check(path, f.Fset, files, s.Info) // what a body lacks is met when it is used
	for _, file := range files {
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				s.Funcs[FuncKey(d)] = d
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if v, ok := spec.(*ast.ValueSpec); ok && d.Tok == token.VAR {
						s.Vars = append(s.Vars, v)
					}
				}
			}
		}
	}
	f.source[path] = s
	return s, nil
}

// FuncKey names a declared func within its package: "F", or "T.M" for a method.
func FuncKey(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return d.Name.Name
	}
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
			continue
		case *ast.ParenExpr:
			t = x.X
			continue
		case *ast.IndexExpr:
			t = x.X
			continue
		case *ast.IndexListExpr:
			t = x.X
			continue
		case *ast.Ident:
			return x.Name + "." + d.Name.Name
		}
		return d.Name.Name
	}
}

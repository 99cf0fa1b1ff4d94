package ssa

import (
	"errors"
	"fmt"
	"go/ast"
	"go/types"
	"os"
	"runtime/debug"

	"stnb.dev/kernel/wire"
)

func newInfo() *types.Info {
	return &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{}, Implicits: map[ast.Node]types.Object{},
		Instances: map[*ast.Ident]types.Instance{}, Scopes: map[ast.Node]*types.Scope{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, FileVersions: map[*ast.File]string{},
	}
}

// check type-checks units as files of pkg, together with the funcs that set their
// variables.
func (l *lineage) check(pkg *types.Package, fresh []*parsedUnit, info *types.Info) (files []*ast.File, problems []wire.Problem) {
	for _, pu := range fresh {
		files = append(files, pu.file)
		if pu.inits != nil {
			files = append(files, pu.inits)
		}
	}
	conf := types.Config{
		Importer: l.eng.imp, Sizes: types.SizesFor("gc", goarch), GoVersion: goVersion,
		Error: func(err error) {
			var te types.Error
			if errors.As(err, &te) && !te.Soft {
				problems = append(problems, l.eng.problem(te.Pos, "type", te.Msg))
			}
		},
		DisableUnusedImportCheck: true,
	}
	types.NewChecker(&conf, l.fset, pkg, info).Files(files)
	return files, problems
}

// build makes the SSA form of a part and of what it imports, where that is not
// there yet.
func (l *lineage) build(p *part, files []*ast.File, info *types.Info, imports []*types.Package) (problem *wire.Problem) {
	l.base.mu.Lock()
	defer l.base.mu.Unlock()
	defer func() {
		if r := recover(); r != nil {
			if os.Getenv("STNB_SSA_DEBUG") != "" {
				debug.PrintStack()
			}
			l.eng.base = nil // what was half built is not to be used again
			problem = &wire.Problem{Code: "unsupported", Message: fmt.Sprintf("not supported: %v", r)}
		}
	}()
	prog := l.base.ssa
	for _, t := range imports {
		l.base.sizes[t] = t.Scope().Len()
		s := l.eng.imp.sources[t]
		switch {
		case prog.Package(t) != nil:
		case s != nil:
			prog.CreatePackage(t, s.files, s.info, true)
		default:
			prog.CreatePackage(t, nil, nil, true)
		}
	}
	p.ssa = prog.CreatePackage(p.pkg, files, info, false)
	l.base.built += len(files)
	for _, t := range imports {
		if l.eng.imp.sources[t] != nil && !l.runsFromSource(t) {
			s := prog.Package(t)
			s.Build()
			l.source(s)
		}
	}
	p.ssa.Build()
	made.Lock()
	defer made.Unlock()
	l.types.user[p.pkg] = true
	return nil
}

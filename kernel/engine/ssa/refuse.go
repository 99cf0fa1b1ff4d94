package ssa

import (
	"go/ast"
	"go/types"
	"sort"

	"stnb.dev/kernel/symbols"
	"stnb.dev/kernel/wire"
)

// refuse finds what cannot run, before anything does.
func (l *lineage) refuse(pkg *types.Package, files []*ast.File, info *types.Info) (problems []wire.Problem) {
	report := func(n ast.Node, what string) {
		problems = append(problems, l.eng.problem(n.Pos(), "unsupported", "not supported: "+what))
	}
	missing := func(n ast.Node, o types.Object) {
		what := o.Pkg().Path() + "." + o.Name()
		if why := symbols.Missing(o.Pkg().Path(), o.Name()); why != "" {
			what += ": " + why
		}
		report(n, what)
	}
	for _, f := range files {
		for _, d := range f.Decls {
			if fd, ok := d.(*ast.FuncDecl); ok && fd.Body == nil {
				report(fd, "func "+fd.Name.Name+" without a body")
			}
		}
	}
	for id, o := range info.Uses {
		if o.Pkg() == nil || o.Pkg() == pkg || l.types.user[o.Pkg()] || o.Pkg() == types.Unsafe {
			continue
		}
		switch o := o.(type) {
		case *types.Func:
			if r := o.Signature().Recv(); r != nil {
				t := types.Unalias(r.Type())
				if p, ok := t.(*types.Pointer); ok {
					t = types.Unalias(p.Elem())
				}
				if n, ok := t.(*types.Named); ok && n.TypeArgs().Len() > 0 {
					name := n.Obj().Name() + ")." + o.Name()
					path := o.Pkg().Path()
					if intrinsics[path+".("+name] == nil && intrinsics[path+".(*"+name] == nil {
						report(id, "method "+o.Name()+" of the generic type "+path+"."+n.Obj().Name())
					}
				}
				continue
			}
			if !o.Exported() {
				continue
			}
			if intrinsics[o.Pkg().Path()+"."+o.Name()] != nil {
				continue
			}
			if _, ok := l.symbol(o.Pkg().Path(), o.Name()); !ok {
				missing(id, o)
			}
		case *types.Var:
			if o.IsField() || o.Parent() != o.Pkg().Scope() {
				continue
			}
			if _, ok := l.symbol(o.Pkg().Path(), o.Name()); !ok {
				missing(id, o)
			}
		}
	}
	sort.Slice(problems, func(i, j int) bool {
		a, b := problems[i], problems[j]
		return a.Unit < b.Unit || a.Unit == b.Unit && (a.Line < b.Line || a.Line == b.Line && a.Column < b.Column)
	})
	return problems
}

package ssa

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"sync"

	"golang.org/x/tools/go/ssa"

	"stnb.dev/kernel/modules"
	"stnb.dev/kernel/wire"
)

// lineage is what a program shares with those it came from: the units they have
// in common keep their SSA form, their types and their compiled code. Programs of
// one lineage differ in the units they have alone.
//
// A package-level name is declared once in a lineage: what has used it means that
// one for ever. A program that declares a name anew begins a lineage of its own;
// notebooks give changed definitions other names.
//
// After Compile only its caches change, under their locks.
type lineage struct {
	eng   *Engine
	base  *base
	fset  *token.FileSet
	units map[wire.Unit]*unit
	// names are what units declare, present ones and past ones.
	names   map[string]*unit
	parts   []*part
	sources []*ssa.Package // run from source, each after those it imports

	types *typer
	local map[token.Pos]int // numbers of the types that funcs declare

	mu  sync.Mutex
	fns map[*ssa.Function]*fn

	sites sites

	inlinable  sync.Map // *ssa.Function -> bool
	globals    sync.Map // *ssa.Global -> reflect.Type
	plainTypes sync.Map // *userType -> types.Type, unnamed
	methods    sync.Map // methodKey -> *fn
	entries    sync.Map // *userMethod -> *fn
}

// part is what was checked and built together.
type part struct {
	pkg  *types.Package
	ssa  *ssa.Package
	init []step // in the order of Go
}

// step is a part of initialisation: what sets variables, or an init func.
type step struct {
	unit *unit
	fn   *ssa.Function
}

// unit is a unit as part of a lineage.
type unit struct {
	wire.Unit
	part  *part
	needs map[*unit]bool // whose names it uses
}

func newLineage(e *Engine) *lineage {
	l := &lineage{eng: e, base: e.base, fset: e.fset, units: map[wire.Unit]*unit{}, names: map[string]*unit{},
		local: map[token.Pos]int{}, fns: map[*ssa.Function]*fn{}}
	l.types = &typer{prog: l, fset: l.fset, user: map[*types.Package]bool{}, cache: map[types.Type]reflect.Type{},
		named: map[*types.Named]*userType{}, owner: map[*types.TypeName][]types.Type{}}
	l.initSites()
	return l
}

// first makes the first program of a lineage. grown says that it has to begin
// again, with another base.
func (l *lineage) first(parsed []*parsedUnit) (p *program, grown bool, problems []wire.Problem) {
	if len(parsed) > 0 {
		if grown, problems = l.add(parsed, nil); grown || len(problems) > 0 {
			return nil, grown, problems
		}
	}
	return l.program(parsed), false, nil
}

// extend makes a program of units that the lineage has and of others; nil when it
// has to be made afresh.
func (l *lineage) extend(parsed []*parsedUnit) *program {
	var fresh []*parsedUnit
	live := map[*unit]bool{}
	for _, pu := range parsed {
		if u := l.units[pu.Unit]; u != nil {
			live[u] = true
		} else {
			fresh = append(fresh, pu)
		}
	}
	for u := range live {
		for n := range u.needs {
			if !live[n] {
				return nil
			}
		}
	}
	own := map[string]bool{}
	for _, pu := range fresh {
		for _, name := range pu.declares {
			if l.names[name] != nil && name != "init" && name != "_" {
				return nil
			}
			own[name] = true
		}
	}
	for _, pu := range fresh {
		for _, d := range pu.file.Decls {
			if fd, ok := d.(*ast.FuncDecl); ok && fd.Recv != nil && !own[receiver(fd)] {
				return nil // a method of a type that stands elsewhere
			}
		}
	}
	if len(fresh) > 0 {
		if grown, problems := l.add(fresh, live); grown || len(problems) > 0 {
			return nil
		}
	}
	return l.program(parsed)
}

// receiver is the name of a method's type.
func receiver(d *ast.FuncDecl) string {
	if len(d.Recv.List) == 0 {
		return ""
	}
	return modules.Receiver(d.Recv.List[0].Type)
}

// add checks and builds units as a part. They see the names of the live ones: these
// are put into the part's package, which has the same path, so that it is the
// same package to all that is not exported.
func (l *lineage) add(fresh []*parsedUnit, live map[*unit]bool) (grown bool, problems []wire.Problem) {
	p := &part{pkg: types.NewPackage("main", "main")}
	for name, u := range l.names {
		if live[u] {
			if o := u.part.pkg.Scope().Lookup(name); o != nil {
				p.pkg.Scope().Insert(o)
			}
		}
	}
	info := newInfo()
	files, problems := l.check(p.pkg, fresh, info)
	if len(problems) > 0 {
		return false, problems
	}
	for _, f := range files {
		measureArrays(f, info)
	}
	extra, err := useGeneric(l.eng.imp, info)
	if err != nil {
		return false, []wire.Problem{{Code: "unsupported", Message: "not supported: " + err.Error()}}
	}
	imports := l.eng.imp.all(p.pkg.Imports(), extra)
	if l.base.grown(imports) {
		return true, nil
	}
	order := info.InitOrder
	info.InitOrder = nil // the initializers do it
	if problem := l.build(p, files, info, imports); problem != nil {
		return false, []wire.Problem{*problem}
	}
	if problems := l.refuse(p.pkg, files, info); len(problems) > 0 {
		return false, problems
	}
	l.commit(p, fresh, info, order)
	return false, nil
}

// commit makes a part that has been built belong to the lineage.
func (l *lineage) commit(p *part, fresh []*parsedUnit, info *types.Info, order []*types.Initializer) {
	at := map[string]*unit{} // by ID
	for _, pu := range fresh {
		u := &unit{Unit: pu.Unit, part: p, needs: map[*unit]bool{}}
		at[pu.ID], l.units[pu.Unit] = u, u
		l.sites.unit(pu.ID)
		for _, name := range pu.declares {
			l.names[name] = u
		}
		l.numberTypes(pu.file)
	}
	for id, o := range info.Uses {
		if o.Pkg() == nil || o.Parent() != o.Pkg().Scope() {
			continue
		}
		if n := l.names[o.Name()]; n != nil && n.part.pkg == o.Pkg() {
			if u := at[l.fset.File(id.Pos()).Name()]; u != nil && u != n {
				u.needs[n] = true
			}
		}
	}
	p.init = p.steps(l.fset, fresh, at, order)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.parts = append(l.parts, p)
}

// steps are the initializers in the order of Go, then the init funcs.
func (p *part) steps(fset *token.FileSet, fresh []*parsedUnit, at map[string]*unit, order []*types.Initializer) (out []step) {
	byPlace := map[string]step{}
	for _, pu := range fresh {
		for _, in := range pu.set {
			byPlace[in.at] = step{at[pu.ID], p.ssa.Func(in.fn)}
		}
	}
	for _, in := range order {
		for _, v := range in.Lhs {
			place := fset.Position(v.Pos()).String()
			if s, ok := byPlace[place]; ok {
				out = append(out, s)
				delete(byPlace, place)
			}
		}
	}
	for _, pu := range fresh { // those that set blank variables alone
		for _, in := range pu.set {
			if s, ok := byPlace[in.at]; ok {
				out = append(out, s)
			}
		}
	}
	for n := 1; ; n++ {
		f := p.ssa.Func(fmt.Sprintf("init#%d", n))
		if f == nil {
			return out
		}
		out = append(out, step{at[fset.Position(f.Pos()).Filename], f})
	}
}

// packages are those whose types may be met in a value.
func (l *lineage) packages() (out []*types.Package) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range l.sources {
		out = append(out, s.Pkg)
	}
	for _, p := range l.parts {
		out = append(out, p.pkg)
	}
	return out
}

// runsFromSource says whether a package is one of units or is run from its source.
func (l *lineage) runsFromSource(pkg *types.Package) bool {
	made.Lock()
	defer made.Unlock()
	return l.types.user[pkg]
}

// numberTypes gives the types that funcs declare the numbers the compiler gives
// them.
func (l *lineage) numberTypes(f *ast.File) {
	made.Lock()
	defer made.Unlock()
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.TYPE {
			continue
		}
		ast.Inspect(d, func(n ast.Node) bool {
			if s, ok := n.(*ast.TypeSpec); ok && !s.Assign.IsValid() {
				l.local[s.Name.Pos()] = len(l.local) + 1
			}
			return true
		})
	}
}

// source adds a package that is run from its source.
func (l *lineage) source(s *ssa.Package) {
	made.Lock()
	l.types.user[s.Pkg] = true
	made.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sources = append(l.sources, s)
}

package ssa

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"reflect"
	"runtime"
	"slices"
	"sort"
	"sync"

	"golang.org/x/tools/go/ssa"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/symbols"
	"stnb.dev/kernel/symbols/exports"
	"stnb.dev/kernel/wire"
)

const goarch = runtime.GOARCH

// Engine compiles programs. One serves a whole process.
type Engine struct {
	mu       sync.Mutex
	fset     *token.FileSet
	imp      *importer
	own      symbols.Table
	unusable string
	base     *ssa.Program           // holds the packages that programs import, and programs
	compiled int                    // how many programs base holds
	sizes    map[*types.Package]int // how many objects base's packages had
	parsed   map[wire.Unit]*parsedUnit

	typeMu  sync.Mutex
	native  map[*types.TypeName]reflect.Type
	learned map[*types.Package]bool
}

// New makes an engine. Beside the standard library, programs may import the
// native packages of own, which holds stnb's user API.
func New(own symbols.Table) *Engine {
	e := &Engine{fset: token.NewFileSet(), own: own, unusable: checkLayout(),
		native: map[*types.TypeName]reflect.Type{}, learned: map[*types.Package]bool{}}
	e.imp = newImporter(e.fset)
	return e
}

// maxCompiled is how many programs share the SSA form of what they import: it
// cannot forget the old ones.
const maxCompiled = 64

// shared is the SSA program that a new program becomes a package of. Export data
// is read as it is needed: where more of a package is known by now than when its
// SSA form was made, all begins again.
func (e *Engine) shared(imports []*types.Package) *ssa.Program {
	grown := false
	for _, pkg := range imports {
		n, ok := e.sizes[pkg]
		grown = grown || ok && n != pkg.Scope().Len()
	}
	if e.base == nil || e.compiled >= maxCompiled || grown {
		e.base, e.compiled, e.sizes = ssa.NewProgram(e.fset, ssa.InstantiateGenerics), 0, map[*types.Package]int{}
	}
	for _, pkg := range imports {
		e.sizes[pkg] = pkg.Scope().Len()
	}
	e.compiled++
	return e.base
}

// parsedUnit is the syntax of a unit, kept from one program to the next.
type parsedUnit struct {
	file     *ast.File
	inits    *ast.File // funcs that set its variables
	set      []initializer
	problems []wire.Problem
}

// Name is "ssa".
func (e *Engine) Name() string { return "ssa" }

var _ engine.Engine = (*Engine)(nil)

func (e *Engine) find(path, name string) (reflect.Value, bool) {
	if v, ok := e.own[path][name]; ok {
		return v, true
	}
	return symbols.Lookup(path, name)
}

// refuses says why a package cannot be imported, or "".
func (e *Engine) refuses(path string) string {
	switch path {
	case "C":
		return "cgo"
	case "unsafe":
		return ""
	}
	if e.imp.isSource(path) || e.own[path] != nil || symbols.Std()[path] != nil {
		return ""
	}
	if why := symbols.Excluded(path); why != "" {
		return "package " + path + ": " + why
	}
	if _, err := e.imp.Import(path); err != nil {
		return err.Error()
	}
	return ""
}

// nativeType finds the run-time type of a native named type: by its name, or,
// when it is not exported, by what exported objects are made of.
func (e *Engine) nativeType(n *types.Named) reflect.Type {
	e.typeMu.Lock()
	defer e.typeMu.Unlock()
	o := n.Obj()
	if r, ok := e.native[o]; ok {
		return r
	}
	if v, ok := e.find(o.Pkg().Path(), o.Name()); ok && o.Parent() == o.Pkg().Scope() && v.Kind() == reflect.Pointer && v.IsNil() {
		e.native[o] = v.Type().Elem()
		return e.native[o]
	}
	e.learnPackage(o.Pkg())
	if e.native[o] == nil {
		e.native[o] = nil
	}
	return e.native[o]
}

// learnPackage compares the package's checked types with its native values, and
// so meets the types that have no exported name.
func (e *Engine) learnPackage(pkg *types.Package) {
	if e.learned[pkg] {
		return
	}
	e.learned[pkg] = true
	seen := map[types.Type]bool{}
	for _, name := range pkg.Scope().Names() {
		o := pkg.Scope().Lookup(name)
		v, ok := e.find(pkg.Path(), name)
		if !ok || !v.IsValid() {
			continue
		}
		switch o := o.(type) {
		case *types.TypeName:
			if v.Kind() == reflect.Pointer {
				e.learn(o.Type(), v.Type().Elem(), seen)
			}
		case *types.Func, *types.Var:
			e.learn(o.Type(), v.Type(), seen)
		}
	}
}

func (e *Engine) learn(t types.Type, r reflect.Type, seen map[types.Type]bool) {
	t = types.Unalias(t)
	if seen[t] {
		return
	}
	seen[t] = true
	if n, ok := t.(*types.Named); ok {
		if n.TypeArgs().Len() > 0 || n.Obj().Name() != r.Name() {
			return
		}
		if e.native[n.Obj()] == nil {
			e.native[n.Obj()] = r
		}
		for i := range n.NumMethods() {
			m := n.Method(i)
			if !m.Exported() {
				continue
			}
			mt := r
			if _, p := m.Signature().Recv().Type().(*types.Pointer); p {
				mt = reflect.PointerTo(r)
			}
			if rm, ok := mt.MethodByName(m.Name()); ok && rm.Type.NumIn() == m.Signature().Params().Len()+1 {
				for j := range m.Signature().Params().Len() {
					e.learn(m.Signature().Params().At(j).Type(), rm.Type.In(j+1), seen)
				}
				for j := range m.Signature().Results().Len() {
					e.learn(m.Signature().Results().At(j).Type(), rm.Type.Out(j), seen)
				}
			}
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		if r.Kind() == reflect.Pointer {
			e.learn(u.Elem(), r.Elem(), seen)
		}
	case *types.Slice:
		if r.Kind() == reflect.Slice {
			e.learn(u.Elem(), r.Elem(), seen)
		}
	case *types.Array:
		if r.Kind() == reflect.Array {
			e.learn(u.Elem(), r.Elem(), seen)
		}
	case *types.Chan:
		if r.Kind() == reflect.Chan {
			e.learn(u.Elem(), r.Elem(), seen)
		}
	case *types.Map:
		if r.Kind() == reflect.Map {
			e.learn(u.Key(), r.Key(), seen)
			e.learn(u.Elem(), r.Elem(), seen)
		}
	case *types.Struct:
		if r.Kind() == reflect.Struct && r.NumField() == u.NumFields() {
			for i := range u.NumFields() {
				e.learn(u.Field(i).Type(), r.Field(i).Type, seen)
			}
		}
	case *types.Signature:
		if r.Kind() == reflect.Func && r.NumIn() == u.Params().Len() && r.NumOut() == u.Results().Len() {
			for i := range r.NumIn() {
				e.learn(u.Params().At(i).Type(), r.In(i), seen)
			}
			for i := range r.NumOut() {
				e.learn(u.Results().At(i).Type(), r.Out(i), seen)
			}
		}
	}
}

// importer reads types of native packages and checks those run from source. All
// programs of an engine share what it gives.
type importer struct {
	fset    *token.FileSet
	known   map[string]*types.Package
	next    types.Importer
	sources map[*types.Package]*source
	texts   map[string]map[string]string
	failed  map[string]error
}

type source struct {
	files []*ast.File
	info  *types.Info
	extra *types.Package // of our own generic funcs, when it uses them
}

// The packages of the standard library that run from source: they are generic.
// Others must meet their types by the same objects, so they are read first.
var sourcePackages = []string{"cmp", "iter", "maps", "slices"}

func newImporter(fset *token.FileSet) *importer {
	i := &importer{fset: fset, known: map[string]*types.Package{"unsafe": types.Unsafe}, sources: map[*types.Package]*source{},
		texts: map[string]map[string]string{}, failed: map[string]error{}}
	i.next = exports.Default().ImporterInto(fset, i.known)
	for _, path := range sourcePackages {
		if text, ok := overlay[path]; ok {
			i.texts[path] = map[string]string{path + ".go": text}
		} else if files, ok := exports.Source(path); ok {
			i.texts[path] = files
		}
	}
	for _, path := range sourcePackages {
		if _, err := i.Import(path); err != nil {
			i.failed[path] = err
		}
	}
	i.texts[genericPath] = map[string]string{"generic.go": genericSource}
	if files, ok := exports.Source(veneer); ok {
		i.texts[veneer] = files
	}
	return i
}

const veneer = "stnb.dev/widgets"

func (i *importer) isSource(path string) bool { return i.texts[path] != nil && path != genericPath }

func (i *importer) Import(path string) (*types.Package, error) {
	if p := i.known[path]; p != nil && p.Complete() {
		return p, nil
	}
	if err := i.failed[path]; err != nil {
		return nil, err
	}
	files := i.texts[path]
	if files == nil {
		return i.next.Import(path)
	}
	s := &source{info: newInfo()}
	var names []string
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		f, err := parser.ParseFile(i.fset, path+"/"+name, files[name], parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		s.files = append(s.files, f)
	}
	var first error
	conf := types.Config{Importer: i, Sizes: types.SizesFor("gc", goarch), GoVersion: goVersion, DisableUnusedImportCheck: true,
		Error: func(err error) {
			if first == nil {
				first = err
			}
		}}
	pkg, _ := conf.Check(path, i.fset, s.files, s.info)
	if first != nil {
		return nil, fmt.Errorf("source of %s: %w", path, first)
	}
	i.known[path] = pkg
	i.sources[pkg] = s
	if path != genericPath {
		extra, err := useGeneric(i, s.info)
		if err != nil {
			return nil, err
		}
		s.extra = extra
	}
	return pkg, nil
}

// all gives pkgs, one more when it is not nil, and what they import, each after
// those it needs.
func (i *importer) all(pkgs []*types.Package, one *types.Package) (out []*types.Package) {
	seen := map[*types.Package]bool{nil: true}
	var visit func(t *types.Package)
	visit = func(t *types.Package) {
		if seen[t] {
			return
		}
		seen[t] = true
		for _, p := range t.Imports() {
			visit(p)
		}
		if s := i.sources[t]; s != nil {
			visit(s.extra)
		}
		out = append(out, t)
	}
	for _, t := range append(slices.Clip(pkgs), one) {
		visit(t)
	}
	return out
}

// overlay replaces sources that need the runtime's own coroutines.
var overlay = map[string]string{"iter": engine.IterSource}

package ssa

import (
	"go/token"
	"go/types"
	"reflect"
	"runtime"
	"sync"

	"golang.org/x/tools/go/ssa"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/symbols"
	"stnb.dev/kernel/wire"
)

const (
	goarch    = runtime.GOARCH
	goVersion = "go1.26"
)

// Engine compiles programs. One serves a whole process.
type Engine struct {
	mu       sync.Mutex
	fset     *token.FileSet
	imp      *importer
	dir      string // of the notebooks
	own      symbols.Table
	unusable string
	base     *base
	parsed   map[wire.Unit]*parsedUnit
	inits    int // funcs made so far that set variables
	places   places
	spots    spots

	typeMu  sync.Mutex
	native  map[*types.TypeName]reflect.Type
	learned map[*types.Package]bool
}

// New makes an engine. Beside the standard library, programs may import the
// native packages of own, which holds stnb's user API.
func New(own symbols.Table) *Engine {
	e := &Engine{fset: token.NewFileSet(), own: own, unusable: checkLayout(),
		native: map[*types.TypeName]reflect.Type{}, learned: map[*types.Package]bool{}}
	e.imp = newImporter(e.fset, "")
	return e
}

// Open tells the folder of the notebook, whose go.mod says which packages of other
// modules there are.
func (e *Engine) Open(dir string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.dir = dir
	e.reopen()
}

// reopen begins again with all that is imported.
func (e *Engine) reopen() { e.imp, e.base = newImporter(e.fset, e.dir), nil }

// base is the SSA program that programs become packages of: so what they import
// is built once. It cannot forget packages, and is given up when it holds too many.
type base struct {
	mu    sync.RWMutex // write: packages are added; read: methods are looked up
	ssa   *ssa.Program
	built int                    // units it holds
	sizes map[*types.Package]int // how many objects its imported packages had
}

// full says whether a base holds too many units beside the n of a program.
func (b *base) full(n int) bool { return b.built > 256+4*n }

// grown says whether more is known of a package by now than when its SSA form was
// made: export data is read as it is needed.
func (b *base) grown(imports []*types.Package) bool {
	for _, pkg := range imports {
		if n, ok := b.sizes[pkg]; ok && n != pkg.Scope().Len() {
			return true
		}
	}
	return false
}

// Name is "ssa".
func (e *Engine) Name() string { return "ssa" }

var _ engine.Engine = (*Engine)(nil)

// bodies are native funcs for those that a package run from source declares without a
// body, by path and name.
var bodies = map[string]map[string]any{}

func (e *Engine) find(path, name string) (reflect.Value, bool) {
	if v, ok := e.own[path][name]; ok {
		return v, true
	}
	if v, ok := bodies[path][name]; ok {
		return reflect.ValueOf(v), true
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

// Compile compiles a program. What it shares with prev is not compiled again.
func (e *Engine) Compile(prev engine.Program, units []wire.Unit) (engine.Program, []wire.Problem) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.imp.outside.Same() {
		e.reopen()
	}
	units = e.located(units)
	var from *lineage
	if p, ok := prev.(*program); ok && p.eng == e {
		from = p.lineage
	}
	var problems []wire.Problem
	left := units
	for {
		p, bad := e.compile(from, left)
		problems = append(problems, bad...)
		if len(bad) == 0 {
			return p, problems
		}
		// The units with problems are left out, and the others run.
		out := map[string]bool{}
		for _, b := range bad {
			out[b.Unit] = true
		}
		var keep []wire.Unit
		for _, u := range left {
			if !out[u.ID] {
				keep = append(keep, u)
			}
		}
		if len(keep) == len(left) {
			// A problem without a unit concerns all of them.
			keep = nil
		}
		left = keep
	}
}

// compile makes the program of all units, or says what keeps some from running.
func (e *Engine) compile(from *lineage, units []wire.Unit) (*program, []wire.Problem) {
	if e.unusable != "" && len(units) > 0 {
		return nil, []wire.Problem{{Code: "unsupported", Message: "not supported: the ssa engine on this platform (" + e.unusable + ")"}}
	}
	parsed, problems := e.parse(units)
	if len(problems) > 0 {
		return nil, problems
	}
	if from != nil && from.base == e.base && !e.base.full(len(units)) {
		if p := from.extend(parsed); p != nil {
			return p, nil
		}
	}
	for _, again := range []bool{false, true} {
		if again || e.base == nil || e.base.full(len(units)) {
			e.base = &base{ssa: ssa.NewProgram(e.fset, ssa.InstantiateGenerics), sizes: map[*types.Package]int{}}
		}
		p, grown, problems := newLineage(e).first(parsed)
		if !grown {
			return p, problems
		}
	}
	panic("unreachable")
}

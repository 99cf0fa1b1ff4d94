package yaegi

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"reflect"

	"stnb.dev/kernel/engine"
)

// lineage is what the programs of one kernel's life share: names given and text
// written so far. A program is a prefix of its text. Every map can be copied, so
// that a unit that is refused half way leaves nothing behind.
type lineage struct {
	front   *engine.Front
	symbols map[string]bool // "path.Name" of what compiled packages offer
	// adapters are by "path.Name" of the compiled interface that they implement.
	adapters map[string]reflect.Type
	context  *types.Context

	pkg    *types.Package              // package main of the load being written
	info   *types.Info                 // of it
	bodies map[token.Pos]*ast.FuncDecl // of it, by the place of the name

	state
	faith   map[string]bool
	writing map[string]bool // named types being written, to see recursion
	broken  map[string]bool
}

// state is what writing a unit changes.
type state struct {
	structs map[string]string    // type key to emitted name
	typeIDs map[string]int       // type key to id
	typeOf  []types.Type         // by id
	boxed   map[int]bool         // ids whose values go into interfaces, or are in those that do
	direct  map[int]bool         // ids whose values go into interfaces
	funcs   map[string]string    // func key to emitted name
	vars    map[token.Pos]string // package-level variables, by place
	helpers map[string]string    // text of small funcs to name
	slots   map[string]int       // method name and signature to number
	slotOf  []slot               // by number
	wired   map[[2]int]bool      // (type id, slot) that have an entry
	entries map[string]bool      // methods of boxes registered: "id.Name"
	sites   []site               // by number, from 1
	fns     []fnInfo             // by number, from 1
	serial  int
}

// slot is a method that interfaces of the program call.
type slot struct {
	name string
	sig  *types.Signature
}

func newLineage(g *Engine) *lineage {
	return &lineage{
		front: g.front, symbols: g.known, adapters: g.adapters, context: types.NewContext(),
		state: state{
			structs: map[string]string{}, typeIDs: map[string]int{}, boxed: map[int]bool{}, direct: map[int]bool{},
			typeOf: []types.Type{nil}, funcs: map[string]string{}, vars: map[token.Pos]string{}, helpers: map[string]string{},
			slots: map[string]int{}, wired: map[[2]int]bool{}, entries: map[string]bool{},
			sites: make([]site, 1), fns: make([]fnInfo, 1),
		},
		faith: map[string]bool{}, writing: map[string]bool{}, broken: map[string]bool{},
	}
}

// save copies the state, to go back to when a unit is refused.
func (s state) save() state {
	s.structs = maps.Clone(s.structs)
	s.typeIDs = maps.Clone(s.typeIDs)
	s.boxed = maps.Clone(s.boxed)
	s.direct = maps.Clone(s.direct)
	s.funcs = maps.Clone(s.funcs)
	s.vars = maps.Clone(s.vars)
	s.helpers = maps.Clone(s.helpers)
	s.slots = maps.Clone(s.slots)
	s.wired = maps.Clone(s.wired)
	s.entries = maps.Clone(s.entries)
	return s
}

// typeID numbers a type.
func (l *lineage) typeID(t types.Type) int {
	k := key(t)
	if id, ok := l.typeIDs[k]; ok {
		l.typeOf[id] = t // each load checks anew: keep the latest object
		return id
	}
	id := len(l.typeOf)
	l.typeIDs[k] = id
	l.typeOf = append(l.typeOf, t)
	return id
}

// site is a statement that can fault.
type site struct {
	fn     int
	points []point
}

// point is one place in it that can.
type point struct {
	kind   string // "call", "index", "nil", "div", "assert", "other"
	callee string // of a call of a declared func, its name
	unit   string
	line   int
	col    int
}

// fnInfo is a func or closure of the emitted text.
type fnInfo struct {
	display string // as the user knows it
	emitted string
	user    bool // frames of the veneer and of libraries are not shown
	unit    string
	line    int
	col     int
}

// body is a func to write: the declaration, whose Info, and the type arguments.
type body struct {
	decl *ast.FuncDecl
	src  *engine.Source // nil: the program itself
	obj  *types.Func
	env  env
	name string
	user bool
	unit string
}

// declOf finds the declaration of a func of the program.
func (l *lineage) declOf(o *types.Func) *ast.FuncDecl { return l.bodies[o.Pos()] }

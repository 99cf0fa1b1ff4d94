// Package build knows all that can be known of a notebook without running it: an
// immutable Snapshot per version of the document, made from the one before and
// sharing what did not change.
//
// The way through it: each cell's text becomes syntax; the graph tells which
// cell sees whose names; each definition gets its lowered name; go/types checks
// all cells together; the cells without errors are lowered.
package build

import (
	"go/types"
	"slices"
	"sync"

	"stnb.dev/kernel/modules"
	"stnb.dev/kernel/symbols/exports"
	"stnb.dev/notebook"
	"stnb.dev/notebook/check"
	"stnb.dev/notebook/graph"
	"stnb.dev/notebook/lower"
	"stnb.dev/notebook/source"
)

// Options say what a notebook is built against.
type Options struct {
	// Importer supplies the packages cells import; nil takes those embedded in
	// the binary.
	Importer types.Importer
}

// Snapshot is what is known of one version of a notebook. It is immutable and
// may be read by any number of goroutines.
type Snapshot struct {
	opts     Options
	importer *modules.Importer
	names    *names // shared along the chain of snapshots

	cells []*cell // that take part, in document order
	index map[notebook.CellID]int
	graph *graph.Graph
	check *check.Result
	units []lower.Unit
	byID  map[string]int // unit ID to index in cells
	// byFile are the files of local packages by their unit's ID.
	byFile map[string]*cell
	probe  notebook.CellID // the cell that is checked though it does not parse

	dir      string                   // of the notebook
	module   *string                  // the path of the module there; nil: not looked up
	packages map[string]*localPackage // by folder
	order    []*localPackage          // imported before importing
}

// shared is the importer of all snapshots without one of their own: packages of
// the standard library are read once per process.
var shared = sync.OnceValue(func() types.Importer { return exports.Importer(sharedFiles) })

// New begins a chain of snapshots with an empty notebook. Names start afresh: the
// first definition of each is lowered under its plain name.
func New(opts Options) *Snapshot {
	if opts.Importer == nil {
		opts.Importer = shared()
	}
	s := &Snapshot{opts: opts, names: newNames()}
	return s.Update(&notebook.Notebook{})
}

// Update returns the snapshot of another version of the notebook.
func (s *Snapshot) Update(nb *notebook.Notebook) *Snapshot {
	t := &Snapshot{opts: s.opts, names: s.names, index: map[notebook.CellID]int{}, byID: map[string]int{}, byFile: map[string]*cell{}}
	t.dir = nb.Dir
	t.importer = importerIn(nb.Dir, s.opts.Importer)
	t.names.tick()
	t.parse(nb, s)
	t.locals(s)
	for range maxRounds {
		t.link()
		t.nameLocals(s)
		t.name(s)
		t.checkAll()
		if !t.learn() {
			break
		}
	}
	t.effects()
	t.lowerAll(s)
	return t
}

// maxRounds bounds how often names are given and checked. Types tell more about
// names seldom (see check.Facts), and hardly ever twice.
const maxRounds = 4

// old is the cell of that id in the snapshot before.
func (s *Snapshot) old(id notebook.CellID) *cell {
	if i, ok := s.index[id]; ok {
		return s.cells[i]
	}
	return nil
}

// Diagnostics are a cell's problems, in order of position.
func (s *Snapshot) Diagnostics(id notebook.CellID) []source.Diagnostic {
	if i, ok := s.index[id]; ok {
		return s.cells[i].diagnostics
	}
	return nil
}

// Units are the lowered texts of the cells that can run, in document order: those
// without errors that need none with errors.
func (s *Snapshot) Units() []lower.Unit { return s.units }

// Unit is the lowered text of a cell, if it can run.
func (s *Snapshot) Unit(id notebook.CellID) (lower.Unit, bool) {
	if i, ok := s.index[id]; ok && s.cells[i].unit != nil && s.cells[i].unit.Source != "" {
		return *s.cells[i].unit, true
	}
	return lower.Unit{}, false
}

// Needs are the cells a cell uses names of; Dependents those that use its.
func (s *Snapshot) Needs(id notebook.CellID) []notebook.CellID { return s.graph.Needs(id) }

// Dependents are the cells that use names of a cell.
func (s *Snapshot) Dependents(id notebook.CellID) []notebook.CellID { return s.graph.Dependents(id) }

// Why are the names for which cell needs dep.
func (s *Snapshot) Why(id, dep notebook.CellID) []string { return s.graph.Why(id, dep) }

// Mutates are the cells whose variables a cell changes in place.
func (s *Snapshot) Mutates(id notebook.CellID) []notebook.CellID { return s.graph.Mutates(id) }

// Names are the names a cell defines for the cells below, sorted.
func (s *Snapshot) Names(id notebook.CellID) []string {
	i, ok := s.index[id]
	if !ok {
		return nil
	}
	names := slices.Concat(s.cells[i].node.Defines, s.graph.Own(i))
	slices.Sort(names)
	return slices.Compact(names)
}

// Position converts a place in a unit to the cell's text.
func (s *Snapshot) Position(unit string, line, column int) (source.Position, bool) {
	if f := s.byFile[unit]; f != nil {
		l, c, ok := f.unit.Map.ToCell(line, column)
		return source.Position{File: fileName(f), Line: l, Column: c}, ok
	}
	i, ok := s.byID[unit]
	if !ok {
		return source.Position{}, false
	}
	l, c, ok := s.cells[i].unit.Map.ToCell(line, column)
	return source.Position{Cell: s.cells[i].id, Line: l, Column: c}, ok
}

// Func is how a lowered func's name is shown: as the user typed it, and "" for
// the func that is a cell's statements.
func (s *Snapshot) Func(lowered string) string { return funcName(lowered) }

package session

import (
	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
	"stnb.dev/notebook/source"
)

// Program is all that is statically known of one version of a notebook, as far
// as running it goes: build.Snapshot in life, a small language of its own in
// tests. It is immutable; Update returns the program of another version.
type Program interface {
	Update(nb *notebook.Notebook) Program
	// Units are the lowered cells that may run, in document order: those
	// without errors, not disabled, of a kind that runs.
	Units() []wire.Unit
	Diagnostics(cell notebook.CellID) []source.Diagnostic
	// Needs are the cells above that this one depends on directly: those that
	// define a name it uses, and those that change such a name in place.
	Needs(cell notebook.CellID) []notebook.CellID
	Dependents(cell notebook.CellID) []notebook.CellID
	// Why names what cell takes from dep.
	Why(cell, dep notebook.CellID) []string
	// Mutates are the cells whose values this cell changes in place.
	Mutates(cell notebook.CellID) []notebook.CellID
	// Position maps a place in a unit to the cell's own text.
	Position(unit string, line, column int) (source.Position, bool)
	// Func is a lowered func's name as the user wrote it; "" for a cell's statements.
	Func(lowered string) string
}

// Variable is a variable of the notebook: its name as typed, its lowered name on
// the kernel link, and the cell that defines it.
type Variable struct {
	Name, Lowered string
	Cell          notebook.CellID
}

// variablesOf are those that a cell behind the last would see, sorted by name. A
// program that does not tell has none.
func variablesOf(p Program) []Variable {
	if v, ok := p.(interface{ Variables() []Variable }); ok {
		return v.Variables()
	}
	return nil
}

// outdated says whether the program was made from files beside the notebook that
// have changed since. Programs that read none need no method for it.
func outdated(p Program) bool {
	o, ok := p.(interface{ Outdated() bool })
	return ok && o.Outdated()
}

// units indexes a program's units by cell.
func units(p Program) map[notebook.CellID]wire.Unit {
	all := p.Units()
	m := make(map[notebook.CellID]wire.Unit, len(all))
	for _, u := range all {
		m[notebook.CellID(u.Cell)] = u
	}
	return m
}

// blocked says whether the cell has an error of its own.
func blocked(p Program, id notebook.CellID) bool {
	for _, d := range p.Diagnostics(id) {
		if d.Severity == source.Error {
			return true
		}
	}
	return false
}

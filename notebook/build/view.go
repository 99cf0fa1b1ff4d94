package build

import (
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"stnb.dev/kernel/symbols/exports"
	"stnb.dev/notebook"
	"stnb.dev/notebook/check"
	"stnb.dev/notebook/source"
	"stnb.dev/notebook/syntax"
)

// View is what a snapshot knows of one cell, for those that answer questions
// about its text.
type View struct {
	Cell notebook.Cell
	// Typed is the syntax of the text as typed; File that which was checked,
	// with lowered names. They are the same syntax when the cell has syntax
	// errors, and then nothing in it was checked.
	Typed *syntax.Cell
	File  *check.File
}

// Views are those of all cells that can run, in document order.
func (s *Snapshot) Views() []View {
	views := make([]View, len(s.cells))
	for i, c := range s.cells {
		views[i] = c.view()
	}
	return views
}

// View is that of one cell.
func (s *Snapshot) View(id notebook.CellID) (View, bool) {
	if i, ok := s.index[id]; ok {
		return s.cells[i].view(), true
	}
	return View{}, false
}

func (c *cell) view() View { return View{Cell: c.source, Typed: c.syntax, File: c.file} }

// Checked is what go/types found out. Names in it are lowered ones.
func (s *Snapshot) Checked() *check.Result { return s.check }

// Package returns an imported package by its path.
func (s *Snapshot) Package(path string) (*types.Package, error) { return s.importer.Import(path) }

// Docs are the comments of an imported package: "Func", "Type", "Type.Method",
// "Type.Field", and "" for the package.
func (s *Snapshot) Docs(path string) map[string]string {
	if docs := s.importer.Docs(path); docs != nil {
		return docs
	}
	return exports.Default().Docs(path)
}

// Visible are the names a cell sees from above, with their lowered names; of a
// package, its path.
func (s *Snapshot) Visible(id notebook.CellID) (names, packages map[string]string) {
	names, packages = map[string]string{}, map[string]string{}
	at, ok := s.index[id]
	if !ok {
		return names, packages
	}
	for i, c := range s.cells[:at+1] {
		for name, path := range c.imports {
			if _, dot := c.dots[name]; !dot {
				packages[name] = path
				delete(names, name)
			}
		}
		if i == at {
			break
		}
		for _, name := range slices.Concat(c.node.Defines, s.graph.Own(i)) {
			names[name] = c.supplied(name)
			delete(packages, name)
		}
	}
	return names, packages
}

// Probe returns a snapshot of the cells up to one, with another text for that one.
// The text is checked as far as it can be even if it has syntax errors, and the
// probe leaves no trace in the chain of snapshots.
func (s *Snapshot) Probe(c notebook.Cell) *Snapshot {
	t := &Snapshot{opts: s.opts, importer: s.importer, names: s.names, index: map[notebook.CellID]int{}, byID: map[string]int{}, probe: c.ID}
	nb := &notebook.Notebook{}
	for _, old := range s.cells {
		if old.id == c.ID {
			break
		}
		nb.Cells = append(nb.Cells, old.source)
	}
	nb.Cells = append(nb.Cells, c)
	t.dir = s.dir
	t.parse(nb, s)
	t.locals(s)
	t.link()
	t.nameLocals(s)
	t.name(s)
	t.checkAll()
	return t
}

// Definition is where in a cell's text, or in a local package's file, a name of that length stands at a position.
func (s *Snapshot) Definition(pos token.Pos, length int) (source.Range, bool) {
	for _, c := range slices.Concat(s.cells, s.hiddenCells()) {
		if !c.file.Cell.Contains(pos) {
			continue
		}
		at := c.file.Position(pos)
		if strings.HasPrefix(string(c.id), localPrefix) {
			at.Cell, at.File = "", fileName(c)
		}
		end := at
		end.Column += length
		return source.Range{Start: at, End: end}, true
	}
	return source.Range{}, false
}

// LocalFiles are the files of the local packages that cells import.
func (s *Snapshot) LocalFiles() []View {
	var views []View
	for _, c := range s.hiddenCells() {
		views = append(views, c.view())
	}
	return views
}

// LocalMembers are the lowered names of what a local package declares, by name;
// nil when the cell imports no such package under that name.
func (s *Snapshot) LocalMembers(id notebook.CellID, name string) map[string]string {
	if i, ok := s.index[id]; ok {
		return s.cells[i].naming.Imports[name].Local
	}
	return nil
}

// Variable is a variable that cells below the last would see.
type Variable struct {
	Name    string // as typed
	Lowered string
	Cell    notebook.CellID // that defines it, or made its latest version
}

// Variables are those, sorted by name.
func (s *Snapshot) Variables() []Variable {
	latest := map[string]Variable{}
	for i, c := range s.cells {
		for _, name := range c.node.Defines {
			delete(latest, name) // it may be a func here
		}
		for _, name := range slices.Concat(c.node.Vars, s.graph.Own(i)) {
			latest[name] = Variable{Name: name, Lowered: c.supplied(name), Cell: c.id}
		}
	}
	return slices.SortedFunc(maps.Values(latest), func(a, b Variable) int { return strings.Compare(a.Name, b.Name) })
}

// Families tells which lowered names are versions of one variable, by assignment:
// each maps to the first.
func (s *Snapshot) Families() map[string]string {
	first := map[string]string{}
	for _, c := range s.cells {
		for _, own := range c.naming.Own {
			root := own.From
			if r, ok := first[root]; ok {
				root = r
			}
			first[own.Lowered] = root
		}
	}
	return first
}

// Fresh begins another chain of snapshots like this one.
func (s *Snapshot) Fresh() *Snapshot { return New(s.opts) }

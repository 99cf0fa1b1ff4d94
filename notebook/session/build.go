package session

import (
	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
	"stnb.dev/notebook/build"
)

// Build is the Program of a notebook in Go: package build's snapshot. Each call
// begins a chain of its own, in which names are given out.
func Build(nb *notebook.Notebook) Program {
	return newBuilt(build.New(build.Options{}).Update(nb))
}

// built makes a build.Snapshot a Program.
type built struct {
	*build.Snapshot
	units []wire.Unit
}

func newBuilt(s *build.Snapshot) *built {
	b := &built{Snapshot: s}
	for _, u := range s.Units() {
		b.units = append(b.units, wire.Unit{ID: u.ID, Cell: string(u.Cell), Func: u.Func, Source: u.Source, File: u.File, Lines: u.Lines})
	}
	return b
}

// Variables are those a cell behind the last would see.
func (b *built) Variables() (list []Variable) {
	for _, v := range b.Snapshot.Variables() {
		list = append(list, Variable(v))
	}
	return list
}

func (b *built) Units() []wire.Unit                   { return b.units }
func (b *built) Update(nb *notebook.Notebook) Program { return newBuilt(b.Snapshot.Update(nb)) }

// Snapshot returns the snapshot behind a program, nil when it is another's.
func Snapshot(p Program) *build.Snapshot {
	if b, ok := p.(*built); ok {
		return b.Snapshot
	}
	return nil
}

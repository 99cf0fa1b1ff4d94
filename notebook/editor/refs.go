package editor

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"stnb.dev/notebook"
	"stnb.dev/notebook/build"
	"stnb.dev/notebook/check"
	"stnb.dev/notebook/source"
)

// Definition is where the name at a position is defined, if that is in a cell.
func Definition(s *build.Snapshot, at source.Position) *source.Range {
	n := nameAt(s, at)
	if n == nil || n.obj == nil || n.obj.Pkg() == nil || n.obj.Pkg().Path() != check.PackagePath {
		return nil
	}
	// A cell's own version of a variable is defined where it came from.
	obj := n.obj
	if root, ok := n.snap.Families()[obj.Name()]; ok {
		if o := n.snap.Checked().Lookup(root); o != nil {
			obj = o
		}
	}
	r, ok := n.snap.Definition(obj.Pos(), len(check.Typed(obj.Name())))
	if !ok {
		return nil
	}
	return &r
}

// References are all places where the name at a position is used or defined, in
// document order. A variable and the versions that cells have of it by assigning
// to it are one.
func References(s *build.Snapshot, at source.Position) []source.Range {
	n := nameAt(s, at)
	if n == nil || n.obj == nil {
		return nil
	}
	families := n.snap.Families()
	family := func(obj types.Object) any {
		if !check.Global(obj) {
			return origin(obj)
		}
		if root, ok := families[obj.Name()]; ok {
			return root
		}
		return obj.Name()
	}
	if p, ok := n.obj.(*types.PkgName); ok {
		return references(n.snap, func(obj types.Object) bool {
			q, ok := obj.(*types.PkgName)
			return ok && q.Imported() == p.Imported()
		})
	}
	want := family(n.obj)
	return references(n.snap, func(obj types.Object) bool { return family(obj) == want })
}

// origin makes the fields and methods of instances those of their generic type.
func origin(obj types.Object) types.Object {
	switch obj := obj.(type) {
	case *types.Func:
		return obj.Origin()
	case *types.Var:
		return obj.Origin()
	}
	return obj
}

func references(s *build.Snapshot, want func(types.Object) bool) []source.Range {
	var list []source.Range
	for _, v := range s.Views() {
		f := v.File
		info := f.Info()
		ast.Inspect(f.AST, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok || id.Pos() < f.Cell.Pos(0) {
				return true
			}
			obj := info.Uses[id]
			if obj == nil {
				obj = info.Defs[id]
			}
			typed := check.Typed(id.Name)
			at := f.Cell.Origin(f.Cell.Offset(id.Pos()))
			if obj == nil || !want(obj) || !strings.HasPrefix(f.Cell.Typed[at:], typed) {
				return true
			}
			r := span(v.Cell.ID, f.Cell.Typed, at, at+len(typed))
			if !slices.Contains(list, r) {
				list = append(list, r)
			}
			return true
		})
	}
	order := map[notebook.CellID]int{}
	for i, v := range s.Views() {
		order[v.Cell.ID] = i
	}
	slices.SortStableFunc(list, func(a, b source.Range) int {
		return cmp.Or(cmp.Compare(order[a.Start.Cell], order[b.Start.Cell]),
			cmp.Compare(a.Start.Line, b.Start.Line), cmp.Compare(a.Start.Column, b.Start.Column))
	})
	return list
}

// Rename gives the name at a position another one everywhere, or says why not: the
// notebook must mean the same afterwards.
func Rename(s *build.Snapshot, at source.Position, to string) ([]TextEdit, error) {
	n := nameAt(s, at)
	switch {
	case n == nil || n.obj == nil:
		return nil, errors.New("there is no name here")
	case !token.IsIdentifier(to) || strings.Contains(to, "ʹ") || to == "_":
		return nil, fmt.Errorf("%q is not a Go name", to)
	case n.obj.Pkg() == nil || n.obj.Pkg().Path() != check.PackagePath:
		return nil, fmt.Errorf("%s is not defined in the notebook", check.Typed(n.obj.Name()))
	}
	if _, ok := n.obj.(*types.PkgName); ok {
		return nil, errors.New("a package is renamed where it is imported")
	}
	if at, ok := n.snap.Definition(n.obj.Pos(), 0); ok && at.Start.File != "" {
		return nil, fmt.Errorf("%s is defined in %s: rename it there", check.Typed(n.obj.Name()), at.Start.File)
	}
	places := References(s, at)
	for _, v := range s.Views() {
		if v.Cell.Kind == notebook.SQL && v.Cell.Name != "" && v.File.Naming.Defs[v.Cell.Name] == n.obj.Name() {
			return nil, errors.New("the name is that of an SQL cell: change it there")
		}
	}
	edits := make([]TextEdit, len(places))
	for i, r := range places {
		edits[i] = TextEdit{r, to}
	}
	if err := unchanged(s, places, edits); err != nil {
		return nil, err
	}
	return edits, nil
}

// unchanged makes sure that after the edits the same places mean one name, and no
// error is new.
func unchanged(s *build.Snapshot, places []source.Range, edits []TextEdit) error {
	nb := &notebook.Notebook{}
	before := 0
	for _, v := range s.Views() {
		c := v.Cell
		c.Source = Apply(c.Source, c.ID, edits)
		nb.Cells = append(nb.Cells, c)
		before += len(s.Diagnostics(c.ID))
	}
	after := s.Fresh().Update(nb)
	count := 0
	for _, c := range nb.Cells {
		for _, d := range after.Diagnostics(c.ID) {
			if count++; count > before {
				return fmt.Errorf("renaming would break the notebook: %s", d.Message)
			}
		}
	}
	if len(places) > 0 && len(References(after, places[0].Start)) != len(places) {
		return fmt.Errorf("the name %s already means something where it would stand", edits[0].Text)
	}
	return nil
}

// Apply makes the edits that are of one cell to its text.
func Apply(text string, id notebook.CellID, edits []TextEdit) string {
	type change struct {
		start, end int
		text       string
	}
	var list []change
	for _, e := range edits {
		if e.Range.Start.Cell == id {
			list = append(list, change{offset(text, e.Range.Start.Line, e.Range.Start.Column), offset(text, e.Range.End.Line, e.Range.End.Column), e.Text})
		}
	}
	slices.SortFunc(list, func(a, b change) int { return cmp.Compare(b.start, a.start) })
	for _, c := range list {
		text = text[:c.start] + c.text + text[c.end:]
	}
	return text
}

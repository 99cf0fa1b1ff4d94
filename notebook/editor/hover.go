package editor

import (
	"go/ast"
	"go/types"
	"slices"

	"stnb.dev/notebook/build"
	"stnb.dev/notebook/check"
	"stnb.dev/notebook/source"
)

// Hovered is what is known of the name at a place.
type Hovered struct {
	Signature string       `json:"signature"` // Go text
	Doc       string       `json:"doc,omitempty"`
	Range     source.Range `json:"range"`
}

// Hover explains the name at a position; nil when there is none.
func Hover(s *build.Snapshot, at source.Position) *Hovered {
	n := nameAt(s, at)
	if n == nil || n.obj == nil {
		return nil
	}
	return &Hovered{Signature: describe(n.obj), Doc: n.doc(), Range: n.at}
}

// name is an identifier in a cell and what it means.
type name struct {
	snap *build.Snapshot
	id   *ast.Ident
	obj  types.Object
	at   source.Range
}

// nameAt finds the name at a position, also in a cell with syntax errors.
func nameAt(s *build.Snapshot, at source.Position) *name {
	view, ok := s.View(at.Cell)
	if !ok {
		return nil
	}
	off := offset(view.Cell.Source, at.Line, at.Column)
	if len(view.Typed.Errors) > 0 {
		s = s.Probe(view.Cell)
		if view, ok = s.View(at.Cell); !ok {
			return nil
		}
	}
	id := identAt(view.File, off)
	if id == nil {
		return nil
	}
	info := view.File.Info()
	obj := info.Uses[id]
	if obj == nil {
		obj = info.Defs[id]
	}
	if obj == nil {
		obj = implicit(view.File, info, id)
	}
	start := view.File.Position(id.Pos())
	end := start
	end.Column += len(check.Typed(id.Name))
	return &name{s, id, obj, source.Range{Start: start, End: end}}
}

// implicit is the variable that a type switch's name stands for.
func implicit(f *check.File, info *types.Info, id *ast.Ident) types.Object {
	var found types.Object
	ast.Inspect(f.AST, func(n ast.Node) bool {
		if ts, ok := n.(*ast.TypeSwitchStmt); ok {
			if a, ok := ts.Assign.(*ast.AssignStmt); ok && a.Lhs[0] == id && len(ts.Body.List) > 0 {
				found = info.Implicits[ts.Body.List[0]]
			}
		}
		return found == nil
	})
	return found
}

// identAt finds the identifier that was typed at an offset.
func identAt(f *check.File, off int) *ast.Ident {
	var found *ast.Ident
	ast.Inspect(f.AST, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || !f.Cell.Contains(id.Pos()) {
			return true
		}
		// A name of a local package was typed behind the package's own.
		typed := check.Typed(id.Name)
		end := f.Cell.Origin(f.Cell.Offset(id.End()))
		at := end - len(typed)
		if 0 <= at && at <= off && off <= end && f.Cell.Typed[at:end] == typed && id.Pos() >= f.Cell.Pos(0) {
			// The one that begins at the cursor wins over the one that ends there.
			if found == nil || at >= f.Cell.Origin(f.Cell.Offset(found.Pos())) {
				found = id
			}
		}
		return true
	})
	return found
}

// doc is the comment of what a name means.
func (n *name) doc() string {
	if p, ok := n.obj.(*types.PkgName); ok {
		return firstParagraph(n.snap.Docs(p.Imported().Path())[""])
	}
	return commentOn(n.snap, n.obj)
}

// commentOn is the comment of a library on one of its objects, else docOf.
func commentOn(s *build.Snapshot, obj types.Object) string {
	if check.Ours(obj) {
		return docOf(s, obj)
	}
	path, key := check.DocKey(obj)
	return s.Docs(path)[key]
}

// docOf is the comment above what a cell, or a file beside the notebook, declares.
func docOf(s *build.Snapshot, obj types.Object) string {
	for _, v := range slices.Concat(s.Views(), s.LocalFiles()) {
		if v.File.Cell.Contains(obj.Pos()) {
			return check.CommentAbove(v.Cell.Source, v.File.Cell.Origin(v.File.Cell.Offset(obj.Pos())))
		}
	}
	return ""
}

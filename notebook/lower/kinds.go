package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"stnb.dev/notebook"
	"stnb.dev/notebook/check"
	"stnb.dev/notebook/source"
	"stnb.dev/notebook/syntax"
)

// Cell lowers a cell of any kind that has no errors. A cell with nothing for a
// kernel (Markdown without expressions) has a unit without text.
func Cell(c notebook.Cell, f *check.File, res *check.Result) (Unit, []source.Diagnostic) {
	l := newLowering(f, res)
	switch c.Kind {
	case notebook.SQL:
		l.sql(c)
	case notebook.Markdown:
		if len(f.Cell.Holes) == 0 {
			return Unit{Cell: c.ID}, nil
		}
		l.markdown()
	default:
		l.collect()
		l.write()
	}
	return l.unit(c.ID), l.problems
}

func newLowering(f *check.File, res *check.Result) *lowering {
	l := &lowering{
		file: f, cell: f.Cell, res: res, edits: newEdits(),
		imports: imports{names: map[string]string{}, taken: map[string]bool{}},
	}
	l.w = &writer{cell: f.Cell, edits: l.edits, fresh: true}
	return l
}

// unit makes the unit of what has been written.
func (l *lowering) unit(id notebook.CellID) Unit {
	text, fn := l.text()
	m := source.NewMap(text, l.cell.Typed, l.w.pieces)
	return Unit{ID: textID(text), Cell: id, Func: fn, Source: text, Map: m, Lines: m.Lines()}
}

// markdown makes one call, of the text with its holes numbered and the values
// that fill them.
func (l *lowering) markdown() {
	l.collectExprs()
	l.imports.add(corePath, coreName)
	var text strings.Builder
	at := 0
	for i, h := range l.cell.Holes {
		fmt.Fprintf(&text, "%s\x00%d\x00", l.cell.Text[at:h.Start], i)
		at = h.End
	}
	text.WriteString(l.cell.Text[at:])
	l.open()
	l.w.text(coreName + ".Markdown(" + strconv.Quote(text.String()))
	for _, s := range l.cell.Stmts {
		x := l.file.Shown[s.(*ast.ExprStmt)]
		l.w.text(", ")
		l.w.tokens(l.offset(x.Pos()), l.offset(x.End()))
	}
	l.w.text(")")
	l.close()
}

// collectExprs prepares the expressions of a cell that is not Go.
func (l *lowering) collectExprs() {
	l.usedImports()
	for _, s := range l.cell.Stmts {
		l.edits.scan(l.cell, s)
		l.walk(s)
	}
}

// sql makes one call, of the text, the parameters and the Go values that serve
// as tables. The editor shows every result, an app those without a name: a name
// is for the cells below, which show what visitors are to see.
func (l *lowering) sql(c notebook.Cell) {
	l.imports.add(corePath, coreName)
	if len(l.cell.Defs) > 0 {
		l.imports.add(check.FramePath, check.FrameName)
		l.w.line("var " + l.cell.Defs[0].Ident.Name + " *" + check.FrameName + ".Frame")
		l.w.out.WriteByte('\n')
	}
	l.open()
	name := ""
	if len(l.cell.Defs) > 0 {
		name = l.cell.Defs[0].Ident.Name
		l.w.text(name + " = ")
	} else {
		l.w.text(coreName + ".Show(")
	}
	l.w.text(coreName + ".SQL(" + quote(c.Source) + ", " + coreName + ".SQLOptions{")
	if c.Connection != "" {
		l.w.text("Connection: " + strconv.Quote(c.Connection) + ", ")
	}
	l.values("Params", func(ref *syntax.Ref) bool { return !ref.Table })
	l.values("Tables", l.isTable)
	l.w.text("})")
	if name == "" {
		l.w.text(")")
	} else {
		l.w.newline()
		l.w.text(coreName + ".Preview(" + name + ")")
	}
	l.close()
}

// values writes a map of those of the cell's references that want picks.
func (l *lowering) values(field string, want func(*syntax.Ref) bool) {
	var done []string
	for _, ref := range l.cell.Refs {
		name := check.Typed(ref.Ident.Name)
		if !want(ref) || slices.Contains(done, name) {
			continue
		}
		if done == nil {
			l.w.text(field + ": map[string]any{")
		} else {
			l.w.text(", ")
		}
		done = append(done, name)
		l.w.text(strconv.Quote(name) + ": ")
		at := l.offset(ref.Ident.Pos())
		l.w.pieces = append(l.w.pieces, source.Piece{Lowered: l.w.out.Len(), Len: len(ref.Ident.Name), Cell: l.cell.Origin(at), CellLen: len(name)})
		l.w.text(ref.Ident.Name)
	}
	if done != nil {
		l.w.text("}, ")
	}
}

// isTable says whether a table is a Go value that can be one: a frame, or rows.
func (l *lowering) isTable(ref *syntax.Ref) bool {
	if !l.file.IsTable(ref) {
		return false
	}
	v, ok := l.file.Info().Uses[ref.Ident].(*types.Var)
	if !ok {
		return false
	}
	switch t := v.Type().Underlying().(type) {
	case *types.Slice, *types.Array, *types.Map:
		return true
	case *types.Pointer:
		named, ok := types.Unalias(t.Elem()).(*types.Named)
		return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == check.FramePath
	}
	return false
}

// open and close write the func around what a cell that is not Go does.
func (l *lowering) open() {
	l.runs = true
	l.w.line("func " + l.file.Naming.Func + "() {")
	l.w.indent++
}

func (l *lowering) close() {
	l.w.newline()
	l.w.indent--
	l.w.line("}")
}

// quote writes a string readably if it can.
func quote(s string) string {
	if strconv.CanBackquote(strings.ReplaceAll(s, "\n", "")) {
		return "`" + s + "`"
	}
	return strconv.Quote(s)
}

// Package check type-checks the cells of a notebook as one Go package, at the
// positions of the typed text and in go/types' own words.
package check

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"reflect"
	"runtime"
	"slices"
	"strings"

	"stnb.dev/notebook"
	"stnb.dev/notebook/source"
	"stnb.dev/notebook/syntax"
)

// GoVersion is the language version cells are written in.
const GoVersion = "go1.26"

// PackagePath is the path of the package a notebook is.
const PackagePath = "main"

// Result is what is known of a notebook's cells together.
type Result struct {
	Files   []*File
	Package *types.Package
	Info    *types.Info
	// Diagnostics are the problems of each file.
	Diagnostics [][]source.Diagnostic
	// Unused are the positions of local variables that are never used. Go
	// refuses them; cells may have them.
	Unused map[token.Pos]bool
	// Values are the statements that look like calls but are conversions or
	// calls of predeclared funcs for their value alone.
	Values    map[*ast.ExprStmt]bool
	versioned map[string]bool // names of embedded types, see Facts
}

// Check checks files in document order. A nil file is a cell that is not checked.
func Check(files []*File, imp types.Importer) *Result {
	c := &checker{
		files: files,
		res: &Result{
			Files: files,
			Info: &types.Info{
				Types:      map[ast.Expr]types.TypeAndValue{},
				Defs:       map[*ast.Ident]types.Object{},
				Uses:       map[*ast.Ident]types.Object{},
				Implicits:  map[ast.Node]types.Object{},
				Selections: map[*ast.SelectorExpr]*types.Selection{},
				Instances:  map[*ast.Ident]types.Instance{},
				Scopes:     map[ast.Node]*types.Scope{},
			},
			Diagnostics: make([][]source.Diagnostic, len(files)),
			Unused:      map[token.Pos]bool{},
			Values:      map[*ast.ExprStmt]bool{},
			versioned:   versionedTypes(files),
		},
		calls: map[token.Pos]*ast.ExprStmt{},
	}
	fset := token.NewFileSet()
	asts := []*ast.File{prelude(fset)}
	var all []*token.File
	for i, f := range files {
		if f == nil {
			continue
		}
		all = append(all, f.Cell.File)
		c.order = append(c.order, i)
		asts = append(asts, f.AST)
		for _, s := range f.Bare {
			c.calls[s.X.Pos()] = s
		}
		for _, e := range f.Cell.Errors {
			c.syntaxError(i, e)
		}
	}
	fset.AddExistingFiles(all...)
	slices.SortFunc(c.order, func(a, b int) int { return cmp.Compare(files[a].Cell.File.Base(), files[b].Cell.File.Base()) })
	for _, i := range c.order {
		c.own(i)
	}
	conf := types.Config{
		GoVersion: GoVersion,
		Importer:  imp,
		Error:     c.error,
		Sizes:     types.SizesFor("gc", runtime.GOARCH),
	}
	c.res.Package, _ = conf.Check(PackagePath, fset, asts, c.res.Info)
	return c.res
}

// prelude declares what the check form calls.
func prelude(fset *token.FileSet) *ast.File {
	f, err := parser.ParseFile(fset, "", "package main; func "+showFunc+"(any) {}", parser.SkipObjectResolution)
	if err != nil {
		panic(err)
	}
	return f
}

type checker struct {
	files []*File
	order []int // of files, by position
	calls map[token.Pos]*ast.ExprStmt
	res   *Result
	last  *source.Diagnostic // to which continuations belong
}

// at finds the file a position is in.
func (c *checker) at(pos token.Pos) (int, bool) {
	k, found := slices.BinarySearchFunc(c.order, pos, func(i int, pos token.Pos) int {
		return cmp.Compare(c.files[i].Cell.File.Base(), int(pos))
	})
	if !found {
		k--
	}
	if k < 0 || !c.files[c.order[k]].Cell.Contains(pos) {
		return 0, false
	}
	return c.order[k], true
}

func (c *checker) syntaxError(i int, e syntax.Error) {
	cell := c.files[i].Cell
	c.add(i, source.Error, cell.Pos(e.Start), cell.Pos(e.End), "syntax", e.Message)
}

// own adds the mistakes that are no mistakes in Go but are in a notebook.
func (c *checker) own(i int) {
	f := c.files[i]
	for _, p := range f.problems {
		c.add(i, source.Error, p.pos, p.end, p.code, p.message)
	}
}

// add adds a diagnostic, once.
func (c *checker) add(i int, sev source.Severity, pos, end token.Pos, code, message string) {
	d := source.Diagnostic{Range: c.files[i].Range(pos, end), Severity: sev, Code: code, Message: message}
	for k, have := range c.res.Diagnostics[i] {
		if have.Range.Start == d.Range.Start && have.Message == d.Message {
			c.last = &c.res.Diagnostics[i][k]
			return
		}
	}
	c.res.Diagnostics[i] = append(c.res.Diagnostics[i], d)
	c.last = &c.res.Diagnostics[i][len(c.res.Diagnostics[i])-1]
}

// Range is the lines and columns of two positions in the cell.
func (f *File) Range(pos, end token.Pos) source.Range {
	return source.Range{Start: f.Position(pos), End: f.Position(max(pos, end))}
}

// Position is the line and column of a position in the cell.
func (f *File) Position(pos token.Pos) source.Position {
	return Place(f.ID, f.Cell, f.Cell.Offset(pos))
}

// Place is the line and column of an offset in a cell.
func Place(id notebook.CellID, c *syntax.Cell, offset int) source.Position {
	at := c.Origin(offset)
	line := 1 + strings.Count(c.Typed[:at], "\n")
	return source.Position{Cell: id, Line: line, Column: at - strings.LastIndexByte(c.Typed[:at], '\n')}
}

// error takes an error of go/types.
func (c *checker) error(err error) {
	e, ok := err.(types.Error)
	if !ok {
		return
	}
	if more, ok := strings.CutPrefix(e.Msg, "\t"); ok {
		c.note(e.Pos, Typed(more))
		return
	}
	c.last = nil
	i, ok := c.at(e.Pos)
	if !ok {
		return
	}
	f := c.files[i]
	if len(f.Cell.Errors) > 0 || c.tolerated(f, e) {
		return
	}
	start, end := extent(e)
	code := "type"
	message := Typed(e.Msg)
	switch {
	case strings.HasPrefix(message, "undefined: "):
		code = "undefined"
	case e.Soft:
		code = "soft"
	}
	message = strings.ReplaceAll(message, " in argument to "+Typed(showFunc), " to show it")
	c.add(i, source.Error, start, end, code, message)
}

// tolerated says whether an error is none in a cell.
func (c *checker) tolerated(f *File, e types.Error) bool {
	switch {
	case strings.HasSuffix(e.Msg, " declared and not used") && !strings.HasPrefix(e.Msg, "label "),
		strings.HasPrefix(e.Msg, "declared and not used"):
		c.res.Unused[e.Pos] = true
		return true
	case strings.HasSuffix(e.Msg, "imported and not used"), strings.Contains(e.Msg, " imported as ") && strings.HasSuffix(e.Msg, "and not used"):
		return true
	case strings.HasPrefix(e.Msg, "could not import "):
		return true // said once, where the import stands
	case strings.HasPrefix(e.Msg, "initialization cycle"):
		// Statements run in order: only a Program's variables can have one.
		return !f.Cell.Program
	case strings.HasSuffix(e.Msg, " is not used"):
		s := c.calls[e.Pos]
		if s == nil {
			return false
		}
		call, ok := ast.Unparen(s.X).(*ast.CallExpr)
		if !ok {
			return false
		}
		fun := c.res.Info.Types[call.Fun]
		if fun.IsType() || fun.IsBuiltin() {
			c.res.Values[s] = true
			return true
		}
	}
	return false
}

// note adds a continuation to the error before it.
func (c *checker) note(pos token.Pos, message string) {
	i, ok := c.at(pos)
	if !ok || c.last == nil {
		return
	}
	n := source.Note{Message: message, Range: c.files[i].Range(pos, pos)}
	for _, have := range c.last.Notes {
		if have == n {
			return
		}
	}
	c.last.Notes = append(c.last.Notes, n)
}

// extent is the range of text an error is about. go/types knows it, but tells it
// in fields it has not made public yet.
func extent(e types.Error) (start, end token.Pos) {
	v := reflect.ValueOf(e)
	s, t := v.FieldByName("go116start"), v.FieldByName("go116end")
	if s.IsValid() && t.IsValid() && s.Int() > 0 && t.Int() >= s.Int() {
		return token.Pos(s.Int()), token.Pos(t.Int())
	}
	return e.Pos, e.Pos
}

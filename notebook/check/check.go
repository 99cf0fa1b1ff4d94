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
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"

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
	Files []*File
	// Package is the one that was checked last: it has the files that were new.
	Package *types.Package
	// Diagnostics are the problems of each file.
	Diagnostics [][]source.Diagnostic

	objects   map[string]types.Object // package-level, by lowered name
	versioned map[string]bool         // names of embedded types, see Facts
}

// Lookup finds what is declared at the top level of any file by its lowered name.
func (r *Result) Lookup(name string) types.Object { return r.objects[name] }

// Ours says whether an object is the notebook's own.
func Ours(obj types.Object) bool { return obj.Pkg() != nil && obj.Pkg().Path() == PackagePath }

// Global says whether an object is declared at the notebook's top level.
func Global(obj types.Object) bool { return Ours(obj) && obj.Parent() == obj.Pkg().Scope() }

// Checked is what go/types found out about one file. Files that are checked
// together share most of it.
type Checked struct {
	Info    *types.Info
	Package *types.Package
	// Unused are the positions of local variables that are never used. Go
	// refuses them; cells may have them.
	Unused map[token.Pos]bool
	// Values are the statements that look like calls but are conversions or
	// calls of predeclared funcs for their value alone.
	Values map[*ast.ExprStmt]bool

	diagnostics []source.Diagnostic
	objects     []types.Object // declared at the top level
	found       *found
}

// found is what was read off a checked file, kept for the results to come.
type found struct {
	mu        sync.Mutex
	facts     *Facts
	versioned map[string]bool // that facts were learned with
	effects   *fileEffects
	keys      []string
	hasKeys   bool
}

// maxPackages is how many checks the files of a result may come from. Objects
// keep the package they were declared in alive, and all that was in it.
const maxPackages = 32

// Check checks files in document order. Files that were checked before keep what
// was found: their names are lowered ones, which mean the same for ever. The new
// ones see the others' objects. Files of the result stand in for those given,
// where all had to be checked again.
func Check(files []*File, imp types.Importer) *Result {
	packages := map[*types.Package]bool{}
	fresh, elsewhere := false, false
	for _, f := range files {
		if f.Checked == nil {
			fresh = true
		} else {
			packages[f.Checked.Package] = true
		}
		for _, p := range f.problems {
			elsewhere = elsewhere || p.code == methodElsewhere
		}
	}
	known := len(packages) > 0 && len(packages) <= maxPackages && !(elsewhere && fresh)
	if known && fresh {
		known = check(files, imp)
	}
	if !known {
		all := make([]*File, len(files))
		for i, f := range files {
			again := *f
			again.Checked = nil
			all[i] = &again
		}
		files = all
		check(files, imp)
	}
	res := &Result{Files: files, versioned: versionedTypes(files), objects: map[string]types.Object{}}
	for _, f := range files {
		res.Diagnostics = append(res.Diagnostics, slices.Clip(f.Checked.diagnostics))
		for _, obj := range f.Checked.objects {
			res.objects[obj.Name()] = obj
		}
		res.Package = f.Checked.Package
	}
	return res
}

// check checks the files that are not checked yet, as a package in which the
// objects of the others are at hand. It says whether that could be done: go/types
// takes two packages of one path for one, but for a few looks at which it is.
func check(files []*File, imp types.Importer) bool {
	fset := token.NewFileSet()
	pkg := types.NewPackage(PackagePath, "main")
	c := &checker{
		files:       files,
		diagnostics: make([][]source.Diagnostic, len(files)),
		checked: Checked{
			Package: pkg,
			Info: &types.Info{
				Types:      map[ast.Expr]types.TypeAndValue{},
				Defs:       map[*ast.Ident]types.Object{},
				Uses:       map[*ast.Ident]types.Object{},
				Implicits:  map[ast.Node]types.Object{},
				Selections: map[*ast.SelectorExpr]*types.Selection{},
				Instances:  map[*ast.Ident]types.Instance{},
				Scopes:     map[ast.Node]*types.Scope{},
			},
			Unused: map[token.Pos]bool{},
			Values: map[*ast.ExprStmt]bool{},
		},
		calls: map[token.Pos]*ast.ExprStmt{},
		imp:   imp,
	}
	asts := []*ast.File{prelude(fset)}
	objects := map[string]types.Object{}
	var all []*token.File
	for i, f := range files {
		all = append(all, f.Cell.File)
		c.order = append(c.order, i)
		if f.Checked != nil {
			for _, obj := range f.Checked.objects {
				objects[obj.Name()] = obj
			}
			continue
		}
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
		if files[i].Checked == nil {
			c.own(i)
		}
	}
	if len(objects) > 0 {
		c.joins = true
		c.supply(pkg, asts, objects)
	}
	conf := types.Config{
		GoVersion: GoVersion,
		Importer:  imp,
		Error:     c.error,
		Sizes:     types.SizesFor("gc", runtime.GOARCH),
	}
	_ = types.NewChecker(&conf, fset, pkg, c.checked.Info).Files(asts) // errors came one by one
	if c.mixed {
		return false
	}
	at := map[int][]types.Object{}
	for _, obj := range c.checked.Info.Defs {
		if obj == nil || obj.Parent() != pkg.Scope() {
			continue
		}
		if i, ok := c.at(obj.Pos()); ok {
			at[i] = append(at[i], obj)
		}
	}
	for i, f := range files {
		if f.Checked == nil {
			done := c.checked
			done.diagnostics, done.objects, done.found = c.diagnostics[i], at[i], &found{}
			f.Checked = &done
		}
	}
	return true
}

// supply puts into the package's scope what its files name of other files. Not
// more: the scope lives as long as any object declared in it.
func (c *checker) supply(pkg *types.Package, asts []*ast.File, objects map[string]types.Object) {
	for _, f := range asts {
		ast.Inspect(f, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			if obj := objects[id.Name]; obj != nil {
				pkg.Scope().Insert(obj)
				delete(objects, id.Name)
			}
			return true
		})
	}
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
	files       []*File
	order       []int // of files, by position
	calls       map[token.Pos]*ast.ExprStmt
	checked     Checked // what the files that are checked share
	diagnostics [][]source.Diagnostic
	last        *source.Diagnostic // to which continuations belong
	joins       bool               // files were checked before
	mixed       bool               // their objects were told from the package's own
	imp         types.Importer
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
	code := "syntax"
	if cell.Foreign {
		code = "foreign"
	}
	c.add(i, source.Error, cell.Pos(e.Start), cell.Pos(e.End), code, e.Message)
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
	for k, have := range c.diagnostics[i] {
		if have.Range.Start == d.Range.Start && have.Message == d.Message {
			c.last = &c.diagnostics[i][k]
			return
		}
	}
	c.diagnostics[i] = append(c.diagnostics[i], d)
	c.last = &c.diagnostics[i][len(c.diagnostics[i])-1]
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
		c.note(e.Pos, Typed(unqualified(more)))
		return
	}
	c.last = nil
	i, ok := c.at(e.Pos)
	if !ok {
		return
	}
	f := c.files[i]
	if f.Checked != nil || len(f.Cell.Errors) > 0 || c.tolerated(f, e) || consequence(e.Msg) {
		return
	}
	if c.joins && (strings.HasPrefix(e.Msg, "implicit assignment to unexported field") || strings.HasPrefix(e.Msg, "cannot define new methods on non-local type main.")) {
		c.mixed = true
	}
	start, end := extent(e)
	code := "type"
	message := place.ReplaceAllString(Typed(unqualified(e.Msg)), " declared")
	switch {
	case strings.HasPrefix(message, "undefined: "):
		code = "undefined"
	case e.Soft:
		code = "soft"
	}
	message = strings.ReplaceAll(message, " in argument to "+Typed(showFunc), " to show it")
	c.add(i, source.Error, start, end, code, message+inContainer(message, c.imp))
}

// place is one of the checked text, which nobody sees.
var place = regexp.MustCompile(` declared at \S*\d+:\d+$`)

var qualified = regexp.MustCompile(`\bmain\.([\pL_][\pL\pN_]*)`)

// unqualified takes the package's own name off types of files checked before.
// A file name in a message has a known ending instead.
func unqualified(message string) string {
	if !strings.Contains(message, "main.") {
		return message
	}
	return qualified.ReplaceAllStringFunc(message, func(s string) string {
		if s == "main.go" {
			return s
		}
		return strings.TrimPrefix(s, "main.")
	})
}

// consequence says whether an error only follows from another one. go/types drops
// those too, but it knows of the errors of one check only.
func consequence(message string) bool {
	return strings.Index(message, "invalid type") > 0 || strings.Index(message, "invalid operand") > 0
}

// tolerated says whether an error is none in a cell.
func (c *checker) tolerated(f *File, e types.Error) bool {
	switch {
	case strings.HasSuffix(e.Msg, " declared and not used") && !strings.HasPrefix(e.Msg, "label "),
		strings.HasPrefix(e.Msg, "declared and not used"):
		c.checked.Unused[e.Pos] = true
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
		fun := c.checked.Info.Types[call.Fun]
		if fun.IsType() || fun.IsBuiltin() {
			c.checked.Values[s] = true
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

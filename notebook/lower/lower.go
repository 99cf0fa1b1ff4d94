// Package lower turns a checked cell into a Go file: legal Go, for the engines
// and for the real compiler alike, together with the map back to the typed text.
//
// It changes as little as it can. Variables of the cell's statements become
// variables of the package, so that cells below see them, and the statements
// that defined them assign to them; the statements are the body of a func.
// Names get their versions, bare expressions are shown, and what Go refuses but
// a cell may have (an unused variable) is made legal.
package lower

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"stnb.dev/notebook"
	"stnb.dev/notebook/check"
	"stnb.dev/notebook/source"
	"stnb.dev/notebook/syntax"
)

// Unit is the lowered text of one cell.
type Unit struct {
	// ID names the text: equal texts have equal IDs.
	ID   string
	Cell notebook.CellID
	// Func has no parameters and no results and runs the cell; "" when there
	// is nothing to run.
	Func   string
	Source string
	Map    *source.Map
	// File is what the program is told that its text stands in, Lines are its lines
	// there (Map.Lines).
	File, Lines string
}

// The package that lowered text calls, and its name there.
const (
	corePath = "stnb.dev/widgets/core"
	coreName = "coreʹ"
)

// ownPrefix begins the import paths whose calls are widgets: their results are
// not shown just because a cell ends with them.
const ownPrefix = "stnb.dev/"

func textID(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

type lowering struct {
	file    *check.File
	cell    *syntax.Cell
	res     *check.Result
	edits   *edits
	imports imports
	w       *writer

	vars     []*types.Var // lifted, in order
	cached   []syntax.Cache
	runs     bool
	problems []source.Diagnostic
}

func (l *lowering) offset(pos token.Pos) int { return l.cell.Offset(pos) }

// before and after put text around a node.
func (l *lowering) before(n ast.Node, s string) {
	at := l.offset(n.Pos())
	l.edits.before[at] = append(l.edits.before[at], s)
}

func (l *lowering) after(n ast.Node, s string) {
	at := l.lastToken(n.End())
	l.edits.after[at] = append([]string{s}, l.edits.after[at]...)
}

// lastToken is the offset of the token that ends at a position.
func (l *lowering) lastToken(end token.Pos) int {
	toks := l.cell.Tokens
	i, _ := slices.BinarySearchFunc(toks, l.offset(end), func(t syntax.Token, at int) int { return t.Offset - at })
	for i--; i > 0 && toks[i].Tok == token.SEMICOLON && toks[i].Lit == "\n"; i-- {
	}
	return toks[max(i, 0)].Offset
}

// collect finds everything that is to change.
func (l *lowering) collect() {
	for _, d := range l.cell.Decls {
		l.edits.scan(l.cell, d)
	}
	for _, s := range l.cell.Stmts {
		l.edits.scan(l.cell, s)
	}
	l.usedImports()
	l.variables()
	l.caches()
	l.shown()
	l.bareCalls()
	for _, s := range l.cell.Stmts {
		l.statement(s)
		l.walk(s)
	}
	for _, d := range l.cell.Decls {
		l.walk(d)
	}
}

func (l *lowering) usedImports() {
	for _, imp := range l.file.Naming.Imports {
		if l.file.Used[imp.Name] {
			l.imports.add(imp.Path, imp.Name)
		}
	}
}

func (l *lowering) tokenAt(offset int) int {
	i, _ := slices.BinarySearchFunc(l.cell.Tokens, offset, func(t syntax.Token, at int) int { return t.Offset - at })
	return i
}

// variables finds the variables to lift.
func (l *lowering) variables() {
	seen := map[types.Object]bool{}
	for _, d := range l.cell.Defs {
		v, ok := l.file.Info().Defs[d.Ident].(*types.Var)
		if !ok || seen[v] {
			continue
		}
		seen[v] = true
		l.vars = append(l.vars, v)
	}
	for _, own := range l.file.Naming.Own {
		if v, ok := l.res.Lookup(own.Lowered).(*types.Var); ok {
			l.vars = append(l.vars, v)
		}
	}
}

// statement changes what defines variables at the top level into assignments.
func (l *lowering) statement(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.LabeledStmt:
		l.statement(s.Stmt)
	case *ast.AssignStmt:
		if s.Tok == token.DEFINE {
			l.edits.replace[l.offset(s.TokPos)] = "="
		}
	case *ast.DeclStmt:
		if d, ok := s.Decl.(*ast.GenDecl); ok {
			l.varStatement(d)
		}
	}
}

// varStatement makes var x T = v the assignment x = v, and var x T one of the
// zero value: a cell that runs again begins anew.
func (l *lowering) varStatement(d *ast.GenDecl) {
	l.edits.drop[l.offset(d.TokPos)] = true
	if d.Lparen.IsValid() {
		l.edits.drop[l.offset(d.Lparen)] = true
		l.edits.drop[l.offset(d.Rparen)] = true
	}
	for _, spec := range d.Specs {
		spec := spec.(*ast.ValueSpec)
		if allBlank(spec.Names) {
			l.before(spec, "var ")
			continue
		}
		if spec.Type != nil {
			l.dropRange(spec.Type)
		}
		if len(spec.Values) > 0 {
			continue
		}
		zeros := make([]string, len(spec.Names))
		for i, id := range spec.Names {
			zeros[i] = "nil"
			if v, ok := l.file.Info().Defs[id].(*types.Var); ok {
				zeros[i] = l.imports.zero(v.Type())
			} else if id.Name == "_" {
				zeros[i] = "0"
			}
		}
		l.after(spec.Names[len(spec.Names)-1], " = "+strings.Join(zeros, ", "))
	}
}

func allBlank(names []*ast.Ident) bool {
	return !slices.ContainsFunc(names, func(id *ast.Ident) bool { return id.Name != "_" })
}

func (l *lowering) dropRange(n ast.Node) {
	end := l.offset(n.End())
	for i := l.tokenAt(l.offset(n.Pos())); i < len(l.cell.Tokens) && l.cell.Tokens[i].Offset < end; i++ {
		l.edits.drop[l.cell.Tokens[i].Offset] = true
	}
}

// write writes declarations and statements; the head of the file follows when
// all its imports are known.
func (l *lowering) write() {
	w := l.w
	for _, it := range l.cell.Items {
		if it.Kind == syntax.Declaration && !l.isVar(it) {
			w.tokens(it.Start, it.End)
			w.newline()
			w.out.WriteByte('\n')
		}
	}
	for _, c := range l.cached {
		l.wrapper(c)
	}
	l.declareVars()
	l.body()
}

// File lowers a file of a local package: its declarations as they are.
func File(id notebook.CellID, f *check.File, res *check.Result) Unit {
	l := newLowering(f, res)
	l.usedImports()
	for _, d := range f.Cell.Decls {
		l.edits.scan(f.Cell, d)
		l.walk(d)
	}
	for _, it := range f.Cell.Items {
		if it.Kind == syntax.Declaration {
			l.w.tokens(it.Start, it.End)
			l.w.newline()
			l.w.out.WriteByte('\n')
		}
	}
	return l.unit(id)
}

// isVar says whether an item declares variables.
func (l *lowering) isVar(it syntax.Item) bool {
	return l.cell.Tokens[l.tokenAt(it.Start)].Tok == token.VAR
}

func (l *lowering) declareVars() {
	for _, v := range l.vars {
		switch {
		case writable(v.Type()):
			l.w.line("var " + v.Name() + " " + l.imports.typeText(v.Type()))
		default:
			l.unwritable(v)
		}
	}
	if len(l.vars) > 0 {
		l.w.out.WriteByte('\n')
	}
}

// unwritable declares a variable whose type has no name here by its initialiser,
// if that means the same anywhere: it uses nothing of the notebook.
func (l *lowering) unwritable(v *types.Var) {
	if e := l.initialiser(v); e != nil && l.constant(e) {
		l.w.newline()
		l.w.text("var " + v.Name() + " = ")
		l.w.tokens(l.offset(e.Pos()), l.offset(e.End()))
		l.w.newline()
		return
	}
	l.problems = append(l.problems, source.Diagnostic{
		Range: l.file.Range(v.Pos(), v.Pos()+token.Pos(len(check.Typed(v.Name())))), Severity: source.Error, Code: "unwritable-type",
		Message: fmt.Sprintf("%s has type %s, which cannot be named outside its package; convert it to an interface or use it within one statement",
			check.Typed(v.Name()), check.Typed(types.TypeString(v.Type(), nil))),
	})
}

// initialiser is the expression that alone gives a variable its first value.
func (l *lowering) initialiser(v *types.Var) ast.Expr {
	for _, s := range l.cell.Stmts {
		if a, ok := s.(*ast.AssignStmt); ok && len(a.Lhs) == len(a.Rhs) {
			for i, e := range a.Lhs {
				if id, ok := e.(*ast.Ident); ok && l.file.Info().Defs[id] == v {
					return a.Rhs[i]
				}
			}
		}
	}
	return nil
}

// constant says whether an expression uses nothing that notebook code can change.
func (l *lowering) constant(e ast.Expr) bool {
	ok := true
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			ok = false
		case *ast.Ident:
			if obj := l.file.Info().Uses[n]; obj != nil && check.Ours(obj) {
				if _, isPkg := obj.(*types.PkgName); !isPkg {
					ok = false
				}
			}
		}
		return ok
	})
	return ok
}

// body writes the func of the cell's statements, if it has any.
func (l *lowering) body() {
	w := l.w
	var head, inits, mains []string
	for _, own := range l.file.Naming.Own {
		head = append(head, l.copyOwn(own))
	}
	for _, d := range l.cell.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Recv != nil || fn.Type.Params.NumFields() > 0 {
			continue
		}
		switch check.Typed(fn.Name.Name) {
		case "init":
			inits = append(inits, fn.Name.Name+"()")
		case "main":
			mains = append(mains, fn.Name.Name+"()")
		}
	}
	tail := slices.Concat(inits, mains, l.tests())
	if len(head)+len(tail)+len(l.cell.Stmts) == 0 && len(l.programVars()) == 0 {
		return
	}
	l.runs = true
	w.line("func " + l.file.Naming.Func + "() {")
	w.indent++
	timed, _ := l.cell.Time()
	if timed != nil {
		l.imports.add(corePath, coreName)
		w.line(fmt.Sprintf("%s.Timed(%d, %d, func() {", coreName, timed.Runs, timed.Loops))
		w.indent++
	}
	for _, s := range head {
		w.line(s)
	}
	if l.cell.Program {
		l.initVars()
	}
	for _, it := range l.cell.Items {
		if it.Kind == syntax.Statements {
			w.tokens(it.Start, it.End)
			w.newline()
		}
	}
	for _, s := range tail {
		w.line(s)
	}
	if timed != nil {
		w.indent--
		w.line("})")
	}
	w.indent--
	w.line("}")
}

// copyOwn starts the cell's own version as a copy of the one above. A slice is
// clipped, so that appending to the copy never writes into the original.
func (l *lowering) copyOwn(own check.Own) string {
	v := l.res.Lookup(own.Lowered)
	if v != nil {
		if _, ok := v.Type().Underlying().(*types.Slice); ok {
			return fmt.Sprintf("%s = %s[:len(%[2]s):len(%[2]s)]", own.Lowered, own.From)
		}
	}
	return own.Lowered + " = " + own.From
}

// text puts the file together.
func (l *lowering) text() (text, fn string) {
	var head strings.Builder
	head.WriteString("package main\n\n")
	paths := slices.Sorted(maps.Keys(l.imports.names))
	if len(paths)+len(l.blankImports()) > 0 {
		head.WriteString("import (\n")
		for _, p := range paths {
			fmt.Fprintf(&head, "\t%s %q\n", l.imports.names[p], p)
		}
		for _, p := range l.blankImports() {
			fmt.Fprintf(&head, "\t_ %s\n", p)
		}
		head.WriteString(")\n\n")
	}
	for i := range l.w.pieces {
		l.w.pieces[i].Lowered += head.Len()
	}
	if l.runs {
		fn = l.file.Naming.Func
	}
	return strings.TrimRight(head.String()+l.w.out.String(), "\n") + "\n", fn
}

// blankImports are imported for what they do when they start.
func (l *lowering) blankImports() []string {
	var paths []string
	for _, spec := range l.cell.Imports {
		if spec.Name != nil && spec.Name.Name == "_" && !slices.Contains(paths, spec.Path.Value) {
			paths = append(paths, spec.Path.Value)
		}
	}
	slices.Sort(paths)
	return paths
}

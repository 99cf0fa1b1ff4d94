package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// Effects are, for each file, the variables of other files that its statements
// change in place: themselves, or through the funcs they use. A func's effects
// are those of its body and of the funcs of the notebook it mentions, and what it
// changes through its parameters is changed for its arguments.
//
// What goes through an interface, or is done by a func kept in a field, is not
// seen.
func Effects(files []*File) [][]Effect {
	e := &effects{funcs: map[types.Object]*body{}, writes: map[*body]map[*types.Var]bool{}}
	for _, f := range files {
		for obj, b := range f.effects().funcs {
			e.funcs[obj] = b
		}
	}
	e.close()
	out := make([][]Effect, len(files))
	for i, f := range files {
		b := f.effects().statements
		if b == nil {
			continue
		}
		found := map[*types.Var]*ast.Ident{}
		e.changes(b, func(v *types.Var, by *ast.Ident) {
			if have, ok := found[v]; !f.Cell.Contains(v.Pos()) && (!ok || by != nil && (have == nil || by.Pos() < have.Pos())) {
				found[v] = by
			}
		})
		for v, by := range found {
			out[i] = append(out[i], Effect{v, by})
		}
		slices.SortFunc(out[i], func(a, b Effect) int { return int(a.Var.Pos() - b.Var.Pos()) })
	}
	return out
}

// fileEffects is what one file's code does by itself.
type fileEffects struct {
	funcs      map[types.Object]*body // it declares
	statements *body                  // nil: the file has syntax errors
}

func (f *File) effects() *fileEffects {
	have := f.Checked.found
	have.mu.Lock()
	defer have.mu.Unlock()
	if have.effects == nil {
		r := &reader{info: f.Info(), funcs: map[types.Object]*body{}}
		have.effects = &fileEffects{funcs: r.funcs}
		if len(f.Cell.Errors) == 0 {
			r.collect(f)
			have.effects.statements = r.statements(f)
		}
	}
	return have.effects
}

// Effect is a variable that statements change, and where they mention the func
// that does it; By is nil when they do it themselves.
type Effect struct {
	Var *types.Var
	By  *ast.Ident
}

// effects puts together what all funcs do.
type effects struct {
	funcs map[types.Object]*body
	// writes are what a func changes by those it uses, beside what it does itself.
	writes map[*body]map[*types.Var]bool
}

// reader reads what a file's code does by itself.
type reader struct {
	info  *types.Info
	funcs map[types.Object]*body
}

// body is what some code does.
type body struct {
	params []*types.Var // with the receiver first
	writes map[*types.Var]bool
	// uses are the funcs it mentions, however, and where first.
	uses map[types.Object]*ast.Ident
	// passes are arguments handed to funcs of the notebook.
	passes []pass
}

// pass is a variable handed to a func as a parameter.
type pass struct {
	v     *types.Var
	to    types.Object
	param int
}

func newBody() *body {
	return &body{writes: map[*types.Var]bool{}, uses: map[types.Object]*ast.Ident{}}
}

// collect finds the funcs a file defines: declared ones, and literals that are
// the value of a variable.
func (e *reader) collect(f *File) {
	for _, d := range f.AST.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if obj, ok := e.info.Defs[d.Name].(*types.Func); ok && d.Name.Name != f.Naming.Func && d.Body != nil {
				b := newBody()
				b.params = params(obj.Signature())
				e.funcs[obj.Origin()] = b
				e.walk(b, d.Body)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				vs, ok := spec.(*ast.ValueSpec)
				if !ok || d.Tok != token.VAR || len(vs.Names) != len(vs.Values) {
					continue
				}
				for k, value := range vs.Values {
					lit, ok := ast.Unparen(value).(*ast.FuncLit)
					v, ok2 := e.info.Defs[vs.Names[k]].(*types.Var)
					if !ok || !ok2 {
						continue
					}
					b := newBody()
					if sig, ok := v.Type().(*types.Signature); ok {
						b.params = e.literalParams(lit, sig)
					}
					e.funcs[v] = b
					e.walk(b, lit.Body)
				}
			}
		}
	}
}

func params(sig *types.Signature) []*types.Var {
	list := []*types.Var{sig.Recv()}
	for v := range sig.Params().Variables() {
		list = append(list, v)
	}
	return list
}

// literalParams are a literal's own parameters: the variable's type has others.
func (e *reader) literalParams(lit *ast.FuncLit, sig *types.Signature) []*types.Var {
	if t, ok := e.info.Types[lit].Type.(*types.Signature); ok {
		return params(t)
	}
	return params(sig)
}

// statements is what a file's statements do. Literals that a variable is defined
// by run when that is called: they count where it is mentioned.
func (e *reader) statements(f *File) *body {
	b := newBody()
	for _, d := range f.AST.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.Name == f.Naming.Func || Typed(d.Name.Name) == "main" || strings.HasPrefix(d.Name.Name, "initʹ") {
				e.walk(b, d.Body)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				vs, ok := spec.(*ast.ValueSpec)
				if !ok {
					continue
				}
				for _, value := range vs.Values {
					if _, ok := ast.Unparen(value).(*ast.FuncLit); !ok {
						e.walk(b, value)
					}
				}
			}
		}
	}
	return b
}

// close adds to every func what the funcs it mentions do, until nothing changes.
func (e *effects) close() {
	for _, b := range e.funcs {
		e.writes[b] = maps.Clone(b.writes)
	}
	for changed := true; changed; {
		changed = false
		for _, b := range e.funcs {
			n := len(e.writes[b])
			all := e.writes[b]
			e.changes(b, func(v *types.Var, _ *ast.Ident) { all[v] = true })
			changed = changed || len(all) > n
		}
	}
}

// changes calls yield for each variable that code changes.
func (e *effects) changes(b *body, yield func(v *types.Var, by *ast.Ident)) {
	for v := range b.writes {
		yield(v, nil)
	}
	for obj, at := range b.uses {
		if c := e.funcs[obj]; c != nil && c != b {
			for v := range e.writes[c] {
				if Global(v) {
					yield(v, at)
				}
			}
		}
	}
	for _, p := range b.passes {
		if c := e.funcs[p.to]; c != nil && p.param < len(c.params) {
			if param := c.params[p.param]; param != nil && e.writes[c][param] {
				yield(p.v, nil)
			}
		}
	}
}

// walk finds what code does.
func (e *reader) walk(b *body, n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, x := range n.Lhs {
				if n.Tok != token.DEFINE {
					e.write(b, x, false)
				}
			}
		case *ast.IncDecStmt:
			e.write(b, n.X, false)
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				e.write(b, n.Key, false)
				e.write(b, n.Value, false)
			}
			if _, ok := under(e.typeOf(n.X)).(*types.Chan); ok {
				e.write(b, n.X, true)
			}
		case *ast.SendStmt:
			e.write(b, n.Chan, true)
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				e.write(b, n.X, true)
			} else if n.Op == token.AND {
				e.write(b, n.X, false)
			}
		case *ast.CallExpr:
			e.call(b, n)
		case *ast.Ident:
			if obj := e.info.Uses[n]; obj != nil && b.uses[origin(obj)] == nil {
				b.uses[origin(obj)] = n
			}
		}
		return true
	})
}

func origin(obj types.Object) types.Object {
	if fn, ok := obj.(*types.Func); ok {
		return fn.Origin()
	}
	return obj
}

func (e *reader) typeOf(x ast.Expr) types.Type { return e.info.Types[x].Type }

func under(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	return t.Underlying()
}

// write notes that what an expression denotes, or with through what it refers to,
// is changed. A change of a parameter counts if it goes through a pointer, a map
// or a slice: otherwise it is of the func's own copy.
func (e *reader) write(b *body, x ast.Expr, through bool) {
	if v, indirect := e.root(x); v != nil {
		if Global(v) || (indirect || through) && slices.Contains(b.params, v) {
			b.writes[v] = true
		}
	}
}

// root is the variable in which lies what an expression denotes, and whether it
// is only referred to from there.
func (e *reader) root(x ast.Expr) (v *types.Var, indirect bool) {
	for {
		switch y := x.(type) {
		case *ast.Ident:
			v, _ := e.info.Uses[y].(*types.Var)
			return v, indirect
		case *ast.ParenExpr:
			x = y.X
			continue
		case *ast.StarExpr:
			x, indirect = y.X, true
			continue
		case *ast.SelectorExpr:
			if id, ok := y.X.(*ast.Ident); ok {
				if _, ok := e.info.Uses[id].(*types.PkgName); ok {
					return nil, false
				}
			}
			x = y.X
		case *ast.IndexExpr:
			x = y.X
		case *ast.SliceExpr:
			x = y.X
		default:
			return nil, false
		}
		switch under(e.typeOf(x)).(type) {
		case *types.Pointer, *types.Map, *types.Slice:
			indirect = true
		}
	}
}

// call notes what a call changes: by a predeclared func, by a func of the library
// known to change its argument, by a method, or by a func of the notebook.
func (e *reader) call(b *body, call *ast.CallExpr) {
	fun := ast.Unparen(call.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	var obj types.Object
	var recv ast.Expr
	switch x := fun.(type) {
	case *ast.Ident:
		obj = e.info.Uses[x]
	case *ast.SelectorExpr:
		obj = e.info.Uses[x.Sel]
		if sel := e.info.Selections[x]; sel != nil && sel.Kind() == types.MethodVal {
			recv = x.X
		}
	}
	if obj == nil {
		return
	}
	obj = origin(obj)
	if mutatesFirst(obj) && len(call.Args) > 0 {
		e.write(b, call.Args[0], true)
	}
	if recv != nil && mutatesReceiver(obj) {
		e.write(b, recv, true)
	}
	if !Ours(obj) {
		return
	}
	if recv != nil {
		e.hand(b, recv, obj, 0)
	}
	for i, arg := range call.Args {
		e.hand(b, arg, obj, i+1)
	}
}

// hand notes that a variable is handed to a func.
func (e *reader) hand(b *body, x ast.Expr, to types.Object, param int) {
	if v, _ := e.root(x); v != nil && (Global(v) || slices.Contains(b.params, v)) {
		b.passes = append(b.passes, pass{v, to, param})
	}
}

// mutators are funcs of the library that change what their first argument refers
// to.
var mutators = map[string][]string{
	"sort":           {"Ints", "Strings", "Float64s", "Slice", "SliceStable", "Sort", "Stable"},
	"slices":         {"Sort", "SortFunc", "SortStableFunc", "Reverse"},
	"maps":           {"Copy", "DeleteFunc", "Insert"},
	"container/heap": {"Init", "Push", "Pop", "Fix", "Remove"},
}

func mutatesFirst(obj types.Object) bool {
	if b, ok := obj.(*types.Builtin); ok {
		return slices.Contains([]string{"delete", "clear", "copy", "close"}, b.Name())
	}
	return obj.Pkg() != nil && slices.Contains(mutators[obj.Pkg().Path()], obj.Name())
}

// changeable are packages of the library whose types change by their pointer
// methods; those of others (regexp, net/http, database/sql) are shared as they are.
var changeable = []string{"bytes", "strings", "bufio", "container/list", "container/ring", "math/big", "math/rand",
	"math/rand/v2", "sync/atomic", "text/tabwriter", "encoding/csv", "encoding/json", "encoding/gob", "hash/maphash", "net/url"}

func mutatesReceiver(obj types.Object) bool {
	fn, ok := obj.(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Signature().Recv() == nil {
		return false
	}
	_, pointer := fn.Signature().Recv().Type().(*types.Pointer)
	return pointer && slices.Contains(changeable, fn.Pkg().Path())
}

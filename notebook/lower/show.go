package lower

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// shown wraps bare expressions.
func (l *lowering) shown() {
	for _, e := range l.file.Shown {
		l.show(e)
	}
	for s := range l.file.Checked.Values {
		if l.mine(s) {
			l.show(s.X)
		}
	}
}

func (l *lowering) mine(s *ast.ExprStmt) bool { return slices.Contains(l.file.Bare, s) }

func (l *lowering) show(e ast.Expr) { l.wrap(e, coreName+".Show(") }

func (l *lowering) wrap(e ast.Expr, call string) {
	l.imports.add(corePath, coreName)
	l.before(e, call)
	l.after(e, ")")
}

// bareCalls shows the error a call ends with, and the value of the last one.
func (l *lowering) bareCalls() {
	for _, s := range l.file.Bare {
		if l.file.Checked.Values[s] {
			continue
		}
		tv := l.file.Info().Types[s.X]
		results, isTuple := tv.Type.(*types.Tuple)
		switch {
		case isTuple && results.Len() == 0 || tv.IsVoid():
		case isTuple:
			if isError(results.At(results.Len()-1).Type()) && !harmless(l.callee(s.X)) {
				l.imports.add(corePath, coreName)
				l.before(s.X, "{ "+strings.Repeat("_, ", results.Len()-1)+"errʹ := ")
				l.after(s.X, "; "+coreName+".Err(errʹ) }")
			}
		case isError(tv.Type):
			if !harmless(l.callee(s.X)) {
				l.wrap(s.X, coreName+".Err(")
			}
		case s == l.file.Last && !l.draws(s.X):
			l.show(s.X)
		}
	}
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// callee is the func or method a call calls, if it is known by name.
func (l *lowering) callee(e ast.Expr) types.Object {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return nil
	}
	fun := ast.Unparen(call.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	switch fun := fun.(type) {
	case *ast.Ident:
		return l.file.Info().Uses[fun]
	case *ast.SelectorExpr:
		return l.file.Info().Uses[fun.Sel]
	}
	return nil
}

// draws says whether a call puts something on the screen by itself: a func of the
// widgets that takes options or a func, or gives handles. What only reads, as a
// state's Get, has a value to show.
func (l *lowering) draws(e ast.Expr) bool {
	fn, ok := l.callee(e).(*types.Func)
	if !ok || !ofWidgets(fn) {
		return false
	}
	for p := range fn.Signature().Params().Variables() {
		if _, isFunc := p.Type().Underlying().(*types.Signature); isFunc || ofWidgets(named(p.Type())) {
			return true
		}
	}
	return ofWidgets(named(l.file.Info().TypeOf(e)))
}

// named is the name of a type, or of what it points to or holds; nil if it has none.
func named(t types.Type) types.Object {
	switch t := t.(type) {
	case *types.Pointer:
		return named(t.Elem())
	case *types.Slice:
		return named(t.Elem())
	case *types.Named:
		return t.Obj()
	case *types.Alias:
		return t.Obj()
	}
	return nil
}

func ofWidgets(obj types.Object) bool {
	return obj != nil && obj.Pkg() != nil && strings.HasPrefix(obj.Pkg().Path(), ownPrefix+"widgets")
}

// harmless are funcs whose error nobody looks at: printing, and writers that
// never fail.
func harmless(obj types.Object) bool {
	fn, ok := obj.(*types.Func)
	if !ok || fn.Pkg() == nil {
		return false
	}
	switch fn.Pkg().Path() {
	case "fmt":
		return strings.HasPrefix(fn.Name(), "Print") || strings.HasPrefix(fn.Name(), "Fprint")
	case "strings", "bytes", "hash", "math/rand", "math/rand/v2":
		return true
	}
	return false
}

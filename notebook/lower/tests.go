package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strconv"

	"stnb.dev/notebook/check"
	"stnb.dev/notebook/syntax"
)

// tests are the lines that run the tests a cell declares.
func (l *lowering) tests() []string {
	var lines []string
	for _, d := range l.cell.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Recv != nil || fn.Type.TypeParams != nil || fn.Type.Results.NumFields() > 0 || fn.Body == nil {
			continue
		}
		name := check.Typed(fn.Name.Name)
		kind := syntax.TestKind(name)
		if kind == "" {
			continue
		}
		if kind == "Example" {
			if fn.Type.Params.NumFields() == 0 {
				want, unordered, has := l.cell.ExampleOutput(fn)
				lines = append(lines, fmt.Sprintf("%s.RunExample(%q, %s, %s, %t, %t)", coreName, name, fn.Name.Name, strconv.Quote(want), unordered, has))
			}
			continue
		}
		obj, ok := l.file.Info().Defs[fn.Name].(*types.Func)
		if !ok || obj.Signature().Params().Len() != 1 {
			continue
		}
		param := map[string]string{"Test": "T", "Benchmark": "B", "Fuzz": "F"}[kind]
		if p, ok := types.Unalias(obj.Signature().Params().At(0).Type()).(*types.Pointer); ok && testType(p.Elem()) == param {
			lines = append(lines, fmt.Sprintf("%s.Run%s(%q, %s)", coreName, kind, name, fn.Name.Name))
		}
	}
	if lines != nil {
		l.imports.add(corePath, coreName)
		lines = append(lines, coreName+".TestReport()")
	}
	return lines
}

// testType is the name of a type of package testing, "" for others.
func testType(t types.Type) string {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != check.TestingPath {
		return ""
	}
	return n.Obj().Name()
}

// tellers are the methods of tests whose message says in which line they stand.
var tellers = []string{"Error", "Errorf", "Fatal", "Fatalf", "Log", "Logf", "Skip", "Skipf"}

// told lets such a call say its line.
func (l *lowering) told(call *ast.CallExpr) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !slices.Contains(tellers, sel.Sel.Name) {
		return
	}
	t := l.file.Info().TypeOf(sel.X)
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if t == nil || !slices.Contains([]string{"T", "B", "F", "TB"}, testType(t)) {
		return
	}
	l.after(sel.X, fmt.Sprintf(".At(%d)", l.file.Position(call.Pos()).Line))
}

package check

import (
	"go/ast"
	"go/constant"
	"go/types"
	"slices"
	"strings"
)

// Keys are the session-state keys a file names: the constant keys of st.State and
// of st.Key, which makes a widget's value state. Sorted.
func Keys(f *File) []string {
	have := f.Checked.found
	have.mu.Lock()
	defer have.mu.Unlock()
	if !have.hasKeys {
		have.keys, have.hasKeys = keysOf(f, f.Info()), true
	}
	return have.keys
}

func keysOf(f *File, info *types.Info) []string {
	var keys []string
	ast.Inspect(f.AST, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		sel, ok := ast.Unparen(instantiated(call.Fun)).(*ast.SelectorExpr)
		if !ok {
			return true
		}
		obj := info.Uses[sel.Sel]
		if obj == nil || obj.Pkg() == nil || !strings.HasPrefix(obj.Pkg().Path(), "stnb.dev/widgets") ||
			!slices.Contains([]string{"State", "Key"}, obj.Name()) {
			return true
		}
		if _, ok := obj.(*types.Func); !ok {
			return true
		}
		if v := info.Types[call.Args[0]].Value; v != nil && v.Kind() == constant.String {
			keys = append(keys, constant.StringVal(v))
		}
		return true
	})
	slices.Sort(keys)
	return slices.Compact(keys)
}

// instantiated is a generic func without its type arguments.
func instantiated(fun ast.Expr) ast.Expr {
	switch x := fun.(type) {
	case *ast.IndexExpr:
		return x.X
	case *ast.IndexListExpr:
		return x.X
	}
	return fun
}

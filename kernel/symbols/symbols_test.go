package symbols_test

import (
	"go/token"
	"go/types"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"stnb.dev/kernel/symbols"
	"stnb.dev/kernel/symbols/exports"
)

// Every exported object of the standard library is in the table, but for what is
// generic and for the packages listed as excluded.
func TestStdIsComplete(t *testing.T) {
	imp := exports.Importer(token.NewFileSet())
	objects := 0
	for _, path := range exports.Default().Packages() {
		if symbols.Excluded(path) != "" || strings.Contains(path, ".") {
			continue
		}
		pkg, err := imp.Import(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range pkg.Scope().Names() {
			obj := pkg.Scope().Lookup(name)
			if !obj.Exported() || hasNoValue(obj) {
				continue
			}
			objects++
			v, ok := symbols.Lookup(path, name)
			if !ok {
				// Package syscall is another on each system, and yaegi's tables
				// of it are older than this Go.
				if path != "syscall" {
					t.Errorf("%s.%s is not in the table: run `make generate`", path, name)
				}
				continue
			}
			if _, ok := obj.(*types.Func); ok {
				if f := runtime.FuncForPC(v.Pointer()); f != nil && strings.Contains(f.Name(), "yaegi") {
					t.Errorf("%s.%s is yaegi's own %s", path, name, f.Name())
				}
			}
		}
	}
	if objects < 5000 {
		t.Fatalf("just %d objects seen", objects)
	}
}

func hasNoValue(obj types.Object) bool {
	if t, ok := obj.Type().(interface{ TypeParams() *types.TypeParamList }); ok && t.TypeParams().Len() > 0 {
		return true
	}
	i, ok := obj.Type().Underlying().(*types.Interface)
	_, isType := obj.(*types.TypeName)
	return isType && ok && !i.IsMethodSet()
}

func TestForms(t *testing.T) {
	for _, test := range []struct {
		path, name string
		kind       reflect.Kind
	}{
		{"fmt", "Println", reflect.Func},
		{"os", "Exit", reflect.Func},
		{"os", "Args", reflect.Slice},
		{"math/rand/v2", "N", reflect.Invalid}, // generic
		{"math/rand/v2", "IntN", reflect.Func},
		{"strings", "Builder", reflect.Pointer},
		{"time", "Second", reflect.Int64},
		{"testing/synctest", "Test", reflect.Func},
	} {
		v, _ := symbols.Lookup(test.path, test.name)
		if v.Kind() != test.kind {
			t.Errorf("%s.%s is a %v, want %v", test.path, test.name, v.Kind(), test.kind)
		}
	}
	if v, _ := symbols.Lookup("os", "Args"); !v.CanAddr() {
		t.Error("os.Args is not addressable")
	}
	if v, _ := symbols.Lookup("os", "Exit"); v.Type() != reflect.TypeFor[func(int)]() {
		t.Errorf("os.Exit is %v", v.Type())
	}
}

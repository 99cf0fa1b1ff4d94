// Package symbols is the table by which engines call the standard library: for
// each import path, each exported name as a reflect.Value. It knows no engine.
//
// A func or typed constant is its value, an untyped constant a constant.Value, a
// variable is addressable (the Elem of its pointer), a type T is a nil *T. For an
// interface type T of package p there may be a type named "_p_T" too: a struct
// with a func field W<Method> for each method, that implements T.
//
// The bulk comes from yaegi's tables (made for Go 1.22), the rest of Go's current
// exported surface from supplement.go, which gen writes; a test compares both with
// the library. Generic funcs and types have no reflect.Value: engines run them
// from source (package exports).
package symbols

//go:generate go run ./gen

import (
	"maps"
	"path"
	"reflect"
	"strings"
	"sync"

	"github.com/traefik/yaegi/stdlib"
	yaegisyscall "github.com/traefik/yaegi/stdlib/syscall"
)

// Table is symbols by import path and name.
type Table = map[string]map[string]reflect.Value

// Std returns the table of the standard library. The caller does not change it.
var Std = sync.OnceValue(func() Table {
	t := Table{}
	add := func(from Table) {
		for key, syms := range from {
			// Keys there are the import path with the package's name behind it.
			dir, name := path.Split(key)
			dir = strings.TrimSuffix(dir, "/")
			if dir == "" || !isPackageName(dir, name) {
				continue
			}
			if t[dir] == nil {
				t[dir] = map[string]reflect.Value{}
			}
			maps.Copy(t[dir], syms)
		}
	}
	add(stdlib.Symbols)
	add(yaegisyscall.Symbols)
	for dir, syms := range supplement {
		if t[dir] == nil {
			t[dir] = map[string]reflect.Value{}
		}
		maps.Copy(t[dir], syms)
	}
	delete(t, "github.com/traefik/yaegi/stdlib")
	for dir := range excluded {
		delete(t, dir)
	}
	return t
})

// isPackageName says whether a package at dir may be called name: its last
// element, or the one before a version ("math/rand/v2" is rand).
func isPackageName(dir, name string) bool {
	base := path.Base(dir)
	return base == name || path.Base(path.Dir(dir)) == name && strings.HasPrefix(base, "v")
}

// Lookup returns one symbol.
func Lookup(pkg, name string) (reflect.Value, bool) {
	v, ok := Std()[pkg][name]
	return v, ok
}

// Excluded says why a package of the standard library has no symbols here, or ""
// when it has.
func Excluded(pkg string) string { return excluded[pkg] }

// Missing says why a package that has symbols here has none of one name, or "" when that
// is not known.
func Missing(pkg, _ string) string {
	if pkg == "syscall" {
		return "package syscall is here without what ends, replaces, traces or forks a process and without calls by number"
	}
	return ""
}

// excluded packages, each with the reason.
var excluded = map[string]string{
	"embed":       "go:embed is done by the compiler",
	"plugin":      "loads what the Go linker made",
	"runtime/cgo": "only code that cgo wrote may use it",
	"unsafe":      "is part of the compiler; engines do what they can of it themselves",
}

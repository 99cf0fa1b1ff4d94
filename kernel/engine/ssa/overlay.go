package ssa

import (
	"go/types"
)

// genericPath holds our own bodies of generic funcs whose packages are native
// otherwise; genericFuncs says which func stands for which.
const genericPath = "stnb.dev/kernel/engine/ssa/generic"

var genericFuncs = map[string]string{
	"sync.OnceValue": "OnceValue", "sync.OnceValues": "OnceValues",
	"errors.AsType": "AsType", "math/rand/v2.N": "N", "reflect.TypeAssert": "TypeAssert",
}

const genericSource = `
package generic

import (
	"math/rand/v2"
	"reflect"
	"sync"
)

func OnceValue[T any](f func() T) func() T {
	var once sync.Once
	var valid bool
	var p any
	var result T
	return func() T {
		once.Do(func() {
			defer func() {
				if !valid {
					p = recover()
					panic(p)
				}
			}()
			result = f()
			f = nil
			valid = true
		})
		if !valid {
			panic(p)
		}
		return result
	}
}

func OnceValues[T1, T2 any](f func() (T1, T2)) func() (T1, T2) {
	type pair struct {
		a T1
		b T2
	}
	once := OnceValue(func() pair {
		a, b := f()
		return pair{a, b}
	})
	return func() (T1, T2) {
		p := once()
		return p.a, p.b
	}
}

func AsType[E error](err error) (E, bool) {
	for err != nil {
		if e, ok := err.(E); ok {
			return e, true
		}
		if x, ok := err.(interface{ As(any) bool }); ok {
			var e E
			if x.As(&e) {
				return e, true
			}
		}
		switch x := err.(type) {
		case interface{ Unwrap() error }:
			err = x.Unwrap()
		case interface{ Unwrap() []error }:
			for _, one := range x.Unwrap() {
				if one == nil {
					continue
				}
				if e, ok := AsType[E](one); ok {
					return e, true
				}
			}
			err = nil
		default:
			err = nil
		}
	}
	var none E
	return none, false
}

func N[Int interface{ ~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr }](n Int) Int {
	if n <= 0 {
		panic("invalid argument to N")
	}
	return Int(rand.Uint64N(uint64(n)))
}

func TypeAssert[T any](v reflect.Value) (T, bool) {
	t, ok := v.Interface().(T)
	return t, ok
}
`

// useGeneric points the uses of such funcs to ours; it gives their package when
// there are any.
func useGeneric(imp *importer, info *types.Info) (*types.Package, error) {
	var pkg *types.Package
	for id, o := range info.Uses {
		f, ok := o.(*types.Func)
		if !ok || f.Pkg() == nil || f.Signature().Recv() != nil {
			continue
		}
		name := genericFuncs[f.Pkg().Path()+"."+f.Name()]
		if name == "" {
			continue
		}
		if pkg == nil {
			var err error
			if pkg, err = imp.here(genericPath); err != nil {
				return nil, err
			}
		}
		info.Uses[id] = pkg.Scope().Lookup(name)
	}
	return pkg, nil
}

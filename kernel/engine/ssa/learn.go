package ssa

import (
	"go/types"
	"reflect"
)

// nativeType finds the run-time type of a native named type: by its name, or,
// when it is not exported, by what exported objects are made of.
func (e *Engine) nativeType(n *types.Named) reflect.Type {
	e.typeMu.Lock()
	defer e.typeMu.Unlock()
	o := n.Obj()
	if r, ok := e.native[o]; ok {
		return r
	}
	if v, ok := e.find(o.Pkg().Path(), o.Name()); ok && o.Parent() == o.Pkg().Scope() && v.Kind() == reflect.Pointer && v.IsNil() {
		e.native[o] = v.Type().Elem()
		return e.native[o]
	}
	e.learnPackage(o.Pkg())
	if e.native[o] == nil {
		e.native[o] = nil
	}
	return e.native[o]
}

// learnPackage compares the package's checked types with its native values, and
// so meets the types that have no exported name.
func (e *Engine) learnPackage(pkg *types.Package) {
	if e.learned[pkg] {
		return
	}
	e.learned[pkg] = true
	seen := map[types.Type]bool{}
	for _, name := range pkg.Scope().Names() {
		o := pkg.Scope().Lookup(name)
		v, ok := e.find(pkg.Path(), name)
		if !ok || !v.IsValid() {
			continue
		}
		switch o := o.(type) {
		case *types.TypeName:
			if v.Kind() == reflect.Pointer {
				e.learn(o.Type(), v.Type().Elem(), seen)
			}
		case *types.Func, *types.Var:
			e.learn(o.Type(), v.Type(), seen)
		}
	}
}

func (e *Engine) learn(t types.Type, r reflect.Type, seen map[types.Type]bool) {
	t = types.Unalias(t)
	if seen[t] {
		return
	}
	seen[t] = true
	if n, ok := t.(*types.Named); ok {
		if n.TypeArgs().Len() > 0 || n.Obj().Name() != r.Name() {
			return
		}
		if e.native[n.Obj()] == nil {
			e.native[n.Obj()] = r
		}
		for i := range n.NumMethods() {
			m := n.Method(i)
			if !m.Exported() {
				continue
			}
			mt := r
			if _, p := m.Signature().Recv().Type().(*types.Pointer); p {
				mt = reflect.PointerTo(r)
			}
			if rm, ok := mt.MethodByName(m.Name()); ok && rm.Type.NumIn() == m.Signature().Params().Len()+1 {
				for j := range m.Signature().Params().Len() {
					e.learn(m.Signature().Params().At(j).Type(), rm.Type.In(j+1), seen)
				}
				for j := range m.Signature().Results().Len() {
					e.learn(m.Signature().Results().At(j).Type(), rm.Type.Out(j), seen)
				}
			}
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		if r.Kind() == reflect.Pointer {
			e.learn(u.Elem(), r.Elem(), seen)
		}
	case *types.Slice:
		if r.Kind() == reflect.Slice {
			e.learn(u.Elem(), r.Elem(), seen)
		}
	case *types.Array:
		if r.Kind() == reflect.Array {
			e.learn(u.Elem(), r.Elem(), seen)
		}
	case *types.Chan:
		if r.Kind() == reflect.Chan {
			e.learn(u.Elem(), r.Elem(), seen)
		}
	case *types.Map:
		if r.Kind() == reflect.Map {
			e.learn(u.Key(), r.Key(), seen)
			e.learn(u.Elem(), r.Elem(), seen)
		}
	case *types.Struct:
		if r.Kind() == reflect.Struct && r.NumField() == u.NumFields() {
			for i := range u.NumFields() {
				e.learn(u.Field(i).Type(), r.Field(i).Type, seen)
			}
		}
	case *types.Signature:
		if r.Kind() == reflect.Func && r.NumIn() == u.Params().Len() && r.NumOut() == u.Results().Len() {
			for i := range r.NumIn() {
				e.learn(u.Params().At(i).Type(), r.In(i), seen)
			}
			for i := range r.NumOut() {
				e.learn(u.Results().At(i).Type(), r.Out(i), seen)
			}
		}
	}
}

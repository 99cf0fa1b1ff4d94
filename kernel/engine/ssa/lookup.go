package ssa

import (
	"go/types"
	"reflect"

	"golang.org/x/tools/go/ssa"
)

func (l *lineage) symbol(path, name string) (reflect.Value, bool) { return l.eng.find(path, name) }

// nativeType is the run-time type of a native named type.
func (l *lineage) nativeType(n *types.Named) reflect.Type {
	if n.TypeArgs().Len() > 0 {
		return nil
	}
	return l.eng.nativeType(n)
}

func (l *lineage) globalType(g *ssa.Global) reflect.Type {
	if t, ok := l.globals.Load(g); ok {
		return t.(reflect.Type)
	}
	t := l.types.typ(g.Type().Underlying().(*types.Pointer).Elem())
	l.globals.Store(g, t)
	return t
}

// method finds the func that runs a method of a dynamic type; nil when it is
// native code's.
func (l *lineage) method(r *rtype, m *types.Func) *fn {
	type key struct {
		r *rtype
		m string
	}
	id := m.Name()
	if !m.Exported() && m.Pkg() != nil {
		id = m.Pkg().Path() + "." + id
	}
	k := key{r, id}
	if f, ok := l.methods.Load(k); ok {
		return f.(*fn)
	}
	var f *fn
	if v, ok := made.byType.Load(r); ok {
		u := v.(*userType)
		if t := l.typeOf(u); t != nil {
			if r == u.ptrTyp {
				t = types.NewPointer(t)
			}
			f = l.methodOf(t, m.Name(), m.Pkg())
		}
	} else if t := l.ours(toReflect(r), m.Name()); t != nil {
		f = l.methodOf(t, m.Name(), m.Pkg())
	}
	l.methods.Store(k, f)
	return f
}

// ours gives a native type when this engine does that method of it itself.
func (l *lineage) ours(t reflect.Type, method string) types.Type {
	if t.Kind() != reflect.Pointer || t.Elem().PkgPath() == "" {
		return nil
	}
	path, name := t.Elem().PkgPath(), t.Elem().Name()
	if intrinsics[path+".(*"+name+")."+method] == nil {
		return nil
	}
	for _, pkg := range l.base.ssa.AllPackages() {
		if pkg.Pkg.Path() == path {
			if o := pkg.Pkg.Scope().Lookup(name); o != nil {
				return types.NewPointer(o.Type())
			}
		}
	}
	return nil
}

func (l *lineage) methodOf(t types.Type, name string, pkg *types.Package) *fn {
	s := l.base.method(t, name, pkg)
	if s == nil {
		return nil
	}
	if len(s.Blocks) == 0 && intrinsics[originName(s)] == nil && l.nativeFunc(s) == nil {
		return nil
	}
	return l.fn(s)
}

// methodFn finds the func behind a method that native code calls.
func (l *lineage) methodFn(m *userMethod) *fn {
	if f, ok := l.entries.Load(m); ok {
		return f.(*fn)
	}
	t := l.typeOf(m.of)
	if t == nil {
		panic(engineFailure{"type " + m.of.name + " is not of this program"})
	}
	if m.pointer {
		t = types.NewPointer(t)
	}
	f := l.methodOf(t, m.name, anyMain)
	if f == nil {
		panic(engineFailure{"method " + m.of.name + "." + m.name + " is not of this program"})
	}
	l.entries.Store(m, f)
	return f
}

// typeOf finds this program's type that a run-time type stands for.
func (l *lineage) typeOf(u *userType) types.Type {
	if t, ok := l.plainTypes.Load(u); ok {
		return t.(types.Type)
	}
	find := func() types.Type {
		made.Lock()
		defer made.Unlock()
		for n, o := range l.types.named {
			if o == u {
				return n
			}
		}
		return nil
	}
	if t := find(); t != nil {
		return t
	}
	// A value of another lineage: its type has not been met here yet.
	for _, pkg := range l.packages() {
		for _, name := range pkg.Scope().Names() {
			if tn, ok := pkg.Scope().Lookup(name).(*types.TypeName); ok && !tn.IsAlias() {
				if n, ok := tn.Type().(*types.Named); ok && n.TypeParams().Len() == 0 {
					l.types.typ(n)
				}
			}
		}
	}
	return find()
}

// anyMain stands for the packages of units, whose names are looked up by path.
var anyMain = types.NewPackage("main", "main")

// method finds a method of a type.
func (b *base) method(t types.Type, name string, pkg *types.Package) *ssa.Function {
	b.mu.RLock()
	defer b.mu.RUnlock()
	sel := b.ssa.MethodSets.MethodSet(t).Lookup(pkg, name)
	if sel == nil {
		return nil
	}
	return b.ssa.MethodValue(sel)
}

func (l *lineage) funcTypeOf(f *fn) reflect.Type { return l.types.typ(f.ssa.Signature) }

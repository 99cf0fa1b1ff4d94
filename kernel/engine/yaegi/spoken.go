package yaegi

import "go/types"

// spoken are the ids of the types within what may be shown (values in interfaces,
// and the program's variables) that say themselves how they read: display asks
// their String and Error at any depth, where no box is.
func (l *lineage) spoken() map[int]bool {
	w := speakers{l: l, seen: map[types.Type]bool{}, ids: map[int]bool{}}
	for id := range len(l.typeOf) {
		if l.boxed[id] {
			w.walk(l.typeOf[id])
		}
	}
	for _, name := range l.pkg.Scope().Names() {
		if v, ok := l.pkg.Scope().Lookup(name).(*types.Var); ok {
			w.walk(v.Type())
		}
	}
	return w.ids
}

type speakers struct {
	l    *lineage
	seen map[types.Type]bool
	ids  map[int]bool
}

func (w *speakers) walk(t types.Type) {
	t = types.Unalias(t)
	if w.seen[t] {
		return
	}
	w.seen[t] = true
	if w.speaks(t) {
		w.ids[w.l.typeID(t)] = true
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		w.walk(u.Elem())
	case *types.Slice:
		w.walk(u.Elem())
	case *types.Array:
		w.walk(u.Elem())
	case *types.Map:
		w.walk(u.Key())
		w.walk(u.Elem())
	case *types.Struct:
		for f := range u.Fields() {
			w.walk(f.Type())
		}
	}
}

// speaks says whether a type of the program, or a pointer to one, has a String or
// an Error method.
func (w *speakers) speaks(t types.Type) bool {
	named, ok := t.(*types.Named)
	if p, isPointer := t.(*types.Pointer); isPointer {
		named, ok = types.Unalias(p.Elem()).(*types.Named)
	}
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != w.l.pkg.Path() || types.IsInterface(named) ||
		named.TypeParams().Len() > named.TypeArgs().Len() {
		return false
	}
	for i, ms := 0, types.NewMethodSet(t); i < ms.Len(); i++ {
		if f, ok := ms.At(i).Obj().(*types.Func); ok && speaks(f) {
			return true
		}
	}
	return false
}

// speaks says whether a method is String() string or Error() string.
func speaks(f *types.Func) bool {
	sig := f.Signature()
	return (f.Name() == "String" || f.Name() == "Error") && sig.Params().Len() == 0 && sig.Results().Len() == 1 &&
		types.Identical(sig.Results().At(0).Type(), types.Typ[types.String])
}

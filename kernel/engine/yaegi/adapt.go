package yaegi

import (
	"fmt"
	"go/types"
	"path"
	"reflect"
	"strings"

	"stnb.dev/kernel/symbols"
)

// Most compiled interfaces have no kind of box of their own (box.go). For these the
// symbol tables have adapters: structs with a func for each method. An adapter has
// the box it stands for in its field IValue, and is opened again on the way back.

// adapters are the adapter types of a table, by the interface they are for.
func adapters(tables symbols.Table) map[string]reflect.Type {
	out := map[string]reflect.Type{}
	for pkg, syms := range tables {
		for n, v := range syms {
			if name, ok := strings.CutPrefix(n, "_"); ok && v.Kind() == reflect.Pointer && v.Type().Elem().Kind() == reflect.Struct {
				out[pkg+"."+name] = v.Type().Elem()
			}
		}
	}
	return out
}

// adapts says whether there is an adapter that can be made of a user's type.
func (l *lineage) adapts(iface types.Type) bool {
	n, ok := types.Unalias(iface).(*types.Named)
	if !ok || n.Obj().Pkg() == nil || l.adapters[n.Obj().Pkg().Path()+"."+n.Obj().Name()] == nil {
		return false
	}
	it := iface.Underlying().(*types.Interface)
	for m := range it.Methods() {
		s := m.Signature()
		if !m.Exported() || !l.faithful(types.NewSignatureType(nil, nil, nil, s.Params(), s.Results(), s.Variadic())) {
			return false
		}
	}
	return true
}

// probed are methods that compiled code looks for on values it was given as
// something less: io.Copy asks a Reader whether it is a WriterTo. A box or adapter
// does not show them.
var probed = []string{"WriteTo", "ReadFrom", "WriteString", "ReadByte", "ReadRune", "Flush", "Seek"}

// hides names a method of t that compiled code with an iface would look for and
// not find, or "".
func (l *lineage) hides(t, iface types.Type) string {
	n, ok := types.Unalias(iface).(*types.Named)
	if !ok || n.Obj().Pkg() == nil || !probes(n.Obj().Pkg().Path()) {
		return ""
	}
	it := iface.Underlying().(*types.Interface)
	return hidden(t, func(name string) bool {
		o, _, _ := types.LookupFieldOrMethod(it, false, nil, name)
		return o != nil
	})
}

// probes says whether users of the interfaces of a package look for more methods.
func probes(pkg string) bool { return pkg == "io" || path.Dir(pkg) == "net" }

// hidden names a method of t that is looked for and that the interface lacks.
func hidden(t types.Type, shows func(name string) bool) string {
	has := types.NewMethodSet(t)
	for _, name := range probed {
		if !shows(name) && has.Lookup(nil, name) != nil {
			return name
		}
	}
	return ""
}

// hidesAt is hides for a box that becomes an iface when the program runs.
func (i *instance) hidesAt(t *boxType, iface reflect.Type) bool {
	return probes(iface.PkgPath()) && hidden(t.typ, func(name string) bool {
		_, ok := iface.MethodByName(name)
		return ok
	}) != ""
}

// adapt makes the adapter by which a box implements a compiled interface.
func (i *instance) adapt(b Box, iface reflect.Type) (reflect.Value, bool) {
	at := i.prog().l.adapters[iface.PkgPath()+"."+iface.Name()]
	if at == nil || !at.Implements(iface) {
		return reflect.Value{}, false
	}
	v := reflect.New(at).Elem()
	for n := range iface.NumMethod() {
		f := v.FieldByName("W" + iface.Method(n).Name)
		m := i.boundMethod(b, iface.Method(n).Name)
		if !f.IsValid() || !m.IsValid() || m.Type() != f.Type() {
			return reflect.Value{}, false
		}
		f.Set(m)
	}
	f := v.FieldByName("IValue")
	if !f.IsValid() {
		return reflect.Value{}, false
	}
	f.Set(reflect.ValueOf(b.self()))
	i.adapted.Store(at, true)
	return v, true
}

// native opens a value that comes as a compiled interface: an adapter is the box it
// was made of.
func (i *instance) native(x any) any {
	if x == nil {
		return nil
	}
	if _, ok := i.adapted.Load(reflect.TypeOf(x)); ok {
		return reflect.ValueOf(x).FieldByName("IValue").Interface()
	}
	return x
}

// to stores x itself at p, a pointer to a compiled interface.
func (i *instance) to(x, p any) {
	d := reflect.ValueOf(p).Elem()
	v := reflect.ValueOf(x)
	b, isBox := x.(boxed)
	if isBox && i.hidesAt(b.box().t, d.Type()) {
		i.unknown(fmt.Sprintf("a value of your own type %s as %s, whose users may look for more of its methods", i.dynamicName(x), d.Type()))
	}
	if !v.Type().AssignableTo(d.Type()) {
		ok := isBox
		if ok {
			v, ok = i.adapt(b.box(), d.Type())
		}
		if !ok {
			i.unknown(fmt.Sprintf("a value of your own type %s as %s", i.dynamicName(x), d.Type()))
		}
	}
	d.Set(v)
}

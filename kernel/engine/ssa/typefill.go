package ssa

import (
	"go/types"
	"reflect"
	"unsafe"
)

// setBlankEqual gives a struct with blank fields its own comparison: they do
// not count, which reflect's does not know.
func setBlankEqual(typ *rtype, st *types.Struct, shape reflect.Type) {
	blank := false
	for f := range st.Fields() {
		blank = blank || f.Name() == "_"
	}
	if !blank || typ.equal == nil {
		return
	}
	typ.tflag &^= flagRegular
	type part struct {
		off uintptr
		eq  func(a, b ptr) bool
	}
	var parts []part
	for i := range st.NumFields() {
		if st.Field(i).Name() != "_" {
			f := shape.Field(i)
			parts = append(parts, part{f.Offset, rt(f.Type).equal})
		}
	}
	typ.equal = func(a, b ptr) bool {
		for _, p := range parts {
			if !p.eq(add(a, p.off), add(b, p.off)) {
				return false
			}
		}
		return true
	}
}

// fill sets what is particular to the kind of typ, whose definition is u.
func (t *typer) fill(typ *rtype, u types.Type, shape reflect.Type) {
	switch u := u.(type) {
	case *types.Struct:
		t.fillStruct((*structType)(ptr(typ)), u, shape)
	case *types.Pointer:
		(*ptrType)(ptr(typ)).elem = rt(t.of(u.Elem()))
	case *types.Slice:
		(*sliceType)(ptr(typ)).elem = rt(t.of(u.Elem()))
	case *types.Array:
		a := (*arrayType)(ptr(typ))
		a.elem = rt(t.of(u.Elem()))
		a.slice = rt(reflect.SliceOf(toReflect(a.elem)))
		a.len = uintptr(u.Len())
	case *types.Chan:
		c := (*chanType)(ptr(typ))
		c.elem, c.dir = rt(t.of(u.Elem())), int(chanDir(u.Dir()))
	case *types.Map:
		m, from := (*mapType)(ptr(typ)), (*mapType)(ptr(rt(t.of(u))))
		m.key, m.elem, m.group, m.hasher = from.key, from.elem, from.group, from.hasher
		m.groupSize, m.slotSize, m.elemOff, m.flags = from.groupSize, from.slotSize, from.elemOff, from.flags
	case *types.Signature:
		f, from := (*funcType)(ptr(typ)), (*funcType)(ptr(rt(t.of(u))))
		f.in, f.out = from.in, from.out
		n := int(f.in) + int(f.out&0x7fff)
		if n > 32 {
			panic(unsupported("a func type with more than 32 parameters and results"))
		}
		var src ptr = add(ptr(from), unsafeSizeof[funcType]())
		if from.tflag&flagUncommon != 0 {
			src = add(src, unsafeSizeof[uncommon]())
		}
		m := (*funcMemory[[32]*rtype, [16]method])(ptr(typ))
		copy(m.params[:n], unsafe.Slice((**rtype)(src), n))
	case *types.Interface:
		t.fillInterface((*interfaceType)(ptr(typ)), u)
	}
}

func (t *typer) fillStruct(st *structType, u *types.Struct, shape reflect.Type) {
	// Until all is known the type keeps the fields of its shape: others that are
	// made meanwhile look at them.
	path := ""
	fields := make([]structField, u.NumFields())
	for i := range fields {
		f := u.Field(i)
		fields[i] = structField{
			name:   encodeName(displayName(f.Name()), u.Tag(i), f.Exported(), f.Embedded()),
			typ:    rt(t.of(f.Type())),
			offset: shape.Field(i).Offset,
		}
		if !f.Exported() && f.Pkg() != nil && path == "" {
			path = f.Pkg().Path()
			st.pkgPath = encodeName(path, "", false, false)
		}
	}
	if st.pkgPath == nil {
		st.pkgPath = encodeName("main", "", false, false)
	}
	st.fields = fields
}

func (t *typer) fillInterface(it *interfaceType, u *types.Interface) {
	ms := make([]*types.Func, u.NumMethods())
	for i := range ms {
		ms[i] = u.Method(i)
	}
	sortMethods(ms, func(f *types.Func) *types.Func { return f })
	it.methods = make([]imethod, len(ms))
	path := "main"
	for i, m := range ms {
		if !m.Exported() && m.Pkg() != nil {
			path = m.Pkg().Path()
		}
		it.methods[i] = imethod{
			name: nameOff(m.Name(), m.Exported()),
			typ:  typeOff(rt(t.funcType(m.Signature(), nil))),
		}
	}
	it.pkgPath = encodeName(path, "", false, false)
}

func (t *typer) fillMethods(u *userType, pointer bool, typ *rtype, uncom *uncommon, ms []method, sels []*types.Selection) {
	if len(sels) == 0 {
		return
	}
	uncom.mcount = uint16(len(sels))
	uncom.moff = uint32(uintptr(ptr(&ms[0])) - uintptr(ptr(uncom)))
	direct := typ.tflag&flagDirectIface != 0
	for i, sel := range sels {
		f := sel.Obj().(*types.Func)
		sig := t.funcType(f.Signature(), nil)
		m := &userMethod{of: u, pointer: pointer, name: f.Name(), sig: sig}
		if !f.Exported() && f.Pkg() != nil {
			m.pkg = f.Pkg().Path()
		}
		u.methods = append(u.methods, m)
		entry := trapStub()
		tfn := entry
		if f.Exported() {
			uncom.xcount++
			entry = newStub(methodEntry(m, t.funcType(f.Signature(), reflect.TypeFor[ptr]())))
			tfn = entry
			if !pointer && !direct {
				tfn = newStub(methodValueEntry(m, t.funcType(f.Signature(), toReflect(typ))))
			}
		}
		ms[i] = method{
			name: nameOff(f.Name(), f.Exported()),
			mtyp: typeOff(rt(sig)),
			ifn:  addReflectOff(entry),
			tfn:  addReflectOff(tfn),
		}
	}
}

// methodsOf lists the methods of a type in the order the runtime wants them.
func methodsOf(x types.Type) []*types.Selection {
	set := types.NewMethodSet(x)
	out := make([]*types.Selection, set.Len())
	for i := range out {
		out[i] = set.At(i)
	}
	sortMethods(out, func(s *types.Selection) *types.Func { return s.Obj().(*types.Func) })
	return out
}

func sortMethods[T any](s []T, f func(T) *types.Func) {
	less := func(a, b *types.Func) bool {
		if a.Exported() != b.Exported() {
			return a.Exported()
		}
		if a.Name() != b.Name() {
			return a.Name() < b.Name()
		}
		return a.Pkg() != nil && b.Pkg() != nil && a.Pkg().Path() < b.Pkg().Path()
	}
	for i := 1; i < len(s); i++ {
		for j := i; j > 0 && less(f(s[j]), f(s[j-1])); j-- {
			s[j], s[j-1] = s[j-1], s[j]
		}
	}
}

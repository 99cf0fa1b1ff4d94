package ssa

import (
	"go/types"
	"reflect"
)

// plainStruct is an unnamed struct type: reflect's own, so that it is the type
// native code means by it, but for what reflect cannot make.
func (t *typer) plainStruct(u *types.Struct) reflect.Type {
	fields := make([]reflect.StructField, u.NumFields())
	special := false
	for i := range fields {
		f := u.Field(i)
		fields[i] = reflect.StructField{Name: displayName(f.Name()), Type: t.of(f.Type()), Tag: reflect.StructTag(u.Tag(i))}
		if !f.Exported() {
			fields[i].PkgPath = f.Pkg().Path()
		}
		special = special || f.Embedded() || f.Name() == "_"
	}
	if !special {
		return reflect.StructOf(fields)
	}
	k := &keyer{t: t, seen: map[*types.TypeName]map[string]bool{}}
	k.typ(u)
	key := k.b.String()
	for _, n := range k.queue {
		key += "|" + t.userType(n).key
	}
	if r := made.plain[key]; r != nil {
		return toReflect(r)
	}
	s := t.shape(u)
	vals := methodsOf(u)
	ptrs := methodsOf(types.NewPointer(u))
	typ, uncom, ms := allocKind(reflect.Struct, len(vals))
	r := rt(s)
	typ.rtypeFrom(r)
	typ.str = nameOff(plainString(u), false)
	typ.hash = hashOf(key)
	made.plain[key] = typ
	ptyp, puncom, pms := allocKind(reflect.Pointer, len(ptrs))
	p := (*ptrType)(ptr(ptyp))
	p.rtype = rtFor[*ptr]().plain()
	p.str, p.hash, p.elem = nameOff("*"+plainString(u), false), hashOf("*"+key), typ
	p.tflag |= flagUncommon
	typ.ptrToThis = typeOff(ptyp)
	typ.tflag |= flagUncommon
	setBlankEqual(typ, u, s)
	st, from := (*structType)(ptr(typ)), (*structType)(ptr(r))
	st.fields, st.pkgPath = from.fields, from.pkgPath
	ut := &userType{key: key, name: plainString(u), typ: typ, ptrTyp: ptyp}
	made.byType.Store(typ, ut)
	made.byType.Store(ptyp, ut)
	pkgPath := ""
	for _, m := range ptrs {
		if f := m.Obj(); !f.Exported() && f.Pkg() != nil {
			pkgPath = f.Pkg().Path()
		}
	}
	path := nameOff(pkgPath, false)
	uncom.pkgPath, puncom.pkgPath = path, path
	t.prog.plainTypes.Store(ut, u)
	t.todo = append(t.todo, func() {
		t.fillStruct((*structType)(ptr(typ)), u, s)
		t.fillMethods(ut, false, typ, uncom, ms, vals)
		t.fillMethods(ut, true, ptyp, puncom, pms, ptrs)
	})
	return toReflect(typ)
}

// rtypeFrom takes over layout, comparison and collection data.
func (r *rtype) rtypeFrom(s *rtype) {
	*r = *s
	r.tflag = s.tflag & (flagRegular | flagMaskOnNeed | flagDirectIface)
	r.ptrToThis = 0
}

func (r *rtype) plain() rtype {
	c := *r
	c.tflag &= flagRegular | flagMaskOnNeed | flagDirectIface
	c.ptrToThis = 0
	return c
}

func (t *typer) plainInterface(u *types.Interface) reflect.Type {
	if u.NumMethods() == 0 {
		return reflect.TypeFor[any]()
	}
	k := &keyer{t: t, seen: map[*types.TypeName]map[string]bool{}}
	k.typ(u)
	key := k.b.String()
	if key == "interface{Errorfunc()(string,);}" {
		return reflect.TypeFor[interface{ Error() string }]()
	}
	if key == "interface{Stringfunc()(string,);}" {
		return reflect.TypeFor[interface{ String() string }]()
	}
	for _, n := range k.queue {
		key += "|" + t.userType(n).key
	}
	if r := made.plain[key]; r != nil {
		return toReflect(r)
	}
	typ, _, _ := allocKind(reflect.Interface, 0)
	typ.rtypeFrom(rtFor[error]())
	typ.str, typ.hash = nameOff(plainString(u), false), hashOf(key)
	made.plain[key] = typ
	t.todo = append(t.todo, func() { t.fillInterface((*interfaceType)(ptr(typ)), u) })
	return toReflect(typ)
}

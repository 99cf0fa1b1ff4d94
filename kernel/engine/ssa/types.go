package ssa

import (
	"fmt"
	"go/token"
	"go/types"
	"hash/fnv"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
	"unsafe"

	"golang.org/x/tools/go/ssa"
)

// typer gives the types of one lineage their run-time types. Native types are
// their own. A user-defined type gets a run-time type made here, with its name,
// fields and methods, so that its values are what compiled code would make of
// them: any holds them, fmt, reflect, encoding/json and errors.As see them right,
// at any depth, without wrappers.
type typer struct {
	prog  *lineage
	fset  *token.FileSet
	user  map[*types.Package]bool // packages run from source
	cache map[types.Type]reflect.Type
	named map[*types.Named]*userType
	in    *ssa.Function // whose type is asked for; nil when not known
	todo  []func()
	depth int
	// owner has the type arguments of the generic func that declares a type, as
	// they are in the instance whose type it is.
	owner map[*types.TypeName][]types.Type
}

// userType is the run-time type of one user-defined type and of its pointer. It
// lives as long as the process: the collector does not look for types in
// interface values.
type userType struct {
	key     string
	name    string // as messages show it
	typ     *rtype
	ptrTyp  *rtype
	methods []*userMethod // of the type and of its pointer
}

// userMethod is a method that native code may call; which func it runs is up to
// the program of the instance that runs on the calling goroutine.
type userMethod struct {
	of      *userType
	pointer bool // of *T
	name    string
	pkg     string // of an unexported name
	sig     reflect.Type
}

// The types made so far, for all programs.
var made struct {
	sync.Mutex
	byKey  map[string]*userType
	plain  map[string]*rtype // unnamed structs and interfaces, by key
	byType sync.Map          // *rtype -> *userType
}

func init() {
	made.byKey = map[string]*userType{}
	made.plain = map[string]*rtype{}
}

func (t *typer) isUser(n *types.Named) bool {
	p := n.Obj().Pkg()
	if p == nil {
		return false
	}
	if t.user[p] {
		return true
	}
	if n.TypeArgs().Len() > 0 {
		return true
	}
	return t.native(n) == nil
}

func (t *typer) native(n *types.Named) reflect.Type {
	p := n.Obj().Pkg()
	if p == nil {
		return reflect.TypeFor[error]()
	}
	if t.user[p] {
		return nil
	}
	return t.prog.nativeType(n)
}

// typ gives the run-time type of t. It must not hold type parameters.
func (t *typer) typ(x types.Type) reflect.Type { return t.typIn(nil, x) }

// typIn is typ for a type that the code of a func mentions: of one that an
// instance of a generic func declares it remembers whose it is.
func (t *typer) typIn(f *ssa.Function, x types.Type) reflect.Type {
	made.Lock()
	defer made.Unlock()
	t.in = f
	return t.of(x)
}

func (t *typer) of(x types.Type) reflect.Type {
	x = types.Unalias(x)
	if r, ok := t.cache[x]; ok {
		return r
	}
	t.depth++
	r := t.make(x)
	t.cache[x] = r
	t.depth--
	for t.depth == 0 && len(t.todo) > 0 {
		f := t.todo[0]
		t.todo = t.todo[1:]
		t.depth++
		f()
		t.depth--
	}
	return r
}

var basicTypes = map[types.BasicKind]reflect.Type{
	types.Bool: reflect.TypeFor[bool](), types.UntypedBool: reflect.TypeFor[bool](),
	types.Int: reflect.TypeFor[int](), types.UntypedInt: reflect.TypeFor[int](),
	types.Int8: reflect.TypeFor[int8](), types.Int16: reflect.TypeFor[int16](),
	types.Int32: reflect.TypeFor[int32](), types.UntypedRune: reflect.TypeFor[int32](),
	types.Int64: reflect.TypeFor[int64](), types.Uint: reflect.TypeFor[uint](),
	types.Uint8: reflect.TypeFor[uint8](), types.Uint16: reflect.TypeFor[uint16](),
	types.Uint32: reflect.TypeFor[uint32](), types.Uint64: reflect.TypeFor[uint64](),
	types.Uintptr: reflect.TypeFor[uintptr](), types.Float32: reflect.TypeFor[float32](),
	types.Float64: reflect.TypeFor[float64](), types.UntypedFloat: reflect.TypeFor[float64](),
	types.Complex64: reflect.TypeFor[complex64](), types.Complex128: reflect.TypeFor[complex128](),
	types.UntypedComplex: reflect.TypeFor[complex128](),
	types.String:         reflect.TypeFor[string](), types.UntypedString: reflect.TypeFor[string](),
	types.UnsafePointer: reflect.TypeFor[ptr](), types.UntypedNil: reflect.TypeFor[ptr](),
	types.Invalid: reflect.TypeFor[ptr](),
}

func (t *typer) make(x types.Type) reflect.Type {
	switch x := x.(type) {
	case *types.Basic:
		return basicTypes[x.Kind()]
	case *types.Named:
		if r := t.native(x); r != nil {
			return r
		}
		return toReflect(t.userType(x).typ)
	case *types.Pointer:
		if n, ok := types.Unalias(x.Elem()).(*types.Named); ok && t.native(n) == nil {
			return toReflect(t.userType(n).ptrTyp)
		}
		return reflect.PointerTo(t.of(x.Elem()))
	case *types.Slice:
		return reflect.SliceOf(t.of(x.Elem()))
	case *types.Array:
		return reflect.ArrayOf(int(x.Len()), t.of(x.Elem()))
	case *types.Map:
		return reflect.MapOf(t.of(x.Key()), t.of(x.Elem()))
	case *types.Chan:
		c := reflect.ChanOf(chanDir(x.Dir()), t.of(x.Elem()))
		if r := rt(c); r.str < 0 && r.ptrToThis > 0 {
			// ChanOf leaves its model's: see golang's reflect.
			r.ptrToThis = 0
		}
		return c
	case *types.Signature:
		return t.funcType(x, nil)
	case *types.Struct:
		return t.plainStruct(x)
	case *types.Interface:
		return t.plainInterface(x)
	case *types.Tuple:
		fields := make([]reflect.StructField, x.Len())
		for i := range fields {
			fields[i] = reflect.StructField{Name: fmt.Sprintf("R%d", i), Type: t.of(x.At(i).Type())}
		}
		return reflect.StructOf(fields)
	}
	panic(unsupported(fmt.Sprintf("type %s", x)))
}

func chanDir(d types.ChanDir) reflect.ChanDir {
	switch d {
	case types.SendOnly:
		return reflect.SendDir
	case types.RecvOnly:
		return reflect.RecvDir
	}
	return reflect.BothDir
}

// funcType is the func type of a signature without its receiver, with recv, when
// not nil, as first parameter.
func (t *typer) funcType(s *types.Signature, recv reflect.Type) reflect.Type {
	var in, out []reflect.Type
	if recv != nil {
		in = append(in, recv)
	}
	for v := range s.Params().Variables() {
		in = append(in, t.of(v.Type()))
	}
	for v := range s.Results().Variables() {
		out = append(out, t.of(v.Type()))
	}
	return reflect.FuncOf(in, out, s.Variadic())
}

// shape gives a type with x's memory layout, pointers, comparison and hash, made
// of nothing that x's definition could need recursively.
func (t *typer) shape(x types.Type) reflect.Type {
	switch u := types.Unalias(x).(type) {
	case *types.Named:
		if r := t.native(u); r != nil {
			return r
		}
		return toReflect(t.userType(u).typ)
	case *types.Pointer:
		return reflect.TypeFor[ptr]()
	case *types.Slice:
		return reflect.TypeFor[[]int]()
	case *types.Map:
		return reflect.TypeFor[map[int]int]()
	case *types.Signature:
		return reflect.TypeFor[func()]()
	case *types.Chan:
		return reflect.TypeFor[chan int]()
	case *types.Interface:
		if u.NumMethods() == 0 {
			return reflect.TypeFor[any]()
		}
		return reflect.TypeFor[error]()
	case *types.Array:
		return reflect.ArrayOf(int(u.Len()), t.shape(u.Elem()))
	case *types.Struct:
		fields := make([]reflect.StructField, u.NumFields())
		for i := range fields {
			fields[i] = reflect.StructField{Name: fmt.Sprintf("F%d", i), Type: t.shape(u.Field(i).Type())}
			if u.Field(i).Name() == "_" {
				fields[i].Name, fields[i].PkgPath = "_", "main"
			}
		}
		return reflect.StructOf(fields)
	default:
		return t.of(u)
	}
}

// typeMemory is a run-time type with room for its methods.
type typeMemory[T, M any] struct {
	typ     T
	uncom   uncommon
	methods M
}

// funcMemory has the parameters of a func type before its methods, where the
// runtime looks for them.
type funcMemory[P, M any] struct {
	typ     funcType
	uncom   uncommon
	params  P
	methods M
}

func allocType[T any](n int) (*rtype, *uncommon, []method) {
	switch {
	case n == 0:
		m := new(typeMemory[T, struct{}])
		return (*rtype)(ptr(m)), &m.uncom, nil
	case n <= 8:
		m := new(typeMemory[T, [8]method])
		return (*rtype)(ptr(m)), &m.uncom, m.methods[:n]
	case n <= 64:
		m := new(typeMemory[T, [64]method])
		return (*rtype)(ptr(m)), &m.uncom, m.methods[:n]
	}
	m := new(typeMemory[T, [1024]method])
	return (*rtype)(ptr(m)), &m.uncom, m.methods[:n]
}

func allocFunc(n int) (*rtype, *uncommon, []method) {
	if n <= 16 {
		m := new(funcMemory[[32]*rtype, [16]method])
		return (*rtype)(ptr(m)), &m.uncom, m.methods[:n]
	}
	m := new(funcMemory[[32]*rtype, [1024]method])
	return (*rtype)(ptr(m)), &m.uncom, m.methods[:n]
}

func allocKind(k reflect.Kind, n int) (*rtype, *uncommon, []method) {
	switch k {
	case reflect.Struct:
		return allocType[structType](n)
	case reflect.Pointer:
		return allocType[ptrType](n)
	case reflect.Func:
		return allocFunc(n)
	case reflect.Slice:
		return allocType[sliceType](n)
	case reflect.Array:
		return allocType[arrayType](n)
	case reflect.Chan:
		return allocType[chanType](n)
	case reflect.Map:
		return allocType[mapType](n)
	case reflect.Interface:
		return allocType[interfaceType](n)
	}
	return allocType[rtype](n)
}

func hashOf(s string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(s))
	return h.Sum32()
}

// userType makes, or finds, the run-time type of a user-defined type. When it
// returns, the type has its size; its parts follow by t.todo.
func (t *typer) userType(n *types.Named) *userType {
	if u := t.named[n]; u != nil {
		return u
	}
	t.learnOwner(n)
	key := t.namedKey(n)
	if u := made.byKey[key]; u != nil {
		t.named[n] = u
		return u
	}
	u := &userType{key: key, name: t.display(n)}
	pkgPath := ""
	if n.Obj().Pkg() != nil {
		pkgPath = n.Obj().Pkg().Path()
	}
	var vals, ptrs []*types.Selection
	_, isIface := n.Underlying().(*types.Interface)
	if !isIface {
		vals = methodsOf(n)
		if _, isPtr := n.Underlying().(*types.Pointer); !isPtr {
			ptrs = methodsOf(types.NewPointer(n))
		}
	}
	kind := kindOf(n.Underlying())
	typ, uncom, ms := allocKind(kind, len(vals))
	ptyp, puncom, pms := allocKind(reflect.Pointer, len(ptrs))
	u.typ, u.ptrTyp = typ, ptyp
	typ.kind, ptyp.kind = uint8(kind), uint8(reflect.Pointer)
	typ.str, ptyp.str = nameOff(u.name, true), nameOff("*"+u.name, true)
	typ.hash, ptyp.hash = hashOf(key), hashOf("*"+key)
	t.named[n], made.byKey[key] = u, u
	made.byType.Store(typ, u)
	made.byType.Store(ptyp, u)

	proto := (*ptrType)(ptr(rtFor[*ptr]()))
	p := (*ptrType)(ptr(ptyp))
	str, hash := ptyp.str, ptyp.hash
	p.rtype = proto.rtype
	p.str, p.hash, p.ptrToThis, p.elem = str, hash, 0, typ
	p.tflag = proto.tflag&^(flagExtraStar|flagNamed) | flagUncommon
	typ.ptrToThis = typeOff(ptyp)

	s := rt(t.shape(n.Underlying()))
	typ.size, typ.ptrBytes, typ.align, typ.fieldAlign = s.size, s.ptrBytes, s.align, s.fieldAlign
	typ.equal, typ.gcData = s.equal, s.gcData
	typ.tflag = s.tflag&(flagRegular|flagMaskOnNeed|flagDirectIface) | flagNamed | flagUncommon
	switch def := n.Underlying().(type) {
	case *types.Struct:
		setBlankEqual(typ, def, toReflect(s))
		st, from := (*structType)(ptr(typ)), (*structType)(ptr(s))
		st.fields, st.pkgPath = from.fields, from.pkgPath
	case *types.Array:
		a, from := (*arrayType)(ptr(typ)), (*arrayType)(ptr(s))
		a.elem, a.slice, a.len = from.elem, from.slice, from.len
	}
	path := nameOff(pkgPath, false)
	uncom.pkgPath, puncom.pkgPath = path, path

	t.todo = append(t.todo, func() {
		t.fill(typ, n.Underlying(), toReflect(s))
		t.fillMethods(u, false, typ, uncom, ms, vals)
		t.fillMethods(u, true, ptyp, puncom, pms, ptrs)
	})
	return u
}

func kindOf(u types.Type) reflect.Kind {
	switch u := u.(type) {
	case *types.Basic:
		return basicTypes[u.Kind()].Kind()
	case *types.Struct:
		return reflect.Struct
	case *types.Pointer:
		return reflect.Pointer
	case *types.Signature:
		return reflect.Func
	case *types.Slice:
		return reflect.Slice
	case *types.Array:
		return reflect.Array
	case *types.Chan:
		return reflect.Chan
	case *types.Map:
		return reflect.Map
	case *types.Interface:
		return reflect.Interface
	}
	panic(unsupported(fmt.Sprintf("type %s", u)))
}

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

// display is a named type as %T shows it.
func (t *typer) display(n *types.Named) string {
	var b strings.Builder
	if p := n.Obj().Pkg(); p != nil {
		b.WriteString(p.Name() + ".")
	}
	b.WriteString(displayName(n.Obj().Name()))
	b.WriteString(t.displayArgs(n))
	return b.String()
}

// displayArgs has the type arguments of the func that declares a type, and its
// own.
func (t *typer) displayArgs(n *types.Named) string {
	var lists []string
	for _, l := range [][]types.Type{t.owner[n.Obj()], slices.Collect(n.TypeArgs().Types())} {
		var s []string
		for _, a := range l {
			s = append(s, t.displayArg(a))
		}
		if s != nil {
			lists = append(lists, strings.Join(s, ","))
		}
	}
	if lists == nil {
		return ""
	}
	return "[" + strings.Join(lists, ";") + "]"
}

// displayArg is a type argument: package paths are whole, and local types have
// the compiler's numbers.
func (t *typer) displayArg(x types.Type) string {
	n, ok := types.Unalias(x).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return types.TypeString(x, func(p *types.Package) string { return p.Path() })
	}
	s := n.Obj().Pkg().Path() + "." + displayName(n.Obj().Name()) + t.displayArgs(n)
	if k := t.prog.local[n.Obj().Pos()]; k > 0 {
		s += fmt.Sprintf("·%d", k)
	}
	return s
}

// plainString writes an unnamed struct or interface type as reflect does.
func plainString(x types.Type) string {
	short := func(p *types.Package) string { return p.Name() }
	var b strings.Builder
	switch u := x.(type) {
	case *types.Struct:
		b.WriteString("struct {")
		for i := range u.NumFields() {
			if i > 0 {
				b.WriteString(";")
			}
			f := u.Field(i)
			b.WriteString(" ")
			if !f.Embedded() {
				b.WriteString(f.Name() + " ")
			}
			b.WriteString(types.TypeString(f.Type(), short))
			if u.Tag(i) != "" {
				fmt.Fprintf(&b, " %q", u.Tag(i))
			}
		}
	case *types.Interface:
		b.WriteString("interface {")
		for i := range u.NumMethods() {
			if i > 0 {
				b.WriteString(";")
			}
			m := u.Method(i)
			b.WriteString(" ")
			if !m.Exported() && m.Pkg() != nil {
				b.WriteString(m.Pkg().Name() + ".")
			}
			b.WriteString(m.Name() + strings.TrimPrefix(types.TypeString(m.Signature(), short), "func"))
		}
	}
	return b.String() + " }"
}

// displayName takes the version mark of a redefined name off.
func displayName(s string) string {
	if i := strings.IndexRune(s, 'ʹ'); i > 0 {
		digits := s[i+utf8.RuneLen('ʹ'):]
		if digits != "" && strings.Trim(digits, "0123456789") == "" {
			return s[:i]
		}
	}
	return s
}

// learnOwner remembers of which instance of a generic func a type is that the
// func declares.
func (t *typer) learnOwner(n *types.Named) {
	o, f := n.Obj(), t.in
	if f == nil || o.Pkg() == nil || o.Parent() == o.Pkg().Scope() || t.owner[o] != nil {
		return
	}
	for f.Parent() != nil {
		f = f.Parent()
	}
	if a := f.TypeArgs(); len(a) > 0 && f.Syntax() != nil && f.Syntax().Pos() <= o.Pos() && o.Pos() < f.Syntax().End() {
		t.owner[o] = a
	}
}

// method is the func type of a method's code: the receiver's word first.
func (t *typer) method(ft reflect.Type) reflect.Type {
	in := []reflect.Type{reflect.TypeFor[ptr]()}
	for i := range ft.NumIn() {
		in = append(in, ft.In(i))
	}
	var out []reflect.Type
	for i := range ft.NumOut() {
		out = append(out, ft.Out(i))
	}
	return reflect.FuncOf(in, out, ft.IsVariadic())
}

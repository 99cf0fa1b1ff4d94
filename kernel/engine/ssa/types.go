package ssa

import (
	"fmt"
	"go/token"
	"go/types"
	"hash/fnv"
	"reflect"
	"sync"

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

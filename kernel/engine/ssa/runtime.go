package ssa

import (
	"reflect"
	"unsafe"
)

// This file is the one place that knows how the Go runtime lays out types,
// interfaces and funcs in memory. checkLayout compares the mirrors below with
// what reflect says before the first program runs, so that another Go release
// that moves a field makes the engine refuse, not corrupt.

type ptr = unsafe.Pointer

// rtype mirrors internal/abi.Type.
type rtype struct {
	size       uintptr
	ptrBytes   uintptr
	hash       uint32
	tflag      uint8
	align      uint8
	fieldAlign uint8
	kind       uint8
	equal      func(a, b ptr) bool
	gcData     *byte
	str        int32
	ptrToThis  int32
}

const (
	flagUncommon    = 1 << 0
	flagExtraStar   = 1 << 1
	flagNamed       = 1 << 2
	flagRegular     = 1 << 3
	flagMaskOnNeed  = 1 << 4
	flagDirectIface = 1 << 5
)

type uncommon struct {
	pkgPath int32
	mcount  uint16
	xcount  uint16
	moff    uint32
	_       uint32
}

type method struct{ name, mtyp, ifn, tfn int32 }

type imethod struct{ name, typ int32 }

type structField struct {
	name   *byte
	typ    *rtype
	offset uintptr
}

type (
	structType struct {
		rtype
		pkgPath *byte
		fields  []structField
	}
	interfaceType struct {
		rtype
		pkgPath *byte
		methods []imethod
	}
	ptrType struct {
		rtype
		elem *rtype
	}
	sliceType struct {
		rtype
		elem *rtype
	}
	arrayType struct {
		rtype
		elem, slice *rtype
		len         uintptr
	}
	chanType struct {
		rtype
		elem *rtype
		dir  int
	}
	mapType struct {
		rtype
		key, elem, group *rtype
		hasher           func(ptr, uintptr) uintptr
		groupSize        uintptr
		slotSize         uintptr
		elemOff          uintptr
		flags            uint32
	}
	funcType struct {
		rtype
		in, out uint16
	}
)

// itab mirrors internal/abi.ITab, the first word of an interface with methods.
type itab struct {
	inter *interfaceType
	typ   *rtype
	hash  uint32
	_     uint32
	fun   [1]uintptr // as many as inter has methods
}

// method is the address of the i-th method.
func (t *itab) method(i int) uintptr { return *(*uintptr)(unsafe.Add(ptr(&t.fun), i*8)) }

// eface is an interface value: typ is a *rtype for any, an *itab for an
// interface with methods.
type eface struct {
	typ  ptr
	data ptr
}

// sliceHeader and stringHeader are the words of a slice and a string.
type sliceHeader struct {
	data     ptr
	len, cap int
}

type stringHeader struct {
	data ptr
	len  int
}

//go:linkname addReflectOff reflect.addReflectOff
func addReflectOff(p ptr) int32

//go:linkname typedmemmove runtime.typedmemmove
//go:noescape
func typedmemmove(t *rtype, dst, src ptr)

//go:linkname typedmemclr reflect.typedmemclr
//go:noescape
func typedmemclr(t *rtype, p ptr)

//go:linkname unsafeNew reflect.unsafe_New
func unsafeNew(t *rtype) ptr

//go:linkname unsafeNewArray reflect.unsafe_NewArray
func unsafeNewArray(t *rtype, n int) ptr

//go:linkname typedslicecopy reflect.typedslicecopy
//go:noescape
func typedslicecopy(t *rtype, dst, src sliceHeader) int

//go:linkname makemap runtime.makemap
func makemap(t *rtype, hint int, m ptr) ptr

//go:linkname mapaccess2 runtime.mapaccess2
//go:noescape
func mapaccess2(t *rtype, m, key ptr) (ptr, bool)

//go:linkname mapassign runtime.mapassign
//go:noescape
func mapassign(t *rtype, m, key ptr) ptr

//go:linkname mapdelete runtime.mapdelete
//go:noescape
func mapdelete(t *rtype, m, key ptr)

//go:linkname mapclear reflect.mapclear
//go:noescape
func mapclear(t *rtype, m ptr)

// mapIter mirrors what runtime.mapiterinit fills.
type mapIter struct{ key, elem, typ, it ptr }

//go:linkname mapiterinit runtime.mapiterinit
func mapiterinit(t *rtype, m ptr, it *mapIter)

//go:linkname mapiternext runtime.mapiternext
func mapiternext(it *mapIter)

// getitab gives the interface table of a type; canfail makes a missing method
// nil and not a panic.
//
//go:linkname getitab runtime.getitab
func getitab(inter *interfaceType, t *rtype, canfail bool) *itab

// getg identifies the running goroutine.
func getg() uintptr

func rt(t reflect.Type) *rtype {
	return (*rtype)((*eface)(ptr(&t)).data)
}

func toReflect(t *rtype) reflect.Type {
	var p any = reflectTypeOf
	e := (*eface)(ptr(&p))
	e.data = ptr(t)
	return p.(reflect.Type)
}

// reflectTypeOf is any reflect.Type: its dynamic type is *reflect.rtype.
var reflectTypeOf = reflect.TypeFor[int]()

func rtFor[T any]() *rtype { return rt(reflect.TypeFor[T]()) }

// name bytes: flags, varint length, text, then the tag the same way.
func encodeName(name, tag string, exported, embedded bool) *byte {
	b := make([]byte, 1, 3+len(name)+len(tag)+3)
	if exported {
		b[0] |= 1
	}
	if tag != "" {
		b[0] |= 2
	}
	if embedded {
		b[0] |= 8
	}
	put := func(s string) {
		n := len(s)
		for n >= 0x80 {
			b = append(b, byte(n)|0x80)
			n >>= 7
		}
		b = append(b, byte(n))
		b = append(b, s...)
	}
	put(name)
	if tag != "" {
		put(tag)
	}
	return &b[0]
}

func nameOff(name string, exported bool) int32 {
	return addReflectOff(ptr(encodeName(name, "", exported, false)))
}

func typeOff(t *rtype) int32 { return addReflectOff(ptr(t)) }

// checkLayout says what differs between this Go release's runtime and the
// mirrors above; "" when nothing does.
func checkLayout() string {
	type probe struct {
		A int
		b string
	}
	st := (*structType)(ptr(rt(reflect.TypeFor[probe]())))
	if reflect.Kind(st.kind) != reflect.Struct || st.size != 24 || len(st.fields) != 2 || st.fields[1].offset != 8 || st.fields[1].typ != rtFor[string]() {
		return "layout of struct types"
	}
	if m := (*mapType)(ptr(rtFor[map[string]int]())); m.key != rtFor[string]() || m.elem != rtFor[int]() || m.elemOff != 16 {
		return "layout of map types"
	}
	if f := (*funcType)(ptr(rtFor[func(int, string) error]())); f.in != 2 || f.out != 1 {
		return "layout of func types"
	}
	if c := (*chanType)(ptr(rtFor[<-chan int]())); c.elem != rtFor[int]() || reflect.ChanDir(c.dir) != reflect.RecvDir {
		return "layout of channel types"
	}
	if a := (*arrayType)(ptr(rtFor[[3]int]())); a.elem != rtFor[int]() || a.len != 3 {
		return "layout of array types"
	}
	if i := (*interfaceType)(ptr(rtFor[error]())); len(i.methods) != 1 {
		return "layout of interface types"
	}
	var e error = probeError{}
	tab := (*itab)((*eface)(ptr(&e)).typ)
	if tab.typ != rtFor[probeError]() || tab.inter != (*interfaceType)(ptr(rtFor[error]())) {
		return "layout of interface values"
	}
	if m := checkFrames(); m != "" {
		return "layout of " + m
	}
	if reflect.TypeFor[*int]().Elem() != toReflect(rtFor[int]()) {
		return "layout of reflect.Type"
	}
	if msg := checkStubs(); msg != "" {
		return msg
	}
	return ""
}

type probeError struct{}

func (probeError) Error() string { return "" }

package ssa

import (
	"reflect"
	"unsafe"
)

func add(p ptr, n uintptr) ptr { return unsafe.Add(p, n) }

func unsafeSizeof[T any]() uintptr {
	var v T
	return unsafe.Sizeof(v)
}

// at is the value of type T at offset o of a frame.
func at[T any](f ptr, o uintptr) *T { return (*T)(unsafe.Add(f, o)) }

// class says how a value of some type is copied.
type class uint8

const (
	cNone class = iota // no bytes
	c1                 // 1, 2, 4 or 8 bytes without pointers
	c2
	c4
	c8
	cPtr    // one pointer
	cString // pointer, word
	cIface  // pointer, pointer
	cSlice  // pointer, word, word
	c16     // 16 bytes without pointers
	cBytes  // any number of bytes without pointers
	cTyped  // the runtime copies by type
)

func classOf(t reflect.Type) class {
	r := rt(t)
	switch {
	case r.size == 0:
		return cNone
	case r.ptrBytes == 0:
		switch r.size {
		case 1:
			return c1
		case 2:
			return c2
		case 4:
			return c4
		case 8:
			return c8
		case 16:
			return c16
		}
		return cBytes
	}
	switch t.Kind() {
	case reflect.String:
		return cString
	case reflect.Slice:
		return cSlice
	case reflect.Interface:
		return cIface
	}
	if r.size == 8 {
		return cPtr
	}
	return cTyped
}

// copyTo copies one value of the class.
func copyTo(c class, t *rtype, dst, src ptr) {
	switch c {
	case cNone:
	case c1:
		*(*uint8)(dst) = *(*uint8)(src)
	case c2:
		*(*uint16)(dst) = *(*uint16)(src)
	case c4:
		*(*uint32)(dst) = *(*uint32)(src)
	case c8:
		*(*uint64)(dst) = *(*uint64)(src)
	case cPtr:
		*(*ptr)(dst) = *(*ptr)(src)
	case cString:
		*(*string)(dst) = *(*string)(src)
	case cIface:
		*(*eface)(dst) = *(*eface)(src)
	case cSlice:
		*(*[]byte)(dst) = *(*[]byte)(src)
	case c16:
		*(*[2]uint64)(dst) = *(*[2]uint64)(src)
	case cBytes:
		copy(unsafe.Slice((*byte)(dst), t.size), unsafe.Slice((*byte)(src), t.size))
	default:
		typedmemmove(t, dst, src)
	}
}

// zero clears one value.
func zero(c class, t *rtype, p ptr) {
	switch c {
	case cNone:
	case c1:
		*(*uint8)(p) = 0
	case c2:
		*(*uint16)(p) = 0
	case c4:
		*(*uint32)(p) = 0
	case c8:
		*(*uint64)(p) = 0
	case cPtr:
		*(*ptr)(p) = nil
	case cString:
		*(*string)(p) = ""
	case cIface:
		*(*eface)(p) = eface{}
	case cSlice:
		*(*[]byte)(p) = nil
	case c16:
		*(*[2]uint64)(p) = [2]uint64{}
	case cBytes:
		clear(unsafe.Slice((*byte)(p), t.size))
	default:
		typedmemclr(t, p)
	}
}

// markPointers calls mark with the offset of every pointer of a value of type t
// at offset off.
func markPointers(t reflect.Type, off uintptr, mark func(uintptr)) {
	r := rt(t)
	if r.ptrBytes == 0 {
		return
	}
	switch t.Kind() {
	case reflect.Array:
		n := uintptr(t.Len())
		for i := range n {
			markPointers(t.Elem(), off+i*t.Elem().Size(), mark)
		}
	case reflect.Struct:
		s := (*structType)(ptr(r))
		for i := range s.fields {
			markPointers(toReflect(s.fields[i].typ), off+s.fields[i].offset, mark)
		}
	case reflect.Interface:
		mark(off)
		mark(off + 8)
	default: // pointer, string, slice, map, chan, func
		mark(off)
	}
}

// memoryType is a type that only the allocator and the collector see: size bytes
// with pointers where marks say.
func memoryType(size uintptr, marks []uintptr) *rtype {
	r := &rtype{size: size, align: 8, fieldAlign: 8, kind: uint8(reflect.Struct)}
	m := &structType{}
	var last uintptr
	for _, o := range marks {
		last = max(last, o+8)
	}
	r.ptrBytes = last
	mask := make([]byte, (last/8+7)/8+8)
	for _, o := range marks {
		mask[o/8/8] |= 1 << (o / 8 % 8)
	}
	r.gcData = &mask[0]
	m.rtype = *r
	m.str = frameName
	m.pkgPath = encodeName("", "", false, false)
	return (*rtype)(ptr(m))
}

var frameName = nameOff("frame", false)

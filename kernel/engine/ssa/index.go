package ssa

import (
	"go/types"
	"reflect"

	"golang.org/x/tools/go/ssa"
)

// element describes an indexed operand: a slice or a pointer to an array.
type element struct {
	base  uintptr // slot of the slice or pointer
	array int     // length, of an array
	local uintptr // frame offset of a local array
	isLoc bool
	size  uintptr
	index func(f ptr) int
	slot  uintptr // of an index that is a whole int, or 0
	site  uint32
}

func (x *fx) element(in *ssa.IndexAddr) element {
	e := element{site: x.indexSite(in.Pos(), in.Index), array: -1}
	switch u := in.X.Type().Underlying().(type) {
	case *types.Slice:
		e.size = x.typ(u.Elem()).Size()
		e.base = x.slot(in.X)
	case *types.Pointer:
		a := x.typ(u.Elem())
		e.size, e.array = a.Elem().Size(), a.Len()
		if e.local, e.isLoc = x.static(in.X); !e.isLoc {
			e.base = x.slot(in.X)
		}
	}
	k := x.typ(in.Index.Type()).Kind()
	e.index = intReader(k, x.slot(in.Index))
	if k == reflect.Int || k == reflect.Int64 || k == reflect.Uint || k == reflect.Uint64 {
		e.slot = x.slot(in.Index)
	}
	return e
}

// addr gives the address of the element, checked.
func (e element) addr() func(t *task, f ptr) ptr {
	base, size, site, index, n := e.base, e.size, e.site, e.index, e.array
	switch {
	case e.isLoc:
		local := e.local
		return func(t *task, f ptr) ptr {
			i := index(f)
			if uint(i) >= uint(n) {
				t.indexFault(site, i, n)
			}
			return add(f, local+uintptr(i)*size)
		}
	case n >= 0:
		return func(t *task, f ptr) ptr {
			i := index(f)
			p := *at[ptr](f, base)
			if p == nil {
				t.nilDeref(site)
			}
			if uint(i) >= uint(n) {
				t.indexFault(site, i, n)
			}
			return add(p, uintptr(i)*size)
		}
	}
	return func(t *task, f ptr) ptr {
		i := index(f)
		s := at[sliceHeader](f, base)
		if uint(i) >= uint(s.len) {
			t.indexFault(site, i, s.len)
		}
		return add(s.data, uintptr(i)*size)
	}
}

func (x *fx) indexAddr(in *ssa.IndexAddr) op {
	if o, ok := x.static(in); ok {
		return x.address(in, o)
	}
	e := x.element(in)
	d := x.slot(in)
	if e.slot != 0 && e.array < 0 {
		base, size, site, ix := e.base, e.size, e.site, e.slot
		return func(t *task, f ptr) {
			i := *at[int](f, ix)
			s := at[sliceHeader](f, base)
			if uint(i) >= uint(s.len) {
				t.indexFault(site, i, s.len)
			}
			*at[ptr](f, d) = add(s.data, uintptr(i)*size)
		}
	}
	addr := e.addr()
	return func(t *task, f ptr) { *at[ptr](f, d) = addr(t, f) }
}

// loadIndex and storeIndex do the address and the access in one step.
func (x *fx) loadIndex(in *ssa.IndexAddr, c class, r *rtype, d uintptr) op {
	e := x.element(in)
	if e.slot != 0 && e.array < 0 {
		base, size, site, ix := e.base, e.size, e.site, e.slot
		switch c {
		case c1:
			return func(t *task, f ptr) {
				i, s := *at[int](f, ix), at[sliceHeader](f, base)
				if uint(i) >= uint(s.len) {
					t.indexFault(site, i, s.len)
				}
				*at[uint8](f, d) = *at[uint8](s.data, uintptr(i))
			}
		case c4:
			return func(t *task, f ptr) {
				i, s := *at[int](f, ix), at[sliceHeader](f, base)
				if uint(i) >= uint(s.len) {
					t.indexFault(site, i, s.len)
				}
				*at[uint32](f, d) = *at[uint32](s.data, uintptr(i)*4)
			}
		case c8:
			return func(t *task, f ptr) {
				i, s := *at[int](f, ix), at[sliceHeader](f, base)
				if uint(i) >= uint(s.len) {
					t.indexFault(site, i, s.len)
				}
				*at[uint64](f, d) = *at[uint64](s.data, uintptr(i)*8)
			}
		case cSlice:
			return func(t *task, f ptr) {
				i, s := *at[int](f, ix), at[sliceHeader](f, base)
				if uint(i) >= uint(s.len) {
					t.indexFault(site, i, s.len)
				}
				*at[[]byte](f, d) = *at[[]byte](s.data, uintptr(i)*24)
			}
		case cPtr:
			return func(t *task, f ptr) {
				i, s := *at[int](f, ix), at[sliceHeader](f, base)
				if uint(i) >= uint(s.len) {
					t.indexFault(site, i, s.len)
				}
				*at[ptr](f, d) = *at[ptr](s.data, uintptr(i)*8)
			}
		}
		return func(t *task, f ptr) {
			i, s := *at[int](f, ix), at[sliceHeader](f, base)
			if uint(i) >= uint(s.len) {
				t.indexFault(site, i, s.len)
			}
			copyTo(c, r, add(f, d), add(s.data, uintptr(i)*size))
		}
	}
	addr := e.addr()
	if c == c8 {
		return func(t *task, f ptr) { *at[uint64](f, d) = *(*uint64)(addr(t, f)) }
	}
	return func(t *task, f ptr) { copyTo(c, r, add(f, d), addr(t, f)) }
}

func (x *fx) storeIndex(in *ssa.IndexAddr, c class, r *rtype, v uintptr) op {
	e := x.element(in)
	if e.slot != 0 && e.array < 0 {
		base, size, site, ix := e.base, e.size, e.site, e.slot
		switch c {
		case c1:
			return func(t *task, f ptr) {
				i, s := *at[int](f, ix), at[sliceHeader](f, base)
				if uint(i) >= uint(s.len) {
					t.indexFault(site, i, s.len)
				}
				*at[uint8](s.data, uintptr(i)) = *at[uint8](f, v)
			}
		case c8:
			return func(t *task, f ptr) {
				i, s := *at[int](f, ix), at[sliceHeader](f, base)
				if uint(i) >= uint(s.len) {
					t.indexFault(site, i, s.len)
				}
				*at[uint64](s.data, uintptr(i)*8) = *at[uint64](f, v)
			}
		}
		return func(t *task, f ptr) {
			i, s := *at[int](f, ix), at[sliceHeader](f, base)
			if uint(i) >= uint(s.len) {
				t.indexFault(site, i, s.len)
			}
			copyTo(c, r, add(s.data, uintptr(i)*size), add(f, v))
		}
	}
	addr := e.addr()
	if c == c8 {
		return func(t *task, f ptr) { *(*uint64)(addr(t, f)) = *at[uint64](f, v) }
	}
	return func(t *task, f ptr) { copyTo(c, r, addr(t, f), add(f, v)) }
}

// index compiles a[i] of an array value or a string.
func (x *fx) index(in *ssa.Index) op {
	d, s, site := x.slot(in), x.slot(in.X), x.indexSite(in.Pos(), in.Index)
	index := intReader(x.typ(in.Index.Type()).Kind(), x.slot(in.Index))
	t := x.typ(in.X.Type())
	if t.Kind() == reflect.String {
		return func(k *task, f ptr) {
			i, str := index(f), at[stringHeader](f, s)
			if uint(i) >= uint(str.len) {
				k.indexFault(site, i, str.len)
			}
			*at[uint8](f, d) = *at[uint8](str.data, uintptr(i))
		}
	}
	n, e := t.Len(), t.Elem()
	c, r := classOf(e), rt(e)
	return func(k *task, f ptr) {
		i := index(f)
		if uint(i) >= uint(n) {
			k.indexFault(site, i, n)
		}
		copyTo(c, r, add(f, d), add(f, s+uintptr(i)*r.size))
	}
}

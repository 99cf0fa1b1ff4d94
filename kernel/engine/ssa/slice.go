package ssa

import (
	"fmt"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

func (x *fx) makeSlice(in *ssa.MakeSlice) op {
	d, site := x.slot(in), x.site(in.Pos())
	e := rt(x.typ(in.Type()).Elem())
	n := intReader(x.typ(in.Len.Type()).Kind(), x.slot(in.Len))
	c := intReader(x.typ(in.Cap.Type()).Kind(), x.slot(in.Cap))
	return func(t *task, f ptr) {
		n, c := n(f), c(f)
		t.sites[t.depth] = site
		if uint(n) > maxElems(e) {
			n = -1
			_ = make([]byte, n)
		}
		if c < n || uint(c) > maxElems(e) {
			c = -1
			_ = make([]byte, 0, c)
		}
		*at[sliceHeader](f, d) = sliceHeader{unsafeNewArray(e, c), n, c}
	}
}

func maxElems(e *rtype) uint {
	return uint(1<<47) / uint(max(e.size, 1))
}

// slice compiles x[i:j:k] of a string, a slice or a pointer to an array.
func (x *fx) slice(in *ssa.Slice) op {
	d, s, site := x.slot(in), x.slot(in.X), x.site(in.Pos())
	lo, hi, mx := x.bound(in.Low), x.bound(in.High), x.bound(in.Max)
	switch u := in.X.Type().Underlying().(type) {
	case *types.Basic:
		return func(t *task, f ptr) {
			t.sites[t.depth] = site
			v := *at[string](f, s)
			l, h := lo.or(f, 0), hi.or(f, len(v))
			if uint(h) > uint(len(v)) || uint(l) > uint(h) {
				stringFault(len(v), lo, hi, l, h)
			}
			*at[string](f, d) = v[l:h]
		}
	case *types.Pointer:
		a := x.typ(u.Elem())
		n, size := a.Len(), a.Elem().Size()
		alloc, _ := in.X.(*ssa.Alloc)
		made := alloc != nil && alloc.Comment == "makeslice"
		return func(t *task, f ptr) {
			t.sites[t.depth] = site
			p := *at[ptr](f, s)
			if p == nil {
				t.nilDeref(site)
			}
			if made && hi.read != nil {
				// make with a constant capacity came here as an array.
				if h := hi.read(f); h < 0 {
					_ = make([]byte, h)
				} else if h > n {
					panic(boundsError("makeslice: cap out of range"))
				}
			} else if mx.read != nil {
				m := mx.read(f)
				switch {
				case m < 0 && mx.unsigned:
					panic(boundsError(fmt.Sprintf("slice bounds out of range [::%d] with length %d", uint(m), n)))
				case m > n:
					panic(boundsError(fmt.Sprintf("slice bounds out of range [::%d] with length %d", m, n)))
				}
			} else {
				l, h := lo.or(f, 0), hi.or(f, n)
				if uint(h) > uint(n) || uint(l) > uint(h) {
					stringFault(n, lo, hi, l, h) // in the words for lengths
				}
			}
			*at[sliceHeader](f, d) = reslice(sliceHeader{p, n, n}, size, f, lo, hi, mx)
		}
	case *types.Slice:
		size := x.typ(u.Elem()).Size()
		return func(t *task, f ptr) {
			t.sites[t.depth] = site
			*at[sliceHeader](f, d) = reslice(*at[sliceHeader](f, s), size, f, lo, hi, mx)
		}
	}
	panic(unsupported("slice " + in.String()))
}

// bound is an operand of a slice expression, when there is one.
type bound struct {
	read     func(f ptr) int
	unsigned bool
}

func (x *fx) bound(v ssa.Value) bound {
	if v == nil {
		return bound{}
	}
	return bound{intReader(x.typ(v.Type()).Kind(), x.slot(v)), isUnsigned(v.Type())}
}

// or reads the operand; without one it is n.
func (b bound) or(f ptr, n int) int {
	if b.read == nil {
		return n
	}
	return b.read(f)
}

func reslice(v sliceHeader, size uintptr, f ptr, lo, hi, mx bound) sliceHeader {
	l, h, m := lo.or(f, 0), hi.or(f, v.len), mx.or(f, v.cap)
	if uint(m) > uint(v.cap) || uint(h) > uint(m) || uint(l) > uint(h) {
		sliceFault(v, lo, hi, mx, l, h, m)
	}
	r := sliceHeader{v.data, h - l, m - l}
	if r.cap > 0 {
		r.data = add(v.data, uintptr(l)*size)
	}
	return r
}

// lookup compiles s[i] of a string and m[k].
func (x *fx) lookup(in *ssa.Lookup) op {
	if _, ok := in.X.Type().Underlying().(*types.Map); ok {
		return x.mapLookup(in)
	}
	d, s, site := x.slot(in), x.slot(in.X), x.indexSite(in.Pos(), in.Index)
	index := intReader(x.typ(in.Index.Type()).Kind(), x.slot(in.Index))
	return func(k *task, f ptr) {
		i, str := index(f), at[stringHeader](f, s)
		if uint(i) >= uint(str.len) {
			k.indexFault(site, i, str.len)
		}
		*at[uint8](f, d) = *at[uint8](str.data, uintptr(i))
	}
}

func (x *fx) sliceToArray(in *ssa.SliceToArrayPointer) op {
	d, s, site := x.slot(in), x.slot(in.X), x.site(in.Pos())
	n := x.typ(in.Type().Underlying().(*types.Pointer).Elem()).Len()
	return func(t *task, f ptr) {
		h := at[sliceHeader](f, s)
		if h.len < n {
			t.sites[t.depth] = site
			arrayFault(h.len, n)
		}
		*at[ptr](f, d) = h.data
	}
}

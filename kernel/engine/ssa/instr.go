package ssa

import (
	"fmt"
	"go/types"
	"reflect"

	"golang.org/x/tools/go/ssa"
)

// instr compiles one instruction; nil when there is nothing to do at run time.
func (x *fx) instr(in ssa.Instruction) op {
	switch in := in.(type) {
	case *ssa.DebugRef, *ssa.Phi:
		return nil
	case *ssa.Alloc:
		return x.allocation(in)
	case *ssa.BinOp:
		return x.binOp(in)
	case *ssa.UnOp:
		return x.unOp(in)
	case *ssa.Call:
		return x.call(in)
	case *ssa.ChangeType:
		if x.changesTable(in) {
			return x.changeInterface(in, in.X)
		}
		return x.move(x.slot(in), x.slot(in.X), in.Type())
	case *ssa.Convert:
		return x.convert(in)
	case *ssa.ChangeInterface:
		return x.changeInterface(in, in.X)
	case *ssa.SliceToArrayPointer:
		return x.sliceToArray(in)
	case *ssa.MakeInterface:
		return x.makeInterface(in)
	case *ssa.MakeClosure:
		return x.makeClosure(in)
	case *ssa.MakeMap:
		return x.makeMap(in)
	case *ssa.MakeChan:
		return x.makeChan(in)
	case *ssa.MakeSlice:
		return x.makeSlice(in)
	case *ssa.Slice:
		return x.slice(in)
	case *ssa.FieldAddr:
		return x.fieldAddr(in)
	case *ssa.Field:
		x.slot(in)
		return nil
	case *ssa.IndexAddr:
		return x.indexAddr(in)
	case *ssa.Index:
		return x.index(in)
	case *ssa.Lookup:
		return x.lookup(in)
	case *ssa.Select:
		return x.selects(in)
	case *ssa.Range:
		return x.ranges(in)
	case *ssa.Next:
		return x.nextOf(in)
	case *ssa.TypeAssert:
		return x.typeAssert(in)
	case *ssa.Extract:
		x.slot(in)
		return nil
	case *ssa.RunDefers:
		return x.runDefers()
	case *ssa.Go:
		return x.goStmt(in)
	case *ssa.Defer:
		return x.deferStmt(in)
	case *ssa.Send:
		return x.send(in)
	case *ssa.Store:
		return x.store(in)
	case *ssa.MapUpdate:
		return x.mapUpdate(in)
	}
	panic(unsupported("instruction " + in.String()))
}

// materialised says whether an address of the frame is needed as a value.
func (x *fx) materialised(v ssa.Value) bool {
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.UnOp, *ssa.FieldAddr, *ssa.DebugRef:
		case *ssa.IndexAddr:
		case *ssa.Store:
			if r.Addr != v || r.Val == v {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// address gives what static addresses need at their definition: nothing, or
// their pointer.
func (x *fx) address(v ssa.Value, o uintptr) op {
	if !x.materialised(v) {
		return nil
	}
	d := x.slot(v)
	return func(_ *task, f ptr) { *at[ptr](f, d) = add(f, o) }
}

func (x *fx) allocation(in *ssa.Alloc) op {
	t := x.typ(in.Type().Underlying().(*types.Pointer).Elem())
	r := rt(t)
	if o, ok := x.static(in); ok {
		c := classOf(t)
		z := func(_ *task, f ptr) { zero(c, r, add(f, o)) }
		switch c {
		case cNone:
			z = nil
		case c8:
			z = func(_ *task, f ptr) { *at[uint64](f, o) = 0 }
		}
		var ops []op
		if z != nil {
			ops = append(ops, z)
		}
		if a := x.address(in, o); a != nil {
			ops = append(ops, a)
		}
		return sequence(ops)
	}
	d := x.slot(in)
	return func(_ *task, f ptr) { *at[ptr](f, d) = unsafeNew(r) }
}

// load compiles *p.
func (x *fx) load(in *ssa.UnOp) op {
	d := x.slot(in)
	t := x.typ(in.Type())
	r, c := rt(t), classOf(t)
	if o, ok := x.static(in.X); ok {
		if c == cNone {
			return nil
		}
		return move{d, o, t, c}.op()
	}
	site := x.site(in.Pos())
	if fa, ok := in.X.(*ssa.FieldAddr); ok && x.fused[fa] {
		return x.loadAt(c, r, d, x.slot(fa.X), x.fieldOffset(fa), x.site(fa.Pos()))
	}
	if ia, ok := in.X.(*ssa.IndexAddr); ok && x.fused[ia] {
		return x.loadIndex(ia, c, r, d)
	}
	if certain(in.X) {
		return x.loadVar(c, r, d, x.slot(in.X), 0)
	}
	return x.loadAt(c, r, d, x.slot(in.X), 0, site)
}

// certain says whether a pointer is never nil: of variables.
func certain(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Global, *ssa.Alloc:
		return true
	case *ssa.FreeVar:
		return v.Parent().Syntax() != nil // not the receiver of a method value
	}
	return false
}

// loadVar loads through a pointer that is not nil.
func (x *fx) loadVar(c class, r *rtype, d, s, off uintptr) op {
	switch c {
	case c8:
		return func(_ *task, f ptr) { *at[uint64](f, d) = *at[uint64](*at[ptr](f, s), off) }
	case cPtr:
		return func(_ *task, f ptr) { *at[ptr](f, d) = *at[ptr](*at[ptr](f, s), off) }
	case cString:
		return func(_ *task, f ptr) { *at[string](f, d) = *at[string](*at[ptr](f, s), off) }
	case cSlice:
		return func(_ *task, f ptr) { *at[[]byte](f, d) = *at[[]byte](*at[ptr](f, s), off) }
	}
	return func(_ *task, f ptr) { copyTo(c, r, add(f, d), add(*at[ptr](f, s), off)) }
}

func (x *fx) loadAt(c class, r *rtype, d, s, off uintptr, site uint32) op {
	switch c {
	case c1:
		return func(t *task, f ptr) {
			p := *at[ptr](f, s)
			if p == nil {
				t.nilDeref(site)
			}
			*at[uint8](f, d) = *at[uint8](p, off)
		}
	case c4:
		return func(t *task, f ptr) {
			p := *at[ptr](f, s)
			if p == nil {
				t.nilDeref(site)
			}
			*at[uint32](f, d) = *at[uint32](p, off)
		}
	case c8:
		return func(t *task, f ptr) {
			p := *at[ptr](f, s)
			if p == nil {
				t.nilDeref(site)
			}
			*at[uint64](f, d) = *at[uint64](p, off)
		}
	case cPtr:
		return func(t *task, f ptr) {
			p := *at[ptr](f, s)
			if p == nil {
				t.nilDeref(site)
			}
			*at[ptr](f, d) = *at[ptr](p, off)
		}
	case cString:
		return func(t *task, f ptr) {
			p := *at[ptr](f, s)
			if p == nil {
				t.nilDeref(site)
			}
			*at[string](f, d) = *at[string](p, off)
		}
	case cSlice:
		return func(t *task, f ptr) {
			p := *at[ptr](f, s)
			if p == nil {
				t.nilDeref(site)
			}
			*at[[]byte](f, d) = *at[[]byte](p, off)
		}
	}
	return func(t *task, f ptr) {
		p := *at[ptr](f, s)
		if p == nil {
			t.nilDeref(site)
		}
		copyTo(c, r, add(f, d), add(p, off))
	}
}

// store compiles *p = v.
func (x *fx) store(in *ssa.Store) op {
	t := x.typ(in.Val.Type())
	r, c := rt(t), classOf(t)
	v := x.slot(in.Val)
	if fa, ok := in.Addr.(*ssa.FieldAddr); ok {
		if st := fa.X.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct); st.Field(fa.Field).Name() == "_" {
			return nil
		}
	}
	if o, ok := x.static(in.Addr); ok {
		if c == cNone {
			return nil
		}
		return move{o, v, t, c}.op()
	}
	if fa, ok := in.Addr.(*ssa.FieldAddr); ok && x.fused[fa] {
		return x.storeAt(c, r, x.slot(fa.X), x.fieldOffset(fa), v, x.site(fa.Pos()))
	}
	if ia, ok := in.Addr.(*ssa.IndexAddr); ok && x.fused[ia] {
		return x.storeIndex(ia, c, r, v)
	}
	return x.storeAt(c, r, x.slot(in.Addr), 0, v, x.site(in.Pos()))
}

func (x *fx) storeAt(c class, r *rtype, s, off, v uintptr, site uint32) op {
	switch c {
	case c1:
		return func(t *task, f ptr) {
			p := *at[ptr](f, s)
			if p == nil {
				t.nilDeref(site)
			}
			*at[uint8](p, off) = *at[uint8](f, v)
		}
	case c8:
		return func(t *task, f ptr) {
			p := *at[ptr](f, s)
			if p == nil {
				t.nilDeref(site)
			}
			*at[uint64](p, off) = *at[uint64](f, v)
		}
	case cPtr:
		return func(t *task, f ptr) {
			p := *at[ptr](f, s)
			if p == nil {
				t.nilDeref(site)
			}
			*at[ptr](p, off) = *at[ptr](f, v)
		}
	}
	return func(t *task, f ptr) {
		p := *at[ptr](f, s)
		if p == nil {
			t.nilDeref(site)
		}
		copyTo(c, r, add(p, off), add(f, v))
	}
}

func (x *fx) fieldOffset(in *ssa.FieldAddr) uintptr {
	return x.typ(in.X.Type().Underlying().(*types.Pointer).Elem()).Field(in.Field).Offset
}

// direct says whether an address is used just once, by the next instruction but
// address computations, to load or store: then that does the address itself. next
// are the instructions that follow it.
func (x *fx) direct(v ssa.Value, next []ssa.Instruction) bool {
	refs := *v.Referrers()
	if len(refs) != 1 {
		return false
	}
	in := v.(ssa.Instruction)
	switch r := refs[0].(type) {
	case *ssa.UnOp:
		if r.Block() != in.Block() {
			return false
		}
	case *ssa.Store:
		if r.Addr != v || r.Val == v || r.Block() != in.Block() {
			return false
		}
	default:
		return false
	}
	// Nothing between may change the operands' order of effects: a fault of the
	// address must come before what stands between.
	for _, in := range next {
		if in == refs[0] {
			break
		}
		switch in.(type) {
		case *ssa.FieldAddr, *ssa.IndexAddr, *ssa.BinOp, *ssa.Convert, *ssa.Extract, *ssa.Field, *ssa.ChangeType, *ssa.Phi, *ssa.DebugRef:
		case *ssa.UnOp:
		default:
			return false
		}
	}
	return true
}

func (x *fx) fieldAddr(in *ssa.FieldAddr) op {
	if o, ok := x.static(in); ok {
		return x.address(in, o)
	}
	d, s, off, site := x.slot(in), x.slot(in.X), x.fieldOffset(in), x.site(in.Pos())
	return func(t *task, f ptr) {
		p := *at[ptr](f, s)
		if p == nil {
			t.nilDeref(site)
		}
		*at[ptr](f, d) = add(p, off)
	}
}

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

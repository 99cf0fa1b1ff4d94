package ssa

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

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

// loadAt loads through a pointer. Here, and for elements, each size is written out:
// generic closures would carry a dictionary, and cost twice the time.
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

package ssa

import (
	"go/constant"
	"go/token"
	"go/types"
	"math/bits"
	"reflect"

	"golang.org/x/tools/go/ssa"
)

type signed interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64
}
type unsigned interface {
	~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}
type integer interface{ signed | unsigned }
type float interface{ ~float32 | ~float64 }
type cmplx interface{ ~complex64 | ~complex128 }
type ordered interface{ integer | float | ~string }

// intConst is the value of an integer constant.
func intConst(v ssa.Value) (int64, bool) {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil {
		return 0, false
	}
	b, ok := c.Type().Underlying().(*types.Basic)
	if !ok || b.Info()&types.IsInteger == 0 {
		return 0, false
	}
	k := constant.ToInt(c.Value)
	if i, ok := constant.Int64Val(k); ok {
		return i, true
	}
	u, ok := constant.Uint64Val(k)
	return int64(u), ok
}

func floatConst(v ssa.Value) (float64, bool) {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil {
		return 0, false
	}
	b, ok := c.Type().Underlying().(*types.Basic)
	if !ok || b.Info()&types.IsFloat == 0 {
		return 0, false
	}
	f, _ := constant.Float64Val(constant.ToFloat(c.Value))
	return f, true
}

// numConst is the constant as a T, when v is one.
func numConst[T integer | float](v ssa.Value) (T, bool) {
	if i, ok := intConst(v); ok {
		return T(i), true
	}
	if f, ok := floatConst(v); ok {
		return T(f), true
	}
	return 0, false
}

// compareBranch is a branch on the comparison of two numbers.
func (x *fx) compareBranch(in *ssa.BinOp, yes, no *block) next {
	switch x.typ(in.X.Type()).Kind() {
	case reflect.Int:
		return cmpBranch[int](x, in, yes, no)
	case reflect.Int8:
		return cmpBranch[int8](x, in, yes, no)
	case reflect.Int16:
		return cmpBranch[int16](x, in, yes, no)
	case reflect.Int32:
		return cmpBranch[int32](x, in, yes, no)
	case reflect.Int64:
		return cmpBranch[int64](x, in, yes, no)
	case reflect.Uint:
		return cmpBranch[uint](x, in, yes, no)
	case reflect.Uint8:
		return cmpBranch[uint8](x, in, yes, no)
	case reflect.Uint16:
		return cmpBranch[uint16](x, in, yes, no)
	case reflect.Uint32:
		return cmpBranch[uint32](x, in, yes, no)
	case reflect.Uint64:
		return cmpBranch[uint64](x, in, yes, no)
	case reflect.Uintptr:
		return cmpBranch[uintptr](x, in, yes, no)
	case reflect.Float32:
		return cmpBranch[float32](x, in, yes, no)
	case reflect.Float64:
		return cmpBranch[float64](x, in, yes, no)
	}
	panic(unsupported("comparison " + in.String()))
}

func cmpBranch[T integer | float](x *fx, in *ssa.BinOp, yes, no *block) next {
	o := in.Op
	// a != b and its like swap the targets; a > b the operands. Floats keep
	// their own forms because of NaN.
	if o == token.NEQ {
		o, yes, no = token.EQL, no, yes
	}
	l, r := in.X, in.Y
	switch o {
	case token.GTR:
		if _, ok := numConst[T](r); !ok {
			o, l, r = token.LSS, r, l
		}
	case token.GEQ:
		if _, ok := numConst[T](r); !ok {
			o, l, r = token.LEQ, r, l
		}
	}
	a := x.slot(l)
	if k, ok := numConst[T](r); ok {
		switch o {
		case token.EQL:
			return func(_ *task, f ptr) *block {
				if *at[T](f, a) == k {
					return yes
				}
				return no
			}
		case token.LSS:
			return func(_ *task, f ptr) *block {
				if *at[T](f, a) < k {
					return yes
				}
				return no
			}
		case token.LEQ:
			return func(_ *task, f ptr) *block {
				if *at[T](f, a) <= k {
					return yes
				}
				return no
			}
		case token.GTR:
			return func(_ *task, f ptr) *block {
				if *at[T](f, a) > k {
					return yes
				}
				return no
			}
		case token.GEQ:
			return func(_ *task, f ptr) *block {
				if *at[T](f, a) >= k {
					return yes
				}
				return no
			}
		}
	}
	b := x.slot(r)
	switch o {
	case token.EQL:
		return func(_ *task, f ptr) *block {
			if *at[T](f, a) == *at[T](f, b) {
				return yes
			}
			return no
		}
	case token.LSS:
		return func(_ *task, f ptr) *block {
			if *at[T](f, a) < *at[T](f, b) {
				return yes
			}
			return no
		}
	}
	return func(_ *task, f ptr) *block {
		if *at[T](f, a) <= *at[T](f, b) {
			return yes
		}
		return no
	}
}

// binOp compiles an operation on two values.
func (x *fx) binOp(in *ssa.BinOp) op {
	d := x.slot(in)
	switch in.Op {
	case token.EQL, token.NEQ:
		return x.equal(in, d)
	case token.LSS, token.LEQ, token.GTR, token.GEQ:
		return x.order(in, d)
	case token.SHL, token.SHR:
		return x.shift(in, d)
	}
	site := x.site(in.Pos())
	switch x.typ(in.X.Type()).Kind() {
	case reflect.Int:
		return intOp[int](x, in, d, site)
	case reflect.Int8:
		return intOp[int8](x, in, d, site)
	case reflect.Int16:
		return intOp[int16](x, in, d, site)
	case reflect.Int32:
		return intOp[int32](x, in, d, site)
	case reflect.Int64:
		return intOp[int64](x, in, d, site)
	case reflect.Uint:
		return intOp[uint](x, in, d, site)
	case reflect.Uint8:
		return intOp[uint8](x, in, d, site)
	case reflect.Uint16:
		return intOp[uint16](x, in, d, site)
	case reflect.Uint32:
		return intOp[uint32](x, in, d, site)
	case reflect.Uint64:
		return intOp[uint64](x, in, d, site)
	case reflect.Uintptr:
		return intOp[uintptr](x, in, d, site)
	case reflect.Float32:
		return floatOp[float32](x, in, d)
	case reflect.Float64:
		return floatOp[float64](x, in, d)
	case reflect.Complex64:
		return complexOp[complex64](x, in, d)
	case reflect.Complex128:
		return complexOp[complex128](x, in, d)
	case reflect.String:
		a, b := x.slot(in.X), x.slot(in.Y)
		return func(t *task, f ptr) { *at[string](f, d) = t.concat(*at[string](f, a), *at[string](f, b)) }
	}
	panic(unsupported("operation " + in.String()))
}

func intOp[T integer](x *fx, in *ssa.BinOp, d uintptr, site uint32) op {
	l, r := in.X, in.Y
	if _, ok := numConst[T](l); ok {
		switch in.Op {
		case token.ADD, token.MUL, token.AND, token.OR, token.XOR:
			l, r = r, l
		}
	}
	a := x.slot(l)
	if k, ok := numConst[T](r); ok {
		switch in.Op {
		case token.ADD:
			return func(_ *task, f ptr) { *at[T](f, d) = *at[T](f, a) + k }
		case token.SUB:
			return func(_ *task, f ptr) { *at[T](f, d) = *at[T](f, a) - k }
		case token.MUL:
			return func(_ *task, f ptr) { *at[T](f, d) = *at[T](f, a) * k }
		case token.AND:
			return func(_ *task, f ptr) { *at[T](f, d) = *at[T](f, a) & k }
		case token.OR:
			return func(_ *task, f ptr) { *at[T](f, d) = *at[T](f, a) | k }
		case token.XOR:
			return func(_ *task, f ptr) { *at[T](f, d) = *at[T](f, a) ^ k }
		case token.AND_NOT:
			return func(_ *task, f ptr) { *at[T](f, d) = *at[T](f, a) &^ k }
		case token.QUO:
			if k != 0 {
				return func(_ *task, f ptr) { *at[T](f, d) = *at[T](f, a) / k }
			}
		case token.REM:
			if k != 0 {
				return func(_ *task, f ptr) { *at[T](f, d) = *at[T](f, a) % k }
			}
		}
	}
	b := x.slot(r)
	switch in.Op {
	case token.ADD:
		return func(_ *task, f ptr) { *at[T](f, d) = *at[T](f, a) + *at[T](f, b) }
	case token.SUB:
		return func(_ *task, f ptr) { *at[T](f, d) = *at[T](f, a) - *at[T](f, b) }
	case token.MUL:
		return func(_ *task, f ptr) { *at[T](f, d) = *at[T](f, a) * *at[T](f, b) }
	case token.AND:
		return func(_ *task, f ptr) { *at[T](f, d) = *at[T](f, a) & *at[T](f, b) }
	case token.OR:
		return func(_ *task, f ptr) { *at[T](f, d) = *at[T](f, a) | *at[T](f, b) }
	case token.XOR:
		return func(_ *task, f ptr) { *at[T](f, d) = *at[T](f, a) ^ *at[T](f, b) }
	case token.AND_NOT:
		return func(_ *task, f ptr) { *at[T](f, d) = *at[T](f, a) &^ *at[T](f, b) }
	case token.QUO:
		return func(t *task, f ptr) {
			y := *at[T](f, b)
			if y == 0 {
				t.sites[t.depth] = site
			}
			*at[T](f, d) = *at[T](f, a) / y
		}
	case token.REM:
		return func(t *task, f ptr) {
			y := *at[T](f, b)
			if y == 0 {
				t.sites[t.depth] = site
			}
			*at[T](f, d) = *at[T](f, a) % y
		}
	}
	panic(unsupported("operation " + in.String()))
}

func floatOp[T float](x *fx, in *ssa.BinOp, d uintptr) op {
	a, b := x.slot(in.X), x.slot(in.Y)
	switch in.Op {
	case token.ADD:
		return func(_ *task, f ptr) { *at[T](f, d) = *at[T](f, a) + *at[T](f, b) }
	case token.SUB:
		return func(_ *task, f ptr) { *at[T](f, d) = *at[T](f, a) - *at[T](f, b) }
	case token.MUL:
		return func(_ *task, f ptr) { *at[T](f, d) = *at[T](f, a) * *at[T](f, b) }
	case token.QUO:
		return func(_ *task, f ptr) { *at[T](f, d) = *at[T](f, a) / *at[T](f, b) }
	}
	panic(unsupported("operation " + in.String()))
}

func complexOp[T cmplx](x *fx, in *ssa.BinOp, d uintptr) op {
	a, b := x.slot(in.X), x.slot(in.Y)
	switch in.Op {
	case token.ADD:
		return func(_ *task, f ptr) { *at[T](f, d) = *at[T](f, a) + *at[T](f, b) }
	case token.SUB:
		return func(_ *task, f ptr) { *at[T](f, d) = *at[T](f, a) - *at[T](f, b) }
	case token.MUL:
		return func(_ *task, f ptr) { *at[T](f, d) = *at[T](f, a) * *at[T](f, b) }
	case token.QUO:
		return func(_ *task, f ptr) { *at[T](f, d) = *at[T](f, a) / *at[T](f, b) }
	}
	panic(unsupported("operation " + in.String()))
}

// order compiles <, <=, > and >=.
func (x *fx) order(in *ssa.BinOp, d uintptr) op {
	switch x.typ(in.X.Type()).Kind() {
	case reflect.Int:
		return orderOp[int](x, in, d)
	case reflect.Int8:
		return orderOp[int8](x, in, d)
	case reflect.Int16:
		return orderOp[int16](x, in, d)
	case reflect.Int32:
		return orderOp[int32](x, in, d)
	case reflect.Int64:
		return orderOp[int64](x, in, d)
	case reflect.Uint:
		return orderOp[uint](x, in, d)
	case reflect.Uint8:
		return orderOp[uint8](x, in, d)
	case reflect.Uint16:
		return orderOp[uint16](x, in, d)
	case reflect.Uint32:
		return orderOp[uint32](x, in, d)
	case reflect.Uint64:
		return orderOp[uint64](x, in, d)
	case reflect.Uintptr:
		return orderOp[uintptr](x, in, d)
	case reflect.Float32:
		return orderOp[float32](x, in, d)
	case reflect.Float64:
		return orderOp[float64](x, in, d)
	case reflect.String:
		return orderOp[string](x, in, d)
	}
	panic(unsupported("comparison " + in.String()))
}

func orderOp[T ordered](x *fx, in *ssa.BinOp, d uintptr) op {
	a, b := x.slot(in.X), x.slot(in.Y)
	switch in.Op {
	case token.LSS:
		return func(_ *task, f ptr) { *at[bool](f, d) = *at[T](f, a) < *at[T](f, b) }
	case token.LEQ:
		return func(_ *task, f ptr) { *at[bool](f, d) = *at[T](f, a) <= *at[T](f, b) }
	case token.GTR:
		return func(_ *task, f ptr) { *at[bool](f, d) = *at[T](f, a) > *at[T](f, b) }
	}
	return func(_ *task, f ptr) { *at[bool](f, d) = *at[T](f, a) >= *at[T](f, b) }
}

// equal compiles == and != of any type.
func (x *fx) equal(in *ssa.BinOp, d uintptr) op {
	a, b := x.slot(in.X), x.slot(in.Y)
	want := in.Op == token.EQL
	t := x.typ(in.X.Type())
	switch t.Kind() {
	case reflect.Slice, reflect.Map, reflect.Func, reflect.Pointer, reflect.Chan, reflect.UnsafePointer:
		// Of slices, maps and funcs one side is nil.
		return func(_ *task, f ptr) { *at[bool](f, d) = (*at[ptr](f, a) == *at[ptr](f, b)) == want }
	case reflect.Interface:
		site := x.site(in.Pos())
		if t.NumMethod() == 0 {
			return func(k *task, f ptr) {
				k.sites[k.depth] = site
				*at[bool](f, d) = (*at[any](f, a) == *at[any](f, b)) == want
			}
		}
		return func(k *task, f ptr) {
			k.sites[k.depth] = site
			*at[bool](f, d) = (plainAny(f, a) == plainAny(f, b)) == want
		}
	case reflect.Struct, reflect.Array:
		eq, site := rt(t).equal, x.site(in.Pos())
		return func(k *task, f ptr) {
			k.sites[k.depth] = site
			*at[bool](f, d) = eq(add(f, a), add(f, b)) == want
		}
	case reflect.String:
		return func(_ *task, f ptr) { *at[bool](f, d) = (*at[string](f, a) == *at[string](f, b)) == want }
	case reflect.Float32:
		return func(_ *task, f ptr) { *at[bool](f, d) = (*at[float32](f, a) == *at[float32](f, b)) == want }
	case reflect.Float64:
		return func(_ *task, f ptr) { *at[bool](f, d) = (*at[float64](f, a) == *at[float64](f, b)) == want }
	case reflect.Complex64:
		return func(_ *task, f ptr) { *at[bool](f, d) = (*at[complex64](f, a) == *at[complex64](f, b)) == want }
	case reflect.Complex128:
		return func(_ *task, f ptr) { *at[bool](f, d) = (*at[complex128](f, a) == *at[complex128](f, b)) == want }
	}
	switch t.Size() {
	case 1:
		return func(_ *task, f ptr) { *at[bool](f, d) = (*at[uint8](f, a) == *at[uint8](f, b)) == want }
	case 2:
		return func(_ *task, f ptr) { *at[bool](f, d) = (*at[uint16](f, a) == *at[uint16](f, b)) == want }
	case 4:
		return func(_ *task, f ptr) { *at[bool](f, d) = (*at[uint32](f, a) == *at[uint32](f, b)) == want }
	}
	return func(_ *task, f ptr) { *at[bool](f, d) = (*at[uint64](f, a) == *at[uint64](f, b)) == want }
}

// plainAny is the value of an interface with methods as an any: two of different
// interface types have different method tables for one dynamic type.
func plainAny(f ptr, o uintptr) any {
	v := *at[eface](f, o)
	if v.typ != nil {
		v.typ = ptr((*itab)(v.typ).typ)
	}
	return *(*any)(ptr(&v))
}

// shift compiles << and >>; its count may be of any integer type.
func (x *fx) shift(in *ssa.BinOp, d uintptr) op {
	switch x.typ(in.X.Type()).Kind() {
	case reflect.Int:
		return shiftOp[int](x, in, d)
	case reflect.Int8:
		return shiftOp[int8](x, in, d)
	case reflect.Int16:
		return shiftOp[int16](x, in, d)
	case reflect.Int32:
		return shiftOp[int32](x, in, d)
	case reflect.Int64:
		return shiftOp[int64](x, in, d)
	case reflect.Uint:
		return shiftOp[uint](x, in, d)
	case reflect.Uint8:
		return shiftOp[uint8](x, in, d)
	case reflect.Uint16:
		return shiftOp[uint16](x, in, d)
	case reflect.Uint32:
		return shiftOp[uint32](x, in, d)
	case reflect.Uint64:
		return shiftOp[uint64](x, in, d)
	case reflect.Uintptr:
		return shiftOp[uintptr](x, in, d)
	}
	panic(unsupported("shift " + in.String()))
}

func shiftOp[T integer](x *fx, in *ssa.BinOp, d uintptr) op {
	a := x.slot(in.X)
	left := in.Op == token.SHL
	if k, ok := intConst(in.Y); ok && k >= 0 {
		k := uint(k)
		if left {
			return func(_ *task, f ptr) { *at[T](f, d) = *at[T](f, a) << k }
		}
		return func(_ *task, f ptr) { *at[T](f, d) = *at[T](f, a) >> k }
	}
	b := x.slot(in.Y)
	switch k := x.typ(in.Y.Type()).Kind(); k {
	case reflect.Int, reflect.Int64:
		site := x.site(in.Pos())
		if left {
			return func(t *task, f ptr) {
				n := *at[int](f, b)
				if n < 0 {
					t.sites[t.depth] = site
				}
				*at[T](f, d) = *at[T](f, a) << n
			}
		}
		return func(t *task, f ptr) {
			n := *at[int](f, b)
			if n < 0 {
				t.sites[t.depth] = site
			}
			*at[T](f, d) = *at[T](f, a) >> n
		}
	case reflect.Uint, reflect.Uint64, reflect.Uintptr:
		if left {
			return func(_ *task, f ptr) { *at[T](f, d) = *at[T](f, a) << *at[uint](f, b) }
		}
		return func(_ *task, f ptr) { *at[T](f, d) = *at[T](f, a) >> *at[uint](f, b) }
	default:
		read, site := intReader(k, b), x.site(in.Pos())
		return func(t *task, f ptr) {
			n := read(f)
			if n < 0 {
				t.sites[t.depth] = site
			}
			if left {
				*at[T](f, d) = *at[T](f, a) << n
			} else {
				*at[T](f, d) = *at[T](f, a) >> n
			}
		}
	}
}

// intReader reads an integer of any kind as an int; one too large for an int
// reads as a negative number.
func intReader(k reflect.Kind, o uintptr) func(f ptr) int {
	switch k {
	case reflect.Int, reflect.Int64:
		return func(f ptr) int { return *at[int](f, o) }
	case reflect.Int8:
		return func(f ptr) int { return int(*at[int8](f, o)) }
	case reflect.Int16:
		return func(f ptr) int { return int(*at[int16](f, o)) }
	case reflect.Int32:
		return func(f ptr) int { return int(*at[int32](f, o)) }
	case reflect.Uint8:
		return func(f ptr) int { return int(*at[uint8](f, o)) }
	case reflect.Uint16:
		return func(f ptr) int { return int(*at[uint16](f, o)) }
	case reflect.Uint32:
		return func(f ptr) int { return int(*at[uint32](f, o)) }
	}
	return func(f ptr) int { return int(*at[uint](f, o)) }
}

// unOp compiles - ^ ! and the dereference and receive forms.
func (x *fx) unOp(in *ssa.UnOp) op {
	switch in.Op {
	case token.MUL:
		return x.load(in)
	case token.ARROW:
		return x.receive(in)
	}
	d, s := x.slot(in), x.slot(in.X)
	k := x.typ(in.X.Type()).Kind()
	if in.Op == token.NOT {
		return func(_ *task, f ptr) { *at[bool](f, d) = !*at[bool](f, s) }
	}
	switch k {
	case reflect.Int, reflect.Int64, reflect.Uint, reflect.Uint64, reflect.Uintptr:
		return negate[int64](in.Op, d, s)
	case reflect.Int32, reflect.Uint32:
		return negate[int32](in.Op, d, s)
	case reflect.Int16, reflect.Uint16:
		return negate[int16](in.Op, d, s)
	case reflect.Int8, reflect.Uint8:
		return negate[int8](in.Op, d, s)
	case reflect.Float32:
		return func(_ *task, f ptr) { *at[float32](f, d) = -*at[float32](f, s) }
	case reflect.Float64:
		return func(_ *task, f ptr) { *at[float64](f, d) = -*at[float64](f, s) }
	case reflect.Complex64:
		return func(_ *task, f ptr) { *at[complex64](f, d) = -*at[complex64](f, s) }
	case reflect.Complex128:
		return func(_ *task, f ptr) { *at[complex128](f, d) = -*at[complex128](f, s) }
	}
	panic(unsupported("operation " + in.String()))
}

func negate[T signed](o token.Token, d, s uintptr) op {
	if o == token.XOR {
		return func(_ *task, f ptr) { *at[T](f, d) = ^*at[T](f, s) }
	}
	return func(_ *task, f ptr) { *at[T](f, d) = -*at[T](f, s) }
}

var _ = bits.Len

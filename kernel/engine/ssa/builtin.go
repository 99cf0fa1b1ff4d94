package ssa

import (
	"go/token"
	"go/types"
	"reflect"
	"strconv"
	"unsafe"

	"golang.org/x/tools/go/ssa"
)

// builtin compiles a call of a predeclared func.
func (x *fx) builtin(b *ssa.Builtin, c *ssa.CallCommon, d uintptr, site uint32) op {
	arg := func(i int) uintptr { return x.slot(c.Args[i]) }
	typ := func(i int) reflect.Type { return x.typ(c.Args[i].Type()) }
	switch b.Name() {
	case "len":
		return lenOf(typ(0), d, arg(0))
	case "cap":
		return capOf(typ(0), d, arg(0))
	case "append":
		return x.appendTo(c, d, site)
	case "copy":
		dst, src := arg(0), arg(1)
		if typ(1).Kind() == reflect.String {
			return func(_ *task, f ptr) { n := copy(*at[[]byte](f, dst), *at[string](f, src)); setInt(f, d, n) }
		}
		e := rt(typ(0).Elem())
		return func(_ *task, f ptr) {
			n := typedslicecopy(e, *at[sliceHeader](f, dst), *at[sliceHeader](f, src))
			setInt(f, d, n)
		}
	case "delete":
		m, k, r := arg(0), arg(1), rt(typ(0))
		return func(t *task, f ptr) {
			t.sites[t.depth] = site
			mapdelete(r, *at[ptr](f, m), add(f, k))
		}
	case "clear":
		s, t := arg(0), typ(0)
		if t.Kind() == reflect.Map {
			r := rt(t)
			return func(_ *task, f ptr) {
				if m := *at[ptr](f, s); m != nil {
					mapclear(r, m)
				}
			}
		}
		e := rt(t.Elem())
		return func(_ *task, f ptr) {
			h := at[sliceHeader](f, s)
			if e.ptrBytes == 0 {
				clear(unsafe.Slice((*byte)(h.data), uintptr(h.len)*e.size))
				return
			}
			for i := range h.len {
				typedmemclr(e, add(h.data, uintptr(i)*e.size))
			}
		}
	case "close":
		s := arg(0)
		return func(t *task, f ptr) {
			t.sites[t.depth] = site
			close(*at[chan struct{}](f, s))
		}
	case "panic":
		v := arg(0)
		return func(t *task, f ptr) {
			t.sites[t.depth] = site
			t.raise(*at[any](f, v))
		}
	case "recover":
		return func(t *task, f ptr) {
			var v any
			if ps := t.panics; ps != nil && ps.depth == t.depth {
				v = ps.recover()
				if ps.recovered && t.trace != nil {
					ps.trace, t.trace = t.trace, nil
				}
			}
			if d != 0 {
				*at[any](f, d) = v
			}
		}
	case "print", "println":
		return x.printTo(c, b.Name() == "println")
	case "min", "max":
		return x.minMax(c, d, b.Name() == "min")
	case "real", "imag":
		s, re := arg(0), b.Name() == "real"
		if typ(0).Kind() == reflect.Complex64 {
			return func(_ *task, f ptr) {
				v := *at[complex64](f, s)
				if re {
					*at[float32](f, d) = real(v)
				} else {
					*at[float32](f, d) = imag(v)
				}
			}
		}
		return func(_ *task, f ptr) {
			v := *at[complex128](f, s)
			if re {
				*at[float64](f, d) = real(v)
			} else {
				*at[float64](f, d) = imag(v)
			}
		}
	case "complex":
		re, im := arg(0), arg(1)
		if typ(0).Kind() == reflect.Float32 {
			return func(_ *task, f ptr) { *at[complex64](f, d) = complex(*at[float32](f, re), *at[float32](f, im)) }
		}
		return func(_ *task, f ptr) { *at[complex128](f, d) = complex(*at[float64](f, re), *at[float64](f, im)) }
	case "ssa:wrapnilchk":
		p, recv, meth := arg(0), arg(1), arg(2)
		return func(t *task, f ptr) {
			v := *at[ptr](f, p)
			if v == nil {
				t.sites[t.depth] = site
				panic(plainError("value method " + *at[string](f, recv) + "." + *at[string](f, meth) + " called using nil *" + baseName(*at[string](f, recv)) + " pointer"))
			}
			*at[ptr](f, d) = v
		}
	case "ssa:deferstack":
		list := x.c.defers
		return func(_ *task, f ptr) { *at[ptr](f, d) = add(f, list) }
	case "Add":
		p, n := arg(0), intReader(typ(1).Kind(), arg(1))
		return func(_ *task, f ptr) { *at[ptr](f, d) = unsafe.Add(*at[ptr](f, p), n(f)) }
	case "Slice":
		p, n := arg(0), intReader(typ(1).Kind(), arg(1))
		size := typ(0).Elem().Size()
		return func(t *task, f ptr) {
			t.sites[t.depth] = site
			v, k := *at[ptr](f, p), n(f)
			if v == nil && k == 0 {
				*at[sliceHeader](f, d) = sliceHeader{}
				return
			}
			unsafeCheck("unsafe.Slice", v, k, size)
			*at[sliceHeader](f, d) = sliceHeader{v, k, k}
		}
	case "String":
		p, n := arg(0), intReader(typ(1).Kind(), arg(1))
		return func(t *task, f ptr) {
			t.sites[t.depth] = site
			unsafeCheck("unsafe.String", *at[ptr](f, p), n(f), 1)
			*at[string](f, d) = unsafe.String(*at[*byte](f, p), n(f))
		}
	case "Sizeof", "Alignof":
		n := typ(0).Size()
		if b.Name() == "Alignof" {
			n = uintptr(typ(0).Align())
		}
		return func(_ *task, f ptr) { *at[uintptr](f, d) = n }
	case "Offsetof":
		var n uintptr
		switch v := c.Args[0].(type) {
		case *ssa.Field:
			n = x.typ(v.X.Type()).Field(v.Field).Offset
		case *ssa.UnOp:
			// A promoted field counts from the outer struct. A step written out
			// stands right before the next one; an implicit one does not.
			for fa, ok := v.X.(*ssa.FieldAddr); ok; {
				n += x.fieldOffset(fa)
				outer, is := fa.X.(*ssa.FieldAddr)
				if ok = is; is {
					st := outer.X.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct)
					f := st.Field(outer.Field)
					ok = f.Embedded() && fa.Pos() != outer.Pos()+token.Pos(len(f.Name())+1)
				}
				fa = outer
			}
		}
		return func(_ *task, f ptr) { *at[uintptr](f, d) = n }
	case "SliceData":
		s := arg(0)
		return func(_ *task, f ptr) { *at[ptr](f, d) = at[sliceHeader](f, s).data }
	case "StringData":
		s := arg(0)
		return func(_ *task, f ptr) { *at[ptr](f, d) = at[stringHeader](f, s).data }
	}
	panic(unsupported("builtin " + b.Name()))
}

func unsafeCheck(what string, p ptr, n int, size uintptr) {
	if n < 0 || size > 0 && uintptr(n) > -uintptr(p)/size && p != nil || uint(n) > 1<<47/uint(max(size, 1)) {
		panic(boundsError(what + ": len out of range"))
	}
	if p == nil && n > 0 {
		panic(boundsError(what + ": ptr is nil and len is not zero"))
	}
}

func baseName(s string) string {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == '.' {
			return s[i+1:]
		}
	}
	return s
}

// plainError is a runtime.Error without the usual prefix.
type plainError string

func (e plainError) Error() string { return string(e) }
func (plainError) RuntimeError()   {}

func setInt(f ptr, d uintptr, n int) {
	if d != 0 {
		*at[int](f, d) = n
	}
}

func lenOf(t reflect.Type, d, s uintptr) op {
	switch t.Kind() {
	case reflect.String, reflect.Slice:
		return func(_ *task, f ptr) { *at[int](f, d) = *at[int](f, s+8) }
	case reflect.Array, reflect.Pointer:
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		n := t.Len()
		return func(_ *task, f ptr) { *at[int](f, d) = n }
	case reflect.Map:
		return func(_ *task, f ptr) { *at[int](f, d) = len(*at[map[int]int](f, s)) }
	case reflect.Chan:
		return func(_ *task, f ptr) { *at[int](f, d) = len(*at[chan int](f, s)) }
	}
	panic(unsupported("len of " + t.String()))
}

func capOf(t reflect.Type, d, s uintptr) op {
	switch t.Kind() {
	case reflect.Slice:
		return func(_ *task, f ptr) { *at[int](f, d) = *at[int](f, s+16) }
	case reflect.Chan:
		return func(_ *task, f ptr) { *at[int](f, d) = cap(*at[chan int](f, s)) }
	}
	return lenOf(t, d, s)
}

// appendTo compiles append(s, t...): the builder has made all forms this one.
func (x *fx) appendTo(c *ssa.CallCommon, d uintptr, site uint32) op {
	s, v := x.slot(c.Args[0]), x.slot(c.Args[1])
	t := x.typ(c.Args[0].Type())
	e := rt(t.Elem())
	if x.typ(c.Args[1].Type()).Kind() == reflect.String {
		return func(_ *task, f ptr) { *at[[]byte](f, d) = append(*at[[]byte](f, s), *at[string](f, v)...) }
	}
	ec := classOf(t.Elem())
	switch ec {
	case c8:
		return func(_ *task, f ptr) { *at[[]uint64](f, d) = append(*at[[]uint64](f, s), *at[[]uint64](f, v)...) }
	case c1:
		return func(_ *task, f ptr) { *at[[]byte](f, d) = append(*at[[]byte](f, s), *at[[]byte](f, v)...) }
	case c4:
		return func(_ *task, f ptr) { *at[[]uint32](f, d) = append(*at[[]uint32](f, s), *at[[]uint32](f, v)...) }
	case cPtr:
		return func(_ *task, f ptr) { *at[[]ptr](f, d) = append(*at[[]ptr](f, s), *at[[]ptr](f, v)...) }
	case cString:
		return func(_ *task, f ptr) { *at[[]string](f, d) = append(*at[[]string](f, s), *at[[]string](f, v)...) }
	case cIface:
		return func(_ *task, f ptr) { *at[[]any](f, d) = append(*at[[]any](f, s), *at[[]any](f, v)...) }
	}
	return func(_ *task, f ptr) {
		a, b := *at[sliceHeader](f, s), *at[sliceHeader](f, v)
		n := a.len + b.len
		if n < 0 {
			panic(boundsError("growslice: len out of range"))
		}
		if n > a.cap {
			// reflect grows as append does.
			r := reflect.NewAt(t, ptr(&a)).Elem()
			r.Grow(b.len)
		}
		typedslicecopy(e, sliceHeader{add(a.data, uintptr(a.len)*e.size*b2u(b.len > 0)), b.len, b.len}, b)
		a.len = n
		*at[sliceHeader](f, d) = a
	}
}

func b2u(b bool) uintptr {
	if b {
		return 1
	}
	return 0
}

// minMax compiles min and max, which the builder passes as they are.
func (x *fx) minMax(c *ssa.CallCommon, d uintptr, isMin bool) op {
	args := make([]uintptr, len(c.Args))
	for i, a := range c.Args {
		args[i] = x.slot(a)
	}
	switch x.typ(c.Args[0].Type()).Kind() {
	case reflect.Int:
		return minMaxOp[int](args, d, isMin)
	case reflect.Int8:
		return minMaxOp[int8](args, d, isMin)
	case reflect.Int16:
		return minMaxOp[int16](args, d, isMin)
	case reflect.Int32:
		return minMaxOp[int32](args, d, isMin)
	case reflect.Int64:
		return minMaxOp[int64](args, d, isMin)
	case reflect.Uint:
		return minMaxOp[uint](args, d, isMin)
	case reflect.Uint8:
		return minMaxOp[uint8](args, d, isMin)
	case reflect.Uint16:
		return minMaxOp[uint16](args, d, isMin)
	case reflect.Uint32:
		return minMaxOp[uint32](args, d, isMin)
	case reflect.Uint64:
		return minMaxOp[uint64](args, d, isMin)
	case reflect.Uintptr:
		return minMaxOp[uintptr](args, d, isMin)
	case reflect.Float32:
		return minMaxOp[float32](args, d, isMin)
	case reflect.Float64:
		return minMaxOp[float64](args, d, isMin)
	case reflect.String:
		return minMaxOp[string](args, d, isMin)
	}
	panic(unsupported("min of " + c.Args[0].Type().String()))
}

func minMaxOp[T ordered](args []uintptr, d uintptr, isMin bool) op {
	return func(_ *task, f ptr) {
		v := *at[T](f, args[0])
		for _, a := range args[1:] {
			if isMin {
				v = min(v, *at[T](f, a))
			} else {
				v = max(v, *at[T](f, a))
			}
		}
		*at[T](f, d) = v
	}
}

// printTo compiles print and println: to the session's standard error.
func (x *fx) printTo(c *ssa.CallCommon, ln bool) op {
	type part struct {
		t reflect.Type
		s uintptr
	}
	var parts []part
	for _, a := range c.Args {
		parts = append(parts, part{x.typ(a.Type()), x.slot(a)})
	}
	return func(t *task, f ptr) {
		var b []byte
		for i, p := range parts {
			if ln && i > 0 {
				b = append(b, ' ')
			}
			b = printValue(b, p.t, add(f, p.s))
		}
		if ln {
			b = append(b, '\n')
		}
		_, _ = t.inst.bindings.Stderr().Write(b)
	}
}

func printValue(b []byte, t reflect.Type, p ptr) []byte {
	hex := func(v uint64) []byte { return append(append(b, "0x"...), strconv.FormatUint(v, 16)...) }
	v := reflect.NewAt(t, p).Elem()
	switch t.Kind() {
	case reflect.Bool:
		return strconv.AppendBool(b, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.AppendInt(b, v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return strconv.AppendUint(b, v.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		return append(b, printFloat(v.Float(), t.Bits())...)
	case reflect.Complex64, reflect.Complex128:
		return append(b, strconv.FormatComplex(v.Complex(), 'g', -1, t.Bits())...)
	case reflect.String:
		return append(b, v.String()...)
	case reflect.Interface:
		e := (*eface)(p)
		b = append(hexTo(append(b, '('), uintptr(e.typ)), ',')
		return append(hexTo(b, uintptr(e.data)), ')')
	case reflect.Slice:
		h := (*sliceHeader)(p)
		b = append(b, "["+strconv.Itoa(h.len)+"/"+strconv.Itoa(h.cap)+"]"...)
		return hexTo(b, uintptr(h.data))
	}
	return hex(uint64(*(*uintptr)(p)))
}

func hexTo(b []byte, v uintptr) []byte {
	return append(append(b, "0x"...), strconv.FormatUint(uint64(v), 16)...)
}

var _ types.Type

package ssa

import (
	"go/types"
	"reflect"
	"unsafe"

	"golang.org/x/tools/go/ssa"
)

// convert compiles conversions that change the representation.
func (x *fx) convert(in *ssa.Convert) op {
	d, s := x.slot(in), x.slot(in.X)
	from, to := x.typ(in.X.Type()), x.typ(in.Type())
	fk, tk := from.Kind(), to.Kind()
	switch {
	case isNumber(fk) && isNumber(tk):
		return convertNumber(fk, tk, d, s)
	case tk == reflect.String:
		switch {
		case fk == reflect.String:
			return move{d, s, to, cString}.op()
		case fk == reflect.Slice && from.Elem().Kind() == reflect.Uint8:
			return func(_ *task, f ptr) { *at[string](f, d) = string(*at[[]byte](f, s)) }
		case fk == reflect.Slice:
			return func(_ *task, f ptr) { *at[string](f, d) = string(*at[[]rune](f, s)) }
		}
		read := intReader(fk, s)
		return func(_ *task, f ptr) {
			i := read(f)
			if int(rune(i)) != i {
				i = 0xFFFD
			}
			*at[string](f, d) = string(rune(i))
		}
	case fk == reflect.String && tk == reflect.Slice:
		if to.Elem().Kind() == reflect.Uint8 {
			return func(_ *task, f ptr) { *at[[]byte](f, d) = []byte(*at[string](f, s)) }
		}
		return func(_ *task, f ptr) { *at[[]rune](f, d) = []rune(*at[string](f, s)) }
	case fk == reflect.UnsafePointer && tk == reflect.Uintptr:
		return func(_ *task, f ptr) { *at[uintptr](f, d) = uintptr(*at[ptr](f, s)) }
	case fk == reflect.Uintptr && tk == reflect.UnsafePointer:
		return func(_ *task, f ptr) { *at[ptr](f, d) = *(*ptr)(add(f, s)) }
	case from.Size() == to.Size():
		return move{d, s, to, classOf(to)}.op()
	}
	panic(unsupported("conversion of " + in.X.Type().String() + " to " + in.Type().String()))
}

func isNumber(k reflect.Kind) bool { return reflect.Int <= k && k <= reflect.Complex128 }

func convertNumber(fk, tk reflect.Kind, d, s uintptr) op {
	if fk == reflect.Complex64 && tk == reflect.Complex128 {
		return func(_ *task, f ptr) { *at[complex128](f, d) = complex128(*at[complex64](f, s)) }
	}
	if fk == reflect.Complex128 && tk == reflect.Complex64 {
		return func(_ *task, f ptr) { *at[complex64](f, d) = complex64(*at[complex128](f, s)) }
	}
	switch fk {
	case reflect.Int, reflect.Int64:
		return convertFrom[int64](tk, d, s)
	case reflect.Int8:
		return convertFrom[int8](tk, d, s)
	case reflect.Int16:
		return convertFrom[int16](tk, d, s)
	case reflect.Int32:
		return convertFrom[int32](tk, d, s)
	case reflect.Uint, reflect.Uint64, reflect.Uintptr:
		return convertFrom[uint64](tk, d, s)
	case reflect.Uint8:
		return convertFrom[uint8](tk, d, s)
	case reflect.Uint16:
		return convertFrom[uint16](tk, d, s)
	case reflect.Uint32:
		return convertFrom[uint32](tk, d, s)
	case reflect.Float32:
		return convertFrom[float32](tk, d, s)
	case reflect.Float64:
		return convertFrom[float64](tk, d, s)
	}
	if fk == reflect.Complex64 {
		return move{d, s, reflect.TypeFor[complex64](), c8}.op()
	}
	return move{d, s, reflect.TypeFor[complex128](), c16}.op()
}

func convertFrom[T integer | float](tk reflect.Kind, d, s uintptr) op {
	switch tk {
	case reflect.Int, reflect.Int64:
		return func(_ *task, f ptr) { *at[int64](f, d) = int64(*at[T](f, s)) }
	case reflect.Int8:
		return func(_ *task, f ptr) { *at[int8](f, d) = int8(*at[T](f, s)) }
	case reflect.Int16:
		return func(_ *task, f ptr) { *at[int16](f, d) = int16(*at[T](f, s)) }
	case reflect.Int32:
		return func(_ *task, f ptr) { *at[int32](f, d) = int32(*at[T](f, s)) }
	case reflect.Uint, reflect.Uint64, reflect.Uintptr:
		return func(_ *task, f ptr) { *at[uint64](f, d) = uint64(*at[T](f, s)) }
	case reflect.Uint8:
		return func(_ *task, f ptr) { *at[uint8](f, d) = uint8(*at[T](f, s)) }
	case reflect.Uint16:
		return func(_ *task, f ptr) { *at[uint16](f, d) = uint16(*at[T](f, s)) }
	case reflect.Uint32:
		return func(_ *task, f ptr) { *at[uint32](f, d) = uint32(*at[T](f, s)) }
	case reflect.Float32:
		return func(_ *task, f ptr) { *at[float32](f, d) = float32(*at[T](f, s)) }
	}
	return func(_ *task, f ptr) { *at[float64](f, d) = float64(*at[T](f, s)) }
}

// makeInterface puts a value into an interface.
func (x *fx) makeInterface(in *ssa.MakeInterface) op {
	d, s := x.slot(in), x.slot(in.X)
	t := x.typ(in.X.Type())
	r, c := rt(t), classOf(t)
	it := x.typ(in.Type())
	word := ptr(r)
	if it.NumMethod() > 0 {
		word = ptr(getitab((*interfaceType)(ptr(rt(it))), r, false))
	}
	if r.tflag&flagDirectIface != 0 {
		return func(_ *task, f ptr) { *at[eface](f, d) = eface{word, *at[ptr](f, s)} }
	}
	switch c {
	case cNone:
		none := ptr(new(struct{}))
		return func(_ *task, f ptr) { *at[eface](f, d) = eface{word, none} }
	case c8:
		return func(_ *task, f ptr) {
			var v any = *at[uint64](f, s)
			*at[eface](f, d) = eface{word, (*eface)(ptr(&v)).data}
		}
	case c1:
		return func(_ *task, f ptr) {
			var v any = *at[uint8](f, s)
			*at[eface](f, d) = eface{word, (*eface)(ptr(&v)).data}
		}
	case cString:
		return func(_ *task, f ptr) {
			var v any = *at[string](f, s)
			*at[eface](f, d) = eface{word, (*eface)(ptr(&v)).data}
		}
	}
	return func(_ *task, f ptr) {
		p := unsafeNew(r)
		copyTo(c, r, p, add(f, s))
		*at[eface](f, d) = eface{word, p}
	}
}

// dynamic is the type of what an interface value holds, nil of a nil one.
func dynamic(v *eface, methods bool) *rtype {
	if v.typ == nil {
		return nil
	}
	if methods {
		return (*itab)(v.typ).typ
	}
	return (*rtype)(v.typ)
}

func (x *fx) changeInterface(in, v ssa.Value) op {
	d, s := x.slot(in), x.slot(v)
	from, to := x.typ(v.Type()), x.typ(in.Type())
	methods := from.NumMethod() > 0
	if to.NumMethod() == 0 {
		if !methods {
			return move{d, s, to, cIface}.op()
		}
		return func(_ *task, f ptr) {
			v := *at[eface](f, s)
			if v.typ != nil {
				v.typ = ptr((*itab)(v.typ).typ)
			}
			*at[eface](f, d) = v
		}
	}
	if from == to {
		return move{d, s, to, cIface}.op()
	}
	it := (*interfaceType)(ptr(rt(to)))
	return func(_ *task, f ptr) {
		v := *at[eface](f, s)
		if v.typ != nil {
			v.typ = ptr(getitab(it, (*itab)(v.typ).typ, false))
		}
		*at[eface](f, d) = v
	}
}

// typeAssert compiles v.(T) in both forms.
func (x *fx) typeAssert(in *ssa.TypeAssert) op {
	d, s, site := x.slot(in), x.slot(in.X), x.site(in.Pos())
	from, to := x.typ(in.X.Type()), x.typ(in.AssertedType)
	methods := from.NumMethod() > 0
	okOff := d + align8(to.Size())
	commaOk := in.CommaOk
	if to.Kind() == reflect.Interface {
		it := (*interfaceType)(ptr(rt(to)))
		plain := to.NumMethod() == 0
		return func(t *task, f ptr) {
			v := *at[eface](f, s)
			r := dynamic(&v, methods)
			ok := r != nil
			if ok {
				if plain {
					v.typ = ptr(r)
				} else if tab := getitab(it, r, true); tab != nil {
					v.typ = ptr(tab)
				} else {
					ok = false
				}
			}
			if !ok {
				if !commaOk {
					t.sites[t.depth] = site
					assertFault(nil, r, rt(to)) // Go does not tell from what
				}
				v = eface{}
			}
			*at[eface](f, d) = v
			if commaOk {
				*at[bool](f, okOff) = ok
			}
		}
	}
	want, c := rt(to), classOf(to)
	direct := want.tflag&flagDirectIface != 0
	return func(t *task, f ptr) {
		v := at[eface](f, s)
		var r *rtype
		if v.typ != nil {
			r = (*rtype)(v.typ)
			if methods {
				r = (*itab)(v.typ).typ
			}
		}
		if r != want {
			if !commaOk {
				t.sites[t.depth] = site
				assertFault(rt(from), r, want)
			}
			zero(c, want, add(f, d))
			*at[bool](f, okOff) = false
			return
		}
		if direct {
			*at[ptr](f, d) = v.data
		} else {
			copyTo(c, want, add(f, d), v.data)
		}
		if commaOk {
			*at[bool](f, okOff) = true
		}
	}
}

// box makes an any of a value in memory.
func box(r *rtype, p ptr) any {
	var v any
	e := (*eface)(ptr(&v))
	if reflect.Kind(r.kind) == reflect.Interface {
		i := *(*eface)(p)
		if (*interfaceType)(ptr(r)).methods != nil && len((*interfaceType)(ptr(r)).methods) > 0 && i.typ != nil {
			i.typ = ptr((*itab)(i.typ).typ)
		}
		*e = i
		return v
	}
	e.typ = ptr(r)
	if r.tflag&flagDirectIface != 0 {
		e.data = *(*ptr)(p)
		return v
	}
	n := unsafeNew(r)
	typedmemmove(r, n, p)
	e.data = n
	return v
}

var _ = unsafe.Pointer(nil)
var _ types.Type

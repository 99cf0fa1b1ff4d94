package ssa

import (
	"go/constant"
	"reflect"

	"golang.org/x/tools/go/ssa"
)

// constant makes room for a constant, set once for each new frame.
func (x *fx) constant(c *ssa.Const) uintptr {
	key := constKey{t: c.Type()}
	if c.Value != nil {
		key.s = c.Value.ExactString()
	} else {
		key.s = "zero"
	}
	if o, ok := x.consts[key]; ok {
		return o
	}
	t := x.typ(c.Type())
	o := x.alloc(t)
	x.consts[key] = o
	if c.Value == nil {
		return o // frames begin as zeros
	}
	v := reflect.New(t).Elem()
	setConst(v, c.Value)
	r, cl := rt(t), classOf(t)
	if v.IsZero() && t.Kind() != reflect.Float64 && t.Kind() != reflect.Float32 {
		return o
	}
	src := v.Addr().UnsafePointer()
	x.c.consts = append(x.c.consts, func(_ *task, f ptr) { copyTo(cl, r, add(f, o), src) })
	return o
}

func setConst(v reflect.Value, c constant.Value) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(constant.BoolVal(c))
	case reflect.String:
		if c.Kind() == constant.Int {
			i, _ := constant.Int64Val(c)
			v.SetString(string(rune(i)))
			return
		}
		v.SetString(constant.StringVal(c))
	case reflect.Float32:
		f, _ := constant.Float32Val(constant.ToFloat(c))
		v.SetFloat(float64(f))
	case reflect.Float64:
		f, _ := constant.Float64Val(constant.ToFloat(c))
		v.SetFloat(f)
	case reflect.Complex64, reflect.Complex128:
		c = constant.ToComplex(c)
		re, _ := constant.Float64Val(constant.Real(c))
		im, _ := constant.Float64Val(constant.Imag(c))
		v.SetComplex(complex(re, im))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		i, _ := constant.Int64Val(constant.ToInt(c))
		v.SetInt(i)
	case reflect.UnsafePointer:
		i, _ := constant.Uint64Val(constant.ToInt(c))
		*(*uintptr)(v.Addr().UnsafePointer()) = uintptr(i)
	default:
		i, _ := constant.Uint64Val(constant.ToInt(c))
		v.SetUint(i)
	}
}

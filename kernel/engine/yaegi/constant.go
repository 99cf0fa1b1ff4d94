package yaegi

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"math"
	"strconv"
	"strings"
)

// constant writes a constant of a basic type.
func (e *emitter) constant(v constant.Value, t types.Type, at token.Pos) string {
	b, ok := types.Unalias(t).(*types.Basic)
	if !ok {
		if n, ok := types.Unalias(t).(*types.Named); ok && !e.l.nativeNamed(n) {
			return e.constant(v, t.Underlying(), at)
		}
		return e.typedConst(v, t, at)
	}
	switch b.Kind() {
	case types.Int, types.String, types.UntypedString, types.Bool, types.UntypedBool, types.UntypedInt:
		return e.literal(v, b, at)
	case types.Float64, types.UntypedFloat:
		return e.literal(v, b, at)
	}
	return e.typedConst(v, t, at)
}

// typedConst writes a constant with its type.
func (e *emitter) typedConst(v constant.Value, t types.Type, at token.Pos) string {
	b, ok := t.Underlying().(*types.Basic)
	if !ok {
		e.refuse(at, "const", "this constant")
	}
	if b.Info()&types.IsUntyped != 0 {
		b = types.Default(b).(*types.Basic)
		t = b
	}
	return e.typ(t, at) + "(" + e.literal(v, b, at) + ")"
}

func (e *emitter) literal(v constant.Value, b *types.Basic, at token.Pos) string {
	switch {
	case b.Info()&types.IsString != 0:
		if v.Kind() == constant.String {
			return strconv.Quote(constant.StringVal(v))
		}
	case b.Info()&types.IsBoolean != 0:
		return v.String()
	case b.Info()&types.IsInteger != 0:
		if i := constant.ToInt(v); i.Kind() == constant.Int {
			s := i.ExactString()
			if strings.HasPrefix(s, "-") {
				if s == "-9223372036854775808" {
					return "(-9223372036854775807 - 1)"
				}
				return "(" + s + ")"
			}
			return s
		}
	case b.Info()&types.IsFloat != 0:
		return floatLit(constant.ToFloat(v), b)
	case b.Info()&types.IsComplex != 0:
		c := constant.ToComplex(v)
		f := types.Typ[types.Float64]
		if b.Kind() == types.Complex64 {
			f = types.Typ[types.Float32]
		}
		return fmt.Sprintf("complex(%s(%s), %s(%s))", f.Name(), floatLit(constant.Real(c), f), f.Name(), floatLit(constant.Imag(c), f))
	}
	e.refuse(at, "const", fmt.Sprintf("the constant %s as %s", v, b))
	return ""
}

func floatLit(v constant.Value, b *types.Basic) string {
	var s string
	if b.Kind() == types.Float32 {
		f, _ := constant.Float32Val(v)
		s = strconv.FormatFloat(float64(f), 'g', -1, 32)
	} else {
		f, _ := constant.Float64Val(v)
		if math.IsInf(f, 0) {
			return v.ExactString()
		}
		s = strconv.FormatFloat(f, 'g', -1, 64)
	}
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	if strings.HasPrefix(s, "-") {
		s = "(" + s + ")"
	}
	return s
}

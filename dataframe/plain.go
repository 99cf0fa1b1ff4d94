package dataframe

import (
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strconv"
	"strings"
	"time"

	"stnb.dev/duckconn"
)

var nan = math.NaN()

// value unwraps what user code handed over.
func (sp *Space) value(v any) reflect.Value {
	if v == nil {
		return reflect.Value{}
	}
	if sp != nil && sp.cfg.Reflect != nil {
		return sp.cfg.Reflect.Value(v)
	}
	return reflect.ValueOf(v)
}

// unwrap gets at what an interface value holds.
func (sp *Space) unwrap(v reflect.Value) reflect.Value {
	for v.IsValid() && v.Kind() == reflect.Interface {
		if v.IsNil() {
			return reflect.Value{}
		}
		v = sp.value(v.Interface())
	}
	return v
}

// scalar says whether a struct type is one value, such as a user's Money with a
// String method, rather than a row. Types without exported fields are.
func (sp *Space) scalar(t reflect.Type) bool { return len(sp.fields(t)) == 0 }

func (sp *Space) fields(t reflect.Type) []Field {
	if sp != nil && sp.cfg.Reflect != nil {
		if fs := sp.cfg.Reflect.Fields(t); fs != nil {
			return fs
		}
	}
	var out []Field
	for _, f := range reflect.VisibleFields(t) {
		if !f.IsExported() || f.Anonymous && f.Type.Kind() == reflect.Struct || len(f.Index) > 1 && !f.IsExported() {
			continue
		}
		if tag := f.Tag.Get("json"); tag == "-" {
			continue
		}
		out = append(out, Field{Name: f.Name, Index: f.Index, Tag: f.Tag})
	}
	return out
}

// field is a struct's field as a cell of a table.
func (sp *Space) field(f Field, v reflect.Value) any {
	if f.Text == nil {
		return sp.plain(v)
	}
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return nil
	}
	return f.Text(v)
}

// plain is a Go value as a cell of a table.
func (sp *Space) plain(v reflect.Value) any {
	if v.IsValid() && v.Kind() == reflect.Interface && !v.IsNil() && v.CanInterface() {
		// Before it is unwrapped: the wrapper is what has the methods.
		switch x := v.Interface().(type) {
		case duckconn.Decimal:
			return x
		case error:
			return x.Error()
		case fmt.Stringer:
			if n := exactOf(x); n != nil {
				return n
			}
			if k := v.Elem().Kind(); k != reflect.Slice && k != reflect.Map && !isTime(x) {
				return x.String()
			}
		}
	}
	v = sp.unwrap(v)
	if !v.IsValid() {
		return nil
	}
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil
		}
		if v.CanInterface() {
			if n := exactOf(v.Interface()); n != nil {
				return n
			}
		}
		return sp.plain(v.Elem())
	}
	if v.CanInterface() {
		switch x := v.Interface().(type) {
		case time.Time:
			if x.IsZero() {
				return nil
			}
			// A column has no time zone: keep what the clock on the wall says.
			return time.Date(x.Year(), x.Month(), x.Day(), x.Hour(), x.Minute(), x.Second(), x.Nanosecond(), time.UTC)
		case time.Duration:
			return x.String()
		case []byte:
			return x
		case duckconn.Decimal:
			return x
		case error:
			return x.Error()
		case big.Int:
			return new(big.Int).Set(&x)
		case big.Float:
			return exactOf(&x)
		case fmt.Stringer:
			if n := exactOf(x); n != nil {
				return n
			}
			if v.Kind() != reflect.Slice && v.Kind() != reflect.Map {
				return x.String()
			}
		}
	}
	switch v.Kind() {
	case reflect.Bool:
		return v.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if t := sp.named(v); t != "" {
			return t
		}
		return v.Int()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		if u := v.Uint(); u > math.MaxInt64 {
			return new(big.Int).SetUint64(u)
		}
		return int64(v.Uint())
	case reflect.Float32:
		f, _ := strconv.ParseFloat(strconv.FormatFloat(v.Float(), 'g', -1, 32), 64)
		return f
	case reflect.Float64:
		return v.Float()
	case reflect.String:
		return strings.ToValidUTF8(v.String(), "\uFFFD")
	case reflect.Slice, reflect.Array:
		out := make([]any, v.Len())
		for i := range out {
			out[i] = sp.plain(v.Index(i))
		}
		return out
	case reflect.Map:
		m := map[string]any{}
		for _, k := range v.MapKeys() {
			m[duckconn.Text(sp.plain(k))] = sp.plain(v.MapIndex(k))
		}
		return m
	case reflect.Struct:
		s := duckconn.Struct{}
		for _, f := range sp.fields(v.Type()) {
			if x, err := v.FieldByIndexErr(f.Index); err == nil {
				s = append(s, duckconn.Field{Name: f.Name, Value: sp.field(f, x)})
			}
		}
		return s
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return v.Type().String()
	}
	return fmt.Sprint(v)
}

// exactOf is a number that Go has no kind for, nil when it is none: whole numbers of
// any size, and the decimals of a library, which are types of that name.
func exactOf(v any) any {
	switch x := v.(type) {
	case *big.Int:
		return new(big.Int).Set(x)
	case *big.Float:
		return duckconn.Decimal(x.Text('f', -1))
	case *big.Rat:
		if digits, exact := x.FloatPrec(); exact {
			return duckconn.Decimal(x.FloatString(digits))
		}
		f, _ := x.Float64()
		return f
	case fmt.Stringer:
		if t := reflect.TypeOf(v); t.Name() == "Decimal" || t.Kind() == reflect.Pointer && t.Elem().Name() == "Decimal" {
			if text := x.String(); exactNumber.MatchString(text) {
				return duckconn.Decimal(text)
			}
		}
	}
	return nil
}

func isTime(x any) bool { _, ok := x.(time.Time); return ok }

// named is the text of an integer whose user type says it by a String method
// that only the host can see.
func (sp *Space) named(v reflect.Value) string {
	if sp == nil || sp.cfg.Reflect == nil || !v.CanInterface() || v.Type().PkgPath() == "" {
		return ""
	}
	t := sp.cfg.Reflect.Label(v.Interface())
	if _, err := strconv.ParseInt(t, 10, 64); err == nil {
		return ""
	}
	return t
}

package display

import (
	"go/types"
	"reflect"
	"unsafe"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/wire"
)

// maxPreview is how much of a variable is told in a list of them.
const maxPreview = 120

// Describe describes a variable for a list of them: type, kind, size, and the
// beginning of its value. With moving, values that hold maps are not read: other
// goroutines may write to them, which Go does not survive.
func Describe(v engine.Value, env Env, moving bool) wire.Var {
	out := wire.Var{Kind: "value", Type: TypeName(v)}
	if moving && holdsMap(v) {
		out.Preview = "(goroutines may still change it)"
		return out
	}
	out.Preview = Text(v, env, maxPreview)
	d := newPrinter(env).dynamic(v)
	if !d.V.IsValid() {
		return out
	}
	switch d.V.Kind() {
	case reflect.Slice, reflect.Map, reflect.Array, reflect.String, reflect.Chan:
		out.Len = int64(d.V.Len())
	case reflect.Func:
		out.Kind = "func"
		return out
	}
	out.Size = Size(d.V)
	return out
}

// holdsMap says whether a map can be reached from a value, by its type. What hides
// behind an interface may be anything.
func holdsMap(v engine.Value) bool {
	if !v.V.IsValid() {
		return false
	}
	if v.Type != nil {
		return mapIn(v.Type, map[types.Type]bool{})
	}
	return mapInNative(v.V.Type(), map[reflect.Type]bool{})
}

func mapIn(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch u := t.Underlying().(type) {
	case *types.Map, *types.Interface:
		return true
	case *types.Pointer:
		return mapIn(u.Elem(), seen)
	case *types.Slice:
		return mapIn(u.Elem(), seen)
	case *types.Array:
		return mapIn(u.Elem(), seen)
	case *types.Struct:
		for f := range u.Fields() {
			if mapIn(f.Type(), seen) {
				return true
			}
		}
	}
	return false
}

func mapInNative(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Map, reflect.Interface:
		return true
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return mapInNative(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if mapInNative(t.Field(i).Type, seen) {
				return true
			}
		}
	}
	return false
}

// maxSized bounds how many parts of a value are measured; the rest is taken to be
// like them.
const maxSized = 20_000

// Size is about how many bytes of memory a value takes, with all it refers to.
// What two values share counts in both.
func Size(v reflect.Value) int64 {
	if !v.IsValid() {
		return 0
	}
	s := sizer{seen: map[unsafe.Pointer]bool{}, left: maxSized}
	return int64(v.Type().Size()) + s.behind(v)
}

type sizer struct {
	seen map[unsafe.Pointer]bool
	left int
}

// behind is what a value refers to, without the value itself.
func (s *sizer) behind(v reflect.Value) int64 {
	if !pointers(v.Type()) {
		return 0
	}
	s.left--
	switch v.Kind() {
	case reflect.String:
		return int64(v.Len())
	case reflect.Pointer:
		if v.IsNil() || !s.first(v.UnsafePointer()) {
			return 0
		}
		return int64(v.Type().Elem().Size()) + s.behind(v.Elem())
	case reflect.Interface:
		if v.IsNil() {
			return 0
		}
		return int64(v.Elem().Type().Size()) + s.behind(v.Elem())
	case reflect.Slice:
		if v.Len() > 0 && !s.first(v.UnsafePointer()) {
			return 0
		}
		return int64(v.Cap())*int64(v.Type().Elem().Size()) + s.each(v)
	case reflect.Array:
		return s.each(v)
	case reflect.Map:
		if v.IsNil() || !s.first(v.UnsafePointer()) {
			return 0
		}
		one := int64(v.Type().Key().Size() + v.Type().Elem().Size() + 1)
		total, done := one*int64(v.Len()), int64(0)
		var parts int64
		for it := v.MapRange(); it.Next() && s.left > 0; done++ {
			parts += s.behind(it.Key()) + s.behind(it.Value())
		}
		return total + like(parts, done, int64(v.Len()))
	case reflect.Struct:
		var total int64
		for i := range v.NumField() {
			total += s.behind(v.Field(i))
		}
		return total
	}
	return 0
}

// each is what the elements of a slice or array refer to.
func (s *sizer) each(v reflect.Value) int64 {
	if !pointers(v.Type().Elem()) {
		return 0
	}
	var parts, done int64
	for i := 0; i < v.Len() && s.left > 0; i++ {
		parts += s.behind(v.Index(i))
		done++
	}
	return like(parts, done, int64(v.Len()))
}

// like is what all parts make when done of them make so much.
func like(parts, done, all int64) int64 {
	if done == 0 || done == all {
		return parts
	}
	return int64(float64(parts) / float64(done) * float64(all))
}

// first says whether memory is met for the first time.
func (s *sizer) first(p unsafe.Pointer) bool {
	if s.seen[p] {
		return false
	}
	s.seen[p] = true
	return true
}

// pointers says whether values of a type refer to other memory.
func pointers(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Array:
		return t.Len() > 0 && pointers(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if pointers(t.Field(i).Type) {
				return true
			}
		}
		return false
	case reflect.String, reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Map:
		return true
	}
	return false
}

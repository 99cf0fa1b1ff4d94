package core

import (
	"reflect"
	"sync"
	"time"
	"unsafe"

	"stnb.dev/dataframe"
)

// deepCopy copies a value with all it holds, also in fields that are not exported.
// What is shared within it stays shared within the copy. Frames go through frame;
// funcs, channels and locks are not copied.
func deepCopy(v any, frame func(*dataframe.Frame) *dataframe.Frame) any {
	if v == nil {
		return nil
	}
	c := copier{seen: map[unsafe.Pointer]reflect.Value{}, frame: frame}
	return c.copy(reflect.ValueOf(v)).Interface()
}

type copier struct {
	seen  map[unsafe.Pointer]reflect.Value
	frame func(*dataframe.Frame) *dataframe.Frame
}

var (
	frameType = reflect.TypeFor[*dataframe.Frame]()
	timeType  = reflect.TypeFor[time.Time]()
	mutexType = reflect.TypeFor[sync.Mutex]()
	rwType    = reflect.TypeFor[sync.RWMutex]()
)

// flat says whether values of the type hold nothing that could be shared.
func flat(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8,
		reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr, reflect.Float32, reflect.Float64,
		reflect.Complex64, reflect.Complex128, reflect.String, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return true
	case reflect.Array:
		return flat(t.Elem())
	case reflect.Struct:
		if t == timeType {
			return true
		}
		for i := range t.NumField() {
			if !flat(t.Field(i).Type) {
				return false
			}
		}
		return true
	}
	return false
}

func (c *copier) copy(v reflect.Value) reflect.Value {
	t := v.Type()
	if t == frameType {
		if v.IsNil() {
			return v
		}
		return reflect.ValueOf(c.frame(v.Interface().(*dataframe.Frame)))
	}
	if flat(t) {
		return v
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		if old, ok := c.seen[v.UnsafePointer()]; ok && old.Type() == t {
			return old
		}
		p := reflect.New(t.Elem())
		if p.Type() != t {
			p = p.Convert(t)
		}
		c.seen[v.UnsafePointer()] = p
		c.fill(p.Elem(), v.Elem())
		return p
	case reflect.Interface:
		if v.IsNil() {
			return v
		}
		out := reflect.New(t).Elem()
		out.Set(c.copy(v.Elem()))
		return out
	case reflect.Slice:
		if v.IsNil() {
			return v
		}
		out := reflect.MakeSlice(t, v.Len(), v.Len())
		if flat(t.Elem()) {
			reflect.Copy(out, v)
			return out
		}
		for i := range v.Len() {
			c.fill(out.Index(i), v.Index(i))
		}
		return out
	case reflect.Map:
		if v.IsNil() {
			return v
		}
		if old, ok := c.seen[v.UnsafePointer()]; ok && old.Type() == t {
			return old
		}
		out := reflect.MakeMapWithSize(t, v.Len())
		c.seen[v.UnsafePointer()] = out
		for it := v.MapRange(); it.Next(); {
			out.SetMapIndex(c.copy(it.Key()), c.copy(it.Value()))
		}
		return out
	}
	out := reflect.New(t).Elem()
	c.fill(out, v)
	return out
}

// fill copies v into to, which is addressable.
func (c *copier) fill(to, v reflect.Value) {
	t := v.Type()
	switch {
	case t == mutexType || t == rwType:
		return // a copy starts unlocked
	case v.Kind() == reflect.Struct && !flat(t):
		if !v.CanAddr() { // fields that are not exported can be read of an address only
			held := reflect.New(t).Elem()
			held.Set(v)
			v = held
		}
		for i := range t.NumField() {
			from := v.Field(i)
			from = reflect.NewAt(from.Type(), unsafe.Pointer(from.UnsafeAddr())).Elem()
			dst := to.Field(i)
			dst = reflect.NewAt(dst.Type(), unsafe.Pointer(dst.UnsafeAddr())).Elem()
			c.fill(dst, from)
		}
	case v.Kind() == reflect.Array && !flat(t):
		for i := range v.Len() {
			c.fill(to.Index(i), v.Index(i))
		}
	default:
		to.Set(c.copy(v))
	}
}

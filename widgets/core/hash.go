package core

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"math"
	"reflect"
	"sort"
	"time"
	"unsafe"

	"stnb.dev/dataframe"
)

// hash tells keys of a cache apart: all of the key counts, never a sample of it.
func (s *Session) hash(key any) (string, error) {
	h := &hasher{h: sha256.New(), s: s, on: map[unsafe.Pointer]bool{}}
	h.any(key)
	if h.err != nil {
		return "", h.err
	}
	return hex.EncodeToString(h.h.Sum(nil)), nil
}

type hasher struct {
	h   hash.Hash
	s   *Session
	on  map[unsafe.Pointer]bool
	err error
}

func (h *hasher) tag(t byte, n uint64) {
	var b [9]byte
	b[0] = t
	binary.LittleEndian.PutUint64(b[1:], n)
	h.h.Write(b[:])
}

func (h *hasher) text(s string) {
	h.tag('s', uint64(len(s)))
	h.h.Write([]byte(s))
}

func (h *hasher) any(v any) {
	switch x := v.(type) {
	case nil:
		h.tag('n', 0)
		return
	case *dataframe.Frame:
		h.tag('f', 0)
		x.Identity(h.h)
		return
	}
	r := h.s.Host.Value(v)
	if r.IsValid() {
		h.text(r.Type().String())
	}
	h.value(r)
}

func (h *hasher) value(v reflect.Value) {
	if h.err != nil {
		return
	}
	if !v.IsValid() {
		h.tag('n', 0)
		return
	}
	t := v.Type()
	if t.Name() != "" && t.PkgPath() != "" {
		h.text(t.PkgPath() + "." + t.Name())
	}
	if v.CanInterface() {
		switch x := v.Interface().(type) {
		case *dataframe.Frame:
			h.any(x)
			return
		case time.Time:
			_, offset := x.Zone()
			h.tag('t', uint64(x.Unix())) // nanoseconds since 1970 do not hold every year
			h.tag('t', uint64(x.Nanosecond()))
			h.tag('t', uint64(offset))
			h.text(x.Location().String())
			return
		}
	}
	switch v.Kind() {
	case reflect.Bool:
		if v.Bool() {
			h.tag('b', 1)
		} else {
			h.tag('b', 0)
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		h.tag(byte(v.Kind()), uint64(v.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		h.tag(byte(v.Kind()), v.Uint())
	case reflect.Float32, reflect.Float64:
		h.tag(byte(v.Kind()), math.Float64bits(v.Float()))
	case reflect.Complex64, reflect.Complex128:
		h.tag('c', math.Float64bits(real(v.Complex())))
		h.tag('c', math.Float64bits(imag(v.Complex())))
	case reflect.String:
		h.text(v.String())
	case reflect.Slice, reflect.Array:
		h.tag('[', uint64(v.Len()))
		h.text(t.Elem().String())
		if v.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8 && v.CanInterface() {
			h.h.Write(v.Bytes())
			return
		}
		if v.Kind() == reflect.Slice && v.Len() > 0 && numeric(t.Elem().Kind()) {
			// Numbers side by side are their bytes.
			h.h.Write(unsafe.Slice((*byte)(v.UnsafePointer()), v.Len()*int(t.Elem().Size())))
			return
		}
		for i := range v.Len() {
			h.value(v.Index(i))
		}
	case reflect.Map:
		h.tag('m', uint64(v.Len()))
		var sums []string
		for it := v.MapRange(); it.Next(); {
			inner := &hasher{h: sha256.New(), s: h.s, on: h.on}
			inner.value(it.Key())
			inner.value(it.Value())
			if inner.err != nil {
				h.err = inner.err
				return
			}
			sums = append(sums, string(inner.h.Sum(nil)))
		}
		sort.Strings(sums)
		for _, s := range sums {
			h.h.Write([]byte(s))
		}
	case reflect.Struct:
		h.tag('{', uint64(v.NumField()))
		for i := range v.NumField() {
			h.text(t.Field(i).Name)
			h.value(v.Field(i))
		}
	case reflect.Interface:
		if v.IsNil() {
			h.tag('n', 0)
			return
		}
		if v.CanInterface() {
			h.any(v.Interface())
			return
		}
		h.value(v.Elem())
	case reflect.Pointer:
		if v.IsNil() {
			h.tag('n', 0)
			return
		}
		p := v.UnsafePointer()
		if h.on[p] {
			h.tag('@', 0)
			return
		}
		h.on[p] = true
		h.tag('*', 0)
		h.value(v.Elem())
		delete(h.on, p)
	default:
		h.err = fmt.Errorf("a %s has no content to compare", t)
	}
}

func numeric(k reflect.Kind) bool {
	return k >= reflect.Int && k <= reflect.Float64 && k != reflect.Uintptr
}

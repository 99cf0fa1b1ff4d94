package dataframe

import (
	"fmt"
	"reflect"
	"sort"
	"strconv"
	"strings"

	"stnb.dev/duckconn"
)

// Named is one column for Columns.
type Named struct {
	Name   string
	Values any // a slice
}

// Col names a slice as a column: dataframe.Columns(dataframe.Col("x", xs), ...).
func Col(name string, values any) Named { return Named{name, values} }

// Columns builds a frame of slices of equal length.
func (sp *Space) Columns(cols ...Named) *Frame {
	l := &local{rows: -1}
	for _, c := range cols {
		v := sp.value(c.Values)
		if v.Kind() != reflect.Slice && v.Kind() != reflect.Array {
			return failed(sp, fmt.Errorf("Columns: column %q is a %T, not a slice", c.Name, c.Values))
		}
		if l.rows >= 0 && l.rows != v.Len() {
			return failed(sp, fmt.Errorf("Columns: column %q has %d values, the ones before have %d", c.Name, v.Len(), l.rows))
		}
		l.rows = v.Len()
		vals := make([]any, v.Len())
		for i := range vals {
			vals[i] = sp.plain(v.Index(i))
		}
		l.add(c.Name, v.Type().Elem(), vals)
	}
	l.rows = max(l.rows, 0)
	return l.checked(sp)
}

// From makes a frame of Go data: a slice of structs (their exported fields), of
// maps from string (the union of their keys), of slices (columns "0", "1", ...)
// or of plain values (column "value"); a map from string to slices of equal
// length (its columns, sorted), or another map (columns "key" and "value",
// sorted); a struct; or a frame itself.
func (sp *Space) From(data any) *Frame {
	if f, ok := data.(*Frame); ok {
		if f == nil {
			return failed(sp, fmt.Errorf("the frame is nil"))
		}
		return f
	}
	v := sp.value(data)
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	if !v.IsValid() {
		return failed(sp, fmt.Errorf("there is no data: it is nil"))
	}
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		return sp.fromSlice(v)
	case reflect.Map:
		return sp.fromMap(v)
	case reflect.Struct:
		if f, ok := v.Interface().(Frame); ok {
			return &f
		}
		s := reflect.MakeSlice(reflect.SliceOf(v.Type()), 0, 1)
		return sp.fromSlice(reflect.Append(s, v))
	}
	return failed(sp, fmt.Errorf("a %T is no table: give a slice of structs or maps, a map of slices, or a frame", data))
}

func (sp *Space) fromSlice(v reflect.Value) *Frame {
	elem := v.Type().Elem()
	for elem.Kind() == reflect.Pointer {
		elem = elem.Elem()
	}
	n := v.Len()
	l := &local{rows: n}
	at := func(i int) reflect.Value {
		e := sp.unwrap(v.Index(i))
		for e.Kind() == reflect.Pointer && !e.IsNil() {
			e = e.Elem()
		}
		return e
	}
	kind := elem.Kind()
	if kind == reflect.Interface && n > 0 { // []any: by what is in it
		if e := at(0); e.IsValid() {
			kind = e.Kind()
			elem = e.Type()
			for i := 1; i < n; i++ {
				if o := at(i); !o.IsValid() || o.Kind() != kind {
					kind = reflect.Interface
					break
				}
			}
		}
	}
	switch {
	case kind == reflect.Struct && elem != timeType && !sp.scalar(elem):
		for _, f := range sp.fields(elem) {
			vals := make([]any, n)
			var ft reflect.Type
			for i := range n {
				e := at(i)
				if e.Kind() != reflect.Struct {
					continue
				}
				x, err := e.FieldByIndexErr(f.Index)
				if err != nil {
					continue
				}
				ft = x.Type()
				vals[i] = sp.field(f, x)
			}
			if f.Text != nil {
				ft = reflect.TypeFor[string]()
			} else if ft == nil {
				ft = elem.FieldByIndex(f.Index).Type
			}
			l.add(columnName(f), ft, vals)
		}
	case kind == reflect.Map && elem.Key().Kind() == reflect.String:
		var order []string
		index := map[string]int{}
		var vals [][]any
		for i := range n {
			e := at(i)
			if e.Kind() != reflect.Map {
				continue
			}
			keys := e.MapKeys()
			sort.Slice(keys, func(a, b int) bool { return keys[a].String() < keys[b].String() })
			for _, k := range keys {
				j, ok := index[k.String()]
				if !ok {
					j = len(order)
					index[k.String()] = j
					order = append(order, k.String())
					vals = append(vals, make([]any, n))
				}
				vals[j][i] = sp.plain(e.MapIndex(k))
			}
		}
		for j, name := range order {
			l.add(name, elem.Elem(), vals[j])
		}
	case (kind == reflect.Slice || kind == reflect.Array) && elem.Elem().Kind() != reflect.Uint8:
		width := 0
		for i := range n {
			if e := at(i); e.IsValid() && e.Kind() == kind {
				width = max(width, e.Len())
			}
		}
		for j := range width {
			vals := make([]any, n)
			for i := range n {
				if e := at(i); e.IsValid() && e.Kind() == kind && j < e.Len() {
					vals[i] = sp.plain(e.Index(j))
				}
			}
			l.add(strconv.Itoa(j), elem.Elem(), vals)
		}
	default:
		vals := make([]any, n)
		for i := range n {
			vals[i] = sp.plain(v.Index(i))
		}
		l.add("value", v.Type().Elem(), vals)
	}
	return l.checked(sp)
}

func columnName(f Field) string {
	for _, key := range []string{"db", "json"} {
		if tag, ok := f.Tag.Lookup(key); ok {
			tag, _, _ = strings.Cut(tag, ",")
			if tag != "" && tag != "-" {
				return tag
			}
		}
	}
	return f.Name
}

func (sp *Space) fromMap(v reflect.Value) *Frame {
	keys := v.MapKeys()
	sort.Slice(keys, func(i, j int) bool { return less(sp.plain(keys[i]), sp.plain(keys[j])) })
	l := &local{}
	columns := v.Type().Key().Kind() == reflect.String && len(keys) > 0
	for _, k := range keys {
		e := sp.unwrap(v.MapIndex(k))
		if e.Kind() != reflect.Slice && e.Kind() != reflect.Array || e.Type().Elem().Kind() == reflect.Uint8 {
			columns = false
		}
	}
	if columns {
		l.rows = sp.unwrap(v.MapIndex(keys[0])).Len()
		for _, k := range keys {
			e := sp.unwrap(v.MapIndex(k))
			if e.Len() != l.rows {
				return failed(sp, fmt.Errorf("the columns are of different length: %q has %d values, %q has %d", keys[0].String(), l.rows, k.String(), e.Len()))
			}
			vals := make([]any, l.rows)
			for i := range vals {
				vals[i] = sp.plain(e.Index(i))
			}
			l.add(k.String(), e.Type().Elem(), vals)
		}
		return l.checked(sp)
	}
	l.rows = len(keys)
	ks, vs := make([]any, len(keys)), make([]any, len(keys))
	for i, k := range keys {
		ks[i], vs[i] = sp.plain(k), sp.plain(v.MapIndex(k))
	}
	l.add("key", v.Type().Key(), ks)
	l.add("value", v.Type().Elem(), vs)
	return l.checked(sp)
}

func less(a, b any) bool {
	x, ok1 := Number(a)
	y, ok2 := Number(b)
	if ok1 && ok2 {
		return x < y
	}
	return duckconn.Text(a) < duckconn.Text(b)
}

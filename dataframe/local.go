package dataframe

import (
	"context"
	"fmt"
	"hash/maphash"
	"math"
	"math/big"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"time"

	"stnb.dev/duckconn"
)

var nan = math.NaN()

// local is Go data as a table of plain values. Its name comes from its content,
// so the same data is the same table.
type local struct {
	name string
	cols []column
	rows int

	// Of a file that all sessions share: the query that reads it.
	file   string
	shared *Shared
	// A snapshot on the screen, which is a table already.
	pinned bool
}

type column struct {
	name   string
	typ    string // DuckDB's
	values []any
}

func (l *local) columns() []Column {
	out := make([]Column, len(l.cols))
	for i, c := range l.cols {
		out[i] = Column{Name: c.name, Type: c.typ, Kind: Kind(c.typ)}
	}
	return out
}

// create makes the table.
func (l *local) create(ctx context.Context, c *duckconn.Conn, schema string) error {
	defs := make([]string, len(l.cols))
	for i, col := range l.cols {
		defs[i] = duckconn.Quote(col.name) + " " + col.typ
	}
	if len(defs) == 0 {
		defs = []string{`"empty" INTEGER`}
	}
	if _, err := c.Exec(ctx, "CREATE OR REPLACE TABLE "+duckconn.Quote(schema)+"."+duckconn.Quote(l.name)+" ("+strings.Join(defs, ", ")+")"); err != nil {
		return err
	}
	if l.rows == 0 || len(l.cols) == 0 {
		return nil
	}
	i, row := 0, make([]any, len(l.cols))
	return c.Append(ctx, schema, l.name, func() []any {
		if i == l.rows {
			return nil
		}
		for j := range l.cols {
			row[j] = bound(l.cols[j].values[i])
		}
		i++
		return row
	})
}

// bound is a plain value as the appender takes it.
func bound(v any) any {
	switch x := v.(type) {
	case time.Time:
		return x.UTC()
	case duckconn.Decimal, duckconn.Clock, duckconn.Interval, duckconn.Struct, map[string]any:
		return duckconn.Text(x)
	}
	return v
}

var seed = maphash.MakeSeed()

// seal computes the name: two hashes of all that the table holds.
func (l *local) seal() *local {
	var h maphash.Hash
	h.SetSeed(seed)
	for _, c := range l.cols {
		h.WriteString(c.name)
		h.WriteByte(0)
		h.WriteString(c.typ)
		h.WriteByte(0)
		for _, v := range c.values {
			hashValue(&h, v)
		}
	}
	a := h.Sum64()
	h.WriteByte(1)
	l.name = fmt.Sprintf("f_%016x%016x", a, h.Sum64()^uint64(l.rows))
	return l
}

func hashText(s string) uint64 { return maphash.String(seed, s) }

func hashValue(h *maphash.Hash, v any) {
	var b [9]byte
	put := func(tag byte, n uint64) {
		b[0] = tag
		for i := range 8 {
			b[i+1] = byte(n >> (8 * i))
		}
		h.Write(b[:])
	}
	switch x := v.(type) {
	case nil:
		h.WriteByte(1)
	case bool:
		if x {
			h.WriteByte(2)
		} else {
			h.WriteByte(3)
		}
	case int64:
		put(4, uint64(x))
	case float64:
		put(5, math.Float64bits(x))
	case string:
		put(6, uint64(len(x)))
		h.WriteString(x)
	case time.Time:
		put(7, uint64(x.UnixNano()))
	case []byte:
		put(8, uint64(len(x)))
		h.Write(x)
	case []any:
		put(9, uint64(len(x)))
		for _, e := range x {
			hashValue(h, e)
		}
	default:
		t := fmt.Sprintf("%T %v", v, v)
		put(10, uint64(len(t)))
		h.WriteString(t)
	}
}

func (sp *Space) local(l *local) *Frame {
	l.seal()
	return &Frame{sp: sp, own: l, locals: []*local{l}, pure: true, cols: &columnsOnce{}}
}

// localOf makes Go data of a result.
func localOf(cols []duckconn.Column, rows [][]any) *local {
	l := &local{rows: len(rows)}
	for i, c := range cols {
		vals := make([]any, len(rows))
		for j := range rows {
			vals[j] = rows[j][i]
		}
		typ, vals := settle(vals)
		if len(vals) == 0 {
			typ = simpleType(c.Type)
		}
		l.cols = append(l.cols, column{c.Name, typ, vals})
	}
	return l
}

func simpleType(t string) string {
	switch Kind(t) {
	case "int":
		return "BIGINT"
	case "float", "decimal":
		return "DOUBLE"
	case "bool":
		return "BOOLEAN"
	case "date":
		return "DATE"
	case "datetime":
		return "TIMESTAMP"
	}
	return "VARCHAR"
}

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

// checked refuses what DuckDB could not hold.
func (l *local) checked(sp *Space) *Frame {
	seen := map[string]string{}
	for i, c := range l.cols {
		if c.name == "" {
			l.cols[i].name = fmt.Sprintf("column %d", i+1)
			c.name = l.cols[i].name
		}
		if other, ok := seen[strings.ToLower(c.name)]; ok {
			return failed(sp, fmt.Errorf("two columns have the name %q and %q: DuckDB takes them for one", other, c.name))
		}
		seen[strings.ToLower(c.name)] = c.name
	}
	return sp.local(l)
}

func (l *local) add(name string, t reflect.Type, vals []any) {
	typ, vals := settle(vals)
	if typ == "" {
		typ = typeOf(t)
	}
	l.cols = append(l.cols, column{name, typ, vals})
}

// typeOf is the DuckDB type of a Go type, for columns without a value.
func typeOf(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == timeType {
		return "TIMESTAMP"
	}
	switch t.Kind() {
	case reflect.Bool:
		return "BOOLEAN"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "BIGINT"
	case reflect.Float32, reflect.Float64:
		return "DOUBLE"
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return "BLOB"
		}
		return typeOf(t.Elem()) + "[]"
	}
	return "VARCHAR"
}

// settle finds the one type that all values of a column share, and makes them of
// it: whole and broken numbers become broken ones, what cannot be shared becomes
// text. "" is returned when all are null.
func settle(vals []any) (string, []any) {
	typ := ""
	for _, v := range vals {
		t := ""
		switch x := v.(type) {
		case nil:
			continue
		case bool:
			t = "BOOLEAN"
		case int64:
			t = "BIGINT"
		case *big.Int:
			t = "HUGEINT"
		case float64:
			t = "DOUBLE"
		case duckconn.Decimal:
			t = "DOUBLE"
		case time.Time:
			t = "TIMESTAMP"
		case []byte:
			t = "BLOB"
		case []any:
			inner, _ := settle(x)
			if inner == "" {
				inner = "VARCHAR"
			}
			t = inner + "[]"
		default:
			t = "VARCHAR"
		}
		switch {
		case typ == "" || typ == t:
			typ = t
		case numeric(typ) && numeric(t):
			if typ == "DOUBLE" || t == "DOUBLE" {
				typ = "DOUBLE"
			} else {
				typ = "HUGEINT"
			}
		case strings.HasSuffix(typ, "[]") && strings.HasSuffix(t, "[]"):
			a, b := strings.TrimSuffix(typ, "[]"), strings.TrimSuffix(t, "[]")
			if numeric(a) && numeric(b) {
				typ = "DOUBLE[]"
			} else {
				typ = "VARCHAR[]"
			}
		default:
			typ = "VARCHAR"
		}
	}
	for i, v := range vals {
		if v != nil {
			vals[i] = cast(v, typ)
		}
	}
	return typ, vals
}

func cast(v any, typ string) any {
	switch typ {
	case "DOUBLE":
		x, _ := Number(v)
		return x
	case "HUGEINT":
		if n, ok := v.(int64); ok {
			return big.NewInt(n)
		}
	case "VARCHAR":
		return duckconn.Text(v)
	}
	if list, ok := v.([]any); ok {
		inner := strings.TrimSuffix(typ, "[]")
		for i := range list {
			if list[i] != nil {
				list[i] = cast(list[i], inner)
			}
		}
	}
	return v
}

func numeric(t string) bool { return t == "BIGINT" || t == "DOUBLE" || t == "HUGEINT" }

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
		case fmt.Stringer:
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

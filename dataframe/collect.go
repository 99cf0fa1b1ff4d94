package dataframe

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"strings"
	"time"

	"stnb.dev/duckconn"
)

// Columns returns the columns: names and types. It plans the query without
// running it.
func (f *Frame) Columns() ([]Column, error) {
	if f == nil {
		return nil, errors.New("the frame is nil")
	}
	if f.err != nil {
		return nil, f.err
	}
	if f.own != nil {
		return f.own.columns(), nil
	}
	f.cols.mu.Lock()
	defer f.cols.mu.Unlock()
	if f.cols.done {
		return f.cols.cols, f.cols.err
	}
	ctx := f.sp.cfg.Context()
	key := ""
	if f.remote == nil && (f.pure || len(f.files) == 0) { // a file may be another one by now
		key = f.planKey()
		f.sp.mu.Lock()
		p, ok := f.sp.known[key]
		f.sp.mu.Unlock()
		if ok {
			f.cols.done, f.cols.cols = true, p.cols
			return p.cols, nil
		}
	}
	cols, err := f.run(ctx, "SELECT * FROM ("+f.query()+") AS t LIMIT 0", nil)
	if err != nil && ctx.Err() != nil {
		return nil, err // not the frame's fault: ask again
	}
	f.cols.done, f.cols.err = true, err
	f.cols.cols = describe(cols)
	if err == nil && key != "" {
		f.sp.mu.Lock()
		f.sp.known[key] = planned{f.cols.cols, f.pure}
		f.sp.mu.Unlock()
	}
	return f.cols.cols, err
}

// Known returns the columns when they are known already; Columns may have to ask
// the database.
func (f *Frame) Known() (cols []Column, known bool) {
	switch {
	case f == nil || f.err != nil:
		return nil, false
	case f.own != nil:
		return f.own.columns(), true
	}
	f.cols.mu.Lock()
	defer f.cols.mu.Unlock()
	return f.cols.cols, f.cols.done && f.cols.err == nil
}

func describe(cols []duckconn.Column) []Column {
	out := make([]Column, len(cols))
	for i, c := range cols {
		out[i] = Column{Name: c.Name, Type: c.Type, Kind: Kind(c.Type)}
	}
	return out
}

// Kind is the family of a DuckDB type, as Column names them.
func Kind(typ string) string {
	base, _, _ := strings.Cut(typ, "(")
	if strings.HasSuffix(typ, "]") {
		return "list"
	}
	switch strings.ToUpper(base) {
	case "TINYINT", "SMALLINT", "INTEGER", "INT", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "INT4", "INT8", "INT2", "MEDIUMINT":
		return "int"
	case "UBIGINT", "HUGEINT", "UHUGEINT", "DECIMAL", "NUMERIC", "BIGNUM":
		return "decimal"
	case "FLOAT", "DOUBLE", "REAL", "FLOAT4", "FLOAT8":
		return "float"
	case "VARCHAR", "UUID", "ENUM", "TEXT", "CHAR", "BPCHAR", "JSON", "BIT", "NVARCHAR":
		return "text"
	case "BOOLEAN", "BOOL":
		return "bool"
	case "DATE":
		return "date"
	case "TIME", "TIME WITH TIME ZONE", "TIMETZ":
		return "time"
	case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ", "DATETIME":
		return "datetime"
	case "STRUCT", "MAP", "UNION":
		return "struct"
	case "BLOB", "BYTEA":
		return "blob"
	}
	return "other"
}

// run runs a query over the frame's parameters.
func (f *Frame) run(ctx context.Context, query string, each func(row []any) error) ([]duckconn.Column, error) {
	if f.remote != nil {
		return f.runRemote(ctx, query, each)
	}
	if err := f.sp.load(ctx, f.locals); err != nil {
		return nil, f.sp.ended(err)
	}
	c, err := f.sp.Conn(ctx)
	if err != nil {
		return nil, f.sp.ended(err)
	}
	cols, err := c.Query(ctx, query, f.args, each)
	return cols, f.sp.ended(err)
}

// runRemote collects before it calls each: a connection that is lost on the way
// starts over.
func (f *Frame) runRemote(ctx context.Context, query string, each func(row []any) error) ([]duckconn.Column, error) {
	var rows [][]any
	cols, err := f.remote.Query(ctx, query, f.args, func(row []any) error {
		if row == nil {
			rows = nil
			return nil
		}
		rows = append(rows, append([]any(nil), row...))
		return nil
	})
	if err != nil {
		return nil, f.sp.ended(err)
	}
	for _, row := range rows {
		if each == nil {
			break
		}
		if err := each(row); err != nil {
			return nil, err
		}
	}
	return cols, nil
}

// Each calls fn for every row; the row is valid during the call. Values are nil,
// bool, int64, float64, string, []byte, time.Time and, for what these cannot
// hold, the types of package duckconn.
func (f *Frame) Each(fn func(row []any) error) error {
	if f == nil {
		return errors.New("the frame is nil")
	}
	if f.err != nil {
		return f.err
	}
	if f.own != nil {
		row := make([]any, len(f.own.cols))
		for i := range f.own.rows {
			for j := range row {
				row[j] = f.own.cols[j].values[i]
			}
			if err := fn(row); err != nil {
				return err
			}
		}
		return nil
	}
	_, err := f.run(f.sp.cfg.Context(), f.query(), fn)
	return err
}

// Count returns the number of rows.
func (f *Frame) Count() (int64, error) {
	if f == nil {
		return 0, errors.New("the frame is nil")
	}
	if f.err != nil {
		return 0, f.err
	}
	if f.own != nil {
		return int64(f.own.rows), nil
	}
	var n int64
	_, err := f.run(f.sp.cfg.Context(), "SELECT count(*) FROM ("+f.query()+") AS t", func(row []any) error {
		n, _ = row[0].(int64)
		return nil
	})
	return n, err
}

// Rows collects all rows as maps from column to value.
func (f *Frame) Rows() ([]map[string]any, error) {
	cols, err := f.Columns()
	if err != nil {
		return nil, err
	}
	out := []map[string]any{}
	err = f.Each(func(row []any) error {
		m := make(map[string]any, len(cols))
		for i, c := range cols {
			m[c.Name] = row[i]
		}
		out = append(out, m)
		return nil
	})
	return out, err
}

// Value returns the first column of the first row, nil when there is no row.
func (f *Frame) Value() (any, error) {
	var v any
	err := f.Each(func(row []any) error {
		if len(row) > 0 {
			v = row[0]
		}
		return errEnough
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return v, err
}

// Int is Value as an int; 0 for null.
func (f *Frame) Int() (int, error) {
	v, err := f.Value()
	if err != nil {
		return 0, err
	}
	x, ok := Number(v)
	if !ok && v != nil {
		return 0, fmt.Errorf("the value %s is no number", duckconn.Text(v))
	}
	return int(x), nil
}

// Float is Value as a float64; 0 for null.
func (f *Frame) Float() (float64, error) {
	v, err := f.Value()
	if err != nil {
		return 0, err
	}
	x, ok := Number(v)
	if !ok && v != nil {
		return 0, fmt.Errorf("the value %s is no number", duckconn.Text(v))
	}
	return x, nil
}

var errEnough = errors.New("enough rows")

// Floats collects a column of numbers; null is NaN.
func (f *Frame) Floats(column string) ([]float64, error) {
	out := []float64{}
	err := f.column(column, func(v any) error {
		x, ok := Number(v)
		if !ok {
			if v != nil {
				return fmt.Errorf("column %q holds %s, which is no number", column, duckconn.Text(v))
			}
			x = nan
		}
		out = append(out, x)
		return nil
	})
	return out, err
}

// Strings collects a column as text; null is "".
func (f *Frame) Strings(column string) ([]string, error) {
	out := []string{}
	err := f.column(column, func(v any) error {
		out = append(out, duckconn.Text(v))
		return nil
	})
	return out, err
}

func (f *Frame) column(name string, fn func(v any) error) error {
	cols, err := f.Columns()
	if err != nil {
		return err
	}
	i, err := indexOf(cols, name)
	if err != nil {
		return err
	}
	return f.Each(func(row []any) error { return fn(row[i]) })
}

// Number returns a plain value as a float.
func Number(v any) (float64, bool) {
	switch x := v.(type) {
	case int64:
		return float64(x), true
	case float64:
		return x, true
	case duckconn.Decimal:
		return x.Float(), true
	case *big.Int:
		f, _ := new(big.Float).SetInt(x).Float64()
		return f, true
	case bool:
		if x {
			return 1, true
		}
		return 0, true
	}
	return 0, false
}

// wholeNumber is a value that is exactly a whole number, nil when it is not.
func wholeNumber(v any) *big.Int {
	switch x := v.(type) {
	case int64:
		return big.NewInt(x)
	case *big.Int:
		return x
	case duckconn.Decimal:
		whole, fraction, _ := strings.Cut(string(x), ".")
		if n, ok := new(big.Int).SetString(whole, 10); ok && strings.Trim(fraction, "0") == "" {
			return n
		}
	}
	return nil
}

// Collect stores all rows in a slice: into is a pointer to a slice of structs
// (columns go to the fields of the same name, case and underscores aside, or to
// the name in a `db` tag), of maps from string, or of plain values (the first
// column).
func (f *Frame) Collect(into any) error {
	cols, err := f.Columns()
	if err != nil {
		return err
	}
	p := f.sp.value(into)
	if p.Kind() != reflect.Pointer || p.IsNil() || p.Elem().Kind() != reflect.Slice {
		return fmt.Errorf("Collect needs a pointer to a slice, such as &rows, not %T", into)
	}
	slice := p.Elem()
	elem := slice.Type().Elem()
	out := reflect.MakeSlice(slice.Type(), 0, 16)
	set, err := f.sp.setter(elem, cols)
	if err != nil {
		return err
	}
	err = f.Each(func(row []any) error {
		v := reflect.New(elem).Elem()
		if err := set(v, row); err != nil {
			return err
		}
		out = reflect.Append(out, v)
		return nil
	})
	if err == nil {
		slice.Set(out)
	}
	return err
}

func (sp *Space) setter(elem reflect.Type, cols []Column) (func(reflect.Value, []any) error, error) {
	if elem.Kind() == reflect.Pointer && elem.Elem().Kind() == reflect.Struct {
		inner, err := sp.setter(elem.Elem(), cols)
		if err != nil {
			return nil, err
		}
		return func(v reflect.Value, row []any) error {
			p := reflect.New(elem.Elem())
			v.Set(p)
			return inner(p.Elem(), row)
		}, nil
	}
	switch {
	case elem.Kind() == reflect.Struct && elem != timeType:
		fields := sp.fields(elem)
		at := make([][]int, len(cols))
		found := 0
		for i, c := range cols {
			for _, f := range fields {
				if matches(f, c.Name) {
					at[i] = f.Index
					found++
					break
				}
			}
		}
		if found == 0 {
			return nil, fmt.Errorf("no column of %s has a field in the struct", names(cols))
		}
		return func(v reflect.Value, row []any) error {
			for i, index := range at {
				if index == nil {
					continue
				}
				if err := Assign(v.FieldByIndex(index), row[i]); err != nil {
					return fmt.Errorf("column %q: %w", cols[i].Name, err)
				}
			}
			return nil
		}, nil
	case elem.Kind() == reflect.Map && elem.Key().Kind() == reflect.String:
		return func(v reflect.Value, row []any) error {
			m := reflect.MakeMapWithSize(elem, len(cols))
			for i, c := range cols {
				e := reflect.New(elem.Elem()).Elem()
				if err := Assign(e, row[i]); err != nil {
					return fmt.Errorf("column %q: %w", c.Name, err)
				}
				m.SetMapIndex(reflect.ValueOf(c.Name).Convert(elem.Key()), e)
			}
			v.Set(m)
			return nil
		}, nil
	case elem.Kind() == reflect.Slice && elem.Elem().Kind() != reflect.Uint8:
		return func(v reflect.Value, row []any) error {
			s := reflect.MakeSlice(elem, len(row), len(row))
			for i := range row {
				if err := Assign(s.Index(i), row[i]); err != nil {
					return fmt.Errorf("column %q: %w", cols[i].Name, err)
				}
			}
			v.Set(s)
			return nil
		}, nil
	}
	return func(v reflect.Value, row []any) error {
		if len(row) == 0 {
			return nil
		}
		return Assign(v, row[0])
	}, nil
}

// constant sets a whole number of a user type to the constant whose String method
// gives the text: what a column shows of it.
func constant(to reflect.Value, text string) bool {
	if _, ok := to.Interface().(fmt.Stringer); !ok {
		return false
	}
	found := false
	for i := int64(0); i < 256 && !found; i++ {
		if to.OverflowInt(i) {
			break
		}
		v := reflect.New(to.Type()).Elem()
		v.SetInt(i)
		func() {
			defer func() { _ = recover() }() // String of what is no constant may panic
			if v.Interface().(fmt.Stringer).String() == text {
				to.Set(v)
				found = true
			}
		}()
	}
	return found
}

var timeType = reflect.TypeFor[time.Time]()

// matches says whether a column belongs to a field.
func matches(f Field, column string) bool {
	if tag, ok := f.Tag.Lookup("db"); ok {
		tag, _, _ = strings.Cut(tag, ",")
		if tag != "" {
			return tag == column
		}
	}
	if tag, ok := f.Tag.Lookup("json"); ok {
		tag, _, _ = strings.Cut(tag, ",")
		if tag != "" && tag == column {
			return true
		}
	}
	return strings.EqualFold(strings.ReplaceAll(f.Name, "_", ""), strings.ReplaceAll(strings.ReplaceAll(column, "_", ""), " ", ""))
}

// Assign stores a plain value in a Go variable, converting between the kinds
// where nothing is lost; null is the zero value.
func Assign(to reflect.Value, v any) error {
	if v == nil {
		to.SetZero()
		return nil
	}
	r := reflect.ValueOf(v)
	if r.Type().AssignableTo(to.Type()) {
		to.Set(r)
		return nil
	}
	bad := fmt.Errorf("%s does not fit a %s", duckconn.Text(v), to.Type())
	switch to.Kind() {
	case reflect.Pointer:
		p := reflect.New(to.Type().Elem())
		if err := Assign(p.Elem(), v); err != nil {
			return err
		}
		to.Set(p)
		return nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if to.Type() == reflect.TypeFor[time.Duration]() {
			switch x := v.(type) {
			case duckconn.Interval:
				to.SetInt(x.Micros*1000 + int64(x.Days)*24*int64(time.Hour))
				return nil
			case duckconn.Clock:
				to.SetInt(int64(x))
				return nil
			}
		}
		x, ok := Number(v)
		if n, is := v.(int64); is {
			if to.OverflowInt(n) {
				return bad
			}
			to.SetInt(n)
			return nil
		}
		if text, is := v.(string); is && constant(to, text) {
			return nil
		}
		if n := wholeNumber(v); n != nil {
			if !n.IsInt64() || to.OverflowInt(n.Int64()) {
				return bad
			}
			to.SetInt(n.Int64())
			return nil
		}
		if !ok || x != float64(int64(x)) || to.OverflowInt(int64(x)) {
			return bad
		}
		to.SetInt(int64(x))
		return nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if n := wholeNumber(v); n != nil {
			if !n.IsUint64() || to.OverflowUint(n.Uint64()) {
				return bad
			}
			to.SetUint(n.Uint64())
			return nil
		}
		x, ok := Number(v)
		if !ok || x < 0 || x != float64(uint64(x)) || to.OverflowUint(uint64(x)) {
			return bad
		}
		to.SetUint(uint64(x))
		return nil
	case reflect.Float32, reflect.Float64:
		x, ok := Number(v)
		if !ok {
			return bad
		}
		to.SetFloat(x)
		return nil
	case reflect.Bool:
		if b, ok := v.(bool); ok {
			to.SetBool(b)
			return nil
		}
		return bad
	case reflect.String:
		to.SetString(duckconn.Text(v))
		return nil
	case reflect.Slice:
		if b, ok := v.([]byte); ok && to.Type().Elem().Kind() == reflect.Uint8 {
			to.SetBytes(b)
			return nil
		}
		if list, ok := v.([]any); ok {
			s := reflect.MakeSlice(to.Type(), len(list), len(list))
			for i := range list {
				if err := Assign(s.Index(i), list[i]); err != nil {
					return err
				}
			}
			to.Set(s)
			return nil
		}
		return bad
	}
	if r.Type().ConvertibleTo(to.Type()) {
		to.Set(r.Convert(to.Type()))
		return nil
	}
	return bad
}

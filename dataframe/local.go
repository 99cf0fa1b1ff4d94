package dataframe

import (
	"context"
	"fmt"
	"hash/maphash"
	"math"
	"reflect"
	"strings"
	"time"

	"stnb.dev/duckconn"
)

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
	takes := make([]func(any) any, len(l.cols))
	for j, col := range l.cols {
		takes[j] = bound
		if width, scale, ok := decimalOf(col.typ); ok {
			takes[j] = func(v any) any { return duckconn.Fixed(duckconn.Text(v), width, scale) }
		}
	}
	i, row := 0, make([]any, len(l.cols))
	return c.Append(ctx, schema, l.name, func() []any {
		if i == l.rows {
			return nil
		}
		for j := range l.cols {
			if row[j] = l.cols[j].values[i]; row[j] != nil {
				row[j] = takes[j](row[j])
			}
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
		if typ == "" {
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

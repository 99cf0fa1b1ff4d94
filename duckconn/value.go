package duckconn

import (
	"encoding/hex"
	"fmt"
	"math/big"
	"sort"
	"strings"
	"time"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// Column describes a result's column.
type Column struct {
	Name string
	Type string // the database's name of the type
}

// Decimal is an exact decimal number, as text: "-12.50".
type Decimal string

func (d Decimal) String() string { return string(d) }

// Float returns the nearest float.
func (d Decimal) Float() float64 {
	f, _, err := big.ParseFloat(string(d), 10, 64, big.ToNearestEven)
	if err != nil {
		return 0
	}
	x, _ := f.Float64()
	return x
}

// Fixed is a decimal as the appender takes it for a column DECIMAL(width, scale). The
// text has as many digits after its point.
func Fixed(text string, width, scale int) any {
	n, ok := new(big.Int).SetString(strings.Replace(text, ".", "", 1), 10)
	if !ok {
		return text // which the appender refuses
	}
	return duckdb.Decimal{Width: uint8(width), Scale: uint8(scale), Value: n}
}

// Interval is a span in calendar units.
type Interval struct {
	Months, Days int32
	Micros       int64
}

func (v Interval) String() string {
	var parts []string
	unit := func(n int64, name string) {
		if n == 1 || n == -1 {
			parts = append(parts, fmt.Sprintf("%d %s", n, name))
		} else if n != 0 {
			parts = append(parts, fmt.Sprintf("%d %ss", n, name))
		}
	}
	unit(int64(v.Months/12), "year")
	unit(int64(v.Months%12), "month")
	unit(int64(v.Days), "day")
	if v.Micros != 0 || len(parts) == 0 {
		parts = append(parts, (time.Duration(v.Micros) * time.Microsecond).String())
	}
	return strings.Join(parts, " ")
}

// Clock is a time of day, since midnight.
type Clock time.Duration

func (c Clock) String() string {
	d := time.Duration(c)
	t := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(d)
	if d%time.Second != 0 {
		return t.Format("15:04:05.999999")
	}
	return t.Format("15:04:05")
}

// Struct is a record's fields in order.
type Struct []Field

// Field is one field of a Struct.
type Field struct {
	Name  string
	Value any
}

// text are the types of text, and exact those of decimals, that drivers of other
// databases than DuckDB give as bytes or strings.
var (
	exact = map[string]bool{"DECIMAL": true, "NUMERIC": true}
	text  = map[string]bool{
		"DECIMAL": true, "NUMERIC": true, "CHAR": true, "VARCHAR": true, "TEXT": true, "TINYTEXT": true, "MEDIUMTEXT": true,
		"LONGTEXT": true, "ENUM": true, "SET": true, "JSON": true, "JSONB": true, "TIME": true,
	}
)

// Plain turns a driver's value into one of: nil, bool, int64, *big.Int (128 bits
// and uint64), float64, Decimal, string, []byte, time.Time, Clock, Interval,
// []any, Struct, map[string]any.
func Plain(v any, typ string) any {
	switch x := v.(type) {
	case nil, bool, int64, float64, *big.Int:
		return v
	case string:
		if exact[typ] {
			return Decimal(x)
		}
		return strings.ToValidUTF8(x, "\uFFFD")
	case int8:
		return int64(x)
	case int16:
		return int64(x)
	case int32:
		return int64(x)
	case int:
		return int64(x)
	case uint8:
		return int64(x)
	case uint16:
		return int64(x)
	case uint32:
		return int64(x)
	case uint64:
		if x <= 1<<63-1 {
			return int64(x)
		}
		return new(big.Int).SetUint64(x)
	case float32:
		return float64(x)
	case []byte:
		if typ == "UUID" && len(x) == 16 {
			var u duckdb.UUID
			copy(u[:], x)
			return u.String()
		}
		if text[typ] { // as MySQL's driver gives text and decimals
			return Plain(string(x), typ)
		}
		return append([]byte(nil), x...)
	case time.Time:
		if strings.HasPrefix(typ, "TIME") && !strings.HasPrefix(typ, "TIMESTAMP") {
			return Clock(time.Duration(x.Hour())*time.Hour + time.Duration(x.Minute())*time.Minute +
				time.Duration(x.Second())*time.Second + time.Duration(x.Nanosecond()))
		}
		return x
	case duckdb.Decimal:
		return Decimal(decimalText(x))
	case duckdb.Interval:
		return Interval{x.Months, x.Days, x.Micros}
	case duckdb.UUID:
		return x.String()
	case duckdb.Union:
		return Plain(x.Value, "")
	case duckdb.Map:
		m := make(map[string]any, len(x))
		for k, e := range x {
			m[fmt.Sprint(Plain(k, ""))] = Plain(e, "")
		}
		return m
	case duckdb.OrderedMap:
		m := map[string]any{}
		keys, values := x.Keys(), x.Values()
		for i := range keys {
			m[fmt.Sprint(Plain(keys[i], ""))] = Plain(values[i], "")
		}
		return m
	case map[string]any:
		if !strings.HasPrefix(typ, "STRUCT") && typ != "" {
			return v // JSON
		}
		out := make(Struct, 0, len(x))
		names := fieldNames(typ, x)
		for _, n := range names {
			out = append(out, Field{n, Plain(x[n], "")})
		}
		return out
	case []any:
		out := make([]any, len(x))
		for i := range x {
			out[i] = Plain(x[i], "")
		}
		return out
	}
	return fmt.Sprint(v)
}

// fieldNames returns a struct's field names in the order of its type, as far as
// the type's text tells; else sorted.
func fieldNames(typ string, m map[string]any) []string {
	names := make([]string, 0, len(m))
	for n := range m {
		names = append(names, n)
	}
	sort.Slice(names, func(i, j int) bool {
		a, b := strings.Index(typ, Quote(names[i])), strings.Index(typ, Quote(names[j]))
		if a >= 0 && b >= 0 && a != b {
			return a < b
		}
		return names[i] < names[j]
	})
	return names
}

func decimalText(d duckdb.Decimal) string {
	if d.Value == nil {
		return "0"
	}
	s := new(big.Int).Abs(d.Value).String()
	if n := int(d.Scale); n > 0 {
		for len(s) <= n {
			s = "0" + s
		}
		s = s[:len(s)-n] + "." + s[len(s)-n:]
	}
	if d.Value.Sign() < 0 {
		s = "-" + s
	}
	return s
}

// Text is a plain value as a person reads it; nil is "".
func Text(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		return x
	case time.Time:
		if x.Hour() == 0 && x.Minute() == 0 && x.Second() == 0 && x.Nanosecond() == 0 {
			return x.Format("2006-01-02")
		}
		return x.Format("2006-01-02 15:04:05.999999")
	case []byte:
		return `\x` + hex.EncodeToString(x)
	case []any:
		parts := make([]string, len(x))
		for i := range x {
			parts[i] = inner(x[i])
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case Struct:
		parts := make([]string, len(x))
		for i, f := range x {
			parts[i] = f.Name + ": " + inner(f.Value)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case map[string]any:
		keys := make([]string, 0, len(x))
		for k := range x {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for i, k := range keys {
			keys[i] = k + ": " + inner(x[k])
		}
		return "{" + strings.Join(keys, ", ") + "}"
	}
	return fmt.Sprint(v)
}

func inner(v any) string {
	if v == nil {
		return "null"
	}
	return Text(v)
}

// Literal quotes text as an SQL string.
func Literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// Quote quotes an identifier.
func Quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// Clean makes a driver's error the project's own: nil stays nil, the text is what
// the database said.
func Clean(err error) error {
	if err == nil {
		return nil
	}
	return &Error{err}
}

// Error is what a database said.
type Error struct{ err error }

func (e *Error) Error() string {
	t := e.err.Error()
	t = strings.TrimPrefix(t, "database/sql/driver: ")
	return strings.TrimSpace(t)
}

// Unwrap returns the driver's error, so that errors.Is sees a context's end.
func (e *Error) Unwrap() error { return e.err }

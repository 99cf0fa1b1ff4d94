package dataframe

import (
	"fmt"
	"math"
	"math/big"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"stnb.dev/duckconn"
)

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
			if t = "HUGEINT"; x.BitLen() > 127 {
				t = "DOUBLE"
			}
		case float64:
			t = "DOUBLE"
		case duckconn.Decimal:
			t = "DECIMAL"
		case time.Time:
			t = "TIMESTAMP"
		case []byte:
			t = "BLOB"
		case []any:
			inner, _ := settle(x)
			switch {
			case inner == "":
				inner = "VARCHAR"
			case strings.HasPrefix(inner, "DECIMAL"):
				inner = "DOUBLE" // the lists of a column would each have a scale of their own
			}
			t = inner + "[]"
		default:
			t = "VARCHAR"
		}
		switch {
		case typ == "" || typ == t:
			typ = t
		case numeric(typ) && numeric(t):
			if slices.Index(numbers, t) > slices.Index(numbers, typ) {
				typ = t
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
	if typ == "DECIMAL" {
		typ = decimalType(vals)
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
	if _, scale, ok := decimalOf(typ); ok {
		return scaled(v, scale)
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

// numbers are the types of numbers, each taking what those before it hold.
var numbers = []string{"BIGINT", "HUGEINT", "DECIMAL", "DOUBLE"}

func numeric(t string) bool { return slices.Contains(numbers, t) }

// maxDigits is how many digits DuckDB's decimals have at most.
const maxDigits = 38

// decimalType is the type that holds exactly all of these, which are decimals and
// whole numbers; of those that none holds, such as NaN, it is DOUBLE.
func decimalType(vals []any) string {
	whole, scale := 1, 0
	for _, v := range vals {
		if v == nil {
			continue
		}
		text := duckconn.Text(v)
		if !exactNumber.MatchString(text) {
			return "DOUBLE"
		}
		digits, fraction, _ := strings.Cut(strings.TrimLeft(text, "-+"), ".")
		whole = max(whole, len(strings.TrimLeft(digits, "0")))
		scale = max(scale, len(fraction))
	}
	switch n := whole + scale; {
	case n > maxDigits:
		return "DOUBLE"
	case n > 18:
		return fmt.Sprintf("DECIMAL(%d,%d)", maxDigits, scale)
	default:
		return fmt.Sprintf("DECIMAL(18,%d)", scale)
	}
}

var exactNumber = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?$`)

// decimalOf reads the name of a decimal type.
func decimalOf(typ string) (width, scale int, ok bool) {
	n, err := fmt.Sscanf(typ, "DECIMAL(%d,%d)", &width, &scale)
	return width, scale, err == nil && n == 2 && strings.HasSuffix(typ, ")")
}

// scaled is a number as a decimal with that many digits after the point.
func scaled(v any, scale int) any {
	text := duckconn.Text(v)
	if x, ok := v.(float64); ok {
		text = strconv.FormatFloat(x, 'f', -1, 64)
	}
	text = strings.TrimPrefix(text, "+")
	whole, fraction, _ := strings.Cut(text, ".")
	if scale == 0 {
		return duckconn.Decimal(whole)
	}
	return duckconn.Decimal(whole + "." + fraction + strings.Repeat("0", max(0, scale-len(fraction))))
}

// exactly is a number that was edited as its column holds it: a browser's float among
// exact ones would make floats of all of them.
func exactly(typ string, v any) any {
	if x, ok := v.(float64); ok && (Kind(typ) == "decimal" || Kind(typ) == "int") {
		if n := int64(x); float64(n) == x && math.Abs(x) < 1<<62 {
			return n
		}
		return duckconn.Decimal(strconv.FormatFloat(x, 'f', -1, 64))
	}
	return v
}

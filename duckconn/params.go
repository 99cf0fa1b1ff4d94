package duckconn

import (
	"database/sql"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// Bind numbers a text's parameters $1, $2, ... in the order of args and checks
// that there are as many. The text may write them as ?, as $1 and so on, or by
// name as $name; named values come as sql.Named or one map[string]any.
func Bind(text string, args []any) (string, []any, error) {
	named := map[string]any{}
	var plain []any
	for _, a := range args {
		switch x := a.(type) {
		case sql.NamedArg:
			named[x.Name] = x.Value
		case map[string]any:
			for k, v := range x {
				named[k] = v
			}
		default:
			plain = append(plain, a)
		}
	}
	out := make([]any, 0, len(args))
	index := map[string]int{} // parameter as written: its number
	next, highest := 0, 0
	var bad error
	take := func(name string, v any) string {
		if n, ok := index[name]; ok {
			return "$" + strconv.Itoa(n)
		}
		out = append(out, PlainArg(v))
		index[name] = len(out)
		return "$" + strconv.Itoa(len(out))
	}
	text = ScanParams(text, func(p string) string {
		name := p[1:]
		if p == "?" {
			next++
			highest = max(highest, next)
			if next > len(plain) {
				return p
			}
			return take(strconv.Itoa(next), plain[next-1])
		}
		if n, err := strconv.Atoi(name); err == nil {
			highest = max(highest, n)
			if n < 1 || n > len(plain) {
				return p
			}
			return take(name, plain[n-1])
		}
		v, ok := named[name]
		if !ok {
			if bad == nil {
				bad = fmt.Errorf("the parameter %s has no value: give sql.Named(%q, value)", p, name)
			}
			return p
		}
		return take(name, v)
	})
	if bad != nil {
		return "", nil, bad
	}
	if highest != len(plain) {
		return "", nil, fmt.Errorf("the text has %d parameters, but %d values are given", highest, len(plain))
	}
	return text, out, nil
}

// PlainArg makes a value of a named type a value of its basic type, which drivers
// take.
func PlainArg(v any) any {
	if v == nil {
		return nil
	}
	r := reflect.ValueOf(v)
	for r.Kind() == reflect.Pointer && !r.IsNil() && r.Elem().Kind() != reflect.Struct {
		r = r.Elem()
	}
	switch r.Kind() {
	case reflect.Bool:
		return r.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if _, ok := v.(fmt.Stringer); ok && r.Type().PkgPath() == "time" {
			return v
		}
		return r.Int()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return r.Uint()
	case reflect.Float32, reflect.Float64:
		return r.Float()
	case reflect.String:
		return r.String()
	case reflect.Pointer:
		if r.IsNil() {
			return nil
		}
	}
	return v
}

// ShiftParams raises the numbers of a text's parameters by n.
func ShiftParams(text string, n int) string {
	if n == 0 {
		return text
	}
	return ScanParams(text, func(p string) string {
		k, err := strconv.Atoi(p[1:])
		if err != nil {
			return p
		}
		return "$" + strconv.Itoa(k+n)
	})
}

// ScanParams calls f for every parameter of an SQL text, outside of strings,
// quoted names and comments, and puts what f returns in its place.
func ScanParams(text string, f func(param string) string) string {
	if !strings.ContainsAny(text, "$?") {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		n, kind := lexeme(text[i:])
		switch {
		case kind == '?':
			b.WriteString(f("?"))
		case kind == '$' && (i == 0 || !IsWord(text[i-1])):
			for i+n < len(text) && IsWord(text[i+n]) {
				n++
			}
			if n > 1 {
				b.WriteString(f(text[i : i+n]))
			} else {
				b.WriteByte('$')
			}
		default:
			b.WriteString(text[i : i+n])
		}
		i += n
	}
	return b.String()
}

func IsWord(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || c >= 0x80
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// TrimQuery drops the semicolon that ends a query, and comments behind it, so
// that the query can stand in brackets.
func TrimQuery(q string) string {
	end, after := -1, false // of the last semicolon; whether anything follows it
	comment := false
	for i := 0; i < len(q); {
		n, kind := lexeme(q[i:])
		switch {
		case kind == ';':
			if end < 0 || after {
				end, after = i, false
			}
		case kind != '-' && strings.TrimSpace(q[i:i+n]) != "":
			after = end >= 0
		}
		comment = kind == '-'
		i += n
	}
	if end >= 0 && !after {
		return strings.TrimSpace(q[:end])
	}
	q = strings.TrimSpace(q)
	if comment {
		q += "\n" // a comment at the end must not swallow the bracket
	}
	return q
}

// lexeme is the length of what the text starts with: a string or quoted name
// (kind '\”), a comment ('-'), or one byte (itself).
func lexeme(text string) (n int, kind byte) {
	c := text[0]
	switch {
	case c == '\'' || c == '"' || c == '`':
		if j := strings.IndexByte(text[1:], c); j >= 0 {
			return j + 2, '\''
		}
		return len(text), '\''
	case strings.HasPrefix(text, "--"):
		if j := strings.IndexByte(text, '\n'); j >= 0 {
			return j + 1, '-'
		}
		return len(text), '-'
	case strings.HasPrefix(text, "/*"):
		if j := strings.Index(text[2:], "*/"); j >= 0 {
			return j + 4, '-'
		}
		return len(text), '-'
	case c == '$' && (len(text) == 1 || !isDigit(text[1])):
		end := 1
		for end < len(text) && IsWord(text[end]) {
			end++
		}
		if end < len(text) && text[end] == '$' { // $tag$ ... $tag$
			tag := text[:end+1]
			if j := strings.Index(text[end+1:], tag); j >= 0 {
				return end + 1 + j + len(tag), '\''
			}
			return len(text), '\''
		}
	}
	return 1, c
}

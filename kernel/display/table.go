package display

import (
	"go/types"
	"reflect"
	"slices"

	"stnb.dev/kernel/engine"
	"stnb.dev/widgets/element"
)

// table is a slice of structs, of pointers to structs, or of maps keyed by strings
// as a table; false for what is better shown another way.
func (p *printer) table(v engine.Value) (element.Table, bool) {
	if !v.V.IsValid() || v.V.Kind() != reflect.Slice || v.V.Len() == 0 {
		return element.Table{}, false
	}
	if _, ok := p.method(v); ok {
		return element.Table{}, false
	}
	rows, total := p.parts(v, maxRows)
	columns, cells := []string(nil), make([]map[string]string, len(rows))
	kinds := map[string]string{}
	types := map[string]string{}
	for i, row := range rows {
		r := row.Value
		if d, ok := p.deref(r); ok {
			r = d
		}
		if !tabular(r) {
			return element.Table{}, false
		}
		if _, ok := p.leaf(r, false); ok { // a row that speaks for itself, such as a time
			return element.Table{}, false
		}
		parts, _ := p.parts(r, maxChildren)
		cells[i] = map[string]string{}
		for _, c := range parts {
			name := c.name
			if _, ok := kinds[name]; !ok {
				columns = append(columns, name)
				kinds[name], types[name] = kind(c.Value), TypeName(c.Value)
			}
			cells[i][name] = p.line(c.Value, maxText)
		}
	}
	if len(columns) == 0 {
		return element.Table{}, false
	}
	if under(v.Type) == nil || v.V.Type().Elem().Kind() == reflect.Map {
		slices.Sort(columns) // a map has no order of its own
	}
	t := element.Table{More: int64(total - len(rows))}
	for _, c := range columns {
		t.Columns = append(t.Columns, element.Column{Name: c, Type: types[c], Kind: kinds[c]})
	}
	for _, m := range cells {
		row := make([]string, len(columns))
		for i, c := range columns {
			row[i] = m[c]
		}
		t.Rows = append(t.Rows, row)
	}
	return t, true
}

func tabular(v engine.Value) bool {
	switch {
	case !v.V.IsValid():
		return false
	case v.V.Kind() == reflect.Struct:
		return v.V.NumField() > 0
	}
	return v.V.Kind() == reflect.Map && v.V.Type().Key().Kind() == reflect.String
}

// kind is page.Column's kind of a value's column.
func kind(v engine.Value) string {
	if !v.V.IsValid() {
		return "other"
	}
	switch v.V.Kind() {
	case reflect.Bool:
		return "bool"
	case reflect.Float32, reflect.Float64:
		return "float"
	case reflect.String:
		return "text"
	}
	if v.V.CanInt() || v.V.CanUint() {
		if n, ok := v.Type.(*types.Named); ok && hasMethod(n, "String") {
			return "text"
		}
		return "int"
	}
	return "other"
}

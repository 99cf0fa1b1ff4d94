package dataframe

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"stnb.dev/duckconn"
)

// Edits are changes of a table: cells first, then deletions, both by the original
// row numbers, then rows added at the end. Values are plain values.
type Edits struct {
	Ref     string // the snapshot that was edited, as Pin returned it
	Cells   map[int64]map[string]any
	Deleted []int64
	Added   []map[string]any
}

// Edit applies edits to data, anything that From takes, and stores the result in
// into, a pointer to a variable of data's type. The data itself is not changed.
func (sp *Space) Edit(data any, e Edits, into any) error {
	to := sp.value(into)
	if to.Kind() != reflect.Pointer || to.IsNil() {
		return fmt.Errorf("the result needs a pointer")
	}
	to = to.Elem()
	if f, ok := data.(*Frame); ok {
		g, err := sp.editFrame(f, e)
		if err != nil {
			return err
		}
		return setTo(to, reflect.ValueOf(g))
	}
	v := sp.value(data)
	f := sp.From(data)
	if f.err != nil {
		return f.err
	}
	var out reflect.Value
	var err error
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		out, err = sp.editSlice(v, f.own, e)
	case reflect.Map:
		out, err = sp.editMap(v, f.own, e)
	default:
		return fmt.Errorf("a %T cannot be edited: give a slice, a map or a frame", data)
	}
	if err != nil {
		return err
	}
	return setTo(to, out)
}

func setTo(to, v reflect.Value) error {
	if !v.Type().AssignableTo(to.Type()) {
		return fmt.Errorf("a %s does not fit a %s", v.Type(), to.Type())
	}
	to.Set(v)
	return nil
}

// Name tells data apart: Go data by its content, a frame by what it stands for.
func (sp *Space) Name(data any) string {
	f := sp.From(data)
	switch {
	case f.err != nil:
		return ""
	case f.own != nil:
		return f.own.name
	}
	var b strings.Builder
	f.Identity(&b)
	return fmt.Sprintf("%x", hashText(b.String()))
}

// editFrame lays edits over a frame's snapshot. The rows stay where they are: what
// comes back is a query over them.
func (sp *Space) editFrame(f *Frame, e Edits) (*Frame, error) {
	if f.own != nil {
		return sp.local(f.own.edited(e)), nil
	}
	sp.mu.Lock()
	p := sp.pinned[e.Ref]
	sp.mu.Unlock()
	if p == nil {
		return nil, fmt.Errorf("the edited table is not shown")
	}
	var locals []*local
	if held := sp.lend(p); held != nil {
		locals = append(locals, held)
	}
	var edited []string // columns with edited cells
	for _, c := range p.cols {
		for _, cells := range e.Cells {
			if _, ok := cells[c.Name]; ok {
				edited = append(edited, c.Name)
				break
			}
		}
	}
	from := p.rel + " AS t"
	if len(edited) > 0 {
		cells := sp.local(cellsOf(e.Cells, edited, p.cols))
		locals = append(locals, cells.own)
		from += " LEFT JOIN " + sp.table(cells.own) + ` AS e ON e."row" = t.` + p.rid
	}
	if len(e.Deleted) > 0 {
		rows := make([]any, len(e.Deleted))
		for i, n := range e.Deleted {
			rows[i] = n
		}
		gone := sp.local(&local{rows: len(rows), cols: []column{{"row", "BIGINT", rows}}})
		locals = append(locals, gone.own)
		from += ` ANTI JOIN ` + sp.table(gone.own) + ` AS d ON d."row" = t.` + p.rid
	}
	list := []string{"t." + p.rid + ` AS "the row"`}
	added := []string{`9000000000000000000 + a."row"`}
	names := make([]string, len(p.cols))
	for i, c := range p.cols {
		names[i] = duckconn.Quote(c.Name)
		x := "t." + names[i]
		if j := slices.Index(edited, c.Name); j >= 0 {
			x = fmt.Sprintf(`CASE WHEN e."set %d" THEN CAST(e."value %[1]d" AS %s) ELSE %s END AS %s`, j, c.Type, x, names[i])
		}
		list = append(list, x)
		added = append(added, fmt.Sprintf(`CAST(a."value %d" AS %s)`, i, c.Type))
	}
	text := "SELECT " + strings.Join(list, ", ") + " FROM " + from
	if len(e.Added) > 0 {
		rows := sp.local(addedOf(e.Added, p.cols))
		locals = append(locals, rows.own)
		text += " UNION ALL SELECT " + strings.Join(added, ", ") + " FROM " + sp.table(rows.own) + " AS a"
	}
	text = "SELECT " + strings.Join(names, ", ") + " FROM (" + text + `) ORDER BY "the row"`
	return &Frame{sp: sp, text: text, locals: locals, cols: &columnsOnce{done: true, cols: p.cols}}, nil
}

// cellsOf is a table of edited cells: a line for each row, and for each column
// the value and whether it was set.
func cellsOf(cells map[int64]map[string]any, names []string, cols []Column) *local {
	rows := slices.Sorted(maps.Keys(cells))
	numbers := make([]any, len(rows))
	for i, n := range rows {
		numbers[i] = n
	}
	l := &local{rows: len(rows), cols: []column{{"row", "BIGINT", numbers}}}
	for j, name := range names {
		typ := cols[slices.IndexFunc(cols, func(c Column) bool { return c.Name == name })].Type
		values, set := make([]any, len(rows)), make([]any, len(rows))
		for i, n := range rows {
			values[i], set[i] = exactly(typ, cells[n][name]), false
			if _, ok := cells[n][name]; ok {
				set[i] = true
			}
		}
		l.cols = append(l.cols, settled(fmt.Sprint("value ", j), values), column{fmt.Sprint("set ", j), "BOOLEAN", set})
	}
	return l
}

// addedOf is a table of added rows.
func addedOf(added []map[string]any, cols []Column) *local {
	numbers := make([]any, len(added))
	for i := range added {
		numbers[i] = int64(i)
	}
	l := &local{rows: len(added), cols: []column{{"row", "BIGINT", numbers}}}
	for j, c := range cols {
		values := make([]any, len(added))
		for i, row := range added {
			values[i] = exactly(c.Type, row[c.Name])
		}
		l.cols = append(l.cols, settled(fmt.Sprint("value ", j), values))
	}
	return l
}

func settled(name string, values []any) column {
	typ, values := settle(values)
	if typ == "" {
		typ = "VARCHAR"
	}
	return column{name, typ, values}
}

// edited is the table with the edits.
func (l *local) edited(e Edits) *local {
	n := &local{}
	for _, c := range l.cols {
		vals := make([]any, 0, l.rows+len(e.Added))
		for i := range l.rows {
			if _, gone := slices.BinarySearch(e.Deleted, int64(i)); gone {
				continue
			}
			v := c.values[i]
			if x, ok := e.Cells[int64(i)][c.name]; ok {
				v = exactly(c.typ, x)
			}
			vals = append(vals, v)
		}
		for _, row := range e.Added {
			vals = append(vals, exactly(c.typ, row[c.name]))
		}
		typ, vals := settle(vals)
		if typ == "" || numeric(typ) && c.typ == "DOUBLE" {
			typ = c.typ
		}
		for i := range vals {
			if vals[i] != nil {
				vals[i] = cast(vals[i], typ)
			}
		}
		n.cols = append(n.cols, column{c.name, typ, vals})
		n.rows = len(vals)
	}
	return n
}

// editSlice edits a slice of structs, maps, slices or plain values: what was not
// edited stays the very value it was, with the fields that no column shows.
func (sp *Space) editSlice(v reflect.Value, l *local, e Edits) (reflect.Value, error) {
	elem := v.Type().Elem()
	out := reflect.MakeSlice(reflect.SliceOf(elem), 0, v.Len()+len(e.Added))
	if v.Type().Kind() == reflect.Slice && out.Type() != v.Type() {
		out = out.Convert(v.Type())
	}
	for i := range v.Len() {
		if _, gone := slices.BinarySearch(e.Deleted, int64(i)); gone {
			continue
		}
		item := v.Index(i)
		if cells := e.Cells[int64(i)]; len(cells) > 0 {
			edited := reflect.New(elem).Elem()
			edited.Set(item)
			if err := sp.setCells(edited, l, cells); err != nil {
				return v, fmt.Errorf("row %d: %w", i, err)
			}
			item = edited
		}
		out = reflect.Append(out, item)
	}
	for _, row := range e.Added {
		item := reflect.New(elem).Elem()
		if err := sp.setCells(item, l, row); err != nil {
			return v, fmt.Errorf("a new row: %w", err)
		}
		out = reflect.Append(out, item)
	}
	return out, nil
}

// setCells sets cells of an element, which is addressable, without touching what
// it shares with the original.
func (sp *Space) setCells(item reflect.Value, l *local, cells map[string]any) error {
	switch t := item.Type(); {
	case t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct:
		p := reflect.New(t.Elem())
		if !item.IsNil() {
			p.Elem().Set(item.Elem())
		}
		item.Set(p)
		return sp.setCells(p.Elem(), l, cells)
	case t.Kind() == reflect.Interface:
		var inner reflect.Value
		if item.IsNil() {
			if len(l.cols) == 1 && l.cols[0].name == "value" {
				return assignAny(item, cells["value"])
			}
			inner = reflect.ValueOf(map[string]any{})
		} else {
			inner = sp.value(item.Interface())
		}
		e := reflect.New(inner.Type()).Elem()
		e.Set(inner)
		if err := sp.setCells(e, l, cells); err != nil {
			return assignAny(item, cells["value"])
		}
		item.Set(e)
		return nil
	case t.Kind() == reflect.Struct && t != timeType && !sp.scalar(t):
		for _, f := range sp.fields(t) {
			v, ok := cells[columnName(f)]
			if !ok {
				continue
			}
			if err := Assign(item.FieldByIndex(f.Index), v); err != nil {
				return fmt.Errorf("column %q: %w", columnName(f), err)
			}
		}
		return nil
	case t.Kind() == reflect.Map && t.Key().Kind() == reflect.String:
		m := reflect.MakeMap(t)
		for it := item.MapRange(); !item.IsNil() && it.Next(); {
			m.SetMapIndex(it.Key(), it.Value())
		}
		for name, v := range cells {
			e := reflect.New(t.Elem()).Elem()
			if err := assignAny(e, v); err != nil {
				return fmt.Errorf("column %q: %w", name, err)
			}
			m.SetMapIndex(reflect.ValueOf(name).Convert(t.Key()), e)
		}
		item.Set(m)
		return nil
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8:
		s := reflect.MakeSlice(t, max(item.Len(), len(l.cols)), max(item.Len(), len(l.cols)))
		reflect.Copy(s, item)
		for name, v := range cells {
			j, err := strconv.Atoi(name)
			if err != nil || j < 0 || j >= s.Len() {
				return fmt.Errorf("there is no column %q", name)
			}
			if err := assignAny(s.Index(j), v); err != nil {
				return fmt.Errorf("column %q: %w", name, err)
			}
		}
		item.Set(s)
		return nil
	case t.Kind() == reflect.Array:
		for name, v := range cells {
			j, err := strconv.Atoi(name)
			if err != nil || j < 0 || j >= item.Len() {
				return fmt.Errorf("there is no column %q", name)
			}
			if err := assignAny(item.Index(j), v); err != nil {
				return err
			}
		}
		return nil
	}
	v, ok := cells["value"]
	if !ok {
		return fmt.Errorf("there is no column to set")
	}
	return Assign(item, v)
}

// assignAny is Assign, where a variable of type any takes the value as it is.
func assignAny(to reflect.Value, v any) error {
	if to.Kind() == reflect.Interface && to.NumMethod() == 0 {
		if v == nil {
			to.SetZero()
			return nil
		}
		if n, ok := v.(int64); ok {
			v = int(n)
		}
		if c, ok := v.(duckconn.Clock); ok {
			v = c.String()
		}
		to.Set(reflect.ValueOf(v))
		return nil
	}
	return Assign(to, v)
}

// editMap edits a map: of columns, or of keys and values.
func (sp *Space) editMap(v reflect.Value, l *local, e Edits) (reflect.Value, error) {
	t := v.Type()
	n := l.edited(e)
	out := reflect.MakeMapWithSize(t, n.rows)
	if len(n.cols) != 2 || n.cols[0].name != "key" || n.cols[1].name != "value" {
		for _, c := range n.cols {
			key := reflect.ValueOf(c.name).Convert(t.Key())
			st := t.Elem()
			if st.Kind() == reflect.Interface {
				st = sp.unwrap(v.MapIndex(key)).Type()
			}
			s := reflect.MakeSlice(st, len(c.values), len(c.values))
			for i, x := range c.values {
				if err := assignAny(s.Index(i), x); err != nil {
					return v, fmt.Errorf("column %q: %w", c.name, err)
				}
			}
			out.SetMapIndex(key, s)
		}
		return out, nil
	}
	for i := range n.rows {
		k, x := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
		if n.cols[0].values[i] == nil {
			continue
		}
		if err := assignAny(k, n.cols[0].values[i]); err != nil {
			return v, err
		}
		if err := assignAny(x, n.cols[1].values[i]); err != nil {
			return v, err
		}
		out.SetMapIndex(k, x)
	}
	return out, nil
}

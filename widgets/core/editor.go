package core

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"stnb.dev/dataframe"
	"stnb.dev/duckconn"
	"stnb.dev/widgets/element"
	"stnb.dev/widgets/run"
)

// Edits is what people changed in a data editor, by the original row numbers from
// 0: the value of the editor's key in session state.
type Edits = element.EditorState

// maxEdits bounds the cells one editor may have changed.
const maxEdits = 200_000

// EditRows shows data in a grid that can be edited and stores it, edited, in into,
// a pointer to a variable of the data's own type. False means that nothing was
// edited: the data is as it was.
func (c *Container) EditRows(data, into any, opts ...Option) bool {
	s, p, o := c.start(opts)
	const call = "st.DataEditor"
	f := s.frame(p, call, data)
	if f == nil {
		return false
	}
	shown, err := s.Space.Pin(f, s.placeKey(p))
	if err != nil {
		s.Fail(p, fmt.Errorf("%s: %w", call, err))
		return false
	}
	s.checkColumns(p, call, o, shown.Columns)
	checks := map[string]cellCheck{}
	var config []element.ColumnConfig
	for _, col := range shown.Columns {
		if _, ok := checks[col.Name]; ok {
			s.misuse(p, call, "has two columns %q: names must differ", col.Name)
			return false
		}
		cc := element.ColumnConfig{Name: col.Name}
		given := false
		for _, x := range o.columns {
			if x.Name == col.Name {
				cc, given = x, true
			}
		}
		check, err := newCellCheck(col.Kind, cc, o.disabled || slices.Contains(o.readOnly, col.Name))
		if err != nil {
			s.misuse(p, call+": st.Column("+quote(col.Name)+")", "%v", err)
		}
		if !check.editable && !cc.Disabled {
			cc.Disabled, given = true, true
		}
		checks[col.Name] = check
		if given {
			config = append(config, cc)
		}
	}
	for _, name := range o.readOnly {
		if _, ok := checks[name]; !ok {
			s.misuse(p, call, "has st.ReadOnly(%q), but there is no such column; there are %s", name, columnNames(shown.Columns))
		}
	}
	empty := func() Edits {
		return Edits{EditedRows: map[string]map[string]any{}, AddedRows: []map[string]any{}, DeletedRows: []int64{}}
	}
	clean := func(e Edits) Edits {
		out := empty()
		for row, cells := range e.EditedRows {
			n, err := strconv.ParseInt(row, 10, 64)
			if err != nil || n < 0 || n >= shown.Rows {
				continue
			}
			kept := map[string]any{}
			for name, v := range cells {
				if ch, ok := checks[name]; ok && ch.takes(v) && (v != nil || !ch.cc.Required) {
					kept[name] = v
				}
			}
			if len(kept) > 0 {
				out.EditedRows[strconv.FormatInt(n, 10)] = kept
			}
		}
		if !o.dynamic {
			return out
		}
		for _, cells := range e.AddedRows {
			kept := map[string]any{}
			for name, v := range cells {
				if ch, ok := checks[name]; ok && ch.takes(v) {
					kept[name] = v
				}
			}
			out.AddedRows = append(out.AddedRows, kept)
		}
		for _, n := range e.DeletedRows {
			if n >= 0 && n < shown.Rows {
				out.DeletedRows = append(out.DeletedRows, n)
			}
		}
		slices.Sort(out.DeletedRows)
		out.DeletedRows = slices.Compact(out.DeletedRows)
		return out
	}
	params := []any{columnsOf(shown.Columns), o.dynamic}
	if o.key == "" {
		params = append(params, shown.Ref) // other data, another editor
	}
	v, ok := s.Widget(p, run.Widget{
		Call: call, Kind: "dataEditor", Key: o.key, Params: params, Default: empty(),
		Decode: func(raw json.RawMessage) (any, error) {
			var e Edits
			if isNull(raw) || json.Unmarshal(raw, &e) != nil {
				return nil, fmt.Errorf("is no state of an editor")
			}
			n := len(e.AddedRows) + len(e.DeletedRows)
			for _, cells := range e.EditedRows {
				n += len(cells)
			}
			for _, cells := range e.AddedRows {
				n += len(cells)
			}
			if n > maxEdits {
				return nil, fmt.Errorf("has more than %d edits", maxEdits)
			}
			return clean(e), nil
		},
		Fit: func(old any) (any, bool) {
			e, ok := old.(Edits)
			if !ok { // an engine's own form of the struct
				raw, err := json.Marshal(s.bare(old))
				if err != nil || json.Unmarshal(raw, &e) != nil {
					return nil, false
				}
			}
			// Data that is what the editor gave the last time has the edits in it.
			if last := s.lastGiven(o.key); last != "" && last == s.Space.Name(data) {
				s.gave(o.key, "")
				return empty(), true
			}
			return clean(asJSON(e)), true
		},
		OnChange: o.onChange, Persist: o.persist, Query: o.query,
	})
	if !ok {
		return false
	}
	edits := v.Value.(Edits)
	s.putWidget(p, o, "dataEditor", element.DataEditor{
		Data:   element.FrameRef{Ref: shown.Ref, Rows: shown.Rows, Columns: columnsOf(shown.Columns)},
		Height: o.height, HideIndex: o.hideIndex || o.dynamic, Order: o.order, Config: config, Dynamic: o.dynamic,
		Disabled: o.disabled, State: v.Shown.(Edits), Rev: v.Rev,
	}, v)
	if len(edits.EditedRows)+len(edits.AddedRows)+len(edits.DeletedRows) == 0 {
		return false
	}
	plan := dataframe.Edits{Ref: shown.Ref, Cells: map[int64]map[string]any{}, Deleted: edits.DeletedRows}
	for row, cells := range edits.EditedRows {
		n, _ := strconv.ParseInt(row, 10, 64)
		plan.Cells[n] = map[string]any{}
		for name, x := range cells {
			plan.Cells[n][name], _ = checks[name].check(x)
		}
	}
	for _, cells := range edits.AddedRows {
		row := map[string]any{}
		complete := len(cells) > 0
		for name, ch := range checks {
			x, _ := ch.check(cells[name])
			if x == nil && len(ch.cc.Default) > 0 {
				var d any
				if json.Unmarshal(ch.cc.Default, &d) == nil {
					x, _ = ch.check(d)
				}
			}
			if x == nil && ch.cc.Required {
				complete = false // kept back until it is filled
			}
			row[name] = x
		}
		if complete {
			plan.Added = append(plan.Added, row)
		}
	}
	if err := s.Space.Edit(data, plan, into); err != nil {
		s.Fail(p, fmt.Errorf("%s: %w", call, err))
		return false
	}
	if o.key != "" {
		name := s.Space.Name(reflect.ValueOf(s.bare(into)).Elem().Interface())
		if name == s.Space.Name(data) {
			name = "" // nothing came of the edits yet, such as of a row that lacks something
		}
		s.gave(o.key, name)
	}
	return true
}

// asJSON is edits with the values a browser would send: a script that sets them may
// use any Go value.
func asJSON(e Edits) Edits {
	sent := func(cells map[string]any) bool {
		for _, v := range cells {
			switch v.(type) {
			case nil, bool, float64, string:
			default:
				return false
			}
		}
		return true
	}
	as := true
	for _, cells := range e.EditedRows {
		as = as && sent(cells)
	}
	for _, cells := range e.AddedRows {
		as = as && sent(cells)
	}
	if as {
		return e
	}
	raw, err := json.Marshal(e)
	var out Edits
	read := json.NewDecoder(bytes.NewReader(raw))
	read.UseNumber()
	if err != nil || read.Decode(&out) != nil {
		return Edits{}
	}
	for _, cells := range out.EditedRows {
		exactNumbers(cells)
	}
	for _, cells := range out.AddedRows {
		exactNumbers(cells)
	}
	return out
}

// exactNumbers makes floats of JSON's numbers, and leaves those that a float does not
// hold as text.
func exactNumbers(cells map[string]any) {
	for k, v := range cells {
		n, ok := v.(json.Number)
		if !ok {
			continue
		}
		x, _ := n.Float64()
		cells[k] = x
		if i, err := n.Int64(); err == nil && int64(x) != i || err != nil && len(strings.Trim(n.String(), "-0123456789")) == 0 {
			cells[k] = n.String()
		}
	}
}

// lastGiven names the data that the editor with the key gave the last time, "" when
// there is none.
func (s *Session) lastGiven(key string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.given[key]
}

func (s *Session) gave(key, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if name == "" {
		delete(s.given, key)
		return
	}
	s.given[key] = name
}

func clockOf(t time.Time) duckconn.Clock {
	return duckconn.Clock(time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second)
}

package core

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"stnb.dev/dataframe"
	"stnb.dev/duckconn"
	"stnb.dev/widgets/element"
	"stnb.dev/widgets/run"
)

// frame makes a frame of what a data func was given; an error is shown in the
// element's place.
func (s *Session) frame(p *run.Place, call string, data any) *dataframe.Frame {
	f := s.Space.From(data)
	if err := f.Err(); err != nil {
		s.Fail(p, fmt.Errorf("%s: %w", call, err))
		return nil
	}
	return f
}

func columnsOf(cols []dataframe.Column) []element.Column {
	out := make([]element.Column, len(cols))
	for i, c := range cols {
		out[i] = element.Column{Name: c.Name, Type: c.Type, Kind: c.Kind}
	}
	return out
}

// Dataframe is a grid of any size: the browser asks for the rows it shows; sort,
// filter, search and download happen on the server. data is a frame, a slice of
// structs or maps, a map of slices.
func (c *Container) Dataframe(data any, opts ...Option) *Element {
	s, p, o := c.start(opts)
	if s.cached() {
		s.misuse(p, "st.Dataframe", "is in a cached func: its rows are kept for one session, a hit is for all; return the data and show it outside")
		return &Element{s: s, p: p, call: "st.Dataframe"}
	}
	f := s.frame(p, "st.Dataframe", data)
	if f == nil {
		return &Element{s: s, p: p, call: "st.Dataframe"}
	}
	shown, err := s.Space.Pin(f, s.placeKey(p))
	if err != nil {
		s.Fail(p, fmt.Errorf("st.Dataframe: %w", err))
		return &Element{s: s, p: p, call: "st.Dataframe"}
	}
	s.checkColumns(p, "st.Dataframe", o, shown.Columns)
	s.checkModes(p, "st.Dataframe", o, gridModes...)
	props := element.Dataframe{
		Data:   element.FrameRef{Ref: shown.Ref, Rows: shown.Rows, Columns: columnsOf(shown.Columns)},
		Height: o.height, HideIndex: o.hideIndex, Order: o.order, Config: o.columns, Selection: o.gridSelection(),
	}
	if mode := o.gridSelection(); mode != "" {
		v, ok := s.Widget(p, run.Widget{
			Call: "st.Dataframe", Kind: "dataframe", Key: o.key, Params: []any{mode, s.placeKey(p)},
			Default: Selected{}, Decode: decodeSelection(shown), OnChange: o.onChange, Persist: o.persist, Query: o.query, ReadOnly: true,
		})
		if ok {
			el := run.El("dataframe", props)
			el.ID, el.Key, el.Form = v.ID, o.key, v.Form
			path := s.Put(p, el)
			return &Element{s: s, p: p, path: path, kind: "dataframe", call: "st.Dataframe", ref: shown.Ref}
		}
	}
	e := s.put(p, o, "st.Dataframe", "dataframe", props)
	e.ref = shown.Ref
	return e
}

// Selected shows a grid in which people can select, and returns what they did.
func (c *Container) Selected(data any, opts ...Option) Selected {
	s, p, o := c.start(append([]Option{Selection("multi-row")}, opts...))
	f := s.frame(p, "st.Selected", data)
	if f == nil {
		return Selected{}
	}
	shown, err := s.Space.Pin(f, s.placeKey(p))
	if err != nil {
		s.Fail(p, fmt.Errorf("st.Selected: %w", err))
		return Selected{}
	}
	s.checkColumns(p, "st.Selected", o, shown.Columns)
	s.checkModes(p, "st.Selected", o, gridModes...)
	v, ok := s.Widget(p, run.Widget{
		Call: "st.Selected", Kind: "dataframe", Key: o.key, Params: []any{o.gridSelection(), columnsOf(shown.Columns)},
		Default: Selected{}, Decode: decodeSelection(shown), OnChange: o.onChange, Persist: o.persist, Query: o.query, ReadOnly: true,
		Fit: func(old any) (any, bool) {
			sel, ok := old.(Selected)
			for _, r := range sel.Rows {
				ok = ok && r < shown.Rows
			}
			return sel, ok
		},
	})
	if !ok {
		return Selected{}
	}
	s.putWidget(p, o, "dataframe", element.Dataframe{
		Data:   element.FrameRef{Ref: shown.Ref, Rows: shown.Rows, Columns: columnsOf(shown.Columns)},
		Height: o.height, HideIndex: o.hideIndex, Order: o.order, Config: o.columns, Selection: o.gridSelection(),
	}, v)
	return v.Value.(Selected)
}

func (s *Session) checkColumns(p *run.Place, call string, o *settings, cols []dataframe.Column) {
	known := map[string]bool{}
	var all []string
	for _, c := range cols {
		known[c.Name] = true
		all = append(all, c.Name)
	}
	list := strings.Join(all, ", ")
	for _, name := range o.order {
		if !known[name] {
			s.misuse(p, call, "has st.ColumnOrder(%q), but there is no such column; there are %s", name, list)
		}
	}
	for _, cc := range o.columns {
		if !known[cc.Name] {
			s.misuse(p, call, "has st.Column(%q), but there is no such column; there are %s", cc.Name, list)
		}
	}
}

// placeKey names a place for what is kept between runs: the path the next element
// will have.
func (s *Session) placeKey(p *run.Place) string { return s.NextPath(p) }

// maxTable bounds the rows of a static table.
const maxTable = 1000

// Table is a small table, all of it on the page. data is as for Dataframe.
func (c *Container) Table(data any, opts ...Option) *Element {
	s, p, o := c.start(opts)
	f := s.frame(p, "st.Table", data)
	if f == nil {
		return &Element{s: s, p: p, call: "st.Table"}
	}
	t, err := tableOf(f)
	if err != nil {
		s.Fail(p, fmt.Errorf("st.Table: %w", err))
		return &Element{s: s, p: p, call: "st.Table"}
	}
	e := s.put(p, o, "st.Table", "table", t)
	e.table = &t
	return e
}

func tableOf(f *dataframe.Frame) (element.Table, error) {
	cols, err := f.Columns()
	if err != nil {
		return element.Table{}, err
	}
	t := element.Table{Columns: columnsOf(cols), Rows: [][]string{}}
	err = f.Each(func(row []any) error {
		if len(t.Rows) >= maxTable {
			t.More++
			return nil
		}
		text := make([]string, len(row))
		for i, v := range row {
			text[i] = cellText(v)
		}
		t.Rows = append(t.Rows, text)
		return nil
	})
	return t, err
}

func cellText(v any) string {
	if x, ok := v.(float64); ok {
		if math.Abs(x) < 1e15 && math.Abs(x) >= 1e-4 || x == 0 {
			t := strconv.FormatFloat(x, 'f', 4, 64)
			return strings.TrimRight(strings.TrimRight(t, "0"), ".")
		}
	}
	return duckconn.Text(v)
}

// AddRows adds rows to what the element shows: a table, a grid or a chart. The
// rows are anything Dataframe takes.
func (e *Element) AddRows(data any) {
	if e == nil || e.s == nil {
		return
	}
	s, call := e.s, e.call+": AddRows"
	if e.path == "" {
		s.misuse(e.p, call, "needs an element that is shown")
		return
	}
	if e.selects {
		s.misuse(e.p, call, "adds to a chart with st.Selection: its points would move under what is selected; draw all of them, or leave st.Selection away")
		return
	}
	f := s.Space.From(data)
	if err := f.Err(); err != nil {
		s.Fail(e.p, fmt.Errorf("%s: %w", call, err))
		return
	}
	switch {
	case e.table != nil:
		t, err := tableOf(f)
		if err == nil && len(e.table.Columns) > 0 && len(t.Columns) != len(e.table.Columns) {
			err = fmt.Errorf("the rows have %d columns, the table has %d", len(t.Columns), len(e.table.Columns))
		}
		if err != nil {
			s.Fail(e.p, fmt.Errorf("%s: %w", call, err))
			return
		}
		s.Append(e.path, map[string]any{"rows": t.Rows})
	case e.ref != "":
		shown, err := s.Space.Append(e.ref, f)
		if err != nil {
			s.Fail(e.p, fmt.Errorf("%s: %w", call, err))
			return
		}
		e.ref = shown.Ref
		s.Append(e.path, map[string]any{"ref": shown.Ref, "rows": shown.Rows})
	case e.chart != nil:
		e.addPoints(f, call)
	case e.spec != nil:
		rows, err := jsonRows(f)
		if err != nil {
			s.Fail(e.p, fmt.Errorf("%s: %w", call, err))
			return
		}
		s.Append(e.path, map[string]any{"rows": rows})
	default:
		s.misuse(e.p, call, "works on tables, grids and charts only")
	}
}

// jsonRows are a frame's rows as JSON objects.
func jsonRows(f *dataframe.Frame) (json.RawMessage, error) {
	rows, err := f.Rows()
	if err != nil {
		return nil, err
	}
	if len(rows) > maxSpecRows {
		return nil, fmt.Errorf("%d rows are too many for a Vega-Lite chart: aggregate first, or Limit(%d)", len(rows), maxSpecRows)
	}
	for _, r := range rows {
		for k, v := range r {
			switch x := v.(type) {
			case float64:
				if math.IsNaN(x) || math.IsInf(x, 0) {
					r[k] = nil
				}
			case nil, bool, int64, string:
			case duckconn.Decimal:
				r[k] = x.Float()
			default:
				r[k] = jsonCell(v)
			}
		}
	}
	return json.Marshal(rows)
}

const maxSpecRows = 50_000

// SQL is the frame of a query over the app's DuckDB; nothing runs until it is
// shown. Values go in as parameters: SQL("SELECT * FROM t WHERE x > $1", 5).
func (c *Container) SQL(query string, args ...any) *dataframe.Frame {
	s := c.session()
	s.Check()
	for i, a := range args {
		if _, ok := a.(sql.NamedArg); ok {
			continue
		}
		args[i] = s.plainParam(a)
	}
	return s.Space.SQL(query, args...)
}

func jsonCell(v any) any {
	if t, ok := v.(time.Time); ok {
		return t.Format("2006-01-02T15:04:05.000")
	}
	return duckconn.Text(v)
}

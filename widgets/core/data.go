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
	e, _ := s.grid(p, o, "st.Dataframe", data, s.placeKey(p))
	return e
}

// Selected shows a grid in which people can select, and returns what they did.
func (c *Container) Selected(data any, opts ...Option) Selected {
	s, p, o := c.start(append([]Option{Selection("multi-row")}, opts...))
	_, picked := s.grid(p, o, "st.Selected", data, "")
	return picked
}

// grid shows data in a grid, and what people selected in it when they can. place, when
// not "", tells it from others with the same columns.
func (s *Session) grid(p *run.Place, o *settings, call string, data any, place string) (*Element, Selected) {
	e := &Element{s: s, p: p, call: call}
	f := s.frame(p, call, data)
	if f == nil {
		return e, Selected{}
	}
	shown, err := s.Space.Pin(f, s.placeKey(p))
	if err != nil {
		s.Fail(p, fmt.Errorf("%s: %w", call, err))
		return e, Selected{}
	}
	s.checkColumns(p, call, o, shown.Columns)
	s.checkModes(p, call, o, gridModes...)
	mode := o.gridSelection()
	el := run.El("dataframe", element.Dataframe{
		Data:   element.FrameRef{Ref: shown.Ref, Rows: shown.Rows, Columns: columnsOf(shown.Columns)},
		Height: o.height, HideIndex: o.hideIndex, Order: o.order, Config: o.columns, Selection: mode,
	})
	el.Key = o.key
	picked := Selected{}
	if mode != "" {
		v, ok := s.Widget(p, run.Widget{
			Call: call, Kind: "dataframe", Key: o.key, Params: []any{mode, columnsOf(shown.Columns), place}, Default: picked,
			Decode: func(raw json.RawMessage) (any, error) {
				var v Selected
				if err := json.Unmarshal(raw, &v); err != nil {
					return nil, fmt.Errorf("is no selection: %w", err)
				}
				return v, v.within(shown)
			},
			Fit: func(old any) (any, bool) { // the data may have become less
				v, ok := old.(Selected)
				return v, ok && v.within(shown) == nil
			},
			OnChange: o.onChange, Persist: o.persist, Query: o.query, ReadOnly: true,
		})
		if !ok {
			return e, picked
		}
		el.ID, el.Form, el.Fragment = v.ID, v.Form, v.Fragment
		picked = v.Value.(Selected)
	}
	e.path, e.kind, e.ref = s.Put(p, el), "dataframe", shown.Ref
	return e, picked
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

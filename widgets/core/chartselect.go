package core

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"stnb.dev/widgets/element"
	"stnb.dev/widgets/run"
)

// ChartSelection is what people selected in a chart. Nothing is selected at first,
// and when the chart comes to show something else.
type ChartSelection struct {
	// Points are the selected points as their values by column name: numbers are
	// float64, times time.Time in UTC. A map's points are the rows of its data.
	Points []map[string]any
	// Ranges are the selected stretches of axes by column name.
	Ranges map[string]ChartRange
	// Params are the selections of a Vega-Lite chart by the names of their parameters;
	// Points and Ranges hold those of all.
	Params map[string]ChartSelection
}

// ChartRange is a stretch of a chart's axis, From its least value To its greatest. They
// are float64 or time.Time; on an axis of categories they are the first and the last,
// and Values all of them.
type ChartRange struct {
	From, To any
	Values   []any
}

// Empty says that nothing is selected.
func (v ChartSelection) Empty() bool { return len(v.Points) == 0 && len(v.Ranges) == 0 }

// Numbers are the ends of a range of numbers; ok is false when there is none.
func (v ChartSelection) Numbers(column string) (from, to float64, ok bool) {
	from, ok = v.Ranges[column].From.(float64)
	if ok {
		to, ok = v.Ranges[column].To.(float64)
	}
	return from, to, ok
}

// Times are the ends of a range of times; ok is false when there is none.
func (v ChartSelection) Times(column string) (from, to time.Time, ok bool) {
	from, ok = v.Ranges[column].From.(time.Time)
	if ok {
		to, ok = v.Ranges[column].To.(time.Time)
	}
	return from, to, ok
}

// Selected is what people selected in a chart that was made with Selection.
func (e *Element) Selected() ChartSelection {
	if e == nil || e.s == nil {
		return ChartSelection{}
	}
	if !e.selects && e.path != "" {
		s := e.s
		if e.ref != "" {
			s.misuse(e.p, e.call+": Selected", "is of charts: st.Selected shows a grid and returns what is selected in it")
		} else {
			s.misuse(e.p, e.call+": Selected", `needs a chart with st.Selection, such as st.Selection("range")`)
		}
	}
	return e.picked
}

var chartModes = []string{"single-point", "multi-point", "range"}

// checkModes refuses ways to select that there are not.
func (s *Session) checkModes(p *run.Place, call string, o *settings, known ...string) {
	for _, m := range o.selection {
		if m != "" && !slices.Contains(known, m) {
			s.misuse(p, call, "has st.Selection(%q), but what can be selected is %s", m, strings.Join(known, ", "))
		}
	}
}

// selection is what makes a chart one to select in, nil when the author did not ask.
func (s *Session) selection(p *run.Place, call string, o *settings, known ...string) *element.Selection {
	if o.selection == nil {
		return nil
	}
	s.checkModes(p, call, o, known...)
	sel := &element.Selection{Modes: []string{}}
	for _, m := range o.selection {
		if slices.Contains(known, m) {
			sel.Modes = append(sel.Modes, m)
		}
	}
	if len(o.selection) == 0 { // all a specification has; else points
		if sel.Modes = known; slices.Contains(known, "multi-point") {
			sel.Modes = []string{"multi-point"}
		}
	}
	return sel
}

// picked is the value of a chart: as the browser has it, and as the author does.
type picked struct {
	wire  element.Picked
	value ChartSelection
}

// putChart shows a chart, as a widget when sel, which is part of props, is not nil.
// read makes what a browser sends the author's value.
func (s *Session) putChart(p *run.Place, o *settings, call, kind string, props any, sel *element.Selection, read func(element.Picked) (ChartSelection, error)) *Element {
	if sel == nil {
		return s.put(p, o, call, kind, props)
	}
	raw, err := json.Marshal(props)
	if err != nil {
		s.Fail(p, fmt.Errorf("%s: %w", call, err))
		return &Element{s: s, p: p, call: call}
	}
	sum := sha256.Sum256(raw)
	data := hex.EncodeToString(sum[:8])
	v, ok := s.Widget(p, run.Widget{
		Call: call, Kind: kind, Key: o.key, Params: []any{sel.Modes, s.placeKey(p)},
		Default: picked{}, OnChange: o.onChange, Persist: o.persist, Query: o.query, ReadOnly: true,
		Decode: func(raw json.RawMessage) (any, error) {
			var w element.Picked
			if err := json.Unmarshal(raw, &w); err != nil {
				return nil, fmt.Errorf("is no selection: %w", err)
			}
			if w.Data == "" {
				return picked{}, nil
			}
			if w.Data != data {
				return nil, fmt.Errorf("is a selection in what is not shown any more")
			}
			v, err := read(w)
			return picked{w, v}, err
		},
		// Another chart in the same place: what was selected is not there.
		Fit: func(old any) (any, bool) {
			v, ok := old.(picked)
			return v, ok && (v.wire.Data == "" || v.wire.Data == data)
		},
		Encode: func(v any) any { return v.(picked).wire },
		State:  func(v any) any { return v.(picked).value },
	})
	if !ok {
		return &Element{s: s, p: p, call: call}
	}
	now, _ := v.Value.(picked)
	shown, _ := v.Shown.(picked)
	sel.Data, sel.Value, sel.Rev = data, shown.wire, v.Rev
	el := run.El(kind, props)
	el.ID, el.Key, el.Form, el.Fragment = v.ID, o.key, v.Form, v.Fragment
	return &Element{s: s, p: p, path: s.Put(p, el), kind: kind, call: call, selects: true, picked: now.value}
}

// read is the selection in a built-in chart.
func (st *chartState) read(v element.Picked) (ChartSelection, error) {
	p := &st.props
	var out ChartSelection
	x := st.opts.X
	if x == "" {
		x = "row"
	}
	for _, at := range v.Points {
		i := at[1]
		if at[0] < 0 || at[0] >= len(p.Series) || i < 0 || i >= len(p.X) || i >= len(p.Series[at[0]].Y) {
			return out, fmt.Errorf("has no point %d of series %d", i, at[0])
		}
		series := p.Series[at[0]]
		point := map[string]any{x: st.along(p.X[i])}
		y := series.Name
		if st.opts.Color != "" {
			point[st.opts.Color] = series.Name
			y = st.valueName()
		}
		if point[y] = nil; series.Y[i] != nil {
			point[y] = *series.Y[i]
		}
		if st.opts.Size != "" && i < len(series.Size) && series.Size[i] != nil {
			point[st.opts.Size] = *series.Size[i]
		}
		out.Points = append(out.Points, point)
	}
	for name, ends := range map[string][]any{x: v.X, st.valueName(): v.Y} {
		if len(ends) == 0 {
			continue
		}
		from, to, err := numberEnds(ends)
		if err != nil {
			return out, err
		}
		r := ChartRange{From: from, To: to}
		if name == x && p.XType != "number" {
			if r, err = st.stretch(from, to); err != nil {
				return out, err
			}
		}
		if out.Ranges == nil {
			out.Ranges = map[string]ChartRange{}
		}
		out.Ranges[name] = r
	}
	return out, nil
}

// valueName is the name of what stands on the axis of values.
func (st *chartState) valueName() string {
	switch {
	case len(st.opts.Y) == 1:
		return st.opts.Y[0]
	case len(st.series) == 1 && st.opts.Color == "":
		return st.series[0]
	}
	return "y"
}

// along is a place on the x axis as the author has it.
func (st *chartState) along(x any) any {
	switch v := x.(type) {
	case int64:
		if st.props.XType == "time" {
			return time.UnixMilli(v).UTC()
		}
		return float64(v)
	case int:
		return float64(v)
	}
	return x
}

// stretch is a part of an axis of times or categories.
func (st *chartState) stretch(from, to float64) (ChartRange, error) {
	if st.props.XType == "time" {
		return ChartRange{From: time.UnixMilli(int64(from)).UTC(), To: time.UnixMilli(int64(math.Ceil(to))).UTC()}, nil
	}
	i, j := int(math.Round(from)), int(math.Round(to))
	if i < 0 || j >= len(st.props.X) {
		return ChartRange{}, fmt.Errorf("has no categories %d to %d", i, j)
	}
	return ChartRange{From: st.props.X[i], To: st.props.X[j], Values: slices.Clone(st.props.X[i : j+1])}, nil
}

func numberEnds(ends []any) (from, to float64, err error) {
	if len(ends) == 2 {
		a, ok := ends[0].(float64)
		b, also := ends[1].(float64)
		if ok && also && a <= b && math.Abs(a) < 1e300 && math.Abs(b) < 1e300 {
			return a, b, nil
		}
	}
	return 0, 0, fmt.Errorf("has a range that is none: %v", ends)
}

// selectParams are the names of a specification's parameters that select.
func selectParams(spec json.RawMessage) []string {
	var names []string
	var walk func(v any)
	walk = func(v any) {
		switch x := v.(type) {
		case []any:
			for _, e := range x {
				walk(e)
			}
		case map[string]any:
			params, _ := x["params"].([]any)
			for _, p := range params {
				if m, ok := p.(map[string]any); ok && m["select"] != nil {
					if name, ok := m["name"].(string); ok && !slices.Contains(names, name) {
						names = append(names, name)
					}
				}
			}
			for _, part := range []string{"spec", "layer", "concat", "hconcat", "vconcat"} {
				walk(x[part])
			}
		}
	}
	var v any
	_ = json.Unmarshal(spec, &v)
	walk(v)
	return names
}

// readParams reads the selections of a Vega-Lite chart.
func readParams(sel *element.Selection) func(element.Picked) (ChartSelection, error) {
	return func(v element.Picked) (ChartSelection, error) {
		var out ChartSelection
		for _, name := range slices.Sorted(maps.Keys(v.Params)) {
			if !slices.Contains(sel.Modes, name) {
				return out, fmt.Errorf("has no parameter %q", name)
			}
			param := v.Params[name]
			var one ChartSelection
			for _, p := range param.Points {
				point := make(map[string]any, len(p))
				for k, x := range p {
					point[k] = maybeTime(x, slices.Contains(param.Times, k))
				}
				one.Points = append(one.Points, point)
			}
			for _, r := range param.Ranges {
				if len(r.Values) == 0 || !r.Exact && len(r.Values) != 2 {
					return out, fmt.Errorf("has a range of %q that is none", r.Field)
				}
				values := slices.Clone(r.Values)
				for i, x := range values {
					values[i] = maybeTime(x, slices.Contains(param.Times, r.Field))
				}
				got := ChartRange{From: values[0], To: values[len(values)-1]}
				if r.Exact {
					got.Values = values
				}
				if one.Ranges == nil {
					one.Ranges = map[string]ChartRange{}
				}
				one.Ranges[r.Field] = got
			}
			out.Points = append(out.Points, one.Points...)
			for field, r := range one.Ranges {
				if out.Ranges == nil {
					out.Ranges = map[string]ChartRange{}
				}
				out.Ranges[field] = r
			}
			if out.Params == nil {
				out.Params = map[string]ChartSelection{}
			}
			out.Params[name] = one
		}
		return out, nil
	}
}

func maybeTime(v any, isTime bool) any {
	if ms, ok := v.(float64); ok && isTime && math.Abs(ms) < 1e16 {
		return time.UnixMilli(int64(ms)).UTC()
	}
	return v
}

// readFigure reads the selection in a figure of Plotly's. A date on its axes is text.
func readFigure(traces json.RawMessage) func(element.Picked) (ChartSelection, error) {
	return func(v element.Picked) (ChartSelection, error) {
		var out ChartSelection
		var list []json.RawMessage
		if err := json.Unmarshal(bytes.TrimSpace(traces), &list); err != nil {
			return out, err
		}
		if len(v.Rows) != len(v.Points) {
			return out, fmt.Errorf("has %d points and %d rows", len(v.Points), len(v.Rows))
		}
		for i, at := range v.Points {
			if at[0] < 0 || at[0] >= len(list) || at[1] < 0 {
				return out, fmt.Errorf("has no point %d of trace %d", at[1], at[0])
			}
			row := map[string]any{"trace": float64(at[0]), "point": float64(at[1])}
			for _, k := range []string{"x", "y", "z", "label", "value", "text", "customdata"} {
				if x := v.Rows[i][k]; x != nil {
					row[k] = x
				}
			}
			out.Points = append(out.Points, row)
		}
		for name, ends := range map[string][]any{"x": v.X, "y": v.Y} {
			if len(ends) != 0 && len(ends) != 2 {
				return out, fmt.Errorf("has a range that is none: %v", ends)
			}
			if len(ends) == 2 {
				if out.Ranges == nil {
					out.Ranges = map[string]ChartRange{}
				}
				out.Ranges[name] = ChartRange{From: ends[0], To: ends[1]}
			}
		}
		return out, nil
	}
}

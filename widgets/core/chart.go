package core

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"stnb.dev/dataframe"
	"stnb.dev/duckconn"
	"stnb.dev/widgets/element"
	"stnb.dev/widgets/run"
)

// chartState is what AddRows must know of a chart.
type chartState struct {
	opts    dataframe.PlotOptions
	series  []string
	rows    int // shown, of charts that number their rows
	props   element.Chart
	started bool
}

// LineChart draws lines. data is a frame or what Dataframe takes; X and Y choose
// columns, Color splits long data in series. More points than pixels are
// aggregated in the database before they travel.
func (c *Container) LineChart(data any, opts ...Option) *Element {
	return c.chart("st.LineChart", "line", data, opts)
}

// AreaChart draws filled lines.
func (c *Container) AreaChart(data any, opts ...Option) *Element {
	return c.chart("st.AreaChart", "area", data, opts)
}

// BarChart draws bars, upright or Horizontal.
func (c *Container) BarChart(data any, opts ...Option) *Element {
	return c.chart("st.BarChart", "bar", data, opts)
}

// ScatterChart draws points; Size is the column of their size.
func (c *Container) ScatterChart(data any, opts ...Option) *Element {
	return c.chart("st.ScatterChart", "scatter", data, opts)
}

func (c *Container) chart(call, kind string, data any, opts []Option) *Element {
	s, p, o := c.start(opts)
	st := &chartState{opts: dataframe.PlotOptions{X: o.x, Y: o.y, Color: o.color, Size: o.size, Kind: kind}}
	color := ""
	st.props = element.Chart{
		Type: kind, XType: "number", X: []any{}, Series: []element.Series{}, XLabel: o.xLabel, YLabel: o.yLabel,
		Horizontal: o.horizontal, Height: o.height, Title: o.chartTitle,
	}
	if o.stack != nil {
		st.props.Stack = *o.stack
	} else {
		st.props.Stack = kind == "bar" || kind == "area"
	}
	st.props.Selection = s.selection(p, call, o, chartModes...)
	e := &Element{s: s, p: p, kind: "chart", call: call, chart: st}
	if data != nil {
		f := s.frame(p, call, data)
		if f == nil {
			return e
		}
		if o.color != "" {
			if cols, err := f.Columns(); err == nil && !hasColumn(cols, o.color) && isColor(o.color) {
				color, st.opts.Color = o.color, ""
			}
		}
		plot, err := f.Plot(st.opts)
		if err != nil {
			s.Fail(p, fmt.Errorf("%s: %w", call, err))
			return e
		}
		st.take(plot)
		if color != "" && len(st.props.Series) > 0 {
			st.props.Series[0].Color = color
		}
	}
	shown := s.putChart(p, o, call, "chart", st.props, st.props.Selection, st.read)
	e.path, e.selects, e.picked = shown.path, shown.selects, shown.picked
	return e
}

// take makes a plot the chart's data.
func (st *chartState) take(plot dataframe.Plot) {
	st.props.XType, st.props.X, st.props.Sampled = plot.XType, plot.X, plot.Sampled
	if st.props.XLabel == "" {
		st.props.XLabel = plot.XName
	}
	st.props.Series = make([]element.Series, len(plot.Series))
	st.series = st.series[:0]
	for i, ps := range plot.Series {
		st.props.Series[i] = element.Series{Name: ps.Name, Y: ps.Y, Size: ps.Size}
		st.series = append(st.series, ps.Name)
	}
	if len(st.series) == 1 && st.props.YLabel == "" {
		st.props.YLabel = st.series[0]
	}
	st.rows, st.started = len(plot.X), true
	if plot.Sampled > 0 {
		st.rows = int(plot.Sampled)
	}
}

// addPoints appends a frame's rows to a chart, series by series.
func (e *Element) addPoints(f *dataframe.Frame, call string) {
	s, st := e.s, e.chart
	plot, err := f.Plot(st.opts)
	if err != nil {
		s.Fail(e.p, fmt.Errorf("%s: %w", call, err))
		return
	}
	if !st.started { // the chart had no data: it starts now
		st.take(plot)
		s.Reput(e.path, run.El("chart", st.props))
		return
	}
	if plot.XType != st.props.XType {
		s.misuse(e.p, call, "has an x axis of kind %s, the chart's is of kind %s", plot.XType, st.props.XType)
		return
	}
	if st.opts.Color == "" && len(plot.Series) != len(st.series) {
		s.misuse(e.p, call, "has %d columns of numbers, the chart has %d", len(plot.Series), len(st.series))
		return
	}
	n := len(plot.X)
	if st.opts.X == "" {
		for i := range plot.X {
			plot.X[i] = st.rows + i
		}
	}
	st.rows += n
	series := make([][]*float64, len(st.series))
	for i := range series {
		series[i] = make([]*float64, n)
	}
	for i, ps := range plot.Series {
		at := -1
		for j, name := range st.series {
			if name == ps.Name {
				at = j
			}
		}
		if at < 0 && st.opts.Color == "" && i < len(st.series) {
			at = i
		}
		if at < 0 {
			s.misuse(e.p, call, "brings a series %q that the chart does not have", ps.Name)
			return
		}
		copy(series[at], ps.Y)
	}
	s.Append(e.path, map[string]any{"x": plot.X, "series": series})
}

// VegaLite shows a chart of a Vega-Lite specification: a map, or JSON text. data,
// which may be nil, is the rows, as for Dataframe.
func (c *Container) VegaLite(spec, data any, opts ...Option) *Element {
	s, p, o := c.start(opts)
	raw, err := s.object(spec)
	if err != nil {
		s.misuse(p, "st.VegaLite", "cannot read the specification: %v", err)
		return &Element{s: s, p: p}
	}
	props := element.VegaLite{Spec: raw, Height: o.height}
	if data != nil {
		f := s.frame(p, "st.VegaLite", data)
		if f == nil {
			return &Element{s: s, p: p}
		}
		rows, err := jsonRows(f)
		if err != nil {
			s.Fail(p, fmt.Errorf("st.VegaLite: %w", err))
			return &Element{s: s, p: p}
		}
		props.Data = rows
	}
	if params := selectParams(raw); len(params) > 0 {
		props.Selection = s.selection(p, "st.VegaLite", o, params...)
	} else if o.selection != nil {
		s.misuse(p, "st.VegaLite", `has st.Selection, but the specification has nothing that selects: give it "params": [{"name": "brush", "select": "interval"}]`)
	}
	e := s.putChart(p, o, "st.VegaLite", "vegaLite", props, props.Selection, readParams(props.Selection))
	e.spec = &props
	return e
}

// object is a JSON object that user code hands over as text or as a value.
func (s *Session) object(v any) (json.RawMessage, error) {
	var raw json.RawMessage
	switch x := v.(type) {
	case string:
		raw = json.RawMessage(x)
	case []byte:
		raw = x
	case json.RawMessage:
		raw = x
	default:
		b, err := s.encodeJSON(v)
		if err != nil {
			return nil, err
		}
		raw = b
	}
	if raw = bytes.TrimSpace(raw); !json.Valid(raw) || raw[0] != '{' {
		return nil, errors.New("it is no JSON object")
	}
	return raw, nil
}

// Map shows points on a map. The columns are named lat and lon (or latitude and
// longitude); Size and Color choose further columns.
func (c *Container) Map(data any, opts ...Option) *Element {
	s, p, o := c.start(opts)
	f := s.frame(p, "st.Map", data)
	if f == nil {
		return &Element{s: s, p: p}
	}
	cols, err := f.Columns()
	if err != nil {
		s.Fail(p, fmt.Errorf("st.Map: %w", err))
		return &Element{s: s, p: p}
	}
	find := func(names ...string) int {
		for i, c := range cols {
			for _, n := range names {
				if strings.EqualFold(c.Name, n) {
					return i
				}
			}
		}
		return -1
	}
	lat, lon := find("lat", "latitude"), find("lon", "lng", "longitude")
	if lat < 0 || lon < 0 {
		s.misuse(p, "st.Map", "needs the columns lat and lon; there are %s", columnNames(cols))
		return &Element{s: s, p: p}
	}
	size, color := -1, -1
	if o.size != "" {
		if size = find(o.size); size < 0 {
			s.misuse(p, "st.Map", "has st.Size(%q), but there is no such column; there are %s", o.size, columnNames(cols))
		}
	}
	if o.color != "" && !isColor(o.color) {
		if color = find(o.color); color < 0 {
			s.misuse(p, "st.Map", "has st.Color(%q), but there is no such column; there are %s", o.color, columnNames(cols))
		}
	}
	m := element.Map{Lat: []float64{}, Lon: []float64{}, Zoom: o.zoom, Height: o.height}
	m.Selection = s.selection(p, "st.Map", o, chartModes[:2]...)
	var rows []map[string]any // of the points, when they can be selected
	if isColor(o.color) {
		m.Color = []string{o.color}
	}
	err = f.Each(func(row []any) error {
		y, ok1 := dataframe.Number(row[lat])
		x, ok2 := dataframe.Number(row[lon])
		if !ok1 || !ok2 || y < -90 || y > 90 || x < -180 || x > 180 || y != y || x != x {
			return nil
		}
		if len(m.Lat) >= maxMapPoints {
			return fmt.Errorf("a map shows at most %d points: aggregate first, or Sample(%d)", maxMapPoints, maxMapPoints)
		}
		m.Lat, m.Lon = append(m.Lat, y), append(m.Lon, x)
		if size >= 0 {
			z, _ := dataframe.Number(row[size])
			if z != z {
				z = 0
			}
			m.Size = append(m.Size, z)
		}
		if color >= 0 {
			m.Color = append(m.Color, duckconn.Text(row[color]))
		}
		if m.Selection != nil {
			values := make(map[string]any, len(row))
			for i, v := range row {
				values[cols[i].Name] = v
			}
			rows = append(rows, values)
		}
		return nil
	})
	if err != nil {
		s.Fail(p, fmt.Errorf("st.Map: %w", err))
		return &Element{s: s, p: p}
	}
	return s.putChart(p, o, "st.Map", "map", m, m.Selection, func(v element.Picked) (ChartSelection, error) {
		var out ChartSelection
		for _, at := range v.Points {
			if at[1] < 0 || at[1] >= len(rows) {
				return out, fmt.Errorf("has no point %d", at[1])
			}
			out.Points = append(out.Points, rows[at[1]])
		}
		return out, nil
	})
}

const maxMapPoints = 20_000

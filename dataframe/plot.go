package dataframe

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"stnb.dev/duckconn"
)

// Plot is what a chart shows of a frame: a shared x axis and series over it.
type Plot struct {
	XType   string // "number", "time" (ms since 1970), "category"
	X       []any
	Series  []PlotSeries
	Sampled int64 // points before aggregation, 0 when all are there
	XName   string
	rows    int // read
}

// PlotSeries is one series; nil is a gap.
type PlotSeries struct {
	Name string
	Y    []*float64
	Size []*float64
}

// PlotOptions says what to plot.
type PlotOptions struct {
	X     string   // "" is the row number
	Y     []string // nil is every column of numbers
	Color string   // a column whose values split the rows in series
	Size  string   // a column of numbers, of scatter
	Kind  string   // "line", "area", "bar", "scatter"
}

// maxPoints is the number of rows a chart shows as they are. More have no pixels:
// a line then shows the least and the greatest value of each of lineBins columns,
// a scatter one point of each cell of a grid.
const (
	maxPoints   = 10_000
	lineBins    = 1_000
	scatterBins = 150
)

// Plot prepares the frame for a chart. Frames with more points than pixels are
// aggregated where they live, so that just the result travels.
func (f *Frame) Plot(o PlotOptions) (Plot, error) {
	if f != nil && f.err == nil && f.remote != nil {
		var err error
		if f, err = f.sp.pull(f.sp.cfg.Context(), f); err != nil {
			return Plot{}, err
		}
	}
	cols, err := f.Columns()
	if err != nil {
		return Plot{}, err
	}
	kind := func(name string) (string, error) {
		for _, c := range cols {
			if c.Name == name {
				return c.Kind, nil
			}
		}
		return "", fmt.Errorf("there is no column %q; there are %s", name, names(cols))
	}
	xKind := "int"
	if o.X != "" {
		if xKind, err = kind(o.X); err != nil {
			return Plot{}, err
		}
	}
	if o.Color != "" {
		if _, err = kind(o.Color); err != nil {
			return Plot{}, err
		}
	}
	for _, n := range append(slices.Clone(o.Y), o.Size) {
		if n == "" {
			continue
		}
		k, err := kind(n)
		if err != nil {
			return Plot{}, err
		}
		if !isNumber(k) {
			return Plot{}, fmt.Errorf("column %q holds %s, not numbers", n, k)
		}
	}
	if len(o.Y) == 0 {
		for _, c := range cols {
			if isNumber(c.Kind) && c.Name != o.X && c.Name != o.Color && c.Name != o.Size {
				o.Y = append(o.Y, c.Name)
			}
		}
		if len(o.Y) == 0 {
			return Plot{}, fmt.Errorf("there is no column of numbers to show; there are %s", describeColumns(cols))
		}
	}
	if o.Kind != "bar" && (isNumber(xKind) || xKind == "date" || xKind == "datetime") {
		p, err := f.plotRows(f.head(maxPoints+1), o, xKind)
		if err != nil || p.rows <= maxPoints {
			return p, err
		}
		n, err := f.Count()
		if err != nil {
			return Plot{}, err
		}
		return f.plotSampled(o, xKind, n)
	}
	return f.plotRows(f, o, xKind)
}

// head is the first n rows, without a query more when all are there anyway.
func (f *Frame) head(n int) *Frame {
	if f.own != nil && f.own.rows < n {
		return f
	}
	g := f.Limit(n)
	g.cols = &columnsOnce{done: true, cols: f.cols.cols}
	if f.own != nil {
		g.cols.cols = f.own.columns()
	}
	return g
}

func isNumber(kind string) bool { return kind == "int" || kind == "float" || kind == "decimal" }

func describeColumns(cols []Column) string {
	list := make([]string, len(cols))
	for i, c := range cols {
		list[i] = c.Name + " (" + c.Kind + ")"
	}
	return strings.Join(list, ", ")
}

// maxCategories bounds the bars and categories of a chart.
const maxCategories = 20_000

// plotRows reads rows as they are.
func (f *Frame) plotRows(src *Frame, o PlotOptions, xKind string) (Plot, error) {
	cols, err := src.Columns()
	if err != nil {
		return Plot{}, err
	}
	index := map[string]int{}
	for i, c := range cols {
		index[c.Name] = i
	}
	p := Plot{XType: xType(xKind), XName: o.X}
	series := map[string]int{}
	at := map[any]int{} // x: its place
	rows := 0
	add := func(name string, i int, y, size *float64) {
		s, ok := series[name]
		if !ok {
			s = len(p.Series)
			series[name] = s
			p.Series = append(p.Series, PlotSeries{Name: name})
		}
		ps := &p.Series[s]
		for len(ps.Y) <= i {
			ps.Y = append(ps.Y, nil)
			if o.Size != "" {
				ps.Size = append(ps.Size, nil)
			}
		}
		ps.Y[i] = y
		if size != nil {
			ps.Size[i] = size
		}
	}
	err = src.Each(func(row []any) error {
		var x any = rows
		if o.X != "" {
			x = plotX(row[index[o.X]], p.XType)
		}
		rows++
		i := len(p.X)
		if o.Color != "" && o.Kind != "scatter" {
			// Long form: several rows share an x.
			if j, ok := at[x]; ok {
				i = j
			} else {
				at[x] = i
			}
		}
		if i == len(p.X) {
			p.X = append(p.X, x)
			if len(p.X) > maxCategories {
				return fmt.Errorf("a chart shows at most %d bars or categories: aggregate first, or Limit", maxCategories)
			}
		}
		var size *float64
		if o.Size != "" {
			size = finite(row[index[o.Size]])
		}
		for _, y := range o.Y {
			name := y
			if o.Color != "" {
				name = duckconn.Text(row[index[o.Color]])
				if len(o.Y) > 1 {
					name += " " + y
				}
			}
			add(name, i, finite(row[index[y]]), size)
		}
		return nil
	})
	if err != nil {
		return Plot{}, err
	}
	p.rows = rows
	if len(p.Series) == 0 {
		for _, y := range o.Y {
			p.Series = append(p.Series, PlotSeries{Name: y})
		}
	}
	for i := range p.Series {
		for len(p.Series[i].Y) < len(p.X) {
			p.Series[i].Y = append(p.Series[i].Y, nil)
			if o.Size != "" {
				p.Series[i].Size = append(p.Series[i].Size, nil)
			}
		}
	}
	if p.X == nil {
		p.X = []any{}
	}
	return p, nil
}

func xType(kind string) string {
	switch kind {
	case "int", "float", "decimal":
		return "number"
	case "date", "datetime":
		return "time"
	}
	return "category"
}

func plotX(v any, xtype string) any {
	switch xtype {
	case "number":
		if p := finite(v); p != nil {
			return *p
		}
		return nil
	case "time":
		if t, ok := v.(time.Time); ok {
			return t.UnixMilli()
		}
		return nil
	}
	return duckconn.Text(v)
}

// finite is a number JSON can hold, else nil.
func finite(v any) *float64 {
	x, ok := Number(v)
	if !ok || math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// plotSampled aggregates in the database what has more points than pixels.
func (f *Frame) plotSampled(o PlotOptions, xKind string, n int64) (Plot, error) {
	x := `CAST(row_number() OVER () - 1 AS DOUBLE)`
	if o.X != "" {
		q := f.quote(o.X)
		x = "CAST(" + q + " AS DOUBLE)"
		if xType(xKind) == "time" {
			x = "CAST(epoch_ms(CAST(" + q + " AS TIMESTAMP)) AS DOUBLE)"
		}
	}
	var in []string
	for i, y := range o.Y {
		in = append(in, fmt.Sprintf("CAST(%s AS DOUBLE) AS y%d", f.quote(y), i))
	}
	if o.Color != "" {
		in = append(in, "CAST("+f.quote(o.Color)+" AS VARCHAR) AS c")
	} else {
		in = append(in, "NULL AS c")
	}
	if o.Size != "" {
		in = append(in, "CAST("+f.quote(o.Size)+" AS DOUBLE) AS s")
	} else {
		in = append(in, "NULL AS s")
	}
	base := "WITH v AS (SELECT " + x + " AS x, " + escape(strings.Join(in, ", ")) + " FROM %s), r AS (SELECT min(x) AS lo, max(x) AS hi FROM v WHERE isfinite(x))"
	p := Plot{XType: xType(xKind), XName: o.X, Sampled: n}
	if o.Kind == "scatter" {
		return f.sampleScatter(o, base, p)
	}
	var agg []string
	for i := range o.Y {
		agg = append(agg, fmt.Sprintf("min(y%[1]d), max(y%[1]d), arg_min(x, y%[1]d) <= arg_max(x, y%[1]d)", i))
	}
	q := base + fmt.Sprintf(" SELECT CASE WHEN hi > lo THEN least(%[1]d, CAST(floor((x - lo) / (hi - lo) * %[2]d) AS INTEGER)) ELSE 0 END AS i, c, any_value(lo), any_value(hi), ", lineBins-1, lineBins) +
		strings.Join(agg, ", ") + " FROM v, r WHERE isfinite(x) GROUP BY i, c ORDER BY i, c"
	at := map[int64]int{}
	series := map[string]int{}
	err := f.derive(q).Each(func(row []any) error {
		i, _ := row[0].(int64)
		lo, _ := Number(row[2])
		hi, _ := Number(row[3])
		j, ok := at[i]
		if !ok {
			j = len(p.X)
			at[i] = j
			w := (hi - lo) / lineBins
			p.X = append(p.X, axis(lo+w*(float64(i)+0.25), p.XType), axis(lo+w*(float64(i)+0.75), p.XType))
		}
		for k, y := range o.Y {
			name := y
			if o.Color != "" {
				name = duckconn.Text(row[1])
				if len(o.Y) > 1 {
					name += " " + y
				}
			}
			s, ok := series[name]
			if !ok {
				s = len(p.Series)
				series[name] = s
				p.Series = append(p.Series, PlotSeries{Name: name})
			}
			a, b := finite(row[4+3*k]), finite(row[5+3*k])
			if first, _ := row[6+3*k].(bool); !first {
				a, b = b, a
			}
			ys := &p.Series[s].Y
			for len(*ys) < j {
				*ys = append(*ys, nil)
			}
			*ys = append(*ys, a, b)
		}
		return nil
	})
	for i := range p.Series {
		for len(p.Series[i].Y) < len(p.X) {
			p.Series[i].Y = append(p.Series[i].Y, nil)
		}
	}
	return p, err
}

func axis(x float64, xtype string) any {
	if xtype == "time" {
		return int64(x)
	}
	return x
}

func (f *Frame) sampleScatter(o PlotOptions, base string, p Plot) (Plot, error) {
	series := map[string]int{}
	var order []string
	type point struct {
		x       float64
		y, size *float64
		s       int
	}
	var points []point
	for k, y := range o.Y {
		q := base + fmt.Sprintf(`, q AS (SELECT min(y%[1]d) AS ylo, max(y%[1]d) AS yhi FROM v WHERE isfinite(y%[1]d))
SELECT any_value(x), any_value(y%[1]d), c, any_value(s) FROM v, r, q WHERE isfinite(x) AND isfinite(y%[1]d)
GROUP BY CAST(floor((x - lo) / greatest(hi - lo, 1e-300) * %[2]d) AS INTEGER), CAST(floor((y%[1]d - ylo) / greatest(yhi - ylo, 1e-300) * %[2]d) AS INTEGER), c`, k, scatterBins)
		err := f.derive(q).Each(func(row []any) error {
			name := y
			if o.Color != "" {
				name = duckconn.Text(row[2])
			}
			s, ok := series[name]
			if !ok {
				s = len(order)
				series[name] = s
				order = append(order, name)
			}
			x, _ := Number(row[0])
			points = append(points, point{x, finite(row[1]), finite(row[3]), s})
			return nil
		})
		if err != nil {
			return Plot{}, err
		}
	}
	for _, name := range order {
		p.Series = append(p.Series, PlotSeries{Name: name, Y: make([]*float64, len(points))})
	}
	for i, pt := range points {
		p.X = append(p.X, axis(pt.x, p.XType))
		p.Series[pt.s].Y[i] = pt.y
		if o.Size != "" {
			if p.Series[pt.s].Size == nil {
				p.Series[pt.s].Size = make([]*float64, len(points))
			}
			p.Series[pt.s].Size[i] = pt.size
		}
	}
	return p, nil
}

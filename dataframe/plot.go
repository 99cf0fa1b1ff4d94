package dataframe

import (
	"fmt"
	"math"
	"slices"
	"strconv"
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
	first := f
	if f != nil && f.err == nil && f.remote != nil {
		// What the values are is known from some of them: engines differ in their types.
		if first = f.head(maxPoints + 1).here(); first.err == nil && first.own.rows <= maxPoints {
			f = first
		}
	}
	cols, err := first.Columns()
	if err != nil {
		return Plot{}, err
	}
	kind := func(name string) (string, error) {
		i, err := indexOf(cols, name)
		if err != nil {
			return "", err
		}
		return cols[i].Kind, nil
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
	if o.Kind != "bar" && xType(xKind) != "category" {
		p, err := plotRows(first.head(maxPoints+1), o, xKind)
		if err != nil || p.rows <= maxPoints {
			return p, err
		}
		return f.plotSampled(o, xKind)
	}
	if o.Color == "" {
		f = f.head(maxCategories + 1)
	}
	return plotRows(f.here(), o, xKind)
}

// head is the first n rows, without a query more when all are there anyway.
func (f *Frame) head(n int) *Frame {
	if f.own != nil && f.own.rows <= n {
		return f
	}
	g := f.Limit(n)
	if cols, ok := f.Known(); ok {
		g.cols = &columnsOnce{done: true, cols: cols}
	}
	return g
}

func isNumber(kind string) bool { return kind == "int" || kind == "float" || kind == "decimal" }

func describeColumns(cols []Column) string {
	list := make([]string, len(cols))
	for i, c := range cols {
		list[i] = c.Name + " (" + c.Kind + ")"
	}
	return join(list)
}

// maxCategories bounds the bars and categories of a chart.
const maxCategories = 20_000

// plotRows reads rows as they are.
func plotRows(src *Frame, o PlotOptions, xKind string) (Plot, error) {
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
				name = o.series(row[index[o.Color]], y)
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

// series names the series of a column's rows of one colour.
func (o PlotOptions) series(color any, y string) string {
	name := duckconn.Text(color)
	if len(o.Y) > 1 {
		name += " " + y
	}
	return name
}

// plotSampled aggregates where the frame lives what has more points than pixels.
func (f *Frame) plotSampled(o PlotOptions, xKind string) (Plot, error) {
	if f.remote != nil && o.X == "" && f.order != "" {
		f = f.here() // engines need not number rows in the order of a query inside
	}
	d := dialectOf(f.dialect())
	x := d.number("row_number() OVER () - 1")
	if o.X != "" {
		x = d.number(f.quote(o.X))
		if xType(xKind) == "time" {
			x = d.millis(f.quote(o.X))
		}
	}
	list := []string{x + " AS x"}
	for i, y := range o.Y {
		list = append(list, fmt.Sprintf("%s AS y%d", d.number(f.quote(y)), i))
	}
	if o.Color != "" {
		list = append(list, d.text(f.quote(o.Color))+" AS c")
	}
	if o.Size != "" {
		list = append(list, d.number(f.quote(o.Size))+" AS s")
	}
	points := "(SELECT " + escape(strings.Join(list, ", ")) + " FROM %s) AS v"

	// What is finite is asked of all: a single infinity would leave nothing to see.
	bounds := []string{"count(*)"}
	over := []string{"x"}
	if o.Kind == "scatter" {
		for i := range o.Y {
			over = append(over, fmt.Sprintf("y%d", i))
		}
	}
	for _, v := range over {
		bounds = append(bounds, fmt.Sprintf("min(CASE WHEN %[1]s THEN %[2]s END), max(CASE WHEN %[1]s THEN %[2]s END)", d.finite(v), v))
	}
	spans := make([]span, len(over))
	p := Plot{XType: xType(xKind), XName: o.X}
	err := f.derive("SELECT " + strings.Join(bounds, ", ") + " FROM " + points).Each(func(row []any) error {
		p.Sampled, _ = row[0].(int64)
		for i := range spans {
			spans[i].lo, _ = Number(row[1+2*i])
			spans[i].hi, _ = Number(row[2+2*i])
		}
		return nil
	})
	if err != nil {
		return Plot{}, err
	}
	if o.Kind == "scatter" {
		return f.sampleScatter(o, d, points, spans, p)
	}
	return f.sampleLine(o, d, points, spans[0], p)
}

// span is the range of an axis.
type span struct{ lo, hi float64 }

// bin is the number of the bin, of n, in which a column's value falls.
func (s span) bin(d dialect, column string, n int) string {
	scale := 0.0
	if s.hi > s.lo {
		scale = float64(n) * (1 - 1e-9) / (s.hi - s.lo) // the greatest one is in the last
	}
	return d.whole(fmt.Sprintf("(%s - (%s)) * %s", column, sqlFloat(s.lo), sqlFloat(scale)))
}

func sqlFloat(x float64) string { return strconv.FormatFloat(x, 'e', -1, 64) }

// sampleLine has the least and the greatest value of each column of pixels.
func (f *Frame) sampleLine(o PlotOptions, d dialect, points string, over span, p Plot) (Plot, error) {
	list, by := []string{over.bin(d, "x", lineBins) + " AS i"}, "i"
	for i := range o.Y {
		list = append(list, fmt.Sprintf("min(y%[1]d), max(y%[1]d)", i))
	}
	if o.Color != "" {
		list, by = append(list, "c"), "i, c"
	}
	at := map[int64]int{}
	series := map[string]int{}
	err := f.derive("SELECT " + strings.Join(list, ", ") + " FROM " + points + " WHERE " + d.finite("x") + " GROUP BY " + by + " ORDER BY " + by).Each(func(row []any) error {
		number, _ := Number(row[0])
		i := int64(number)
		j, ok := at[i]
		if !ok {
			j = len(p.X)
			at[i] = j
			w := (over.hi - over.lo) / lineBins
			p.X = append(p.X, axis(over.lo+w*(float64(i)+0.25), p.XType), axis(over.lo+w*(float64(i)+0.75), p.XType))
		}
		for k, y := range o.Y {
			name := y
			if o.Color != "" {
				name = o.series(row[len(row)-1], y)
			}
			s, ok := series[name]
			if !ok {
				s = len(p.Series)
				series[name] = s
				p.Series = append(p.Series, PlotSeries{Name: name})
			}
			ys := &p.Series[s].Y
			for len(*ys) < j {
				*ys = append(*ys, nil)
			}
			*ys = append(*ys, finite(row[1+2*k]), finite(row[2+2*k]))
		}
		return nil
	})
	for i := range p.Series {
		ys := p.Series[i].Y
		for len(ys) < len(p.X) {
			ys = append(ys, nil)
		}
		inFlow(ys)
		p.Series[i].Y = ys
	}
	return p, err
}

// inFlow puts the two values of each bin in the order in which a line comes from the
// bin before, of the first in the one in which it goes on.
func inFlow(ys []*float64) {
	for i := 0; i+1 < len(ys); i += 2 {
		lo, hi := ys[i], ys[i+1]
		if lo == nil || hi == nil {
			continue
		}
		middle := (*lo + *hi) / 2
		switch {
		case i > 0 && ys[i-1] != nil:
			if *ys[i-1] > middle {
				ys[i], ys[i+1] = hi, lo
			}
		case i+3 < len(ys) && ys[i+2] != nil && ys[i+3] != nil:
			if (*ys[i+2]+*ys[i+3])/2 < middle {
				ys[i], ys[i+1] = hi, lo
			}
		}
	}
}

func axis(x float64, xtype string) any {
	if xtype == "time" {
		return int64(x)
	}
	return x
}

// sampleScatter has one point of each cell of a grid.
func (f *Frame) sampleScatter(o PlotOptions, d dialect, points string, spans []span, p Plot) (Plot, error) {
	series := map[string]int{}
	var order []string
	type point struct {
		x       float64
		y, size *float64
		s       int
	}
	var found []point
	for k, y := range o.Y {
		v := fmt.Sprintf("y%d", k)
		list := []string{spans[0].bin(d, "x", scatterBins) + " AS i", spans[k+1].bin(d, v, scatterBins) + " AS j", d.one("x"), d.one(v)}
		by := "i, j"
		if o.Size != "" {
			list = append(list, d.one("s"))
		}
		if o.Color != "" {
			list, by = append(list, "c"), "i, j, c"
		}
		err := f.derive("SELECT " + strings.Join(list, ", ") + " FROM " + points + " WHERE " + d.finite("x") + " AND " + d.finite(v) + " GROUP BY " + by + " ORDER BY " + by).Each(func(row []any) error {
			name := y
			if o.Color != "" {
				name = o.series(row[len(row)-1], y)
			}
			s, ok := series[name]
			if !ok {
				s = len(order)
				series[name] = s
				order = append(order, name)
			}
			x, _ := Number(row[2])
			pt := point{x: x, y: finite(row[3]), s: s}
			if o.Size != "" {
				pt.size = finite(row[4])
			}
			found = append(found, pt)
			return nil
		})
		if err != nil {
			return Plot{}, err
		}
	}
	for _, name := range order {
		ps := PlotSeries{Name: name, Y: make([]*float64, len(found))}
		if o.Size != "" {
			ps.Size = make([]*float64, len(found))
		}
		p.Series = append(p.Series, ps)
	}
	for i, pt := range found {
		p.X = append(p.X, axis(pt.x, p.XType))
		p.Series[pt.s].Y[i] = pt.y
		if o.Size != "" {
			p.Series[pt.s].Size[i] = pt.size
		}
	}
	return p, nil
}

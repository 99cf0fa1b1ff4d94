package apptest

import (
	"encoding/json"

	"stnb.dev/widgets/element"
)

// Chart is a chart in which people select: one made with Selection.
type Chart struct{ Node }

// Chart finds a chart by its key, or the first with "".
func (at *App) Chart(key string) Chart {
	return Chart{at.node(key, "chart", "vegaLite", "plotly", "map")}
}

func (c Chart) selection() element.Selection {
	c.at.t.Helper()
	var p struct {
		Selection *element.Selection `json:"selection"`
	}
	c.props(&p)
	if p.Selection == nil {
		c.at.t.Fatalf("the chart %q was made without st.Selection", c.name)
	}
	return *p.Selection
}

// pick is what a browser does: it says of which data it is.
func (c Chart) pick(v element.Picked) *App {
	c.at.t.Helper()
	v.Data = c.selection().Data
	c.set(v)
	return c.at
}

// SelectPoints selects exactly these points of a series, counted from 0 as the series
// are. A map has one series.
func (c Chart) SelectPoints(series int, points ...int) *App {
	c.at.t.Helper()
	v := element.Picked{}
	for _, i := range points {
		v.Points = append(v.Points, [2]int{series, i})
	}
	return c.pick(v)
}

// SelectRange selects a stretch of the x axis: numbers, milliseconds since 1970, or
// the places of categories.
func (c Chart) SelectRange(from, to float64) *App {
	c.at.t.Helper()
	return c.pick(element.Picked{X: []any{from, to}})
}

// SelectBox selects a stretch of the x axis and one of the y axis.
func (c Chart) SelectBox(fromX, toX, fromY, toY float64) *App {
	c.at.t.Helper()
	return c.pick(element.Picked{X: []any{fromX, toX}, Y: []any{fromY, toY}})
}

// SelectRows selects points of a Vega-Lite chart, for one of its parameters, by the
// values that they have.
func (c Chart) SelectRows(param string, rows ...map[string]any) *App {
	c.at.t.Helper()
	init, _ := json.Marshal(rows)
	return c.pick(element.Picked{Params: map[string]element.PickedParam{param: {Points: rows, Init: init}}})
}

// SelectInterval selects a stretch of a field of a Vega-Lite chart, for one of its
// parameters.
func (c Chart) SelectInterval(param, field string, from, to any) *App {
	c.at.t.Helper()
	return c.pick(element.Picked{Params: map[string]element.PickedParam{
		param: {Ranges: []element.PickedRange{{Field: field, Channel: "x", Values: []any{from, to}}}},
	}})
}

// SelectNothing takes the selection away.
func (c Chart) SelectNothing() *App { c.at.t.Helper(); return c.pick(element.Picked{}) }

package core

import (
	"encoding/json"
	"slices"
	"strings"

	"stnb.dev/widgets/element"
)

// Plotly shows a chart of Plotly's: a figure with data and layout, as a map or
// struct, or as JSON text. Bars, lines, points, histograms, boxes, heat maps,
// contours and pies are there; what is drawn in three dimensions, on maps or in polar
// coordinates is not.
func (c *Container) Plotly(figure any, opts ...Option) *Element {
	s, p, o := c.start(opts)
	raw, err := s.object(figure)
	if err != nil {
		s.misuse(p, "st.Plotly", "cannot read the figure: %v", err)
		return &Element{s: s, p: p}
	}
	var f element.Plotly
	if err := json.Unmarshal(raw, &f); err != nil || len(f.Data) == 0 || f.Data[0] != '[' {
		s.misuse(p, "st.Plotly", "got a figure without data: it is an object with a list \"data\", and maybe \"layout\"")
		return &Element{s: s, p: p}
	}
	var traces []struct{ Type string }
	_ = json.Unmarshal(f.Data, &traces) // what is no list of objects is told by the page
	for _, t := range traces {
		if !slices.Contains(plotlyTypes, t.Type) {
			s.misuse(p, "st.Plotly", "has a trace of type %q, which is not drawn here; there are %s", t.Type, strings.Join(plotlyTypes[1:], ", "))
			return &Element{s: s, p: p}
		}
	}
	f.Height = o.height
	f.Selection = s.selection(p, "st.Plotly", o, chartModes...)
	return s.putChart(p, o, "st.Plotly", "plotly", f, f.Selection, readFigure(f.Data))
}

// plotlyTypes are the traces in the part of Plotly that the page has; "" is scatter.
var plotlyTypes = []string{"", "bar", "box", "contour", "heatmap", "histogram", "histogram2d", "histogram2dcontour",
	"image", "pie", "scatter", "scattergl", "scatterternary", "violin"}

// Graphviz draws a graph that is written in the DOT language, in layers: nodes and
// edges with their labels, shapes, colours and styles, rankdir, and clusters.
func (c *Container) Graphviz(dot string, opts ...Option) *Element {
	s, p, o := c.start(opts)
	if strings.TrimSpace(dot) == "" {
		s.misuse(p, "st.Graphviz", "got no graph: write one in DOT, such as digraph { a -> b }")
		return &Element{s: s, p: p}
	}
	return s.put(p, o, "st.Graphviz", "graphviz", element.Graphviz{Text: dot, Height: o.height})
}

// Mermaid draws a diagram that is written in Mermaid's language: flow charts,
// sequences, states, classes, Gantt charts and others. In Markdown, a block of
// code with the language mermaid is one too.
func (c *Container) Mermaid(text string, opts ...Option) *Element {
	s, p, o := c.start(opts)
	if strings.TrimSpace(text) == "" {
		s.misuse(p, "st.Mermaid", "got no diagram: write one such as graph LR; a --> b")
		return &Element{s: s, p: p}
	}
	return s.put(p, o, "st.Mermaid", "mermaid", element.Mermaid{Text: text, Height: o.height})
}

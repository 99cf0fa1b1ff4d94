package output

import (
	"bytes"
	"encoding/json"
	"maps"

	"stnb.dev/widgets/element"
)

// object is JSON under construction.
type object = map[string]any

const vegaSchema = "https://vega.github.io/schema/vega-lite/v5.json"

// chartSpec is a built-in chart as Vega-Lite.
func chartSpec(p element.Chart) json.RawMessage {
	var rows []object
	for _, s := range p.Series {
		for i, y := range s.Y {
			if i >= len(p.X) {
				break
			}
			row := object{"x": p.X[i], "series": s.Name, "y": nil}
			if y != nil {
				row["y"] = *y
			}
			if i < len(s.Size) && s.Size[i] != nil {
				row["size"] = *s.Size[i]
			}
			rows = append(rows, row)
		}
	}
	x := object{"field": "x", "title": named(p.XLabel), "type": "quantitative"}
	switch {
	case p.XType == "time":
		x["type"] = "temporal"
	case p.XType == "category":
		x["type"], x["sort"] = "nominal", nil // as they come
	}
	y := object{"field": "y", "title": named(p.YLabel), "type": "quantitative"}
	if !p.Stack {
		y["stack"] = nil
	}
	mark := object{"type": "line", "tooltip": true}
	switch p.Type {
	case "area":
		mark["type"] = "area"
		if !p.Stack && len(p.Series) > 1 {
			mark["opacity"] = 0.6
		}
	case "bar":
		mark["type"] = "bar"
	case "scatter":
		mark["type"] = "point"
		mark["filled"] = true
		y["scale"], x["scale"] = object{"zero": false}, object{"zero": false}
	}
	encoding := object{"x": x, "y": y}
	if p.Horizontal {
		encoding["x"], encoding["y"] = y, x
	}
	if p.Type == "bar" && !p.Stack && len(p.Series) > 1 {
		offset := "xOffset"
		if p.Horizontal {
			offset = "yOffset"
		}
		encoding[offset] = object{"field": "series"}
	}
	if len(p.Series) > 1 {
		colour := object{"field": "series", "type": "nominal", "title": nil}
		if colours := seriesColours(p.Series); colours != nil {
			colour["scale"] = colours
		}
		encoding["color"] = colour
	} else if len(p.Series) == 1 && p.Series[0].Color != "" {
		mark["color"] = p.Series[0].Color
	}
	if p.Type == "scatter" && len(p.Series) > 0 && len(p.Series[0].Size) > 0 {
		encoding["size"] = object{"field": "size", "type": "quantitative"}
	}
	spec := object{
		"$schema": vegaSchema, "data": object{"values": rows}, "mark": mark, "encoding": encoding,
		"width": 600, "height": 300,
	}
	if p.Height > 0 {
		spec["height"] = p.Height
	}
	if p.Title != "" {
		spec["title"] = p.Title
	}
	return encode(spec)
}

// seriesColours is the scale of series that all have a colour.
func seriesColours(list []element.Series) object {
	var names, colours []string
	for _, s := range list {
		if s.Color == "" {
			return nil
		}
		names, colours = append(names, s.Name), append(colours, s.Color)
	}
	return object{"domain": names, "range": colours}
}

// vegaSpec is the author's chart with its rows inside.
func vegaSpec(p element.VegaLite) json.RawMessage {
	var spec object
	if json.Unmarshal(p.Spec, &spec) != nil {
		return p.Spec
	}
	spec = maps.Clone(spec)
	if len(p.Data) > 0 && string(p.Data) != "null" {
		spec["data"] = object{"values": p.Data}
	}
	if _, ok := spec["$schema"]; !ok {
		spec["$schema"] = vegaSchema
	}
	return encode(spec)
}

// mapSpec draws points without the ground under them, which would need a network.
func mapSpec(p element.Map) json.RawMessage {
	var rows []object
	for i := range p.Lat {
		if i >= len(p.Lon) {
			break
		}
		rows = append(rows, object{"lat": p.Lat[i], "lon": p.Lon[i]})
	}
	return encode(object{
		"$schema": vegaSchema, "data": object{"values": rows}, "width": 600, "height": 300,
		"projection": object{"type": "equalEarth"},
		"layer": []object{
			{"data": object{"graticule": true}, "mark": object{"type": "geoshape", "stroke": "#ddd", "fill": nil}},
			{"mark": object{"type": "circle", "tooltip": true}, "encoding": object{
				"longitude": object{"field": "lon", "type": "quantitative"}, "latitude": object{"field": "lat", "type": "quantitative"}}},
		},
	})
}

// encode is JSON as people would write it: < and & stay.
func encode(v any) json.RawMessage {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(v) != nil {
		return json.RawMessage("{}") // NaN has no JSON; the text stays
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// named is an axis's title; nil for none.
func named(label string) any {
	if label == "" {
		return nil
	}
	return label
}

package output_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"stnb.dev/dataframe/page"
	"stnb.dev/notebook/output"
	"stnb.dev/widgets/element"
)

// reader has one frame of three rows and one piece of media.
type reader struct{}

func (reader) Page(_ context.Context, r page.Request) (page.Reply, []byte, error) {
	switch {
	case r.Frame == "f" && r.Format == "csv":
		return page.Reply{Rows: 2, Total: 3}, []byte("\ufeffn,name\r\n1,<a>\r\n2,b\r\n"), nil
	case r.Frame == "m" && r.Format == "media":
		return page.Reply{Type: "image/png"}, []byte("png"), nil
	case r.Frame == "h" && r.Format == "media":
		return page.Reply{Type: "text/html; charset=utf-8"}, []byte("<p>own</p>"), nil
	}
	return page.Reply{}, nil, errors.New("gone")
}

func el(kind string, props any) *element.Element {
	b, err := json.Marshal(props)
	if err != nil {
		panic(err)
	}
	return &element.Element{Kind: kind, Props: b}
}

func TestBundle(t *testing.T) {
	one := 1.0
	for _, c := range []struct {
		name string
		e    *element.Element
		want map[string]string // what each MIME type holds; no others are there
	}{
		{"text", el("text", element.Text{Text: "a"}), map[string]string{"text/plain": "a"}},
		{"title", el("markdown", element.Markdown{HTML: "<p>Hi <em>you</em></p>", Style: "title"}),
			map[string]string{"text/plain": "Hi you\n======", "text/html": "<h1>Hi <em>you</em></h1>"}},
		{"value", el("value", element.Value{Text: "42"}), map[string]string{"text/plain": "42"}},
		{"tree", el("value", element.Value{Text: "{A: 1}", Tree: &element.Node{Type: "T", Nodes: []element.Node{{Name: "A", Text: "<1>"}}}}),
			map[string]string{"text/plain": "{A: 1}", "text/html": "<code>&lt;1&gt;</code>"}},
		{"table", el("table", element.Table{Columns: []element.Column{{Name: "a"}}, Rows: [][]string{{"<b>"}}, More: 7}),
			map[string]string{"text/plain": "(7 more rows)", "text/html": "<td>&lt;b&gt;</td></tr></tbody></table><p>7 more rows</p>"}},
		{"frame", el("dataframe", element.Dataframe{Data: element.FrameRef{Ref: "f", Rows: 3}}),
			map[string]string{"text/plain": "(1 more rows)", "text/html": "<td>&lt;a&gt;</td>"}},
		{"frame that is gone", el("dataframe", element.Dataframe{Data: element.FrameRef{Ref: "x"}}), map[string]string{"text/plain": "error: gone"}},
		{"json", el("json", element.Json{Value: json.RawMessage(`{"a":1}`)}), map[string]string{"text/plain": `{"a":1}`, "application/json": `{"a":1}`}},
		{"latex", el("latex", element.Latex{Text: "x^2"}), map[string]string{"text/plain": "x^2", "text/latex": "$$x^2$$"}},
		{"image", el("image", element.Image{URL: "media/s/m", Alt: "a dot"}), map[string]string{"text/plain": "(image) a dot", "image/png": "cG5n"}},
		{"image inside", el("image", element.Image{URL: "data:image/svg+xml;base64,PHN2Zy8+"}), map[string]string{"text/plain": "(image)", "image/svg+xml": "<svg/>"}},
		{"image that is gone", el("image", element.Image{URL: "media/s/x"}), map[string]string{"text/plain": "(image)"}},
		{"html", el("html", element.Html{Src: "html/s/h"}), map[string]string{"text/plain": "(html)", "text/html": "<p>own</p>"}},
		{"chart", el("chart", element.Chart{Type: "bar", XType: "category", X: []any{"a"}, Series: []element.Series{{Name: "n", Y: []*float64{&one}}}}),
			map[string]string{"text/plain": "(bar chart of n over 1 points)", output.VegaLite: `"values":[{"series":"n","x":"a","y":1}]`}},
		{"vega", el("vegaLite", element.VegaLite{Spec: json.RawMessage(`{"mark":"bar"}`), Data: json.RawMessage(`[{"a":1}]`)}),
			map[string]string{"text/plain": "(vegaLite)", output.VegaLite: `{"values":[{"a":1}]}`}},
		{"container", el("container", element.Container{}), nil},
	} {
		got := output.Bundle(context.Background(), c.e, reader{})
		for kind, want := range c.want {
			text, ok := got[kind].(string)
			if raw, isJSON := got[kind].(json.RawMessage); isJSON {
				text, ok = string(raw), json.Valid(raw)
			}
			if !ok || !strings.Contains(text, want) {
				t.Errorf("%s: %s is %q, want %q in it", c.name, kind, text, want)
			}
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: %d types, want %d: %v", c.name, len(got), len(c.want), got)
		}
	}
}

// TestScreen: deltas in, what each cell shows out.
func TestScreen(t *testing.T) {
	var s output.Screen
	set := func(path string, e *element.Element) {
		s.Apply(element.Delta{Op: element.Set, Path: element.Path(path), Element: e})
	}
	set("main/a.0", el("stdout", element.Stdout{Stream: "stdout", Text: "x"}))
	s.Apply(element.Delta{Op: element.Append, Path: "main/a.0", Data: json.RawMessage(`{"text":"y"}`)})
	set("main/a.1", el("error", element.Error{Kind: "panic", Message: "over"}))
	set("main/a.2", el("container", element.Container{}))
	set("main/a.2/a.0", el("text", element.Text{Text: "in"}))
	set("main/b.0", el("text", element.Text{Text: "b"}))
	set("main/a.2/a.1", el("text", element.Text{Text: "gone"}))
	s.Apply(element.Delta{Op: element.Remove, Path: "main/a.2/a.1"})
	var got []string
	_, list := s.Cell("a")
	for _, e := range list {
		if o := output.Of(context.Background(), e, nil); o != nil {
			b, _ := json.Marshal(output.Encode([]*output.Output{o})[0])
			got = append(got, string(b))
		}
	}
	want := `{"name":"stdout","output_type":"stream","text":["xy"]}
{"ename":"panic","evalue":"over","output_type":"error","traceback":["panic: over"]}
{"data":{"text/plain":["in"]},"metadata":{},"output_type":"display_data"}`
	if strings.Join(got, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
}

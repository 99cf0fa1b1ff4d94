package output_test

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"stnb.dev/notebook/output"
	"stnb.dev/widgets/element"
)

// TestReadIsTheInverse: what we write into a file is shown as it was, where nbformat
// has a place for it.
func TestReadIsTheInverse(t *testing.T) {
	for _, e := range []*element.Element{
		el("stdout", element.Stdout{Stream: "stderr", Text: "a\nb"}),
		el("error", element.Error{Kind: "panic", Message: "no\nway", Frames: []element.Frame{{Cell: "c", Line: 3, Column: 7, Func: "f"}, {Cell: "d", Line: 1, Column: 1}}}),
		el("error", element.Error{Message: "x is not defined"}),
		el("latex", element.Latex{Text: "x^2"}),
		el("json", element.Json{Value: json.RawMessage(`{"a":[1]}`), Expanded: 1}),
		el("image", element.Image{URL: "data:image/png;base64,cG5n", Alt: "(image) a dot"}),
	} {
		o := output.Of(context.Background(), e, reader{})
		got := output.Read(output.Encode([]*output.Output{o}))
		if len(got) != 1 || got[0].Kind != e.Kind || !same(got[0].Props, e.Props) && e.Kind != "image" {
			t.Errorf("%s %s came back as %s %s", e.Kind, e.Props, got[0].Kind, got[0].Props)
		}
	}
}

func same(a, b json.RawMessage) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

func TestReadOfOthers(t *testing.T) {
	for _, c := range []struct{ name, raw, kind, want string }{
		{"HTML", `{"output_type":"display_data","data":{"text/html":["<b>a</b>","<script>x()</script><img src=x onerror=y()>"],"text/plain":"a"}}`, "markdown", `<b>a</b><img src=\"x\">`},
		{"only a script", `{"output_type":"display_data","data":{"text/html":"<div><script>x()</script></div>","text/plain":"a plot"}}`, "stdout", "a plot"},
		{"a script, and an image", `{"output_type":"display_data","data":{"text/html":"<script>x()</script>","image/png":"cG\nn\n","text/plain":"a plot"}}`, "image", "data:image/png;base64,cGn"},
		{"Markdown", `{"output_type":"display_data","data":{"text/markdown":"*a*","text/plain":"a"}}`, "markdown", "<em>a</em>"},
		{"Vega-Lite", `{"output_type":"display_data","data":{"application/vnd.vegalite.v4+json":{"mark":"bar"},"text/plain":"a"}}`, "vegaLite", `"mark":"bar"`},
		{"a trace of Python", `{"output_type":"error","ename":"E","evalue":"v","traceback":["\u001b[31mE\u001b[0m: v","  line 1"]}`, "error stdout", "line 1"},
		{"a widget", `{"output_type":"display_data","data":{"application/vnd.jupyter.widget-view+json":{"model_id":"1"}}}`, "text", "not shown here: application/vnd.jupyter"},
		{"of a type to come", `{"output_type":"update"}`, "text", "not shown here: update"},
		{"no output", `[1]`, "text", "cannot be read"},
		{"empty data", `{"output_type":"display_data","data":{}}`, "text", "not shown here"},
	} {
		var kinds, props []string
		for _, e := range output.Read([]json.RawMessage{json.RawMessage(c.raw)}) {
			kinds, props = append(kinds, e.Kind), append(props, string(e.Props))
		}
		if got := strings.Join(props, " "); strings.Join(kinds, " ") != c.kind || !strings.Contains(strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(got), c.want) || strings.Contains(got, "script") {
			t.Errorf("%s is shown as %v %s", c.name, kinds, got)
		}
	}
}

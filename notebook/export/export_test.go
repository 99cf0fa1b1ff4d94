package export_test

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"stnb.dev/dataframe/page"
	"stnb.dev/notebook"
	"stnb.dev/notebook/export"
	"stnb.dev/notebook/output"
	"stnb.dev/widgets/element"
)

// reader has a frame of 25,000 rows and one piece of media.
type reader struct{}

func (reader) Page(_ context.Context, r page.Request) (page.Reply, []byte, error) {
	if r.Format == "media" {
		return page.Reply{Type: "image/png"}, []byte("png"), nil
	}
	n := min(r.Limit, 25_000-int(r.Offset))
	return page.Reply{Offset: r.Offset, Rows: n, Total: 25_000}, []byte("arrow"), nil
}

func delta(path, kind, id, props string) element.Delta {
	return element.Delta{Op: element.Set, Path: element.Path(path), Element: &element.Element{Kind: kind, ID: id, Props: json.RawMessage(props)}}
}

func TestHTML(t *testing.T) {
	data, err := export.HTML(context.Background(), export.Page{
		Title:   "A <title>",
		Cells:   []export.PageCell{{ID: "a", Kind: "go", Source: "x := \"</script><script>alert(1)\"", Text: "<shown>"}},
		Scripts: [][]byte{[]byte("gz")}, Style: []byte("p{}</style>"),
		Screen: []element.Delta{
			delta("main/a.0", "image", "", `{"url":"media/s/m"}`),
			delta("main/a.1", "slider", "w1", `{"label":"Age","value":[30]}`),
			delta("main/a.2", "dataEditor", "w2", `{"data":{"ref":"f","rows":25000,"columns":[{"name":"n","type":"BIGINT","kind":"int"}]},"state":{}}`),
		},
	}, reader{})
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for _, want := range []string{
		"<title>A &lt;title&gt;</title>", "default-src 'none'", "&lt;shown&gt;",
		`data:image/png;base64,cG5n`, `"disabled":true`, `"kind":"dataframe"`, `"rows":10000,"total":25000,"columns":[{"name":"n","type":"BIGINT","kind":"int"}]`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	if n := strings.Count(text, "</script>"); n != 3 {
		t.Errorf("the page has %d script ends, want 3: a cell's text ends a script", n)
	}
	if n := strings.Count(text, "</style>"); n != 1 {
		t.Errorf("the page has %d style ends", n)
	}
	if found := regexp.MustCompile(`(src|href)="?(https?:)?//`).FindString(text); found != "" {
		t.Errorf("the page asks the network: %s", found)
	}
}

func TestMarkdown(t *testing.T) {
	text := "\x1b[31mred\x1b[0m\n"
	got := string(export.Markdown("Title", []export.Cell{
		{Cell: notebook.Cell{Kind: notebook.Markdown, Source: "Some text."}},
		{Cell: notebook.Cell{Kind: notebook.Go, Source: "s := `a`\n// ``` in it"}, Outputs: []*output.Output{{Type: "stream", Name: "stdout", Text: &text}}},
		{Cell: notebook.Cell{Kind: notebook.Go, Source: "hidden", HideCode: true}, Outputs: []*output.Output{{Type: "display_data", Data: map[string]any{"text/plain": "(image)", "image/png": "cG5n"}}}},
		{Cell: notebook.Cell{Kind: notebook.Raw, Source: "raw"}},
	}))
	want := "# Title\n\nSome text.\n\n````go\ns := `a`\n// ``` in it\n````\n\n```text\nred\n```\n\n![image](data:image/png;base64,cG5n)\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

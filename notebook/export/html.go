package export

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"slices"
	"strings"

	"stnb.dev/dataframe/page"
	"stnb.dev/notebook/output"
	"stnb.dev/widgets/element"
)

// Page is what goes into one HTML file.
type Page struct {
	Title    string
	Cells    []PageCell
	Screen   []element.Delta // the whole screen, as Set and Append
	HideCode bool
	// Scripts are those that the page runs, in order, compressed with gzip; Style
	// is its style sheet.
	Scripts [][]byte
	Style   []byte
}

// PageCell is a cell as the page shows it.
type PageCell struct {
	ID     string `json:"id"`
	Kind   string `json:"kind"`
	Name   string `json:"name,omitempty"`
	Source string `json:"source,omitempty"`
	HTML   string `json:"html,omitempty"` // a Markdown cell's, unless it is on the screen
	Hidden bool   `json:"hidden,omitempty"`
	Text   string `json:"-"` // what it showed, for those without scripts
}

// data is the JSON in the page. The front end has the same type.
type data struct {
	Title    string           `json:"title"`
	Cells    []PageCell       `json:"cells"`
	Screen   []element.Delta  `json:"screen"`
	Frames   map[string]frame `json:"frames"`
	HideCode bool             `json:"hideCode,omitempty"`
}

// frame is the rows of a grid that are in the page.
type frame struct {
	Rows    int64            `json:"rows"`
	Total   int64            `json:"total"`
	Columns []element.Column `json:"columns"`
	Arrow   []string         `json:"arrow"` // one stream a part, in base64
}

// maxFrameRows is how many rows of a grid are put into the page, and pageRows how
// many a kernel gives at once.
const (
	maxFrameRows = 10_000
	pageRows     = 10_000
)

// HTML writes the page: one file that needs no server and no network.
func HTML(ctx context.Context, p Page, r output.Reader) ([]byte, error) {
	d := data{Title: p.Title, Cells: p.Cells, Frames: map[string]frame{}, HideCode: p.HideCode}
	in := inliner{ctx, r, d.Frames}
	for _, delta := range p.Screen {
		if delta.Element != nil {
			e, err := in.element(*delta.Element)
			if err != nil {
				return nil, err
			}
			delta.Element = &e
		}
		d.Screen = append(d.Screen, delta)
	}
	notebook, err := json.Marshal(d) // it escapes <, so no text ends the script early
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, head, html.EscapeString(p.Title))
	b.WriteString("<style>")
	b.Write(bytes.ReplaceAll(p.Style, []byte("</style"), []byte("<\\/style")))
	b.WriteString("</style>\n</head>\n<body class=\"page-exported\">\n<div id=\"root\"></div>\n")
	b.WriteString(static(p))
	b.WriteString("<script type=\"application/json\" id=\"stnb-notebook\">")
	b.Write(notebook)
	for _, script := range p.Scripts {
		b.WriteString("</script>\n<script type=\"text/plain\" class=\"stnb-code\">")
		b.WriteString(base64.StdEncoding.EncodeToString(script))
	}
	b.WriteString("</script>\n<script type=\"module\">" + loader + "</script>\n</body>\n</html>\n")
	return b.Bytes(), nil
}

// head has a policy under which the page can reach nothing outside itself.
const head = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="stnb">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; media-src data: blob:; font-src data:; frame-src data:; worker-src blob:">
<title>%s</title>
`

// loader unpacks the front end and runs it.
const loader = `
for (const code of document.querySelectorAll(".stnb-code")) {
  const packed = Uint8Array.from(atob(code.textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const script = document.createElement("script");
  script.textContent = await new Response(stream).text();
  document.body.append(script);
}
`

// Libraries are the names of the libraries that something in the page needs: they
// are too large to be in every page.
func (p Page) Libraries() []string {
	var names []string
	need := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, c := range p.Cells {
		if strings.Contains(c.HTML, mermaidBlock) {
			need("mermaid")
		}
	}
	for _, d := range p.Screen {
		switch {
		case d.Element == nil:
		case d.Element.Kind == "plotly", d.Element.Kind == "mermaid":
			need(d.Element.Kind)
		case d.Element.Kind == "markdown" && bytes.Contains(d.Element.Props, []byte(mermaidBlock)):
			need("mermaid")
		}
	}
	return names
}

// mermaidBlock is in the HTML of Markdown that has a diagram.
const mermaidBlock = "language-mermaid"

// static is what is read without scripts.
func static(p Page) string {
	var b strings.Builder
	b.WriteString("<noscript>\n")
	if p.Title != "" {
		b.WriteString("<h1>" + html.EscapeString(p.Title) + "</h1>\n")
	}
	for _, c := range p.Cells {
		b.WriteString(c.HTML)
		if c.Source != "" && !c.Hidden && !p.HideCode {
			b.WriteString("<pre><code>" + html.EscapeString(c.Source) + "</code></pre>\n")
		}
		if c.Text != "" {
			b.WriteString("<pre>" + html.EscapeString(c.Text) + "</pre>\n")
		}
	}
	b.WriteString("</noscript>\n")
	return b.String()
}

// inliner puts what elements only name into the page.
type inliner struct {
	ctx    context.Context
	reader output.Reader
	frames map[string]frame
}

func (in inliner) element(e element.Element) (element.Element, error) {
	var props map[string]any
	dec := json.NewDecoder(bytes.NewReader(e.Props))
	dec.UseNumber()
	if len(e.Props) == 0 || dec.Decode(&props) != nil {
		return e, nil
	}
	if ref, ok := output.FrameOf(&e); ok {
		f, err := in.frame(ref)
		if err != nil {
			return e, err
		}
		props["data"].(map[string]any)["rows"] = f.Rows
		e.Kind = "dataframe" // nobody takes what would be edited here
		delete(props, "selection")
	}
	for _, key := range []string{"url", "src"} {
		link, ok := props[key].(string)
		if !ok || strings.HasPrefix(link, "data:") {
			continue
		}
		if kind, body, ok := output.Media(in.ctx, in.reader, link); ok {
			props[key] = "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(body)
		}
	}
	if e.ID != "" && e.Kind != "downloadButton" {
		props["disabled"] = true // there is no kernel behind it
	}
	b, err := json.Marshal(props)
	e.Props = b
	return e, err
}

// frame reads the rows of a grid, once.
func (in inliner) frame(ref element.FrameRef) (frame, error) {
	if f, ok := in.frames[ref.Ref]; ok {
		return f, nil
	}
	f := frame{Columns: append([]element.Column{}, ref.Columns...), Arrow: []string{}}
	for f.Rows < maxFrameRows {
		reply, data, err := in.reader.Page(in.ctx, page.Request{Frame: ref.Ref, Offset: f.Rows, Limit: pageRows})
		if err != nil {
			return f, fmt.Errorf("a table cannot be read: %w", err)
		}
		f.Total = reply.Total
		if reply.Rows == 0 {
			break
		}
		f.Rows += int64(reply.Rows)
		f.Arrow = append(f.Arrow, base64.StdEncoding.EncodeToString(data))
		if f.Rows >= reply.Total {
			break
		}
	}
	in.frames[ref.Ref] = f
	return f, nil
}

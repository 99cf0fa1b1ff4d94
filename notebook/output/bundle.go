package output

import (
	"context"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strings"

	"stnb.dev/dataframe/page"
	"stnb.dev/widgets/element"
)

// Reader reads what elements only name: windows of frames, and media.
type Reader interface {
	Page(context.Context, page.Request) (page.Reply, []byte, error)
}

// How much of a frame is put into text and into HTML.
const (
	textRows = 10
	htmlRows = 50
)

// VegaLite is the MIME type of charts that Jupyter's front ends draw.
const VegaLite = "application/vnd.vegalite.v5+json"

// Bundle is an element by MIME type, as Jupyter has it: text/plain always, and
// what more there is to show it richly. JSON types hold a json.RawMessage, others
// a string (binary ones in base64). nil: it shows nothing by itself.
func Bundle(ctx context.Context, e *element.Element, r Reader) map[string]any {
	b := bundler{ctx, r, map[string]any{}}
	text := Text(e)
	switch e.Kind {
	case "markdown":
		b.html(heading(props[element.Markdown](e)))
	case "text", "stdout":
	case "code":
		b.html("<pre><code>" + html.EscapeString(props[element.Code](e).Text) + "</code></pre>")
	case "latex":
		b.data["text/latex"] = "$$" + props[element.Latex](e).Text + "$$"
	case "divider":
		b.html("<hr>")
	case "value":
		if p := props[element.Value](e); p.Tree != nil {
			b.html(tree(p.Tree, "", 0))
		}
	case "table":
		p := props[element.Table](e)
		names := make([]string, len(p.Columns))
		for i, c := range p.Columns {
			names[i] = c.Name
		}
		b.html(htmlTable(names, p.Rows, p.More))
	case "dataframe", "dataEditor":
		if ref, ok := FrameOf(e); ok {
			text = b.frame(ref)
		}
	case "json":
		b.data["application/json"] = props[element.Json](e).Value
	case "chart":
		b.data[VegaLite] = chartSpec(props[element.Chart](e))
	case "vegaLite":
		b.data[VegaLite] = vegaSpec(props[element.VegaLite](e))
	case "plotly":
		b.data["application/vnd.plotly.v1+json"] = e.Props
	case "mermaid":
		b.data["text/vnd.mermaid"] = text
	case "map":
		b.data[VegaLite] = mapSpec(props[element.Map](e))
	case "image":
		p := props[element.Image](e)
		b.image(p)
		text = strings.TrimSpace(text + " " + firstOf(p.Alt, p.Caption))
	case "logo":
		b.image(element.Image{URL: props[element.Logo](e).URL})
	case "audio":
		b.player("audio", props[element.Audio](e).URL)
	case "video":
		b.player("video", props[element.Video](e).URL)
	case "html":
		if kind, data, ok := b.media(props[element.Html](e).Src); ok && strings.HasPrefix(kind, "text/html") {
			b.html(string(data))
		}
	case "metric":
		p := props[element.Metric](e)
		change := ""
		if p.Delta != "" {
			change = "<br><small>" + html.EscapeString(p.Delta) + "</small>"
		}
		b.html("<p>" + html.EscapeString(p.Label) + "<br><strong style=\"font-size:1.6em\">" + html.EscapeString(p.Value) + "</strong>" + change + "</p>")
	case "alert":
		b.html(props[element.Alert](e).HTML)
	case "progress":
		p := props[element.Progress](e)
		b.html(fmt.Sprintf(`<progress max="1" value="%g"></progress> %s`, p.Value, p.HTML))
	}
	if text == "" && len(b.data) == 0 {
		return nil
	}
	b.data["text/plain"] = text
	return b.data
}

// bundler collects the MIME types of one element.
type bundler struct {
	ctx    context.Context
	reader Reader
	data   map[string]any
}

func (b *bundler) html(text string) { b.data["text/html"] = text }

// frame puts the first rows of a frame into the bundle and returns its text.
func (b *bundler) frame(ref element.FrameRef) string {
	records, more, err := Rows(b.ctx, b.reader, ref, htmlRows)
	if err != nil {
		return "error: " + err.Error()
	}
	if len(records) == 0 {
		return fmt.Sprintf("(%d rows)", ref.Rows)
	}
	b.html(htmlTable(records[0], records[1:], more))
	return frameText(records, more)
}

func frameText(records [][]string, more int64) string {
	if cut := len(records) - 1 - textRows; cut > 0 {
		records, more = records[:1+textRows], more+int64(cut)
	}
	copies := make([][]string, len(records))
	for i, r := range records {
		copies[i] = append([]string(nil), r...) // Grid shortens fields
	}
	return Grid(copies, more)
}

// FrameText is the first rows of a frame for a terminal.
func FrameText(ctx context.Context, r Reader, ref element.FrameRef) string {
	records, more, err := Rows(ctx, r, ref, textRows)
	switch {
	case err != nil:
		return "error: " + err.Error()
	case len(records) == 0:
		return fmt.Sprintf("(%d rows)", ref.Rows)
	}
	return frameText(records, more)
}

// Rows reads the first rows of a frame as text, the names first, and how many
// more there are.
func Rows(ctx context.Context, r Reader, ref element.FrameRef, limit int) (records [][]string, more int64, err error) {
	reply, data, err := r.Page(ctx, page.Request{Frame: ref.Ref, Limit: limit, Format: "csv"})
	if err != nil {
		return nil, 0, err
	}
	records, err = csv.NewReader(strings.NewReader(strings.TrimPrefix(string(data), "\ufeff"))).ReadAll()
	if err != nil || len(records) == 0 {
		return nil, reply.Total, nil
	}
	return records, reply.Total - int64(len(records)-1), nil
}

// FrameOf returns what an element says of the frame it shows.
func FrameOf(e *element.Element) (element.FrameRef, bool) {
	if e.Kind != "dataframe" && e.Kind != "dataEditor" {
		return element.FrameRef{}, false
	}
	var p struct {
		Data element.FrameRef `json:"data"`
	}
	return p.Data, json.Unmarshal(e.Props, &p) == nil && p.Data.Ref != ""
}

// Media reads what a URL in an element's props stands for: a data: URL, or one of
// the session's own. False: it is of the network, or gone.
func Media(ctx context.Context, r Reader, link string) (kind string, data []byte, ok bool) {
	if rest, found := strings.CutPrefix(link, "data:"); found {
		head, body, found := strings.Cut(rest, ",")
		if !found {
			return "", nil, false
		}
		if kind, found := strings.CutSuffix(head, ";base64"); found {
			data, err := base64.StdEncoding.DecodeString(body)
			return kind, data, err == nil
		}
		text, err := url.PathUnescape(body)
		return head, []byte(text), err == nil
	}
	parts := strings.Split(link, "/")
	if len(parts) != 3 || parts[0] != "media" && parts[0] != "html" || r == nil {
		return "", nil, false
	}
	reply, data, err := r.Page(ctx, page.Request{Frame: parts[2], Format: "media"})
	return reply.Type, data, err == nil
}

func (b *bundler) media(link string) (kind string, data []byte, ok bool) {
	return Media(b.ctx, b.reader, link)
}

// image puts an image in as what it is.
func (b *bundler) image(p element.Image) {
	kind, data, ok := b.media(p.URL)
	kind, _, _ = strings.Cut(kind, ";")
	switch {
	case !ok && (strings.HasPrefix(p.URL, "https://") || strings.HasPrefix(p.URL, "http://")):
		b.html(fmt.Sprintf(`<img src="%s" alt="%s">`, html.EscapeString(p.URL), html.EscapeString(p.Alt)))
	case !ok:
	case kind == "image/svg+xml":
		b.data[kind] = string(data)
	case strings.HasPrefix(kind, "image/"):
		b.data[kind] = base64.StdEncoding.EncodeToString(data)
	}
}

// maxInline bounds the sound and film that is put into a bundle.
const maxInline = 20 << 20

func (b *bundler) player(tag, link string) {
	if strings.HasPrefix(link, "https://") || strings.HasPrefix(link, "http://") {
		b.html(fmt.Sprintf(`<%s controls src="%s"></%s>`, tag, html.EscapeString(link), tag))
		return
	}
	if kind, data, ok := b.media(link); ok && len(data) <= maxInline {
		b.html(fmt.Sprintf(`<%s controls src="data:%s;base64,%s"></%s>`, tag, html.EscapeString(kind), base64.StdEncoding.EncodeToString(data), tag))
	}
}

// heading is Markdown's HTML in the tag of its style.
func heading(p element.Markdown) string {
	tag := map[string]string{"title": "h1", "header": "h2", "subheader": "h3", "caption": "small"}[p.Style]
	if tag == "" {
		return p.HTML
	}
	inner := strings.TrimSpace(p.HTML)
	if in, ok := strings.CutPrefix(inner, "<p>"); ok {
		if in, ok = strings.CutSuffix(in, "</p>"); ok && !strings.Contains(in, "<p>") {
			inner = in
		}
	}
	return "<" + tag + ">" + inner + "</" + tag + ">"
}

// treeOpen is how many levels of a value are open at first.
const treeOpen = 1

// tree is a value's parts as nested details.
func tree(n *element.Node, name string, depth int) string {
	var b strings.Builder
	label := ""
	if name != "" {
		label = html.EscapeString(name) + ": "
	}
	if len(n.Nodes) == 0 && n.More == 0 {
		return "<div>" + label + "<code>" + html.EscapeString(n.Text) + "</code></div>"
	}
	open := ""
	if depth < treeOpen {
		open = " open"
	}
	fmt.Fprintf(&b, "<details%s><summary>%s<code>%s</code></summary><div style=\"margin-left:1.2em\">", open, label, html.EscapeString(firstOf(n.Text, n.Type)))
	for i := range n.Nodes {
		b.WriteString(tree(&n.Nodes[i], n.Nodes[i].Name, depth+1))
	}
	if n.More > 0 {
		fmt.Fprintf(&b, "<div>… %d more</div>", n.More)
	}
	b.WriteString("</div></details>")
	return b.String()
}

func htmlTable(names []string, rows [][]string, more int64) string {
	var b strings.Builder
	row := func(tag string, fields []string) {
		b.WriteString("<tr>")
		for _, field := range fields {
			b.WriteString("<" + tag + ">" + html.EscapeString(field) + "</" + tag + ">")
		}
		b.WriteString("</tr>")
	}
	b.WriteString("<table><thead>")
	row("th", names)
	b.WriteString("</thead><tbody>")
	for _, fields := range rows {
		row("td", fields)
	}
	b.WriteString("</tbody></table>")
	if more > 0 {
		fmt.Fprintf(&b, "<p>%d more rows</p>", more)
	}
	return b.String()
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// Package output turns elements into what is not a browser's screen: text for a
// terminal, MIME bundles for Jupyter, and the outputs of .ipynb files.
//
// Rows of frames and the bytes of media do not ride in elements, so what needs
// them takes a Reader, which is a live session or a headless run.
package output

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"

	"stnb.dev/widgets/element"
)

// Text is an element for a terminal; "" when it shows nothing by itself, as
// containers do. Of a frame it knows no rows: Bundle does.
func Text(e *element.Element) string {
	switch e.Kind {
	case "markdown":
		p := props[element.Markdown](e)
		text := HTMLText(p.HTML)
		if p.Style == "title" || p.Style == "header" || p.Style == "subheader" {
			return underline(text, p.Style)
		}
		return text
	case "text":
		return props[element.Text](e).Text
	case "code":
		return props[element.Code](e).Text
	case "latex":
		return props[element.Latex](e).Text
	case "divider":
		return strings.Repeat("-", 40)
	case "badge":
		return "[" + props[element.Badge](e).Label + "]"
	case "stdout":
		return props[element.Stdout](e).Text
	case "value":
		return props[element.Value](e).Text
	case "json":
		return string(props[element.Json](e).Value)
	case "error":
		p := props[element.Error](e)
		return strings.TrimPrefix(p.Kind+": "+p.Message, ": ")
	case "table":
		p := props[element.Table](e)
		names := make([]string, len(p.Columns))
		for i, c := range p.Columns {
			names[i] = c.Name
		}
		return Grid(append([][]string{names}, p.Rows...), p.More)
	case "metric":
		p := props[element.Metric](e)
		if p.Delta != "" {
			return p.Label + ": " + p.Value + " (" + p.Delta + ")"
		}
		return p.Label + ": " + p.Value
	case "chart":
		p := props[element.Chart](e)
		var names []string
		for _, s := range p.Series {
			names = append(names, s.Name)
		}
		return fmt.Sprintf("(%s chart of %s over %d points)", p.Type, strings.Join(names, ", "), len(p.X))
	case "alert":
		p := props[element.Alert](e)
		return p.Type + ": " + HTMLText(p.HTML)
	case "toast":
		return HTMLText(props[element.Toast](e).HTML)
	case "progress":
		p := props[element.Progress](e)
		return strings.TrimSpace(fmt.Sprintf("%3.0f%% %s", 100*p.Value, HTMLText(p.HTML)))
	case "status":
		p := props[element.Status](e)
		return p.Label + ": " + p.State
	case "graphviz":
		return props[element.Graphviz](e).Text
	case "mermaid":
		return props[element.Mermaid](e).Text
	case "iframe":
		return "(" + props[element.Iframe](e).Link + ")"
	case "doc":
		p := props[element.Doc](e)
		return strings.TrimSpace(p.Name + " " + p.Type + "\n" + p.Text)
	case "image", "audio", "video", "vegaLite", "plotly", "map", "html", "logo":
		return "(" + e.Kind + ")"
	case "expander":
		return props[element.Expander](e).Label + ":"
	}
	return widgetText(e)
}

// widgetText writes a widget with the value it has without anybody to move it.
func widgetText(e *element.Element) string {
	var p struct {
		Label   string          `json:"label"`
		Value   json.RawMessage `json:"value"`
		Options []string        `json:"options"`
	}
	if e.ID == "" || json.Unmarshal(e.Props, &p) != nil || p.Label == "" {
		return ""
	}
	value := string(p.Value)
	var one int
	var many []int
	if len(p.Options) > 0 {
		switch {
		case json.Unmarshal(p.Value, &one) == nil:
			many = []int{one}
		default:
			json.Unmarshal(p.Value, &many)
		}
		var labels []string
		for _, i := range many {
			if i >= 0 && i < len(p.Options) {
				labels = append(labels, p.Options[i])
			}
		}
		value = strings.Join(labels, ", ")
	}
	if value == "" {
		return "[" + p.Label + "]"
	}
	return "[" + p.Label + ": " + value + "]"
}

func props[T any](e *element.Element) T {
	var p T
	json.Unmarshal(e.Props, &p) // what is not there stays empty
	return p
}

func underline(text, style string) string {
	with := map[string]string{"title": "=", "header": "-"}[style]
	if with == "" {
		return text
	}
	return text + "\n" + strings.Repeat(with, utf8.RuneCountInString(text))
}

// Grid aligns rows, of which the first are the names.
func Grid(rows [][]string, more int64) string {
	const widest = 40
	var widths []int
	for _, row := range rows {
		for i := range row {
			if r := []rune(row[i]); len(r) > widest {
				row[i] = string(r[:widest-1]) + "…"
			}
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i]))
		}
	}
	var b strings.Builder
	for n, row := range rows {
		for i, cell := range row {
			b.WriteString(cell)
			if i < len(row)-1 {
				b.WriteString(strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2))
			}
		}
		b.WriteByte('\n')
		if n == 0 {
			for i, w := range widths {
				b.WriteString(strings.Repeat("-", w))
				if i < len(widths)-1 {
					b.WriteString("  ")
				}
			}
			b.WriteByte('\n')
		}
	}
	if more > 0 {
		fmt.Fprintf(&b, "(%d more rows)\n", more)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// blocks are elements that stand on lines of their own.
var blocks = []string{"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "tr", "pre", "blockquote", "div", "br", "table", "ul", "ol"}

// HTMLText keeps the text of rendered Markdown.
func HTMLText(source string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		switch z.Next() {
		case html.ErrorToken:
			lines := strings.Split(strings.TrimSpace(b.String()), "\n")
			lines = slices.CompactFunc(lines, func(a, b string) bool { return strings.TrimSpace(a) == "" && strings.TrimSpace(b) == "" })
			return strings.Join(lines, "\n")
		case html.TextToken:
			b.Write(z.Text())
		case html.StartTagToken, html.SelfClosingTagToken:
			switch name, _ := z.TagName(); string(name) {
			case "li":
				b.WriteString("\n- ")
			case "td", "th":
				b.WriteString("  ")
			case "br", "tr":
				b.WriteByte('\n')
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); slices.Contains(blocks, string(name)) {
				b.WriteByte('\n')
			}
		}
	}
}

// ansi are a terminal's colours and moves.
var ansi = regexp.MustCompile("\x1b\\[[0-9;?]*[A-Za-z]")

// Uncoloured is a text without them.
func Uncoloured(text string) string { return ansi.ReplaceAllString(text, "") }

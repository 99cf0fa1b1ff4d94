package export

import (
	"fmt"
	"strings"

	"stnb.dev/notebook"
	"stnb.dev/notebook/output"
)

// Cell is one cell and what it showed.
type Cell struct {
	notebook.Cell
	Number  int
	Outputs []*output.Output
}

// Markdown is the notebook as a text that any forge shows: cells as fences, what
// they showed below them.
func Markdown(title string, cells []Cell) []byte {
	var parts []string
	if title != "" && !startsWithHeading(cells) {
		parts = append(parts, "# "+title)
	}
	for _, c := range cells {
		switch c.Kind {
		case notebook.Markdown:
			if text := firstHTML(c.Outputs); text != "" { // it has values in it
				parts = append(parts, text)
			} else if t := strings.TrimSpace(c.Source); t != "" {
				parts = append(parts, t)
			}
			continue
		case notebook.Go, notebook.SQL:
			if strings.TrimSpace(c.Source) != "" && !c.HideCode {
				parts = append(parts, fence(string(c.Kind), c.Source))
			}
		default:
			continue
		}
		for _, o := range c.Outputs {
			if text := shown(o); text != "" {
				parts = append(parts, text)
			}
		}
	}
	return []byte(strings.Join(parts, "\n\n") + "\n")
}

func startsWithHeading(cells []Cell) bool {
	return len(cells) > 0 && cells[0].Kind == notebook.Markdown && strings.HasPrefix(strings.TrimSpace(cells[0].Source), "# ")
}

func firstHTML(list []*output.Output) string {
	for _, o := range list {
		if text, ok := o.Data["text/html"].(string); ok {
			return strings.TrimSpace(text)
		}
	}
	return ""
}

// shown is an output as Markdown.
func shown(o *output.Output) string {
	switch o.Type {
	case "stream":
		return fence("text", output.Uncoloured(strings.TrimRight(*o.Text, "\n")))
	case "error":
		return fence("text", output.Uncoloured(strings.Join(*o.Traceback, "\n")))
	}
	for _, kind := range []string{"image/png", "image/jpeg", "image/gif", "image/webp"} {
		if data, ok := o.Data[kind].(string); ok {
			return fmt.Sprintf("![%v](data:%s;base64,%s)", strings.Trim(fmt.Sprint(o.Data["text/plain"]), "()"), kind, data)
		}
	}
	if math, ok := o.Data["text/latex"].(string); ok {
		return math
	}
	text, _ := o.Data["text/plain"].(string)
	if strings.TrimSpace(text) == "" {
		return ""
	}
	return fence("text", text)
}

// fence is longer than any in the text.
func fence(kind, text string) string {
	marks := "```"
	for strings.Contains(text, marks) {
		marks += "`"
	}
	return marks + kind + "\n" + strings.TrimRight(text, "\n") + "\n" + marks
}

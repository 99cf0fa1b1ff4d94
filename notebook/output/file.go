package output

import (
	"encoding/json"
	"slices"
	"strings"
)

// Note is an output that says something in place of one that cannot be there.
func Note(text string) *Output {
	return &Output{Type: "display_data", Data: map[string]any{"text/plain": text}, Metadata: &struct{}{}}
}

// Encode is outputs as they stand in a file: text is cut into lines, as Jupyter
// writes it, so that differences of versions read well.
func Encode(list []*Output) []json.RawMessage {
	out := []json.RawMessage{}
	for _, o := range list {
		m := map[string]any{"output_type": o.Type}
		switch o.Type {
		case "stream":
			m["name"], m["text"] = o.Name, lines(*o.Text)
		case "error":
			m["ename"], m["evalue"], m["traceback"] = *o.ErrorName, *o.Error, *o.Traceback
		default:
			data := map[string]any{}
			for kind, v := range o.Data {
				if text, ok := v.(string); ok && isText(kind) {
					v = lines(text)
				}
				data[kind] = v
			}
			m["data"], m["metadata"] = data, struct{}{}
			if o.Type == "execute_result" {
				m["execution_count"] = o.Count
			}
		}
		out = append(out, encode(m))
	}
	return out
}

func isText(kind string) bool { return strings.HasPrefix(kind, "text/") || kind == "image/svg+xml" }

func lines(text string) []string {
	return append([]string{}, slices.DeleteFunc(strings.SplitAfter(text, "\n"), func(l string) bool { return l == "" })...)
}

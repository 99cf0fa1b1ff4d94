package file

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"stnb.dev/notebook"
)

// maxFrontMatter is the largest front matter that is parsed, in bytes.
const maxFrontMatter = 1 << 20

// front is the YAML between the two --- lines at the head of a Markdown file.
type front struct {
	open, yaml, close string // the bytes, lines with their ends; all "" when absent
	bad               error  // of YAML that does not parse: kept, but not understood
	root              *yaml.Node
}

// cutFront cuts the front matter off a file's text. Two --- lines with something
// other than a YAML mapping between them are rulers of the text, not front matter.
func cutFront(text string) (f front, body string) {
	first, rest := cutLine(text)
	if strings.TrimRight(strings.TrimPrefix(first.text, bom), " \t") != "---" || first.end == "" {
		return front{}, text
	}
	size := 0
	for after := rest; after != ""; {
		l, next := cutLine(after)
		if t := strings.TrimRight(l.text, " \t"); t == "---" || t == "..." {
			f = front{open: first.text + first.end, yaml: rest[:size], close: l.text + l.end}
			f.parse()
			if f.bad == nil && f.root == nil && strings.TrimSpace(f.yaml) != "" {
				return front{}, text
			}
			return f, next
		}
		size += len(l.text) + len(l.end)
		after = next
	}
	return front{}, text
}

// bom is the byte order mark some editors put first.
const bom = "\ufeff"

func cutLine(text string) (line, string) {
	i := strings.IndexByte(text, '\n')
	if i < 0 {
		return line{text, ""}, ""
	}
	lines := cutLines(text[:i+1])
	return lines[0], text[i+1:]
}

// parse sets root, the top mapping, or bad.
func (f *front) parse() {
	f.root, f.bad = nil, nil
	if len(f.yaml) > maxFrontMatter {
		f.bad = fmt.Errorf("is larger than %d kB", maxFrontMatter>>10)
		return
	}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(f.yaml), &doc); err != nil {
		f.bad = errors.New(strings.ReplaceAll(strings.TrimPrefix(err.Error(), "yaml: "), "\n", " "))
		return
	}
	if len(doc.Content) == 1 && doc.Content[0].Kind == yaml.MappingNode {
		f.root = doc.Content[0]
	}
}

func (f *front) text() string { return f.open + f.yaml + f.close }

// settings is what stnb reads from a front matter.
type settings struct {
	title    string
	reactive bool
	omit     bool // outputs: false
	engine   string
	ids      []notebook.CellID
}

// settingsOf are a notebook's.
func settingsOf(nb *notebook.Notebook) settings {
	return settings{title: nb.Title, reactive: nb.Reactive, omit: nb.OmitOutputs, engine: nb.Engine}
}

func (f *front) settings() (s settings) {
	s.title = scalar(f.root, "title")
	s.reactive = strings.EqualFold(scalar(f.root, "stnb", "reactive"), "true")
	s.omit = strings.EqualFold(scalar(f.root, "stnb", "outputs"), "false")
	s.engine = scalar(f.root, "stnb", "engine")
	if ids := lookup(f.root, "stnb", "ids"); ids != nil && ids.Kind == yaml.SequenceNode {
		for _, id := range ids.Content {
			s.ids = append(s.ids, notebook.CellID(id.Value))
		}
	}
	return s
}

// meta is jupytext's jupyter block as JSON, by key, and nil without one.
func (f *front) meta() map[string]json.RawMessage {
	block := lookup(f.root, "jupyter")
	if block == nil || block.Kind != yaml.MappingNode {
		return nil
	}
	meta := map[string]json.RawMessage{}
	budget := 100_000
	for i := 0; i+1 < len(block.Content); i += 2 {
		if raw, ok := nodeJSON(block.Content[i+1], &budget); ok {
			meta[block.Content[i].Value] = raw
		}
	}
	return none(meta)
}

// lookup follows keys down from a mapping; nil when one is missing.
func lookup(node *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		if node == nil || node.Kind != yaml.MappingNode {
			return nil
		}
		var next *yaml.Node
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == key {
				next = node.Content[i+1]
			}
		}
		node = next
	}
	return node
}

// scalar is the text of a scalar, "" when there is none.
func scalar(node *yaml.Node, keys ...string) string {
	n := lookup(node, keys...)
	if n == nil || n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		return ""
	}
	return n.Value
}

// update makes the front matter say what the settings say, changing only lines
// that must change.
func (f *front) update(want settings, newline string) error {
	have := f.settings()
	if have.title == want.title && sameBlock(have, want) {
		return nil
	}
	if f.bad != nil {
		return &Error{Text: "the front matter " + f.bad.Error() + "; the notebook's settings cannot be changed before it is mended"}
	}
	if f.open == "" {
		f.open, f.close = "---"+newline, "---"+newline
	}
	if have.title != want.title {
		value := ""
		if want.title != "" {
			value = "title: " + yamlScalar(want.title)
		}
		f.setTop("title", value, newline, true)
	}
	if !sameBlock(have, want) {
		f.setTop("stnb", stnbBlock(lookup(f.root, "stnb"), want), newline, false)
	}
	if got := f.settings(); f.bad != nil || got.title != want.title || !sameBlock(got, want) {
		return &Error{Text: "the front matter is written in a way that stnb cannot change; change the setting in the file"}
	}
	if strings.TrimSpace(f.yaml) == "" {
		*f = front{}
	}
	return nil
}

// stnbBlock is the stnb mapping anew: keys stnb does not know stay.
func stnbBlock(old *yaml.Node, want settings) string {
	var lines []string
	if old != nil && old.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(old.Content); i += 2 {
			switch key := old.Content[i].Value; key {
			case "reactive", "outputs", "engine", "ids":
			default:
				out, err := yaml.Marshal(&yaml.Node{Kind: yaml.MappingNode, Content: old.Content[i : i+2]})
				if err == nil {
					lines = append(lines, strings.Split(strings.TrimRight(string(out), "\n"), "\n")...)
				}
			}
		}
	}
	if want.reactive {
		lines = append(lines, "reactive: true")
	}
	if want.omit {
		lines = append(lines, "outputs: false")
	}
	if want.engine != "" {
		lines = append(lines, "engine: "+yamlScalar(want.engine))
	}
	if want.ids != nil {
		lines = append(lines, "ids: "+string(encode(want.ids)))
	}
	if len(lines) == 0 {
		return ""
	}
	return "stnb:\n  " + strings.Join(lines, "\n  ")
}

// setTop replaces a top key's lines by text ("" removes them), or adds them, as
// first or last lines.
func (f *front) setTop(key, text, newline string, first bool) {
	lines := cutLines(f.yaml)
	from, to := f.span(key, lines)
	if from < 0 {
		from, to = len(lines), len(lines)
		if first {
			from, to = 0, 0
		}
	}
	var fresh []line
	if text != "" {
		for t := range strings.SplitSeq(text, "\n") {
			fresh = append(fresh, line{t, newline})
		}
	}
	out := append([]line{}, lines[:from]...)
	out = append(out, fresh...)
	out = append(out, lines[to:]...)
	f.yaml = joinLines(out)
	f.parse()
}

// span is the lines of a top key and its value, from 0, without the blank lines
// and comments that follow; -1 when the key is absent.
func (f *front) span(key string, lines []line) (from, to int) {
	if f.root == nil {
		return -1, -1
	}
	for i := 0; i+1 < len(f.root.Content); i += 2 {
		node := f.root.Content[i]
		if node.Value != key {
			continue
		}
		from, to = node.Line-1, len(lines)
		if i+2 < len(f.root.Content) {
			to = f.root.Content[i+2].Line - 1
		}
		for to > from+1 && (lines[to-1].blank() || strings.HasPrefix(lines[to-1].text, "#")) {
			to--
		}
		return from, to
	}
	return -1, -1
}

// yamlScalar writes a string so that YAML reads that string again.
func yamlScalar(s string) string {
	out, err := yaml.Marshal(s)
	text := strings.TrimRight(string(out), "\n")
	if err != nil || strings.ContainsAny(text, "\n\r") {
		return string(json.RawMessage(encode(s)))
	}
	return text
}

// sameBlock compares what stands under stnb.
func sameBlock(a, b settings) bool {
	return a.reactive == b.reactive && a.omit == b.omit && a.engine == b.engine && slices.Equal(a.ids, b.ids)
}

package file

import (
	"encoding/json"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"stnb.dev/notebook"
)

// Convert turns a notebook file of one format into the other, or into the same
// one. What Markdown has no place for (outputs, execution counts, attachments)
// comes as side, a small JSON file to keep beside it (nil when there is nothing);
// given again on the way back, nothing is lost: text, kinds, names, metadata, IDs
// and outputs are the same as before. The layout of the text, such as the number
// of blank lines, is not kept across formats.
func Convert(from string, data, side []byte, to string) (out, outSide []byte, err error) {
	nb, err := Read(from, data)
	if err != nil {
		return nil, nil, err
	}
	format, _ := FormatOf(to)
	if format == Markdown {
		outSide = takeSide(nb)
		nb = asMarkdown(nb)
	} else if len(side) > 0 {
		nb = withSide(nb, side)
	}
	out, err = Write(to, nb)
	return out, outSide, err
}

// sideFile is the JSON of a side file.
type sideFile struct {
	Version int                                            `json:"stnb"`
	Cells   map[notebook.CellID]map[string]json.RawMessage `json:"cells"`
}

// inMarkdown are the members of a cell that Markdown holds itself.
var inMarkdown = []string{"cell_type", "id", "metadata", "source"}

// takeSide is what the notebook's cells have besides, nil when that is nothing.
func takeSide(nb *notebook.Notebook) []byte {
	s := sideFile{Version: 1, Cells: map[notebook.CellID]map[string]json.RawMessage{}}
	for _, c := range nb.Cells {
		o, ok := c.Origin.(*ipCell)
		if !ok {
			continue
		}
		keep := map[string]json.RawMessage{}
		for _, m := range o.members {
			empty := m.key == "outputs" && string(compact(m.raw)) == "[]" || m.key == "execution_count" && string(m.raw) == "null"
			if !slices.Contains(inMarkdown, m.key) && !empty {
				keep[m.key] = m.raw
			}
		}
		if len(keep) > 0 {
			s.Cells[c.ID] = keep
		}
	}
	if len(s.Cells) == 0 {
		return nil
	}
	return append(encode(s), '\n')
}

// withSide gives the cells back what takeSide took. A side file that is damaged or
// of other cells gives nothing: outputs can be made again.
func withSide(nb *notebook.Notebook, side []byte) *notebook.Notebook {
	var s sideFile
	if json.Unmarshal(side, &s) != nil || s.Version != 1 {
		return nb
	}
	out := *nb
	out.Cells = slices.Clone(nb.Cells)
	for i, c := range out.Cells {
		keep := s.Cells[c.ID]
		if len(keep) == 0 || c.Origin != nil && !isMarkdownCell(c) {
			continue
		}
		o := &ipCell{}
		for _, key := range slices.Sorted(maps.Keys(keep)) {
			if !slices.Contains(inMarkdown, key) {
				o.members = append(o.members, member{key, keep[key]})
			}
		}
		// A cell that differs from everything: all that Markdown holds is written.
		o.cell = notebook.Cell{Kind: "side"}
		out.Cells[i].Origin = o
	}
	return &out
}

func isMarkdownCell(c notebook.Cell) bool {
	_, ok := c.Origin.(*mdCell)
	return ok
}

// asMarkdown is the notebook as it will stand in Markdown: with the front matter
// it once had, its metadata in jupytext's block, and a list of its IDs unless
// they follow from the text.
func asMarkdown(nb *notebook.Notebook) *notebook.Notebook {
	ip, ok := nb.Origin.(*ipFile)
	if !ok {
		return nb
	}
	f := &mdFile{newline: "\n"}
	if front, rest := cutFront(ip.front); rest == "" {
		f.front = front
	}
	had := f.front.meta()
	meta := maps.Clone(nb.Meta)
	for _, m := range defaultMeta {
		if had[m.key] == nil && sameMeta(map[string]json.RawMessage{"": m.raw}, map[string]json.RawMessage{"": meta[m.key]}) {
			delete(meta, m.key)
		}
	}
	if !sameMeta(had, none(meta)) {
		f.front.setJupyter(meta)
	}
	taken := map[notebook.CellID]bool{}
	for _, c := range nb.Cells {
		if contentID(c.Kind, c.Source, taken) != c.ID {
			f.ids = true
		}
	}
	out := *nb
	out.Origin = f
	return &out
}

// frontFor is the front matter to keep in an .ipynb: none when it says no more
// than the notebook's own fields.
func (f *mdFile) frontFor(nb *notebook.Notebook) string {
	kept := f.front
	if kept.open == bom || kept.bad != nil {
		return kept.text()
	}
	set := settingsOf(nb)
	if kept.update(set, f.newline) != nil {
		return f.front.text()
	}
	var fresh front
	if fresh.update(set, "\n") == nil && fresh.text() == kept.text() {
		return ""
	}
	return kept.text()
}

// setJupyter writes the jupyter block: one line of JSON, which YAML reads, a key.
func (f *front) setJupyter(meta map[string]json.RawMessage) {
	text := ""
	if len(meta) > 0 {
		text = "jupyter:"
		for _, key := range slices.Sorted(maps.Keys(meta)) {
			text += "\n  " + string(encode(key)) + ": " + string(compact(meta[key]))
		}
	}
	if f.open == "" {
		f.open, f.close = "---\n", "---\n"
	}
	f.setTop("jupyter", text, "\n", false)
}

// nodeJSON is a YAML value as JSON, numbers as they are spelled. budget bounds
// how much aliases may expand to.
func nodeJSON(n *yaml.Node, budget *int) (json.RawMessage, bool) {
	if *budget--; *budget < 0 {
		return nil, false
	}
	switch n.Kind {
	case yaml.AliasNode:
		return nodeJSON(n.Alias, budget)
	case yaml.MappingNode:
		var members []member
		for i := 0; i+1 < len(n.Content); i += 2 {
			raw, ok := nodeJSON(n.Content[i+1], budget)
			if !ok {
				return nil, false
			}
			members = put(members, n.Content[i].Value, raw)
		}
		return encodeObject(members), true
	case yaml.SequenceNode:
		items := make([]json.RawMessage, 0, len(n.Content))
		for _, item := range n.Content {
			raw, ok := nodeJSON(item, budget)
			if !ok {
				return nil, false
			}
			items = append(items, raw)
		}
		return encode(items), true
	case yaml.ScalarNode:
		switch n.Tag {
		case "!!null":
			return json.RawMessage("null"), true
		case "!!int", "!!float":
			if json.Valid([]byte(n.Value)) {
				return json.RawMessage(n.Value), true
			}
		case "!!bool":
			var b bool
			if n.Decode(&b) == nil {
				return encode(b), true
			}
		}
		return encode(n.Value), true
	}
	return nil, false
}

package file

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"stnb.dev/notebook"
)

// defaultMeta is the metadata of a notebook that has none of its own: Jupyter
// wants to know the kernel and the language.
var defaultMeta = []member{
	{"kernelspec", json.RawMessage(`{"display_name":"Go (stnb)","language":"go","name":"stnb"}`)},
	{"language_info", json.RawMessage(`{"file_extension":".go","mimetype":"text/x-go","name":"go"}`)},
}

// writeIPYNB gives the file's own bytes back when nothing changed. Otherwise
// cells, and members of cells, that did not change keep theirs; the file becomes
// 4.5, since cells have IDs.
func writeIPYNB(nb *notebook.Notebook, ran map[notebook.CellID]Outputs) ([]byte, error) {
	f, _ := nb.Origin.(*ipFile)
	if f != nil && f.keeps(ran, nb) && sameNotebook(f.read, nb, true) {
		return f.data, nil
	}
	if f == nil {
		f = &ipFile{layout: layout{indent: " ", newline: "\n"}, end: "\n"}
		if md, ok := nb.Origin.(*mdFile); ok {
			f.front = md.frontFor(nb)
		}
	}
	data := f.write(nb, ran)
	again, err := readIPYNB(data)
	if err != nil {
		return nil, err
	}
	withoutDefaults(again, nb)
	if !sameNotebook(nb, again, true) {
		return nil, &Error{Text: "the notebook cannot be written as .ipynb without changing it"}
	}
	return data, nil
}

// keeps says whether the file's bytes hold those outputs.
func (f *ipFile) keeps(ran map[notebook.CellID]Outputs, nb *notebook.Notebook) bool {
	for _, c := range nb.Cells {
		o, _ := c.Origin.(*ipCell)
		now, ok := ran[c.ID]
		if had := OutputsOf(c); ok && runs(c) && (o == nil || o.file != f || had.Count != now.Count || !had.Same(now)) {
			return false
		}
	}
	return true
}

// withoutDefaults takes the metadata away that writing added.
func withoutDefaults(again, nb *notebook.Notebook) {
	meta := maps.Clone(again.Meta)
	for _, m := range defaultMeta {
		if _, had := nb.Meta[m.key]; !had {
			delete(meta, m.key)
		}
	}
	again.Meta = none(meta)
}

func (f *ipFile) write(nb *notebook.Notebook, ran map[notebook.CellID]Outputs) []byte {
	l := f.layout
	cells := make([]json.RawMessage, len(nb.Cells))
	for i, c := range nb.Cells {
		r, ok := ran[c.ID]
		cells[i] = f.writeCell(c, r, ok)
	}
	values := []member{
		{"cells", l.array(cells, 1)},
		{"metadata", f.writeMetadata(nb)},
		{"nbformat", json.RawMessage("4")},
		{"nbformat_minor", json.RawMessage("5")},
	}
	top := slices.Clone(f.top)
	for _, v := range values {
		if v.key == "nbformat_minor" && f.ids {
			continue // 4.5 or later already
		}
		top = insert(top, v.key, v.raw)
	}
	return append(l.object(top, 0), f.end...)
}

func (f *ipFile) writeMetadata(nb *notebook.Notebook) json.RawMessage {
	if raw, ok := find(f.top, "metadata"); ok && f.read != nil && !f.old &&
		nb.Title == f.read.Title && nb.Reactive == f.read.Reactive && nb.OmitOutputs == f.read.OmitOutputs && nb.Engine == f.read.Engine && sameMeta(nb.Meta, f.read.Meta) {
		return raw
	}
	metadata := keepOrder(f.metadata, nb.Meta, "title", "stnb")
	if nb.Title != "" {
		metadata = insert(metadata, "title", encode(nb.Title))
	} else {
		metadata = drop(metadata, "title")
	}
	own, _ := objectMembers(nb.Meta["stnb"])
	if nb.Reactive {
		own = put(own, "reactive", json.RawMessage("true"))
	}
	if nb.OmitOutputs {
		own = put(own, "outputs", json.RawMessage("false"))
	}
	if nb.Engine != "" {
		own = put(own, "engine", encode(nb.Engine))
	}
	if f.front != "" {
		own = put(own, "front_matter", encode(f.front))
	}
	metadata = setOwn(metadata, own, nb.Meta["stnb"])
	if f.read == nil {
		for _, m := range defaultMeta {
			if _, has := find(metadata, m.key); !has {
				metadata = insert(metadata, m.key, m.raw)
			}
		}
	}
	return f.layout.format(encodeObject(metadata), 1)
}

// keepOrder is meta as members: first the keys of old in their order, except the
// skipped, whose members stay as they are, then new keys sorted.
func keepOrder(old []member, meta map[string]json.RawMessage, skipped ...string) []member {
	var out []member
	for _, m := range old {
		if slices.Contains(skipped, m.key) {
			out = append(out, m)
		} else if raw, ok := meta[m.key]; ok {
			out = append(out, member{m.key, raw})
		}
	}
	for _, key := range slices.Sorted(maps.Keys(meta)) {
		if _, has := find(out, key); !has && !slices.Contains(skipped, key) {
			out = insert(out, key, meta[key])
		}
	}
	return out
}

// setOwn sets or drops the stnb object; a foreign value that is no object stays.
func setOwn(metadata, own []member, foreign json.RawMessage) []member {
	switch {
	case len(own) > 0:
		return insert(metadata, "stnb", encodeObject(own))
	case foreign != nil:
		return insert(metadata, "stnb", foreign)
	}
	return drop(metadata, "stnb")
}

// writeCell writes a cell; ran, if there is any, takes the place of the outputs it
// had.
func (f *ipFile) writeCell(c notebook.Cell, ran Outputs, hasRun bool) json.RawMessage {
	o, _ := c.Origin.(*ipCell)
	if o == nil {
		o = &ipCell{}
	}
	mine := o.file == f && o.raw != nil // its bytes are laid out for this place
	same := o.members != nil && sameCell(o.cell, c)
	if had := OutputsOf(c); !runs(c) || had.Count == ran.Count && had.Same(ran) {
		hasRun = false // it stays as it is
	}
	if mine && same && f.ids && o.cell.ID == c.ID && !hasRun {
		return o.raw
	}
	l := f.layout
	out := slices.Clone(o.members)
	if !mine {
		for i := range out {
			out[i].raw = l.format(out[i].raw, 3)
		}
	}
	cellType := "code"
	if c.Kind == notebook.Markdown || c.Kind == notebook.Raw {
		cellType = string(c.Kind)
	}
	out = insert(out, "cell_type", encode(cellType))
	if hasRun {
		count := json.RawMessage("null")
		if ran.Count > 0 {
			count = encode(ran.Count)
		}
		out = insert(out, "execution_count", count)
		out = insert(out, "outputs", l.format(encode(append([]json.RawMessage{}, ran.List...)), 3))
	}
	if cellType == "code" {
		out = drop(out, "attachments")
		if _, has := find(out, "execution_count"); !has {
			out = insert(out, "execution_count", json.RawMessage("null"))
		}
		if _, has := find(out, "outputs"); !has {
			out = insert(out, "outputs", json.RawMessage("[]"))
		}
	} else {
		out = drop(drop(out, "execution_count"), "outputs")
	}
	out = insert(out, "id", encode(c.ID))
	if o.members == nil || !sameAttributes(o.cell, c) {
		var old []member
		if raw, ok := find(o.members, "metadata"); ok {
			old, _ = objectMembers(raw)
		}
		out = insert(out, "metadata", l.format(encodeObject(cellMetadata(old, c)), 3))
	} else if _, has := find(out, "metadata"); !has {
		out = insert(out, "metadata", json.RawMessage("{}"))
	}
	if !same {
		asString := false
		if raw, ok := find(o.members, "source"); ok {
			asString = isString(raw)
		}
		out = insert(out, "source", l.format(encodeSource(cellText(o, c), asString), 3))
	}
	return l.object(out, 2)
}

// cellMetadata is the inverse of cellMeta.
func cellMetadata(old []member, c notebook.Cell) []member {
	out := keepOrder(old, c.Meta, "name", "jupyter", "stnb")
	switch {
	case c.Kind != notebook.SQL && c.Name != "":
		out = insert(out, "name", encode(c.Name))
	case c.Meta["name"] != nil:
		out = insert(out, "name", c.Meta["name"])
	default:
		out = drop(out, "name")
	}
	jupyter, _ := objectMembers(c.Meta["jupyter"])
	if c.HideCode {
		jupyter = put(jupyter, "source_hidden", json.RawMessage("true"))
	}
	switch {
	case len(jupyter) > 0:
		out = insert(out, "jupyter", encodeObject(jupyter))
	case c.Meta["jupyter"] != nil:
		out = insert(out, "jupyter", c.Meta["jupyter"])
	default:
		out = drop(out, "jupyter")
	}
	own, _ := objectMembers(c.Meta["stnb"])
	if c.Disabled {
		own = put(own, "disabled", json.RawMessage("true"))
	}
	if c.Once {
		own = put(own, "once", json.RawMessage("true"))
	}
	if c.Kind == notebook.Go {
		probe := notebook.Cell{Kind: notebook.Go, Source: c.Source}
		if takeMagic(&probe) != "" {
			own = put(own, "kind", encode(notebook.Go))
		}
	}
	return setOwn(out, own, c.Meta["stnb"])
}

// cellText is the text a cell has in the file: an SQL cell begins with its magic,
// which stays as it was while it says the same.
func cellText(o *ipCell, c notebook.Cell) string {
	if c.Kind != notebook.SQL {
		return c.Source
	}
	magic := o.magic
	if magic == "" || o.cell.Name != c.Name || o.cell.Connection != c.Connection {
		var attrs []attr
		if c.Name != "" {
			attrs = append(attrs, attr{"name", encode(c.Name)})
		}
		if c.Connection != "" {
			attrs = append(attrs, attr{"connection", encode(c.Connection)})
		}
		magic = "%%sql" + formatAttrs(attrs)
	}
	if c.Source == "" {
		return magic
	}
	return magic + "\n" + c.Source
}

// encodeSource writes a text as Jupyter does: an array of lines with their ends.
func encodeSource(text string, asString bool) json.RawMessage {
	if asString {
		return encode(text)
	}
	if text == "" {
		return json.RawMessage("[]")
	}
	return encode(slices.DeleteFunc(strings.SplitAfter(text, "\n"), func(l string) bool { return l == "" }))
}

// insert sets a key where it stands, or adds it in the order of keys if the
// others have it, as Jupyter writes them, else at the end.
func insert(members []member, key string, raw json.RawMessage) []member {
	for i := range members {
		if members[i].key == key {
			out := slices.Clone(members)
			out[i].raw = raw
			return out
		}
	}
	at := len(members)
	if slices.IsSortedFunc(members, func(a, b member) int { return strings.Compare(a.key, b.key) }) {
		at, _ = slices.BinarySearchFunc(members, key, func(m member, key string) int { return strings.Compare(m.key, key) })
	}
	return slices.Insert(slices.Clone(members), at, member{key, raw})
}

package file

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"stnb.dev/notebook"
)

// ipFile is what a notebook remembers of the .ipynb it came from.
type ipFile struct {
	data     []byte
	layout   layout
	top      []member // of the file, as 4.x has them
	metadata []member
	end      string // after the last brace
	ids      bool   // the file has cell IDs (4.5)
	old      bool   // it was of nbformat 3: its own bytes are of no use
	read     *notebook.Notebook
	front    string // the front matter the notebook had as Markdown
}

// ipCell is what a cell remembers. raw is nil when its bytes are of no use: a cell
// of an older format.
type ipCell struct {
	file    *ipFile
	raw     json.RawMessage
	members []member
	cell    notebook.Cell // as read, without Origin
	magic   string        // the %%sql line of an SQL cell
	// outputs parses them, once: a file is saved far oftener than read.
	outputs func() Outputs
}

func readIPYNB(data []byte) (*notebook.Notebook, error) {
	text := bytes.TrimPrefix(data, []byte(bom))
	if err := checkJSON(text); err != nil {
		return nil, err
	}
	top, err := objectMembers(text)
	if err != nil {
		return nil, notNotebook(err)
	}
	f := &ipFile{data: data, layout: layoutOf(text), top: top, end: string(text[len(bytes.TrimRight(text, " \t\r\n")):])}
	major, minor, err := version(top)
	if err != nil {
		return nil, err
	}
	if f.old = major == 3; f.old {
		if f.top, err = upgrade3(top); err != nil {
			return nil, err
		}
	}
	f.ids = major == 4 && minor >= 5

	if raw, ok := find(f.top, "metadata"); ok {
		if f.metadata, err = objectMembers(raw); err != nil {
			return nil, fmt.Errorf("metadata %w", err)
		}
	}
	nb := &notebook.Notebook{Origin: f}
	f.settings(nb)

	raw, ok := find(f.top, "cells")
	if !ok {
		return nil, &Error{Text: "is not a notebook: it has no cells"}
	}
	items, err := arrayItems(raw)
	if err != nil {
		return nil, fmt.Errorf("cells %w", err)
	}
	if len(items) > MaxCells {
		return nil, errTooMany
	}
	taken := map[notebook.CellID]bool{}
	for i, item := range items {
		c, err := f.cell(item, major)
		if err != nil {
			return nil, fmt.Errorf("cell %d: %w", i+1, err)
		}
		if c.ID == "" || taken[c.ID] {
			c.ID = contentID(c.Kind, c.Source, taken)
		}
		taken[c.ID] = true
		nb.Cells = append(nb.Cells, c)
	}
	snapshot := *nb
	snapshot.Origin = nil
	f.read = &snapshot
	return nb, nil
}

// checkJSON gives syntax errors a line, and a file that ends early its own words.
func checkJSON(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	var whole json.RawMessage
	err := dec.Decode(&whole)
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		if rest := bytes.TrimSpace(data[dec.InputOffset():]); len(rest) > 0 {
			return &Error{Line: lineOf(data, int(dec.InputOffset())), Text: "has text after the notebook's end"}
		}
		return nil
	case errors.Is(err, io.EOF):
		return &Error{Text: "is empty: not a notebook"}
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &Error{Line: lineOf(data, len(data)), Text: "is cut off: its JSON ends too early"}
	case errors.As(err, &syntax):
		at := min(int(syntax.Offset), len(data))
		return &Error{Line: lineOf(data, at), Text: "is not JSON: " + syntax.Error()}
	}
	return err
}

func notNotebook(err error) error {
	if errors.Is(err, errNoObject) {
		return &Error{Text: "is not a notebook: its JSON is no object"}
	}
	return err
}

// version checks nbformat: 4 and 3 are read.
func version(top []member) (major, minor int, err error) {
	raw, ok := find(top, "nbformat")
	if !ok {
		return 0, 0, &Error{Text: "is JSON but not a notebook: it has no nbformat"}
	}
	if json.Unmarshal(raw, &major) != nil {
		return 0, 0, &Error{Text: "is not a notebook: its nbformat is no number"}
	}
	if raw, ok := find(top, "nbformat_minor"); ok && json.Unmarshal(raw, &minor) != nil {
		return 0, 0, &Error{Text: "is not a notebook: its nbformat_minor is no number"}
	}
	switch {
	case major > 4:
		return 0, 0, &Error{Text: fmt.Sprintf("is of nbformat %d, newer than the 4.5 that is read", major)}
	case major < 3:
		return 0, 0, &Error{Text: fmt.Sprintf("is of nbformat %d, from before 2013; open and save it once in Jupyter", major)}
	}
	return major, minor, nil
}

// settings takes what stnb understands out of the notebook's metadata.
func (f *ipFile) settings(nb *notebook.Notebook) {
	meta := map[string]json.RawMessage{}
	for _, m := range f.metadata {
		if m.key == "title" && isString(m.raw) {
			nb.Title = word(m.raw)
			continue
		}
		meta[m.key] = m.raw
	}
	own, err := objectMembers(meta["stnb"])
	if err == nil {
		var rest []member
		for _, m := range own {
			switch {
			case m.key == "reactive" && isBool(m.raw):
				nb.Reactive = string(m.raw) == "true"
			case m.key == "outputs" && string(m.raw) == "false":
				nb.OmitOutputs = true
			case m.key == "engine" && isString(m.raw):
				nb.Engine = word(m.raw)
			case m.key == "front_matter" && isString(m.raw):
				f.front = word(m.raw)
			default:
				rest = append(rest, m)
			}
		}
		keepRest(meta, "stnb", rest)
	}
	nb.Meta = none(meta)
}

func keepRest(meta map[string]json.RawMessage, key string, rest []member) {
	if len(rest) == 0 {
		delete(meta, key)
	} else {
		meta[key] = encodeObject(rest)
	}
}

func (f *ipFile) cell(raw json.RawMessage, major int) (notebook.Cell, error) {
	members, err := objectMembers(raw)
	if err != nil {
		return notebook.Cell{}, err
	}
	o := &ipCell{file: f, members: members}
	if major == 4 {
		o.raw = raw
	}
	var c notebook.Cell
	if id, ok := find(members, "id"); ok && f.ids && isString(id) && notebook.CellID(word(id)).Valid() {
		c.ID = notebook.CellID(word(id))
	}
	rawSource, ok := find(members, "source")
	if !ok {
		return c, errors.New("has no source")
	}
	if c.Source, err = multiline(rawSource); err != nil {
		return c, fmt.Errorf("source: %w", err)
	}
	meta := map[string]json.RawMessage{}
	if m, ok := find(members, "metadata"); ok {
		list, err := objectMembers(m)
		if err != nil {
			return c, fmt.Errorf("metadata %w", err)
		}
		for _, m := range list {
			meta[m.key] = m.raw
		}
	}
	kind := cellMeta(&c, meta)
	cellType, _ := find(members, "cell_type")
	switch word(cellType) {
	case "code":
		c.Kind = notebook.Go
		if kind != notebook.Go {
			o.magic = takeMagic(&c)
		}
	case "markdown":
		c.Kind = notebook.Markdown
	case "raw":
		c.Kind = notebook.Raw
	default:
		return c, fmt.Errorf("has the unknown type %.40s", cellType)
	}
	if name, ok := meta["name"]; ok && c.Kind != notebook.SQL && isString(name) && word(name) != "" {
		c.Name = word(name)
		delete(meta, "name")
	}
	c.Meta = none(meta)
	o.cell = c
	o.outputs = sync.OnceValue(func() Outputs { return outputsIn(members) })
	c.Origin = o
	return c, nil
}

// cellMeta takes what stnb understands out of a cell's metadata. kind is stnb's
// word on what a code cell is, where the text alone would mislead.
func cellMeta(c *notebook.Cell, meta map[string]json.RawMessage) (kind notebook.Kind) {
	if meta["jupyter"] != nil && splitHidden(meta) {
		c.HideCode = true
	}
	own, err := objectMembers(meta["stnb"])
	if err != nil {
		return ""
	}
	var rest []member
	for _, m := range own {
		switch {
		case m.key == "disabled" && isBool(m.raw):
			c.Disabled = string(m.raw) == "true"
		case m.key == "once" && isBool(m.raw):
			c.Once = string(m.raw) == "true"
		case m.key == "kind" && word(m.raw) == string(notebook.Go):
			kind = notebook.Go
		default:
			rest = append(rest, m)
		}
	}
	keepRest(meta, "stnb", rest)
	return kind
}

// FromMagic is the cell that a text is in Jupyter's terms: an SQL cell when it
// begins with %%sql, else a Go cell. It has no ID.
func FromMagic(text string) notebook.Cell {
	c := notebook.Cell{Kind: notebook.Go, Source: text}
	takeMagic(&c)
	return c
}

// takeMagic makes an SQL cell of a code cell that begins with a line such as
//
//	%%sql name="owners" connection="pets"
//
// and returns that line. With other words on it, it is somebody else's magic.
func takeMagic(c *notebook.Cell) string {
	first, rest, more := strings.Cut(c.Source, "\n")
	words, isMagic := strings.CutPrefix(strings.TrimRight(first, " \t\r"), "%%sql")
	if !isMagic || words != "" && words[0] != ' ' {
		return ""
	}
	attrs, ok := parseAttrs(words)
	if !ok {
		return ""
	}
	var name, connection string
	for _, a := range attrs {
		switch a.key {
		case "name":
			name = word(a.raw)
		case "connection":
			connection = word(a.raw)
		default:
			return ""
		}
	}
	if !more && first != "%%sql"+words {
		return ""
	}
	c.Kind, c.Name, c.Connection, c.Source = notebook.SQL, name, connection, rest
	return first
}

// multiline joins a source: a string, or an array of lines with their ends.
func multiline(raw json.RawMessage) (string, error) {
	var one string
	if json.Unmarshal(raw, &one) == nil && isString(raw) {
		return one, nil
	}
	items, err := arrayItems(raw)
	if err != nil {
		return "", errors.New("is neither a string nor an array of strings")
	}
	var b strings.Builder
	for _, item := range items {
		if !isString(item) {
			return "", errors.New("is neither a string nor an array of strings")
		}
		b.WriteString(word(item))
	}
	return b.String(), nil
}

func isString(raw json.RawMessage) bool { return len(raw) > 0 && raw[0] == '"' }

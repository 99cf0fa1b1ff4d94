package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strings"

	"stnb.dev/dataframe/page"
	"stnb.dev/kernel/wire"
	"stnb.dev/notebook/file"
	"stnb.dev/notebook/source"
	"stnb.dev/widgets/element"
)

// recorder keeps the outputs of a headless run, for a copy of the notebook that
// shows them: nbformat's outputs, so the copy is an .ipynb.
type recorder struct {
	doc   *document
	cells map[string]*recording
}

// recording is the outputs of one cell, in the order they came.
type recording struct {
	order []element.Path
	shown map[element.Path]*output
	fault *wire.Fault
	at    string
	ran   bool
}

// output is one of nbformat's outputs.
type output struct {
	Type      string         `json:"output_type"`
	Name      string         `json:"name,omitempty"`
	Text      *string        `json:"text,omitempty"`
	Data      map[string]any `json:"data,omitempty"`
	Metadata  *struct{}      `json:"metadata,omitempty"`
	ErrorName string         `json:"ename,omitempty"`
	Error     string         `json:"evalue,omitempty"`
	Traceback *[]string      `json:"traceback,omitempty"`
}

func newRecorder(d *document) *recorder { return &recorder{doc: d, cells: map[string]*recording{}} }

func (r *recorder) cell(id string) *recording {
	c := r.cells[id]
	if c == nil {
		c = &recording{shown: map[element.Path]*output{}}
		r.cells[id] = c
	}
	return c
}

func (r *recorder) output(cell string, d element.Delta, rows func(string, int) (page.Reply, []byte, error)) {
	c := r.cell(cell)
	switch d.Op {
	case element.Set:
		o := outputOf(d.Element, rows)
		if o == nil {
			return
		}
		if c.shown[d.Path] == nil {
			c.order = append(c.order, d.Path)
		}
		c.shown[d.Path] = o
	case element.Append:
		var data struct{ Text string }
		if o := c.shown[d.Path]; o != nil && o.Text != nil && json.Unmarshal(d.Data, &data) == nil {
			*o.Text += data.Text
		}
	case element.Remove, element.Clear:
		for path := range c.shown {
			if path == d.Path && d.Op == element.Remove || strings.HasPrefix(string(path), string(d.Path)+"/") {
				delete(c.shown, path)
			}
		}
	}
}

func (r *recorder) ended(cell string, end *wire.CellEnd, at source.Position) {
	c := r.cell(cell)
	c.ran, c.fault = true, end.Fault
	if at.Line > 0 {
		c.at = fmt.Sprintf("%d:%d", at.Line, at.Column)
	}
}

// outputOf is an element as an output, nil when it shows nothing by itself.
func outputOf(e *element.Element, rows func(string, int) (page.Reply, []byte, error)) *output {
	text := plain(e)
	if e.Kind == "stdout" {
		name := props[element.Stdout](e).Stream
		if name != "stderr" {
			name = "stdout"
		}
		return &output{Type: "stream", Name: name, Text: &text}
	}
	data := map[string]any{}
	switch e.Kind {
	case "markdown":
		data["text/html"] = props[element.Markdown](e).HTML
	case "table":
		p := props[element.Table](e)
		names := make([]string, len(p.Columns))
		for i, c := range p.Columns {
			names[i] = c.Name
		}
		data["text/html"] = htmlTable(append([][]string{names}, p.Rows...))
	case "json":
		data["application/json"] = props[element.Json](e).Value
	case "image":
		if kind, body, ok := strings.Cut(strings.TrimPrefix(props[element.Image](e).URL, "data:"), ";base64,"); ok {
			data[kind] = body
		}
	default:
		if ref, ok := frameOf(e); ok {
			text = table(ref, rows)
			if _, raw, err := rows(ref.Ref, shownRows); err == nil {
				if records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff"))).ReadAll(); err == nil {
					data["text/html"] = htmlTable(records)
				}
			}
		}
	}
	if text == "" && len(data) == 0 {
		return nil
	}
	data["text/plain"] = text
	return &output{Type: "display_data", Data: data, Metadata: &struct{}{}}
}

func htmlTable(rows [][]string) string {
	var b strings.Builder
	b.WriteString("<table>")
	for i, row := range rows {
		tag := "td"
		if i == 0 {
			tag = "th"
		}
		b.WriteString("<tr>")
		for _, field := range row {
			b.WriteString("<" + tag + ">" + html.EscapeString(field) + "</" + tag + ">")
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</table>")
	return b.String()
}

// outputs is what a cell's outputs are in the copy.
func (c *recording) outputs() []*output {
	list := []*output{}
	for _, path := range c.order {
		if o := c.shown[path]; o != nil {
			list = append(list, o)
		}
	}
	if f := c.fault; f != nil {
		trace := []string{strings.TrimSpace(c.at + " " + faultText(f))}
		list = append(list, &output{Type: "error", ErrorName: f.Kind, Error: f.Message, Traceback: &trace})
	}
	return list
}

// save writes the copy. It replaces a file of that name, as -o does everywhere,
// but never the notebook itself half-written.
func (r *recorder) save(name string) error {
	data, err := file.Write(filepath.Base(name), r.doc.nb)
	if err != nil {
		return err
	}
	var nb map[string]json.RawMessage
	var cells []map[string]json.RawMessage
	if err := json.Unmarshal(data, &nb); err != nil {
		return err
	}
	if err := json.Unmarshal(nb["cells"], &cells); err != nil {
		return err
	}
	count := 0
	for i, raw := range cells {
		rec := r.cells[string(r.doc.nb.Cells[i].ID)]
		if string(raw["cell_type"]) != `"code"` {
			continue
		}
		if rec == nil || !rec.ran && len(rec.order) == 0 {
			raw["outputs"], raw["execution_count"] = json.RawMessage("[]"), json.RawMessage("null")
			continue
		}
		count++
		if raw["outputs"], err = json.Marshal(rec.outputs()); err != nil {
			return err
		}
		raw["execution_count"], _ = json.Marshal(count)
	}
	if nb["cells"], err = json.Marshal(cells); err != nil {
		return err
	}
	text, err := json.MarshalIndent(nb, "", " ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(name+".part", append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("%s: %w", name, reason(err))
	}
	return os.Rename(name+".part", name)
}

// checkCopy says whether a copy with outputs can have that name.
func checkCopy(name string) error {
	if f, _ := file.FormatOf(name); f != file.IPYNB {
		return usage("-o %s: outputs are kept in .ipynb files", name)
	}
	return nil
}

// also sends what a run does to a recorder besides.
func (h *headless) also(r *recorder) {
	output, ended := h.output, h.ended
	h.output = func(cell string, d element.Delta, rows func(string, int) (page.Reply, []byte, error)) {
		output(cell, d, rows)
		r.output(cell, d, rows)
	}
	h.ended = func(cell string, end *wire.CellEnd, at source.Position) {
		ended(cell, end, at)
		r.ended(cell, end, at)
	}
}

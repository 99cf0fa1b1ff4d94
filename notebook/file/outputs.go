package file

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"stnb.dev/notebook"
)

// Outputs are what a cell showed when it ran.
type Outputs struct {
	Count int               // nbformat's execution_count; 0 is none
	List  []json.RawMessage // nbformat's outputs
}

// OutputsOf is what the cell's file holds of them; nothing for a cell that did
// not come from an .ipynb.
func OutputsOf(c notebook.Cell) (out Outputs) {
	o, _ := c.Origin.(*ipCell)
	if o == nil || !runs(c) {
		return out
	}
	if o.outputs != nil {
		return o.outputs()
	}
	return outputsIn(o.members)
}

func outputsIn(members []member) (out Outputs) {
	if raw, ok := find(members, "execution_count"); ok {
		_ = json.Unmarshal(raw, &out.Count)
	}
	if raw, ok := find(members, "outputs"); ok {
		out.List, _ = arrayItems(raw)
	}
	return out
}

// Same says whether both show the same: how their JSON is laid out, and whether a
// text is one string or its lines, makes no difference.
func (o Outputs) Same(p Outputs) bool {
	equal := func(a, b json.RawMessage) bool { return bytes.Equal(a, b) }
	return slices.EqualFunc(o.List, p.List, equal) || len(o.List) == len(p.List) && o.Sum() == p.Sum()
}

// Sum is a hash of what is shown; outputs that are the Same have the same.
func (o Outputs) Sum() string {
	h := sha256.New()
	for _, raw := range o.List {
		h.Write(encode(joined(raw)))
		h.Write([]byte{'\n'})
	}
	return hex.EncodeToString(h.Sum(nil))
}

// joined is an output with the lines of its texts made one.
func joined(raw json.RawMessage) any {
	var o map[string]any
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.UseNumber()
	if dec.Decode(&o) != nil {
		return string(raw)
	}
	join := func(m map[string]any, key string) {
		list, ok := m[key].([]any)
		if !ok {
			return
		}
		var text strings.Builder
		for _, l := range list {
			line, ok := l.(string)
			if !ok {
				return
			}
			text.WriteString(line)
		}
		m[key] = text.String()
	}
	join(o, "text")
	if data, ok := o["data"].(map[string]any); ok {
		for key := range data {
			join(data, key)
		}
	}
	return o
}

// runs says whether the cell is one that nbformat calls code.
func runs(c notebook.Cell) bool { return c.Kind == notebook.Go || c.Kind == notebook.SQL }

// WriteOutputs is Write with other outputs for some cells. Only .ipynb files hold
// outputs.
func WriteOutputs(name string, nb *notebook.Notebook, ran map[notebook.CellID]Outputs) ([]byte, error) {
	if f, ok := FormatOf(name); ok && f != IPYNB {
		return nil, &Error{Name: name, Text: "outputs are kept in .ipynb files"}
	}
	return write(name, nb, ran)
}

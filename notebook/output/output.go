package output

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"stnb.dev/widgets/element"
)

// Output is one of nbformat's outputs of a code cell.
type Output struct {
	Type      string         `json:"output_type"` // "stream", "display_data", "execute_result", "error"
	Name      string         `json:"name,omitempty"`
	Text      *string        `json:"text,omitempty"`
	Data      map[string]any `json:"data,omitempty"`
	Metadata  *struct{}      `json:"metadata,omitempty"`
	Count     *int           `json:"execution_count,omitempty"` // of execute_result
	ErrorName *string        `json:"ename,omitempty"`
	Error     *string        `json:"evalue,omitempty"`
	Traceback *[]string      `json:"traceback,omitempty"`
}

// Of is an element as an output; nil when it shows nothing by itself.
func Of(ctx context.Context, e *element.Element, r Reader) *Output {
	switch e.Kind {
	case "stdout":
		p := props[element.Stdout](e)
		name := "stdout"
		if ToStderr(e) {
			name = "stderr"
		}
		return &Output{Type: "stream", Name: name, Text: &p.Text}
	case "error":
		p := props[element.Error](e)
		return Failure(p.Kind, p.Message, Trace(p, nil))
	}
	data := Bundle(ctx, e, r)
	if data == nil {
		return nil
	}
	return &Output{Type: "display_data", Data: data, Metadata: &struct{}{}}
}

// ToStderr says whether an element is text that was written to standard error.
func ToStderr(e *element.Element) bool {
	return e.Kind == "stdout" && props[element.Stdout](e).Stream == "stderr"
}

// Failure is an error as an output.
func Failure(kind, message string, trace []string) *Output {
	if kind == "" {
		kind = "error"
	}
	return &Output{Type: "error", ErrorName: &kind, Error: &message, Traceback: &trace}
}

// Trace is an error's lines for people: what, and where. place names a cell; nil
// says its id.
func Trace(e element.Error, place func(cell string) string) []string {
	head := e.Message
	if e.Kind == "panic" && !strings.HasPrefix(head, "panic: ") {
		head = "panic: " + head
	}
	lines := strings.Split(head, "\n")
	for _, f := range e.Frames {
		name := f.Cell
		if place != nil {
			name = place(f.Cell)
		}
		at := fmt.Sprintf("    %s:%d:%d", name, f.Line, f.Column)
		if f.Func != "" {
			at += " in " + f.Func
		}
		lines = append(lines, at)
	}
	return lines
}

// Screen is what elements are shown, in order: deltas in, outputs out.
type Screen struct {
	order []element.Path
	shown map[element.Path]*element.Element
}

// Apply follows a delta.
func (s *Screen) Apply(d element.Delta) {
	if s.shown == nil {
		s.shown = map[element.Path]*element.Element{}
	}
	switch d.Op {
	case element.Set, element.Update:
		if d.Element == nil {
			return
		}
		if s.shown[d.Path] == nil {
			s.order = append(s.order, d.Path)
		}
		s.shown[d.Path] = d.Element
	case element.Append:
		if e := s.shown[d.Path]; e != nil {
			s.shown[d.Path] = Appended(e, d.Data)
		}
	case element.Remove, element.Clear:
		for path := range s.shown {
			if path == d.Path && d.Op == element.Remove || strings.HasPrefix(string(path), string(d.Path)+"/") {
				delete(s.shown, path)
			}
		}
		s.order = keep(s.order, func(p element.Path) bool { return s.shown[p] != nil })
	}
}

// At is what is shown at a place, nil when nothing is.
func (s *Screen) At(path element.Path) *element.Element { return s.shown[path] }

// Cell is what one cell shows, in the order it came.
func (s *Screen) Cell(id string) (paths []element.Path, elements []*element.Element) {
	for _, p := range s.order {
		if s.shown[p] != nil && p.Cell() == id {
			paths = append(paths, p)
		}
	}
	for _, p := range paths {
		elements = append(elements, s.shown[p])
	}
	return paths, elements
}

// Appended is the element with the data of an Append in it.
func Appended(e *element.Element, data json.RawMessage) *element.Element {
	var more struct {
		Text   string       `json:"text"`
		Rows   [][]string   `json:"rows"`
		X      []any        `json:"x"`
		Series [][]*float64 `json:"series"`
	}
	if json.Unmarshal(data, &more) != nil {
		return e
	}
	grown := *e
	switch e.Kind {
	case "stdout":
		p := props[element.Stdout](e)
		p.Text += more.Text
		grown.Props = encode(p)
	case "text":
		p := props[element.Text](e)
		p.Text += more.Text
		grown.Props = encode(p)
	case "table":
		p := props[element.Table](e)
		p.Rows = append(p.Rows, more.Rows...)
		grown.Props = encode(p)
	case "chart":
		p := props[element.Chart](e)
		p.X = append(p.X, more.X...)
		for i := range min(len(p.Series), len(more.Series)) {
			p.Series[i].Y = append(p.Series[i].Y, more.Series[i]...)
		}
		grown.Props = encode(p)
	}
	return &grown
}

func keep[T any](list []T, ok func(T) bool) []T {
	out := list[:0:0]
	for _, v := range list {
		if ok(v) {
			out = append(out, v)
		}
	}
	return out
}

package jupyter

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"stnb.dev/notebook"
	"stnb.dev/notebook/editor"
	"stnb.dev/notebook/file"
	"stnb.dev/notebook/source"
	"stnb.dev/notebook/syntax"
)

// draftID is the cell that questions are about.
const draftID = "draft"

// cursorRequest is a text and a place in it, counted in Unicode code points.
type cursorRequest struct {
	Code   string `json:"code"`
	Cursor *int   `json:"cursor_pos"` // absent: the end
}

// place makes a cell of the text. Lines and columns are bytes, as the editor has
// them; skipped is how many code points stand before the cell's own text.
func (r cursorRequest) place() (c notebook.Cell, at source.Position, skipped int) {
	c = file.FromMagic(r.Code)
	c.ID = draftID
	skipped = utf8.RuneCountInString(r.Code) - utf8.RuneCountInString(c.Source)
	cursor := utf8.RuneCountInString(r.Code)
	if r.Cursor != nil {
		cursor = min(max(*r.Cursor, 0), cursor)
	}
	off := byteOffset(c.Source, cursor-skipped)
	before := c.Source[:off]
	line := strings.Count(before, "\n")
	return c, source.Position{Cell: draftID, Line: line + 1, Column: off - strings.LastIndexByte(before, '\n')}, skipped
}

// byteOffset is where a code point begins.
func byteOffset(text string, runes int) int {
	for i := range text {
		if runes <= 0 {
			return i
		}
		runes--
	}
	return len(text)
}

// runeOffset is the number of code points before a line and column.
func runeOffset(text string, p source.Position) int {
	at := 0
	for range p.Line - 1 {
		i := strings.IndexByte(text[at:], '\n')
		if i < 0 {
			break
		}
		at += i + 1
	}
	return utf8.RuneCountInString(text[:min(at+p.Column-1, len(text))])
}

func (s *server) complete(r cursorRequest) any {
	c, at, skipped := r.place()
	found := editor.Complete(s.draft(c), at)
	matches, types := []string{}, []any{}
	start := skipped + runeOffset(c.Source, at)
	end := start
	if found.Range.Start.Line > 0 {
		start, end = skipped+runeOffset(c.Source, found.Range.Start), skipped+runeOffset(c.Source, found.Range.End)
	}
	for _, it := range found.Items {
		text := it.Insert
		if text == "" {
			text = it.Label
		}
		matches = append(matches, text)
		types = append(types, map[string]any{"start": start, "end": end, "text": text, "type": jupyterKind(it.Kind), "signature": it.Detail})
	}
	return map[string]any{
		"status": "ok", "matches": matches, "cursor_start": start, "cursor_end": end,
		"metadata": map[string]any{"_jupyter_types_experimental": types},
	}
}

// jupyterKind is the editor's kind of a name as JupyterLab has icons for.
func jupyterKind(kind string) string {
	switch kind {
	case "namespace":
		return "module"
	case "method":
		return "function"
	case "constant", "variable", "property":
		return "instance"
	case "type", "interface":
		return "class"
	}
	return kind
}

func (s *server) inspect(r cursorRequest) any {
	c, at, _ := r.place()
	found := s.explain(c, at)
	if found == nil {
		return map[string]any{"status": "ok", "found": false, "data": struct{}{}, "metadata": struct{}{}}
	}
	return map[string]any{"status": "ok", "found": true, "data": explained(found), "metadata": struct{}{}}
}

// explain finds the name at a place, or that whose arguments are being typed.
func (s *server) explain(c notebook.Cell, at source.Position) *editor.Hovered {
	snap := s.draft(c)
	if h := editor.Hover(snap, at); h != nil {
		return h
	}
	off := byteOffset(c.Source, runeOffset(c.Source, at))
	depth := 0
	for i := off - 1; i >= 0; i-- {
		switch c.Source[i] {
		case ')':
			depth++
		case '(':
			if depth--; depth < 0 {
				before := c.Source[:i]
				p := source.Position{Cell: draftID, Line: 1 + strings.Count(before, "\n"), Column: i - strings.LastIndexByte(before, '\n')}
				return editor.Hover(snap, p)
			}
		}
	}
	return nil
}

func explained(h *editor.Hovered) map[string]any {
	text, mark := h.Signature, "```go\n"+h.Signature+"\n```\n"
	if h.Doc != "" {
		text, mark = text+"\n\n"+h.Doc, mark+"\n"+h.Doc+"\n"
	}
	return map[string]any{"text/plain": text, "text/markdown": mark}
}

// helpPattern is a request for help: ?name, name? or name??.
var helpPattern = regexp.MustCompile(`^(?:\?\??\s*([\pL_][\pL\d_.]*)|([\pL_][\pL\d_.]*)\s*\?\??)$`)

// helpFor is the name that a cell asks about.
func helpFor(code string) (name string, ok bool) {
	m := helpPattern.FindStringSubmatch(strings.TrimSpace(code))
	if m == nil {
		return "", false
	}
	return m[1] + m[2], true
}

// help explains a name in the pager.
func (s *server) help(name string) any {
	c := notebook.Cell{ID: draftID, Kind: notebook.Go, Source: name}
	data := map[string]any{"text/plain": "nothing is known of " + name}
	if h := s.explain(c, source.Position{Cell: draftID, Line: 1, Column: len(name)}); h != nil {
		data = explained(h)
	}
	return map[string]any{"source": "page", "data": data, "start": 0}
}

type codeRequest struct {
	Code string `json:"code"`
}

// isComplete says whether a text can run as it is, goes on in another line, or
// never will.
func isComplete(r codeRequest) any {
	c := file.FromMagic(r.Code)
	if _, help := helpFor(r.Code); help || c.Kind != notebook.Go {
		return map[string]any{"status": "complete"}
	}
	p := syntax.Parse(c)
	if depth, open := p.Open(); open {
		return map[string]any{"status": "incomplete", "indent": strings.Repeat("\t", depth)}
	}
	if len(p.Errors) == 0 {
		return map[string]any{"status": "complete"}
	}
	return map[string]any{"status": "invalid"}
}

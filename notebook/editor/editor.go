// Package editor answers what a code editor asks about a notebook: completion,
// hover, signature help, definition, references, rename, fixes, gofmt. Each service is a
// func of a build.Snapshot and a position in a cell; nothing runs.
package editor

import (
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/types"
	"strings"
	"unicode"
	"unicode/utf8"

	"stnb.dev/notebook"
	"stnb.dev/notebook/build"
	"stnb.dev/notebook/check"
	"stnb.dev/notebook/source"
)

// Serve answers a service by its name in the browser protocol. Parameters and
// results are JSON; a nil result is no answer.
func Serve(_ context.Context, s *build.Snapshot, method string, params json.RawMessage) (any, error) {
	var p struct {
		source.Position
		Name string `json:"name"`
	}
	if err := json.Unmarshal(params, &p); err != nil {
		return nil, fmt.Errorf("%s: %w", method, err)
	}
	if p.Line < 1 {
		p.Line = 1
	}
	if p.Column < 1 {
		p.Column = 1
	}
	switch method {
	case "complete":
		return Complete(s, p.Position), nil
	case "hover":
		return orNil(Hover(s, p.Position)), nil
	case "signature":
		return orNil(Signature(s, p.Position)), nil
	case "definition":
		return orNil(Definition(s, p.Position)), nil
	case "references":
		return References(s, p.Position), nil
	case "rename":
		return Rename(s, p.Position, p.Name)
	case "fixes":
		return Fixes(s, p.Cell), nil
	case "format":
		return Format(s, p.Cell)
	}
	return nil, fmt.Errorf("there is no editor service %q", method)
}

// orNil makes a nil pointer a nil interface, which is null in JSON.
func orNil[T any](p *T) any {
	if p == nil {
		return nil
	}
	return p
}

// TextEdit replaces a range of a cell's text.
type TextEdit struct {
	Range source.Range `json:"range"`
	Text  string       `json:"text"`
}

// offset is the byte offset of a line and column in a text, kept within it.
func offset(text string, line, column int) int {
	at := 0
	for ; line > 1; line-- {
		i := strings.IndexByte(text[at:], '\n')
		if i < 0 {
			return len(text)
		}
		at += i + 1
	}
	end := len(text)
	if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
		end = at + i
	}
	return min(at+column-1, end)
}

// place is the line and column of an offset.
func place(id notebook.CellID, text string, at int) source.Position {
	before := text[:at]
	return source.Position{Cell: id, Line: 1 + strings.Count(before, "\n"), Column: at - strings.LastIndexByte(before, '\n')}
}

func span(id notebook.CellID, text string, start, end int) source.Range {
	return source.Range{Start: place(id, text, start), End: place(id, text, end)}
}

// word is the identifier around an offset: from start to end.
func word(text string, at int) (start, end int) {
	letter := func(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
	start, end = at, at
	for start > 0 {
		r, n := utf8.DecodeLastRuneInString(text[:start])
		if !letter(r) {
			break
		}
		start -= n
	}
	for end < len(text) {
		r, n := utf8.DecodeRuneInString(text[end:])
		if !letter(r) {
			break
		}
		end += n
	}
	return start, end
}

// here is the identifier put where the cursor is. Nobody can have typed it.
const here = "hereʹ"

// spot is the cursor in a cell that was checked with here in its place.
type spot struct {
	snap *build.Snapshot
	view build.View
	id   *ast.Ident
	path []ast.Node // from the file to what holds id
}

// probe checks the cell with here instead of the word around an offset, all that
// is open being closed behind it.
func probe(s *build.Snapshot, c notebook.Cell, at int) (*spot, bool) {
	start, end := word(c.Source, at)
	c.Source = c.Source[:start] + here + closers(c) + c.Source[end:]
	p := s.Probe(c)
	view, ok := p.View(c.ID)
	if !ok {
		return nil, false
	}
	sp := &spot{snap: p, view: view}
	var path []ast.Node
	ast.Inspect(view.File.AST, func(n ast.Node) bool {
		if n == nil {
			path = path[:len(path)-1]
			return true
		}
		if id, ok := n.(*ast.Ident); ok && strings.HasPrefix(id.Name, here) && sp.id == nil {
			sp.id, sp.path = id, append([]ast.Node(nil), path...)
		}
		path = append(path, n)
		return true
	})
	return sp, sp.id != nil
}

// closers are the brackets that the text of a Go cell leaves open.
func closers(c notebook.Cell) string {
	if c.Kind != notebook.Go {
		return ""
	}
	var open []byte
	for _, t := range tokens(c.Source) {
		switch t.lit {
		case "(", "[", "{":
			open = append(open, t.lit[0])
		case ")", "]", "}":
			if n := len(open); n > 0 {
				open = open[:n-1]
			}
		}
	}
	var b strings.Builder
	for i := len(open) - 1; i >= 0; i-- {
		b.WriteByte(map[byte]byte{'(': ')', '[': ']', '{': '}'}[open[i]])
	}
	return b.String()
}

// qualify names packages as cells do.
func qualify(p *types.Package) string {
	if p.Path() == check.PackagePath {
		return ""
	}
	return p.Name()
}

// describe is an object as Go text, cut if it is very long.
func describe(obj types.Object) string {
	if p, ok := obj.(*types.PkgName); ok {
		return fmt.Sprintf("package %s (%q)", p.Imported().Name(), p.Imported().Path())
	}
	text := check.Typed(types.ObjectString(obj, qualify))
	if t, ok := obj.(*types.TypeName); ok && !t.IsAlias() {
		text = strings.Replace(text, "struct{", "struct { ", 1)
	}
	const most = 800
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + " …"
	}
	return text
}

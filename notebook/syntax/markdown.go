package syntax

import (
	"go/ast"
	"go/parser"
	"strings"
)

// Hole is a place in a Markdown cell's text that an expression's value fills:
// from {{ to }}, both within.
type Hole struct {
	Start, End int
}

// markdown parses the expressions in a Markdown cell. Each is a statement of the
// cell, and belongs to the hole of the same index. Code spans and blocks have no
// holes.
func (p *parse) markdown() {
	c, text := p.cell, p.cell.Text
	c.Holes = holes(text)
	// What is no expression is blank; a semicolon ends each expression.
	code := []byte(blanked(text))
	for _, h := range c.Holes {
		copy(code[h.Start+2:h.End-2], text[h.Start+2:h.End-2])
		code[h.End-2] = ';'
	}
	p.tokensOf(string(code))
	f := p.parseText(stmtsPrefix, string(code), suffix, parser.SkipObjectResolution|parser.AllErrors)
	c.File = f.file
	c.Errors = p.errors
	p.report(f)
	if fn, ok := f.ast.Decls[0].(*ast.FuncDecl); ok && fn.Body != nil {
		c.Body, c.Stmts = fn.Body, fn.Body.List
	} else {
		c.Body = c.emptyBody()
	}
	if len(c.Errors) == 0 && len(c.Stmts) != len(c.Holes) {
		c.Errors = append(c.Errors, Error{0, 0, "each {{ }} must hold one expression"})
	}
	for _, s := range c.Stmts {
		if _, ok := s.(*ast.ExprStmt); !ok {
			c.errorf(s.Pos(), s.End(), "only an expression can stand between {{ and }}")
		}
	}
	c.resolve()
	c.Defs = nil
}

// holes finds {{ }} outside code.
func holes(text string) []Hole {
	var list []Hole
	fence := "" // of the code block we are in
	for at := 0; at < len(text); {
		end := at + until(text[at:], "\n")
		line := strings.TrimLeft(text[at:end], " ")
		switch mark := fenceOf(line); {
		case fence != "":
			if strings.HasPrefix(line, fence) {
				fence = ""
			}
		case mark != "":
			fence = mark
		default:
			end = holesFrom(text, at, end, &list)
		}
		at = end
	}
	return list
}

func fenceOf(line string) string {
	for _, c := range []string{"`", "~"} {
		if n := len(line) - len(strings.TrimLeft(line, c)); n >= 3 && (c == "~" || !strings.Contains(line[n:], "`")) {
			return line[:n]
		}
	}
	return ""
}

// holesFrom finds the holes that begin on a line, and returns where to go on: a
// hole may end on a later line.
func holesFrom(text string, at, end int, list *[]Hole) int {
	for at < end {
		switch {
		case text[at] == '\\':
			at += 2
		case text[at] == '`':
			n := len(text[at:]) - len(strings.TrimLeft(text[at:], "`"))
			ticks := text[at : at+n]
			at += n
			if close := strings.Index(text[at:end], ticks); close >= 0 {
				at += close + n
			}
		case strings.HasPrefix(text[at:], "{{"):
			close := strings.Index(text[at+2:], "}}")
			if close < 0 {
				at += 2
				continue
			}
			stop := at + 2 + close + 2
			for stop < len(text) && text[stop] == '}' { // {{ T{1, T{}} }} ends at the last
				stop++
			}
			*list = append(*list, Hole{at, stop})
			at = stop
			end = max(end, min(stop+until(text[stop:], "\n"), len(text)))
		default:
			at++
		}
	}
	return min(max(at, end), len(text))
}

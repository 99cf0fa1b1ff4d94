package syntax

import (
	"go/scanner"
	"go/token"
	"strings"
)

// Open says whether the text is right as far as it goes but needs more: a bracket,
// a raw string or a comment is not closed, or a statement goes on. depth is how
// many brackets are open.
func (c *Cell) Open() (depth int, open bool) {
	for _, t := range c.Tokens {
		switch t.Tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		}
	}
	if c.endsInside() {
		return max(depth, 0), true
	}
	if len(c.Errors) == 0 || depth < 0 {
		return max(depth, 0), false
	}
	return depth, c.Errors[0].Start >= len(strings.TrimRight(c.Text, " \t\r\n"))
}

// endsInside says whether the text ends within a raw string or a comment.
func (c *Cell) endsInside() (inside bool) {
	var s scanner.Scanner
	s.Init(newFile(1, len(c.Text)), []byte(c.Text), func(_ token.Position, msg string) {
		inside = inside || msg == "raw string literal not terminated" || msg == "comment not terminated"
	}, scanner.ScanComments)
	for {
		if _, tok, _ := s.Scan(); tok == token.EOF {
			return inside
		}
	}
}

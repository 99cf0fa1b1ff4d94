package syntax

import "go/token"

// Item is a part of a cell: a piece of the text that is parsed in one way.
type Item struct {
	Kind       ItemKind
	Start, End int // offsets
}

// ItemKind says how an Item is parsed.
type ItemKind int

// The kinds of items.
const (
	Statements ItemKind = iota
	Declaration
	Import
	PackageClause
)

// split cuts the text into items. go/parser knows no mix of declarations and
// statements, but where one begins is seen from the tokens alone: behind a
// semicolon outside all brackets, and by its first word.
func (p *parse) split() {
	s := &splitter{toks: p.cell.Tokens}
	for s.i < len(s.toks) {
		start := s.toks[s.i].Offset
		kind := s.kind()
		if kind == PackageClause && len(p.cell.Items) == 0 {
			p.cell.Program = true
		}
		if kind == Declaration && s.toks[s.i].Tok == token.VAR && !p.cell.Program {
			kind = Statements
		}
		end := s.skip(p)
		items := p.cell.Items
		if n := len(items); n > 0 && kind == Statements && items[n-1].Kind == Statements {
			items[n-1].End = end
		} else {
			p.cell.Items = append(items, Item{kind, start, end})
		}
	}
}

type splitter struct {
	toks []Token
	i    int
}

func (s *splitter) tok(i int) token.Token {
	if i < len(s.toks) {
		return s.toks[i].Tok
	}
	return token.EOF
}

// kind tells what begins at token i.
func (s *splitter) kind() ItemKind {
	switch s.tok(s.i) {
	case token.PACKAGE:
		return PackageClause
	case token.IMPORT:
		return Import
	case token.TYPE, token.CONST, token.VAR:
		return Declaration
	case token.FUNC:
		if s.declaresFunc() {
			return Declaration
		}
	}
	return Statements
}

// declaresFunc tells a func declaration from a literal. A method's receiver is
// followed by a name and a parameter list, a literal's parameters by a result
// type, which no parenthesis or bracket follows, or by the body.
func (s *splitter) declaresFunc() bool {
	i := s.i + 1
	if s.tok(i) == token.IDENT {
		return true
	}
	if s.tok(i) != token.LPAREN {
		return false
	}
	for depth := 0; i < len(s.toks); i++ {
		switch s.tok(i) {
		case token.LPAREN:
			depth++
		case token.RPAREN:
			depth--
		}
		if depth == 0 {
			break
		}
	}
	return s.tok(i+1) == token.IDENT && s.tok(i+2) == token.LPAREN
}

// skip moves behind the semicolon that ends the item and returns where the item
// ends. The semicolons in the header of an if, for or switch do not end it.
func (s *splitter) skip(p *parse) int {
	depth := 0
	header := false // between if, for, switch or select and its block
	nested := false // the next block is that of a func or a struct in the header
	first := s.i
	for ; s.i < len(s.toks); s.i++ {
		t := s.toks[s.i]
		switch t.Tok {
		case token.IF, token.FOR, token.SWITCH, token.SELECT:
			header = header || depth == 0
		case token.FUNC, token.STRUCT, token.INTERFACE:
			nested = nested || header && depth == 0
		case token.LPAREN, token.LBRACK:
			depth++
		case token.LBRACE:
			if depth == 0 && header {
				if nested {
					nested = false
				} else {
					header = false
				}
			}
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if depth == 0 {
				p.errors = append(p.errors, Error{t.Offset, t.End(), "unexpected " + t.Lit})
				p.stray = append(p.stray, t)
				break
			}
			depth--
		case token.COLON:
			// A label: what follows begins a statement of its own.
			if depth == 0 && s.i == first+1 && s.tok(first) == token.IDENT {
				s.i++
				return t.End()
			}
		case token.SEMICOLON:
			if depth == 0 && (!header || t.Lit == "\n") {
				s.i++
				return t.Offset
			}
		}
	}
	return len(p.cell.Text)
}

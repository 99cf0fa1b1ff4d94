package lower

import (
	"go/token"
	"strings"

	"stnb.dev/notebook/source"
	"stnb.dev/notebook/syntax"
)

// writer writes lowered text and, as it goes, the map back to the cell. Text of
// the cell is written token by token, without comments and in one layout: a cell
// that only looks different lowers to the same text.
type writer struct {
	cell   *syntax.Cell
	edits  *edits
	out    strings.Builder
	pieces []source.Piece
	indent int
	fresh  bool // at the begin of a line
	prev   syntax.Token
	has    bool // prev is on this line
}

// edits are changes to the tokens of a cell, by offset.
type edits struct {
	replace map[int]string   // the token's text
	before  map[int][]string // text in front of the token, outermost first
	after   map[int][]string // text behind it, innermost first
	line    map[int][]string // statements on lines of their own behind it
	drop    map[int]bool
	layout
}

// layout is what the tokens alone do not tell about spaces and lines.
type layout struct {
	unary  map[int]bool // operators with one operand
	blocks map[int]bool // braces around statements, fields and methods
	tight  map[int]bool // braces and brackets that stand close to what is before them
	colons map[int]bool // of case clauses and labels
}

func newEdits() *edits {
	return &edits{
		replace: map[int]string{}, before: map[int][]string{}, after: map[int][]string{},
		line: map[int][]string{}, drop: map[int]bool{},
		layout: layout{unary: map[int]bool{}, blocks: map[int]bool{}, tight: map[int]bool{}, colons: map[int]bool{}},
	}
}

// text writes text that stnb made.
func (w *writer) text(s string) {
	if s == "" {
		return
	}
	w.startLine()
	w.out.WriteString(s)
	w.has = false
}

func (w *writer) startLine() {
	if w.fresh {
		for range w.indent {
			w.out.WriteByte('\t')
		}
		w.fresh = false
	}
}

func (w *writer) newline() {
	if !w.fresh {
		w.out.WriteByte('\n')
		w.fresh, w.has = true, false
	}
}

// line writes a line that stnb made.
func (w *writer) line(s string) {
	w.newline()
	w.text(s)
	w.newline()
}

// tokens writes the tokens of the cell from one offset to another.
func (w *writer) tokens(start, end int) {
	toks := w.cell.Tokens
	for i := w.find(start); i < len(toks) && toks[i].Offset < end; i++ {
		w.token(toks[i], i+1 < len(toks) && toks[i+1].Tok == token.RBRACE && w.edits.blocks[toks[i+1].Offset])
	}
}

// find is the index of the first token at or behind an offset.
func (w *writer) find(offset int) int {
	lo, hi := 0, len(w.cell.Tokens)
	for lo < hi {
		mid := (lo + hi) / 2
		if w.cell.Tokens[mid].Offset < offset {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

func (w *writer) token(t syntax.Token, closes bool) {
	e := w.edits
	auto := t.Tok == token.SEMICOLON && t.Lit == "\n"
	block := e.blocks[t.Offset] && !auto
	switch {
	case auto:
		w.newline()
		return
	case t.Tok == token.SEMICOLON && closes:
		return
	case block && t.Tok == token.RBRACE:
		w.newline()
		w.indent--
	}
	if !auto {
		for _, s := range e.before[t.Offset] {
			if w.has && w.space(t) {
				w.out.WriteByte(' ')
			}
			w.text(s)
		}
	}
	if !e.drop[t.Offset] {
		w.write(t)
	}
	for _, s := range e.after[t.Offset] {
		w.text(s)
		w.prev, w.has = syntax.Token{Tok: token.RPAREN, Lit: ")"}, true
	}
	if block && t.Tok == token.LBRACE {
		w.newline()
		w.indent++
	}
	if e.colons[t.Offset] {
		w.newline()
	}
	for _, s := range e.line[t.Offset] {
		w.line(s)
	}
}

// write writes one token and its piece of the map.
func (w *writer) write(t syntax.Token) {
	w.startLine()
	if w.has && w.space(t) {
		w.out.WriteByte(' ')
	}
	text := t.Lit
	if r, ok := w.edits.replace[t.Offset]; ok {
		text = r
	}
	at := w.cell.Origin(t.Offset)
	w.pieces = append(w.pieces, source.Piece{Lowered: w.out.Len(), Len: len(text), Cell: at, CellLen: w.cell.Origin(t.End()) - at})
	w.out.WriteString(text)
	w.prev, w.has = t, true
}

// space says whether a space stands between the last token and t.
func (w *writer) space(t syntax.Token) bool {
	a, e := w.prev, w.edits
	switch a.Tok {
	case token.LPAREN, token.LBRACK, token.PERIOD, token.ELLIPSIS, token.NOT, token.TILDE:
		return false
	case token.LBRACE:
		return false
	case token.RBRACK:
		if t.Tok != token.LBRACE && !t.Tok.IsOperator() || t.Tok == token.LPAREN || t.Tok == token.LBRACK || e.unary[t.Offset] {
			return false
		}
	}
	if e.unary[a.Offset] && a.Tok.IsOperator() {
		return false
	}
	switch t.Tok {
	case token.RPAREN, token.RBRACK, token.RBRACE, token.COMMA, token.SEMICOLON, token.PERIOD, token.COLON, token.INC, token.DEC:
		return false
	case token.LPAREN, token.LBRACE, token.LBRACK:
		return !e.tight[t.Offset]
	}
	return true
}

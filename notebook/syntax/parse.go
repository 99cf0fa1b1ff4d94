package syntax

import (
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"strings"
)

// parse is one parse under way.
type parse struct {
	cell   *Cell
	base   int
	errors []Error // found before File is there
	stray  []Token // closing brackets that close nothing
	file   bool    // of a package: not a cell
}

// parts parses the items of each kind together: the text of the others is blank
// meanwhile, so that every node keeps its place.
func (p *parse) parts() {
	c := p.cell
	c.Errors = p.errors
	mode := parser.SkipObjectResolution | parser.AllErrors

	stmts := p.parse(stmtsPrefix, mode, Statements)
	c.File = stmts.file
	p.report(stmts)
	for i, d := range stmts.ast.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && i == 0 && f.Body != nil {
			c.Body, c.Stmts = f.Body, f.Body.List
		}
	}
	if c.Body == nil {
		c.Body = c.emptyBody()
	}
	if p.has(Declaration) {
		decls := p.parse(declsPrefix, mode, Declaration)
		p.report(decls)
		c.Decls = decls.ast.Decls
	}
	if p.has(Import) {
		imports := p.parse(declsPrefix, mode, Import)
		p.report(imports)
		c.Imports = imports.ast.Imports
	}
	if p.has(PackageClause) {
		p.packageClause()
	}
}

func (p *parse) has(kind ItemKind) bool {
	for _, it := range p.cell.Items {
		if it.Kind == kind {
			return true
		}
	}
	return false
}

type parsed struct {
	ast  *ast.File
	file *token.File
	err  error
}

// parse parses all items of a kind, at their places.
func (p *parse) parse(prefix string, mode parser.Mode, kind ItemKind) parsed {
	text := p.cell.Text
	var b strings.Builder
	b.Grow(len(text))
	at := 0
	for _, it := range p.cell.Items {
		if it.Kind == kind {
			blank(&b, text[at:it.Start])
			p.copy(&b, it)
			at = it.End
		}
	}
	blank(&b, text[at:])
	after := suffix
	if kind != Statements {
		after = "\n "
	}
	return p.parseText(prefix, b.String(), after, mode)
}

// parseText parses text at the cell's positions.
func (p *parse) parseText(prefix, text, suffix string, mode parser.Mode) parsed {
	fset := fileSet(p.base)
	f, err := parser.ParseFile(fset, "", prefix+text+suffix, mode)
	var file *token.File
	fset.Iterate(func(t *token.File) bool { file = t; return true })
	return parsed{f, file, err}
}

// copy writes an item's text without its stray brackets.
func (p *parse) copy(b *strings.Builder, it Item) {
	at := it.Start
	for _, t := range p.stray {
		if it.Start <= t.Offset && t.Offset < it.End {
			b.WriteString(p.cell.Text[at:t.Offset])
			b.WriteByte(' ')
			at = t.End()
		}
	}
	b.WriteString(p.cell.Text[at:it.End])
}

func blanked(text string) string {
	var b strings.Builder
	blank(&b, text)
	return b.String()
}

// blank writes spaces for text, keeping its lines.
func blank(b *strings.Builder, text string) {
	for i := 0; i < len(text); i++ {
		if text[i] == '\n' {
			b.WriteByte('\n')
		} else {
			b.WriteByte(' ')
		}
	}
}

// report takes over the parser's errors, the first of each line as the parser
// itself would have it.
func (p *parse) report(r parsed) {
	list, _ := r.err.(scanner.ErrorList)
	last := -1
	for _, e := range list {
		if e.Pos.Line == last {
			continue
		}
		last = e.Pos.Line
		at := min(max(e.Pos.Offset-len(stmtsPrefix), 0), len(p.cell.Text))
		p.cell.Errors = append(p.cell.Errors, Error{at, p.tokenEnd(at), p.message(e.Msg, at)})
	}
}

// message puts right what the parser says of the end of the text, where it sees
// the brace that was added.
func (p *parse) message(m string, at int) string {
	if at == len(p.cell.Text) {
		if close := p.unclosed(); close != "" {
			return "expected '" + close + "', found the end of the cell"
		}
		m = strings.Replace(m, "found '}'", "found the end of the cell", 1)
	}
	m = strings.Replace(m, "found 'EOF'", "found the end of the cell", 1)
	return strings.Replace(m, "found newline", "found the end of the line", 1)
}

// unclosed is the bracket that is missing at the end of the text, or "".
func (p *parse) unclosed() string {
	var open []string
	for _, t := range p.cell.Tokens {
		switch t.Tok {
		case token.LPAREN:
			open = append(open, ")")
		case token.LBRACK:
			open = append(open, "]")
		case token.LBRACE:
			open = append(open, "}")
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if n := len(open); n > 0 && open[n-1] == t.Lit {
				open = open[:n-1]
			}
		}
	}
	if len(open) == 0 {
		return ""
	}
	return open[len(open)-1]
}

// tokenEnd is the end of the token at an offset, else the offset itself.
func (p *parse) tokenEnd(at int) int {
	for _, t := range p.cell.Tokens {
		if t.Offset == at {
			return t.End()
		}
	}
	return at
}

// packageClause checks that there is one, first, and for package main.
func (p *parse) packageClause() {
	for i, it := range p.cell.Items {
		if it.Kind != PackageClause {
			continue
		}
		text := strings.Fields(p.cell.Text[it.Start:it.End])
		if len(text) == 2 && i == 0 {
			p.cell.Package = text[1]
			if p.file {
				continue
			}
		}
		switch {
		case i > 0:
			p.cell.Errors = append(p.cell.Errors, Error{it.Start, it.End, "a package clause can only begin a cell"})
		case len(text) != 2 || text[1] != "main":
			p.cell.Errors = append(p.cell.Errors, Error{it.Start, it.End, "only package main can stand in a cell"})
		}
	}
}

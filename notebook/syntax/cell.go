package syntax

import (
	"go/ast"
	"go/scanner"
	"go/token"
	"sort"
	"strings"
	"sync/atomic"

	"stnb.dev/notebook"
)

// Cell is the syntax of one cell. It is not changed after it is parsed, except by
// package check, which parses Cells for itself.
//
// There are two texts: the typed one, and the one that was parsed, in which names
// may have been replaced. Offsets are of the parsed text; Origin takes them back.
type Cell struct {
	Kind  notebook.Kind
	Text  string // as parsed
	Typed string // as typed
	// File has the line table; its positions are those of all nodes.
	File *token.File

	// Program is set for a pasted whole program: it began with a package
	// clause, so its var declarations are initialised in order of dependency.
	Program bool
	// Package is the name in the package clause, if there is one.
	Package string

	Imports []*ast.ImportSpec
	// Decls are the declarations whose order among statements has no meaning:
	// types, constants and funcs; in a Program also variables.
	Decls []ast.Decl
	// Stmts are the statements, var declarations among them.
	Stmts []ast.Stmt
	// Body is the braces around Stmts: just outside the text.
	Body *ast.BlockStmt

	// Items are the parts of the text in the order they were typed.
	Items []Item
	// Tokens are all tokens but comments; semicolons the scanner inserted have
	// the literal "\n".
	Tokens []Token

	// Holes are those of a Markdown cell.
	Holes []Hole

	// Directives are the comments that mean something: //go:name, //st:name.
	Directives []Token

	Defs []*Def
	Refs []*Ref

	// Errors are syntax errors, in order of position. With any, Defs still
	// holds what names could be made out, so that cells below do not complain
	// about them.
	Errors []Error
	// Foreign: they are lines that only another kernel knows.
	Foreign bool

	names   []Token  // the identifiers
	splices []splice // where the parsed text is not the typed one
}

// Token is a token and where it stands, as an offset in the text.
type Token struct {
	Offset int
	Tok    token.Token
	Lit    string // as in the text, also for operators
}

// End is the offset just behind the token.
func (t Token) End() int {
	if t.Tok == token.SEMICOLON && t.Lit == "\n" {
		return t.Offset
	}
	return t.Offset + len(t.Lit)
}

// Error is a mistake in the text, as offsets of its begin and end.
type Error struct {
	Start, End int
	Message    string
}

// prefix stands before the text in what is parsed: as a declaration's
// surroundings, or as a func's. Both have one length, so that positions agree.
const (
	stmtsPrefix = "package p;func _(){"
	declsPrefix = "package p;         "
	suffix      = "\n}"
)

// next is the first position not yet given to a parse. Small ones are left to
// files that others add.
var next atomic.Int64

func init() { next.Store(1 << 10) }

// Parse parses a cell of any kind that can run. It never fails: mistakes are in
// Errors.
func Parse(c notebook.Cell) *Cell {
	cell := finish(parseText(c.Kind, c.Source, c.Name, false))
	cell.foreign()
	return cell
}

// ParseFile parses a whole file of some package.
func ParseFile(c notebook.Cell) *Cell {
	f := parseText(c.Kind, c.Source, c.Name, true)
	switch {
	case f.Package == "":
		f.Errors = append(f.Errors, Error{0, 0, "expected a package clause"})
	case len(f.Stmts) > 0:
		f.errorf(f.Stmts[0].Pos(), f.Stmts[0].End(), "non-declaration statement outside function body")
	}
	return finish(f)
}

// finish checks what is typed, as against what stnb has renamed.
func finish(cell *Cell) *Cell {
	for _, t := range cell.names {
		if strings.ContainsRune(t.Lit, Reserved) {
			cell.Errors = append(cell.Errors, Error{t.Offset, t.End(), "the letter ʹ (U+02B9) in a name is reserved for stnb"})
		}
	}
	for i := range cell.Errors {
		e := &cell.Errors[i]
		e.End = min(e.End, len(cell.Text)) // bytes that are no UTF-8 count as longer
	}
	sort.SliceStable(cell.Errors, func(i, j int) bool { return cell.Errors[i].Start < cell.Errors[j].Start })
	return cell
}

// ParseRenamed parses a cell, or the file of a package, with some of its names
// replaced. An SQL cell's own name is replaced by giving it another.
func ParseRenamed(c notebook.Cell, list []Rename, file bool) *Cell {
	text, splices := rename(c.Source, list)
	cell := parseText(c.Kind, text, c.Name, file)
	cell.Typed, cell.splices = c.Source, splices
	return cell
}

func parseText(kind notebook.Kind, text, name string, file bool) *Cell {
	c := &Cell{Kind: kind, Text: text, Typed: text}
	p := &parse{cell: c, base: allocate(text), file: file}
	switch kind {
	case notebook.SQL:
		p.sql(name)
	case notebook.Markdown:
		p.markdown()
	default:
		p.goText()
	}
	return c
}

// goText parses a Go cell.
func (p *parse) goText() {
	p.tokensOf(p.cell.Text)
	p.split()
	p.parts()
	p.cell.resolve()
}

// allocate reserves the positions of a parse of text and returns the first.
func allocate(text string) int {
	size := int64(len(stmtsPrefix)+len(text)+len(suffix)) + 2
	return int(next.Add(size) - size)
}

// Offset is the byte offset in the parsed text of a position in this cell, kept
// within the text.
func (c *Cell) Offset(pos token.Pos) int {
	return min(max(int(pos)-c.File.Base()-len(stmtsPrefix), 0), len(c.Text))
}

// Pos is the position of a byte offset in the text.
func (c *Cell) Pos(offset int) token.Pos {
	return token.Pos(c.File.Base() + len(stmtsPrefix) + offset)
}

// Contains says whether a position is of this cell.
func (c *Cell) Contains(pos token.Pos) bool {
	return int(pos) >= c.File.Base() && int(pos) <= c.File.Base()+c.File.Size()
}

// emptyBody is the body of a cell without statements.
func (c *Cell) emptyBody() *ast.BlockStmt {
	return &ast.BlockStmt{Lbrace: c.Pos(-1), Rbrace: c.Pos(len(c.Text) + 1)}
}

func (c *Cell) errorf(start, end token.Pos, message string) {
	c.Errors = append(c.Errors, Error{c.Offset(start), c.Offset(end), message})
}

// newFile makes a file whose positions start at base.
func newFile(base, size int) *token.File {
	return fileSet(base).AddFile("", -1, size)
}

// fileSet makes a file set whose next file starts at base.
func fileSet(base int) *token.FileSet {
	fset := token.NewFileSet()
	if base > 1 {
		fset.AddFile("", -1, base-2)
	}
	return fset
}

// tokensOf scans the text, or the text with all but Go blanked.
func (p *parse) tokensOf(text string) {
	var s scanner.Scanner
	file := newFile(1, len(text))
	s.Init(file, []byte(text), func(token.Position, string) {}, scanner.ScanComments)
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return
		}
		if lit == "" {
			lit = tok.String()
		}
		offset := int(pos) - 1
		if tok == token.COMMENT {
			if strings.HasPrefix(lit, "//go:") || strings.HasPrefix(lit, "//st:") {
				p.cell.Directives = append(p.cell.Directives, Token{offset, tok, lit})
			}
			continue
		}
		if tok == token.IDENT {
			p.cell.names = append(p.cell.names, Token{offset, tok, lit})
		}
		p.cell.Tokens = append(p.cell.Tokens, Token{offset, tok, lit})
	}
}

// Reserved is the letter that names made by stnb have and typed ones have not.
const Reserved = 'ʹ'

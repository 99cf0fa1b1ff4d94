package syntax

import (
	"go/ast"
	"go/scanner"
	"go/token"
	"sort"
	"strings"
	"sync/atomic"
)

// Cell is the syntax of one cell. It is not changed after Parse, except by
// package check, which gives identifiers their lowered names in a Cell it has
// parsed for itself.
type Cell struct {
	Text string
	// File has the line table; its positions are those of all nodes.
	File *token.File

	// Program is set for a pasted whole program: it began with a package
	// clause, so its var declarations are initialised in order of dependency.
	Program bool

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

	Defs []*Def
	Refs []*Ref

	// Errors are syntax errors, in order of position. With any, Defs still
	// holds what names could be made out, so that cells below do not complain
	// about them.
	Errors []Error
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

// Parse parses the text of a Go cell. It never fails: mistakes are in Errors.
func Parse(text string) *Cell {
	size := len(stmtsPrefix) + len(text) + len(suffix)
	base := next.Add(int64(size)+2) - int64(size) - 2
	c := &Cell{Text: text}
	p := &parse{cell: c, base: int(base)}
	p.tokens()
	p.split()
	p.parts()
	c.resolve()
	sort.SliceStable(c.Errors, func(i, j int) bool { return c.Errors[i].Start < c.Errors[j].Start })
	return c
}

// Offset is the byte offset in the text of a position in this cell, kept within
// the text.
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

// tokens scans the text.
func (p *parse) tokens() {
	var s scanner.Scanner
	file := newFile(1, len(p.cell.Text))
	s.Init(file, []byte(p.cell.Text), func(token.Position, string) {}, 0)
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return
		}
		if lit == "" {
			lit = tok.String()
		}
		offset := int(pos) - 1
		if tok == token.SEMICOLON && lit == "\n" {
			offset = min(offset, len(p.cell.Text))
		}
		if strings.ContainsRune(lit, Reserved) && tok == token.IDENT {
			p.errors = append(p.errors, Error{offset, offset + len(lit), "the letter ʹ (U+02B9) in a name is reserved for stnb"})
		}
		p.cell.Tokens = append(p.cell.Tokens, Token{offset, tok, lit})
	}
}

// Reserved is the letter that names made by stnb have and typed ones have not.
const Reserved = 'ʹ'

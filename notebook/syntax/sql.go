package syntax

import (
	"go/ast"
	"go/token"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sql parses the text of an SQL cell as far as Go is concerned: the names of its
// parameters ($name), and those of the tables it reads, which may be Go values.
// bind is the Go name the result gets, "" for none.
func (p *parse) sql(bind string) {
	c, text := p.cell, p.cell.Text
	c.File = newFile(p.base, len(stmtsPrefix)+len(text)+len(suffix))
	c.File.SetLinesForContent([]byte(stmtsPrefix + text + suffix))
	c.Body = c.emptyBody()
	if bind != "" {
		id := &ast.Ident{NamePos: c.Pos(0), Name: bind}
		if !validName(bind) {
			c.Errors = append(c.Errors, Error{0, 0, "the cell's name, " + bind + ", is not a Go name"})
		} else {
			c.Defs = append(c.Defs, &Def{Name: bind, Ident: id, Kind: Var, Whole: true})
		}
	}
	words := scanSQL(text)
	for _, w := range words {
		if w.param || w.ident {
			c.names = append(c.names, Token{w.start, token.IDENT, w.text})
		}
	}
	named := commonTables(words)
	for i, w := range words {
		switch {
		case w.param:
			c.Refs = append(c.Refs, &Ref{Ident: &ast.Ident{NamePos: c.Pos(w.start + 1), Name: w.text}})
		case isTable(words, i) && !named[strings.ToLower(w.text)] && validName(w.text):
			c.Refs = append(c.Refs, &Ref{Ident: &ast.Ident{NamePos: c.Pos(w.start), Name: w.text}, Table: true})
		}
	}
}

// sqlWord is a word, a parameter or a single other character of SQL.
type sqlWord struct {
	text  string
	start int
	param bool
	ident bool
}

func (w sqlWord) is(keyword string) bool { return w.ident && strings.EqualFold(w.text, keyword) }

// scanSQL scans SQL, leaving out comments and strings.
func scanSQL(text string) []sqlWord {
	var words []sqlWord
	for i := 0; i < len(text); {
		rest := text[i:]
		switch {
		case strings.HasPrefix(rest, "--"):
			i += until(rest, "\n")
		case strings.HasPrefix(rest, "/*"):
			i += 2 + until(rest[2:], "*/")
		case rest[0] == '\'':
			i += 1 + until(rest[1:], "'")
		case strings.HasPrefix(rest, "$$"):
			i += 2 + until(rest[2:], "$$")
		case rest[0] == '"':
			n := until(rest[1:], `"`)
			words = append(words, sqlWord{text: strings.TrimSuffix(rest[1:1+n], `"`), start: i + 1, ident: true})
			i += 1 + n
		case rest[0] == '$' && wordLen(rest[1:]) > 0:
			n := wordLen(rest[1:])
			words = append(words, sqlWord{text: rest[1 : 1+n], start: i, param: validName(rest[1 : 1+n])})
			i += 1 + n
		case wordLen(rest) > 0:
			n := wordLen(rest)
			words = append(words, sqlWord{text: rest[:n], start: i, ident: true})
			i += n
		case strings.ContainsRune(" \t\r\n", rune(rest[0])):
			i++
		default:
			_, n := utf8.DecodeRuneInString(rest)
			words = append(words, sqlWord{text: rest[:n], start: i})
			i += n
		}
	}
	return words
}

// until is the length of text up to and with end.
func until(text, end string) int {
	if i := strings.Index(text, end); i >= 0 {
		return i + len(end)
	}
	return len(text)
}

func wordLen(text string) int {
	n := 0
	for _, r := range text {
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			break
		}
		n += utf8.RuneLen(r)
	}
	return n
}

func validName(s string) bool {
	for i, r := range s {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return s != "" && s != "_" && !token.IsKeyword(s)
}

// isTable says whether word i stands where a table is read: behind FROM or JOIN,
// or behind a comma in the list that FROM begins.
func isTable(words []sqlWord, i int) bool {
	if !words[i].ident || i == 0 {
		return false
	}
	if i+1 < len(words) && (words[i+1].text == "(" || words[i+1].text == ".") {
		return false // a table function; a table of a schema
	}
	prev := words[i-1]
	if prev.is("from") || prev.is("join") {
		return true
	}
	if prev.text != "," {
		return false
	}
	depth := 0
	for j := i - 1; j >= 0; j-- {
		switch w := words[j]; {
		case w.text == ")":
			depth++
		case w.text == "(":
			if depth--; depth < 0 {
				return false
			}
		case depth > 0:
		case w.is("from"):
			return true
		case sqlClause[strings.ToLower(w.text)] && w.ident:
			return false
		}
	}
	return false
}

// sqlClause are the words that cannot stand between FROM and a table of its list.
var sqlClause = map[string]bool{"select": true, "where": true, "group": true, "order": true, "having": true,
	"limit": true, "on": true, "using": true, "set": true, "values": true, "window": true, "qualify": true}

// commonTables are the names that WITH defines: these hide Go's.
func commonTables(words []sqlWord) map[string]bool {
	names := map[string]bool{}
	for i, w := range words {
		if w.ident && i > 0 && (words[i-1].is("with") || words[i-1].is("recursive") || words[i-1].text == ",") {
			for j := i + 1; j < len(words) && j < i+64; j++ {
				if words[j].is("as") && j+1 < len(words) && (words[j+1].text == "(" || words[j+1].is("materialized") || words[j+1].is("not")) {
					names[strings.ToLower(w.text)] = true
				}
				if j == i+1 && words[j].text != "(" || words[j].is("select") {
					break
				}
			}
		}
	}
	return names
}

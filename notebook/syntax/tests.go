package syntax

import (
	"fmt"
	"go/ast"
	"go/scanner"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Time is the directive //st:time: the cell's statements are run over and over and
// their time is told. 0 lets the run decide.
type Time struct{ Runs, Loops int }

const timeDirective = "//st:time"

// Time is the cell's directive //st:time, nil when it has none.
func (c *Cell) Time() (*Time, []Error) {
	var t *Time
	var errs []Error
	for _, d := range c.Directives {
		words := strings.Fields(d.Lit)
		if words[0] != timeDirective {
			continue
		}
		t = &Time{}
		for _, w := range words[1:] {
			key, value, _ := strings.Cut(w, "=")
			n, err := strconv.Atoi(value)
			switch {
			case key != "runs" && key != "loops":
				errs = append(errs, Error{d.Offset, d.End(), fmt.Sprintf("//st:time knows runs= and loops=, not %s", key)})
			case err != nil || n < 1:
				errs = append(errs, Error{d.Offset, d.End(), w + " is not a number of at least 1"})
			case key == "runs":
				t.Runs = n
			default:
				t.Loops = n
			}
		}
	}
	return t, errs
}

// TestKind is "Test", "Benchmark", "Fuzz" or "Example" for the name of a func that
// go test would run, else "".
func TestKind(name string) string {
	for _, kind := range []string{"Test", "Benchmark", "Fuzz", "Example"} {
		if rest, ok := strings.CutPrefix(name, kind); ok {
			if r, _ := utf8.DecodeRuneInString(rest); rest == "" || !unicode.IsLower(r) {
				return kind
			}
		}
	}
	return ""
}

var outputComment = regexp.MustCompile(`(?i)^\s*(unordered )?output:`)

// ExampleOutput is the comment at the end of an example's body that says what it
// prints.
func (c *Cell) ExampleOutput(fn *ast.FuncDecl) (want string, unordered, ok bool) {
	text := []byte(c.Text[c.Offset(fn.Body.Lbrace)+1 : c.Offset(fn.Body.Rbrace)])
	fset := token.NewFileSet()
	var s scanner.Scanner
	s.Init(fset.AddFile("", -1, len(text)), text, nil, scanner.ScanComments)
	last := ""
	for {
		_, tok, lit := s.Scan()
		switch {
		case tok == token.EOF:
			at := outputComment.FindStringSubmatchIndex(last)
			if at == nil {
				return "", false, false
			}
			return last[at[1]:], at[2] >= 0, true
		case tok == token.COMMENT:
			line := strings.TrimPrefix(lit, "//")
			if inner, ok := strings.CutPrefix(lit, "/*"); ok {
				line = strings.TrimSuffix(inner, "*/")
			} else {
				line = strings.TrimPrefix(line, " ")
			}
			if outputComment.MatchString(line) {
				last = ""
			}
			last += line + "\n"
		case tok != token.SEMICOLON || lit != "\n":
			last = ""
		}
	}
}

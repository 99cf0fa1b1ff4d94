package editor

import (
	"go/scanner"
	"go/token"
)

// tok is a token, comments among them.
type tok struct {
	tok        token.Token
	lit        string
	start, end int
}

func tokens(text string) []tok {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(text))
	s.Init(file, []byte(text), func(token.Position, string) {}, scanner.ScanComments)
	var list []tok
	for {
		pos, t, lit := s.Scan()
		if t == token.EOF {
			return list
		}
		if lit == "" {
			lit = t.String()
		}
		start := file.Offset(pos)
		list = append(list, tok{t, lit, start, min(start+len(lit), len(text))})
	}
}

// inside is the string or comment an offset is in, if any.
func inside(text string, at int) (tok, bool) {
	for _, t := range tokens(text) {
		switch t.tok {
		case token.STRING, token.CHAR:
			if t.start < at && at < t.end {
				return t, true
			}
		case token.COMMENT:
			if t.start < at && at <= t.end {
				return t, true
			}
		}
	}
	return tok{}, false
}

package duckconn

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// What databases say about the place of an error: DuckDB shows the line with a caret
// below, MySQL and SQLite quote what follows the place.
var (
	caret     = regexp.MustCompile(`(?s)\s*\bLINE (\d+): ([^\n]*)\n( *)\^\s*$`)
	nearLine  = regexp.MustCompile(`(?s)near '(.*)' at line (\d+)`)
	nearQuote = regexp.MustCompile(`near "([^"]+)"`)
	quoted    = regexp.MustCompile(`"([^"]+)"`)
)

// Where is the place in an SQL text of which a database's error speaks: line and
// byte column from 1, or 0, 0 when it does not say; and the error's words without
// the lines that show the text again.
//
// Databases count in the text they are sent, whose parameters are numbered and
// which may have more at its beginning. So what stands at their place is looked for
// in the text that was written.
func Where(text string, err error) (line, column int, message string) {
	message = err.Error()
	var c *ConnError
	if errors.As(err, &c) && c.position > 0 {
		switch m := quoted.FindStringSubmatch(c.Text); {
		case !strings.Contains(text, "$"): // it was sent as it is
			line, column = runePlace(text, c.position)
		case m != nil && strings.Contains(text, m[1]):
			line, column = look(text, 1, m[1])
		}
		return line, column, message
	}
	if m := caret.FindStringSubmatchIndex(message); m != nil {
		said, shown, indent := message[m[2]:m[3]], message[m[4]:m[5]], m[7]-m[6]
		message = message[:m[0]]
		line, _ = strconv.Atoi(said)
		at := indent - len("LINE "+said+": ")
		if at < 0 || at > len(shown) {
			return line, 1, message
		}
		line, column = look(text, line, strings.TrimSuffix(shown[at:], "..."))
		return line, column, message
	}
	if m := nearLine.FindStringSubmatch(message); m != nil {
		line, _ = strconv.Atoi(m[2])
		first, _, _ := strings.Cut(m[1], "\n")
		line, column = look(text, line, first)
		return line, column, message
	}
	if m := nearQuote.FindStringSubmatch(message); m != nil && strings.Contains(text, m[1]) {
		line, column = look(text, 1, m[1])
	}
	return line, column, message
}

// look finds a fragment in a text, on the named line or one behind it. A parameter
// that was numbered ends the part that can be found.
func look(text string, line int, fragment string) (int, int) {
	fragment, _, _ = strings.Cut(fragment, "$")
	lines := strings.Split(text, "\n")
	line = max(1, min(line, len(lines)))
	if fragment != "" {
		for i := line - 1; i < len(lines); i++ {
			if at := strings.Index(lines[i], fragment); at >= 0 {
				return i + 1, at + 1
			}
		}
	}
	return line, 1
}

// runePlace is the line and byte column of a character, counted from 1.
func runePlace(text string, char int) (line, column int) {
	line, column = 1, 1
	for _, r := range text {
		if char--; char == 0 {
			break
		}
		if r == '\n' {
			line, column = line+1, 1
			continue
		}
		column += len(string(r))
	}
	return line, column
}

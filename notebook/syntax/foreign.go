package syntax

import (
	"fmt"
	"go/token"
	"strings"

	"stnb.dev/notebook"
)

// foreign looks, in a cell that is no Go, for the commands that other Jupyter kernels
// have between the code: lines that begin with % or !. What else is wrong with the
// cell comes of them.
func (c *Cell) foreign() {
	if c.Kind != notebook.Go || len(c.Errors) == 0 {
		return
	}
	var found []Error
	for _, t := range c.Tokens {
		if t.Tok != token.REM && t.Tok != token.NOT || t.Offset > 0 && c.Text[t.Offset-1] != '\n' {
			continue
		}
		line, _, _ := strings.Cut(c.Text[t.Offset:], "\n")
		end := t.Offset + len(line)
		if t.Tok == token.NOT && !c.errorIn(t.Offset, end) {
			continue // a value that is negated
		}
		found = append(found, Error{t.Offset, end, foreignText(line)})
		if OwnsCell(line) {
			break // the rest is no Go
		}
	}
	if len(found) > 0 {
		c.Errors, c.Foreign = found, true
	}
}

func (c *Cell) errorIn(start, end int) bool {
	for _, e := range c.Errors {
		if start <= e.Start && e.Start <= end {
			return true
		}
	}
	return false
}

// OwnsCell says that a line makes the rest of its cell something else than code, as
// %%bash does. In gonb %%, %main and %test begin the statements of a func.
func OwnsCell(line string) bool {
	name, ok := strings.CutPrefix(word(line), "%%")
	return ok && name != ""
}

func word(line string) string {
	if f := strings.Fields(line); len(f) > 0 {
		return f[0]
	}
	return ""
}

func foreignText(line string) string {
	name := word(line)
	switch {
	case name == "%%" || name == "%main":
		return name + " begins the main func of a gonb cell. Here statements stand as they are: delete the line."
	case OwnsCell(line):
		return name + " makes a cell of another kernel something else than code. A cell here is Go, SQL or Markdown."
	case name[0] == '!':
		return "A line that begins with ! runs a program in other notebooks. Here exec.Command(…) does; or delete the line."
	}
	return fmt.Sprintf("%s is a command of another kernel; here it means nothing: delete the line.", name)
}

package editor

import (
	"errors"
	"fmt"
	"go/format"
	"strings"

	"stnb.dev/notebook"
	"stnb.dev/notebook/build"
	"stnb.dev/notebook/syntax"
)

// Format returns a cell's text as gofmt would have it. Only Go cells change; a
// cell with syntax errors is refused.
func Format(s *build.Snapshot, id notebook.CellID) (string, error) {
	view, ok := s.View(id)
	if !ok {
		return "", errors.New("there is no such cell")
	}
	if view.Cell.Kind != notebook.Go {
		return view.Cell.Source, nil
	}
	if len(view.Typed.Errors) > 0 {
		return "", errors.New(view.Typed.Errors[0].Message)
	}
	return formatGo(view.Typed)
}

// formatGo formats the parts of a cell one by one: gofmt knows declarations and
// statements, but not their mix. Comments go with the part they stand before, or
// with the line they end.
func formatGo(c *syntax.Cell) (string, error) {
	var out []string
	start := 0
	for i, it := range c.Items {
		end := len(c.Text)
		if i+1 < len(c.Items) {
			end = boundary(c.Text, it.End, c.Items[i+1].Start)
		}
		part := c.Text[start:end]
		start = end
		text, err := format.Source([]byte(strings.TrimSpace(part)))
		if err != nil {
			return "", fmt.Errorf("gofmt: %w", err)
		}
		if i > 0 && strings.Contains(leading(part), "\n") { // a blank line before it stays
			out = append(out, "")
		}
		out = append(out, strings.TrimSpace(string(text)))
	}
	if len(c.Items) == 0 {
		return strings.TrimSpace(c.Text), nil
	}
	return strings.Join(out, "\n"), nil
}

// boundary is where the next part begins: behind the rest of the line on which
// the one before ends, or right at the next when both are on one line.
func boundary(text string, end, next int) int {
	if i := strings.IndexByte(text[end:next], '\n'); i >= 0 {
		return end + i + 1
	}
	return next
}

func leading(s string) string { return s[:len(s)-len(strings.TrimLeft(s, " \t\r\n"))] }

package session

import (
	"regexp"
	"strconv"
	"strings"

	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
	"stnb.dev/widgets/element"
)

// misused reads the call off the text of an error of use, which begins with it:
// st.Slider("Age") or st.Progress.
var misused = regexp.MustCompile(`^(?:st\.)?([A-Z]\w*)(?:\(("(?:[^"\\]|\\.)*")\))?`)

// misuse is an error of use with its place. Kernels do not know it, since no call
// carries its line; the call's name and label nearly always tell it.
func (c *change) misuse(cell notebook.CellID, e element.Error) *wire.Fault {
	f := &wire.Fault{Kind: e.Kind, Message: e.Message}
	for _, at := range e.Frames {
		f.Frames = append(f.Frames, wire.Frame{Func: at.Func, Unit: at.Cell, Line: at.Line, Column: at.Column})
	}
	i := c.notebook.Index(cell)
	if e.Kind != "misuse" && !strings.HasPrefix(e.Message, "st.") || i < 0 || c.notebook.Cells[i].Kind != notebook.Go {
		return f
	}
	if line, column := callIn(c.notebook.Cells[i].Source, e.Message); line > 0 {
		f.Frames = []wire.Frame{{Unit: string(cell), Line: line, Column: column}}
	}
	return f
}

// callIn finds the call that a message begins with: the last one with its label, as
// the second of two is the wrong one, or the only one of its name. Line 0: it is
// not to be found.
func callIn(text, message string) (line, column int) {
	m := misused.FindStringSubmatch(message)
	if m == nil {
		return 0, 0
	}
	pattern := `\b` + m[1] + `(?:\[[^\]\n]*\])?\(`
	if label, err := strconv.Unquote(m[2]); err == nil {
		pattern += `\s*(?:` + regexp.QuoteMeta(m[2]) + "|" + regexp.QuoteMeta("`"+label+"`") + ")"
	}
	found := regexp.MustCompile(pattern).FindAllStringIndex(text, -1)
	if len(found) == 0 || m[2] == "" && len(found) > 1 {
		return 0, 0
	}
	at := found[len(found)-1][0]
	start := strings.LastIndexByte(text[:at], '\n') + 1
	return strings.Count(text[:at], "\n") + 1, at - start + 1
}

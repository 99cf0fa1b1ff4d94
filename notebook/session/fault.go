package session

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
	"stnb.dev/widgets/element"
)

const timedOut = wire.TimedOut

// errorIndex is the place of a fault among what its cell shows: the last.
const errorIndex = 1 << 20

// What visitors read. They never see the owner's code, paths or stack.
const visitorFault = "Something went wrong here. The owner of this app can look it up by its number."

// showFault puts a fault of user code on the screen, in the failing cell ("" is a
// callback's): whole in the editor; a visitor gets a number under which the log
// has the whole.
func (c *change) showFault(cell notebook.CellID, f *wire.Fault) {
	if c.settings.Mode == ModeApp {
		id := c.faultID(cell, f.Message)
		c.do(Draw{[]element.Delta{errorDelta(cell, element.Error{Message: visitorFault, ID: id})}})
		c.do(Log{Level: "error", Text: c.faultText(cell, f), ID: id, Fault: f, Cell: cell})
		return
	}
	c.do(Draw{[]element.Delta{errorDelta(cell, element.Error{Kind: f.Kind, Message: f.Message, Frames: c.frames(f), Topic: topicOf(f.Kind, f.Message)})}})
}

// frames maps a fault's frames to the cells' own coordinates. A frame that is in
// no cell's text (glue of the lowered program) is left out.
func (c *change) frames(f *wire.Fault) []element.Frame {
	var out []element.Frame
	for _, fr := range f.Frames {
		if mapped, ok := c.frame(fr.Func, fr.Unit, fr.Line, fr.Column); ok {
			out = append(out, mapped)
		}
	}
	return out
}

// frame maps one frame: its place, unless that is in a cell's own text already,
// and its func to the name the user wrote.
func (c *change) frame(name, unit string, line, column int) (element.Frame, bool) {
	if c.kernel.program == nil {
		return element.Frame{}, false
	}
	pos, ok := c.kernel.program.Position(unit, line, column)
	if !ok {
		inCell := c.notebook.Index(notebook.CellID(unit)) >= 0
		return element.Frame{Func: name, Cell: unit, Line: line, Column: column}, inCell
	}
	return element.Frame{Func: c.kernel.program.Func(name), Cell: string(pos.Cell), Line: pos.Line, Column: pos.Column, File: pos.File}, true
}

// faultText is a fault for the log: cell, line, column, message, stack.
func (c *change) faultText(cell notebook.CellID, f *wire.Fault) string {
	var b strings.Builder
	frames := c.frames(f)
	switch {
	case len(frames) > 0:
		fmt.Fprintf(&b, "%s:%d:%d: ", c.frameName(frames[0]), frames[0].Line, frames[0].Column)
	case cell != "":
		fmt.Fprintf(&b, "%s: ", c.cellName(cell))
	}
	b.WriteString(f.Message)
	for _, fr := range frames {
		b.WriteString("\n\t")
		if fr.Func != "" {
			b.WriteString(fr.Func + " in ")
		}
		fmt.Fprintf(&b, "%s, line %d, column %d", c.frameName(fr), fr.Line, fr.Column)
	}
	return b.String()
}

// frameName names the cell or file of a frame.
func (c *change) frameName(f element.Frame) string {
	if f.File != "" {
		return f.File
	}
	return c.cellName(notebook.CellID(f.Cell))
}

// faultID is the number a visitor may tell the owner.
func (c *change) faultID(cell notebook.CellID, text string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d\x00%s\x00%s", c.settings.ID, c.runs, cell, text))
	return hex.EncodeToString(sum[:4])
}

func errorDelta(cell notebook.CellID, e element.Error) element.Delta {
	props, _ := json.Marshal(e)
	return element.Delta{
		Op:      element.Set,
		Path:    errorPath(cell),
		Element: &element.Element{Kind: "error", Props: props},
	}
}

// errorPath is where the fault of a cell is shown, or with "" of a callback.
func errorPath(cell notebook.CellID) element.Path {
	return element.Path(fmt.Sprintf("%s/%s.%d", element.Main, cell, errorIndex))
}

// brokenCell is what a visitor sees of a cell with errors; the log has them.
func (c *change) brokenCell(id notebook.CellID) []element.Delta {
	var b strings.Builder
	ds := c.program.Diagnostics(id)
	if u, ok := units(c.program)[id]; ok {
		ds = append(ds[:len(ds):len(ds)], c.kernel.refused[u.ID]...)
	}
	for _, d := range ds {
		fmt.Fprintf(&b, "%s:%d:%d: %s\n", c.cellName(id), d.Range.Start.Line, d.Range.Start.Column, d.Message)
	}
	number := c.faultID(id, b.String())
	c.do(Log{Level: "error", Text: strings.TrimSpace(b.String()), ID: number, Cell: id})
	return []element.Delta{errorDelta(id, element.Error{Message: visitorFault, ID: number})}
}

func (c *change) overdueText() string {
	return fmt.Sprintf("This took longer than %s and was stopped.", c.settings.RunLimit)
}

func markdownDelta(id notebook.CellID, html string) element.Delta {
	props, _ := json.Marshal(element.Markdown{HTML: html})
	return element.Delta{
		Op: element.Set, Path: element.Path(fmt.Sprintf("%s/%s.0", element.Main, id)),
		Element: &element.Element{Kind: "markdown", Props: props},
	}
}

// presentable is what may be shown of what the kernel draws: in an app an error
// element keeps its words to the log.
func (c *change) presentable(deltas []element.Delta) []element.Delta {
	if c.settings.Mode != ModeApp {
		return c.mapped(deltas)
	}
	out := deltas
	for i, d := range deltas {
		if d.Op != element.Set || d.Element == nil || d.Element.Kind != "error" {
			continue
		}
		var e element.Error
		if json.Unmarshal(d.Element.Props, &e) != nil {
			continue
		}
		if &out[0] == &deltas[0] {
			out = append([]element.Delta(nil), deltas...)
		}
		cell := notebook.CellID(d.Path.Cell())
		id := c.faultID(cell, e.Message)
		c.do(Log{Level: "error", Text: c.faultText(cell, c.misuse(cell, e)), ID: id, Cell: cell})
		props, _ := json.Marshal(element.Error{Message: visitorFault, ID: id})
		shown := *d.Element
		shown.Props = props
		out[i].Element = &shown
	}
	return out
}

// mapped turns the frames of error elements, which come in lowered coordinates
// (Cell is a unit), into the cells' own, and adds what explains them.
func (c *change) mapped(deltas []element.Delta) []element.Delta {
	out := deltas
	for i, d := range deltas {
		if d.Op != element.Set || d.Element == nil || d.Element.Kind != "error" || c.kernel.program == nil {
			continue
		}
		var e element.Error
		if json.Unmarshal(d.Element.Props, &e) != nil {
			continue
		}
		e.Topic = topicOf(e.Kind, e.Message)
		e.Frames = c.frames(c.misuse(notebook.CellID(d.Path.Cell()), e))
		if &out[0] == &deltas[0] {
			out = append([]element.Delta(nil), deltas...)
		}
		shown := *d.Element
		shown.Props, _ = json.Marshal(e)
		out[i].Element = &shown
	}
	return out
}

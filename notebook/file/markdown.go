package file

import (
	"strings"

	"stnb.dev/notebook"
)

// mdFile is what a notebook remembers of the Markdown file it came from.
type mdFile struct {
	front   front
	newline string // the file's line end
	tail    string // blank lines at its end
	last    *mdCell
	ids     bool // the front matter lists the cells' IDs
}

// mdCell is what a cell remembers.
type mdCell struct {
	piece
	prev *mdCell // the cell above in the file
}

func readMarkdown(text string) (*notebook.Notebook, error) {
	f := &mdFile{newline: "\n"}
	if i := strings.IndexByte(text, '\n'); i > 0 && text[i-1] == '\r' {
		f.newline = "\r\n"
	}
	var body string
	f.front, body = cutFront(text)
	if f.front.open == "" && strings.HasPrefix(body, bom) {
		f.front.open, body = bom, body[len(bom):]
	}
	set := f.front.settings()
	nb := &notebook.Notebook{Title: set.title, Reactive: set.reactive, OmitOutputs: set.omit, Engine: set.engine, Meta: f.front.meta(), Origin: f}

	pieces, tail := scan(body)
	if len(pieces) > MaxCells {
		return nil, errTooMany
	}
	f.tail = tail
	ids := usableIDs(set.ids, pieces)
	f.ids = ids != nil
	taken := map[notebook.CellID]bool{}
	for i, p := range pieces {
		c := p.cell
		switch {
		case ids != nil:
			c.ID = ids[i]
		case p.id != "" && !taken[p.id]:
			c.ID = p.id
			taken[p.id] = true
		default:
			c.ID = contentID(c.Kind, c.Source, taken)
		}
		o := &mdCell{piece: p, prev: f.last}
		c.Origin = o
		f.last = o
		nb.Cells = append(nb.Cells, c)
	}
	return nb, nil
}

// usableIDs is the front matter's list of IDs if it fits the cells.
func usableIDs(ids []notebook.CellID, pieces []piece) []notebook.CellID {
	if len(ids) == 0 || len(ids) != len(pieces) {
		return nil
	}
	seen := map[notebook.CellID]bool{}
	for _, id := range ids {
		if !id.Valid() || seen[id] {
			return nil
		}
		seen[id] = true
	}
	return ids
}

// writeMarkdown writes cells that did not change as they stood, then reads the
// result to see that it is the same notebook. Where old bytes and new ones do not
// go together (a fence that was never closed and now has cells below), all cells
// are written anew.
func writeMarkdown(nb *notebook.Notebook) ([]byte, error) {
	for _, anew := range []bool{false, true} {
		text, err := renderMarkdown(nb, anew)
		if err != nil {
			return nil, err
		}
		again, err := readMarkdown(text)
		if err != nil {
			return nil, err
		}
		again.Meta = nb.Meta // of the front matter, which only its own lines change
		if sameNotebook(nb, again, false) {
			return []byte(text), nil
		}
	}
	return nil, &Error{Text: "the notebook cannot be written as Markdown without changing it"}
}

func renderMarkdown(nb *notebook.Notebook, anew bool) (string, error) {
	f, _ := nb.Origin.(*mdFile)
	if f == nil {
		f = &mdFile{newline: "\n"}
	}
	set := settingsOf(nb)
	if !f.ids {
		set.ids = f.front.settings().ids // not of these cells: left alone
	} else {
		for _, c := range nb.Cells {
			set.ids = append(set.ids, c.ID)
		}
	}
	head := f.front
	mark := ""
	if head.open == bom {
		mark, head.open = bom, ""
	}
	if err := head.update(set, f.newline); err != nil {
		return "", err
	}

	var b strings.Builder
	b.WriteString(mark + head.text())
	var prev *mdCell   // origin of the cell above
	prevPlain := false // the cell above is text without marks around it
	for i, c := range nb.Cells {
		o, _ := c.Origin.(*mdCell)
		text, plain := "", false
		if o != nil && !anew && sameCell(o.cell, c) {
			text, plain = o.text, o.head == ""
		} else {
			text, plain = renderCell(c, o, f.newline, i == 0 && head.open == "")
		}
		if b.Len() > len(mark) && !strings.HasSuffix(b.String(), "\n") {
			b.WriteString(f.newline)
		}
		switch {
		case i == 0 && (head.open == "") != (f.front.open == "" || f.front.open == bom):
			if head.open != "" { // a front matter came; when one went, so does the line below it
				b.WriteString(f.newline)
			}
		case o != nil && !anew && o.prev == prev && (i > 0 || f.ownsFirst(o)) && !(plain && prevPlain && strings.Count(o.gap, "\n") < 2):
			b.WriteString(o.gap)
		case i == 0 && head.open != "":
			b.WriteString(f.newline)
		case i > 0 && plain && prevPlain:
			b.WriteString(f.newline + f.newline)
		case i > 0:
			b.WriteString(f.newline)
		}
		b.WriteString(text)
		prev, prevPlain = o, plain
	}
	out := b.String()
	if prev == f.last && (prev != nil || len(nb.Cells) == 0) && !anew {
		if prev != nil && !strings.HasSuffix(prev.text, "\n") {
			out = strings.TrimSuffix(out, f.newline)
		}
		out += f.tail
	}
	return out, nil
}

// ownsFirst says whether the cell was the first of this file.
func (f *mdFile) ownsFirst(o *mdCell) bool {
	first := f.last
	for first != nil && first.prev != nil {
		first = first.prev
	}
	return first == o
}

// renderCell writes a cell anew, with its last line's end. plain is text without
// marks around it. atTop is a cell with nothing above, not even a front matter.
func renderCell(c notebook.Cell, o *mdCell, newline string, atTop bool) (text string, plain bool) {
	attrs := cellAttrs(c)
	if c.Kind == notebook.Markdown && len(attrs) == 0 && (o == nil || o.head == "") && standsPlain(c.Source, atTop) {
		return withEnds(c.Source, newline), true
	}
	if o != nil && o.id == c.ID {
		attrs = append(attrs, attr{"id", encode(c.ID)})
	}
	open, end := frame(c, o, formatAttrs(attrs))
	if body := c.Source; body != "" {
		text = withEnds(open, newline) + withEnds(body, newline) + withEnds(end, newline)
	} else {
		text = withEnds(open, newline) + withEnds(end, newline)
	}
	if pieces, _ := scan(text); len(pieces) == 1 && sameCell(pieces[0].cell, c) {
		return text, false
	}
	// A text that its lines cannot hold goes into an attribute.
	open, end = frame(c, nil, formatAttrs(append(attrs, attr{sourceAttr, encode(c.Source)})))
	return withEnds(open, newline) + withEnds(end, newline), false
}

// frame is the lines around a cell's text. The first line stays as it was while
// the attributes do.
func frame(c notebook.Cell, o *mdCell, attrs string) (open, end string) {
	kept := ""
	if o != nil && o.head != "" && sameAttributes(o.cell, c) {
		kept = o.head
	}
	switch c.Kind {
	case notebook.Go, notebook.SQL:
		fence := fenceFor(c.Source)
		if m := cellFence.FindStringSubmatch(kept); m != nil {
			if len(m[1]) > len(fence) {
				fence = m[1]
			}
			return fence + kept[len(m[1]):], fence
		}
		return fence + string(c.Kind) + attrs, fence
	}
	name := "region"
	if c.Kind == notebook.Raw {
		name = "raw"
	}
	if m := regionStart.FindStringSubmatch(kept); m != nil {
		return kept, "<!-- #end" + m[1] + " -->"
	}
	return "<!-- #" + name + attrs + " -->", "<!-- #end" + name + " -->"
}

// fenceFor is a fence longer than any line of backticks in the source.
func fenceFor(source string) string {
	longest := 2
	for l := range strings.SplitSeq(source, "\n") {
		l = strings.TrimLeft(l, " ")
		run := len(l) - len(strings.TrimLeft(l, "`"))
		longest = max(longest, run)
	}
	return strings.Repeat("`", longest+1)
}

// standsPlain says whether a Markdown cell's text can stand without marks: with
// text above and below it is still one cell, and the same.
func standsPlain(source string, atTop bool) bool {
	if source == "" || atTop && strings.HasPrefix(source, "---") {
		return false
	}
	for l := range strings.SplitSeq(source, "\n") {
		if regionMark.MatchString(l) { // it could pair with one in another cell
			return false
		}
	}
	pieces, _ := scan("x\n\n\n" + source + "\n\n\nx\n")
	return len(pieces) == 3 && pieces[1].head == "" && pieces[1].cell.Source == source
}

// withEnds writes text with the given line end after each line, the last too.
func withEnds(text, newline string) string {
	if newline != "\n" {
		text = strings.ReplaceAll(text, "\n", newline)
	}
	return text + newline
}

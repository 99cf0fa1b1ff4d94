package source

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Map ties the lowered text of one cell to the text it came from, piece by piece.
// Both ways work to the column.
type Map struct {
	pieces  []Piece // by Lowered, which never overlap
	byCell  []int   // indexes of pieces, by Cell
	lowered lines
	cell    lines
}

// Piece says that Len bytes at offset Lowered of the lowered text stand for the
// text at offset Cell, of CellLen bytes. When the lengths agree they are the same
// bytes; otherwise (a name that got a version) they correspond as a whole.
type Piece struct {
	Lowered, Len  int
	Cell, CellLen int
}

// NewMap makes a map of two texts. The pieces come in order of Lowered.
func NewMap(lowered, cell string, pieces []Piece) *Map {
	m := &Map{pieces: pieces, lowered: newLines(lowered), cell: newLines(cell)}
	m.byCell = make([]int, len(pieces))
	for i := range m.byCell {
		m.byCell[i] = i
	}
	slices.SortStableFunc(m.byCell, func(a, b int) int { return pieces[a].Cell - pieces[b].Cell })
	return m
}

// ToCell converts a place in the lowered text to the line and column in the cell
// it came from. A place that stnb made up maps to the nearest text before it on
// its line, else behind it; false means there is none.
func (m *Map) ToCell(line, column int) (int, int, bool) {
	at := m.lowered.offset(line, column)
	i := sort.Search(len(m.pieces), func(i int) bool { return m.pieces[i].Lowered > at }) - 1
	if i >= 0 {
		p := m.pieces[i]
		inside := at < p.Lowered+p.Len
		if inside && p.Len == p.CellLen {
			l, c := m.cell.position(p.Cell + at - p.Lowered)
			return l, c, true
		}
		if inside || p.Lowered >= m.lowered.start(line) {
			l, c := m.cell.position(p.Cell)
			return l, c, true
		}
	}
	if i+1 < len(m.pieces) && m.pieces[i+1].Lowered < m.lowered.start(line+1) {
		l, c := m.cell.position(m.pieces[i+1].Cell)
		return l, c, true
	}
	return 0, 0, false
}

// ToLowered converts a place in the cell to the lowered text; false when nothing
// of it stands for that place (a comment, a blank).
func (m *Map) ToLowered(line, column int) (int, int, bool) {
	at := m.cell.offset(line, column)
	i := sort.Search(len(m.byCell), func(i int) bool { return m.pieces[m.byCell[i]].Cell > at }) - 1
	if i < 0 {
		return 0, 0, false
	}
	p := m.pieces[m.byCell[i]]
	if at >= p.Cell+p.CellLen {
		return 0, 0, false
	}
	to := p.Lowered
	if p.Len == p.CellLen {
		to += at - p.Cell
	}
	l, c := m.lowered.position(to)
	return l, c, true
}

// Lines are the lines of the cell that the lowered text stands for, as wire.Unit has
// them.
func (m *Map) Lines() string {
	var b strings.Builder
	at, line, end := 0, -1, 0 // of the last run; end: of the last piece, its line
	put := func(offset, to int) {
		switch {
		case to == line:
			return
		case to == line+1 && line > 0:
			fmt.Fprintf(&b, "%d ", offset-at)
		default:
			fmt.Fprintf(&b, "%d:%d ", offset-at, to)
		}
		at, line = offset, to
	}
	put(0, 0)
	for _, p := range m.pieces {
		from, _ := m.lowered.position(p.Lowered)
		to, _ := m.cell.position(p.Cell)
		if from > end+1 {
			put(m.lowered.start(end+1), 0)
		}
		if from > end {
			put(m.lowered.start(from), to)
		}
		put(p.Lowered, to)
		end, _ = m.lowered.position(p.Lowered + max(p.Len-1, 0))
	}
	if end > 0 && end < len(m.lowered.starts) {
		put(m.lowered.start(end+1), 0)
	}
	return strings.TrimSuffix(b.String(), " ")
}

// lines are the offsets at which a text's lines begin, and its length.
type lines struct {
	starts []int
	size   int
}

func newLines(text string) lines {
	l := lines{starts: make([]int, 1, strings.Count(text, "\n")+1), size: len(text)}
	for i := range len(text) {
		if text[i] == '\n' {
			l.starts = append(l.starts, i+1)
		}
	}
	return l
}

func (l lines) start(line int) int {
	switch {
	case line < 1:
		return 0
	case line > len(l.starts):
		return l.size + 1
	}
	return l.starts[line-1]
}

func (l lines) offset(line, column int) int { return l.start(line) + max(column, 1) - 1 }

func (l lines) position(offset int) (line, column int) {
	i := sort.Search(len(l.starts), func(i int) bool { return l.starts[i] > offset }) - 1
	return i + 1, offset - l.starts[i] + 1
}

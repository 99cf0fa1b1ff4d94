package notebook

import (
	"crypto/rand"
	"fmt"
	"strings"
)

// MaxIDLength is how long a CellID may be, in bytes.
const MaxIDLength = 64

// NewID makes an ID that no other cell has: 12 characters of 60 random bits.
func NewID() CellID {
	return CellID(strings.ToLower(rand.Text()[:12]))
}

// Valid says whether the ID follows the rule of CellID.
func (id CellID) Valid() bool {
	if id == "" || len(id) > MaxIDLength {
		return false
	}
	for i := 0; i < len(id); i++ {
		c := id[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_':
		default:
			return false
		}
	}
	return true
}

// Valid says whether the kind is one of the four.
func (k Kind) Valid() bool {
	return k == Go || k == SQL || k == Markdown || k == Raw
}

// Insert puts the cell after the cell with id after; "" puts it first.
func (n *Notebook) Insert(after CellID, c Cell) (*Notebook, error) {
	if !c.ID.Valid() {
		return nil, fmt.Errorf("%q is no cell id: 1 to %d letters, digits, - and _", c.ID, MaxIDLength)
	}
	if !c.Kind.Valid() {
		return nil, fmt.Errorf("%q is no kind of cell", c.Kind)
	}
	if n.Index(c.ID) >= 0 {
		return nil, fmt.Errorf("cell %s is there already", c.ID)
	}
	at, err := n.after(after)
	if err != nil {
		return nil, err
	}
	cells := make([]Cell, 0, len(n.Cells)+1)
	cells = append(cells, n.Cells[:at]...)
	cells = append(cells, c)
	cells = append(cells, n.Cells[at:]...)
	return n.with(cells), nil
}

// Delete removes the cells with these ids. All of them must be there.
func (n *Notebook) Delete(ids ...CellID) (*Notebook, error) {
	gone, err := n.set(ids)
	if err != nil {
		return nil, err
	}
	cells := make([]Cell, 0, len(n.Cells))
	for _, c := range n.Cells {
		if !gone[c.ID] {
			cells = append(cells, c)
		}
	}
	return n.with(cells), nil
}

// Move puts the cells with these ids after the cell with id after ("" first), in
// the order they have in the document. A cell cannot move after itself: when
// after is one of those moved, they gather behind the nearest cell above it that
// stays.
func (n *Notebook) Move(ids []CellID, after CellID) (*Notebook, error) {
	moved, err := n.set(ids)
	if err != nil {
		return nil, err
	}
	at, err := n.after(after)
	if err != nil {
		return nil, err
	}
	for at > 0 && moved[n.Cells[at-1].ID] {
		at--
	}
	cells := make([]Cell, 0, len(n.Cells))
	put := func() {
		for _, c := range n.Cells {
			if moved[c.ID] {
				cells = append(cells, c)
			}
		}
	}
	for i, c := range n.Cells {
		if i == at {
			put()
		}
		if !moved[c.ID] {
			cells = append(cells, c)
		}
	}
	if at == len(n.Cells) {
		put()
	}
	return n.with(cells), nil
}

// Change replaces the cell with that id by what edit makes of it. The ID stays.
func (n *Notebook) Change(id CellID, edit func(*Cell)) (*Notebook, error) {
	i := n.Index(id)
	if i < 0 {
		return nil, fmt.Errorf("no cell %s", id)
	}
	c := n.Cells[i]
	edit(&c)
	c.ID = id
	if !c.Kind.Valid() {
		return nil, fmt.Errorf("%q is no kind of cell", c.Kind)
	}
	cells := make([]Cell, len(n.Cells))
	copy(cells, n.Cells)
	cells[i] = c
	return n.with(cells), nil
}

// SetSource replaces a cell's text.
func (n *Notebook) SetSource(id CellID, source string) (*Notebook, error) {
	return n.Change(id, func(c *Cell) { c.Source = source })
}

// Split cuts a cell in two at a byte offset of its source: the text before stays,
// the rest becomes a cell of the same kind with the given id, below. Line ends at the
// cut belong to neither.
func (n *Notebook) Split(id CellID, offset int, rest CellID) (*Notebook, error) {
	c, ok := n.Cell(id)
	if !ok {
		return nil, fmt.Errorf("no cell %s", id)
	}
	if offset < 0 || offset > len(c.Source) {
		return nil, fmt.Errorf("cell %s has no offset %d", id, offset)
	}
	head, tail := strings.TrimRight(c.Source[:offset], "\n"), strings.TrimLeft(c.Source[offset:], "\n")
	out, err := n.SetSource(id, head)
	if err != nil {
		return nil, err
	}
	below := Cell{ID: rest, Kind: c.Kind, Source: tail, HideCode: c.HideCode, Disabled: c.Disabled, Once: c.Once, Connection: c.Connection}
	return out.Insert(id, below)
}

// Merge joins cells into the first of them in the document, which keeps its kind. Each
// text begins on a line of its own; of Markdown, on a paragraph of its own.
func (n *Notebook) Merge(ids ...CellID) (*Notebook, error) {
	chosen, err := n.set(ids)
	if err != nil {
		return nil, err
	}
	var first *Cell
	var texts []string
	var rest []CellID
	for i := range n.Cells {
		c := &n.Cells[i]
		if !chosen[c.ID] {
			continue
		}
		if first == nil {
			first = c
		} else {
			rest = append(rest, c.ID)
		}
		if c.Source != "" {
			texts = append(texts, c.Source)
		}
	}
	if first == nil {
		return n, nil
	}
	between := "\n"
	if first.Kind == Markdown {
		between = "\n\n"
	}
	out, err := n.SetSource(first.ID, strings.Join(texts, between))
	if err != nil {
		return nil, err
	}
	return out.Delete(rest...)
}

// with is n with other cells; n is not touched.
func (n *Notebook) with(cells []Cell) *Notebook {
	out := *n
	out.Cells = cells
	return &out
}

// after is the index that follows the cell.
func (n *Notebook) after(id CellID) (int, error) {
	if id == "" {
		return 0, nil
	}
	i := n.Index(id)
	if i < 0 {
		return 0, fmt.Errorf("no cell %s", id)
	}
	return i + 1, nil
}

// set is the ids as a set; each must be a cell of n.
func (n *Notebook) set(ids []CellID) (map[CellID]bool, error) {
	set := make(map[CellID]bool, len(ids))
	for _, id := range ids {
		if n.Index(id) < 0 {
			return nil, fmt.Errorf("no cell %s", id)
		}
		set[id] = true
	}
	return set, nil
}

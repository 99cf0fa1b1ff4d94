package session

import (
	"fmt"
	"regexp"
	"slices"
	"unicode/utf8"

	"stnb.dev/notebook"
)

// Limits on what one document may hold, far above what people write.
const (
	maxSource = 4 << 20 // bytes of one cell
	maxCells  = 20_000
)

var cellID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

func (c *change) edit(e *Edit) error {
	i := c.notebook.Index(e.Cell)
	if i < 0 {
		return noCell(e.Cell)
	}
	if e.Base != c.versions[e.Cell] {
		// Someone else was first: the client takes over the text as it is.
		c.tell(Event{Cell: ptr(c.cellEvent(c.notebook.Cells[i], ""))})
		return nil
	}
	if err := checkSource(e.Source); err != nil {
		return err
	}
	if e.Source == c.notebook.Cells[i].Source {
		c.tell(Event{Cell: ptr(c.cellEvent(c.notebook.Cells[i], c.op.client))})
		return nil
	}
	cells := slices.Clone(c.notebook.Cells)
	cells[i].Source = e.Source
	c.setVersion(e.Cell, c.versions[e.Cell]+1)
	c.setCells(cells)
	c.emit(Event{Cell: ptr(c.cellEvent(cells[i], c.op.client))})
	c.changed()
	return nil
}

func (c *change) insert(in *Insert) error {
	cell := in.Cell
	if !cellID.MatchString(string(cell.ID)) {
		return fmt.Errorf("a cell's id is 1 to 64 of A-Z a-z 0-9 - _, not %q", cell.ID)
	}
	if c.notebook.Index(cell.ID) >= 0 {
		return fmt.Errorf("there is a cell %q already", cell.ID)
	}
	if len(c.notebook.Cells) >= maxCells {
		return fmt.Errorf("a notebook holds %d cells at most", maxCells)
	}
	if err := checkKind(cell.Kind); err != nil {
		return err
	}
	if err := checkSource(cell.Source); err != nil {
		return err
	}
	at, err := c.after(in.After, c.notebook.Cells)
	if err != nil {
		return err
	}
	c.remember(nil)
	c.setCells(slices.Insert(slices.Clone(c.notebook.Cells), at, cell))
	c.setVersion(cell.ID, c.versions[cell.ID]+1)
	c.emit(Event{Cell: ptr(c.cellEvent(cell, c.op.client))})
	c.emitOrder()
	c.changed()
	return nil
}

func (c *change) delete(d *Delete) error {
	gone := map[notebook.CellID]bool{}
	for _, id := range d.Cells {
		if c.notebook.Index(id) < 0 {
			return noCell(id)
		}
		gone[id] = true
	}
	if len(gone) == 0 {
		return nil
	}
	c.remember(d.Cells)
	c.setCells(slices.DeleteFunc(slices.Clone(c.notebook.Cells), func(x notebook.Cell) bool { return gone[x.ID] }))
	c.forgetCells(d.Cells)
	c.emitOrder()
	c.changed()
	return nil
}

func (c *change) move(m *Move) error {
	var moved []notebook.Cell
	for _, cell := range c.notebook.Cells {
		if slices.Contains(m.Cells, cell.ID) {
			moved = append(moved, cell)
		}
	}
	for _, id := range m.Cells {
		if c.notebook.Index(id) < 0 {
			return noCell(id)
		}
	}
	if slices.Contains(m.Cells, m.After) {
		return fmt.Errorf("a cell cannot stand after itself")
	}
	rest := slices.DeleteFunc(slices.Clone(c.notebook.Cells), func(x notebook.Cell) bool { return slices.Contains(m.Cells, x.ID) })
	at, err := c.after(m.After, rest)
	if err != nil {
		return err
	}
	c.remember(nil)
	c.setCells(slices.Insert(rest, at, moved...))
	c.emitOrder()
	c.changed()
	return nil
}

func (c *change) setCell(s *SetCell) error {
	i := c.notebook.Index(s.Cell)
	if i < 0 {
		return noCell(s.Cell)
	}
	cells := slices.Clone(c.notebook.Cells)
	cell := &cells[i]
	if s.Kind != nil {
		if err := checkKind(*s.Kind); err != nil {
			return err
		}
		if cell.Kind != *s.Kind {
			cell.Kind = *s.Kind
			c.do(Wipe{[]string{string(cell.ID)}})
			c.dropRan(cell.ID)
		}
	}
	if s.Name != nil {
		cell.Name = *s.Name
	}
	if s.HideCode != nil {
		cell.HideCode = *s.HideCode
	}
	if s.Disabled != nil {
		cell.Disabled = *s.Disabled
	}
	if s.Connection != nil {
		cell.Connection = *s.Connection
	}
	c.setCells(cells)
	c.emit(Event{Cell: ptr(c.cellEvent(cells[i], ""))})
	c.changed()
	return nil
}

func (c *change) set(s *Settings) error {
	nb := *c.notebook
	if s.Title != nil {
		nb.Title = *s.Title
	}
	if s.Reactive != nil {
		nb.Reactive = *s.Reactive
	}
	if s.Engine != nil {
		switch *s.Engine {
		case "", "auto", "yaegi", "ssa":
		default:
			return fmt.Errorf("there is no engine %q: auto, yaegi or ssa", *s.Engine)
		}
		if nb.Engine != *s.Engine {
			nb.Engine = *s.Engine
			c.kernel.engine = *s.Engine
			if c.kernel.phase == kernelUpPhase {
				c.notice("info", "The engine changes when the kernel starts again.")
			}
		}
	}
	c.notebook = &nb
	c.touched()
	c.do(Refresh{})
	return nil
}

// setCells makes the cells the document's, and everything known of them new.
func (c *change) setCells(cells []notebook.Cell) {
	nb := *c.notebook
	nb.Cells = cells
	c.notebook = &nb
	c.program = c.program.Update(&nb)
}

// changed follows a change of the document.
func (c *change) changed() {
	c.touched()
	c.announce()
}

// forgetCells drops what is known of cells that are gone.
func (c *change) forgetCells(ids []notebook.CellID) {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = string(id)
		c.dropRan(id)
	}
	c.do(Wipe{names})
}

func (c *change) emitOrder() {
	ids := make([]notebook.CellID, len(c.notebook.Cells))
	for i, cell := range c.notebook.Cells {
		ids[i] = cell.ID
	}
	c.emit(Event{Order: &Order{Cells: ids}})
}

func (c *change) after(id notebook.CellID, cells []notebook.Cell) (int, error) {
	if id == "" {
		return 0, nil
	}
	for i := range cells {
		if cells[i].ID == id {
			return i + 1, nil
		}
	}
	return 0, noCell(id)
}

// adopt returns nb with the IDs of old's cells where the cells are the same: by
// ID, else by kind and text, in order. So a file read again keeps its cells'
// outputs, also when its format holds no IDs.
func adopt(old, nb *notebook.Notebook) *notebook.Notebook {
	out := *nb
	out.Cells = slices.Clone(nb.Cells)
	taken := map[notebook.CellID]bool{}
	settled := make([]bool, len(out.Cells))
	for i, cell := range out.Cells {
		if o, ok := old.Cell(cell.ID); ok && o.Kind == cell.Kind && o.Source == cell.Source {
			taken[cell.ID], settled[i] = true, true
		}
	}
	for i := range out.Cells {
		for _, o := range old.Cells {
			if !settled[i] && !taken[o.ID] && o.Kind == out.Cells[i].Kind && o.Source == out.Cells[i].Source {
				out.Cells[i].ID, taken[o.ID], settled[i] = o.ID, true, true
			}
		}
	}
	// A cell whose text changed keeps its own ID, or the one that stood in its
	// place, or gets a free one.
	for i := range out.Cells {
		if settled[i] {
			continue
		}
		id := out.Cells[i].ID
		if _, known := old.Cell(id); (!known || taken[id]) && i < len(old.Cells) && !taken[old.Cells[i].ID] {
			id = old.Cells[i].ID
		}
		for n := 2; taken[id]; n++ {
			id = notebook.CellID(fmt.Sprintf("%.58s-%d", out.Cells[i].ID, n))
		}
		out.Cells[i].ID, taken[id] = id, true
	}
	return &out
}

// replace makes another version of the whole document the session's.
func (c *change) replace(nb *notebook.Notebook, p Program) {
	old := c.notebook
	c.notebook = nb
	c.program = p
	c.undo = undoStack{}
	var gone []notebook.CellID
	for _, o := range old.Cells {
		cell, ok := nb.Cell(o.ID)
		if !ok {
			gone = append(gone, o.ID)
		} else if cell.Source != o.Source {
			c.setVersion(o.ID, c.versions[o.ID]+1)
		}
	}
	if len(gone) > 0 {
		c.forgetCells(gone)
	}
	c.toldStatus, c.toldProblems = c.statuses(), c.problems()
	c.do(Refresh{})
}

func checkKind(k notebook.Kind) error {
	switch k {
	case notebook.Go, notebook.SQL, notebook.Markdown, notebook.Raw:
		return nil
	}
	return fmt.Errorf("there is no kind of cell %q", k)
}

func checkSource(s string) error {
	if len(s) > maxSource {
		return fmt.Errorf("a cell holds %d MB at most", maxSource>>20)
	}
	if !utf8.ValidString(s) {
		return fmt.Errorf("the text is not UTF-8")
	}
	return nil
}

func noCell(id notebook.CellID) error { return fmt.Errorf("there is no cell %q", id) }

func ptr[T any](v T) *T { return &v }

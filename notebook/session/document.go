package session

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"stnb.dev/notebook"
)

// Limits on what one document may hold, far above what people write.
const (
	maxSource = 4 << 20 // bytes of one cell
	maxCells  = 20_000
)

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
	nb := *c.notebook
	nb.Cells = slices.Clone(c.notebook.Cells)
	nb.Cells[i].Source = e.Source
	c.setVersion(e.Cell, c.versions[e.Cell]+1)
	c.setNotebook(&nb)
	c.emit(Event{Cell: ptr(c.cellEvent(nb.Cells[i], c.op.client))})
	c.changed()
	return nil
}

// check makes the program that of the document as it is now.
func (c *change) check() {
	if c.checked != c.version {
		c.program, c.checked = c.program.Update(c.notebook), c.version
	}
}

func (c *change) insert(in *Insert) error {
	cell := in.Cell
	if len(c.notebook.Cells) >= maxCells {
		return fmt.Errorf("a notebook holds %d cells at most", maxCells)
	}
	if err := checkKind(cell.Kind); err != nil {
		return err
	}
	if err := checkSource(cell.Source); err != nil {
		return err
	}
	if of, ok := c.known(in.Of); ok && cell.Kind == of.Kind && (cell.Kind == notebook.Markdown || cell.Kind == notebook.Raw) {
		cell.Origin = of.Origin
	}
	nb, err := c.notebook.Insert(in.After, cell)
	if err != nil {
		return err
	}
	if !in.Along {
		c.remember(nil)
	}
	c.setNotebook(nb)
	c.setVersion(cell.ID, c.versions[cell.ID]+1)
	c.emit(Event{Cell: ptr(c.cellEvent(cell, c.op.client))})
	c.emitOrder()
	c.changed()
	return nil
}

func (c *change) delete(d *Delete) error {
	nb, err := c.notebook.Delete(d.Cells...)
	if err != nil || len(d.Cells) == 0 {
		return err
	}
	c.remember(d.Cells)
	c.setNotebook(nb)
	c.forgetCells(d.Cells)
	c.emitOrder()
	c.changed()
	return nil
}

func (c *change) move(m *Move) error {
	nb, err := c.notebook.Move(m.Cells, m.After)
	if err != nil {
		return err
	}
	c.remember(nil)
	c.setNotebook(nb)
	c.emitOrder()
	c.changed()
	return nil
}

func (c *change) split(s *Split) error {
	cell, ok := c.notebook.Cell(s.Cell)
	switch {
	case !ok:
		return noCell(s.Cell)
	case s.Base != c.versions[s.Cell]:
		return errors.New("the cell was not split: somebody changed its text at the same moment")
	case len(c.notebook.Cells) >= maxCells:
		return fmt.Errorf("a notebook holds %d cells at most", maxCells)
	case s.Offset > 0 && s.Offset < len(cell.Source) && !utf8.RuneStart(cell.Source[s.Offset]):
		return errors.New("a cell is not split inside a letter")
	}
	nb, err := c.notebook.Split(s.Cell, s.Offset, s.Rest)
	if err != nil {
		return err
	}
	c.rewrite(nb, s.Cell, nil)
	rest, _ := nb.Cell(s.Rest)
	c.setVersion(s.Rest, c.versions[s.Rest]+1)
	c.emit(Event{Cell: ptr(c.cellEvent(rest, ""))})
	c.emitOrder()
	c.changed()
	return nil
}

func (c *change) merge(m *Merge) error {
	nb, err := c.notebook.Merge(m.Cells...)
	if err != nil || len(m.Cells) < 2 {
		return err
	}
	var first notebook.CellID
	var gone []notebook.CellID
	for _, cell := range c.notebook.Cells {
		switch {
		case !slices.Contains(m.Cells, cell.ID):
		case first == "":
			first = cell.ID
		default:
			gone = append(gone, cell.ID)
		}
	}
	if joined, _ := nb.Cell(first); len(joined.Source) > maxSource {
		return checkSource(joined.Source)
	}
	c.rewrite(nb, first, gone)
	c.forgetCells(gone)
	c.emitOrder()
	c.changed()
	return nil
}

// rewrite makes nb the document, in which one cell has another text and others are gone.
func (c *change) rewrite(nb *notebook.Notebook, id notebook.CellID, gone []notebook.CellID) {
	before, _ := c.notebook.Cell(id)
	after, _ := nb.Cell(id)
	c.remember(gone)
	c.undo.undo[len(c.undo.undo)-1].text = &rewritten{id, before.Source, after.Source}
	c.setNotebook(nb)
	c.setVersion(id, c.versions[id]+1)
	c.emit(Event{Cell: ptr(c.cellEvent(after, ""))})
}

// known is a cell that is there, or was deleted and can be had back.
func (c *change) known(id notebook.CellID) (notebook.Cell, bool) {
	if cell, ok := c.notebook.Cell(id); ok || id == "" {
		return cell, ok
	}
	for _, st := range slices.Backward(c.undo.undo) {
		for _, cell := range st.gone {
			if cell.ID == id {
				return cell, true
			}
		}
	}
	return notebook.Cell{}, false
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
	if s.Once != nil {
		cell.Once = *s.Once
	}
	if s.Connection != nil {
		cell.Connection = *s.Connection
	}
	if s.Tags != nil {
		cell.Meta = tagged(cell.Meta, *s.Tags)
	}
	c.setCells(cells)
	c.check() // how the cell is shown depends on what it now is
	c.emit(Event{Cell: ptr(c.cellEvent(cells[i], ""))})
	c.changed()
	return nil
}

// tagged is a cell's metadata with other tags.
func tagged(meta map[string]json.RawMessage, tags []string) map[string]json.RawMessage {
	out := maps.Clone(meta)
	delete(out, "tags")
	if len(tags) > 0 {
		list, err := json.Marshal(tags)
		if err != nil {
			panic(err) // strings always are JSON
		}
		out = overlay(out, map[string]json.RawMessage{"tags": list})
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func (c *change) set(s *Settings) error {
	nb := *c.notebook
	if s.Title != nil {
		nb.Title = *s.Title
	}
	if s.Reactive != nil {
		nb.Reactive = *s.Reactive
	}
	if s.OmitOutputs != nil {
		nb.OmitOutputs = *s.OmitOutputs
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
	c.version++
	c.check()
	c.touched()
	c.do(Refresh{})
	return nil
}

// setNotebook makes nb the document. Nobody waits for the checker but what runs
// cells: until it is done, what is known is that of the document before.
func (c *change) setNotebook(nb *notebook.Notebook) {
	c.notebook = nb
	c.version++
	c.do(Check{c.version, c.notebook, c.program})
}

// setCells makes the cells the document's.
func (c *change) setCells(cells []notebook.Cell) {
	nb := *c.notebook
	nb.Cells = cells
	c.setNotebook(&nb)
}

// renderAgain tells of Markdown cells that what they show comes from a run now, or no
// longer does.
func (c *change) renderAgain(was Program) {
	before, now := units(was), units(c.program)
	for _, cell := range c.notebook.Cells {
		if cell.Kind == notebook.Markdown && (before[cell.ID].ID == "") != (now[cell.ID].ID == "") {
			c.emit(Event{Cell: ptr(c.cellEvent(cell, ""))})
		}
	}
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

// replace makes another version of the whole document the session's.
func (c *change) replace(nb *notebook.Notebook, p Program) {
	old := c.notebook
	c.notebook = nb
	c.version++
	c.program, c.checked = p, c.version
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

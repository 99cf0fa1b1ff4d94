package session

import (
	"errors"
	"slices"

	"stnb.dev/notebook"
)

// undoStack holds changes of structure (insert, delete, move, split, merge), the
// newest last. Text has its own undo in the editor, so taking a structure back never
// touches the text of a cell that is there, but for what a split or a merge made of it.
type undoStack struct {
	undo, redo []structure
}

// structure is the cells' order at one moment, and the cells that the change
// after it took away.
type structure struct {
	order []notebook.CellID
	gone  []notebook.Cell
	text  *rewritten // nil: the change left texts alone
}

// rewritten is a cell whose text changed along with the structure.
type rewritten struct {
	cell          notebook.CellID
	before, after string
}

const maxUndo = 200

// remember notes the structure before a change that takes these cells away.
func (c *change) remember(gone []notebook.CellID) {
	st := c.structureNow(gone)
	keep := c.undo.undo
	if len(keep) >= maxUndo {
		keep = keep[1:]
	}
	c.undo = undoStack{undo: append(slices.Clip(keep), st)}
}

func (c *change) structureNow(gone []notebook.CellID) structure {
	st := structure{}
	for _, cell := range c.notebook.Cells {
		st.order = append(st.order, cell.ID)
		if slices.Contains(gone, cell.ID) {
			st.gone = append(st.gone, cell)
		}
	}
	return st
}

func (c *change) takeBack(redo bool) error {
	from, to := &c.undo.undo, &c.undo.redo
	if redo {
		from, to = to, from
	}
	if len(*from) == 0 {
		return errors.New("nothing to take back")
	}
	target := (*from)[len(*from)-1]

	var cells []notebook.Cell
	var back []notebook.Cell
	for _, id := range target.order {
		if cell, ok := c.notebook.Cell(id); ok {
			cells = append(cells, cell)
		} else if i := slices.IndexFunc(target.gone, func(x notebook.Cell) bool { return x.ID == id }); i >= 0 {
			cells = append(cells, target.gone[i])
			back = append(back, target.gone[i])
		}
	}
	var gone []notebook.CellID
	for _, cell := range c.notebook.Cells {
		if !slices.Contains(target.order, cell.ID) {
			gone = append(gone, cell.ID)
		}
	}

	now := c.structureNow(gone)
	if t := target.text; t != nil {
		i := slices.IndexFunc(cells, func(x notebook.Cell) bool { return x.ID == t.cell })
		if i >= 0 && cells[i].Source == t.after {
			cells[i].Source = t.before
			back = append(back, cells[i])
		}
		now.text = &rewritten{t.cell, t.after, t.before}
	}
	*from = slices.Clip((*from)[:len(*from)-1])
	*to = append(slices.Clip(*to), now)

	c.setCells(cells)
	for _, cell := range back {
		c.setVersion(cell.ID, c.versions[cell.ID]+1)
		c.emit(Event{Cell: ptr(c.cellEvent(cell, ""))})
	}
	if len(gone) > 0 {
		c.forgetCells(gone)
	}
	c.emitOrder()
	c.changed()
	return nil
}

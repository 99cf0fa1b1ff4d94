// Package notebook holds the document: cells in order, and nothing that runs.
//
// A Notebook is a value. Edits return a new one and share what did not change,
// so a version once seen by a reader never moves under it.
package notebook

import "encoding/json"

// CellID names a cell for its whole life. It matches nbformat's rule:
// 1 to 64 of A-Z, a-z, 0-9, '-' and '_'.
type CellID string

// Kind says what a cell's source is.
type Kind string

// The kinds of cell.
const (
	Go       Kind = "go"
	SQL      Kind = "sql"
	Markdown Kind = "markdown"
	Raw      Kind = "raw" // kept, never run nor rendered
)

// Cell is one piece of a notebook.
type Cell struct {
	ID     CellID `json:"id"`
	Kind   Kind   `json:"kind"`
	Source string `json:"source"` // without a final newline

	// Name is the author's name for the cell; for an SQL cell it is the Go
	// name its result is bound to ("" binds nothing).
	Name string `json:"name,omitempty"`
	// HideCode folds the source away in the editor.
	HideCode bool `json:"hideCode,omitempty"`
	// Disabled cells are not run, and define nothing.
	Disabled bool `json:"disabled,omitempty"`
	// Once keeps a cell that ran from running again by itself: only its own
	// Run, a change of its text or a new kernel runs it.
	Once bool `json:"once,omitempty"`
	// Connection is the named connection of an SQL cell; "" is DuckDB.
	Connection string `json:"connection,omitempty"`

	// Meta is the cell's metadata that stnb gives no meaning to, by key (tags,
	// for example). It goes along when a notebook is converted, and when a cell is
	// copied.
	Meta map[string]json.RawMessage `json:"meta,omitempty"`
	// Origin is how the cell stood in its file, known to notebook/file alone:
	// what is not changed is written back byte for byte. Copies keep it.
	Origin any `json:"-"`
}

// Notebook is one version of a document.
type Notebook struct {
	Title string // front matter's title; "" when there is none
	Cells []Cell
	// Reactive runs stale cells by itself instead of marking them.
	Reactive bool
	// OmitOutputs leaves outputs and execution counts out of an .ipynb file.
	OmitOutputs bool
	// Engine pins an engine by name; "" and "auto" let the kernel choose.
	Engine string
	// Meta is the notebook's metadata that stnb gives no meaning to, by key
	// (kernelspec, for example).
	Meta map[string]json.RawMessage `json:"-"`
	// Dir is the folder the file is in, where cells find packages of their own;
	// "" when there is none.
	Dir string `json:"-"`
	// Origin is the file the notebook was read from, as Cell.Origin.
	Origin any `json:"-"`
}

// Index returns the position of the cell, or -1.
func (n *Notebook) Index(id CellID) int {
	for i := range n.Cells {
		if n.Cells[i].ID == id {
			return i
		}
	}
	return -1
}

// Cell returns the cell with that id.
func (n *Notebook) Cell(id CellID) (Cell, bool) {
	if i := n.Index(id); i >= 0 {
		return n.Cells[i], true
	}
	return Cell{}, false
}

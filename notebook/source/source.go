// Package source names the coordinate systems of a notebook once, and converts
// between them nowhere else.
//
//   - A cell position is a cell, and a line and column in the text the user
//     typed: lines count from 1, columns count UTF-8 bytes from 1, as in go/token.
//   - A lowered position is a unit (the lowered text of one cell, a Go file of
//     its own) and a line and column in it.
//   - The browser counts UTF-16 code units; ui/server converts at its edge.
package source

import "stnb.dev/notebook"

// Position is a place in a cell's text, or in a Go file beside the notebook. Line
// and Column count from 1; Column is in bytes. The zero Position is "no position".
type Position struct {
	Cell   notebook.CellID `json:"cell"`
	Line   int             `json:"line"`
	Column int             `json:"column"`
	// File is the file's path from the notebook's folder; Cell is "" then.
	File string `json:"file,omitempty"`
}

// Range is the text from Start up to, not including, End, in one cell.
type Range struct {
	Start Position `json:"start"`
	End   Position `json:"end"`
}

// Severity grades a diagnostic.
type Severity string

// The severities. An Error keeps its cell, and cells that need it, from running.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Info    Severity = "info"
)

// Diagnostic is a problem as data.
type Diagnostic struct {
	Range    Range    `json:"range"`
	Severity Severity `json:"severity"`
	Code     string   `json:"code"` // stable id, e.g. "undefined", "mutates-above"
	Message  string   `json:"message"`
	Notes    []Note   `json:"notes,omitempty"`
}

// Note is a further place or remedy that belongs to a diagnostic.
type Note struct {
	Range   Range  `json:"range,omitzero"`
	Message string `json:"message"`
}

// Package syntax turns a cell's text into syntax: the mix of imports,
// declarations and statements that a Go cell is, the names it defines and the
// names it uses. It knows one cell at a time, no types and no other cells.
//
// Positions. Every parse takes a range of token.Pos of its own, unique in the
// process: a token.Pos names a place in one text of one cell, whatever file set
// it is looked up in. Cell.Offset takes it back to a byte offset in the text.
package syntax

// Package export makes of a notebook what can be read or run without stnb: one
// HTML file, a Markdown text with its outputs, a Go program.
package export

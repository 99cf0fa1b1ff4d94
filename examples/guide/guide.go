// Package guide holds the notebooks that teach stnb, for the tour of the editor.
package guide

import "embed"

// Notebooks are the guide's files, to be read in order of name.
//
//go:embed *.md *.csv 04-apps_test.go
var Notebooks embed.FS

// Package docs is the manual: the pages of this folder that `stnb help` prints and
// the editor shows. It imports nothing of stnb.
package docs

import (
	"embed"
	"strings"
)

//go:embed cells.md data.md errors.md notebook-files.md sharing.md jupyter.md streamlit.md
var files embed.FS

// Topic is a page of the manual.
type Topic struct {
	Name  string // "cells"
	Title string
	Text  string // Markdown
}

// Topics are the pages, in the order one reads them.
func Topics() []Topic {
	var all []Topic
	for _, name := range []string{"cells", "data", "errors", "notebook-files", "sharing", "jupyter", "streamlit"} {
		data, err := files.ReadFile(name + ".md")
		if err != nil {
			panic(err) // it is embedded above
		}
		text := string(data)
		title, _, _ := strings.Cut(strings.TrimPrefix(text, "# "), "\n")
		all = append(all, Topic{name, title, text})
	}
	return all
}

// Find returns a page by its name.
func Find(name string) (Topic, bool) {
	for _, t := range Topics() {
		if t.Name == name {
			return t, true
		}
	}
	return Topic{}, false
}

package build

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"stnb.dev/notebook"
)

func TestSmoke(t *testing.T) {
	b, _ := os.ReadFile(os.Getenv("SMOKE"))
	nb := &notebook.Notebook{}
	for i, text := range strings.Split(string(b), "\n----\n") {
		nb.Cells = append(nb.Cells, notebook.Cell{ID: notebook.CellID(fmt.Sprint("c", i+1)), Kind: notebook.Go, Source: text})
	}
	s := New(Options{}).Update(nb)
	for _, c := range nb.Cells {
		for _, d := range s.Diagnostics(c.ID) {
			fmt.Printf("%s:%d:%d-%d:%d %s: %s %v\n", c.ID, d.Range.Start.Line, d.Range.Start.Column, d.Range.End.Line, d.Range.End.Column, d.Code, d.Message, d.Notes)
		}
		fmt.Println("needs", c.ID, s.Needs(c.ID), "mutates", s.Mutates(c.ID))
	}
	for _, u := range s.Units() {
		fmt.Printf("==== %s %s %s\n%s", u.Cell, u.ID, u.Func, u.Source)
	}
}

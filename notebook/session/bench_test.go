package session

import (
	"fmt"
	"testing"

	"stnb.dev/notebook"
)

func bigState(b testing.TB, n int) State {
	nb := &notebook.Notebook{}
	for i := range n {
		src := fmt.Sprintf("v%d := %d\nif v%d > 3 { v%d = 1 }\nv%d", i, i, i, i, i)
		if i > 0 {
			src = fmt.Sprintf("v%d := v%d + 1\nfor j := range 3 { v%d += j }\nv%d", i, i-1, i, i)
		}
		nb.Cells = append(nb.Cells, notebook.Cell{ID: notebook.CellID(fmt.Sprint("c", i)), Kind: notebook.Go, Source: src})
	}
	return newState(Setup{ID: "s", Notebook: nb, Program: Build(nb)})
}

func BenchmarkEdit(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := bigState(b, n)
			id := notebook.CellID(fmt.Sprint("c", n/2))
			i := 0
			for b.Loop() {
				i++
				var err error
				s, _, err = Apply(s, Op{Edit: &Edit{Cell: id, Base: s.versions[id], Source: fmt.Sprintf("v%d := v%d + %d\nv%d", n/2, n/2-1, i, n/2)}})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Putting a cell in and taking it out, in a notebook of many thousand lines: the
// session's loop does it before anything else of the page is answered.
func BenchmarkInsertAndDelete(b *testing.B) {
	s := bigState(b, 5000)
	cell := notebook.Cell{ID: "new", Kind: notebook.Go, Source: "_ = v7"}
	for b.Loop() {
		for _, op := range []Op{{Insert: &Insert{After: "c9", Cell: cell}}, {Delete: &Delete{Cells: []notebook.CellID{"new"}}}} {
			var err error
			if s, _, err = Apply(s, op); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkStatuses(b *testing.B) {
	s := bigState(b, 1000)
	for b.Loop() {
		s.statuses()
	}
}

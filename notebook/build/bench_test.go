package build_test

import (
	"fmt"
	"strings"
	"testing"

	"stnb.dev/notebook"
	"stnb.dev/notebook/build"
)

// large makes a notebook of n cells of about 22 lines, each using names of the
// cells above.
func large(n int) *notebook.Notebook {
	nb := &notebook.Notebook{}
	for i := range n {
		var b strings.Builder
		if i == 0 {
			b.WriteString("import (\"fmt\"; \"strings\"; \"sort\")\ntotal := 0\n")
		}
		fmt.Fprintf(&b, `type Row%[1]d struct { Name string; Value int }
func (r Row%[1]d) String() string { return fmt.Sprintf("%%s=%%d", r.Name, r.Value) }
rows%[1]d := []Row%[1]d{}
for i := range 10 {
	name := strings.Repeat("x", i)
	rows%[1]d = append(rows%[1]d, Row%[1]d{name, i*%[1]d})
}
sort.Slice(rows%[1]d, func(a, b int) bool {
	return rows%[1]d[a].Value < rows%[1]d[b].Value
})
total += len(rows%[1]d)
sum%[1]d := 0
for _, r := range rows%[1]d {
	if r.Value > 3 {
		sum%[1]d += r.Value
	}
}
fmt.Println(sum%[1]d, total)
rows%[1]d
`, i)
		if i > 0 {
			fmt.Fprintf(&b, "sum%d + sum%d", i, i-1)
		}
		nb.Cells = append(nb.Cells, notebook.Cell{ID: notebook.CellID(fmt.Sprint("c", i)), Kind: notebook.Go, Source: b.String()})
	}
	return nb
}

// BenchmarkKeyPress is what one key press costs until all diagnostics are known: in
// the first line of the middle cell, on which half the notebook depends, and in
// the last cell, on which nothing does.
func BenchmarkKeyPress(b *testing.B) {
	for _, n := range []int{100, 1000} {
		for _, at := range []int{n / 2, n - 1} {
			b.Run(fmt.Sprintf("cells=%d/at=%d", n, at), func(b *testing.B) {
				nb := large(n)
				s := build.New(build.Options{}).Update(nb)
				if got := len(s.Units()); got != n {
					b.Fatal(got, "units", s.Diagnostics("c0"))
				}
				text := nb.Cells[at].Source
				for i := 0; b.Loop(); i++ {
					nb.Cells[at].Source = fmt.Sprintf("%s\nextra := %d", text, i)
					s = s.Update(nb)
				}
			})
		}
	}
}

// BenchmarkOpen is a notebook of 100 cells seen for the first time.
func BenchmarkOpen(b *testing.B) {
	nb := large(100)
	for b.Loop() {
		build.New(build.Options{}).Update(nb)
	}
}

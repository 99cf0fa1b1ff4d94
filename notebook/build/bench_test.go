package build_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

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

// keyPressLimit is how long the diagnostics of a notebook of 100 cells may take
// after a key press, 95 times of 100.
const keyPressLimit = 50 * time.Millisecond

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
				var took []time.Duration
				for i := 0; b.Loop(); i++ {
					nb.Cells[at].Source = fmt.Sprintf("%s\nextra := %d", text, i)
					began := time.Now()
					s = s.Update(nb)
					took = append(took, time.Since(began))
				}
				slices.Sort(took)
				p95 := took[len(took)*95/100]
				b.ReportMetric(float64(p95.Microseconds())/1000, "p95-ms")
				if n == 100 && p95 > keyPressLimit {
					b.Errorf("diagnostics after a key press take %v, the limit is %v", p95, keyPressLimit)
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

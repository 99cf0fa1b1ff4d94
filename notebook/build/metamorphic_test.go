package build_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"stnb.dev/notebook"
	"stnb.dev/notebook/build"
	"stnb.dev/notebook/lower"
)

// snippets are what cells of the random notebooks hold. They meet in few names.
var snippets = []string{
	"x := 1", "x := \"s\"", "x++", "y := x", "x, y := 1, 2", "y := x\nx := y", "import \"fmt\"", "import \"strings\"",
	"fmt.Println(x, y)", "strings.ToUpper(x)", "type T struct{ A int }", "type T struct{ A string; B int }\nfunc (recv T) Meth() int { return recv.B }",
	"t := T{}", "t := &T{A: x}", "t.A", "t.Meth()", "func f() int { return x }", "func f() string { return g() }\nfunc g() string { return \"g\" }",
	"x = f()", "z := f()", "type D struct { T; n int }", "d := D{T: T{}, n: 1}", "d.T.A", "m := map[string]int{}", "m[\"a\"] = x", "m := M{x: 1}",
	"type M map[int]int", "_p := x", "_p", "x := (", "}", "len(m)", "var x float64\nx", "// x\nx", "x // comment", "var (\n\ta = x\n\tb = a\n)", "max := a", "max",
	"for i := range x { y += i }", "if x > 0 {\n\tunused := 1\n}", "package main\nvar q = r\nvar r = x\nfunc main() { x = 3 }", "q", "undefined.Foo()", "", "import . \"strings\"\nToUpper(\"a\")",
	"type U struct { ua, ub int }", "u := U{1, 2}", "func (ur U) Get() int { return ur.ua }", "u.ua", "u.Get()", "type P[E any] struct { pv E }\nfunc (pr P[E]) V() E { return pr.pv }",
	"w := P[int]{3}", "w.V() + u.ua", "type L struct { lnext *L }", "l := &L{&L{nil}}", "x := y + \"\"", "type I interface { hid() int }", "func (u2 U2) hid() int { return 1 }\ntype U2 int",
	"var i I = U2(1)", "i.hid()", "binary.LittleEndian", "func() { defer func() { recover() }() }()", "select * from m", "{{ x }} and {{ y }}",
}

func randomCell(r *rand.Rand, id int) notebook.Cell {
	c := notebook.Cell{ID: notebook.CellID(fmt.Sprint("c", id)), Kind: notebook.Go}
	for range 1 + r.IntN(3) {
		c.Source += snippets[r.IntN(len(snippets))] + "\n"
	}
	switch r.IntN(12) {
	case 0:
		c.Kind, c.Source = notebook.SQL, "select * from m where x = $x"
		c.Name = []string{"", "y", "t"}[r.IntN(3)]
	case 1:
		c.Kind, c.Source = notebook.Markdown, "{{ x }} and {{ fmt.Sprint(y) }}"
	}
	return c
}

// TestMetamorphic edits a notebook at random: each snapshot must say what a fresh
// one of the same notebook says, but for the versions of names.
func TestMetamorphic(t *testing.T) {
	seeds := 30
	if testing.Short() {
		seeds = 6
	}
	if n, err := strconv.Atoi(os.Getenv("STNB_SEEDS")); err == nil {
		seeds = n
	}
	for seed := range seeds {
		r := rand.New(rand.NewPCG(uint64(seed), 7))
		nb := &notebook.Notebook{}
		s := newSnapshot(nb)
		id := 0
		for step := range 25 {
			cells := slices.Clone(nb.Cells)
			n := len(cells)
			switch op := r.IntN(10); {
			case n == 0 || op < 4:
				id++
				cells = slices.Insert(cells, r.IntN(n+1), randomCell(r, id))
			case op < 7:
				i := r.IntN(n)
				c := randomCell(r, 0)
				c.ID = cells[i].ID
				cells[i] = c
			case op < 8:
				i := r.IntN(n)
				cells = slices.Delete(cells, i, i+1)
			case op < 9:
				c := cells[r.IntN(n)]
				cells = slices.DeleteFunc(cells, func(d notebook.Cell) bool { return d.ID == c.ID })
				cells = slices.Insert(cells, r.IntN(n), c)
			default:
				i := r.IntN(n)
				cells[i].Disabled = !cells[i].Disabled
			}
			nb = &notebook.Notebook{Cells: cells}
			s = s.Update(nb)
			if got, want := describe(nb, s), describe(nb, newSnapshot(nb)); got != want {
				t.Fatalf("seed %d, step %d: incremental\n%s\nfresh\n%s", seed, step, got, want)
			}
			mustBeGo(t, s.Units())
			if t.Failed() {
				t.Fatalf("seed %d, step %d", seed, step)
			}
			again := s.Update(&notebook.Notebook{Cells: slices.Clone(cells)})
			if !slices.EqualFunc(s.Units(), again.Units(), sameUnit) {
				t.Fatalf("seed %d, step %d: the same notebook again has other units", seed, step)
			}
		}
	}
}

var versioned = regexp.MustCompile(`([\pL_][\pL\d_]*?)(ʹ\d+)+`)

var quoted = regexp.MustCompile("`[^`]*`|\"[^\"\n]*\"")

// describe tells all that a snapshot says, with versions numbered as they appear.
func describe(nb *notebook.Notebook, s *build.Snapshot) string {
	var b strings.Builder
	for _, c := range nb.Cells {
		fmt.Fprintln(&b, c.ID, s.Diagnostics(c.ID), s.Needs(c.ID), s.Dependents(c.ID), s.Mutates(c.ID), s.Names(c.ID))
	}
	said := b.String()
	b.Reset()
	for _, u := range s.Units() {
		fmt.Fprintln(&b, u.Cell, u.Func != "", quoted.ReplaceAllString(u.Source, "``"))
	}
	seen := map[string]int{}
	word := regexp.MustCompile(`[\pL_][\pL\d_]*`)
	return said + word.ReplaceAllStringFunc(b.String(), func(w string) string {
		name := versioned.ReplaceAllString(w, "$1")
		if _, ok := seen[w]; !ok {
			seen[w] = 0
			for k := range seen {
				if versioned.ReplaceAllString(k, "$1") == name {
					seen[w]++
				}
			}
		}
		return name + "#" + strconv.Itoa(seen[w])
	})
}

func sameUnit(a, b lower.Unit) bool { return a.ID == b.ID && a.Cell == b.Cell && a.Func == b.Func }

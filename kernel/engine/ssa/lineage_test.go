package ssa

import (
	"fmt"
	"strings"
	"testing"

	"stnb.dev/kernel/engine"
)

func call(t *testing.T, s *session, unit string) string {
	t.Helper()
	if err := s.Call(t.Context(), unit); err != nil {
		t.Fatal(err)
	}
	return s.output()
}

// A program shares with the one before all but what changed.
func TestLineage(t *testing.T) {
	a := "import \"fmt\"\ntype pair struct { x, y int }\nfunc (p pair) String() string { return fmt.Sprint(p.x, \"/\", p.y) }\n" +
		"var p pair\nfunc double(n int) int { return 2 * n }\nfunc Cell1() { p.x = double(p.x + 1) }"
	b := "import \"fmt\"\nfunc Cell$V() { fmt.Println(p, double($V)) }"
	version := func(n int) string { return strings.ReplaceAll(b, "$V", fmt.Sprint(n)) }

	first := units(a, version(2))
	p1 := compileUnits(t, nil, first).(*program)
	s := newSession(t, p1)
	call(t, s, first[0].ID)
	if got, want := call(t, s, first[1].ID), "2/0 4\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}

	second := units(a, version(3))
	p2 := compileUnits(t, p1, second).(*program)
	if p2.lineage != p1.lineage || p2.units[0] != p1.units[0] || p2.units[1] == p1.units[1] {
		t.Error("what did not change is not shared")
	}
	if p2.object("Cell2") != nil || p2.object("Cell3") == nil || p2.Types().Scope().Lookup("pair") == nil {
		t.Error("the names are not those of the units")
	}
	if err := s.Update(p2); err != nil {
		t.Fatal(err)
	}
	if got, want := call(t, s, second[1].ID), "2/0 6\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}

	// Undone: what was there is there again.
	p3 := compileUnits(t, p2, first).(*program)
	if p3.units[1] != p1.units[1] {
		t.Error("a unit that came back was compiled again")
	}

	// What needs a unit that is gone is refused.
	_, problems := newEngine().Compile(p3, first[1:])
	if len(problems) != 2 || problems[0].Message != "undefined: p" {
		t.Errorf("got %v", problems)
	}

	// A literal of what is not exported above is another way through the checker.
	third := units(a, "import \"fmt\"\nvar q = pair{7, 8}\nfunc Cell4() { fmt.Println(q, p) }")
	p4 := compileUnits(t, p3, third)
	if err := s.Update(p4); err != nil {
		t.Fatal(err)
	}
	if got, want := call(t, s, third[1].ID), "7/8 2/0\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Funcs of a lineage run beside those of the next one, in one task: a variable
// holds one, and the cell that made it did not change.
func TestFuncsOutliveLineages(t *testing.T) {
	made := "import \"fmt\"\nvar f func(int) string\nvar xs []int\n" +
		"func deep(n int) string { if n == 0 { return \"\" }; return fmt.Sprint(n) + deep(n-1) }\n" +
		"func Cell1() { k := [3]string{\"a\", \"b\", \"c\"}; f = func(n int) string { return k[n%3] + deep(n) + fmt.Sprint(xs[n]) } }"
	used := "import \"fmt\"\nfunc loop(a, b, c, d, e int) (x, y, z int) { if a == 0 { return b, c, d + e }; return loop(a-1, b+1, c+1, d, e) }\n" +
		"func Cell2() { x, y, z := loop(9, 1, 2, 3, $V); fmt.Println(f(0), x, y, z); x, y, z = loop(4, 1, 1, 1, 1); fmt.Println(f(4), x, y, z) }"
	version := func(v string) string { return strings.ReplaceAll(used, "$V", v) }
	first := units(made, version("1"))
	p := compileUnits(t, nil, first)
	s := newSession(t, p)
	call(t, s, first[0].ID)
	xs, _ := s.Lookup("xs")
	xs.V.Set(xs.V.Slice(0, 0))
	for v := range 5 {
		next := units(made, version(fmt.Sprint(10+v))) // the same names: another lineage
		q := compileUnits(t, p, next)
		if q.(*program).lineage == p.(*program).lineage {
			t.Fatal("names mean two things in one lineage")
		}
		p = q
		if err := s.Update(p); err != nil {
			t.Fatal(err)
		}
		err := s.Call(t.Context(), next[1].ID)
		f, ok := err.(*engine.Fault)
		if !ok || f.Message != "runtime error: index out of range [0] with length 0" {
			t.Fatalf("got %v", err)
		}
		if len(f.Frames) != 2 || f.Frames[0].Unit != next[0].ID || f.Frames[0].Line != 6 || f.Frames[1].Unit != next[1].ID {
			t.Errorf("frames %v", f.Frames)
		}
	}
}

// A long life of changes does not keep what is past.
func TestLineagesEnd(t *testing.T) {
	e := newEngine()
	nb := newNotebook(3)
	p := compileUnits(t, nil, nb.units())
	s := newSession(t, p)
	begun := 0
	for range 600 {
		us, fresh := nb.change(2)
		next := compileUnits(t, p, us)
		if next.(*program).lineage != p.(*program).lineage {
			begun++
		}
		p = next
		if err := s.Update(p); err != nil {
			t.Fatal(err)
		}
		if got := call(t, s, fresh[0].ID); !strings.HasSuffix(got, " (7) 3\n") {
			t.Errorf("got %q", got)
		}
	}
	if begun < 1 || begun > 6 {
		t.Errorf("%d new lineages in 600 changes", begun)
	}
	if e.base.full(3) {
		t.Errorf("%d units are kept", e.base.built)
	}
}

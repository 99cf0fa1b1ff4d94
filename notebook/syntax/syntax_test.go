package syntax

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"stnb.dev/notebook"
)

func parseGo(text string) *Cell {
	return Parse(notebook.Cell{ID: "c", Kind: notebook.Go, Source: text})
}

func TestSplit(t *testing.T) {
	letters := map[ItemKind]string{Statements: "s", Declaration: "d", Import: "i", PackageClause: "p"}
	for _, test := range []struct{ text, want string }{
		{"", ""},
		{"x := 1", "s"},
		{"x := 1\ny := 2", "s"}, // neighbours are one item
		{"func f() {}", "d"},
		{"func (t T) m() {}", "d"},
		{"func (t *T[K]) m(x int) (y int) {}", "d"},
		{"func() { x() }()", "s"},
		{"func(a int) int { return a }(1)", "s"},
		{"func(a int) pkg.T { return a }(1)", "s"},
		{"import \"fmt\"\nx := 1; func f() {}\ny := 2", "isds"},
		{"import (\n\"a\"\n\"b\"\n)\ntype T struct {\n\tA int; B int\n}\nvar x = 1", "ids"},
		{"package main\nimport \"fmt\"\nvar x = 1\nfunc main() {}", "pidd"},
		{"if x := f(); x {\n} else if y := g(); y {\n}\ntype T int", "sd"},
		{"for i := 0; i < 3; i++ { }\nconst c = 1", "sd"},
		{"if f := func() bool { return true }; f() { }\nfunc g() {}", "sd"},
		{"for _, t := range []struct{ a int }{{1}} { }\nfunc g() {}", "sd"},
		{"L:\nfor { break L }\nfunc f() {}", "sd"},
		{"L: for ; ; { break L }; func f() {}", "sd"},
		{"switch x := y.(type) { case int: type T int }\nvar z int", "s"},
		{"select {\ncase <-c:\n}\nconst c = 1", "sd"},
		{"x := `\nfunc f() {}\n`", "s"},
		{"// func f() {}\nx", "s"},
		{"/* import \"x\"\n*/ type T int", "d"},
	} {
		got := ""
		c := parseGo(test.text)
		for _, it := range c.Items {
			got += letters[it.Kind]
		}
		if got != test.want || len(c.Errors) > 0 {
			t.Errorf("%q: %s %v, want %s", test.text, got, c.Errors, test.want)
		}
	}
}

// TestNames lists definitions, then uses of names from elsewhere: "x=" assigned,
// "x[]" changed in place, "x?" a key, "x^" embedded.
func TestNames(t *testing.T) {
	for _, test := range []struct{ text, defs, uses string }{
		{"x := y", "x", "y"},
		{"x := x + 1", "x", "x"},
		{"x, y := 1, z\nx, w := y, x", "x y w", "z"},
		{"var a, b = c, a", "a b", "c a"},
		{"x++\ny += z\nx = 1", "", "x= z y= x="},
		{"x = append(x, y)", "", "append x y x="},
		{"for i := range n { i, j }", "", ""}, // a mistake: nothing is known
		{"for i := range n { i }", "", "n"},
		{"for i = range n { }", "", "n i="},
		{"for i, v := range xs { v, i = i, v; w := v; w }", "", "xs"},
		{"if x := f(); x > y { x } else { z }", "", "f y z"},
		{"switch y := x.(type) { case T: y }", "", "x T"},
		{"select { case v := <-c: v; case d = <-e: }", "", "c e d="},
		{"func f(a int, b ...T) (r U) { return a + x + r }", "f", "int T U x"},
		{"func (t *T) m() { t.x = y }", "", "T y"},
		{"func (l List[K]) m(k K) {}", "", "List"},
		{"func g[K comparable, V Num[K]](m map[K]V) {}", "g", "comparable Num"},
		{"type T struct { A B; C; *D; e.F }", "T", "B C^ D^ e"},
		{"type T interface { m(x A) B; C }", "T", "A B C"},
		{"type L[T any] struct { next *L[T] }", "L", "any"},
		{"const ( a = iota; b )", "a b", "iota"},
		{"p.x = 1; a[i] = 2; *q = 3; f().y = 4", "", "p[] a[] i q[] f"},
		{"g(&n, &m.x, &T{a: 1}, &l[j])", "", "g n[] m[] T a? l[] j"},
		{"delete(m, k); clear(s); copy(d, e); close(c)", "", "delete m[] k clear s[] copy d[] e close c[]"},
		{"T{a: b, c: d}", "", "T a? b c? d"},
		{"map[K]V{a: {b: c}}", "", "K V a b? c"},
		{"[]map[K]V{{a: b}}", "", "K V a b"},
		{"struct{ a int }{a: b}", "", "int b"},
		{"f := func(x int) { f(x, y) }", "f", "int f y"},
		{"func() { y := y; { y := y; y } ; y }()", "", "y"},
		{"L: for { break L }", "", ""},
		{"x := 1\nfunc f() { x, y }", "f x", ""},
		{"x := 1\nfunc f() { g(x, y) }", "f x", "g y"},
		{"ch <- v", "", "ch[] v"},
		{"import \"fmt\"\nfmt.Println(x.fmt)", "", "fmt x"},
		{"{ var a = b; const c = d; type E F; a }", "", "b d F"},
		{"go f(x)\ndefer g(y)", "", "f x g y"},
		{"goto L\nL:\nx", "", "x"},
	} {
		c := parseGo(test.text)
		var defs, uses []string
		for _, d := range c.Defs {
			defs = append(defs, d.Name)
		}
		for _, r := range c.Refs {
			if r.Def != nil || len(c.Errors) > 0 {
				continue
			}
			name := r.Ident.Name
			switch {
			case r.Assign:
				name += "="
			case r.Mutate:
				name += "[]"
			case r.Key != nil:
				name += "?"
			case r.Embedded:
				name += "^"
			}
			uses = append(uses, name)
		}
		if d, u := strings.Join(defs, " "), strings.Join(uses, " "); d != test.defs || u != test.uses {
			t.Errorf("%q:\n got %q, %q %v\nwant %q, %q", test.text, d, u, c.Errors, test.defs, test.uses)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"x := ", "5-5 expected operand, found the end of the cell"},
		{"x }", "2-3 unexpected }"},
		{"if x {", "6-6 expected '}', found the end of the cell"},
		{"x := 1\nx := 2", "9-11 no new variables on left side of :="},
		{"func f( {}", "8-9 expected ')', found '{'"},
		{"xʹ := 1", "0-3 the letter ʹ (U+02B9) in a name is reserved for stnb"},
		{"package other", "0-13 only package main can stand in a cell"},
		{"x\npackage main", "2-14 a package clause can only begin a cell"},
	} {
		var got []string
		for _, e := range parseGo(test.text).Errors {
			got = append(got, fmt.Sprintf("%d-%d %s", e.Start, e.End, e.Message))
		}
		if len(got) == 0 || got[0] != test.want {
			t.Errorf("%q: got %q, want %q", test.text, got, test.want)
		}
	}
}

func TestBrokenCellKeepsItsNames(t *testing.T) {
	c := parseGo("x := 1\nfunc f() {}\ny := (\ntype T struct{}\nvar z int")
	for _, want := range []string{"x", "f", "y"} {
		if !slices.ContainsFunc(c.Defs, func(d *Def) bool { return d.Name == want }) {
			t.Errorf("%s is lost", want)
		}
	}
}

func TestSQL(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"select * from a", "a"},
		{"select a, b from c as d, e f join \"g\" on h = $i", "c e g $i"},
		{"select '$no from no', $yes -- from no\n/* from no */ from yes", "$yes yes"},
		{"with t as (select 1), u(x) as (select 2) select * from t, u, v", "v"},
		{"select * from read_csv('a') , s.t, u", "u"},
		{"select x from (select y, z from a), b where c in (select d, e from f)", "a b f"},
		{"select $1, $$from no$$, $long_name", "$long_name"},
		{"select extract(year from day), b from c", "day c"},
		{"select 'unterminated from x", ""},
		{"", ""},
	} {
		c := Parse(notebook.Cell{Kind: notebook.SQL, Source: test.text})
		var got []string
		for _, r := range c.Refs {
			name := r.Ident.Name
			if !r.Table {
				name = "$" + name
			}
			got = append(got, name)
			if at := c.Offset(r.Ident.Pos()); !strings.HasPrefix(test.text[at:], r.Ident.Name) {
				t.Errorf("%q: %s is not at %d", test.text, name, at)
			}
		}
		if s := strings.Join(got, " "); s != test.want {
			t.Errorf("%q: got %s, want %s", test.text, s, test.want)
		}
	}
}

func TestHoles(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"plain", ""},
		{"a {{ x }} b {{y}}", " x |y"},
		{"{{ T{1} }} {{T{1}}}", " T{1} |T{1}"},
		{"`{{ no }}` ``{{ ` no }}`` {{ yes }}", " yes "},
		{"```\n{{ no }}\n```\n{{ yes }}\n~~~go\n{{ no }}\n~~~", " yes "},
		{"{{ f(1,\n2) }} {{ g }}", " f(1,\n2) | g "},
		{"{{ open", ""},
		{"\\{{ no }}", ""},
	} {
		c := Parse(notebook.Cell{Kind: notebook.Markdown, Source: test.text})
		var got []string
		for _, h := range c.Holes {
			got = append(got, test.text[h.Start+2:h.End-2])
		}
		if s := strings.Join(got, "|"); s != test.want || len(c.Errors) > 0 {
			t.Errorf("%q: got %q %v, want %q", test.text, s, c.Errors, test.want)
		}
	}
}

// FuzzParse: no text panics, and positions stay in the text.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"x := 1", "func f(", "if x {\n}}", "package", "a, b := `", "{{ x }} ```", "select $a from b", "L:", "func (", "\x00\xff", "type T[P", "case:", "switch {"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, kind := range []notebook.Kind{notebook.Go, notebook.SQL, notebook.Markdown} {
			c := Parse(notebook.Cell{Kind: kind, Source: text, Name: "n"})
			for _, e := range c.Errors {
				if e.Start < 0 || e.End > len(text) {
					t.Errorf("error at %d-%d of %d", e.Start, e.End, len(text))
				}
			}
			for _, r := range c.Refs {
				if !utf8.ValidString(text) {
					continue
				}
				if at := c.Offset(r.Ident.Pos()); !strings.HasPrefix(text[at:], r.Ident.Name) {
					t.Errorf("%q is not at %d of %q", r.Ident.Name, at, text)
				}
			}
		}
	})
}

package editor

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"stnb.dev/notebook"
	"stnb.dev/notebook/build"
	"stnb.dev/notebook/source"
)

// parse makes a notebook of cells between lines of dashes; "¦" is the cursor. A
// cell that begins with "SQL " or "MD " is of that kind.
func parse(t *testing.T, text string) (*build.Snapshot, source.Position) {
	t.Helper()
	nb := &notebook.Notebook{}
	var at source.Position
	for i, cell := range strings.Split(text, "\n---\n") {
		c := notebook.Cell{ID: notebook.CellID(fmt.Sprint(i + 1)), Kind: notebook.Go}
		if rest, ok := strings.CutPrefix(cell, "SQL "); ok {
			c.Kind, cell = notebook.SQL, rest
		} else if rest, ok := strings.CutPrefix(cell, "MD "); ok {
			c.Kind, cell = notebook.Markdown, rest
		}
		if before, after, ok := strings.Cut(cell, "¦"); ok {
			cell = before + after
			at = place(c.ID, cell, len(before))
		}
		c.Source = cell
		nb.Cells = append(nb.Cells, c)
	}
	return build.New(build.Options{}).Update(nb), at
}

func TestFixes(t *testing.T) {
	for _, test := range []struct{ text, want, after string }{
		{"fmt.Println(1)\nfmt.Print(¦2)", "Import fmt", "import \"fmt\"\nfmt.Println(1)\nfmt.Print(2)"},
		{"x := rand.N(10)¦", "Import math/rand/v2", "import \"math/rand/v2\"\nx := rand.N(10)"},
		{"template.HTML(\"a\")¦", "Import html/template", "import \"html/template\"\ntemplate.HTML(\"a\")"},
		{"package main\nfunc main() { strings.ToUpper(\"\")¦ }", "Import strings", "package main\nimport \"strings\"\nfunc main() { strings.ToUpper(\"\") }"},
		{"fmt.Printl(1)¦", "", ""},
		{"fmt := 1\nfmt.Println()¦", "", ""},
		{"nothing.Here()¦", "", ""},
		{"missing¦", "", ""},
		{"%%\nx := 1¦\nx", "Delete the line", "x := 1\nx"},
		{"x := 5¦\n%goflags -race\n%main -n=5\nx", "Delete the line, Delete the line", "x := 5\nx"},
		{"!*go get ./...\n!ls¦", "Delete the line, Delete the line", ""},
		{"%%bash¦\necho $HOME", "", ""},
		{"x := `\n%main\n`¦ y", "", ""},
		{"ok := true\n!ok¦\n)", "", ""},
	} {
		s, at := parse(t, test.text)
		var titles []string
		var edits []TextEdit
		for _, f := range Fixes(s, at.Cell) {
			titles = append(titles, f.Title)
			edits = append(edits, f.Edits...)
		}
		if got := strings.Join(titles, ", "); got != test.want {
			t.Errorf("%q: fixes %q, want %q", test.text, got, test.want)
			continue
		}
		if v, _ := s.View(at.Cell); test.want != "" && Apply(v.Cell.Source, at.Cell, edits) != test.after {
			t.Errorf("%q becomes %q", test.text, Apply(v.Cell.Source, at.Cell, edits))
		}
	}
}

func TestComplete(t *testing.T) {
	for _, test := range []struct{ text, want, not string }{
		{"import \"strings\"\nstrings.¦", "ToUpper Builder", "toUpper"},
		{"import \"strings\"\nstrings.ToU¦", "ToUpper ToUpperSpecial", "Builder"},
		{"import \"strings\"\n---\nx := strings.Has¦\ny := 1", "HasPrefix HasSuffix", ""},
		{"import (\"strings\"; \"fmt\")\nfmt.Println(strings.To¦", "ToUpper", ""},
		{"import (\"strings\"; \"fmt\")\nif true {\n\tfmt.Println(1, strings.Rep¦", "Repeat Replace", ""},
		{"type T struct{ Name string; n int }\nfunc (t *T) Set() {}\nt := T{}\nt.¦", "Name n Set", ""},
		{"type T struct{ Name string }\n---\ntype T struct{ Other int; B }\ntype B struct { Deep int }\nt := &T{}\n---\nt.¦", "Other B Deep", "Name"},
		{"alpha := 1\nfunc alps() {}\n---\nalp¦", "alpha alps", ""},
		{"alpha := 1\n---\nal¦", "alpha", ""},
		{"al¦\n---\nalpha := 1", "", "alpha"},
		{"for index := range 3 { ind¦ }", "index", ""},
		{"func f(param int) { par¦ }", "param", ""},
		{"func f(param int) { }\npar¦", "", "param"},
		{"type T struct{ Name, Nick string }\nT{N¦}", "Name Nick", ""},
		{"type T struct{ Name, Nick string }\nT{Name: \"a\", Ni¦: 1}", "Nick", ""},
		{"app¦", "append", "len"},
		{"ret¦", "return", ""},
		{"import \"enc¦\"", "encoding encoding/json", "strings"},
		{"import (\n\t\"fmt\"\n\t\"str¦\"\n)", "strings strconv", ""},
		{"x := \"str¦\"", "", "string strings"},
		{"// str¦", "", "string strings"},
		{"strings.To¦", "ToUpper", ""},
		{"strc¦", "strconv", ""},
		{"import \"time\"\ntime.Now().Ye¦", "Year YearDay", "Month"},
		{"pets := []int{1}\nname := \"x\"\n---\nSQL select * from pe¦", "pets", "name"},
		{"pets := []int{1}\nname := \"x\"\n---\nSQL select * from x where n = $na¦", "name", "pets"},
		{"count := 1\n---\nMD There are {{ co¦ }}", "count copy", ""},
	} {
		s, at := parse(t, test.text)
		var labels []string
		for _, it := range Complete(s, at).Items {
			labels = append(labels, it.Label)
		}
		for _, want := range strings.Fields(test.want) {
			if !slices.Contains(labels, want) {
				t.Errorf("%q: no %s in %v", test.text, want, labels[:min(20, len(labels))])
			}
		}
		for _, not := range strings.Fields(test.not) {
			if slices.Contains(labels, not) {
				t.Errorf("%q: offers %s", test.text, not)
			}
		}
	}
}

func TestCompleteTellsMore(t *testing.T) {
	s, at := parse(t, "x := 1\nstrings.ToUpp¦")
	c := Complete(s, at)
	if len(c.Items) < 1 {
		t.Fatal(c)
	}
	it := c.Items[0]
	if it.Kind != "function" || it.Detail != "(s string) string" || !strings.HasPrefix(it.Doc, "ToUpper returns") {
		t.Errorf("%+v", it)
	}
	if len(it.Edits) != 1 || it.Edits[0].Text != "import \"strings\"\n" || it.Edits[0].Range.Start.Line != 1 {
		t.Errorf("no import: %+v", it.Edits)
	}
	if c.Range.Start.Column != 9 || c.Range.End.Column != 14 || c.Range.Start.Line != 2 {
		t.Errorf("range %+v", c.Range)
	}
}

func TestHover(t *testing.T) {
	for _, test := range []struct{ text, signature, doc string }{
		{"import \"strings\"\nstrings.To¦Upper(\"a\")", "func strings.ToUpper(s string) string", "ToUpper returns"},
		{"import \"strings\"\n¦strings.ToUpper(\"a\")", "package strings (\"strings\")", "Package strings implements"},
		{"x := 1.5\n---\nx := \"s\"\n---\ny := ¦x", "var x string", ""},
		{"x := 1.5\n---\nx++\n---\nx¦", "var x float64", ""},
		{"// twice doubles.\nfunc twice(n int) int { return 2 * n }\n---\ntw¦ice(1)", "func twice(n int) int", "twice doubles."},
		{"func f() {\n\tlocal := 1\n\t_ = loc¦al\n}", "var local int", ""},
		{"type T struct{ F int }\nt := T{}\nt.¦F", "field F int", ""},
		{"len¦(\"x\")", "builtin len", "The len built-in"},
		{"x := 1\n---\ny := x¦ + (", "var x int", ""},
		{"const c = 1 << 3\n¦c", "const c untyped int", ""},
	} {
		s, at := parse(t, test.text)
		h := Hover(s, at)
		if h == nil {
			t.Errorf("%q: nothing", test.text)
			continue
		}
		if !strings.HasPrefix(h.Signature, test.signature) || !strings.HasPrefix(h.Doc, test.doc) {
			t.Errorf("%q: %q %q", test.text, h.Signature, h.Doc)
		}
	}
	s, at := parse(t, "x := 1\n¦")
	if h := Hover(s, at); h != nil {
		t.Errorf("nothing is hovered, yet %+v", h)
	}
}

func TestSignature(t *testing.T) {
	for _, test := range []struct{ text, label, active string }{
		{"import \"strings\"\nstrings.Replace(¦", "Replace(s string, old string, new string, n int) string", "s string"},
		{"import \"strings\"\nstrings.Replace(\"a\", ¦)", "Replace(s string, old string, new string, n int) string", "old string"},
		{"import \"fmt\"\nfmt.Println(1, 2, ¦", "Println(a ...any) (n int, err error)", "a ...any"},
		{"func f(a, b int) (int, error) { return a, nil }\n---\nf(1,¦", "f(a int, b int) (int, error)", "b int"},
		{"func f(x int) {}\nfunc g(s string) int { return 0 }\nf(g(¦))", "g(s string) int", "s string"},
		{"f := func(x int) {}\nf(¦)", "f(x int)", "x int"},
		{"func f() {}\nf(¦)", "f()", ""},
	} {
		s, at := parse(t, test.text)
		got := Signature(s, at)
		if got == nil || got.Label != test.label {
			t.Errorf("%q: %+v", test.text, got)
			continue
		}
		active := ""
		if got.Active != nil {
			active = got.Label[got.Active[0]:got.Active[1]]
		}
		if active != test.active {
			t.Errorf("%q: active %q", test.text, active)
		}
	}
	s, at := parse(t, "x := ¦1")
	if got := Signature(s, at); got != nil {
		t.Errorf("no call, yet %+v", got)
	}
}

func rangesText(list []source.Range) string {
	var out []string
	for _, r := range list {
		out = append(out, fmt.Sprintf("%s:%d:%d-%d", r.Start.Cell, r.Start.Line, r.Start.Column, r.End.Column))
	}
	return strings.Join(out, " ")
}

func TestReferences(t *testing.T) {
	for _, test := range []struct{ text, definition, references string }{
		{"x := 1\n---\ny := ¦x + x", "1:1:1-2", "1:1:1-2 2:1:6-7 2:1:10-11"},
		{"x := 1\n---\nx++\nx\n---\n¦x", "1:1:1-2", "1:1:1-2 2:1:1-2 2:2:1-2 3:1:1-2"},
		{"x := 1\n---\nx := 2\n---\n¦x", "2:1:1-2", "2:1:1-2 3:1:1-2"},
		{"type T struct{ F int }\nfunc (t T) M() {}\n---\nT{F: 1}.¦M()", "1:2:12-13", "1:2:12-13 2:1:9-10"},
		{"type T struct{ F int }\n---\nT{¦F: 1}.F", "1:1:16-17", "1:1:16-17 2:1:3-4 2:1:9-10"},
		{"func f(a int) int { return ¦a }", "1:1:8-9", "1:1:8-9 1:1:28-29"},
		{"import \"fmt\"\nfmt.¦Print()\nfmt.Print()", "", "1:2:5-10 1:3:5-10"},
		{"n := 1\n---\nMD {{ ¦n }}\n---\nSQL select $n", "1:1:1-2", "1:1:1-2 2:1:4-5 3:1:9-10"},
	} {
		s, at := parse(t, test.text)
		def := ""
		if r := Definition(s, at); r != nil {
			def = rangesText([]source.Range{*r})
		}
		if refs := rangesText(References(s, at)); def != test.definition || refs != test.references {
			t.Errorf("%q:\ndefinition %s\nreferences %s", test.text, def, refs)
		}
	}
}

func TestRename(t *testing.T) {
	for _, test := range []struct{ text, to, want string }{
		{"x := 1\n---\nx++\ny := ¦x", "z", "z := 1\n---\nz++\ny := z"},
		{"type T struct{ F int }\n---\nt := T{¦F: 1}\nt.F++", "G", "type T struct{ G int }\n---\nt := T{G: 1}\nt.G++"},
		{"func f(a int) int { return ¦a }", "b", "func f(b int) int { return b }"},
		{"n := 1\n---\nMD {{ ¦n }} n", "m", "m := 1\n---\nMD {{ m }} n"},
		{"x := 1\ny := 2\n---\n¦x + y", "y", "!"},
		{"x := 1\n---\nfunc f(y int) int { return y + ¦x }", "y", "!"},
		{"x := ¦1", "y", "!there is no name here"},
		{"¦x := 1", "a b", "!\"a b\" is not a Go name"},
		{"import \"fmt\"\nfmt.¦Print()", "P", "!Print is not defined in the notebook"},
	} {
		s, at := parse(t, test.text)
		edits, err := Rename(s, at, test.to)
		if want, ok := strings.CutPrefix(test.want, "!"); ok {
			if err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("%q: %v, want %s", test.text, err, want)
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", test.text, err)
			continue
		}
		var got []string
		for _, v := range s.Views() {
			prefix := ""
			if v.Cell.Kind == notebook.Markdown {
				prefix = "MD "
			}
			got = append(got, prefix+Apply(v.Cell.Source, v.Cell.ID, edits))
		}
		if g := strings.Join(got, "\n---\n"); g != test.want {
			t.Errorf("%q:\n%s", test.text, g)
		}
	}
}

func TestFormat(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"x:=1", "x := 1"},
		{"", ""},
		{"// only a comment", "// only a comment"},
		{"import \"fmt\"\nx:=1\nfunc  f( ) { return }\n\n\n// about y\ny:=2 // two\nif x>1{\nfmt.Println(y)}\n// end",
			"import \"fmt\"\nx := 1\nfunc f() { return }\n\n// about y\ny := 2 // two\nif x > 1 {\n\tfmt.Println(y)\n}\n// end"},
		{"package main\n\nimport \"fmt\"\nfunc main(){fmt.Println()}", "package main\n\nimport \"fmt\"\nfunc main() { fmt.Println() }"},
		{"type T struct{\na int // one\nbcd string\n}", "type T struct {\n\ta   int // one\n\tbcd string\n}"},
		{"x := `a\n  b`", "x := `a\n  b`"},
	} {
		s, _ := parse(t, test.text)
		got, err := Format(s, "1")
		if err != nil || got != test.want {
			t.Errorf("%q: %v\n%s", test.text, err, got)
		}
		s, _ = parse(t, got)
		if again, err := Format(s, "1"); err != nil || again != got {
			t.Errorf("%q: formatting again changes it (%v):\n%s", test.text, err, again)
		}
	}
	s, _ := parse(t, "x := (")
	if _, err := Format(s, "1"); err == nil {
		t.Error("a broken cell is formatted")
	}
}

func TestServe(t *testing.T) {
	s, _ := parse(t, "x := 1\nx")
	for method, params := range map[string]string{
		"complete": `{"cell":"1","line":2,"column":2}`, "hover": `{"cell":"1","line":1,"column":1}`,
		"signature": `{"cell":"none","line":1,"column":1}`, "definition": `{"cell":"1"}`,
		"references": `{"cell":"1","line":99,"column":99}`, "rename": `{"cell":"1","line":1,"column":1,"name":"y"}`, "format": `{"cell":"1"}`,
	} {
		if _, err := Serve(t.Context(), s, method, []byte(params)); err != nil {
			t.Errorf("%s: %v", method, err)
		}
	}
	if _, err := Serve(t.Context(), s, "nothing", []byte("{}")); err == nil {
		t.Error("an unknown service is served")
	}
}

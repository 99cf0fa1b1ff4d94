package file

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"stnb.dev/notebook"
)

// seeds adds the notebooks of testdata with the ending to a fuzz corpus.
func seeds(f *testing.F, ending string) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		if in := txtar.Parse(data).Files[0]; strings.HasSuffix(in.Name, ending) {
			f.Add(in.Data)
		}
	}
}

func FuzzMarkdown(f *testing.F) {
	seeds(f, ".md")
	for _, s := range []string{"```go", "```go\r\nx", "---\n---\n", "<!-- #region -->\n<!-- #endregion -->", "    x\n\n\n    y\n\n\nz", "~~~\n```go\n```\n~~~"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) { fuzzRead(t, "n.md", data) })
}

func FuzzIPYNB(f *testing.F) {
	seeds(f, ".ipynb")
	f.Fuzz(func(t *testing.T, data []byte) { fuzzRead(t, "n.ipynb", data) })
}

// fuzzRead: what reads is written back the same, survives an edit of each cell,
// and converts without loss.
func fuzzRead(t *testing.T, name string, data []byte) {
	nb, err := Read(name, data)
	if err != nil {
		return
	}
	out, err := Write(name, nb)
	if err != nil || !bytes.Equal(out, data) {
		t.Fatalf("%q came back as %q, %v", data, out, err)
	}
	for _, c := range nb.Cells {
		edited, err := nb.SetSource(c.ID, c.Source+"!")
		if err != nil {
			t.Fatal(err)
		}
		if out, err = Write(name, edited); err != nil {
			t.Fatalf("%q, edited: %v", data, err)
		}
		again, err := Read(name, out)
		if err != nil || !sameNotebook(edited, again, false) {
			t.Fatalf("%q, edited, is written as %q, %v", data, out, err)
		}
	}
	moved := *nb
	moved.Cells = nil
	for _, c := range nb.Cells {
		moved.Cells = append([]notebook.Cell{c}, moved.Cells...)
	}
	if out, err = Write(name, &moved); err != nil {
		t.Fatalf("%q, reversed: %v", data, err)
	}
	if again, err := Read(name, out); err != nil || !sameNotebook(&moved, again, false) {
		t.Fatalf("%q, reversed, is written as %q, %v", data, out, err)
	}
}

// FuzzCells writes any texts as any kinds, in both formats and across them.
func FuzzCells(f *testing.F) {
	f.Add("title", "x := 1", "# A\n\n\nB", "select 1", uint16(0o123))
	f.Add("", "```\n````\n", "---\ntitle: x\n---", "%%sql name=x\ny", uint16(0o012))
	f.Add("a: b", "", "<!-- #region -->", "<!-- #endregion -->\n```go\n", uint16(0o222))
	f.Add("#", "\n\n", "x\r\ny\r", "\u2028-->`", uint16(0o333))
	f.Fuzz(func(t *testing.T, title, a, b, c string, kinds uint16) {
		all := []notebook.Kind{notebook.Go, notebook.SQL, notebook.Markdown, notebook.Raw}
		nb := &notebook.Notebook{Title: title, Reactive: kinds&0o1000 != 0}
		for i, text := range []string{a, b, c} {
			cell := notebook.Cell{ID: notebook.CellID(rune('a' + i)), Kind: all[kinds>>(3*i)&3], Source: text}
			if kinds>>(3*i)&4 != 0 {
				cell.Name, cell.HideCode, cell.Disabled = title, true, i == 1
			}
			if cell.Kind == notebook.SQL && i == 2 {
				cell.Connection = title
			}
			nb.Cells = append(nb.Cells, cell)
		}
		if validate(nb) != nil || strings.ContainsAny(title, "\x00\r\n") || invalidUTF8([]byte(title)) >= 0 || strings.ContainsFunc(title, isControl) {
			return
		}
		for _, name := range []string{"n.md", "n.ipynb"} {
			out, err := Write(name, nb)
			if err != nil {
				t.Fatalf("%s of %#v: %v", name, nb, err)
			}
			other := "n.ipynb"
			if name == other {
				other = "n.md"
			}
			mid, side, err := Convert(name, out, nil, other)
			if err != nil {
				t.Fatalf("%s to %s: %v\n%s", name, other, err, out)
			}
			back, _, err := Convert(other, mid, side, name)
			if err != nil {
				t.Fatalf("%s back from %s: %v\n%s", name, other, err, mid)
			}
			got, err := Read(name, back)
			if err != nil {
				t.Fatal(err)
			}
			withoutDefaults(got, nb)
			if !sameNotebook(nb, got, name == "n.ipynb") {
				t.Fatalf("%s there and back is\n%s\nwant\n%s\nbetween\n%s", name, dump(got), dump(nb), mid)
			}
		}
	})
}

func isControl(r rune) bool {
	return r < ' ' || r == 0x7f || r >= 0xfff0 && r <= 0xffff || r == '\ufeff'
}

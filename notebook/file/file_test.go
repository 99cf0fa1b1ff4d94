package file

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"stnb.dev/notebook"
)

var update = flag.Bool("update", false, "write the golden parts of testdata again")

// dump writes a notebook so that a person can compare it: a header a cell.
func dump(nb *notebook.Notebook) string {
	var b strings.Builder
	if nb.Title != "" {
		fmt.Fprintf(&b, "title %q\n", nb.Title)
	}
	if nb.Reactive {
		b.WriteString("reactive\n")
	}
	if nb.Engine != "" {
		fmt.Fprintf(&b, "engine %s\n", nb.Engine)
	}
	for _, key := range slices.Sorted(maps.Keys(nb.Meta)) {
		fmt.Fprintf(&b, "meta %s=%s\n", key, compact(nb.Meta[key]))
	}
	for _, c := range nb.Cells {
		fmt.Fprintf(&b, "[%s", c.Kind)
		if c.Name != "" {
			fmt.Fprintf(&b, " name=%q", c.Name)
		}
		if c.Connection != "" {
			fmt.Fprintf(&b, " connection=%q", c.Connection)
		}
		if c.HideCode {
			b.WriteString(" hidden")
		}
		if c.Disabled {
			b.WriteString(" disabled")
		}
		for _, key := range slices.Sorted(maps.Keys(c.Meta)) {
			fmt.Fprintf(&b, " %s=%s", key, compact(c.Meta[key]))
		}
		b.WriteString("]\n")
		for l := range strings.SplitSeq(c.Source, "\n") {
			b.WriteString(strings.TrimRight("  "+l, " ") + "\n")
		}
	}
	return b.String()
}

// read fails the test on an error.
func read(t *testing.T, name string, data string) *notebook.Notebook {
	t.Helper()
	nb, err := Read(name, []byte(data))
	if err != nil {
		t.Fatal(err)
	}
	return nb
}

// TestFiles runs testdata/*.txtar. Each holds a notebook (in.md or in.ipynb), the
// cells it makes, and, if it has an edit, what is written after it. An edit is a
// line "verb args": title X, reactive, engine X, source N TEXT, delete N, move N
// AFTER, add AFTER KIND TEXT, name N X, hide N, kind N KIND (cells count from 1;
// \n in TEXT is a line end). Every notebook must come back byte for byte unless
// edited, and convert there and back.
func TestFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			in := ar.Files[0]
			nb := read(t, in.Name, string(in.Data))
			got := map[string]string{"cells": dump(nb)}

			same, err := Write(in.Name, nb)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(same, in.Data) {
				t.Errorf("unchanged, it is written as\n%s", same)
			}
			checkConversion(t, in.Name, nb, in.Data)

			for _, f := range ar.Files {
				if f.Name == "edit" {
					edited := apply(t, nb, string(f.Data))
					out, err := Write(in.Name, edited)
					if err != nil {
						t.Fatal(err)
					}
					again := read(t, in.Name, string(out))
					if dump(again) != dump(edited) {
						t.Errorf("after the edit, it reads as\n%s\nwant\n%s", dump(again), dump(edited))
					}
					got["out"] = string(out)
					if strings.HasSuffix(in.Name, ".ipynb") {
						checkSchema(t, out)
					}
				}
			}
			changed := false
			for i, f := range ar.Files {
				want, has := got[f.Name]
				if !has || want == string(f.Data) {
					continue
				}
				if *update {
					ar.Files[i].Data, changed = []byte(want), true
				} else {
					t.Errorf("%s: got\n%s\nwant\n%s", f.Name, want, f.Data)
				}
			}
			if changed {
				if err := os.WriteFile(file, txtar.Format(ar), 0o666); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// apply carries out an edit script.
func apply(t *testing.T, nb *notebook.Notebook, script string) *notebook.Notebook {
	t.Helper()
	for line := range strings.SplitSeq(strings.TrimSpace(script), "\n") {
		verb, rest, _ := strings.Cut(line, " ")
		arg, text, _ := strings.Cut(rest, " ")
		cell := func(s string) notebook.CellID {
			var n int
			fmt.Sscan(s, &n)
			if n == 0 {
				return ""
			}
			return nb.Cells[n-1].ID
		}
		unquote := func(s string) string { return strings.ReplaceAll(s, `\n`, "\n") }
		set := *nb
		var err error
		switch verb {
		case "title":
			set.Title = rest
			nb = &set
		case "reactive":
			set.Reactive = !set.Reactive
			nb = &set
		case "engine":
			set.Engine = rest
			nb = &set
		case "source":
			nb, err = nb.SetSource(cell(arg), unquote(text))
		case "delete":
			nb, err = nb.Delete(cell(arg))
		case "move":
			nb, err = nb.Move([]notebook.CellID{cell(arg)}, cell(text))
		case "add":
			kind, source, _ := strings.Cut(text, " ")
			id := notebook.CellID(fmt.Sprintf("added-%d", len(nb.Cells)))
			nb, err = nb.Insert(cell(arg), notebook.Cell{ID: id, Kind: notebook.Kind(kind), Source: unquote(source)})
		case "name":
			nb, err = nb.Change(cell(arg), func(c *notebook.Cell) { c.Name = text })
		case "hide":
			nb, err = nb.Change(cell(arg), func(c *notebook.Cell) { c.HideCode = !c.HideCode })
		case "kind":
			nb, err = nb.Change(cell(arg), func(c *notebook.Cell) { c.Kind = notebook.Kind(text) })
		default:
			t.Fatalf("no verb %q", verb)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return nb
}

// checkConversion takes a file to the other format and back.
func checkConversion(t *testing.T, name string, nb *notebook.Notebook, data []byte) {
	t.Helper()
	there, back := "n.ipynb", "n.md"
	if strings.HasSuffix(name, ".ipynb") {
		there, back = back, there
	}
	mid, side, err := Convert(name, data, nil, there)
	if err != nil {
		t.Fatalf("to %s: %v", there, err)
	}
	out, side2, err := Convert(there, mid, side, back)
	if err != nil {
		t.Fatalf("back from %s: %v\n%s", there, err, mid)
	}
	again := read(t, back, string(out))
	if strings.HasSuffix(back, ".ipynb") {
		checkSchema(t, out)
		withoutDefaults(again, nb)
		mustSameJSON(t, outputsOf(nb), outputsOf(again))
	} else {
		checkSchema(t, mid)
		if side2 != nil {
			t.Error("a side file came of a notebook without outputs")
		}
	}
	if !sameNotebook(nb, again, true) {
		t.Errorf("there and back it is\n%s\nwant\n%s\nbetween:\n%s", dump(again), dump(nb), mid)
	}
}

// outputsOf is what takeSide takes, as a test sees it.
func outputsOf(nb *notebook.Notebook) string { return string(takeSide(nb)) }

func mustSameJSON(t *testing.T, a, b string) {
	t.Helper()
	var x, y any
	_, _ = json.Unmarshal([]byte(a), &x), json.Unmarshal([]byte(b), &y)
	if fmt.Sprint(x) != fmt.Sprint(y) {
		t.Errorf("outputs were\n%s\nand are\n%s", a, b)
	}
}

func TestLineEnds(t *testing.T) {
	lf := "---\ntitle: T\n---\n\n# A\n\n\nB\n\n```go\nx := 1\ny := 2\n```\n"
	crlf := strings.ReplaceAll(lf, "\n", "\r\n")
	for name, text := range map[string]string{
		"LF": lf, "CRLF": crlf,
		"no final newline":       strings.TrimSuffix(lf, "\n"),
		"CRLF, no final newline": strings.TrimSuffix(crlf, "\r\n"),
		"blank tail":             lf + "\n  \n\n",
		"byte order mark":        bom + lf,
		"mixed":                  strings.Replace(lf, "\n", "\r\n", 3),
		"empty":                  "",
		"byte order mark alone":  bom,
		"blank":                  "\n\n",
		"spaces":                 " \n\t\n",
		"one fence, cut off":     "```go\nx := 1",
		"mark, no front matter":  bom + "# A\n",
	} {
		t.Run(name, func(t *testing.T) {
			nb := read(t, "n.md", text)
			out, err := Write("n.md", nb)
			if err != nil || string(out) != text {
				t.Fatalf("%q came back as %q, %v", text, out, err)
			}
			if len(nb.Cells) == 0 {
				return
			}
			last := nb.Cells[len(nb.Cells)-1]
			edited, _ := nb.SetSource(last.ID, "p\nq")
			out, err = Write("n.md", edited)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(text, "\r\n") && !strings.Contains(string(out), "p\r\nq") {
				t.Errorf("a CRLF file got other line ends: %q", out)
			}
			if got := read(t, "n.md", string(out)); dump(got) != dump(edited) {
				t.Errorf("%q reads as\n%s", out, dump(got))
			}
		})
	}
}

func TestIDs(t *testing.T) {
	text := "# A\n\n\nB\n\n```go\nx\n```\n\n```go\nx\n```\n"
	a, b := read(t, "n.md", text), read(t, "n.md", "new\n\n\n"+text)
	for i, c := range a.Cells {
		if b.Cells[i+1].ID != c.ID {
			t.Errorf("cell %d became %s, was %s", i, b.Cells[i+1].ID, c.ID)
		}
		if !c.ID.Valid() {
			t.Errorf("bad id %q", c.ID)
		}
	}
	if a.Cells[2].ID == a.Cells[3].ID {
		t.Error("two equal cells have one id")
	}
}

func TestErrors(t *testing.T) {
	deep := strings.Repeat("[", 100_000)
	for _, test := range []struct{ name, data, want string }{
		{"n.txt", "x", "n.txt: is not a notebook: its name ends neither in .md nor in .ipynb"},
		{"n.md", "a\nb\xff\n", "n.md:2: is not UTF-8 text"},
		{"n.md", "a\n\x00\n", "n.md:2: is not a notebook: it has binary data"},
		{"n.md", strings.Repeat("a\n\n\n", MaxCells+1), "n.md: has more than the 20000 cells a notebook may have"},
		{"n.ipynb", `{"nbformat": 4, "cells": [` + strings.Repeat("0,", MaxCells) + "0]}", "n.ipynb: has more than the 20000 cells a notebook may have"},
		{"n.ipynb", "", "n.ipynb: is empty: not a notebook"},
		{"n.ipynb", "{\n \"cells\": [\n", "n.ipynb:3: is cut off: its JSON ends too early"},
		{"n.ipynb", "<html>", "n.ipynb:1: is not JSON: invalid character '<' looking for beginning of value"},
		{"n.ipynb", "[]", "n.ipynb: is not a notebook: its JSON is no object"},
		{"n.ipynb", `{"a": 1}`, "n.ipynb: is JSON but not a notebook: it has no nbformat"},
		{"n.ipynb", `{"nbformat": 4}`, "n.ipynb: is not a notebook: it has no cells"},
		{"n.ipynb", `{"nbformat": 5, "cells": []}`, "n.ipynb: is of nbformat 5, newer than the 4.5 that is read"},
		{"n.ipynb", `{"nbformat": 2}`, "n.ipynb: is of nbformat 2, from before 2013; open and save it once in Jupyter"},
		{"n.ipynb", `{"nbformat": 4, "cells": [{"cell_type": "code"}]}`, "n.ipynb: cell 1: has no source"},
		{"n.ipynb", `{"nbformat": 4, "cells": [{"cell_type": "poem", "source": ""}]}`, `n.ipynb: cell 1: has the unknown type "poem"`},
		{"n.ipynb", `{"nbformat": 4, "cells": [{"cell_type": "raw", "source": [1]}]}`, "n.ipynb: cell 1: source: is neither a string nor an array of strings"},
		{"n.ipynb", `{"nbformat": 4, "cells": [], "cells": []}`, `n.ipynb: has the key "cells" twice in one object`},
		{"n.ipynb", `{"nbformat": 4, "cells": []} x`, "n.ipynb:1: has text after the notebook's end"},
		{"n.ipynb", `{"nbformat": 4, "cells": [], "metadata": ` + deep, "n.ipynb:1: is not JSON: invalid character '[' exceeded max depth"},
		{"n.ipynb", `{"nbformat": 4, "x": NaN}`, "n.ipynb:1: is not JSON: invalid character 'N' looking for beginning of value"},
	} {
		_, err := Read(test.name, []byte(test.data))
		var e *Error
		if !errors.As(err, &e) || err.Error() != test.want {
			t.Errorf("%.40q:\n got %v\nwant %s", test.data, err, test.want)
		}
	}
	if _, err := Read("n.md", make([]byte, MaxBytes+1)); err == nil || !strings.Contains(err.Error(), "more than the 50 MB") {
		t.Errorf("a file over the limit: %v", err)
	}
	if _, err := Write("n.md", &notebook.Notebook{Cells: []notebook.Cell{{ID: "a", Kind: "go"}, {ID: "a", Kind: "go"}}}); err == nil {
		t.Error("one id twice was written")
	}
}

func TestBadFrontMatterIsKept(t *testing.T) {
	text := "---\ntitle: [unclosed\n---\n\nA\n"
	nb := read(t, "n.md", text)
	nb2, _ := nb.SetSource(nb.Cells[0].ID, "B")
	out, err := Write("n.md", nb2)
	if err != nil || string(out) != "---\ntitle: [unclosed\n---\n\nB\n" {
		t.Errorf("%q, %v", out, err)
	}
	set := *nb
	set.Title = "x"
	if _, err := Write("n.md", &set); err == nil || !strings.Contains(err.Error(), "front matter") {
		t.Errorf("a title went into YAML that does not parse: %v", err)
	}
}

// BenchmarkSaveWithOutputs saves a notebook of which one cell's text changed, with
// 10 MB of outputs in the others: what every autosave costs.
func BenchmarkSaveWithOutputs(b *testing.B) {
	image := strings.Repeat("QUJD", 1<<16)
	var cells []string
	for i := range 40 {
		cells = append(cells, fmt.Sprintf(`{"cell_type":"code","id":"c%d","metadata":{},"execution_count":1,"source":[],"outputs":[{"output_type":"display_data","metadata":{},"data":{"image/png":%q}}]}`, i, image))
	}
	nb, err := Read("a.ipynb", []byte(`{"cells":[`+strings.Join(cells, ",")+`],"metadata":{},"nbformat":4,"nbformat_minor":5}`))
	if err != nil {
		b.Fatal(err)
	}
	ran := map[notebook.CellID]Outputs{}
	for _, c := range nb.Cells {
		ran[c.ID] = OutputsOf(c)
	}
	edited := *nb
	edited.Cells = slices.Clone(nb.Cells)
	edited.Cells[0].Source = "x"
	for b.Loop() {
		if _, err := WriteOutputs("a.ipynb", &edited, ran); err != nil {
			b.Fatal(err)
		}
	}
}

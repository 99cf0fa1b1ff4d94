package build_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"stnb.dev/notebook"
	"stnb.dev/notebook/source"
)

var update = flag.Bool("update", false, "rewrite the golden parts of testdata")

// TestGolden reads testdata/golden. A file holds cells, each named by its id and
// kind ("a.go", "b.sql result", "c.md"), and what becomes of them: their
// problems, the graph's edges and the lowered text.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/golden/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			cells, rest := cellsOf(ar)
			got := report(t, cells)
			if *update {
				ar.Files = append(ar.Files[:len(ar.Files)-len(rest)], got...)
				if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want := &txtar.Archive{Files: rest}
			have := &txtar.Archive{Files: got}
			if w, h := string(txtar.Format(want)), string(txtar.Format(have)); w != h {
				t.Errorf("run with -update to accept\ngot:\n%s\nwant:\n%s", h, w)
			}
		})
	}
}

var kinds = map[string]notebook.Kind{".go": notebook.Go, ".sql": notebook.SQL, ".md": notebook.Markdown}

// cellsOf splits an archive into its cells and the rest.
func cellsOf(ar *txtar.Archive) (*notebook.Notebook, []txtar.File) {
	nb := &notebook.Notebook{}
	for i, f := range ar.Files {
		name, bind, _ := strings.Cut(f.Name, " ")
		kind, ok := kinds[filepath.Ext(name)]
		if !ok {
			return nb, ar.Files[i:]
		}
		nb.Cells = append(nb.Cells, notebook.Cell{
			ID: notebook.CellID(strings.TrimSuffix(name, filepath.Ext(name))), Kind: kind,
			Name: bind, Source: strings.TrimSuffix(string(f.Data), "\n"),
		})
	}
	return nb, nil
}

func report(t *testing.T, nb *notebook.Notebook) []txtar.File {
	s := newSnapshot(nb)
	mustBeGo(t, s.Units())
	var problems, edges strings.Builder
	for _, c := range nb.Cells {
		for _, d := range s.Diagnostics(c.ID) {
			severity := ""
			if d.Severity != source.Error {
				severity = string(d.Severity) + " "
			}
			fmt.Fprintf(&problems, "%s %s%s: %s\n", rangeText(d.Range), severity, d.Code, d.Message)
			for _, n := range d.Notes {
				fmt.Fprintf(&problems, "\t%s: %s\n", rangeText(n.Range), n.Message)
			}
		}
		for _, need := range s.Needs(c.ID) {
			verb := "needs"
			if slices.Contains(s.Mutates(c.ID), need) {
				verb = "mutates"
			}
			fmt.Fprintf(&edges, "%s %s %s: %s\n", c.ID, verb, need, strings.Join(s.Why(c.ID, need), " "))
		}
	}
	var files []txtar.File
	if problems.Len() > 0 {
		files = append(files, txtar.File{Name: "problems", Data: []byte(problems.String())})
	}
	if edges.Len() > 0 {
		files = append(files, txtar.File{Name: "graph", Data: []byte(edges.String())})
	}
	for _, u := range s.Units() {
		files = append(files, txtar.File{Name: "lowered " + string(u.Cell), Data: []byte(u.Source)})
	}
	return files
}

func rangeText(r source.Range) string {
	if r == (source.Range{}) {
		return "-"
	}
	return fmt.Sprintf("%s:%d:%d-%d:%d", r.Start.Cell, r.Start.Line, r.Start.Column, r.End.Line, r.End.Column)
}

package build_test

import (
	"go/parser"
	"go/token"
	"strings"
	"testing"
	"unicode/utf8"

	"go/ast"
	"go/types"

	"stnb.dev/notebook"
)

// FuzzBuild: no text of two cells panics, and what is accepted lowers to legal Go.
func FuzzBuild(f *testing.F) {
	for _, s := range snippets {
		f.Add("x := 1\nimport \"fmt\"", s)
		f.Add(s, "x\ny := x\nT{A: x}.M()")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if strings.Contains(a+b, "unsafe") {
			return
		}
		nb := &notebook.Notebook{Cells: []notebook.Cell{
			{ID: "a", Kind: notebook.Go, Source: a}, {ID: "b", Kind: notebook.Go, Source: b},
			{ID: "c", Kind: notebook.SQL, Source: b, Name: "res"}, {ID: "d", Kind: notebook.Markdown, Source: a},
		}}
		s := newSnapshot(nb)
		if !utf8.ValidString(a + b) {
			return
		}
		fset := token.NewFileSet()
		var files []*ast.File
		for _, u := range s.Units() {
			f, err := parser.ParseFile(fset, string(u.Cell), u.Source, parser.SkipObjectResolution)
			if err != nil {
				t.Fatalf("%v\n%s", err, u.Source)
			}
			files = append(files, f)
		}
		conf := types.Config{Importer: testImporter(), GoVersion: "go1.26"}
		if _, err := conf.Check("main", fset, files, nil); err != nil {
			t.Errorf("%v", err)
			for _, u := range s.Units() {
				t.Logf("%s:\n%s", u.Cell, u.Source)
			}
		}
	})
}

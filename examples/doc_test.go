package examples

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"stnb.dev/appmode/apptest"
)

// docExamples are the bodies of package widgets' examples by name, and what each
// file declares beside them.
func docExamples(t *testing.T) (bodies map[string]string, helpers []string, used map[string]bool) {
	t.Helper()
	files, err := filepath.Glob("../widgets/example*_test.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no examples", err)
	}
	bodies, used = map[string]string{}, map[string]bool{}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, name, src, 0)
		if err != nil {
			t.Fatal(err)
		}
		text := func(from, to token.Pos) string {
			return string(src[fset.Position(from).Offset:fset.Position(to).Offset])
		}
		for _, d := range f.Decls {
			switch fn, ok := d.(*ast.FuncDecl); {
			case ok && strings.HasPrefix(fn.Name.Name, "Example"):
				bodies[fn.Name.Name] = text(fn.Body.Pos(), fn.Body.End())
			case ok:
				helpers = append(helpers, text(d.Pos(), d.End()))
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := sel.X.(*ast.Ident); ok && x.Name == "st" {
					used[sel.Sel.Name] = true
				}
			}
			return true
		})
	}
	return bodies, helpers, used
}

// notForApps are examples that do not run as cells, with the reason.
var notForApps = map[string]string{
	"ExampleException": "its purpose is to show an error",
	"ExampleSource":    "it is for engines",
}

// Every symbol of package widgets stands in an example.
func TestEverySymbolHasAnExample(t *testing.T) {
	_, _, used := docExamples(t)
	api, err := os.ReadFile("../widgets/testdata/api.txt")
	if err != nil {
		t.Fatal(err)
	}
	symbol := regexp.MustCompile(`(?m)^st: (?:func|type|var) ([A-Z]\w*)`)
	for _, m := range symbol.FindAllStringSubmatch(string(api), -1) {
		if !used[m[1]] {
			t.Errorf("st.%s stands in no example of widgets/example*_test.go: write one, and it will be run", m[1])
		}
	}
}

// Every example runs as cells of an app, on both engines, without an error: the
// first run, and a click on each button.
func TestDocExamples(t *testing.T) {
	bodies, helpers, _ := docExamples(t)
	imports := "errors fmt image strings time stnb.dev/dataframe"
	for _, engine := range []string{"auto", "ssa"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			var names []string
			for name := range bodies {
				names = append(names, name)
			}
			names = slices.DeleteFunc(names, func(name string) bool { return notForApps[name] != "" })
			slices.Sort(names)
			// An example that ends the run, or moves to another page, stands alone.
			var alone, together []string
			for _, name := range names {
				if regexp.MustCompile(`st\.(Rerun|Stop|Navigation|Dialog)\(`).MatchString(bodies[name]) {
					alone = append(alone, name)
				} else {
					together = append(together, name)
				}
			}
			groups := [][]string{together}
			for _, name := range alone {
				groups = append(groups, []string{name})
			}
			for _, group := range groups {
				dir := t.TempDir()
				put := func(name, text string) {
					t.Helper()
					file := filepath.Join(dir, filepath.FromSlash(name))
					if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				var b strings.Builder
				b.WriteString("```go\nimport (\n")
				for path := range strings.FieldsSeq(imports) {
					fmt.Fprintf(&b, "\t%q\n", path)
				}
				b.WriteString("\n\tst \"stnb.dev/widgets\"\n)\n\n" + strings.Join(helpers, "\n\n") + "\n```\n\n")
				for _, name := range group {
					fmt.Fprintf(&b, "```go\n// %s\n%s\n```\n\n", name, strings.ReplaceAll(bodies[name], "flights.csv", filepath.Join(dir, "flights.csv")))
				}
				put("app.md", b.String())
				put("flights.csv", "origin,delay\nZRH,5\nBSL,12\n")
				put(".stnb/secrets.toml", "[api]\nkey = \"k\"\n\n[connections.pets_db]\nurl = \"sqlite:///"+filepath.Join(dir, "pets.db")+"\"\n")
				at := apptest.Open(t, filepath.Join(dir, "app.md"), apptest.Engine(engine))
				for _, e := range at.Errors() {
					t.Errorf("%v: %+v", group, e)
				}
				var clicked int
				for _, e := range at.Elements("button") {
					label := e.Label
					if at.Button(label).Exists() && !at.Button(label).Disabled() {
						at.Button(label).Click()
						clicked++
					}
				}
				for _, e := range at.Errors() {
					t.Errorf("%v, after %d clicks: %+v", group, clicked, e)
				}
				if t.Failed() {
					t.Log(at.Log())
				}
			}
		})
	}
}

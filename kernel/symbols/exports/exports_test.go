package exports

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"sync"
	"testing"
)

func TestEveryPackageReads(t *testing.T) {
	s := Default()
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	imp := s.Importer(token.NewFileSet())
	for _, path := range s.Packages() {
		p, err := imp.Import(path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if !p.Complete() || p.Path() != path {
			t.Errorf("%s: got package %s, complete %v", path, p.Path(), p.Complete())
		}
		if strings.Contains(path, "internal") {
			t.Errorf("%s is offered to notebooks", path)
		}
	}
}

func TestCheckAgainstExports(t *testing.T) {
	const text = `package main
import ("fmt"; "slices"; "errors"; "iter"; "time"; "strings"; "net/http"; "unsafe")
type E struct{}
func (*E) Error() string { return "" }
func seq() iter.Seq[string] { return strings.Lines("a\nb") }
var _ http.Handler = http.HandlerFunc(nil)
var _ = unsafe.Sizeof(0)
func main() {
	xs := []int{2, 1}
	slices.SortFunc(xs, func(a, b int) int { return a - b })
	e, ok := errors.AsType[*E](nil)
	fmt.Println(xs, e, ok, time.Second.String())
	for l := range seq() { fmt.Println(l) }
}`
	imp := Importer(token.NewFileSet())
	// Many at once, as sessions do.
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, "x.go", text, 0)
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := (&types.Config{Importer: imp}).Check("main", fset, []*ast.File{f}, nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestSource(t *testing.T) {
	for path, want := range map[string]string{"slices": "sort.go", "maps": "iter.go", "sync/atomic": "type.go", "errors": "wrap.go"} {
		files, ok := Source(path)
		if !ok || files[want] == "" {
			t.Errorf("Source(%q) lacks %s", path, want)
		}
	}
	if _, ok := Source("net/http"); ok {
		t.Error("net/http has no generic funcs, yet its source is here")
	}
}

func TestDocs(t *testing.T) {
	docs := Default().Docs("strings")
	for name, want := range map[string]string{
		"":              "Package strings implements",
		"Contains":      "Contains reports whether",
		"Builder":       "A Builder is used",
		"Builder.Grow":  "Grow grows",
		"Reader.Length": "",
	} {
		if !strings.HasPrefix(docs[name], want) || want == "" && docs[name] != "" {
			t.Errorf("doc of %q is %q", name, docs[name])
		}
	}
}

func TestNotGenerated(t *testing.T) {
	s := &Set{err: ErrNotGenerated}
	if _, err := s.Importer(token.NewFileSet()).Import("fmt"); !errors.Is(err, ErrNotGenerated) {
		t.Errorf("importing without archives: %v", err)
	}
}

func TestUnknown(t *testing.T) {
	_, err := Importer(token.NewFileSet()).Import("example.com/nowhere")
	if err == nil || !strings.Contains(err.Error(), "example.com/nowhere") {
		t.Errorf("unknown package: %v", err)
	}
}

func BenchmarkColdImport(b *testing.B) {
	for b.Loop() {
		imp := Importer(token.NewFileSet())
		for _, p := range []string{"fmt", "net/http", "slices", "strings", "time"} {
			if _, err := imp.Import(p); err != nil {
				b.Fatal(err)
			}
		}
	}
}

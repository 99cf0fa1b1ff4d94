package ssa

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"golang.org/x/mod/modfile"
	"golang.org/x/tools/txtar"

	"stnb.dev/kernel/symbols"
	"stnb.dev/kernel/wire"
)

// moduleEngine is an engine for notebooks in a folder with the files of an archive.
func moduleEngine(t *testing.T, archive string) (e *Engine, dir string) {
	t.Helper()
	dir = t.TempDir()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	e = New(symbols.Table{})
	e.Open(dir)
	return e, dir
}

func runUnits(t *testing.T, e *Engine, us []wire.Unit) *session {
	t.Helper()
	p, problems := e.Compile(nil, us)
	for _, pr := range problems {
		t.Fatalf("%s:%d:%d: %s", pr.Unit, pr.Line, pr.Column, pr.Message)
	}
	return newSession(t, p)
}

const shapes = `
-- go.mod --
module nb
go 1.26
require example.com/shapes v1.0.0
-- vendor/modules.txt --
# example.com/shapes v1.0.0
## explicit; go 1.20
example.com/shapes
example.com/shapes/internal/scale
-- vendor/example.com/shapes/internal/scale/scale.go --
package scale
var factor = 10
func Of(x int) int { return x * factor }
func Set(n int) { factor = n }
-- vendor/example.com/shapes/shapes.go --
package shapes
import ("errors"; "fmt"; "sort"; "example.com/shapes/internal/scale")
var ErrNone = errors.New("none")
var table = map[string][]int{"a": {1, 2}, "b": {3}}
var started = begin()
func begin() string { return "began" }
func init() { started += ", with " + fmt.Sprint(len(table)) }
func Started() string { return started }
type Square struct { Side int; hidden int }
func (s Square) String() string { return fmt.Sprintf("square of %d", scale.Of(s.Side)) }
func (s *Square) grow() { s.Side++; s.hidden++ }
type grower interface { grow() }
func Grow(x any) bool { g, ok := x.(grower); if ok { g.grow() }; return ok }
func Scale(n int) { scale.Set(n) }
type Stack[T any] struct { items []T }
func (s *Stack[T]) Push(x T) { s.items = append(s.items, x) }
func (s *Stack[T]) Pop() (x T, err error) {
	if len(s.items) == 0 { return x, fmt.Errorf("empty: %w", ErrNone) }
	x = s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return x, nil
}
func Sorted(xs []int, less func(a, b int) bool) []int {
	sort.Slice(xs, func(i, j int) bool { return less(xs[i], xs[j]) })
	return xs
}
// In the language of the module's go line a loop has one variable.
func Last(xs []int) (fs []func() int) {
	for _, x := range xs { fs = append(fs, func() int { return x }) }
	return fs
}
func Fail(xs []int) int { return xs[3] }
-- vendor/example.com/shapes/fast_amd64.go --
package shapes
func Fast() int
-- vendor/example.com/shapes/fast_arm64.go --
package shapes
func Fast() int
-- vendor/example.com/shapes/fast_other.go --
//go:build !amd64 && !arm64
package shapes
func Fast() int { return 7 }
`

// A package of another module is a package: with its own names, variables, init
// funcs and language.
func TestModulePackage(t *testing.T) {
	t.Setenv("GOFLAGS", "")
	e, dir := moduleEngine(t, shapes)
	us := units(`import ("errors"; "fmt"; "example.com/shapes")
func Cell1() {
	fmt.Println(shapes.Started(), shapes.Fast())
	q := &shapes.Square{Side: 2}
	fmt.Println(q, *q, shapes.Grow(q), q.Side, shapes.Grow(*q), fmt.Sprintf("%T %+v", q, struct{ S shapes.Square }{*q}))
	var s shapes.Stack[string]
	s.Push("x")
	x, err := s.Pop()
	_, none := s.Pop()
	fmt.Println(x, err, none, errors.Is(none, shapes.ErrNone))
	fmt.Println(shapes.Sorted([]int{1, 3, 2}, func(a, b int) bool { return a > b }))
	for _, f := range shapes.Last([]int{1, 2, 3}) { fmt.Print(f(), " ") }
	fmt.Println()
	shapes.Scale(100)
	fmt.Println(q)
}`, "import \"example.com/shapes\"\nfunc Cell2() { shapes.Fail(nil) }", "import \"example.com/shapes/missing\"\nvar _ = missing.X\nfunc Cell3() {}")
	s := runUnits(t, e, us[:2])
	want := "began, with 2 7\nsquare of 30 square of 20 true 3 false *shapes.Square {S:square of 30}\n" +
		"x <nil> empty: none true\n[3 2 1]\n\nsquare of 300\n"
	quiet := captured(t, func() {
		if got := call(t, s, us[0].ID); got != want {
			t.Errorf("got %s\nwant %s", got, want)
		}
	})
	if quiet != "3 3 3 " {
		t.Errorf("printed %q", quiet)
	}
	// Another session has its own variables.
	other := newSession(t, s.program)
	captured(t, func() {
		if got := call(t, other, us[0].ID); got != want {
			t.Errorf("another session: got %s", got)
		}
	})
	// A fault inside shows where the user's code called.
	err := s.Call(t.Context(), us[1].ID)
	if err == nil || err.Error() != "runtime error: index out of range [3] with length 0" {
		t.Errorf("got %v", err)
	}
	_, problems := e.Compile(nil, us)
	if len(problems) != 1 || problems[0].Unit != us[2].ID || problems[0].Line != 3 || problems[0].Column != 9 ||
		!strings.Contains(problems[0].Message, "package example.com/shapes/missing is not in the vendor folder") {
		t.Errorf("got %v", problems)
	}
	// What go.mod says anew holds at once.
	text := strings.Replace(shapes, "return 7", "return 8", 1)
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module nb\ngo 1.26\n\nrequire example.com/shapes v1.0.0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, f := range txtar.Parse([]byte(text)).Files {
		if strings.HasSuffix(f.Name, "other.go") {
			if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(f.Name)), f.Data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	next, problems := e.Compile(s.program, us[:1])
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if err := s.Update(next); err != nil {
		t.Fatal(err)
	}
	captured(t, func() {
		if got := call(t, s, us[0].ID); !strings.HasPrefix(got, "began, with 2 8\n") {
			t.Errorf("got %s", got)
		}
	})
}

// captured is what f writes to standard output.
func captured(t *testing.T, f func()) string {
	t.Helper()
	file, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	old := os.Stdout
	os.Stdout = file
	f()
	os.Stdout = old
	text, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const markdown = "# Hi\n\nA *b* `c` &amp; &Aacute;\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n- [x] done\n- <b>raw</b>\n\n```go\nfunc f()\n```\n"

// A module as people have it: the one of this program's own Markdown, from the
// module cache, against what its compiled form says.
func TestModuleCache(t *testing.T) {
	text, err := os.ReadFile("../../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	mod, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		t.Fatal(err)
	}
	const path = "github.com/yuin/goldmark"
	version := ""
	for _, r := range mod.Require {
		if r.Mod.Path == path {
			version = r.Mod.Version
		}
	}
	e, _ := moduleEngine(t, "-- go.mod --\nmodule nb\n\ngo 1.26\n\nrequire "+path+" "+version+"\n")
	us := units(`import ("bytes"; "fmt"; "github.com/yuin/goldmark"; "github.com/yuin/goldmark/extension")
var text string
func Cell1() {
	var b bytes.Buffer
	err := goldmark.New(goldmark.WithExtensions(extension.GFM)).Convert([]byte(text), &b)
	fmt.Println(err, b.String())
}`)
	s := runUnits(t, e, us)
	v, _ := s.Lookup("text")
	v.V.SetString(markdown)
	var want bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.GFM)).Convert([]byte(markdown), &want); err != nil {
		t.Fatal(err)
	}
	if got := call(t, s, us[0].ID); got != "<nil> "+want.String()+"\n" {
		t.Errorf("got %s\nwant %s", got, want.String())
	}
}

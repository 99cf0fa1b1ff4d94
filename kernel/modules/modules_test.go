package modules

import (
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"stnb.dev/kernel/symbols/exports"
)

// unpack writes an archive's files into a folder of the test's.
func unpack(t *testing.T, archive string) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func importer(dir string) *Importer {
	fset := token.NewFileSet()
	return Open(dir).Importer(fset, exports.Importer(fset), nil)
}

// sandbox has a notebook's folder "nb" and a module cache "cache".
func sandbox(t *testing.T) string {
	dir := unpack(t, `
-- nb/go.mod --
module nb
go 1.26
require (
	example.com/shapes v1.2.0
	example.com/shapes/round v0.1.0
	example.com/Upper v1.0.0
	example.com/gone v1.0.0
	example.com/here v1.0.0
	example.com/swapped v1.0.0
	example.com/c v1.0.0
)
replace example.com/here => ./here
replace example.com/swapped v1.0.0 => example.com/shapes v1.2.0
-- nb/here/go.mod --
module example.com/here
-- nb/here/here.go --
package here
// The language of a module without a go line has no generics.
func Where() string { return "here" }
-- cache/example.com/shapes@v1.2.0/go.mod --
module example.com/shapes
go 1.21
-- cache/example.com/shapes@v1.2.0/shape.go --
package shapes
import ("fmt"; "example.com/shapes/internal/unit"; "example.com/shapes/round")
type Shape interface { fmt.Stringer; Area() unit.Area }
func New() Shape { return round.Circle{R: 1} }
func Fast() int
-- cache/example.com/shapes@v1.2.0/internal/unit/unit.go --
package unit
type Area float64
-- cache/example.com/shapes@v1.2.0/quick/add_amd64.go --
package quick
func Add(a, b int) int
-- cache/example.com/shapes@v1.2.0/quick/add_arm64.go --
package quick
func Add(a, b int) int
-- cache/example.com/shapes@v1.2.0/quick/add_other.go --
//go:build !amd64 && !arm64
package quick
func Add(a, b int) int { return a + b }
-- cache/example.com/shapes@v1.2.0/quick/add_test.go --
package quick_test
-- cache/example.com/shapes@v1.2.0/tags/a.go --
//go:build !purego
package tags
func Plain() int
-- cache/example.com/shapes@v1.2.0/tags/b.go --
//go:build purego
package tags
func Plain() int { return 1 }
-- cache/example.com/shapes@v1.2.0/loop/a.go --
package loop
import _ "example.com/shapes/loop/b"
-- cache/example.com/shapes@v1.2.0/loop/b/b.go --
package b
import _ "example.com/shapes/loop"
-- cache/example.com/shapes@v1.2.0/wrong/w.go --
package wrong
var X int = "x"
-- cache/example.com/shapes@v1.2.0/cmd/main.go --
package main
-- cache/example.com/shapes@v1.2.0/cgo/c.go --
package cgo
import "C"
-- cache/example.com/shapes@v1.2.0/files/f.go --
package files
import _ "embed"
//go:embed f.go
var F string
-- cache/example.com/shapes/round@v0.1.0/round.go --
package round
type Circle struct { R float64 }
-- cache/example.com/!upper@v1.0.0/u.go --
package upper
const Name = "Upper"
`)
	t.Setenv("GOMODCACHE", filepath.Join(dir, "cache"))
	t.Setenv("GOFLAGS", "")
	return dir
}

func TestImport(t *testing.T) {
	i := importer(filepath.Join(sandbox(t), "nb"))
	for _, test := range []struct{ path, object, want string }{
		{"example.com/here", "Where", "func example.com/here.Where() string"},
		{"example.com/swapped/tags", "Plain", "func example.com/swapped/tags.Plain() int"},
		{"example.com/Upper", "Name", `const example.com/Upper.Name untyped string`},
		{"example.com/shapes/quick", "Add", "func example.com/shapes/quick.Add(a int, b int) int"},
		{"example.com/shapes/round", "Circle", "type example.com/shapes/round.Circle struct{R float64}"},
		{"strings", "ToUpper", "func strings.ToUpper(s string) string"},
	} {
		pkg, err := i.Import(test.path)
		if err != nil {
			t.Error(err)
			continue
		}
		if got := types.ObjectString(pkg.Scope().Lookup(test.object), nil); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
	if got, want := i.Version("example.com/shapes/quick"), "example.com/shapes@v1.2.0"; got != want {
		t.Errorf("version %s, want %s", got, want)
	}
}

func TestRefused(t *testing.T) {
	dir := sandbox(t)
	for _, test := range []struct{ dir, path, want string }{
		{"nb", "example.com/shapes", "package example.com/shapes: not supported: func Fast without a body, at example.com/shapes/shape.go:5:1"},
		{"nb", "example.com/gone/x", "package example.com/gone/x: module example.com/gone v1.0.0 is not on this machine: run `go mod download example.com/gone` beside the notebook"},
		{"nb", "example.org/new", "no module that go.mod requires has package example.org/new: run `go get example.org/new` beside the notebook"},
		{"nb", "example.com/shapes/none", "module example.com/shapes v1.2.0 has no package example.com/shapes/none"},
		{"nb", "example.com/shapes/internal/unit", "use of internal package example.com/shapes/internal/unit not allowed"},
		{"nb", "example.com/shapes/loop", "import cycle through package example.com/shapes/loop"},
		{"nb", "example.com/shapes/wrong", "package example.com/shapes/wrong: example.com/shapes/wrong/w.go:2:13: cannot use"},
		{"nb", "example.com/shapes/cmd", "example.com/shapes/cmd is a program, not an importable package"},
		{"nb", "example.com/shapes/cgo", "package example.com/shapes/cgo has no Go files for this machine"},
		{"nb", "example.com/shapes/files", "package example.com/shapes/files: not supported: go:embed, at example.com/shapes/files/f.go:3:1"},
		{"nb", "nothing", "package nothing is not in the standard library"},
		{"", "example.com/x", "package example.com/x is of another module, and there is no go.mod beside the notebook: run `go mod init notebook` and `go get example.com/x` there"},
		{"broken", "example.com/x", "go.mod:3: syntax error"},
	} {
		if test.dir == "broken" {
			write(t, filepath.Join(dir, "broken", "go.mod"), "module nb\nrequire (\n")
		}
		_, err := importer(filepath.Join(dir, test.dir)).Import(test.path)
		if err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %s", test.path, err, test.want)
		}
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A vendor folder is used when there is one, as the go command does.
func TestVendor(t *testing.T) {
	dir := sandbox(t)
	write(t, filepath.Join(dir, "nb/vendor/modules.txt"), "# example.com/shapes v1.2.0\n## explicit; go 1.20\nexample.com/shapes/quick\n# example.com/other v1.0.0\nexample.com/other\n")
	write(t, filepath.Join(dir, "nb/vendor/example.com/shapes/quick/q.go"), "package quick\nconst Vendored = true\n")
	nb := filepath.Join(dir, "nb")
	before := Open(nb)
	pkg, err := importer(nb).Import("example.com/shapes/quick")
	if err != nil || pkg.Scope().Lookup("Vendored") == nil || pkg.GoVersion() != "go1.20" {
		t.Errorf("got %v, %v", pkg, err)
	}
	want := "package example.com/shapes/tags is not in the vendor folder beside the notebook: run `go get example.com/shapes/tags` and `go mod vendor` there"
	if _, err := importer(nb).Import("example.com/shapes/tags"); err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	if !before.Same() {
		t.Error("nothing changed")
	}
	t.Setenv("GOFLAGS", "-mod=mod")
	if _, err := importer(nb).Import("example.com/shapes/tags"); err != nil {
		t.Error(err)
	}
	write(t, filepath.Join(nb, "go.mod"), "module nb\n")
	if before.Same() {
		t.Error("a change goes unseen")
	}
}

// The settings of the go command count as it keeps them.
func TestCacheDir(t *testing.T) {
	file := filepath.Join(t.TempDir(), "env")
	t.Setenv("GOENV", file)
	t.Setenv("GOMODCACHE", "")
	t.Setenv("GOPATH", "/a"+string(filepath.ListSeparator)+"/b")
	if got, want := cacheDir(), filepath.FromSlash("/a/pkg/mod"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	write(t, file, "GOPROXY=off\nGOMODCACHE=/c\n")
	if got := cacheDir(); got != "/c" {
		t.Errorf("got %s", got)
	}
}

// A go.work beside the notebook, or above it when it uses the notebook's folder: its
// modules are found where they are, and what any of them requires is there.
func TestWorkspace(t *testing.T) {
	dir := unpack(t, `
-- ws/go.work --
go 1.26
use (
	./nb
	./lib
	./lib/deep
)
replace example.com/swapped => ./other
-- ws/nb/go.mod --
module nb
go 1.26
require example.com/shapes v1.0.0
-- ws/lib/go.mod --
module example.com/lib
go 1.20
require (
	example.com/shapes v1.1.0
	example.com/swapped v1.0.0
	example.com/mine v1.0.0
)
replace example.com/mine => ./mine
-- ws/lib/lib.go --
package lib
const Lib = 1
-- ws/lib/mine/mine.go --
package mine
const Mine = 1
-- ws/lib/deep/go.mod --
module example.com/lib/deep
go 1.26
-- ws/lib/deep/deep.go --
package deep
import "example.com/lib"
const Deep = lib.Lib
-- ws/other/other.go --
package other
const Other = 1
-- ws/stranger/go.mod --
module stranger
go 1.26
-- ws/bare/x --
-- cache/example.com/shapes@v1.1.0/shapes.go --
package shapes
const Newest = 1
`)
	t.Setenv("GOMODCACHE", filepath.Join(dir, "cache"))
	t.Setenv("GOFLAGS", "")
	t.Setenv("GOWORK", "")
	for path, name := range map[string]string{
		"example.com/lib": "Lib", "example.com/lib/deep": "Deep", "example.com/mine": "Mine",
		"example.com/shapes": "Newest", "example.com/swapped": "Other",
	} {
		for _, at := range []string{"ws/nb", "ws"} {
			if pkg, err := importer(filepath.Join(dir, at)).Import(path); err != nil || pkg.Scope().Lookup(name) == nil {
				t.Errorf("%s in %s: %v", path, at, err)
			}
		}
		for _, at := range []string{"ws/stranger", "ws/bare"} { // the workspace does not use them
			if _, err := importer(filepath.Join(dir, at)).Import(path); err == nil {
				t.Errorf("%s in %s is there", path, at)
			}
		}
	}
	i := importer(filepath.Join(dir, "ws", "nb"))
	if _, err := i.Import("example.com/lib/deep"); err != nil || !i.Same() {
		t.Errorf("nothing has changed yet, or %v", err)
	}
	was := i.Version("example.com/lib")
	if err := os.WriteFile(filepath.Join(dir, "ws", "lib", "lib.go"), []byte("package lib\nconst Lib = 1 + 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if i.Same() {
		t.Error("an edit in the workspace goes unseen")
	}
	i = importer(filepath.Join(dir, "ws", "nb"))
	if _, err := i.Import("example.com/lib/deep"); err != nil || i.Version("example.com/lib") == was {
		t.Errorf("the edited package is told by %s, %v", was, err)
	}
	r := Open(filepath.Join(dir, "ws", "nb"))
	if err := os.WriteFile(filepath.Join(dir, "ws", "go.work"), []byte("go 1.26\nuse ./nb\nuse ./gone\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r.Same() {
		t.Error("go.work goes unseen")
	}
	if _, err := importer(filepath.Join(dir, "ws", "nb")).Import("example.com/lib"); err == nil || !strings.Contains(err.Error(), "go.work uses ./gone, which has no go.mod") {
		t.Errorf("got %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "ws", "nb", "go.work"), []byte("go 1.26\nuse ../lib\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := importer(filepath.Join(dir, "ws", "nb")).Import("example.com/lib"); err == nil || !strings.Contains(err.Error(), "run `go work use .`") {
		t.Errorf("got %v", err)
	}
	t.Setenv("GOWORK", "off")
	if _, err := importer(filepath.Join(dir, "ws", "nb")).Import("example.com/lib"); err == nil || !strings.Contains(err.Error(), "no module that go.mod requires") {
		t.Errorf("got %v", err)
	}
}

package protocol

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

var update = flag.Bool("update", false, "write ui/web/src/protocol anew")

const generated = "../web/src/protocol"

// The TypeScript in the tree is what the Go types say now.
func TestGeneratedIsFresh(t *testing.T) {
	files, err := TypeScript()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.MkdirAll(generated, 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range files {
			if err := os.WriteFile(filepath.Join(generated, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	entries, err := os.ReadDir(generated)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if _, ok := files[e.Name()]; !ok {
			t.Errorf("%s/%s is no longer generated; delete it", generated, e.Name())
		}
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(generated, name))
		if err != nil || string(got) != want {
			t.Errorf("%s/%s does not fit the Go types; run: go test ./ui/protocol -update", generated, name)
		}
	}
}

// helpers are structs of package element that are parts of props, not kinds.
var helpers = []string{
	"Frame", "Node", "FrameRef", "Column", "ColumnConfig", "EditorState", "Series", "Widget", "Upload", "NavPage", "DocItem",
	"Selection", "Picked", "PickedParam", "PickedRange",
}

// Every struct in props.go is either a kind of element or a known part of one.
func TestKindsAreComplete(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../../widgets/element/props.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, k := range Kinds {
		kinds = append(kinds, k.Name())
	}
	for n := range ast.Preorder(file) {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			continue
		}
		if _, ok := spec.Type.(*ast.StructType); !ok {
			continue
		}
		name := spec.Name.Name
		if slices.Contains(kinds, name) == slices.Contains(helpers, name) {
			t.Errorf("element.%s: add it to protocol.Kinds when it is a kind, else to this test's helpers", name)
		}
	}
}

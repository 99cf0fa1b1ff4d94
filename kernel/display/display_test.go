package display

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"stnb.dev/kernel/engine"
	"stnb.dev/widgets/element"
)

// native is an Env whose user types are compiled Go types.
type native struct {
	methods map[string]func(reflect.Value) string
}

func (native) Value(v any) engine.Value { return engine.Value{V: reflect.ValueOf(v)} }

func (n native) Method(v engine.Value, name string, _ reflect.Type) (reflect.Value, bool) {
	if v.Type == nil {
		return reflect.Value{}, false
	}
	f, ok := n.methods[typeString(v.Type)+"."+name]
	if !ok {
		return reflect.Value{}, false
	}
	return reflect.ValueOf(func() string { return f(v.V) }), true
}

type point struct{ X, y int }

type node struct {
	Name string
	Next *node
}

type color int

func (c color) String() string { return [...]string{"red", "green"}[c] }

type broken struct{}

func (broken) String() string { panic("no") }

func of(v any) engine.Value { return engine.Value{V: reflect.ValueOf(v)} }

func TestText(t *testing.T) {
	ring := &node{Name: "a"}
	ring.Next = ring
	for _, test := range []struct {
		v    any
		want string
	}{
		{nil, "nil"},
		{42, "42"},
		{0.1, "0.1"},
		{math.Inf(1), "+Inf"},
		{"a\nb", "a\nb"},
		{[]string{"a\nb"}, `["a\nb"]`},
		{[]int(nil), "nil"},
		{[]int{}, "[]"},
		{[]byte("hi"), "[68 69]"},
		{map[string]int{"b": 2, "a": 1}, "{a: 1, b: 2}"},
		{map[int]bool{10: true, 9: false}, "{9: false, 10: true}"},
		{point{1, 2}, "{X: 1, y: 2}"},
		{&point{1, 2}, "&{X: 1, y: 2}"},
		{[]any{1, "x", nil, point{}}, `[1, "x", nil, {X: 0, y: 0}]`},
		{color(1), "green"},
		{map[string]color{"k": 0}, "{k: red}"},
		{broken{}, "(panic in String: no)"},
		{errors.New("bad"), "bad"},
		{1500 * time.Millisecond, "1.5s"},
		{time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), "2026-01-02 03:04:05 +0000 UTC"},
		{struct{ E error }{errors.New("x")}, "{E: x}"},
		{ring, `&{Name: "a", Next: …}`},
		{func(int) error { return nil }, "func(int) error"},
	} {
		if got := Text(of(test.v), native{}, 400); got != test.want {
			t.Errorf("%#v shows as %s, want %s", test.v, got, test.want)
		}
	}
}

func TestPlain(t *testing.T) {
	for _, test := range []struct {
		v    any
		want string
	}{{"a b", "a b"}, {color(0), "red"}, {3, "3"}, {[]string{"a"}, `["a"]`}} {
		if got := Plain(of(test.v), native{}); got != test.want {
			t.Errorf("%v is %q, want %q", test.v, got, test.want)
		}
	}
}

func TestLongValuesAreCut(t *testing.T) {
	e := Element(of(make([]int, 1_000_000)), native{})
	var v element.Value
	if err := json.Unmarshal(e.Props, &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Text) > maxText+10 || len(v.Tree.Nodes) != maxChildren || v.Tree.More != 1_000_000-maxChildren {
		t.Errorf("text of %d bytes, %d nodes and %d more", len(v.Text), len(v.Tree.Nodes), v.Tree.More)
	}
	deep := any(1)
	for range 10_000 {
		deep = []any{deep}
	}
	if e := Element(of(deep), native{}); len(e.Props) > 10_000 {
		t.Errorf("a deep value makes %d bytes", len(e.Props))
	}
}

func TestSliceOfStructsIsTable(t *testing.T) {
	e := Element(of([]point{{1, 2}, {3, 4}}), native{})
	var table element.Table
	if err := json.Unmarshal(e.Props, &table); err != nil {
		t.Fatal(err)
	}
	want := element.Table{
		Columns: []element.Column{{Name: "X", Type: "int", Kind: "int"}, {Name: "y", Type: "int", Kind: "int"}},
		Rows:    [][]string{{"1", "2"}, {"3", "4"}},
	}
	if e.Kind != "table" || !reflect.DeepEqual(table, want) {
		t.Errorf("%s %+v", e.Kind, table)
	}
	if e := Element(of([]time.Time{time.Now()}), native{}); e.Kind != "value" {
		t.Errorf("times show as %s", e.Kind)
	}
}

// A value whose type is known from the checker shows under the user's names, not
// under those an engine gave to its parts.
func TestTypesOfTheUser(t *testing.T) {
	pkg := check(t, `package main
		type Celsius float64
		func (c Celsius) String() string
		type Colorʹ2 int
		type Reading struct { at Colorʹ2; temp Celsius; rest []Celsius }
		var r Reading`)
	env := native{methods: map[string]func(reflect.Value) string{
		"Celsius.String": func(v reflect.Value) string { return Text(of(v.Float()), native{}, 10) + "°C" },
	}}
	v := engine.Value{Type: pkg.Scope().Lookup("r").Type(), V: reflect.ValueOf(struct {
		Xat   int
		Xtemp float64
		Xrest []float64
	}{1, 21.5, []float64{1}})}
	if got, want := Text(v, env, 200), "{at: 1, temp: 21.5°C, rest: [1°C]}"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	var shown element.Value
	if err := json.Unmarshal(Element(v, env).Props, &shown); err != nil {
		t.Fatal(err)
	}
	if shown.Type != "Reading" || shown.Tree.Nodes[0].Type != "Color" || shown.Tree.Nodes[2].Type != "[]Celsius" {
		t.Errorf("types %+v", shown)
	}
}

func TestUnversioned(t *testing.T) {
	for _, test := range [][2]string{{"x", "x"}, {"xʹ2", "x"}, {"map[Kʹ12]Vʹ3", "map[K]V"}} {
		if got := Unversioned(test[0]); got != test[1] {
			t.Errorf("%s gives %s", test[0], got)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add(`{"a":[1,{"b":null}]}`)
	f.Fuzz(func(t *testing.T, s string) {
		var v any
		if json.Unmarshal([]byte(s), &v) != nil {
			return
		}
		if got := Text(of(v), native{}, 100); len(got) > 120 || strings.Contains(got, "reflect.") {
			t.Errorf("%q shows as %q", s, got)
		}
	})
}

func check(t *testing.T, text string) *types.Package {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "a.go", text, 0)
	if err != nil {
		t.Fatal(err)
	}
	conf := types.Config{Importer: importer.Default(), Error: func(error) {}}
	pkg, _ := conf.Check("main", fset, []*ast.File{file}, nil)
	return pkg
}

// Package display makes what a cell shows of a Go value: a line of text, and a
// tree or a table where the value has parts.
//
// It goes by the type the user wrote (go/types), not by what an engine made of it:
// names of types and fields are the user's, String and Error methods of user types
// are honoured at any depth, and no engine's own wrapper is ever seen. Cycles are
// cut, and so is what is too long or too deep to be read.
package display

import (
	"encoding/json"
	"go/types"
	"reflect"
	"strings"

	"stnb.dev/kernel/engine"
	"stnb.dev/widgets/element"
)

// Env is what display asks of the engine that holds a value; engine.Instance has
// these methods.
type Env interface {
	Value(v any) engine.Value
	Method(v engine.Value, name string, signature reflect.Type) (reflect.Value, bool)
}

// Derefer is for an Env whose pointers are not Go pointers of the right type: it
// follows one. False means v is no such pointer.
type Derefer interface {
	Deref(v engine.Value) (engine.Value, bool)
}

// What is shown at most. A person reads the first of many, and asks for the rest
// in code.
const (
	maxText     = 400  // bytes of the one-line text
	maxString   = 4000 // bytes of one string in a tree
	maxDepth    = 8    // levels of a tree
	maxChildren = 100  // children of one node
	maxNodes    = 2000 // nodes of one tree
	maxRows     = 100  // rows of a table
)

// Element shows a value: a slice of structs or of maps as a table, another value
// with parts as a tree, the rest as text.
func Element(v engine.Value, env Env) element.Element {
	p := newPrinter(env)
	v = addressable(p.dynamic(v))
	if t, ok := p.table(v); ok {
		return encode("table", t)
	}
	e := element.Value{Type: TypeName(v), Text: p.line(v, maxText)}
	if n := p.node("", v, 0); len(n.Nodes) > 0 {
		e.Tree = &n
	}
	return encode("value", e)
}

// Text is the value on one line of about max bytes, as Element shows it.
func Text(v engine.Value, env Env, max int) string {
	p := newPrinter(env)
	return p.line(addressable(p.dynamic(v)), max)
}

// Plain is the value as a person would write it in a sentence: a string without
// quotes, a user type by its String method. It is the label of an option.
func Plain(v engine.Value, env Env) string {
	p := newPrinter(env)
	v = addressable(p.dynamic(v))
	if s, ok := p.method(v); ok {
		return s
	}
	if v.V.IsValid() && v.V.Kind() == reflect.String {
		return v.V.String()
	}
	return p.line(v, maxString)
}

// TypeName is the type as the user wrote it: without the package of the notebook
// itself, and without the number of a version.
func TypeName(v engine.Value) string {
	switch {
	case v.Type != nil:
		return typeString(v.Type)
	case v.V.IsValid():
		return strings.ReplaceAll(v.V.Type().String(), "interface {}", "any")
	}
	return "nil"
}

func typeString(t types.Type) string {
	s := types.TypeString(t, func(p *types.Package) string {
		if p.Name() == "main" {
			return ""
		}
		return p.Name()
	})
	return Unversioned(s)
}

// Unversioned takes the marks of later versions (ʹ2) off the names in s.
func Unversioned(s string) string {
	const mark = "ʹ"
	if !strings.Contains(s, mark) {
		return s
	}
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, mark)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		s = strings.TrimLeft(after, "0123456789")
	}
}

func encode(kind string, props any) element.Element {
	b, err := json.Marshal(props)
	if err != nil {
		panic(err) // of structs of strings and numbers: cannot fail
	}
	return element.Element{Kind: kind, Props: b}
}

// addressable returns v in memory of its own, so that unexported fields in it can
// be read too.
func addressable(v engine.Value) engine.Value {
	if !v.V.IsValid() || v.V.CanAddr() || !v.V.CanInterface() {
		return v
	}
	p := reflect.New(v.V.Type()).Elem()
	p.Set(v.V)
	return engine.Value{V: p, Type: v.Type}
}

package core

import (
	"encoding/json"
	"reflect"
	"strings"

	"stnb.dev/widgets/element"
)

// What only the notebook's text tells of a call, lowering hands over in one of the
// call's arguments: Said and Known wrap it, and the call that follows takes it.

// Said wraps the func that Echo runs; code is its text.
func Said(code string, body func()) func() { return bound().said(code, body) }

// Known wraps the value that Doc shows; about is an element.Doc as JSON.
func Known(about string, v any) any { return bound().known(about, v) }

func (s *Session) said(code string, body func()) func() {
	s.hand(code)
	return body
}

func (s *Session) known(about string, v any) any {
	s.hand(about)
	return v
}

func (s *Session) hand(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handed = text
}

func (s *Session) takeHanded() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := s.handed
	s.handed = ""
	return text
}

// Echo runs body and shows its code above what it shows.
func (c *Container) Echo(body func(), opts ...Option) {
	s, p, o := c.start(opts)
	if code := s.takeHanded(); code != "" {
		s.put(p, o, "st.Echo", "code", element.Code{Text: code, Language: "go", LineNumbers: o.lineNumbers})
	}
	if !s.has(p, "st.Echo", body != nil) {
		return
	}
	if p != nil {
		s.With(p, body)
		return
	}
	body()
}

// Doc shows what a value is: its type, what the comment above its definition says,
// its fields and methods. A func is a value too: st.Doc(strings.Fields).
func (c *Container) Doc(v any, opts ...Option) *Element {
	s, p, o := c.start(opts)
	var d element.Doc
	if about := s.takeHanded(); about == "" || json.Unmarshal([]byte(about), &d) != nil {
		d = reflected(v)
	}
	if rv := s.Host.Value(v); rv.IsValid() && rv.Kind() != reflect.Func {
		d.Value = clip(s.inline(v), 200)
	}
	return s.put(p, o, "st.Doc", "doc", d)
}

// reflected is what is known of a value without the text that made it: in a
// compiled program.
func reflected(v any) element.Doc {
	t := reflect.TypeOf(v)
	if t == nil {
		return element.Doc{Name: "nil", Type: "nil"}
	}
	d := element.Doc{Name: t.String(), Type: t.String()}
	for m := range t.Methods() {
		d.Methods = append(d.Methods, element.DocItem{Name: m.Name, Type: m.Type.String()})
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() == reflect.Struct {
		for f := range t.Fields() {
			if f.IsExported() {
				d.Fields = append(d.Fields, element.DocItem{Name: f.Name, Type: f.Type.String()})
			}
		}
	}
	return d
}

// clip is at most n bytes of a text.
func clip(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return strings.ToValidUTF8(text[:n], "") + "…"
}

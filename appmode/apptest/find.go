package apptest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"stnb.dev/widgets/element"
)

// elements are all that is on the page, in the order a person reads it: the
// sidebar, the main part, the bottom, events.
func (at *App) elements() []element.Delta {
	at.t.Helper()
	doc, err := at.visit.Document()
	if err != nil {
		at.t.Fatal(err)
	}
	order := map[string]int{"": -1}
	for i, id := range doc.Screen.Order {
		order[id] = i
	}
	kids := map[element.Path][]element.Delta{}
	appended := map[element.Path][]element.Delta{}
	for _, d := range doc.Screen.Deltas {
		if d.Op == element.Append {
			appended[d.Path] = append(appended[d.Path], d)
			continue
		}
		kids[d.Path.Parent()] = append(kids[d.Path.Parent()], d)
	}
	var out []element.Delta
	var walk func(p element.Path)
	walk = func(p element.Path) {
		ks := kids[p]
		slices.SortStableFunc(ks, func(a, b element.Delta) int {
			ac, ai := place(a.Path)
			bc, bi := place(b.Path)
			return cmp.Or(cmp.Compare(order[ac], order[bc]), cmp.Compare(ai, bi))
		})
		for _, k := range ks {
			out = append(out, k)
			out = append(out, appended[k.Path]...)
			walk(k.Path)
		}
	}
	for _, root := range []element.Path{element.Sidebar, element.Main, element.Bottom, element.Event} {
		walk(root)
	}
	return out
}

// place is the cell and the index of a path's last segment.
func place(p element.Path) (cell string, index int) {
	last := string(p[strings.LastIndexByte(string(p), '/')+1:])
	cell = p.Cell()
	index, _ = strconv.Atoi(strings.TrimPrefix(last[len(cell):], "."))
	return cell, index
}

// Element is one thing on the page.
type Element struct {
	Kind  string // as in package element: "markdown", "metric", "slider"
	Label string // of a widget
	Key   string // the author's key
	Path  string // where it stands: "main/...", "sidebar/..."
	props json.RawMessage
	more  []json.RawMessage // what was appended
}

// Elements are all elements of these kinds on the page, or just all, in the order
// a person reads them.
func (at *App) Elements(kinds ...string) []Element {
	at.t.Helper()
	var out []Element
	for _, d := range at.elements() {
		if d.Op == element.Append {
			if n := len(out); n > 0 && out[n-1].Path == string(d.Path) {
				out[n-1].more = append(out[n-1].more, d.Data)
			}
			continue
		}
		if len(kinds) == 0 || slices.Contains(kinds, d.Element.Kind) {
			out = append(out, elementOf(d))
		}
	}
	return out
}

func elementOf(d element.Delta) Element {
	var w struct{ Label string }
	_ = json.Unmarshal(d.Element.Props, &w)
	return Element{Kind: d.Element.Kind, Label: w.Label, Key: d.Element.Key, Path: string(d.Path), props: d.Element.Props}
}

// Props decodes the element's properties into a struct of package element.
func (e Element) Props(into any) error { return json.Unmarshal(e.props, into) }

// Appended is what was added to the element since it was set: rows of a chart or
// table, text of a stream.
func (e Element) Appended() []json.RawMessage { return e.more }

// Text is what a person reads of the element, without markup; "" of a container.
func (e Element) Text() string {
	var p struct {
		HTML, Text, Label, Message, Title, Value, Name json.RawMessage
		Options                                        []string
	}
	_ = json.Unmarshal(e.props, &p)
	str := func(raws ...json.RawMessage) string {
		for _, raw := range raws {
			var s string
			if json.Unmarshal(raw, &s) == nil && s != "" {
				return s
			}
		}
		return ""
	}
	switch e.Kind {
	case "markdown", "alert", "spinner", "toast":
		return plain(str(p.HTML))
	case "progress":
		var v element.Progress
		_ = json.Unmarshal(e.props, &v)
		return strings.TrimSpace(fmt.Sprintf("%g%% %s", v.Value*100, plain(v.HTML)))
	case "metric":
		return str(p.Label) + " " + str(p.Value)
	case "stdout":
		text := str(p.Text)
		for _, m := range e.more {
			var a struct{ Text string }
			_ = json.Unmarshal(m, &a)
			text += a.Text
		}
		return text
	case "table":
		t := e.table()
		var lines []string
		for _, row := range t {
			lines = append(lines, strings.Join(row, " "))
		}
		return strings.Join(lines, "\n")
	case "container", "columns", "columnBox", "tabBox", "empty", "form", "fragmentBox", "tabs", "divider":
		return ""
	case "json":
		return string(p.Value)
	}
	return plain(str(p.Text, p.Message, p.HTML, p.Title, p.Label, p.Name))
}

// table is the rows of a table, the header first.
func (e Element) table() [][]string {
	var t element.Table
	_ = json.Unmarshal(e.props, &t)
	var head []string
	for _, c := range t.Columns {
		head = append(head, c.Name)
	}
	rows := append([][]string{head}, t.Rows...)
	for _, m := range e.more {
		var a struct{ Rows [][]string }
		_ = json.Unmarshal(m, &a)
		rows = append(rows, a.Rows...)
	}
	return rows
}

var (
	tag   = regexp.MustCompile(`<[^>]*>`)
	block = regexp.MustCompile(`</(p|li|h[1-6]|tr|div|pre)>|<br */?>`)
)

// plain is the text of HTML.
func plain(s string) string {
	s = block.ReplaceAllString(s, "\n")
	return strings.TrimSpace(html.UnescapeString(tag.ReplaceAllString(s, "")))
}

// Text is all a person reads on the page, an element a line.
func (at *App) Text() string {
	at.t.Helper()
	var lines []string
	for _, e := range at.Elements() {
		if s := e.Text(); s != "" {
			lines = append(lines, s)
		}
	}
	return strings.Join(lines, "\n")
}

// Shows says whether a person can read that text on the page.
func (at *App) Shows(text string) bool { at.t.Helper(); return strings.Contains(at.Text(), text) }

// MustShow fails the test when the texts are not on the page.
func (at *App) MustShow(texts ...string) *App {
	at.t.Helper()
	page := at.Text()
	for _, s := range texts {
		if !strings.Contains(page, s) {
			at.t.Fatalf("%q is not on the page:\n%s", s, at)
		}
	}
	return at
}

// MustNotShow fails the test when one of the texts is on the page.
func (at *App) MustNotShow(texts ...string) *App {
	at.t.Helper()
	page := at.Text()
	for _, s := range texts {
		if strings.Contains(page, s) {
			at.t.Fatalf("%q is on the page:\n%s", s, at)
		}
	}
	return at
}

// String lists what is on the page, for messages.
func (at *App) String() string {
	var b strings.Builder
	for _, e := range at.Elements() {
		depth := strings.Count(e.Path, "/") - 1
		fmt.Fprintf(&b, "%s%s", strings.Repeat("  ", depth+1), e.Kind)
		if e.Key != "" {
			fmt.Fprintf(&b, " key=%s", e.Key)
		}
		if s := e.Text(); s != "" {
			fmt.Fprintf(&b, " %.200q", s)
		}
		b.WriteByte('\n')
	}
	if b.Len() == 0 {
		return "  (an empty page)\n"
	}
	return b.String()
}

// Error is a fault the page shows. A visitor's page has Message and ID only; the
// log tells the rest.
type Error struct {
	Message string
	ID      string
}

// Errors are the faults on the page.
func (at *App) Errors() []Error {
	at.t.Helper()
	var out []Error
	for _, e := range at.Elements("error", "exception") {
		var p element.Error
		_ = e.Props(&p)
		out = append(out, Error{p.Message, p.ID})
	}
	return out
}

// MustWork fails the test when the page shows a fault.
func (at *App) MustWork() *App {
	at.t.Helper()
	if errs := at.Errors(); len(errs) > 0 {
		at.t.Fatalf("the page shows a fault: %+v\n%s\nlog:\n%s", errs, at, at.server.logs)
	}
	return at
}

// State is the value of a session state's key as the server has it, and whether
// there is one: only what can be encoded as JSON is kept there.
func State[T any](at *App, key string) (T, bool) {
	var v T
	ok := at.State(key, &v)
	return v, ok
}

// SetState sets keys of session state: those of widgets too, which take the values
// over. The app sees them in its next run, so Run or another action follows. Values go
// there as JSON.
func (at *App) SetState(state map[string]any) *App {
	at.t.Helper()
	if err := at.visit.Give(encoded(at.t, state)); err != nil {
		at.t.Fatal(err)
	}
	return at
}

func encoded(t testing.TB, state map[string]any) map[string]json.RawMessage {
	t.Helper()
	out := map[string]json.RawMessage{}
	for key, v := range state {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatalf("state %q: %v", key, err)
		}
		out[key] = raw
	}
	return out
}

// State decodes the value of a session state's key into what into points to, and
// says whether there is one.
func (at *App) State(key string, into any) bool {
	at.t.Helper()
	raw, ok := at.visit.Copy().State[key]
	if !ok {
		return false
	}
	if err := json.Unmarshal(raw, into); err != nil {
		at.t.Fatalf("state %q is %s: %v", key, raw, err)
	}
	return true
}

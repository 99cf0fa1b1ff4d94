// Package harness runs a func as a notebook, headless: widgets are set and clicked,
// the func runs again, and the screen can be read. It drives the same session that
// kernels drive, without an engine.
package harness

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"

	"stnb.dev/widgets/core"
	"stnb.dev/widgets/element"
	"stnb.dev/widgets/run"
)

// App is one visitor of a notebook whose only cell is a func.
type App struct {
	T       testing.TB
	Session *core.Session
	Tree    *element.Tree
	Result  run.Result
	Panic   any // of user code, nil when there was none
	Deltas  []element.Delta
	Runs    int // since the last interaction

	Source string // stands for the notebook's text, for caches

	body    func()
	number  uint64
	clicks  int
	query   string
	page    string
	pending map[string]json.RawMessage
	mu      sync.Mutex
	cancel  context.CancelFunc
}

// New returns an app that has not run yet.
func New(t testing.TB, body func()) *App {
	return NewIn(t, core.NewApp(core.AppConfig{Dir: t.TempDir()}), body)
}

// NewIn is New with the app that several visitors share.
func NewIn(t testing.TB, app *core.App, body func()) *App {
	a := &App{T: t, Tree: element.NewTree(), body: body}
	a.Session = app.NewSession(a, run.Config{ID: "s1", App: true})
	t.Cleanup(a.Session.Close)
	return a
}

// Host.

// Emit applies deltas to the screen.
func (a *App) Emit(ds ...element.Delta) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, d := range ds {
		a.Deltas = append(a.Deltas, a.Tree.Apply(d)...)
	}
}

// Display shows a Go value by its text.
func (a *App) Display(v any) element.Element {
	return run.El("value", element.Value{Type: fmt.Sprintf("%T", v), Text: fmt.Sprintf("%v", v)})
}

// Label is a value's text.
func (a *App) Label(v any) string { return fmt.Sprint(v) }

// Value is the value itself.
func (a *App) Value(v any) reflect.Value { return reflect.ValueOf(v) }

// Fields leaves struct types to reflection.
func (a *App) Fields(reflect.Type) []run.Field { return nil }

// Code is the notebook's text, as far as it matters here.
func (a *App) Code(string) string { return a.Source }

// Protect makes a panic an element.
func (a *App) Protect(f func()) (fault element.Element, failed bool) {
	defer func() {
		if r := run.Recovered(recover()); r != nil {
			fault, failed = run.El("error", element.Error{Kind: "panic", Message: fmt.Sprint(r)}), true
		}
	}()
	f()
	return
}

// Run runs the notebook, and again while it asks for that.
func (a *App) Run() *App { a.run(run.Request{Full: true, Cells: []string{"c"}}); return a }

func (a *App) run(r run.Request) {
	a.T.Helper()
	a.Runs = 0
	for {
		a.Runs++
		if a.Runs > 20 {
			a.T.Fatal("the notebook reruns without end")
		}
		again := a.once(r)
		if !again {
			return
		}
		r = run.Request{Full: true, Cells: []string{"c"}}
		if len(a.Result.Fragments) > 0 {
			r = run.Request{Fragments: a.Result.Fragments}
		}
	}
}

func (a *App) once(r run.Request) (again bool) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	a.number++
	r.Run, r.Query, r.Page = a.number, a.query, a.page
	scope := element.Scope{}
	if len(r.Fragments) > 0 {
		scope.Fragments = r.Fragments
	}
	a.mu.Lock()
	a.cancel, a.Deltas, a.Panic = cancel, nil, nil
	a.Tree.Begin(a.number, scope)
	a.mu.Unlock()
	a.Session.Begin(ctx, r)
	ok, control := true, ""
	guard := func(f func()) bool {
		defer func() {
			if p := recover(); p != nil {
				if c, is := p.(run.Control); is {
					control = c.StnbControl()
				} else {
					a.Panic = p
				}
				ok = false
			}
		}()
		f()
		return true
	}
	undo := core.Use(a.Session)
	defer undo()
	for _, call := range a.Session.Callbacks() {
		guard(call)
	}
	if len(r.Fragments) > 0 {
		for _, id := range r.Fragments {
			if f, found := a.Session.Fragment(id); found {
				guard(f)
			}
		}
	} else {
		a.Session.EnterCell("c")
		guard(a.body)
	}
	a.Result = a.Session.End(ok)
	a.mu.Lock()
	a.Tree.End(control != "rerun" && control != "stopped")
	a.mu.Unlock()
	if a.Result.Query != nil {
		a.query = *a.Result.Query
	}
	return a.Result.Rerun
}

// Interrupt stops the run from outside, as a newer interaction does.
func (a *App) Interrupt() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.cancel()
}

// widget finds a widget by its key or label; kind narrows, "" is any.
func (a *App) widget(name string) element.Element {
	a.T.Helper()
	var found []element.Element
	for _, d := range a.Tree.All() {
		if d.Op != element.Set || d.Element.ID == "" {
			continue
		}
		var w struct {
			Label       string `json:"label"`
			Placeholder string `json:"placeholder"`
		}
		_ = json.Unmarshal(d.Element.Props, &w)
		if d.Element.Key == name || w.Label == name || w.Placeholder == name && w.Label == "" {
			found = append(found, *d.Element)
		}
	}
	if len(found) != 1 {
		a.T.Fatalf("%d widgets are called %q on\n%s", len(found), name, a.Text())
	}
	return found[0]
}

// ID is a widget's ID.
func (a *App) ID(name string) string { a.T.Helper(); return a.widget(name).ID }

// Has says whether a widget is shown.
func (a *App) Has(name string) bool {
	return strings.Contains("\n"+a.Text()+"\n", "("+name+")")
}

// Hold sets a widget without running, as a browser does within a form.
func (a *App) Hold(name string, v any) *App {
	a.T.Helper()
	raw, _ := json.Marshal(v)
	if a.pending == nil {
		a.pending = map[string]json.RawMessage{}
	}
	a.pending[a.ID(name)] = raw
	return a
}

// Set sets a widget to what a browser would send, and runs.
func (a *App) Set(name string, v any) *App {
	a.T.Helper()
	w := a.widget(name)
	a.Hold(name, v)
	a.interact(w, nil)
	return a
}

// Click presses a button.
func (a *App) Click(name string) *App { a.T.Helper(); return a.Send(name, nil) }

// Send fires a trigger with a value.
func (a *App) Send(name string, v any) *App {
	a.T.Helper()
	w := a.widget(name)
	raw, _ := json.Marshal(v)
	a.clicks++
	a.interact(w, []run.Trigger{{Click: fmt.Sprint(a.clicks), Widget: w.ID, Value: raw}})
	return a
}

func (a *App) interact(w element.Element, triggers []run.Trigger) {
	a.T.Helper()
	r := run.Request{Full: true, Cells: []string{"c"}, Widgets: a.pending, Triggers: triggers}
	if w.Fragment != "" {
		r.Full, r.Cells, r.Fragments = false, nil, []string{w.Fragment}
	}
	a.pending = nil
	a.run(r)
}

// Raw sends a value by widget ID, as a hostile browser may.
func (a *App) Raw(id, raw string) *App {
	a.run(run.Request{Full: true, Cells: []string{"c"}, Widgets: map[string]json.RawMessage{id: json.RawMessage(raw)}})
	return a
}

// Tick runs a fragment, as its timer does.
func (a *App) Tick(fragment string) *App {
	a.run(run.Request{Fragments: []string{fragment}})
	return a
}

// Fragments are the fragments on the screen.
func (a *App) Fragments() []string {
	var out []string
	for _, d := range a.Tree.All() {
		if d.Op == element.Set && (d.Element.Kind == "fragmentBox" || d.Element.Kind == "dialog") {
			out = append(out, d.Element.Fragment)
		}
	}
	return out
}

// Goto opens a page of the app.
func (a *App) Goto(page, query string) *App { a.page, a.query = page, query; return a.Run() }

var tags = regexp.MustCompile(`<[^>]*>`)

// Text is the screen as lines: what is shown, widgets as "kind(label)=value",
// containers by indentation.
func (a *App) Text() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var b strings.Builder
	for _, d := range a.Tree.All() {
		depth := strings.Count(string(d.Path), "/") - 1
		if d.Op == element.Append {
			fmt.Fprintf(&b, "%s+%s\n", strings.Repeat("  ", depth), d.Data)
			continue
		}
		line := Line(*d.Element)
		if root, _, _ := strings.Cut(string(d.Path), "/"); root != "main" && depth == 0 {
			line = root + ": " + line
		}
		b.WriteString(strings.Repeat("  ", depth) + line + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Line is one element as a line.
func Line(el element.Element) string {
	var p struct {
		HTML, Style, Text, Message, Label, Type, State, Title string
		Value, Options                                        json.RawMessage
		Rows                                                  [][]string
		Labels                                                []string
		Disabled                                              bool
		Text2                                                 string `json:"-"`
	}
	_ = json.Unmarshal(el.Props, &p)
	plain := strings.NewReplacer("&#39;", "'", "&#34;", `"`, "&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(tags.ReplaceAllString(p.HTML, ""))
	switch el.Kind {
	case "markdown":
		if p.Style != "" {
			return p.Style + ": " + plain
		}
		return plain
	case "text", "code", "latex":
		return p.Text
	case "value":
		return p.Text
	case "error":
		return "ERROR " + p.Message
	case "alert":
		return p.Type + ": " + plain
	case "spinner", "toast", "progress":
		return el.Kind + ": " + plain + string(p.Value)
	case "metric":
		return "metric(" + p.Label + ")=" + string(p.Value)
	case "table":
		return fmt.Sprintf("table %v", p.Rows)
	case "status":
		return "status(" + p.Label + ") " + p.State
	case "expander", "popover":
		return el.Kind + "(" + p.Label + ")"
	case "dialog":
		return "dialog(" + p.Title + ")"
	case "tabs":
		return fmt.Sprintf("tabs %v", p.Labels)
	}
	if el.ID != "" && el.Kind != "form" {
		s := el.Kind + "(" + p.Label + ")"
		if len(p.Value) > 0 {
			s += "=" + string(p.Value)
		}
		if p.Disabled {
			s += " disabled"
		}
		return s
	}
	return el.Kind
}

// Expect compares the screen's lines.
func (a *App) Expect(want ...string) {
	a.T.Helper()
	if got := a.Text(); got != strings.Join(want, "\n") {
		a.T.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}

// Contains checks that the screen has a line.
func (a *App) Contains(line string) {
	a.T.Helper()
	for _, l := range strings.Split(a.Text(), "\n") {
		if strings.TrimSpace(l) == line || strings.HasSuffix(line, "…") && strings.HasPrefix(strings.TrimSpace(l), strings.TrimSuffix(line, "…")) {
			return
		}
	}
	a.T.Errorf("no line %q on\n%s", line, a.Text())
}

// Lacks checks that the screen has no such line.
func (a *App) Lacks(line string) {
	a.T.Helper()
	for _, l := range strings.Split(a.Text(), "\n") {
		if strings.TrimSpace(l) == line {
			a.T.Errorf("there is a line %q on\n%s", line, a.Text())
			return
		}
	}
}

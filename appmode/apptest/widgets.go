package apptest

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"mime"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"stnb.dev/dataframe/page"
	"stnb.dev/notebook/session"
	"stnb.dev/widgets/element"
)

// Node is an element a test has named. It is looked up anew each time, so it may
// be kept across runs.
type Node struct {
	at    *App
	kinds []string
	name  string // label or key; "" is the first of its kind
}

func (at *App) node(name string, kinds ...string) Node { return Node{at, kinds, name} }

// Exists says whether it is on the page now.
func (n Node) Exists() bool { n.at.t.Helper(); _, ok := n.find(); return ok }

// Text is what a person reads of it.
func (n Node) Text() string { n.at.t.Helper(); return elementOf(n.must()).Text() }

// Disabled says whether it can be used.
func (n Node) Disabled() bool {
	n.at.t.Helper()
	var w element.Widget
	n.props(&w)
	return w.Disabled
}

func (n Node) find() (element.Delta, bool) {
	n.at.t.Helper()
	var byLabel *element.Delta
	for _, d := range n.at.elements() {
		if d.Op != element.Set || !slices.Contains(n.kinds, d.Element.Kind) {
			continue
		}
		if n.name == "" || d.Element.Key == n.name {
			return d, true
		}
		e := elementOf(d)
		if byLabel == nil && (e.Label == n.name || plain(e.Label) == n.name) {
			byLabel = &d
		}
	}
	if byLabel != nil {
		return *byLabel, true
	}
	return element.Delta{}, false
}

func (n Node) must() element.Delta {
	n.at.t.Helper()
	d, ok := n.find()
	if !ok {
		n.at.t.Fatalf("there is no %s %q on the page:\n%s", strings.Join(n.kinds, " or "), n.name, n.at)
	}
	return d
}

func (n Node) props(into any) {
	n.at.t.Helper()
	if err := json.Unmarshal(n.must().Element.Props, into); err != nil {
		n.at.t.Fatal(err)
	}
}

// usable returns the widget, which must not be disabled.
func (n Node) usable() *element.Element {
	n.at.t.Helper()
	d := n.must()
	if n.Disabled() {
		n.at.t.Fatalf("%s %q is disabled", d.Element.Kind, n.name)
	}
	return d.Element
}

// set is what a browser does when a widget's value changes: inside a form the
// value waits for the submit.
func (n Node) set(value any) {
	n.at.t.Helper()
	e := n.usable()
	raw, err := json.Marshal(value)
	if err != nil {
		n.at.t.Fatal(err)
	}
	if e.Form != "" {
		if n.at.held[e.Form] == nil {
			n.at.held[e.Form] = map[string]json.RawMessage{}
		}
		n.at.held[e.Form][e.ID] = raw
		return
	}
	n.at.interact(session.Interact{Values: map[string]json.RawMessage{e.ID: raw}, Fragment: e.Fragment})
}

// press is what a browser does on a click: it gets an id, and a submit takes the
// form's values along.
func (n Node) press(value any) {
	n.at.t.Helper()
	e := n.usable()
	n.at.clicks++
	i := session.Interact{Fragment: e.Fragment, Trigger: &session.Trigger{
		Click: fmt.Sprintf("%s-%d", n.at.client, n.at.clicks), Widget: e.ID,
	}}
	if value != nil {
		i.Trigger.Value, _ = json.Marshal(value)
	}
	if e.Form != "" {
		i.Values = n.at.held[e.Form]
		delete(n.at.held, e.Form)
	}
	n.at.interact(i)
}

// Button is a button, also a form's submit button.
type Button struct{ Node }

// Button finds a button by label or key.
func (at *App) Button(name string) Button {
	return Button{at.node(name, "button", "downloadButton")}
}

// Click clicks it.
func (b Button) Click() *App { b.at.t.Helper(); b.press(nil); return b.at }

// TextInput is a text input or text area.
type TextInput struct{ Node }

// TextInput finds a text input or text area by label or key.
func (at *App) TextInput(name string) TextInput {
	return TextInput{at.node(name, "textInput", "textArea")}
}

// Set types the text and leaves the input.
func (i TextInput) Set(text string) *App { i.at.t.Helper(); i.set(text); return i.at }

// Value is the text in it.
func (i TextInput) Value() string {
	i.at.t.Helper()
	var p element.TextInput
	i.props(&p)
	return p.Value
}

// NumberInput is a number input.
type NumberInput struct{ Node }

// NumberInput finds a number input by label or key.
func (at *App) NumberInput(name string) NumberInput {
	return NumberInput{at.node(name, "numberInput")}
}

// Set types a number; Clear empties the input.
func (i NumberInput) Set(v float64) *App { i.at.t.Helper(); i.set(v); return i.at }

// Clear empties the input.
func (i NumberInput) Clear() *App { i.at.t.Helper(); i.set(nil); return i.at }

// Value is the number in it, 0 when it is empty.
func (i NumberInput) Value() float64 {
	i.at.t.Helper()
	var p element.NumberInput
	i.props(&p)
	if p.Value == nil {
		return 0
	}
	return *p.Value
}

// Checkbox is a check box or toggle.
type Checkbox struct{ Node }

// Checkbox finds a check box or toggle by label or key.
func (at *App) Checkbox(name string) Checkbox { return Checkbox{at.node(name, "checkbox")} }

// Set ticks it or not.
func (c Checkbox) Set(on bool) *App { c.at.t.Helper(); c.set(on); return c.at }

// Value says whether it is ticked.
func (c Checkbox) Value() bool {
	c.at.t.Helper()
	var p element.Checkbox
	c.props(&p)
	return p.Value
}

// Choice is a widget of which one option is chosen: a select box or radio buttons.
type Choice struct{ Node }

// Selectbox finds a select box by label or key.
func (at *App) Selectbox(name string) Choice { return Choice{at.node(name, "selectbox")} }

// Radio finds radio buttons by label or key.
func (at *App) Radio(name string) Choice { return Choice{at.node(name, "radio")} }

// Select chooses the option with that label.
func (c Choice) Select(label string) *App {
	c.at.t.Helper()
	i := slices.Index(c.Options(), label)
	if i < 0 {
		c.at.t.Fatalf("%q has no option %q, but %q", c.name, label, c.Options())
	}
	c.set(i)
	return c.at
}

// Clear chooses nothing.
func (c Choice) Clear() *App { c.at.t.Helper(); c.set(-1); return c.at }

// Options are the labels to choose from.
func (c Choice) Options() []string {
	c.at.t.Helper()
	var p element.Selectbox
	c.props(&p)
	return p.Options
}

// Value is the chosen option's label, "" when nothing is chosen.
func (c Choice) Value() string {
	c.at.t.Helper()
	var p element.Selectbox
	c.props(&p)
	if p.Value < 0 || p.Value >= len(p.Options) {
		return p.Text
	}
	return p.Options[p.Value]
}

// Choices is a widget of which any options are chosen: a multiselect, pills, a
// segmented control.
type Choices struct{ Node }

// Multiselect finds a multiselect by label or key.
func (at *App) Multiselect(name string) Choices { return Choices{at.node(name, "multiselect")} }

// Pills finds pills or a segmented control by label or key.
func (at *App) Pills(name string) Choices { return Choices{at.node(name, "pills")} }

// Select chooses exactly the options with these labels.
func (c Choices) Select(labels ...string) *App {
	c.at.t.Helper()
	chosen := []int{}
	for _, l := range labels {
		i := slices.Index(c.Options(), l)
		if i < 0 {
			c.at.t.Fatalf("%q has no option %q, but %q", c.name, l, c.Options())
		}
		chosen = append(chosen, i)
	}
	c.set(chosen)
	return c.at
}

// Options are the labels to choose from.
func (c Choices) Options() []string {
	c.at.t.Helper()
	var p element.Multiselect
	c.props(&p)
	return p.Options
}

// Value is the chosen options' labels.
func (c Choices) Value() []string {
	c.at.t.Helper()
	var p element.Multiselect
	c.props(&p)
	var out []string
	for _, i := range p.Value {
		if i >= 0 && i < len(p.Options) {
			out = append(out, p.Options[i])
		}
	}
	return out
}

// Slider is a slider of numbers; times are milliseconds since 1970.
type Slider struct{ Node }

// Slider finds a slider by label or key.
func (at *App) Slider(name string) Slider { return Slider{at.node(name, "slider")} }

// Set moves the handle; a range takes two values.
func (s Slider) Set(v ...float64) *App { s.at.t.Helper(); s.set(v); return s.at }

// Value is where the (lower) handle stands.
func (s Slider) Value() float64 { s.at.t.Helper(); lo, _ := s.Range(); return lo }

// Range is where the two handles of a range stand; both are the same otherwise.
func (s Slider) Range() (lo, hi float64) {
	s.at.t.Helper()
	var p element.Slider
	s.props(&p)
	if len(p.Value) == 0 {
		return 0, 0
	}
	return p.Value[0], p.Value[len(p.Value)-1]
}

// DateInput is a date input.
type DateInput struct{ Node }

// DateInput finds a date input by label or key.
func (at *App) DateInput(name string) DateInput { return DateInput{at.node(name, "dateInput")} }

// Set chooses a date, or two for a range.
func (i DateInput) Set(days ...time.Time) *App {
	i.at.t.Helper()
	v := []string{}
	for _, d := range days {
		v = append(v, d.Format(time.DateOnly))
	}
	i.set(v)
	return i.at
}

// Value is the dates in it, as "2026-01-31".
func (i DateInput) Value() []string {
	i.at.t.Helper()
	var p element.DateInput
	i.props(&p)
	return p.Value
}

// ChatInput is the input of a chat.
type ChatInput struct{ Node }

// ChatInput finds a chat input; "" is the first.
func (at *App) ChatInput(name string) ChatInput { return ChatInput{at.node(name, "chatInput")} }

// Send sends a message.
func (i ChatInput) Send(text string) *App { i.at.t.Helper(); i.press(text); return i.at }

// Metric is a number with its change.
type Metric struct{ Node }

// Metric finds a metric by label.
func (at *App) Metric(label string) Metric { return Metric{at.node(label, "metric")} }

// Value is the number as shown.
func (m Metric) Value() string { m.at.t.Helper(); var p element.Metric; m.props(&p); return p.Value }

// Delta is the change as shown.
func (m Metric) Delta() string { m.at.t.Helper(); var p element.Metric; m.props(&p); return p.Delta }

// Upload gives a file uploader files of these contents, by name.
func (at *App) Upload(name, file string, data []byte) *App {
	at.t.Helper()
	n := at.node(name, "fileUploader")
	n.usable()
	dir := filepath.Join(uploads(), at.visit.Handle)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		at.t.Fatal(err)
	}
	id := fmt.Sprintf("%032x", time.Now().UnixNano())
	if err := os.WriteFile(filepath.Join(dir, id), data, 0o600); err != nil {
		at.t.Fatal(err)
	}
	n.set([]element.Upload{{ID: id, Name: file, Size: int64(len(data)), Type: mime.TypeByExtension(filepath.Ext(file))}})
	return at
}

// Set gives any widget a value as the browser would send it, for widgets that
// have no type of their own here. See package element for what each kind sends.
func (at *App) Set(name string, value any) *App {
	at.t.Helper()
	n := at.node(name, widgetKinds...)
	n.set(value)
	return at
}

var widgetKinds = []string{
	"checkbox", "radio", "selectbox", "multiselect", "pills", "feedback", "slider", "selectSlider", "numberInput",
	"textInput", "textArea", "dateInput", "timeInput", "datetimeInput", "colorPicker", "fileUploader", "dataEditor", "dataframe",
}

// Frame is a shown frame: a data frame, a data editor or a table.
type Frame struct {
	at *App
	n  int
}

// Frame is the nth frame on the page, counted from 0.
func (at *App) Frame(n int) Frame { return Frame{at, n} }

func (f Frame) element() Element {
	f.at.t.Helper()
	all := f.at.Elements("dataframe", "dataEditor", "table")
	if f.n >= len(all) {
		f.at.t.Fatalf("there are %d frames on the page, not %d:\n%s", len(all), f.n+1, f.at)
	}
	return all[f.n]
}

// Rows are the frame's rows as text, the column names first; at most 10,000.
func (f Frame) Rows() [][]string {
	f.at.t.Helper()
	e := f.element()
	if e.Kind == "table" {
		return e.table()
	}
	var p element.Dataframe
	if err := e.Props(&p); err != nil {
		f.at.t.Fatal(err)
	}
	for _, m := range e.more { // a grid that grew names its new rows
		_ = json.Unmarshal(m, &p.Data)
	}
	ctx, cancel := context.WithTimeout(context.Background(), max(f.at.timeout, time.Minute))
	defer cancel()
	_, blob, err := f.at.visit.Page(ctx, page.Request{Frame: p.Data.Ref, Limit: 10_000, Format: "csv"})
	if err != nil {
		f.at.t.Fatalf("read a shown frame: %v", err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(blob), "\ufeff"))).ReadAll()
	if err != nil {
		f.at.t.Fatalf("read a shown frame: %v", err)
	}
	return rows
}

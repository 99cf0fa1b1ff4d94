package core

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"stnb.dev/widgets/element"
	"stnb.dev/widgets/markdown"
	"stnb.dev/widgets/run"
)

// Container is a place of its own: fill it later, or out of order, or again. With
// Height it scrolls.
func (c *Container) Container(opts ...Option) *Container {
	s, p, o := c.start(opts)
	return s.putContainer(p, o, "container", element.Container{
		Border: o.border != nil && *o.border, Height: o.height, Horizontal: o.horizontal, Gap: s.oneOf(p, "st.Container", "Gap", o.gap, gaps...), AutoScroll: o.autoScroll,
	})
}

// Empty is a place for one element: what is put there replaces what was. Called
// on such a place, it clears it.
func (c *Container) Empty(opts ...Option) *Container {
	if c != nil && c.p != nil && c.p.Single {
		c.session().Clear(c.p)
		return c
	}
	s, p, o := c.start(opts)
	e := s.putContainer(p, o, "empty", element.Empty{})
	e.p.Single = true
	return e
}

// Columns are n containers side by side; Weights makes them of different width.
func (c *Container) Columns(n int, opts ...Option) []*Container {
	s, p, o := c.start(opts)
	if n < 1 || n > 100 {
		s.misuse(p, "st.Columns", "needs at least one column and at most 100, not %d", n)
		n = 1
	}
	w := o.weights
	for _, x := range w {
		if !(x > 0) || math.IsInf(x, 0) {
			s.misuse(p, "st.Columns", "has a weight that is not above zero")
			w = nil
		}
	}
	if w != nil && len(w) != n {
		s.misuse(p, "st.Columns", "has %d weights for %d columns", len(w), n)
		w = nil
	}
	if w == nil {
		w = make([]float64, n)
		for i := range w {
			w[i] = 1
		}
	}
	box := s.putContainer(p, o, "columns", element.Columns{
		Weights: w, Gap: s.oneOf(p, "st.Columns", "Gap", o.gap, gaps...), Align: s.oneOf(p, "st.Columns", "Align", o.align, "top", "center", "bottom"), Border: o.border != nil && *o.border,
	})
	out := make([]*Container, n)
	for i := range out {
		out[i] = s.putContainer(box.p, nil, "columnBox", element.ColumnBox{})
	}
	return out
}

// Tabs are containers of which one is shown.
func (c *Container) Tabs(labels ...string) []*Container { return c.TabsWith(labels) }

// TabsWith is Tabs with options: Key, Tracked and OnChange, and Value, the label of
// the tab that is shown at first.
func (c *Container) TabsWith(labels []string, opts ...Option) []*Container {
	s, p, o := c.start(opts)
	if len(labels) == 0 {
		s.misuse(p, "st.Tabs", "needs at least one label")
		return nil
	}
	plain := make([]string, len(labels))
	for i, l := range labels {
		plain[i] = markdown.Plain(l)
	}
	props := element.Tabs{Labels: plain}
	if len(o.value) > 0 {
		if props.Default = slices.Index(labels, s.label(o.value[0])); props.Default < 0 {
			s.misuse(p, "st.Tabs", "has st.Value(%s), which is no tab's label", s.label(o.value[0]))
			props.Default = 0
		}
	}
	el := run.El("tabs", props)
	shown := -1
	if o.tracks() {
		v, ok := s.Widget(p, run.Widget{
			Call: "st.Tabs", Kind: "tabs", Key: o.key, Params: []any{plain, props.Default}, Default: props.Default,
			Decode: func(raw json.RawMessage) (any, error) {
				i, err := decodeInt(raw)
				if err == nil && (i < 0 || i >= len(plain)) {
					err = fmt.Errorf("tab %d is not there", i)
				}
				return i, err
			},
			Fit: func(v any) (any, bool) {
				if label, ok := s.str(v); ok {
					i := slices.Index(labels, label)
					return i, i >= 0
				}
				i, ok := v.(int)
				return i, ok && i >= 0 && i < len(plain)
			},
			State:    func(v any) any { return labels[v.(int)] },
			OnChange: o.onChange, Persist: o.persist, Query: o.query, Labels: plain,
		})
		if ok {
			shown = v.Value.(int)
			props.Value, props.Rev = v.Shown.(int), v.Rev
			el = run.El("tabs", props)
			el.ID, el.Form, el.Fragment = v.ID, v.Form, v.Fragment
		}
	}
	el.Key = o.key
	box := s.PutContainer(p, el)
	out := make([]*Container, len(labels))
	for i := range out {
		out[i] = s.putContainer(box, nil, "tabBox", element.TabBox{})
		out[i].closed = shown >= 0 && shown != i
	}
	return out
}

// tracks says whether it is a value of the app what is open.
func (o *settings) tracks() bool { return o.tracked || o.onChange != nil || o.query != "" }

// Expander is a container that opens and closes.
func (c *Container) Expander(label string, opts ...Option) *Container {
	s, p, o := c.start(opts)
	props := element.Expander{Label: markdown.Plain(label), Expanded: o.expanded, Icon: s.icon(p, "st.Expander", o.icon)}
	return s.opening(p, o, "st.Expander", "expander", label, func(open bool, rev int) any {
		props.Expanded, props.Rev = open, rev
		return props
	})
}

// Popover is a button that opens a container over the page.
func (c *Container) Popover(label string, opts ...Option) *Container {
	s, p, o := c.start(opts)
	props := element.Popover{Label: markdown.Plain(label), Icon: s.icon(p, "st.Popover", o.icon), Disabled: o.disabled, Type: o.kind}
	return s.opening(p, o, "st.Popover", "popover", label, func(open bool, rev int) any {
		props.Open, props.Rev = open, rev
		return props
	})
}

// opening shows a container that people open and close; when it is tracked, it is
// a widget with a bool.
func (s *Session) opening(p *run.Place, o *settings, call, kind, label string, props func(open bool, rev int) any) *Container {
	if !o.tracks() {
		return s.putContainer(p, o, kind, props(o.expanded, 0))
	}
	v, ok := s.Widget(p, run.Widget{
		Call: call, Kind: kind, Label: label, Key: o.key, Params: []any{o.expanded}, Default: o.expanded, Decode: decodeBool,
		Fit: func(v any) (any, bool) {
			b, ok := s.boolean(v)
			return b, ok
		},
		OnChange: o.onChange, Disabled: o.disabled, Persist: o.persist, Query: o.query,
	})
	if !ok {
		return s.putContainer(p, o, kind, props(o.expanded, 0))
	}
	el := run.El(kind, props(v.Shown.(bool), v.Rev))
	el.ID, el.Key, el.Form, el.Fragment = v.ID, o.key, v.Form, v.Fragment
	return &Container{s: s, p: s.PutContainer(p, el), closed: v.Value == false}
}

// gaps are the sizes of the room between elements.
var gaps = []string{"none", "xxsmall", "xsmall", "small", "medium", "large"}

// Space is empty room: "small", "medium", "large", or a number of pixels.
func (c *Container) Space(size any, opts ...Option) *Element {
	s, p, o := c.start(opts)
	pixels, ok := map[string]int{"small": 12, "medium": 32, "large": 64}[fmt.Sprint(size)]
	if x, isNumber := s.number(size); isNumber && x >= 0 && x <= 10_000 {
		pixels, ok = int(x), true
	}
	if !ok {
		s.misuse(p, "st.Space", "is %s; it is small, medium, large or a number of pixels", s.label(size))
	}
	return s.put(p, o, "st.Space", "space", element.Space{Height: pixels})
}

// Skeleton is a grey place for something that is not there yet. In an Empty it
// goes when that something comes.
func (c *Container) Skeleton(opts ...Option) *Element {
	s, p, o := c.start(opts)
	h := o.height
	if h <= 0 {
		h = 80
	}
	return s.put(p, o, "st.Skeleton", "skeleton", element.Skeleton{Height: h})
}

// ChatMessage is one message of a chat: name is "user", "assistant" or a person's
// name.
func (c *Container) ChatMessage(name string, opts ...Option) *Container {
	s, p, o := c.start(opts)
	return s.putContainer(p, o, "chatMessage", element.ChatMessage{Name: name, Avatar: o.avatar})
}

// Form is a container whose widgets send their values together, when its
// SubmitButton is pressed. body fills it; it may be nil.
func (c *Container) Form(key string, body func(*Container), opts ...Option) *Container {
	s, p, o := c.start(opts)
	id, why := s.StartForm(p, key, o.clearSubmit)
	if why != "" {
		s.misuse(p, "st.Form("+quote(key)+")", "%s", why)
		box := s.putContainer(p, nil, "container", element.Container{})
		if body != nil {
			s.With(box.p, func() { body(box) })
		}
		return box
	}
	el := run.El("form", element.Form{Border: o.border == nil || *o.border, ClearOnSubmit: o.clearSubmit, EnterSubmits: !o.noEnter})
	el.ID, el.Key = id, o.key
	box := &Container{s: s, p: s.PutContainer(p, el)}
	s.FormBox(id, box.p)
	if body != nil {
		s.With(box.p, func() { body(box) })
	}
	return box
}

// Fragment is a part that runs again by itself: using one of its widgets runs
// just body, not the notebook. With RunEvery it runs again and again.
func (c *Container) Fragment(body func(), opts ...Option) {
	s, p, o := c.start(opts)
	if o.every < 0 {
		s.misuse(p, "st.Fragment", "has a negative st.RunEvery")
		o.every = 0
	}
	if !s.has(p, "st.Fragment", body != nil) {
		return
	}
	s.StartFragment(p, run.El("fragmentBox", element.FragmentBox{RunEvery: int(o.every.Milliseconds())}), body)
}

// Dialog opens a window over the page, filled by body. Using its widgets runs just
// body again; Rerun closes it.
func (c *Container) Dialog(title string, body func(), opts ...Option) {
	s, p, o := c.start(opts)
	if s.InDialog() {
		s.misuse(p, "st.Dialog("+quote(title)+")", "opens within another dialog: one is open at a time")
		return
	}
	if !s.has(p, "st.Dialog("+quote(title)+")", body != nil) {
		return
	}
	el := run.El("dialog", element.Dialog{Title: markdown.Plain(title), Width: o.width, Dismissible: o.dismissible == nil || *o.dismissible})
	s.StartFragment(run.Root(element.Event), el, body)
}

// Status is a box that tells how a long task goes. body does the task and may
// show its steps in the box; when it returns, the state becomes "complete", or
// "error" when it panics, unless Update said otherwise.
func (c *Container) Status(label string, body func(*StatusBox), opts ...Option) *StatusBox {
	s, p, o := c.start(opts)
	st := &StatusBox{props: element.Status{Label: markdown.Plain(label), State: "running", Expanded: o.expanded}}
	if o.state != "" {
		st.props.State = st.check(s, p, o.state)
	}
	el := run.El("status", st.props)
	el.Key = o.key
	st.Container = &Container{s: s, p: s.PutContainer(p, el)}
	st.path, st.key = st.p.Path, o.key
	if body == nil {
		return st
	}
	done := false
	defer func() {
		if !done && st.props.State == "running" && !s.Stopped() {
			st.Update(StatusState("error"))
		}
	}()
	s.With(st.p, func() { body(st) })
	done = true
	if st.props.State == "running" {
		st.Update(StatusState("complete"))
	}
	return st
}

// StatusBox is a status: a container whose label and state can change.
type StatusBox struct {
	*Container
	path  element.Path
	key   string
	props element.Status
}

func (b *StatusBox) check(s *Session, p *run.Place, state string) string {
	switch state {
	case "running", "complete", "error":
		return state
	}
	s.misuse(p, "st.Status", "has the state %q; it is running, complete or error", state)
	return "running"
}

// Update changes what is given of As, StatusState and Expanded, and leaves
// the rest.
func (b *StatusBox) Update(opts ...Option) {
	s, o := b.session(), apply(opts)
	if o.label != "" {
		b.props.Label = markdown.Plain(o.label)
	}
	if o.state != "" {
		b.props.State = b.check(s, b.p, o.state)
	}
	if o.hasExpanded {
		b.props.Expanded = o.expanded
	}
	el := run.El("status", b.props)
	el.Key = b.key
	s.Update(b.path, el)
}

// Progress is a bar: v is an int from 0 to 100 or a float from 0 to 1.
func (c *Container) Progress(v any, text ...string) *ProgressBar {
	s, p, _ := c.start(nil)
	b := &ProgressBar{Element: &Element{s: s, p: p, kind: "progress", call: "st.Progress"}}
	props, ok := b.props(v, text)
	if !ok {
		return b
	}
	b.path = s.put(p, nil, "st.Progress", "progress", props).path
	return b
}

// ProgressBar is a bar that can move.
type ProgressBar struct{ *Element }

// Progress moves the bar.
func (b *ProgressBar) Progress(v any, text ...string) {
	props, ok := b.props(v, text)
	if !ok {
		return
	}
	if b.path == "" {
		b.path = b.s.put(b.p, nil, b.call, "progress", props).path
		return
	}
	b.s.Reput(b.path, run.El("progress", props))
}

func (b *ProgressBar) props(v any, text []string) (element.Progress, bool) {
	s := b.s
	x, ok := s.number(v)
	r := s.Host.Value(v)
	whole := ok && (r.CanInt() || r.CanUint())
	if whole {
		x /= 100
	}
	const slack = 1e-9
	if !ok || !(x >= -slack && x <= 1+slack) {
		s.misuse(b.p, "st.Progress", "is %s; it is an int from 0 to 100 or a float from 0 to 1", s.label(v))
		return element.Progress{}, false
	}
	out := element.Progress{Value: math.Max(0, math.Min(1, x))}
	if len(text) > 0 {
		out.HTML, _ = markdown.Inline(strings.Join(text, " "))
	}
	return out, true
}

// Spinner shows that something takes time while body runs, and goes when it
// returns.
func (c *Container) Spinner(text string, body func(), opts ...Option) {
	s, p, o := c.start(opts)
	if !s.has(p, "st.Spinner("+quote(text)+")", body != nil) {
		return
	}
	html, _ := markdown.Inline(text)
	e := s.put(p, o, "st.Spinner", "spinner", element.Spinner{HTML: html, ShowTime: o.showTime})
	defer func() {
		if !s.Stopped() {
			e.Empty()
		}
	}()
	body()
}

// Toast is a message that goes by itself after four seconds.
func (c *Container) Toast(text string, opts ...Option) *ToastMessage {
	s, _, o := c.start(opts)
	t := &ToastMessage{Element: &Element{s: s, p: run.Root(element.Event), kind: "toast", call: "st.Toast"}}
	t.show(text, o)
	return t
}

// ToastMessage is a message that can change.
type ToastMessage struct{ *Element }

// Toast changes the message.
func (t *ToastMessage) Toast(text string, opts ...Option) { t.show(text, apply(opts)) }

func (t *ToastMessage) show(text string, o *settings) {
	s := t.s
	if strings.TrimSpace(text) == "" {
		s.misuse(nil, "st.Toast", "needs a text")
		return
	}
	if s.cached() {
		s.misuse(nil, "st.Toast", "cannot be shown by a cached func: it would come again with every hit")
		return
	}
	html, _ := markdown.Inline(text)
	props := element.Toast{HTML: html, Icon: s.icon(nil, "st.Toast", o.icon), Seconds: o.seconds}
	if t.path == "" {
		t.path = s.put(t.p, o, "st.Toast", "toast", props).path
		return
	}
	s.Reput(t.path, run.El("toast", props))
}

// Balloons rise.
func (c *Container) Balloons() { c.celebrate(false) }

// Snow falls.
func (c *Container) Snow() { c.celebrate(true) }

func (c *Container) celebrate(snow bool) {
	s := c.session()
	s.put(run.Root(element.Event), nil, "st.Balloons", "balloons", element.Balloons{Snow: snow, N: int(s.RunNumber())})
}

// WriteStream writes text as it comes, from a func that calls write with each
// piece, and returns all of it.
func (c *Container) WriteStream(produce func(write func(string))) string {
	s, p, _ := c.start(nil)
	if !s.has(p, "st.WriteStream", produce != nil) {
		return ""
	}
	var all strings.Builder
	var e *Element
	shown := 0
	produce(func(piece string) {
		s.Check()
		all.WriteString(piece)
		// Markup may reach over pieces: the text is rendered as a whole, but not
		// for every letter of a long one.
		if e != nil && all.Len()-shown < all.Len()/50 {
			return
		}
		shown = all.Len()
		e = s.stream(p, e, all.String())
	})
	if e == nil || shown < all.Len() {
		s.stream(p, e, all.String())
	}
	return all.String()
}

func (s *Session) stream(p *run.Place, e *Element, text string) *Element {
	html, math := markdown.Render(text)
	props := element.Markdown{HTML: html, Math: math}
	if e == nil {
		return s.put(p, nil, "st.WriteStream", "markdown", props)
	}
	s.Reput(e.path, run.El("markdown", props))
	return e
}

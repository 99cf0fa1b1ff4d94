package core

import (
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"strings"

	"stnb.dev/widgets/element"
	"stnb.dev/widgets/run"
)

// pressed decodes a click: it says nothing but that it happened.
func pressed(json.RawMessage) (any, error) { return true, nil }

// Button is true in the run that its click causes, and false in every other.
func (c *Container) Button(label string, opts ...Option) bool {
	return c.button("st.Button", label, false, opts)
}

// SubmitButton submits the form it is in: the form's widgets get their values, and
// it is true in that run.
func (c *Container) SubmitButton(label string, opts ...Option) bool {
	return c.button("SubmitButton", label, true, opts)
}

func (c *Container) button(call, label string, submit bool, opts []Option) bool {
	s, p, o := c.start(opts)
	v, ok := s.Widget(p, run.Widget{
		Call: call, Kind: "button", Label: label, Key: o.key, Params: []any{submit, o.kind},
		Trigger: true, Submit: submit, Default: false, Decode: pressed, OnChange: o.onChange,
		Disabled: o.disabled, ReadOnly: true,
	})
	if !ok {
		return false
	}
	s.putWidget(p, o, "button", element.Button{
		Widget: o.widgetProps(label), Type: o.kind, Icon: s.icon(p, call+"("+quote(label)+")", o.icon), Submit: submit, Shortcut: o.shortcut,
	}, v)
	return v.Value == true
}

// DownloadButton saves data to the visitor's disk: bytes, text, a reader, or a
// func() []byte that runs when somebody clicks. It is true in the run of a click;
// with NoRerun a click runs nothing.
func (c *Container) DownloadButton(label string, data any, opts ...Option) bool {
	s, p, o := c.start(opts)
	name := o.fileName
	if name == "" {
		name = "download.txt"
	}
	id, err := s.keepAny("download", data, o.mime, name)
	if err != nil {
		s.misuse(p, "st.DownloadButton("+quote(label)+")", "%v", err)
		return false
	}
	v, ok := s.Widget(p, run.Widget{
		Call: "st.DownloadButton", Kind: "downloadButton", Label: label, Key: o.key, Params: []any{name},
		Trigger: true, Default: false, Decode: pressed, OnChange: o.onChange, Disabled: o.disabled, ReadOnly: true,
	})
	if !ok {
		return false
	}
	s.putWidget(p, o, "downloadButton", element.DownloadButton{
		Widget: o.widgetProps(label), Type: o.kind, Icon: s.icon(p, "st.DownloadButton("+quote(label)+")", o.icon), URL: id, File: name, Quiet: o.quiet,
	}, v)
	return v.Value == true
}

// MenuIndex is a button that opens a menu of the options. It returns the index of
// the one chosen in the run of that choice, and -1 in every other.
func (c *Container) MenuIndex(label string, values []any, opts ...Option) int {
	s, p, o := c.start(opts)
	l := s.options(values)
	v, ok := s.Widget(p, run.Widget{
		Call: "st.MenuButton", Kind: "menuButton", Label: label, Key: o.key, Params: []any{l.labels, o.kind},
		Trigger: true, Default: -1,
		Decode: func(raw json.RawMessage) (any, error) {
			i, err := l.one(raw, false, false)
			return i.Index, err
		},
		OnChange: o.onChange, Disabled: o.disabled, ReadOnly: true,
	})
	if !ok {
		return -1
	}
	s.putWidget(p, o, "menuButton", element.MenuButton{
		Widget: o.widgetProps(label), Type: o.kind, Icon: s.icon(p, "st.MenuButton("+quote(label)+")", o.icon), Options: l.labels,
	}, v)
	return v.Value.(int)
}

// Pagination lets people turn pages; it is the page's number, from 1 to pages.
func (c *Container) Pagination(pages int, opts ...Option) int {
	s, p, o := c.start(opts)
	if pages < 1 {
		s.misuse(p, "st.Pagination", "has %d pages; it needs at least one", pages)
		pages = 1
	}
	def := 1
	if len(o.value) > 0 {
		x, ok := s.number(o.value[0])
		if !ok || x < 1 || x > float64(pages) || x != float64(int(x)) {
			s.misuse(p, "st.Pagination", "has st.Value(%s), which is not within 1 to %d", s.label(o.value[0]), pages)
		} else {
			def = int(x)
		}
	}
	v, ok := s.Widget(p, run.Widget{
		Call: "st.Pagination", Kind: "pagination", Key: o.key, Params: []any{def}, Default: def,
		Decode: func(raw json.RawMessage) (any, error) {
			i, err := decodeInt(raw)
			if err == nil && (i < 1 || i > pages) {
				err = fmt.Errorf("page %d is not there", i)
			}
			return i, err
		},
		// With fewer pages than before, people are on the last.
		Fit: func(v any) (any, bool) {
			x, ok := s.number(v)
			return min(max(int(x), 1), pages), ok
		},
		OnChange: o.onChange, Disabled: o.disabled, Persist: o.persist, Query: o.query,
	})
	if !ok {
		return def
	}
	s.putWidget(p, o, "pagination", element.Pagination{Widget: o.widgetProps(""), Pages: pages, Value: v.Shown.(int), Rev: v.Rev}, v)
	return v.Value.(int)
}

// LinkButton opens a page elsewhere.
func (c *Container) LinkButton(label, link string, opts ...Option) *Element {
	s, p, o := c.start(opts)
	if !safeURL(link) {
		s.misuse(p, "st.LinkButton("+quote(label)+")", "leads to %q; a link is http, https, mailto or a path", link)
		return &Element{s: s, p: p}
	}
	return s.put(p, o, "st.LinkButton", "linkButton", element.LinkButton{
		Widget: o.widgetProps(label), Type: o.kind, Icon: s.icon(p, "st.LinkButton("+quote(label)+")", o.icon), URL: link,
	})
}

// safeURL says whether a link can do no more than lead somewhere.
func safeURL(link string) bool {
	for _, r := range link {
		if r < 0x20 || r == 0x7f {
			return false
		}
	}
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil {
		return false
	}
	switch strings.ToLower(u.Scheme) {
	case "", "http", "https", "mailto", "tel":
		return true
	}
	return false
}

// Checkbox is a box to tick.
func (c *Container) Checkbox(label string, opts ...Option) bool {
	return c.checkbox("st.Checkbox", label, false, opts)
}

// Toggle is a switch.
func (c *Container) Toggle(label string, opts ...Option) bool {
	return c.checkbox("st.Toggle", label, true, opts)
}

func (c *Container) checkbox(call, label string, toggle bool, opts []Option) bool {
	s, p, o := c.start(opts)
	def := false
	if len(o.value) > 0 {
		b, ok := s.boolean(o.value[0])
		if !ok {
			s.misuse(p, call+"("+quote(label)+")", "has a st.Value that is no bool")
		}
		def = b
	}
	v, ok := s.Widget(p, run.Widget{
		Call: call, Kind: "checkbox", Label: label, Key: o.key, Params: []any{toggle, def}, Default: def,
		Decode: decodeBool,
		Fit: func(v any) (any, bool) {
			b, ok := s.boolean(v)
			return b, ok
		},
		OnChange: o.onChange, Disabled: o.disabled, Persist: o.persist, Query: o.query,
	})
	if !ok {
		return def
	}
	s.putWidget(p, o, "checkbox", element.Checkbox{Widget: o.widgetProps(label), Value: v.Shown.(bool), Toggle: toggle, Rev: v.Rev}, v)
	return v.Value.(bool)
}

func (s *Session) boolean(v any) (bool, bool) {
	r := s.Host.Value(v)
	if !r.IsValid() || r.Kind().String() != "bool" {
		return false, false
	}
	return r.Bool(), true
}

// ChatInput is a line for messages at the foot of the page, or in the container it
// is called on. It returns the message in the run that sending it causes, and ""
// in every other.
func (c *Container) ChatInput(placeholder string, opts ...Option) string {
	s, p, o := c.start(opts)
	if p == nil && s.AtTop() {
		p = run.Root(element.Bottom)
	}
	v, ok := s.Widget(p, run.Widget{
		Call: "st.ChatInput", Kind: "chatInput", Label: placeholder, Key: o.key, Params: []any{o.maxChars},
		Trigger: true, Default: "", Decode: decodeText(o.maxChars), OnChange: o.onChange, Disabled: o.disabled, ReadOnly: true,
	})
	if !ok {
		return ""
	}
	s.putWidget(p, o, "chatInput", element.ChatInput{Widget: o.widgetProps(""), Placeholder: placeholder, MaxChars: o.maxChars}, v)
	return v.Value.(string)
}

// Feedback lets people rate: "thumbs" (0, 1), "faces" (0 to 4) or "stars" (0 to
// 4). It is -1 until they do.
func (c *Container) Feedback(kind string, opts ...Option) int {
	s, p, o := c.start(opts)
	n := map[string]int{"thumbs": 2, "faces": 5, "stars": 5}[kind]
	if n == 0 {
		s.misuse(p, "st.Feedback("+quote(kind)+")", "is unknown; there are thumbs, faces and stars")
		return -1
	}
	def := -1
	if len(o.value) > 0 {
		if x, ok := s.number(o.value[0]); ok && x >= 0 && x < float64(n) && x == math.Trunc(x) {
			def = int(x)
		} else if o.value[0] != nil {
			s.misuse(p, "st.Feedback("+quote(kind)+")", "has st.Value(%s); it is a whole number from 0 to %d", s.label(o.value[0]), n-1)
		}
	}
	v, ok := s.Widget(p, run.Widget{
		Call: "st.Feedback", Kind: "feedback", Label: kind, Key: o.key, Params: []any{def}, Default: def,
		Decode: func(raw json.RawMessage) (any, error) {
			i, err := decodeInt(raw)
			if err != nil || i < -1 || i >= n {
				return nil, fmt.Errorf("is not among the %d choices", n)
			}
			return i, nil
		},
		Fit: func(v any) (any, bool) {
			x, ok := s.number(v)
			return int(x), ok && x >= -1 && int(x) < n
		},
		OnChange: o.onChange, Disabled: o.disabled, Persist: o.persist, Query: o.query,
	})
	if !ok {
		return def
	}
	s.putWidget(p, o, "feedback", element.Feedback{Widget: o.widgetProps(""), Type: kind, Value: v.Shown.(int), Rev: v.Rev}, v)
	return v.Value.(int)
}

// isNull says whether a browser sent nothing, which json would take for a zero.
func isNull(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

func decodeBool(raw json.RawMessage) (any, error) {
	var b bool
	if isNull(raw) || json.Unmarshal(raw, &b) != nil {
		return nil, fmt.Errorf("is no bool")
	}
	return b, nil
}

func decodeInt(raw json.RawMessage) (int, error) {
	var f float64
	if err := json.Unmarshal(raw, &f); err != nil || f != float64(int(f)) || isNull(raw) {
		return 0, fmt.Errorf("is no whole number")
	}
	return int(f), nil
}

package core

import (
	"cmp"
	"encoding/json"
	"strings"

	"stnb.dev/widgets/element"
	"stnb.dev/widgets/markdown"
	"stnb.dev/widgets/run"
)

func (c *Container) markdown(call, style, text string, opts []Option) *Element {
	s, p, o := c.start(opts)
	html, math := markdown.Render(text)
	if style != "" {
		html, _ = markdown.Inline(text)
	}
	anchor := o.anchor
	if anchor == "" && style != "" && style != "caption" {
		anchor = slug(markdown.Plain(text))
	}
	return s.put(p, o, call, "markdown", element.Markdown{
		HTML: html, Style: style, Anchor: anchor, Help: o.help, Divider: s.oneOf(p, call, "Underline", o.line, colours...), Math: math,
	})
}

// colours are the names of those that suit a page, light and dark.
var colours = []string{"red", "orange", "yellow", "green", "blue", "violet", "gray", "grey", "rainbow", "primary"}

// slug is a heading's name in links.
func slug(text string) string {
	var b strings.Builder
	dash := false
	for _, r := range strings.ToLower(text) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 127 {
			if dash && b.Len() > 0 {
				b.WriteByte('-')
			}
			b.WriteRune(r)
			dash = false
		} else {
			dash = true
		}
	}
	return b.String()
}

// Title is the page's heading.
func (c *Container) Title(text string, opts ...Option) *Element {
	return c.markdown("st.Title", "title", text, opts)
}

// Header is a large heading.
func (c *Container) Header(text string, opts ...Option) *Element {
	return c.markdown("st.Header", "header", text, opts)
}

// Subheader is a smaller heading.
func (c *Container) Subheader(text string, opts ...Option) *Element {
	return c.markdown("st.Subheader", "subheader", text, opts)
}

// Caption is small grey text.
func (c *Container) Caption(text string, opts ...Option) *Element {
	return c.markdown("st.Caption", "caption", text, opts)
}

// Markdown is text with markup: GitHub's flavour, :red[colours], :material/icons:,
// emoji :rocket: and $formulas$.
func (c *Container) Markdown(text string, opts ...Option) *Element {
	return c.markdown("st.Markdown", "", text, opts)
}

// Text is text as it is, without markup, in a fixed-width font.
func (c *Container) Text(text string, opts ...Option) *Element {
	s, p, o := c.start(opts)
	return s.put(p, o, "st.Text", "text", element.Text{Text: text})
}

// Code is source text, coloured; Language names the language ("go" if left out).
func (c *Container) Code(text string, opts ...Option) *Element {
	s, p, o := c.start(append([]Option{Language("go")}, opts...))
	return s.put(p, o, "st.Code", "code", element.Code{Text: text, Language: o.language, LineNumbers: o.lineNumbers})
}

// Latex is one formula in TeX.
func (c *Container) Latex(tex string, opts ...Option) *Element {
	s, p, o := c.start(opts)
	return s.put(p, o, "st.Latex", "latex", element.Latex{Text: tex})
}

// Divider is a line across.
func (c *Container) Divider(opts ...Option) *Element {
	s, p, o := c.start(opts)
	return s.put(p, o, "st.Divider", "divider", element.Divider{})
}

// Badge is a small coloured label; Color and Icon are its options.
func (c *Container) Badge(label string, opts ...Option) *Element {
	s, p, o := c.start(opts)
	color := s.oneOf(p, "st.Badge", "Color", o.color, colours...)
	return s.put(p, o, "st.Badge", "badge", element.Badge{Label: label, Color: cmp.Or(color, "blue"), Icon: s.icon(p, "st.Badge", o.icon)})
}

// HTML shows HTML of the author's own in a frame that cannot reach the page: its
// scripts run, but see neither cookies nor anything around them.
func (c *Container) HTML(html string, opts ...Option) *Element {
	s, p, o := c.start(opts)
	return s.put(p, o, "st.HTML", "html", element.Html{Src: s.keep("html", []byte(html), "text/html; charset=utf-8", ""), Height: o.height})
}

// JSON shows a value as a JSON tree: text that is JSON already, or any value that
// encoding/json can write.
func (c *Container) JSON(v any, opts ...Option) *Element {
	s, p, o := c.start(append([]Option{Levels(2)}, opts...))
	var raw json.RawMessage
	switch x := v.(type) {
	case string:
		raw = json.RawMessage(x)
	case []byte:
		raw = x
	case json.RawMessage:
		raw = x
	default:
		b, err := s.encodeJSON(v)
		if err != nil {
			s.misuse(p, "st.JSON", "cannot show a %T as JSON: %v", v, err)
			return &Element{}
		}
		raw = b
	}
	if !json.Valid(raw) {
		s.misuse(p, "st.JSON", "got text that is no JSON")
		return &Element{}
	}
	return s.put(p, o, "st.JSON", "json", element.Json{Value: raw, Expanded: o.levels})
}

func (s *Session) encodeJSON(v any) (json.RawMessage, error) {
	return json.Marshal(s.bare(v))
}

// Metric is a number in large type, with its change if Delta is given. v is text
// or a number.
func (c *Container) Metric(label string, v any, opts ...Option) *Element {
	s, p, o := c.start(opts)
	m := element.Metric{Label: markdown.Plain(label), Value: s.metric(v), Help: o.help, DeltaColor: o.deltaColor, Border: o.border != nil && *o.border}
	if o.delta != nil {
		m.Delta = s.metric(o.delta)
	}
	switch o.deltaColor {
	case "", "normal", "inverse", "off":
	default:
		s.misuse(p, "st.Metric("+quote(label)+")", "has st.DeltaColor(%q); it is normal, inverse or off", o.deltaColor)
	}
	return s.put(p, o, "st.Metric", "metric", m)
}

// metric writes a number the way people do: 1,234,567.89.
func (s *Session) metric(v any) string {
	if v == nil {
		return "—"
	}
	if t, ok := v.(string); ok {
		return t
	}
	switch x := v.(type) {
	case int:
		return grouped(x)
	case int64:
		return grouped(int(x))
	}
	return s.inline(v)
}

// Alerts.

func (c *Container) alert(call, kind, text string, opts []Option) *Element {
	s, p, o := c.start(opts)
	html, _ := markdown.Render(text)
	return s.put(p, o, call, "alert", element.Alert{Type: kind, HTML: html, Icon: s.icon(p, call, o.icon)})
}

// Success says that something went well.
func (c *Container) Success(text string, opts ...Option) *Element {
	return c.alert("st.Success", "success", text, opts)
}

// Info says something worth knowing.
func (c *Container) Info(text string, opts ...Option) *Element {
	return c.alert("st.Info", "info", text, opts)
}

// Warning says that something may be wrong.
func (c *Container) Warning(text string, opts ...Option) *Element {
	return c.alert("st.Warning", "warning", text, opts)
}

// Error says that something is wrong.
func (c *Container) Error(text string, opts ...Option) *Element {
	return c.alert("st.Error", "error", text, opts)
}

// Exception shows an error value with what it wraps.
func (c *Container) Exception(err error, opts ...Option) *Element {
	s, p, o := c.start(opts)
	if err == nil {
		return &Element{s: s, p: p}
	}
	return s.put(p, o, "st.Exception", "error", element.Error{Kind: "error", Message: err.Error()})
}

// icon checks an icon: an emoji or ":material/name:".
func (s *Session) icon(p *run.Place, call, icon string) string {
	if icon == "" {
		return ""
	}
	if name, ok := strings.CutPrefix(icon, ":material/"); ok {
		if name, ok = strings.CutSuffix(name, ":"); ok && markdown.IsIcon(name) {
			return icon
		}
		s.misuse(p, call, "has st.Icon(%q), which is not among the icons of a page: give an emoji such as \"🚀\", or one of %s", icon, strings.Join(markdown.Icons, ", "))
		return ""
	}
	if strings.HasPrefix(icon, ":") && strings.HasSuffix(icon, ":") {
		if html, _ := markdown.Inline(icon); !strings.HasPrefix(html, ":") {
			return html
		}
	}
	for _, r := range icon {
		if r > 0x200 && len(icon) <= 40 {
			return icon
		}
	}
	s.misuse(p, call, "has st.Icon(%q), which is no icon: give an emoji such as \"🚀\", or \":material/home:\"", icon)
	return ""
}

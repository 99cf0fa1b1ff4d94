package core

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"stnb.dev/widgets/element"
	"stnb.dev/widgets/run"
)

// maxText bounds what a visitor may type into one field, bytes.
const maxText = 4 << 20

// decodeText reads a text of a browser; most bounds its characters, 0 is no bound.
func decodeText(most int) func(json.RawMessage) (any, error) {
	return func(raw json.RawMessage) (any, error) {
		var t string
		if len(raw) > maxText {
			return nil, fmt.Errorf("is longer than %d bytes", maxText)
		}
		if isNull(raw) || json.Unmarshal(raw, &t) != nil {
			return nil, fmt.Errorf("is no text")
		}
		if most > 0 && utf8.RuneCountInString(t) > most {
			return nil, fmt.Errorf("has more than %d characters", most)
		}
		return t, nil
	}
}

// TextInput is a line of text.
func (c *Container) TextInput(label string, opts ...Option) string {
	return c.text("st.TextInput", "textInput", label, opts, func(s *Session, p *run.Place, o *settings, v run.Value) any {
		return element.TextInput{
			Widget: o.widgetProps(label), Value: v.Shown.(string), Placeholder: o.placeholder, MaxChars: o.maxChars,
			Password: o.password, Autocomplete: o.complete, Icon: s.icon(p, "st.TextInput", o.icon), Rev: v.Rev,
		}
	})
}

// TextArea is a text of several lines.
func (c *Container) TextArea(label string, opts ...Option) string {
	return c.text("st.TextArea", "textArea", label, opts, func(s *Session, p *run.Place, o *settings, v run.Value) any {
		return element.TextArea{
			Widget: o.widgetProps(label), Value: v.Shown.(string), Placeholder: o.placeholder, MaxChars: o.maxChars,
			Height: o.height, Rev: v.Rev,
		}
	})
}

func (c *Container) text(call, kind, label string, opts []Option, props func(*Session, *run.Place, *settings, run.Value) any) string {
	s, p, o := c.start(opts)
	def := ""
	if len(o.value) > 0 && o.value[0] != nil {
		t, ok := s.str(o.value[0])
		if !ok {
			s.misuse(p, call+"("+quote(label)+")", "has a st.Value that is no string")
		}
		def = t
	}
	if o.maxChars > 0 && utf8.RuneCountInString(def) > o.maxChars {
		s.misuse(p, call+"("+quote(label)+")", "starts with more than st.MaxChars(%d) characters", o.maxChars)
		def = ""
	}
	most := o.maxChars // what a widget keeps must not hold all options
	v, ok := s.Widget(p, run.Widget{
		Call: call, Kind: kind, Label: label, Key: o.key, Params: []any{def, o.maxChars, o.placeholder, o.password},
		Default: def, Decode: decodeText(o.maxChars),
		Fit: func(v any) (any, bool) {
			t, ok := s.str(v)
			return t, ok && (most == 0 || utf8.RuneCountInString(t) <= most)
		},
		OnChange: o.onChange, Disabled: o.disabled, Persist: o.persist, Query: o.query,
	})
	if !ok {
		return def
	}
	s.putWidget(p, o, kind, props(s, p, o, v), v)
	return v.Value.(string)
}

func (s *Session) str(v any) (string, bool) {
	if t, ok := v.(string); ok {
		return t, true
	}
	r := s.Host.Value(v)
	if r.IsValid() && r.Kind().String() == "string" {
		return r.String(), true
	}
	return "", false
}

// ColorPicker is a colour, "#rrggbb".
func (c *Container) ColorPicker(label string, opts ...Option) string {
	s, p, o := c.start(opts)
	def := "#000000"
	if len(o.value) > 0 {
		t, ok := s.str(o.value[0])
		if !ok || !isHex(t) {
			s.misuse(p, "st.ColorPicker("+quote(label)+")", "has a st.Value that is no colour such as \"#00ff88\"")
		} else {
			def = t
		}
	}
	v, ok := s.Widget(p, run.Widget{
		Call: "st.ColorPicker", Kind: "colorPicker", Label: label, Key: o.key, Params: []any{def}, Default: def,
		Decode: func(raw json.RawMessage) (any, error) {
			var t string
			if json.Unmarshal(raw, &t) != nil || !isHex(t) {
				return nil, fmt.Errorf("is no colour")
			}
			return t, nil
		},
		Fit: func(v any) (any, bool) {
			t, ok := s.str(v)
			return t, ok && isHex(t)
		},
		OnChange: o.onChange, Disabled: o.disabled, Persist: o.persist, Query: o.query,
	})
	if !ok {
		return def
	}
	s.putWidget(p, o, "colorPicker", element.ColorPicker{Widget: o.widgetProps(label), Value: v.Shown.(string), Rev: v.Rev}, v)
	return v.Value.(string)
}

func isHex(t string) bool { return len(t) == 7 && t[0] == '#' && isColor(t) }

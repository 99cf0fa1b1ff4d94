package core

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"stnb.dev/widgets/element"
	"stnb.dev/widgets/run"
)

// choice is a chosen option: its place in the list and its label, by which it is
// found again when the list has changed. Index -1 is nothing, -2 a typed text.
type choice struct {
	Index int
	Label string
}

var nothing = choice{Index: -1}

// options are the options of one call.
type options struct {
	s      *Session
	values []any
	labels []string
}

func (s *Session) options(values []any) *options {
	l := &options{s: s, values: values, labels: make([]string, len(values))}
	for i, v := range values {
		l.labels[i] = s.label(v)
	}
	return l
}

// label is an option's text; the nil option reads "None".
func (s *Session) label(v any) string {
	if t, ok := v.(string); ok {
		return t
	}
	if v == nil {
		return "None"
	}
	return s.Host.Label(v)
}

func (l *options) at(i int) choice { return choice{i, l.labels[i]} }

// refit finds an earlier choice in the list as it is now.
func (l *options) refit(c choice) (choice, bool) {
	if c.Index == -1 {
		return c, true
	}
	if c.Index >= 0 && c.Index < len(l.labels) && l.labels[c.Index] == c.Label {
		return c, true
	}
	if i := slices.Index(l.labels, c.Label); i >= 0 {
		return l.at(i), true
	}
	return nothing, false
}

// find finds a value of user code in the list: an equal one, else one that reads
// the same.
func (l *options) find(v any) (choice, bool) {
	if c, ok := v.(choice); ok {
		return l.refit(c)
	}
	r := l.s.Host.Value(v)
	if r.IsValid() && r.CanInterface() {
		for i, o := range l.values {
			x := l.s.Host.Value(o)
			if x.IsValid() && x.CanInterface() && x.Type() == r.Type() && reflect.DeepEqual(x.Interface(), r.Interface()) {
				return l.at(i), true
			}
		}
	}
	if i := slices.Index(l.labels, l.s.label(v)); i >= 0 {
		return l.at(i), true
	}
	return nothing, false
}

// state is a choice as session state shows it: the option itself.
func (l *options) state(c choice) any {
	switch {
	case c.Index >= 0 && c.Index < len(l.values):
		return l.values[c.Index]
	case c.Index == -2:
		return c.Label
	}
	return nil
}

// one decodes an index.
func (l *options) one(raw json.RawMessage, empty, text bool) (choice, error) {
	if text && len(raw) > 0 && raw[0] == '"' {
		v, err := decodeText(10_000)(raw)
		if err != nil {
			return nothing, err
		}
		if i := slices.Index(l.labels, v.(string)); i >= 0 {
			return l.at(i), nil
		}
		return choice{-2, v.(string)}, nil
	}
	i, err := decodeInt(raw)
	if err != nil {
		return nothing, err
	}
	if i == -1 && empty {
		return nothing, nil
	}
	if i < 0 || i >= len(l.labels) {
		return nothing, fmt.Errorf("option %d is not there", i)
	}
	return l.at(i), nil
}

// many decodes a list of indexes.
func (l *options) many(raw json.RawMessage, most int) ([]choice, error) {
	var list []float64
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, fmt.Errorf("is no list of options")
	}
	if most > 0 && len(list) > most {
		return nil, fmt.Errorf("has more than %d options", most)
	}
	seen := map[int]bool{}
	out := []choice{}
	for _, f := range list {
		i := int(f)
		if float64(i) != f || i < 0 || i >= len(l.labels) || seen[i] {
			return nil, fmt.Errorf("option %v is not there", f)
		}
		seen[i] = true
		out = append(out, l.at(i))
	}
	return out, nil
}

// first is the choice a single-choice widget starts with.
func (l *options) first(p *run.Place, call, label string, o *settings, empty bool) choice {
	if len(o.value) > 0 {
		if len(o.value) == 1 && o.value[0] == nil {
			return nothing
		}
		c, ok := l.find(o.value[0])
		if !ok {
			l.s.misuse(p, call+"("+quote(label)+")", "has st.Value(%s), which is not among its options", l.s.label(o.value[0]))
		}
		if ok {
			return c
		}
	}
	if empty || len(l.values) == 0 {
		return nothing
	}
	return l.at(0)
}

// SelectIndex is a select box of any values; it returns the index of the chosen
// one, -1 when nothing is chosen. With empty, it starts with nothing chosen.
func (c *Container) SelectIndex(label string, values []any, empty bool, opts ...Option) int {
	i, _ := c.selectbox(label, values, empty, opts)
	return i
}

// SelectText is a select box of texts in which people can also type.
func (c *Container) SelectText(label string, values []string, opts ...Option) string {
	list := make([]any, len(values))
	for i, v := range values {
		list[i] = v
	}
	_, text := c.selectbox(label, list, false, append(opts, AcceptNew()))
	return text
}

func (c *Container) selectbox(label string, values []any, empty bool, opts []Option) (int, string) {
	s, p, o := c.start(opts)
	l := s.options(values)
	def := l.first(p, "st.Selectbox", label, o, empty)
	empty = empty || def.Index == -1 && len(values) > 0
	typed := o.acceptNew // what a widget keeps must not hold all options
	v, ok := s.Widget(p, run.Widget{
		Call: "st.Selectbox", Kind: "selectbox", Label: label, Key: o.key, Params: []any{l.labels, def, empty, o.acceptNew},
		Default: def,
		Decode:  func(raw json.RawMessage) (any, error) { return l.one(raw, empty, typed) },
		Encode: func(v any) any {
			if c := v.(choice); c.Index == -2 {
				return c.Label
			}
			return v.(choice).Index
		},
		Fit: func(v any) (any, bool) {
			if c, ok := v.(choice); ok && c.Index == -2 && typed {
				return c, true
			}
			c, ok := l.find(v)
			if !ok && v == nil {
				return nothing, empty
			}
			if !ok && typed {
				return choice{-2, s.label(v)}, true
			}
			return c, ok && (c.Index != -1 || empty || len(values) == 0)
		},
		State:    func(v any) any { return l.state(v.(choice)) },
		OnChange: o.onChange, Disabled: o.disabled, Persist: o.persist, Query: o.query, Labels: l.labels,
	})
	if ok {
		shown := v.Shown.(choice)
		props := element.Selectbox{
			Widget: o.widgetProps(label), Options: l.labels, Value: shown.Index, Placeholder: o.placeholder,
			Clearable: empty, AcceptNew: o.acceptNew, Rev: v.Rev,
		}
		if shown.Index == -2 {
			props.Text = shown.Label
		}
		s.putWidget(p, o, "selectbox", props, v)
	}
	got := v.Value.(choice)
	return got.Index, got.Label
}

// RadioIndex is a list of which one is chosen; it returns the index, -1 when
// nothing is.
func (c *Container) RadioIndex(label string, values []any, empty bool, opts ...Option) int {
	s, p, o := c.start(opts)
	l := s.options(values)
	def := l.first(p, "st.Radio", label, o, empty)
	empty = empty || def.Index == -1
	v, ok := s.Widget(p, run.Widget{
		Call: "st.Radio", Kind: "radio", Label: label, Key: o.key, Params: []any{l.labels, def}, Default: def,
		Decode: func(raw json.RawMessage) (any, error) { return l.one(raw, empty, false) },
		Encode: func(v any) any { return v.(choice).Index },
		Fit: func(v any) (any, bool) {
			c, ok := l.find(v)
			return c, ok && (c.Index != -1 || empty)
		},
		State:    func(v any) any { return l.state(v.(choice)) },
		OnChange: o.onChange, Disabled: o.disabled, Persist: o.persist, Query: o.query, Labels: l.labels,
	})
	if ok {
		s.putWidget(p, o, "radio", element.Radio{
			Widget: o.widgetProps(label), Options: l.labels, Captions: o.captions, Value: v.Shown.(choice).Index,
			Horizontal: o.horizontal, Rev: v.Rev,
		}, v)
	}
	return v.Value.(choice).Index
}

// MultiIndexes is a list of which any number are chosen, in the order of choosing.
func (c *Container) MultiIndexes(label string, values []any, opts ...Option) []int {
	s, p, o := c.start(opts)
	return s.several(p, o, "st.Multiselect", "multiselect", label, values, o.maxChosen, func(l *options, v run.Value) {
		s.putWidget(p, o, "multiselect", element.Multiselect{
			Widget: o.widgetProps(label), Options: l.labels, Value: indexes(v.Shown), Placeholder: o.placeholder, Max: o.maxChosen, Rev: v.Rev,
		}, v)
	})
}

// PillIndexes are options side by side, as pills or, with segmented, as one bar.
// Without Multi at most one is chosen.
func (c *Container) PillIndexes(label string, values []any, segmented bool, opts ...Option) []int {
	s, p, o := c.start(opts)
	call := "st.Pills"
	if segmented {
		call = "st.SegmentedControl"
	}
	most := 1
	if o.multiple {
		most = 0
	}
	return s.several(p, o, call, "pills", label, values, most, func(l *options, v run.Value) {
		s.putWidget(p, o, "pills", element.Pills{
			Widget: o.widgetProps(label), Options: l.labels, Value: indexes(v.Shown), Multi: o.multiple, Segmented: segmented, Rev: v.Rev,
		}, v)
	})
}

// several is a widget of which at most most of the values are chosen, 0 for any number.
func (s *Session) several(p *run.Place, o *settings, call, kind, label string, values []any, most int, show func(*options, run.Value)) []int {
	l := s.options(values)
	def := []choice{}
	for _, x := range o.value {
		list := []any{x}
		if r := s.Host.Value(x); r.IsValid() && r.Kind() == reflect.Slice {
			list = list[:0]
			for i := range r.Len() {
				list = append(list, r.Index(i).Interface())
			}
		}
		for _, y := range list {
			if ch, ok := l.find(y); ok && ch.Index >= 0 {
				def = append(def, ch)
			} else {
				s.misuse(p, call+"("+quote(label)+")", "has st.Value(%s), which is not among its options", s.label(y))
			}
		}
	}
	if most > 0 && len(def) > most {
		s.misuse(p, call+"("+quote(label)+")", "starts with %d chosen, but at most %d can be", len(def), most)
		def = def[:most]
	}
	v, ok := s.Widget(p, run.Widget{
		Call: call, Kind: kind, Label: label, Key: o.key, Params: []any{l.labels, def, most, call}, Default: def,
		Decode: func(raw json.RawMessage) (any, error) { return l.many(raw, most) },
		Encode: func(v any) any { return indexes(v) },
		Fit: func(v any) (any, bool) {
			out := []choice{}
			if list, ok := v.([]choice); ok {
				for _, c := range list {
					if n, ok := l.refit(c); ok {
						out = append(out, n)
					}
				}
				return out, most == 0 || len(out) <= most
			}
			r := s.Host.Value(v)
			if !r.IsValid() {
				return out, true
			}
			if r.Kind() != reflect.Slice {
				c, ok := l.find(v)
				return []choice{c}, ok
			}
			for i := range r.Len() {
				c, ok := l.find(r.Index(i).Interface())
				if !ok {
					return nil, false
				}
				out = append(out, c)
			}
			return out, most == 0 || len(out) <= most
		},
		State: func(v any) any {
			list := v.([]choice)
			out := make([]any, len(list))
			for i, c := range list {
				out[i] = l.state(c)
			}
			return s.typedSlice(out, values)
		},
		OnChange: o.onChange, Disabled: o.disabled, Persist: o.persist, Query: o.query, Labels: l.labels,
	})
	if ok {
		show(l, v)
	}
	return indexes(v.Value)
}

// typedSlice makes a slice of the options' own type, so that session state holds
// a []string when the options are strings.
func (s *Session) typedSlice(list, options []any) any {
	if len(options) == 0 {
		return list
	}
	t := reflect.TypeOf(options[0])
	if t == nil {
		return list
	}
	for _, o := range options {
		if reflect.TypeOf(o) != t {
			return list
		}
	}
	out := reflect.MakeSlice(reflect.SliceOf(t), len(list), len(list))
	for i, v := range list {
		out.Index(i).Set(reflect.ValueOf(v))
	}
	return out.Interface()
}

func indexes(v any) []int {
	list := v.([]choice)
	out := make([]int, len(list))
	for i, c := range list {
		out[i] = c.Index
	}
	return out
}

// SelectSliderIndexes is a slider over a list of options: one index, or with span
// the two ends.
func (c *Container) SelectSliderIndexes(label string, values []any, span bool, opts ...Option) []int {
	s, p, o := c.start(opts)
	l := s.options(values)
	n := 1
	if span {
		n = 2
	}
	if len(values) == 0 {
		s.misuse(p, "st.SelectSlider("+quote(label)+")", "needs at least one option")
		return make([]int, n)
	}
	def := []choice{l.at(0)}
	if span {
		def = []choice{l.at(0), l.at(len(values) - 1)}
	}
	for i, x := range o.value {
		ch, ok := l.find(x)
		if !ok || i >= n {
			s.misuse(p, "st.SelectSlider("+quote(label)+")", "has st.Value(%s), which is not among its options", s.label(x))
			continue
		}
		def[i] = ch
	}
	v, ok := s.Widget(p, run.Widget{
		Call: "st.SelectSlider", Kind: "selectSlider", Label: label, Key: o.key, Params: []any{l.labels, def, n}, Default: def,
		Decode: func(raw json.RawMessage) (any, error) {
			var list []float64
			if json.Unmarshal(raw, &list) != nil || len(list) != n {
				return nil, fmt.Errorf("needs %d options", n)
			}
			out := make([]choice, n)
			for i, f := range list {
				if f != float64(int(f)) || int(f) < 0 || int(f) >= len(values) || i > 0 && f < list[i-1] {
					return nil, fmt.Errorf("option %v is not there", f)
				}
				out[i] = l.at(int(f))
			}
			return out, nil
		},
		Encode: func(v any) any { return indexes(v) },
		Fit: func(v any) (any, bool) {
			if list, ok := v.([]choice); ok && len(list) == n {
				out := make([]choice, n)
				for i, c := range list {
					x, ok := l.refit(c)
					if !ok || x.Index < 0 {
						return nil, false
					}
					out[i] = x
				}
				return out, true
			}
			if n == 1 {
				ch, ok := l.find(v)
				return []choice{ch}, ok && ch.Index >= 0
			}
			return nil, false
		},
		State: func(v any) any {
			list := v.([]choice)
			if n == 1 {
				return l.state(list[0])
			}
			return s.typedSlice([]any{l.state(list[0]), l.state(list[1])}, values)
		},
		OnChange: o.onChange, Disabled: o.disabled, Persist: o.persist, Query: o.query, Labels: l.labels,
	})
	if ok {
		s.putWidget(p, o, "selectSlider", element.SelectSlider{Widget: o.widgetProps(label), Options: l.labels, Value: indexes(v.Shown), Rev: v.Rev}, v)
	}
	return indexes(v.Value)
}

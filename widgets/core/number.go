package core

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"

	"stnb.dev/widgets/element"
	"stnb.dev/widgets/run"
)

// SliderValues is a slider from min to max: one value, or with span the two ends.
// Whole says that only whole numbers count.
func (c *Container) SliderValues(label string, min, max float64, whole, span bool, opts ...Option) []float64 {
	s, p, o := c.start(opts)
	call := "st.Slider(" + quote(label) + ")"
	n := 1
	if span {
		n = 2
		call = "st.SliderRange(" + quote(label) + ")"
	}
	ends := func() []float64 {
		if span {
			return []float64{min, max}
		}
		return []float64{min}
	}
	if !(min <= max) || math.IsInf(min, 0) || math.IsInf(max, 0) {
		s.misuse(p, call, "has the range %s to %s; the first must be the smaller", num(min), num(max))
		return ends()
	}
	step := (max - min) / 100
	if whole {
		step = 1
	} else if step == 0 {
		step = 0.01
	}
	if o.step != nil {
		x, ok := s.number(o.step)
		if !ok || !(x > 0) || math.IsInf(x, 0) {
			s.misuse(p, call, "has a st.Step that is no number above zero")
		} else {
			step = x
		}
	}
	def := ends()
	if len(o.value) > 0 {
		if len(o.value) != n {
			s.misuse(p, call, "has %d values in st.Value; it needs %d", len(o.value), n)
		} else {
			for i, v := range o.value {
				x, ok := s.number(v)
				why := "no number"
				switch {
				case ok && !(x >= min && x <= max):
					why = "not within " + num(min) + " to " + num(max)
				case ok && whole && x != math.Trunc(x):
					why = "no whole number"
				case ok:
					why = ""
				}
				if why != "" {
					s.misuse(p, call, "has st.Value(%s), which is %s", s.label(v), why)
					def = ends()
					break
				}
				def[i] = x
			}
			if span && def[0] > def[1] {
				def[0], def[1] = def[1], def[0]
			}
		}
	}
	check := func(list []float64) error {
		if len(list) != n {
			return fmt.Errorf("needs %d numbers", n)
		}
		for i, x := range list {
			if !(x >= min && x <= max) {
				return fmt.Errorf("%s is not within %s to %s", num(x), num(min), num(max))
			}
			if whole && x != math.Trunc(x) {
				return fmt.Errorf("%s is no whole number", num(x))
			}
			if i > 0 && x < list[i-1] {
				return fmt.Errorf("the ends are swapped")
			}
		}
		return nil
	}
	v, ok := s.Widget(p, run.Widget{
		Call: "st.Slider", Kind: "slider", Label: label, Key: o.key, Params: []any{min, max, step, def}, Default: def,
		Decode: func(raw json.RawMessage) (any, error) {
			var list []float64
			if json.Unmarshal(raw, &list) != nil {
				return nil, fmt.Errorf("is no list of numbers")
			}
			return list, check(list)
		},
		Fit: func(v any) (any, bool) {
			list, ok := s.numbers(v)
			return list, ok && check(list) == nil
		},
		State:    func(v any) any { return goNumbers(v.([]float64), whole, span) },
		OnChange: o.onChange, Disabled: o.disabled, Persist: o.persist, Query: o.query,
	})
	if ok {
		typ := "float"
		if whole {
			typ = "int"
		}
		s.putWidget(p, o, "slider", element.Slider{
			Widget: o.widgetProps(label), Min: min, Max: max, Step: step, Value: v.Shown.([]float64), Format: o.format, Type: typ, Rev: v.Rev,
		}, v)
	}
	return append([]float64(nil), v.Value.([]float64)...)
}

// numbers reads one number or a slice of them.
func (s *Session) numbers(v any) ([]float64, bool) {
	if list, ok := v.([]float64); ok {
		return append([]float64(nil), list...), true
	}
	if x, ok := s.number(v); ok {
		return []float64{x}, true
	}
	r := s.Host.Value(v)
	if !r.IsValid() || r.Kind() != reflect.Slice && r.Kind() != reflect.Array {
		return nil, false
	}
	var out []float64
	for i := range r.Len() {
		x, ok := s.number(r.Index(i).Interface())
		if !ok {
			return nil, false
		}
		out = append(out, x)
	}
	return out, true
}

// goNumbers is how session state shows the numbers of a widget.
func goNumbers(list []float64, whole, span bool) any {
	if whole {
		out := make([]int, len(list))
		for i, x := range list {
			out[i] = int(x)
		}
		if span {
			return out
		}
		return out[0]
	}
	if span {
		return append([]float64(nil), list...)
	}
	return list[0]
}

// beyond says how x is not within bounds that may be infinite.
func beyond(x, lo, hi float64) string {
	switch {
	case x < lo:
		return "less than " + num(lo)
	case x > hi:
		return "more than " + num(hi)
	}
	return "no number"
}

func num(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// maxExact bounds the whole numbers that a browser holds exactly.
const maxExact = 1<<53 - 1

// NumberValue is a field for a number from least to most. ok is false while it is
// empty, which it can only be when it starts so (empty).
func (c *Container) NumberValue(label string, initial, least, most float64, whole, empty bool, opts ...Option) (value float64, ok bool) {
	s, p, o := c.start(opts)
	call := "st.NumberInput(" + quote(label) + ")"
	lo, hi := least, most
	var minP, maxP *float64
	if whole {
		if lo = max(lo, -maxExact); lo > -maxExact {
			minP = &lo
		}
		if hi = min(hi, maxExact); hi < maxExact {
			maxP = &hi
		}
	}
	if o.min != nil {
		if x, ok := s.number(o.min); ok && x == x {
			lo = max(lo, x)
			minP = &lo
		} else {
			s.misuse(p, call, "has a st.Min that is no number")
		}
	}
	if o.max != nil {
		if x, ok := s.number(o.max); ok && x == x {
			hi = min(hi, x)
			maxP = &hi
		} else {
			s.misuse(p, call, "has a st.Max that is no number")
		}
	}
	if lo > hi {
		s.misuse(p, call, "has st.Min(%s) above st.Max(%s)", num(lo), num(hi))
		return initial, !empty
	}
	step := 0.01
	if whole {
		step = 1
	}
	if o.step != nil {
		x, ok := s.number(o.step)
		if !ok || !(x > 0) || math.IsInf(x, 0) || whole && x != math.Trunc(x) {
			s.misuse(p, call, "has a st.Step that does not suit it")
		} else {
			step = x
		}
	}
	if len(o.value) > 0 {
		if x, ok := s.number(o.value[0]); ok {
			initial, empty = x, false
		} else if o.value[0] != nil {
			s.misuse(p, call, "has st.Value(%s), which is no number", s.label(o.value[0]))
		}
	}
	var def *float64
	if !empty {
		x := initial
		if !(x >= lo && x <= hi) {
			if x == 0 && o.value == nil { // the zero value stands for "somewhere allowed"
				x = math.Max(lo, math.Min(hi, 0))
			} else {
				s.misuse(p, call, "starts with %s, which is %s", num(x), beyond(x, lo, hi))
				x = math.Max(lo, math.Min(hi, x))
			}
		}
		def = &x
	}
	check := func(x float64) error {
		switch {
		case math.IsNaN(x) || math.IsInf(x, 0):
			return fmt.Errorf("is no number")
		case x < lo || x > hi:
			return fmt.Errorf("%s is %s", num(x), beyond(x, lo, hi))
		case whole && x != math.Trunc(x):
			return fmt.Errorf("%s is no whole number", num(x))
		}
		return nil
	}
	v, shown := s.Widget(p, run.Widget{
		Call: "st.NumberInput", Kind: "numberInput", Label: label, Key: o.key, Params: []any{def, minP, maxP, step, whole}, Default: numberOf(def),
		Decode: func(raw json.RawMessage) (any, error) {
			if string(raw) == "null" {
				if empty {
					return none{}, nil
				}
				return nil, fmt.Errorf("needs a number")
			}
			var x float64
			if json.Unmarshal(raw, &x) != nil {
				return nil, fmt.Errorf("is no number")
			}
			return x, check(x)
		},
		Encode: func(v any) any {
			if x, ok := v.(float64); ok {
				return x
			}
			return nil
		},
		Fit: func(v any) (any, bool) {
			if _, ok := v.(none); ok || v == nil {
				return none{}, empty
			}
			x, ok := s.number(v)
			return x, ok && check(x) == nil
		},
		State: func(v any) any {
			x, ok := v.(float64)
			if !ok {
				return nil
			}
			return goNumbers([]float64{x}, whole, false)
		},
		OnChange: o.onChange, Disabled: o.disabled, Persist: o.persist, Query: o.query,
	})
	if shown {
		props := element.NumberInput{
			Widget: o.widgetProps(label), Min: minP, Max: maxP, Step: step, Int: whole, Format: o.format,
			Placeholder: o.placeholder, Icon: s.icon(p, call, o.icon), Rev: v.Rev,
		}
		if x, ok := v.Shown.(float64); ok {
			props.Value = &x
		}
		s.putWidget(p, o, "numberInput", props, v)
	}
	x, ok := v.Value.(float64)
	return x, ok
}

// none is the value of a field that is empty.
type none struct{}

func numberOf(p *float64) any {
	if p == nil {
		return none{}
	}
	return *p
}

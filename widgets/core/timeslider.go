package core

import (
	"encoding/json"
	"fmt"
	"time"

	"stnb.dev/widgets/element"
	"stnb.dev/widgets/run"
)

// TimeSlider lets people choose a date or a moment from min to max. It starts at
// min, or at Value. Step is a time.Duration: a day when the ends are more than a
// day apart, else 15 minutes. Format "date", "time" or "datetime" says what is
// shown of it. What the clock shows counts, the zone does not; the result is in UTC.
func (c *Container) TimeSlider(label string, min, max time.Time, opts ...Option) time.Time {
	return moment(c.span(timeScale(min, max), "st.TimeSlider", label, 1, opts)[0])
}

// TimeSliderRange is TimeSlider with two ends. They start at min and max, or at the
// two of Value.
func (c *Container) TimeSliderRange(label string, min, max time.Time, opts ...Option) (from, to time.Time) {
	list := c.span(timeScale(min, max), "st.TimeSliderRange", label, 2, opts)
	return moment(list[0]), moment(list[1])
}

// DurationSlider lets people choose a span of time from min to max; a time of day
// is one since midnight. Step is a hundredth of the way, in whole seconds or
// milliseconds, unless it is given.
func (c *Container) DurationSlider(label string, min, max time.Duration, opts ...Option) time.Duration {
	return length(c.span(lengthScale(min, max), "st.DurationSlider", label, 1, opts)[0])
}

// DurationSliderRange is DurationSlider with two ends.
func (c *Container) DurationSliderRange(label string, min, max time.Duration, opts ...Option) (from, to time.Duration) {
	list := c.span(lengthScale(min, max), "st.DurationSliderRange", label, 2, opts)
	return length(list[0]), length(list[1])
}

// scale is a slider's axis in milliseconds, and what its points mean.
type scale struct {
	min, max int64
	step     int64
	kind     string                                // as element.Slider has it
	read     func(s *Session, v any) (int64, bool) // of an option or of session state
	value    func(int64) any
	text     func(int64) string
}

func moment(ms int64) time.Time     { return time.UnixMilli(ms).UTC() }
func length(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond }

// clockMillis is what the clock on the wall shows, as if it hung in UTC.
func clockMillis(t time.Time) int64 {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC).UnixMilli()
}

const dayMillis = int64(24 * time.Hour / time.Millisecond)

func timeScale(min, max time.Time) scale {
	sc := scale{
		min: clockMillis(min), max: clockMillis(max), step: dayMillis, kind: "datetime",
		read: func(s *Session, v any) (int64, bool) {
			t, ok := s.timeOf(v)
			return clockMillis(t), ok
		},
		value: func(ms int64) any { return moment(ms) },
		text:  func(ms int64) string { return moment(ms).Format(time.DateTime) },
	}
	if sc.max-sc.min <= dayMillis {
		sc.step = int64(15 * time.Minute / time.Millisecond)
	} else if sc.min%dayMillis == 0 && sc.max%dayMillis == 0 {
		sc.kind = "date"
	}
	return sc
}

func lengthScale(from, to time.Duration) scale {
	sc := scale{
		min: from.Milliseconds(), max: to.Milliseconds(), kind: "duration",
		read: func(_ *Session, v any) (int64, bool) {
			d, ok := v.(time.Duration)
			return d.Milliseconds(), ok
		},
		value: func(ms int64) any { return length(ms) },
		text:  func(ms int64) string { return length(ms).String() },
	}
	if sc.step = (sc.max - sc.min) / 100; sc.step >= 1000 {
		sc.step -= sc.step % 1000
	}
	sc.step = max(sc.step, 1)
	return sc
}

// span is a slider of n handles over the scale.
func (c *Container) span(sc scale, call, label string, n int, opts []Option) []int64 {
	s, p, o := c.start(opts)
	name := call + "(" + quote(label) + ")"
	def := []int64{sc.min, sc.max}[:n]
	if sc.min > sc.max {
		s.misuse(p, name, "has the range %s to %s; the first must be the earlier", sc.text(sc.min), sc.text(sc.max))
		return def
	}
	if o.step != nil {
		if d, ok := o.step.(time.Duration); ok && d >= time.Millisecond {
			sc.step = d.Milliseconds()
		} else {
			s.misuse(p, name, "has a st.Step that is no time.Duration of a millisecond or more")
		}
	}
	if sc.kind == "date" && sc.step%dayMillis != 0 {
		sc.kind = "datetime"
	}
	switch o.format {
	case "", "date", "time", "datetime", "duration":
	default:
		s.misuse(p, name, "has st.Format(%q); it is date, time, datetime or duration", o.format)
		o.format = ""
	}
	check := func(list []int64) error {
		if len(list) != n {
			return fmt.Errorf("needs %d values", n)
		}
		for i, ms := range list {
			if ms < sc.min || ms > sc.max {
				return fmt.Errorf("%s is not within %s to %s", sc.text(ms), sc.text(sc.min), sc.text(sc.max))
			}
			if i > 0 && ms < list[i-1] {
				return fmt.Errorf("the ends are swapped")
			}
		}
		return nil
	}
	if len(o.value) > 0 {
		list := []int64{}
		for _, v := range o.value {
			ms, ok := sc.read(s, v)
			if ok {
				list = append(list, ms)
			}
		}
		if check(list) == nil && len(o.value) == n {
			def = list
		} else {
			s.misuse(p, name, "has a st.Value that is not within %s to %s", sc.text(sc.min), sc.text(sc.max))
		}
	}
	v, ok := s.Widget(p, run.Widget{
		Call: call, Kind: "slider", Label: label, Key: o.key, Params: []any{sc.min, sc.max, sc.step, sc.kind, def}, Default: def,
		Decode: func(raw json.RawMessage) (any, error) {
			var list []int64
			if isNull(raw) || json.Unmarshal(raw, &list) != nil {
				return nil, fmt.Errorf("is no list of milliseconds")
			}
			return list, check(list)
		},
		Fit: func(v any) (any, bool) {
			list, ok := v.([]int64)
			if ok {
				return list, check(list) == nil
			}
			ms, ok := sc.read(s, v)
			list = []int64{ms}
			return list, ok && check(list) == nil
		},
		State: func(v any) any {
			list := v.([]int64)
			if n == 1 {
				return sc.value(list[0])
			}
			return []any{sc.value(list[0]), sc.value(list[1])}
		},
		OnChange: o.onChange, Disabled: o.disabled, Persist: o.persist, Query: o.query,
	})
	if ok {
		shown := []float64{}
		for _, ms := range v.Shown.([]int64) {
			shown = append(shown, float64(ms))
		}
		s.putWidget(p, o, "slider", element.Slider{
			Widget: o.widgetProps(label), Min: float64(sc.min), Max: float64(sc.max), Step: float64(sc.step), Value: shown,
			Format: o.format, Type: sc.kind, Rev: v.Rev,
		}, v)
	}
	return append([]int64(nil), v.Value.([]int64)...)
}

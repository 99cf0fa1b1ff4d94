package core

import (
	"encoding/json"
	"fmt"
	"time"

	"stnb.dev/widgets/element"
	"stnb.dev/widgets/run"
)

const (
	dayForm    = "2006-01-02"
	minuteForm = "2006-01-02T15:04"
)

// day drops the time of day and the zone.
func day(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// wall keeps what the clock on the wall says, to the minute.
func wall(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, time.UTC)
}

func (s *Session) timeOf(v any) (time.Time, bool) {
	if t, ok := v.(time.Time); ok {
		return t, true
	}
	if v == nil {
		return time.Time{}, false
	}
	r := s.Host.Value(v)
	if r.IsValid() && r.CanInterface() {
		t, ok := r.Interface().(time.Time)
		return t, ok
	}
	return time.Time{}, false
}

// bounds reads Min and Max of dates.
func (s *Session) bounds(p *run.Place, call string, o *settings, norm func(time.Time) time.Time) (lo, hi time.Time) {
	read := func(v any, name string) time.Time {
		if v == nil {
			return time.Time{}
		}
		t, ok := s.timeOf(v)
		if !ok {
			s.misuse(p, call, "has a st.%s that is no time.Time", name)
			return time.Time{}
		}
		return norm(t)
	}
	lo, hi = read(o.min, "Min"), read(o.max, "Max")
	if !hi.IsZero() && lo.After(hi) {
		s.misuse(p, call, "has a st.Min after its st.Max")
		return time.Time{}, time.Time{}
	}
	return lo, hi
}

// minutes reads the Step of times of day.
func (s *Session) minutes(p *run.Place, call string, o *settings, otherwise time.Duration) time.Duration {
	if o.step == nil {
		return otherwise
	}
	d, ok := s.bare(o.step).(time.Duration)
	if !ok || d < time.Minute || d > 23*time.Hour {
		s.misuse(p, call, "has a st.Step that is no time.Duration from a minute to 23 hours")
		return otherwise
	}
	return d
}

func within(t, lo, hi time.Time) bool {
	return (lo.IsZero() || !t.Before(lo)) && (hi.IsZero() || !t.After(hi))
}

// DateInput is a date, at midnight UTC; today unless Value says otherwise.
func (c *Container) DateInput(label string, opts ...Option) time.Time {
	got := c.dates("st.DateInput", label, 1, opts)
	if len(got) == 0 {
		return time.Time{}
	}
	return got[0]
}

// DateRangeInput is a first and a last date. While people have chosen only the
// first, both are it.
func (c *Container) DateRangeInput(label string, opts ...Option) (from, to time.Time) {
	got := c.dates("st.DateRangeInput", label, 2, opts)
	switch len(got) {
	case 0:
		return time.Time{}, time.Time{}
	case 1:
		return got[0], got[0]
	}
	return got[0], got[1]
}

func (c *Container) dates(call, label string, n int, opts []Option) []time.Time {
	s, p, o := c.start(opts)
	name := call + "(" + quote(label) + ")"
	lo, hi := s.bounds(p, name, o, day)
	def := []time.Time{}
	for _, v := range o.value {
		if v == nil {
			continue
		}
		t, ok := s.timeOf(v)
		if !ok || !within(day(t), lo, hi) || len(def) == n {
			s.misuse(p, name, "has a st.Value that is no time.Time within its bounds")
			continue
		}
		def = append(def, day(t))
	}
	empty := o.hasValue && len(o.value) == 1 && o.value[0] == nil
	if len(def) == 0 && !empty {
		today := day(time.Now())
		if !lo.IsZero() && today.Before(lo) {
			today = lo
		}
		if !hi.IsZero() && today.After(hi) {
			today = hi
		}
		for range n {
			def = append(def, today)
		}
	}
	identity := dayTexts(def)
	if len(o.value) == 0 {
		identity = nil // today moves on: it must not make another widget
	}
	check := func(list []time.Time) error {
		if len(list) > n || len(list) == 0 && !empty {
			return fmt.Errorf("needs %d dates", n)
		}
		for i, t := range list {
			if !within(t, lo, hi) {
				return fmt.Errorf("%s is out of bounds", t.Format(dayForm))
			}
			if i > 0 && t.Before(list[i-1]) {
				return fmt.Errorf("the last date is before the first")
			}
		}
		return nil
	}
	v, ok := s.Widget(p, run.Widget{
		Call: call, Kind: "dateInput", Label: label, Key: o.key, Params: []any{identity, lo, hi, n}, Default: def,
		Decode: func(raw json.RawMessage) (any, error) {
			var texts []string
			if json.Unmarshal(raw, &texts) != nil || len(texts) > n {
				return nil, fmt.Errorf("is no list of dates")
			}
			list := []time.Time{}
			for _, x := range texts {
				t, err := time.Parse(dayForm, x)
				if err != nil {
					return nil, fmt.Errorf("is no date")
				}
				list = append(list, t)
			}
			return list, check(list)
		},
		Encode: func(v any) any { return dayTexts(v.([]time.Time)) },
		Fit: func(v any) (any, bool) {
			if list, ok := v.([]time.Time); ok {
				out := []time.Time{}
				for _, t := range list {
					out = append(out, day(t))
				}
				return out, check(out) == nil
			}
			t, ok := s.timeOf(v)
			return []time.Time{day(t)}, ok && check([]time.Time{day(t)}) == nil
		},
		State: func(v any) any {
			list := v.([]time.Time)
			if n > 1 {
				return append([]time.Time(nil), list...)
			}
			if len(list) == 0 {
				return time.Time{}
			}
			return list[0]
		},
		OnChange: o.onChange, Disabled: o.disabled, Persist: o.persist, Query: o.query,
	})
	if ok {
		props := element.DateInput{Widget: o.widgetProps(label), Value: dayTexts(v.Shown.([]time.Time)), Range: n == 2, Format: o.format, Rev: v.Rev}
		if !lo.IsZero() {
			props.Min = lo.Format(dayForm)
		}
		if !hi.IsZero() {
			props.Max = hi.Format(dayForm)
		}
		s.putWidget(p, o, "dateInput", props, v)
	}
	return v.Value.([]time.Time)
}

func dayTexts(list []time.Time) []string {
	out := []string{}
	for _, t := range list {
		out = append(out, t.Format(dayForm))
	}
	return out
}

// TimeInput is a time of day, since midnight; now unless Value (a time.Duration
// or time.Time) says otherwise.
func (c *Container) TimeInput(label string, opts ...Option) time.Duration {
	s, p, o := c.start(opts)
	clock := func(v any) (time.Duration, bool) {
		if d, ok := v.(time.Duration); ok {
			return d.Truncate(time.Minute), d >= 0 && d < 24*time.Hour
		}
		t, ok := s.timeOf(v)
		return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, ok
	}
	name := "st.TimeInput(" + quote(label) + ")"
	def, _ := clock(time.Now())
	var identity any
	if len(o.value) > 0 {
		d, ok := clock(o.value[0])
		if ok {
			def, identity = d, d
		} else {
			s.misuse(p, name, "has a st.Value that is no time of day")
		}
	}
	step := s.minutes(p, name, o, 15*time.Minute)
	v, ok := s.Widget(p, run.Widget{
		Call: "st.TimeInput", Kind: "timeInput", Label: label, Key: o.key, Params: []any{identity, step}, Default: def,
		Decode: func(raw json.RawMessage) (any, error) {
			var x string
			if json.Unmarshal(raw, &x) != nil {
				return nil, fmt.Errorf("is no time")
			}
			t, err := time.Parse("15:04", x)
			if err != nil {
				return nil, fmt.Errorf("is no time")
			}
			d, _ := clock(t)
			return d, nil
		},
		Encode: func(v any) any { return clockText(v.(time.Duration)) },
		Fit: func(v any) (any, bool) {
			d, ok := clock(v)
			return d, ok
		},
		OnChange: o.onChange, Disabled: o.disabled, Persist: o.persist, Query: o.query,
	})
	if ok {
		s.putWidget(p, o, "timeInput", element.TimeInput{
			Widget: o.widgetProps(label), Value: clockText(v.Shown.(time.Duration)), Step: int(step / time.Second), Rev: v.Rev,
		}, v)
	}
	return v.Value.(time.Duration)
}

func clockText(d time.Duration) string {
	return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(d).Format("15:04")
}

// DatetimeInput is a date and a time of day, in UTC.
func (c *Container) DatetimeInput(label string, opts ...Option) time.Time {
	s, p, o := c.start(opts)
	name := "st.DatetimeInput(" + quote(label) + ")"
	lo, hi := s.bounds(p, name, o, wall)
	step := s.minutes(p, name, o, 0)
	def := wall(time.Now())
	var identity any
	if len(o.value) > 0 {
		t, ok := s.timeOf(o.value[0])
		if ok && within(wall(t), lo, hi) {
			def, identity = wall(t), wall(t)
		} else {
			s.misuse(p, name, "has a st.Value that is no time.Time within its bounds")
		}
	}
	if !lo.IsZero() && def.Before(lo) {
		def = lo
	}
	if !hi.IsZero() && def.After(hi) {
		def = hi
	}
	v, ok := s.Widget(p, run.Widget{
		Call: "st.DatetimeInput", Kind: "datetimeInput", Label: label, Key: o.key, Params: []any{identity, lo, hi}, Default: def,
		Decode: func(raw json.RawMessage) (any, error) {
			var x string
			if json.Unmarshal(raw, &x) != nil {
				return nil, fmt.Errorf("is no time")
			}
			t, err := time.Parse(minuteForm, x)
			if err != nil || !within(t, lo, hi) {
				return nil, fmt.Errorf("is no time within the bounds")
			}
			return t, nil
		},
		Encode: func(v any) any { return v.(time.Time).Format(minuteForm) },
		Fit: func(v any) (any, bool) {
			t, ok := s.timeOf(v)
			return wall(t), ok && within(wall(t), lo, hi)
		},
		OnChange: o.onChange, Disabled: o.disabled, Persist: o.persist, Query: o.query,
	})
	if ok {
		props := element.DatetimeInput{Widget: o.widgetProps(label), Value: v.Shown.(time.Time).Format(minuteForm), Step: int(step / time.Second), Rev: v.Rev}
		if !lo.IsZero() {
			props.Min = lo.Format(minuteForm)
		}
		if !hi.IsZero() {
			props.Max = hi.Format(minuteForm)
		}
		s.putWidget(p, o, "datetimeInput", props, v)
	}
	return v.Value.(time.Time)
}

package run

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"

	"stnb.dev/widgets/element"
)

// Widget describes one call of a widget func.
type Widget struct {
	Call  string // as the user writes it, "st.Slider": for errors
	Kind  string
	Label string
	Key   string
	// Params are the identity of a widget without a key, beside its cell, root
	// and form: change one and it is another widget.
	Params []any
	// Trigger: the value lasts one run.
	Trigger bool
	// Submit: the trigger that submits its form.
	Submit bool
	// Default is the value at first; of a trigger, the value when it did not fire.
	Default any
	// Decode checks and reads a browser's value. It must refuse what the widget
	// as shown could not have sent.
	Decode func(json.RawMessage) (any, error)
	// Encode is what a browser would send for the value; nil: its JSON.
	Encode func(any) any
	// Fit makes a value fit the widget as it is now: a value of an earlier call
	// with other options or limits, or one that session state holds.
	Fit func(any) (any, bool)
	// State is the value as session state shows it; nil: as it is.
	State func(any) any
	// OnChange is the callback; of a trigger, of its firing.
	OnChange func()
	Disabled bool
	// Persist keeps the value while the widget is not shown.
	Persist bool
	// ReadOnly: session state cannot set it.
	ReadOnly bool
	// Query is the parameter of the page's address that the value is kept in, ""
	// for none. Labels are what the indexes in a browser's value stand for.
	Query  string
	Labels []string
}

// Value is what a widget call learns.
type Value struct {
	ID    string
	Value any
	// Shown is the value the screen shows; it differs from Value in the run of a
	// submit that clears its form.
	Shown any
	// Rev grows whenever the browser must take the value over.
	Rev      int
	Fragment string
	Form     string
}

type widget struct {
	id       string
	spec     Widget
	cell     string
	form     string
	fragment string
	value    any
	rev      int
	order    int
	query    string // its parameter as last read or written, encoded
}

// Identify returns the widget's ID in the place.
func (s *Session) identify(p *Place, w *Widget) string {
	h := sha256.New()
	if w.Key != "" {
		fmt.Fprintf(h, "key\x00%s\x00%s", w.Kind, w.Key)
	} else {
		raw, _ := json.Marshal(w.Params)
		fmt.Fprintf(h, "%s\x00%s\x00%s\x00%s\x00%s\x00%s", w.Kind, s.cell, rootOf(p.Path), p.Form, w.Label, raw)
	}
	return w.Kind + "-" + hex.EncodeToString(h.Sum(nil)[:8])
}

func rootOf(p element.Path) string {
	for i := range p {
		if p[i] == '/' {
			return string(p[:i])
		}
	}
	return string(p)
}

// Widget finds out who the widget is and what its value is now. It returns false
// after showing why the widget cannot stand here; its value is then the default.
func (s *Session) Widget(p *Place, w Widget) (Value, bool) {
	s.Check()
	s.settle()
	s.mu.Lock()
	defer s.mu.Unlock()
	p = s.orCurrent(p)
	none := Value{Value: w.Default, Shown: w.Default}
	if why := s.forbidden(p, &w); why != "" {
		s.misuse(p, w.name(), why)
		return none, false
	}
	id := s.identify(p, &w)
	if f := s.forms[p.Form]; f != nil {
		f.submit, f.widgets = f.submit || w.Submit, f.widgets || !w.Submit
	}
	w.Params = nil // they have done their work, and every visitor's widgets would keep them
	if s.seen[id] {
		if w.Key != "" {
			s.misuse(p, w.name(), fmt.Sprintf("has st.Key(%q), which another widget of this run has too: give each its own key", w.Key))
		} else {
			s.misuse(p, w.name(), "is there twice with the same parameters: tell the two apart with st.Key")
		}
		return none, false
	}
	if e := s.state[w.Key]; w.Key != "" && e != nil && e.widget != "" && e.widget != id && s.seen[e.widget] {
		s.misuse(p, w.name(), fmt.Sprintf("has st.Key(%q), which another widget of this run has too: give each its own key", w.Key))
		return none, false
	}
	s.seen[id] = true
	s.order++
	now := s.widgets[id]
	fresh := now == nil
	if fresh {
		now = &widget{id: id, value: w.Default, rev: s.forgotten[id]}
		s.widgets[id] = now
		delete(s.forgotten, id)
	}
	before := now.value
	now.spec, now.cell, now.form, now.fragment, now.order = w, s.cell, p.Form, s.fragmentID(), s.order
	if s.inPage != "" {
		s.pages[id] = s.inPage
	}
	out := Value{ID: id, Fragment: now.fragment, Form: p.Form}
	if w.Trigger {
		s.triggerValue(now, &out, p)
		return out, true
	}
	s.valueOf(now, fresh, p)
	s.bindQuery(now, p)
	if !fresh && !reflect.DeepEqual(before, now.value) {
		now.rev++ // not the browser's doing: it must follow
	}
	out.Value, out.Shown = now.value, now.value
	s.share(now)
	if s.clears[p.Form] && p.Form != "" {
		now.value = w.Default
		now.rev++
		out.Shown = w.Default
		s.set[id] = encode(now)
	}
	out.Rev = now.rev
	return out, true
}

func (w *Widget) name() string {
	if w.Label != "" {
		return fmt.Sprintf("%s(%q)", w.Call, w.Label)
	}
	return w.Call
}

// forbidden says why the widget cannot stand in the place.
func (s *Session) forbidden(p *Place, w *Widget) string {
	if f := s.current(); f != nil && !within(p.Path, f.box.Path) {
		return "writes into a container made outside of its st.Fragment: widgets of a fragment stay inside it"
	}
	if p.Form == "" {
		if w.Submit {
			return "stands outside a form: call it on the block that st.Form gives you"
		}
		return ""
	}
	if w.Trigger && !w.Submit {
		return "cannot stand in a form: a form's only button is SubmitButton"
	}
	if w.OnChange != nil && !w.Submit {
		return "has a callback and stands in a form: its value arrives with the submit, so give st.OnClick to SubmitButton"
	}
	return ""
}

func (s *Session) triggerValue(w *widget, out *Value, p *Place) {
	out.Value, out.Shown = w.spec.Default, w.spec.Default
	if w.spec.Key != "" {
		e := s.entry(w.spec.Key)
		if e.preset {
			e.preset = false
			s.misuse(p, w.spec.name(), fmt.Sprintf("takes no value from st.State(%q): a click is all that changes it", w.spec.Key))
		}
		e.widget, e.value, e.initial, e.raw = w.id, w.spec.Default, false, nil
	}
	f := s.fired[w.id]
	if f == nil {
		return
	}
	f.seen = true
	if v, err := w.spec.Decode(f.Value); err == nil {
		out.Value = v
		if w.spec.Key != "" {
			s.state[w.spec.Key].value = v
		}
	}
}

// valueOf settles the widget's value: what session state presets goes first, then
// what the browser sent before the widget was known, then what it was, then the
// initial value of session state, then the default.
func (s *Session) valueOf(w *widget, fresh bool, p *Place) {
	e := s.state[w.spec.Key]
	if w.spec.Key == "" {
		e = nil
	}
	if e != nil && e.preset {
		e.preset = false
		if w.spec.ReadOnly {
			s.misuse(p, w.spec.name(), fmt.Sprintf("takes no value from st.State(%q): only the person using it changes it", w.spec.Key))
		} else if v, ok := w.fit(e.value); ok {
			w.value = v
			s.set[w.id] = encode(w)
			return
		} else {
			s.misuse(p, w.spec.name(), fmt.Sprintf("cannot take the value %s that st.State(%q) was set to", short(e.value), w.spec.Key))
		}
	}
	if raw, ok := s.pending[w.id]; ok {
		delete(s.pending, w.id)
		if v, err := w.spec.Decode(raw); err == nil {
			w.value = v
			return
		}
	}
	if !fresh {
		if v, ok := w.fit(w.value); ok {
			w.value = v
		} else {
			w.value = w.spec.Default
		}
		return
	}
	if e != nil && (e.initial || e.widget == "") && !w.spec.ReadOnly {
		if v, ok := w.fit(e.value); ok {
			w.value = v
			return
		}
	}
	w.value = w.spec.Default
}

func (w *widget) fit(v any) (any, bool) {
	if w.spec.Fit != nil {
		return w.spec.Fit(v)
	}
	if reflect.TypeOf(v) == reflect.TypeOf(w.spec.Default) {
		return v, true
	}
	return nil, false
}

// share makes the widget's value the value of its key in session state.
func (s *Session) share(w *widget) {
	if w.spec.Key == "" {
		return
	}
	e := s.entry(w.spec.Key)
	e.value, e.widget, e.initial, e.raw = w.value, w.id, false, nil
	if w.spec.State != nil {
		e.value = w.spec.State(w.value)
	}
}

func encode(w *widget) json.RawMessage { return w.encoded(w.value) }

// encoded is what a browser would send for the value.
func (w *widget) encoded(v any) json.RawMessage {
	if w.spec.Encode != nil {
		v = w.spec.Encode(v)
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage("null")
	}
	return raw
}

func short(v any) string {
	t := fmt.Sprintf("%v", v)
	if len(t) > 60 {
		t = t[:60] + "…"
	}
	return t
}

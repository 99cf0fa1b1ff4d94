package run

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
)

// entry is one key of session state.
type entry struct {
	value   any
	raw     json.RawMessage // as restored, until somebody asks with a type
	widget  string          // the ID of the widget that owns the key
	preset  bool            // set by the script, waiting for its widget
	initial bool            // only the initial value of a st.State call so far
	touched bool            // used in this run, with the type that it has
}

func (s *Session) entry(key string) *entry {
	e := s.state[key]
	if e == nil {
		e = &entry{}
		s.state[key] = e
	}
	return e
}

// StateInit returns the value of a key, which becomes initial when there is none.
// raw is not nil when the value is an encoded one, restored after the kernel was
// lost: the caller decodes it and calls StateReplace.
func (s *Session) StateInit(key string, initial any) (value any, raw json.RawMessage) {
	s.Check()
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.state[key]
	if e == nil {
		e = &entry{value: initial, initial: true}
		s.state[key] = e
	}
	return e.value, e.raw
}

// StateTouched says whether the key was used earlier in this run, and notes that
// it now is.
func (s *Session) StateTouched(key string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.entry(key)
	was := e.touched
	e.touched = true
	return was
}

// StateGet returns a key's value.
func (s *Session) StateGet(key string) (any, bool) {
	s.Check()
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.state[key]
	if e == nil {
		return nil, false
	}
	return e.value, true
}

// StateReplace puts a converted value in place of what a key holds; it is no
// setting of it.
func (s *Session) StateReplace(key string, v any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.entry(key)
	e.value, e.raw = v, nil
}

// StateSet sets a key. When a widget has the key, the widget takes the value the
// next time it is shown; in the run that showed it already this is an error.
func (s *Session) StateSet(key string, v any) {
	s.Check()
	s.mu.Lock()
	e := s.entry(key)
	late := e.widget != "" && s.seen[e.widget]
	if !late {
		e.value, e.raw, e.initial, e.preset = v, nil, false, true
	}
	s.mu.Unlock()
	if late {
		s.Misuse(nil, fmt.Sprintf("st.State(%q).Set", key),
			fmt.Sprintf("comes after the widget with st.Key(%q) was shown in this run: set it before the widget, or in a callback", key))
	}
}

// StateDelete removes a key.
func (s *Session) StateDelete(key string) {
	s.Check()
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.state[key]; e != nil && e.widget != "" {
		if w := s.widgets[e.widget]; w != nil && !s.seen[w.id] {
			delete(s.widgets, w.id)
			s.forgotten[w.id] = w.rev + 1 // a browser that shows it must follow
		}
	}
	delete(s.state, key)
}

// StateHas says whether session state has the key.
func (s *Session) StateHas(key string) bool {
	s.Check()
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.state[key]
	return ok
}

// StateKeys returns the keys of session state.
func (s *Session) StateKeys() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	keys := make([]string, 0, len(s.state))
	for k := range s.state {
		keys = append(keys, k)
	}
	return keys
}

// StateChanges returns the encodable state that changed since it was last asked
// for, for recovery. A kernel asks after the callbacks of a run and at its end.
func (s *Session) StateChanges() (set map[string]json.RawMessage, deleted []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stateChanges()
}

// WidgetChanges returns what belongs to StateChanges of the widgets: the values
// that the run set so far, those of callbacks too, and the clicks that were taken.
func (s *Session) WidgetChanges() (values map[string]json.RawMessage, taken []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	values = maps.Clone(s.set)
	for _, e := range s.state {
		w := s.widgets[e.widget]
		if !e.preset || w == nil || w.spec.Trigger || w.spec.ReadOnly {
			continue
		}
		if v, ok := w.fit(e.value); ok {
			values[w.id] = w.encoded(v)
		}
	}
	return values, s.taken()
}

func (s *Session) taken() (clicks []string) {
	for _, f := range s.firings {
		if f.seen {
			clicks = append(clicks, f.Click)
		}
	}
	return clicks
}

// maxEncoded bounds what one key may take in the copy kept for recovery, bytes.
const maxEncoded = 1 << 20

func (s *Session) stateChanges() (set map[string]json.RawMessage, deleted []string) {
	for key, e := range s.state {
		if e.widget != "" || e.raw != nil {
			continue // the server has widget values; restored ones it told us
		}
		raw, ok := s.encodeState(e.value)
		if !ok {
			continue
		}
		if s.sent[key] == string(raw) {
			continue
		}
		s.sent[key] = string(raw)
		if set == nil {
			set = map[string]json.RawMessage{}
		}
		set[key] = raw
	}
	for key := range s.sent {
		if e := s.state[key]; e == nil || e.widget != "" {
			delete(s.sent, key)
			deleted = append(deleted, key)
		}
	}
	return set, deleted
}

func (s *Session) encodeState(v any) (json.RawMessage, bool) {
	switch reflect.ValueOf(v).Kind() {
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return nil, false
	}
	if r := s.Host.Value(v); v != nil && r.IsValid() && r.CanInterface() {
		v = r.Interface() // without an engine's wrapper
	}
	raw, err := json.Marshal(v)
	return raw, err == nil && len(raw) <= maxEncoded
}

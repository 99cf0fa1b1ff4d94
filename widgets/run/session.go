package run

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"sort"
	"sync"

	"stnb.dev/widgets/element"
)

// Session is one visitor's, or the editor's, runs one after the other. Its
// methods may be called from any goroutine.
type Session struct {
	Host Host
	Cfg  Config

	mu  sync.Mutex
	ctx context.Context
	req Request

	// Where elements go.
	cell     string
	callback bool // a callback runs: elements belong to no cell
	stack    []*Place
	next     map[string]map[element.Path]int // by cell, then parent: next index

	// Widgets and state, which outlive runs.
	widgets map[string]*widget
	// forgotten are the revisions that widgets whose state was deleted go on from.
	forgotten map[string]int
	pending   map[string]json.RawMessage // browser values of widgets not shown yet
	state     map[string]*entry
	sent      map[string]string // encoded state as last handed over

	// Of the current run.
	seen     map[string]bool
	order    int
	fired    map[string]*firing // by widget: the one its body sees
	firings  []*firing          // all, in the order of the clicks
	later    []Trigger          // second clicks of a widget in one run
	entered  bool               // the body began: it is not for want of a run that it sees no click
	calls    []func()
	set      map[string]json.RawMessage
	errors   int
	rejected []string
	notified map[string]bool
	clears   map[string]bool // forms that were submitted and clear

	fragments map[string]*Fragment
	inside    []*Fragment // fragments being run, outermost first
	forms     map[string]*form

	query          url.Values
	queryChanged   bool
	page           string
	inPage         string            // the page whose body runs
	pages          map[string]string // of widgets in such a body, by widget ID
	rerun          bool
	rerunFragments []string
	closed         bool
	recordings     []*Recording
}

type firing struct {
	Trigger
	seen bool // by its callback or the body
}

// NewSession returns a session before its first run.
func NewSession(host Host, cfg Config) *Session {
	return &Session{
		Host: host, Cfg: cfg,
		next:    map[string]map[element.Path]int{},
		widgets: map[string]*widget{}, forgotten: map[string]int{}, pending: map[string]json.RawMessage{},
		state: map[string]*entry{}, sent: map[string]string{},
		fragments: map[string]*Fragment{}, forms: map[string]*form{},
		seen: map[string]bool{}, fired: map[string]*firing{}, set: map[string]json.RawMessage{},
		notified: map[string]bool{}, clears: map[string]bool{}, query: url.Values{},
	}
}

// Begin starts a run: it writes the browser's values, as far as the widgets they
// belong to accept them, arms the triggers and notes which callbacks to call.
// When ctx ends, the run unwinds at its next element or access of state.
func (s *Session) Begin(ctx context.Context, r Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ctx, s.req = ctx, r
	s.cell, s.callback, s.stack, s.inside = "", false, nil, nil
	s.order, s.errors, s.rejected, s.calls = 0, 0, nil, nil
	clear(s.seen)
	clear(s.fired)
	s.firings, s.later, s.entered = nil, nil, false
	clear(s.set)
	clear(s.notified)
	clear(s.clears)
	s.rerun, s.rerunFragments, s.queryChanged = false, nil, false
	if q, err := url.ParseQuery(r.Query); err == nil {
		s.query = q
	}
	s.page, s.inPage = r.Page, ""
	if r.Full {
		clear(s.next)
		for _, f := range s.fragments {
			f.alive = false
		}
	}
	delete(s.next, "")
	for _, e := range s.state {
		e.touched = false
	}
	s.resetTriggers()
	s.write(r.Widgets)
	s.arm(r.Triggers)
}

// resetTriggers makes every trigger false again: true lasts one run.
func (s *Session) resetTriggers() {
	for _, w := range s.widgets {
		if !w.spec.Trigger {
			continue
		}
		if e := s.state[w.spec.Key]; w.spec.Key != "" && e != nil {
			e.value = w.spec.Default
		}
	}
}

// write takes over browser values. A value for a widget that was never shown
// waits until it is; one that its widget refuses changes nothing.
func (s *Session) write(values map[string]json.RawMessage) {
	var changed []*widget
	for id, raw := range values {
		w := s.widgets[id]
		if w == nil {
			if len(s.pending) < maxPending {
				s.pending[id] = raw
			}
			continue
		}
		if w.spec.Trigger {
			continue // a trigger's value comes as a trigger
		}
		if w.spec.Disabled {
			s.reject(w, "the widget is disabled")
			continue
		}
		v, err := w.spec.Decode(raw)
		if err != nil {
			s.reject(w, err.Error())
			continue
		}
		if reflect.DeepEqual(v, w.value) {
			continue
		}
		w.value = v
		s.share(w)
		changed = append(changed, w)
	}
	sort.Slice(changed, func(i, j int) bool { return changed[i].order < changed[j].order })
	for _, w := range changed {
		if w.spec.OnChange != nil {
			s.calls = append(s.calls, s.callbackOf(w))
		}
	}
}

// maxPending bounds the values kept for widgets that were never shown.
const maxPending = 10_000

func (s *Session) reject(w *widget, why string) {
	w.rev++ // the browser shows what it may not have: give it the value again
	s.rejected = append(s.rejected, fmt.Sprintf("%s %q: %s", w.spec.Kind, w.spec.Label, why))
}

// arm makes triggers true for this run.
func (s *Session) arm(triggers []Trigger) {
	fire := func(t Trigger) *firing {
		f := &firing{Trigger: t}
		s.fired[t.Widget] = f
		s.firings = append(s.firings, f)
		return f
	}
	for _, t := range triggers {
		w := s.widgets[t.Widget]
		if w == nil {
			if s.fired[t.Widget] != nil {
				s.later = append(s.later, t)
				continue
			}
			fire(t)
			continue
		}
		if !w.spec.Trigger {
			continue
		}
		if w.spec.Disabled {
			s.reject(w, "the widget is disabled")
			continue
		}
		v, err := w.spec.Decode(t.Value)
		if err != nil {
			s.reject(w, err.Error())
			continue
		}
		if s.fired[t.Widget] != nil && w.spec.OnChange == nil {
			// The body can see one click of a button in a run: the others get
			// runs of their own.
			s.later = append(s.later, t)
			continue
		}
		f := fire(t)
		if w.spec.Key != "" {
			e := s.entry(w.spec.Key)
			e.value, e.widget = v, w.id
		}
		if w.form != "" && w.spec.Submit {
			if fm := s.forms[w.form]; fm != nil && fm.clear {
				s.clears[w.form] = true
			}
		}
		if w.spec.OnChange != nil {
			call := s.callbackOf(w)
			s.calls = append(s.calls, func() {
				s.mu.Lock()
				f.seen = true
				s.mu.Unlock()
				call()
			})
		}
	}
}

// callbackOf returns the widget's callback, run as such: what it shows belongs to
// no cell.
func (s *Session) callbackOf(w *widget) func() {
	f := w.spec.OnChange
	return func() {
		s.mu.Lock()
		s.callback, s.cell = true, ""
		s.mu.Unlock()
		defer func() {
			s.mu.Lock()
			s.callback = false
			s.mu.Unlock()
		}()
		f()
	}
}

// Callbacks are those of the widgets whose value changed, in the order the
// widgets were shown, and then those of the triggers. They run before the body.
func (s *Session) Callbacks() []func() {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

// EnterCell makes the cell the one that emits.
func (s *Session) EnterCell(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cell, s.entered = id, true
	s.stack, s.inside = nil, nil
	delete(s.next, id)
	for _, f := range s.fragments {
		if f.cell == id {
			f.alive = false
		}
	}
}

// Aside runs f, which may show elements that the host drops, and leaves the places
// of the cell as they were.
func (s *Session) Aside(f func()) {
	s.mu.Lock()
	cell, next, stack := s.cell, maps.Clone(s.next[s.cell]), s.stack
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.stack = stack
		if next == nil {
			delete(s.next, cell)
			return
		}
		s.next[cell] = next
	}()
	f()
}

// Cell returns the cell that emits, "" in a callback.
func (s *Session) Cell() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cell
}

// End ends the run. ok says it came to its end, stopped itself or failed with an
// error of user code having run to its end; only then is the state of widgets
// that were not shown again dropped. A run that was stopped from outside, that
// stopped early or asks for a rerun keeps them, for it may just not have reached
// them.
func (s *Session) End(ok bool) Result {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ok && !s.rerun {
		if s.req.Full {
			s.unsent()
		}
		s.cleanup()
	}
	r := Result{
		Widgets: map[string]json.RawMessage{}, Rerun: s.rerun, Fragments: s.rerunFragments,
		Errors: s.errors, Rejected: s.rejected,
	}
	for id, raw := range s.set {
		r.Widgets[id] = raw
	}
	if s.ctx != nil && s.ctx.Err() != nil || !s.entered {
		for _, f := range s.firings {
			if !f.seen {
				r.Unseen = append(r.Unseen, f.Trigger)
			}
		}
	}
	r.Unseen = append(r.Unseen, s.later...)
	r.Taken = s.taken()
	r.State, r.Deleted = s.stateChanges()
	if s.queryChanged {
		q := s.query.Encode()
		r.Query = &q
	}
	return r
}

// cleanup drops what the run's scope should have shown and did not.
func (s *Session) cleanup() {
	for id, w := range s.widgets {
		if s.seen[id] || w.spec.Persist || !s.owns(w) {
			continue
		}
		s.drop(w)
	}
	if len(s.req.Fragments) == 0 {
		for id, f := range s.fragments {
			if !f.alive && (s.req.Full || slices.Contains(s.req.Cells, f.cell)) {
				delete(s.fragments, id)
			}
		}
	}
	if s.req.Full {
		clear(s.pending)
	}
}

// drop forgets a widget and its value.
func (s *Session) drop(w *widget) {
	delete(s.widgets, w.id)
	delete(s.pages, w.id)
	if e := s.state[w.spec.Key]; e != nil && e.widget == w.id {
		delete(s.state, w.spec.Key)
	}
}

// InPage runs the body of a page of the app's navigation. The widgets of other pages
// are gone when it begins, as they would be at its end.
func (s *Session) InPage(path string, body func()) {
	s.mu.Lock()
	for id, page := range s.pages {
		if w := s.widgets[id]; w == nil {
			delete(s.pages, id)
		} else if page != path && !w.spec.Persist && !s.seen[id] {
			s.drop(w)
		}
	}
	if s.pages == nil {
		s.pages = map[string]string{}
	}
	s.inPage = path
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.inPage = ""
		s.mu.Unlock()
	}()
	body()
}

func (s *Session) owns(w *widget) bool {
	switch {
	case len(s.req.Fragments) > 0:
		for f := s.fragments[w.fragment]; f != nil; f = f.parent {
			if slices.Contains(s.req.Fragments, f.ID) {
				return true
			}
		}
		return false
	case s.req.Full:
		return true
	}
	return slices.Contains(s.req.Cells, w.cell)
}

// Restore brings back what an earlier kernel told of: state by key and widget
// values by ID, both encoded. State of a key that is there already is set anew.
func (s *Session) Restore(state, widgets map[string]json.RawMessage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, raw := range state {
		e := &entry{raw: raw, initial: true}
		_ = json.Unmarshal(raw, &e.value) // what a widget with the key can take
		if old := s.state[key]; old != nil {
			e.widget, e.initial, e.preset = old.widget, false, true
		}
		s.state[key] = e
		s.sent[key] = string(raw)
	}
	for id, raw := range widgets {
		s.pending[id] = raw
	}
}

// Close frees the session. Nothing is emitted after it.
func (s *Session) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	clear(s.widgets)
	clear(s.state)
	clear(s.fragments)
	s.calls = nil
}

// Context is the current run's; it ends when the run is stopped.
func (s *Session) Context() context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx == nil {
		return context.Background()
	}
	return s.ctx
}

// RunNumber is the current run's number.
func (s *Session) RunNumber() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.req.Run
}

// Page is the path of the page the browser shows, "" the first.
func (s *Session) PagePath() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.page
}

// User is who is signed in.
func (s *Session) User() User {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.req.User
	u.Roles = slices.Clone(u.Roles)
	return u
}

// Query returns a copy of the page's query parameters.
func (s *Session) Query() url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := url.Values{}
	for k, v := range s.query {
		out[k] = slices.Clone(v)
	}
	return out
}

// SetQuery replaces the page's query parameters.
func (s *Session) SetQuery(q url.Values) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.query.Encode() == q.Encode() {
		return
	}
	s.query, s.queryChanged = q, true
}

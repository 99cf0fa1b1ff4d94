package session

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"stnb.dev/kernel/wire"
)

// Carried is what a visitor's session takes along: into a duplicate of it (State
// and Widgets), or into the server's next life (all of it).
type Carried struct {
	State   map[string]json.RawMessage `json:"state,omitempty"`   // the encodable session state, by key
	Widgets map[string]json.RawMessage `json:"widgets,omitempty"` // values, by widget ID
	// Values and Triggers are what the visitor did and no run has taken; Clicks
	// are the clicks that were accepted, so that none is when it is sent again.
	Values   map[string]json.RawMessage `json:"values,omitempty"`
	Triggers []wire.Trigger             `json:"triggers,omitempty"`
	Clicks   []string                   `json:"clicks,omitempty"`
	// Early is what the visitor did before the page was shown again.
	Early []Interact `json:"early,omitempty"`
}

// Copy is what a duplicate of the session starts with.
func (s *Session) Copy() (c Carried) {
	_ = s.call(func() { c.State, c.Widgets = s.state.saved, s.state.values() })
	return c
}

// Give sets session state, by key, as the next run finds it. A widget with one of
// the keys takes the value over.
func (s *Session) Give(state map[string]json.RawMessage) error {
	return s.call(func() { _ = s.apply(Op{in: given{state}}) })
}

// Carry is what the session's next life starts with. It waits until the run that
// is on has ended, or ctx has.
func (s *Session) Carry(ctx context.Context) (c Carried) {
	_ = s.until(ctx, func(st State) bool { return st.run == nil })
	_ = s.call(func() {
		c = s.state.carried()
		for _, op := range s.early {
			c.Early = append(c.Early, *op.Interact)
		}
	})
	return c
}

func (s State) carried() Carried {
	todo := s.pending
	if s.run != nil {
		req := Request{Triggers: slices.DeleteFunc(slices.Clone(s.run.req.Triggers), func(t wire.Trigger) bool {
			return slices.Contains(s.run.taken, t.Click)
		})}
		if !s.run.copied {
			req.Widgets = s.run.req.Widgets
		}
		todo = req.Merge(todo)
	}
	return Carried{State: s.saved, Widgets: s.widgets, Values: todo.Widgets, Triggers: todo.Triggers, Clicks: s.clicks}
}

// maxEarly bounds how much a visitor may do before the page is shown, as MaxValues
// bounds what it weighs.
const maxEarly = 256

var errTooEarly = errors.New("the page is not there yet")

// tooEarly says that a visitor used what the page does not show yet: they have it
// on their screen from the server's life before, and it is about to be shown.
func (s *Session) tooEarly(i *Interact, at widgetAt) bool {
	if s.cfg.Mode != ModeApp || s.state.shown || i.Tick {
		return false
	}
	named := len(i.Values)
	if i.Trigger != nil {
		if _, both := i.Values[i.Trigger.Widget]; !both {
			named++
		}
	}
	return named > len(at.widgets) || named > 0 && len(s.early) > 0
}

// holdBack keeps an op until the page is shown.
func (s *Session) holdBack(op Op) error {
	weight := 0
	for _, o := range append(s.early, op) {
		for id, v := range o.Interact.Values {
			weight += len(id) + len(v)
		}
		if t := o.Interact.Trigger; t != nil {
			if t.tooLong() {
				return errLongClick
			}
			weight += len(t.Value)
		}
		for _, place := range []*string{o.Interact.Query, o.Interact.Page} {
			if place != nil {
				weight += len(*place)
			}
		}
	}
	if most := s.cfg.MaxValues; len(s.early) >= maxEarly || most > 0 && weight > most {
		return errTooEarly
	}
	s.early = append(s.early, op)
	return nil
}

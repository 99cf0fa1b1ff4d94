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
}

// Copy is what a duplicate of the session starts with.
func (s *Session) Copy() (c Carried) {
	_ = s.call(func() { c.State, c.Widgets = s.state.saved, s.state.values() })
	return c
}

// Carry is what the session's next life starts with. It waits until the run that
// is on has ended, or ctx has.
func (s *Session) Carry(ctx context.Context) (c Carried) {
	_ = s.until(ctx, func(st State) bool { return st.run == nil })
	_ = s.call(func() { c = s.state.carried(s.early) })
	return c
}

// carried is the state's, with ops that are held back.
func (s State) carried(early []Op) Carried {
	todo := s.pending
	c := Carried{State: s.saved, Widgets: s.widgets}
	if s.run != nil {
		req := Request{Triggers: slices.DeleteFunc(slices.Clone(s.run.req.Triggers), func(t wire.Trigger) bool {
			return slices.Contains(s.run.taken, t.Click)
		})}
		if !s.run.copied {
			req.Widgets = s.run.req.Widgets
		}
		todo = req.Merge(todo)
	}
	c.Clicks = s.clicks
	for _, op := range early {
		todo = todo.Merge(Request{Widgets: op.Interact.Values})
		if t := op.Interact.Trigger; t != nil && !slices.Contains(c.Clicks, t.Click) {
			todo = todo.Merge(Request{Triggers: []wire.Trigger{wire.Trigger(*t)}})
			c.Clicks = append(slices.Clip(c.Clicks), t.Click)
		}
	}
	c.Values, c.Triggers = todo.Widgets, todo.Triggers
	return c
}

// maxEarly bounds what a visitor may do before the page is shown.
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
	if len(s.early) >= maxEarly {
		return errTooEarly
	}
	s.early = append(s.early, op)
	return nil
}

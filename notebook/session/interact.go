package session

import (
	"encoding/json"
	"fmt"
	"slices"

	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
)

// Limits on what a visitor may send.
const (
	maxQuery  = 512 << 10 // bytes
	keptClick = 512       // clicks remembered, to apply each once
	maxClick  = 100       // bytes of a click's name, and of its widget's
)

var errLongClick = fmt.Errorf("a click's name has more than %d bytes", maxClick)

func (t *Trigger) tooLong() bool { return len(t.Click) > maxClick || len(t.Widget) > maxClick }

// placed is what the screen knows of a widget that an Interact names.
type placed struct {
	cell     notebook.CellID // that emitted it
	fragment string
	form     string
	disabled bool
}

// interact takes what a person did with widgets. What is not on the screen, is
// disabled, or belongs to a form that was not submitted, is passed over: the
// screen may have changed while the click was on its way, and a visitor may send
// anything.
func (c *change) interact(i *Interact) error {
	c.check()
	at, _ := c.op.in.(widgetAt)
	if i.Tick && (at.gone || i.Fragment == "") {
		return nil
	}
	if i.Query != nil && len(*i.Query) > maxQuery {
		return fmt.Errorf("the query string is longer than %d kB", maxQuery>>10)
	}
	form := ""
	if t := i.Trigger; t != nil {
		if t.tooLong() {
			return errLongClick
		}
		form = at.widgets[t.Widget].form
	}

	req := Request{Touch: true, Widgets: map[string]json.RawMessage{}}
	var used []placed
	for id, value := range i.Values {
		w, ok := at.widgets[id]
		if !ok || w.disabled || w.form != "" && w.form != form || !json.Valid(value) {
			continue
		}
		req.Widgets[id] = value
		used = append(used, w)
	}
	if err := c.checkValues(req.Widgets, i.Trigger); err != nil {
		return err
	}
	if t := i.Trigger; t != nil {
		w, ok := at.widgets[t.Widget]
		if !slices.Contains(c.clicks, t.Click) {
			c.clicks = append(slices.Clip(c.clicks[max(0, len(c.clicks)-keptClick+1):]), t.Click)
			if ok && !w.disabled {
				req.Triggers = []wire.Trigger{{Click: t.Click, Widget: t.Widget, Value: t.Value}}
				used = append(used, w)
			}
		}
	}
	moved := false // to another page or query
	if i.Query != nil && *i.Query != c.query {
		c.query, moved = *i.Query, true
	}
	if i.Page != nil && *i.Page != c.page {
		c.page, moved = *i.Page, true
	}

	switch {
	case i.Tick:
		if slices.Contains(c.pending.Fragments, i.Fragment) || c.run != nil && slices.Contains(c.run.req.Fragments, i.Fragment) {
			return nil // the timer is faster than the fragment
		}
		req.want, req.Fragments = wantFragments, []string{i.Fragment}
	case c.settings.Mode == ModeApp && (moved || i.Rerun):
		req.want = wantBody
	case len(used) > 0:
		if f := commonFragment(used); f != "" {
			req.want, req.Fragments = wantFragments, []string{f}
			break
		}
		req.want = wantBody
		if c.settings.Mode == ModeEdit {
			var cells []notebook.CellID
			for _, w := range used {
				cells = append(cells, w.cell)
			}
			req.Cells = c.below(cells)
		}
	}
	if i.Trigger != nil {
		e := c.runEvent()
		e.Applied = []string{i.Trigger.Click}
		c.tell(Event{Run: &e})
	}
	if req.want == wantNothing {
		return nil
	}
	c.ask(req, !i.Tick)
	return nil
}

// commonFragment returns the fragment all widgets belong to, or "".
func commonFragment(used []placed) string {
	f := used[0].fragment
	for _, w := range used {
		if w.fragment != f {
			return ""
		}
	}
	return f
}

// checkValues bounds what the session holds of a visitor.
func (c *change) checkValues(newer map[string]json.RawMessage, t *Trigger) error {
	if c.settings.MaxValues == 0 {
		return nil
	}
	sum := 0
	for id, v := range overlay(c.values(), newer) {
		sum += len(id) + len(v)
	}
	if t != nil {
		sum += len(t.Value)
	}
	for _, waiting := range c.pending.Triggers { // no run has taken them
		sum += len(waiting.Click) + len(waiting.Widget) + len(waiting.Value)
	}
	if sum > c.settings.MaxValues {
		return fmt.Errorf("the values of this page's widgets take more than %d MB", c.settings.MaxValues>>20)
	}
	return nil
}

// ask adds the request to what is wanted; press lets it supersede what runs.
func (c *change) ask(req Request, press bool) {
	c.pending = c.pending.Merge(req)
	if press && c.run != nil && c.pending.Supersedes(c.run.req) {
		c.stopRun(wire.Superseded)
	}
	c.pump()
	c.announce()
}

package session

import (
	"encoding/json"
	"fmt"
	"slices"

	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
	"stnb.dev/notebook/file"
	"stnb.dev/widgets/element"
)

// runCells takes the owner's wish to run cells.
func (c *change) runCells(r *Run) error {
	c.check()
	for _, id := range r.Cells {
		if c.notebook.Index(id) < 0 {
			return noCell(id)
		}
	}
	cells := c.notebook.Cells
	ids := func(cells []notebook.Cell) (out []notebook.CellID) {
		for _, cell := range cells {
			out = append(out, cell.ID)
		}
		return out
	}
	var targets []notebook.CellID
	switch r.What {
	case "":
		targets = slices.Clone(r.Cells)
	case "all":
		targets = c.unheld(ids(cells))
	case "stale":
		verdicts := c.verdicts()
		for _, id := range ids(cells) {
			if !verdicts[id].usable() {
				targets = append(targets, id)
			}
		}
		targets = c.settled(targets)
	case "above", "below":
		if len(r.Cells) == 0 {
			return fmt.Errorf("run %s of which cell?", r.What)
		}
		at := c.notebook.Index(r.Cells[0])
		if r.What == "above" {
			targets = c.unheld(ids(cells[:at]))
		} else {
			targets = c.unheld(ids(cells[at:]))
		}
	default:
		return fmt.Errorf("run what? all, stale, above or below, not %q", r.What)
	}
	if c.notebook.Reactive {
		targets = c.settled(c.below(targets))
	}
	if c.run != nil {
		// A cell that this run has yet to come to, with the text it has now,
		// need not run twice.
		now := units(c.program)
		targets = slices.DeleteFunc(targets, func(id notebook.CellID) bool {
			return slices.Contains(c.run.cells, id) && !slices.Contains(c.run.began, id) && now[id].ID == c.kernel.units[id]
		})
	}
	if len(targets) > 0 {
		c.ask(Request{want: wantBody, Cells: targets}, false)
	}
	return nil
}

// react runs, in a reactive notebook, what a change of its cells left stale, once the
// kernel is up. A text that was typed and not run waits for its Run, as a cell does
// that never ran, and so does what needs them; unless the text was read from a file:
// then nobody here would run it.
func (c *change) react(read bool) {
	if !c.notebook.Reactive || c.settings.Mode != ModeEdit || c.kernel.phase != kernelUpPhase {
		return
	}
	c.check()
	verdicts := c.verdicts()
	waits := map[notebook.CellID]bool{}
	var targets []notebook.CellID
	for _, cell := range c.notebook.Cells {
		v, r := verdicts[cell.ID], c.ran[cell.ID]
		if v.usable() {
			continue
		}
		if r.stamp == 0 || !read && r.source != cell.Source ||
			slices.ContainsFunc(c.program.Needs(cell.ID), func(dep notebook.CellID) bool { return waits[dep] }) {
			waits[cell.ID] = true
		} else if v.state == "stale" {
			targets = append(targets, cell.ID)
		}
	}
	if len(targets) > 0 {
		c.ask(Request{want: wantBody, Cells: targets}, false)
	}
}

// pump starts what is wanted, or the next thing that is missing for it.
func (c *change) pump() {
	if c.run != nil || c.pending.want == wantNothing {
		return
	}
	c.check()
	if c.settings.Mode == ModeApp && c.clients == 0 {
		return // nobody watches
	}
	switch c.kernel.phase {
	case kernelNone, kernelDead:
		c.startKernel(0)
		return
	case kernelStarting:
		return
	}
	if c.kernel.loading {
		return
	}
	if !c.loadedNow() {
		c.load()
		return
	}
	c.start()
}

// start begins the run that was asked for.
func (c *change) start() {
	req := c.pending
	c.pending = Request{}
	if c.kernel.replay {
		// In a new kernel the page runs once as it was, to its end, so that its
		// callbacks exist; what came since comes after.
		if len(req.Triggers)+len(req.Widgets) > 0 || req.want != wantBody {
			c.pending, req = req, Request{want: wantBody}
		}
		req.Touch = false
	}
	r := &running{n: c.runs + 1, req: req}
	scope := element.Scope{Fragments: req.Fragments}
	var shown []element.Delta
	if req.want == wantBody {
		if c.settings.Mode == ModeApp {
			r.cells, shown = c.wholePage()
		} else {
			r.cells = c.plan(req.Cells)
			if len(r.cells) == 0 {
				// Nothing of it can run. The values still have to reach the
				// kernel with the next run.
				c.pending.Widgets = req.Widgets
				return
			}
			scope.Cells = strs(r.cells)
		}
	}
	if len(scope.Cells)+len(scope.Fragments) > 0 {
		// What a callback of the run before failed with is in no scope but the whole page's.
		shown = []element.Delta{{Op: element.Remove, Path: errorPath("")}}
	}
	c.run = r
	c.runs = r.n
	c.do(BeginScreen{Run: r.n, Scope: scope})
	// Before anything is drawn: what comes after it is this run's to a page.
	c.emit(Event{Run: ptr(c.runEvent())})
	if len(shown) > 0 {
		c.do(Draw{shown})
	}
	c.send(wire.Message{Run: &wire.Run{
		Session: c.settings.ID, Run: r.n, Cells: strs(r.cells),
		Full:      c.settings.Mode == ModeApp && req.want == wantBody,
		Fragments: req.Fragments, Widgets: req.Widgets, Triggers: req.Triggers,
		Query: c.query, Page: c.page, User: c.settings.User,
	}})
	c.emitKernel()
	if c.settings.RunLimit > 0 {
		c.do(After{c.settings.RunLimit, Op{in: runOverdue{r.n}}})
	}
}

// wholePage returns the cells of an app's run, and what the page shows of itself:
// Markdown cells that come from no run, and the first cell that cannot run. As in
// Go, where one broken file keeps the program from starting, nothing below a
// broken cell runs.
func (c *change) wholePage() ([]notebook.CellID, []element.Delta) {
	var cells []notebook.CellID
	var shown []element.Delta
	verdicts := c.verdicts()
	broken := false
	for _, cell := range c.notebook.Cells {
		switch v := verdicts[cell.ID]; {
		case v.state == "none":
			if cell.Kind == notebook.Markdown && !cell.Disabled && c.settings.Markdown != nil && cell.Source != "" {
				shown = append(shown, markdownDelta(cell.ID, c.settings.Markdown(cell.Source, c.notebook.Dir, file.Attachments(cell))))
			}
		case broken:
		case v.state == "blocked":
			broken = true
			shown = append(shown, c.brokenCell(cell.ID)...)
		default:
			cells = append(cells, cell.ID)
		}
	}
	return cells, shown
}

// stopRun tells the run to stop, once; a stronger reason takes a weaker's place.
func (c *change) stopRun(why wire.StopReason) {
	if c.run.stopping == why || c.run.stopping == wire.Interrupted {
		return
	}
	r := *c.run
	r.stopping = why
	c.run = &r
	c.send(wire.Message{Stop: &wire.Stop{Session: c.settings.ID, Run: r.n, Reason: why}})
	if why == wire.Interrupted {
		c.do(After{c.settings.Grace, Op{in: graceOver{r.n}}})
	}
}

// interrupt stops what runs and forgets what waits. Values that people set stay.
func (c *change) interrupt() {
	c.pending = Request{Widgets: c.pending.Widgets}
	if c.run != nil {
		c.stopRun(wire.Interrupted)
	}
	c.announce()
}

func (c *change) cellStart(m *wire.CellStart) {
	if c.run == nil || m.Run != c.run.n {
		return
	}
	id := notebook.CellID(m.Cell)
	r := *c.run
	r.began = append(slices.Clip(r.began), id)
	c.run = &r
	if c.settings.Mode == ModeApp {
		return
	}
	inputs := map[notebook.CellID]uint64{}
	for _, dep := range c.kernel.program.Needs(id) {
		inputs[dep] = c.ran[dep].stamp
	}
	c.stamp++
	cell, _ := c.kernel.notebook.Cell(id)
	c.setRan(id, func(r *ran) {
		*r = ran{state: "running", unit: c.kernel.units[id], source: cell.Source, stamp: c.stamp, inputs: inputs, count: r.count + 1}
	})
	for _, def := range c.kernel.program.Mutates(id) {
		if def != id {
			c.setRan(def, func(r *ran) { r.touched = append(slices.Clip(r.touched), id) })
		}
	}
	c.announce()
}

func (c *change) cellEnd(m *wire.CellEnd) {
	if c.run == nil || m.Run != c.run.n {
		return
	}
	id := notebook.CellID(m.Cell)
	r := *c.run
	// A cell that was interrupted may still come to its end: a query that was
	// cut short is an error value to the code around it. Its values are not to
	// be relied on either way.
	cut := m.Fault != nil && m.Fault.Kind == "stopped" || m.Fault == nil && r.stopping == wire.Interrupted
	r.ended = append(slices.Clip(r.ended), id)
	if m.Fault != nil && !cut {
		r.failed = id
	}
	c.run = &r
	if m.Fault != nil && !cut {
		c.showFault(id, m.Fault)
	}
	if c.settings.Mode == ModeApp {
		return
	}
	c.setRan(id, func(x *ran) {
		x.state, x.millis, x.at, x.goroutines = "done", m.Millis, c.op.at, m.Goroutines
		switch {
		case cut && r.stopping == wire.Interrupted:
			x.state, x.stamp, x.lost = "failed", 0, "it was interrupted"
		case cut && r.stopping != "":
			x.state, x.stamp, x.lost = "done", 0, "it was stopped for a newer interaction"
		case m.Fault != nil && !cut:
			x.state = "failed"
		}
	})
	c.announce()
}

func (c *change) runEnd(m *wire.RunEnd) {
	if c.run == nil || m.Run != c.run.n {
		return
	}
	r := c.run
	c.run = nil
	c.askOver()
	c.kernel.deaths = 0
	c.keepValues(r, m.Widgets)
	if m.Query != nil && *m.Query != c.query {
		c.query = *m.Query
		c.emit(Event{Query: &QueryEvent{Query: c.query}})
	}
	if m.Fault != nil && m.Fault.Kind != "stopped" {
		c.showFault("", m.Fault)
	}

	stopped := m.Status == wire.RunStopped && r.stopping != "" && m.Reason != ""
	prune := EndScreen{Prune: true}
	switch {
	case m.Status == wire.RunRerun, stopped && (r.stopping == wire.Superseded || r.stopping == wire.Closed):
		prune.Prune = false // the next run decides what goes
	case m.Status != wire.RunOK && r.req.want == wantBody && (c.settings.Mode == ModeEdit || len(r.began) == 0):
		// What it did not come to stays: a callback that fails costs nobody the page,
		prune.Cells = append([]string{}, strs(r.began)...)
	case m.Status == wire.RunFailed && r.req.want == wantFragments:
		prune.Prune = false // nor the fragment, which shows what fails in itself
	}
	if stopped && r.stopping == wire.TimedOut {
		c.do(Draw{[]element.Delta{errorDelta("", element.Error{Kind: "timeout", Message: c.overdueText()})}})
		c.do(Log{Level: "warn", Text: "a run took longer than its limit and was stopped"})
	}
	c.do(prune)
	c.lostCells(r)
	if prune.Prune {
		c.shown, c.kernel.replay = true, false
	}

	// Clicks that this run could not take (two of one button) get another run,
	// unless it took nothing at all: then so would the next.
	var again Request
	if n := len(m.Unseen); n > 0 && (n < len(r.req.Triggers) || len(r.req.Widgets) > 0) {
		again = Request{want: r.req.want, Cells: r.req.Cells, Fragments: r.req.Fragments, Triggers: m.Unseen, Touch: true}
	}
	switch {
	case stopped && r.stopping == wire.Superseded:
		again = Request{want: r.req.want, Fragments: r.req.Fragments, Triggers: m.Unseen, Touch: true}
		for _, id := range r.cells {
			if c.settings.Mode == ModeEdit && !c.verdictOf(id).usable() {
				again.Cells = append(again.Cells, id)
			}
		}
	case stopped && r.stopping == wire.Closed:
		c.cut = true
		c.pending = Request{Triggers: m.Unseen, Touch: true}.Merge(c.pending)
		c.makeGood()
	case stopped && r.stopping == wire.Interrupted:
		again = Request{}
	case stopped:
		// Out of time: it is not tried again, but for the clicks it did not come to.
	case m.Status == wire.RunRerun && r.stopping == wire.Interrupted:
	case m.Status == wire.RunRerun:
		again = Request{want: wantBody, Cells: r.cells, Triggers: m.Unseen, Touch: true}
		if c.settings.Mode == ModeApp {
			again.Cells = nil
		}
		if len(m.Fragments) > 0 {
			again = Request{want: wantFragments, Fragments: m.Fragments, Triggers: m.Unseen, Touch: true}
		}
	case m.Status == wire.RunFailed && c.settings.Mode == ModeEdit && r.failed != "":
		// What does not need the failed cell still runs.
		lost := c.below([]notebook.CellID{r.failed})
		for _, id := range r.cells {
			if !slices.Contains(r.began, id) && !slices.Contains(lost, id) {
				again.want, again.Fragments = wantBody, nil
				again.Cells = append(again.Cells, id)
			}
		}
		again.Touch = r.req.Touch
	}
	if again.want != wantNothing {
		c.pending = again.Merge(c.pending)
	}
	e := c.runEvent()
	e.Status = string(m.Status)
	c.emit(Event{Run: &e})
	c.pump()
	if c.run == nil {
		c.emitKernel()
	}
	c.announce()
}

// lostCells settles cells whose start was told but not their end.
func (c *change) lostCells(r *running) {
	for _, id := range r.began {
		if !slices.Contains(r.ended, id) && c.ran[id].state == "running" {
			c.setRan(id, func(x *ran) { x.state, x.stamp, x.lost = "failed", 0, "it did not end" })
		}
	}
}

func (s State) verdictOf(id notebook.CellID) verdict { return s.verdicts()[id] }

func (c *change) stateCopy(m *wire.State) {
	c.saved = overlay(c.saved, m.Set)
	if len(m.Deleted) > 0 {
		kept := make(map[string]json.RawMessage, len(c.saved))
		for k, v := range c.saved {
			if !slices.Contains(m.Deleted, k) {
				kept[k] = v
			}
		}
		c.saved = kept
	}
	if c.run != nil {
		r := *c.run
		c.keepValues(&r, m.Widgets)
		r.copied, r.taken = true, union(r.taken, m.Taken)
		c.run = &r
	}
}

// keepValues takes over the values that the run was given, which it has taken
// now, and those that it set itself.
func (c *change) keepValues(r *running, set map[string]json.RawMessage) {
	if !r.copied {
		c.widgets = overlay(c.widgets, r.req.Widgets)
	}
	c.widgets = overlay(c.widgets, set)
}

// values are all widgets' values, those that no run has taken yet too.
func (s State) values() map[string]json.RawMessage {
	all := s.widgets
	if s.run != nil && !s.run.copied {
		all = overlay(all, s.run.req.Widgets)
	}
	return overlay(all, s.pending.Widgets)
}

// clear takes outputs away.
func (c *change) clear(cl *Clear) error {
	ids := cl.Cells
	if len(ids) == 0 {
		for _, cell := range c.notebook.Cells {
			ids = append(ids, cell.ID)
		}
	}
	for _, id := range ids {
		if c.notebook.Index(id) < 0 {
			return noCell(id)
		}
	}
	c.do(Wipe{strs(ids)})
	return nil
}

// audience follows how many clients watch. Nobody watches an app: its run stops,
// and is made again for whoever comes back.
func (c *change) audience(n int) {
	c.clients = n
	if c.settings.Mode != ModeApp {
		return
	}
	if n == 0 {
		if c.run != nil && c.run.req.Touch {
			c.stopRun(wire.Closed)
		}
		return
	}
	c.makeGood()
	c.pump()
}

// makeGood asks again for the run that was cut while nobody watched, once somebody
// does; they may have been back before it ended.
func (c *change) makeGood() {
	if c.cut && c.clients > 0 {
		c.cut = false
		c.pending = c.pending.Merge(Request{want: wantBody, Touch: true})
	}
}

// reload makes a new version of its notebook the app's.
func (c *change) reload(in reload) {
	nb := notebook.Reconcile(c.notebook, in.notebook)
	c.replace(nb, in.program)
	if c.runs > 0 || c.run != nil || c.pending.want != wantNothing {
		c.ask(Request{want: wantBody, Touch: true}, true)
	}
}

func strs[T ~string](ids []T) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}

package session

import (
	"fmt"
	"slices"
	"time"

	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
	"stnb.dev/notebook/source"
)

// maxDeaths is how often in a row an app's kernel is started again by itself.
const maxDeaths = 5

func (c *change) startKernel(delay time.Duration) {
	k := &c.kernel
	k.phase, k.reason = kernelStarting, ""
	k.gen++
	k.loaded, k.loading, k.units = false, false, nil
	k.refused = nil
	c.do(StartKernel{Gen: k.gen, Engine: k.engine, Delay: delay})
	c.emitKernel()
}

func (c *change) kernelUp() {
	c.kernel.phase = kernelUpPhase
	c.load()
	c.do(Reopen{wire.Open{Session: c.settings.ID, State: c.saved, Widgets: c.widgets}})
	c.emitKernel()
	c.pump()
}

// load makes the document's program the kernel's. Cells whose unit the kernel
// drops lose their values with it.
func (c *change) load() {
	c.check()
	k := &c.kernel
	k.loadSeq++
	k.loaded, k.loading = true, true
	k.program, k.notebook = c.program, c.notebook
	all := c.program.Units()
	k.units = make(map[notebook.CellID]string, len(all))
	for _, u := range all {
		k.units[notebook.CellID(u.Cell)] = u.ID
	}
	lost := map[notebook.CellID]string{}
	for id, r := range c.ran {
		if r.stamp != 0 && k.units[id] != r.unit {
			lost[id] = c.whyLost(id, r)
		}
	}
	for id, why := range lost {
		c.setRan(id, func(r *ran) { r.stamp, r.lost = 0, why })
	}
	c.send(wire.Message{Load: &wire.Load{Seq: k.loadSeq, Units: all}})
}

// whyLost says why the kernel drops the values of a cell: what was edited is the
// cell, or what it needs.
func (c *change) whyLost(id notebook.CellID, r ran) string {
	cell, ok := c.notebook.Cell(id)
	if !ok || cell.Source != r.source {
		return "edited since it ran"
	}
	for _, dep := range c.program.Needs(id) {
		if d := c.ran[dep]; c.kernel.units[dep] != d.unit || d.stamp != r.inputs[dep] {
			return fmt.Sprintf("%s changed in %s", c.names(id, dep), c.cellName(dep))
		}
	}
	return "what it needs has changed"
}

// loadedNow says whether the kernel has the document's program.
func (c *change) loadedNow() bool {
	if !c.kernel.loaded {
		return false
	}
	return c.kernel.program == c.program ||
		slices.EqualFunc(c.program.Units(), c.kernel.program.Units(), func(u, has wire.Unit) bool {
			return u.ID == has.ID && u.File == has.File && u.Lines == has.Lines
		})
}

func (c *change) kernelSays(m wire.Message) {
	switch {
	case m.Loaded != nil:
		c.loadedAnswer(m.Loaded)
	case m.Deltas != nil:
		// Goroutines may still draw after their run's end, until the next one.
		if m.Deltas.Run == c.runs && len(m.Deltas.Deltas) > 0 {
			c.do(Draw{c.presentable(m.Deltas.Deltas)})
		}
	case m.CellStart != nil:
		c.cellStart(m.CellStart)
	case m.CellEnd != nil:
		c.askOver()
		c.cellEnd(m.CellEnd)
	case m.RunEnd != nil:
		c.runEnd(m.RunEnd)
	case m.State != nil:
		c.stateCopy(m.State)
	case m.Ask != nil:
		c.askFor()
	case m.Log != nil:
		c.do(Log{Level: "info", Text: m.Log.Text})
	case m.Stats != nil:
		c.stats(m.Stats)
	}
}

func (c *change) loadedAnswer(m *wire.Loaded) {
	k := &c.kernel
	if m.Seq != k.loadSeq || !k.loading {
		return
	}
	k.loading = false
	if m.Restart != "" && m.Restart != k.running && m.Restart != k.engine {
		// The program needs the other engine: the same again with that one.
		c.notice("info", fmt.Sprintf("The kernel starts again with the %s engine: %s", m.Restart, m.Reason))
		c.do(StopKernel{Gen: k.gen})
		c.forgetValues("the kernel was started again with another engine")
		k.engine = m.Restart
		c.startKernel(0)
		c.announce()
		return
	}
	k.running, k.reason = m.Engine, m.Reason
	k.refused = nil
	for _, p := range m.Problems {
		if k.refused == nil {
			k.refused = map[string][]source.Diagnostic{}
		}
		k.refused[p.Unit] = append(k.refused[p.Unit], c.diagnostic(p))
	}
	c.emitKernel()
	c.pump()
	c.announce()
}

// diagnostic is an engine's problem in the cell's own coordinates.
func (c *change) diagnostic(p wire.Problem) source.Diagnostic {
	d := source.Diagnostic{Severity: source.Error, Code: p.Code, Message: p.Message}
	d.Range.Start, _ = c.kernel.program.Position(p.Unit, p.Line, p.Column)
	d.Range.End = d.Range.Start
	if p.EndLine > 0 {
		if end, ok := c.kernel.program.Position(p.Unit, p.EndLine, p.EndCol); ok {
			d.Range.End = end
		}
	}
	return d
}

// kernelGone: the process ended by itself, or never started.
func (c *change) kernelGone(reason string) {
	k := &c.kernel
	k.phase, k.reason = kernelDead, reason
	k.gen++ // what is still on its way from it is not wanted, not even that it is up
	k.deaths++
	r := c.run
	c.abortRun("The kernel ended while this ran: " + reason)
	c.forgetValues("the kernel ended")
	if c.settings.Mode == ModeEdit {
		c.pending = Request{Widgets: c.pending.Widgets}
		c.notice("error", "The kernel ended: "+reason+" Run a cell to start it again.")
		c.emitKernel()
		c.announce()
		return
	}
	// An app comes back by itself, at once if somebody watches.
	if r != nil {
		c.pending = c.salvage(r).Merge(c.pending)
	}
	k.replay = k.replay || c.runs > 0
	c.cut = c.cut || c.runs > 0
	c.do(Log{Level: "error", Text: "the app's kernel ended: " + reason})
	c.emitKernel()
	switch {
	case c.clients == 0:
	case k.deaths <= maxDeaths:
		c.makeGood()
		c.startKernel(time.Duration(k.deaths-1) * 300 * time.Millisecond)
	default:
		c.pending.want, c.cut = wantNothing, true // until somebody asks for something
		c.notice("error", "The app has stopped. Please try again in a moment.")
	}
}

// salvage is what has to be done again of the run that the kernel died in: the
// clicks, and the changes of values that may have callbacks, unless the copy of
// the state holds their effect. What the kernel died under twice is given up, and
// so is a run that was out of time.
func (c *change) salvage(r *running) Request {
	again := Request{want: wantBody, Touch: true}
	if r.stopping == timedOut {
		c.keepValues(r, nil)
		return again
	}
	for _, t := range r.req.Triggers {
		if !slices.Contains(r.taken, t.Click) && !slices.Contains(r.req.survived, t.Click) {
			again.Triggers = append(again.Triggers, t)
			again.survived = append(again.survived, t.Click)
		}
	}
	if !r.copied && !r.req.deadly && len(r.req.Widgets) > 0 {
		again.Widgets, again.deadly = r.req.Widgets, true
	} else {
		c.keepValues(r, nil)
	}
	return again
}

// abortRun ends the run without the kernel's word.
func (c *change) abortRun(text string) {
	if c.run == nil {
		return
	}
	r := c.run
	c.run = nil
	c.askOver()
	if c.settings.Mode == ModeEdit {
		c.keepValues(r, nil)
		for _, id := range r.began {
			if !slices.Contains(r.ended, id) {
				c.showFault(id, &wire.Fault{Kind: "exit", Message: text})
				c.setRan(id, func(x *ran) { x.state, x.at = "failed", c.op.at })
			}
		}
	}
	c.do(EndScreen{Prune: false})
	e := c.runEvent()
	e.Status = string(wire.RunFailed)
	c.emit(Event{Run: &e})
}

// forgetValues: the kernel that held the cells' values is gone.
func (c *change) forgetValues(why string) {
	for id := range c.ran {
		c.setRan(id, func(r *ran) {
			r.stamp, r.lost, r.goroutines = 0, why, 0
			if r.state == "running" {
				r.state = "failed"
			}
		})
	}
}

// graceOver: what was told to stop did not.
func (c *change) graceOver() {
	if c.settings.Mode == ModeApp {
		return // other visitors live in this kernel; its keeper decides
	}
	c.do(StopKernel{Gen: c.kernel.gen, Kill: true})
	c.kernelGone("it did not stop when asked, so it was ended.")
}

// restart starts the kernel anew, with the session's state and widget values.
func (c *change) restart(runAll bool) {
	if c.kernel.phase == kernelUpPhase || c.kernel.phase == kernelStarting {
		c.do(StopKernel{Gen: c.kernel.gen})
	}
	c.abortRun("The kernel was restarted.")
	c.forgetValues("the kernel was restarted")
	c.kernel.engine = c.notebook.Engine
	c.kernel.deaths = 0
	c.pending = Request{Widgets: c.pending.Widgets}
	if runAll {
		var all []notebook.CellID
		for _, cell := range c.notebook.Cells {
			all = append(all, cell.ID)
		}
		c.pending = c.pending.Merge(Request{want: wantBody, Cells: all})
	}
	c.startKernel(0)
	c.announce()
}

func (c *change) stats(m *wire.Stats) {
	k := &c.kernel
	if dt := c.op.at - k.cpuAt; k.cpuAt != 0 && dt > 0 {
		k.cpu = max(0, (m.CPUSeconds-k.cpuTotal)*1000/float64(dt))
	}
	k.cpuTotal, k.cpuAt, k.rss = m.CPUSeconds, c.op.at, m.RSSBytes
	c.emitKernel()
}

func (c *change) emitKernel() {
	e := c.kernel.event(c.run != nil)
	if c.settings.Mode == ModeApp {
		e = KernelState{State: e.State}
	}
	c.emit(Event{Kernel: &e})
}

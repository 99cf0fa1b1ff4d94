package session

import (
	"fmt"
	"slices"
	"strings"

	"stnb.dev/notebook"
	"stnb.dev/notebook/source"
)

// verdict is what a cell's values are worth now.
type verdict struct {
	state string // "none" (nothing to run), "idle", "blocked", "stale", "failed", "fresh", "running"
	why   string
}

// usable says that cells below may rely on the cell's values.
func (v verdict) usable() bool { return v.state == "fresh" || v.state == "none" }

// verdicts compares, for every cell, what it saw when it ran with what is there
// now. A cell is fresh when its text is what ran, everything it needs is fresh,
// and each of those last began exactly when it did when this cell began.
func (s State) verdicts() map[notebook.CellID]verdict {
	u := units(s.program)
	out := make(map[notebook.CellID]verdict, len(s.notebook.Cells))
	s.index = make(map[notebook.CellID]int, len(s.notebook.Cells))
	for i, cell := range s.notebook.Cells {
		s.index[cell.ID] = i
	}
	for _, cell := range s.notebook.Cells {
		unit, runs := u[cell.ID]
		if runs && len(s.kernel.refused[unit.ID]) > 0 {
			out[cell.ID] = verdict{"blocked", ""}
			continue
		}
		if !runs {
			v := verdict{"none", ""}
			if blocked(s.program, cell.ID) {
				v.state = "blocked"
			} else {
				for _, dep := range s.program.Needs(cell.ID) {
					if out[dep].state == "blocked" {
						v = verdict{"blocked", fmt.Sprintf("needs %s, which cannot run", s.cellName(dep))}
					}
				}
			}
			out[cell.ID] = v
			continue
		}
		out[cell.ID] = s.verdict(cell, unit.ID, out)
	}
	return out
}

func (s State) verdict(cell notebook.Cell, unit string, above map[notebook.CellID]verdict) verdict {
	needs := s.program.Needs(cell.ID)
	for _, dep := range needs {
		if above[dep].state == "blocked" {
			return verdict{"blocked", fmt.Sprintf("needs %s, which cannot run", s.cellName(dep))}
		}
	}
	r, known := s.ran[cell.ID]
	switch {
	case !known:
		return verdict{"idle", ""}
	case r.state == "running":
		return verdict{"running", ""}
	case r.stamp == 0 && r.state == "failed":
		return verdict{"failed", r.lost}
	case r.stamp == 0:
		return verdict{"stale", r.lost}
	case cell.Once && r.state == "done" && r.unit == unit && r.source == cell.Source:
		return verdict{"fresh", ""} // until it is run by hand
	case r.source != cell.Source && (r.unit != unit || s.checked != s.version):
		return verdict{"stale", "edited since it ran"}
	}
	for _, dep := range needs {
		saw, ok := r.inputs[dep]
		now := s.ran[dep]
		switch {
		case !ok:
			return verdict{"stale", fmt.Sprintf("%s now comes from %s", s.names(cell.ID, dep), s.cellName(dep))}
		case now.stamp != saw && above[dep].state != "idle":
			return verdict{"stale", fmt.Sprintf("%s changed in %s", s.names(cell.ID, dep), s.cellName(dep))}
		case !above[dep].usable():
			return verdict{"stale", fmt.Sprintf("needs %s from %s, which is %s", s.names(cell.ID, dep), s.cellName(dep), above[dep].word())}
		}
	}
	for dep := range r.inputs {
		if !slices.Contains(needs, dep) {
			return verdict{"stale", "a cell it relied on is gone or does something else"}
		}
	}
	if r.unit != unit {
		return verdict{"stale", "what it needs has changed"}
	}
	if r.state == "failed" {
		return verdict{"failed", ""}
	}
	return verdict{"fresh", ""}
}

func (v verdict) word() string {
	switch v.state {
	case "idle":
		return "not run yet"
	case "failed":
		return "failed"
	case "running":
		return "running"
	}
	return "stale"
}

func (s State) names(cell, dep notebook.CellID) string {
	switch names := s.program.Why(cell, dep); {
	case len(names) == 0:
		return "what it uses"
	case len(names) > 3:
		return strings.Join(names[:3], ", ") + " and others"
	default:
		return strings.Join(names, ", ")
	}
}

// cellName is how a message names a cell: by its number from 1.
func (s State) cellName(id notebook.CellID) string {
	i, ok := s.index[id]
	if s.index == nil {
		i = s.notebook.Index(id)
		ok = i >= 0
	}
	if !ok {
		return "a deleted cell"
	}
	return fmt.Sprintf("cell %d", i+1)
}

// statuses is what clients are told of every cell that can run.
func (s State) statuses() map[notebook.CellID]CellStatus {
	if s.settings.Mode == ModeApp {
		return nil
	}
	verdicts := s.verdicts()
	queued := map[notebook.CellID]bool{}
	if s.pending.want == wantBody {
		for _, id := range s.plan(s.pending.Cells) {
			queued[id] = true
		}
	}
	if s.run != nil {
		for _, id := range s.run.cells {
			if !slices.Contains(s.run.began, id) {
				queued[id] = true
			}
		}
	}
	out := map[notebook.CellID]CellStatus{}
	for _, cell := range s.notebook.Cells {
		v, r := verdicts[cell.ID], s.ran[cell.ID]
		st := CellStatus{Cell: cell.ID, Why: v.why, Millis: r.millis, Count: r.count, At: r.at, Goroutines: r.goroutines}
		switch {
		case v.state == "none":
			continue
		case v.state == "running":
			st.State = "running"
		case queued[cell.ID]:
			st.State = "queued"
		case v.state == "fresh":
			st.State = "done"
		default:
			st.State = v.state
		}
		out[cell.ID] = st
	}
	return out
}

// problems is every cell's diagnostics: the checker's and the engine's.
func (s State) problems() map[notebook.CellID][]source.Diagnostic {
	if s.settings.Mode == ModeApp {
		return nil
	}
	out := map[notebook.CellID][]source.Diagnostic{}
	for _, cell := range s.notebook.Cells {
		if ds := s.program.Diagnostics(cell.ID); len(ds) > 0 {
			out[cell.ID] = ds
		}
	}
	if len(s.kernel.refused) > 0 {
		for _, u := range s.program.Units() {
			if ds := s.kernel.refused[u.ID]; len(ds) > 0 {
				id := notebook.CellID(u.Cell)
				out[id] = append(slices.Clip(out[id]), ds...)
			}
		}
	}
	return out
}

// announce notes that cells' status or problems may have changed; telling waits
// for announceNow, since in a long run it would be said anew with every cell.
func (c *change) announce() { c.unannounced = c.settings.Mode == ModeEdit }

// tellChanges tells clients which cells' status and problems changed.
func (c *change) tellChanges() {
	c.unannounced = false
	if c.settings.Mode == ModeApp {
		return
	}
	was, is := c.toldStatus, c.statuses()
	wasP, isP := c.toldProblems, c.problems()
	for _, cell := range c.notebook.Cells {
		if st, ok := is[cell.ID]; ok {
			if was[cell.ID] != st {
				c.emit(Event{Status: &st})
			}
		} else if _, had := was[cell.ID]; had {
			// It cannot run any more (Markdown now, or emptied): nothing to say.
			c.emit(Event{Status: &CellStatus{Cell: cell.ID, State: "idle"}})
		}
		if !sameDiagnostics(wasP[cell.ID], isP[cell.ID]) {
			ds := isP[cell.ID]
			if ds == nil {
				ds = []source.Diagnostic{}
			}
			c.emit(Event{Problems: &Problems{Cell: cell.ID, Diagnostics: ds}})
		}
	}
	c.toldStatus, c.toldProblems = is, isP
}

func sameDiagnostics(a, b []source.Diagnostic) bool {
	return slices.EqualFunc(a, b, func(x, y source.Diagnostic) bool {
		return x.Range == y.Range && x.Severity == y.Severity && x.Code == y.Code && x.Message == y.Message &&
			slices.Equal(x.Notes, y.Notes)
	})
}

package session

import (
	"slices"

	"stnb.dev/notebook"
)

// plan returns, in document order, the cells to run so that the targets come out
// as in a fresh run from the top: the targets that can run, whatever they need
// that is not fresh, and the definers of values that were changed in place since.
func (s State) plan(targets []notebook.CellID) []notebook.CellID {
	verdicts := s.verdicts()
	in := map[notebook.CellID]bool{}
	for _, id := range targets {
		if v, ok := verdicts[id]; ok && v.state != "none" && v.state != "blocked" {
			in[id] = true
		}
	}
	cells := s.notebook.Cells
	for grew := true; grew; {
		grew = false
		// Bottom up: what a cell needs stands above it.
		for i := len(cells) - 1; i >= 0; i-- {
			id := cells[i].ID
			if !in[id] {
				continue
			}
			for _, dep := range s.program.Needs(id) {
				if in[dep] || verdicts[dep].state == "none" || s.holds(dep, verdicts) {
					continue
				}
				if !verdicts[dep].usable() || s.needsAny(dep, in) || s.touchedFor(dep, i, verdicts, in) {
					in[dep] = true
					grew = true
				}
			}
		}
	}
	var out []notebook.CellID
	for _, cell := range cells {
		if in[cell.ID] {
			out = append(out, cell.ID)
		}
	}
	return out
}

// holds says whether a cell that runs once has run: nothing but its own Run runs
// it again.
func (s State) holds(id notebook.CellID, verdicts map[notebook.CellID]verdict) bool {
	cell, ok := s.notebook.Cell(id)
	return ok && cell.Once && verdicts[id].state == "fresh"
}

// unheld leaves out the cells that ran once.
func (s State) unheld(ids []notebook.CellID) []notebook.CellID {
	verdicts := s.verdicts()
	return slices.DeleteFunc(ids, func(id notebook.CellID) bool { return s.holds(id, verdicts) })
}

func (s State) needsAny(id notebook.CellID, in map[notebook.CellID]bool) bool {
	return slices.ContainsFunc(s.program.Needs(id), func(d notebook.CellID) bool { return in[d] })
}

// touchedFor says whether def's values were changed in place by something that a
// cell at position at must not see: by itself, by a cell below it, or by a cell
// above that is gone, edited, or about to run again.
func (s State) touchedFor(def notebook.CellID, at int, verdicts map[notebook.CellID]verdict, in map[notebook.CellID]bool) bool {
	for _, m := range s.ran[def].touched {
		i := s.notebook.Index(m)
		if i < 0 || i >= at || in[m] || !verdicts[m].usable() || !slices.Contains(s.program.Mutates(m), def) {
			return true
		}
	}
	return false
}

// below returns the cells and all that depends on them, directly or not.
func (s State) below(ids []notebook.CellID) []notebook.CellID {
	in := map[notebook.CellID]bool{}
	var add func(id notebook.CellID)
	add = func(id notebook.CellID) {
		if in[id] {
			return
		}
		in[id] = true
		for _, d := range s.program.Dependents(id) {
			add(d)
		}
	}
	for _, id := range ids {
		add(id)
	}
	var out []notebook.CellID
	for _, cell := range s.notebook.Cells {
		if in[cell.ID] {
			out = append(out, cell.ID)
		}
	}
	if s.settings.Mode == ModeApp {
		return out
	}
	verdicts := s.verdicts()
	return slices.DeleteFunc(out, func(id notebook.CellID) bool {
		return s.holds(id, verdicts) && !slices.Contains(ids, id)
	})
}

// settled widens the targets until running them leaves nothing stale behind:
// what depends on a cell that will run, runs too.
func (s State) settled(targets []notebook.CellID) []notebook.CellID {
	for {
		wider := s.below(s.plan(targets))
		if len(wider) <= len(targets) {
			return targets
		}
		targets = wider
	}
}

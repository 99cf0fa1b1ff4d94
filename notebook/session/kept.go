package session

import (
	"strings"
	"time"

	"stnb.dev/notebook"
	"stnb.dev/widgets/element"
)

// Kept is what cells showed when the notebook was closed, so that it shows the
// same when it is opened again, before anything ran.
type Kept struct {
	Cells  []KeptCell      `json:"cells"` // in document order
	Deltas []element.Delta `json:"deltas"`
}

// KeptCell is what is known of a cell's last run.
type KeptCell struct {
	notebook.Cell
	State  string  `json:"state,omitempty"` // "" never run, "done", "failed"
	Ran    string  `json:"ran,omitempty"`   // the text that ran, when it is not Source
	Millis float64 `json:"millis,omitempty"`
	At     int64   `json:"at,omitempty"`
}

// OutputStore is a Store that keeps what the cells show.
type OutputStore interface {
	KeepOutputs(Kept) error
}

const (
	keepAfter = 500 * time.Millisecond
	// What one cell shows is kept up to maxKeptCell, all of them up to maxKept
	// bytes: outputs can be made again.
	maxKeptCell = 4 << 20
	maxKept     = 32 << 20
)

// earlier is what was lost of a cell that ran before the notebook was opened.
const earlier = "it has not run since the notebook was opened"

// remembered gives a new state what is known of the cells' last runs.
func (s *State) remembered(k Kept) {
	for _, c := range k.Cells {
		if s.notebook.Index(c.ID) < 0 || c.State == "" {
			continue
		}
		if s.ran == nil {
			s.ran = map[notebook.CellID]ran{}
		}
		source := c.Source
		if c.Ran != "" {
			source = c.Ran
		}
		s.ran[c.ID] = ran{state: c.State, source: source, lost: earlier, millis: c.Millis, at: c.At}
	}
}

// keepOutputs plans to keep what the screen shows, once nothing runs.
func (s *Session) keepOutputs() {
	if _, ok := s.cfg.Store.(OutputStore); !ok || s.cfg.Mode != ModeEdit || s.outputs.timer != nil {
		return
	}
	s.outputs.timer = time.AfterFunc(keepAfter, func() {
		_ = s.call(func() {
			s.outputs.timer = nil
			if s.state.run != nil {
				s.keepOutputs()
				return
			}
			s.keepNow(true)
		})
	})
}

// keepNow keeps what the screen shows; later lets another goroutine write it.
func (s *Session) keepNow(later bool) {
	store, ok := s.cfg.Store.(OutputStore)
	if !ok {
		return
	}
	kept := s.kept()
	write := func() {
		if err := store.KeepOutputs(kept); err != nil {
			s.log.Warn("what the cells show could not be kept", "err", err)
		}
	}
	if later {
		go write()
	} else {
		write()
	}
}

// kept is what the screen shows and what is known of the cells' runs.
func (s *Session) kept() Kept {
	var k Kept
	for _, c := range s.state.notebook.Cells {
		kc := KeptCell{Cell: c}
		if r, ok := s.state.ran[c.ID]; ok && (r.state == "done" || r.state == "failed") {
			kc.State, kc.Millis, kc.At = r.state, r.millis, r.at
			if r.source != c.Source {
				kc.Ran = r.source
			}
		}
		k.Cells = append(k.Cells, kc)
	}
	sizes := map[string]int{}
	all := s.tree.All()
	for _, d := range all {
		sizes[d.Path.Cell()] += weight(d)
	}
	sum := 0
	for _, d := range all {
		cell := d.Path.Cell()
		if cell == "" || strings.HasPrefix(string(d.Path), string(element.Event)) || sizes[cell] > maxKeptCell || sum > maxKept {
			continue
		}
		sum += weight(d)
		k.Deltas = append(k.Deltas, d)
	}
	return k
}

func weight(d element.Delta) int {
	n := len(d.Path) + len(d.Data)
	if d.Element != nil {
		n += len(d.Element.Props) + 80
	}
	return n
}

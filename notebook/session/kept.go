package session

import (
	"context"
	"strings"
	"time"

	"stnb.dev/dataframe/page"
	"stnb.dev/notebook"
	"stnb.dev/widgets/element"
)

// Kept is what cells showed when the notebook was closed, so that it shows the
// same when it is opened again, before anything ran.
type Kept struct {
	Cells  []KeptCell      `json:"cells"` // in document order
	Deltas []element.Delta `json:"deltas"`
	// Seq grows with each Kept of a session.
	Seq uint64 `json:"-"`
	// OmitOutputs is the document's.
	OmitOutputs bool `json:"-"`
}

// KeptCell is what is known of a cell's last run.
type KeptCell struct {
	notebook.Cell
	State  string  `json:"state,omitempty"` // "" never run, "done", "failed"
	Ran    string  `json:"ran,omitempty"`   // the text that ran, when it is not Source
	Millis float64 `json:"millis,omitempty"`
	At     int64   `json:"at,omitempty"`
	// Count numbers the runs of cells since the notebook was opened; 0: it has
	// not run since.
	Count int `json:"-"`
	// Cut says that what the cell shows is too much to be kept.
	Cut bool `json:"-"`
}

// OutputStore is a Store that keeps what the cells show.
type OutputStore interface {
	// KeepOutputs keeps what the cells show; read reads what their elements only
	// name. fileToo says that the document's file is to hold some of it that it
	// does not hold yet. Of Kepts that come out of order the newest (Seq) wins.
	KeepOutputs(ctx context.Context, k Kept, read Reader) (fileToo bool, err error)
	// Outputs is what a document read from a file shows, of the cells for which
	// that is something else than what was kept last.
	Outputs(nb *notebook.Notebook) Kept
}

// Reader reads windows of frames and media.
type Reader interface {
	Page(context.Context, page.Request) (page.Reply, []byte, error)
}

const (
	keepAfter  = 500 * time.Millisecond
	keepWithin = 30 * time.Second
	keepAtEnd  = 5 * time.Second
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
		s.ran[c.ID] = c.ran()
	}
}

// ran is what is known of a run before the notebook was opened.
func (c KeptCell) ran() ran {
	source := c.Source
	if c.Ran != "" {
		source = c.Ran
	}
	return ran{state: c.State, source: source, lost: earlier, millis: c.Millis, at: c.At}
}

// showKept puts on the screen what the document's file shows of these cells. A cell
// that has values in the kernel keeps them.
func (c *change) showKept(k Kept) {
	ids := make([]notebook.CellID, len(k.Cells))
	for i, cell := range k.Cells {
		ids[i] = cell.ID
		switch {
		case c.ran[cell.ID].stamp != 0:
		case cell.State == "":
			c.dropRan(cell.ID)
		default:
			c.setRan(cell.ID, func(r *ran) { *r = cell.ran() })
		}
	}
	if len(ids) > 0 {
		c.do(Wipe{strs(ids)}, Draw{k.Deltas})
	}
}

// keeping is what is known of keeping outputs. It belongs to the loop.
type keeping struct {
	timer *time.Timer
	seq   uint64 // of the last Kept
	due   bool   // the screen is not as it was kept
}

// keepOutputs plans to keep what the screen shows, once nothing runs.
func (s *Session) keepOutputs() {
	if _, ok := s.cfg.Store.(OutputStore); !ok || s.cfg.Mode != ModeEdit {
		return
	}
	s.outputs.due = true
	if s.outputs.timer != nil {
		return
	}
	s.outputs.timer = time.AfterFunc(keepAfter, func() {
		_ = s.call(func() {
			s.outputs.timer = nil
			if s.state.run != nil {
				s.keepOutputs()
				return
			}
			k := s.kept()
			go func() {
				fileToo := s.keepNow(k, s, keepWithin)
				_ = s.call(func() { s.keptOutputs(k.Seq, fileToo) })
			}()
		})
	})
}

func (s *Session) keptOutputs(seq uint64, fileToo bool) {
	if seq == s.outputs.seq && s.outputs.timer == nil {
		s.outputs.due = false
	}
	if fileToo {
		_ = s.apply(Op{in: outputsChanged{}})
	}
}

// keepNow keeps what the screen showed and says whether the file is to hold it too.
func (s *Session) keepNow(k Kept, read Reader, within time.Duration) (fileToo bool) {
	ctx, cancel := context.WithTimeout(s.ctx, within)
	defer cancel()
	fileToo, err := s.cfg.Store.(OutputStore).KeepOutputs(ctx, k, read)
	if err != nil {
		s.log.Warn("what the cells show could not be kept", "err", err)
	}
	return fileToo
}

// keepBeforeEnd keeps what was not kept while the kernel still answers for what the
// elements only name, though not for long.
func (s *Session) keepBeforeEnd() {
	var k Kept
	due := false
	_ = s.call(func() {
		if due = s.outputs.due; due {
			s.stopKeeping()
			k = s.kept()
		}
	})
	if !due {
		return
	}
	fileToo := s.keepNow(k, s, keepAtEnd)
	_ = s.call(func() { s.keptOutputs(k.Seq, fileToo) })
}

func (s *Session) stopKeeping() {
	if s.outputs.timer != nil {
		s.outputs.timer.Stop()
		s.outputs.timer = nil
	}
}

// keepLast keeps what came after that. Nothing answers for the kernel any more.
func (s *Session) keepLast() (fileToo bool) {
	s.stopKeeping()
	return s.outputs.due && s.keepNow(s.kept(), noReader{}, keepAtEnd)
}

type noReader struct{}

func (noReader) Page(context.Context, page.Request) (page.Reply, []byte, error) {
	return page.Reply{}, nil, ErrClosed
}

// kept is what the screen shows and what is known of the cells' runs.
func (s *Session) kept() Kept {
	s.outputs.seq++
	k := Kept{Seq: s.outputs.seq, OmitOutputs: s.state.notebook.OmitOutputs}
	for _, c := range s.state.notebook.Cells {
		kc := KeptCell{Cell: c}
		if r, ok := s.state.ran[c.ID]; ok && (r.state == "done" || r.state == "failed") {
			kc.State, kc.Millis, kc.At, kc.Count = r.state, r.millis, r.at, int(r.stamp)
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
	sum, stays := 0, map[string]bool{}
	for i, c := range k.Cells {
		size := sizes[string(c.ID)]
		if size > maxKeptCell || sum+size > maxKept {
			k.Cells[i].Cut = true
			continue
		}
		sum += size
		stays[string(c.ID)] = true
	}
	for _, d := range all {
		if stays[d.Path.Cell()] && !strings.HasPrefix(string(d.Path), string(element.Event)) {
			k.Deltas = append(k.Deltas, d)
		}
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

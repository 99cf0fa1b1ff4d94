package workspace

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"path"
	"sync"

	"stnb.dev/dataframe/page"
	"stnb.dev/notebook"
	"stnb.dev/notebook/file"
	"stnb.dev/notebook/output"
	"stnb.dev/notebook/session"
	"stnb.dev/widgets/element"
)

// outputs is where what the cells show is kept: a file for each notebook at the
// notebook's own path, ending in .json.
const outputs = ".stnb/outputs"

// outputsVersion is that of the file's form.
const outputsVersion = 1

type outputsFile struct {
	Version int `json:"stnb"`
	session.Kept
	// Wrote are hashes of the outputs that an .ipynb holds of what is kept here:
	// with others in it, somebody else ran it, and the file is right.
	Wrote map[notebook.CellID]string `json:"wrote,omitempty"`
}

func outputsName(name string) string { return outputs + "/" + name + ".json" }

// The outputs that a run leaves in an .ipynb are bounded, so that they never keep
// the text from being saved.
const (
	maxCellOutputs = 8 << 20
	maxOutputs     = 32 << 20
)

// shown is what the cells show, in the terms of an .ipynb. Elements and outputs are
// two forms of the same, and neither can be had from the other without loss: a cell
// that is shown as it came from the file is written as it stands there.
type shown struct {
	mu    sync.Mutex
	seq   uint64 // of the newest Kept
	cells map[notebook.CellID]shownCell
	read  map[elementsOf]file.Outputs // what files were found to hold
}

type shownCell struct {
	file.Outputs
	elements elementsOf
	at       int64 // when it ran last
}

// elementsOf names the elements that a cell shows.
type elementsOf struct {
	cell notebook.CellID
	sum  [32]byte
}

// holdsOutputs says whether the notebook's own file has a place for outputs.
func (s *store) holdsOutputs() bool {
	f, _ := file.FormatOf(path.Base(s.name))
	return f == file.IPYNB
}

// found notes what outputs the file holds.
func (s *store) found(disk *notebook.Notebook) {
	if !s.holdsOutputs() {
		return
	}
	s.shown.mu.Lock()
	defer s.shown.mu.Unlock()
	s.shown.cells = map[notebook.CellID]shownCell{}
	for _, c := range disk.Cells {
		if runs(c) {
			s.shown.cells[c.ID] = shownCell{Outputs: file.OutputsOf(c)}
		}
	}
}

func runs(c notebook.Cell) bool { return c.Kind == notebook.Go || c.Kind == notebook.SQL }

// text is the document as its file is to be, with what the cells show.
func (s *store) text(nb *notebook.Notebook) ([]byte, error) {
	name := path.Base(s.name)
	if !s.holdsOutputs() {
		return file.Write(name, nb)
	}
	s.shown.mu.Lock()
	defer s.shown.mu.Unlock()
	ran := map[notebook.CellID]file.Outputs{}
	for _, c := range nb.Cells {
		if nb.OmitOutputs {
			ran[c.ID] = file.Outputs{}
		} else if sh, ok := s.shown.cells[c.ID]; ok {
			ran[c.ID] = sh.Outputs
		}
	}
	return file.WriteOutputs(name, nb, ran)
}

// KeepOutputs writes what the cells show to the side file, and says whether it is
// something else than the .ipynb file holds.
func (s *store) KeepOutputs(ctx context.Context, k session.Kept, read session.Reader) (bool, error) {
	var news []shownCell
	if s.holdsOutputs() && !k.OmitOutputs {
		news = s.inFile(ctx, k, read)
	}
	sh := &s.shown
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if k.Seq < sh.seq {
		return false, nil
	}
	sh.seq = k.Seq
	changed := false
	f := outputsFile{Version: outputsVersion, Kept: k, Wrote: map[notebook.CellID]string{}}
	for _, c := range news {
		id := c.elements.cell
		old := sh.cells[id]
		same := old.Same(c.Outputs)
		switch {
		case same && old.Count != 0, c.Count == 0 && len(c.List) > 0:
			c.Count = old.Count // a run that shows the same makes no difference
		case !same && len(c.List) == 0 && c.at == old.at:
			c.Count = 0 // it was cleared, not run
		}
		changed = changed || !same || c.Count != old.Count
		sh.cells[id] = c
		f.Wrote[id] = c.Sum()
	}
	if len(k.Deltas) == 0 {
		_ = s.w.root.Remove(outputsName(s.name))
		return changed, nil
	}
	data, err := json.Marshal(f)
	if err == nil {
		err = s.w.keepFile(outputsName(s.name), data)
	}
	return changed, err
}

// inFile is what the cells show in the terms of an .ipynb. A cell whose elements
// cannot be read, since the kernel is gone, is left out.
func (s *store) inFile(ctx context.Context, k session.Kept, read session.Reader) (out []shownCell) {
	sum := 0
	byCell := deltasOf(k.Deltas)
	for _, c := range k.Cells {
		if !runs(c.Cell) {
			continue
		}
		now := shownCell{Outputs: file.Outputs{Count: c.Count}, elements: nameOf(c.ID, byCell[c.ID]), at: c.At}
		s.shown.mu.Lock()
		old := s.shown.cells[c.ID]
		asRead, known := s.shown.read[now.elements]
		s.shown.mu.Unlock()
		switch {
		case c.Cut:
			now.List = tooMuch()
			now.elements.sum = [32]byte{}
		case len(byCell[c.ID]) == 0:
		case old.elements == now.elements:
			now.List = old.List
		case known:
			now.Outputs = asRead
		default:
			list, ok := encodeCell(ctx, c.ID, byCell[c.ID], read)
			if !ok {
				continue
			}
			if size := sizeOf(list); size > maxCellOutputs || sum+size > maxOutputs {
				list = tooMuch()
			}
			now.List = list
		}
		sum += sizeOf(now.List)
		out = append(out, now)
	}
	return out
}

func tooMuch() []json.RawMessage {
	return output.Encode([]*output.Output{output.Note("This output is too large to be kept in the file; run the cell to see it.")})
}

func sizeOf(list []json.RawMessage) (n int) {
	for _, raw := range list {
		n += len(raw)
	}
	return n
}

// encodeCell makes outputs of what a cell shows; false when some could not be read.
func encodeCell(ctx context.Context, id notebook.CellID, deltas []element.Delta, read session.Reader) ([]json.RawMessage, bool) {
	var screen output.Screen
	for _, d := range deltas {
		screen.Apply(d)
	}
	r := &honestReader{Reader: read}
	var list []*output.Output
	_, elements := screen.Cell(string(id))
	for _, e := range elements {
		if o := output.Of(ctx, e, r); o != nil {
			list = append(list, o)
		}
	}
	return output.Encode(list), !r.failed
}

// honestReader remembers that something could not be read.
type honestReader struct {
	session.Reader
	failed bool
}

func (r *honestReader) Page(ctx context.Context, q page.Request) (page.Reply, []byte, error) {
	reply, data, err := r.Reader.Page(ctx, q)
	r.failed = r.failed || err != nil
	return reply, data, err
}

// Outputs is what the file that nb was read from shows, of the cells for which that
// is not what is shown already.
func (s *store) Outputs(nb *notebook.Notebook) (k session.Kept) {
	if !s.holdsOutputs() {
		return k
	}
	s.shown.mu.Lock()
	defer s.shown.mu.Unlock()
	for _, c := range nb.Cells {
		has := file.OutputsOf(c)
		if now := s.shown.cells[c.ID]; runs(c) && !now.Same(has) && !(nb.OmitOutputs && len(has.List) == 0) {
			cell, deltas := s.asShown(c, has)
			k.Cells, k.Deltas = append(k.Cells, cell), append(k.Deltas, deltas...)
		}
	}
	return k
}

// asShown is what a file's outputs look like. The caller holds the lock.
func (s *store) asShown(c notebook.Cell, has file.Outputs) (session.KeptCell, []element.Delta) {
	kept := session.KeptCell{Cell: c}
	var deltas []element.Delta
	for i, e := range output.Read(has.List) {
		deltas = append(deltas, element.Delta{Op: element.Set, Path: element.Path(fmt.Sprintf("%s/%s.%d", element.Main, c.ID, i)), Element: e})
		if kept.State = "done"; e.Kind == "error" {
			kept.State = "failed"
		}
	}
	if has.Count > 0 && kept.State == "" {
		kept.State = "done"
	}
	if s.shown.read == nil {
		s.shown.read = map[elementsOf]file.Outputs{}
	}
	s.shown.read[nameOf(c.ID, deltas)] = has
	return kept, deltas
}

// keptOutputs is what the cells of a notebook just opened showed, as the side file
// has it; and in an .ipynb whose outputs somebody else made, as that has it. Cells
// of a Markdown file get the IDs they had.
func (s *store) keptOutputs(doc *notebook.Notebook) (*notebook.Notebook, session.Kept) {
	side := s.sideFile()
	if !s.holdsOutputs() {
		var old notebook.Notebook
		for _, c := range side.Cells {
			old.Cells = append(old.Cells, c.Cell)
		}
		doc = notebook.Reconcile(&old, doc)
	}
	var kept session.Kept
	byCell, sideCells := deltasOf(side.Deltas), map[notebook.CellID]session.KeptCell{}
	for _, c := range side.Cells {
		sideCells[c.ID] = c
	}
	s.shown.mu.Lock()
	defer s.shown.mu.Unlock()
	for _, c := range doc.Cells {
		cell, deltas := sideCells[c.ID], byCell[c.ID]
		has := s.shown.cells[c.ID]
		if s.holdsOutputs() && runs(c) {
			if wrote := side.Wrote[c.ID]; !doc.OmitOutputs && (wrote != has.Sum() || len(deltas) == 0 && len(has.List) > 0) {
				cell, deltas = s.asShown(c, has.Outputs)
			}
			if has.at = cell.At; !doc.OmitOutputs {
				has.elements = nameOf(c.ID, deltas) // else the file has none of them
			}
			s.shown.cells[c.ID] = has
		}
		kept.Cells, kept.Deltas = append(kept.Cells, cell), append(kept.Deltas, deltas...)
	}
	return doc, kept
}

// sideFile reads the side file. One that cannot be read is empty: outputs can be
// made again.
func (s *store) sideFile() (f outputsFile) {
	data, err := s.w.read(outputsName(s.name))
	if err != nil || json.Unmarshal(data, &f) != nil || f.Version != outputsVersion {
		return outputsFile{}
	}
	seen := map[notebook.CellID]bool{}
	for _, c := range f.Cells {
		if !c.ID.Valid() || !c.Kind.Valid() || seen[c.ID] {
			return outputsFile{}
		}
		seen[c.ID] = true
	}
	return f
}

func deltasOf(deltas []element.Delta) map[notebook.CellID][]element.Delta {
	out := map[notebook.CellID][]element.Delta{}
	for _, d := range deltas {
		id := notebook.CellID(d.Path.Cell())
		out[id] = append(out[id], d)
	}
	return out
}

func nameOf(id notebook.CellID, deltas []element.Delta) elementsOf {
	data, _ := json.Marshal(deltas)
	return elementsOf{id, sha256.Sum256(data)}
}

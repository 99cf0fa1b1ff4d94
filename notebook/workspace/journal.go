package workspace

import (
	"bufio"
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path"
	"slices"

	"stnb.dev/notebook"
	"stnb.dev/notebook/file"
)

// journals is where edits are written down until their file holds them.
const journals = ".stnb/journal"

// maxJournal is how long a journal may grow before it begins anew, in bytes.
const maxJournal = 4 << 20

// journal writes down each change of a document as it is made, far oftener than
// the file can be saved: a line appended, without waiting for the disk, outlives
// any death of this process. It holds the text it began with, so that the newest
// state can be had from the journal alone, and the hashes of what was saved since,
// by which it knows its own file again.
type journal struct {
	w    *Workspace
	name string // of the journal's file

	f    *os.File // nil: nothing was noted yet
	size int
	text string // the file the document grew from
	base *notebook.Notebook
	last *notebook.Notebook
	// newest is what was read from disk last: a document that grew from it
	// begins a journal of its own.
	newest     any
	newestText string
	ownDisk    bool // the file on disk is an ancestor of what was replayed
}

// head is a journal's first line.
type head struct {
	Journal int               `json:"stnb"` // 1
	Base    string            `json:"base"`
	IDs     []notebook.CellID `json:"ids"`
}

// entry is any other line: what changed, or what was saved.
type entry struct {
	Order    []notebook.CellID `json:"order,omitempty"`
	Cells    []notebook.Cell   `json:"cells,omitempty"`
	Settings *settings         `json:"settings,omitempty"`
	Saved    string            `json:"saved,omitempty"` // hash
}

type settings struct {
	Title    string `json:"title,omitempty"`
	Reactive bool   `json:"reactive,omitempty"`
	Omit     bool   `json:"omit,omitempty"`
	Engine   string `json:"engine,omitempty"`
}

func settingsOf(nb *notebook.Notebook) settings {
	return settings{nb.Title, nb.Reactive, nb.OmitOutputs, nb.Engine}
}

func idsOf(nb *notebook.Notebook) []notebook.CellID {
	ids := make([]notebook.CellID, len(nb.Cells))
	for i, c := range nb.Cells {
		ids[i] = c.ID
	}
	return ids
}

// begin says what the document grows from.
func (j *journal) begin(nb *notebook.Notebook, text string) {
	j.close()
	j.base, j.last, j.text = nb, nb, text
}

// note writes down how nb differs from what was noted last.
func (j *journal) note(nb *notebook.Notebook) error {
	if j.base == nil || j.newest != nil && nb.Origin == j.newest && j.base.Origin != j.newest {
		j.begin(nb, j.newestText) // the document is the file's, read anew
		return nil
	}
	e := difference(j.last, nb)
	if e == nil {
		return nil
	}
	err := error(nil)
	if j.f == nil {
		err = j.create(e)
	} else {
		err = j.append(e)
	}
	if err == nil {
		j.last = nb
	}
	return err
}

// create begins the file with these entries. It takes the place of an older one
// whole: at no time is there none.
func (j *journal) create(entries ...*entry) error {
	if err := j.w.mkdir(path.Dir(j.name)); err != nil {
		return err
	}
	begun := j.name + ".new"
	f, err := j.w.root.OpenFile(begun, os.O_WRONLY|os.O_CREATE|os.O_TRUNC|os.O_APPEND, 0o600)
	if err != nil {
		return fail(j.name, err)
	}
	j.f, j.size = f, 0
	err = j.append(head{1, j.text, idsOf(j.base)})
	for _, e := range entries {
		if err == nil {
			err = j.append(e)
		}
	}
	if err == nil {
		err = fail(j.name, j.w.root.Rename(begun, j.name))
	}
	if err != nil {
		_ = f.Close()
		j.f = nil // the next change tries again
	}
	return err
}

func (j *journal) append(line any) error {
	data, err := json.Marshal(line)
	if err != nil {
		return err
	}
	data = append(data, '\n')
	if _, err := j.f.Write(data); err != nil {
		_ = j.f.Truncate(int64(j.size)) // half a line would end what can be read
		return fail(j.name, err)
	}
	j.size += len(data)
	return nil
}

// saving says that the file will hold nb as data, before it does.
func (j *journal) saving(data []byte) error {
	if j.f == nil {
		return nil
	}
	return j.append(entry{Saved: hash(data)})
}

// saved begins a journal that grew long anew, from what the file now holds.
func (j *journal) saved(nb *notebook.Notebook, data []byte) error {
	if j.f == nil || j.size < maxJournal+2*len(j.text) {
		return nil
	}
	latest := j.last
	old := j.f
	j.f, j.base, j.last, j.text = nil, nb, nb, string(data)
	if difference(nb, latest) == nil {
		j.f = old
		j.close()
		return nil
	}
	_ = old.Close() // its file stays until the new one takes its place
	return j.note(latest)
}

// close ends the journal and removes it: the file, or what is kept aside, has all.
func (j *journal) close() {
	if j.f != nil {
		_ = j.f.Close()
		j.f = nil
	}
	_ = j.w.root.Remove(j.name)
}

// replay returns the document that a journal of an earlier life ends with, nil
// when there is none or the file has it already. own says that the file on disk is
// one the journal knows, so that the document grew from it. write makes a file's text.
func (j *journal) replay(disk string, write func(*notebook.Notebook) ([]byte, error)) (nb *notebook.Notebook, own bool) {
	data, err := j.w.read(j.name)
	if err != nil {
		return nil, false
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, len(data)+1)
	var h head
	if !lines.Scan() || json.Unmarshal(lines.Bytes(), &h) != nil || h.Journal != 1 {
		return nil, false
	}
	defer func() { j.ownDisk = own }()
	nb, err = file.Read(path.Base(j.name[:len(j.name)-len(".jsonl")]), []byte(h.Base))
	if err != nil || len(nb.Cells) != len(h.IDs) {
		return nil, false
	}
	for i := range nb.Cells {
		nb.Cells[i].ID = h.IDs[i]
	}
	sum := hash([]byte(disk))
	own = hash([]byte(h.Base)) == sum
	for lines.Scan() {
		var e entry
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			break // the last line of a process that died while writing it
		}
		own = own || e.Saved == sum
		e.apply(nb)
	}
	if text, err := write(nb); err != nil || string(text) == disk {
		return nil, false
	}
	return nb, own
}

// difference is what makes next of old, nil when nothing does.
func difference(old, next *notebook.Notebook) *entry {
	var e entry
	was := make(map[notebook.CellID]*notebook.Cell, len(old.Cells))
	for i := range old.Cells {
		was[old.Cells[i].ID] = &old.Cells[i]
	}
	for i := range next.Cells {
		if o := was[next.Cells[i].ID]; o == nil || !same(o, &next.Cells[i]) {
			e.Cells = append(e.Cells, next.Cells[i])
		}
	}
	if before, after := idsOf(old), idsOf(next); !slices.Equal(before, after) {
		e.Order = after
		if len(after) == 0 {
			e.Order = []notebook.CellID{""} // nothing, said so that it is seen
		}
	}
	if s := settingsOf(next); s != settingsOf(old) {
		e.Settings = &s
	}
	if e.Cells == nil && e.Order == nil && e.Settings == nil {
		return nil
	}
	return &e
}

// same compares what a person can change of a cell.
func same(a, b *notebook.Cell) bool {
	return a.Source == b.Source && a.Kind == b.Kind && a.Name == b.Name && a.HideCode == b.HideCode &&
		a.Disabled == b.Disabled && a.Once == b.Once && a.Connection == b.Connection &&
		maps.EqualFunc(a.Meta, b.Meta, func(x, y json.RawMessage) bool { return bytes.Equal(x, y) })
}

// apply makes the change to nb, which is the caller's own.
func (e *entry) apply(nb *notebook.Notebook) {
	changed := make(map[notebook.CellID]notebook.Cell, len(e.Cells))
	for _, c := range e.Cells {
		changed[c.ID] = c
	}
	known := make(map[notebook.CellID]bool, len(nb.Cells))
	for i, old := range nb.Cells {
		known[old.ID] = true
		if c, ok := changed[old.ID]; ok {
			c.Origin = old.Origin // which no client can send
			nb.Cells[i] = c
		}
	}
	for _, c := range e.Cells {
		if !known[c.ID] {
			nb.Cells = append(nb.Cells, c)
		}
	}
	if e.Order != nil {
		place := make(map[notebook.CellID]int, len(nb.Cells))
		for i, c := range nb.Cells {
			place[c.ID] = i
		}
		cells := make([]notebook.Cell, 0, len(e.Order))
		for _, id := range e.Order {
			if i, ok := place[id]; ok {
				cells = append(cells, nb.Cells[i])
			}
		}
		nb.Cells = cells
	}
	if s := e.Settings; s != nil {
		nb.Title, nb.Reactive, nb.OmitOutputs, nb.Engine = s.Title, s.Reactive, s.Omit, s.Engine
	}
}

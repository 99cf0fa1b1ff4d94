package workspace

import (
	"encoding/json"

	"stnb.dev/notebook"
	"stnb.dev/notebook/session"
)

// outputs is where what the cells show is kept: a file for each notebook at the
// notebook's own path, ending in .json.
const outputs = ".stnb/outputs"

// outputsVersion is that of the file's form.
const outputsVersion = 1

type outputsFile struct {
	Version int `json:"stnb"`
	session.Kept
}

func outputsName(name string) string { return outputs + "/" + name + ".json" }

// KeepOutputs writes what the cells show to the side file.
func (s *store) KeepOutputs(k session.Kept) error {
	data, err := json.Marshal(outputsFile{outputsVersion, k})
	if err != nil {
		return err
	}
	s.omu.Lock()
	defer s.omu.Unlock()
	if len(k.Deltas) == 0 {
		_ = s.w.root.Remove(outputsName(s.name))
		return nil
	}
	return s.w.keepFile(outputsName(s.name), data)
}

// keptOutputs reads what the cells showed, and gives the cells of nb the IDs they
// had. A side file that cannot be read is none: outputs can be made again.
func (s *store) keptOutputs(nb *notebook.Notebook) (*notebook.Notebook, session.Kept) {
	data, err := s.w.read(outputsName(s.name))
	if err != nil {
		return nb, session.Kept{}
	}
	var f outputsFile
	if json.Unmarshal(data, &f) != nil || f.Version != outputsVersion {
		return nb, session.Kept{}
	}
	var old notebook.Notebook
	for _, c := range f.Cells {
		if !c.ID.Valid() || !c.Kind.Valid() || old.Index(c.ID) >= 0 {
			return nb, session.Kept{}
		}
		old.Cells = append(old.Cells, c.Cell)
	}
	nb = notebook.Reconcile(&old, nb)
	kept := f.Kept
	kept.Deltas = nil
	for _, d := range f.Deltas {
		if nb.Index(notebook.CellID(d.Path.Cell())) >= 0 {
			kept.Deltas = append(kept.Deltas, d)
		}
	}
	return nb, kept
}

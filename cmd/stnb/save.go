package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
	"stnb.dev/notebook/file"
	"stnb.dev/notebook/output"
	"stnb.dev/notebook/source"
	"stnb.dev/widgets/element"
)

// recorder keeps what a headless run shows, for a copy of the notebook that has
// the outputs.
type recorder struct {
	doc     *document
	tree    *element.Tree
	faults  map[string]*output.Output // by cell
	counts  map[string]int
	outputs map[notebook.CellID][]*output.Output
	all     []element.Delta // the screen at the end
}

func newRecorder(d *document) *recorder {
	return &recorder{doc: d, tree: element.NewTree(), faults: map[string]*output.Output{}, counts: map[string]int{}}
}

func (r *recorder) ended(cell string, end *wire.CellEnd, at source.Position) {
	if r.counts[cell] == 0 && cell != "" {
		r.counts[cell] = len(r.counts) + 1
	}
	delete(r.faults, cell)
	if f := end.Fault; f != nil {
		place := ""
		if at.Line > 0 {
			place = fmt.Sprintf("%d:%d", at.Line, at.Column)
		}
		r.faults[cell] = output.Failure(f.Kind, f.Message, []string{strings.TrimSpace(place + " " + faultText(f))})
	}
}

// finish makes outputs of what is shown, while there is a kernel to read from.
func (r *recorder) finish(ctx context.Context, reader output.Reader) {
	r.all = r.tree.All()
	var screen output.Screen
	for _, d := range r.all {
		screen.Apply(d)
	}
	r.outputs = map[notebook.CellID][]*output.Output{}
	for _, c := range r.doc.nb.Cells {
		list := []*output.Output{}
		_, elements := screen.Cell(string(c.ID))
		for _, e := range elements {
			if o := output.Of(ctx, e, reader); o != nil {
				list = append(list, o)
			}
		}
		if o := r.faults[string(c.ID)]; o != nil {
			list = append(list, o)
		}
		r.outputs[c.ID] = list
	}
}

// save writes the copy, over a file of that name.
func (r *recorder) save(name string) error {
	ran := map[notebook.CellID]file.Outputs{}
	for id, list := range r.outputs {
		ran[id] = file.Outputs{Count: r.counts[string(id)], List: output.Encode(list)}
	}
	data, err := file.WriteOutputs(filepath.Base(name), r.doc.nb, ran)
	if err != nil {
		return err
	}
	return writeNew(name, data, true)
}

// checkCopy says whether a copy with outputs can have that name.
func checkCopy(name string) error {
	if f, _ := file.FormatOf(name); f != file.IPYNB {
		return usage("-o %s: outputs are kept in .ipynb files", name)
	}
	return nil
}

// also sends what a run does to a recorder besides.
func (h *headless) also(r *recorder) {
	output, ended, begun, over := h.output, h.ended, h.begun, h.over
	h.begun = func(run uint64) {
		r.tree.Begin(run, element.Scope{})
		if begun != nil {
			begun(run)
		}
	}
	h.output = func(cell string, d element.Delta) {
		output(cell, d)
		r.tree.Apply(d)
	}
	h.ended = func(cell string, end *wire.CellEnd, at source.Position) {
		ended(cell, end, at)
		r.ended(cell, end, at)
	}
	h.over = func(ctx context.Context, again bool) {
		if !again {
			r.tree.End(true)
			r.finish(ctx, h)
		}
		if over != nil {
			over(ctx, again)
		}
	}
}

package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"stnb.dev/dataframe/page"
	"stnb.dev/kernel"
	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
	"stnb.dev/notebook/build"
	"stnb.dev/notebook/source"
	"stnb.dev/widgets/element"
)

// headless runs a notebook from top to bottom in a kernel, without a server.
type headless struct {
	doc    *document
	snap   *build.Snapshot
	engine string
	memory int64
	env    []string // of the kernel, beside the process's own

	// output is told of every change of the screen, in order. It may read frames
	// and media (Page) meanwhile.
	output func(cell string, d element.Delta)
	// begun and over, unless nil, frame each run of all cells; again says that
	// the notebook asked for another.
	begun func(run uint64)
	over  func(ctx context.Context, again bool)
	// ended is told how each cell ended.
	ended func(cell string, end *wire.CellEnd, at source.Position)
	// input reads some standard input for the program; it may wait.
	input func() (text string, eof bool)

	proc    *kernel.Process
	msgs    chan wire.Message
	exited  chan kernel.Exit
	backlog []wire.Message
	seq     uint64
}

// errFailed says that a cell failed; ended was told how.
var errFailed = errors.New("a cell failed")

const headlessSession = "exec"

// maxReruns bounds how often a notebook may ask to run again.
const maxReruns = 100

// run runs all cells. Its error is errFailed when user code is to blame.
func (h *headless) run(ctx context.Context) error {
	engine := h.engine
	for range 2 { // the program may ask once for the other engine
		again, err := h.runWith(ctx, engine)
		if again == "" || err != nil {
			return err
		}
		engine = again
	}
	return errors.New("the engines send the program to each other")
}

func (h *headless) runWith(ctx context.Context, engine string) (again string, err error) {
	h.msgs, h.exited, h.backlog = make(chan wire.Message, 64), make(chan kernel.Exit, 1), nil
	quit := make(chan struct{})
	h.proc, err = kernel.Start(ctx, kernel.Options{
		Dir: h.doc.root, Engine: engine, MemoryLimit: h.memory, Env: h.env,
		Receive: func(m wire.Message) {
			select {
			case h.msgs <- m:
			case <-quit:
			}
		},
		Exited: func(e kernel.Exit) { h.exited <- e },
	})
	if err != nil {
		return "", err
	}
	defer h.proc.Close()
	defer close(quit)

	units, cells := []wire.Unit{}, []string{}
	for _, u := range h.snap.Units() {
		if u.Cell == programCell {
			u.File = filepath.Join(h.doc.root, h.doc.file)
		}
		units = append(units, wire.Unit{ID: u.ID, Cell: string(u.Cell), Func: u.Func, Source: u.Source, File: u.File, Lines: u.Lines})
		cells = append(cells, string(u.Cell))
	}
	if err := h.proc.Send(wire.Message{Load: &wire.Load{Seq: 1, Units: units}}); err != nil {
		return "", err
	}
	loaded, err := h.until(ctx, func(m wire.Message) bool { return m.Loaded != nil })
	if err != nil {
		return "", err
	}
	if loaded.Loaded.Restart != "" {
		return loaded.Loaded.Restart, nil
	}
	if list := loaded.Loaded.Problems; len(list) > 0 {
		return "", h.refused(list)
	}
	if err := h.proc.Send(wire.Message{Open: &wire.Open{Session: headlessSession}}); err != nil {
		return "", err
	}
	for n := uint64(1); ; n++ {
		if h.begun != nil {
			h.begun(n)
		}
		err := h.proc.Send(wire.Message{Run: &wire.Run{Session: headlessSession, Run: n, Cells: cells, Full: true}})
		if err != nil {
			return "", err
		}
		end, err := h.follow(ctx)
		if h.over != nil {
			h.over(ctx, err == nil && end.Status == wire.RunRerun && n < maxReruns)
		}
		if err != nil {
			return "", err
		}
		switch end.Status {
		case wire.RunRerun:
			if n == maxReruns {
				return "", errors.New("the notebook asks to run again without end (st.Rerun)")
			}
			continue
		case wire.RunFailed:
			if end.Fault != nil {
				h.ended("", &wire.CellEnd{Fault: end.Fault}, h.place(end.Fault))
			}
			return "", errFailed
		case wire.RunStopped:
			if end.Reason != "" {
				return "", fmt.Errorf("the run was stopped: %s", end.Reason)
			}
		}
		return "", nil
	}
}

// refused reports units that no engine takes.
func (h *headless) refused(list []wire.Problem) error {
	for _, p := range list {
		at, _ := h.snap.Position(p.Unit, p.Line, p.Column)
		h.ended(string(at.Cell), &wire.CellEnd{Cell: string(at.Cell), Fault: &wire.Fault{Kind: "refused", Message: p.Message}}, at)
	}
	return errFailed
}

// follow passes on what a run does, up to its end.
func (h *headless) follow(ctx context.Context) (*wire.RunEnd, error) {
	cell := ""
	for {
		m, err := h.next(ctx)
		switch {
		case err != nil:
			return nil, err
		case m.CellStart != nil:
			cell = m.CellStart.Cell
		case m.Deltas != nil:
			for _, d := range m.Deltas.Deltas {
				h.output(cell, d)
			}
		case m.CellEnd != nil:
			h.ended(m.CellEnd.Cell, m.CellEnd, h.place(m.CellEnd.Fault))
		case m.Ask != nil:
			go func(p *kernel.Process) { // an interrupt must not wait for a line
				text, eof := h.input()
				_ = p.Send(wire.Message{Input: &wire.Input{Session: headlessSession, Text: text, EOF: eof}}) // its end is noticed elsewhere
			}(h.proc)
		case m.RunEnd != nil:
			return m.RunEnd, nil
		}
	}
}

// place is where a fault happened, in the cell's text.
func (h *headless) place(f *wire.Fault) source.Position {
	if f == nil {
		return source.Position{}
	}
	for _, frame := range f.Frames {
		if at, ok := h.snap.Position(frame.Unit, frame.Line, frame.Column); ok {
			return at
		}
		if _, ok := h.snap.View(notebook.CellID(frame.Unit)); ok { // a place in the cell's own text
			return source.Position{Cell: notebook.CellID(frame.Unit), Line: frame.Line, Column: frame.Column}
		}
	}
	return source.Position{}
}

// Page reads a window of a shown frame, or media.
func (h *headless) Page(ctx context.Context, req page.Request) (page.Reply, []byte, error) {
	h.seq++
	seq := h.seq
	if err := h.proc.Send(wire.Message{Page: &wire.Page{Seq: seq, Session: headlessSession, Request: req}}); err != nil {
		return page.Reply{}, nil, err
	}
	m, err := h.until(ctx, func(m wire.Message) bool { return m.Paged != nil && m.Paged.Seq == seq })
	if err != nil {
		return page.Reply{}, nil, err
	}
	return m.Window()
}

// next is the kernel's next message.
func (h *headless) next(ctx context.Context) (wire.Message, error) {
	if len(h.backlog) > 0 {
		m := h.backlog[0]
		h.backlog = h.backlog[1:]
		return m, nil
	}
	return h.receive(ctx)
}

func (h *headless) receive(ctx context.Context) (wire.Message, error) {
	select {
	case m := <-h.msgs:
		return m, nil
	case e := <-h.exited:
		select {
		case m := <-h.msgs: // it said something before it ended
			h.exited <- e
			return m, nil
		default:
		}
		return wire.Message{}, errors.New(e.Message)
	case <-ctx.Done():
		h.proc.Interrupt()
		return wire.Message{}, errors.New("interrupted")
	}
}

// until keeps messages for later, up to the one that is asked for.
func (h *headless) until(ctx context.Context, ok func(wire.Message) bool) (wire.Message, error) {
	for i, m := range h.backlog {
		if ok(m) {
			h.backlog = append(h.backlog[:i:i], h.backlog[i+1:]...)
			return m, nil
		}
	}
	for {
		m, err := h.receive(ctx)
		if err != nil || ok(m) {
			return m, err
		}
		h.backlog = append(h.backlog, m)
	}
}

// number is a cell's number from 1, as the editor shows it.
func (d *document) number(cell string) int { return d.nb.Index(notebook.CellID(cell)) + 1 }

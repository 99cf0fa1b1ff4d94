package dataframe

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
)

// Freeze makes the frame's rows a table of another space, which shares the DuckDB
// instance, and returns a frame of it: how caches keep a frame beyond its session.
// The table is there for as long as that frame, or one made of it, or a snapshot of
// it on a screen.
func (f *Frame) Freeze(ctx context.Context, into *Space) (*Frame, error) {
	if f == nil || f.err != nil {
		return nil, f.Err()
	}
	if f.remote != nil {
		pulled, err := f.sp.pull(ctx, f)
		if err != nil {
			return nil, err
		}
		f = pulled
	}
	if f.frozen != "" {
		return f.In(into), nil
	}
	if f.own != nil { // Go data is never changed: it can be shared as it is
		return &Frame{sp: into, own: f.own, locals: f.locals, cols: &columnsOnce{}}, nil
	}
	if _, err := into.Conn(ctx); err != nil { // makes the schema
		return nil, err
	}
	if err := f.sp.load(ctx, f.locals); err != nil {
		return nil, err
	}
	c, err := f.sp.Conn(ctx)
	if err != nil {
		return nil, err
	}
	name, table := into.fresh("c")
	if _, err := c.Exec(ctx, "CREATE TABLE "+table+" AS "+f.query(), f.args...); err != nil {
		return nil, err
	}
	row, err := c.Row(ctx, "SELECT count(*) FROM "+table)
	if err != nil {
		into.drop(table)
		return nil, err
	}
	n, _ := row[0].(int64)
	l := &local{name: name, pinned: true, rows: int(n)}
	runtime.AddCleanup(l, func(table string) { go into.drop(table) }, table)
	return &Frame{sp: into, text: "SELECT * FROM " + table, frozen: table, locals: []*local{l}, pure: true, cols: &columnsOnce{}}, nil
}

// In is the frame as one of another space of the same DuckDB instance.
func (f *Frame) In(sp *Space) *Frame {
	g := *f
	g.sp, g.cols = sp, &columnsOnce{}
	return &g
}

// Identity writes what tells the frame's data apart from other data: its query,
// the values in it, and the state of the files it reads.
func (f *Frame) Identity(w io.Writer) {
	if f == nil {
		return
	}
	if f.own != nil {
		fmt.Fprintf(w, "own\x00%s\x00", f.own.name)
		return
	}
	fmt.Fprintf(w, "sql\x00%s\x00%#v\x00", f.text, f.args)
	for _, l := range f.locals {
		fmt.Fprintf(w, "%s\x00", l.name)
	}
	for _, pattern := range f.files {
		names, _ := filepath.Glob(pattern)
		for _, n := range names {
			if info, err := os.Stat(n); err == nil {
				fmt.Fprintf(w, "%s\x00%d\x00%d\x00", n, info.Size(), info.ModTime().UnixNano())
			}
		}
	}
}

package dataframe

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"weak"

	"stnb.dev/duckconn"
)

// base is what a frame reads without a query of its own: a file whose rows are
// numbered. Such a frame is shown where it is, without a copy.
type base struct {
	path     string
	size     int64
	modified int64
}

// parquetBase returns the base of one Parquet file, nil for what is not one file
// of this machine.
func parquetBase(path string) *base {
	if strings.ContainsAny(path, "*?[") || strings.Contains(path, "://") {
		return nil
	}
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return nil
	}
	return &base{path, info.Size(), info.ModTime().UnixNano()}
}

// unchanged fails when the file is another one by now.
func (b *base) unchanged() error {
	if b == nil {
		return nil
	}
	if now := parquetBase(b.path); now == nil || *now != *b {
		return fmt.Errorf("the file %s has changed: run again", b.path)
	}
	return nil
}

// inPlace shows a file where it is; nil when it cannot be.
func (sp *Space) inPlace(ctx context.Context, f *Frame, cols []Column) (*pin, error) {
	now := parquetBase(f.base.path)
	if now == nil {
		return nil, nil
	}
	c, err := sp.Conn(ctx)
	if err != nil {
		return nil, err
	}
	for _, col := range cols {
		if col.Name == "file_row_number" {
			return nil, nil
		}
	}
	rel := "read_parquet(" + duckconn.Literal(now.path) + ", file_row_number=true)"
	row, err := c.Row(ctx, "SELECT count(*) FROM "+rel)
	if err != nil {
		return nil, err
	}
	n, _ := row[0].(int64)
	return &pin{ref: fmt.Sprintf("b_%x_%x_%x", hashText(now.path), now.size, now.modified), rel: rel, rid: "file_row_number", cols: cols, rows: n, file: now}, nil
}

// lend returns the snapshot as a table that frames can be made of. It stays for
// as long as such a frame is there, also when it is shown no more.
func (sp *Space) lend(p *pin) *local {
	if p.from != nil {
		return p.from
	}
	if p.table == "" {
		return nil
	}
	sp.mu.Lock()
	defer sp.mu.Unlock()
	if l := p.lent.Value(); l != nil {
		return l
	}
	l := &local{name: p.ref, pinned: true}
	p.lent = weak.Make(l)
	runtime.AddCleanup(l, func(table string) {
		sp.mu.Lock()
		now := sp.pinned[p.ref]
		closed := sp.closed
		sp.mu.Unlock()
		if now != p && !closed {
			go sp.drop(table)
		}
	}, p.table)
	return l
}

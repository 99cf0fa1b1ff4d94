package dataframe

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"stnb.dev/dataframe/page"
	"stnb.dev/duckconn"
)

// keptEdits are edits that a browser left under a name of its own choice, so that its
// requests need not carry them. They are rows of a table: the number of the row, the
// index of the column, -1 for a row that was deleted, and the value as text.
type keptEdits struct {
	name    string
	ref     string // the frame they are of
	table   string // in the session's schema
	columns []int  // that have edited cells
	deleted bool   // some rows are
	n       int
}

const (
	// maxKept bounds the names of edits in a session; the ones not used for longest go.
	maxKept = 32
	// maxKeptEdits bounds the edits under one name.
	maxKeptEdits = 1_000_000
)

// errEditsGone is what a browser answers by leaving its edits again.
var errEditsGone error = page.Error("the edits are not here any more")

// keepEdits adds edits to those under the one name that the request gives.
func (sp *Space) keepEdits(ctx context.Context, p *pin, e *page.Edits) error {
	if e == nil || len(e.Kept) != 1 || e.Kept[0] == "" || len(e.Kept[0]) > 64 {
		return errors.New("edits are left under one name")
	}
	for _, cell := range e.Cells {
		if cell.Column < 0 || cell.Column >= len(p.cols) {
			return fmt.Errorf("there is no column %d", cell.Column)
		}
	}
	c, err := sp.passConn(ctx)
	if err != nil {
		return err
	}
	sp.keeping.Lock()
	defer sp.keeping.Unlock()
	now, err := sp.edits(p, &page.Edits{Kept: e.Kept})
	k := keptEdits{name: e.Kept[0], ref: p.ref}
	if err == nil {
		k = now[0]
	} else {
		name, table := sp.fresh("e")
		if _, err := c.Exec(ctx, "CREATE TABLE "+table+" (no BIGINT, col INTEGER, value VARCHAR)"); err != nil {
			return err
		}
		k.table = name
	}
	if k.n += len(e.Cells) + len(e.Deleted); k.n > maxKeptEdits {
		return page.Error(fmt.Sprintf("a table may have at most %d edits", maxKeptEdits))
	}
	i := -1
	err = c.Append(ctx, sp.schema, k.table, func() []any {
		i++
		switch {
		case i < len(e.Cells):
			cell := e.Cells[i]
			if !slices.Contains(k.columns, cell.Column) {
				k.columns = append(slices.Clip(k.columns), cell.Column)
			}
			if cell.Value == nil {
				return []any{cell.Row, int32(cell.Column), nil}
			}
			return []any{cell.Row, int32(cell.Column), *cell.Value}
		case i < len(e.Cells)+len(e.Deleted):
			k.deleted = true
			return []any{e.Deleted[i-len(e.Cells)], int32(-1), nil}
		}
		return nil
	})
	if err != nil {
		return err
	}
	sp.mu.Lock()
	sp.kept = append(slices.DeleteFunc(sp.kept, k.same), k)
	var gone string
	if len(sp.kept) > maxKept {
		gone = sp.kept[0].table
		sp.kept = sp.kept[1:]
	}
	sp.mu.Unlock()
	if gone != "" {
		sp.drop(sp.in(gone))
	}
	return nil
}

func (k keptEdits) same(other keptEdits) bool { return k.ref == other.ref && k.name == other.name }

// edits are the edits that a request names.
func (sp *Space) edits(p *pin, e *page.Edits) ([]keptEdits, error) {
	if e == nil {
		return nil, nil
	}
	sp.mu.Lock()
	defer sp.mu.Unlock()
	var out []keptEdits
	for _, name := range e.Kept {
		i := slices.IndexFunc(sp.kept, keptEdits{name: name, ref: p.ref}.same)
		if i < 0 {
			return nil, errEditsGone
		}
		k := sp.kept[i]
		sp.kept = append(slices.Delete(sp.kept, i, i+1), k) // newest last
		out = append(out, k)
	}
	return out, nil
}

// in is a table of the session's schema.
func (sp *Space) in(table string) string {
	return duckconn.Quote(sp.schema) + "." + duckconn.Quote(table)
}

package dataframe

import (
	"context"
	"fmt"
	"strings"

	"stnb.dev/duckconn"
)

// pin is a frame that is on a screen: a table with a fixed row order that both
// connections see. What the browser reads twice reads the same.
type pin struct {
	ref   string
	table string // quoted
	cols  []Column
	rows  int64
	sum   string // fingerprint of a query's rows; "" for Go data, whose name says it
	run   uint64 // that last showed it
	own   bool   // dropped with the pin
}

// Shown is what an element says of a shown frame.
type Shown struct {
	Ref     string
	Rows    int64
	Columns []Column
}

// Pin makes the frame a snapshot that the grid pages through. place is where on
// the screen it stands: when the rows there are the same as in the run before, the
// snapshot stays the same one, and with it the visitor's scroll and sort.
func (sp *Space) Pin(f *Frame, place string) (Shown, error) {
	if f == nil || f.err != nil {
		return Shown{}, f.Err()
	}
	ctx := sp.cfg.Context()
	if f.remote != nil {
		var err error
		if f, err = sp.pull(ctx, f); err != nil {
			return Shown{}, err
		}
	}
	cols, err := f.Columns()
	if err != nil {
		return Shown{}, err
	}
	if err := sp.load(ctx, f.locals); err != nil {
		return Shown{}, sp.ended(err)
	}
	if f.own != nil {
		p := sp.keep(place, &pin{ref: f.own.name, table: sp.table(f.own), cols: cols, rows: int64(f.own.rows)})
		return Shown{p.ref, p.rows, p.cols}, nil
	}
	c, err := sp.Conn(ctx)
	if err != nil {
		return Shown{}, err
	}
	sp.mu.Lock()
	sp.serial++
	name := fmt.Sprintf("g_%d", sp.serial)
	sp.mu.Unlock()
	table := duckconn.Quote(sp.schema) + "." + duckconn.Quote(name)
	if _, err := c.Exec(ctx, "CREATE TABLE "+table+" AS "+f.query(), f.args...); err != nil {
		return Shown{}, sp.ended(err)
	}
	list := make([]string, len(cols))
	for i, col := range cols {
		list[i] = duckconn.Quote(col.Name)
	}
	row, err := c.Row(ctx, "SELECT count(*), bit_xor(hash(rowid, "+strings.Join(list, ", ")+")), sum(hash(rowid, "+strings.Join(list, ", ")+") >> 8) FROM "+table)
	if err != nil {
		_, _ = c.Exec(context.Background(), "DROP TABLE IF EXISTS "+table)
		return Shown{}, sp.ended(err)
	}
	n, _ := row[0].(int64)
	p := &pin{ref: name, table: table, cols: cols, rows: n, sum: fmt.Sprint(row, cols), own: true}
	kept := sp.keep(place, p)
	if kept != p {
		if _, err := c.Exec(ctx, "DROP TABLE IF EXISTS "+table); err != nil {
			return Shown{}, err
		}
	}
	return Shown{kept.ref, kept.rows, kept.cols}, nil
}

// pull copies what another engine's query yields into Go data.
func (sp *Space) pull(ctx context.Context, f *Frame) (*Frame, error) {
	var rows [][]any
	cols, err := f.run(ctx, f.query(), func(row []any) error {
		rows = append(rows, append([]any(nil), row...))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return sp.local(localOf(cols, rows)), nil
}

// keep notes the pin as the one at the place, unless the one there now is the
// same; then that one is returned.
func (sp *Space) keep(place string, p *pin) *pin {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	if old := sp.pinned[sp.shown[place]]; old != nil && (old.ref == p.ref || old.sum != "" && old.sum == p.sum) {
		old.run = sp.run
		return old
	}
	if old := sp.pinned[p.ref]; old != nil {
		p = old
	}
	p.run = sp.run
	sp.pinned[p.ref] = p
	sp.shown[place] = p.ref
	return p
}

// Append adds rows to a shown frame and returns its new length. The columns must
// be the same in number.
func (sp *Space) Append(ref string, more *Frame) (Shown, error) {
	ctx := sp.cfg.Context()
	sp.mu.Lock()
	p := sp.pinned[ref]
	sp.mu.Unlock()
	if p == nil {
		return Shown{}, fmt.Errorf("the table is not shown any more")
	}
	cols, err := more.Columns()
	if err != nil {
		return Shown{}, err
	}
	if len(cols) != len(p.cols) {
		return Shown{}, fmt.Errorf("the rows have %d columns, the table has %d", len(cols), len(p.cols))
	}
	if more.remote != nil {
		if more, err = sp.pull(ctx, more); err != nil {
			return Shown{}, err
		}
	}
	if err := sp.load(ctx, more.locals); err != nil {
		return Shown{}, err
	}
	c, err := sp.Conn(ctx)
	if err != nil {
		return Shown{}, err
	}
	if !p.own { // Go data is shared by its content: grow a copy
		sp.mu.Lock()
		sp.serial++
		name := fmt.Sprintf("g_%d", sp.serial)
		sp.mu.Unlock()
		table := duckconn.Quote(sp.schema) + "." + duckconn.Quote(name)
		if _, err := c.Exec(ctx, "CREATE TABLE "+table+" AS SELECT * FROM "+p.table); err != nil {
			return Shown{}, err
		}
		q := &pin{ref: name, table: table, cols: p.cols, rows: p.rows, own: true, run: p.run}
		sp.mu.Lock()
		sp.pinned[name] = q
		for place, r := range sp.shown {
			if r == p.ref {
				sp.shown[place] = name
			}
		}
		sp.mu.Unlock()
		p = q
	}
	n, err := c.Exec(ctx, "INSERT INTO "+p.table+" "+more.query(), more.args...)
	if err != nil {
		return Shown{}, err
	}
	sp.mu.Lock()
	defer sp.mu.Unlock()
	p.rows += n
	p.sum = ""
	kept := sp.perms[:0]
	for _, m := range sp.perms {
		if m.ref == p.ref {
			go sp.drop(m.table)
			continue
		}
		kept = append(kept, m)
	}
	sp.perms = kept
	return Shown{p.ref, p.rows, p.cols}, nil
}

func (sp *Space) drop(table string) {
	ctx := context.Background()
	if c, err := sp.pageConn(ctx); err == nil {
		_, _ = c.Exec(ctx, "DROP TABLE IF EXISTS "+table)
	}
}

// End drops what runs of everything did not show or use again. A run of a part
// of the notebook must not call it.
func (sp *Space) End() {
	sp.mu.Lock()
	var tables []string
	gone := map[string]bool{}
	for ref, p := range sp.pinned {
		if p.run == sp.run {
			continue
		}
		delete(sp.pinned, ref)
		gone[ref] = true
		if p.own {
			tables = append(tables, p.table)
		}
	}
	for place, ref := range sp.shown {
		if gone[ref] {
			delete(sp.shown, place)
		}
	}
	kept := sp.perms[:0]
	for _, m := range sp.perms {
		if gone[m.ref] {
			tables = append(tables, m.table)
			continue
		}
		kept = append(kept, m)
	}
	sp.perms = kept
	for name, t := range sp.tables {
		if t.run+2 <= sp.run && sp.pinned[name] == nil {
			delete(sp.tables, name)
			tables = append(tables, duckconn.Quote(sp.schema)+"."+duckconn.Quote(name))
		}
	}
	c := sp.user
	sp.mu.Unlock()
	if c == nil {
		return
	}
	for _, t := range tables {
		_, _ = c.Exec(context.Background(), "DROP TABLE IF EXISTS "+t)
	}
}

// dropReplaced frees snapshots whose place shows another one by now, also when no
// run comes to its end. The last one stays for a run: a browser may be reading it.
func (sp *Space) dropReplaced() {
	sp.mu.Lock()
	used := map[string]bool{}
	for _, ref := range sp.shown {
		used[ref] = true
	}
	var tables []string
	for ref, p := range sp.pinned {
		if !used[ref] && p.run+1 < sp.run {
			delete(sp.pinned, ref)
			if p.own {
				tables = append(tables, p.table)
			}
		}
	}
	for name, t := range sp.tables { // a frame that needs it again loads it again
		if t.run+5 <= sp.run && sp.pinned[name] == nil {
			delete(sp.tables, name)
			tables = append(tables, duckconn.Quote(sp.schema)+"."+duckconn.Quote(name))
		}
	}
	c := sp.user
	sp.mu.Unlock()
	for _, t := range tables {
		_, _ = c.Exec(context.Background(), "DROP TABLE IF EXISTS "+t)
	}
}

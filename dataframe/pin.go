package dataframe

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"weak"

	"stnb.dev/duckconn"
)

// pin is a frame that is on a screen: rows with a fixed order that every
// connection sees. What the browser reads twice reads the same.
type pin struct {
	ref   string
	rel   string // what stands after FROM
	rid   string // the column of it that numbers the rows, from 0
	table string // that is dropped with the pin; "" when it is not the pin's own
	cols  []Column
	rows  int64
	sum   string // fingerprint of a query's rows; "" when it is not known yet
	run   uint64 // that last showed it
	from  *local // the Go data, or the cache's table, that it shows
	file  *base  // the file it shows
	lent  weak.Pointer[local]
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
		p := sp.keep(place, &pin{ref: f.own.name, rel: sp.table(f.own), rid: "rowid", cols: cols, rows: int64(f.own.rows), from: f.own})
		return p.shown(), nil
	}
	if f.frozen != "" {
		l := f.locals[0]
		p := sp.keep(place, &pin{ref: l.name, rel: f.frozen, rid: "rowid", cols: cols, rows: int64(l.rows), from: l})
		return p.shown(), nil
	}
	if f.base != nil {
		p, err := sp.inPlace(ctx, f, cols)
		if p != nil || err != nil {
			return sp.keep(place, p).shown(), sp.ended(err)
		}
	}
	c, err := sp.Conn(ctx)
	if err != nil {
		return Shown{}, err
	}
	name, table := sp.fresh("g")
	n, err := c.Exec(ctx, "CREATE TABLE "+table+" AS "+f.query(), f.args...)
	if err != nil {
		return Shown{}, sp.ended(err)
	}
	row, err := c.Row(ctx, "SELECT count(*) FROM "+table)
	if err != nil {
		sp.drop(table)
		return Shown{}, sp.ended(err)
	}
	n, _ = row[0].(int64)
	p := &pin{ref: name, rel: table, rid: "rowid", table: table, cols: cols, rows: n}
	same, err := sp.same(ctx, c, place, p)
	if err != nil {
		sp.drop(table)
		return Shown{}, sp.ended(err)
	}
	if same != nil {
		_, err := c.Exec(ctx, "DROP TABLE IF EXISTS "+table)
		return same.shown(), err
	}
	return sp.keep(place, p).shown(), nil
}

func (p *pin) shown() Shown {
	if p == nil {
		return Shown{}
	}
	return Shown{p.ref, p.rows, p.cols}
}

// fresh is a new name in the session's schema, and it as a table.
func (sp *Space) fresh(prefix string) (name, table string) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	sp.serial++
	name = fmt.Sprintf("%s_%d", prefix, sp.serial)
	return name, duckconn.Quote(sp.schema) + "." + duckconn.Quote(name)
}

// same returns the snapshot that stands at the place already, when its rows are
// those of p. Fingerprints are only taken when there is something to compare.
func (sp *Space) same(ctx context.Context, c *duckconn.Conn, place string, p *pin) (*pin, error) {
	sp.mu.Lock()
	old := sp.pinned[sp.shown[place]]
	sp.mu.Unlock()
	if old == nil || old.table == "" || old.rows != p.rows || !slices.Equal(old.cols, p.cols) {
		return nil, nil
	}
	for _, x := range []*pin{old, p} {
		if x.sum != "" {
			continue
		}
		sum, err := x.fingerprint(ctx, c)
		if err != nil {
			return nil, err
		}
		sp.mu.Lock()
		x.sum = sum
		sp.mu.Unlock()
	}
	if old.sum != p.sum {
		return nil, nil
	}
	sp.mu.Lock()
	defer sp.mu.Unlock()
	old.run = sp.run
	return old, nil
}

func (p *pin) fingerprint(ctx context.Context, c *duckconn.Conn) (string, error) {
	list := make([]string, len(p.cols))
	for i, col := range p.cols {
		list[i] = duckconn.Quote(col.Name)
	}
	h := "hash(rowid, " + strings.Join(list, ", ") + ")"
	row, err := c.Row(ctx, "SELECT count(*), bit_xor("+h+"), sum("+h+" >> 8) FROM "+p.rel)
	return fmt.Sprint(row), err
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

// keep notes the pin as the one at the place, unless the one there is the same;
// then that one is returned.
func (sp *Space) keep(place string, p *pin) *pin {
	if p == nil {
		return nil
	}
	sp.mu.Lock()
	defer sp.mu.Unlock()
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
	if p.table == "" || p.lent.Value() != nil { // others have it too: grow a copy
		name, table := sp.fresh("g")
		if _, err := c.Exec(ctx, "CREATE TABLE "+table+" AS SELECT "+list(p.cols, all(p.cols))+" FROM "+p.rel+" ORDER BY "+p.rid); err != nil {
			return Shown{}, err
		}
		q := &pin{ref: name, rel: table, rid: "rowid", table: table, cols: p.cols, rows: p.rows, run: p.run}
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
	n, err := c.Exec(ctx, "INSERT INTO "+p.rel+" "+more.query(), more.args...)
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
			for _, table := range sp.forget(m) {
				go sp.drop(table)
			}
			continue
		}
		kept = append(kept, m)
	}
	sp.perms = kept
	return p.shown(), nil
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
		if p.table != "" && p.lent.Value() == nil {
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
			tables = append(tables, sp.forget(m)...)
			continue
		}
		kept = append(kept, m)
	}
	sp.perms = kept
	sp.kept = slices.DeleteFunc(sp.kept, func(k keptEdits) bool {
		if gone[k.ref] {
			tables = append(tables, sp.in(k.table))
		}
		return gone[k.ref]
	})
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
			if p.table != "" && p.lent.Value() == nil {
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

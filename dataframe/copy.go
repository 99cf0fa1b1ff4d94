package dataframe

import (
	"context"
	"fmt"
	"slices"

	"stnb.dev/duckconn"
)

// A copy is all rows of an order, in that order, so that a window anywhere is the scan
// of a few rows. It costs the pass once more, with all columns, and room: so it is made
// when nobody waits, of the order that was looked at last, and given up when another
// one is asked for.

// A session's copies may take the copyShare-th part of DuckDB's memory.
var copyShare int64 = 3

// look is an order that somebody looked at.
type look struct {
	p *pin
	m *perm
}

// copying is a copy on its way.
type copying struct {
	look
	cancel context.CancelFunc
}

// beginCopy starts copying the order that was looked at last, if that is worth it.
func (sp *Space) beginCopy() {
	l := sp.looked
	if sp.closed || sp.copying != nil || l.m == nil || l.m.failed || l.m.copied != "" || !sp.hasPerm(l.m) || l.m.total <= blockSize(len(l.p.cols)) {
		return
	}
	ctx, cancel := context.WithCancel(sp.life)
	sp.copying = &copying{l, cancel}
	sp.serial++
	table := duckconn.Quote(sp.schema) + "." + duckconn.Quote(fmt.Sprintf("b_%d", sp.serial))
	go func() {
		defer cancel()
		err := sp.copyRows(ctx, l, table)
		sp.mu.Lock()
		var gone []string
		switch {
		case err != nil:
			l.m.failed = ctx.Err() == nil // given up is not failed
		case !sp.hasPerm(l.m):
			gone = []string{table}
		default:
			l.m.copied = table
			gone = sp.forgetBlocks(l.m)
		}
		sp.copying = nil
		if !sp.gathering {
			sp.beginCopy() // of what was looked at meanwhile
		}
		sp.mu.Unlock()
		for _, t := range gone {
			sp.drop(t)
		}
	}()
}

// endCopy gives up the copy on its way: a pass that somebody waits for has the machine.
func (sp *Space) endCopy() {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	sp.looked = look{}
	if sp.copying != nil {
		sp.copying.cancel()
	}
}

// copyRows makes the table, if there is room for it: older copies make room.
func (sp *Space) copyRows(ctx context.Context, l look, table string) error {
	c, err := sp.also(ctx, &sp.copies)
	if err != nil {
		return err
	}
	row, err := c.Row(ctx, "SELECT current_setting('memory_limit')")
	if err != nil {
		return err
	}
	room := memorySize(duckconn.Text(row[0])) / copyShare
	if room -= l.size(); room < 0 {
		return fmt.Errorf("the rows take too much room")
	}
	sp.mu.Lock()
	var gone []string
	for _, m := range slices.Backward(sp.perms) { // the ones used last first
		if m.copied == "" {
			continue
		}
		if room -= m.copiedSize; room < 0 {
			gone = append(gone, m.copied)
			m.copied = ""
		}
	}
	l.m.copiedSize = l.size()
	sp.mu.Unlock()
	for _, t := range gone {
		sp.drop(t)
	}
	// Of a column of numbers DuckDB knows where they are, of its own row numbers not.
	_, err = c.Exec(ctx, "CREATE TABLE "+table+" AS SELECT row_number() OVER () - 1 AS place, * FROM ("+l.m.rows+")", l.m.args...)
	return err
}

// size is about how many bytes a copy takes.
func (l look) size() int64 {
	row := int64(16) // its numbers, in the frame and in the order
	for _, col := range l.p.cols {
		switch col.Kind {
		case "int", "float", "bool", "date", "time", "datetime", "decimal":
			row += 8
		default:
			row += 20
		}
	}
	return l.m.total * row
}

// memorySize reads what DuckDB says of memory, such as "18.6 GiB".
func memorySize(text string) int64 {
	var n float64
	var unit string
	_, _ = fmt.Sscanf(text, "%g %s", &n, &unit)
	for i, u := range []string{"bytes", "KiB", "MiB", "GiB", "TiB"} {
		if u == unit {
			return int64(n * float64(int64(1)<<(10*i)))
		}
	}
	return 0
}

// copied is the table of an order's copy, "" when there is none.
func (sp *Space) copied(m *perm) string {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	return m.copied
}

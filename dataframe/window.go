package dataframe

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"stnb.dev/dataframe/page"
	"stnb.dev/duckconn"
)

// MaxLimit is the most rows of one window.
const MaxLimit = 10_000

// Page answers a request for a window, a summary or a part of a download of a
// shown frame. It never waits for the script's own queries, and a window never for
// another view's pass.
func (sp *Space) Page(ctx context.Context, r page.Request) (page.Reply, []byte, error) {
	if r.Progress {
		return page.Reply{Done: sp.progress(r.View)}, nil, nil
	}
	sp.mu.Lock()
	p := sp.pinned[r.Frame]
	sp.mu.Unlock()
	if p == nil {
		return page.Reply{}, nil, page.Error("the table is not shown any more")
	}
	if err := p.file.unchanged(); err != nil {
		return page.Reply{}, nil, err
	}
	cols := r.Columns
	if cols == nil {
		cols = all(p.cols)
	}
	for _, list := range [][]int{cols, r.Summary} {
		for _, i := range list {
			if i < 0 || i >= len(p.cols) {
				return page.Reply{}, nil, fmt.Errorf("there is no column %d", i)
			}
		}
	}
	if len(r.Summary) > 0 {
		c, err := sp.passConn(ctx)
		if err != nil {
			return page.Reply{}, nil, err
		}
		s, err := summaries(ctx, c, p, r.Summary)
		return page.Reply{Total: p.rows, Summary: s}, nil, err
	}
	if r.Format == "edits" {
		return page.Reply{Total: p.rows}, nil, sp.keepEdits(ctx, p, r.Edits)
	}
	m, err := sp.permutation(ctx, p, r)
	if err != nil {
		return page.Reply{}, nil, err
	}
	total := p.rows
	if m != nil {
		total = m.total
	}
	c, err := sp.pageConn(ctx)
	if err != nil {
		return page.Reply{}, nil, err
	}
	if len(r.Find) > 0 || len(r.Numbers) > 0 {
		blob, err := sp.find(ctx, p, m, r)
		return page.Reply{Total: total}, blob, err
	}
	switch r.Format {
	case "", "arrow":
		if r.Limit < 0 || r.Limit > MaxLimit {
			return page.Reply{}, nil, fmt.Errorf("a window has at most %d rows", MaxLimit)
		}
		rows, ids, err := sp.window(ctx, c, p, m, cols, r.Offset, r.Limit)
		if err != nil {
			return page.Reply{}, nil, err
		}
		shown := pick(p.cols, cols)
		if r.IDs {
			shown = append(shown, Column{Name: "row number", Kind: "int"})
			for i := range rows {
				rows[i] = append(rows[i], ids[i])
			}
		}
		blob, err := encodeArrow(shown, rows)
		return page.Reply{Offset: r.Offset, Rows: len(rows), Total: total}, blob, err
	case "csv":
		return sp.csvPart(ctx, c, p, m, cols, r, total)
	case "parquet":
		return sp.parquetPart(ctx, p, m, cols, r, total)
	}
	return page.Reply{}, nil, fmt.Errorf("there is no format %q", r.Format)
}

func all(cols []Column) []int {
	out := make([]int, len(cols))
	for i := range out {
		out[i] = i
	}
	return out
}

func pick(cols []Column, which []int) []Column {
	out := make([]Column, len(which), len(which)+1)
	for i, j := range which {
		out[i] = cols[j]
	}
	return out
}

func list(cols []Column, which []int) string {
	out := make([]string, len(which))
	for i, j := range which {
		out[i] = duckconn.Quote(cols[j].Name)
	}
	if len(out) == 0 {
		return "NULL"
	}
	return strings.Join(out, ", ")
}

// window returns rows [offset, offset+limit) and their numbers in the frame.
func (sp *Space) window(ctx context.Context, c *duckconn.Conn, p *pin, m *perm, cols []int, offset int64, limit int) ([][]any, []int64, error) {
	var w rows
	if offset < 0 || limit == 0 {
		return nil, nil, nil
	}
	if m == nil {
		err := w.read(ctx, c, p.rid, list(p.cols, cols), p.rel, p.rid, offset, offset+int64(limit))
		return w.values, w.ids, err
	}
	to := min(offset+int64(limit), m.total)
	if table := sp.copied(m); table != "" && w.read(ctx, c, "rid", numbered(cols), table, "place", offset, to) == nil {
		return w.values, w.ids, nil
	}
	size := blockSize(len(p.cols))
	for at := offset; at < to; {
		no := at / size
		end := min(to, (no+1)*size)
		table := sp.block(p, m, no)
		if table == "" || w.read(ctx, c, "rid", numbered(cols), table, "rowid", at-no*size, end-no*size) != nil {
			if err := w.scatter(ctx, c, p, m, cols, at, end); err != nil {
				return nil, nil, err
			}
		}
		at = end
	}
	return w.values, w.ids, nil
}

// rows are rows and their numbers in the frame.
type rows struct {
	values [][]any
	ids    []int64
}

func (w *rows) add(row []any) {
	id, _ := row[0].(int64)
	w.ids = append(w.ids, id)
	w.values = append(w.values, append(make([]any, 0, len(row)), row[1:]...))
}

// read adds rows that follow each other in a table, by its column of places.
func (w *rows) read(ctx context.Context, c *duckconn.Conn, id, cols, table, place string, from, to int64) error {
	before := len(w.ids)
	_, err := c.Query(ctx, fmt.Sprintf("SELECT %s, %s FROM %s WHERE %[4]s >= %[5]d AND %[4]s < %[6]d ORDER BY %[4]s", id, cols, table, place, from, to), nil,
		func(row []any) error { w.add(row); return nil })
	if err != nil {
		w.ids, w.values = w.ids[:before], w.values[:before]
	}
	return err
}

// scatter adds the rows at places of the permutation, wherever in the frame they are.
func (w *rows) scatter(ctx context.Context, c *duckconn.Conn, p *pin, m *perm, cols []int, from, to int64) error {
	at := map[int64]int{}
	var text []string
	var ids []int64
	_, err := c.Query(ctx, fmt.Sprintf("SELECT rid FROM %s WHERE rowid >= %d AND rowid < %d ORDER BY rowid", m.table, from, to), nil,
		func(row []any) error {
			id, _ := row[0].(int64)
			at[id] = len(ids)
			ids = append(ids, id)
			text = append(text, strconv.FormatInt(id, 10))
			return nil
		})
	if err != nil || len(ids) == 0 {
		return err
	}
	values := make([][]any, len(ids))
	// The bounds let DuckDB pass over what a list does not.
	q := fmt.Sprintf("SELECT %s, %s FROM %s WHERE %[1]s >= %[4]d AND %[1]s <= %[5]d AND %[1]s IN (%[6]s)",
		p.rid, list(p.cols, cols), p.rel, slices.Min(ids), slices.Max(ids), strings.Join(text, ","))
	_, err = c.Query(ctx, q, nil, func(row []any) error {
		id, _ := row[0].(int64)
		values[at[id]] = append(make([]any, 0, len(row)), row[1:]...)
		return nil
	})
	w.ids, w.values = append(w.ids, ids...), append(w.values, values...)
	return err
}

// numbered are columns of a block.
func numbered(cols []int) string {
	if len(cols) == 0 {
		return "NULL"
	}
	out := make([]string, len(cols))
	for i, j := range cols {
		out[i] = "c" + strconv.Itoa(j)
	}
	return strings.Join(out, ", ")
}

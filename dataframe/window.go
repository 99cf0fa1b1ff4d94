package dataframe

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"stnb.dev/dataframe/page"
	"stnb.dev/duckconn"
)

// MaxLimit is the most rows of one window.
const MaxLimit = 10_000

// maxDownload bounds the blob of a download, bytes.
const maxDownload = 1 << 30

// perm is the result of one pass of a sort and filters over a pin: the row ids in
// the order they are shown. Windows are cut from it.
type perm struct {
	ref   string
	key   string // order and filters, encoded
	table string
	total int64
}

// maxPerms bounds the permutations a session keeps.
const maxPerms = 8

// Page answers a request for a window, a summary or a download of a shown frame.
// It never waits for the script's own queries.
func (sp *Space) Page(ctx context.Context, r page.Request) (page.Reply, []byte, error) {
	sp.mu.Lock()
	p := sp.pinned[r.Frame]
	sp.mu.Unlock()
	if p == nil {
		return page.Reply{}, nil, fmt.Errorf("frame %q is not shown any more", r.Frame)
	}
	cols := r.Columns
	if cols == nil {
		cols = make([]int, len(p.cols))
		for i := range cols {
			cols[i] = i
		}
	}
	for _, list := range [][]int{cols, r.Summary} {
		for _, i := range list {
			if i < 0 || i >= len(p.cols) {
				return page.Reply{}, nil, fmt.Errorf("there is no column %d", i)
			}
		}
	}
	c, err := sp.pageConn(ctx)
	if err != nil {
		return page.Reply{}, nil, err
	}
	sp.pageMu.Lock()
	defer sp.pageMu.Unlock()
	if len(r.Summary) > 0 {
		s, err := summaries(ctx, c, p, r.Summary)
		return page.Reply{Total: p.rows, Summary: s}, nil, err
	}
	m, err := sp.permutation(ctx, c, p, r)
	if err != nil {
		return page.Reply{}, nil, err
	}
	total := p.rows
	if m != nil {
		total = m.total
	}
	switch r.Format {
	case "", "arrow":
		if r.Limit < 0 || r.Limit > MaxLimit {
			return page.Reply{}, nil, fmt.Errorf("a window has at most %d rows", MaxLimit)
		}
		rows, err := window(ctx, c, p, m, cols, r.Offset, r.Limit)
		if err != nil {
			return page.Reply{}, nil, err
		}
		blob, err := encodeArrow(pick(p.cols, cols), rows)
		return page.Reply{Offset: r.Offset, Rows: len(rows), Total: total}, blob, err
	case "csv":
		blob, n, err := csvOf(ctx, c, p, m, cols)
		return page.Reply{Rows: n, Total: total, Type: "text/csv; charset=utf-8"}, blob, err
	case "parquet":
		blob, err := parquetOf(ctx, c, p, m, cols)
		return page.Reply{Rows: int(total), Total: total, Type: "application/vnd.apache.parquet"}, blob, err
	}
	return page.Reply{}, nil, fmt.Errorf("there is no format %q", r.Format)
}

// permKey tells orders and filters apart.
func permKey(r page.Request) string {
	raw, _ := json.Marshal(struct {
		Sort    []page.Sort
		Filters []page.Filter
		Search  string
	}{r.Sort, r.Filters, r.Search})
	return string(raw)
}

func pick(cols []Column, which []int) []Column {
	out := make([]Column, len(which))
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

// permutation returns the pass that answers the request's order and filters, nil
// when rows are wanted as they stand.
func (sp *Space) permutation(ctx context.Context, c *duckconn.Conn, p *pin, r page.Request) (*perm, error) {
	if len(r.Sort) == 0 && len(r.Filters) == 0 && r.Search == "" {
		return nil, nil
	}
	key := permKey(r)
	sp.mu.Lock()
	for i, m := range sp.perms {
		if m.ref == p.ref && m.key == key {
			sp.perms = append(append(sp.perms[:i:i], sp.perms[i+1:]...), m) // newest last
			sp.mu.Unlock()
			return m, nil
		}
	}
	sp.serial++
	name := fmt.Sprintf("p_%d", sp.serial)
	sp.mu.Unlock()
	where, args, err := conditions(p.cols, r)
	if err != nil {
		return nil, err
	}
	q := "SELECT rowid AS rid FROM " + p.table
	if where != "" {
		q += " WHERE " + where
	}
	if len(r.Sort) > 0 {
		var by []string
		for _, s := range r.Sort {
			if s.Column < 0 || s.Column >= len(p.cols) {
				return nil, fmt.Errorf("there is no column %d", s.Column)
			}
			b := duckconn.Quote(p.cols[s.Column].Name)
			if s.Desc {
				b += " DESC"
			}
			by = append(by, b+" NULLS LAST")
		}
		q += " ORDER BY " + strings.Join(by, ", ") + ", rowid"
	}
	table := duckconn.Quote(sp.schema) + "." + duckconn.Quote(name)
	if _, err := c.Exec(ctx, "CREATE TABLE "+table+" AS "+q, args...); err != nil {
		return nil, err
	}
	row, err := c.Row(ctx, "SELECT count(*) FROM "+table)
	if err != nil {
		return nil, err
	}
	n, _ := row[0].(int64)
	m := &perm{ref: p.ref, key: key, table: table, total: n}
	sp.mu.Lock()
	sp.perms = append(sp.perms, m)
	var old *perm
	if len(sp.perms) > maxPerms {
		old = sp.perms[0]
		sp.perms = sp.perms[1:]
	}
	sp.mu.Unlock()
	if old != nil {
		_, _ = c.Exec(ctx, "DROP TABLE IF EXISTS "+old.table)
	}
	return m, nil
}

// conditions writes the filters and the search as SQL. Columns come from the
// server's own list, values are parameters.
func conditions(cols []Column, r page.Request) (string, []any, error) {
	var parts []string
	var args []any
	param := func(v string) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	for _, f := range r.Filters {
		if f.Column < 0 || f.Column >= len(cols) {
			return "", nil, fmt.Errorf("there is no column %d", f.Column)
		}
		col := cols[f.Column]
		name := duckconn.Quote(col.Name)
		typed := func(v string) string { return "CAST(" + param(v) + " AS " + castType(col) + ")" }
		need := func(n int) error {
			if len(f.Values) < n {
				return fmt.Errorf("the filter %q needs a value", f.Op)
			}
			return nil
		}
		ops := map[string]string{"eq": "=", "ne": "IS DISTINCT FROM", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
		switch f.Op {
		case "eq", "ne", "lt", "le", "gt", "ge":
			if err := need(1); err != nil {
				return "", nil, err
			}
			parts = append(parts, name+" "+ops[f.Op]+" "+typed(f.Values[0]))
		case "contains":
			if err := need(1); err != nil {
				return "", nil, err
			}
			parts = append(parts, "contains(lower(CAST("+name+" AS VARCHAR)), lower("+param(f.Values[0])+"))")
		case "in":
			if len(f.Values) == 0 {
				parts = append(parts, "false")
				continue
			}
			var in []string
			for _, v := range f.Values {
				in = append(in, typed(v))
			}
			parts = append(parts, name+" IN ("+strings.Join(in, ", ")+")")
		case "null":
			parts = append(parts, name+" IS NULL")
		case "notnull":
			parts = append(parts, name+" IS NOT NULL")
		default:
			return "", nil, fmt.Errorf("there is no filter %q", f.Op)
		}
	}
	if r.Search != "" && len(cols) > 0 {
		p := "lower(" + param(r.Search) + ")"
		var any []string
		for _, c := range cols {
			any = append(any, "contains(lower(CAST("+duckconn.Quote(c.Name)+" AS VARCHAR)), "+p+")")
		}
		parts = append(parts, "("+strings.Join(any, " OR ")+")")
	}
	return strings.Join(parts, " AND "), args, nil
}

// castType is the type a filter's text is read as. It comes from DuckDB's own
// description; what has no plain text form is compared as text.
func castType(c Column) string {
	switch c.Kind {
	case "int", "decimal", "float", "bool", "date", "time", "datetime":
		return c.Type
	}
	return "VARCHAR"
}

// window returns rows [offset, offset+limit).
func window(ctx context.Context, c *duckconn.Conn, p *pin, m *perm, cols []int, offset int64, limit int) ([][]any, error) {
	if offset < 0 || limit == 0 {
		return nil, nil
	}
	if m == nil {
		_, rows, err := c.All(ctx, fmt.Sprintf("SELECT %s FROM %s WHERE rowid >= %d AND rowid < %d ORDER BY rowid",
			list(p.cols, cols), p.table, offset, offset+int64(limit)))
		return rows, err
	}
	_, ids, err := c.All(ctx, fmt.Sprintf("SELECT rid FROM %s WHERE rowid >= %d AND rowid < %d ORDER BY rowid",
		m.table, offset, offset+int64(limit)))
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	at := make(map[int64]int, len(ids))
	text := make([]string, len(ids))
	for i, row := range ids {
		id, _ := row[0].(int64)
		at[id] = i
		text[i] = strconv.FormatInt(id, 10)
	}
	out := make([][]any, len(ids))
	_, err = c.Query(ctx, "SELECT rowid, "+list(p.cols, cols)+" FROM "+p.table+" WHERE rowid IN ("+strings.Join(text, ",")+")", nil,
		func(row []any) error {
			id, _ := row[0].(int64)
			out[at[id]] = append([]any(nil), row[1:]...)
			return nil
		})
	return out, err
}

// ordered is a query for all rows in the order of the permutation.
func ordered(p *pin, m *perm, cols []int) string {
	if m == nil {
		return "SELECT " + list(p.cols, cols) + " FROM " + p.table + " ORDER BY rowid"
	}
	var names []string
	for _, i := range cols {
		names = append(names, "t."+duckconn.Quote(p.cols[i].Name))
	}
	return "SELECT " + strings.Join(names, ", ") + " FROM " + m.table + " AS m JOIN " + p.table + " AS t ON t.rowid = m.rid ORDER BY m.rowid"
}

// csvOf writes all rows as CSV, UTF-8 with a byte order mark so that spreadsheets
// read it right. A text that a spreadsheet would run as a formula gets a quote in
// front.
func csvOf(ctx context.Context, c *duckconn.Conn, p *pin, m *perm, cols []int) ([]byte, int, error) {
	var b strings.Builder
	b.WriteString("\ufeff")
	field := func(s string) {
		if strings.ContainsAny(s, ",\"\r\n") {
			s = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
		}
		b.WriteString(s)
	}
	for i, j := range cols {
		if i > 0 {
			b.WriteByte(',')
		}
		field(harmless(p.cols[j].Name))
	}
	b.WriteString("\r\n")
	n := 0
	_, err := c.Query(ctx, ordered(p, m, cols), nil, func(row []any) error {
		n++
		for i, v := range row {
			if i > 0 {
				b.WriteByte(',')
			}
			s := duckconn.Text(v)
			if k := p.cols[cols[i]].Kind; k != "int" && k != "float" && k != "decimal" {
				s = harmless(s)
			}
			field(s)
		}
		b.WriteString("\r\n")
		if b.Len() > maxDownload {
			return fmt.Errorf("the file would be larger than %d MB", maxDownload>>20)
		}
		return nil
	})
	if err != nil {
		return nil, 0, err
	}
	return []byte(b.String()), n, nil
}

func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

func parquetOf(ctx context.Context, c *duckconn.Conn, p *pin, m *perm, cols []int) ([]byte, error) {
	dir, err := os.MkdirTemp("", "stnb-download-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "frame.parquet")
	if _, err := c.Exec(ctx, "COPY ("+ordered(p, m, cols)+") TO "+duckconn.Literal(file)+" (FORMAT parquet)"); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
}

// summaries describes columns: nulls, distinct values, range, and a histogram or
// the most frequent values.
func summaries(ctx context.Context, c *duckconn.Conn, p *pin, which []int) ([]page.Summary, error) {
	var out []page.Summary
	for _, i := range which {
		col := p.cols[i]
		name := duckconn.Quote(col.Name)
		distinct := "count(DISTINCT " + name + ")"
		if p.rows > 10_000 {
			distinct = "approx_count_distinct(" + name + ")"
		}
		row, err := c.Row(ctx, "SELECT count(*) - count("+name+"), "+distinct+", CAST(min("+name+") AS VARCHAR), CAST(max("+name+") AS VARCHAR) FROM "+p.table)
		if err != nil {
			return nil, fmt.Errorf("column %q: %w", col.Name, err)
		}
		s := page.Summary{Column: i, Type: col.Type, Min: duckconn.Text(row[2]), Max: duckconn.Text(row[3])}
		s.Nulls, _ = row[0].(int64)
		s.Distinct, _ = row[1].(int64)
		switch col.Kind {
		case "int", "float", "decimal":
			s.Bins, err = bins(ctx, c, p.table, "CAST("+name+" AS DOUBLE)", "CAST(%s AS VARCHAR)")
		case "date", "datetime":
			s.Bins, err = bins(ctx, c, p.table, "CAST(epoch_ms(CAST("+name+" AS TIMESTAMP)) AS DOUBLE)", "CAST(make_timestamp(CAST(%s * 1000 AS BIGINT)) AS VARCHAR)")
		default:
			var rows [][]any
			_, rows, err = c.All(ctx, "SELECT CAST("+name+" AS VARCHAR) FROM "+p.table+" WHERE "+name+" IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 10")
			for _, r := range rows {
				s.Top = append(s.Top, duckconn.Text(r[0]))
			}
		}
		if err != nil {
			return nil, fmt.Errorf("column %q: %w", col.Name, err)
		}
		out = append(out, s)
	}
	return out, nil
}

func bins(ctx context.Context, c *duckconn.Conn, table, value, show string) ([]page.Bin, error) {
	const n = 20
	q := fmt.Sprintf(`WITH v AS (SELECT %[1]s AS x FROM %[2]s WHERE isfinite(%[1]s)),
r AS (SELECT min(x) AS lo, max(x) AS hi FROM v),
b AS (SELECT CASE WHEN hi > lo THEN least(%[3]d - 1, CAST(floor((x - lo) / (hi - lo) * %[3]d) AS INTEGER)) ELSE 0 END AS i, count(*) AS n FROM v, r GROUP BY 1)
SELECT %[4]s, %[5]s, n FROM b, r ORDER BY i`, value, table, n,
		fmt.Sprintf(show, fmt.Sprintf("(lo + (hi - lo) * i / %d)", n)), fmt.Sprintf(show, fmt.Sprintf("(lo + (hi - lo) * (i + 1) / %d)", n)))
	_, rows, err := c.All(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []page.Bin
	for _, r := range rows {
		k, _ := r[2].(int64)
		out = append(out, page.Bin{Low: duckconn.Text(r[0]), High: duckconn.Text(r[1]), Count: k})
	}
	return out, nil
}

package dataframe

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"stnb.dev/dataframe/page"
	"stnb.dev/duckconn"
)

// maxDownload bounds the blob of one reply, bytes.
const maxDownload = 1 << 30

// maxPart bounds the rows of one part of a CSV file.
const maxPart = 100_000

// csvPart writes the rows [Offset, Offset+Limit) as CSV, all of them when Limit is
// 0; with the first comes the line of names. A browser asks for one part after
// the other: it knows how far it is, and ends the download by not asking on.
func (sp *Space) csvPart(ctx context.Context, c *duckconn.Conn, p *pin, m *perm, cols []int, r page.Request, total int64) (page.Reply, []byte, error) {
	if r.Offset < 0 || r.Limit < 0 || r.Limit > maxPart {
		return page.Reply{}, nil, fmt.Errorf("a part has at most %d rows", maxPart)
	}
	to := total
	if r.Limit > 0 {
		to = min(total, r.Offset+int64(r.Limit))
	}
	blob, n, err := sp.csvOf(ctx, c, p, m, cols, r.Edits, r.Offset, to)
	return page.Reply{Offset: r.Offset, Rows: n, Total: total, Type: "text/csv; charset=utf-8"}, blob, err
}

// ordered is a query for rows [from, to) in the order of the permutation, with the
// edits in them.
func (sp *Space) ordered(p *pin, m *perm, cols []int, edits *page.Edits, from, to int64) (string, []any, error) {
	o, err := sp.overlay(p, edits)
	if err != nil {
		return "", nil, err
	}
	names := []string{}
	for _, i := range cols {
		names = append(names, o.column(i)+" AS "+duckconn.Quote(p.cols[i].Name))
	}
	if len(names) == 0 {
		names = []string{"NULL"}
	}
	rel, by := p.rel+" AS t", "t."+p.rid
	where := fmt.Sprintf(" WHERE %s >= %d AND %[1]s < %[3]d", by, from, to)
	if m != nil {
		rel = fmt.Sprintf("(SELECT rid, rowid AS place FROM %s WHERE rowid >= %d AND rowid < %d) AS m JOIN %s ON t.%s = m.rid", m.table, from, to, rel, p.rid)
		by, where = "m.place", ""
	}
	return "SELECT " + strings.Join(names, ", ") + " FROM " + rel + o.joins.String() + where + " ORDER BY " + by, o.args, nil
}

// eachOrdered calls each for the rows [from, to). Of a sorted frame they come from the
// blocks that are there: without those every part of a file would be a scan.
func (sp *Space) eachOrdered(ctx context.Context, c *duckconn.Conn, p *pin, m *perm, cols []int, edits *page.Edits, from, to int64, each func(row []any) error) error {
	size := blockSize(len(p.cols))
	for at := from; at < to; {
		end := to
		if m != nil && edits == nil {
			no := at / size
			table, place, first := sp.copied(m), "place", int64(0)
			if table == "" {
				end = min(to, (no+1)*size)
				table, place, first = sp.block(p, m, no), "rowid", no*size
			}
			if table != "" {
				read := false
				_, err := c.Query(ctx, fmt.Sprintf("SELECT %s FROM %s WHERE %[3]s >= %[4]d AND %[3]s < %[5]d ORDER BY %[3]s", numbered(cols), table, place, at-first, end-first), nil,
					func(row []any) error { read = true; return each(row) })
				if err == nil {
					at = end
					continue
				}
				if read || ctx.Err() != nil {
					return err
				}
			}
		}
		q, args, err := sp.ordered(p, m, cols, edits, at, end)
		if err != nil {
			return err
		}
		if _, err := c.Query(ctx, q, args, each); err != nil {
			return err
		}
		at = end
	}
	return nil
}

// csvOf writes rows as CSV, UTF-8 with a byte order mark so that spreadsheets
// read it right. A text that a spreadsheet would run as a formula gets a quote in
// front.
func (sp *Space) csvOf(ctx context.Context, c *duckconn.Conn, p *pin, m *perm, cols []int, edits *page.Edits, from, to int64) ([]byte, int, error) {
	var b strings.Builder
	field := func(s string) {
		if strings.ContainsAny(s, ",\"\r\n") {
			s = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
		}
		b.WriteString(s)
	}
	if from == 0 {
		b.WriteString("\ufeff")
		for i, j := range cols {
			if i > 0 {
				b.WriteByte(',')
			}
			field(harmless(p.cols[j].Name))
		}
		b.WriteString("\r\n")
	}
	n := 0
	err := sp.eachOrdered(ctx, c, p, m, cols, edits, from, to, func(row []any) error {
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
			return page.Error(fmt.Sprintf("the file would be larger than %d MB", maxDownload>>20))
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

// export is a file that is made for a download and then fetched in parts.
type export struct {
	dir    string
	done   chan struct{}
	cancel context.CancelFunc
	err    error
	timer  *time.Timer // ends it when nobody asks on
}

func (x *export) file() string { return filepath.Join(x.dir, "frame.parquet") }

// An export nobody asks for any more is dropped after exportIdle; a request waits
// exportWait for it to be ready before it says how far it is.
const (
	exportIdle = time.Minute
	exportWait = 500 * time.Millisecond
)

// parquetPart answers with Limit bytes of the Parquet file at Offset. The first
// request starts making it; until it is there replies have no Size. A Limit below
// 0 ends it.
func (sp *Space) parquetPart(ctx context.Context, p *pin, m *perm, cols []int, r page.Request, total int64) (page.Reply, []byte, error) {
	query, args, err := sp.ordered(p, m, cols, r.Edits, 0, total)
	if err != nil {
		return page.Reply{}, nil, err
	}
	key := r.View + "\x00" + p.ref + "\x00" + permKey(r) + fmt.Sprint(cols)
	sp.mu.Lock()
	x := sp.exports[key]
	if r.Limit < 0 {
		sp.mu.Unlock()
		sp.endExport(key)
		return page.Reply{Total: total}, nil, nil
	}
	if x == nil {
		dir, err := os.MkdirTemp("", "stnb-download-")
		if err != nil {
			sp.mu.Unlock()
			return page.Reply{}, nil, err
		}
		life, cancel := context.WithCancel(context.WithoutCancel(ctx))
		x = &export{dir: dir, done: make(chan struct{}), cancel: cancel}
		x.timer = time.AfterFunc(exportIdle, func() { sp.endExport(key) })
		sp.exports[key] = x
		go func() {
			defer close(x.done)
			x.err = sp.writeParquet(life, query, args, x.file())
		}()
	}
	x.timer.Reset(exportIdle)
	sp.mu.Unlock()
	reply := page.Reply{Offset: r.Offset, Rows: int(total), Total: total, Type: "application/vnd.apache.parquet"}
	wait := exportWait
	if r.Limit == 0 {
		wait = time.Hour
	}
	select {
	case <-x.done:
	case <-ctx.Done():
		return page.Reply{}, nil, ctx.Err()
	case <-time.After(wait):
		if info, err := os.Stat(x.file()); err == nil {
			reply.Made = info.Size()
		}
		return reply, nil, nil
	}
	if x.err != nil {
		sp.endExport(key)
		return page.Reply{}, nil, x.err
	}
	f, err := os.Open(x.file())
	if err != nil {
		return page.Reply{}, nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return page.Reply{}, nil, err
	}
	reply.Size, reply.Made = info.Size(), info.Size()
	n := int64(r.Limit)
	if n == 0 {
		n = maxDownload
	}
	if n = min(n, info.Size()-r.Offset); n < 0 || r.Offset < 0 || n > maxDownload {
		return page.Reply{}, nil, fmt.Errorf("the file has %s bytes", strconv.FormatInt(info.Size(), 10))
	}
	blob := make([]byte, n)
	if _, err := f.ReadAt(blob, r.Offset); err != nil {
		return page.Reply{}, nil, err
	}
	if r.Offset+n == info.Size() {
		sp.endExport(key)
	}
	return reply, blob, nil
}

// writeParquet has a connection of its own: a window does not wait for it.
func (sp *Space) writeParquet(ctx context.Context, query string, args []any, file string) error {
	db, err := sp.cfg.Open(ctx)
	if err != nil {
		return err
	}
	c, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = c.Exec(ctx, "COPY ("+query+") TO "+duckconn.Literal(file)+" (FORMAT parquet)", args...)
	return err
}

func (sp *Space) endExport(key string) {
	sp.mu.Lock()
	x := sp.exports[key]
	delete(sp.exports, key)
	sp.mu.Unlock()
	if x == nil {
		return
	}
	x.timer.Stop()
	x.cancel()
	go func() {
		<-x.done
		os.RemoveAll(x.dir)
	}()
}

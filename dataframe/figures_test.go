package dataframe

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"stnb.dev/dataframe/page"
	"stnb.dev/duckconn"
)

// gathered waits until no more blocks are made, and no copy.
func gathered(sp *Space) time.Duration {
	began := time.Now()
	for {
		sp.mu.Lock()
		busy := sp.gathering || sp.copying != nil
		sp.mu.Unlock()
		if !busy {
			return time.Since(began)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// forgetPasses makes the next request of an order a pass again.
func forgetPasses(sp *Space) {
	gathered(sp)
	sp.mu.Lock()
	var tables []string
	for _, m := range sp.perms {
		tables = append(tables, sp.forget(m)...)
	}
	sp.perms = nil
	sp.mu.Unlock()
	for _, t := range tables {
		sp.drop(t)
	}
}

// TestFigures measures what a grid does with a large frame against the bare query
// in the same DuckDB, in the same run: `make bench` prints it. STNB_BENCH_ROWS is
// how many rows, 10 million at first. Of many more, a part alone may be enough to
// wait for (-run TestFigures/parquet/sort); in STNB_BENCH_DIR its file then stays for
// the next.
func TestFigures(t *testing.T) {
	if os.Getenv("STNB_BENCH") == "" {
		t.Skip("figures are for make bench")
	}
	rows := 10_000_000
	if n, err := strconv.Atoi(os.Getenv("STNB_BENCH_ROWS")); err == nil {
		rows = n
	}
	dir := os.Getenv("STNB_BENCH_DIR")
	if dir == "" {
		dir = t.TempDir()
	}
	source := "SELECT range AS id, hash(range) / 1e13 AS v, 'row ' || range AS name, DATE '2000-01-01' + CAST(range %% 9000 AS INTEGER) AS day FROM range(%d)"
	query := fmt.Sprintf(source, rows)
	fmt.Printf("grid over %d rows\n", rows)
	t.Run("parquet", func(t *testing.T) {
		g := &figures{t: t, sp: space(t), name: "parquet file", rows: rows}
		file := filepath.Join(dir, fmt.Sprintf("%d.parquet", rows))
		if _, err := os.Stat(file); err != nil {
			g.exec("COPY (" + query + ") TO " + duckconn.Literal(file) + " (FORMAT parquet)")
		}
		g.rel, g.rid = "read_parquet("+duckconn.Literal(file)+", file_row_number=true)", "file_row_number"
		g.frame = func() (*Frame, error) { return g.sp.ReadParquet(file) }
		g.all(0)
	})
	t.Run("query", func(t *testing.T) {
		g := &figures{t: t, sp: space(t), name: "query", rows: rows, rel: "bare_open", rid: "rowid"}
		g.frame = func() (*Frame, error) { return g.sp.Query(query) }
		bare := g.exec("CREATE OR REPLACE TABLE bare_open AS " + query)
		defer g.exec("DROP TABLE bare_open")
		g.all(bare)
	})
	t.Run("csv", func(t *testing.T) {
		g := &figures{t: t, sp: space(t)}
		file := filepath.Join(dir, fmt.Sprintf("%d.csv", 2*rows))
		if _, err := os.Stat(file); err != nil {
			g.exec("COPY (" + fmt.Sprintf(source, 2*rows) + ") TO " + duckconn.Literal(file) + " (FORMAT csv)")
		}
		size, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		bare := g.exec("CREATE TABLE bare_csv AS SELECT * FROM read_csv(" + duckconn.Literal(file) + ")")
		g.exec("DROP TABLE bare_csv")
		g.frame = func() (*Frame, error) { return g.sp.ReadCSV(file) }
		_, took := g.open()
		say(fmt.Sprintf("CSV file of %.2f GB: open", float64(size.Size())/1e9), took, bare)
	})
	// A million rows edited: the edits travel, the rows do not.
	t.Run("edit", func(t *testing.T) {
		g := &figures{t: t, sp: space(t)}
		million := g.sp.SQL("SELECT range AS id, range * 2 AS v FROM range(1000000)")
		g.frame = func() (*Frame, error) { return million, nil }
		shown, took := g.open()
		say("1M rows to edit: open", took, 0)
		edits := Edits{Ref: shown.Ref, Cells: map[int64]map[string]any{}}
		for i := range int64(1000) {
			edits.Cells[i*997] = map[string]any{"v": i}
		}
		began := time.Now()
		var edited *Frame
		if err := g.sp.Edit(million, edits, &edited); err != nil {
			t.Fatal(err)
		}
		if _, err := edited.Agg("sum(v)").Int(); err != nil {
			t.Fatal(err)
		}
		say("1M rows, 1000 cells edited: the sum in the script", time.Since(began), 0)
	})
}

// figures measures one frame: rel and rid are what the bare query takes for it.
type figures struct {
	t     *testing.T
	sp    *Space
	name  string
	rows  int
	frame func() (*Frame, error)
	rel   string
	rid   string
}

func say(what string, took, bare time.Duration) {
	line := fmt.Sprintf("%-52s %10s", what, took.Round(time.Millisecond/10))
	if bare > 0 {
		line += fmt.Sprintf("   bare query %10s   ratio %.2f", bare.Round(time.Millisecond/10), float64(took)/float64(bare))
	}
	fmt.Println(line)
}

func (g *figures) say(what string, took, bare time.Duration) { say(g.name+": "+what, took, bare) }

func (g *figures) exec(q string) time.Duration {
	g.t.Helper()
	c, err := g.sp.Conn(context.Background())
	if err != nil {
		g.t.Fatal(err)
	}
	began := time.Now()
	if _, err := c.Exec(context.Background(), q); err != nil {
		g.t.Fatal(err)
	}
	return time.Since(began)
}

// bare runs a query whose result is kept, as the grid keeps the one of a pass.
func (g *figures) bare(q string) time.Duration {
	g.t.Helper()
	return g.exec("CREATE OR REPLACE TABLE bare_pass AS " + q)
}

func (g *figures) open() (Shown, time.Duration) {
	g.t.Helper()
	began := time.Now()
	f, err := g.frame()
	if err != nil {
		g.t.Fatal(err)
	}
	shown, err := g.sp.Pin(f, "a place")
	if err != nil {
		g.t.Fatal(err)
	}
	return shown, time.Since(began)
}

func (g *figures) all(bare time.Duration) {
	shown, took := g.open()
	g.say("open", took, bare)
	defer g.exec("DROP TABLE IF EXISTS bare_pass")
	part := func(name string, body func()) {
		g.t.Run(name, func(t *testing.T) {
			defer func(was *testing.T) { g.t = was }(g.t)
			g.t = t
			body()
		})
	}
	part("windows", func() { g.windows("a window anywhere", 40, page.Request{Frame: shown.Ref}, shown.Rows) })
	byV, over := []page.Sort{{Column: 1}}, []page.Filter{{Column: 1, Op: "ge", Values: []string{"900000"}}}
	part("sort", func() {
		g.pass("sort", page.Request{Frame: shown.Ref, Sort: byV}, " ORDER BY v, rid")
	})
	part("filter", func() {
		g.pass("filter", page.Request{Frame: shown.Ref, Filters: over}, " WHERE v >= 900000")
	})
	part("both", func() {
		g.pass("sort by two, filtered", page.Request{Frame: shown.Ref, Sort: []page.Sort{{Column: 3, Desc: true}, {Column: 1}}, Filters: over},
			" WHERE v >= 900000 ORDER BY day DESC, v, rid")
	})
	part("search", func() {
		bare := g.bare("SELECT " + g.rid + " AS rid FROM " + g.rel + " WHERE contains(lower(name), '77777')")
		_, _, took := g.ask(page.Request{Frame: shown.Ref, Limit: 256, Filters: []page.Filter{{Column: 2, Op: "contains", Values: []string{"77777"}}}})
		g.say("text search in a column, and its first window", took, bare)
		_, _, took = g.ask(page.Request{Frame: shown.Ref, Summary: []int{1}})
		g.say("summary of a column", took, 0)
	})
	part("chart", func() {
		f, err := g.frame()
		if g.rid == "rowid" {
			f, err = g.sp.Table(g.rel)
		}
		if err != nil {
			g.t.Fatal(err)
		}
		bare := g.bare(fmt.Sprintf("SELECT CAST(floor(id / %d.0 * 1000) AS INTEGER) AS i, min(v), max(v) FROM %s GROUP BY i ORDER BY i", g.rows, g.rel))
		began := time.Now()
		if _, err := f.Plot(PlotOptions{X: "id", Y: []string{"v"}, Kind: "line"}); err != nil {
			g.t.Fatal(err)
		}
		g.say("line chart of its rows", time.Since(began), bare)
	})
}

func (g *figures) ask(r page.Request) (page.Reply, int, time.Duration) {
	g.t.Helper()
	began := time.Now()
	reply, blob, err := g.sp.Page(context.Background(), r)
	if err != nil {
		g.t.Fatal(err)
	}
	return reply, len(blob), time.Since(began)
}

// windows reads n windows at places by chance.
func (g *figures) windows(what string, n int, r page.Request, total int64) {
	g.t.Helper()
	var all []time.Duration
	size := 0
	for range n {
		r.Offset, r.Limit = rand.Int64N(total-256), 256
		_, bytes, took := g.ask(r)
		all, size = append(all, took), bytes
	}
	slices.Sort(all)
	fmt.Printf("%-52s p50 %s, worst of %d %s, %d bytes\n", g.name+": "+what, all[n/2].Round(time.Millisecond/10), n, all[n-1].Round(time.Millisecond/10), size)
}

// pass measures an order or a filter, and the windows under it.
func (g *figures) pass(what string, r page.Request, clauses string) {
	g.t.Helper()
	// The best of three of both, in turns: one alone tells more of the machine. What
	// takes long tells enough by itself.
	bare, took := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
	var reply page.Reply
	r.Limit = 256
	for range 3 {
		forgetPasses(g.sp)
		bare = min(bare, g.bare("SELECT "+g.rid+" AS rid FROM "+g.rel+clauses))
		var once time.Duration
		reply, _, once = g.ask(r)
		took = min(took, once)
		if once > 10*time.Second {
			break
		}
	}
	g.say(what+" and its first window", took, bare)
	g.windows("a window of it at once", 10, r, reply.Total)
	g.say("all its rows are copied", gathered(g.sp), 0)
	g.windows("a window of it then", 40, r, reply.Total)
}

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
	"strings"
	"testing"
	"time"

	"stnb.dev/dataframe/page"
	"stnb.dev/duckconn"
)

// gathered waits until no more blocks are made.
func gathered(sp *Space) time.Duration {
	began := time.Now()
	for {
		sp.mu.Lock()
		busy := sp.gathering
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
// how many rows, 10 million at first.
func TestFigures(t *testing.T) {
	if os.Getenv("STNB_BENCH") == "" {
		t.Skip("figures are for make bench")
	}
	rows := 10_000_000
	if n, err := strconv.Atoi(os.Getenv("STNB_BENCH_ROWS")); err == nil {
		rows = n
	}
	ctx := context.Background()
	sp := space(t)
	c, err := sp.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	exec := func(q string) time.Duration {
		t.Helper()
		began := time.Now()
		if _, err := c.Exec(ctx, q); err != nil {
			t.Fatal(err)
		}
		return time.Since(began)
	}
	source := fmt.Sprintf("SELECT range AS id, hash(range) / 1e13 AS v, 'row ' || range AS name, DATE '2000-01-01' + CAST(range %% 9000 AS INTEGER) AS day FROM range(%d)", rows)
	file := filepath.Join(t.TempDir(), "big.parquet")
	exec("COPY (" + source + ") TO " + duckconn.Literal(file) + " (FORMAT parquet)")

	say := func(what string, took, bare time.Duration) {
		line := fmt.Sprintf("%-52s %10s", what, took.Round(time.Millisecond/10))
		if bare > 0 {
			line += fmt.Sprintf("   bare query %10s   ratio %.2f", bare.Round(time.Millisecond/10), float64(took)/float64(bare))
		}
		fmt.Println(line)
	}
	fmt.Printf("grid over %d rows\n", rows)
	parquet, err := sp.ReadParquet(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []struct {
		name  string
		frame *Frame
		rel   string
		rid   string
	}{
		{"parquet file", parquet, "read_parquet(" + duckconn.Literal(file) + ", file_row_number=true)", "file_row_number"},
		{"query", sp.SQL(source), "bare_open", "rowid"},
	} {
		bare := time.Duration(0)
		if f.rel == "bare_open" {
			bare = exec("CREATE TABLE bare_open AS " + source)
		}
		began := time.Now()
		shown, err := sp.Pin(f.frame, f.name)
		if err != nil {
			t.Fatal(err)
		}
		say(f.name+": open", time.Since(began), bare)
		ask := func(r page.Request) (page.Reply, int, time.Duration) {
			t.Helper()
			r.Frame = shown.Ref
			began := time.Now()
			reply, blob, err := sp.Page(ctx, r)
			if err != nil {
				t.Fatal(err)
			}
			return reply, len(blob), time.Since(began)
		}
		windows := func(what string, r page.Request, total int64) {
			t.Helper()
			var all []time.Duration
			size := 0
			for range 40 {
				r.Offset, r.Limit = rand.Int64N(total-256), 256
				_, n, took := ask(r)
				all, size = append(all, took), n
			}
			slices.Sort(all)
			fmt.Printf("%-52s p50 %s, worst of 40 %s, %d bytes\n", f.name+": "+what, all[20].Round(time.Millisecond/10), all[39].Round(time.Millisecond/10), size)
		}
		windows("a window anywhere", page.Request{}, shown.Rows)
		for _, pass := range []struct {
			what, bare string
			r          page.Request
		}{
			{"sort", "SELECT " + f.rid + " AS rid FROM " + f.rel + " ORDER BY v, rid", page.Request{Sort: []page.Sort{{Column: 1}}}},
			{"filter", "SELECT " + f.rid + " AS rid FROM " + f.rel + " WHERE v >= 900000", page.Request{Filters: []page.Filter{{Column: 1, Op: "ge", Values: []string{"900000"}}}}},
			{"sort by two, filtered", "SELECT " + f.rid + " AS rid FROM " + f.rel + " WHERE v >= 900000 ORDER BY day DESC, v, rid",
				page.Request{Sort: []page.Sort{{Column: 3, Desc: true}, {Column: 1}}, Filters: []page.Filter{{Column: 1, Op: "ge", Values: []string{"900000"}}}}},
		} {
			// The best of three of both, in turns: one alone tells more of the machine.
			bare, took := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
			var reply page.Reply
			pass.r.Limit = 256
			for range 3 {
				bare = min(bare, exec("CREATE OR REPLACE TABLE bare_pass AS "+pass.bare))
				forgetPasses(sp)
				var once time.Duration
				reply, _, once = ask(pass.r)
				took = min(took, once)
				gathered(sp)
			}
			say(f.name+": "+pass.what+" and its first window", took, bare)
			forgetPasses(sp)
			ask(pass.r)
			windows("a window of it at once", pass.r, reply.Total)
			say(f.name+": all its rows are gathered", gathered(sp), 0)
			windows("a window of it then", pass.r, reply.Total)
		}
		bare = exec("CREATE OR REPLACE TABLE bare_pass AS SELECT " + f.rid + " AS rid FROM " + f.rel + " WHERE contains(lower(name), '77777')")
		_, _, took := ask(page.Request{Limit: 256, Filters: []page.Filter{{Column: 2, Op: "contains", Values: []string{"77777"}}}})
		say(f.name+": text search in a column, and its first window", took, bare)
		_, _, took = ask(page.Request{Summary: []int{1}})
		say(f.name+": summary of a column", took, 0)
		if f.rid == "rowid" {
			f.frame = sp.SQL("SELECT * FROM bare_open")
		}
		began = time.Now()
		if _, err := f.frame.Plot(PlotOptions{X: "id", Y: []string{"v"}, Kind: "line"}); err != nil {
			t.Fatal(err)
		}
		took = time.Since(began)
		say(f.name+": line chart of its rows", took, exec(fmt.Sprintf("CREATE OR REPLACE TABLE bare_pass AS SELECT CAST(floor(id / %d.0 * 1000) AS INTEGER) AS i, min(v), max(v) FROM %s GROUP BY i ORDER BY i", rows, f.rel)))
	}

	// A CSV file, of 1 GB with 10 million rows in the grid, read and kept.
	csv := filepath.Join(t.TempDir(), "big.csv")
	exec("COPY (" + strings.Replace(source, fmt.Sprintf("range(%d)", rows), fmt.Sprintf("range(%d)", 2*rows), 1) + ") TO " + duckconn.Literal(csv) + " (FORMAT csv)")
	size, err := os.Stat(csv)
	if err != nil {
		t.Fatal(err)
	}
	bare := exec("CREATE TABLE bare_csv AS SELECT * FROM read_csv(" + duckconn.Literal(csv) + ")")
	exec("DROP TABLE bare_csv")
	start := time.Now()
	read, err := sp.ReadCSV(csv)
	if err == nil {
		_, err = sp.Pin(read, "csv")
	}
	if err != nil {
		t.Fatal(err)
	}
	say(fmt.Sprintf("CSV file of %.2f GB: open", float64(size.Size())/1e9), time.Since(start), bare)

	// A million rows edited: the edits travel, the rows do not.
	million := sp.SQL("SELECT range AS id, range * 2 AS v FROM range(1000000)")
	began := time.Now()
	shown, err := sp.Pin(million, "editor")
	if err != nil {
		t.Fatal(err)
	}
	say("1M rows to edit: open", time.Since(began), 0)
	edits := Edits{Ref: shown.Ref, Cells: map[int64]map[string]any{}}
	for i := range int64(1000) {
		edits.Cells[i*997] = map[string]any{"v": i}
	}
	began = time.Now()
	var edited *Frame
	if err := sp.Edit(million, edits, &edited); err != nil {
		t.Fatal(err)
	}
	if _, err := edited.Agg("sum(v)").Int(); err != nil {
		t.Fatal(err)
	}
	say("1M rows, 1000 cells edited: the sum in the script", time.Since(began), 0)
}

package dataframe

import (
	"context"
	"fmt"
	"reflect"
	"testing"

	"stnb.dev/dataframe/page"
)

// set changes a bound for a test.
func set(t *testing.T, bound *int64, to int64) {
	was := *bound
	*bound = to
	t.Cleanup(func() { *bound = was })
}

// TestBlocks: a window of sorted rows reads the same before and after the rows around
// it stand in a table of their own, also when only some of these may be kept, and
// when all rows are copied.
func TestBlocks(t *testing.T) {
	const n = 20_000
	for name, kept := range map[string]int64{"copied": 1 << 20, "blocks": 1 << 20, "two blocks": 3 * 2048 * 2} {
		t.Run(name, func(t *testing.T) {
			set(t, &directRows, 1000)
			set(t, &blockCells, 2*2048)
			set(t, &maxKeptCells, kept)
			if name != "copied" {
				set(t, &copyShare, 1<<62)
			}
			ctx := context.Background()
			sp := space(t)
			shown, err := sp.Pin(sp.SQL(fmt.Sprintf("SELECT range AS id, (range * 7919) %% %d AS v FROM range(%[1]d)", n)), "grid")
			if err != nil {
				t.Fatal(err)
			}
			window := func(offset int64, limit int) [][]string {
				t.Helper()
				r := page.Request{Frame: shown.Ref, Offset: offset, Limit: limit, Sort: []page.Sort{{Column: 1, Desc: true}}, Columns: []int{1, 0}, IDs: true}
				reply, blob, err := sp.Page(ctx, r)
				if err != nil || reply.Total != n {
					t.Fatal(reply, err)
				}
				return rowsOf(t, blob)
			}
			part := func(offset int64, limit int) string {
				t.Helper()
				_, blob, err := sp.Page(ctx, page.Request{Frame: shown.Ref, Offset: offset, Limit: limit, Format: "csv", Sort: []page.Sort{{Column: 1, Desc: true}}, Columns: []int{1, 0}})
				if err != nil {
					t.Fatal(err)
				}
				return string(blob)
			}
			for _, at := range []int64{0, 2040, 4096, 10_000, n - 5, 2040, n + 5} {
				file := part(at, 2500)
				first := window(at, 300)
				gathered(sp)
				if again := part(at, 2500); again != file || at < n && len(file) == 0 {
					t.Fatalf("the part of a file at %d is another, of %d bytes: %.60q, %.60q", at, len(again), file, again)
				}
				if again := window(at, 300); !reflect.DeepEqual(first, again) {
					t.Fatalf("at %d: %v, then %v", at, first[:2], again[:2])
				}
				for i, row := range first {
					v := n - 1 - at - int64(i)
					if row[0] != fmt.Sprint(v) || row[1] != row[2] {
						t.Fatalf("place %d has %v, not %d", at+int64(i), row, v)
					}
				}
			}
			sp.mu.Lock()
			blocks, cells := len(sp.blocks), int64(0)
			for _, b := range sp.blocks {
				cells += b.cells
			}
			copied := sp.perms[0].copied != ""
			sp.mu.Unlock()
			if cells > kept || copied != (name == "copied") || copied != (blocks == 0) || name == "blocks" && blocks < 5 {
				t.Errorf("%d blocks of %d cells are kept; a copy: %v", blocks, cells, copied)
			}
			c, err := sp.Conn(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if copied { // an order more is copied, and the first makes room if it must
				row, err := c.Row(ctx, "SELECT current_setting('memory_limit')")
				if err != nil {
					t.Fatal(err)
				}
				for search, share := range []int64{3, memorySize(row[0].(string)) / 1_000_000} {
					set(t, &copyShare, share)
					r := page.Request{Frame: shown.Ref, Limit: 300, Sort: []page.Sort{{Column: 1}}, Search: fmt.Sprint(search)}
					if _, _, err := sp.Page(ctx, r); err != nil {
						t.Fatal(err)
					}
					gathered(sp)
				}
				sp.mu.Lock()
				var have []bool
				for _, m := range sp.perms {
					have = append(have, m.copied != "")
				}
				sp.mu.Unlock()
				if !reflect.DeepEqual(have, []bool{false, true, true}) {
					t.Errorf("copied are %v", have)
				}
			}
			forgetPasses(sp)
			row, err := c.Row(ctx, "SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'b\\_%' ESCAPE '\\' OR table_name LIKE 'p\\_%' ESCAPE '\\'")
			if err != nil || row[0] != int64(0) {
				t.Errorf("%v tables are left, %v", row, err)
			}
		})
	}
}

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
// it stand in a table of their own, also when only some of these may be kept.
func TestBlocks(t *testing.T) {
	const n = 20_000
	for name, kept := range map[string]int64{"all are kept": 1 << 20, "two are kept": 3 * 2048 * 2} {
		t.Run(name, func(t *testing.T) {
			set(t, &directRows, 1000)
			set(t, &blockCells, 2*2048)
			set(t, &maxKeptCells, kept)
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
			sp.mu.Unlock()
			if cells > kept || blocks == 0 || name == "all are kept" && blocks != 10 {
				t.Errorf("%d blocks of %d cells are kept", blocks, cells)
			}
			c, _ := sp.Conn(ctx)
			forgetPasses(sp)
			row, err := c.Row(ctx, "SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'b\\_%' ESCAPE '\\' OR table_name LIKE 'p\\_%' ESCAPE '\\'")
			if err != nil || row[0] != int64(0) {
				t.Errorf("%v tables are left, %v", row, err)
			}
		})
	}
}

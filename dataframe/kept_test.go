package dataframe

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"stnb.dev/dataframe/page"
)

// TestKeptEdits: order, filters, search and downloads go by the edits of a table,
// however many these are; without the edits that a request names it is refused.
func TestKeptEdits(t *testing.T) {
	const n, edited, deleted = 50_000, 20_000, 10_000
	ctx := context.Background()
	sp := space(t)
	shown, err := sp.Pin(sp.SQL(fmt.Sprintf("SELECT range AS id, 'row ' || range AS name FROM range(%d)", n)), "editor")
	if err != nil {
		t.Fatal(err)
	}
	// The last rows come first by their new numbers; the first rows go.
	leave := func(name string, e page.Edits) {
		t.Helper()
		e.Kept = []string{name}
		if _, _, err := sp.Page(ctx, page.Request{Frame: shown.Ref, Format: "edits", Edits: &e}); err != nil {
			t.Fatal(err)
		}
	}
	for part := range 4 {
		var cells []page.Cell
		for i := part * edited / 4; i < (part+1)*edited/4; i++ {
			text := fmt.Sprint(-1 - i)
			cells = append(cells, page.Cell{Row: int64(n - 1 - i), Column: 0, Value: &text})
		}
		leave("cells", page.Edits{Cells: cells})
	}
	var gone []int64
	for i := range int64(deleted) {
		gone = append(gone, i)
	}
	leave("deleted", page.Edits{Deleted: gone})
	leave("null", page.Edits{Cells: []page.Cell{{Row: 12_345, Column: 1}}})
	names := &page.Edits{Kept: []string{"cells", "deleted", "null"}}
	for what, x := range map[string]struct {
		r     page.Request
		total int64
		first string
	}{
		"sorted":       {page.Request{Sort: []page.Sort{{Column: 0}}}, n - deleted, fmt.Sprintf("[%d row %d]", n-edited, n-edited)},
		"sorted down":  {page.Request{Sort: []page.Sort{{Column: 0, Desc: true}}}, n - deleted, fmt.Sprintf("[%d row %[1]d]", n-edited-1)},
		"filtered":     {page.Request{Filters: []page.Filter{{Column: 0, Op: "lt", Values: []string{"0"}}}}, edited, fmt.Sprintf("[%d row %[1]d]", n-edited)},
		"searched":     {page.Request{Search: "-19999"}, 1, fmt.Sprintf("[%d row %[1]d]", n-19_999)},
		"without rows": {page.Request{}, n - deleted, fmt.Sprintf("[%d row %[1]d]", deleted)},
		"emptied":      {page.Request{Filters: []page.Filter{{Column: 1, Op: "null"}}}, 1, "[12345 row 12345]"},
	} {
		x.r.Frame, x.r.Limit, x.r.Edits = shown.Ref, 1, names
		reply, blob, err := sp.Page(ctx, x.r)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		if got := fmt.Sprint(rowsOf(t, blob)[0]); reply.Total != x.total || got != x.first {
			t.Errorf("%s: %d rows, the first is %s", what, reply.Total, got)
		}
	}
	r := page.Request{Frame: shown.Ref, Format: "csv", Sort: []page.Sort{{Column: 0}}, Edits: names}
	if _, blob, err := sp.Page(ctx, r); err != nil || !strings.Contains(string(blob), fmt.Sprintf("\r\n-20000,row %d\r\n", n-edited)) || strings.Count(string(blob), "\n") != n-deleted+1 {
		t.Errorf("CSV has %d lines, %v", strings.Count(string(blob), "\n"), err)
	}
	r = page.Request{Frame: shown.Ref, Limit: 1, Edits: &page.Edits{Kept: []string{"never left"}}}
	if _, _, err := sp.Page(ctx, r); err != errEditsGone {
		t.Errorf("edits that were never left: %v", err)
	}
	for i := range maxKept { // the oldest go, the ones in use stay
		leave(fmt.Sprint("other ", i), page.Edits{Deleted: []int64{1}})
	}
	if _, _, err := sp.Page(ctx, page.Request{Frame: shown.Ref, Limit: 1, Edits: names}); err != errEditsGone {
		t.Errorf("the oldest are kept: %v", err)
	}
}

package dataframe

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"stnb.dev/dataframe/page"
)

// TestFind: rows are found by their numbers and by their places, as spans, under
// any order and filter.
func TestFind(t *testing.T) {
	ctx := context.Background()
	sp := space(t)
	shown, err := sp.Pin(sp.SQL("SELECT range AS id, range % 2 AS odd FROM range(100000)"), "grid")
	if err != nil {
		t.Fatal(err)
	}
	odd := []page.Sort{{Column: 1, Desc: true}} // 1 3 5 ... 0 2 4 ...
	small := []page.Filter{{Column: 0, Op: "lt", Values: []string{"10"}}}
	for _, x := range []struct {
		name string
		r    page.Request
		want string
	}{
		{"numbers, as they stand", page.Request{Find: []page.Span{{5, 8}, {99_999, 200_000}}}, "[[5 8] [99999 100000]]"},
		{"places, as they stand", page.Request{Numbers: []page.Span{{-3, 2}}}, "[[0 2]]"},
		{"numbers, sorted", page.Request{Sort: odd, Find: []page.Span{{0, 6}}}, "[[0 3] [50000 50003]]"},
		{"places, sorted", page.Request{Sort: odd, Numbers: []page.Span{{0, 3}, {50_000, 50_001}}}, "[[0 2] [3 4] [5 6]]"},
		{"all places, sorted", page.Request{Sort: odd, Numbers: []page.Span{{0, 100_000}}}, "[[0 100000]]"},
		{"numbers, filtered", page.Request{Filters: small, Find: []page.Span{{8, 50}}}, "[[8 10]]"},
		{"places, filtered", page.Request{Filters: small, Numbers: []page.Span{{9, 50}}}, "[[9 10]]"},
		{"what is not there", page.Request{Filters: small, Find: []page.Span{{20, 30}}}, "[]"},
	} {
		x.r.Frame = shown.Ref
		_, blob, err := sp.Page(ctx, x.r)
		if err != nil {
			t.Errorf("%s: %v", x.name, err)
			continue
		}
		if got := fmt.Sprint(rowsOf(t, blob)); got != x.want {
			t.Errorf("%s: %s, not %s", x.name, got, x.want)
		}
	}
}

// TestFilterMisfits: a value that its column cannot have is named, with the column.
func TestFilterMisfits(t *testing.T) {
	sp := space(t)
	shown, err := sp.Pin(sp.SQL("SELECT range AS id, 'SECRET' AS name FROM range(10)"), "grid")
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = sp.Page(context.Background(), page.Request{Frame: shown.Ref, Filters: []page.Filter{
		{Column: 1, Op: "contains", Values: []string{"secret"}}, {Column: 0, Op: "ge", Values: []string{"many"}},
	}})
	if told, ok := errors.AsType[page.Error](err); !ok || told != `"many" does not fit the column "id", whose type is BIGINT` {
		t.Errorf("%#v", err)
	}
}

package dataframe

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"stnb.dev/dataframe/page"
)

// FuzzGrid: no request of a grid changes what is shown, and none takes the
// database down.
func FuzzGrid(f *testing.F) {
	for _, seed := range []string{
		`{"offset":0,"limit":10}`, `{"offset":0,"limit":10,"sort":[{"column":0,"desc":true}]}`, `{"limit":5,"search":"'; DROP TABLE x; --"}`,
		`{"limit":5,"filters":[{"column":1,"op":"eq","values":["1' OR '1'='1"]}]}`, `{"limit":5,"filters":[{"column":0,"op":"in","values":["a","\""]}]}`,
		`{"limit":5,"filters":[{"column":0,"op":"contains","values":["%"]}],"columns":[1,0]}`, `{"summary":[0,1,2]}`, `{"format":"csv","limit":1}`,
		`{"offset":-1,"limit":-1}`, `{"offset":9223372036854775807,"limit":10000}`, `{"columns":[]}`, `{"columns":[0,0,0]}`, `{"format":"parquet"}`,
		`{"filters":[{"column":2,"op":"lt","values":["2020-99-99"]}]}`, `{"filters":[{"column":1,"op":"null"}]}`,
	} {
		f.Add([]byte(seed))
	}
	sp := space(f)
	q, err := sp.Query(`SELECT * FROM (VALUES ('a', 1, DATE '2020-01-01'), ('b"', 2, NULL), (NULL, 3, DATE '2021-01-01')) t("x; DROP TABLE t", "1=1", "d")`)
	if err != nil {
		f.Fatal(err)
	}
	shown, err := sp.Pin(q, "fuzz")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var r page.Request
		if len(data) > 4096 || json.Unmarshal(data, &r) != nil {
			return
		}
		r.Frame = shown.Ref
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		reply, _, err := sp.Page(ctx, r)
		if err == nil && (reply.Rows < 0 || reply.Rows > 3 || reply.Total > 3) {
			t.Errorf("%s: %+v", data, reply)
		}
		after, _, err := sp.Page(ctx, page.Request{Frame: shown.Ref, Limit: 10})
		if err != nil || after.Total != 3 || after.Rows != 3 {
			t.Fatalf("after %s: %+v, %v", data, after, err)
		}
	})
}

package dataframe

import (
	"context"
	"encoding/json"
	"fmt"

	"stnb.dev/dataframe/page"
)

// maxSpans bounds the spans of an answer: rows chosen one by one under another order.
const maxSpans = 1 << 20

// find answers Find and Numbers. It never keeps a window waiting: many rows take a
// pass over their order.
func (sp *Space) find(ctx context.Context, p *pin, m *perm, r page.Request) ([]byte, error) {
	spans, from, to, size := r.Find, "rid", "rowid", p.rows
	if len(r.Numbers) > 0 {
		if len(r.Find) > 0 {
			return nil, fmt.Errorf("either numbers or places are looked for")
		}
		spans, from, to = r.Numbers, "rowid", "rid"
		if m != nil {
			size = m.total
		}
	}
	for i := range spans {
		spans[i] = page.Span{max(spans[i][0], 0), min(spans[i][1], size)}
	}
	var out [][]any
	if m == nil {
		for _, s := range spans {
			if s[0] < s[1] {
				out = append(out, []any{s[0], s[1]})
			}
		}
		return encodeArrow(spanColumns, out)
	}
	c, err := sp.passConn(ctx)
	if err != nil {
		return nil, err
	}
	raw, _ := json.Marshal(spans)
	// Numbers that follow each other less their own number in order are the same.
	q := fmt.Sprintf(`SELECT min(n), max(n) + 1 FROM (SELECT n, n - row_number() OVER (ORDER BY n) AS island FROM
(SELECT m.%s AS n FROM %s AS m JOIN (SELECT s[1] AS lo, s[2] AS hi FROM (SELECT unnest(from_json(CAST($1 AS JSON), '[["BIGINT"]]')) AS s)) AS s ON m.%s >= s.lo AND m.%[3]s < s.hi))
GROUP BY island ORDER BY 1 LIMIT %d`, to, m.table, from, maxSpans+1)
	_, err = c.Query(ctx, q, []any{string(raw)}, func(row []any) error {
		out = append(out, append([]any(nil), row...))
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(out) > maxSpans {
		return nil, page.Error(fmt.Sprintf("the chosen rows stand in more than %d places: choose fewer, or all", maxSpans))
	}
	return encodeArrow(spanColumns, out)
}

var spanColumns = []Column{{Name: "from", Kind: "int"}, {Name: "to", Kind: "int"}}

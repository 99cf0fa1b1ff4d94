package dataframe

import (
	"context"
	"fmt"

	"stnb.dev/dataframe/page"
	"stnb.dev/duckconn"
)

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
		row, err := c.Row(ctx, "SELECT count(*) - count("+name+"), "+distinct+", CAST(min("+name+") AS VARCHAR), CAST(max("+name+") AS VARCHAR) FROM "+p.rel)
		if err != nil {
			return nil, fmt.Errorf("column %q: %w", col.Name, err)
		}
		s := page.Summary{Column: i, Type: col.Type, Min: duckconn.Text(row[2]), Max: duckconn.Text(row[3])}
		s.Nulls, _ = row[0].(int64)
		s.Distinct, _ = row[1].(int64)
		s.Distinct = min(s.Distinct, p.rows-s.Nulls) // an estimate may go beyond
		switch col.Kind {
		case "int", "float", "decimal":
			s.Bins, err = bins(ctx, c, p.rel, "CAST("+name+" AS DOUBLE)", "CAST(%s AS VARCHAR)")
		case "date", "datetime":
			s.Bins, err = bins(ctx, c, p.rel, "CAST(epoch_ms(CAST("+name+" AS TIMESTAMP)) AS DOUBLE)", "CAST(make_timestamp(CAST(%s * 1000 AS BIGINT)) AS VARCHAR)")
		default:
			var rows [][]any
			_, rows, err = c.All(ctx, "SELECT CAST("+name+" AS VARCHAR) FROM "+p.rel+" WHERE "+name+" IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 10")
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

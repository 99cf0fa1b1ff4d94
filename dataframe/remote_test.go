package dataframe

import (
	"context"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"stnb.dev/duckconn"
)

// counted is a connection that knows how many rows came over it.
type counted struct {
	*duckconn.SQL
	rows int
}

func (c *counted) Query(ctx context.Context, query string, args []any, each func(row []any) error) ([]duckconn.Column, error) {
	return c.SQL.Query(ctx, query, args, func(row []any) error {
		if row != nil {
			c.rows++
		}
		return each(row)
	})
}

// TestRemoteVerbs: a verb on another engine's frame yields what it yields in DuckDB,
// and no row more comes over the connection than the result has.
func TestRemoteVerbs(t *testing.T) {
	sql, err := duckconn.NewSQL("c", duckconn.Settings{URL: "sqlite:///t.db"}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	remoteVerbs(t, sql)
}

// The same on real servers, where their addresses are given.
func TestServers(t *testing.T) {
	for _, env := range []string{"STNB_TEST_POSTGRES", "STNB_TEST_MYSQL"} {
		url := os.Getenv(env)
		if url == "" {
			t.Logf("%s is not set: this server is not tried", env)
			continue
		}
		t.Run(env, func(t *testing.T) {
			sql, err := duckconn.NewSQL("c", duckconn.Settings{URL: url}, "")
			if err != nil {
				t.Fatal(err)
			}
			remoteVerbs(t, sql)
		})
	}
}

func remoteVerbs(t *testing.T, sql *duckconn.SQL) {
	defer sql.Close()
	sp := space(t)
	c, err := sp.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var rows, owners []string
	for i := range 300 {
		rows = append(rows, fmt.Sprintf("(%d, 'kind %d', %d)", i, i%7, i*37%100))
	}
	for i := range 5 {
		owners = append(owners, fmt.Sprintf("('kind %d', 'owner %d')", i, i))
	}
	make := []string{
		"DROP TABLE IF EXISTS verb_pets", "DROP TABLE IF EXISTS verb_owners",
		"CREATE TABLE verb_pets (id INTEGER, kind VARCHAR(20), age INTEGER)", "INSERT INTO verb_pets VALUES " + strings.Join(rows, ", "),
		"CREATE TABLE verb_owners (kind VARCHAR(20), owner VARCHAR(20))", "INSERT INTO verb_owners VALUES " + strings.Join(owners, ", "),
	}
	for _, q := range make {
		if _, err := c.Exec(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	err = sql.Session(t.Context(), func(s *duckconn.Tx) error {
		for _, q := range make {
			if _, err := s.Exec(q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	link := &counted{SQL: sql}
	there := func(q string, args ...any) *Frame { return sp.RemoteQuery(link, q, args...) }
	here := func(q string, args ...any) *Frame { return sp.SQL(q, args...) }
	type source func(q string, args ...any) *Frame
	const pets = "SELECT * FROM verb_pets"
	for name, verb := range map[string]struct {
		of      func(q source) *Frame
		fetches bool // its rows are fetched first
	}{
		"filter":         {of: func(q source) *Frame { return q(pets).Filter("age > $1 and kind <> $2", 90, "kind 1").Sort("id") }},
		"filter twice":   {of: func(q source) *Frame { return q(pets+" WHERE id < $1", 100).Filter("age > $1", 80).Sort("id") }},
		"select":         {of: func(q source) *Frame { return q(pets).Select("age", "id * 2 AS twice").Sort("age", "twice").Limit(9) }},
		"with":           {of: func(q source) *Frame { return q(pets).With("older", "age + $1", 5).Filter("older > 100").Sort("id") }},
		"group":          {of: func(q source) *Frame { return q(pets).GroupBy("kind").Agg("count(*) AS n", "max(age) AS oldest") }},
		"largest groups": {of: func(q source) *Frame { return q(pets).GroupBy("kind").Agg("count(*) AS n").Limit(2) }},
		"all rows":       {of: func(q source) *Frame { return q(pets).Agg("count(*) AS n", "min(id) AS least") }},
		"sort and cut":   {of: func(q source) *Frame { return q(pets).Sort("age DESC", "id").Limit(4) }},
		"sort, filter, cut": {of: func(q source) *Frame {
			return q(pets).Sort("age DESC", "id").Filter("kind = 'kind 3'").Offset(2).Limit(4)
		}},
		"cut twice": {of: func(q source) *Frame { return q(pets).Sort("age DESC", "id").Limit(9).Offset(3).Filter("id > 20") }},
		"distinct":  {of: func(q source) *Frame { return q(pets).Select("kind").Distinct().Sort("kind") }},
		"inner join": {of: func(q source) *Frame {
			return q(pets).Join(q("SELECT * FROM verb_owners"), "inner", "kind").Filter("age > 95").Sort("id")
		}},
		"left join": {of: func(q source) *Frame {
			return q(pets).Filter("age > 95").Join(q("SELECT * FROM verb_owners WHERE owner <> $1", "owner 2"), "left", "kind").Sort("id")
		}},
		"semi join": {of: func(q source) *Frame {
			return q(pets).Filter("age > $1", 95).Join(q("SELECT * FROM verb_owners WHERE owner <> $1", "owner 2"), "semi", "kind").Sort("id")
		}},
		"anti join": {of: func(q source) *Frame {
			return q(pets).Filter("age > 90").Join(q("SELECT * FROM verb_owners"), "anti", "kind").Sort("id")
		}},
		"full join": {of: func(q source) *Frame {
			return q("SELECT kind FROM verb_pets WHERE id < 3").Join(q("SELECT * FROM verb_owners"), "full", "kind").Sort("owner")
		}, fetches: sql.Dialect() == "mysql"},
		"union": {of: func(q source) *Frame {
			return q("SELECT id, kind FROM verb_pets").Filter("id < 3").Union(q("SELECT owner, kind FROM verb_owners")).Sort("kind", "coalesce(id, -1)").Limit(6)
		}},
		"sql": {of: func(q source) *Frame {
			return q(pets).SQL("SELECT kind, max(id) AS last FROM this WHERE age > $1 GROUP BY kind ORDER BY kind", 50)
		}},
		"pivot": {of: func(q source) *Frame {
			return q("SELECT kind, age / 50 AS half, id FROM verb_pets WHERE id < 40").Pivot("kind", "count(*)")
		}, fetches: true},
		"describe": {of: func(q source) *Frame {
			return q("SELECT id FROM verb_pets").Describe().Select("column_name", `"min"`, `"max"`)
		}, fetches: true},
		"other engine": {of: func(q source) *Frame {
			return q(pets).Join(here("SELECT * FROM verb_owners"), "semi", "kind").Filter("age > 95").Sort("id")
		}, fetches: true},
	} {
		t.Run(name, func(t *testing.T) {
			text := func(f *Frame) (string, int) {
				var out strings.Builder
				n := 0
				err := f.Each(func(row []any) error {
					n++
					for _, v := range row {
						out.WriteString(duckconn.Text(v) + ",")
					}
					out.WriteByte('\n')
					return nil
				})
				if err != nil {
					t.Fatalf("%v\n%s", err, f.Explain())
				}
				return out.String(), n
			}
			want, n := text(verb.of(here))
			link.rows = 0
			got, _ := text(verb.of(there))
			if got != want && name != "full join" || len(got) != len(want) {
				t.Errorf("got\n%swant\n%s%s", got, want, verb.of(there).Explain())
			}
			if n == 0 {
				t.Error("the test compares nothing with nothing")
			}
			if !verb.fetches && link.rows > n {
				t.Errorf("%d rows came for a result of %d: the work was not done there", link.rows, n)
			}
		})
	}
	link.rows = 0
	if n, err := there(pets).Filter("age > 50").Count(); err != nil || n == 0 || link.rows > 1 {
		t.Errorf("a count of %d, %v, brought %d rows", n, err, link.rows)
	}

	// What needs words of its own in each engine, over more rows than may come.
	day := "CAST('2020-01-01' AS DATE)"
	if sql.Dialect() == "sqlite" {
		day = "'2020-01-01'" // it has no dates
	}
	many := "WITH d(x) AS (SELECT 0"
	for i := 1; i < 10; i++ {
		many += fmt.Sprint(" UNION ALL SELECT ", i)
	}
	many += "), n(i) AS (SELECT a.x * 10000 + b.x * 1000 + c.x * 100 + e.x * 10 + f.x FROM d AS a, d AS b, d AS c, d AS e, d AS f WHERE a.x < 2) " +
		"SELECT i, i % 7 AS kind, " + day + " AS day, CASE WHEN i % 10 > 0 THEN 'a text' END AS note FROM n"
	ids := func(f *Frame) (ids []int) {
		if err := f.Select("i").Collect(&ids); err != nil {
			t.Fatal(err)
		}
		return ids
	}
	link.rows = 0
	sample := ids(there(many).Sample(50))
	slices.Sort(sample)
	if distinct := slices.Compact(slices.Clone(sample)); len(distinct) != 50 || link.rows > 50 || sample[10] < 500 || sample[10] > 10_000 {
		t.Errorf("a sample of %d rows, for which %d came: %v", len(distinct), link.rows, sample)
	}
	again := ids(there(many).Sample(50))
	slices.Sort(again)
	if !slices.Equal(sample, again) {
		t.Errorf("another sample the second time: %v, %v", sample, again)
	}
	kinds, err := there(many).Select("kind").Sample(200).Distinct().Count()
	if err != nil || kinds != 7 {
		t.Errorf("a sample of rows that are equal to many has %d kinds, %v", kinds, err)
	}

	link.rows = 0
	about, err := there(many).Describe().Rows()
	if err != nil || link.rows > 1010 || len(about) != 4 {
		t.Fatalf("%d rows came for %v, %v", link.rows, about, err)
	}
	for i, want := range []map[string]any{
		{"column_name": "i", "min": "0", "max": "19999", "approx_unique": int64(20000), "avg": "9999.5", "q25": "5000", "q50": "10000", "q75": "14999", "count": int64(20000), "null_percentage": duckconn.Decimal("0.00")},
		{"column_name": "kind", "min": "0", "max": "6", "approx_unique": int64(7), "q50": "3"},
		{"column_name": "day", "approx_unique": int64(1), "avg": nil},
		{"column_name": "note", "min": "a text", "approx_unique": int64(1), "count": int64(20000), "null_percentage": duckconn.Decimal("10.00"), "q50": nil},
	} {
		for name, v := range want {
			if about[i][name] != v {
				t.Errorf("%s of %s is %#v, not %#v", name, want["column_name"], about[i][name], v)
			}
		}
	}
	if std, _ := strconv.ParseFloat(fmt.Sprint(about[0]["std"]), 64); math.Abs(std-5773.6467) > 0.001 {
		t.Errorf("the deviation is %v", about[0]["std"])
	}

	link.rows = 0
	pivot, err := there(many).Pivot("kind", "max(i)", "note").Rows()
	if err != nil || len(pivot) != 2 || link.rows > 20 || duckconn.Text(pivot[0]["6"]) == "" {
		t.Errorf("%d rows came for %v, %v", link.rows, pivot, err)
	}
	for _, kind := range []string{"line", "scatter"} {
		link.rows = 0
		p, err := there(many).Plot(PlotOptions{X: "i", Y: []string{"kind"}, Color: "note", Kind: kind})
		if err != nil || p.Sampled != 20_000 || len(p.Series) != 2 || len(p.X) < 500 || len(p.X) > 2500 || link.rows > maxPoints+1+len(p.X)+2 {
			t.Errorf("%s: %d points of %d in %d series, for which %d rows came, %v", kind, len(p.X), p.Sampled, len(p.Series), link.rows, err)
		}
	}
	if p, err := there("SELECT day, i FROM (" + many + ") AS t").Plot(PlotOptions{X: "day", Kind: "line"}); err != nil || len(p.Series) != 1 {
		t.Error(p, err)
	}
}

package dataframe

import (
	"context"
	"fmt"
	"os"
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
}

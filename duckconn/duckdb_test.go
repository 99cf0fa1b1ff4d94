package duckconn

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

func open(t *testing.T, cfg Config) *Conn {
	t.Helper()
	ctx := context.Background()
	db, err := Open(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	c, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(); db.Close() })
	return c
}

func TestPlainValues(t *testing.T) {
	c := open(t, Config{})
	cases := []struct{ sql, want string }{
		{"NULL", ""},
		{"true", "true"},
		{"42::TINYINT", "42"},
		{"18446744073709551615::UBIGINT", "18446744073709551615"},
		{"170141183460469231731687303715884105727::HUGEINT", "170141183460469231731687303715884105727"},
		{"-12.50::DECIMAL(9,2)", "-12.50"},
		{"0.05::DECIMAL(9,2)", "0.05"},
		{"1.5::FLOAT", "1.5"},
		{"'NaN'::DOUBLE", "NaN"},
		{"'-inf'::DOUBLE", "-Inf"},
		{"'it''s'", "it's"},
		{"DATE '1815-12-10'", "1815-12-10"},
		{"TIMESTAMP '1969-07-20 20:17:40.5'", "1969-07-20 20:17:40.5"},
		{"TIME '13:05:09'", "13:05:09"},
		{"INTERVAL '1 year 2 days 3 seconds'", "1 year 2 days 3s"},
		{"'ab'::BLOB", `\x6162`},
		{"[1, NULL, 3]", "[1, null, 3]"},
		{"{'b': 1, 'a': 'x'}", "{b: 1, a: x}"},
		{"MAP {'k': 2}", "{k: 2}"},
		{"'00000000-0000-0000-0000-0000000000ff'::UUID", "00000000-0000-0000-0000-0000000000ff"},
		{"'a'::ENUM('a','b')", "a"},
		{"'101'::BIT", "101"},
	}
	for _, tc := range cases {
		row, err := c.Row(context.Background(), "SELECT "+tc.sql)
		if err != nil {
			t.Errorf("%s: %v", tc.sql, err)
			continue
		}
		if got := Text(row[0]); got != tc.want {
			t.Errorf("%s: got %q (%T), want %q", tc.sql, got, row[0], tc.want)
		}
	}
}

func TestAppend(t *testing.T) {
	c := open(t, Config{})
	ctx := context.Background()
	if _, err := c.Exec(ctx, "CREATE TABLE t (a BIGINT, b VARCHAR, c DOUBLE[], d TIMESTAMP)"); err != nil {
		t.Fatal(err)
	}
	n := 0
	err := c.Append(ctx, "main", "t", func() []any {
		if n == 5000 {
			return nil
		}
		n++
		if n%2 == 0 {
			return []any{int64(n), nil, nil, nil}
		}
		return []any{int64(n), fmt.Sprint(n), []any{1.5, 2.5}, time.Unix(0, 0)}
	})
	if err != nil {
		t.Fatal(err)
	}
	row, err := c.Row(ctx, "SELECT count(*), count(b), sum(a), sum(c[2]) FROM t")
	if err != nil || Text(row) != "" && fmt.Sprint(row) != "[5000 2500 12502500 6250]" {
		t.Fatal(row, err)
	}
}

func TestCancel(t *testing.T) {
	c := open(t, Config{})
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	_, err := c.Row(ctx, "SELECT count(*) FROM range(100000000000) a WHERE a.range % 7 = 3")
	if !errors.Is(err, context.DeadlineExceeded) && (err == nil || !strings.Contains(err.Error(), "INTERRUPT")) {
		t.Fatalf("err = %v", err)
	}
	if _, err := c.Row(context.Background(), "SELECT 1"); err != nil {
		t.Fatalf("the connection is lost after a cancel: %v", err)
	}
}

func TestLocked(t *testing.T) {
	c := open(t, Config{Locked: true, MemoryLimit: "500MB"})
	for _, q := range []string{
		"SELECT * FROM read_text('/proc/self/environ')", "SELECT * FROM glob('/*')", "COPY (SELECT 1) TO '/tmp/x.csv'",
		"ATTACH '/tmp/x.db'", "SET memory_limit='9GB'", "INSTALL httpfs", "LOAD httpfs", "SELECT * FROM '/etc/passwd'",
	} {
		if _, err := c.Exec(context.Background(), q); err == nil {
			t.Errorf("%s: allowed on a locked instance", q)
		}
	}
}

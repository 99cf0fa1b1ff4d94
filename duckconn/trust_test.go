package duckconn

import (
	"context"
	"testing"
	"time"
)

// The tries of the trust list that end at the database: SQL of visitors runs on a
// locked instance, and no query takes more than it is given.
func TestTrust(t *testing.T) {
	t.Run("T41", TestLocked)
	t.Run("T42", func(t *testing.T) {
		c := open(t, Config{Locked: true, MemoryLimit: "200MB", Threads: 1})
		for _, q := range []string{
			"SELECT count(*) FROM range(1000000000) a, range(1000000000) b",
			"WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r",
			"SELECT len(list(x)) FROM range(2000000000) t(x)",
			"SELECT count(*) FROM range(100000000) t(x) WHERE regexp_matches(repeat('a', 200) || x, '(a|aa)+$b')",
		} {
			ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
			_, err := c.Row(ctx, q)
			cancel()
			if err == nil {
				t.Errorf("%s: ended", q)
			}
		}
		// The connection, and others of the instance, go on.
		if row, err := c.Row(context.Background(), "SELECT 1"); err != nil || row[0] != int64(1) {
			t.Error(row, err)
		}
	})
}

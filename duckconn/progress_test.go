package duckconn

import (
	"context"
	"runtime"
	"testing"
)

// TestProgress: how far a query is can be told while it runs, and only then. The
// driver keeps the connection that must be asked in a field of its own: this test is
// what notices when it does so elsewhere.
func TestProgress(t *testing.T) {
	c := open(t, Config{Threads: 1})
	if _, ok := c.Progress(); ok {
		t.Error("nobody watches, and there is a progress")
	}
	c.WatchProgress()
	c.WatchProgress()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if _, err := c.Exec(ctx, "CREATE TABLE t AS SELECT range AS n FROM range(1000000)"); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := c.Exec(ctx, "CREATE TABLE u AS SELECT md5(md5(md5(md5(md5(md5(CAST(n AS VARCHAR))))))) AS m FROM t")
		done <- err
	}()
	seen := false
	for !seen {
		select {
		case err := <-done:
			t.Fatal("the query ended and no progress was seen: ", err)
		default:
		}
		part, ok := c.Progress()
		if part < 0 || part > 1 {
			t.Fatal(part)
		}
		seen = ok && part > 0
		runtime.Gosched()
	}
	cancel()
	<-done
	c.Close()
	if _, ok := c.Progress(); ok {
		t.Error("a closed connection has a progress")
	}
}

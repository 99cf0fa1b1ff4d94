package duckconn

import (
	"context"
	"database/sql"
	"reflect"

	bindings "github.com/duckdb/duckdb-go-bindings"
)

// handle is DuckDB's own connection under a driver's, which does not hand it out:
// database/sql waits for a running query before it gives the driver's connection, and
// the progress is wanted meanwhile. ok is false when the driver keeps it elsewhere.
func handle(c *sql.Conn) (h bindings.Connection, ok bool) {
	_ = c.Raw(func(raw any) error {
		v := reflect.ValueOf(raw)
		if v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.Struct {
			return nil
		}
		f := v.Elem().FieldByName("conn")
		if f.Kind() == reflect.Struct && f.Type() == reflect.TypeFor[bindings.Connection]() {
			h.Ptr = f.FieldByName("Ptr").UnsafePointer()
			ok = h.Ptr != nil
		}
		return nil
	})
	return h, ok
}

// WatchProgress makes Progress tell how far the connection's queries are, from the
// next one on. A second call does nothing.
func (c *Conn) WatchProgress() {
	c.watching.Do(func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		h, ok := handle(c.c)
		if !ok {
			return
		}
		for _, set := range []string{"SET enable_progress_bar=true", "SET enable_progress_bar_print=false"} {
			if _, err := c.c.ExecContext(context.Background(), set); err != nil {
				return // a locked instance takes no settings
			}
		}
		c.watch.Lock()
		defer c.watch.Unlock()
		c.handle, c.watched = h, true
	})
}

// Progress is how much of the running query is done, from 0 to 1; ok is false when
// nobody can say. It does not wait for the query.
func (c *Conn) Progress() (part float64, ok bool) {
	c.watch.Lock()
	defer c.watch.Unlock()
	if !c.watched {
		return 0, false
	}
	p := bindings.QueryProgress(c.handle)
	percent, _, _ := bindings.QueryProgressTypeMembers(&p)
	if !(percent >= 0) { // -1: it does not know
		return 0, false
	}
	return min(percent/100, 1), true
}

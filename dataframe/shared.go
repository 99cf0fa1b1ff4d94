package dataframe

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"sync"

	"stnb.dev/duckconn"
)

// Shared keeps the contents of files that several runs and sessions read: a rerun
// app reads the same CSV or JSON again and again, and parsing it costs more than
// anything done with it. A file that changed is read anew.
type Shared struct {
	open func(ctx context.Context) (*duckconn.DB, error)

	mu     sync.Mutex
	conn   *duckconn.Conn
	schema string
	tables map[string]*sharedTable
	clock  int64
}

type sharedTable struct {
	done chan struct{}
	err  error
	used int64
}

const (
	maxSharedFile   = 64 << 20 // bytes of a file that is kept; larger ones are read in place
	maxSharedTables = 64
)

// NewShared returns an empty one for an instance.
func NewShared(open func(ctx context.Context) (*duckconn.DB, error)) *Shared {
	return &Shared{open: open, schema: fmt.Sprintf("stnb_files_%d", schemas.Add(1)), tables: map[string]*sharedTable{}}
}

// file returns what stands for a file read by fn ("read_csv", "read_json"), nil
// when the file is not to be kept.
func (sh *Shared) file(fn, path string) *local {
	if sh == nil || strings.ContainsAny(path, "*?[") {
		return nil
	}
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxSharedFile {
		return nil
	}
	h := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d\x00%d", fn, path, info.Size(), info.ModTime().UnixNano()))
	return &local{name: "r_" + hex.EncodeToString(h[:12]), file: "SELECT * FROM " + fn + "(" + duckconn.Literal(path) + ")", shared: sh}
}

// ensure reads the file, unless it is there.
func (sh *Shared) ensure(ctx context.Context, l *local) error {
	for {
		sh.mu.Lock()
		sh.clock++
		t := sh.tables[l.name]
		if t != nil {
			t.used = sh.clock
			sh.mu.Unlock()
			select {
			case <-t.done:
			case <-ctx.Done():
				return ctx.Err()
			}
			if t.err == nil {
				return nil
			}
			sh.mu.Lock()
			if sh.tables[l.name] == t {
				delete(sh.tables, l.name) // that reader failed, or was stopped: try it
			}
			sh.mu.Unlock()
			if ctx.Err() != nil {
				return ctx.Err()
			}
			continue
		}
		t = &sharedTable{done: make(chan struct{}), used: sh.clock}
		sh.tables[l.name] = t
		sh.mu.Unlock()
		t.err = sh.read(ctx, l)
		close(t.done)
		if t.err != nil {
			sh.mu.Lock()
			delete(sh.tables, l.name)
			sh.mu.Unlock()
		}
		return t.err
	}
}

func (sh *Shared) read(ctx context.Context, l *local) error {
	db, err := sh.open(ctx)
	if err != nil {
		return err
	}
	// A connection of its own: readers of different files do not wait for each
	// other, nor for the scripts' queries.
	c, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	sh.mu.Lock()
	first := sh.conn == nil
	if first {
		if keep, err := db.Conn(ctx); err == nil {
			sh.conn = keep
		}
		_, err = c.Exec(ctx, "CREATE SCHEMA IF NOT EXISTS "+duckconn.Quote(sh.schema))
	}
	old := sh.evict()
	sh.mu.Unlock()
	if err != nil {
		return err
	}
	for _, name := range old {
		_, _ = c.Exec(ctx, "DROP TABLE IF EXISTS "+duckconn.Quote(sh.schema)+"."+duckconn.Quote(name))
	}
	_, err = c.Exec(ctx, "CREATE OR REPLACE TABLE "+sh.table(l)+" AS "+l.file)
	return err
}

// evict picks what was not used for longest when there are too many.
func (sh *Shared) evict() []string {
	var out []string
	for len(sh.tables) > maxSharedTables {
		oldest := ""
		for name, t := range sh.tables {
			if oldest == "" || t.used < sh.tables[oldest].used {
				oldest = name
			}
		}
		delete(sh.tables, oldest)
		out = append(out, oldest)
	}
	return out
}

func (sh *Shared) table(l *local) string {
	return duckconn.Quote(sh.schema) + "." + duckconn.Quote(l.name)
}

// Close drops what is kept.
func (sh *Shared) Close() {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if sh.conn != nil {
		_, _ = sh.conn.Exec(context.Background(), "DROP SCHEMA IF EXISTS "+duckconn.Quote(sh.schema)+" CASCADE")
		sh.conn.Close()
		sh.conn = nil
	}
	clear(sh.tables)
}

// Package duckconn is the connections: DuckDB, in which frames live, and the other
// SQL databases. It is the only package that imports drivers; nothing of a
// driver's types leaves it. Values come out as the plain Go types that Plain
// lists.
package duckconn

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"sync"

	bindings "github.com/duckdb/duckdb-go-bindings"
	duckdb "github.com/duckdb/duckdb-go/v2"
)

// Config opens a DuckDB instance. Empty fields keep DuckDB's defaults.
type Config struct {
	Path        string // a file; "" is in memory
	ReadOnly    bool
	MemoryLimit string // "4GB"
	TempLimit   string // "20GB", of spilling to disk
	TempDir     string
	Threads     int
	// Bundled keeps to the extensions that are in the binary: none is fetched
	// from the network.
	Bundled bool
	// Locked instances run SQL that visitors wrote: no files, no network, no
	// settings but within the folders of Allowed, which they can read and write.
	Locked  bool
	Allowed []string
}

// DB is one DuckDB instance, shared by an app's sessions.
type DB struct {
	db *sql.DB
}

// Open opens an instance.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	var set []string
	add := func(format string, args ...any) { set = append(set, fmt.Sprintf(format, args...)) }
	// A grid over a Parquet file reads it for each window: not its description each time.
	add("SET parquet_metadata_cache=true")
	if cfg.MemoryLimit != "" {
		add("SET memory_limit=%s", Literal(cfg.MemoryLimit))
	}
	if cfg.Threads > 0 {
		add("SET threads=%d", cfg.Threads)
	}
	if cfg.TempDir != "" {
		add("SET temp_directory=%s", Literal(cfg.TempDir))
	}
	if cfg.TempLimit != "" {
		add("SET max_temp_directory_size=%s", Literal(cfg.TempLimit))
	}
	if cfg.Locked || cfg.Bundled {
		add("SET allow_community_extensions=false")
		add("SET autoinstall_known_extensions=false")
		add("SET autoload_known_extensions=false")
	}
	if cfg.Locked {
		if len(cfg.Allowed) > 0 {
			var dirs []string
			for _, d := range cfg.Allowed {
				dirs = append(dirs, Literal(d))
			}
			add("SET allowed_directories=[%s]", strings.Join(dirs, ","))
		}
		add("SET enable_external_access=false")
		add("SET lock_configuration=true")
	}
	dsn := cfg.Path
	if cfg.ReadOnly {
		dsn += "?access_mode=read_only"
	}
	connector, err := duckdb.NewConnector(dsn, nil)
	if err != nil {
		return nil, Clean(err)
	}
	db := sql.OpenDB(connector)
	db.SetMaxIdleConns(4)
	for _, q := range set { // settings of the instance: once
		if _, err := db.ExecContext(ctx, q); err != nil {
			db.Close()
			return nil, Clean(err)
		}
	}
	if err := db.PingContext(ctx); err != nil {
		db.Close()
		return nil, Clean(err)
	}
	return &DB{db: db}, nil
}

// Close closes the instance and every connection.
func (d *DB) Close() error { return d.db.Close() }

// Conn returns a connection of its own: temporary tables and settings of the
// session, and no waiting for what runs on another.
func (d *DB) Conn(ctx context.Context) (*Conn, error) {
	c, err := d.db.Conn(ctx)
	if err != nil {
		return nil, Clean(err)
	}
	return &Conn{c: c}, nil
}

// Conn is one connection to DuckDB. It may be used from any goroutine; statements
// run one after the other.
type Conn struct {
	mu sync.Mutex
	c  *sql.Conn

	watching sync.Once
	watch    sync.Mutex // of handle, which must not be used after the connection's end
	handle   bindings.Connection
	watched  bool
}

// Close gives the connection back after dropping what was temporary in it.
func (c *Conn) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.watch.Lock()
	c.watched = false
	c.watch.Unlock()
	// A pooled connection would keep its temporary tables: end it for good.
	_ = c.c.Raw(func(any) error { return driver.ErrBadConn })
	return c.c.Close()
}

// Exec runs a statement and returns the rows it changed.
func (c *Conn) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, err := c.c.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, Clean(err)
	}
	n, _ := r.RowsAffected()
	return n, nil
}

// Query runs a query and calls each for every row; row is valid during the call.
// each may be nil to learn just the columns.
func (c *Conn) Query(ctx context.Context, query string, args []any, each func(row []any) error) ([]Column, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	rows, err := c.c.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, Clean(err)
	}
	return scan(rows, each)
}

// All runs a query and returns all its rows.
func (c *Conn) All(ctx context.Context, query string, args ...any) ([]Column, [][]any, error) {
	var out [][]any
	cols, err := c.Query(ctx, query, args, func(row []any) error {
		out = append(out, append([]any(nil), row...))
		return nil
	})
	return cols, out, err
}

// Row runs a query and returns its first row, nil when it has none.
func (c *Conn) Row(ctx context.Context, query string, args ...any) ([]any, error) {
	_, rows, err := c.All(ctx, query, args...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0], nil
}

// Append adds rows to a table by DuckDB's appender, the fast way in. next returns
// a row at a time and nil at the end.
func (c *Conn) Append(ctx context.Context, schema, table string, next func() []any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return Clean(c.c.Raw(func(raw any) error {
		dc, ok := raw.(driver.Conn)
		if !ok {
			return errors.New("duckconn: the connection is not DuckDB's")
		}
		a, err := duckdb.NewAppenderFromConn(dc, schema, table)
		if err != nil {
			return err
		}
		vals := []driver.Value{}
		for n := 0; ; n++ {
			row := next()
			if row == nil {
				return a.CloseWithCancel(ctx)
			}
			if n%1024 == 0 && ctx.Err() != nil {
				_ = a.Clear()
				_ = a.Close()
				return ctx.Err()
			}
			vals = vals[:0]
			for _, v := range row {
				vals = append(vals, v)
			}
			if err := a.AppendRow(vals...); err != nil {
				_ = a.Clear()
				_ = a.Close()
				return err
			}
		}
	}))
}

func scan(rows *sql.Rows, each func(row []any) error) ([]Column, error) {
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, Clean(err)
	}
	cols := make([]Column, len(types))
	for i, t := range types {
		cols[i] = Column{Name: t.Name(), Type: t.DatabaseTypeName()}
		if s := t.ScanType(); s != nil && cols[i].Type == "" {
			cols[i].Type = s.String()
		}
	}
	if each == nil {
		return cols, Clean(rows.Err())
	}
	row := make([]any, len(cols))
	ptrs := make([]any, len(cols))
	for i := range row {
		ptrs[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(ptrs...); err != nil {
			return nil, Clean(err)
		}
		for i := range row {
			row[i] = Plain(row[i], cols[i].Type)
		}
		if err := each(row); err != nil {
			return nil, err
		}
	}
	return cols, Clean(rows.Err())
}

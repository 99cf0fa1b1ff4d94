package duckconn

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	duckdb "github.com/duckdb/duckdb-go/v2"
	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// SQL is one named connection to a database. It is safe for use by many sessions
// at once, and opens at first use.
type SQL struct {
	name     string
	settings Settings
	// Wait is the pause between tries of a query whose connection broke: a
	// second, as in Streamlit.
	Wait time.Duration

	mu sync.Mutex
	db *sql.DB

	results results
}

// NewSQL returns a connection; relative file names start at dir. It checks the
// settings and opens nothing.
func NewSQL(name string, s Settings, dir string) (*SQL, error) {
	s, err := s.resolve(name, dir)
	if err != nil {
		return nil, err
	}
	return &SQL{name: name, settings: s, Wait: time.Second}, nil
}

// Dialect is "duckdb", "sqlite", "postgres" or "mysql".
func (c *SQL) Dialect() string { return c.settings.Dialect }

// Reset closes what is open and forgets cached results: the next use connects
// anew.
func (c *SQL) Reset() {
	c.mu.Lock()
	db := c.db
	c.db = nil
	c.mu.Unlock()
	c.results.clear()
	if db != nil {
		db.Close()
	}
}

// Close is Reset, for good.
func (c *SQL) Close() { c.Reset() }

func (c *SQL) open(ctx context.Context) (*sql.DB, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.db != nil {
		return c.db, nil
	}
	db, err := c.settings.open()
	if err != nil {
		return nil, err
	}
	check, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if err := db.PingContext(check); err != nil {
		db.Close()
		return nil, err
	}
	c.db = db
	return db, nil
}

// open makes the handle of a resolved setting.
func (s Settings) open() (*sql.DB, error) {
	switch s.Dialect {
	case "duckdb":
		q := url.Values{}
		for k, v := range s.Query {
			q.Set(k, v)
		}
		if s.ReadOnly {
			q.Set("access_mode", "read_only")
		}
		dsn := s.Database
		if len(q) > 0 {
			dsn += "?" + q.Encode()
		}
		connector, err := duckdb.NewConnector(dsn, nil)
		if err != nil {
			return nil, err
		}
		return sql.OpenDB(connector), nil
	case "sqlite":
		q := url.Values{"_pragma": {"busy_timeout(5000)", "foreign_keys(1)"}}
		for k, v := range s.Query {
			q.Add(k, v)
		}
		if s.ReadOnly {
			q.Set("mode", "ro")
		}
		if s.Database == "" { // in memory: of one connection, or each would see its own
			db, err := sql.Open("sqlite", "file::memory:?"+q.Encode())
			if err == nil {
				db.SetMaxOpenConns(1)
			}
			return db, err
		}
		return sql.Open("sqlite", (&url.URL{Scheme: "file", Path: s.Database, RawQuery: q.Encode()}).String())
	case "postgres":
		q := url.Values{}
		for k, v := range s.Query {
			q.Set(k, v)
		}
		if s.ReadOnly {
			q.Set("default_transaction_read_only", "on")
		}
		u := url.URL{Scheme: "postgres", User: url.UserPassword(s.Username, s.Password), Host: s.address("5432"), Path: "/" + s.Database, RawQuery: q.Encode()}
		return sql.Open("pgx", u.String())
	default: // mysql
		cfg := mysql.NewConfig()
		cfg.User, cfg.Passwd, cfg.Net, cfg.Addr, cfg.DBName = s.Username, s.Password, "tcp", s.address("3306"), s.Database
		cfg.ParseTime = true
		cfg.Params = s.Query
		connector, err := mysql.NewConnector(cfg)
		if err != nil {
			return nil, err
		}
		return sql.OpenDB(connector), nil
	}
}

// Query runs a query and calls each for every row; row is valid during the call.
// Parameters are written $1, ? or $name, whatever the database's own way. A
// broken connection is opened anew and the query tried again, three times in all;
// rows are then given from the first on, so each starts over: it is told by a nil
// row.
func (c *SQL) Query(ctx context.Context, query string, args []any, each func(row []any) error) ([]Column, error) {
	query, bound, err := c.bind(query, args)
	if err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		cols, err := c.query(ctx, query, bound, each)
		if err == nil || try == 3 || !broken(err) || ctx.Err() != nil {
			return cols, c.explain(err)
		}
		c.Reset()
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(c.Wait):
		}
		if each != nil {
			if err := each(nil); err != nil {
				return nil, err
			}
		}
	}
}

func (c *SQL) query(ctx context.Context, query string, args []any, each func(row []any) error) ([]Column, error) {
	db, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return scan(rows, each)
}

// Session runs f in a transaction of its own: committed when f returns nil, rolled
// back when it returns an error or panics. Nothing in it is tried twice.
func (c *SQL) Session(ctx context.Context, f func(*Tx) error) error {
	db, err := c.open(ctx)
	if err != nil {
		return c.explain(err)
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		if broken(err) {
			c.Reset()
		}
		return c.explain(err)
	}
	defer tx.Rollback() // does nothing after a commit
	t := &Tx{c: c, tx: tx, ctx: ctx}
	if err := f(t); err != nil {
		return err
	}
	if t.done {
		return nil
	}
	c.results.clear() // what was read before may be other now
	return c.explain(tx.Commit())
}

// Tx is the transaction of a Session.
type Tx struct {
	c    *SQL
	tx   *sql.Tx
	ctx  context.Context
	done bool
}

// Exec runs a statement and returns the rows it changed.
func (t *Tx) Exec(query string, args ...any) (int64, error) {
	query, bound, err := t.c.bind(query, args)
	if err != nil {
		return 0, err
	}
	r, err := t.tx.ExecContext(t.ctx, query, bound...)
	if err != nil {
		return 0, t.c.explain(err)
	}
	n, _ := r.RowsAffected()
	return n, nil
}

// Query runs a query within the transaction.
func (t *Tx) Query(query string, args ...any) (*Result, error) {
	query, bound, err := t.c.bind(query, args)
	if err != nil {
		return nil, err
	}
	rows, err := t.tx.QueryContext(t.ctx, query, bound...)
	if err != nil {
		return nil, t.c.explain(err)
	}
	r := &Result{}
	r.Columns, err = scan(rows, r.add)
	return r, t.c.explain(err)
}

// Commit makes what was done so far last, before the session's end.
func (t *Tx) Commit() error { return t.end(t.tx.Commit) }

// Rollback takes back what was done; the session does nothing more.
func (t *Tx) Rollback() error { return t.end(t.tx.Rollback) }

func (t *Tx) end(f func() error) error {
	t.done = true
	t.c.results.clear()
	return t.c.explain(f())
}

// bind gives parameters the database's own form.
func (c *SQL) bind(query string, args []any) (string, []any, error) {
	query, bound, err := Bind(query, args)
	if err != nil {
		return "", nil, fmt.Errorf("connection %q: %w", c.name, err)
	}
	switch c.settings.Dialect {
	case "sqlite":
		query = ScanParams(query, func(p string) string { return "?" + p[1:] })
	case "mysql": // by place only: a parameter used twice is given twice
		var byPlace []any
		query = ScanParams(query, func(p string) string {
			if n, err := strconv.Atoi(p[1:]); err == nil && n >= 1 && n <= len(bound) {
				byPlace = append(byPlace, bound[n-1])
			}
			return "?"
		})
		bound = byPlace
	}
	return query, bound, nil
}

// explain names the connection and keeps its password out of the message.
func (c *SQL) explain(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	text := Clean(err).Error()
	if p := c.settings.Password; p != "" {
		for _, form := range []string{p, url.QueryEscape(p), url.PathEscape(p), url.UserPassword("", p).String()[1:]} {
			text = strings.ReplaceAll(text, form, "****")
		}
	}
	e := &ConnError{Name: c.name, Text: text, broken: broken(err)}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		e.position = int(pg.Position)
	}
	return e
}

// ConnError is an error of a connection: its text holds no secret, which is why it
// does not unwrap to the driver's error.
type ConnError struct {
	Name, Text string
	broken     bool
	position   int // in the text that was sent, in characters from 1; 0: not known
}

func (e *ConnError) Error() string { return fmt.Sprintf("connection %q: %s", e.Name, e.Text) }

// Broken says whether the connection failed, not what was asked of it.
func (e *ConnError) Broken() bool { return e.broken }

// broken says whether an error is of the connection, so that a new one may do.
func broken(err error) bool {
	var network net.Error
	var pg *pgconn.PgError
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return false
	case errors.Is(err, driver.ErrBadConn), errors.Is(err, sql.ErrConnDone), errors.Is(err, mysql.ErrInvalidConn),
		errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.As(err, &network), pgconn.SafeToRetry(err):
		return true
	case errors.As(err, &pg): // class 08 is connection exception, 57P shutdown of the server
		return strings.HasPrefix(pg.Code, "08") || strings.HasPrefix(pg.Code, "57P")
	}
	return strings.Contains(err.Error(), "sql: database is closed")
}

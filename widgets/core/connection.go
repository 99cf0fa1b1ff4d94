package core

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"stnb.dev/dataframe"
	"stnb.dev/duckconn"
)

// connections are an app's connections and secrets.
type connections struct {
	once  sync.Once
	named *duckconn.Named
	asked atomic.Bool // named is there
}

func (a *App) connections() *duckconn.Named {
	a.conns.once.Do(func() {
		a.conns.named = &duckconn.Named{Secrets: duckconn.NewSecrets(a.cfg.Dir, a.cfg.Home), Dir: a.cfg.Dir}
		for _, name := range a.conns.named.Secrets.Names() {
			// Top-level secrets are environment variables too, as programs expect;
			// what the owner set outside wins.
			v, err := a.conns.named.Secrets.Get(name)
			if _, set := os.LookupEnv(name); err != nil || set {
				continue
			}
			switch v.(type) {
			case string, int64, float64, bool:
				_ = os.Setenv(name, fmt.Sprint(v))
			}
		}
		a.conns.asked.Store(true)
	})
	return a.conns.named
}

// hiddenText is written in the place of a secret.
const hiddenText = "•••"

// Redact takes the app's secrets out of a text for logs and errors. Before any
// was asked for, none can be in it.
func (a *App) Redact(text string) string {
	if !a.conns.asked.Load() {
		return text
	}
	for _, secret := range a.conns.named.Secrets.Text() {
		if strings.Contains(text, secret) {
			text = strings.ReplaceAll(text, secret, hiddenText)
		}
		if quoted, err := json.Marshal(secret); err == nil && len(quoted) > len(secret)+2 { // as JSON writes it
			text = strings.ReplaceAll(text, string(quoted[1:len(quoted)-1]), hiddenText)
		}
	}
	return text
}

func (c *connections) close() {
	if c.named != nil {
		c.named.Close()
	}
}

// Conn is a connection to a database, shared by the app's sessions. Its methods
// may be called from any goroutine.
type Conn struct {
	s    *Session
	name string
	sql  *duckconn.SQL // nil: the app's own DuckDB
	err  error
}

// Connection returns the connection of that name: its settings are the section
// [connections.name] of .stnb/secrets.toml beside the notebook or in the home
// folder, and Type and Param, which win. "env:VAR" takes the name from the
// environment. It is made once and kept, or made anew when TTL has passed. The
// name "duckdb" without a section is the app's own DuckDB.
func (c *Container) Connection(name string, opts ...Option) *Conn {
	s, _, o := c.start(opts)
	conn := &Conn{s: s, name: name}
	named := s.App.connections()
	real, err := duckconn.Name(name)
	if err != nil {
		conn.err = err
		return conn
	}
	section, err := named.Secrets.Section("connections", real)
	if err != nil {
		conn.err = err
		return conn
	}
	if real == "duckdb" && section == nil && len(o.params) == 0 && (o.connType == "" || o.connType == "duckdb") {
		return conn
	}
	if section == nil && len(o.params) == 0 && o.connType == "" {
		conn.err = fmt.Errorf("there is no connection %q: write [connections.%s] into .stnb/secrets.toml, or give st.Param(\"url\", ...)", real, real)
		return conn
	}
	params := map[string]any{}
	for k, v := range o.params {
		params[k] = s.plainParam(v)
	}
	top, err := duckconn.SettingsOf(real, params)
	if err != nil {
		conn.err = err
		return conn
	}
	if o.connType != "" && o.connType != "sql" {
		top.Dialect = o.connType
	}
	conn.sql, conn.err = named.SQL(name, top, o.ttl)
	return conn
}

// Err says why the connection cannot be used, nil when it can be.
func (c *Conn) Err() error { return c.err }

// options takes the options out of a query's arguments.
func (c *Conn) options(args []any) ([]any, time.Duration) {
	ttl := duckconn.Forever
	var out []any
	for _, a := range args {
		opt, ok := a.(Option)
		if !ok {
			if m, is := a.(map[string]any); is {
				plain := map[string]any{}
				for k, v := range m {
					plain[k] = c.s.plainParam(v)
				}
				out = append(out, plain)
				continue
			}
			out = append(out, c.s.plainParam(a))
			continue
		}
		o := &settings{ttl: -1}
		opt(o)
		if o.ttl == 0 { // TTL(0): ask anew
			ttl = -1
		} else if o.ttl > 0 {
			ttl = o.ttl
		}
	}
	return out, ttl
}

// Query runs a query and returns its rows. They are kept: the same query gets them
// again, in any session, until the TTL among args has passed, or as long as the
// app runs. Values go in as parameters, by ?, $1 or $name.
func (c *Conn) Query(query string, args ...any) (*dataframe.Frame, error) {
	if c.err != nil {
		return nil, c.err
	}
	c.s.Check()
	args, ttl := c.options(args)
	if c.sql == nil {
		return c.s.Space.Query(query, args...)
	}
	r, err := c.sql.Cached(c.s.Context(), ttl, query, args...)
	if err != nil {
		c.s.Check()
		return nil, err
	}
	return c.s.Space.FromRows(r.Columns, r.Rows), nil
}

// MustQuery is Query that panics on an error.
func (c *Conn) MustQuery(query string, args ...any) *dataframe.Frame {
	f, err := c.Query(query, args...)
	if err != nil {
		panic(err)
	}
	return f
}

// SQL is the frame of a query that the database runs when the frame is shown,
// counted or collected; what is made of the frame runs there too.
func (c *Conn) SQL(query string, args ...any) *dataframe.Frame {
	if c.err != nil {
		return c.s.Space.Failed(c.err)
	}
	args, _ = c.options(args)
	return c.lazy(query, args...)
}

func (c *Conn) lazy(query string, args ...any) *dataframe.Frame {
	if c.sql == nil {
		return c.s.Space.SQL(query, args...)
	}
	return c.s.Space.RemoteQuery(c.sql, query, args...)
}

// Exec runs one statement and returns the rows it changed.
func (c *Conn) Exec(query string, args ...any) (int64, error) {
	var n int64
	err := c.Session(func(tx *Tx) error {
		var err error
		n, err = tx.Exec(query, args...)
		return err
	})
	return n, err
}

// Session runs f in a transaction: it is committed when f returns nil, and rolled
// back when f returns an error or panics.
func (c *Conn) Session(f func(tx *Tx) error) error {
	if c.err != nil {
		return c.err
	}
	c.s.Check()
	ctx := c.s.Context()
	if c.sql != nil {
		err := c.sql.Session(ctx, func(t *duckconn.Tx) error { return f(&Tx{c: c, t: t}) })
		if err != nil {
			c.s.Check()
		}
		return err
	}
	conn, err := c.s.Space.Conn(ctx)
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "BEGIN TRANSACTION"); err != nil {
		return err
	}
	tx := &Tx{c: c, duck: conn}
	defer func() {
		if !tx.done {
			_, _ = conn.Exec(context.Background(), "ROLLBACK")
		}
	}()
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// Tx is a transaction.
type Tx struct {
	c    *Conn
	t    *duckconn.Tx
	duck *duckconn.Conn
	done bool
}

// Exec runs a statement and returns the rows it changed.
func (t *Tx) Exec(query string, args ...any) (int64, error) {
	args, _ = t.c.options(args)
	if t.t != nil {
		return t.t.Exec(query, args...)
	}
	q, bound, err := duckconn.Bind(duckconn.TrimQuery(query), args)
	if err != nil {
		return 0, err
	}
	defer t.c.s.Space.Changed()
	return t.duck.Exec(t.c.s.Context(), q, bound...)
}

// Query runs a query within the transaction.
func (t *Tx) Query(query string, args ...any) (*dataframe.Frame, error) {
	args, _ = t.c.options(args)
	if t.t != nil {
		r, err := t.t.Query(query, args...)
		if err != nil {
			return nil, err
		}
		return t.c.s.Space.FromRows(r.Columns, r.Rows), nil
	}
	q, bound, err := duckconn.Bind(duckconn.TrimQuery(query), args)
	if err != nil {
		return nil, err
	}
	cols, rows, err := t.duck.All(t.c.s.Context(), q, bound...)
	if err != nil {
		return nil, err
	}
	return t.c.s.Space.FromRows(cols, rows), nil
}

// Commit makes the changes stay; Session does so by itself when its func returns
// nil.
func (t *Tx) Commit() error {
	if t.t != nil {
		return t.t.Commit()
	}
	if t.done {
		return nil
	}
	t.done = true
	_, err := t.duck.Exec(t.c.s.Context(), "COMMIT")
	return err
}

// Rollback takes the changes back.
func (t *Tx) Rollback() error {
	if t.t != nil {
		return t.t.Rollback()
	}
	if t.done {
		return nil
	}
	t.done = true
	_, err := t.duck.Exec(context.Background(), "ROLLBACK")
	return err
}

// Reset closes the connection and forgets its kept rows; the next use makes it
// anew.
func (c *Conn) Reset() {
	if c.sql != nil {
		c.sql.Reset()
	}
}

// ConnSettings are the settings of a connection of the author's own: its section
// of the secrets, and over it what Param gives.
type ConnSettings struct {
	Name   string
	values map[string]any
}

// Get returns a setting, nil when there is none.
func (c ConnSettings) Get(name string) any { return c.values[name] }

// Text returns a setting as text, "" when there is none.
func (c ConnSettings) Text(name string) string {
	if v := c.values[name]; v != nil {
		return fmt.Sprint(v)
	}
	return ""
}

// ConnectionSettings are those of the named connection.
func (c *Container) ConnectionSettings(name string, opts ...Option) (ConnSettings, error) {
	s, _, o := c.start(opts)
	real, err := duckconn.Name(name)
	if err != nil {
		return ConnSettings{}, err
	}
	section, err := s.App.connections().Secrets.Section("connections", real)
	if err != nil {
		return ConnSettings{}, err
	}
	out := ConnSettings{Name: real, values: map[string]any{}}
	for k, v := range section {
		out.values[k] = v
	}
	for k, v := range o.params {
		out.values[k] = s.plainParam(v)
	}
	return out, nil
}

// Secret returns a value of the secrets by its path: Secret("api", "key"). It reads
// .stnb/secrets.toml in the home folder and beside the notebook.
func (c *Container) Secret(path ...string) (string, error) {
	v, err := c.session().App.connections().Secrets.Get(path...)
	if err != nil {
		return "", err
	}
	switch v.(type) {
	case map[string]any, []any, nil:
		return "", fmt.Errorf("the secret %s is no single value", strings.Join(path, "."))
	}
	return fmt.Sprint(v), nil
}

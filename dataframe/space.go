package dataframe

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"stnb.dev/duckconn"
)

// Reflector explains values of user types, which interpreted code may wrap.
type Reflector interface {
	Value(v any) reflect.Value
	Fields(t reflect.Type) []Field
	Label(v any) string
}

// Field is one exported field of a user's struct type.
type Field struct {
	Name  string
	Index []int
	Tag   reflect.StructTag
	// Text, when not nil, is how a value of the field reads.
	Text func(v reflect.Value) string
}

// Config makes a Space.
type Config struct {
	// Open gives the DuckDB instance, shared by sessions; it is called at first
	// use.
	Open    func(ctx context.Context) (*duckconn.DB, error)
	Context func() context.Context // of the current run; nil: never ends
	Reflect Reflector              // nil: plain Go values
	Dir     string                 // relative paths start here
	// Shared keeps the contents of files for all sessions; nil reads them each time.
	Shared *Shared
	// Stopped is called when a query failed because Context has ended. It may
	// panic to end the run, so that no user code takes the end for an error.
	Stopped func()
}

// Space is where a session's frames live: its connections and its schema. Shown
// frames are tables of the schema, so that the grid's own connection sees them;
// the schema goes with the session.
type Space struct {
	cfg Config

	keeping sync.Mutex // held while edits come in, before mu

	mu      sync.Mutex
	user    *duckconn.Conn // runs the script's queries
	pages   *duckconn.Conn // runs the grid's, which never wait for the script's
	sorts   *duckconn.Conn // runs the passes of sorts and filters, for which no window waits
	gathers *duckconn.Conn // makes blocks
	copies  *duckconn.Conn // makes copies of sorted rows
	schema  string
	closed  bool

	tables    map[string]*loaded // by table name
	pinned    map[string]*pin    // by ref
	shown     map[string]string  // by place on the screen: the ref shown there
	run       uint64
	serial    int
	perms     []*perm
	passes    map[string]*pass // on their way, by ref and key
	blocks    []block          // rows of permutations, the ones read last at the end
	wanted    []block          // to be made, the newest wish at the end
	kept      []keptEdits      // edits of browsers, the ones used last at the end
	gathering bool             // somebody makes them
	looked    look             // the order read last whose rows are not copied
	copying   *copying         // the copy that is being made, nil for none
	life      context.Context  // ends with the session
	end       context.CancelFunc
	known     map[string]planned // columns of queries by their text

	exports map[string]*export // Parquet files on their way to a browser
}

type loaded struct{ run uint64 }

var schemas atomic.Int64

// NewSpace returns a space; it opens nothing yet.
func NewSpace(cfg Config) *Space {
	if cfg.Context == nil {
		cfg.Context = context.Background
	}
	life, end := context.WithCancel(context.Background())
	return &Space{
		life: life, end: end, cfg: cfg, schema: fmt.Sprintf("stnb_%d", schemas.Add(1)),
		known: map[string]planned{}, passes: map[string]*pass{}, exports: map[string]*export{},
		tables: map[string]*loaded{}, pinned: map[string]*pin{}, shown: map[string]string{},
	}
}

// Conn returns the connection of the script's own queries.
func (sp *Space) Conn(ctx context.Context) (*duckconn.Conn, error) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	return sp.conn(ctx)
}

func (sp *Space) conn(ctx context.Context) (*duckconn.Conn, error) {
	if sp.closed {
		return nil, fmt.Errorf("the session has ended")
	}
	if sp.user != nil {
		return sp.user, nil
	}
	db, err := sp.cfg.Open(ctx)
	if err != nil {
		return nil, err
	}
	c, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := c.Exec(ctx, "CREATE SCHEMA IF NOT EXISTS "+duckconn.Quote(sp.schema)); err != nil {
		c.Close()
		return nil, err
	}
	sp.user = c
	return c, nil
}

// pageConn returns the connection of windows.
func (sp *Space) pageConn(ctx context.Context) (*duckconn.Conn, error) {
	return sp.also(ctx, &sp.pages)
}

// passConn returns the connection of passes over whole frames.
func (sp *Space) passConn(ctx context.Context) (*duckconn.Conn, error) {
	c, err := sp.also(ctx, &sp.sorts)
	if err == nil {
		c.WatchProgress()
	}
	return c, err
}

func (sp *Space) also(ctx context.Context, which **duckconn.Conn) (*duckconn.Conn, error) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	if sp.closed {
		return nil, fmt.Errorf("the session has ended")
	}
	if *which != nil {
		return *which, nil
	}
	db, err := sp.cfg.Open(ctx)
	if err != nil {
		return nil, err
	}
	c, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	*which = c
	return c, nil
}

// Begin notes the start of a run: tables that two runs did not need are dropped
// at its end.
func (sp *Space) Begin(run uint64) {
	defer sp.dropReplaced()
	sp.mu.Lock()
	defer sp.mu.Unlock()
	sp.run = run
	for k, p := range sp.known {
		if !p.pure || len(sp.known) > maxPlanned {
			delete(sp.known, k)
		}
	}
}

// planned is what is known of a query without planning it again: until the run's
// end, or for good when it is pure.
type planned struct {
	cols []Column
	pure bool
}

const maxPlanned = 2000

func (f *Frame) planKey() string {
	var b strings.Builder
	b.WriteString(f.text)
	for _, a := range f.args {
		fmt.Fprintf(&b, "\x00%T", a)
	}
	return b.String()
}

// Close drops everything the session kept.
func (sp *Space) Close() {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	if sp.closed {
		return
	}
	sp.closed = true
	sp.end()
	for _, w := range sp.passes {
		w.cancel()
	}
	for _, x := range sp.exports {
		x.timer.Stop()
		x.cancel()
		go func() {
			<-x.done
			os.RemoveAll(x.dir)
		}()
	}
	for _, c := range []*duckconn.Conn{sp.pages, sp.sorts, sp.gathers, sp.copies} {
		if c != nil {
			c.Close()
		}
	}
	if sp.user != nil {
		_, _ = sp.user.Exec(context.Background(), "DROP SCHEMA IF EXISTS "+duckconn.Quote(sp.schema)+" CASCADE")
		sp.user.Close()
	}
}

// table is the name of a local's table, with the schema.
func (sp *Space) table(l *local) string {
	return duckconn.Quote(sp.schema) + "." + duckconn.Quote(l.name)
}

// load makes tables of Go data, unless they are there.
func (sp *Space) load(ctx context.Context, locals []*local) error {
	if len(locals) == 0 {
		return nil
	}
	c, err := sp.Conn(ctx)
	if err != nil {
		return err
	}
	for _, l := range locals {
		if l.pinned {
			continue
		}
		if l.shared != nil {
			if err := l.shared.ensure(ctx, l); err != nil {
				return err
			}
			continue
		}
		sp.mu.Lock()
		t := sp.tables[l.name]
		if t != nil {
			t.run = sp.run
			sp.mu.Unlock()
			continue
		}
		sp.mu.Unlock()
		if err := l.create(ctx, c, sp.schema); err != nil {
			return err
		}
		sp.mu.Lock()
		sp.tables[l.name] = &loaded{run: sp.run}
		sp.mu.Unlock()
	}
	return nil
}

// ended passes an error on, unless it comes of the end of the run.
func (sp *Space) ended(err error) error {
	if err != nil && sp.cfg.Stopped != nil && sp.cfg.Context().Err() != nil {
		sp.cfg.Stopped()
	}
	return err
}

// FromRows makes a frame of a result.
func (sp *Space) FromRows(cols []duckconn.Column, rows [][]any) *Frame {
	return sp.local(localOf(cols, rows))
}

// Query returns the frame of a query. Parameters are ?, $1 or $name.
func (sp *Space) Query(query string, args ...any) (*Frame, error) {
	f := sp.SQL(query, args...)
	return f, f.Err()
}

// SQL is Query with the error left in the frame.
func (sp *Space) SQL(query string, args ...any) *Frame { return sp.SQLWith(query, nil, args...) }

// SQLWith is SQL with Go values that the text may name as tables.
func (sp *Space) SQLWith(query string, tables func(name string) any, args ...any) *Frame {
	q, bound, err := duckconn.Bind(duckconn.TrimQuery(query), args)
	if err != nil {
		return failed(sp, err)
	}
	f := &Frame{sp: sp, text: q, args: bound, cols: &columnsOnce{}}
	switch {
	case !isQuery(q):
		return sp.statement(f)
	case tables == nil:
		return f
	}
	return f.withTables(tables)
}

// isQuery says whether the text can stand in brackets after FROM.
func isQuery(q string) bool {
	word := q
	for {
		word = strings.TrimSpace(word)
		if strings.HasPrefix(word, "--") {
			i := strings.IndexByte(word, '\n')
			if i < 0 {
				return false
			}
			word = word[i+1:]
			continue
		}
		if strings.HasPrefix(word, "/*") {
			i := strings.Index(word, "*/")
			if i < 0 {
				return false
			}
			word = word[i+2:]
			continue
		}
		if strings.HasPrefix(word, "(") {
			word = word[1:]
			continue
		}
		break
	}
	i := 0
	for i < len(word) && duckconn.IsWord(word[i]) {
		i++
	}
	switch strings.ToUpper(word[:i]) {
	case "SELECT", "WITH", "FROM", "VALUES", "TABLE", "PIVOT", "UNPIVOT", "SHOW", "DESCRIBE", "SUMMARIZE":
		return true
	}
	return false
}

// statement runs what is no query at once, such as CREATE TABLE; its frame says
// how many rows it changed.
func (sp *Space) statement(f *Frame) *Frame {
	ctx := sp.cfg.Context()
	c, err := sp.Conn(ctx)
	if err != nil {
		return failed(sp, err)
	}
	sp.Changed()
	text := f.text
	if fields := strings.Fields(text); len(fields) > 0 {
		switch strings.ToUpper(fields[0]) {
		case "EXPLAIN", "PRAGMA", "CALL":
			cols, rows, err := c.All(ctx, text, f.args...)
			if err != nil {
				return failed(sp, sp.ended(err))
			}
			return sp.local(localOf(cols, rows))
		}
	}
	n, err := c.Exec(ctx, text, f.args...)
	if err != nil {
		return failed(sp, sp.ended(err))
	}
	return sp.local(localOf([]duckconn.Column{{Name: "changed", Type: "BIGINT"}}, [][]any{{n}}))
}

// withTables lets a query name Go values as tables: what DuckDB does not know and
// tables does becomes a common table expression of that name.
func (f *Frame) withTables(tables func(name string) any) *Frame {
	sp := f.sp
	seen := map[string]bool{}
	for range 64 {
		_, err := f.Columns()
		name := missingTable(err)
		if name == "" || seen[name] {
			return f
		}
		seen[name] = true
		v := tables(name)
		if v == nil {
			return f
		}
		t := sp.From(v)
		if t.err != nil {
			return failed(sp, fmt.Errorf("table %s: %w", name, t.err))
		}
		if t.remote != nil {
			if t, err = sp.pull(sp.cfg.Context(), t); err != nil {
				return failed(sp, fmt.Errorf("table %s: %w", name, err))
			}
		}
		with := "WITH " + duckconn.Quote(name) + " AS (SELECT * FROM " + t.from(len(f.args)) + ")"
		text := with + " " + f.text
		if rest, ok := cutWord(f.text, "WITH"); ok {
			if all, ok := cutWord(rest, "RECURSIVE"); ok {
				text = "WITH RECURSIVE" + strings.TrimPrefix(with, "WITH") + "," + all
			} else {
				text = with + "," + rest
			}
		}
		f = &Frame{sp: sp, text: text, args: append(slices.Clone(f.args), t.args...),
			locals: append(slices.Clone(f.locals), t.locals...), files: append(slices.Clone(f.files), t.files...), cols: &columnsOnce{}}
	}
	return f
}

func cutWord(text, word string) (rest string, ok bool) {
	t := strings.TrimSpace(text)
	if len(t) > len(word) && strings.EqualFold(t[:len(word)], word) && !duckconn.IsWord(t[len(word)]) {
		return t[len(word):], true
	}
	return text, false
}

func missingTable(err error) string {
	if err == nil {
		return ""
	}
	_, rest, ok := strings.Cut(err.Error(), "Table with name ")
	if !ok {
		return ""
	}
	name, _, ok := strings.Cut(rest, " does not exist")
	if !ok {
		return ""
	}
	return strings.Trim(name, `"`)
}

// Table returns a table or view of the database.
func (sp *Space) Table(name string) (*Frame, error) {
	parts := strings.Split(name, ".")
	for i := range parts {
		parts[i] = duckconn.Quote(strings.Trim(parts[i], `"`))
	}
	f := &Frame{sp: sp, text: "SELECT * FROM " + strings.Join(parts, "."), cols: &columnsOnce{}}
	return f, f.Err()
}

func (sp *Space) path(name string) string {
	if sp.cfg.Dir == "" || filepath.IsAbs(name) || strings.Contains(name, "://") {
		return name
	}
	return filepath.Join(sp.cfg.Dir, name)
}

// RemoteQuery returns the frame of a query that another engine runs.
func (sp *Space) RemoteQuery(r Remote, query string, args ...any) *Frame {
	q, bound, err := duckconn.Bind(duckconn.TrimQuery(query), args)
	if err != nil {
		return failed(sp, err)
	}
	return &Frame{sp: sp, text: q, args: bound, remote: r, cols: &columnsOnce{}}
}

// columnsOnce remembers a frame's columns.
type columnsOnce struct {
	mu   sync.Mutex
	done bool
	cols []Column
	err  error
}

// Failed is a frame that only carries an error.
func (sp *Space) Failed(err error) *Frame { return failed(sp, err) }

// IsTable says whether a Go value reads best as a table: a slice of structs or of
// maps.
func (sp *Space) IsTable(v any) bool {
	r := sp.value(v)
	if !r.IsValid() || r.Kind() != reflect.Slice {
		return false
	}
	e := r.Type().Elem()
	if e.Kind() == reflect.Pointer {
		e = e.Elem()
	}
	return e.Kind() == reflect.Struct && e != timeType && !sp.scalar(e) || e.Kind() == reflect.Map && e.Key().Kind() == reflect.String
}

// Opener gives the DuckDB instance the space uses.
func (sp *Space) Opener() func(ctx context.Context) (*duckconn.DB, error) { return sp.cfg.Open }

// Changed says that a statement may have changed what names in queries mean.
func (sp *Space) Changed() {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	clear(sp.known)
}

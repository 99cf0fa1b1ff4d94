package dataframe

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"stnb.dev/dataframe/page"
	"stnb.dev/duckconn"
)

// perm is the result of one pass of a sort and filters over a pin: the numbers of
// rows in the order they are shown. Windows are cut from it.
type perm struct {
	ref    string
	key    string // order and filters, encoded
	table  string
	total  int64
	sorted bool // not the frame's own order

	rows   string // the query for the rows themselves, as a copy of them has them
	args   []any
	copied string // the table of that copy, "" while there is none
	failed bool   // it could not be made

	copiedSize int64 // bytes
}

// maxPerms bounds the permutations a session keeps.
const maxPerms = 8

// pass is a permutation on its way. Who wants the same waits for it.
type pass struct {
	view   string
	conn   *duckconn.Conn // on which it runs, nil before
	cancel context.CancelFunc
	done   chan struct{}
	m      *perm
	err    error
}

// permKey tells orders and filters apart.
func permKey(r page.Request) string {
	raw, _ := json.Marshal(struct {
		Sort    []page.Sort
		Filters []page.Filter
		Search  string
		Edits   []string
	}{r.Sort, r.Filters, r.Search, editNames(r)})
	return string(raw)
}

func editNames(r page.Request) []string {
	if r.Edits == nil {
		return nil
	}
	return r.Edits.Kept
}

// permutation returns the pass that answers the request's order and filters, nil
// when rows are wanted as they stand. It is made once, and paged from.
func (sp *Space) permutation(ctx context.Context, p *pin, r page.Request) (*perm, error) {
	o, err := sp.overlay(p, r.Edits)
	if err != nil {
		return nil, err
	}
	if len(r.Sort) == 0 && len(r.Filters) == 0 && r.Search == "" && !o.deleted() {
		sp.endPass(r.View, "")
		return nil, nil
	}
	key := permKey(r)
	sp.mu.Lock()
	for i, m := range sp.perms {
		if m.ref == p.ref && m.key == key {
			sp.perms = append(append(sp.perms[:i:i], sp.perms[i+1:]...), m) // newest last
			sp.mu.Unlock()
			return m, nil
		}
	}
	if w := sp.passes[p.ref+key]; w != nil {
		sp.mu.Unlock()
		select {
		case <-w.done:
			return w.m, w.err
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w := &pass{view: r.View, cancel: cancel, done: make(chan struct{})}
	sp.passes[p.ref+key] = w
	sp.serial++
	name := fmt.Sprintf("p_%d", sp.serial)
	sp.mu.Unlock()
	sp.endPass(r.View, p.ref+key)
	sp.endCopy()
	w.m, w.err = sp.makePass(ctx, w, o, r, name)
	if w.err == nil {
		w.m.ref, w.m.key = p.ref, key
	}
	sp.mu.Lock()
	delete(sp.passes, p.ref+key)
	var old []string
	if w.err == nil {
		sp.perms = append(sp.perms, w.m)
		if len(sp.perms) > maxPerms {
			old = sp.forget(sp.perms[0])
			sp.perms = sp.perms[1:]
		}
	}
	sp.mu.Unlock()
	close(w.done)
	for _, table := range old {
		sp.drop(table)
	}
	return w.m, w.err
}

// endPass cancels what the view asked for before: nobody waits for it.
func (sp *Space) endPass(view, but string) {
	if view == "" {
		return
	}
	sp.mu.Lock()
	defer sp.mu.Unlock()
	for k, w := range sp.passes {
		if w.view == view && k != but {
			w.cancel()
		}
	}
}

// running notes on which connection a pass runs. Passes of two views wait for each
// other there, and the one that waits has the progress of the other.
func (sp *Space) running(w *pass, c *duckconn.Conn) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	w.conn = c
}

// progress is how much of a view's pass is done, nil when nobody can say.
func (sp *Space) progress(view string) *float64 {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	for _, w := range sp.passes {
		if w.view == view && w.conn != nil {
			if part, ok := w.conn.Progress(); ok {
				return &part
			}
		}
	}
	return nil
}

// makePass sorts and filters in one pass over the frame.
func (sp *Space) makePass(ctx context.Context, w *pass, o *overlaid, r page.Request, name string) (*perm, error) {
	p := o.p
	where, err := o.conditions(r)
	if err != nil {
		return nil, err
	}
	var by []string
	for _, s := range r.Sort {
		if s.Column < 0 || s.Column >= len(p.cols) {
			return nil, fmt.Errorf("there is no column %d", s.Column)
		}
		b := o.column(s.Column)
		if s.Desc {
			b += " DESC"
		}
		by = append(by, b+" NULLS LAST")
	}
	from := " FROM " + p.rel + " AS t" + o.joins.String()
	if where != "" {
		from += " WHERE " + where
	}
	if len(by) > 0 {
		from += " ORDER BY " + strings.Join(by, ", ") + ", rid"
	} else if o.joins.Len() > 0 {
		from += " ORDER BY rid"
	}
	c, err := sp.passConn(ctx)
	if err != nil {
		return nil, err
	}
	table := duckconn.Quote(sp.schema) + "." + duckconn.Quote(name)
	sp.running(w, c)
	defer sp.running(w, nil)
	n, err := c.Exec(ctx, "CREATE TABLE "+table+" AS SELECT t."+p.rid+" AS rid"+from, o.args...)
	if err != nil {
		return nil, cmp.Or(misfit(ctx, c, p, r.Filters), err)
	}
	row, err := c.Row(ctx, "SELECT count(*) FROM "+table)
	if err != nil {
		return nil, err
	}
	n, _ = row[0].(int64)
	return &perm{table: table, total: n, sorted: len(by) > 0, rows: "SELECT " + p.copyColumns() + from, args: o.args}, nil
}

// misfit finds a filter's value that its column cannot have: why a pass failed.
func misfit(ctx context.Context, c *duckconn.Conn, p *pin, filters []page.Filter) error {
	for _, f := range filters {
		col := p.cols[f.Column]
		for _, v := range f.Values {
			row, err := c.Row(ctx, "SELECT TRY_CAST($1 AS "+castType(col)+") IS NULL", v)
			if err == nil && row[0] == true && f.Op != "contains" {
				return page.Error(fmt.Sprintf("%q does not fit the column %q, whose type is %s", v, col.Name, col.Type))
			}
		}
	}
	return nil
}

// overlaid is a frame with edits laid over it: what each of its columns is in SQL.
type overlaid struct {
	sp      *Space
	p       *pin
	edits   []keptEdits
	joins   strings.Builder
	args    []any
	columns map[int]string
}

func (sp *Space) overlay(p *pin, e *page.Edits) (*overlaid, error) {
	edits, err := sp.edits(p, e)
	return &overlaid{sp: sp, p: p, edits: edits, columns: map[int]string{}}, err
}

// deleted says whether there are deleted rows.
func (o *overlaid) deleted() bool {
	return slices.ContainsFunc(o.edits, func(k keptEdits) bool { return k.deleted })
}

func (o *overlaid) param(v any) string {
	o.args = append(o.args, v)
	return "$" + strconv.Itoa(len(o.args))
}

// plainText is a number, a date, a time or a word: it cannot end a literal.
var plainText = regexp.MustCompile(`^[0-9A-Za-z:. +-]{1,64}$`)

// constant is a value as a literal when it is safe to write as one: DuckDB looks at
// constants while it scans, and passes over what cannot hold them, but not at
// parameters. Anything else is a parameter.
func (o *overlaid) constant(v string) string {
	if plainText.MatchString(v) {
		return duckconn.Literal(v)
	}
	return o.param(v)
}

// column is the column in SQL: with the edits of it, when it has some.
func (o *overlaid) column(i int) string {
	if sql, ok := o.columns[i]; ok {
		return sql
	}
	col := o.p.cols[i]
	sql := "t." + duckconn.Quote(col.Name)
	for n, k := range o.edits {
		if !slices.Contains(k.columns, i) {
			continue
		}
		e := fmt.Sprintf("e%d_%d", i, n)
		fmt.Fprintf(&o.joins, " LEFT JOIN (SELECT no, value FROM %s WHERE col = %d) AS %s ON %[3]s.no = t.%s", o.sp.in(k.table), i, e, o.p.rid)
		sql = "CASE WHEN " + e + ".no IS NULL THEN " + sql + " ELSE TRY_CAST(" + e + ".value AS " + col.Type + ") END"
	}
	o.columns[i] = sql
	return sql
}

// conditions writes the filters and the search as SQL. Columns come from the
// server's own list, values are parameters.
func (o *overlaid) conditions(r page.Request) (string, error) {
	var parts []string
	for _, f := range r.Filters {
		if f.Column < 0 || f.Column >= len(o.p.cols) {
			return "", fmt.Errorf("there is no column %d", f.Column)
		}
		col := o.p.cols[f.Column]
		name := o.column(f.Column)
		typed := func(v string) string { return "CAST(" + o.constant(v) + " AS " + castType(col) + ")" }
		need := func(n int) error {
			if len(f.Values) < n {
				return fmt.Errorf("the filter %q needs a value", f.Op)
			}
			return nil
		}
		ops := map[string]string{"eq": "=", "ne": "IS DISTINCT FROM", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
		switch f.Op {
		case "eq", "ne", "lt", "le", "gt", "ge":
			if err := need(1); err != nil {
				return "", err
			}
			parts = append(parts, name+" "+ops[f.Op]+" "+typed(f.Values[0]))
		case "contains":
			if err := need(1); err != nil {
				return "", err
			}
			parts = append(parts, "contains(lower(CAST("+name+" AS VARCHAR)), lower("+o.param(f.Values[0])+"))")
		case "in":
			if len(f.Values) == 0 {
				parts = append(parts, "false")
				continue
			}
			var in []string
			for _, v := range f.Values {
				in = append(in, typed(v))
			}
			if castType(col) == "VARCHAR" {
				name = "CAST(" + name + " AS VARCHAR)"
			}
			parts = append(parts, name+" IN ("+strings.Join(in, ", ")+")")
		case "null":
			parts = append(parts, name+" IS NULL")
		case "notnull":
			parts = append(parts, name+" IS NOT NULL")
		default:
			return "", fmt.Errorf("there is no filter %q", f.Op)
		}
	}
	if r.Search != "" && len(o.p.cols) > 0 {
		p := "lower(" + o.param(r.Search) + ")"
		var any []string
		for i := range o.p.cols {
			any = append(any, "contains(lower(CAST("+o.column(i)+" AS VARCHAR)), "+p+")")
		}
		parts = append(parts, "("+strings.Join(any, " OR ")+")")
	}
	for _, k := range o.edits {
		if k.deleted {
			parts = append(parts, "t."+o.p.rid+" NOT IN (SELECT no FROM "+o.sp.in(k.table)+" WHERE col = -1)")
		}
	}
	return strings.Join(parts, " AND "), nil
}

// castType is the type a filter's text is read as. It comes from DuckDB's own
// description; what has no plain text form is compared as text.
func castType(c Column) string {
	switch c.Kind {
	case "int", "decimal", "float", "bool", "date", "time", "datetime":
		return c.Type
	}
	return "VARCHAR"
}

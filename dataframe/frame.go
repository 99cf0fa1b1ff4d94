// Package dataframe is tables of data: a Frame is a lazy relation that DuckDB
// executes. Nothing runs until a frame is shown, counted or collected.
//
//	flights, err := dataframe.ReadParquet("flights.parquet")
//	late := flights.Filter("delay > $1", 15).GroupBy("origin").Agg("avg(delay) AS delay", "count(*) AS n")
//	st.Dataframe(late.Sort("delay DESC"))
//
// Verbs return a new frame and never fail by themselves: an error stays with the
// frame, comes out of Err, Count and Collect, and is shown in the frame's place.
// Expressions are SQL of DuckDB; values go in as parameters ($1, ?, $name).
//
// The same verbs work on what a connection to another engine yields. That engine then
// does the work, and expressions are of its SQL; just a full join in MySQL, a Pivot of
// several aggregates, and Join and Union with a frame from elsewhere fetch the rows
// first. So do a grid and an editor that show such a frame; a chart fetches points as
// many as it has pixels for.
package dataframe

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"stnb.dev/duckconn"
)

// Frame is a lazy table. It is immutable; the zero Frame is not usable.
type Frame struct {
	sp     *Space
	text   string // a query, with parameters $1 to $len(args)
	args   []any
	locals []*local // Go data the text names as tables
	own    *local   // set when the frame is just this data
	err    error
	files  []string // that the text reads, for caches
	pure   bool     // made of Go data and kept files alone: its columns never change

	base   *base  // set when the frame is just this file
	frozen string // set when the frame is just this table, which never changes: that of locals[0]
	remote Remote // another engine that runs text, nil for DuckDB
	order  string // of another engine: the rows' order; open when the text ends with it
	open   bool
	cols   *columnsOnce
}

// Remote is another SQL engine that runs a frame's query, such as a connection to
// PostgreSQL. Query calls each for every row, as duckconn does.
type Remote interface {
	// Dialect is "duckdb", "sqlite", "postgres" or "mysql".
	Dialect() string
	Query(ctx context.Context, query string, args []any, each func(row []any) error) ([]duckconn.Column, error)
}

// failed returns a frame that only carries an error.
func failed(sp *Space, err error) *Frame {
	return &Frame{sp: sp, err: err, cols: &columnsOnce{}}
}

// Err returns the error of the frame or of any verb that led to it; it finds
// mistakes in names and types without running the query.
func (f *Frame) Err() error {
	if f == nil {
		return errors.New("the frame is nil")
	}
	if f.err != nil {
		return f.err
	}
	_, err := f.Columns()
	return err
}

// from is the frame as something that can stand after FROM. It returns the text
// with parameters numbered from first+1.
func (f *Frame) from(first int) string {
	if f.own != nil {
		return f.sp.table(f.own)
	}
	return "(" + duckconn.ShiftParams(f.text, first) + ")"
}

// derive builds a frame of one query over f: format's %s is f.
func (f *Frame) derive(format string, args ...any) *Frame {
	if f == nil {
		return failed(nil, errors.New("the frame is nil"))
	}
	if f.err != nil {
		return f
	}
	from := f.from(0)
	if f.remote != nil && !strings.Contains(format, "%s AS ") {
		from += " AS t" // which most engines want
	}
	return &Frame{
		sp: f.sp, text: strings.Replace(format, "%s", from, 1), args: append(slices.Clone(f.args), args...),
		locals: f.locals, files: f.files, pure: f.pure, remote: f.remote, cols: &columnsOnce{},
	}
}

func (f *Frame) fail(format string, args ...any) *Frame {
	if f != nil && f.err != nil {
		return f
	}
	var sp *Space
	if f != nil {
		sp = f.sp
	}
	return failed(sp, fmt.Errorf(format, args...))
}

// Select keeps columns, in this order. A column is a name, or an expression with
// AS: Select("origin", "delay / 60 AS hours").
func (f *Frame) Select(columns ...string) *Frame {
	if len(columns) == 0 {
		return f.fail("Select needs at least one column")
	}
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = f.expression(c)
	}
	return f.derive("SELECT " + escape(strings.Join(list, ", ")) + " FROM %s")
}

// expression quotes what is just a column's name and leaves SQL as it is.
func (f *Frame) expression(text string) string {
	if f == nil || f.err != nil {
		return text
	}
	if cols, err := f.Columns(); err == nil {
		for _, c := range cols {
			if c.Name == text {
				return f.quote(text)
			}
		}
	}
	return text
}

// escape keeps a literal %s of an expression from being taken for the frame.
func escape(sql string) string { return strings.ReplaceAll(sql, "%s", "%\x00s") }

// Filter keeps the rows for which the condition holds: Filter("delay > $1", 15).
func (f *Frame) Filter(condition string, args ...any) *Frame {
	if f == nil || f.err != nil {
		return f.derive("")
	}
	cond, bound, err := duckconn.Bind(condition, args)
	if err != nil {
		return f.fail("Filter(%q): %w", condition, err)
	}
	g := f.derive("SELECT * FROM %s WHERE "+escape(duckconn.ShiftParams(cond, len(f.args)))+f.again(), bound...)
	g.order, g.open = f.order, f.order != ""
	return g
}

// With adds a computed column, or replaces the one with that name:
// With("hours", "delay / 60").
func (f *Frame) With(name, expression string, args ...any) *Frame {
	if f == nil || f.err != nil {
		return f.derive("")
	}
	expr, bound, err := duckconn.Bind(expression, args)
	if err != nil {
		return f.fail("With(%q): %w", name, err)
	}
	expr = escape(duckconn.ShiftParams(expr, len(f.args)))
	cols, err := f.Columns()
	if err != nil {
		return f.fail("%w", err)
	}
	var list []string
	found := false
	for _, c := range cols {
		if c.Name == name {
			list = append(list, "("+expr+") AS "+escape(f.quote(name)))
			found = true
		} else {
			list = append(list, escape(f.quote(c.Name)))
		}
	}
	if !found {
		list = append(list, "("+expr+") AS "+escape(f.quote(name)))
	}
	return f.derive("SELECT "+strings.Join(list, ", ")+" FROM %s", bound...)
}

// Grouped is a frame split in groups, waiting for Agg.
type Grouped struct {
	f    *Frame
	keys []string
}

// GroupBy splits the rows in groups of equal keys. A key is a column's name or an
// expression.
func (f *Frame) GroupBy(keys ...string) *Grouped {
	list := make([]string, len(keys))
	for i, k := range keys {
		list[i] = f.expression(k)
	}
	return &Grouped{f: f, keys: list}
}

// Agg makes one row of each group: its keys and the aggregates, such as
// "avg(delay) AS delay". Rows come in the order of the keys.
func (g *Grouped) Agg(aggregates ...string) *Frame {
	list := append(slices.Clone(g.keys), aggregates...)
	if len(list) == 0 {
		return g.f.fail("Agg needs an aggregate, such as count(*)")
	}
	q := "SELECT " + escape(strings.Join(list, ", ")) + " FROM %s"
	if len(g.keys) == 0 {
		return g.f.derive(q)
	}
	n := make([]string, len(g.keys))
	for i := range n {
		n[i] = fmt.Sprint(i + 1)
	}
	by := strings.Join(n, ", ")
	return g.f.derive(q + " GROUP BY " + by + " ORDER BY " + by).inOrder(by)
}

// Agg makes one row of all rows: Agg("count(*) AS n", "max(delay) AS worst").
func (f *Frame) Agg(aggregates ...string) *Frame { return f.GroupBy().Agg(aggregates...) }

// Join joins another frame on columns that both have. kind is "inner", "left",
// "right", "full", "semi" or "anti".
func (f *Frame) Join(other *Frame, kind string, columns ...string) *Frame {
	if f == nil || f.err != nil {
		return f.derive("")
	}
	if other == nil || other.err != nil {
		return f.fail("Join: the other frame: %w", other.Err())
	}
	if !slices.Contains([]string{"inner", "left", "right", "full", "semi", "anti"}, kind) {
		return f.fail("Join: the kind is %q; it is one of inner, left, right, full, semi, anti", kind)
	}
	if len(columns) == 0 {
		return f.fail("Join needs the columns to join on")
	}
	for _, c := range columns {
		for i, side := range []string{"left", "right"} {
			cols, err := []*Frame{f, other}[i].Columns()
			if err == nil {
				_, err = indexOf(cols, c)
			}
			if err != nil {
				return f.fail("Join: the %s frame: %w", side, err)
			}
		}
	}
	if f, other = together(f, other); f.err != nil || other.err != nil {
		return f.fail("Join: %w", errors.Join(f.err, other.err))
	}
	switch {
	case f.dialect() == "mysql" && kind == "full":
		return f.here().Join(other.here(), kind, columns...)
	case f.remote != nil && (kind == "semi" || kind == "anti"):
		return f.matching(other, kind, columns)
	case f.remote != nil:
		return f.joined(other, kind, columns)
	}
	using := make([]string, len(columns))
	for i, c := range columns {
		using[i] = f.quote(c)
	}
	q := "SELECT * FROM %s AS a " + strings.ToUpper(kind) + " JOIN " + escape(other.from(len(f.args))) + " AS b USING (" + escape(strings.Join(using, ", ")) + ")"
	out := f.derive(q, other.args...)
	out.locals = append(slices.Clone(f.locals), other.locals...)
	out.files = append(slices.Clone(f.files), other.files...)
	out.pure = f.pure && other.pure
	return out
}

// Sort orders the rows: Sort("delay DESC", "origin").
func (f *Frame) Sort(by ...string) *Frame {
	if len(by) == 0 {
		return f.fail("Sort needs a column")
	}
	list := make([]string, len(by))
	for i, b := range by {
		name, dir := b, ""
		if j := strings.LastIndexByte(b, ' '); j > 0 {
			if d := strings.ToUpper(b[j+1:]); d == "DESC" || d == "ASC" {
				name, dir = b[:j], " "+d
			}
		}
		list[i] = f.expression(name) + dir
	}
	order := escape(strings.Join(list, ", "))
	return f.derive("SELECT * FROM %s ORDER BY " + order).inOrder(order)
}

// Limit keeps the first n rows.
func (f *Frame) Limit(n int) *Frame {
	return f.cut(fmt.Sprintf(" LIMIT %d", max(n, 0)))
}

// Offset skips the first n rows.
func (f *Frame) Offset(n int) *Frame {
	return f.cut(fmt.Sprintf(" LIMIT 9223372036854775807 OFFSET %d", max(n, 0)))
}

// Distinct drops rows that are there already.
func (f *Frame) Distinct() *Frame { return f.derive("SELECT DISTINCT * FROM %s") }

// Sample keeps n rows by chance, the same ones each time.
func (f *Frame) Sample(n int) *Frame {
	if f != nil && f.err == nil && f.remote != nil {
		return f.sampled(max(n, 1))
	}
	return f.derive(fmt.Sprintf("SELECT * FROM %%s USING SAMPLE reservoir(%d ROWS) REPEATABLE (1)", max(n, 1)))
}

// Describe summarises every column: type, nulls, distinct values, range, mean,
// quartiles.
func (f *Frame) Describe() *Frame {
	if f != nil && f.err == nil && f.remote != nil {
		return f.described()
	}
	return f.derive(`SELECT column_name, column_type, "min", "max", approx_unique, "avg", std, q25, q50, q75, "count", null_percentage FROM (SUMMARIZE SELECT * FROM %s)`)
}

// Pivot makes columns of the values of on: Pivot("month", "sum(sales)", "shop")
// has a row for each shop and a column for each month.
func (f *Frame) Pivot(on, aggregate string, by ...string) *Frame {
	if f == nil || f.err != nil {
		return f.derive("")
	}
	list := make([]string, len(by))
	for i, b := range by {
		list[i] = f.expression(b)
	}
	if f.remote != nil {
		return f.pivoted(on, aggregate, list)
	}
	pivot := " ON " + escape(f.expression(on)) + " USING " + escape(aggregate) + " GROUP BY "
	if len(by) == 0 { // PIVOT alone would group by every other column
		return f.derive(`SELECT * EXCLUDE ("all rows") FROM (PIVOT (SELECT *, 1 AS "all rows" FROM %s)` + pivot + `"all rows")`)
	}
	return f.derive("SELECT * FROM (PIVOT %s" + pivot + escape(strings.Join(list, ", ")) + ")")
}

// Union puts the rows of another frame below; columns match by name.
func (f *Frame) Union(other *Frame) *Frame {
	if f == nil || f.err != nil {
		return f.derive("")
	}
	if other == nil || other.err != nil {
		return f.fail("Union: the other frame: %w", other.Err())
	}
	if f, other = together(f, other); f.err != nil || other.err != nil {
		return f.fail("Union: %w", errors.Join(f.err, other.err))
	}
	if f.remote != nil {
		return f.stacked(other)
	}
	out := f.derive("SELECT * FROM %s UNION ALL BY NAME SELECT * FROM "+escape(other.from(len(f.args))), other.args...)
	out.locals = append(slices.Clone(f.locals), other.locals...)
	out.files = append(slices.Clone(f.files), other.files...)
	out.pure = f.pure && other.pure
	return out
}

// SQL runs a query over the frame, which the query calls "this":
// SQL("SELECT origin, count(*) AS n FROM this GROUP BY ALL").
func (f *Frame) SQL(query string, args ...any) *Frame {
	if f == nil || f.err != nil {
		return f.derive("")
	}
	q, bound, err := duckconn.Bind(query, args)
	if err != nil {
		return f.fail("SQL: %w", err)
	}
	out := f.derive("WITH this AS (SELECT * FROM %s) "+escape(duckconn.ShiftParams(duckconn.TrimQuery(q), len(f.args))), bound...)
	out.pure = false
	return out
}

// Explain returns the SQL that the frame stands for.
func (f *Frame) Explain() string {
	if f == nil {
		return ""
	}
	if f.err != nil {
		return "-- " + f.err.Error()
	}
	if f.own != nil {
		return "SELECT * FROM " + f.from(0)
	}
	return f.query()
}

func (f *Frame) query() string {
	if f.own != nil {
		return "SELECT * FROM " + f.from(0)
	}
	return strings.ReplaceAll(f.text, "\x00", "")
}

// indexOf finds a column; its error names those there are, the likeliest first.
func indexOf(cols []Column, name string) (int, error) {
	meant, least := "", len([]rune(name))/2+1
	for i, c := range cols {
		if c.Name == name {
			return i, nil
		}
		if d := distance(strings.ToLower(c.Name), strings.ToLower(name)); d < least {
			meant, least = fmt.Sprintf(" (is it %q?)", c.Name), d
		}
	}
	return -1, fmt.Errorf("there is no column %q%s; there are %s", name, meant, names(cols))
}

// distance is how many characters must be put in, taken out or changed to make one
// text of the other.
func distance(a, b string) int {
	to := []rune(b)
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range []rune(a) {
		left := row[0]
		row[0] = i + 1
		for j, y := range to {
			change := left
			if x != y {
				change++
			}
			left = row[j+1]
			row[j+1] = min(change, left+1, row[j]+1)
		}
	}
	return row[len(to)]
}

// names lists the first twenty columns.
func names(cols []Column) string {
	const most = 20
	list := make([]string, min(len(cols), most))
	for i := range list {
		list[i] = cols[i].Name
	}
	if more := len(cols) - most; more > 0 {
		return strings.Join(list, ", ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(list, ", ")
}

// Column describes a column of a frame.
type Column struct {
	Name string
	Type string // DuckDB's name of the type
	Kind string // "int" "float" "decimal" "text" "bool" "date" "time" "datetime" "list" "struct" "blob" "other"
}

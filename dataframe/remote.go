package dataframe

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"stnb.dev/duckconn"
)

// A frame of another engine stays there: its verbs make longer queries, and that
// engine runs them. What its dialect has no words for is done in DuckDB, over the
// rows that the engine yields.

// here is the frame as one of DuckDB's.
func (f *Frame) here() *Frame {
	if f == nil || f.err != nil || f.remote == nil {
		return f
	}
	g, err := f.sp.pull(f.sp.cfg.Context(), f)
	if err != nil {
		return failed(f.sp, err)
	}
	return g
}

// together makes two frames ones that the same engine has.
func together(f, other *Frame) (*Frame, *Frame) {
	if f.remote == other.remote {
		return f, other
	}
	return f.here(), other.here()
}

// dialect is "" for DuckDB itself.
func (f *Frame) dialect() string {
	if f == nil || f.remote == nil {
		return ""
	}
	return f.remote.Dialect()
}

func (f *Frame) quote(name string) string {
	if f.dialect() == "mysql" {
		return "`" + strings.ReplaceAll(name, "`", "``") + "`"
	}
	return duckconn.Quote(name)
}

// inOrder marks a frame of another engine whose rows are ordered by the list at the
// end of its text. MariaDB forgets the order of a query inside of another one, so
// verbs that keep the order say it again.
func (f *Frame) inOrder(list string) *Frame {
	if f.err == nil && f.remote != nil {
		f.order, f.open = strings.ReplaceAll(list, "\x00", ""), true
	}
	return f
}

// again is the order of f, to stand at the end of a query over it.
func (f *Frame) again() string {
	if f.order == "" {
		return ""
	}
	return " ORDER BY " + escape(f.order)
}

// cut is a part of the rows, as " LIMIT 5" says it.
func (f *Frame) cut(limit string) *Frame {
	if f == nil || f.err != nil || f.order == "" {
		return f.derive("SELECT * FROM %s" + limit)
	}
	g := f.derive("SELECT * FROM %s" + f.again() + limit)
	if f.open {
		g.text = f.text + limit
	}
	g.order, g.cols = f.order, f.cols
	return g
}

// joined is a join whose columns come as DuckDB has them: those of f, then the others
// of other. Other engines would put the columns of USING in front.
func (f *Frame) joined(other *Frame, kind string, columns []string) *Frame {
	mine, err := f.Columns()
	if err != nil {
		return f.fail("Join: %w", err)
	}
	theirs, err := other.Columns()
	if err != nil {
		return f.fail("Join: %w", err)
	}
	var list, on []string
	for _, c := range columns {
		on = append(on, "a."+f.quote(c)+" = b."+f.quote(c))
	}
	taken := map[string]bool{}
	for _, c := range mine {
		q := f.quote(c.Name)
		taken[strings.ToLower(c.Name)] = true
		switch key := slices.Contains(columns, c.Name); {
		case key && kind == "full":
			list = append(list, "COALESCE(a."+q+", b."+q+") AS "+q)
		case key && kind == "right":
			list = append(list, "b."+q)
		default:
			list = append(list, "a."+q)
		}
	}
	for _, c := range theirs {
		if slices.Contains(columns, c.Name) {
			continue
		}
		name := c.Name
		for n := 1; taken[strings.ToLower(name)]; n++ {
			name = fmt.Sprintf("%s_%d", c.Name, n)
		}
		taken[strings.ToLower(name)] = true
		list = append(list, "b."+f.quote(c.Name)+" AS "+f.quote(name))
	}
	return f.derive("SELECT "+escape(strings.Join(list, ", "))+" FROM %s AS a "+strings.ToUpper(kind)+" JOIN "+escape(other.from(len(f.args)))+" AS b ON "+
		escape(strings.Join(on, " AND ")), other.args...)
}

// matching is a semi or anti join in words that every engine has.
func (f *Frame) matching(other *Frame, kind string, columns []string) *Frame {
	on := make([]string, len(columns))
	for i, c := range columns {
		q := escape(f.quote(c))
		on[i] = "b." + q + " = a." + q
	}
	not := ""
	if kind == "anti" {
		not = "NOT "
	}
	g := f.derive("SELECT a.* FROM %s AS a WHERE "+not+"EXISTS (SELECT 1 FROM "+escape(other.from(len(f.args)))+" AS b WHERE "+strings.Join(on, " AND ")+")"+f.again(), other.args...)
	return g
}

// stacked puts rows below each other by the names of columns, in words that every
// engine has: what one side lacks is null.
func (f *Frame) stacked(other *Frame) *Frame {
	mine, err := f.Columns()
	if err != nil {
		return f.fail("Union: %w", err)
	}
	theirs, err := other.Columns()
	if err != nil {
		return f.fail("Union: %w", err)
	}
	all := slices.Clone(mine)
	has := func(cols []Column, name string) bool {
		return slices.ContainsFunc(cols, func(c Column) bool { return strings.EqualFold(c.Name, name) })
	}
	for _, c := range theirs {
		if !has(all, c.Name) {
			all = append(all, c)
		}
	}
	list := func(cols []Column) string {
		out := make([]string, len(all))
		for i, c := range all {
			out[i] = f.quote(c.Name)
			if !has(cols, c.Name) {
				out[i] = "NULL AS " + out[i]
			}
		}
		return escape(strings.Join(out, ", "))
	}
	return f.derive("SELECT "+list(mine)+" FROM %s AS t UNION ALL SELECT "+list(theirs)+" FROM "+escape(other.from(len(f.args)))+" AS t", other.args...)
}

// mostColumns is how many columns one query has a word for each of. No engine takes
// more than some hundreds or thousands.
const mostColumns = 500

// sampled is Sample done where the rows are. The order of their scrambled selves has
// nothing to do with what is in them, and is the same each time; equal rows, which
// would stand side by side in it, are told apart by their numbers.
func (f *Frame) sampled(n int) *Frame {
	cols, err := f.Columns()
	if err != nil {
		return f.fail("Sample: %w", err)
	}
	if len(cols) > mostColumns {
		return f.here().Sample(n)
	}
	d := dialectOf(f.dialect())
	list := make([]string, len(cols))
	for i, c := range cols {
		list[i] = "t." + f.quote(c.Name)
	}
	number := f.quote("the row")
	q := "SELECT " + escape(join(list)) + " FROM (SELECT t.*, row_number() OVER (ORDER BY " + escape(d.scramble(list)) + ") AS " + number +
		" FROM %s AS t) AS t ORDER BY " + d.scramble([]string{"t." + number}) + fmt.Sprintf(" LIMIT %d", n)
	g := f.derive(q)
	g.cols = &columnsOnce{done: true, cols: cols}
	return g
}

// described is Describe done where the rows are: aggregates come, not rows. What the
// values are is known from some of them, since engines differ in their types.
func (f *Frame) described() *Frame {
	some := f.Limit(1000).here()
	if some.err != nil {
		return some
	}
	var rows [][]any
	for cols := range slices.Chunk(some.own.columns(), 100) {
		more, err := f.describe(cols)
		if err != nil {
			return f.fail("Describe: %w", err)
		}
		rows = append(rows, more...)
	}
	names := []string{"column_name", "column_type", "min", "max", "approx_unique", "avg", "std", "q25", "q50", "q75", "count", "null_percentage"}
	cols := make([]duckconn.Column, len(names))
	for i, name := range names {
		cols[i] = duckconn.Column{Name: name, Type: "VARCHAR"}
	}
	return f.sp.local(localOf(cols, rows))
}

func (f *Frame) describe(cols []Column) ([][]any, error) {
	d := dialectOf(f.dialect())
	list := []string{"count(*)"}
	for _, c := range cols {
		e := "t." + f.quote(c.Name)
		mean := "NULL"
		switch {
		case isNumber(c.Kind):
			mean = "avg(" + d.number(e) + ")"
		case xType(c.Kind) == "category": // such as truth values, of which not every engine has the least
			e = d.text(e)
		}
		list = append(list, fmt.Sprintf("count(%[1]s), min(%[1]s), max(%[1]s), count(DISTINCT %[1]s), %[2]s", e, mean))
	}
	all, err := f.derive("SELECT " + escape(join(list)) + " FROM %s AS t").first()
	if err != nil {
		return nil, err
	}
	total, _ := all[0].(int64)
	rows := make([][]any, len(cols))
	for i, c := range cols {
		of := all[1+5*i:]
		n, _ := of[0].(int64)
		row := []any{c.Name, c.Type, asText(of[1]), asText(of[2]), of[3], asText(of[4]), nil, nil, nil, nil, total, nil}
		if total > 0 {
			row[11] = duckconn.Decimal(fmt.Sprintf("%.2f", float64(total-n)/float64(total)*100))
		}
		if mean, ok := Number(of[4]); ok && n > 0 {
			x := d.number("t." + f.quote(c.Name))
			less := "(x - (" + sqlFloat(mean) + "))"
			q := "WITH v AS (SELECT " + escape(x) + " AS x FROM %s AS t WHERE t." + escape(f.quote(c.Name)) + " IS NOT NULL) SELECT (SELECT sum(" + less + " * " + less + ") FROM v)"
			for _, part := range []float64{0.25, 0.5, 0.75} {
				q += fmt.Sprintf(", (SELECT x FROM v ORDER BY x LIMIT 1 OFFSET %d)", int64(part*float64(n-1)+0.5))
			}
			more, err := f.derive(q).first()
			if err != nil {
				return nil, err
			}
			if squares, ok := Number(more[0]); ok && n > 1 {
				row[6] = asText(math.Sqrt(squares / float64(n-1)))
			}
			for j := range 3 {
				row[7+j] = asText(more[1+j])
			}
		}
		rows[i] = row
	}
	return rows, nil
}

// asText is a value as text, and none when there is none.
func asText(v any) any {
	if v == nil {
		return nil
	}
	return duckconn.Text(v)
}

// first is the one row of a query that has one.
func (f *Frame) first() ([]any, error) {
	var first []any
	err := f.Each(func(row []any) error {
		first = slices.Clone(row)
		return nil
	})
	if err == nil && first == nil {
		err = errors.New("the query has no row")
	}
	return first, err
}

// pivoted is Pivot of an aggregate: groups come, not rows, and become columns here. by
// are expressions.
func (f *Frame) pivoted(on, aggregate string, by []string) *Frame {
	if !isCall(aggregate) {
		return f.here().Pivot(on, aggregate, by...)
	}
	numbers := make([]string, len(by)+1)
	for i := range numbers {
		numbers[i] = strconv.Itoa(i + 1)
	}
	list := append(slices.Clone(by), f.expression(on)+" AS "+f.quote("the column"), aggregate+" AS "+f.quote("the value"))
	groups := f.derive("SELECT " + escape(join(list)) + " FROM %s AS t GROUP BY " + join(numbers)).here()
	// What stands where there is no group: a count is 0 there, a sum nothing.
	none, err := f.derive("SELECT " + escape(aggregate) + " FROM %s AS t WHERE 1 = 0").first()
	if groups.err != nil || err != nil {
		return f.fail("Pivot: %w", errors.Join(groups.err, err))
	}
	value := `first("the value")`
	if none[0] != nil {
		value = "coalesce(" + value + ", " + duckconn.Literal(duckconn.Text(none[0])) + ")"
	}
	names := make([]string, len(by))
	for i, c := range groups.own.columns()[:len(by)] {
		names[i] = duckconn.Quote(c.Name)
	}
	return groups.Pivot("the column", value, names...)
}

// isCall says whether SQL is one call of a func, such as sum(a), and nothing around it.
func isCall(sql string) bool {
	open := strings.IndexByte(sql, '(')
	if open < 0 || strings.ContainsAny(sql, "'\"`") {
		return false
	}
	depth := 0
	for i := open; i < len(sql); i++ {
		switch sql[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return strings.TrimSpace(sql[i+1:]) == ""
			}
		}
	}
	return false
}

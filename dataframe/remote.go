package dataframe

import (
	"fmt"
	"slices"
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

package dataframe

import "strings"

// dialect is how an engine says what engines say differently. Each func takes an
// expression and returns one.
type dialect struct {
	number func(e string) string // as a float
	text   func(e string) string
	millis func(e string) string // a date or date-time as milliseconds since 1970, a float
	finite func(e string) string // whether a float is neither missing, NaN nor infinite
	whole  func(e string) string // a float that is not negative without its fraction
	one    func(e string) string // the aggregate that is the value of one of the rows
	// scramble is text without an order of its own, which equal rows have in common.
	// DuckDB needs none.
	scramble func(columns []string) string
}

// dialectOf takes the names that Remote.Dialect gives, and "" for DuckDB itself.
func dialectOf(name string) dialect {
	around := func(before, after string) func(string) string {
		return func(e string) string { return before + e + after }
	}
	switch name {
	case "postgres":
		return dialect{
			number:   around("CAST(", " AS DOUBLE PRECISION)"),
			text:     around("CAST(", " AS TEXT)"),
			millis:   around("CAST(EXTRACT(EPOCH FROM ", ") * 1000 AS DOUBLE PRECISION)"),
			finite:   around("", " NOT IN ('NaN', 'Infinity', '-Infinity')"),
			whole:    around("CAST(floor(", ") AS INTEGER)"),
			one:      around("min(", ")"),
			scramble: func(columns []string) string { return "md5(CAST(ROW(" + join(columns) + ") AS TEXT))" },
		}
	case "mysql":
		return dialect{
			number: around("(", " + 0e0)"),
			text:   around("CAST(", " AS CHAR)"),
			millis: around("(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', ", ") / 1e3)"),
			finite: around("", " IS NOT NULL"),
			whole:  around("CAST(floor(", ") AS SIGNED)"),
			one:    around("min(", ")"),
			scramble: func(columns []string) string {
				quoted := make([]string, len(columns))
				for i, c := range columns {
					quoted[i] = "QUOTE(" + c + ")" // which tells null from 'NULL', and ends what it quotes
				}
				return "md5(CONCAT(" + join(quoted) + "))"
			},
		}
	case "sqlite":
		return dialect{
			number: around("CAST(", " AS REAL)"),
			text:   around("CAST(", " AS TEXT)"),
			millis: around("((julianday(", ") - 2440587.5) * 86400000.0)"),
			finite: around("abs(", ") <= 1.7976931348623157e308"),
			whole:  around("CAST(", " AS INTEGER)"),
			one:    around("min(", ")"),
			scramble: func(columns []string) string {
				quoted := make([]string, len(columns))
				for i, c := range columns {
					quoted[i] = "quote(" + c + ")"
				}
				return "stnb_scramble(" + strings.Join(quoted, " || ") + ")"
			},
		}
	}
	return dialect{
		number: around("CAST(", " AS DOUBLE)"),
		text:   around("CAST(", " AS VARCHAR)"),
		millis: around("CAST(epoch_ms(CAST(", " AS TIMESTAMP)) AS DOUBLE)"),
		finite: around("isfinite(", ")"),
		whole:  around("CAST(floor(", ") AS INTEGER)"),
		one:    around("any_value(", ")"),
	}
}

func join(list []string) string { return strings.Join(list, ", ") }

package dataframe

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"stnb.dev/duckconn"
)

// ReadCSV reads a CSV file; its types are found by looking. The name may have *
// for many files and be compressed (.gz, .zst).
func (sp *Space) ReadCSV(name string) (*Frame, error) { return sp.read("read_csv", name) }

// ReadParquet reads a Parquet file, or many by *.
func (sp *Space) ReadParquet(name string) (*Frame, error) { return sp.read("read_parquet", name) }

// ReadJSON reads a file of JSON: a list of objects, or an object a line.
func (sp *Space) ReadJSON(name string) (*Frame, error) { return sp.read("read_json", name) }

func (sp *Space) read(fn, name string) (*Frame, error) {
	f := &Frame{sp: sp, files: []string{sp.path(name)}, cols: &columnsOnce{}}
	if l := sp.cfg.Shared.file(fn, sp.path(name)); l != nil && fn != "read_parquet" {
		f.text, f.locals, f.pure = "SELECT * FROM "+sp.cfg.Shared.table(l), []*local{l}, true
	} else {
		f.text = "SELECT * FROM " + fn + "(" + duckconn.Literal(sp.path(name)) + ")"
	}
	if fn == "read_parquet" {
		f.base = parquetBase(sp.path(name))
	}
	cols, err := f.Columns()
	if err != nil {
		f.err = readError(name, err)
	} else if fn == "read_csv" && len(cols) == 1 {
		f.err = ragged(f, name)
	}
	return f, f.err
}

// separators are what may stand between the fields of a line.
var separators = []string{",", ";", "\t", "|"}

// ragged refuses a file that DuckDB took for one column because some line of it has
// more fields than the others, or fewer: it would be shown as if it had none.
func ragged(f *Frame, name string) error {
	cols, err := f.Columns()
	if err != nil {
		return err
	}
	// Fields are counted by what is between them, outside of quotes.
	counted := func(sep string) string {
		bare := `regexp_replace(CAST(` + f.quote(cols[0].Name) + ` AS VARCHAR), '"[^"]*"', '', 'g')`
		return "(len(" + bare + ") - len(replace(" + bare + ", " + duckconn.Literal(sep) + ", '')))"
	}
	head := quotedText.ReplaceAllString(cols[0].Name, "")
	for _, sep := range separators {
		fields := strings.Count(head, sep)
		first := 2 // the line of the first row
		if head == "column0" {
			fields, first = -1, 1
		}
		row, err := f.derive("WITH n AS (SELECT " + escape(counted(sep)) + " AS n, row_number() OVER () AS line FROM %s), " +
			"k AS (SELECT CASE WHEN " + strconv.Itoa(fields) + " >= 0 THEN " + strconv.Itoa(fields) + " ELSE mode(n) END AS k FROM n) " +
			"SELECT any_value(k), count(*) FILTER (WHERE n = k), count(*), min(line) FILTER (WHERE n <> k), arg_min(n, line) FILTER (WHERE n <> k) FROM n, k").first()
		if err != nil {
			return readError(name, err)
		}
		k, _ := row[0].(int64)
		same, _ := row[1].(int64)
		all, _ := row[2].(int64)
		line, odd := row[3].(int64)
		n, _ := row[4].(int64)
		if k > 0 && odd && 2*same > all {
			return fmt.Errorf("%s: line %d has %d fields, the lines before it have %d: mend it, or read what can be read by read_csv('%[1]s', delim = '%[5]s', null_padding = true, ignore_errors = true) in SQL", name, line+int64(first)-1, n+1, k+1, sep)
		}
	}
	return nil
}

var quotedText = regexp.MustCompile(`"[^"]*"`)

var settings = regexp.MustCompile(`\n\s*file = `)

// readError says what is wrong with a file in one line.
func readError(name string, err error) error {
	t := err.Error()
	if strings.Contains(t, "No files found") {
		return fmt.Errorf("%s: there is no such file", name)
	}
	// What DuckDB took the file for is a page of settings nobody made.
	if at := settings.FindStringIndex(t); at != nil {
		return fmt.Errorf("%s: %s", name, strings.TrimSpace(t[:at[0]]))
	}
	_, _, t = duckconn.Where("", err) // without the query, which nobody wrote
	if strings.Contains(t, "magic bytes") || strings.Contains(t, "too small to be a Parquet file") {
		return fmt.Errorf("%s: this is no Parquet file, or not the whole of one: its end is missing (%s)", name, t)
	}
	return fmt.Errorf("%s: %s", name, t)
}

package dataframe

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stnb.dev/dataframe/page"
)

// looks shows a frame as a grid does, and returns its first rows as text.
func looks(sp *Space, f *Frame) (string, error) {
	shown, err := sp.Pin(f, "odd")
	if err != nil {
		return "", err
	}
	reply, blob, err := sp.Page(context.Background(), page.Request{Frame: shown.Ref, Format: "csv"})
	if err != nil {
		return "", err
	}
	if _, _, err := sp.Page(context.Background(), page.Request{Frame: shown.Ref, Limit: 10}); err != nil {
		return "", err
	}
	all := make([]int, len(shown.Columns))
	for i := range all {
		all[i] = i
	}
	if len(all) < 50 {
		if _, _, err := sp.Page(context.Background(), page.Request{Frame: shown.Ref, Summary: all}); err != nil {
			return "", fmt.Errorf("summary: %w", err)
		}
	}
	for i := range all {
		if len(all) >= 50 {
			break
		}
		if _, _, err := sp.Page(context.Background(), page.Request{Frame: shown.Ref, Limit: 10, Sort: []page.Sort{{Column: i}}, Search: "x"}); err != nil {
			return "", fmt.Errorf("sort and search: %w", err)
		}
	}
	text := strings.ReplaceAll(strings.TrimPrefix(string(blob), "\ufeff"), "\r\n", "|")
	return fmt.Sprint(reply.Total, " ", strings.TrimSuffix(text, "|")), nil
}

// TestOddData: data of every kind is shown as it is.
func TestOddData(t *testing.T) {
	sp := space(t)
	zone := time.FixedZone("", 2*3600)
	wide := make([]string, 5000)
	for i := range wide {
		wide[i] = fmt.Sprintf("%d AS c%d", i, i)
	}
	for name, test := range map[string]struct {
		frame *Frame
		want  string
	}{
		"no rows":             {sp.SQL("SELECT 1 AS a, 'x' AS b WHERE false"), "0 a,b"},
		"no rows in Go":       {sp.From([]struct{ A int }{}), "0 A"},
		"all nulls":           {sp.SQL("SELECT NULL AS a, NULL::INTEGER AS b FROM range(2)"), "2 a,b|,|,"},
		"NaN and Inf":         {sp.SQL("SELECT 'nan'::DOUBLE AS a, 'inf'::DOUBLE AS b, '-inf'::DOUBLE AS c"), "1 a,b,c|NaN,+Inf,-Inf"},
		"NaN and Inf in Go":   {sp.From([]float64{math.NaN(), math.Inf(1), 1.5}), "3 value|NaN|+Inf|1.5"},
		"decimals":            {sp.SQL("SELECT 12345678901234567890.123456789::DECIMAL(38,9) AS a, -0.10::DECIMAL(4,2) AS b"), "1 a,b|12345678901234567890.123456789,-0.10"},
		"128-bit integers":    {sp.SQL("SELECT 170141183460469231731687303715884105727::HUGEINT AS a, 18446744073709551615::UBIGINT AS b"), "1 a,b|170141183460469231731687303715884105727,18446744073709551615"},
		"uint64 in Go":        {sp.From([]uint64{math.MaxUint64, 1}), "2 value|18446744073709551615|1"},
		"dates before 1970":   {sp.SQL("SELECT DATE '0044-03-15' AS a, TIMESTAMP '1815-12-10 01:02:03.5' AS b"), "1 a,b|0044-03-15,1815-12-10 01:02:03.5"},
		"time zones":          {sp.SQL("SELECT TIMESTAMPTZ '2026-01-31 12:00:00+02' AS a"), "1 a|2026-01-31 10:00:00"},
		"time zones in Go":    {sp.From([]time.Time{time.Date(2026, 1, 31, 12, 0, 0, 0, zone)}), "1 value|2026-01-31 12:00:00"},
		"lists and structs":   {sp.SQL("SELECT [1, NULL, 3] AS a, {'x': 1, 'y': ['p', 'q']} AS b, MAP {'k': 1} AS c, [[1], []] AS d"), `1 a,b,c,d|"[1, null, 3]","{x: 1, y: [p, q]}",{k: 1},"[[1], []]"`},
		"invalid UTF-8 in Go": {sp.From([]string{"a\xffb"}), "1 value|a\uFFFDb"},
		"NUL in Go":           {sp.From([]string{"a\x00b"}), "1 value|a\x00b"},
		"quotes in names":     {sp.SQL(`SELECT 1 AS "a ""b""", 2 AS "x;y"`), `1 "a ""b""",x;y|1,2`},
		"an enum":             {sp.SQL("SELECT 'b'::ENUM('a', 'b') AS e"), "1 e|b"},
		"an interval":         {sp.SQL("SELECT INTERVAL 90 MINUTE AS i"), "1 i|1h30m0s"},
		"a uuid":              {sp.SQL("SELECT '9f8f2a2c-0c4b-4f0e-8b7e-000000000001'::UUID AS u"), "1 u|9f8f2a2c-0c4b-4f0e-8b7e-000000000001"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := looks(sp, test.frame)
			if err != nil || got != test.want {
				t.Errorf("got  %q, error %v\nwant %q", got, err, test.want)
			}
		})
	}
	t.Run("a blob", func(t *testing.T) {
		if got, err := looks(sp, sp.SQL(`SELECT '\xDE\xAD\x00'::BLOB AS b`)); err != nil || !strings.HasPrefix(got, "1 b|") {
			t.Error(got, err)
		}
	})
	t.Run("5000 columns", func(t *testing.T) {
		got, err := looks(sp, sp.SQL("SELECT "+strings.Join(wide, ", ")))
		if err != nil || !strings.HasSuffix(got, ",4998,4999") {
			t.Error(err)
		}
	})
	t.Run("a cell of 10 MB", func(t *testing.T) {
		f := sp.SQL("SELECT repeat('é', 5000000) AS big")
		got, err := looks(sp, f)
		if err != nil || len(got) < 10_000_000 {
			t.Error(len(got), err)
		}
		shown, err := sp.Pin(f, "odd")
		if err != nil {
			t.Fatal(err)
		}
		_, blob, err := sp.Page(context.Background(), page.Request{Frame: shown.Ref, Limit: 1})
		if err != nil || len(blob) > 100_000 {
			t.Errorf("a window of it has %d bytes, error %v", len(blob), err)
		}
	})
}

// TestBadInput: what is wrong is said, with the name of the column or the line.
func TestBadInput(t *testing.T) {
	sp := space(t)
	dir := t.TempDir()
	put := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	whole := filepath.Join(dir, "whole.parquet")
	c, err := sp.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Exec(context.Background(), "COPY (SELECT range AS n FROM range(100000)) TO '"+whole+"' (FORMAT parquet)"); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	file := func(f *Frame, err error) *Frame {
		if err != nil {
			return sp.Failed(err)
		}
		return f
	}
	people := sp.SQL("SELECT 1 AS id, 'Ada' AS name")
	for name, test := range map[string]struct {
		frame *Frame
		words []string
	}{
		"unknown column":          {people.Select("nam"), []string{"nam", "name"}},
		"unknown column, filter":  {people.Filter("agee > 1"), []string{"agee"}},
		"unknown table":           {sp.SQL("SELECT * FROM nowhere"), []string{"nowhere", "does not exist"}},
		"wrong type":              {people.Filter("name > 5"), []string{"Ada"}},
		"wrong type of a sum":     {people.Agg("sum(name)"), []string{"sum", "VARCHAR"}},
		"ambiguous column":        {sp.SQL("SELECT id FROM (SELECT 1 AS id) a, (SELECT 2 AS id) b"), []string{"Ambiguous", "id"}},
		"join without the column": {people.Join(sp.SQL("SELECT 1 AS no"), "inner", "id"), []string{"right", `"id"`, "no"}},
		"no such kind of join":    {people.Join(people, "outer", "id"), []string{`"outer"`, "full"}},
		"SQL syntax":              {sp.SQL("SELEC 1"), []string{"SELEC"}},
		"SQL syntax, in a line":   {sp.SQL("SELECT 1,\n  FROM 2 3"), []string{"syntax error", "2"}},
		"missing file":            {file(sp.ReadCSV(filepath.Join(dir, "none.csv"))), []string{"none.csv", "no such file"}},
		"truncated Parquet":       {file(sp.ReadParquet(put("cut.parquet", string(raw[:len(raw)/2])))), []string{"cut.parquet", "not the whole of one"}},
		"no Parquet at all":       {file(sp.ReadParquet(put("text.parquet", "hello"))), []string{"text.parquet"}},
		"broken JSON":             {file(sp.ReadJSON(put("broken.json", "[{\"a\": 1}, {\"a\": "))), []string{"broken.json"}},
		"columns of two lengths":  {sp.From(map[string][]int{"a": {1}, "b": {1, 2}}), []string{`"a"`, `"b"`, "1", "2"}},
		"two columns of one name": {sp.From([]map[string]any{{"A": 1, "a": 2}}), []string{`"A"`, `"a"`}},
		"no table":                {sp.From(5), []string{"int", "is no table"}},
		"nil":                     {sp.From(nil), []string{"nil"}},
		"a parameter too few":     {sp.SQL("SELECT $1 + $2", 1), []string{"2"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := looks(sp, test.frame)
			if err == nil {
				t.Fatalf("it was shown: %.200s", got)
			}
			for _, w := range test.words {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%q does not say %q", err, w)
				}
			}
		})
	}
	const lines = 30
	for name, test := range map[string]struct{ text, says string }{
		"too many":     {"a,b\n" + strings.Repeat("1,2\n", lines) + "3,4,5,6\n" + strings.Repeat("1,2\n", lines), "line 32 has 4 fields"},
		"too few":      {"a;b;c\n" + strings.Repeat("1;2;3\n", lines) + "3;4\n" + strings.Repeat("1;2;3\n", lines), "line 32 has 2 fields"},
		"without head": {strings.Repeat("1,2\n", lines) + "3,4,5\n" + strings.Repeat("1,2\n", lines), "line 31 has 3 fields"},
		"late":         {"a,b\n" + strings.Repeat("1,2\n", 50_000) + "3,4,5\n1,2\n", "Line: 50002"},
	} {
		t.Run("ragged CSV, "+name, func(t *testing.T) {
			got, err := looks(sp, file(sp.ReadCSV(put("ragged.csv", test.text))))
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("%.200q, %v; want %q", got, err, test.says)
			}
		})
	}
	t.Run("one column of sentences", func(t *testing.T) {
		got, err := looks(sp, file(sp.ReadCSV(put("text.csv", "remark\n"+strings.Repeat("plain\n", lines)+"\"one, quoted\"\n"))))
		if err != nil || !strings.HasPrefix(got, "31 remark|plain|") || !strings.HasSuffix(got, `"one, quoted"`) {
			t.Errorf("%q, %v", got, err)
		}
	})
	t.Run("CSV in another encoding", func(t *testing.T) {
		got, err := looks(sp, file(sp.ReadCSV(put("latin.csv", "name,n\nM\xfcnchen,1\nK\xf6ln,2\n"))))
		if err == nil && !strings.Contains(got, "München") {
			t.Errorf("it was shown wrong: %q", got)
		}
		if err != nil && !strings.Contains(strings.ToLower(err.Error()), "utf-8") {
			t.Errorf("the encoding is not named: %v", err)
		}
	})
}

// TestWrongEncoding: a file in another encoding is refused in a few lines that name
// the file and the line.
func TestWrongEncoding(t *testing.T) {
	sp := space(t)
	name := filepath.Join(t.TempDir(), "latin.csv")
	if err := os.WriteFile(name, []byte("name,town\nJos\xe9,Z\xfcrich\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := sp.ReadCSV(name)
	if err == nil {
		t.Fatal("is read")
	}
	for text, want := range map[string]bool{"latin.csv": true, "Line: 2": true, "not utf-8": true, "sample_size": false, "stnb_files": false} {
		if strings.Contains(err.Error(), text) != want {
			t.Errorf("%q: %v in %v", text, want, err)
		}
	}
}

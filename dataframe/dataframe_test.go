package dataframe

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow/ipc"

	"stnb.dev/dataframe/page"
	"stnb.dev/duckconn"
)

var testDB = sync.OnceValues(func() (*duckconn.DB, error) { return duckconn.Open(context.Background(), duckconn.Config{}) })

func space(t testing.TB) *Space {
	sp := NewSpace(Config{Open: func(context.Context) (*duckconn.DB, error) { return testDB() }, Dir: t.TempDir()})
	t.Cleanup(sp.Close)
	return sp
}

type person struct {
	Name   string
	Age    int
	Height float64 `json:"height_m"`
	Pet    *string
	secret int
}

func text(t testing.TB, f *Frame) string {
	t.Helper()
	cols, err := f.Columns()
	if err != nil {
		t.Fatalf("%v in %s", err, f.Explain())
	}
	var b strings.Builder
	for i, c := range cols {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(c.Name)
	}
	err = f.Each(func(row []any) error {
		b.WriteString("\n")
		for i, v := range row {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(duckconn.Text(v))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestVerbs(t *testing.T) {
	sp := space(t)
	cat := "Tom"
	people := sp.From([]person{{"Ann", 30, 1.7, &cat, 1}, {"Bob", 20, 1.8, nil, 2}, {"Cid", 30, 1.6, nil, 3}})
	pets := sp.From([]map[string]any{{"Name": "Ann", "n": 2}, {"Name": "Zoe", "n": 1}})
	cases := []struct {
		name string
		f    *Frame
		want string
	}{
		{"from", people, "Name Age height_m Pet\nAnn 30 1.7 Tom\nBob 20 1.8 \nCid 30 1.6 "},
		{"select", people.Select("Age", "upper(Name) AS up"), "Age up\n30 ANN\n20 BOB\n30 CID"},
		{"filter", people.Filter("Age > $1", 25).Filter("Name <> ?", "Ann"), "Name Age height_m Pet\nCid 30 1.6 "},
		{"named", people.Filter("Age = $age", map[string]any{"age": 20}).Select("Name"), "Name\nBob"},
		{"with", people.Select("Name", "Age").With("next", "Age + $1", 1).With("Age", "Age * 10"), "Name Age next\nAnn 300 31\nBob 200 21\nCid 300 31"},
		{"group", people.GroupBy("Age").Agg("count(*) AS n", "max(height_m) AS top"), "Age n top\n20 1 1.8\n30 2 1.7"},
		{"agg", people.Agg("sum(Age) AS s"), "s\n80"},
		{"join", people.Join(pets, "inner", "Name").Select("Name", "n"), "Name n\nAnn 2"},
		{"left join", people.Filter("Age>$1", 1).Join(pets.Filter("n>$1", 0), "left", "Name").Sort("Name DESC").Select("Name", "n"), "Name n\nCid \nBob \nAnn 2"},
		{"sort", people.Sort("Age DESC", "Name").Select("Name").Limit(2), "Name\nAnn\nCid"},
		{"offset", people.Sort("Name").Select("Name").Offset(2), "Name\nCid"},
		{"distinct", people.Select("Age").Distinct().Sort("Age"), "Age\n20\n30"},
		{"union", people.Select("Name").Union(pets.Select("Name")).Sort("Name").Limit(2), "Name\nAnn\nAnn"},
		{"sql", people.SQL("SELECT count(*) AS n FROM this WHERE Age >= $1", 30), "n\n2"},
		{"percent", people.Filter("Name LIKE 'A%s' OR Name LIKE '%o%'").Select("Name"), "Name\nBob"},
		{"pivot", people.Pivot("Age", "count(*)"), "20 30\n1 2"},
		{"columns", sp.Columns(Col("a", []int{1, 2}), Col("b", []string{"x", "y"})), "a b\n1 x\n2 y"},
		{"map of slices", sp.From(map[string][]float64{"b": {1, 2}, "a": {3, 4}}), "a b\n3 1\n4 2"},
		{"map", sp.From(map[string]int{"y": 2, "x": 1}), "key value\nx 1\ny 2"},
		{"matrix", sp.From([][]float64{{1, 2}, {3}}), "0 1\n1 2\n3 "},
		{"plain", sp.From([]string{"a", "b"}), "value\na\nb"},
		{"mixed", sp.From([]any{1, "a", nil, 2.5}), "value\n1\na\n\n2.5"},
		{"records", sp.From([]map[string]any{{"a": 1}, {"b": 2.5}, {"a": 2.5}}), "a b\n1 \n 2.5\n2.5 "},
		{"dates", sp.From([]time.Time{time.Date(1960, 2, 1, 0, 0, 0, 0, time.FixedZone("X", 3600))}), "value\n1960-02-01"},
		{"nested", sp.From([]struct{ Xs []int }{{[]int{1, 2}}, {nil}}), "Xs\n[1, 2]\n[]"},
		{"statement", sp.SQL("CREATE OR REPLACE TEMP TABLE tt AS SELECT 1 AS a"), "changed\n0"},
		{"after it", sp.SQL("SELECT a + $1 AS b FROM tt; -- done", 41), "b\n42"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			if got := text(t, tc.f); got != tc.want {
				t.Errorf("got\n%s\nwant\n%s\n%s", got, tc.want, tc.f.Explain())
			}
		})
	}
	if n, err := people.Count(); n != 3 || err != nil {
		t.Error(n, err)
	}
	var back []person
	if err := people.Sort("Name").Collect(&back); err != nil || len(back) != 3 || back[0].Name != "Ann" || *back[0].Pet != "Tom" || back[1].Height != 1.8 {
		t.Errorf("%v %v", back, err)
	}
	if !strings.HasPrefix(text(t, people.Describe()), "column_name") {
		t.Error("describe")
	}
}

func TestErrorsStayWithTheFrame(t *testing.T) {
	sp := space(t)
	f := sp.From([]person{{"Ann", 30, 1.7, nil, 1}})
	cases := []struct {
		f    *Frame
		want string
	}{
		{f.Filter("wage > 1").Sort("x"), `wage`},
		{f.Filter("Age > $1"), "1 parameters, but 0 values"},
		{f.Filter("Age > $x"), `sql.Named("x", value)`},
		{f.Join(f, "outer", "Name"), "one of inner"},
		{f.Join(f, "inner", "Wage"), `the left frame: there is no column "Wage" (is it "Age"?); there are Name, Age`},
		{sp.SQL("SELEC 1"), "syntax error"},
		{sp.From(3), "no table"},
		{sp.From(nil), "nil"},
		{sp.From(map[string][]int{"a": {1}, "b": {}}), "different length"},
		{sp.Columns(Col("a", []int{1}), Col("A", []int{2})), "takes them for one"},
	}
	for _, tc := range cases {
		if err := tc.f.Err(); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%v, want %q", err, tc.want)
		}
	}
	if _, err := sp.ReadCSV("nope.csv"); err == nil || err.Error() != "nope.csv: there is no such file" {
		t.Error(err)
	}
}

func TestReadFiles(t *testing.T) {
	sp := space(t)
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(sp.cfg.Dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("a.csv", "x,y\n1,a\n2,b\n")
	write("a.json", `[{"x":1,"y":"a"}]`)
	write("it's.csv", "x\n1\n")
	write("bad.parquet", "PAR1 not really")
	for name, read := range map[string]func(string) (*Frame, error){"a.csv": sp.ReadCSV, "a.json": sp.ReadJSON, "it's.csv": sp.ReadCSV} {
		f, err := read(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !strings.HasPrefix(text(t, f), "x") {
			t.Errorf("%s: %s", name, text(t, f))
		}
	}
	if _, err := sp.ReadParquet("bad.parquet"); err == nil {
		t.Error("a truncated file was read")
	}
}

func TestGoValuesAsTables(t *testing.T) {
	sp := space(t)
	tables := func(name string) any {
		return map[string]any{"people": []person{{Name: "Ann", Age: 3}}, "xs": sp.From([]int{1, 2}).Filter("value > $1", 0)}[name]
	}
	f := sp.SQLWith("WITH a AS (SELECT 1 AS one) SELECT Name, Age + $1 AS age, value FROM people, xs, a WHERE value > $2 ORDER BY 1", tables, 10, 1)
	if got := text(t, f); got != "Name age value\nAnn 13 2" {
		t.Error(got)
	}
}

// Decimals that come back from Go values are numbers, not their text.
func TestDecimalsComeBackAsNumbers(t *testing.T) {
	sp := space(t)
	rows, err := sp.SQL("SELECT 9.5::DECIMAL(10,2) AS d UNION ALL SELECT 10.25").Rows()
	if err != nil {
		t.Fatal(err)
	}
	if got := text(t, sp.From(rows).Sort("d")); got != "d\n9.50\n10.25" {
		t.Error(got)
	}
}

func rowsOf(t *testing.T, blob []byte) [][]string {
	t.Helper()
	r, err := ipc.NewReader(bytes.NewReader(blob))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Release()
	var out [][]string
	for r.Next() {
		rec := r.RecordBatch()
		for i := range int(rec.NumRows()) {
			var row []string
			for j := range int(rec.NumCols()) {
				row = append(row, rec.Column(j).ValueStr(i))
			}
			out = append(out, row)
		}
	}
	return out
}

func TestWindows(t *testing.T) {
	sp := space(t)
	ctx := context.Background()
	f := sp.SQL("SELECT range AS i, 'row ' || (range % 10) AS name, random() AS r FROM range(50000)")
	shown, err := sp.Pin(f, "main/a.0")
	if err != nil {
		t.Fatal(err)
	}
	if shown.Rows != 50000 || len(shown.Columns) != 3 || shown.Columns[1].Kind != "text" {
		t.Fatal(shown)
	}
	get := func(r page.Request) (page.Reply, [][]string) {
		t.Helper()
		r.Frame = shown.Ref
		reply, blob, err := sp.Page(ctx, r)
		if err != nil {
			t.Fatal(err)
		}
		if len(blob) == 0 {
			return reply, nil
		}
		return reply, rowsOf(t, blob)
	}
	_, a := get(page.Request{Offset: 40000, Limit: 3})
	_, b := get(page.Request{Offset: 40000, Limit: 3})
	if fmt.Sprint(a) != fmt.Sprint(b) || a[0][0] != "40000" {
		t.Error("two reads of a window differ over random()", a, b)
	}
	reply, rows := get(page.Request{Limit: 2, Sort: []page.Sort{{Column: 1, Desc: true}, {Column: 0, Desc: true}}, Columns: []int{0, 1}})
	if fmt.Sprint(rows) != "[[49999 row 9] [49989 row 9]]" || reply.Total != 50000 {
		t.Error(reply, rows)
	}
	reply, rows = get(page.Request{Offset: 1, Limit: 2, Columns: []int{0}, Filters: []page.Filter{
		{Column: 0, Op: "ge", Values: []string{"100"}}, {Column: 1, Op: "in", Values: []string{"row 1", `x'; DROP TABLE t; --`}}}})
	if fmt.Sprint(rows) != "[[111] [121]]" || reply.Total != 4990 {
		t.Error(reply, rows)
	}
	if reply, _ = get(page.Request{Limit: 1, Search: "ROW 3", Columns: []int{1}}); reply.Total != 5000 {
		t.Error(reply)
	}
	if reply, _ = get(page.Request{Limit: 1, Offset: 1 << 40}); reply.Rows != 0 {
		t.Error(reply)
	}
	for _, bad := range []page.Request{
		{Columns: []int{3}}, {Limit: 20000}, {Sort: []page.Sort{{Column: -1}}}, {Format: "exe"},
		{Filters: []page.Filter{{Column: 0, Op: "; DROP"}}}, {Filters: []page.Filter{{Column: 0, Op: "eq", Values: []string{"x"}}}},
	} {
		bad.Frame = shown.Ref
		if _, _, err := sp.Page(ctx, bad); err == nil {
			t.Errorf("%+v was answered", bad)
		}
	}
	if _, _, err := sp.Page(ctx, page.Request{Frame: "nope"}); err == nil {
		t.Error("an unknown frame was answered")
	}
	reply, _ = get(page.Request{Summary: []int{0, 1, 2}})
	if len(reply.Summary) != 3 || reply.Summary[0].Max != "49999" || len(reply.Summary[0].Bins) != 20 || len(reply.Summary[1].Top) != 10 {
		t.Errorf("%+v", reply.Summary)
	}
	reply, blob, err := sp.Page(ctx, page.Request{Frame: shown.Ref, Format: "parquet", Columns: []int{0}})
	if err != nil || !bytes.HasPrefix(blob, []byte("PAR1")) {
		t.Error(reply, err)
	}
}

func TestSameRowsKeepTheSnapshot(t *testing.T) {
	sp := space(t)
	q := func(n int) *Frame { return sp.SQL(fmt.Sprintf("SELECT * FROM range(%d)", n)) }
	sp.Begin(1)
	a, _ := sp.Pin(q(10), "x")
	sp.End()
	sp.Begin(2)
	b, _ := sp.Pin(q(10), "x")
	c, _ := sp.Pin(q(11), "y")
	sp.End()
	if a.Ref != b.Ref || c.Ref == a.Ref {
		t.Error(a, b, c)
	}
	sp.Begin(3)
	d, _ := sp.Pin(q(12), "x")
	sp.End()
	if d.Ref == a.Ref {
		t.Error("other rows kept the snapshot")
	}
	if _, _, err := sp.Page(context.Background(), page.Request{Frame: a.Ref, Limit: 1}); err == nil {
		t.Error("a snapshot that is gone was answered")
	}
}

func TestCSV(t *testing.T) {
	sp := space(t)
	f := sp.From([]map[string]any{{"a": "=1+1", "b": -5}, {"a": "x,\"y\"\nz", "b": nil}})
	shown, err := sp.Pin(f, "p")
	if err != nil {
		t.Fatal(err)
	}
	_, blob, err := sp.Page(context.Background(), page.Request{Frame: shown.Ref, Format: "csv"})
	if want := "\ufeffa,b\r\n'=1+1,-5\r\n\"x,\"\"y\"\"\nz\",\r\n"; err != nil || string(blob) != want {
		t.Errorf("%q %v", blob, err)
	}
}

func TestAppendRows(t *testing.T) {
	sp := space(t)
	shown, _ := sp.Pin(sp.From([]int{1, 2}), "p")
	more, err := sp.Append(shown.Ref, sp.From([]int{3}))
	if err != nil || more.Rows != 3 {
		t.Fatal(more, err)
	}
	_, blob, err := sp.Page(context.Background(), page.Request{Frame: more.Ref, Limit: 10})
	if err != nil || fmt.Sprint(rowsOf(t, blob)) != "[[1] [2] [3]]" {
		t.Error(err)
	}
	if _, err := sp.Append(more.Ref, sp.From([][]int{{1, 2}})); err == nil || !strings.Contains(err.Error(), "2 columns, the table has 1") {
		t.Error(err)
	}
}

func TestPlot(t *testing.T) {
	sp := space(t)
	big := sp.SQL("SELECT range AS x, sin(range / 1000.0) AS y, range % 2 AS c FROM range(200000)")
	p, err := big.Plot(PlotOptions{X: "x", Y: []string{"y"}, Kind: "line"})
	if err != nil || p.Sampled != 200000 || len(p.X) != 2*lineBins || len(p.Series[0].Y) != len(p.X) {
		t.Fatal(len(p.X), p.Sampled, err)
	}
	if p, err = big.Plot(PlotOptions{X: "x", Y: []string{"y"}, Color: "c", Kind: "line"}); err != nil || len(p.Series) != 2 {
		t.Error(len(p.Series), err)
	}
	if p, err = big.Plot(PlotOptions{X: "x", Y: []string{"y"}, Kind: "scatter"}); err != nil || len(p.X) > 3*scatterBins*scatterBins/2 || len(p.X) < 500 {
		t.Error(len(p.X), err)
	}
	long := sp.From([]map[string]any{{"d": "mon", "who": "a", "v": 1}, {"d": "mon", "who": "b", "v": 2}, {"d": "tue", "who": "b", "v": 3}})
	p, err = long.Plot(PlotOptions{X: "d", Y: []string{"v"}, Color: "who", Kind: "bar"})
	if err != nil || len(p.X) != 2 || len(p.Series) != 2 || p.Series[0].Y[1] != nil || *p.Series[1].Y[1] != 3 {
		t.Errorf("%+v %v", p, err)
	}
	if _, err := long.Plot(PlotOptions{X: "day"}); err == nil || err.Error() != `there is no column "day"; there are d, v, who` {
		t.Error(err)
	}
	if _, err := long.Plot(PlotOptions{Y: []string{"who"}}); err == nil {
		t.Error("text was plotted as numbers")
	}
}

func TestBind(t *testing.T) {
	cases := []struct{ in, want string }{
		{"a = ? AND b = ?", "a = $1 AND b = $2"},
		{"a = $2 AND b = $1 AND c = $2", "a = $1 AND b = $2 AND c = $1"},
		{"'?' || \"$1\" || ? -- ?\n|| $$ ? $$ || $t$ $1 $t$ /* $3 */ || ?", "'?' || \"$1\" || $1 -- ?\n|| $$ ? $$ || $t$ $1 $t$ /* $3 */ || $2"},
		{"it''s ?, ?", "it''s $1, $2"},
	}
	for _, tc := range cases {
		got, args, err := duckconn.Bind(tc.in, []any{1, 2})
		if err != nil || got != tc.want || len(args) != 2 {
			t.Errorf("%s: %s %v %v", tc.in, got, args, err)
		}
	}
	if got := duckconn.ShiftParams("a=$1 b=$2 '$3'", 4); got != "a=$5 b=$6 '$3'" {
		t.Error(got)
	}
}

func TestFilesAreReadOnce(t *testing.T) {
	sh := NewShared(func(context.Context) (*duckconn.DB, error) { return testDB() })
	t.Cleanup(sh.Close)
	dir := t.TempDir()
	spaces := make([]*Space, 4)
	for i := range spaces {
		spaces[i] = NewSpace(Config{Open: sh.open, Dir: dir, Shared: sh})
		t.Cleanup(spaces[i].Close)
	}
	name := filepath.Join(dir, "a.csv")
	os.WriteFile(name, []byte("x\n1\n2\n"), 0o600)
	var wg sync.WaitGroup
	for _, sp := range spaces {
		wg.Go(func() {
			f, err := sp.ReadCSV("a.csv")
			if err != nil {
				t.Error(err)
				return
			}
			if n, err := f.Filter("x > $1", 1).Count(); n != 1 || err != nil {
				t.Error(n, err)
			}
		})
	}
	wg.Wait()
	if len(sh.tables) != 1 {
		t.Error(len(sh.tables))
	}
	os.WriteFile(name, []byte("x\n1\n2\n3\n"), 0o600)
	f, _ := spaces[0].ReadCSV("a.csv")
	if n, _ := f.Count(); n != 3 {
		t.Error("a changed file was not read again", n)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := sh.ensure(ctx, sh.file("read_json", name)); err == nil {
		t.Error("read although stopped")
	}
	if _, err := spaces[1].ReadJSON("a.csv"); err == nil || !strings.HasPrefix(err.Error(), "a.csv: ") {
		t.Error(err)
	}
	for i := range maxSharedTables + 10 {
		n := fmt.Sprintf("f%d.csv", i)
		os.WriteFile(filepath.Join(dir, n), []byte("x\n1\n"), 0o600)
		if _, err := spaces[2].ReadCSV(n); err != nil {
			t.Fatal(err)
		}
	}
	if len(sh.tables) > maxSharedTables {
		t.Error(len(sh.tables))
	}
	if n, err := f.Count(); n != 3 || err != nil {
		t.Error("a frame whose table was dropped:", n, err)
	}
}

// An app that always ends early, as behind a login, keeps no more than it shows.
func TestReplacedSnapshotsGo(t *testing.T) {
	sp := space(t)
	for i := range 20 {
		sp.Begin(uint64(i))
		if _, err := sp.Pin(sp.SQL(fmt.Sprintf("SELECT * FROM range(%d)", i+1)), "x"); err != nil {
			t.Fatal(err)
		}
	}
	c, _ := sp.Conn(context.Background())
	row, err := c.Row(context.Background(), "SELECT count(*) FROM duckdb_tables() WHERE schema_name = '"+sp.schema+"'")
	if err != nil || row[0].(int64) > 3 {
		t.Error(row, err)
	}
}

// A frame that a cache has let go stays for as long as something is made of it or
// shows it, and no longer.
func TestFrozenFrameStaysWhileInUse(t *testing.T) {
	sp := space(t)
	kept := NewSpace(Config{Open: sp.Opener()})
	defer kept.Close()
	tables := func() int64 {
		c, err := kept.Conn(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		row, err := c.Row(context.Background(), "SELECT count(*) FROM duckdb_tables() WHERE schema_name = '"+kept.schema+"'")
		if err != nil {
			t.Fatal(err)
		}
		return row[0].(int64)
	}
	frozen, err := sp.SQL("SELECT range AS n FROM range(1000)").Freeze(context.Background(), kept)
	if err != nil {
		t.Fatal(err)
	}
	made := frozen.In(sp).Filter("n >= $1", 990)
	sp.Begin(1)
	shown, err := sp.Pin(frozen.In(sp), "main/0")
	if err != nil || shown.Rows != 1000 {
		t.Fatal(shown, err)
	}
	if again, err := frozen.In(sp).Freeze(context.Background(), kept); err != nil || again.frozen != frozen.frozen || tables() != 1 {
		t.Error("a table was copied that never changes", tables(), err)
	}
	frozen = nil
	runtime.GC()
	runtime.GC()
	if n, err := made.Count(); n != 10 || err != nil {
		t.Error("a frame made of it:", n, err)
	}
	made = nil
	runtime.GC()
	runtime.GC()
	if got, _, err := sp.Page(context.Background(), page.Request{Frame: shown.Ref, Offset: 998, Limit: 5}); err != nil || got.Rows != 2 {
		t.Error("its page:", got.Rows, err)
	}
	sp.End()
	sp.Begin(2)
	sp.End() // nothing shows it any more
	for end := time.Now().Add(10 * time.Second); tables() > 0; runtime.GC() {
		if time.Now().After(end) {
			t.Fatal("the table is still there")
		}
	}
}

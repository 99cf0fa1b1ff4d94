package examples

import (
	"context"
	"database/sql/driver"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"stnb.dev/appmode/apptest"
	"stnb.dev/duckconn"
)

// connected opens an app of Go cells in a folder with these secrets.
func connected(t *testing.T, secrets string, sources ...string) *apptest.App {
	t.Helper()
	dir := t.TempDir()
	put(t, filepath.Join(dir, ".stnb", "secrets.toml"), secrets)
	text := "```go\nimport (\n\t\"fmt\"\n\t\"os\"\n\t\"time\"\n\n\t\"stnb.dev/dataframe\"\n\tst \"stnb.dev/widgets\"\n)\n" +
		strings.Join(sources, "\n```\n\n```go\n") + "\n```\n"
	name := filepath.Join(dir, "app.md")
	put(t, name, text)
	return apptest.Open(t, name)
}

func put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

const petsDB = "[connections.pets_db]\nurl = \"sqlite:///pets.db\"\n"

// fill is the seed's example: a table made and filled in one session.
const fill = `
conn := st.Connection("pets_db")
err := conn.Session(func(s *st.Tx) error {
	for _, q := range []string{"CREATE TABLE IF NOT EXISTS pet_owners (person TEXT, pet TEXT)", "DELETE FROM pet_owners"} {
		if _, err := s.Exec(q); err != nil {
			return err
		}
	}
	for _, p := range [][2]string{{"jerry", "fish"}, {"barbara", "cat"}, {"alex", "puppy"}} {
		if _, err := s.Exec("INSERT INTO pet_owners (person, pet) VALUES ($owner, $pet)", map[string]any{"owner": p[0], "pet": p[1]}); err != nil {
			return err
		}
	}
	return nil
})
if err != nil {
	st.Error(err.Error())
}`

// outside changes the file as another program would.
func outside(t *testing.T, at *apptest.App, file, query string) {
	t.Helper()
	c, err := duckconn.NewSQL("outside", duckconn.Settings{Dialect: "sqlite", Database: file}, at.Dir())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Session(t.Context(), func(s *duckconn.Tx) error { _, err := s.Exec(query); return err }); err != nil {
		t.Fatal(err)
	}
}

const (
	showErr = "\nif err != nil {\n\tst.Error(err.Error())\n\tst.Stop()\n}\n"
	people  = `owners, err := conn.Query("select * from pet_owners order by person")` + showErr
	counted = `n, err := conn.MustQuery("select count(*) from pet_owners", st.TTL(0)).Int()` + showErr + `st.Metric("n", n)`
)

var connections = []promise{
	{"E01", "st.connection creates and manages connections", func(t *testing.T) {
		pets := written(t, "connections/pets.md").MustWork()
		equal(t, "the example's rows", len(pets.Frame(0).Rows()), 4)
		at := connected(t, petsDB, fill, people+`st.Metric("same", st.Connection("pets_db").Err() == nil)`+"\nst.Table(owners)")
		at.MustWork().MustShow("barbara", "puppy")
		equal(t, "same", at.Metric("same").Value(), "true")
	}},
	{"E02", "SQL is built in; others are the author's own", func(t *testing.T) {
		for _, url := range []string{"sqlite://", "duckdb://", os.Getenv("STNB_TEST_POSTGRES"), os.Getenv("STNB_TEST_MYSQL")} {
			if url == "" {
				continue // this server is not given: `make acceptance` starts one
			}
			at := connected(t, fmt.Sprintf("[connections.pets_db]\nurl = %q\n", url), fill, counted)
			at.MustWork()
			equal(t, url, at.Metric("n").Value(), "3")
		}
	}},
	{"E03", "the url stands in secrets.toml", func(t *testing.T) {
		at := connected(t, petsDB, fill, counted)
		equal(t, "n", at.MustWork().Metric("n").Value(), "3")
		if _, err := os.Stat(filepath.Join(at.Dir(), "pets.db")); err != nil {
			t.Errorf("the file is not beside the notebook: %v", err)
		}
	}},
	{"E04", "a session runs statements with named parameters and commits", func(t *testing.T) {
		at := connected(t, petsDB, fill, `
if st.Button("fail") {
	_ = conn.Session(func(s *st.Tx) error {
		if _, err := s.Exec("DELETE FROM pet_owners"); err != nil {
			return err
		}
		return fmt.Errorf("no")
	})
}`, counted)
		equal(t, "committed", at.MustWork().Metric("n").Value(), "3")
		at.Button("fail").Click()
		equal(t, "after a failed session", at.MustWork().Metric("n").Value(), "3")
	}},
	{"E05", "a query gives a frame, shown by st.dataframe", func(t *testing.T) {
		at := connected(t, petsDB, fill, people+"st.Dataframe(owners)").MustWork()
		equal(t, "rows", fmt.Sprint(at.Frame(0).Rows()), "[[person pet] [alex puppy] [barbara cat] [jerry fish]]")
	}},
	{"E06", "without ttl a result is kept as long as the server runs", func(t *testing.T) {
		at := connected(t, petsDB, `conn := st.Connection("pets_db")
n, err := conn.MustQuery("select count(*) from t").Int()`+showErr+`st.Metric("n", n)`)
		outside(t, at, "pets.db", "create table t (a)")
		outside(t, at, "pets.db", "insert into t values (1)")
		at.Run()
		equal(t, "first", at.Metric("n").Value(), "1")
		outside(t, at, "pets.db", "insert into t values (2)")
		equal(t, "rerun", at.Run().Metric("n").Value(), "1")
		equal(t, "another visitor", at.Visit().Metric("n").Value(), "1")
	}},
	{"E07", "the home folder's secrets, and the project's over them", func(t *testing.T) {
		home, dir := t.TempDir(), t.TempDir()
		put(t, filepath.Join(home, ".stnb", "secrets.toml"), "[connections.a]\nurl='sqlite:///home.db'\n[connections.b]\nurl='sqlite:///home.db'\n")
		put(t, filepath.Join(dir, ".stnb", "secrets.toml"), "[connections.b]\nurl='duckdb://'\n")
		named := duckconn.Named{Secrets: duckconn.NewSecrets(dir, home), Dir: dir}
		defer named.Close()
		for name, dialect := range map[string]string{"a": "sqlite", "b": "duckdb"} {
			c, err := named.SQL(name, duckconn.Settings{}, duckconn.Forever)
			if err != nil {
				t.Fatal(err)
			}
			equal(t, name, c.Dialect(), dialect)
		}
	}},
	{"E08", "env:VAR takes the name from the environment", func(t *testing.T) {
		set(t, "STNB_E08", "pets_db")
		at := connected(t, petsDB, strings.Replace(fill, `"pets_db"`, `"env:STNB_E08"`, 1), counted)
		equal(t, "n", at.MustWork().Metric("n").Value(), "3")
		at = connected(t, petsDB, `st.Text(fmt.Sprint(st.Connection("env:STNB_E08_UNSET").Err()))`)
		at.MustWork().MustShow("STNB_E08_UNSET")
	}},
	{"E09", "the environment picks local or staging", func(t *testing.T) {
		set(t, "DB_CONN", "staging")
		env := written(t, "connections/environment.md").MustWork().MustShow("tables")
		if _, err := os.Stat(filepath.Join(env.Dir(), "staging.db")); err != nil {
			t.Errorf("DB_CONN=staging did not use it: %v", err)
		}
		secrets := "[connections.local]\nurl='sqlite:///local.db'\n[connections.staging]\nurl='sqlite:///staging.db'\n"
		for _, name := range []string{"local", "staging"} {
			set(t, "STNB_E09", name)
			at := connected(t, secrets, strings.Replace(fill, `"pets_db"`, `"env:STNB_E09"`, 1)).MustWork()
			if _, err := os.Stat(filepath.Join(at.Dir(), name+".db")); err != nil {
				t.Errorf("%s was not used: %v", name, err)
			}
		}
	}},
	{"E10", "a url, or its parts, of which dialect, username and host are needed", func(t *testing.T) {
		at := connected(t, "[connections.pets_db]\ndialect = 'sqlite'\ndatabase = 'parts.db'\n", fill, counted)
		equal(t, "n", at.MustWork().Metric("n").Value(), "3")
		for want, section := range map[string]string{
			"Missing SQL DB connection param: username":    "dialect = 'postgresql'\n",
			"Missing SQL DB connection param: host":        "dialect = 'mysql'\nusername = 'u'\n",
			"Missing SQL DB connection configuration":      "password = 'p'\n",
			"there is no setting \"pasword\"":              "dialect = 'mysql'\npasword = 'p'\n",
			"not of the form dialect://user:password@host": "url = 'no url at all'\n",
		} {
			at := connected(t, "[connections.x]\n"+section, `st.Text(fmt.Sprint(st.Connection("x").Err()))`)
			at.MustWork().MustShow(want)
		}
	}},
	{"E11", "the driver's own options in the call", func(t *testing.T) {
		at := connected(t, petsDB, fill, `ro := st.Connection("pets_ro", st.Param("url", "sqlite:///pets.db"), st.Param("options", map[string]any{"mode": "ro"}))
_, failed := ro.Exec("delete from pet_owners")
st.Text(fmt.Sprint(failed))`)
		at.MustWork().MustShow("readonly")
	}},
	{"E12", "or in a section of the secrets", func(t *testing.T) {
		at := connected(t, petsDB+"[connections.pets_ro]\nurl = 'sqlite:///pets.db'\n[connections.pets_ro.options]\nmode = 'ro'\n", fill, `
_, failed := st.Connection("pets_ro").Exec("delete from pet_owners")
st.Text(fmt.Sprint(failed))`)
		at.MustWork().MustShow("readonly")
	}},
	{"E13", "all in the call, no secrets needed", func(t *testing.T) {
		equal(t, "the example's answer", written(t, "connections/options.md").MustWork().Metric("Answer").Value(), "42")
		at := connected(t, "", strings.Replace(fill, `"pets_db"`, `"any", st.Param("dialect", "sqlite"), st.Param("database", "code.db")`, 1), counted)
		equal(t, "n", at.MustWork().Metric("n").Value(), "3")
	}},
	{"E14", "both are merged; the call wins", func(t *testing.T) {
		at := connected(t, "[connections.pets_db]\ndialect = 'sqlite'\ndatabase = 'secret.db'\n",
			strings.Replace(fill, `"pets_db"`, `"pets_db", st.Param("database", "code.db")`, 1)).MustWork()
		if _, err := os.Stat(filepath.Join(at.Dir(), "code.db")); err != nil {
			t.Errorf("the call's setting did not win: %v", err)
		}
	}},
	{"E15", "connections are kept without expiry, or for a ttl", func(t *testing.T) {
		source := `conn := st.Connection("m", %s)
if st.Button("make") {
	if _, err := conn.Exec("create table t (a)"); err != nil {
		st.Error(err.Error())
	}
}
_, missing := conn.Query("select * from t", st.TTL(0))
st.Metric("there", missing == nil)`
		memory := "[connections.m]\nurl = 'sqlite://'\n" // gone with its connection
		at := connected(t, memory, fmt.Sprintf(source, "st.Param(\"dialect\", \"sqlite\")"))
		at.Button("make").Click()
		equal(t, "kept", at.Run().Metric("there").Value(), "true")
		equal(t, "shared by visitors", at.Visit().Metric("there").Value(), "true")
		at = connected(t, memory, fmt.Sprintf(source, "st.TTL(time.Millisecond)"))
		at.Button("make").Click()
		time.Sleep(5 * time.Millisecond)
		equal(t, "expired", at.Run().Metric("there").Value(), "false")
	}},
	{"E16", "Reset makes the connection anew at its next use", func(t *testing.T) {
		at := connected(t, "[connections.m]\nurl = 'sqlite://'\n", `conn := st.Connection("m")
if st.Button("make") {
	_, _ = conn.Exec("create table t (a)")
}
if st.Button("reset") {
	conn.Reset()
}
_, missing := conn.Query("select * from t", st.TTL(0))
st.Metric("there", missing == nil)`)
		equal(t, "made", at.Button("make").Click().Metric("there").Value(), "true")
		equal(t, "reset", at.Button("reset").Click().Metric("there").Value(), "false")
	}},
	{"E17", "a query's ttl", func(t *testing.T) {
		at := connected(t, petsDB, `conn := st.Connection("pets_db")
n, err := conn.MustQuery("select count(*) from t", st.TTL(300*time.Millisecond)).Int()`+showErr+`st.Metric("n", n)`)
		outside(t, at, "pets.db", "create table t (a)")
		equal(t, "first", at.Run().Metric("n").Value(), "0")
		outside(t, at, "pets.db", "insert into t values (1)")
		time.Sleep(400 * time.Millisecond)
		equal(t, "after the ttl", at.Run().Metric("n").Value(), "1")
	}},
	{"E18", "connections are safe for many sessions at once", func(t *testing.T) {
		at := connected(t, petsDB, `conn := st.Connection("pets_db")
st.Button("add", st.OnClick(func() {
	if _, err := conn.Exec("insert into t values (1)"); err != nil {
		st.Error(err.Error())
	}
}))`)
		outside(t, at, "pets.db", "create table t (a)")
		const visitors, clicks = 6, 5
		var wg sync.WaitGroup
		for range visitors {
			v := at.Visit()
			wg.Go(func() {
				for range clicks {
					v.Button("add").Click()
				}
			})
		}
		wg.Wait()
		c, err := duckconn.NewSQL("count", duckconn.Settings{Dialect: "sqlite", Database: "pets.db"}, at.Dir())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		r, err := c.Cached(t.Context(), duckconn.Forever, "select count(*) from t")
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "rows", fmt.Sprint(r.Rows[0][0]), fmt.Sprint(visitors*clicks))
	}},
	{"E19", "a connection of one's own", func(t *testing.T) {
		at := connected(t, "[connections.lake]\nfolder = 'water'\n", `
type Lake struct{ folder string; made int }

func (l *Lake) Get(name string) string { return l.folder + "/" + name }

made := 0
lake, err := st.Connect("lake", func(c st.ConnSettings) (*Lake, error) {
	made++
	return &Lake{folder: c.Text("folder"), made: made}, nil
})`+showErr+`st.Text(lake.Get("fish"))
st.Metric("made", lake.made)`)
		at.MustWork().MustShow("water/fish")
		equal(t, "made once", at.Run().Metric("made").Value(), "1")
	}},
	{"E20", "of one verb, with a ttl, giving frames", func(t *testing.T) {
		if rows := written(t, "connections/own.md").MustWork().Frame(0).Rows(); len(rows) < 1000 {
			t.Errorf("the example's connection read %d rows", len(rows))
		}
		at := connected(t, "", `
type API struct{ base int }

func (a *API) Read(n int) (*dataframe.Frame, error) { return dataframe.From([]int{a.base, a.base + n}), nil }

api, err := st.Connect("api", func(st.ConnSettings) (*API, error) { return &API{40}, nil })`+showErr+`
read := st.CacheData("read", api.Read, st.TTL(24*time.Hour))
st.Table(read.Must(2))`)
		at.MustWork().MustShow("40", "42")
	}},
	{"E21", "the call, then the secrets, then the environment", func(t *testing.T) {
		set(t, "STNB_E21", "environment")
		source := `
where, err := st.Connect("x", func(c st.ConnSettings) (string, error) {
	if v := c.Text("where"); v != "" {
		return v, nil
	}
	return os.Getenv("STNB_E21"), nil
}%s)` + showErr + `st.Text("from the " + where)`
		connected(t, "[connections.x]\nwhere = 'secrets'\n", fmt.Sprintf(source, `, st.Param("where", "call")`)).MustWork().MustShow("from the call")
		connected(t, "[connections.x]\nwhere = 'secrets'\n", fmt.Sprintf(source, "")).MustWork().MustShow("from the secrets")
		connected(t, "", fmt.Sprintf(source, "")).MustWork().MustShow("from the environment")
	}},
	{"E22", "a broken connection is made anew and the query tried three times", func(t *testing.T) {
		c, err := duckconn.NewSQL("x", duckconn.Settings{Dialect: "sqlite"}, "")
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.Wait = time.Millisecond
		for _, test := range []struct {
			failing, tries int
			ok             bool
		}{{2, 3, true}, {9, 3, false}} {
			tries := 0
			_, err := c.Query(context.Background(), "select 1", nil, func(row []any) error {
				if row == nil {
					return nil // the query starts over
				}
				if tries++; tries <= test.failing {
					return driver.ErrBadConn
				}
				return nil
			})
			if tries != test.tries || (err == nil) != test.ok {
				t.Errorf("%d failures: %d tries, error %v", test.failing, tries, err)
			}
		}
	}},
	{"E23", "what is stored outlives the app; the guide says where it may not", func(t *testing.T) {
		at := connected(t, petsDB, `conn := st.Connection("pets_db")
if st.Button("make") {
	_, _ = conn.Exec("create table t (a)")
}
_, missing := conn.Query("select * from t", st.TTL(0))
st.Metric("there", missing == nil)`)
		at.Button("make").Click()
		at.KillWorker()
		equal(t, "after a restart", at.Run().Metric("there").Value(), "true")
		guide, err := os.ReadFile("guide/05-connections.md")
		if err != nil || !strings.Contains(string(guide), "may delete") {
			t.Errorf("the guide does not say that a host may delete files: %v", err)
		}
	}},
}

// set sets a variable of the environment that just one promise uses. (t.Setenv is
// not for tests that run side by side.)
func set(t *testing.T, name, value string) {
	t.Helper()
	if err := os.Setenv(name, value); err != nil {
		t.Fatal(err)
	}
}

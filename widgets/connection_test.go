package widgets_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stnb.dev/widgets/core"
	"stnb.dev/widgets/internal/harness"

	st "stnb.dev/widgets"
)

// project is a folder with a secrets file, and a home with another.
func project(t *testing.T, home, here string) *core.App {
	t.Helper()
	cfg := core.AppConfig{Dir: t.TempDir(), Home: t.TempDir()}
	for dir, text := range map[string]string{cfg.Home: home, cfg.Dir: here} {
		if text == "" {
			continue
		}
		os.MkdirAll(filepath.Join(dir, ".stnb"), 0o700)
		if err := os.WriteFile(filepath.Join(dir, ".stnb", "secrets.toml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	app := core.NewApp(cfg)
	t.Cleanup(app.Close)
	return app
}

// Group E of the acceptance list, headless, on SQLite and DuckDB.
func TestConnection(t *testing.T) {
	app := project(t, "[connections.pets_db]\nurl = \"sqlite:///home.db\"\n", "[connections.pets_db]\nurl = \"sqlite:///pets.db\"\n")
	a := harness.NewIn(t, app, func() {
		conn := st.Connection("pets_db")
		err := conn.Session(func(s *st.Tx) error {
			s.Exec("CREATE TABLE IF NOT EXISTS pet_owners (person TEXT, pet TEXT);")
			s.Exec("DELETE FROM pet_owners;")
			for _, o := range [][2]string{{"jerry", "fish"}, {"barbara", "cat"}, {"alex", "puppy"}} {
				if _, err := s.Exec("INSERT INTO pet_owners (person, pet) VALUES ($owner, $pet);", map[string]any{"owner": o[0], "pet": o[1]}); err != nil {
					return err
				}
			}
			return s.Commit()
		})
		if err != nil {
			st.Error(err.Error())
		}
		owners, err := conn.Query("select * from pet_owners order by person")
		if err != nil {
			st.Error(err.Error())
		}
		st.Table(owners)
		st.Table(conn.SQL("select * from pet_owners").Filter("pet = $1", "cat").Select("person"))
	}).Run()
	a.Expect("table [[alex puppy] [barbara cat] [jerry fish]]", "table [[barbara]]")
}

func TestConnectionCaching(t *testing.T) {
	app := project(t, "", "")
	step := 0
	body := func() {
		conn := st.Connection("db", st.Type("sqlite"), st.Param("database", "x.db"))
		if step == 0 {
			conn.Exec("CREATE TABLE t (n INTEGER)")
		}
		for _, ttl := range []time.Duration{-1, 0, 20 * time.Millisecond} {
			args := []any{}
			if ttl >= 0 {
				args = append(args, st.TTL(ttl))
			}
			n, err := conn.MustQuery("SELECT count(*) AS n FROM t", args...).Int()
			st.Write(fmt.Sprint(n, err == nil))
		}
		if step == 2 {
			conn.Reset()
		}
	}
	a := harness.NewIn(t, app, body).Run()
	if a.Panic != nil {
		t.Fatal(a.Panic)
	}
	step = 1
	a.Run()
	if a.Panic != nil || strings.Contains(a.Text(), "ERROR") {
		t.Fatal(a.Panic, a.Text())
	}
}

func TestConnectionErrors(t *testing.T) {
	t.Setenv("DB_CONN", "")
	app := project(t, "", "[connections.pg]\nurl = \"postgres://me:s3cret@127.0.0.1:1/db\"\n[connections.bad]\nhostname = \"x\"\n[connections.half]\ndialect = \"postgres\"\n")
	var errs []string
	harness.NewIn(t, app, func() {
		errs = nil
		for _, name := range []string{"none", "env:DB_CONN", "pg", "bad", "half"} {
			conn := st.Connection(name)
			_, err := conn.Query("select 1")
			errs = append(errs, fmt.Sprint(err))
		}
	}).Run()
	for i, want := range []string{`write [connections.none] into .stnb/secrets.toml`, "DB_CONN", "pg", `no setting "hostname"`, "half"} {
		if !strings.Contains(errs[i], want) {
			t.Errorf("%q lacks %q", errs[i], want)
		}
		if strings.Contains(errs[i], "s3cret") {
			t.Errorf("the password is in %q", errs[i])
		}
	}
}

func TestTransactions(t *testing.T) {
	app := project(t, "", "")
	for _, name := range []string{"duckdb", "lite"} {
		a := harness.NewIn(t, app, func() {
			var opts []st.Option
			if name == "lite" {
				opts = append(opts, st.Param("url", "sqlite:///tx.db"))
			}
			conn := st.Connection(name, opts...)
			conn.Exec("CREATE TABLE t (n INTEGER)")
			conn.Session(func(tx *st.Tx) error {
				tx.Exec("INSERT INTO t VALUES (1)")
				return errors.New("no")
			})
			func() {
				defer func() { recover() }()
				conn.Session(func(tx *st.Tx) error {
					tx.Exec("INSERT INTO t VALUES (2)")
					panic("oh")
				})
			}()
			conn.Session(func(tx *st.Tx) error {
				tx.Exec("INSERT INTO t VALUES (?)", 3)
				f, err := tx.Query("SELECT n FROM t")
				if err != nil {
					return err
				}
				st.Table(f)
				return nil
			})
			st.Table(conn.MustQuery("SELECT * FROM t"))
		}).Run()
		a.Expect("table [[3]]", "table [[3]]")
	}
}

type lake struct{ url string }

func TestOwnConnection(t *testing.T) {
	app := project(t, "[connections.lake]\nurl = \"here\"\n", "token = \"abc\"\n[api]\nkey = \"k\"\n")
	made := 0
	body := func() {
		l, err := st.Connect("lake", func(c st.ConnSettings) (*lake, error) {
			made++
			return &lake{c.Text("url") + c.Text("zone")}, nil
		}, st.Param("zone", "/eu"))
		key, err2 := st.Secret("api", "key")
		_, err3 := st.Secret("nope")
		st.Write(fmt.Sprint(l.url, err == nil, key, err2 == nil, err3))
	}
	a := harness.NewIn(t, app, body).Run()
	a.Run().Contains(`here/eutruektrue the secrets have no "nope"`)
	if made != 1 {
		t.Error(made)
	}
	if os.Getenv("token") != "abc" {
		t.Error("a top-level secret is no environment variable")
	}
	os.Unsetenv("token")
}

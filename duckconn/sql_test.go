package duckconn

import (
	"context"
	"database/sql/driver"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The same script runs on every database.
func TestSQL(t *testing.T) {
	for _, url := range []string{"sqlite:///pets.db", "sqlite://", "duckdb:///pets.duckdb", "duckdb://"} {
		t.Run(url, func(t *testing.T) {
			c, err := NewSQL("pets_db", Settings{URL: url}, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			petOwners(t, c)
		})
	}
}

func petOwners(t *testing.T, c *SQL) {
	t.Helper()
	ctx := t.Context()
	err := c.Session(ctx, func(s *Tx) error {
		for _, q := range []string{"CREATE TABLE IF NOT EXISTS pet_owners (person TEXT, pet TEXT, age INTEGER)", "DELETE FROM pet_owners"} {
			if _, err := s.Exec(q); err != nil {
				return err
			}
		}
		for i, p := range [][2]string{{"jerry", "fish"}, {"barbara", "cat"}, {"alex", "puppy"}} {
			args := map[string]any{"owner": p[0], "pet": p[1], "age": 10 * i}
			if n, err := s.Exec("INSERT INTO pet_owners (person, pet, age) VALUES ($owner, $pet, $age)", args); err != nil || n != 1 {
				t.Errorf("insert changed %d rows: %v", n, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Cached(ctx, Forever, "select person, age from pet_owners where pet = ? or age > $2 order by person", "cat", 15)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Rows) != 2 || r.Rows[0][0] != "alex" || r.Rows[1][1] != int64(10) || r.Columns[0].Name != "person" {
		t.Errorf("got %v %v", r.Columns, r.Rows)
	}
	if d, err := c.Cached(ctx, Forever, "select cast(12.5 as decimal(10,2)), cast('2026-01-02' as date)"); err != nil {
		t.Error(err)
	} else if v, ok := d.Rows[0][0].(Decimal); ok && v != "12.50" || !ok && c.Dialect() != "sqlite" { // which has no decimals
		t.Errorf("a decimal comes as %T %v", d.Rows[0][0], d.Rows[0][0])
	}
	fail := errors.New("no")
	err = c.Session(ctx, func(s *Tx) error {
		if _, err := s.Exec("DELETE FROM pet_owners"); err != nil {
			return err
		}
		return fail
	})
	if !errors.Is(err, fail) {
		t.Errorf("session ended with %v", err)
	}
	if n := count(t, c); n != 3 {
		t.Errorf("%d rows after a rollback", n)
	}
	err = c.Session(ctx, func(s *Tx) error {
		if _, err := s.Exec("DELETE FROM pet_owners WHERE person = 'alex'"); err != nil {
			return err
		}
		return s.Commit()
	})
	if err != nil || count(t, c) != 2 {
		t.Errorf("%d rows after a commit: %v", count(t, c), err)
	}
	if _, err := c.Cached(ctx, Forever, "selec 1"); err == nil || !strings.HasPrefix(err.Error(), `connection "pets_db": `) {
		t.Errorf("a wrong query gives %v", err)
	}
}

func count(t *testing.T, c *SQL) int {
	t.Helper()
	r, err := c.Cached(t.Context(), -1, "select * from pet_owners")
	if err != nil {
		t.Fatal(err)
	}
	return len(r.Rows)
}

func TestCachedResults(t *testing.T) {
	c, err := NewSQL("c", Settings{Dialect: "duckdb"}, "")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ctx := t.Context()
	ask := func(ttl time.Duration, args ...any) float64 {
		t.Helper()
		r, err := c.Cached(ctx, ttl, "select random()"+strings.Repeat(" + 0 * length(cast(? as varchar))", len(args)), args...)
		if err != nil {
			t.Fatal(err)
		}
		return r.Rows[0][0].(float64)
	}
	first := ask(Forever)
	if ask(Forever) != first || ask(time.Hour) != first {
		t.Error("a kept result is asked anew")
	}
	if ask(-1) == first {
		t.Error("a negative ttl gives a kept result")
	}
	if ask(Forever, 1) == ask(Forever, "1") {
		t.Error("1 and \"1\" share a result")
	}
	time.Sleep(2 * time.Millisecond)
	if ask(time.Millisecond) == first {
		t.Error("an old result is given")
	}
	first = ask(Forever)
	c.Reset()
	if ask(Forever) == first {
		t.Error("Reset keeps results")
	}
}

func TestConcurrentMissesAskOnce(t *testing.T) {
	var r results
	var asked atomic.Int32
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			got, err := r.get(t.Context(), "k", Forever, func() (*Result, error) {
				asked.Add(1)
				time.Sleep(5 * time.Millisecond)
				return &Result{}, nil
			})
			if got == nil || err != nil {
				t.Error(got, err)
			}
		})
	}
	wg.Wait()
	if asked.Load() != 1 {
		t.Errorf("asked %d times", asked.Load())
	}
}

func TestSettings(t *testing.T) {
	for _, test := range []struct {
		section map[string]any
		top     Settings
		want    Settings
		err     string
	}{
		{err: "Missing SQL DB connection configuration"},
		{section: map[string]any{"dialect": "postgres"}, err: "Missing SQL DB connection param: username"},
		{section: map[string]any{"dialect": "mysql", "username": "u"}, err: "Missing SQL DB connection param: host"},
		{section: map[string]any{"url": "oracle://x"}, err: `no dialect "oracle"`},
		{section: map[string]any{"ulr": "x"}, err: `no setting "ulr"`},
		{section: map[string]any{"url": "postgres://u:s3cret@h:bad port/db"}, err: "not of the form"},
		{
			section: map[string]any{"url": "postgresql+psycopg2://u:p@h:99/db?sslmode=disable"},
			want:    Settings{Dialect: "postgres", Username: "u", Password: "p", Host: "h", Port: "99", Database: "db", Query: map[string]string{"sslmode": "disable"}},
		},
		{
			section: map[string]any{"dialect": "mysql", "username": "u", "host": "h", "port": int64(5), "query": map[string]any{"a": "1", "b": "2"}},
			top:     Settings{Host: "other", Query: map[string]string{"b": "3"}},
			want:    Settings{Dialect: "mysql", Username: "u", Host: "other", Port: "5", Query: map[string]string{"a": "1", "b": "3"}},
		},
		{section: map[string]any{"url": "sqlite:///a/b.db"}, want: Settings{Dialect: "sqlite", Database: "/dir/a/b.db", Query: map[string]string{}}},
		{section: map[string]any{"url": "sqlite:////abs/b.db"}, want: Settings{Dialect: "sqlite", Database: "/abs/b.db", Query: map[string]string{}}},
		{section: map[string]any{"url": "duckdb:///:memory:"}, want: Settings{Dialect: "duckdb", Query: map[string]string{}}},
	} {
		s, err := SettingsOf("c", test.section)
		if err == nil {
			s, err = s.Over(test.top).resolve("c", "/dir")
		}
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) || strings.Contains(err.Error(), "s3cret") {
				t.Errorf("%v: error %v, want %q", test.section, err, test.err)
			}
			continue
		}
		if err != nil || fingerprint(s) != fingerprint(test.want) {
			t.Errorf("%v gives %+v, %v", test.section, s, err)
		}
	}
}

// An error never shows the password, whatever the driver says.
func TestErrorsKeepThePassword(t *testing.T) {
	for _, dialect := range []string{"postgres", "mysql"} {
		c, err := NewSQL("x", Settings{Dialect: dialect, Username: "u", Password: "p@ss:w/rd", Host: "127.0.0.1", Port: "1", Database: "d"}, "")
		if err != nil {
			t.Fatal(err)
		}
		c.Wait = time.Millisecond
		_, err = c.Cached(t.Context(), Forever, "select 1")
		if err == nil || strings.Contains(err.Error(), "w/rd") || strings.Contains(err.Error(), "w%2F") {
			t.Errorf("%s: %v", dialect, err)
		}
		var ce *ConnError
		if !errors.As(err, &ce) || !ce.Broken() {
			t.Errorf("%s: %v is not of the connection", dialect, err)
		}
	}
}

func TestBrokenConnectionIsOpenedAnew(t *testing.T) {
	c, err := NewSQL("x", Settings{Dialect: "sqlite"}, "")
	if err != nil {
		t.Fatal(err)
	}
	c.Wait = time.Millisecond
	tries := 0
	_, err = c.Query(t.Context(), "select 1", nil, func(row []any) error {
		if row == nil {
			return nil
		}
		if tries++; tries < 3 {
			return driver.ErrBadConn
		}
		return nil
	})
	if err != nil || tries != 3 {
		t.Errorf("%d tries: %v", tries, err)
	}
	tries = 0
	_, err = c.Query(t.Context(), "select 1", nil, func(row []any) error { tries++; return driver.ErrBadConn })
	if err == nil {
		t.Error("no error after three tries")
	}
}

func TestSecrets(t *testing.T) {
	dir, home := t.TempDir(), t.TempDir()
	put := func(dir, text string) {
		t.Helper()
		p := filepath.Join(dir, ".stnb", "secrets.toml")
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := NewSecrets(dir, home)
	if _, err := s.Get("a"); !errors.Is(err, ErrNoSecrets) {
		t.Errorf("no files: %v", err)
	}
	put(home, "top = 'h'\n[connections.pets]\nurl = 'sqlite://'\nhost = 'home'\n")
	put(dir, "[connections.pets]\nhost = 'here'\n")
	for _, test := range []struct{ path, want string }{{"top", "h"}, {"connections.pets.url", "sqlite://"}, {"connections.pets.host", "here"}} {
		if v, err := s.Get(strings.Split(test.path, ".")...); v != test.want {
			t.Errorf("%s is %v, %v", test.path, v, err)
		}
	}
	if _, err := s.Get("connections", "none", "x"); err == nil || !strings.Contains(err.Error(), `"connections.none"`) {
		t.Errorf("missing key: %v", err)
	}
	put(dir, "password = 'hunter22\n")
	if err := s.Err(); err == nil || strings.Contains(err.Error(), "hunter") || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("broken file: %v", err)
	}
}

func TestNamedConnections(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, ".stnb", "secrets.toml")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("[connections.a]\nurl='sqlite:///a.db'\n[connections.b]\nurl='sqlite:///b.db'\n")
	n := &Named{Secrets: NewSecrets(dir, t.TempDir()), Dir: dir}
	defer n.Close()
	get := func(name string) *SQL {
		t.Helper()
		c, err := n.SQL(name, Settings{}, Forever)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	a, b := get("a"), get("b")
	if get("a") != a {
		t.Error("a connection is made twice")
	}
	t.Setenv("STNB_TEST_CONN", "b")
	if get("env:STNB_TEST_CONN") != b {
		t.Error("env: does not give b")
	}
	write("[connections.a]\nurl='sqlite:///other.db'\n[connections.b]\nurl='sqlite:///b.db'\n")
	if get("a") == a || get("b") != b {
		t.Error("a changed section must make anew its connection, and no other")
	}
	if _, err := n.SQL("env:STNB_TEST_UNSET", Settings{}, Forever); err == nil || !strings.Contains(err.Error(), "STNB_TEST_UNSET") {
		t.Errorf("unset variable: %v", err)
	}
	short, err := n.SQL("b", Settings{}, time.Nanosecond)
	if err != nil || short == b {
		t.Errorf("an expired connection is given again: %v", err)
	}
}

// The same script on real servers, where their addresses are given.
func TestServers(t *testing.T) {
	for _, env := range []string{"STNB_TEST_POSTGRES", "STNB_TEST_MYSQL"} {
		url := os.Getenv(env)
		if url == "" {
			t.Logf("%s is not set: this server is not tried", env)
			continue
		}
		c, err := NewSQL("pets_db", Settings{URL: url}, "")
		if err != nil {
			t.Fatal(err)
		}
		petOwners(t, c)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		slow := map[string]string{"postgres": "select pg_sleep(20)", "mysql": "select sleep(20)"}[c.Dialect()]
		const wrong = "select 1 as one,\n  nothing.here as two\nfrom no_such_table"
		if _, err := c.Cached(t.Context(), Forever, wrong); err == nil {
			t.Errorf("%s answers %q", env, wrong)
		} else if line, _, message := Where(wrong, err); c.Dialect() == "postgres" && line < 2 {
			t.Errorf("%s: the place of %q is line %d", env, message, line)
		}
		begin := time.Now()
		if _, err := c.Query(ctx, slow, nil, nil); err == nil || time.Since(begin) > 5*time.Second {
			t.Errorf("%s: a stopped query ends after %v with %v", env, time.Since(begin), err)
		}
		c.Close()
	}
}

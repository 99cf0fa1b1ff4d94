package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func write(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, ".stnb"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, FileName), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func lookup(m map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		v, ok := m[name]
		return v, ok
	}
}

func TestPrecedence(t *testing.T) {
	home := write(t, "[server]\nport = 1\nhost = \"home\"\nhosts = [\"a\", \"b\"]\n[app]\nkeep = \"7d\"\n")
	dir := write(t, "[server]\nport = 2\n[upload]\nmax = \"3M\"\n")
	v, err := Load(Sources{
		Dir: dir, Home: home,
		Env:  lookup(map[string]string{"STNB_LOG_LEVEL": "debug", "STNB_ENGINE": "yaegi"}),
		Flag: lookup(map[string]string{"engine": "ssa"}),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ key, text, origin string }{
		{"server.port", "2", filepath.Join(dir, FileName)},
		{"server.host", "home", filepath.Join(home, FileName)},
		{"log.level", "debug", "STNB_LOG_LEVEL"},
		{"kernel.engine", "ssa", "--engine"},
		{"server.open", "false", "default"},
	} {
		if x := v[tt.key]; x.Text != tt.text || x.Origin != tt.origin {
			t.Errorf("%s = %q from %q, want %q from %q", tt.key, x.Text, x.Origin, tt.text, tt.origin)
		}
	}
	if d := v.Duration("app.keep"); d != 7*24*time.Hour {
		t.Errorf("keep = %v", d)
	}
	if n := v.Size("upload.max"); n != 3<<20 {
		t.Errorf("max = %d", n)
	}
	if l := v.List("server.hosts"); len(l) != 2 || l[1] != "b" {
		t.Errorf("hosts = %q", l)
	}
}

func TestMistakes(t *testing.T) {
	for _, tt := range []struct{ file, want string }{
		{"[server]\nprot = 1\n", "there is no setting server.prot"},
		{"[edit]\nport = 1\n", "(is it server.port?)"},
		{"port = 1\n", "port stands outside a section"},
		{"[server]\nport = \"x\"\n", `"x" is no number for server.port`},
		{"[server]\nport = -1\n", `"-1" is no number for server.port`},
		{"[server\n", "config.toml:2: expected"},
		{"[upload]\nmax = \"3T\"\n", `"3T" is no size for upload.max`},
		{"[app]\nkeep = \"soon\"\n", `"soon" is no duration for app.keep`},
		{"[server]\nport = 1.5\n", "is no value for a setting"},
		{"[server]\nhosts = [1]\n", "a list holds texts"},
	} {
		_, err := Load(Sources{Dir: write(t, tt.file), Env: lookup(nil)})
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("file %q: error %v, want one line with %q", tt.file, err, tt.want)
		}
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	v, err := Load(Sources{Env: lookup(map[string]string{"STNB_TOKEN": "canary"})})
	if err != nil {
		t.Fatal(err)
	}
	if s := v.Show(); strings.Contains(s, "canary") || !strings.Contains(s, "(set, not shown)") {
		t.Errorf("Show:\n%s", s)
	}
}

func TestTableIsSound(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range Settings {
		for _, name := range []string{s.Key, s.Env, "--" + s.Flag} {
			if name != "--" && seen[name] {
				t.Errorf("%s stands twice", name)
			}
			seen[name] = true
		}
		if s.Help == "" || len(s.On) == 0 || !strings.HasPrefix(s.Env, "STNB_") {
			t.Errorf("%s is not whole", s.Key)
		}
	}
}

func FuzzFile(f *testing.F) {
	f.Add("[server]\nport = 1\n")
	f.Add("[app]\nkeep = \"7d\"\n[server]\nhosts=[\"a\"]\n")
	dir := f.TempDir()
	os.MkdirAll(filepath.Join(dir, ".stnb"), 0o755)
	f.Fuzz(func(t *testing.T, text string) {
		name := filepath.Join(dir, FileName)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if v, err := Load(Sources{Dir: dir, Env: lookup(nil)}); err == nil {
			v.Show()
			v.Int("server.port", 1)
		}
	})
}

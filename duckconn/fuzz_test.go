package duckconn

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzSecrets: a file of secrets that is wrong is an error that quotes none of it.
func FuzzSecrets(f *testing.F) {
	for _, seed := range []string{
		"[connections.db]\nurl = \"postgres://u:canary@h/d\"\n", "a = 1\n[b]\nc = \"canary\"\n", "[connections.x]\ndialect = \"sqlite\"\ndatabase = \"f.db\"\n",
		"[a]\nb = canary\n", "canary", "[connections.db]\nport = 5432\nquery = 3\n", "[connections]\ndb = \"canary\"\n", "a.b.c = [1, {d = 2}]\n",
	} {
		f.Add(seed)
	}
	dir := f.TempDir()
	os.Mkdir(filepath.Join(dir, ".stnb"), 0o700)
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(filepath.Join(dir, ".stnb", "secrets.toml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s := NewSecrets(dir, "")
		s.Text()
		for _, name := range append(s.Names(), "connections", "nothing") {
			if _, err := s.Get(name); err != nil && strings.Contains(err.Error(), "canary") && !strings.Contains(name, "canary") {
				t.Errorf("an error quotes the file: %v", err)
			}
		}
		if section, err := s.Section("connections", "db"); err == nil {
			settings, err := SettingsOf("db", section)
			if err == nil {
				_, err = settings.resolve("db", dir)
			}
			if password, _ := section["password"].(string); err != nil && len(password) > 8 && strings.Contains(err.Error(), password) {
				t.Errorf("an error has the password: %v", err)
			}
		}
	})
}

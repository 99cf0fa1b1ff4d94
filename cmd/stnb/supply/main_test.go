package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestAllowList(t *testing.T) {
	name := filepath.Join(t.TempDir(), "allowed.toml")
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"": "",
		"[[allowed]]\nid = \"GO-1\"\nreason = \"not reached\"\nuntil = 2026-07-01\n": "",
		"[[allowed]]\nid = \"GO-1\"\nreason = \"not reached\"\nuntil = 2026-05-01\n": "look at it again",
		"[[allowed]]\nid = \"GO-1\"\nuntil = 2026-07-01\n":                           "needs an id, a reason and a date",
		"[[allowed]]\nid = \"GO-1\"\nreason = \"x\"\n":                               "needs an id, a reason and a date",
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := allowList(name, now)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	if _, err := allowList("../../../.ci/allowed.toml", time.Now()); err != nil {
		t.Error(err)
	}
}

// Every licence of what is in the binary was looked at.
func TestLicenses(t *testing.T) {
	t.Chdir("../../..")
	var b strings.Builder
	if err := licenses(&b); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"github.com/duckdb/duckdb-go/v2", "github.com/gofiber/fiber/v2", "@codemirror/state"} {
		if !strings.Contains(b.String(), name) {
			t.Errorf("the list lacks %s", name)
		}
	}
}

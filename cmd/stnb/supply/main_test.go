package main

import (
	"errors"
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

// Clean, vulnerable, and not asked are three things.
func TestVerdicts(t *testing.T) {
	clean := asked{"a", func(map[string]string) error { return nil }}
	found := asked{"b", func(f map[string]string) error { f["GO-1"], f["GO-2"] = "mod Func", "mod Other"; return nil }}
	mute := asked{"c", func(map[string]string) error { return errors.New("no such\nhost") }}
	known := map[string]allowed{"GO-1": {ID: "GO-1", Reason: "not reached"}, "GO-2": {ID: "GO-2", Reason: "not reached"}}
	for _, tt := range []struct {
		all    []asked
		ok     map[string]allowed
		says   string
		result string
	}{
		{[]asked{clean}, nil, "a: clean", ""},
		{[]asked{clean, found}, nil, "b: VULNERABLE: GO-2 mod Other", "2 vulnerabilities"},
		{[]asked{found}, known, "b: clean", ""},
		{[]asked{clean, mute}, nil, "c: COULD NOT ASK: no such host", errUnknown.Error()},
		{[]asked{mute, found}, nil, "b: VULNERABLE", "2 vulnerabilities"},
	} {
		var b strings.Builder
		err := vulnerable(&b, tt.ok, tt.all...)
		if !strings.Contains(b.String(), tt.says) || (err == nil) != (tt.result == "") || err != nil && !strings.Contains(err.Error(), tt.result) {
			t.Errorf("it says\n%s%v\nwant %q and %q", b.String(), err, tt.says, tt.result)
		}
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

// Package examples holds notebooks that are the tutorial and, run by these tests
// in both modes, part of the acceptance suite.
package examples

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stnb.dev/appmode/apptest"
	"stnb.dev/notebook/build"
	"stnb.dev/notebook/file"
	"stnb.dev/notebook/source"
)

// notebooks are the examples by path.
func notebooks(t *testing.T) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == ".stnb" {
			return filepath.SkipDir // versions and outputs, where somebody ran make run
		}
		if err == nil && !d.IsDir() && filepath.Base(path) != "README.md" && slices.Contains([]string{".md", ".ipynb"}, filepath.Ext(path)) {
			names = append(names, path)
		}
		return err
	})
	if err != nil || len(names) == 0 {
		t.Fatal("no examples", err)
	}
	return names
}

// TestCheck: an example has no problem, not even a warning, and is written as
// stnb writes it.
func TestCheck(t *testing.T) {
	for _, name := range notebooks(t) {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			nb, err := file.Read(name, data)
			if err != nil {
				t.Fatal(err)
			}
			nb.Dir = filepath.Dir(name)
			if nb.Title == "" {
				t.Error("no title")
			}
			snapshot := build.New(build.Options{}).Update(nb)
			for i, c := range nb.Cells {
				for _, d := range snapshot.Diagnostics(c.ID) {
					if d.Severity != source.Info {
						t.Errorf("cell %d:%d:%d: %s", i+1, d.Range.Start.Line, d.Range.Start.Column, d.Message)
					}
				}
			}
		})
	}
}

// TestApps: an example works as an app, from the first run on and again.
func TestApps(t *testing.T) {
	for _, name := range notebooks(t) {
		t.Run(name, func(t *testing.T) {
			if filepath.Dir(name) == "connections" { // they write their databases
				name = copied(t, name)
			}
			at := apptest.Open(t, name)
			at.MustWork()
			first := at.Text()
			at.Run().MustWork()
			if again := at.Text(); again != first {
				t.Errorf("a second run shows\n%s\nafter\n%s", again, first)
			}
		})
	}
}

// TestFlights uses every control of the first example.
func TestFlights(t *testing.T) {
	at := apptest.Open(t, "flights.md")
	at.MustWork()
	found := func() string {
		t.Helper()
		for _, e := range at.Elements("metric") {
			return strings.Join(strings.Fields(e.Text()), " ")
		}
		t.Fatalf("no metric on the page:\n%s", at)
		return ""
	}
	seen := []string{found()}
	step := func(what string) {
		t.Helper()
		at.MustWork()
		if now := found(); slices.Contains(seen, now) {
			t.Errorf("%s left %q", what, now)
		} else {
			seen = append(seen, now)
		}
	}
	at.Slider("Longest distance in miles").Set(500)
	step("the slider")
	at.Checkbox("Late by more than 15 minutes").Set(true)
	step("the checkbox")
	at.TextInput("To").Set("los angeles")
	step("the text input")
	at.Selectbox("From").Select("PHX")
	step("the select box")

	other := at.Visit()
	at.Button("I was on one of these").Click().Button("I was on one of these").Click()
	at.MustShow("Clicked 2 times")
	other.MustShow("Clicked 0 times")
	at.KillWorker()
	at.Button("I was on one of these").Click()
	at.MustShow("Clicked 3 times")
}

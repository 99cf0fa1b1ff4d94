// Package examples holds notebooks that are the tutorial and, run by its tests,
// the record of what stnb promises.
package examples

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stnb.dev/appmode/apptest"
)

// promise is one item of the acceptance list, by its id.
type promise struct {
	id   string
	says string
	test func(t *testing.T)
}

func TestAcceptance(t *testing.T) {
	for _, group := range [][]promise{animate, buttons, types} {
		for _, p := range group {
			t.Run(p.id, func(t *testing.T) {
				t.Parallel()
				t.Log(p.says)
				p.test(t)
			})
		}
	}
}

// open opens one of the notebooks beside this file.
func open(t *testing.T, name string) *apptest.App {
	t.Helper()
	return apptest.Open(t, filepath.FromSlash(name))
}

// cells opens an app of Go cells; the first one gets the imports it needs.
func cells(t *testing.T, sources ...string) *apptest.App {
	t.Helper()
	var b strings.Builder
	all := strings.Join(sources, "\n")
	var imports []string
	for _, path := range []string{"errors", "fmt", "slices", "strings", "time", "stnb.dev/dataframe"} {
		if strings.Contains(all, path[strings.LastIndex(path, "/")+1:]+".") {
			imports = append(imports, fmt.Sprintf("%q", path))
		}
	}
	imports = append(imports, `st "stnb.dev/widgets"`)
	for i, s := range sources {
		if i == 0 {
			s = "import (\n\t" + strings.Join(imports, "\n\t") + "\n)\n" + s
		}
		fmt.Fprintf(&b, "```go\n%s\n```\n\n", strings.TrimSpace(s))
	}
	return apptest.Write(t, b.String())
}

// before fails the test when a is not read before b on the page.
func before(t *testing.T, at *apptest.App, a, b string) {
	t.Helper()
	page := at.Text()
	i, j := strings.Index(page, a), strings.Index(page, b)
	if i < 0 || j < 0 || i > j {
		t.Errorf("%q does not stand before %q:\n%s", a, b, at)
	}
}

// equal compares what was read with what was promised.
func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// fault fails the test unless the page shows exactly one fault, and the log holds
// the words.
func fault(t *testing.T, at *apptest.App, words ...string) {
	t.Helper()
	errs := at.Errors()
	if len(errs) != 1 || errs[0].ID == "" {
		t.Fatalf("faults %+v, want one with an id\n%s\nlog:\n%s", errs, at, at.Log())
	}
	log := strings.ToLower(at.Log())
	for _, w := range words {
		if !strings.Contains(log, strings.ToLower(w)) {
			t.Errorf("the log does not say %q:\n%s", w, at.Log())
		}
	}
}

func kinds(at *apptest.App, kinds ...string) (out []string) {
	for _, e := range at.Elements(kinds...) {
		out = append(out, e.Text())
	}
	return out
}

var _ = slices.Contains[[]string]

package examples

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"stnb.dev/appmode/apptest"
)

// promise is one item of the acceptance list, by its id.
type promise struct {
	id   string
	says string
	test func(t *testing.T)
}

// skip notes a promise that cannot be tried here, so that it is not counted as kept.
var skip func(id, why string)

func skipped(t *testing.T, id, why string) {
	t.Helper()
	skip(id, why)
	t.Skip(why)
}

// TestAcceptance ends with a line for each group: "acceptance B: 36/38 B33 B34", the
// ids of the promises that are not kept, and of those that were not tried with the
// reason.
func TestAcceptance(t *testing.T) {
	groups := []struct {
		name     string
		promises []promise
	}{{"A", animate}, {"B", buttons}, {"C", frames}, {"D", types}, {"E", connections}}
	failed, untried := map[string]bool{}, map[string]string{}
	var mu sync.Mutex
	skip = func(id, why string) {
		mu.Lock()
		defer mu.Unlock()
		untried[id] = why
	}
	t.Cleanup(func() { // when all have ended
		for _, g := range groups {
			kept := 0
			line, whys := "", map[string]string{}
			for _, p := range g.promises {
				if failed[p.id] {
					line += " " + p.id
				} else if why := untried[p.id]; why != "" {
					whys[why] += " " + p.id
				} else {
					kept++
				}
			}
			for _, why := range slices.Sorted(maps.Keys(whys)) {
				line += fmt.Sprintf(" (not tried, %s:%s)", why, whys[why])
			}
			fmt.Printf("acceptance %s: %d/%d%s\n", g.name, kept, len(g.promises), line)
		}
	})
	for _, g := range groups {
		for _, p := range g.promises {
			t.Run(p.id, func(t *testing.T) {
				t.Parallel()
				defer func() {
					if t.Failed() {
						mu.Lock()
						defer mu.Unlock()
						failed[p.id] = true
					}
				}()
				t.Log(p.says)
				p.test(t)
				if drawn[p.id] {
					t.Run("screen", screen(p.id))
				}
			})
		}
	}
}

// open opens one of the notebooks beside this file.
func open(t *testing.T, name string) *apptest.App {
	t.Helper()
	return apptest.Open(t, filepath.FromSlash(name))
}

// written opens a copy of one of the notebooks, which writes files beside itself.
func written(t *testing.T, name string) *apptest.App {
	t.Helper()
	return open(t, copied(t, name))
}

// copied is a notebook's name in a copy of its folder, with the data beside it.
func copied(t *testing.T, name string) string {
	t.Helper()
	to := t.TempDir()
	folder := filepath.Dir(filepath.FromSlash(name))
	for _, dir := range []string{folder, "data"} {
		if err := os.CopyFS(filepath.Join(to, dir), os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(to, filepath.FromSlash(name))
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

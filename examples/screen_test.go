package examples

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// drawn are the promises of groups A, B and D that are about the screen, too: what
// moves, goes, is disabled or chosen there. The others are about state alone.
var drawn = func() map[string]bool {
	all := map[string]bool{}
	for _, id := range strings.Fields(`A01 A02 A03 A04 A05 A06 A07 A08 A09 A10 A11 A12 A13 A14
		B01 B02 B03 B05 B06 B07 B09 B10 B11 B12 B13 B14 B15 B16 B17 B18 B19 B20 B21 B22 B23 B24 B25 B26 B27 B28 B29
		B30 B31 B32 B33 B35 B36 B37 B38 D09 D12 D13`) {
		all[id] = true
	}
	return all
}()

// screen is a promise about the screen: the browser tests of that id in
// ui/web/e2e/acceptance-ab.e2e.ts and data.e2e.ts, with the binary STNB_BIN.
// `make acceptance` gives it; without it the promise is skipped and not counted.
func screen(id string) func(*testing.T) {
	return func(t *testing.T) {
		if os.Getenv("STNB_BIN") == "" {
			skipped(t, id, "needs a browser: make acceptance")
			return
		}
		results, err := onScreen()
		if err != nil {
			t.Fatal(err)
		}
		tests := results[id]
		if len(tests) == 0 {
			t.Errorf("no browser test %s was run", id)
		}
		for _, r := range tests {
			if r.Status != "passed" {
				t.Errorf("%s: %s %s", r.Title, r.Status, strings.Join(r.FailureMessages, "\n"))
			}
		}
	}
}

// onScreenResult is how one browser test ended.
type onScreenResult struct {
	Title, Status   string
	FailureMessages []string
}

// A browser test's title begins with the ids of what it tries.
var promised = regexp.MustCompile(`^(?:[A-E]\d\d )+`)

// onScreen runs the browser tests once and returns how they ended, by id.
var onScreen = sync.OnceValues(func() (map[string][]onScreenResult, error) {
	dir, err := os.MkdirTemp("", "stnb-screen-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	report := filepath.Join(dir, "report.json")
	cmd := exec.Command("node_modules/.bin/vitest", "run", "--config", "e2e/vitest.config.ts",
		"--reporter=json", "--outputFile="+report, "data.e2e", "acceptance-ab.e2e")
	cmd.Dir = filepath.FromSlash("../ui/web")
	cmd.Env = append(os.Environ(), "STNB_ACCEPTANCE=1")
	out, failed := cmd.CombinedOutput()
	raw, err := os.ReadFile(report)
	if err != nil {
		return nil, fmt.Errorf("the browser tests did not run: %v\n%s", failed, out)
	}
	var all struct {
		TestResults []struct{ AssertionResults []onScreenResult }
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, err
	}
	results := map[string][]onScreenResult{}
	for _, f := range all.TestResults {
		for _, r := range f.AssertionResults {
			for _, id := range strings.Fields(promised.FindString(r.Title)) {
				results[id] = append(results[id], r)
			}
		}
	}
	if len(results) == 0 {
		return nil, fmt.Errorf("no browser test ran\n%s", out)
	}
	return results, nil
})

package arch

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestCompare: what docs/compare.md says of stnb is the name of a test, and that
// test is there: a func of a Go test file, a script of TestScripts, or a name in a
// browser test.
func TestCompare(t *testing.T) {
	root := "../../.."
	text, err := os.ReadFile(root + "/docs/compare.md")
	if err != nil {
		t.Fatal(err)
	}
	goTests := map[string]bool{}
	isTest := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && path != root) {
			return fs.SkipDir
		}
		if strings.HasSuffix(path, "_test.go") {
			source, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, m := range isTest.FindAllStringSubmatch(string(source), -1) {
				goTests[m[1]] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if !strings.HasPrefix(line, "|") || len(cells) != 5 || strings.HasPrefix(line, "|-") {
			continue
		}
		stnb := strings.TrimSpace(cells[4])
		if stnb == "stnb" || stnb == "no" {
			continue
		}
		rows++
		for _, name := range strings.Split(stnb, "<br>") {
			file, test, browser := strings.Cut(name, ": ")
			if !browser {
				script, isScript := strings.CutPrefix(name, "TestScripts/")
				if isScript {
					_, err = os.Stat(root + "/cmd/stnb/testdata/" + script + ".txtar")
				}
				if isScript && err != nil || !isScript && !goTests[name] {
					t.Errorf("docs/compare.md names the test %s, which is not there: name the one that shows it, or say no", name)
				}
				continue
			}
			source, err := os.ReadFile(root + "/ui/web/e2e/" + file + ".e2e.ts")
			if err != nil || !strings.Contains(string(source), `"`+test+`"`) && !strings.Contains(string(source), "`"+test) {
				t.Errorf("docs/compare.md names %q, which ui/web/e2e/%s.e2e.ts does not have: name the test that shows it, or say no", test, file)
			}
		}
	}
	if rows < 30 {
		t.Errorf("only %d rows of docs/compare.md name a test", rows)
	}
}

package docs

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestTopics(t *testing.T) {
	for _, topic := range Topics() {
		if topic.Title == "" || strings.ContainsAny(topic.Title, "#\n") || len(topic.Text) < 500 {
			t.Errorf("%s is titled %q and has %d bytes", topic.Name, topic.Title, len(topic.Text))
		}
	}
	if _, ok := Find("../errors"); ok {
		t.Error("a path is a topic")
	}
}

// TestStreamlitNames: what the page for people who come from Streamlit names is there.
func TestStreamlitNames(t *testing.T) {
	page, _ := Find("streamlit")
	api, err := os.ReadFile("../widgets/testdata/api.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`\bst\.([A-Z]\w*)`).FindAllStringSubmatch(page.Text, -1) {
		if !regexp.MustCompile(`(?m)^st: (func|var) ` + m[1] + `\b`).Match(api) {
			t.Errorf("there is no st.%s", m[1])
		}
	}
}

// codes are how a diagnostic gets its code in the sources, and a fault its topic.
var codes = regexp.MustCompile(`Code: "([a-z-]+)"|[cC]ode = "([a-z-]+)"|code := "([a-z-]+)"|\.End\(\), "([a-z-]+)",|methodElsewhere = "([a-z-]+)"|cell\.Pos\(e\.End\), "([a-z-]+)"|topic: "([a-z-]+)"`)

// TestEveryProblemIsExplained: the page of errors has a section for every code that
// a diagnostic can have and every topic of a fault, and for no other.
func TestEveryProblemIsExplained(t *testing.T) {
	page, _ := Find("errors")
	explained := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^## (.+)$`).FindAllStringSubmatch(page.Text, -1) {
		explained[m[1]] = false
	}
	for _, dir := range []string{"check", "syntax", "lower", "build", "session", "../kernel/engine"} {
		err := filepath.WalkDir(filepath.Join("..", "notebook", dir), func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				return err
			}
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			for _, m := range codes.FindAllStringSubmatch(string(text), -1) {
				code := strings.Join(m[1:], "")
				if _, ok := explained[code]; !ok {
					t.Errorf("%s: docs/errors.md has no section on %q", name, code)
				}
				explained[code] = true
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for code, used := range explained {
		if !used {
			t.Errorf("docs/errors.md explains %q, which nothing leads to", code)
		}
	}
}

package jupyter

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"stnb.dev/notebook/source"
)

func TestIsComplete(t *testing.T) {
	for code, want := range map[string]string{
		"":                       "complete",
		"x := 1":                 "complete",
		"func f() {\n}":          "complete",
		"?fmt":                   "complete",
		"%%sql\nselect (":        "complete",
		"func f() {":             "incomplete \t",
		"if a {\n\tfor {":        "incomplete \t\t",
		"x := 1 +":               "incomplete ",
		"f(":                     "incomplete \t",
		"s := `a":                "incomplete ",
		"/* b":                   "incomplete ",
		"x := = 3":               "invalid",
		"}":                      "invalid",
		"a b c":                  "invalid",
		"s := \"a":               "invalid",
		"import \"fmt\"\nfmt.Pr": "complete",
	} {
		got := isComplete(codeRequest{code}).(map[string]any)
		text := got["status"].(string)
		if indent, ok := got["indent"]; ok {
			text += " " + indent.(string)
		}
		if text != want {
			t.Errorf("%q is %q, want %q", code, text, want)
		}
	}
}

// TestPlace: Jupyter counts code points, the editor lines and bytes.
func TestPlace(t *testing.T) {
	at := func(n int) *int { return &n }
	for _, c := range []struct {
		code   string
		cursor *int
		want   source.Position
		source string
	}{
		{"abc", nil, source.Position{Line: 1, Column: 4}, "abc"},
		{"abc", at(1), source.Position{Line: 1, Column: 2}, "abc"},
		{"é := 1\nx", at(8), source.Position{Line: 2, Column: 2}, "é := 1\nx"},
		{"é := 1\nx", at(1), source.Position{Line: 1, Column: 3}, "é := 1\nx"},
		{"abc", at(99), source.Position{Line: 1, Column: 4}, "abc"},
		{"abc", at(-5), source.Position{Line: 1, Column: 1}, "abc"},
		{"%%sql\nselect", at(9), source.Position{Line: 1, Column: 4}, "select"},
	} {
		cell, got, skipped := cursorRequest{c.code, c.cursor}.place()
		c.want.Cell = draftID
		if got != c.want || cell.Source != c.source {
			t.Errorf("%q: %+v in %q, want %+v", c.code, got, cell.Source, c.want)
		}
		if back := skipped + runeOffset(cell.Source, got); c.cursor != nil && *c.cursor >= 0 && *c.cursor < 90 && back != *c.cursor {
			t.Errorf("%q: cursor %d comes back as %d", c.code, *c.cursor, back)
		}
	}
}

func TestHelpFor(t *testing.T) {
	for code, want := range map[string]string{
		"?fmt.Println": "fmt.Println", "??x": "x", "x?": "x", "fmt.Print??": "fmt.Print", " ?x ": "x",
		"x": "", "x := 1?": "", "?": "", "? ": "",
	} {
		got, ok := helpFor(code)
		if got != want || ok != (want != "") {
			t.Errorf("%q asks about %q", code, got)
		}
	}
}

func TestHistory(t *testing.T) {
	var h history
	two := "2"
	for i, code := range []string{"a := 1", "b/c", "a := 1", "1 + 1"} {
		e := entry{line: i + 1, code: code}
		if code == "1 + 1" {
			e.output = &two
		}
		h.add(e)
	}
	for _, c := range []struct {
		r    historyRequest
		want string
	}{
		{historyRequest{Access: "tail", N: 2}, `[[1,3,"a := 1"],[1,4,"1 + 1"]]`},
		{historyRequest{Access: "tail", N: 1, Output: true}, `[[1,4,["1 + 1","2"]]]`},
		{historyRequest{Access: "range", Session: 1, Start: 2, Stop: 3}, `[[1,2,"b/c"]]`},
		{historyRequest{Access: "range", Session: 0, Start: 3}, `[[1,3,"a := 1"],[1,4,"1 + 1"]]`},
		{historyRequest{Access: "range", Session: -1}, `[]`},
		{historyRequest{Access: "search", Pattern: "a*"}, `[[1,1,"a := 1"],[1,3,"a := 1"]]`},
		{historyRequest{Access: "search", Pattern: "a*", Unique: true}, `[[1,3,"a := 1"]]`},
		{historyRequest{Access: "search", Pattern: "b*c"}, `[[1,2,"b/c"]]`},
		{historyRequest{Access: "search", Pattern: "[", N: 3}, `[]`},
	} {
		got, err := json.Marshal(h.find(c.r))
		if err != nil || string(got) != c.want {
			t.Errorf("%+v finds %s, want %s", c.r, got, c.want)
		}
	}
	for i := range maxHistory {
		h.add(entry{line: i})
	}
	if len(h.entries) != maxHistory {
		t.Errorf("%d entries are kept", len(h.entries))
	}
}

func TestKernelFolder(t *testing.T) {
	env := map[string]string{"PROGRAMDATA": "/pd", "APPDATA": "/ad"}
	get := func(name string) string { return env[name] }
	for want, p := range map[string]Place{
		"/home/u/.local/share/jupyter/kernels/stnb": {OS: "linux", Home: "/home/u"},
		"/home/u/Library/Jupyter/kernels/stnb":      {OS: "darwin", Home: "/home/u"},
		"/ad/jupyter/kernels/stnb":                  {OS: "windows", Home: "/home/u"},
		"/pd/jupyter/kernels/stnb":                  {OS: "windows", System: true},
		"/usr/local/share/jupyter/kernels/stnb":     {OS: "linux", System: true},
		"/venv/share/jupyter/kernels/stnb":          {OS: "linux", Home: "/home/u", Prefix: "/venv"},
	} {
		p.Env = get
		if got, err := p.Kernel("stnb"); err != nil || got != want {
			t.Errorf("%+v: %s %v, want %s", p, got, err, want)
		}
	}
	env["JUPYTER_DATA_DIR"] = "/data"
	if got, _ := (Place{OS: "linux", Home: "/h", Env: get}).Kernel("stnb"); got != "/data/kernels/stnb" {
		t.Errorf("JUPYTER_DATA_DIR: %s", got)
	}
	for _, name := range []string{"", "a/b", "..\\x", "a b"} {
		if dir, err := (Place{OS: "linux", Home: "/h", Env: get}).Kernel(name); err == nil {
			t.Errorf("the name %q gives %s", name, dir)
		}
	}
}

func TestInstall(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "kernels", "stnb")
	if err := Uninstall(dir); err == nil {
		t.Error("nothing was uninstalled")
	}
	for range 2 { // again over itself
		if err := Install(dir, Spec{Exe: "/bin/stnb", Display: "Go"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := Uninstall(dir); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("it is still there")
	}
	other := t.TempDir()
	if err := os.WriteFile(filepath.Join(other, "kernel.json"), []byte(`{"argv":["python"]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Uninstall(other); err == nil {
		t.Error("another kernel was uninstalled")
	}
}

func TestConnection(t *testing.T) {
	dir := t.TempDir()
	for text, ok := range map[string]bool{
		`{"transport":"tcp","ip":"127.0.0.1","shell_port":1,"signature_scheme":"hmac-sha256","key":"k"}`: true,
		`{"transport":"ipc","ip":"/tmp/k"}`:                          true,
		`{"transport":"tcp"}`:                                        false,
		`{"transport":"udp","ip":"x"}`:                               false,
		`{"ip":"127.0.0.1","shell_port":70000}`:                      false,
		`{"ip":"127.0.0.1","signature_scheme":"hmac-md5","key":"k"}`: false,
		`{"ip":`: false,
	} {
		name := filepath.Join(dir, fmt.Sprint(len(text)))
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadConnection(name); (err == nil) != ok {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := ReadConnection(filepath.Join(dir, "none")); err == nil {
		t.Error("no file is a connection")
	}
}

package conformance

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var (
	update = flag.Bool("update", false, "write what Go prints into the archives")
	all    = flag.Bool("all", false, "ask Go about every program, not a sample")
)

// What the archives say a program prints is what it prints when built by Go.
func TestEverydayIsWhatGoPrints(t *testing.T) {
	cases := Everyday()
	if len(cases) < 300 {
		t.Fatalf("just %d programs", len(cases))
	}
	cases = append(cases, Hard()...)
	var sample []Case
	for i, c := range cases {
		if strings.Contains(c.Source, "time.Sleep(") {
			t.Errorf("%s sleeps: on a busy machine that puts nothing in order", c.Name)
		}
		if *all || *update || i%25 == 0 {
			sample = append(sample, c)
		}
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), "module everyday\n\ngo 1.26\n")
	for i, c := range sample {
		write(t, filepath.Join(dir, fmt.Sprintf("p%03d", i), "main.go"), c.Source)
	}
	build := exec.Command("go", "build", "-o", "bin/", "./...")
	build.Dir = dir
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-mod=mod")
	if err := os.Mkdir(filepath.Join(dir, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	got := map[string]string{}
	for i, c := range sample {
		got[c.Name] = run(t, filepath.Join(dir, "bin", fmt.Sprintf("p%03d", i)))
		if !*update && got[c.Name] != c.Want {
			t.Errorf("%s prints\n%s\nnot\n%s", c.Name, got[c.Name], c.Want)
		}
	}
	if *update {
		rewrite(t, got)
	}
}

// run returns what the program prints in the form of Case.Want.
func run(t *testing.T, bin string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(bin)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	text := stdout.String()
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		line, _, _ := strings.Cut(strings.TrimSpace(stderr.String()), "\n")
		text += fmt.Sprintf("[exit %d] %s\n", exit.ExitCode(), line)
	} else if err != nil {
		t.Fatal(err)
	}
	return text
}

func rewrite(t *testing.T, got map[string]string) {
	t.Helper()
	files, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		subject := strings.TrimSuffix(filepath.Base(name), ".txtar")
		for i := 0; i+1 < len(a.Files); i += 2 {
			program := path.Join(subject, strings.TrimSuffix(a.Files[i].Name, ".go"))
			a.Files[i+1].Data = []byte(got[program])
		}
		write(t, name, string(txtar.Format(a)))
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

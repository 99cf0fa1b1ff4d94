// Command mutants takes one defence of stnb out at a time and runs the test that
// tries the attack it stands against: that test must fail. One that stays green
// shows nothing, and is what this finds. The tree is not touched; the compiler is
// given the changed files in the place of its own.
//
//	go run ./cmd/stnb/mutants [-only T03,T04] [-list]
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// mutant is a defence, how it is taken out, and the test that must notice.
type mutant struct {
	attack  string // "T03", or a fault's name
	without string // the defence, in a few words
	pkg     string // of the test, from the repository's root
	run     string // the test, as -run wants it; "" is TestTrust/<attack>
	edits   []edit
}

// edit replaces a piece of a file that stands in it once.
type edit struct{ file, old, new string }

func (m mutant) test() string {
	if m.run != "" {
		return m.run
	}
	return "^TestTrust$/^" + m.attack + "$"
}

func main() {
	only := flag.String("only", "", "attacks or defences, as -list shows them, separated by commas; all by default")
	list := flag.Bool("list", false, "say what is taken out, and run nothing")
	flag.Parse()
	picked := func(m mutant) bool {
		return *only == "" || slices.ContainsFunc(strings.Split(*only, ","), func(s string) bool {
			return s == m.attack || s == m.without
		})
	}
	adopt()
	noticed := map[string]bool{}
	missed := 0
	for _, m := range table {
		if !picked(m) {
			continue
		}
		if *list {
			fmt.Printf("%s  %s (%s)\n", m.attack, m.without, m.pkg)
			continue
		}
		began := time.Now()
		err := try(m)
		endOrphans()
		verdict := "noticed"
		if err != nil {
			verdict = "MISSED: " + err.Error()
			missed++
		} else {
			noticed[m.attack] = true
		}
		fmt.Printf("%s  without %-55s %5.1f s  %s\n", m.attack, m.without, time.Since(began).Seconds(), verdict)
	}
	if *list {
		return
	}
	fmt.Printf("mutants: %d attacks and faults whose test fails without the defence, %d defences taken out unnoticed\n", len(noticed), missed)
	if missed > 0 {
		os.Exit(1)
	}
}

// try runs one mutant's test. nil: it failed, as it must.
func try(m mutant) error {
	dir, err := os.MkdirTemp("", "stnb-mutant-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	files, err := m.files(".")
	if err != nil {
		return err
	}
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for name, text := range files {
		abs, err := filepath.Abs(name)
		if err != nil {
			return err
		}
		to := filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
		if err := os.WriteFile(to, text, 0o600); err != nil {
			return err
		}
		overlay.Replace[abs] = to
	}
	data, err := json.Marshal(overlay)
	if err != nil {
		return err
	}
	at := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(at, data, 0o600); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	count := "1"
	if m.run == noClickLost { // by chance: once may miss it
		count = "8"
	}
	cmd := exec.CommandContext(ctx, "go", "test", "-count="+count, "-failfast", "-vet=off", "-timeout=4m", "-overlay", at, "-run", m.test(), m.pkg)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	out, err := cmd.CombinedOutput()
	text := string(out)
	switch {
	case strings.Contains(text, "[build failed]"), strings.Contains(text, "[setup failed]"):
		return fmt.Errorf("it does not build:\n%s", text)
	case strings.Contains(text, "no tests to run"):
		return fmt.Errorf("there is no test %s in %s", m.test(), m.pkg)
	case err == nil:
		return fmt.Errorf("%s passes all the same", m.test())
	case strings.Contains(text, "--- FAIL"), strings.Contains(text, "panic:"), strings.Contains(text, "fatal error:"):
		return nil
	}
	return fmt.Errorf("%w:\n%s", err, text)
}

// files are the changed files, by their paths from the root.
func (m mutant) files(root string) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, e := range m.edits {
		text, ok := files[e.file]
		if !ok {
			var err error
			if text, err = os.ReadFile(filepath.Join(root, filepath.FromSlash(e.file))); err != nil {
				return nil, err
			}
		}
		if n := bytes.Count(text, []byte(e.old)); n != 1 {
			return nil, fmt.Errorf("%s has %d times, not once: %s", e.file, n, e.old)
		}
		files[e.file] = bytes.Replace(text, []byte(e.old), []byte(e.new), 1)
	}
	return files, nil
}

//go:build unix

package workspace

import (
	"bufio"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"stnb.dev/notebook/session"
)

const (
	killEnv  = "STNB_TEST_TYPIST"  // the folder; set in the child
	quietEnv = "STNB_TEST_UNSAVED" // the child never asks for a save
)

// TestTypist is the child of testKilledWhileSaving: it types without end, a number
// that grows, and prints each when it was taken.
func TestTypist(t *testing.T) {
	dir := os.Getenv(killEnv)
	if dir == "" {
		return
	}
	w, err := Open(Config{Root: dir, Program: program})
	if err != nil {
		t.Fatal(err)
	}
	nb, err := w.Open("s.md")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := nb.Document()
	if err != nil {
		t.Fatal(err)
	}
	c := doc.Cells[len(doc.Cells)-1]
	var at int
	if _, err := fmt.Sscanf(c.Source, "x := %d", &at); err != nil {
		t.Fatal(err)
	}
	for n := c.Version; ; n++ {
		at++
		text := fmt.Sprintf("x := %d\n%s", at, strings.Repeat("// a line of the notebook that is typed\n", 2000))
		if err := nb.Do("me", session.Op{Edit: &session.Edit{Cell: c.ID, Base: n, Source: strings.TrimSpace(text)}}); err != nil {
			t.Fatal(err)
		}
		if os.Getenv(quietEnv) == "" {
			if err := nb.Do("me", session.Op{Save: &session.Save{}}); err != nil {
				t.Fatal(err)
			}
		}
		fmt.Println(at)
		time.Sleep(time.Millisecond)
	}
}

// typist is a child that types, from when it has typed something.
type typist struct {
	t     *testing.T
	cmd   *exec.Cmd
	lines *bufio.Scanner
	last  int64 // number that was taken, of the lines read
}

func startTypist(t *testing.T, env ...string) *typist {
	t.Helper()
	y := &typist{t: t, cmd: exec.Command(os.Args[0], "-test.run=^TestTypist$")}
	y.cmd.Env = append(os.Environ(), env...)
	out, err := y.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	y.lines = bufio.NewScanner(out)
	if err := y.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if !y.read() {
		t.Fatal("the child did not begin: ", y.lines.Err())
	}
	return y
}

func (y *typist) read() bool {
	if !y.lines.Scan() {
		return false
	}
	if at, err := strconv.ParseInt(y.lines.Text(), 10, 64); err == nil { // the last line may be cut
		y.last = at
	}
	return true
}

// kill ends the child and returns what it typed last.
func (y *typist) kill() int64 {
	_ = y.cmd.Process.Kill()
	for y.read() {
	}
	_ = y.cmd.Wait()
	return y.last
}

// kills is how often a server is killed: make trust does it many times.
func kills(n int) int {
	switch {
	case os.Getenv("STNB_WHOLE") != "":
		return 4 * n
	case testing.Short():
		return n / 5
	}
	return n
}

func TestFault(t *testing.T) {
	t.Run("ServerKilledInSave", testKilledWhileSaving)
	t.Run("ServerKilledInSave/Journal", testKilledWhileTyping)
}

// The server is killed while somebody types and nothing asks for a save: the
// journal has what was typed up to the moment, long before autosave would.
func testKilledWhileTyping(t *testing.T) {
	kills := kills(15)
	dir := t.TempDir()
	name := filepath.Join(dir, "s.md")
	for i := range kills {
		if err := os.WriteFile(name, []byte(shelter), 0o644); err != nil {
			t.Fatal(err)
		}
		_ = os.RemoveAll(filepath.Join(dir, own))
		child := startTypist(t, killEnv+"="+dir, quietEnv+"=1")
		time.Sleep(time.Duration(rand.Intn(120)) * time.Millisecond)
		typed := child.kill()

		w, err := Open(Config{Root: dir, Program: program})
		if err != nil {
			t.Fatal(err)
		}
		nb, err := w.Open("s.md")
		if err != nil {
			t.Fatal(err)
		}
		cells := nb.Notebook().Cells
		var at int64
		if _, err := fmt.Sscanf(cells[len(cells)-1].Source, "x := %d", &at); err != nil || at <= 1 {
			t.Errorf("kill %d: nothing of what was typed is there", i)
		} else if at < typed {
			t.Errorf("kill %d: %d was typed, and %d is there", i, typed, at)
		}
		w.Close()
	}
}

// The server is killed at random moments while somebody types: the file is always
// a whole notebook, and all that was typed is there.
func testKilledWhileSaving(t *testing.T) {
	kills := kills(50)
	dir := t.TempDir()
	name := filepath.Join(dir, "s.md")
	if err := os.WriteFile(name, []byte(shelter), 0o644); err != nil {
		t.Fatal(err)
	}
	for i := range kills {
		child := startTypist(t, killEnv+"="+dir)
		time.Sleep(time.Duration(rand.Intn(30)) * time.Millisecond)
		typed := child.kill()

		w, err := Open(Config{Root: dir, Program: program})
		if err != nil {
			t.Fatal(err)
		}
		nb, err := w.Open("s.md")
		if err != nil {
			t.Fatalf("kill %d: the file is broken: %v", i, err)
		}
		doc, _ := nb.Document()
		text := doc.Cells[len(doc.Cells)-1].Source
		if lines := strings.Count(text, "\n"); text != "x := 1" && lines != 2000 {
			t.Fatalf("kill %d: %d lines of 2000", i, lines)
		}
		var at int64
		if _, err := fmt.Sscanf(text, "x := %d", &at); err != nil {
			t.Fatal(err)
		}
		if at < typed {
			t.Errorf("kill %d: %d was typed, and %d is there", i, typed, at)
		}
		w.Close()
	}
	left, _ := filepath.Glob(filepath.Join(dir, ".*"+tempMark+"*"))
	for _, l := range left {
		old := time.Now().Add(-2 * time.Hour)
		if err := os.Chtimes(l, old, old); err != nil {
			t.Fatal(err)
		}
	}
	w, err := Open(Config{Root: dir, Program: program})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := w.Open("s.md"); err != nil {
		t.Fatal(err)
	}
	if left, _ = filepath.Glob(filepath.Join(dir, ".*"+tempMark+"*")); len(left) > 0 {
		t.Errorf("old temporary files stay: %d", len(left))
	}
}

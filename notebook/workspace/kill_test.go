//go:build unix

package workspace

import (
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stnb.dev/notebook/session"
)

const (
	killEnv  = "STNB_TEST_TYPIST"  // the folder; set in the child
	quietEnv = "STNB_TEST_UNSAVED" // the child never asks for a save
)

// TestTypist is the child of testKilledWhileSaving: it types without end.
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
	for n := c.Version; ; n++ {
		text := fmt.Sprintf("x := %d\n%s", time.Now().UnixMilli(), strings.Repeat("// a line of the notebook that is typed\n", 2000))
		if err := nb.Do("me", session.Op{Edit: &session.Edit{Cell: c.ID, Base: n, Source: strings.TrimSpace(text)}}); err != nil {
			t.Fatal(err)
		}
		if os.Getenv(quietEnv) == "" {
			if err := nb.Do("me", session.Op{Save: &session.Save{}}); err != nil {
				t.Fatal(err)
			}
		}
		if n == c.Version {
			fmt.Println("typing")
		}
		time.Sleep(time.Millisecond)
	}
}

func TestFault(t *testing.T) {
	t.Run("ServerKilledInSave", testKilledWhileSaving)
	t.Run("ServerKilledInSave/Journal", testKilledWhileTyping)
}

// The server is killed while somebody types and nothing asks for a save: the
// journal has what was typed up to the moment, long before autosave would.
func testKilledWhileTyping(t *testing.T) {
	kills := 40
	if testing.Short() {
		kills = 5
	}
	dir := t.TempDir()
	name := filepath.Join(dir, "s.md")
	for i := range kills {
		if err := os.WriteFile(name, []byte(shelter), 0o644); err != nil {
			t.Fatal(err)
		}
		_ = os.RemoveAll(filepath.Join(dir, own))
		cmd := exec.Command(os.Args[0], "-test.run=^TestTypist$")
		cmd.Env = append(os.Environ(), killEnv+"="+dir, quietEnv+"=1")
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := out.Read(make([]byte, 10)); err != nil {
			t.Fatal("the child did not begin: ", err)
		}
		time.Sleep(time.Duration(rand.Intn(120)) * time.Millisecond)
		killed := time.Now()
		_ = cmd.Process.Kill()
		_ = cmd.Wait()

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
		} else if lost := killed.Sub(time.UnixMilli(at)); lost > 500*time.Millisecond {
			t.Errorf("kill %d: %v of typing are lost", i, lost)
		}
		w.Close()
	}
}

// The server is killed at random moments while somebody types: the file is always
// a whole notebook, and what was typed is there but for the last second.
func testKilledWhileSaving(t *testing.T) {
	kills := 200
	if testing.Short() {
		kills = 20
	}
	dir := t.TempDir()
	name := filepath.Join(dir, "s.md")
	if err := os.WriteFile(name, []byte(shelter), 0o644); err != nil {
		t.Fatal(err)
	}
	for i := range kills {
		cmd := exec.Command(os.Args[0], "-test.run=^TestTypist$")
		cmd.Env = append(os.Environ(), killEnv+"="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := out.Read(make([]byte, 10)); err != nil {
			t.Fatal("the child did not begin: ", err)
		}
		time.Sleep(time.Duration(rand.Intn(30)) * time.Millisecond)
		killed := time.Now()
		_ = cmd.Process.Kill()
		_ = cmd.Wait()

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
		if at > 1 && killed.Sub(time.UnixMilli(at)) > 1500*time.Millisecond {
			t.Errorf("kill %d: %v of typing are lost", i, killed.Sub(time.UnixMilli(at)))
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

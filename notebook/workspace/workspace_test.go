package workspace

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"stnb.dev/notebook"
	"stnb.dev/notebook/session"
	"stnb.dev/notebook/session/sessiontest"
)

type fakeProgram struct{ *sessiontest.Program }

func (p fakeProgram) Update(nb *notebook.Notebook) session.Program { return program(nb) }
func program(nb *notebook.Notebook) session.Program {
	return &fakeProgram{sessiontest.NewProgram(nb)}
}

const shelter = "---\ntitle: Shelter\n---\n\n# Animals\n\n```go\nx := 1\n```\n"

func folder(t *testing.T, files map[string]string) (*Workspace, string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	w, err := Open(Config{Root: dir, Program: program})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w, dir
}

func readFile(t *testing.T, parts ...string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatal("not seen in time: ", what)
}

func TestList(t *testing.T) {
	w, _ := folder(t, map[string]string{
		"b/shelter.md": shelter, "a.md": "# Flights\n\n```go\n# not this\n```\n", "README.md": "# Not a notebook\n",
		"c.ipynb":          `{"cells":[{"cell_type":"markdown","metadata":{},"source":["# From Jupyter\n"]}],"metadata":{},"nbformat":4,"nbformat_minor":5}`,
		".hidden.md":       shelter,
		".stnb/secrets.md": shelter, "node_modules/x.md": shelter, "x.txt": "```go",
	})
	list, err := w.List(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, i := range list {
		got = append(got, i.Path+"="+i.Title)
	}
	if s := strings.Join(got, " "); s != "a.md=Flights b/shelter.md=Shelter c.ipynb=From Jupyter" {
		t.Errorf("got %s", s)
	}
}

func TestEditIsSavedWhole(t *testing.T) {
	w, dir := folder(t, map[string]string{"s.md": shelter})
	nb, err := w.Open("s.md")
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := w.Open("s.md"); again != nb {
		t.Error("two sessions of one file")
	}
	if found, ok := w.Find(nb.Handle); !ok || found != nb {
		t.Error("not found by its handle")
	}
	doc, _ := nb.Document()
	if readFile(t, dir, "s.md") != shelter {
		t.Error("opening changed the file")
	}
	cell := doc.Cells[len(doc.Cells)-1]
	if err := nb.Do("me", session.Op{Edit: &session.Edit{Cell: cell.ID, Base: cell.Version, Source: "x := 2"}}); err != nil {
		t.Fatal(err)
	}
	until(t, "the edit on disk", func() bool { return strings.Contains(readFile(t, dir, "s.md"), "x := 2") })
	if want := strings.Replace(shelter, "x := 1", "x := 2", 1); readFile(t, dir, "s.md") != want {
		t.Errorf("got %q", readFile(t, dir, "s.md"))
	}
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if e.Name() != "s.md" && e.Name() != ".stnb" {
			t.Errorf("left behind: %s", e.Name())
		}
	}
}

// events collects what a session tells.
type events struct {
	mu    sync.Mutex
	saved session.Saved
	cells map[notebook.CellID]string
}

func (e *events) take(es []session.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, ev := range es {
		switch {
		case ev.Document != nil:
			e.saved = ev.Document.Saved
			e.cells = map[notebook.CellID]string{}
			for _, c := range ev.Document.Cells {
				e.cells[c.ID] = c.Source
			}
		case ev.Saved != nil:
			e.saved = *ev.Saved
		}
	}
}
func (e *events) state() session.Saved { e.mu.Lock(); defer e.mu.Unlock(); return e.saved }
func (e *events) holds(text string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, c := range e.cells {
		if c == text {
			return true
		}
	}
	return false
}

func TestChangedOnDisk(t *testing.T) {
	w, dir := folder(t, map[string]string{"s.md": shelter})
	nb, err := w.Open("s.md")
	if err != nil {
		t.Fatal(err)
	}
	var e events
	defer nb.Subscribe("me", e.take)()
	disk := func(text string) {
		if err := os.WriteFile(filepath.Join(dir, "s.md"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	edit := func(text string) {
		doc, _ := nb.Document()
		c := doc.Cells[len(doc.Cells)-1]
		if err := nb.Do("me", session.Op{Edit: &session.Edit{Cell: c.ID, Base: c.Version, Source: text}}); err != nil {
			t.Fatal(err)
		}
	}
	disk(strings.Replace(shelter, "x := 1", "x := 10", 1))
	until(t, "the new text", func() bool { return e.holds("x := 10") })

	// clash edits here and on disk at once. Where autosave comes in between, there is
	// no conflict: theirs is followed, or told to be broken, and it is tried again.
	clash := func(mine string, theirs func(n int) string) string {
		t.Helper()
		for n := range 50 {
			edit(mine)
			text := theirs(n)
			disk(text)
			until(t, "the conflict, or theirs", func() bool {
				s := e.state().State
				return s == "conflict" || s == "failed" || e.holds(fmt.Sprint("x := 200", n))
			})
			if e.state().State == "conflict" {
				return text
			}
		}
		t.Fatal("no conflict in 50 tries")
		return ""
	}
	other := func(n int) string { return strings.Replace(shelter, "x := 1", fmt.Sprint("x := 200", n), 1) }
	theirs := clash("x := 11", other)
	if e.state().Theirs != theirs || readFile(t, dir, "s.md") != theirs {
		t.Error("theirs was touched")
	}
	edit("x := 12") // while it lasts
	if err := nb.Do("me", session.Op{Resolve: &session.Resolve{Keep: "both"}}); err != nil {
		t.Fatal(err)
	}
	until(t, "theirs here", func() bool { return e.holds(theirs[strings.Index(theirs, "x :="):strings.LastIndex(theirs, "\n```")]) })
	until(t, "mine beside it", func() bool {
		m, _ := filepath.Glob(filepath.Join(dir, "s (mine *).md"))
		return len(m) == 1 && strings.Contains(readFile(t, m[0]), "x := 12")
	})

	clash("x := 21", other)
	if err := nb.Do("me", session.Op{Resolve: &session.Resolve{Keep: "mine"}}); err != nil {
		t.Fatal(err)
	}
	until(t, "mine on disk", func() bool { return strings.Contains(readFile(t, dir, "s.md"), "x := 21") })

	theirs = clash("x := 22", func(n int) string { return fmt.Sprint("\xff\xfe not text ", n) })
	if readFile(t, dir, "s.md") != theirs {
		t.Error("overwritten unasked")
	}
}

// A conflict that the server did not outlive is there again, with both sides.
func TestConflictOutlivesTheServer(t *testing.T) {
	theirs := strings.Replace(shelter, "x := 1", "x := 20", 1)
	w, dir := beforeAutosave(t, func(w *Workspace, dir string, nb *Notebook) bool {
		do(t, nb, edit(nb, 1, "x := 11"))
		if err := os.WriteFile(filepath.Join(dir, "s.md"), []byte(theirs), 0o644); err != nil {
			t.Fatal(err)
		}
		return unsaved(nb)
	})
	w.Close()
	w2, err := Open(Config{Root: dir, Program: program})
	if err != nil {
		t.Fatal(err)
	}
	defer w2.Close()
	nb2, err := w2.Open("s.md")
	if err != nil {
		t.Fatal(err)
	}
	d, _ := nb2.Document()
	if d.Saved.State != "conflict" || d.Saved.Theirs != theirs || d.Cells[len(d.Cells)-1].Source != "x := 11" {
		t.Errorf("saved %+v, mine %q", d.Saved, d.Cells[len(d.Cells)-1].Source)
	}
}

func TestAFailedSaveLeavesTheFile(t *testing.T) {
	w, dir := folder(t, map[string]string{"d/s.md": shelter})
	st := &store{w: w, name: "d/s.md"}
	nb, _, err := st.Read()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "d"), filepath.Join(dir, "e")); err != nil {
		t.Fatal(err)
	}
	if err := st.Write(nb, true); err == nil {
		t.Error("a write into a folder that is gone went well")
	}
	if readFile(t, dir, "e", "s.md") != shelter {
		t.Error("the file was touched")
	}
}

func TestWhatIsNotServed(t *testing.T) {
	w, dir := folder(t, map[string]string{"ok.md": shelter, ".env.md": "SECRET=1", ".stnb/secrets.md": shelter,
		"bad.ipynb": `{"cells": [`, "latin.md": "caf\xe9\n", "other.ipynb": `[1,2]`})
	outside := filepath.Join(t.TempDir(), "outside.md")
	if err := os.WriteFile(outside, []byte(shelter), 0o644); err != nil {
		t.Fatal(err)
	}
	os.Symlink(outside, filepath.Join(dir, "link.md"))
	os.Symlink("ok.md", filepath.Join(dir, "inside.md"))
	os.Symlink(filepath.Dir(outside), filepath.Join(dir, "linkdir"))
	os.Symlink("loop.md", filepath.Join(dir, "loop.md"))
	os.Mkdir(filepath.Join(dir, "dir.md"), 0o755)
	makePipe(t, filepath.Join(dir, "fifo.md"))
	f, err := os.Create(filepath.Join(dir, "large.md"))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(51 << 20); err != nil {
		t.Fatal(err)
	}
	f.Close()
	for _, name := range []string{
		"", "../x.md", "a/../ok.md", "/etc/passwd.md", "..%2fok.md/../../x.md", `..\ok.md`, `C:\x.md`, "x\x00.md", "./ok.md", "a//b.md",
		".env.md", ".stnb/secrets.md", ".STNB/secrets.md", "ok.md.", "ok.md ", "ok.txt", "nothing.md",
		"link.md", "inside.md", "linkdir/outside.md", "loop.md", "dir.md", "fifo.md", "large.md",
		"bad.ipynb", "latin.md", "other.ipynb", strings.Repeat("a", 5000) + ".md",
	} {
		_, err := w.Open(name) // which does not wait for ever, as a pipe would
		if err == nil {
			t.Errorf("%.40q was opened", name)
			continue
		}
		if strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), dir) {
			t.Errorf("%.40q: not one line, or an absolute path: %v", name, err)
		}
	}
	if readFile(t, dir, "latin.md") != "caf\xe9\n" || readFile(t, dir, "bad.ipynb") != `{"cells": [` {
		t.Error("a file that cannot be read was changed")
	}
}

func TestCreateRenameDuplicateDelete(t *testing.T) {
	w, dir := folder(t, map[string]string{"s.md": shelter})
	info, err := w.Create("new/plan", "")
	if err != nil || info.Path != "new/plan.md" || info.Title != "plan" {
		t.Fatalf("%+v %v", info, err)
	}
	if _, err := w.Create("new/plan.md", ""); !errors.Is(err, fs.ErrExist) {
		t.Errorf("taken name: %v", err)
	}
	if info, err = w.Duplicate("s.md"); err != nil || info.Path != "s (copy).md" || readFile(t, dir, "s (copy).md") != shelter {
		t.Errorf("%+v %v", info, err)
	}
	if _, err := w.Rename("s.md", "s (copy).md"); err == nil {
		t.Error("renamed over another file")
	}
	if _, err := w.Rename("s.md", "s.ipynb"); err == nil {
		t.Error("renamed to another format")
	}
	if info, err = w.Rename("s.md", "b/t"); err != nil || info.Path != "b/t.md" {
		t.Errorf("%+v %v", info, err)
	}
	if err := w.Delete("b/t.md"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "b", "t.md")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("still there")
	}
	m, _ := filepath.Glob(filepath.Join(dir, ".stnb", "trash", "*-b%2Ft.md"))
	if len(m) != 1 || readFile(t, m[0]) != shelter {
		t.Errorf("not in the trash: %v", m)
	}
}

func TestFileOfAnApp(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "app.md")
	if err := os.WriteFile(name, []byte(shelter), 0o644); err != nil {
		t.Fatal(err)
	}
	f, err := OpenFile(name, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if nb, err := f.Load(); err != nil || nb.Title != "Shelter" {
		t.Fatal(nb, err)
	}
	changed := make(chan bool, 10)
	defer f.Watch(func() { changed <- true })()
	if err := os.WriteFile(name, bytes.Replace([]byte(shelter), []byte("1"), []byte("2"), 1), 0o644); err != nil {
		t.Fatal(err)
	}
	select {
	case <-changed:
	case <-time.After(time.Minute):
		t.Fatal("the change was not seen")
	}
	if _, err := OpenFile(filepath.Join(dir, "none.md"), nil); err == nil {
		t.Error("opened what is not there")
	}
}

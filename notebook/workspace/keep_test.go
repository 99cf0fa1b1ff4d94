package workspace

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stnb.dev/notebook"
	"stnb.dev/notebook/file"
	"stnb.dev/notebook/session"
	"stnb.dev/widgets/element"
)

// unsaved says whether all that was done is on no disk but in the journal: autosave
// has not begun.
func unsaved(nb *Notebook) bool {
	d, err := nb.Document()
	return err == nil && d.Saved.State == "dirty"
}

// beforeAutosave opens shelter and does what is worth something only before autosave
// comes, until f says that it did.
func beforeAutosave(t *testing.T, f func(w *Workspace, dir string, nb *Notebook) bool) (w *Workspace, dir string) {
	t.Helper()
	for range 50 {
		w, dir := folder(t, map[string]string{"s.md": shelter})
		if f(w, dir, open(t, w, "s.md")) {
			return w, dir
		}
	}
	t.Fatal("autosave was faster 50 times")
	return nil, ""
}

// crash is what a server leaves that is killed before autosave comes: the folder,
// without any good-bye. It is nil when autosave came.
func crash(t *testing.T, nb *Notebook, dir string) *Workspace {
	t.Helper()
	copied := t.TempDir()
	err := os.CopyFS(copied, os.DirFS(dir))
	if !unsaved(nb) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	w, err := Open(Config{Root: copied, Program: program})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

func open(t *testing.T, w *Workspace, name string) *Notebook {
	t.Helper()
	nb, err := w.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	return nb
}

func do(t *testing.T, nb *Notebook, ops ...session.Op) {
	t.Helper()
	for _, op := range ops {
		if err := nb.Do("me", op); err != nil {
			t.Fatal(err)
		}
	}
}

// edit replaces the text of the n-th cell, from 0.
func edit(nb *Notebook, n int, source string) session.Op {
	d, _ := nb.Document()
	return session.Op{Edit: &session.Edit{Cell: d.Cells[n].ID, Base: d.Cells[n].Version, Source: source}}
}

func sources(nb *Notebook) []string {
	var out []string
	for _, c := range nb.Notebook().Cells {
		out = append(out, c.Source)
	}
	return out
}

// Nothing is on disk but the journal: every kind of change is in it.
func TestJournal(t *testing.T) {
	var c *Workspace
	beforeAutosave(t, func(_ *Workspace, dir string, nb *Notebook) bool {
		cells := nb.Notebook().Cells
		yes, title := true, "Pets"
		do(t, nb,
			session.Op{Edit: &session.Edit{Cell: cells[1].ID, Source: "x := 2"}},
			session.Op{Insert: &session.Insert{After: cells[1].ID, Cell: notebook.Cell{ID: "new", Kind: notebook.Go, Source: "y := 3"}}},
			session.Op{Move: &session.Move{Cells: []notebook.CellID{"new"}}},
			session.Op{SetCell: &session.SetCell{Cell: "new", Once: &yes}},
			session.Op{Settings: &session.Settings{Title: &title, Reactive: &yes}},
			session.Op{Delete: &session.Delete{Cells: []notebook.CellID{cells[0].ID}}},
		)
		c = crash(t, nb, dir)
		return c != nil
	})
	if got := readFile(t, c.Dir(), "s.md"); got != shelter {
		t.Fatalf("the file is %q", got)
	}
	again := open(t, c, "s.md")
	got := again.Notebook()
	if s := strings.Join(sources(again), "|"); s != "y := 3|x := 2" || !got.Cells[0].Once || got.Title != "Pets" || !got.Reactive {
		t.Errorf("after the crash: %q %+v", s, got)
	}
	if d, _ := again.Document(); d.Saved.State != "dirty" && d.Saved.State != "saving" && d.Saved.State != "saved" {
		t.Errorf("what was recovered is %s", d.Saved.State)
	}
	until(t, "what was recovered to be saved", func() bool {
		d, _ := again.Document()
		return d.Saved.State == "saved"
	})
}

// A journal that saw its file saved knows it again; one whose file somebody else
// wrote since leaves the choice to the person.
func TestJournalAndFile(t *testing.T) {
	for _, foreign := range []bool{false, true} {
		var c *Workspace
		beforeAutosave(t, func(_ *Workspace, dir string, nb *Notebook) bool {
			do(t, nb, edit(nb, 1, "x := 2"), session.Op{Save: &session.Save{}})
			until(t, "the save", func() bool {
				d, _ := nb.Document()
				return d.Saved.State == "saved"
			})
			do(t, nb, edit(nb, 1, "x := 3"))
			c = crash(t, nb, dir)
			return c != nil
		})
		name := filepath.Join(c.Dir(), "s.md")
		theirs := strings.Replace(readFile(t, name), "# Animals", "# Beasts", 1)
		if foreign {
			if err := os.WriteFile(name, []byte(theirs), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		again := open(t, c, "s.md")
		d, _ := again.Document()
		if got := sources(again)[1]; got != "x := 3" {
			t.Errorf("foreign %v: the cell is %q after the crash", foreign, got)
		}
		if conflict := d.Saved.State == "conflict"; conflict != foreign {
			t.Errorf("foreign %v: the file is %s", foreign, d.Saved.State)
		}
		if foreign && d.Saved.Theirs != theirs {
			t.Errorf("theirs is %q", d.Saved.Theirs)
		}
	}
}

// A journal whose last line was cut off by the crash gives what stands before.
func TestJournalCutOff(t *testing.T) {
	var c *Workspace
	beforeAutosave(t, func(_ *Workspace, dir string, nb *Notebook) bool {
		do(t, nb, edit(nb, 1, "x := 2"))
		do(t, nb, edit(nb, 1, "x := 3"))
		c = crash(t, nb, dir)
		return c != nil
	})
	all, err := filepath.Glob(filepath.Join(c.Dir(), journals, "*"))
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	text := readFile(t, all[0])
	if err := os.WriteFile(all[0], []byte(text[:len(text)-9]), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := sources(open(t, c, "s.md"))[1]; got != "x := 2" {
		t.Errorf("the cell is %q", got)
	}
}

func TestJournalEndsWithTheNotebook(t *testing.T) {
	w, dir := folder(t, map[string]string{"s.md": shelter})
	nb := open(t, w, "s.md")
	do(t, nb, session.Op{Edit: &session.Edit{Cell: nb.Notebook().Cells[1].ID, Source: "x := 2"}})
	w.Close()
	if left, _ := filepath.Glob(filepath.Join(dir, journals, "*")); len(left) > 0 {
		t.Errorf("a closed notebook left %q", left)
	}
	if got := readFile(t, dir, "s.md"); !strings.Contains(got, "x := 2") {
		t.Errorf("the file is %q", got)
	}
	if got := readFile(t, dir, ".stnb", ".gitignore"); !strings.Contains(got, "/history\n") {
		t.Error("our folder is not kept out of git")
	}
}

func versions(t *testing.T, nb *Notebook) []session.Version {
	t.Helper()
	out, err := nb.Service(t.Context(), "history", nil)
	if err != nil {
		t.Fatal(err)
	}
	return out.([]session.Version)
}

func TestHistory(t *testing.T) {
	w, dir := folder(t, map[string]string{"s.md": shelter})
	nb := open(t, w, "s.md")
	cell := nb.Notebook().Cells[1].ID
	save := func(n int, text string) {
		do(t, nb, session.Op{Edit: &session.Edit{Cell: cell, Base: n, Source: text}}, session.Op{Save: &session.Save{}})
		until(t, "the save of "+text, func() bool {
			d, _ := nb.Document()
			return strings.Contains(readFile(t, dir, "s.md"), text) && d.Saved.State == "saved"
		})
	}
	save(0, "x := 2")
	save(1, "x := 3")
	all := versions(t, nb)
	if len(all) != 3 {
		t.Fatalf("%d versions: what was there, and two saved by hand", len(all))
	}
	if _, err := nb.Service(t.Context(), "version", json.RawMessage(`{"id":"../../s"}`)); err == nil {
		t.Error("a version outside of the history was read")
	}
	if _, err := nb.Service(t.Context(), "restore", json.RawMessage(`{"id":"`+all[2].ID+`"}`)); err != nil {
		t.Fatal(err)
	}
	if got := sources(nb)[1]; got != "x := 1" {
		t.Errorf("restored is %q", got)
	}
	until(t, "the restored version on disk", func() bool { return readFile(t, dir, "s.md") == shelter })
	if nb.Notebook().Cells[1].ID != cell {
		t.Error("the restored cell is not the same cell")
	}

	if _, err := w.Rename("s.md", "deep/t.md"); err != nil {
		t.Fatal(err)
	}
	if got := len(versions(t, open(t, w, "deep/t.md"))); got < 3 {
		t.Errorf("%d versions after the rename", got)
	}
}

func TestHistoryIsThinned(t *testing.T) {
	w, dir := folder(t, nil)
	h := newStore(w, "s.md").history
	now := time.Now()
	if err := w.mkdir(h.dir); err != nil {
		t.Fatal(err)
	}
	for i := range 400 {
		at := now.Add(-time.Duration(i) * 30 * time.Minute)
		if err := os.WriteFile(filepath.Join(dir, h.file(at)), []byte("v"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	h.thin(now)
	var day, older int
	for _, v := range h.list() {
		if age := now.Sub(time.UnixMilli(v.At)); age <= 24*time.Hour {
			day++
		} else {
			older++
		}
	}
	if day < 47 || older < 140 || older > 150 {
		t.Errorf("%d of the last day and %d before it stay", day, older)
	}
	for i := range 20 {
		h.last = time.Time{}
		if i > 0 {
			h.last = now
		}
		if err := h.add(nil, time.Time{}, []byte(strings.Repeat("x", i+1)), now.Add(time.Duration(i)*time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(h.list()); got > day+older+1 {
		t.Errorf("autosaves of one minute are %d versions", got-day-older)
	}
	before := len(h.list())
	h.last = time.Time{}
	for i := range 3 {
		h.mark = true
		if err := h.add(nil, time.Time{}, []byte(strings.Repeat("y", i+1)), now); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(h.list()); got != before+3 {
		t.Errorf("%d versions of one moment stay, of three", got-before)
	}
}

func TestOutputsAreKept(t *testing.T) {
	w, dir := folder(t, map[string]string{"s.md": shelter})
	st := newStore(w, "s.md")
	doc, _, err := st.Read()
	if err != nil {
		t.Fatal(err)
	}
	id := doc.Cells[1].ID
	show := func(cell notebook.CellID) element.Delta {
		return element.Delta{Op: element.Set, Path: element.Path("main/" + string(cell) + ".0"), Element: &element.Element{Kind: "text", Props: json.RawMessage(`{"text":"hello"}`)}}
	}
	kept := session.Kept{Deltas: []element.Delta{show(id), show("gone")}}
	for _, c := range doc.Cells {
		kept.Cells = append(kept.Cells, session.KeptCell{Cell: c})
	}
	kept.Cells[1].State = "done"
	if _, err := st.KeepOutputs(t.Context(), kept, nil); err != nil {
		t.Fatal(err)
	}
	// Somebody adds a cell above with another program: the output stays with its cell.
	text := strings.Replace(shelter, "```go", "```go\nw := 0\n```\n\n```go", 1)
	if err := os.WriteFile(filepath.Join(dir, "s.md"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	nb := open(t, w, "s.md")
	d, err := nb.Document()
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Screen.Deltas) != 1 || d.Screen.Deltas[0].Path.Cell() != string(id) || d.Cells[2].ID != id {
		t.Errorf("the screen is %+v", d.Screen.Deltas)
	}
	for _, s := range d.Status {
		if s.Cell == id && (s.State != "stale" || s.Why == "") {
			t.Errorf("the cell is %s: %s", s.State, s.Why)
		}
	}
	if _, err := file.Read("s.md", []byte(text)); err != nil {
		t.Fatal(err)
	}
}

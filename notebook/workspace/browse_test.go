package workspace

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"stnb.dev/notebook/file"
)

func TestEntries(t *testing.T) {
	w, dir := folder(t, map[string]string{
		"b.md": shelter, "a.csv": "x,y\n1,2\n", "deep/c.md": shelter, ".hidden": "no", ".git/config": "no",
	})
	if err := os.Symlink(filepath.Join(dir, "b.md"), filepath.Join(dir, "link.md")); err != nil {
		t.Fatal(err)
	}
	entries, err := w.Entries("")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		s := e.Path
		if e.Folder {
			s += "/"
		}
		if e.Notebook {
			s += "=" + e.Title
		}
		got = append(got, s)
	}
	if s := strings.Join(got, " "); s != "deep/ a.csv b.md=Shelter" {
		t.Errorf("the folder has %s", s)
	}
	for _, bad := range []string{"..", "../x", "/etc", "deep/../..", ".git", "deep/.x", "no", "b.md"} {
		if out, err := w.Entries(bad); err == nil {
			t.Errorf("%q was listed: %v", bad, out)
		}
	}
}

func TestUploadAndDownload(t *testing.T) {
	w, dir := folder(t, nil)
	if err := w.Upload("data/a.csv", strings.NewReader("1,2"), 3); err != nil {
		t.Fatal(err)
	}
	f, size, err := w.Download("data/a.csv")
	if err != nil || size != 3 {
		t.Fatal(size, err)
	}
	text, _ := io.ReadAll(f)
	f.Close()
	if string(text) != "1,2" {
		t.Errorf("read %q", text)
	}
	if err := w.Upload("data/a.csv", strings.NewReader("3"), 3); err == nil {
		t.Error("a file was overwritten")
	}
	if err := w.Upload("big", strings.NewReader("1234"), 3); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a file over the limit: %v", err)
	}
	broken := io.MultiReader(strings.NewReader("12"), errReader{})
	if err := w.Upload("half", broken, 9); err == nil {
		t.Error("half a file was taken")
	}
	for _, left := range []string{"big", "half"} {
		if _, err := os.Lstat(filepath.Join(dir, left)); err == nil {
			t.Errorf("%s stays", left)
		}
	}
	for _, bad := range []string{"../x", "/tmp/x", ".x", "a/.b", "a\\b", "a:b", "x.", "", "data"} {
		if err := w.Upload(bad, strings.NewReader("1"), 3); err == nil {
			t.Errorf("%q was made", bad)
		}
		if f, _, err := w.Download(bad); err == nil {
			f.Close()
			t.Errorf("%q was read", bad)
		}
	}
}

type errReader struct{}

func (errReader) Read([]byte) (int, error) { return 0, errors.New("the line broke") }

func TestFolders(t *testing.T) {
	w, dir := folder(t, map[string]string{"a/n.md": shelter, "a/d.csv": "1"})
	nb := open(t, w, "a/n.md")
	if err := w.MakeFolder("a"); err == nil {
		t.Error("a folder that is there was made")
	}
	if err := w.MakeFolder("x/y"); err != nil {
		t.Fatal(err)
	}
	do(t, nb, edit(nb, 1, "x := 5"))
	if _, err := w.Rename("a", "x/b"); err != nil {
		t.Fatal(err)
	}
	if got := readFile(t, dir, "x/b/n.md"); !strings.Contains(got, "x := 5") {
		t.Errorf("an open notebook was moved without its last change: %q", got)
	}
	if got := len(versions(t, open(t, w, "x/b/n.md"))); got == 0 {
		t.Error("the versions were left behind")
	}
	if _, err := w.Duplicate("x/b/d.csv"); err != nil {
		t.Error(err)
	}
	if err := w.Delete("x"); err != nil {
		t.Fatal(err)
	}
	if entries, _ := w.Entries(""); len(entries) != 0 {
		t.Errorf("left: %v", entries)
	}
	if all, _ := filepath.Glob(filepath.Join(dir, trash, "*", "b", "n.md")); len(all) != 1 {
		t.Errorf("in the trash: %v", all)
	}
}

func TestSearch(t *testing.T) {
	w, _ := folder(t, map[string]string{
		"a.md": shelter, "b.csv": "cats,dogs\n", "cats.txt": "nothing", "c.bin": "\x00cats", ".stnb/x.md": "cats",
		"n.ipynb": `{"cells":[{"cell_type":"code","execution_count":null,"id":"q","metadata":{},"outputs":[],"source":["// Cats\n","x := 1"]}],"metadata":{},"nbformat":4,"nbformat_minor":5}`,
	})
	hits, more, err := w.Search(t.Context(), "CATS")
	if err != nil || more {
		t.Fatal(more, err)
	}
	var got []string
	for _, h := range hits {
		got = append(got, h.Path+":"+h.Text)
	}
	if s := strings.Join(got, "|"); s != "b.csv:cats,dogs|cats.txt:|n.ipynb:// Cats" {
		t.Errorf("found %s", s)
	}
}

func TestTemplates(t *testing.T) {
	w, dir := folder(t, nil)
	for _, tpl := range Templates() {
		if tpl.Title == "" {
			t.Errorf("%s has no title", tpl.Name)
		}
		for _, ext := range []string{".md", ".ipynb"} {
			name := tpl.Name + ext
			if _, err := w.Create(name, tpl.Name); err != nil {
				t.Fatal(err)
			}
			nb, err := file.Read(name, []byte(readFile(t, dir, name)))
			if err != nil {
				t.Fatal(err)
			}
			if nb.Title != tpl.Name || len(nb.Cells) < 3 {
				t.Errorf("%s: title %q, %d cells", name, nb.Title, len(nb.Cells))
			}
		}
	}
	if _, err := w.Create("x", "../workspace"); err == nil {
		t.Error("a template that is none was taken")
	}
}

func TestTour(t *testing.T) {
	w, dir := folder(t, map[string]string{"tour/02.md": "mine"})
	w.cfg.Tour = fstest.MapFS{"01.md": {Data: []byte(shelter)}, "02.md": {Data: []byte(shelter)}, "a.csv": {Data: []byte("x\n1\n")}}
	first, err := w.TakeTour()
	if err != nil || first != "tour/01.md" {
		t.Fatal(first, err)
	}
	if readFile(t, dir, "tour", "01.md") != shelter || readFile(t, dir, "tour", "02.md") != "mine" {
		t.Error("the tour is not there, or wrote over what was")
	}
	if readFile(t, dir, "tour", "a.csv") != "x\n1\n" {
		t.Error("what a notebook reads is not there")
	}
}

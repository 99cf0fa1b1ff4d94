package workspace

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestTrash(t *testing.T) {
	w, dir := folder(t, map[string]string{"a.md": shelter, "b/50%/n.md": shelter, "b/other.txt": "text", "top.md": shelter})
	if all, err := w.Trash(); err != nil || len(all) != 0 {
		t.Fatalf("%v, %v", all, err)
	}
	before := time.Now().Add(-time.Second)
	for _, name := range []string{"a.md", "b/50%/n.md", "b"} {
		if err := w.Delete(name); err != nil {
			t.Fatal(err)
		}
	}
	all, err := w.Trash()
	if err != nil || len(all) != 3 {
		t.Fatalf("%v, %v", all, err)
	}
	if all[0].Path != "b" || !all[0].Folder || all[1].Path != "b/50%/n.md" || all[1].Size != int64(len(shelter)) || all[2].At.Before(before) {
		t.Errorf("the trash is %+v", all)
	}
	// The notebook comes back to where its folder was, the folder beside it.
	for i, want := range []string{"b (restored)", "b/50%/n.md", "a.md"} {
		id := all[i].ID
		if i == 0 {
			if _, err := w.Restore(all[1].ID); err != nil {
				t.Fatal(err)
			}
		}
		if i == 1 {
			continue
		}
		if to, err := w.Restore(id); err != nil || to != want {
			t.Errorf("it came back as %q: %v", to, err)
		}
	}
	if readFile(t, dir, "b", "50%", "n.md") != shelter || readFile(t, dir, "b (restored)", "other.txt") != "text" {
		t.Error("what came back is not what was deleted")
	}
	if all, _ := w.Trash(); len(all) != 0 {
		t.Errorf("the trash still has %+v", all)
	}

	for range 2 {
		if err := w.Delete("top.md"); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "top.md"), []byte(shelter), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if all, _ = w.Trash(); len(all) != 2 || all[0].ID == all[1].ID {
		t.Fatalf("the trash is %+v", all)
	}
	if err := w.EmptyTrash(all[0].ID); err != nil {
		t.Fatal(err)
	}
	if left, _ := w.Trash(); len(left) != 1 || left[0].ID != all[1].ID {
		t.Errorf("the trash is %+v", left)
	}
	if err := w.EmptyTrash(""); err != nil {
		t.Fatal(err)
	}
	if left, _ := w.Trash(); len(left) != 0 {
		t.Errorf("the trash is %+v", left)
	}
}

func TestTrashIsOnlyTheTrash(t *testing.T) {
	w, dir := folder(t, map[string]string{"a.md": shelter})
	stamp := time.Now().Format(trashTime)
	for _, id := range []string{"", ".", "..", "../a.md", "../../a.md", stamp + "-../../a.md", stamp + "-..%2F..%2Fa.md", stamp + "-.hidden", "x-a.md", stamp + "-a.md"} {
		if id != "" {
			if err := w.EmptyTrash(id); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%q was deleted: %v", id, err)
			}
		}
		if _, err := w.Restore(id); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q was restored: %v", id, err)
		}
	}
	// A long path comes back under its name.
	long := strings.Repeat("d/", 60) + strings.Repeat("n", 190) + ".md"
	if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(long)), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, long), []byte(shelter), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := w.Delete(long); err != nil {
		t.Fatal(err)
	}
	all, _ := w.Trash()
	if to, err := w.Restore(all[0].ID); err != nil || to != filepath.Base(long) {
		t.Errorf("it came back as %q: %v", to, err)
	}
}

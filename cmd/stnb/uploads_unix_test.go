//go:build unix

package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestAbandonedUploads: of the folders of uploads, those that nobody holds go.
func TestAbandonedUploads(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	held, remove, err := uploadFolder()
	if err != nil {
		t.Fatal(err)
	}
	defer remove()
	folder := func(name string) string {
		dir := filepath.Join(temp, name)
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	abandoned, young, others := folder(uploadsPrefix+"abandoned"), folder(uploadsPrefix+"young"), folder("notes")
	hour := time.Now().Add(-time.Hour)
	if err := os.WriteFile(filepath.Join(abandoned, "upload"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{held, abandoned, others} {
		if err := os.Chtimes(dir, hour, hour); err != nil {
			t.Fatal(err)
		}
	}
	_, removeNext, err := uploadFolder()
	if err != nil {
		t.Fatal(err)
	}
	for dir, stays := range map[string]bool{held: true, abandoned: false, young: true, others: true} {
		if _, err := os.Stat(dir); (err == nil) != stays {
			t.Errorf("%s stays: %v", filepath.Base(dir), err == nil)
		}
	}
	removeNext()
	if left, _ := filepath.Glob(filepath.Join(temp, uploadsPrefix+"*")); len(left) != 2 {
		t.Errorf("left: %q", left)
	}
}

package workspace

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// trash is where deleted files go: a hidden folder of ours. A name there is the time
// of the deletion and the path the file had.
const trash = ".stnb/trash"

const trashTime = "20060102-150405.000"

// trashEscape puts a path into one name, and trashUnescape takes it out again.
var (
	trashEscape   = strings.NewReplacer("%", "%25", "/", "%2F")
	trashUnescape = strings.NewReplacer("%25", "%", "%2F", "/")
)

// Deleted is a file or folder in the trash.
type Deleted struct {
	ID     string // names it in the trash
	Path   string // it had
	At     time.Time
	Folder bool
	Size   int64 // of a file
}

// Delete moves a notebook, another file or a folder to the trash.
func (w *Workspace) Delete(name string) error {
	name, err := cleanPath(name)
	if err != nil {
		return err
	}
	if _, err := w.root.Lstat(name); err != nil {
		return fail(name, err)
	}
	if err := w.mkdir(trash); err != nil {
		return err
	}
	w.shutBelow(name)
	kept := trashEscape.Replace(name)
	if len(kept) > 200 {
		kept = trashEscape.Replace(path.Base(name)) // it comes back at the top
	}
	entries, err := fs.ReadDir(w.root.FS(), trash)
	if err != nil {
		return fail(trash, err)
	}
	taken := map[string]bool{} // no two things have one time, so that they have an order
	for _, e := range entries {
		if n := e.Name(); len(n) > len(trashTime) {
			taken[n[:len(trashTime)]] = true
		}
	}
	at := time.Now()
	for taken[at.Format(trashTime)] {
		at = at.Add(time.Millisecond)
	}
	if err := w.root.Rename(name, trash+"/"+at.Format(trashTime)+"-"+kept); err != nil {
		return fail(name, err)
	}
	w.syncDir(path.Dir(name))
	return nil
}

// Trash lists what was deleted, the newest first.
func (w *Workspace) Trash() ([]Deleted, error) {
	entries, err := fs.ReadDir(w.root.FS(), trash)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fail(trash, err)
	}
	var out []Deleted
	for _, e := range entries {
		d, ok := deleted(e.Name())
		info, err := e.Info()
		if !ok || err != nil {
			continue
		}
		if d.Folder = info.IsDir(); !d.Folder {
			d.Size = info.Size()
		}
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b Deleted) int { return b.At.Compare(a.At) })
	return out, nil
}

// deleted reads a name in the trash.
func deleted(id string) (Deleted, bool) {
	if len(id) <= len(trashTime)+1 || id[len(trashTime)] != '-' {
		return Deleted{}, false
	}
	at, err := time.ParseInLocation(trashTime, id[:len(trashTime)], time.Local)
	name, bad := cleanPath(trashUnescape.Replace(id[len(trashTime)+1:]))
	return Deleted{ID: id, Path: name, At: at}, err == nil && bad == nil
}

// Restore takes something out of the trash, to where it was; beside what has that
// name now, under another. It returns the path.
func (w *Workspace) Restore(id string) (string, error) {
	d, err := w.inTrash(id)
	if err != nil {
		return "", err
	}
	if err := w.mkdir(path.Dir(d.Path)); err != nil {
		return "", err
	}
	to, ext := d.Path, path.Ext(d.Path)
	for n := 1; ; n++ {
		if _, err := w.root.Lstat(to); errors.Is(err, fs.ErrNotExist) {
			break
		}
		to = fmt.Sprintf("%s (restored)%s", strings.TrimSuffix(d.Path, ext), ext)
		if n > 1 {
			to = fmt.Sprintf("%s (restored %d)%s", strings.TrimSuffix(d.Path, ext), n, ext)
		}
	}
	if err := w.root.Rename(trash+"/"+id, to); err != nil {
		return "", fail(to, err)
	}
	w.syncDir(path.Dir(to))
	return to, nil
}

// EmptyTrash deletes for good: one thing of the trash, or with "" all of it.
func (w *Workspace) EmptyTrash(id string) error {
	if id == "" {
		return fail(trash, w.root.RemoveAll(trash))
	}
	if _, err := w.inTrash(id); err != nil {
		return err
	}
	return fail(trash, w.root.RemoveAll(trash+"/"+id))
}

func (w *Workspace) inTrash(id string) (Deleted, error) {
	d, ok := deleted(id)
	if !ok || strings.Contains(id, "/") {
		return d, &Error{"trash", "there is no such thing in it", fs.ErrNotExist}
	}
	_, err := w.root.Lstat(trash + "/" + id)
	return d, fail(d.Path, err)
}

package workspace

import (
	"fmt"
	"path"
	"strings"
	"time"
)

// trash is where deleted notebooks go: a hidden folder of ours.
const trash = ".stnb/trash"

// Rename moves a notebook to another name in the folder. An open one is saved and
// closed first. The ending stays: converting is not renaming.
func (w *Workspace) Rename(from, to string) (Info, error) {
	from, err := clean(from)
	if err != nil {
		return Info{}, err
	}
	if path.Ext(to) == "" {
		to += path.Ext(from)
	}
	if to, err = clean(to); err != nil {
		return Info{}, err
	}
	if !strings.EqualFold(path.Ext(from), path.Ext(to)) {
		return Info{}, &Error{to, fmt.Sprintf("keeps the ending %s; convert the notebook to change it", path.Ext(from)), nil}
	}
	if _, err := w.root.Lstat(to); err == nil && !strings.EqualFold(from, to) {
		return Info{}, &Error{to, "there is a file of that name already", nil}
	}
	if err := w.mkdir(path.Dir(to)); err != nil {
		return Info{}, err
	}
	w.shut(from)
	if err := w.root.Rename(from, to); err != nil {
		return Info{}, fail(from, err)
	}
	w.syncDir(path.Dir(to))
	w.moveKept(from, to)
	return w.info(to)
}

// moveKept takes along what is kept of a notebook: its versions and outputs.
func (w *Workspace) moveKept(from, to string) {
	a, b := newStore(w, from), newStore(w, to)
	for _, move := range [][2]string{{a.history.dir, b.history.dir}, {outputsName(from), outputsName(to)}} {
		if _, err := w.root.Lstat(move[0]); err != nil {
			continue
		}
		if err := w.mkdir(path.Dir(move[1])); err == nil {
			_ = w.root.RemoveAll(move[1]) // of a notebook of that name that is gone
			err = w.root.Rename(move[0], move[1])
			if err != nil {
				w.log.Warn("what is kept of a notebook stays under its old name", "notebook", to, "err", err)
			}
		}
	}
}

// Duplicate copies a notebook as it is on disk under a name of its own.
func (w *Workspace) Duplicate(name string) (Info, error) {
	name, err := clean(name)
	if err != nil {
		return Info{}, err
	}
	data, err := w.read(name)
	if err != nil {
		return Info{}, err
	}
	ext := path.Ext(name)
	for n := 1; ; n++ {
		to := fmt.Sprintf("%s (copy)%s", strings.TrimSuffix(name, ext), ext)
		if n > 1 {
			to = fmt.Sprintf("%s (copy %d)%s", strings.TrimSuffix(name, ext), n, ext)
		}
		if err = w.create(to, data); err == nil {
			return w.info(to)
		}
		if n == 1000 {
			return Info{}, err
		}
	}
}

// Delete moves a notebook to the trash, from where it can be taken by hand.
func (w *Workspace) Delete(name string) error {
	name, err := clean(name)
	if err != nil {
		return err
	}
	if _, err := w.root.Lstat(name); err != nil {
		return fail(name, err)
	}
	if err := w.mkdir(trash); err != nil {
		return err
	}
	w.shut(name)
	to := trash + "/" + time.Now().Format("20060102-150405.000") + "-" + strings.ReplaceAll(name, "/", "-")
	if err := w.root.Rename(name, to); err != nil {
		return fail(name, err)
	}
	w.syncDir(path.Dir(name))
	return nil
}

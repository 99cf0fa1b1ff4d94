package workspace

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"stnb.dev/notebook/file"
)

// Rename moves a notebook, another file or a folder to another name in the folder.
// Open notebooks are saved and closed first. A notebook's ending stays: converting
// is not renaming.
func (w *Workspace) Rename(from, to string) (Info, error) {
	from, err := cleanPath(from)
	if err != nil {
		return Info{}, err
	}
	st, err := w.root.Lstat(from)
	if err != nil {
		return Info{}, fail(from, err)
	}
	if path.Ext(to) == "" && !st.IsDir() {
		to += path.Ext(from)
	}
	if to, err = cleanPath(to); err != nil {
		return Info{}, err
	}
	if _, ok := file.FormatOf(from); ok && !st.IsDir() && !strings.EqualFold(path.Ext(from), path.Ext(to)) {
		return Info{}, &Error{to, fmt.Sprintf("keeps the ending %s; convert the notebook to change it", path.Ext(from)), nil}
	}
	if _, err := w.root.Lstat(to); err == nil && !strings.EqualFold(from, to) {
		return Info{}, &Error{to, "there is a file of that name already", nil}
	}
	if err := w.mkdir(path.Dir(to)); err != nil {
		return Info{}, err
	}
	w.shutBelow(from)
	if err := w.root.Rename(from, to); err != nil {
		return Info{}, fail(from, err)
	}
	w.syncDir(path.Dir(to))
	if !st.IsDir() {
		w.moveKept(from, to)
		return w.info(to)
	}
	_ = fs.WalkDir(w.root.FS(), to, func(name string, d fs.DirEntry, err error) error {
		if _, ok := file.FormatOf(name); ok && err == nil && d.Type().IsRegular() {
			w.moveKept(from+strings.TrimPrefix(name, to), name)
		}
		return nil
	})
	return Info{Path: to, Modified: st.ModTime()}, nil
}

// shutBelow closes a notebook, or all that are open below a folder.
func (w *Workspace) shutBelow(name string) {
	w.mu.Lock()
	var all []string
	for open := range w.open {
		if open == name || strings.HasPrefix(open, name+"/") {
			all = append(all, open)
		}
	}
	w.mu.Unlock()
	for _, open := range all {
		w.shut(open)
	}
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

// Duplicate copies a file as it is on disk under a name of its own.
func (w *Workspace) Duplicate(name string) (Info, error) {
	name, err := cleanPath(name)
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
		if n == 1000 || !errors.Is(err, fs.ErrExist) {
			return Info{}, err
		}
	}
}

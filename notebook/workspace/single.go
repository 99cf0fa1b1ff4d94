package workspace

import (
	"os"
	"path/filepath"

	"log/slog"

	"stnb.dev/notebook"
)

// File is one notebook's file that is only read: an app's, or one to execute.
type File struct {
	w     *Workspace
	store *store
	path  string // absolute
}

// OpenFile opens the file of that name, anywhere on disk.
func OpenFile(name string, log *slog.Logger) (*File, error) {
	abs, err := filepath.Abs(name)
	if err != nil {
		return nil, err
	}
	if _, err := os.Lstat(abs); err != nil {
		return nil, fail(name, err)
	}
	base := filepath.Base(abs)
	if _, err := clean(base); err != nil {
		return nil, err
	}
	w, err := Open(Config{Root: filepath.Dir(abs), Log: log})
	if err != nil {
		return nil, err
	}
	return &File{w: w, store: newStore(w, base), path: abs}, nil
}

// Path is the file's absolute path, Dir its folder.
func (f *File) Path() string { return f.path }

// Dir is the folder the file stands in.
func (f *File) Dir() string { return f.w.dir }

// Load reads the notebook.
func (f *File) Load() (*notebook.Notebook, error) {
	nb, _, err := f.store.Read()
	return nb, err
}

// Watch calls changed when the file holds something else than was loaded last,
// until stop.
func (f *File) Watch(changed func()) (stop func()) {
	f.w.watch.add(f.path, func() {
		if f.store.foreign() {
			changed()
		}
	})
	return func() { f.w.watch.remove(f.path) }
}

// Close ends the watching.
func (f *File) Close() { f.w.Close() }

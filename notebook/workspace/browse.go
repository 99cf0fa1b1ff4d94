package workspace

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"
	"time"

	"stnb.dev/notebook/file"
)

// Entry is a file or folder, as the file browser shows it.
type Entry struct {
	Name     string
	Path     string
	Folder   bool
	Notebook bool
	Title    string
	Size     int64
	Modified time.Time
	Kernel   string // state of its kernel while the notebook is open
}

// cleanPath is clean for files of every kind, and folders.
func cleanPath(name string) (string, error) {
	if _, ok := file.FormatOf(name); ok {
		return clean(name)
	}
	// What an ending is to a notebook's name, nothing is to a file's.
	if _, err := clean(name + string(file.Markdown)); err != nil {
		var we *Error
		if errors.As(err, &we) {
			we.Path = strings.Replace(we.Path, string(file.Markdown), "", 1)
		}
		return "", err
	}
	if strings.HasSuffix(name, ".") || strings.HasSuffix(name, " ") {
		return "", &Error{name, "a name cannot end with a space or a dot", fs.ErrInvalid}
	}
	return name, nil
}

// cleanFolder is cleanPath for a folder; "" is the root.
func cleanFolder(dir string) (string, error) {
	if dir == "" {
		return ".", nil
	}
	return cleanPath(dir)
}

// Entries lists a folder ("" the root): folders first, each in order of name.
// Hidden files and what is neither file nor folder are left out.
func (w *Workspace) Entries(dir string) ([]Entry, error) {
	dir, err := cleanFolder(dir)
	if err != nil {
		return nil, err
	}
	all, err := fs.ReadDir(w.root.FS(), dir)
	if err != nil {
		return nil, fail(dir, err)
	}
	var out []Entry
	for _, d := range all {
		name := path.Join(dir, d.Name())
		if _, err := cleanPath(name); err != nil || len(out) >= maxListed {
			continue
		}
		info, err := d.Info()
		if err != nil || !info.IsDir() && !info.Mode().IsRegular() {
			continue
		}
		e := Entry{Name: d.Name(), Path: name, Folder: info.IsDir(), Size: info.Size(), Modified: info.ModTime()}
		if _, ok := file.FormatOf(name); ok && !e.Folder {
			if nb, err := w.info(name); err == nil {
				e.Notebook, e.Title, e.Kernel = true, nb.Title, nb.Kernel
			}
		}
		out = append(out, e)
	}
	slices.SortStableFunc(out, func(a, b Entry) int {
		if a.Folder != b.Folder {
			if a.Folder {
				return -1
			}
			return 1
		}
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return out, nil
}

// MakeFolder makes a folder; one that is there is an error.
func (w *Workspace) MakeFolder(name string) error {
	name, err := cleanPath(name)
	if err != nil {
		return err
	}
	if err := w.mkdir(path.Dir(name)); err != nil {
		return err
	}
	return fail(name, w.root.Mkdir(name, 0o755))
}

// Upload makes a file of at most limit bytes. A name that is taken is an error;
// what was written of a file that breaks off is removed.
func (w *Workspace) Upload(name string, body io.Reader, limit int64) (err error) {
	name, err = cleanPath(name)
	if err != nil {
		return err
	}
	if err := w.mkdir(path.Dir(name)); err != nil {
		return err
	}
	f, err := w.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fail(name, err)
	}
	defer func() {
		if err != nil {
			_ = w.root.Remove(name)
		}
	}()
	n, err := io.Copy(f, io.LimitReader(body, limit+1))
	if closing := f.Close(); err == nil {
		err = closing
	}
	switch {
	case err != nil:
		return &Error{name, "could not be written whole", err}
	case n > limit:
		return &Error{name, "is larger than what may be uploaded", ErrTooLarge}
	}
	return nil
}

// ErrTooLarge is in the error of an upload that is larger than its limit.
var ErrTooLarge = errors.New("too large")

// Download opens a file to read.
func (w *Workspace) Download(name string) (io.ReadCloser, int64, error) {
	name, err := cleanPath(name)
	if err != nil {
		return nil, 0, err
	}
	f, err := w.root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, 0, fail(name, err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &Error{name, "is not a regular file", fs.ErrInvalid}
	}
	if err != nil {
		f.Close()
		return nil, 0, fail(name, err)
	}
	return f, info.Size(), nil
}

// Hit is a place where a text was found; Line is 0 when it is in the name.
type Hit struct {
	Path string
	Line int
	Text string
}

// Limits of a search.
const (
	maxHits     = 200
	hitsPerFile = 5
	maxSearched = 4 << 20 // bytes of one file
)

// Search looks for a text, in any case, in the names of the files of the folder
// and in the lines of those that are text. more says that there is more.
func (w *Workspace) Search(ctx context.Context, text string) (hits []Hit, more bool, err error) {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "" {
		return nil, false, nil
	}
	err = w.walk(ctx, func(name string, d fs.DirEntry) error {
		if len(hits) >= maxHits {
			more = true
			return fs.SkipAll
		}
		if strings.Contains(strings.ToLower(name), text) {
			hits = append(hits, Hit{Path: name})
		}
		if info, err := d.Info(); err != nil || info.Size() > maxSearched {
			return nil
		}
		data, err := w.read(name)
		if err != nil || strings.IndexByte(string(data[:min(len(data), 8000)]), 0) >= 0 {
			return nil
		}
		body := string(data)
		if format, ok := file.FormatOf(name); ok && format == file.IPYNB {
			if md, _, err := file.Convert(path.Base(name), data, nil, "x.md"); err == nil {
				body = string(md) // what one reads of it
			}
		}
		found, n := 0, 0
		for line := range strings.Lines(body) {
			n++
			if !strings.Contains(strings.ToLower(line), text) {
				continue
			}
			if found++; found > hitsPerFile {
				more = true
				break
			}
			line = strings.TrimSpace(line)
			if r := []rune(line); len(r) > 200 {
				line = string(r[:199]) + "…"
			}
			hits = append(hits, Hit{Path: name, Line: n, Text: line})
		}
		return nil
	})
	return hits, more, err
}

// walk calls f for the regular files of the folder, in order of path.
func (w *Workspace) walk(ctx context.Context, f func(name string, d fs.DirEntry) error) error {
	seen := 0
	return fs.WalkDir(w.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // what cannot be read is not listed
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if seen++; seen > maxSeen {
			return fs.SkipAll
		}
		if d.IsDir() {
			if name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || strings.Count(name, "/") >= maxDepth) {
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() {
			return nil
		}
		if _, err := cleanPath(name); err != nil {
			return nil
		}
		return f(name, d)
	})
}

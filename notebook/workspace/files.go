package workspace

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"

	"stnb.dev/notebook/file"
)

// Error is a file error in words for the person; it names no absolute path.
type Error struct {
	Path string
	Text string
	Err  error
}

func (e *Error) Error() string { return e.Path + ": " + e.Text }
func (e *Error) Unwrap() error { return e.Err }

func fail(name string, err error) error {
	var fe *file.Error
	var we *Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &fe), errors.As(err, &we):
		return err
	case errors.Is(err, fs.ErrNotExist):
		return &Error{name, "there is no such file", err}
	case errors.Is(err, fs.ErrExist):
		return &Error{name, "there is a file of that name already", err}
	case errors.Is(err, fs.ErrPermission):
		return &Error{name, "permission denied", err}
	}
	return &Error{name, plain(err).Error(), err}
}

// clean checks a path from outside: relative, "/" between its parts, none of
// which is hidden, climbs, or is read differently elsewhere.
func clean(name string) (string, error) {
	bad := func(why string) (string, error) {
		return "", &Error{fmt.Sprintf("%.80q", name), why, fs.ErrInvalid}
	}
	switch {
	case name == "":
		return bad("the name is empty")
	case len(name) > 1024:
		return bad("the name is too long")
	case !utf8.ValidString(name):
		return bad("the name is not UTF-8")
	case strings.ContainsAny(name, "\x00\\:*?\"<>|") || strings.IndexFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) >= 0:
		return bad(`the name has a character that file names cannot have everywhere: \ : * ? " < > | or a control character`)
	case strings.HasPrefix(name, "/"):
		return bad("the path must be relative to the folder")
	}
	for _, part := range strings.Split(name, "/") {
		switch {
		case part == "" || part == "." || part == "..":
			return bad("the path has an empty part, . or ..")
		case strings.HasPrefix(part, "."):
			return bad("hidden files are not served")
		case strings.HasSuffix(part, ".") || strings.HasSuffix(part, " ") || strings.HasPrefix(part, " "):
			return bad("a name cannot begin with a space, or end with a space or a dot")
		case len(part) > 250:
			return bad("the name is too long")
		}
	}
	if _, ok := file.FormatOf(name); !ok {
		return bad("a notebook's name ends in .md or .ipynb")
	}
	return name, nil
}

// read returns the bytes of a regular file of at most file.MaxBytes.
func (w *Workspace) read(name string) ([]byte, error) {
	info, err := w.root.Lstat(name)
	if err != nil {
		return nil, fail(name, err)
	}
	if err := regular(name, info); err != nil {
		return nil, err
	}
	// Between the look and the open the file may have become a pipe: without
	// O_NONBLOCK the open would wait for its writer.
	f, err := w.root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, fail(name, err)
	}
	defer f.Close()
	if info, err = f.Stat(); err != nil {
		return nil, fail(name, err)
	}
	if err := regular(name, info); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, file.MaxBytes+1))
	if err != nil {
		return nil, fail(name, err)
	}
	if len(data) > file.MaxBytes {
		return nil, tooLarge(name, info.Size())
	}
	return data, nil
}

func regular(name string, info fs.FileInfo) error {
	switch mode := info.Mode(); {
	case mode.IsRegular():
		if info.Size() > file.MaxBytes {
			return tooLarge(name, info.Size())
		}
		return nil
	case mode.IsDir():
		return &Error{name, "is a folder", fs.ErrInvalid}
	case mode&fs.ModeSymlink != 0:
		return &Error{name, "is a symbolic link; open the file it points to", fs.ErrInvalid}
	}
	return &Error{name, "is not a regular file", fs.ErrInvalid}
}

func tooLarge(name string, size int64) error {
	return &Error{name, fmt.Sprintf("is %d MB, more than the %d MB a notebook may have", size>>20, file.MaxBytes>>20), fs.ErrInvalid}
}

// tempMark stands in the names of temporary files.
const tempMark = ".stnb-tmp-"

// replace makes data the file's content: the old one or the new one is there at
// any time, also when the machine stops. last, when not nil, is asked when data is
// on the disk, which takes its time, and before it takes the file's place.
func (w *Workspace) replace(name string, data []byte, last func() error) (err error) {
	mode := fs.FileMode(0o644)
	if info, err := w.root.Lstat(name); err == nil {
		if err := regular(name, info); err != nil {
			return err
		}
		mode = info.Mode().Perm()
	}
	dir, base := path.Split(name)
	tmp := dir + "." + base + tempMark + newHandle()[:12]
	f, err := w.root.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return fail(name, err)
	}
	defer func() {
		if err != nil {
			_ = w.root.Remove(tmp)
		}
	}()
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil && last != nil {
		err = last()
	}
	if err == nil {
		err = w.root.Rename(tmp, name)
	}
	if err == nil {
		w.syncDir(dir)
	}
	return fail(name, err)
}

// create writes a new file; a name that is taken is an error.
func (w *Workspace) create(name string, data []byte) (err error) {
	f, err := w.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fail(name, err)
	}
	defer func() {
		if err != nil {
			_ = w.root.Remove(name) // the disk is full: no empty file stays
		}
	}()
	if err := f.Close(); err != nil {
		return fail(name, err)
	}
	return w.replace(name, data, nil)
}

// keepFile writes a file of ours, in a hidden folder.
func (w *Workspace) keepFile(name string, data []byte) error {
	if err := w.mkdir(path.Dir(name)); err != nil {
		return err
	}
	return w.replace(name, data, nil)
}

// own is the folder of what is ours; what we keep in it says itself that it is not
// for git. The person's settings stand there too, and those may be.
const own = ".stnb"

const ignored = "# What stnb keeps for this folder: versions, outputs, edits, deleted notebooks.\n/history\n/outputs\n/journal\n/unsaved\n/trash\n"

func (w *Workspace) ownFolder() error {
	if err := w.root.Mkdir(own, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return fail(own, err)
	}
	name := own + "/.gitignore"
	if _, err := w.root.Lstat(name); err == nil {
		return nil
	}
	return fail(name, w.root.WriteFile(name, []byte(ignored), 0o644))
}

func (w *Workspace) mkdir(dir string) error {
	if dir == "." || dir == "" {
		return nil
	}
	if strings.HasPrefix(dir, own+"/") {
		if err := w.ownFolder(); err != nil {
			return err
		}
	}
	return fail(dir, w.root.MkdirAll(dir, 0o755))
}

// syncDir makes a rename in the folder last. Not every system can.
func (w *Workspace) syncDir(dir string) {
	if dir == "" {
		dir = "."
	}
	if d, err := w.root.Open(dir); err == nil {
		_ = d.Sync()
		d.Close()
	}
}

// sweep removes temporary files that a crash left in the folder.
func (w *Workspace) sweep(dir string) {
	entries, err := fs.ReadDir(w.root.FS(), dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && strings.HasPrefix(e.Name(), ".") && strings.Contains(e.Name(), tempMark) && time.Since(info.ModTime()) > time.Hour {
			_ = w.root.Remove(path.Join(dir, e.Name()))
		}
	}
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// head returns the beginning of a file, for its title.
func (w *Workspace) head(name string) []byte {
	f, err := w.root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	var b bytes.Buffer
	_, _ = io.CopyN(&b, f, 64<<10)
	return b.Bytes()
}

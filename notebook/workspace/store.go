package workspace

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"stnb.dev/notebook"
	"stnb.dev/notebook/file"
	"stnb.dev/notebook/session"
)

// store keeps one notebook's file. It knows the hash of the bytes that were read
// or written last, and by it sees what others did.
type store struct {
	w    *Workspace
	name string

	mu      sync.Mutex
	known   string // "" the file was not there
	journal journal
	history history

	shown shown
}

func newStore(w *Workspace, name string) *store {
	stem := hash([]byte(name))[:16] + "-" + path.Base(name)
	return &store{
		w: w, name: name,
		journal: journal{w: w, name: journals + "/" + stem + ".jsonl"},
		history: history{w: w, dir: histories + "/" + stem, ext: path.Ext(name)},
	}
}

// Read reads the file. Only a file that is a notebook becomes the one we know:
// anything else is still someone else's when we write.
func (s *store) Read() (*notebook.Notebook, string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	data, err := s.w.read(s.name)
	if err != nil {
		return nil, "", err
	}
	nb, err := file.Read(path.Base(s.name), data)
	if err != nil {
		return nil, string(data), fail(s.name, err)
	}
	s.known = hash(data)
	s.journal.newest, s.journal.newestText = nb.Origin, string(data)
	nb.Dir = s.dir()
	return nb, string(data), nil
}

// dir is the folder the file is in.
func (s *store) dir() string {
	return filepath.Join(s.w.dir, filepath.FromSlash(path.Dir(s.name)))
}

// Write replaces the file, unless it holds what we do not know.
func (s *store) Write(nb *notebook.Notebook, force bool) error {
	data, err := s.text(nb)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	old, err := s.w.read(s.name)
	there := err == nil
	if there && !force && hash(old) != s.known {
		s.keep(data)
		return &session.Clash{Theirs: string(old)}
	}
	var modified time.Time
	if info, err := s.w.root.Lstat(s.name); err == nil {
		modified = info.ModTime()
	}
	if !there {
		old = nil
	}
	sum := hash(data)
	if !there || hash(old) != sum {
		if err := s.journal.saving(data); err != nil {
			s.w.log.Warn("the journal could not be written", "notebook", s.name, "err", err)
		}
		err := s.w.replace(s.name, data, func() error {
			now, err := s.w.read(s.name)
			if err == nil && !force && (!there || hash(now) != hash(old)) {
				return &session.Clash{Theirs: string(now)}
			}
			return nil
		})
		if err != nil {
			s.keep(data)
			return err
		}
	}
	s.known = sum
	s.forget()
	// The notebook is safe; what follows is a comfort that may fail.
	if err := errors.Join(s.journal.saved(nb, data), s.history.add(old, modified, data, time.Now())); err != nil {
		s.w.log.Warn("the version could not be kept", "notebook", s.name, "err", err)
	}
	return nil
}

// begin begins the journal of a document just opened. One that was recovered is
// not on disk: it is kept aside before its old journal goes.
func (s *store) begin(doc *notebook.Notebook, disk string, recovered bool) error {
	if !recovered {
		s.journal.begin(doc, disk)
		return nil
	}
	if err := s.Keep(doc); err != nil {
		return err // the old journal stays until there is another
	}
	text, err := s.text(doc)
	if err != nil {
		return err
	}
	s.journal.begin(doc, string(text))
	if err := s.journal.create(); err != nil {
		return err
	}
	if s.journal.ownDisk {
		return s.journal.append(entry{Saved: hash([]byte(disk))})
	}
	return nil
}

// Note writes the document down in the journal.
func (s *store) Note(nb *notebook.Notebook) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.journal.note(nb)
}

// Snapshot keeps the document as a version that stays.
func (s *store) Snapshot(nb *notebook.Notebook) error {
	data, err := s.text(nb)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.history.mark = true
	return s.history.add(nil, time.Time{}, data, time.Now())
}

// end removes the journal of a notebook that was saved, or kept aside, and closed.
func (s *store) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.journal.close()
}

// WriteCopy writes the document beside the file as "name (mine 2026-01-31 15.04.05)".
func (s *store) WriteCopy(nb *notebook.Notebook) (string, error) {
	data, err := s.text(nb)
	if err != nil {
		return "", err
	}
	ext := path.Ext(s.name)
	stem := fmt.Sprintf("%s (mine %s)", strings.TrimSuffix(s.name, ext), time.Now().Format("2006-01-02 15.04.05"))
	for n := 1; ; n++ {
		name := stem + ext
		if n > 1 {
			name = fmt.Sprintf("%s %d%s", stem, n, ext)
		}
		err := s.w.create(name, data)
		if err == nil {
			s.forget()
			return name, nil
		}
		if n == 100 || !errors.Is(err, fs.ErrExist) {
			return "", err
		}
	}
}

// Keep puts aside what cannot be saved now, so that a crash does not lose it.
func (s *store) Keep(nb *notebook.Notebook) error {
	data, err := s.text(nb)
	if err != nil {
		return err
	}
	return s.keep(data)
}

// aside is where changes wait that could not be saved: a hidden folder of ours.
const aside = ".stnb/unsaved"

func (s *store) asideName() string {
	return aside + "/" + hash([]byte(s.name))[:16] + "-" + path.Base(s.name)
}

func (s *store) keep(data []byte) error {
	return s.w.keepFile(s.asideName(), data)
}

func (s *store) forget() { _ = s.w.root.Remove(s.asideName()) }

// kept returns changes that wait from an earlier life, if they differ from disk.
func (s *store) kept(disk string) *notebook.Notebook {
	data, err := s.w.read(s.asideName())
	if err != nil {
		return nil
	}
	nb, err := file.Read(path.Base(s.name), data)
	if err != nil || string(data) == disk {
		s.forget()
		return nil
	}
	nb.Dir = s.dir()
	return nb
}

// foreign says whether the file holds what we neither read nor wrote. A file
// that is gone is not: the next save brings it back.
func (s *store) foreign() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	data, err := s.w.read(s.name)
	return err == nil && hash(data) != s.known
}

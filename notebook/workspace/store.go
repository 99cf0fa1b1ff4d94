package workspace

import (
	"fmt"
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

	mu    sync.Mutex
	known string // "" the file was not there
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
	nb.Dir = s.dir()
	return nb, string(data), nil
}

// dir is the folder the file is in.
func (s *store) dir() string {
	return filepath.Join(s.w.dir, filepath.FromSlash(path.Dir(s.name)))
}

// Write replaces the file, unless it holds what we do not know.
func (s *store) Write(nb *notebook.Notebook, force bool) error {
	data, err := file.Write(path.Base(s.name), nb)
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
	sum := hash(data)
	if !there || hash(old) != sum {
		if err := s.w.replace(s.name, data); err != nil {
			s.keep(data)
			return err
		}
	}
	s.known = sum
	s.forget()
	return nil
}

// WriteCopy writes the document beside the file as "name (mine 2026-01-31 15.04.05)".
func (s *store) WriteCopy(nb *notebook.Notebook) (string, error) {
	data, err := file.Write(path.Base(s.name), nb)
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
		if n == 100 {
			return "", err
		}
	}
}

// Keep puts aside what cannot be saved now, so that a crash does not lose it.
func (s *store) Keep(nb *notebook.Notebook) error {
	data, err := file.Write(path.Base(s.name), nb)
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
	if err := s.w.mkdir(aside); err != nil {
		return err
	}
	return s.w.replace(s.asideName(), data)
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

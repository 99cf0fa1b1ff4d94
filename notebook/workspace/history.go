package workspace

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"stnb.dev/notebook"
	"stnb.dev/notebook/file"
	"stnb.dev/notebook/session"
)

// histories is where versions of notebooks are kept: a folder for each notebook,
// in it whole files named by the time they were saved.
const histories = ".stnb/history"

// Saves within rolling of a version take its place: autosave would otherwise keep
// one for every word. Old versions are thinned out (see thin).
const (
	rolling    = time.Minute
	maxHistory = 64 << 20 // bytes of one notebook's versions
)

// history keeps the versions of one notebook's file.
type history struct {
	w    *Workspace
	dir  string
	ext  string
	last time.Time // when the version began that saves still take the place of
	mark bool      // the next version stays
}

func (h *history) file(at time.Time) string {
	return fmt.Sprintf("%s/%d%s", h.dir, at.UnixMilli(), h.ext)
}

// list returns the versions, newest first.
func (h *history) list() []session.Version {
	entries, err := fs.ReadDir(h.w.root.FS(), h.dir)
	if err != nil {
		return nil
	}
	var out []session.Version
	for _, e := range entries {
		stem, ok := strings.CutSuffix(e.Name(), h.ext)
		at, err := strconv.ParseInt(stem, 10, 64)
		info, err2 := e.Info()
		if ok && err == nil && err2 == nil && info.Mode().IsRegular() {
			out = append(out, session.Version{ID: stem, At: at, Size: info.Size()})
		}
	}
	slices.SortFunc(out, func(a, b session.Version) int { return int(b.At - a.At) })
	return out
}

// read returns the text of a version.
func (h *history) read(id string) ([]byte, error) {
	if _, err := strconv.ParseInt(id, 10, 64); err != nil {
		return nil, &Error{path.Base(h.dir), "there is no such version", fs.ErrNotExist}
	}
	return h.w.read(h.dir + "/" + id + h.ext)
}

// add keeps what was saved, and before it, once, what the file held.
func (h *history) add(before []byte, modified time.Time, data []byte, now time.Time) error {
	all := h.list()
	newest := func() string {
		if len(all) == 0 {
			return ""
		}
		text, _ := h.read(all[0].ID)
		return string(text)
	}
	if h.last.IsZero() && before != nil && newest() != string(before) {
		if err := h.w.keepFile(h.file(free(all, modified)), before); err != nil {
			return err
		}
		all = h.list()
	}
	if newest() == string(data) {
		if h.mark {
			h.last, h.mark = time.UnixMilli(1), false
		}
		return nil
	}
	if err := h.w.keepFile(h.file(free(all, now)), data); err != nil {
		return err
	}
	if rolls := !h.last.IsZero() && now.Sub(h.last) < rolling && len(all) > 0; rolls {
		_ = h.w.root.Remove(h.dir + "/" + all[0].ID + h.ext)
	} else {
		h.last = now
		h.thin(now)
	}
	if h.mark {
		h.last, h.mark = time.UnixMilli(1), false // the next one does not take its place
	}
	return nil
}

// free is the time, or one a moment later that no version has: its name is its time.
func free(all []session.Version, at time.Time) time.Time {
	for slices.ContainsFunc(all, func(v session.Version) bool { return v.At == at.UnixMilli() }) {
		at = at.Add(time.Millisecond)
	}
	return at
}

// thin drops versions: of the last hour all stay, of the last day one in ten
// minutes, of the last week one an hour, else one a day; and not more in all than
// maxHistory.
func (h *history) thin(now time.Time) {
	var sum int64
	var kept time.Time
	for i, v := range h.list() {
		at := time.UnixMilli(v.At)
		apart := time.Duration(0)
		switch age := now.Sub(at); {
		case age > 7*24*time.Hour:
			apart = 24 * time.Hour
		case age > 24*time.Hour:
			apart = time.Hour
		case age > time.Hour:
			apart = 10 * time.Minute
		}
		sum += v.Size
		if i > 0 && (kept.Sub(at) < apart || sum > maxHistory) {
			_ = h.w.root.Remove(h.dir + "/" + v.ID + h.ext)
			continue
		}
		kept = at
	}
}

// Versions are what was saved of the notebook, newest first.
func (s *store) Versions() []session.Version {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.history.list()
}

// Version reads what was saved at that time.
func (s *store) Version(id string) (*notebook.Notebook, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	data, err := s.history.read(id)
	if err != nil {
		return nil, err
	}
	nb, err := file.Read(path.Base(s.name), data)
	if err != nil {
		return nil, fail(s.name, err)
	}
	nb.Dir = s.dir()
	return nb, nil
}

// Mark makes the next save a version that stays.
func (s *store) Mark() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.history.mark = true
}

// Text is the document as a Markdown notebook, which is what people can read of
// it and compare.
func (s *store) Text(nb *notebook.Notebook) (string, error) {
	data, err := file.Write(path.Base(s.name), nb)
	if err != nil {
		return "", err
	}
	return s.readable(data)
}

// Readable is a file's text as Markdown, or as it is when it cannot be read.
func (s *store) Readable(text string) string {
	out, err := s.readable([]byte(text))
	if err != nil {
		return text
	}
	return out
}

func (s *store) readable(data []byte) (string, error) {
	if format, _ := file.FormatOf(s.name); format == file.Markdown {
		return string(data), nil
	}
	out, _, err := file.Convert(path.Base(s.name), data, nil, "notebook.md")
	return string(out), err
}

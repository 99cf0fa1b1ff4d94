package workspace

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"regexp"
	"strings"
	"sync"
	"time"

	"stnb.dev/notebook/file"
)

// Limits of a listing: a folder with more is a disk, not a place of work.
const (
	maxListed = 5_000
	maxDepth  = 12
	maxSeen   = 100_000
)

// List returns the notebooks of the folder and the folders below it, in order of
// path. A Markdown file is a notebook when it has a Go or SQL cell or says so in
// its front matter.
func (w *Workspace) List(ctx context.Context) ([]Info, error) {
	var out []Info
	err := w.walk(ctx, func(name string, _ fs.DirEntry) error {
		if len(out) >= maxListed {
			return fs.SkipAll
		}
		format, ok := file.FormatOf(name)
		if !ok {
			return nil
		}
		if info, err := w.info(name); err == nil {
			if format == file.IPYNB || w.titles.get(w, name, info).notebook || w.isOpen(name) {
				out = append(out, info)
			}
		}
		return nil
	})
	return out, err
}

func (w *Workspace) isOpen(name string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.open[name] != nil
}

func (w *Workspace) info(name string) (Info, error) {
	st, err := w.root.Lstat(name)
	if err != nil {
		return Info{}, fail(name, err)
	}
	info := Info{Path: name, Modified: st.ModTime(), Size: st.Size()}
	info.Title = w.titles.get(w, name, info).title
	w.mu.Lock()
	nb := w.open[name]
	w.mu.Unlock()
	if nb != nil {
		title, kernel := nb.About()
		info.Kernel, info.Engine = kernel.State, kernel.Engine
		if title != "" {
			info.Title = title
		}
	}
	return info, nil
}

// titles remembers what was read of files, by name, until they change.
type titles struct {
	mu  sync.Mutex
	all map[string]title
}

type title struct {
	modified time.Time
	size     int64
	title    string
	notebook bool // it is worth listing
}

func (t *titles) get(w *Workspace, name string, info Info) title {
	t.mu.Lock()
	got, ok := t.all[name]
	t.mu.Unlock()
	if ok && got.modified.Equal(info.Modified) && got.size == info.Size {
		return got
	}
	got = look(name, w.head(name))
	got.modified, got.size = info.Modified, info.Size
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.all == nil || len(t.all) > 2*maxListed {
		t.all = map[string]title{}
	}
	t.all[name] = got
	return got
}

var (
	fence     = regexp.MustCompile("(?m)^```+ *(go|sql)\\b")
	heading   = regexp.MustCompile(`(?m)^# +(.+?) *#*$`)
	matter    = regexp.MustCompile(`(?s)\A---\r?\n(.*?)\r?\n---`)
	mattTitle = regexp.MustCompile(`(?m)^title: *(.+?) *$`)
	mattOurs  = regexp.MustCompile(`(?m)^(stnb|jupyter|jupytext):`)
)

// look finds a title in the beginning of a file.
func look(name string, head []byte) title {
	var t title
	if format, _ := file.FormatOf(name); format == file.IPYNB {
		t.notebook = true
		var nb struct {
			Metadata struct{ Title string }
			Cells    []struct {
				Type   string `json:"cell_type"`
				Source json.RawMessage
			}
		}
		if json.Unmarshal(head, &nb) != nil {
			return t // longer than what was read
		}
		t.title = nb.Metadata.Title
		for _, c := range nb.Cells {
			var lines []string
			var text string
			if json.Unmarshal(c.Source, &lines) == nil {
				text = strings.Join(lines, "")
			} else if json.Unmarshal(c.Source, &text) != nil {
				continue
			}
			if m := heading.FindStringSubmatch(text); c.Type == "markdown" && m != nil && t.title == "" {
				t.title = m[1]
			}
		}
		return t
	}
	t.notebook = fence.Match(head)
	body := head
	if m := matter.FindSubmatch(head); m != nil {
		t.notebook = t.notebook || mattOurs.Match(m[1])
		if m := mattTitle.FindSubmatch(m[1]); m != nil {
			t.title = strings.Trim(string(m[1]), `"'`)
		}
		body = bytes.TrimPrefix(head, m[0])
	}
	if t.title == "" {
		if at := fence.FindIndex(body); at != nil {
			body = body[:at[0]] // a "# ..." in code is no heading
		}
		if m := heading.FindSubmatch(body); m != nil {
			t.title = string(m[1])
		}
	}
	return t
}

// Package workspace is the folder that edit mode serves: it lists notebooks,
// opens them as sessions, and keeps them on disk so that nothing is lost.
//
// Every path is relative to the root, with "/", and goes through os.Root: no
// path, link or race leads out of the folder. Files and folders whose name begins
// with a dot do not exist for it. Only regular files are opened.
//
// A file is replaced whole or not at all: a temporary file beside it, synced,
// renamed over it, the folder synced. A file that another program changed since
// it was read or written last is never overwritten unasked.
package workspace

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"sync"
	"time"

	"stnb.dev/notebook"
	"stnb.dev/notebook/file"
	"stnb.dev/notebook/session"
)

// Config says how notebooks are run.
type Config struct {
	Root string
	// Program makes the static knowledge of a notebook; one chain per notebook.
	Program func(*notebook.Notebook) session.Program
	// Launch starts kernels in a notebook's folder.
	Launch   func(dir string) session.Launch
	Markdown func(source, dir string, attached map[string]string) string
	Services func(ctx context.Context, p session.Program, nb *notebook.Notebook, method string, params json.RawMessage) (any, error)
	// Tour are the notebooks that teach, nil without them.
	Tour fs.FS
	// Ended, when not nil, is called with the handle of a notebook that is closed.
	Ended func(handle string)
	Log   *slog.Logger
}

// Workspace is an open folder. Its methods may be called from any goroutine.
type Workspace struct {
	cfg  Config
	root *os.Root
	dir  string // absolute
	log  *slog.Logger

	mu     sync.Mutex
	open   map[string]*Notebook // by path
	closed bool
	titles titles
	watch  *watcher
}

// Notebook is a notebook somebody has open.
type Notebook struct {
	*session.Session
	Path   string
	Handle string // names it in URLs and on the kernel link
	store  *store
}

// Open opens the folder.
func Open(cfg Config) (*Workspace, error) {
	dir, err := filepath.Abs(cfg.Root)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder: %w", plain(err))
	}
	w := &Workspace{cfg: cfg, root: root, dir: dir, log: cfg.Log, open: map[string]*Notebook{}}
	if w.log == nil {
		w.log = slog.New(slog.DiscardHandler)
	}
	w.watch = newWatcher(w.log)
	return w, nil
}

// Dir is the folder's absolute path.
func (w *Workspace) Dir() string { return w.dir }

// Open returns the live notebook of a path, the same for all who ask. Opening
// runs nothing.
func (w *Workspace) Open(name string) (*Notebook, error) {
	name, err := clean(name)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil, session.ErrClosed
	}
	if nb := w.open[name]; nb != nil {
		return nb, nil
	}
	w.sweep(path.Dir(name))
	st := newStore(w, name)
	doc, text, err := st.Read()
	if err != nil {
		return nil, err
	}
	st.found(doc)
	setup := session.Setup{Mode: session.ModeEdit, Path: name, Markdown: w.cfg.Markdown}
	if mine, own := st.journal.replay(text, st.text); mine != nil {
		// An earlier life of the server was killed before it could save.
		doc, setup.Recovered = mine, true
		if !own {
			setup.Theirs = text // which somebody else wrote since
		}
	} else if mine := st.kept(text); mine != nil {
		// An earlier life of the server ended with changes it could not save.
		doc, setup.Theirs = mine, text
	}
	doc, setup.Kept = st.keptOutputs(doc)
	doc.Dir = st.dir()
	if err := st.begin(doc, text, setup.Recovered); err != nil {
		w.log.Warn("what was recovered could not be kept", "notebook", name, "err", err)
	}
	setup.ID = newHandle()
	setup.Notebook = doc
	if len(doc.Cells) > checkedLater {
		setup.Program, setup.Unchecked = w.cfg.Program(&notebook.Notebook{Dir: doc.Dir}), true
	} else {
		setup.Program = w.cfg.Program(doc)
	}
	cfg := session.Config{Setup: setup, Store: st, Log: w.log.With("notebook", name), Services: w.cfg.Services}
	if w.cfg.Launch != nil {
		cfg.Launch = w.cfg.Launch(filepath.Join(w.dir, filepath.FromSlash(path.Dir(name))))
	}
	nb := &Notebook{Session: session.New(cfg), Path: name, Handle: setup.ID, store: st}
	w.open[name] = nb
	w.watch.add(filepath.Join(w.dir, filepath.FromSlash(name)), func() {
		if st.foreign() {
			nb.DiskChanged()
		}
	})
	return nb, nil
}

// A notebook of more cells than checkedLater is shown before it is checked, which
// takes a moment for hundreds of them.
const checkedLater = 200

// Opened is how many notebooks are open.
func (w *Workspace) Opened() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.open)
}

// Find returns an open notebook by its handle.
func (w *Workspace) Find(handle string) (*Notebook, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, nb := range w.open {
		if nb.Handle == handle {
			return nb, true
		}
	}
	return nil, false
}

// Close saves and closes every open notebook.
func (w *Workspace) Close() {
	w.mu.Lock()
	open := w.open
	w.open, w.closed = map[string]*Notebook{}, true
	w.mu.Unlock()
	w.watch.close()
	var all sync.WaitGroup
	for _, nb := range open {
		all.Go(func() { w.end(nb) })
	}
	all.Wait()
	w.root.Close()
}

// shut closes one notebook, so that its file can be moved or deleted.
func (w *Workspace) shut(name string) {
	w.mu.Lock()
	nb := w.open[name]
	delete(w.open, name)
	w.mu.Unlock()
	if nb != nil {
		w.watch.remove(filepath.Join(w.dir, filepath.FromSlash(name)))
		w.end(nb)
	}
}

func (w *Workspace) end(nb *Notebook) {
	nb.Session.Close()
	nb.store.end()
	if w.cfg.Ended != nil {
		w.cfg.Ended(nb.Handle)
	}
}

func newHandle() string {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err) // the system has no randomness: nothing is safe
	}
	return hex.EncodeToString(b[:])
}

// plain takes the operation and the absolute path out of a file error: what is
// left may be shown.
func plain(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	var l *os.LinkError
	if errors.As(err, &l) {
		return l.Err
	}
	return err
}

// Info describes a notebook of the folder.
type Info struct {
	Path     string
	Title    string
	Modified time.Time
	Size     int64
	Kernel   string // state of its kernel while it is open
	Engine   string
}

// Create makes a new notebook of a template; "" has one empty cell. The name may leave the ending
// out; folders are made as needed. A name that is taken is an error.
func (w *Workspace) Create(name, template string) (Info, error) {
	if _, ok := file.FormatOf(name); !ok {
		name += string(file.Markdown)
	}
	name, err := clean(name)
	if err != nil {
		return Info{}, err
	}
	data, err := fresh(path.Base(name), template)
	if err != nil {
		return Info{}, err
	}
	if err := w.mkdir(path.Dir(name)); err != nil {
		return Info{}, err
	}
	if err := w.create(name, data); err != nil {
		return Info{}, err
	}
	return w.info(name)
}

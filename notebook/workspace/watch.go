package workspace

import (
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle is how long a file must be quiet after a change before it is looked at:
// programs write in several steps.
const settle = 80 * time.Millisecond

// pollEvery is how often files are looked at where the system tells nothing.
const pollEvery = 2 * time.Second

// watcher calls a func when a file changed. It watches folders, since programs
// replace files instead of writing them.
type watcher struct {
	log *slog.Logger
	fs  *fsnotify.Watcher // nil: files are polled

	mu     sync.Mutex
	files  map[string]*watched // by absolute path
	dirs   map[string]int      // files watched in it
	closed chan struct{}
}

type watched struct {
	changed func()
	timer   *time.Timer
	poll    bool // its folder cannot be watched
	seen    time.Time
	size    int64
}

func newWatcher(log *slog.Logger) *watcher {
	w := &watcher{log: log, files: map[string]*watched{}, dirs: map[string]int{}, closed: make(chan struct{})}
	fw, err := fsnotify.NewWatcher()
	if err != nil {
		log.Warn("files are looked at every two seconds: the system does not tell of changes", "err", err)
	} else {
		w.fs = fw
		go w.listen()
	}
	go w.polling()
	return w
}

func (w *watcher) add(name string, changed func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f := &watched{changed: changed}
	f.seen, f.size = stat(name)
	w.files[name] = f
	dir := filepath.Dir(name)
	if w.dirs[dir]++; w.fs == nil || w.fs.Add(dir) != nil {
		f.poll = true
	}
}

func (w *watcher) remove(name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f := w.files[name]
	if f == nil {
		return
	}
	if f.timer != nil {
		f.timer.Stop()
	}
	delete(w.files, name)
	dir := filepath.Dir(name)
	if w.dirs[dir]--; w.dirs[dir] <= 0 {
		delete(w.dirs, dir)
		if w.fs != nil {
			_ = w.fs.Remove(dir)
		}
	}
}

func (w *watcher) listen() {
	for {
		select {
		case e, ok := <-w.fs.Events:
			if !ok {
				return
			}
			w.touch(e.Name)
		case _, ok := <-w.fs.Errors:
			if !ok {
				return
			}
			// Events may be lost: look at all.
			w.mu.Lock()
			var all []string
			for name := range w.files {
				all = append(all, name)
			}
			w.mu.Unlock()
			for _, name := range all {
				w.touch(name)
			}
		}
	}
}

func (w *watcher) touch(name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f := w.files[name]
	if f == nil {
		return
	}
	if f.timer != nil {
		f.timer.Stop()
	}
	f.timer = time.AfterFunc(settle, f.changed)
}

func (w *watcher) polling() {
	t := time.NewTicker(pollEvery)
	defer t.Stop()
	for {
		select {
		case <-w.closed:
			return
		case <-t.C:
		}
		w.mu.Lock()
		var due []func()
		for name, f := range w.files {
			if !f.poll {
				continue
			}
			if seen, size := stat(name); !seen.Equal(f.seen) || size != f.size {
				f.seen, f.size = seen, size
				due = append(due, f.changed)
			}
		}
		w.mu.Unlock()
		for _, f := range due {
			f()
		}
	}
}

func stat(name string) (time.Time, int64) {
	info, err := os.Lstat(name)
	if err != nil {
		return time.Time{}, -1
	}
	return info.ModTime(), info.Size()
}

func (w *watcher) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case <-w.closed:
		return
	default:
		close(w.closed)
	}
	for _, f := range w.files {
		if f.timer != nil {
			f.timer.Stop()
		}
	}
	w.files = map[string]*watched{}
	if w.fs != nil {
		_ = w.fs.Close()
	}
}

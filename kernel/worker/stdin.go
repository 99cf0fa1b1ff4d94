package worker

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/wire"
)

// stdin is the session's own os.Stdin: a pipe that is filled from the page, and
// what fmt.Scan and its kin read. The server is asked when a read waits at an
// empty pipe. An app has no standard input: there os.Stdin is closed, under a name
// that says so.
type stdin struct {
	s   *session
	app bool

	mu    sync.Mutex
	r     *os.File
	ended bool        // the page sent the end of input
	asked bool        // and not answered yet
	feed  chan []byte // to the goroutine that writes, which may have to wait

	unwritten atomic.Int32 // answers that are not in the pipe yet
}

// deafName is how os.Stdin of an app is named in the errors of reading it.
const deafName = "standard input, which an app does not have (ask with st.TextInput)"

// askEvery is how often a run looks whether a read waits.
const askEvery = 10 * time.Millisecond

func newStdin(s *session, app bool) *stdin { return &stdin{s: s, app: app} }

// open makes the pipe. mu is held.
func (in *stdin) open() error {
	if in.app {
		in.r = os.NewFile(^uintptr(0)>>1, deafName) // of no descriptor
		_ = in.r.Close()
		return nil
	}
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	in.r, in.ended = r, false
	feed := make(chan []byte, 16)
	in.feed = feed
	go func() {
		for b := range feed {
			_, _ = w.Write(b) // a pipe nobody reads any more takes nothing
			in.unwritten.Add(-1)
		}
		w.Close()
	}()
	return nil
}

func (in *stdin) bindings() engine.Bindings {
	in.mu.Lock()
	defer in.mu.Unlock()
	if err := in.open(); err != nil {
		return nil
	}
	return engine.Bindings{
		"os": {"Stdin": reflect.ValueOf(&in.r).Elem()},
		"fmt": {
			"Scan":   reflect.ValueOf(func(a ...any) (int, error) { return fmt.Fscan(in.file(), a...) }),
			"Scanln": reflect.ValueOf(func(a ...any) (int, error) { return fmt.Fscanln(in.file(), a...) }),
			"Scanf":  reflect.ValueOf(func(f string, a ...any) (int, error) { return fmt.Fscanf(in.file(), f, a...) }),
		},
	}
}

func (in *stdin) file() *os.File {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.r
}

// during follows a run: it asks for input when a read waits, and ends the read
// when the run is stopped. What it returns is called when the run is over.
func (in *stdin) during(ctx context.Context) (over func()) {
	if in.app {
		return func() {}
	}
	in.mu.Lock()
	if in.ended { // each run after the end of input begins anew
		in.r.Close()
		_ = in.open() // else it stays ended
	}
	in.asked = false
	if in.r != nil {
		_ = in.r.SetReadDeadline(time.Time{}) // pipes have deadlines
	}
	in.mu.Unlock()
	done, left := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(left)
		tick := time.NewTicker(askEvery)
		defer tick.Stop()
		// At the last look too, and with nothing to read: the read is not just on its
		// way, nor is what it waits for, which a busy machine may take its time with.
		waited := false
		for {
			select {
			case <-done:
				return
			case <-ctx.Done():
				if r := in.file(); r != nil {
					_ = r.SetReadDeadline(time.Unix(1, 0))
				}
				<-done
				return
			case <-tick.C:
			}
			in.mu.Lock()
			waits := in.r != nil && !in.ended && readWaits(in.r) && in.unwritten.Load() == 0 && unread(in.r) == 0
			ask := waits && waited && !in.asked
			in.asked = in.asked || ask
			in.mu.Unlock()
			waited = waits
			if ask {
				in.s.out.flush() // what it printed to ask
				in.s.wk.send(wire.Message{Ask: &wire.Ask{Session: in.s.id}})
			}
		}
	}()
	return func() {
		close(done)
		<-left
	}
}

// answer gives the program what was typed.
func (in *stdin) answer(m *wire.Input) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.asked = false
	if in.feed == nil {
		return
	}
	if m.Text != "" {
		if m.Echo {
			in.s.out.print("stdout", []byte(m.Text))
		}
		in.unwritten.Add(1)
		select {
		case in.feed <- []byte(m.Text):
		default: // more than anyone types ahead
			in.unwritten.Add(-1)
		}
	}
	if m.EOF {
		close(in.feed)
		in.feed, in.ended = nil, true
	}
}

func (in *stdin) close() {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.r != nil {
		in.r.Close()
		in.r = nil
	}
	if in.feed != nil {
		close(in.feed)
		in.feed = nil
	}
}

// readWaits says whether a Read of the file is going on. Package os tells nobody,
// so this looks at the lock that Read holds (internal/poll.fdMutex); a test finds
// out when a new Go keeps it elsewhere.
func readWaits(f *os.File) bool {
	at := readLock(f)
	return at != nil && atomic.LoadUint64(at)&2 != 0
}

// readLock is where the state of the file's lock is, nil when that is not known.
func readLock(f *os.File) *uint64 {
	v := reflect.ValueOf(f).Elem()
	for _, name := range []string{"file", "pfd", "fdmu", "state"} {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return nil
			}
			v = v.Elem()
		}
		if v.Kind() != reflect.Struct {
			return nil
		}
		if v = v.FieldByName(name); !v.IsValid() {
			return nil
		}
	}
	if v.Kind() != reflect.Uint64 || !v.CanAddr() {
		return nil
	}
	return (*uint64)(unsafe.Pointer(v.UnsafeAddr()))
}

// Package idle gives memory back to the system when a process has nothing to do.
// Go keeps what it freed for a while, and a heap that was big stays so until the
// next collection, which a process at rest may not have for minutes: an app whose
// visitors left would hold their memory for no one.
package idle

import (
	"runtime/debug"
	"sync/atomic"
	"time"
)

// Trimmer notices when work is over. The zero value is ready; nil does nothing.
type Trimmer struct {
	last    atomic.Int64 // when Busy was called last, in Unix nanoseconds
	waiting atomic.Bool
	free    func() // debug.FreeOSMemory when nil
	quiet   time.Duration
}

// quiet is how long nothing must happen before memory is given back. A collection
// then is in nobody's way.
const quiet = 3 * time.Second

// Busy says that something was done. It is cheap enough for every message.
func (t *Trimmer) Busy() {
	if t == nil {
		return
	}
	t.last.Store(time.Now().UnixNano())
	if !t.waiting.Swap(true) {
		go t.wait()
	}
}

func (t *Trimmer) wait() {
	pause := t.quiet
	if pause == 0 {
		pause = quiet
	}
	for {
		since := time.Since(time.Unix(0, t.last.Load()))
		if since < pause {
			time.Sleep(pause - since)
			continue
		}
		t.waiting.Store(false)
		if t.free != nil {
			t.free()
		} else {
			debug.FreeOSMemory()
		}
		return
	}
}

package server

import "sync"

// outbox is what waits to be written to a socket, bounded in bytes. A browser too
// slow for it loses the connection, and gets the whole state when it is back.
type outbox struct {
	limit int

	mu     sync.Mutex
	frames [][]byte
	size   int
	full   bool
	wake   chan struct{} // holds at most one token
}

func newOutbox(limit int) *outbox {
	return &outbox{limit: limit, wake: make(chan struct{}, 1)}
}

// put adds a frame and reports whether there was room. One frame always has room
// in an empty box, however big: it may be the document.
func (o *outbox) put(frame []byte) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.full {
		return false
	}
	if o.size > 0 && o.size+len(frame) > o.limit {
		o.full = true
		o.frames = nil
		o.signal()
		return false
	}
	o.frames = append(o.frames, frame)
	o.size += len(frame)
	o.signal()
	return true
}

func (o *outbox) signal() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// take returns the oldest frame; ok is false when there is none. A frame counts
// as waiting until written is called for it.
func (o *outbox) take() (frame []byte, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.frames) == 0 {
		return nil, false
	}
	frame = o.frames[0]
	o.frames[0] = nil
	o.frames = o.frames[1:]
	return frame, true
}

func (o *outbox) written(frame []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.size -= len(frame)
}

func (o *outbox) overflowed() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.full
}

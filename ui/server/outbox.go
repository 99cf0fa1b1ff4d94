package server

import "sync"

// outbox is what waits to be written to a socket, bounded in bytes. Who puts waits
// for room: the session then holds its news back, and gives a browser that is
// too slow for them the whole state instead.
type outbox struct {
	limit int
	done  <-chan struct{} // the socket is ending

	mu     sync.Mutex
	frames [][]byte
	size   int           // of frames and of the one being written
	wake   chan struct{} // there are frames; holds at most one token
	room   chan struct{} // something was written; holds at most one token
}

func newOutbox(limit int, done <-chan struct{}) *outbox {
	return &outbox{limit: limit, done: done, wake: make(chan struct{}, 1), room: make(chan struct{}, 1)}
}

// put adds a frame, once there is room. One frame always has room in an empty
// box, however big: it may be the document. When the socket ends, frames are
// dropped.
func (o *outbox) put(frame []byte) {
	for !o.try(frame) {
		select {
		case <-o.room:
		case <-o.done:
			return
		}
	}
	signal(o.room) // there may be room for another who waits
}

func (o *outbox) try(frame []byte) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.size > 0 && o.size+len(frame) > o.limit {
		return false
	}
	o.frames = append(o.frames, frame)
	o.size += len(frame)
	signal(o.wake)
	return true
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
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
	signal(o.room)
}

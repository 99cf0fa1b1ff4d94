package session

import (
	"sync"
	"time"
)

// flushEvery is how long what a run draws may wait for more to travel with it.
const flushEvery = 8 * time.Millisecond

// maxQueue is how many bytes may wait for a client before it gets the whole
// Document instead.
const maxQueue = 4 << 20

// client is one subscriber: a queue of events that merges what it can, and a
// goroutine that hands it over.
type client struct {
	id      string
	send    func([]Event)
	session *Session
	wake    chan bool // true: at once
	over    chan struct{}

	mu     sync.Mutex
	queue  queue
	behind bool // the queue was dropped: the Document is due
	ended  bool
}

func newClient(id string, send func([]Event), s *Session) *client {
	return &client{id: id, send: send, session: s, wake: make(chan bool, 1), over: make(chan struct{})}
}

// add puts an event into the queue. It never blocks.
func (c *client) add(e Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.behind || c.ended {
		return
	}
	c.queue.add(e)
	if e.Document == nil && c.queue.bytes > maxQueue {
		c.queue, c.behind = queue{}, true
	}
}

// reset drops what waits for the event, which says it all.
func (c *client) reset(e Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.ended {
		c.queue, c.behind = queue{}, false
		c.queue.add(e)
	}
}

// flush wakes the goroutine when there is something to hand over.
func (c *client) flush(atOnce bool) {
	c.mu.Lock()
	due := len(c.queue.events) > 0 || c.behind
	c.mu.Unlock()
	if !due {
		return
	}
	select {
	case c.wake <- atOnce:
	default:
		if atOnce {
			// A wake that may wait is there: make it one that may not.
			select {
			case <-c.wake:
			default:
			}
			select {
			case c.wake <- true:
			default:
			}
		}
	}
}

func (c *client) stop() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return false
	}
	c.ended, c.queue = true, queue{}
	close(c.over)
	return true
}

func (c *client) run() {
	for {
		select {
		case <-c.over:
			return
		case atOnce := <-c.wake:
			if !atOnce {
				c.linger()
			}
		}
		c.mu.Lock()
		batch, behind := c.queue.events, c.behind
		c.queue = queue{}
		c.mu.Unlock()
		if behind {
			if c.session.call(func() { c.reset(Event{Document: ptr(c.session.document())}) }) != nil {
				return
			}
			continue
		}
		if len(batch) > 0 {
			c.send(batch)
		}
	}
}

// linger waits a moment for more, or until there is no more to come.
func (c *client) linger() {
	t := time.NewTimer(flushEvery)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			return
		case <-c.over:
			return
		case atOnce := <-c.wake:
			if atOnce {
				return
			}
		}
	}
}

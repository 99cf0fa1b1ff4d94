package session

import (
	"context"
	"errors"
	"sync"

	"stnb.dev/kernel/wire"
)

// link is the way to one kernel. Messages wait in a queue, so that the loop never
// waits for a kernel that waits for the loop.
type link struct {
	gen  uint64
	over chan struct{}

	mu     sync.Mutex
	queue  []wire.Message
	wake   chan struct{}
	closed bool
	kill   bool
}

func newLink(gen uint64) *link {
	return &link{gen: gen, over: make(chan struct{}), wake: make(chan struct{}, 1)}
}

func (l *link) send(m wire.Message) {
	l.mu.Lock()
	l.queue = append(l.queue, m)
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *link) stop(kill bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.closed, l.kill = true, kill
		close(l.over)
	}
}

// run hands the queue to the kernel until the link is stopped. A kernel that
// takes no messages is found out by its end, not here.
func (l *link) run(k Kernel) {
	for {
		select {
		case <-l.over:
			if l.kill {
				k.Kill()
			} else {
				k.Close()
			}
			return
		case <-l.wake:
		}
		l.mu.Lock()
		batch := l.queue
		l.queue = nil
		l.mu.Unlock()
		for _, m := range batch {
			if k.Send(m) != nil {
				break
			}
		}
	}
}

// asked are questions to the kernel that wait for their answers.
type asked struct {
	mu      sync.Mutex
	seq     uint64
	waiting map[uint64]chan wire.Message
}

var errNoKernel = errors.New("the kernel does not run; run the cell again")

// request sends the kernel a question and waits for the answer.
func (s *Session) request(ctx context.Context, question func(seq uint64) wire.Message) (wire.Message, error) {
	a := &s.asked
	answer := make(chan wire.Message, 1)
	a.mu.Lock()
	a.seq++
	seq := a.seq
	if a.waiting == nil {
		a.waiting = map[uint64]chan wire.Message{}
	}
	a.waiting[seq] = answer
	a.mu.Unlock()
	defer func() {
		a.mu.Lock()
		delete(a.waiting, seq)
		a.mu.Unlock()
	}()

	up := false
	if err := s.call(func() {
		if up = s.link != nil && s.state.kernel.phase == kernelUpPhase; up {
			s.link.send(question(seq))
		}
	}); err != nil {
		return wire.Message{}, err
	}
	if !up {
		return wire.Message{}, errNoKernel
	}
	select {
	case m, ok := <-answer:
		if !ok {
			return wire.Message{}, errNoKernel
		}
		return m, nil
	case <-ctx.Done():
		return wire.Message{}, ctx.Err()
	case <-s.done:
		return wire.Message{}, ErrClosed
	}
}

// answer says whether m answers a question, and hands it to who asked.
func (a *asked) answer(m wire.Message) bool {
	var seq uint64
	switch {
	case m.Paged != nil:
		seq = m.Paged.Seq
	case m.VarList != nil:
		seq = m.VarList.Seq
	default:
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if ch, ok := a.waiting[seq]; ok {
		ch <- m
		delete(a.waiting, seq)
	}
	return true
}

// fail ends all questions: the kernel that would answer is gone.
func (a *asked) fail() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for seq, ch := range a.waiting {
		close(ch)
		delete(a.waiting, seq)
	}
}

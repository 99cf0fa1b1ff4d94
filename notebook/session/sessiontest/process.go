package sessiontest

import (
	"context"
	"encoding/json"
	"sync"

	"stnb.dev/dataframe/page"
	"stnb.dev/kernel/wire"
)

// Process is the fake kernel as a process: it answers from a goroutine of its own.
type Process struct {
	mu     sync.Mutex
	kernel *Kernel
	out    chan wire.Message
	over   chan struct{}
	once   sync.Once
	exited func(string)
}

// Launcher starts fake kernels and remembers them.
type Launcher struct {
	mu  sync.Mutex
	all []*Process
}

// Start is a session.Launch but for the type of its first result.
func (l *Launcher) Start(_ context.Context, engine string, receive func(wire.Message), exited func(string)) (*Process, error) {
	p := &Process{kernel: &Kernel{Engine: engine}, out: make(chan wire.Message, 4096), over: make(chan struct{}), exited: exited}
	l.mu.Lock()
	l.all = append(l.all, p)
	l.mu.Unlock()
	go func() {
		for {
			select {
			case m := <-p.out:
				receive(m)
			case <-p.over:
				return
			}
		}
	}()
	return p, nil
}

// Started is how many were started; Last is the newest.
func (l *Launcher) Started() int { l.mu.Lock(); defer l.mu.Unlock(); return len(l.all) }

// Alive is how many have not ended.
func (l *Launcher) Alive() (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range l.all {
		select {
		case <-p.over:
		default:
			n++
		}
	}
	return n
}

// Last returns the newest process.
func (l *Launcher) Last() *Process { l.mu.Lock(); defer l.mu.Unlock(); return l.all[len(l.all)-1] }

// Send takes a message; a page has three rows.
func (p *Process) Send(m wire.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if m.Page != nil {
		p.out <- wire.Message{Paged: &wire.Paged{Seq: m.Page.Seq, Reply: &page.Reply{Rows: 3}}, Blob: []byte(m.Page.Session)}
	}
	for _, r := range p.kernel.Handle(m) {
		p.out <- r
	}
	if p.kernel.Dead {
		go p.Die("the cell ended the process")
	}
	return nil
}

// Continue lets a session's run go on after a "wait".
func (p *Process) Continue(session string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range p.kernel.Continue(session) {
		p.out <- r
	}
}

// Look calls f with the kernel while nothing else happens to it.
func (p *Process) Look(f func(k *Kernel)) { p.mu.Lock(); defer p.mu.Unlock(); f(p.kernel) }

// Die ends the process as a crash would.
func (p *Process) Die(cause string) { p.once.Do(func() { close(p.over); p.exited(cause) }) }

// Close and Kill end it without a word.
func (p *Process) Close() { p.once.Do(func() { close(p.over) }) }

// Kill ends the process at once.
func (p *Process) Kill() { p.Close() }

// Value is a widget value.
func Value(v any) json.RawMessage { b, _ := json.Marshal(v); return b }

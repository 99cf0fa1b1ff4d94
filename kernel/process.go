package kernel

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"stnb.dev/kernel/wire"
)

// Command is the hidden command of the stnb binary that is a kernel.
const Command = "kernel-worker"

// MemoryEnv carries Options.MemoryLimit to the child, in bytes.
const MemoryEnv = "STNB_KERNEL_MEMORY"

// Times of a kernel's life.
const (
	greetTimeout = 20 * time.Second // start of a process on a busy machine
	closeGrace   = 2 * time.Second  // from the end of its pipe to a kill
	linger       = 500 * time.Millisecond
)

// Options say how a kernel starts and who hears of it.
type Options struct {
	Exe    string   // "" is the running binary
	Args   []string // nil is just Command
	Dir    string   // the notebook's folder
	Engine string   // "auto", "yaegi", "ssa"
	App    bool     // app mode: many sessions, prints go to the log
	Env    []string // "KEY=value", added to the server's own environment
	// MemoryLimit in bytes ends a kernel that grows past it; 0 is no limit.
	MemoryLimit int64

	// Receive gets every message of the kernel, in order, from one goroutine.
	// While it does not return, the kernel is held back. The process's own
	// stdout and stderr (C code, runtime messages) come as wire.Log.
	Receive func(wire.Message)
	// Exited is called once, after the last Receive, however the kernel ended.
	Exited func(Exit)
}

// Process is a running kernel.
type Process struct {
	opt  Options
	cmd  *exec.Cmd
	conn *wire.Conn
	in   *os.File // our end of the child's fd 3
	pid  int

	inbox  chan wire.Message
	ending chan struct{} // closed when nothing more is for the inbox
	tail   tail
	killed atomic.Bool
	closed atomic.Bool
	rss    atomic.Int64

	endIn sync.Once
	done  chan struct{}
	exit  Exit
}

// Start runs a kernel and greets it. ctx bounds the start, not the life.
func Start(ctx context.Context, opt Options) (*Process, error) {
	if opt.Exe == "" {
		exe, err := os.Executable()
		if err != nil {
			return nil, fmt.Errorf("start a kernel: %w", err)
		}
		opt.Exe = exe
	}
	if opt.Args == nil {
		opt.Args = []string{Command}
	}
	toR, toW, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start a kernel: %w", err)
	}
	fromR, fromW, err := os.Pipe()
	if err != nil {
		toR.Close()
		toW.Close()
		return nil, fmt.Errorf("start a kernel: %w", err)
	}
	p := &Process{opt: opt, in: toW, inbox: make(chan wire.Message, 64), ending: make(chan struct{}), done: make(chan struct{})}
	p.cmd = exec.Command(opt.Exe, opt.Args...)
	p.cmd.Dir = opt.Dir
	p.cmd.Env = append(os.Environ(), opt.Env...)
	if opt.MemoryLimit > 0 {
		p.cmd.Env = append(p.cmd.Env, fmt.Sprintf("%s=%d", MemoryEnv, opt.MemoryLimit))
	}
	p.cmd.ExtraFiles = []*os.File{toR, fromW}
	p.cmd.Stdout = &capture{p: p, stream: "stdout"}
	p.cmd.Stderr = &capture{p: p, stream: "stderr"}
	p.cmd.WaitDelay = linger // a grandchild may hold stdout open
	contain(p.cmd)
	err = startChild(p.cmd)
	toR.Close()
	fromW.Close()
	if err != nil {
		toW.Close()
		fromR.Close()
		return nil, fmt.Errorf("start a kernel: %w", err)
	}
	p.pid = p.cmd.Process.Pid
	p.conn = wire.NewConn(fromR, toW)

	greeted := make(chan error, 1)
	read := make(chan struct{})
	go p.read(fromR, greeted, read)
	go p.deliver()
	go p.wait(read)

	ctx, cancel := context.WithTimeout(ctx, greetTimeout)
	defer cancel()
	select {
	case err = <-greeted:
	case <-ctx.Done():
		err = fmt.Errorf("no answer: %w", context.Cause(ctx))
	}
	if err != nil {
		p.Kill()
		<-p.done
		var ve *wire.VersionError
		if errors.As(err, &ve) {
			return nil, err
		}
		return nil, fmt.Errorf("start a kernel: %w%s", err, p.tail.said())
	}
	return p, nil
}

// PID is the child's process id.
func (p *Process) PID() int { return p.pid }

// Send gives the kernel a message. It blocks while the kernel is not reading.
func (p *Process) Send(m wire.Message) error {
	select {
	case <-p.done:
		return errors.New("the kernel has ended: " + p.exit.Message)
	default:
	}
	if err := p.conn.Send(m); err != nil {
		return fmt.Errorf("send to the kernel: %w", err)
	}
	return nil
}

// Interrupt stops the runs of all sessions, as the user's Stop does.
func (p *Process) Interrupt() {
	_ = p.Send(wire.Message{Stop: &wire.Stop{Reason: wire.Interrupted}}) // a dead kernel needs no stop
}

// Kill ends the process at once, with all it started.
func (p *Process) Kill() {
	p.killed.Store(true)
	killGroup(p.cmd)
}

// Close lets the kernel end by itself, and kills it when it does not. It returns
// when the process is gone.
func (p *Process) Close() {
	p.closed.Store(true)
	p.endIn.Do(func() { p.in.Close() })
	select {
	case <-p.done:
	case <-time.After(closeGrace):
		killGroup(p.cmd)
		<-p.done
	}
}

// Done is closed when the process is gone and Exited has been called.
func (p *Process) Done() <-chan struct{} { return p.done }

// read moves frames from the pipe to the inbox until the pipe ends.
func (p *Process) read(from io.ReadCloser, greeted chan<- error, read chan<- struct{}) {
	defer close(read)
	defer from.Close()
	_, err := p.conn.Greet(wire.Hello{
		Build: Build(), Engine: p.opt.Engine, Dir: p.opt.Dir, App: p.opt.App,
	})
	if err == io.EOF {
		err = errors.New("it ended before it said hello")
	}
	greeted <- err
	if err != nil {
		return
	}
	for {
		m, err := p.conn.Receive()
		if err != nil {
			if errors.Is(err, wire.ErrFrame) && !p.killed.Load() {
				p.tail.Write([]byte(err.Error() + "\n"))
				killGroup(p.cmd)
			}
			return
		}
		if m.Stats != nil {
			p.rss.Store(m.Stats.RSSBytes)
		}
		p.put(m)
	}
}

// put queues a message for Receive; what comes after the end is dropped.
func (p *Process) put(m wire.Message) {
	select {
	case p.inbox <- m:
	case <-p.ending:
	}
}

// deliver calls Receive, and it alone.
func (p *Process) deliver() {
	receive := p.opt.Receive
	if receive == nil {
		receive = func(wire.Message) {}
	}
	for ended := false; !ended; {
		select {
		case m := <-p.inbox:
			receive(m)
		case <-p.ending:
			ended = true
		}
	}
	for len(p.inbox) > 0 {
		receive(<-p.inbox)
	}
	if p.opt.Exited != nil {
		p.opt.Exited(p.exit)
	}
	close(p.done)
}

// wait reaps the child and says why it ended.
func (p *Process) wait(read <-chan struct{}) {
	err := p.cmd.Wait()
	p.endIn.Do(func() { p.in.Close() })
	select {
	case <-read: // frames it wrote before it ended still count
	case <-time.After(linger): // a grandchild holds the pipe
	}
	p.exit = p.explain(err)
	close(p.ending)
}

// Build names the running binary, for the log: both ends are the same file.
func Build() string { return strings.TrimSpace(build()) }

package kernel

import (
	"fmt"
	"runtime/debug"
	"strings"
	"sync"

	"stnb.dev/kernel/wire"
)

// Cause is how a kernel ended.
type Cause string

// The causes.
const (
	Ended   Cause = "ended"  // Close, or the server asked
	Killed  Cause = "killed" // Kill, by us
	Signal  Cause = "signal" // somebody else killed it
	Memory  Cause = "memory" // out of memory
	Stack   Cause = "stack"  // stack overflow
	Crashed Cause = "crash"  // a fault of the runtime or of C code
)

// MemoryExit is the exit status of a kernel that ended itself at its limit.
const MemoryExit = 86

// Exit says how a kernel ended, for the person and for the program.
type Exit struct {
	Cause   Cause
	Code    int    // exit status; -1 when a signal ended it
	Message string // one line
	Stderr  string // the last lines the process wrote, at most 8 KiB
}

// explain reads the cause off the wait status and the last lines.
func (p *Process) explain(err error) Exit {
	state := p.cmd.ProcessState
	e := Exit{Code: -1, Stderr: p.tail.String()}
	if state != nil {
		e.Code = state.ExitCode()
	}
	sig := signalOf(state)
	switch {
	case p.killed.Load():
		e.Cause, e.Message = Killed, "the kernel was stopped"
	case p.closed.Load():
		e.Cause, e.Message = Ended, "the kernel was closed"
	case e.Code == MemoryExit:
		e.Cause, e.Message = Memory, "the kernel used more memory than its limit"
		if p.opt.MemoryLimit > 0 {
			e.Message += fmt.Sprintf(" of %d MB", p.opt.MemoryLimit>>20)
		}
	case strings.Contains(e.Stderr, "fatal error: runtime: out of memory"),
		strings.Contains(e.Stderr, "fatal error: out of memory"),
		strings.Contains(e.Stderr, "cannot allocate memory"):
		e.Cause, e.Message = Memory, "the kernel ran out of memory"
	case strings.Contains(e.Stderr, "fatal error: stack overflow"):
		e.Cause, e.Message = Stack, "the kernel's stack overflowed"
	case sig == "killed":
		e.Cause, e.Message = Signal, "the kernel was killed from outside, perhaps by the system for want of memory"
		if rss := p.rss.Load(); rss > 0 {
			e.Message += fmt.Sprintf(" (it last used %d MB)", rss>>20)
		}
	case sig != "":
		e.Cause, e.Message = Crashed, "the kernel crashed: "+sig
	case e.Code == 0:
		e.Cause, e.Message = Ended, "the kernel ended"
	default:
		e.Cause, e.Message = Crashed, fmt.Sprintf("the kernel crashed (exit status %d)", e.Code)
		if line := p.tail.fatal(); line != "" {
			e.Message = "the kernel crashed: " + line
		}
	}
	if state == nil && err != nil {
		e.Message = err.Error()
	}
	return e
}

// tail keeps the beginning of a crash and the last lines of the process's stderr.
// Go prints the reason first and then every goroutine, so the reason is noted
// when it passes.
type tail struct {
	mu    sync.Mutex
	last  []byte
	cause string
	part  []byte // an unfinished line
}

const tailLen = 8 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = append(t.last, b...)
	if n := len(t.last) - tailLen; n > 0 {
		t.last = append(t.last[:0], t.last[n:]...)
	}
	t.part = append(t.part, b...)
	for {
		line, rest, ok := strings.Cut(string(t.part), "\n")
		if !ok {
			break
		}
		t.part = []byte(rest)
		if (t.cause == "" || strings.HasPrefix(t.cause, "runtime: ")) && isFatal(line) {
			t.cause = line
		}
	}
	if len(t.part) > tailLen {
		t.part = nil
	}
	return len(b), nil
}

func isFatal(line string) bool {
	for _, p := range []string{"fatal error: ", "panic: ", "runtime: ", "SIG", "terminate called"} {
		if strings.HasPrefix(line, p) {
			return true
		}
	}
	return false
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := strings.ToValidUTF8(string(t.last), "\uFFFD")
	if t.cause != "" && !strings.Contains(s, t.cause) {
		s = t.cause + "\n...\n" + s
	}
	return s
}

func (t *tail) fatal() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.cause
}

// said is the tail as an addition to an error.
func (t *tail) said() string {
	if s := strings.TrimSpace(t.String()); s != "" {
		return "; its last lines: " + s
	}
	return ""
}

// capture is the child's stdout or stderr.
type capture struct {
	p      *Process
	stream string
}

func (c *capture) Write(b []byte) (int, error) {
	if c.stream == "stderr" {
		c.p.tail.Write(b)
	}
	c.p.put(wire.Message{Log: &wire.Log{Stream: c.stream, Text: strings.ToValidUTF8(string(b), "\uFFFD")}})
	return len(b), nil
}

func build() string {
	if bi, ok := debug.ReadBuildInfo(); ok {
		for _, s := range bi.Settings {
			if s.Key == "vcs.revision" {
				return s.Value
			}
		}
		return bi.Main.Version
	}
	return ""
}

package worker

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/wire"
	"stnb.dev/widgets/element"
)

// Sizes of output.
const (
	flushAfter = 10 * time.Millisecond
	flushSize  = 64 << 10
	headLen    = 256 << 10 // of a cell's prints, shown as they come
	tailLen    = 64 << 10  // shown at the end when there was more
)

// output is the way of a session's deltas and prints to the server. Deltas are
// gathered for a moment and sent together; who emits while a batch is written
// waits, so a flood is as fast as its reader.
type output struct {
	s   *session
	app bool

	mu      sync.Mutex // of what follows, and held while sending: order
	run     uint64
	pending []element.Delta
	text    []byte // of the Append that ends pending, while it can still grow
	size    int
	timer   *time.Timer
	closed  bool

	sets atomic.Uint64 // elements put up so far: prints after one start anew

	pmu      sync.Mutex // of prints
	cur      printed
	captured *strings.Builder // takes them instead, when not nil

	capturing atomic.Bool // captured is not nil

	stdout, stderr atomic.Pointer[pipe] // nil until user code names os.Stdout, os.Stderr
}

// printed is what the current stdout element of the cell shows.
type printed struct {
	path   element.Path // "" when there is none
	stream string
	sets   uint64 // value of output.sets when it was put up
	head   int    // bytes shown
	first  []byte // those bytes, to show again with the tail
	tail   []byte // the last bytes not shown
	cut    int64  // bytes neither in first nor in tail
}

func newOutput(s *session, app bool) *output {
	o := &output{s: s, app: app}
	o.timer = time.AfterFunc(time.Hour, o.flush)
	o.timer.Stop()
	return o
}

func (o *output) begin(run uint64) {
	o.mu.Lock()
	o.run = run
	o.mu.Unlock()
	o.enter()
}

// enter starts a cell: its prints get an element of their own.
func (o *output) enter() {
	o.pmu.Lock()
	o.cur = printed{}
	o.pmu.Unlock()
}

// leave ends a cell: what was held back of a flood is shown.
func (o *output) leave() {
	o.drain()
	o.pmu.Lock()
	defer o.pmu.Unlock()
	o.settle()
}

// emit queues deltas of the widgets, which have settled what was printed before.
// It must not look for prints itself: the widgets hold their lock.
func (o *output) emit(ds []element.Delta) {
	if o.capturing.Load() {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, d := range ds {
		if d.Op != element.Append {
			o.sets.Add(1)
		}
		o.seal()
		o.pending = append(o.pending, d)
		o.size += 200 + len(d.Data)
		if d.Element != nil {
			o.size += len(d.Element.Props)
		}
	}
	o.later()
}

// later sends now what is much, and soon what is little. mu is held.
func (o *output) later() {
	if o.size >= flushSize {
		o.send()
	} else if !o.closed {
		o.timer.Reset(flushAfter)
	}
}

func (o *output) flush() {
	o.drain()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.send()
}

func (o *output) seal() {
	if len(o.text) > 0 {
		o.pending[len(o.pending)-1].Data = appendData(o.text)
		o.text = nil
	}
}

func appendData(text []byte) json.RawMessage {
	b, _ := json.Marshal(map[string]string{"text": string(text)}) // strings always encode
	return b
}

// send writes the batch. mu is held.
func (o *output) send() {
	o.timer.Stop()
	o.seal()
	if len(o.pending) == 0 || o.closed {
		o.pending = nil
		return
	}
	d := &wire.Deltas{Session: o.s.id, Run: o.run, Deltas: o.pending}
	o.pending, o.size = nil, 0
	o.s.wk.send(wire.Message{Deltas: d})
}

func (o *output) close() {
	o.mu.Lock()
	o.closed = true
	o.timer.Stop()
	o.mu.Unlock()
	o.stdout.Load().close()
	o.stderr.Load().close()
}

// capture keeps what is printed and shown while f runs off the screen, and returns
// the beginning of what was printed.
func (o *output) capture(f func()) string {
	o.drain()
	o.pmu.Lock()
	outer := o.captured
	o.captured = &strings.Builder{}
	o.capturing.Store(true)
	o.pmu.Unlock()
	defer func() {
		o.pmu.Lock()
		o.captured = outer
		o.capturing.Store(outer != nil)
		o.pmu.Unlock()
	}()
	f()
	o.drain()
	o.pmu.Lock()
	defer o.pmu.Unlock()
	return o.captured.String()
}

// print shows text of user code, in order with its elements.
func (o *output) print(stream string, b []byte) {
	if len(b) == 0 {
		return
	}
	o.pmu.Lock()
	defer o.pmu.Unlock()
	if c := o.captured; c != nil {
		if c.Len() < headLen {
			c.Write(b)
		}
		return
	}
	if o.app {
		o.log(stream, b)
		return
	}
	if o.cur.path == "" || o.cur.stream != stream || o.cur.sets != o.sets.Load() {
		total := o.cur.head // the limit is per cell, not per element
		o.settle()
		props, _ := json.Marshal(element.Stdout{Stream: stream}) // strings always encode
		o.cur = printed{stream: stream, head: total}
		o.cur.path = o.s.widgets.Show(element.Element{Kind: "stdout", Props: props})
		o.cur.sets = o.sets.Load()
	}
	c := &o.cur
	if room := headLen - c.head; room > 0 && len(c.tail) == 0 {
		n := min(room, len(b))
		for n < len(b) && n > 0 && !utf8.RuneStart(b[n]) {
			n--
		}
		c.head += n
		c.first = append(c.first, b[:n]...)
		o.grow(c.path, b[:n])
		b = b[n:]
	}
	if len(b) == 0 {
		return
	}
	c.head = headLen
	c.tail = append(c.tail, b...)
	if over := len(c.tail) - 2*tailLen; over > 0 {
		drop := len(c.tail) - tailLen
		c.cut += int64(drop)
		c.tail = append(c.tail[:0], c.tail[drop:]...)
	}
}

// grow appends to the stdout element at path, together with the last append when
// nothing came between.
func (o *output) grow(path element.Path, b []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	last := len(o.pending) - 1
	if len(o.text) == 0 || o.pending[last].Path != path {
		o.seal()
		o.pending = append(o.pending, element.Delta{Op: element.Append, Path: path})
	}
	o.text = append(o.text, b...)
	o.size += len(b)
	o.later()
}

// settle shows the end of a flood in the element that had its beginning. pmu is held.
func (o *output) settle() {
	c := &o.cur
	if c.path == "" || len(c.tail) == 0 {
		return
	}
	if drop := len(c.tail) - tailLen; drop > 0 && c.cut > 0 {
		for drop < len(c.tail) && !utf8.RuneStart(c.tail[drop]) {
			drop++
		}
		c.cut += int64(drop)
		c.tail = c.tail[drop:]
	}
	if c.cut == 0 {
		o.grow(c.path, c.tail)
	} else {
		text := fmt.Sprintf("%s\n... %d bytes left out ...\n%s", c.first, c.cut, c.tail)
		props, _ := json.Marshal(element.Stdout{Stream: c.stream, Text: strings.ToValidUTF8(text, "\uFFFD"), Cut: c.cut})
		o.mu.Lock()
		o.seal()
		o.pending = append(o.pending, element.Delta{Op: element.Set, Path: c.path, Element: &element.Element{Kind: "stdout", Props: props}})
		o.size += len(props)
		o.later()
		o.mu.Unlock()
	}
	c.tail, c.cut = nil, 0
}

// log is where prints go in app mode: whole lines, cut per run like a cell's.
func (o *output) log(stream string, b []byte) {
	c := &o.cur
	if c.head >= headLen {
		c.cut += int64(len(b))
		return
	}
	c.head += len(b)
	if c.head >= headLen {
		b = append(bytes.Clone(b), "\n... more output of this run is left out ...\n"...)
	}
	o.s.wk.send(wire.Message{Log: &wire.Log{Session: o.s.id, Stream: stream, Text: strings.ToValidUTF8(string(b), "\uFFFD")}})
}

// drain moves what user code wrote to os.Stdout and os.Stderr into the output.
func (o *output) drain() {
	o.stdout.Load().drain()
	o.stderr.Load().drain()
}

type writer struct {
	o      *output
	stream string
}

func (w writer) Write(b []byte) (int, error) {
	w.o.drain()
	w.o.print(w.stream, b)
	return len(b), nil
}

// bindings are what user code prints with. The engines format values of user
// types before they call these.
func (o *output) bindings() engine.Bindings {
	stdout, stderr := writer{o, "stdout"}, writer{o, "stderr"}
	std, structured := newLogs(stderr, o.s.Instance).bindings()
	return engine.Bindings{
		"fmt": {
			"Print":   reflect.ValueOf(func(a ...any) (int, error) { return fmt.Fprint(stdout, a...) }),
			"Println": reflect.ValueOf(func(a ...any) (int, error) { return fmt.Fprintln(stdout, a...) }),
			"Printf":  reflect.ValueOf(func(f string, a ...any) (int, error) { return fmt.Fprintf(stdout, f, a...) }),
		},
		"log":      std,
		"log/slog": structured,
		"builtin":  {"stderr": reflect.ValueOf(stderr)},
		"os": {
			"Stdout": reflect.ValueOf(o.file(&o.stdout, "stdout")),
			"Stderr": reflect.ValueOf(o.file(&o.stderr, "stderr")),
		},
	}
}

// file is an os.Stdout or os.Stderr of the session's own, once user code names it:
// most apps never do, and it takes two descriptors for each visitor.
func (o *output) file(at *atomic.Pointer[pipe], stream string) engine.Late {
	return func() reflect.Value {
		o.mu.Lock()
		defer o.mu.Unlock()
		p := at.Load()
		if p == nil && !o.closed {
			var err error
			if p, err = newPipe(o, stream); err != nil {
				return reflect.Value{}
			}
			at.Store(p)
		}
		if p == nil {
			return reflect.Value{}
		}
		return reflect.ValueOf(&p.w).Elem()
	}
}

// pipe is an *os.File that user code writes to. What is in it is read both by a
// goroutine, so that a long write never blocks for good, and by whoever is about
// to put something after it on the screen, so that the order is kept.
type pipe struct {
	o      *output
	stream string
	w, r   *os.File
	mu     sync.Mutex
}

// pipeBuffers are what pipes are read into. A pipe has one only while it is read.
var pipeBuffers = sync.Pool{New: func() any { return new([16 << 10]byte) }}

func newPipe(o *output, stream string) (*pipe, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	p := &pipe{o: o, stream: stream, r: r, w: w}
	go p.copy()
	return p, nil
}

func (p *pipe) close() {
	if p == nil {
		return
	}
	p.w.Close()
	p.r.Close()
}

// drain reads what is in the pipe now.
func (p *pipe) drain() {
	if p == nil {
		return
	}
	rc, err := p.r.SyscallConn()
	if err != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	// Control, not Read: copy is nearly always waiting in a Read of its own.
	_ = rc.Control(func(fd uintptr) { p.take(fd) }) // closed: nothing to read
}

// copy waits for the pipe to have something, over and over.
func (p *pipe) copy() {
	rc, err := p.r.SyscallConn()
	if err != nil {
		return
	}
	first := true
	for err == nil {
		err = rc.Read(func(fd uintptr) bool {
			if first { // wait before the first read
				first = false
				return false
			}
			p.mu.Lock()
			defer p.mu.Unlock()
			return p.take(fd)
		})
	}
}

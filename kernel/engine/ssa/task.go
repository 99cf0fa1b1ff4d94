package ssa

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// A task may have maxDepth user frames on maxStack bytes of stack; the runtime
// ends the process when a stack would need 1 GB. How much a frame needs differs
// with what it calls, so above manyFrames the stack is measured.
const (
	maxDepth   = 500_000
	maxStack   = 250 << 20
	manyFrames = 1 << 14
)

// task is a goroutine while it runs user code.
type task struct {
	inst    *instance
	depth   int
	limit   atomic.Int64 // depth at which grow looks what is the matter
	stopped atomic.Bool
	sites   []uint32 // where each frame is: number of a site
	pool    []spare  // to use again, by func
	joined  joined
	panics  *panicking
	trace   *trace // of the panic under way
	done    chan struct{}
	once    sync.Once
	parent  *task
	waiting atomic.Bool
	g       uintptr
	id      int64   // the goroutine's number, as traces show it
	line    uintptr // where user code stands that prints with package log
	record  uintptr // where the record is from that a handler of slog is given
}

func newTask(i *instance, parent *task) *task {
	t := &task{inst: i, sites: make([]uint32, 64), done: make(chan struct{}), parent: parent}
	t.limit.Store(int64(len(t.sites) - 1))
	if t.id = 1; parent != nil {
		t.id += i.started.Add(1)
	}
	return t
}

// grow is called when the depth reaches the limit: the task is to stop, its
// stack is too deep, or its sites need more room.
func (t *task) grow() {
	if t.stopped.Load() {
		t.depth--
		t.stop()
	}
	if t.depth >= maxDepth || t.depth >= manyFrames && stackUsed() > maxStack {
		t.depth--
		panic(overflow{t.depth + 1})
	}
	if t.depth >= len(t.sites)-1 {
		n := make([]uint32, len(t.sites)+min(len(t.sites), manyFrames))
		copy(n, t.sites)
		t.sites = n
	}
	if !t.stopped.Load() {
		t.limit.Store(int64(min(len(t.sites)-1, maxDepth)))
		if t.stopped.Load() {
			t.limit.Store(0)
		}
	}
}

// stackUsed is how much of the calling goroutine's stack is in use: g begins with
// the bounds of its stack.
func stackUsed() uintptr {
	var here byte
	g := getg()
	return (*(*[2]uintptr)(*(*ptr)(ptr(&g))))[1] - uintptr(ptr(&here))
}

// interrupt makes the task unwind at its next check, also when it waits.
func (t *task) interrupt() {
	t.stopped.Store(true)
	t.limit.Store(0)
	t.once.Do(func() { close(t.done) })
}

// stop unwinds the task. Deferred calls run: while they do, the flag is down, and
// they get a grace of their own.
func (t *task) stop() {
	panic(stopSignal{})
}

// stopSignal, overflow and goexit are the panics that user code does not see as
// values of its own.
type stopSignal struct{}

func (stopSignal) Error() string { return "stopped" }

type overflow struct{ depth int }

func (o overflow) Error() string { return fmt.Sprintf("stack overflow: %d calls deep", o.depth) }
func (overflow) RuntimeError()   {}

type goexit struct{}

// enter runs f, which runs user code, on the calling goroutine: as part of the
// task that this goroutine is, or, on a goroutine that native code started, as a
// task of its own whose faults the instance keeps.
func (i *instance) enter(f func(t *task)) {
	g := getg()
	if v, ok := i.tasks.Load(g); ok {
		f(v.(*task))
		return
	}
	t := newTask(i, nil)
	i.begin(t, g)
	defer func() {
		r := recover()
		i.end(t, g)
		if r != nil {
			i.foreignFault(t, r)
		}
	}()
	f(t)
}

// begin registers a task with the goroutine that runs it.
func (i *instance) begin(t *task, g uintptr) {
	t.g = g
	i.tasks.Store(g, t)
	byG.Store(g, i)
	i.running.Add(1)
}

func (i *instance) end(t *task, g uintptr) {
	i.last.CompareAndSwap(t, nil)
	i.tasks.Delete(g)
	byG.Delete(g)
	i.running.Add(-1)
	i.checkDeadlock()
}

// byG finds the instance that a goroutine runs user code of, for methods that
// native code calls.
var byG sync.Map // g -> *instance

// spawn starts a goroutine of user code.
func (t *task) spawn(f func(t *task)) {
	i := t.inst
	n := newTask(i, t)
	if t.stopped.Load() {
		t.stop()
	}
	i.goroutines.Add(1)
	i.running.Add(1)
	i.all.Store(n, struct{}{})
	go func() {
		g := getg()
		n.g = g
		i.tasks.Store(g, n)
		byG.Store(g, i)
		defer func() {
			r := recover()
			i.last.CompareAndSwap(n, nil)
			i.tasks.Delete(g)
			byG.Delete(g)
			i.all.Delete(n)
			i.running.Add(-1)
			if r != nil {
				i.taskFault(n, r)
			}
			if i.goroutines.Add(-1) == 0 {
				select {
				case i.quiet <- struct{}{}:
				default:
				}
			}
			i.checkDeadlock()
		}()
		f(n)
	}()
}

// currentInstance finds whose user code runs on this goroutine.
func currentInstance(m *userMethod) *instance {
	if v, ok := byG.Load(getg()); ok {
		return v.(*instance)
	}
	if i := labelInstance(); i != nil {
		return i
	}
	if i := soleInstance(); i != nil {
		return i
	}
	panic("method " + m.of.name + "." + m.name + " called on a goroutine that belongs to no session")
}

var instances struct {
	sync.Mutex
	all map[*instance]struct{}
}

// soleInstance is the only live instance.
func soleInstance() *instance {
	instances.Lock()
	defer instances.Unlock()
	if len(instances.all) == 1 {
		for i := range instances.all {
			return i
		}
	}
	return nil
}

var _ = runtime.Gosched

package ssa

import (
	"reflect"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
	"weak"

	"golang.org/x/tools/go/ssa"
)

// intrinsic gives funcs of the standard library that this engine does itself:
// those that wait, so that they can be interrupted and counted as asleep; those
// that end the process or the goroutine; and generic ones without a body here.
func (x *fx) intrinsic(s *ssa.Function, args []uintptr, d uintptr, site uint32) op {
	mk := intrinsics[originName(s)]
	if mk == nil {
		return nil
	}
	o := mk(x, s, args, d)
	if o == nil {
		return nil
	}
	return func(t *task, f ptr) {
		t.sites[t.depth] = site
		o(t, f)
	}
}

type intrinsicMaker func(x *fx, s *ssa.Function, args []uintptr, d uintptr) op

// simple makes an intrinsic that needs no more than its first argument.
func simple[T any](f func(t *task, v T)) intrinsicMaker {
	return func(_ *fx, _ *ssa.Function, args []uintptr, _ uintptr) op {
		a := args[0]
		return func(t *task, fr ptr) { f(t, *at[T](fr, a)) }
	}
}

var intrinsics map[string]intrinsicMaker

func init() {
	intrinsics = map[string]intrinsicMaker{
		"time.Sleep": simple(func(t *task, n time.Duration) { t.sleep(n) }),
		"runtime.Goexit": func(*fx, *ssa.Function, []uintptr, uintptr) op {
			return func(*task, ptr) { panic(goexit{}) }
		},
		"runtime.Gosched": func(*fx, *ssa.Function, []uintptr, uintptr) op {
			return func(t *task, _ ptr) {
				if t.stopped.Load() {
					t.stop()
				}
				runtime.Gosched()
			}
		},
		"runtime.GC": func(*fx, *ssa.Function, []uintptr, uintptr) op {
			return func(t *task, _ ptr) {
				clear(t.pool) // what frames of ended calls hold is garbage
				runtime.GC()
			}
		},
		"runtime.NumGoroutine": func(_ *fx, _ *ssa.Function, _ []uintptr, d uintptr) op {
			return func(t *task, f ptr) { *at[int](f, d) = int(t.inst.goroutines.Load()) + 1 }
		},
		"os.Exit": func(x *fx, s *ssa.Function, args []uintptr, d uintptr) op {
			a := args[0]
			return func(t *task, f ptr) { t.exit(*at[int](f, a)) }
		},

		"sync.(*Mutex).Lock":      simple(func(t *task, m *sync.Mutex) { t.acquire(ptr(m), m.TryLock) }),
		"sync.(*Mutex).Unlock":    simple(func(t *task, m *sync.Mutex) { unlockMutex(m); t.inst.wake(ptr(m)) }),
		"sync.(*RWMutex).Lock":    simple(func(t *task, m *sync.RWMutex) { t.acquire(ptr(m), m.TryLock) }),
		"sync.(*RWMutex).RLock":   simple(func(t *task, m *sync.RWMutex) { t.acquire(ptr(m), m.TryRLock) }),
		"sync.(*RWMutex).Unlock":  simple(func(t *task, m *sync.RWMutex) { unlockRW(m); t.inst.wake(ptr(m)) }),
		"sync.(*RWMutex).RUnlock": simple(func(t *task, m *sync.RWMutex) { runlockRW(m); t.inst.wake(ptr(m)) }),
		"sync.(*WaitGroup).Wait": simple(func(t *task, w *sync.WaitGroup) {
			t.acquire(ptr(w), func() bool { return groupCount(w) <= 0 })
		}),
		"sync.(*WaitGroup).Done": simple(func(t *task, w *sync.WaitGroup) { w.Done(); t.inst.wake(ptr(w)) }),
		"sync.(*WaitGroup).Add": func(_ *fx, _ *ssa.Function, args []uintptr, _ uintptr) op {
			a, b := args[0], args[1]
			return func(t *task, f ptr) {
				w := *at[*sync.WaitGroup](f, a)
				w.Add(*at[int](f, b))
				t.inst.wake(ptr(w))
			}
		},
		"sync.(*WaitGroup).Go": func(x *fx, s *ssa.Function, args []uintptr, _ uintptr) op {
			a, b := args[0], args[1]
			ft := reflect.TypeFor[func()]()
			ad := x.p.adapter(ft, &layout{end: linkSize})
			return func(t *task, f ptr) {
				w, fn := *at[*sync.WaitGroup](f, a), *at[ptr](f, b)
				w.Add(1)
				t.spawn(func(n *task) {
					defer func() { w.Done(); n.inst.wake(ptr(w)) }()
					n.callFunc(ad, fn)
				})
			}
		},
		"sync.(*Cond).Wait":      simple(func(t *task, c *sync.Cond) { t.condWait(c) }),
		"sync.(*Cond).Signal":    simple(func(t *task, c *sync.Cond) { t.inst.signal(ptr(c), 1); c.Signal() }),
		"sync.(*Cond).Broadcast": simple(func(t *task, c *sync.Cond) { t.inst.signal(ptr(c), -1); c.Broadcast() }),
		"sync.(*Once).Do": func(x *fx, s *ssa.Function, args []uintptr, _ uintptr) op {
			a, b := args[0], args[1]
			ad := x.p.adapter(reflect.TypeFor[func()](), &layout{end: linkSize})
			return func(t *task, f ptr) { t.onceDo(*at[*sync.Once](f, a), ad, *at[ptr](f, b)) }
		},

		"sync/atomic.(*Pointer).Load": func(_ *fx, _ *ssa.Function, args []uintptr, d uintptr) op {
			a := args[0]
			return func(_ *task, f ptr) { *at[ptr](f, d) = atomic.LoadPointer(*at[*ptr](f, a)) }
		},
		"sync/atomic.(*Pointer).Store": func(_ *fx, _ *ssa.Function, args []uintptr, _ uintptr) op {
			a, b := args[0], args[1]
			return func(_ *task, f ptr) { atomic.StorePointer(*at[*ptr](f, a), *at[ptr](f, b)) }
		},
		"sync/atomic.(*Pointer).Swap": func(_ *fx, _ *ssa.Function, args []uintptr, d uintptr) op {
			a, b := args[0], args[1]
			return func(_ *task, f ptr) { *at[ptr](f, d) = atomic.SwapPointer(*at[*ptr](f, a), *at[ptr](f, b)) }
		},
		"sync/atomic.(*Pointer).CompareAndSwap": func(_ *fx, _ *ssa.Function, args []uintptr, d uintptr) op {
			a, b, c := args[0], args[1], args[2]
			return func(_ *task, f ptr) {
				*at[bool](f, d) = atomic.CompareAndSwapPointer(*at[*ptr](f, a), *at[ptr](f, b), *at[ptr](f, c))
			}
		},

		"reflect.TypeFor": func(x *fx, s *ssa.Function, _ []uintptr, d uintptr) op {
			if len(s.TypeArgs()) != 1 {
				return nil
			}
			t := x.typ(s.TypeArgs()[0])
			return func(_ *task, f ptr) { *at[reflect.Type](f, d) = t }
		},
		"unique.Make": func(x *fx, s *ssa.Function, args []uintptr, d uintptr) op {
			r, a := rt(x.typ(s.TypeArgs()[0])), args[0]
			return func(_ *task, f ptr) {
				key := box(r, add(f, a))
				p, ok := canonical.Load(key)
				if !ok {
					n := unsafeNew(r)
					typedmemmove(r, n, add(f, a))
					p, _ = canonical.LoadOrStore(key, n)
				}
				*at[ptr](f, d) = p.(ptr)
			}
		},
		"unique.(Handle).Value": func(x *fx, s *ssa.Function, args []uintptr, d uintptr) op {
			t := x.typ(s.Signature.Results().At(0).Type())
			r, c, a := rt(t), classOf(t), args[0]
			return func(_ *task, f ptr) { copyTo(c, r, add(f, d), *at[ptr](f, a)) }
		},
		"weak.Make": func(_ *fx, _ *ssa.Function, args []uintptr, d uintptr) op {
			a := args[0]
			return func(_ *task, f ptr) { *at[weak.Pointer[byte]](f, d) = weak.Make(*at[*byte](f, a)) }
		},
		"weak.(Pointer).Value": func(_ *fx, _ *ssa.Function, args []uintptr, d uintptr) op {
			a := args[0]
			return func(_ *task, f ptr) { *at[*byte](f, d) = at[weak.Pointer[byte]](f, a).Value() }
		},
		"maps.clone": func(_ *fx, _ *ssa.Function, args []uintptr, d uintptr) op {
			a := args[0]
			return func(_ *task, f ptr) {
				v := reflect.ValueOf(*at[any](f, a))
				n := reflect.MakeMapWithSize(v.Type(), v.Len())
				for it := v.MapRange(); it.Next(); {
					n.SetMapIndex(it.Key(), it.Value())
				}
				*at[any](f, d) = n.Interface()
			}
		},
		// The race detector's hooks in library sources do nothing here.
		"internal/race.Acquire": nothing, "internal/race.Release": nothing,
		"internal/race.ReleaseMerge": nothing, "internal/race.Write": nothing, "internal/race.Read": nothing,
	}
}

// exit is os.Exit.
func (t *task) exit(code int) {
	if v, ok := t.inst.bindings.Get("os", "Exit"); ok {
		v.Call([]reflect.Value{reflect.ValueOf(code)})
	}
	panic(exitSignal(code))
}

// canonical keeps the values of package unique.
var canonical sync.Map

func nothing(*fx, *ssa.Function, []uintptr, uintptr) op { return func(*task, ptr) {} }

// sleep waits, unless the task is stopped meanwhile.
func (t *task) sleep(n time.Duration) {
	if t.stopped.Load() {
		t.stop()
	}
	if n <= 0 {
		runtime.Gosched()
		return
	}
	timer := time.NewTimer(n)
	defer timer.Stop()
	t.inst.timers.Add(1)
	defer t.inst.timers.Add(-1)
	select {
	case <-timer.C:
	case <-t.done:
		t.stop()
	}
}

// callFunc calls a func() value.
func (t *task) callFunc(ad *adapter, fn ptr) {
	if fn == nil {
		var p *int
		_ = *p
	}
	if c := ad.closure(fn); c != nil {
		code := c.fn.body()
		n := t.take(code)
		c.load(n)
		code.run(t, n)
		t.give(code, n)
		return
	}
	(*(*func())(ptr(&fn)))()
}

// Waiting on what has no channel (mutexes, wait groups, conditions): a task
// tries, and when it cannot have it, waits for a wake of that address.

type waiter struct{ ch chan struct{} }

func (i *instance) waitOn(a ptr) *waiter {
	w := &waiter{make(chan struct{}, 1)}
	i.waitMu.Lock()
	if i.waiters == nil {
		i.waiters = map[ptr][]*waiter{}
	}
	i.waiters[a] = append(i.waiters[a], w)
	i.waitCount.Store(int64(len(i.waiters)))
	i.waitMu.Unlock()
	return w
}

func (i *instance) leave(a ptr, w *waiter) {
	i.waitMu.Lock()
	defer i.waitMu.Unlock()
	ws := i.waiters[a]
	if k := slices.Index(ws, w); k >= 0 {
		ws = slices.Delete(ws, k, k+1)
	}
	if len(ws) == 0 {
		delete(i.waiters, a)
	} else {
		i.waiters[a] = ws
	}
	i.waitCount.Store(int64(len(i.waiters)))
}

// wake lets the one who waits for a longest try again; when it leaves, it wakes the
// next.
func (i *instance) wake(a ptr) {
	if i.waitCount.Load() == 0 {
		return
	}
	i.waitMu.Lock()
	defer i.waitMu.Unlock()
	if ws := i.waiters[a]; len(ws) > 0 {
		select {
		case ws[0].ch <- struct{}{}:
		default: // it has been woken, and is to run yet
		}
	}
}

// acquire waits until try succeeds.
func (t *task) acquire(a ptr, try func() bool) {
	if a == nil {
		var p *int
		_ = *p
	}
	if try() {
		return
	}
	w := t.inst.waitOn(a)
	defer func() {
		t.inst.leave(a, w)
		t.inst.wake(a)
	}()
	// Native code may free it without a wake: look again in a while.
	const while = 20 * time.Millisecond
	timer := time.NewTimer(while)
	defer timer.Stop()
	t.block(func() bool {
		for ; !try(); timer.Reset(while) {
			select {
			case <-w.ch:
			case <-timer.C:
			case <-t.done:
				return false
			}
		}
		return true
	})
}

// A fatal error of the runtime would end the process: unlocking what is not
// locked panics instead, in the same words.
func unlockMutex(m *sync.Mutex) {
	if m.TryLock() {
		m.Unlock()
		panic(fatalError("sync: unlock of unlocked mutex"))
	}
	m.Unlock()
}

func unlockRW(m *sync.RWMutex) {
	if m.TryRLock() {
		m.RUnlock()
		panic(fatalError("sync: Unlock of unlocked RWMutex"))
	}
	m.Unlock()
}

func runlockRW(m *sync.RWMutex) {
	if m.TryLock() {
		m.Unlock()
		panic(fatalError("sync: RUnlock of unlocked RWMutex"))
	}
	m.RUnlock()
}

type fatalError string

func (e fatalError) Error() string { return "fatal error: " + string(e) }

// groupCount reads the counter of a wait group: the upper half of its state.
func groupCount(w *sync.WaitGroup) int32 {
	return int32((*atomic.Uint64)(add(ptr(w), groupStateOffset)).Load() >> 32)
}

var groupStateOffset = func() uintptr {
	f, ok := reflect.TypeFor[sync.WaitGroup]().FieldByName("state")
	if !ok {
		return 0
	}
	return f.Offset
}()

func (t *task) condWait(c *sync.Cond) {
	w := t.inst.waitOn(ptr(c))
	defer t.inst.leave(ptr(c), w)
	c.L.Unlock()
	if k := lockerAddr(c.L); k != nil {
		t.inst.wake(k)
	}
	t.block(func() bool {
		select {
		case <-w.ch:
			return true
		case <-t.done:
			return false
		}
	})
	switch l := c.L.(type) {
	case *sync.Mutex:
		t.acquire(ptr(l), l.TryLock)
	case *sync.RWMutex:
		t.acquire(ptr(l), l.TryLock)
	default:
		l.Lock()
	}
}

func lockerAddr(l sync.Locker) ptr {
	switch l := l.(type) {
	case *sync.Mutex:
		return ptr(l)
	case *sync.RWMutex:
		return ptr(l)
	}
	return nil
}

// signal wakes n of those who wait on a condition, all when n is negative.
func (i *instance) signal(a ptr, n int) {
	i.waitMu.Lock()
	defer i.waitMu.Unlock()
	ws := i.waiters[a]
	for len(ws) > 0 && n != 0 {
		ws[0].ch <- struct{}{}
		ws = ws[1:]
		n--
	}
	if i.waiters != nil {
		i.waiters[a] = ws
	}
}

// onceDo runs fn the first time, as sync.Once does: others wait for its end.
func (t *task) onceDo(o *sync.Once, ad *adapter, fn ptr) {
	off, ok := reflect.TypeFor[sync.Once]().FieldByName("done")
	mu, ok2 := reflect.TypeFor[sync.Once]().FieldByName("m")
	if !ok || !ok2 {
		o.Do(func() { t.callFunc(ad, fn) })
		return
	}
	done := (*atomic.Uint32)(add(ptr(o), off.Offset))
	m := (*sync.Mutex)(add(ptr(o), mu.Offset))
	if done.Load() != 0 {
		return
	}
	t.acquire(ptr(m), m.TryLock)
	defer func() { m.Unlock(); t.inst.wake(ptr(m)) }()
	if done.Load() == 0 {
		defer done.Store(1)
		t.callFunc(ad, fn)
	}
}

package ssa

import (
	"go/types"
	"reflect"
	"runtime"
	"time"

	"golang.org/x/tools/go/ssa"
)

func (x *fx) makeChan(in *ssa.MakeChan) op {
	d, t, site := x.slot(in), x.typ(in.Type()), x.site(in.Pos())
	n := intReader(x.typ(in.Size.Type()).Kind(), x.slot(in.Size))
	both := reflect.ChanOf(reflect.BothDir, t.Elem())
	return func(k *task, f ptr) {
		k.sites[k.depth] = site
		size := n(f)
		if size < 0 || size > 1<<40 {
			_ = make(chan struct{}, min(size, -1)) // in the runtime's words
		}
		*at[ptr](f, d) = reflect.MakeChan(both, size).UnsafePointer()
	}
}

// chanValue makes a two-way reflect channel of a channel in a frame.
func chanValue(t reflect.Type, p ptr) reflect.Value {
	return reflect.NewAt(t, p).Elem()
}

func bothWays(t reflect.Type) reflect.Type { return reflect.ChanOf(reflect.BothDir, t.Elem()) }

func (x *fx) send(in *ssa.Send) op {
	c, v, site := x.slot(in.Chan), x.slot(in.X), x.site(in.Pos())
	t := x.typ(in.Chan.Type())
	both, et := bothWays(t), t.Elem()
	switch classOf(et) {
	case c8:
		return sendOf[uint64](c, v, site)
	case cPtr:
		return sendOf[*byte](c, v, site)
	case cString:
		return sendOf[string](c, v, site)
	case c1:
		return sendOf[uint8](c, v, site)
	case cIface:
		return sendOf[any](c, v, site)
	case cNone:
		return sendOf[struct{}](c, v, site)
	}
	return func(k *task, f ptr) {
		k.sites[k.depth] = site
		ch, val := chanValue(both, add(f, c)), reflect.NewAt(et, add(f, v)).Elem()
		if !ch.IsNil() && ch.TrySend(val) {
			return
		}
		k.block(func() bool {
			i, _, _ := reflect.Select([]reflect.SelectCase{
				{Dir: reflect.SelectSend, Chan: ch, Send: val},
				{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(k.done)},
			})
			return i == 0
		})
	}
}

// sendOf sends a value of T's layout: channels know their element type
// themselves, so a channel of any type of that layout will do.
func sendOf[T any](c, v uintptr, site uint32) op {
	return func(t *task, f ptr) {
		t.sites[t.depth] = site
		ch, val := *at[chan T](f, c), *at[T](f, v)
		select {
		case ch <- val:
			return
		default:
		}
		t.block(func() bool {
			select {
			case ch <- val:
				return true
			case <-t.done:
				return false
			}
		})
	}
}

func (x *fx) receive(in *ssa.UnOp) op {
	c, d, site := x.slot(in.X), x.slot(in), x.site(in.Pos())
	t := x.typ(in.X.Type())
	both, et := bothWays(t), t.Elem()
	okOff := uintptr(0)
	if in.CommaOk {
		okOff = d + align8(et.Size())
	}
	switch classOf(et) {
	case c8:
		return receiveOf[uint64](c, d, okOff, site)
	case cPtr:
		return receiveOf[*byte](c, d, okOff, site)
	case cString:
		return receiveOf[string](c, d, okOff, site)
	case c1:
		return receiveOf[uint8](c, d, okOff, site)
	case cIface:
		return receiveOf[any](c, d, okOff, site)
	case cNone:
		return receiveOf[struct{}](c, d, okOff, site)
	}
	return func(k *task, f ptr) {
		k.sites[k.depth] = site
		ch := chanValue(both, add(f, c))
		var v reflect.Value
		var ok bool
		if !ch.IsNil() {
			v, ok = ch.TryRecv()
		}
		if !v.IsValid() {
			k.block(func() bool {
				var i int
				i, v, ok = reflect.Select([]reflect.SelectCase{
					{Dir: reflect.SelectRecv, Chan: ch},
					{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(k.done)},
				})
				return i == 0
			})
		}
		reflect.NewAt(et, add(f, d)).Elem().Set(v)
		if okOff != 0 {
			*at[bool](f, okOff) = ok
		}
	}
}

func receiveOf[T any](c, d, okOff uintptr, site uint32) op {
	return func(t *task, f ptr) {
		t.sites[t.depth] = site
		ch := *at[chan T](f, c)
		var v T
		var ok bool
		select {
		case v, ok = <-ch:
		default:
			t.block(func() bool {
				select {
				case v, ok = <-ch:
					return true
				case <-t.done:
					return false
				}
			})
		}
		*at[T](f, d) = v
		if okOff != 0 {
			*at[bool](f, okOff) = ok
		}
	}
}

// block waits by f, which is false when the task was stopped meanwhile.
func (t *task) block(f func() bool) {
	if t.stopped.Load() {
		t.stop()
	}
	t.inst.sleepers.Add(1)
	t.waiting.Store(true)
	t.inst.checkDeadlock()
	ok := f()
	t.waiting.Store(false)
	t.inst.wakes.Add(1)
	t.inst.sleepers.Add(-1)
	if !ok {
		if t.inst.dead.Load() {
			panic(deadlock{})
		}
		t.stop()
	}
}

// checkDeadlock has the instance watched when all of its tasks wait. What native code
// may still wake up (timers, the network) is not a deadlock: once a program has used
// such code, none is reported.
func (i *instance) checkDeadlock() {
	if i.allWait() && i.watched.CompareAndSwap(false, true) {
		go i.watch()
	}
}

func (i *instance) allWait() bool {
	running := i.running.Load()
	return running > 0 && i.sleepers.Load() >= running && !i.outside.Load()
}

// watch stops the tasks when they wait for each other: all of them for a while, ten
// times over, since a channel that has just been served shows as waiting until its
// goroutine gets to run. On a busy machine that may take long: the world is stopped
// between, for which every thread that runs a goroutine must have had its turn.
func (i *instance) watch() {
	var stats runtime.MemStats
	for quiet := 0; quiet < 10; quiet++ {
		before := i.wakes.Load()
		time.Sleep(10 * time.Millisecond)
		if !i.allWait() {
			i.watched.Store(false)
			if !i.allWait() || !i.watched.CompareAndSwap(false, true) {
				return // or all wait by now, and nobody else saw it
			}
		}
		if before == i.wakes.Load() {
			runtime.ReadMemStats(&stats)
		}
		if before != i.wakes.Load() {
			quiet = -1
		}
	}
	i.dead.Store(true)
	i.tasks.Range(func(_, v any) bool {
		t := v.(*task)
		t.once.Do(func() { close(t.done) })
		return true
	})
}

// selects compiles a select statement: (index, received ok, received values...).
func (x *fx) selects(in *ssa.Select) op {
	d, site := x.slot(in), x.site(in.Pos())
	type state struct {
		send     bool
		ch, val  uintptr
		both, et reflect.Type
		out      uintptr
	}
	states := make([]state, len(in.States))
	tup := in.Type().(*types.Tuple)
	r := 2
	for i, s := range in.States {
		t := x.typ(s.Chan.Type())
		st := state{send: s.Dir == types.SendOnly, ch: x.slot(s.Chan), both: bothWays(t), et: t.Elem()}
		if st.send {
			st.val = x.slot(s.Send)
		} else {
			st.out = d + tupleOffset(x, tup, r)
			r++
		}
		states[i] = st
	}
	blocking := in.Blocking
	return func(t *task, f ptr) {
		t.sites[t.depth] = site
		cases := make([]reflect.SelectCase, len(states), len(states)+1)
		for i, s := range states {
			c := reflect.SelectCase{Dir: reflect.SelectRecv, Chan: chanValue(s.both, add(f, s.ch))}
			if s.send {
				c.Dir = reflect.SelectSend
				c.Send = reflect.NewAt(s.et, add(f, s.val)).Elem()
			} else {
				zero(cTyped, rt(s.et), add(f, s.out))
			}
			cases[i] = c
		}
		i, v, ok := reflect.Select(append(cases, reflect.SelectCase{Dir: reflect.SelectDefault}))
		if i == len(states) {
			i = -1
			if blocking {
				cases = append(cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(t.done)})
				t.block(func() bool {
					i, v, ok = reflect.Select(cases)
					return i < len(states)
				})
			}
		}
		*at[int](f, d) = i
		*at[bool](f, d+8) = ok
		if i >= 0 && !states[i].send && v.IsValid() {
			reflect.NewAt(states[i].et, add(f, states[i].out)).Elem().Set(v)
		}
	}
}

// goStmt compiles a go statement: operands are evaluated now, on this task.
func (x *fx) goStmt(in *ssa.Go) op {
	site := x.site(in.Pos())
	start := x.later(&in.Call, site)
	return func(t *task, f ptr) {
		t.sites[t.depth] = site
		run := start(t, f)
		t.spawn(func(n *task) {
			n.sites[0] = 0
			run(n)
		})
	}
}

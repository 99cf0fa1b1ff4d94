package ssa

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"stnb.dev/kernel/engine"
)

// deferred is a call that waits for its func to end.
type deferred struct {
	next *deferred
	run  func(t *task)
}

// panicking is a panic while the deferred calls of a frame run.
type panicking struct {
	parent    *panicking
	value     any
	depth     int // of the deferred calls, which may recover
	recovered bool
	trace     *trace // where it began, once it is recovered
}

// deferStmt compiles defer: callee and arguments are evaluated now.
func (x *fx) deferStmt(in *ssa.Defer) op {
	start := x.later(&in.Call, x.site(in.Pos()))
	list := x.c.defers
	if in.DeferStack != nil {
		// A defer in the body of a range over a func belongs to the func
		// outside: its list came here by the captured stack.
		s := x.slot(in.DeferStack)
		return func(t *task, f ptr) {
			head := *at[**deferred](f, s)
			*head = &deferred{next: *head, run: start(t, f)}
		}
	}
	return func(t *task, f ptr) {
		head := at[*deferred](f, list)
		*head = &deferred{next: *head, run: start(t, f)}
	}
}

// later evaluates a call's operands now and gives what runs it.
func (x *fx) later(c *ssa.CallCommon, site uint32) func(t *task, f ptr) func(t *task) {
	// A small frame of its own holds the operands until the call runs.
	sub := &fx{p: x.p, f: x.f, c: &code{fn: x.f, hidden: true}, mem: &frame{end: linkSize}, in: x.in,
		slots: map[ssa.Value]uintptr{}, consts: map[constKey]uintptr{}, local: map[ssa.Value]uintptr{},
		blocks: x.blocks, fused: map[ssa.Instruction]bool{}, pos: x.pos}
	var in args
	bring := func(v ssa.Value) {
		switch v.(type) {
		case *ssa.Const, *ssa.Function, *ssa.Global, *ssa.Builtin:
			return
		}
		if _, ok := sub.slots[v]; ok {
			return
		}
		t := x.typ(v.Type())
		o := sub.alloc(t)
		sub.slots[v] = o
		in.add(t, o, x.slot(v))
	}
	bring(c.Value)
	for _, a := range c.Args {
		bring(a)
	}
	var d uintptr
	if res := c.Signature().Results(); res.Len() > 0 {
		d = sub.allocValue(res)
	}
	if b, ok := c.Value.(*ssa.Builtin); ok && b.Name() == "recover" && d == 0 {
		d = sub.allocValue(types.NewTuple(types.NewVar(0, nil, "", types.NewInterfaceType(nil, nil))))
	}
	nilCheck := uintptr(0)
	if _, ok := c.Value.(*ssa.Builtin); !ok && c.StaticCallee() == nil {
		nilCheck = sub.slots[c.Value]
	}
	call := sub.callTo(c, d, site)
	sub.mem.marks = append(sub.mem.marks, 0)
	frame := memoryType(sub.mem.end+8, sub.mem.marks)
	consts := sub.c.consts
	invoke := c.IsInvoke()
	return func(t *task, f ptr) func(t *task) {
		n := unsafeNew(frame)
		for _, k := range consts {
			k(t, n)
		}
		in.copy(n, f)
		if invoke && *at[ptr](n, nilCheck) == nil {
			t.nilDeref(site)
		}
		return func(t *task) { call(t, n) }
	}
}

// runDefers compiles the point where a func that ends normally runs what it
// deferred.
func (x *fx) runDefers() op {
	list := x.c.defers
	return func(t *task, f ptr) {
		for {
			head := at[*deferred](f, list)
			d := *head
			if d == nil {
				return
			}
			*head = d.next
			d.run(t)
		}
	}
}

// runDeferred executes a body with deferred calls: they run also when it panics,
// and when one of them recovers, the func returns what its results hold.
func (c *code) runDeferred(t *task, f ptr) {
	*at[ptr](f, c.defers) = nil
	depth := t.depth
	if c.attempt(t, f, depth) {
		return
	}
	for b := c.recover; b != nil; {
		b = b.run(t, f)
	}
}

// attempt is true when the body returned and false when it recovered.
func (c *code) attempt(t *task, f ptr, depth int) (returned bool) {
	outer := t.panics
	defer func() {
		if returned {
			return
		}
		v := recover()
		if v == nil {
			// runtime.Goexit by native code: nothing to recover, the
			// goroutine ends.
			v = goexit{}
		}
		t.note(v)
		if exits(v) {
			panic(v)
		}
		ps := &panicking{parent: outer, value: v, depth: depth + 1}
		for {
			head := at[*deferred](f, c.defers)
			d := *head
			if d == nil {
				break
			}
			*head = d.next
			t.depth = depth
			t.panics = ps
			if ps.recovered {
				t.panics = outer // the rest are calls as on a normal end
			}
			t.grace(ps.value, func() { t.protect(d, ps) })
			if exits(ps.value) {
				panic(ps.value)
			}
		}
		t.depth = depth
		t.panics = outer
		if !ps.recovered {
			panic(ps.value)
		}
		t.trace = nil
	}()
	for b := c.entry; b != nil; {
		b = b.run(t, f)
	}
	// The builder forgets to end a func whose only defer statements stand in
	// nested bodies of ranges over funcs with its deferred calls.
	for d := *at[*deferred](f, c.defers); d != nil; d = *at[*deferred](f, c.defers) {
		*at[*deferred](f, c.defers) = d.next
		d.run(t)
	}
	return true
}

// exits says whether a panic's value is os.Exit, which runs no deferred calls.
func exits(v any) bool {
	switch v.(type) {
	case exitSignal, *engine.Exit:
		return true
	}
	return false
}

// protect runs one deferred call; a panic of its own takes the place of ps's.
func (t *task) protect(d *deferred, ps *panicking) {
	ok := false
	defer func() {
		if ok {
			return
		}
		v := recover()
		if v == nil {
			v = goexit{}
		}
		if t.trace != nil && !same(t.trace.value, v) {
			t.trace = nil
		}
		t.note(v)
		ps.value, ps.recovered = v, false
	}()
	d.run(t)
	ok = true
}

// recover takes the panic's value, when user code may have it.
func (ps *panicking) recover() any {
	if ps.recovered {
		return nil
	}
	switch ps.value.(type) {
	case stopSignal, exitSignal, goexit, deadlock, engine.Control:
		return nil
	}
	ps.recovered = true
	return ps.value
}

// grace lets deferred calls of a stopped task run.
func (t *task) grace(v any, f func()) {
	if _, ok := v.(stopSignal); !ok || !t.stopped.Load() {
		f()
		return
	}
	t.stopped.Store(false)
	t.limit.Store(int64(len(t.sites) - 1))
	f()
	t.stopped.Store(true)
	t.limit.Store(0)
}

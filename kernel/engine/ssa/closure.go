package ssa

import (
	"reflect"
	"sync"
	"sync/atomic"
)

type cacheCell struct{ atomic.Pointer[methodCache] }

// closure is a user func with the variables it captured, as a value. What user
// code holds is a real Go func value, made by an adapter, so that native code can
// call it; user code finds the closure in it and calls its func directly.
type closure struct {
	fn   *fn
	inst *instance
	env  ptr
}

// load copies the captured variables into a frame.
func (c *closure) load(n ptr) {
	if c.env != nil {
		c.fn.captured.copy(n, c.env)
	}
}

// adapter makes Go func values of one type from closures.
type adapter struct {
	typ  reflect.Type
	make func(c *closure) ptr
	// pc is the code of the func values made, where their closure is: at word 1
	// for adapters with a Go signature of their own, behind makeFuncImpl for
	// those reflect makes.
	pc      uintptr
	general bool
}

// goFunc mirrors a func value with one captured variable.
type goFunc struct {
	pc uintptr
	c  *closure
}

// makeFuncImpl mirrors reflect's, as far as its fn.
type makeFuncImpl struct {
	pc      uintptr
	stack   ptr
	argLen  uintptr
	regPtrs uintptr
	ftyp    ptr
	fn      *goFunc
}

// closure gives the closure that a func value was made of, nil of another's.
func (a *adapter) closure(p ptr) *closure {
	if *(*uintptr)(p) != a.pc {
		return nil
	}
	if !a.general {
		return (*goFunc)(p).c
	}
	if m := (*makeFuncImpl)(p); m.fn != nil && m.fn.pc == generalPC {
		return m.fn.c
	}
	return nil
}

// generalPC is the code of generalBody's funcs.
var generalPC uintptr

func init() {
	f := generalBody(nil)
	generalPC = (*(**goFunc)(ptr(&f))).pc
}

// generalBody runs a closure for reflect.MakeFunc.
func generalBody(c *closure) func([]reflect.Value) []reflect.Value {
	return func(args []reflect.Value) []reflect.Value { return c.callValues(args) }
}

func (c *closure) callValues(args []reflect.Value) []reflect.Value {
	l := c.fn.lay
	out := make([]reflect.Value, len(l.res))
	ft := c.fn.prog.funcTypeOf(c.fn)
	for i := range out {
		out[i] = reflect.New(ft.Out(i)).Elem()
	}
	c.inst.enter(func(t *task) {
		code := c.fn.body()
		n := t.take(code)
		for i, a := range args {
			setMemory(add(n, l.par[i]), a, l.parT[i])
		}
		c.load(n)
		code.run(t, n)
		for i := range out {
			typedmemmove(rt(l.resT[i]), out[i].Addr().UnsafePointer(), add(n, l.res[i]))
		}
		t.give(code, n)
	})
	return out
}

// setMemory writes a value to memory of type t.
func setMemory(p ptr, v reflect.Value, t reflect.Type) {
	reflect.NewAt(t, p).Elem().Set(v)
}

// adapters are shared by all programs: they depend on nothing but the type.
var adapters sync.Map // reflect.Type -> *adapter

func (p *lineage) adapter(t reflect.Type, l *layout) *adapter {
	if a, ok := adapters.Load(t); ok {
		return a.(*adapter)
	}
	a := newAdapter(t, l)
	v, _ := adapters.LoadOrStore(t, a)
	return v.(*adapter)
}

func newAdapter(t reflect.Type, l *layout) *adapter {
	if mk := typedAdapter(t, l); mk != nil && !t.IsVariadic() {
		probe := &closure{}
		p := (*goFunc)(mk(probe))
		if p.c == probe {
			return &adapter{typ: t, make: mk, pc: p.pc}
		}
	}
	mk := func(c *closure) ptr {
		v := reflect.MakeFunc(t, generalBody(c)).Interface()
		return (*eface)(ptr(&v)).data
	}
	return &adapter{typ: t, make: mk, pc: *(*uintptr)(mk(&closure{})), general: true}
}

// methodEntry is the func value behind a method's address: native code calls it
// with the receiver's word first.
func methodEntry(m *userMethod, ft reflect.Type) ptr {
	if p := typedEntry(m, ft); p != nil {
		return p
	}
	v := reflect.MakeFunc(ft, func(args []reflect.Value) []reflect.Value {
		return m.call(args[0].UnsafePointer(), args[1:], ft)
	}).Interface()
	return (*eface)(ptr(&v)).data
}

// methodValueEntry is the same for calls with the receiver's value.
func methodValueEntry(m *userMethod, ft reflect.Type) ptr {
	v := reflect.MakeFunc(ft, func(args []reflect.Value) []reflect.Value {
		p := reflect.New(args[0].Type())
		p.Elem().Set(args[0])
		return m.call(p.UnsafePointer(), args[1:], ft)
	}).Interface()
	return (*eface)(ptr(&v)).data
}

// call runs the user func behind a method for native code: recv is the word an
// interface holds.
func (m *userMethod) call(recv ptr, args []reflect.Value, ft reflect.Type) []reflect.Value {
	out := make([]reflect.Value, ft.NumOut())
	for i := range out {
		out[i] = reflect.New(ft.Out(i)).Elem()
	}
	inst := currentInstance(m)
	inst.enter(func(t *task) {
		g := inst.prog().methodFn(m)
		code := g.body()
		n := t.take(code)
		l := g.lay
		for i, a := range args {
			setMemory(add(n, l.par[i]), a, l.parT[i])
		}
		g.receiver(n, recv)
		code.run(t, n)
		for i := range out {
			typedmemmove(rt(l.resT[i]), out[i].Addr().UnsafePointer(), add(n, l.res[i]))
		}
		t.give(code, n)
	})
	return out
}

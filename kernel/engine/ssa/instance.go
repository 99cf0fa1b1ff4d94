package ssa

import (
	"context"
	"fmt"
	"go/types"
	"reflect"
	"sync"
	"sync/atomic"

	"golang.org/x/tools/go/ssa"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/wire"
)

// instance is one session's run of a program.
type instance struct {
	program  atomic.Pointer[program]
	bindings engine.Bindings

	mu      sync.Mutex
	vars    map[globalKey]*variable
	natives map[*nativeSym]*nativeVal
	natVars map[string]ptr
	values  map[*fn]ptr

	tasks      sync.Map // g -> *task
	all        sync.Map // *task of goroutines
	running    atomic.Int64
	goroutines atomic.Int64
	started    atomic.Int64
	quiet      chan struct{} // told when the last goroutine ended
	sleepers   atomic.Int64
	wakes      atomic.Int64
	timers     atomic.Int64
	outside    atomic.Bool
	watched    atomic.Bool
	dead       atomic.Bool

	waitMu    sync.Mutex
	waiters   map[ptr][]*waiter
	waitCount atomic.Int64

	labels   context.Context
	labelKey ptr

	faultMu sync.Mutex
	fault   error // of a goroutine, told by the next Call
	main    atomic.Pointer[task]
	last    atomic.Pointer[task] // that native code entered
	closed  atomic.Bool
}

type globalKey struct{ pkg, name string }

type variable struct {
	p   ptr
	typ reflect.Type
}

func (i *instance) prog() *program { return i.program.Load() }

// NewInstance gives the program variables of its own and initialises them.
func (p *program) NewInstance(b engine.Bindings) (engine.Instance, error) {
	i := &instance{bindings: b, quiet: make(chan struct{}, 1), vars: map[globalKey]*variable{}, natives: map[*nativeSym]*nativeVal{},
		natVars: map[string]ptr{}, values: map[*fn]ptr{}}
	i.program.Store(p)
	instances.Lock()
	if instances.all == nil {
		instances.all = map[*instance]struct{}{}
	}
	instances.all[i] = struct{}{}
	instances.Unlock()
	if err := i.run(context.Background(), func(t *task) { p.initialise(t, nil) }); err != nil {
		i.Close()
		return nil, err
	}
	return i, nil
}

// Update moves the instance to a newer program.
func (i *instance) Update(np engine.Program) error {
	p, ok := np.(*program)
	if !ok {
		return fmt.Errorf("program of another engine")
	}
	old := i.prog()
	if old == p {
		return nil
	}
	next := p.ids()
	// Variables of units that are gone go; those of kept units stay.
	kept := map[globalKey]*variable{}
	i.mu.Lock()
	for k, v := range i.vars {
		if k.pkg != "main" {
			kept[k] = v
			continue
		}
		if u := old.names[k.name]; u == nil || !next[u.ID] {
			continue
		}
		if n, ok := p.object(k.name).(*types.Var); ok && p.types.typ(n.Type()) == v.typ {
			kept[k] = v
		}
	}
	i.vars = kept
	if old.lineage != p.lineage {
		i.values = map[*fn]ptr{}
		i.natives = map[*nativeSym]*nativeVal{}
	}
	i.mu.Unlock()
	i.program.Store(p)
	return i.run(context.Background(), func(t *task) { p.initialise(t, old) })
}

// callPlain calls a func without parameters and results.
func (t *task) callPlain(g *fn) {
	c := g.body()
	n := t.take(c)
	c.run(t, n)
}

// run runs f as the instance's main task until it ends or ctx does.
func (i *instance) run(ctx context.Context, f func(t *task)) (err error) {
	if i.closed.Load() {
		return &engine.Fault{Fault: wire.Fault{Kind: "stopped", Message: "the session is closed"}}
	}
	t := newTask(i, nil)
	g := getg()
	if v, ok := i.tasks.Load(g); ok {
		// Called by native code of a run: part of it.
		f(v.(*task))
		return nil
	}
	i.begin(t, g)
	i.main.Store(t)
	i.label()
	stop := context.AfterFunc(ctx, func() {
		t.interrupt()
		i.all.Range(func(k, _ any) bool {
			if k.(*task).root() == t {
				k.(*task).interrupt()
			}
			return true
		})
	})
	defer func() {
		r := recover()
		i.last.CompareAndSwap(t, nil)
		unlabel()
		i.tasks.Delete(g)
		byG.Delete(g)
		i.running.Add(-1)
		i.checkDeadlock()
		_, exited := r.(goexit)
		if exited {
			err = i.outlast(t)
		}
		stop()
		i.main.CompareAndSwap(t, nil)
		if r != nil && !exited {
			err = t.fault(r)
			if _, control := err.(engine.Control); ctx.Err() != nil && !control {
				// However the run unwound: it did because it was stopped.
				err = engine.Finish(&engine.Stopped{Cause: ctx.Err()})
			}
		}
		if ferr := i.takeFault(); ferr != nil && (err == nil || exited || isStopped(err) || r == any(deadlock{})) {
			err = ferr
		}
	}()
	f(t)
	return nil
}

// outlast waits, after the main goroutine ended itself, for what the others come
// to: a fault, an exit, or their end, which is a deadlock as in a program.
func (i *instance) outlast(main *task) error {
	for i.goroutines.Load() > 0 {
		select {
		case <-i.quiet:
		case <-main.done:
			return main.fault(stopSignal{})
		}
	}
	return &engine.Fault{Fault: wire.Fault{Kind: "deadlock", Message: "no goroutines (main called runtime.Goexit) - deadlock!"}}
}

func isStopped(err error) bool {
	f, ok := err.(*engine.Fault)
	return ok && f.Kind == "stopped"
}

func (t *task) root() *task {
	for t.parent != nil {
		t = t.parent
	}
	return t
}

func (i *instance) takeFault() error {
	i.faultMu.Lock()
	defer i.faultMu.Unlock()
	err := i.fault
	i.fault = nil
	return err
}

// taskFault is a panic that ended a goroutine: it ends the run, as it would end a
// program.
func (i *instance) taskFault(t *task, r any) {
	switch r.(type) {
	case goexit, stopSignal, deadlock:
		return
	}
	err := t.fault(r)
	i.faultMu.Lock()
	if i.fault == nil {
		i.fault = err
	}
	i.faultMu.Unlock()
	if m := i.main.Load(); m != nil {
		m.interrupt()
	}
}

func (i *instance) foreignFault(t *task, r any) { i.taskFault(t, r) }

// Call runs a unit's func.
func (i *instance) Call(ctx context.Context, unit string) error {
	p := i.prog()
	u := p.unit(unit)
	if u == nil || u.Func == "" {
		return nil
	}
	s := u.part.ssa.Func(u.Func)
	if s == nil {
		return &engine.Fault{Fault: wire.Fault{Kind: "error", Message: "unit " + unit + " has no func " + u.Func}}
	}
	return i.run(ctx, func(t *task) { t.callPlain(p.fn(s)) })
}

// Do runs native code that may call user code.
func (i *instance) Do(ctx context.Context, f func()) error {
	return i.run(ctx, func(*task) { f() })
}

// Protect runs native code that calls user code, whose panic ends no more than that.
func (i *instance) Protect(f func()) (fault *engine.Fault) {
	v, ok := i.tasks.Load(getg())
	if !ok {
		f()
		return nil
	}
	t := v.(*task)
	depth := t.depth
	defer func() {
		if r := recover(); r != nil {
			if fault, ok = t.fault(r).(*engine.Fault); !ok || fault.Kind != "panic" {
				panic(r)
			}
			t.depth = depth
		}
	}()
	f()
	return nil
}

// Lookup finds a package-level variable.
func (i *instance) Lookup(name string) (engine.Value, bool) {
	p := i.prog()
	g := p.variable(name)
	if g == nil {
		return engine.Value{}, false
	}
	t := p.globalType(g)
	return engine.Value{
		V:    reflect.NewAt(t, i.global(g, t)).Elem(),
		Type: g.Type().Underlying().(*types.Pointer).Elem(),
	}, true
}

// Value explains a value: user types are run-time types, so it is what it is.
func (i *instance) Value(v any) engine.Value {
	if v == nil {
		return engine.Value{}
	}
	return engine.Value{V: reflect.ValueOf(v), Type: i.prog().sourceType(reflect.TypeOf(v))}
}

// sourceType is the checked type of a user-defined type or a pointer to one.
func (l *lineage) sourceType(t reflect.Type) types.Type {
	if v, ok := made.byType.Load(rt(t)); ok {
		u := v.(*userType)
		n := l.typeOf(u)
		if n != nil && rt(t) == u.ptrTyp {
			return types.NewPointer(n)
		}
		return n
	}
	return nil
}

// Method gives a method of a value.
func (i *instance) Method(v engine.Value, name string, signature reflect.Type) (reflect.Value, bool) {
	if !v.V.IsValid() {
		return reflect.Value{}, false
	}
	m := v.V.MethodByName(name)
	if !m.IsValid() && v.V.CanAddr() {
		m = v.V.Addr().MethodByName(name)
	}
	if !m.IsValid() || signature != nil && m.Type() != signature {
		return reflect.Value{}, false
	}
	return m, true
}

// Goroutines counts the goroutines of user code.
func (i *instance) Goroutines() int { return int(i.goroutines.Load()) }

// Close stops every task.
func (i *instance) Close() {
	if i.closed.Swap(true) {
		return
	}
	i.all.Range(func(k, _ any) bool { k.(*task).interrupt(); return true })
	if m := i.main.Load(); m != nil {
		m.interrupt()
	}
	instances.Lock()
	delete(instances.all, i)
	instances.Unlock()
	if i.labelKey != nil {
		labelled.Delete(i.labelKey)
	}
}

// global is the address of a variable of a unit, or of a package run from source,
// in this instance.
func (i *instance) global(g *ssa.Global, t reflect.Type) ptr {
	k := globalKey{g.Pkg.Pkg.Path(), g.Name()}
	i.mu.Lock()
	defer i.mu.Unlock()
	v := i.vars[k]
	if v == nil || v.typ != t {
		v = &variable{unsafeNew(rt(t)), t}
		i.vars[k] = v
	}
	return v.p
}

// nativeVar is the address of a variable of a native package.
func (i *instance) nativeVar(p *lineage, g *ssa.Global) ptr {
	path, name := g.Pkg.Pkg.Path(), g.Name()
	i.mu.Lock()
	defer i.mu.Unlock()
	if v, ok := i.natVars[path+"."+name]; ok {
		return v
	}
	t := p.globalType(g)
	v, bound := i.bindings.Get(path, name)
	if !bound {
		v, _ = p.symbol(path, name)
	}
	var at ptr
	switch {
	case v.IsValid() && v.CanAddr():
		at = v.Addr().UnsafePointer()
	case v.IsValid() && v.Kind() == reflect.Pointer && v.Type().Elem() == t:
		at = v.UnsafePointer()
	case v.IsValid() && v.Type().AssignableTo(t):
		n := reflect.New(t)
		n.Elem().Set(v)
		at = n.UnsafePointer()
	default:
		at = unsafeNew(rt(t))
	}
	i.natVars[path+"."+name] = at
	return at
}

// native is a native func as this instance sees it.
func (i *instance) native(n *nativeSym) *nativeVal {
	i.mu.Lock()
	defer i.mu.Unlock()
	if v := i.natives[n]; v != nil {
		return v
	}
	v := n.v
	if b, ok := i.bindings.Get(n.path, n.name); ok && b.Kind() == reflect.Func {
		v = b
		if b.Type() != n.v.Type() && b.Type().ConvertibleTo(n.v.Type()) {
			v = b.Convert(n.v.Type())
		}
	}
	if engine.WakesOutside(n.path, n.name) {
		i.outside.Store(true)
	}
	r := &nativeVal{v, funcPointer(v)}
	i.natives[n] = r
	return r
}

func (i *instance) funcValue(g *fn, ad *adapter) ptr {
	i.mu.Lock()
	defer i.mu.Unlock()
	if v := i.values[g]; v != nil {
		return v
	}
	v := ad.make(&closure{fn: g, inst: i})
	i.values[g] = v
	return v
}

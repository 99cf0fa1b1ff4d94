package yaegi

import (
	"context"
	"errors"
	"fmt"
	"go/types"
	"io"
	"reflect"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/traefik/yaegi/interp"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/wire"
)

// instance is one session's interpreter.
type instance struct {
	in   *interp.Interpreter
	use  *user
	cur  atomic.Pointer[program]
	done map[string]error // units whose chunk has run, and the fault of doing so
	ran  int              // chunks run

	// stop is a variable of the emitted text, which looks at it in every loop and
	// func: a plain flag, since it is only a hint to call check. (A native variable
	// would not do: yaegi takes a condition on one for a constant.)
	stop *bool
	deep atomic.Bool
	task atomic.Pointer[task]

	mu     sync.Mutex
	found  map[string]reflect.Value // funcs of the emitted text, by name
	boxes  map[int]*boxType
	rtypes map[int]rtype
	impl   sync.Map
	// adapted are the adapter types that were used.
	adapted sync.Map
	class_  sync.Map
	// structs are user types by the compiled type of their values; types of one
	// shape share one, and the latest counts.
	structs sync.Map

	posMu sync.Mutex
	posOf map[int]*int

	live    atomic.Int64 // user goroutines, without the one of Call
	blocked atomic.Int64
	moves   atomic.Int64 // beginnings and ends of waits
	outside atomic.Bool  // something may wake the program from outside

	traces traces
	errOut io.Writer
}

func init() { debug.SetMaxStack(1 << 29) }

func newInstance(p *program, b engine.Bindings) *instance {
	i := &instance{
		done: map[string]error{}, found: map[string]reflect.Value{}, boxes: map[int]*boxType{}, rtypes: map[int]rtype{}, posOf: map[int]*int{},
	}
	i.cur.Store(p)
	i.traces.inst = i
	i.in = interp.New(interp.Options{Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: &i.traces})
	i.use = &user{in: i.in, tables: p.eng.tables, bound: i.bind(b), has: map[string]bool{}}
	_ = i.use.add("stnb/rt", "rtǁ", i.rtSymbols()) // nothing in it can fail
	i.stop = new(bool)
	if _, err := i.in.Eval("var stopǁ bool"); err == nil {
		if v, err := i.in.Eval("&stopǁ"); err == nil {
			i.stop, _ = v.Interface().(*bool)
		}
	}
	return i
}

func (i *instance) prog() *program { return i.cur.Load() }

// NewInstance starts the program: its chunks run, in order.
func (p *program) NewInstance(b engine.Bindings) (engine.Instance, error) {
	i := newInstance(p, b)
	return i, i.Update(p)
}

// Update runs the chunks that are new. A fault while a unit's variables are set is
// kept for the unit's Call.
func (i *instance) Update(next engine.Program) error {
	p, ok := next.(*program)
	if !ok {
		return errors.New("the program is of another engine")
	}
	if p.l != i.prog().l && i.ran > 0 {
		return errors.New("the program does not follow the one that runs")
	}
	i.cur.Store(p)
	var starts []chunk
	for ; i.ran < len(p.chunks); i.ran++ {
		ch := p.chunks[i.ran]
		if ch.outside {
			i.outside.Store(true)
		}
		if err := i.use.packages(ch.imports); err != nil {
			return fmt.Errorf("unit %s: %w", ch.unit, err)
		}
		if err := i.eval(ch.text); err != nil {
			return fmt.Errorf("unit %s: %w", ch.unit, err)
		}
		starts = append(starts, ch)
	}
	// Method tables come in the last chunk and initialisers may need them.
	for n := len(starts) - 1; n >= 0; n-- {
		if starts[n].unit == "" {
			if err := i.start(starts[n]); err != nil {
				return err
			}
		}
	}
	for _, ch := range starts {
		if ch.unit != "" {
			i.done[ch.unit] = i.start(ch)
		}
	}
	return nil
}

func (i *instance) eval(text string) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	_, err = i.in.Eval(text)
	return err
}

// fn finds a func of the emitted text, once: an Eval is never forgotten by yaegi, and
// apps run their cells for months.
func (i *instance) fn(name string) (reflect.Value, error) {
	i.mu.Lock()
	v, ok := i.found[name]
	i.mu.Unlock()
	if ok {
		return v, nil
	}
	v, err := i.in.Eval(name)
	if err == nil && v.Kind() != reflect.Func {
		err = fmt.Errorf("%s is not a func", name)
	}
	if err == nil {
		i.mu.Lock()
		i.found[name] = v
		i.mu.Unlock()
	}
	return v, err
}

func (i *instance) start(ch chunk) error {
	f, err := i.fn(ch.init)
	if err != nil {
		return err
	}
	return i.Do(context.Background(), func() { f.Call(nil) })
}

// Call runs a unit's func.
func (i *instance) Call(ctx context.Context, unit string) error {
	ch, ok := i.prog().calls[unit]
	if !ok {
		return &engine.Fault{Fault: wire.Fault{Kind: "error", Message: "the cell could not be compiled"}}
	}
	if err := i.done[unit]; err != nil {
		return err
	}
	if ch.call == "" {
		return nil
	}
	f, err := i.fn(ch.call)
	if err != nil {
		return &engine.Fault{Fault: wire.Fault{Kind: "error", Message: err.Error()}}
	}
	return i.Do(ctx, func() { f.Call(nil) })
}

// Do runs f with containment, in a goroutine of its own: a stop ends that with
// Goexit. Calls of one instance come one after the other.
func (i *instance) Do(parent context.Context, f func()) error {
	ctx, cancel := context.WithCancelCause(parent)
	t := &task{ctx, cancel}
	i.task.Store(t)
	setFlag(i.stop, false)
	unhook := context.AfterFunc(ctx, func() { setFlag(i.stop, true) })
	quit := make(chan struct{})
	go i.watch(quit)
	defer func() {
		close(quit)
		unhook()
		cancel(nil)
		setFlag(i.stop, false)
	}()
	others := i.live.Load()
	ended := make(chan error, 1)
	go func() {
		err := errUnwound
		defer func() { ended <- err }()
		err = i.protect(f)
	}()
	err := <-ended
	if isGoexit(err) && !i.outlast(ctx, others) {
		err = errUnwound
	}
	if cause := context.Cause(ctx); cause != nil && parent.Err() == nil {
		// The program ended itself: by a panic of another goroutine, a deadlock, a
		// recursion without end, or os.Exit.
		var c engine.Control
		if !errors.As(cause, &c) {
			return cause
		}
		if f, ok := err.(*engine.Fault); ok && f.Message == c.Error() {
			return err // it knows where
		}
		return engine.Finish(c)
	}
	if err == errUnwound {
		return engine.Finish(&engine.Stopped{Cause: context.Cause(parent)})
	}
	return err
}

// outlast waits, after the call ended itself with Goexit, for the goroutines that it
// began, as a program does. It is false when the call was stopped meanwhile.
func (i *instance) outlast(ctx context.Context, others int64) bool {
	t := time.NewTicker(2 * time.Millisecond)
	defer t.Stop()
	for i.live.Load() > others {
		select {
		case <-ctx.Done():
			return false
		case <-t.C:
		}
	}
	return ctx.Err() == nil
}

// isGoexit says whether a call or a goroutine ended itself with runtime.Goexit.
func isGoexit(err error) bool {
	var f *engine.Fault
	return errors.As(err, &f) && f.Kind == "exit" && f.Message == new(engine.Goexit).Error()
}

var errUnwound = errors.New("unwound by a stop")

// Protect runs native code that calls user code, whose panic ends no more than that.
func (i *instance) Protect(f func()) (fault *engine.Fault) {
	defer func() {
		if r := recover(); r != nil {
			var ok bool
			if fault, ok = i.conclude(r).(*engine.Fault); !ok || fault.Kind != "panic" {
				panic(r)
			}
		}
	}()
	f()
	return nil
}

// protect runs f and turns its panic into an error.
func (i *instance) protect(f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = i.conclude(r)
		}
	}()
	f()
	return nil
}

// conclude makes an error of a panic that nobody recovered.
func (i *instance) conclude(r any) error {
	kind := "call"
	if _, ok := control(r); !ok {
		kind = kindOfPanic(r)
	}
	frames := i.traces.take(kind)
	if v, ok := r.(reflect.Value); ok && v.IsValid() && v.CanInterface() {
		r = v.Interface()
	}
	if ip, ok := r.(interp.Panic); ok {
		r = ip.Value
	}
	if c, ok := control(r); ok {
		err := engine.Finish(c)
		if f, ok := err.(*engine.Fault); ok {
			f.Frames = frames
		}
		return err
	}
	return &engine.Fault{Fault: wire.Fault{Kind: "panic", Message: i.panicText(goPanic(r)), Frames: frames}}
}

// watch looks every now and then whether a recursion got out of hand.
func (i *instance) watch(quit chan struct{}) {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/stacks:bytes"}}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	looked := uint64(maxDepth)
	for {
		select {
		case <-quit:
			return
		case <-tick.C:
		}
		metrics.Read(sample)
		// Counting frames takes its time, so it is done when the stacks have grown.
		switch size := sample[0].Value.Uint64(); {
		case size > looked:
			looked = size + size/8
			i.deep.Store(true)
			setFlag(i.stop, true)
		case size < looked/2:
			looked = max(size, uint64(maxDepth))
		}
	}
}

// goFunc starts a goroutine of user code.
func (i *instance) goFunc(f func()) {
	i.check(0)
	i.live.Add(1)
	t := i.task.Load()
	go func() {
		defer func() {
			i.live.Add(-1)
			i.mayBeDeadlocked()
		}()
		i.contained(t, f)
	}()
}

// foreign makes of a func of user code one that compiled code may call on a
// goroutine of its own, such as a timer's.
func (i *instance) foreign(f func()) func() {
	return func() {
		i.live.Add(1)
		defer i.live.Add(-1)
		i.contained(i.task.Load(), f)
	}
}

// contained runs f; a fault ends the call that is on, not the process.
func (i *instance) contained(t *task, f func()) {
	err := i.protect(f)
	if err == nil {
		return
	}
	var fault *engine.Fault
	if errors.As(err, &fault) && fault.Kind == "stopped" {
		return
	}
	if isGoexit(err) {
		return
	}
	if t != nil && t.ctx.Err() == nil {
		t.cancel(err)
		return
	}
	var exit *engine.Exit
	if t != nil && errors.As(context.Cause(t.ctx), &exit) {
		return // os.Exit has ended the call itself, perhaps from here
	}
	fmt.Fprintf(i.errOut, "panic in a goroutine that outlived its cell: %v\n", err)
}

// Goroutines is the number of user goroutines that still run.
func (i *instance) Goroutines() int { return int(i.live.Load()) }

// Close stops every task.
func (i *instance) Close() {
	if t := i.task.Load(); t != nil {
		t.cancel(errors.New("closed"))
	}
	setFlag(i.stop, true)
}

// Lookup returns a variable by its lowered name.
func (i *instance) Lookup(name string) (engine.Value, bool) {
	p := i.prog()
	v, ok := p.vars[name]
	if !ok {
		return engine.Value{}, false
	}
	rv, err := i.in.Eval("&" + v.emitted)
	if err != nil || rv.Kind() != reflect.Pointer {
		return engine.Value{}, false
	}
	return engine.Value{V: rv.Elem(), Type: v.typ}, true
}

// Value explains a value that user code handed to compiled code.
func (i *instance) Value(v any) engine.Value {
	if ev, ok := v.(engine.Value); ok {
		return ev
	}
	if b, ok := v.(boxed); ok {
		val := engine.Value{V: reflect.ValueOf(b.box().v), Type: b.box().t.typ}
		if val.V.IsValid() {
			i.learn(val.V.Type(), val.Type)
		}
		return val
	}
	val := engine.Value{V: reflect.ValueOf(v)}
	if val.V.IsValid() && val.V.Kind() == reflect.Struct {
		if t, ok := i.structs.Load(val.V.Type()); ok {
			val.Type = t.(types.Type)
		}
	}
	return val
}

// learn remembers the user's struct types behind what compiled code was shown
// last: it asks for the rows of a slice after the slice.
func (i *instance) learn(rt reflect.Type, t types.Type) {
	switch u := t.Underlying().(type) {
	case *types.Struct:
		if !i.prog().l.faithful(t) {
			i.structs.Store(rt, t)
		}
	case *types.Slice:
		i.learn(rt.Elem(), u.Elem())
	case *types.Array:
		i.learn(rt.Elem(), u.Elem())
	case *types.Pointer:
		i.learn(rt.Elem(), u.Elem())
	case *types.Map:
		i.learn(rt.Elem(), u.Elem())
	}
}

// Method returns a method of a user value.
func (i *instance) Method(v engine.Value, name string, signature reflect.Type) (reflect.Value, bool) {
	var m reflect.Value
	if v.Type == nil {
		if !v.V.IsValid() {
			return reflect.Value{}, false
		}
		m = v.V.MethodByName(name)
	} else if t := i.boxTypeByKey(v.Type); t != nil && v.V.CanInterface() {
		m = i.boundMethod(Box{t, v.V.Interface()}, name)
	}
	if !m.IsValid() || m.Type() != signature {
		return reflect.Value{}, false
	}
	return m, true
}

func (i *instance) boxTypeByKey(t types.Type) *boxType {
	k := key(t)
	for id, bt := range i.prog().typeOf {
		if bt != nil && key(bt) == k {
			return i.boxTypeOf(id)
		}
	}
	return nil
}

func (i *instance) boxTypeOf(id int) *boxType {
	i.mu.Lock()
	defer i.mu.Unlock()
	t := i.boxes[id]
	if t == nil {
		t = &boxType{id: id, inst: i, typ: i.prog().typeOf[id], methods: map[string]reflect.Value{}}
		i.boxes[id] = t
	}
	return t
}

func (i *instance) class(t *boxType) class {
	if c, ok := i.class_.Load(t.id); ok {
		return c.(class)
	}
	c := classOf(t.typ)
	i.class_.Store(t.id, c)
	return c
}

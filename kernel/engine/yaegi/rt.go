package yaegi

import (
	"context"
	"fmt"
	"go/types"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"unicode/utf8"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/wire"
)

// rtSymbols are what emitted text calls as rtǁ.Name, bound to one instance.
func (i *instance) rtSymbols() map[string]reflect.Value {
	v := reflect.ValueOf
	return map[string]reflect.Value{
		"Any":     v((*any)(nil)),
		"Error":   v((*error)(nil)),
		"Defers":  v((*Defers)(nil)),
		"Check":   v(i.check),
		"Pos":     v(i.pos),
		"Reg":     v(i.register),
		"A":       v(func(x any) any { return x }),
		"B":       v(i.wrap),
		"K":       v(i.kindOf),
		"Is":      v(i.is),
		"Impl":    v(i.implements),
		"Get":     v(get),
		"To":      v(i.to),
		"N":       v(i.native),
		"Plain":   v(i.plain),
		"Plains":  v(i.plains),
		"H":       v(hashable),
		"Wrong":   v(i.panicWrap),
		"SetVar":  v(i.setVar),
		"Eq":      v(equal),
		"Fail":    v(i.failAssert),
		"Method":  v(i.nativeMethod),
		"Open":    v(unbox),
		"Panic":   v(i.panicValue),
		"Recover": v(i.recoverValue),
		"Defer":   v(i.deferred),
		"Go":      v(i.goFunc),
		"Send":    v(i.send),
		"Recv":    v(i.recv),
		"Close":   v(closeChan),
		"NilCall": v(func() { panic(errNil) }),
		"CanSend": v(func(c, x any) op { return op{c: c, send: true, v: x} }),
		"CanRecv": v(func(c any) op { return op{c: c} }),
		"Select":  v(i.selectOps),
		"Rune":    v(func(s string, at int) (rune, int) { return utf8.DecodeRuneInString(s[at:]) }),
		"At":      v(func(s string, at int) byte { return s[at] }),
		"AtU":     v(stringAt),
		"Index":   v(indexFault),
		"Substr":  v(substring),
		"Bounds":  v(sliceFault),
		"Bounds3": v(slice3Fault),
		"Size":    v(makeSize),
		"Shift": v(func(n int64) uint {
			if n < 0 {
				panic(runtimeError("negative shift amount"))
			}
			return uint(n)
		}),
		"IntString": v(func(n int64) string {
			if n != int64(rune(n)) {
				return "\uFFFD"
			}
			return string(rune(n))
		}),
		"Array":      v(toArray),
		"ClearMap":   v(func(m any) { reflect.ValueOf(m).Clear() }),
		"ClearSlice": v(func(s any) { reflect.ValueOf(s).Clear() }),
		"Exhausted": v(func() {
			panic(runtimeError("range function continued iteration after function for loop body returned false"))
		}),
		"Print":         v(func(a ...any) { i.printErr(a, "", "") }),
		"Println":       v(func(a ...any) { i.printErr(a, " ", "\n") }),
		"Min":           v(func(a, b float64) float64 { return min(a, b) }),
		"Max":           v(func(a, b float64) float64 { return max(a, b) }),
		"Fint":          v(func(f float64) int { return int(f) }),
		"Fint8":         v(func(f float64) int8 { return int8(f) }),
		"Fint16":        v(func(f float64) int16 { return int16(f) }),
		"Fint32":        v(func(f float64) int32 { return int32(f) }),
		"Fint64":        v(func(f float64) int64 { return int64(f) }),
		"Fuint":         v(func(f float64) uint { return uint(f) }),
		"Fuint8":        v(func(f float64) uint8 { return uint8(f) }),
		"Fuint16":       v(func(f float64) uint16 { return uint16(f) }),
		"Fuint32":       v(func(f float64) uint32 { return uint32(f) }),
		"Fuint64":       v(func(f float64) uint64 { return uint64(f) }),
		"Fuintptr":      v(func(f float64) uintptr { return uintptr(f) }),
		"DivComplex64":  v(func(a, b complex64) complex64 { return a / b }),
		"DivComplex128": v(func(a, b complex128) complex128 { return a / b }),

		"JSONEncode":    v(i.jsonEncode),
		"JSONDecode":    v(i.jsonDecode),
		"LogPrint":      v(i.logPrint),
		"LogPrintln":    v(i.logPrintln),
		"LogPrintf":     v(i.logPrintf),
		"WaitGroupWait": v(func(wg *sync.WaitGroup) { i.waiting(wg.Wait) }),
		"WaitGroupGo":   v(func(wg *sync.WaitGroup, f func()) { wg.Add(1); i.goFunc(func() { defer wg.Done(); f() }) }),
		"MutexLock":     v(func(m *sync.Mutex) { i.lock(m.TryLock, m.Lock, m.Unlock) }),
		"RWMutexLock":   v(func(m *sync.RWMutex) { i.lock(m.TryLock, m.Lock, m.Unlock) }),
		"RWMutexRLock":  v(func(m *sync.RWMutex) { i.lock(m.TryRLock, m.RLock, m.RUnlock) }),
	}
}

// wrap puts a value of the user's type id into an interface.
func (i *instance) wrap(id int, v any) any { return i.boxTypeOf(id).wrap(v) }

func unbox(x any) any {
	if b, ok := x.(boxed); ok {
		return b.box().v
	}
	return x
}

// kindOf is the number of the type of what is in x, -1 for a compiled type.
func (i *instance) kindOf(x any) int {
	if b, ok := x.(boxed); ok {
		return b.box().t.id
	}
	if x == nil {
		panic(errNil)
	}
	return -1
}

// is says whether x holds a value of type id.
func (i *instance) is(x any, id int) bool {
	if b, ok := x.(boxed); ok {
		return b.box().t.id == id
	}
	if x == nil {
		return false
	}
	t, ok := i.reflectType(id)
	return ok && reflect.TypeOf(x) == t
}

// get stores what is in x at p.
func get(x, p any) {
	v := reflect.ValueOf(unbox(x))
	d := reflect.ValueOf(p).Elem()
	if !v.IsValid() {
		d.SetZero()
		return
	}
	d.Set(v)
}

// hashable passes on a key of a map of interfaces, or panics with the user's name
// of a type that cannot be one.
func hashable(x any) any {
	if b, ok := x.(boxed); ok && !types.Comparable(b.box().t.typ) {
		panic(runtimeError("hash of unhashable type " + b.box().t.inst.typeName(b.box().t.typ)))
	}
	if x != nil && !reflect.TypeOf(x).Comparable() {
		panic(runtimeError("hash of unhashable type " + reflect.TypeOf(x).String()))
	}
	return x
}

// panicWrap panics as the compiler's method of a pointer type does when a method of
// the value is called through an interface that holds a nil pointer.
func (i *instance) panicWrap(id int, name string) {
	t := i.typeName(elemType(i.prog().typeOf[id]))
	_, short, _ := strings.Cut(t, ".")
	panic(typeError("value method " + t + "." + name + " called using nil *" + short + " pointer"))
}

// setVar assigns to a variable of a compiled package.
func (i *instance) setVar(pkg, name string, v any) {
	d, ok := i.use.bound[pkg][name]
	if !ok {
		d = i.prog().eng.tables[pkg][name]
	}
	if v == nil {
		d.SetZero()
		return
	}
	d.Set(reflect.ValueOf(v))
}

func equal(a, b any) (eq bool) {
	defer func() {
		if r := recover(); r != nil {
			if e, ok := r.(error); ok {
				panic(runtimeError(strings.TrimPrefix(e.Error(), "runtime error: ")))
			}
			panic(r)
		}
	}()
	return a == b
}

// implements says whether what is in x has the methods of interface type id.
func (i *instance) implements(x any, id int) bool {
	if x == nil {
		return false
	}
	it := i.prog().typeOf[id].Underlying().(*types.Interface)
	if b, ok := x.(boxed); ok {
		return i.implementsType(b.box().t.typ, id, it)
	}
	rt := reflect.TypeOf(x)
	for n := range it.NumMethods() {
		m := it.Method(n)
		rm, ok := rt.MethodByName(m.Name())
		if !ok || !m.Exported() {
			return false
		}
		want, ok := i.reflectOf(types.NewSignatureType(nil, nil, nil, m.Signature().Params(), m.Signature().Results(), m.Signature().Variadic()))
		if !ok || !sameSig(rm.Type, want) {
			return false
		}
	}
	return true
}

func sameSig(method, f reflect.Type) bool {
	if method.NumIn()-1 != f.NumIn() || method.NumOut() != f.NumOut() || method.IsVariadic() != f.IsVariadic() {
		return false
	}
	for n := range f.NumIn() {
		if method.In(n+1) != f.In(n) {
			return false
		}
	}
	for n := range f.NumOut() {
		if method.Out(n) != f.Out(n) {
			return false
		}
	}
	return true
}

func (i *instance) implementsType(t types.Type, id int, it *types.Interface) bool {
	k := [2]string{key(t), fmt.Sprint(id)}
	if v, ok := i.impl.Load(k); ok {
		return v.(bool)
	}
	has := methodKeys(t)
	ok := true
	for n := range it.NumMethods() {
		m := it.Method(n)
		ok = ok && has[methodKey(m, m.Signature())]
	}
	i.impl.Store(k, ok)
	return ok
}

// failAssert panics as a failed x.(T) does.
func (i *instance) failAssert(x any, from, id int) {
	typeOf := i.prog().typeOf
	want := i.typeName(typeOf[id])
	iface := i.typeName(typeOf[from])
	if isInterface(typeOf[id]) {
		if x == nil {
			panic(typeError("interface conversion: interface is nil, not " + want))
		}
		missing := ""
		it := typeOf[id].Underlying().(*types.Interface)
		for n := range it.NumMethods() {
			if m := it.Method(n).Name(); missing == "" && !i.hasMethod(x, m) {
				missing = m
			}
		}
		panic(typeError("interface conversion: " + i.dynamicName(x) + " is not " + want + ": missing method " + missing))
	}
	if iface == "any" {
		iface = "interface {}"
	}
	have := "nil"
	if x != nil {
		have = i.dynamicName(x)
	}
	if have == want {
		want += " (types from different scopes)"
	}
	panic(typeError("interface conversion: " + iface + " is " + have + ", not " + want))
}

func (i *instance) hasMethod(x any, name string) bool {
	if b, ok := x.(boxed); ok {
		ms := types.NewMethodSet(b.box().t.typ)
		for n := range ms.Len() {
			if ms.At(n).Obj().Name() == name {
				return true
			}
		}
		return false
	}
	return reflect.ValueOf(x).MethodByName(name).IsValid()
}

// dynamicName is %T of x.
func (i *instance) dynamicName(x any) string {
	if b, ok := x.(boxed); ok {
		return i.typeName(b.box().t.typ)
	}
	return fmt.Sprintf("%T", x)
}

// nativeMethod is a method of a compiled value that an interface of the program
// holds.
func (i *instance) nativeMethod(x any, name string) any {
	if b, ok := x.(boxed); ok {
		if m := i.boundMethod(b.box(), name); m.IsValid() {
			return m.Interface()
		}
		panic(runtimeError("the method " + name + " was not wired"))
	}
	m := reflect.ValueOf(x).MethodByName(name)
	if !m.IsValid() {
		panic(errNil)
	}
	return m.Interface()
}

// boundMethod is a registered method of a box with its receiver bound.
func (i *instance) boundMethod(b Box, name string) reflect.Value {
	m, ok := b.t.methods[name]
	if !ok {
		return reflect.Value{}
	}
	mt := m.Type()
	var in, out []reflect.Type
	for n := 1; n < mt.NumIn(); n++ {
		in = append(in, mt.In(n))
	}
	for n := range mt.NumOut() {
		out = append(out, mt.Out(n))
	}
	self := reflect.ValueOf(b.self())
	return reflect.MakeFunc(reflect.FuncOf(in, out, mt.IsVariadic()), func(args []reflect.Value) []reflect.Value {
		all := append([]reflect.Value{self}, args...)
		if mt.IsVariadic() {
			return m.CallSlice(all)
		}
		return m.Call(all)
	})
}

// register notes a method that compiled code may call on boxes of type id.
func (i *instance) register(id int, name string, f any) {
	t := i.boxTypeOf(id)
	t.methods[name] = reflect.ValueOf(f)
}

func (i *instance) pos(n int, p *int) {
	i.posMu.Lock()
	i.posOf[n] = p
	i.posMu.Unlock()
}

// op is one case of a select.
type op struct {
	c    any
	send bool
	v    any
}

// selected is how a select ended.
type selected struct {
	I  int
	OK bool
	v  reflect.Value
}

// Get stores what was received.
func (s *selected) Get(p any) {
	d := reflect.ValueOf(p).Elem()
	if s.v.IsValid() {
		d.Set(s.v)
	}
}

func sendValue(c reflect.Value, x any) reflect.Value {
	if x == nil {
		return reflect.Zero(c.Type().Elem())
	}
	return reflect.ValueOf(x)
}

func (i *instance) selectOps(hasDefault bool, ops ...op) *selected {
	i.check(0)
	cases := make([]reflect.SelectCase, 0, len(ops)+2)
	for _, o := range ops {
		c := reflect.ValueOf(o.c)
		if o.send {
			cases = append(cases, reflect.SelectCase{Dir: reflect.SelectSend, Chan: c, Send: sendValue(c, o.v)})
		} else {
			cases = append(cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: c})
		}
	}
	if hasDefault {
		cases = append(cases, reflect.SelectCase{Dir: reflect.SelectDefault})
		n, v, ok := reflect.Select(cases)
		if n == len(ops) {
			return &selected{I: -1}
		}
		return &selected{I: n, OK: ok, v: v}
	}
	n, v, ok := i.blockSelect(cases)
	return &selected{I: n, OK: ok, v: v}
}

// blockSelect waits for one of the cases, for the stop of the run, or for a
// deadlock to be seen.
func (i *instance) blockSelect(cases []reflect.SelectCase) (int, reflect.Value, bool) {
	// First without waiting, so that what is ready wins over a stop.
	if n, v, ok := reflect.Select(append(cases[:len(cases):len(cases)], reflect.SelectCase{Dir: reflect.SelectDefault})); n < len(cases) {
		return n, v, ok
	}
	done, leave := i.block()
	defer leave()
	n, v, ok := reflect.Select(append(cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(done)}))
	if n == len(cases) {
		i.interrupted()
	}
	return n, v, ok
}

func (i *instance) send(c, x any) {
	cv := reflect.ValueOf(c)
	i.blockSelect([]reflect.SelectCase{{Dir: reflect.SelectSend, Chan: cv, Send: sendValue(cv, x)}})
}

// recv stores what it receives at p.
func (i *instance) recv(c, p any) bool {
	_, v, ok := i.blockSelect([]reflect.SelectCase{{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(c)}})
	reflect.ValueOf(p).Elem().Set(v)
	return ok
}

func closeChan(c any) {
	v := reflect.ValueOf(c)
	if v.IsNil() {
		panic(typeError("close of nil channel"))
	}
	v.Close()
}

// Defers are the deferred calls of one call of a func.
type Defers struct {
	inst      *instance
	list      []func()
	panicking bool
	value     any
}

// Push defers a call.
func (d *Defers) Push(f func()) { d.list = append(d.list, f) }

// deferred runs the body of a func that has defers.
func (i *instance) deferred(body func(*Defers)) {
	d := &Defers{inst: i}
	defer func() {
		if r := recover(); r != nil {
			d.panicking, d.value = true, r
		}
		for len(d.list) > 0 {
			if _, ok := d.value.(*engine.Exit); ok {
				break // os.Exit runs no deferred calls
			}
			f := d.list[len(d.list)-1]
			d.list = d.list[:len(d.list)-1]
			d.one(f)
		}
		if d.panicking {
			panic(d.value)
		}
	}()
	body(d)
}

// one runs a deferred call; its panic takes the place of the one before.
func (d *Defers) one(f func()) {
	defer func() {
		if r := recover(); r != nil {
			d.panicking, d.value = true, r
		}
	}()
	f()
}

// recoverValue is recover(): nil d is a call that no panic runs.
func (i *instance) recoverValue(d *Defers) any {
	if d == nil || !d.panicking {
		return nil
	}
	if _, ok := d.value.(engine.Control); ok {
		return nil // a stop goes on
	}
	if _, ok := control(d.value); ok {
		return nil
	}
	r := goPanic(d.value)
	d.panicking, d.value = false, nil
	i.forget()
	return r
}

// control recognises the widgets' signals too.
func control(r any) (engine.Control, bool) {
	c, ok := r.(interface {
		error
		StnbControl() string
	})
	return c, ok
}

// panicText is what Go prints after "panic: ".
func (i *instance) panicText(r any) string {
	switch x := r.(type) {
	case nil:
		return "panic called with nil argument (use GODEBUG=panicnil=1 to disable)"
	case error:
		return x.Error()
	case fmt.Stringer:
		return x.String()
	case string:
		return x
	case boxed:
		b := x.box()
		if _, ok := b.t.typ.Underlying().(*types.Basic); ok {
			return fmt.Sprintf("%s(%#v)", i.typeName(b.t.typ), b.v)
		}
		return i.sprint(x)
	}
	switch reflect.ValueOf(r).Kind() {
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr, reflect.Float32, reflect.Float64:
		return fmt.Sprintf("%v", r)
	}
	return fmt.Sprintf("%v", r)
}

func (i *instance) panicValue(x any) {
	if x == nil {
		panic(new(runtime.PanicNilError))
	}
	panic(x)
}

// stopping state of an instance's current call
type task struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
}

var maxDepth = 24 << 20 // bytes of goroutine stacks above which depth is looked at

// check is what a raised stop flag leads to, in the func of that number.
func (i *instance) check(fn int) {
	t := i.task.Load()
	if i.deep.Load() && t != nil {
		if tooDeep() {
			f := &engine.Fault{Fault: wire.Fault{Kind: "stack", Message: "stack overflow: the recursion does not end"}}
			if fr, ok := i.place(fn); ok {
				f.Frames = []wire.Frame{resolve(fr, "call", "")}
			}
			t.cancel(f)
			runtime.Goexit()
		}
		if t.ctx.Err() == nil {
			i.deep.Store(false)
			setFlag(i.stop, false) // until watch sees them grow again
		}
	}
	if t != nil && t.ctx.Err() != nil {
		runtime.Goexit()
	}
}

// interrupted unwinds: the run was stopped, or another goroutine failed it. Goexit
// runs the defers, no recover can hold it up, and yaegi lets it pass in one sweep;
// it takes minutes to unwind a panic through a deep recursion.
func (i *instance) interrupted() { runtime.Goexit() }

// tooDeep says whether this goroutine has more frames than any sane recursion.
func tooDeep() bool {
	var pc [1]uintptr
	return runtime.Callers(maxFrames, pc[:]) > 0
}

const maxFrames = 160_000 // some 25,000 calls of a func with defers, 50,000 of others

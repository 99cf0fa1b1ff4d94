package yaegi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"reflect"
	"strconv"
	"strings"
	"time"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/wire"
)

// bind makes the bindings of compiled packages for this instance: the worker's
// with boxes made readable, and waits that a stop ends.
func (i *instance) bind(b engine.Bindings) map[string]map[string]reflect.Value {
	out := map[string]map[string]reflect.Value{}
	set := func(path, name string, v any) {
		if out[path] == nil {
			out[path] = map[string]reflect.Value{}
		}
		rv, ok := v.(reflect.Value)
		if !ok {
			rv = reflect.ValueOf(v)
		}
		out[path][name] = rv
	}
	i.errOut = b.Stderr()
	fatal := func(text string) {
		io.WriteString(i.errOut, text)
		i.exit(1)
	}
	set("log", "Fatal", func(a ...any) { fatal(i.sprint(a...) + "\n") })
	set("log", "Fatalln", func(a ...any) { fatal(fmt.Sprintln(a...)) })
	set("log", "Fatalf", func(f string, a ...any) { fatal(i.sprintf(f, a...) + "\n") })
	for path, syms := range b {
		if path == "builtin" {
			continue
		}
		for n, v := range syms {
			set(path, n, v)
		}
	}
	print := func(s string) (int, error) { return io.WriteString(os.Stdout, s) }
	if f, ok := b["fmt"]["Print"]; ok {
		if p, ok := f.Interface().(func(...any) (int, error)); ok {
			print = func(s string) (int, error) { return p(s) }
		}
	}
	set("fmt", "Print", func(a ...any) (int, error) { return print(i.sprint(a...)) })
	set("fmt", "Println", func(a ...any) (int, error) { return print(fmt.Sprintln(a...)) })
	set("fmt", "Printf", func(f string, a ...any) (int, error) { return print(i.sprintf(f, a...)) })
	set("fmt", "Sprint", func(a ...any) string { return i.sprint(a...) })
	set("fmt", "Sprintf", func(f string, a ...any) string { return i.sprintf(f, a...) })
	set("fmt", "Fprint", func(w io.Writer, a ...any) (int, error) { return io.WriteString(w, i.sprint(a...)) })
	set("fmt", "Fprintf", func(w io.Writer, f string, a ...any) (int, error) { return io.WriteString(w, i.sprintf(f, a...)) })
	set("fmt", "Append", func(b []byte, a ...any) []byte { return append(b, i.sprint(a...)...) })
	set("fmt", "Appendf", func(b []byte, f string, a ...any) []byte { return append(b, i.sprintf(f, a...)...) })
	set("fmt", "Errorf", func(f string, a ...any) error {
		f, a = i.typeVerbs(f, a)
		return fmt.Errorf(f, a...)
	})
	set("errors", "As", i.errorsAs)
	set("reflect", "DeepEqual", func(a, b any) bool { return i.deepEqual(a, b) })
	set("encoding/json", "Marshal", i.marshal)
	set("encoding/json", "MarshalIndent", func(v any, prefix, indent string) ([]byte, error) {
		b, err := json.MarshalIndent(v, prefix, indent)
		return b, plainJSONError(err)
	})
	set("encoding/json", "Unmarshal", i.unmarshal)
	set("time", "Sleep", i.sleep)
	set("time", "AfterFunc", func(d time.Duration, f func()) *time.Timer { return time.AfterFunc(d, i.foreign(f)) })
	set("context", "AfterFunc", func(ctx context.Context, f func()) func() bool { return context.AfterFunc(ctx, i.foreign(f)) })
	set("os", "Exit", func(code int) { i.exit(code) })
	set("runtime", "NumGoroutine", func() int { return i.Goroutines() + 1 })
	set("runtime", "Goexit", func() { panic(&engine.Goexit{}) })
	return out
}

func (i *instance) exit(code int) {
	e := &engine.Exit{Code: code}
	if t := i.task.Load(); t != nil {
		t.cancel(e)
	}
	panic(e)
}

func (i *instance) printErr(a []any, sep, end string) {
	var parts []string
	for _, x := range a {
		parts = append(parts, printText(reflect.ValueOf(unbox(x))))
	}
	io.WriteString(i.errOut, strings.Join(parts, sep)+end)
}

// printText is how the predeclared print writes a value.
func printText(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Invalid:
		return "(0x0,0x0)"
	case reflect.Float32, reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'g', -1, v.Type().Bits())
	case reflect.Complex64, reflect.Complex128:
		return strconv.FormatComplex(v.Complex(), 'g', -1, v.Type().Bits())
	case reflect.Slice:
		return fmt.Sprintf("[%d/%d]0x%x", v.Len(), v.Cap(), v.Pointer())
	case reflect.Pointer, reflect.Map, reflect.Chan, reflect.Func:
		return fmt.Sprintf("0x%x", v.Pointer())
	}
	return fmt.Sprint(v)
}

// ctx is the context of the current call.
func (i *instance) ctx() context.Context {
	if t := i.task.Load(); t != nil {
		return t.ctx
	}
	return context.Background()
}

func (i *instance) sleep(d time.Duration) {
	i.check(0)
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-i.ctx().Done():
		i.interrupted()
	}
}

// lock takes a lock so that a stop ends the wait.
func (i *instance) lock(try func() bool, lock, unlock func()) {
	if try() {
		return
	}
	i.waitFor(lock, unlock)
}

// waiting waits for native code that ends by itself, like WaitGroup.Wait.
func (i *instance) waiting(wait func()) { i.waitFor(wait, func() {}) }

// waitFor runs a wait in a goroutine of its own; undo takes back what the wait got
// when nobody wants it any more.
func (i *instance) waitFor(wait, undo func()) {
	done, leave := i.block()
	defer leave()
	got := make(chan any, 1)
	go func() {
		defer func() { got <- recover() }()
		wait()
	}()
	select {
	case r := <-got:
		if r != nil {
			panic(r)
		}
	case <-done:
		go func() {
			if r := <-got; r == nil {
				undo()
			}
		}()
		i.interrupted()
	}
}

// block notes that this goroutine waits, and returns what ends the wait early.
func (i *instance) block() (<-chan struct{}, func()) {
	i.blocked.Add(1)
	i.moves.Add(1)
	leave := func() {
		i.moves.Add(1)
		i.blocked.Add(-1)
	}
	t := i.task.Load()
	if t == nil {
		return nil, leave
	}
	i.mayBeDeadlocked()
	return t.ctx.Done(), leave
}

// mayBeDeadlocked is called when a goroutine begins to wait and when one ends: when
// everyone seems to wait, it has a look again in a moment, for one may be waking up.
func (i *instance) mayBeDeadlocked() {
	t := i.task.Load()
	if t == nil || i.outside.Load() || i.blocked.Load() <= i.live.Load() {
		return
	}
	moves := i.moves.Load()
	time.AfterFunc(50*time.Millisecond, func() { i.lookForDeadlock(t, moves, 5) })
}

// lookForDeadlock looks several times, and only believes it when nothing moved
// between: on a busy machine a goroutine that was woken may wait long for its turn.
func (i *instance) lookForDeadlock(t *task, moves int64, times int) {
	if t.ctx.Err() != nil || i.task.Load() != t || i.blocked.Load() <= i.live.Load() || i.moves.Load() != moves {
		return
	}
	if times > 0 {
		time.AfterFunc(50*time.Millisecond, func() { i.lookForDeadlock(t, moves, times-1) })
		return
	}
	t.cancel(&engine.Fault{Fault: wire.Fault{Kind: "deadlock", Message: "all goroutines are asleep - deadlock!"}})
}

// errorsAs is errors.As for targets of user types.
func (i *instance) errorsAs(err error, target any) bool {
	b, ok := target.(boxed)
	if !ok {
		return errors.As(err, target)
	}
	want := elemType(b.box().t.typ)
	if want == nil {
		panic("errors: target must be a non-nil pointer")
	}
	p := reflect.ValueOf(b.box().v)
	k := key(want)
	found := false
	walkErrors(err, func(e error) bool {
		if eb, ok := e.(boxed); ok {
			if isInterface(want) {
				found = i.implementsType(eb.box().t.typ, -1, want.Underlying().(interfaceType))
				if found {
					p.Elem().Set(reflect.ValueOf(e))
				}
			} else if found = key(eb.box().t.typ) == k; found {
				p.Elem().Set(reflect.ValueOf(eb.box().v))
			}
		}
		if !found {
			if eb, ok := e.(boxed); ok {
				if m, ok := boundAs(i.boundMethod(eb.box(), "As")); ok {
					found = m(target)
				}
			} else if m, ok := e.(interface{ As(any) bool }); ok {
				found = m.As(target)
			}
		}
		return !found
	})
	return found
}

func boundAs(m reflect.Value) (func(any) bool, bool) {
	if !m.IsValid() {
		return nil, false
	}
	f, ok := m.Interface().(func(any) bool)
	return f, ok
}

func walkErrors(err error, f func(error) bool) bool {
	for err != nil {
		if !f(err) {
			return false
		}
		switch x := err.(type) {
		case interface{ Unwrap() error }:
			err = x.Unwrap()
		case interface{ Unwrap() []error }:
			for _, e := range x.Unwrap() {
				if !walkErrors(e, f) {
					return false
				}
			}
			return true
		default:
			return true
		}
	}
	return true
}

func (i *instance) deepEqual(a, b any) bool {
	ab, ok1 := a.(boxed)
	bb, ok2 := b.(boxed)
	if ok1 != ok2 {
		return false
	}
	if ok1 {
		return ab.box().t == bb.box().t && reflect.DeepEqual(ab.box().v, bb.box().v)
	}
	return reflect.DeepEqual(a, b)
}

func (i *instance) jsonEncode(e *json.Encoder, v any) error { return plainJSONError(e.Encode(v)) }
func (i *instance) jsonDecode(d *json.Decoder, v any) error {
	return i.nameType(d.Decode(unbox(v)), v)
}

func (i *instance) logPrint(l *log.Logger, a ...any)            { l.Output(3, i.sprint(a...)) }
func (i *instance) logPrintln(l *log.Logger, a ...any)          { l.Output(3, fmt.Sprintln(a...)) }
func (i *instance) logPrintf(l *log.Logger, f string, a ...any) { l.Output(3, i.sprintf(f, a...)) }

package ssa

import (
	"fmt"
	"reflect"
	"runtime"
	"strconv"
	"unsafe"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/wire"
)

// trace is where the user's frames stood when a panic began, innermost first.
type trace struct {
	value any
	sites []uint32
	eng   *Engine
}

// raise panics with a user value, as panic(v) does.
func (t *task) raise(v any) {
	panic(v)
}

// note remembers where a panic began: the first that sees it unwind calls it,
// while the depth still tells.
func (t *task) note(v any) *trace {
	if t.trace != nil && same(t.trace.value, v) {
		return t.trace
	}
	d := min(t.depth, len(t.sites)-1)
	tr := &trace{value: v, eng: t.inst.prog().eng}
	const most = 200
	for k := d; k >= 0 && len(tr.sites) < most; k-- {
		tr.sites = append(tr.sites, t.sites[k])
	}
	t.trace = tr
	return tr
}

// same compares panic values without comparing what cannot be.
func same(a, b any) bool {
	x, y := (*eface)(ptr(&a)), (*eface)(ptr(&b))
	return x.typ == y.typ && x.data == y.data
}

func (t *task) nilDeref(site uint32) {
	t.sites[t.depth] = site
	var p *int
	_ = *p
}

func (t *task) indexFault(site uint32, i, n int) {
	t.sites[t.depth] = site
	if i < 0 && t.inst.prog().eng.places.at(site).unsigned {
		panic(boundsError(fmt.Sprintf("index out of range [%d] with length %d", uint(i), n)))
	}
	_ = make([]struct{}, n)[i]
	panic("unreachable")
}

// sliceFault panics for the bounds of v[l:h:m] that do not hold; those that are
// unsigned in the source are shown so.
func sliceFault(v sliceHeader, lo, hi, mx bound, l, h, m int) {
	full := mx.read != nil
	text := ""
	switch {
	case full && uint(m) > uint(v.cap):
		if mx.unsigned && m < 0 {
			text = fmt.Sprintf("[::%d] with capacity %d", uint(m), v.cap)
		}
	case uint(h) > uint(m):
		if hi.unsigned && h < 0 {
			text = fmt.Sprintf("[:%d] with capacity %d", uint(h), v.cap)
			if full {
				text = fmt.Sprintf("[:%d:%d]", uint(h), m)
			}
		}
	case lo.unsigned && l < 0:
		text = fmt.Sprintf("[%d:%d]", uint(l), h)
		if full {
			text = fmt.Sprintf("[%d:%d:]", uint(l), h)
		}
	}
	if text != "" {
		panic(boundsError("slice bounds out of range " + text))
	}
	none := unsafe.Slice((*struct{})(ptr(&v)), v.cap)[:v.len]
	if full {
		_ = none[l:h:m]
	}
	_ = none[l:h]
}

// stringFault is sliceFault for what has a length and no capacity.
func stringFault(n int, lo, hi bound, l, h int) {
	switch {
	case uint(h) > uint(n) && hi.unsigned && h < 0:
		panic(boundsError(fmt.Sprintf("slice bounds out of range [:%d] with length %d", uint(h), n)))
	case uint(h) <= uint(n) && lo.unsigned && l < 0:
		panic(boundsError(fmt.Sprintf("slice bounds out of range [%d:%d]", uint(l), h)))
	}
	_ = unsafe.String((*byte)(ptr(&n)), n)[l:h]
}

func arrayFault(n, want int) {
	s := make([]struct{}, n)
	switch {
	default:
		// The runtime's words for any length.
		panic(boundsError(fmt.Sprintf("cannot convert slice with length %d to array or pointer to array with length %d", len(s), want)))
	}
}

// boundsError is a runtime.Error in the runtime's words.
type boundsError string

func (e boundsError) Error() string { return "runtime error: " + string(e) }
func (boundsError) RuntimeError()   {}

// typeAssertionError mirrors runtime.TypeAssertionError.
type typeAssertionError struct {
	inter, concrete, asserted *rtype
	missing                   string
}

func assertFault(from, have, want *rtype) {
	e := new(runtime.TypeAssertionError)
	m := (*typeAssertionError)(ptr(e))
	m.inter, m.concrete, m.asserted = from, have, want
	if have != nil && reflect.Kind(want.kind) == reflect.Interface {
		w, h := toReflect(want), toReflect(have)
		for i := range w.NumMethod() {
			if _, ok := h.MethodByName(w.Method(i).Name); !ok {
				m.missing = w.Method(i).Name
				break
			}
		}
		if m.missing == "" && w.NumMethod() > 0 {
			m.missing = w.Method(0).Name
		}
	}
	panic(e)
}

// fault makes the session's fault of a panic that nobody recovered. The control
// signals of st.Stop and its like stay what they are.
func (t *task) fault(v any) error {
	if c, ok := v.(engine.Control); ok {
		return engine.Finish(c)
	}
	f := &engine.Fault{}
	switch v := v.(type) {
	case stopSignal:
		f.Kind, f.Message = "stopped", "stopped"
	case exitSignal:
		f.Kind, f.Message = "exit", fmt.Sprintf("exit status %d", int(v))
	case deadlock:
		f.Kind, f.Message = "deadlock", "all goroutines are asleep - deadlock!"
	case overflow:
		f.Kind, f.Message = "stack", v.Error()
	case notSupported:
		f.Kind, f.Message = "error", v.Error()
	case engineFailure:
		f.Kind, f.Message = "error", v.message
	default:
		if c, ok := v.(interface{ ExitCode() int }); ok {
			f.Kind, f.Message = "exit", fmt.Sprintf("exit status %d", c.ExitCode())
			break
		}
		f.Kind, f.Message = "panic", panicText(v)
	}
	tr := t.note(v)
	f.Frames = tr.frames()
	return f
}

func (tr *trace) frames() []wire.Frame {
	var out []wire.Frame
	for _, s := range tr.sites {
		out = append(out, tr.eng.frames(s)...)
	}
	return out
}

// exitSignal unwinds os.Exit.
type exitSignal int

type deadlock struct{}

func (deadlock) Error() string { return "all goroutines are asleep - deadlock!" }

// engineFailure is a fault of this engine, never the user's.
type engineFailure struct{ message string }

// panicText is what Go prints after "panic: ".
func panicText(v any) string {
	defer func() { recover() }()
	switch e := v.(type) {
	case nil:
		return "nil"
	case error:
		return e.Error()
	case fmt.Stringer:
		return e.String()
	}
	r := reflect.ValueOf(v)
	named := func(s string) string {
		if r.Type().PkgPath() != "" {
			return r.Type().String() + "(" + s + ")"
		}
		return s
	}
	switch r.Kind() {
	case reflect.Bool:
		return named(strconv.FormatBool(r.Bool()))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return named(strconv.FormatInt(r.Int(), 10))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return named(strconv.FormatUint(r.Uint(), 10))
	case reflect.Float32, reflect.Float64:
		return named(printFloat(r.Float(), r.Type().Bits()))
	case reflect.Complex64, reflect.Complex128:
		return named(strconv.FormatComplex(r.Complex(), 'g', -1, r.Type().Bits()))
	case reflect.String:
		if r.Type().PkgPath() != "" {
			return r.Type().String() + `("` + r.String() + `")`
		}
		return r.String()
	}
	return fmt.Sprintf("(%s) %v", r.Type(), v)
}

// printFloat writes a float as the print builtin does.
func printFloat(v float64, bits int) string { return strconv.FormatFloat(v, 'g', -1, bits) }

// notSupported is what this engine cannot run; it is refused before anything
// runs wherever it can be seen.
type notSupported struct {
	what string
}

func (e notSupported) Error() string { return "not supported: " + e.what }

func unsupported(what string) notSupported { return notSupported{what: what} }

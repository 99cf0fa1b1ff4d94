package ssa

import (
	"fmt"
	"go/token"
	"reflect"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/ssa"

	"stnb.dev/kernel/wire"
)

// Package runtime knows nothing of user code: to it, all of that is this engine. So
// what tells a program where it stands is done here, with program counters of our
// own. Frames of native code between those of user code are left out.

// pcBase begins our program counters, where no code can be. Each place has 16 of them:
// the first is the entry of a func, the ninth follows a call.
const (
	pcBase = ^uintptr(0)>>12 + 1
	pcStep = 16
	pcCall = 8
)

// spot is what a program counter of ours means. It keeps its number for ever, since
// programs may keep that.
type spot struct {
	fn  string
	pos token.Pos
}

type spots struct {
	mu     sync.Mutex
	number map[spot]uintptr
	all    []spot
	units  sync.Map // ID -> wire.Unit, for its File and Lines
}

func (s *spots) pc(at spot) uintptr {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, ok := s.number[at]
	if !ok {
		if s.number == nil {
			s.number = map[spot]uintptr{}
		}
		n = uintptr(len(s.all))
		s.number[at] = n
		s.all = append(s.all, at)
	}
	return pcBase + n*pcStep
}

func (s *spots) at(pc uintptr) (spot, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := (pc - pcBase) / pcStep; pc >= pcBase && n < uintptr(len(s.all)) {
		return s.all[n], true
	}
	return spot{}, false
}

// located remembers where the texts of units stand, and gives the units without it:
// that they are elsewhere does not make them others.
func (e *Engine) located(units []wire.Unit) []wire.Unit {
	units = slices.Clone(units)
	for i, u := range units {
		e.spots.units.Store(u.ID, wire.Unit{File: u.File, Lines: u.Lines})
		units[i].File, units[i].Lines = "", ""
	}
	return units
}

// whereIs is a place in the words of the program's author; line 0 is none of theirs.
func (e *Engine) whereIs(pos token.Pos) (file string, line int) {
	at := e.fset.Position(pos)
	v, ok := e.spots.units.Load(at.Filename)
	if !ok {
		return at.Filename, at.Line
	}
	u := v.(wire.Unit)
	if u.File == "" {
		u.File = at.Filename
	}
	line, ok = u.Typed(at.Offset)
	if !ok {
		line = at.Line
	}
	return u.File, line
}

// frame explains a program counter of ours.
func (e *Engine) frame(pc uintptr) (runtime.Frame, bool) {
	at, ok := e.spots.at(pc)
	if !ok {
		return runtime.Frame{}, false
	}
	f := runtime.Frame{PC: pc, Function: goName(at.fn)}
	f.File, f.Line = e.whereIs(at.pos)
	f.Entry = pc - (pc-pcBase)%pcStep
	f.Func = newFunc(f)
	return f, true
}

// Place is where a program counter is that user code was given.
func (i *instance) Place(pc uintptr) (file string, line int, ok bool) {
	f, ok := i.prog().eng.frame(pc)
	return f.File, f.Line, ok
}

// inlinedFunc mirrors the runtime's funcinl: a *runtime.Func of code that was inlined,
// which knows its name and place itself.
type inlinedFunc struct {
	ones      uint32
	entry     uintptr
	name      string
	file      string
	line      int32
	startLine int32
}

func newFunc(f runtime.Frame) *runtime.Func {
	return (*runtime.Func)(ptr(&inlinedFunc{^uint32(0), f.Entry, f.Function, f.File, int32(f.Line), int32(f.Line)}))
}

// framesOffset is where a runtime.Frames has those it will give.
var framesOffset = func() uintptr {
	if f, ok := reflect.TypeFor[runtime.Frames]().FieldByName("frames"); ok && f.Type == reflect.TypeFor[[]runtime.Frame]() {
		return f.Offset
	}
	return 0
}()

// checkFrames proves that the runtime's own methods understand what is made here.
func checkFrames() string {
	want := runtime.Frame{Function: "main.f", File: "f.go", Line: 7, Entry: 9}
	want.Func = newFunc(want)
	file, line := want.Func.FileLine(0)
	if framesOffset == 0 || want.Func.Name() != "main.f" || want.Func.Entry() != 9 || file != "f.go" || line != 7 {
		return "runtime.Func"
	}
	if got, more := newFrames([]runtime.Frame{want}).Next(); got != want || more {
		return "runtime.Frames"
	}
	return ""
}

func newFrames(list []runtime.Frame) *runtime.Frames {
	f := runtime.CallersFrames(nil)
	*(*[]runtime.Frame)(add(ptr(f), framesOffset)) = list
	return f
}

// stack gives the program counters of the task's frames, innermost first, up to most.
// Where a panic is on, they are those of the deferred call and then those that stood
// where it began, as on a Go stack.
func (t *task) stack(skip, most int) (pcs []uintptr) {
	e := t.inst.prog().eng
	put := func(n uint32) bool {
		for ; n != 0; n = e.places.at(n).up {
			p := e.places.at(n)
			if !p.frame {
				continue
			}
			if _, line := e.whereIs(p.pos); line == 0 {
				continue
			}
			if skip--; skip >= 0 {
				continue
			}
			pcs = append(pcs, e.spots.pc(spot{p.fn, p.pos})+pcCall)
			if len(pcs) == most {
				return false
			}
		}
		return true
	}
	ps := t.panics
	var began *trace
	if ps != nil {
		if began = ps.trace; began == nil && t.trace != nil && same(t.trace.value, ps.value) {
			began = t.trace
		}
	}
	for k := t.depth; k >= 0; k-- {
		if began != nil && k < ps.depth {
			for _, n := range began.sites {
				if !put(n) {
					return pcs
				}
			}
			break
		}
		if !put(t.sites[k]) {
			return pcs
		}
	}
	under := outermost
	if t.parent != nil {
		under = under[1:]
	}
	for _, pc := range under {
		if skip--; skip < 0 && len(pcs) < most {
			pcs = append(pcs, pc)
		}
	}
	return pcs
}

// outermost are what the stacks of Go's main goroutine end with, runtime.main and
// runtime.goexit: libraries expect something below the program's own frames.
var outermost = func() []uintptr {
	pcs := make([]uintptr, 100)
	pcs = pcs[:runtime.Callers(0, pcs)] // of the main goroutine, which initialises
	return pcs[len(pcs)-2:]
}()

// frames explains any program counter. One of this engine's code is in a record that
// slog made of a line of package log's: it stands for where that was called.
func (t *task) frames(pc uintptr) (list []runtime.Frame) {
	e := t.inst.prog().eng
	if fr, ok := e.frame(pc); ok {
		return []runtime.Frame{fr}
	}
	native := runtime.CallersFrames([]uintptr{pc})
	for more := true; more; {
		var fr runtime.Frame
		if fr, more = native.Next(); fr.PC != 0 {
			list = append(list, fr)
		}
	}
	if len(list) > 0 && strings.HasPrefix(list[0].Function, enginePath) {
		if list = nil; t.line != 0 {
			return t.frames(t.line)
		}
	}
	return list
}

// caller is runtime.Caller.
func (t *task) caller(skip int) (pc uintptr, file string, line int, ok bool) {
	for _, pc := range t.stack(skip, 1) {
		for _, f := range t.frames(pc) {
			return pc, f.File, f.Line, true
		}
	}
	return 0, "", 0, false
}

// enginePath begins the names of this package's funcs.
var enginePath = reflect.TypeFor[Engine]().PkgPath() + "."

// stackText is the task's stack as a trace of the runtime's.
func (t *task) stackText() string {
	var b strings.Builder
	fmt.Fprintf(&b, "goroutine %d [running]:\n", t.id)
	e := t.inst.prog().eng
	for _, pc := range t.stack(0, 100) {
		f, ok := e.frame(pc)
		if !ok {
			continue
		}
		fmt.Fprintf(&b, "%s(...)\n\t%s:%d\n", f.Function, f.File, f.Line)
	}
	return b.String()
}

// debugStack is what debug.Stack gives: its own frame comes first.
func (t *task) debugStack() string {
	own := runtime.FuncForPC(reflect.ValueOf(debug.Stack).Pointer())
	file, line := own.FileLine(own.Entry())
	head, rest, _ := strings.Cut(t.stackText(), "\n")
	return fmt.Sprintf("%s\n%s()\n\t%s:%d\n%s", head, own.Name(), file, line, rest)
}

// allStacks is the stack, and the heads of those of the other goroutines: they run, so
// that Go would not show more either.
func (t *task) allStacks() string {
	var b strings.Builder
	b.WriteString(t.stackText())
	others := func(o *task) {
		if o != nil && o != t {
			fmt.Fprintf(&b, "\ngoroutine %d [running]:\n\tgoroutine running on other thread; stack unavailable\n", o.id)
		}
	}
	others(t.inst.main.Load())
	t.inst.all.Range(func(k, _ any) bool { others(k.(*task)); return true })
	return b.String()
}

var (
	primes   = regexp.MustCompile(`ʹ\d*`)
	initFunc = regexp.MustCompile(`^main\.init(?:ʹ\d+ʹ|#)(\d+)`)
	cellFunc = regexp.MustCompile(`^main\.cellʹ\d+`)
	nested   = regexp.MustCompile(`\$(\d+)`)
)

// goName is the name that compiled code would have for a func of go/ssa's: main.(*T).M
// for (*main.T).M, main.f.func1 for main.f$1. A cell's statements are main.main.
func goName(s string) string {
	s = cellFunc.ReplaceAllString(s, "main.main")
	if m := initFunc.FindStringSubmatchIndex(s); m != nil {
		var n int
		fmt.Sscan(s[m[2]:m[3]], &n)
		s = fmt.Sprintf("main.init.%d%s", n-1, s[m[1]:])
	}
	s = primes.ReplaceAllString(s, "")
	s = withoutArgs(s)
	if inner, rest, ok := strings.Cut(s, ")"); ok && s[0] == '(' {
		inner, star := strings.CutPrefix(inner[1:], "*")
		dot := strings.LastIndexByte(inner, '/') + 1
		dot += strings.IndexByte(inner[dot:], '.') + 1
		if typ := inner[dot:]; star {
			s = inner[:dot] + "(*" + typ + ")" + rest
		} else {
			s = inner + rest
		}
	}
	s = strings.Replace(strings.TrimSuffix(s, "$thunk"), "$bound", "-fm", 1)
	first := true
	return nested.ReplaceAllStringFunc(s, func(m string) string {
		if !first {
			return "." + m[1:]
		}
		first = false
		return ".func" + m[1:]
	})
}

// withoutArgs writes [...] for type arguments.
func withoutArgs(s string) string {
	var b strings.Builder
	depth := 0
	for i := range len(s) {
		switch {
		case s[i] == '[':
			if depth++; depth == 1 {
				b.WriteString("[...")
			}
		case s[i] == ']':
			depth--
		}
		if depth == 0 {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// closureOf gives the user func behind a func value, nil when it is native.
func closureOf(v reflect.Value) *closure {
	if v.Kind() != reflect.Func || v.IsNil() || !v.CanInterface() {
		return nil
	}
	t := v.Type()
	if t.Name() != "" {
		var in, out []reflect.Type
		for i := range t.Ins() {
			in = append(in, i)
		}
		for o := range t.Outs() {
			out = append(out, o)
		}
		t = reflect.FuncOf(in, out, t.IsVariadic())
	}
	a, ok := adapters.Load(t)
	if !ok {
		return nil
	}
	i := v.Interface()
	return a.(*adapter).closure((*eface)(ptr(&i)).data)
}

// funcPC is reflect's pointer of a func: user funcs would all have that of what enters
// user code.
func funcPC(v reflect.Value) (uintptr, bool) {
	c := closureOf(v)
	if c == nil {
		return 0, false
	}
	return c.fn.prog.eng.spots.pc(spot{c.fn.name, c.fn.ssa.Pos()}), true
}

func init() {
	stackIntrinsics := map[string]intrinsicMaker{
		"runtime.Caller": func(_ *fx, _ *ssa.Function, args []uintptr, d uintptr) op {
			a := args[0]
			return func(t *task, f ptr) {
				pc, file, line, ok := t.caller(*at[int](f, a))
				*at[uintptr](f, d), *at[string](f, d+8), *at[int](f, d+24), *at[bool](f, d+32) = pc, file, line, ok
			}
		},
		"runtime.Callers": func(_ *fx, _ *ssa.Function, args []uintptr, d uintptr) op {
			a, b := args[0], args[1]
			return func(t *task, f ptr) {
				skip, to := *at[int](f, a), *at[[]uintptr](f, b)
				n := 0
				if skip == 0 && len(to) > 0 {
					to[0], n = reflect.ValueOf(runtime.Callers).Pointer()+1, 1
				}
				if len(to) > n {
					n += copy(to[n:], t.stack(max(skip-1, 0), len(to)-n))
				}
				*at[int](f, d) = n
			}
		},
		"runtime.CallersFrames": func(_ *fx, _ *ssa.Function, args []uintptr, d uintptr) op {
			a := args[0]
			return func(t *task, f ptr) {
				var list []runtime.Frame
				for _, pc := range *at[[]uintptr](f, a) {
					list = append(list, t.frames(pc)...)
				}
				*at[*runtime.Frames](f, d) = newFrames(list)
			}
		},
		"runtime.FuncForPC": func(_ *fx, _ *ssa.Function, args []uintptr, d uintptr) op {
			a := args[0]
			return func(t *task, f ptr) {
				pc := *at[uintptr](f, a)
				if fr, ok := t.inst.prog().eng.frame(pc); ok {
					*at[*runtime.Func](f, d) = fr.Func
				} else {
					*at[*runtime.Func](f, d) = runtime.FuncForPC(pc)
				}
			}
		},
		"runtime.Stack": func(_ *fx, _ *ssa.Function, args []uintptr, d uintptr) op {
			a, b := args[0], args[1]
			return func(t *task, f ptr) {
				text := t.stackText
				if *at[bool](f, b) {
					text = t.allStacks
				}
				*at[int](f, d) = copy(*at[[]byte](f, a), text())
			}
		},
		"runtime/debug.Stack": func(_ *fx, _ *ssa.Function, _ []uintptr, d uintptr) op {
			return func(t *task, f ptr) { *at[[]byte](f, d) = []byte(t.debugStack()) }
		},
		"runtime/debug.PrintStack": func(*fx, *ssa.Function, []uintptr, uintptr) op {
			return func(t *task, _ ptr) { fmt.Fprint(t.inst.bindings.Stderr(), t.debugStack()) }
		},
		"reflect.(Value).Pointer": func(_ *fx, _ *ssa.Function, args []uintptr, d uintptr) op {
			a := args[0]
			return func(_ *task, f ptr) {
				v := *at[reflect.Value](f, a)
				if pc, ok := funcPC(v); ok {
					*at[uintptr](f, d) = pc
				} else {
					*at[uintptr](f, d) = v.Pointer()
				}
			}
		},
	}
	for name, mk := range stackIntrinsics {
		intrinsics[name] = mk
	}
}

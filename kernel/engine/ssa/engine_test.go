package ssa

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/engine/conformance"
	"stnb.dev/kernel/symbols"
	"stnb.dev/kernel/wire"
)

// newEngine is shared by the tests of a process, as kernels share theirs.
var newEngine = sync.OnceValue(func() *Engine { return New(symbols.Table{"stnb.dev/widgets/core": testCore}) })

// testCore stands for the user API.
var testCore = map[string]reflect.Value{}

// session is an instance whose prints are kept.
type session struct {
	t *testing.T
	engine.Instance
	program engine.Program
	mu      sync.Mutex
	out     bytes.Buffer
}

func (s *session) println(a ...any) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Fprintln(&s.out, a...)
}

func (s *session) output() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.out.String()
	s.out.Reset()
	return o
}

// printed says whether there is output already.
func (s *session) printed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.Len() > 0
}

func units(sources ...string) []wire.Unit {
	var us []wire.Unit
	for i, s := range sources {
		fn := fmt.Sprintf("Cell%d", i+1)
		if strings.Contains(s, "func Cell") {
			_, rest, _ := strings.Cut(s, "func Cell")
			fn = "Cell" + rest[:strings.Index(rest, "(")]
		}
		us = append(us, wire.Unit{ID: fmt.Sprintf("u%x", hashOf(s)), Cell: fmt.Sprint(i), Func: fn, Source: "package main\n" + s})
	}
	return us
}

func compileUnits(t *testing.T, prev engine.Program, us []wire.Unit) engine.Program {
	t.Helper()
	p, problems := newEngine().Compile(prev, us)
	for _, pr := range problems {
		t.Fatalf("%s:%d:%d: %s", pr.Unit, pr.Line, pr.Column, pr.Message)
	}
	return p
}

func newSession(t *testing.T, p engine.Program) *session {
	t.Helper()
	s := &session{t: t, program: p}
	i, err := p.NewInstance(engine.Bindings{"fmt": {"Println": reflect.ValueOf(s.println)}})
	if err != nil {
		t.Fatal(err)
	}
	s.Instance = i
	t.Cleanup(i.Close)
	return s
}

func TestEveryday(t *testing.T) {
	out, err := os.Create(t.TempDir() + "/stdout")
	if err != nil {
		t.Fatal(err)
	}
	stdin, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	e := newEngine()
	for _, c := range append(conformance.Everyday(), conformance.Hard()...) {
		t.Run(c.Name, func(t *testing.T) {
			if err := out.Truncate(0); err != nil {
				t.Fatal(err)
			}
			if _, err := out.Seek(0, 0); err != nil {
				t.Fatal(err)
			}
			oldOut, oldIn := os.Stdout, os.Stdin
			os.Stdout, os.Stdin = out, stdin
			end := runProgram(t.Context(), e, wire.Unit{ID: "prog.go", Cell: "c", Func: "main", Source: c.Source, File: "main.go"})
			os.Stdout, os.Stdin = oldOut, oldIn
			got, err := os.ReadFile(out.Name())
			if err != nil {
				t.Fatal(err)
			}
			text := string(got)
			if end.code != 0 {
				if text != "" && !strings.HasSuffix(text, "\n") {
					text += "\n"
				}
				first, _, _ := strings.Cut(end.message, "\n")
				text += fmt.Sprintf("[exit %d] %s\n", end.code, first)
			}
			if strings.TrimSpace(text) != strings.TrimSpace(c.Want) {
				t.Errorf("got\n%s\nwant\n%s", text, c.Want)
			}
		})
	}
}

func TestUpdateKeepsVariables(t *testing.T) {
	a := "type P struct{ X int; next *P }\nvar p P\nvar n int\nfunc Cell1() { n++; p.X += 10 }"
	us := units(a, "import \"fmt\"\nfunc Cell2() { fmt.Println(n, p.X) }")
	s := newSession(t, compileUnits(t, nil, us))
	for _, u := range us {
		if err := s.Call(t.Context(), u.ID); err != nil {
			t.Fatal(err)
		}
	}
	next := units(a, "import \"fmt\"\nvar k = n * 100\nfunc Cell2() { fmt.Println(\"now\", n, p, k) }")
	if err := s.Update(compileUnits(t, s.program, next)); err != nil {
		t.Fatal(err)
	}
	if err := s.Call(t.Context(), next[1].ID); err != nil {
		t.Fatal(err)
	}
	if got, want := s.output(), "1 10\nnow 1 {10 <nil>} 100\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	// A type defined anew is a new type: its variable starts anew.
	again := units("type P struct{ X, Y int }\nvar p P\nvar n int\nfunc Cell1() {}", "import \"fmt\"\nfunc Cell2() { fmt.Println(n, p) }")
	if err := s.Update(compileUnits(t, nil, again)); err != nil {
		t.Fatal(err)
	}
	if err := s.Call(t.Context(), again[1].ID); err != nil {
		t.Fatal(err)
	}
	if got, want := s.output(), "0 {0 0}\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestInstancesAreApart(t *testing.T) {
	us := units("import \"fmt\"\nvar n int\ntype T int\nfunc (t T) String() string { return fmt.Sprint(\"T\", int(t), \" of \", n) }\nfunc Cell1() { n++; for i := range 1000 { n += i & 1 }; fmt.Println(T(n), n) }")
	p := compileUnits(t, nil, us)
	var wg sync.WaitGroup
	for range 8 {
		s := newSession(t, p)
		wg.Go(func() {
			for range 3 {
				if err := s.Call(context.Background(), us[0].ID); err != nil {
					t.Error(err)
				}
			}
			if got, want := s.output(), "T501 of 501 501\nT1002 of 1002 1002\nT1503 of 1503 1503\n"; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
	wg.Wait()
}

func TestInterrupt(t *testing.T) {
	for name, body := range map[string]string{
		"loop":      "for {}",
		"counting":  "n := 0; for { n++; if n < 0 { break } }",
		"recursion": "var f func(int) int; f = func(n int) int { if n > 40 { return 1 }; return f(n+1) + f(n+1) }; f(0)",
		"sleep":     "time.Sleep(time.Hour)",
		"receive":   "<-make(chan int)",
		"send":      "go func() { time.Sleep(time.Hour) }(); make(chan string) <- \"\"",
		"select":    "go func() { time.Sleep(time.Hour) }(); select {}",
		"mutex":     "go func() { time.Sleep(time.Hour) }(); var m sync.Mutex; m.Lock(); m.Lock()",
		"group":     "go func() { for {} }(); var w sync.WaitGroup; w.Add(1); w.Wait()",
		"callback":  "sort.Slice(make([]int, 10), func(i, j int) bool { for {} })",
		"swallowed": "func() { defer func() { recover() }(); for {} }(); for {}",
		"goroutine": "w := make(chan int); go func() { defer close(w); for {} }(); <-w",
	} {
		t.Run(name, func(t *testing.T) {
			us := units("import (\"fmt\"; \"sort\"; \"sync\"; \"time\")\nvar _ = sort.Ints\nvar _ sync.Mutex\nvar _ = time.Now\nfunc Cell1() { defer func() { fmt.Println(\"deferred\") }(); fmt.Println(\"begun\"); " + body + " }")
			s := newSession(t, compileUnits(t, nil, us))
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				for !s.printed() {
					time.Sleep(time.Millisecond)
				}
				time.Sleep(20 * time.Millisecond) // in the middle of it, as a rule
				cancel()
			}()
			err := s.Call(ctx, us[0].ID) // which never ends if it is not stopped
			var f *engine.Fault
			if !errors.As(err, &f) || f.Kind != "stopped" {
				t.Errorf("ended with %v, want stopped", err)
			}
			if got := s.output(); got != "begun\ndeferred\n" {
				t.Errorf("printed %q: deferred calls did not run", got)
			}
			// The instance is whole: it runs again.
			ctx, cancel = context.WithTimeout(t.Context(), 30*time.Millisecond)
			defer cancel()
			if err := s.Call(ctx, us[0].ID); !errors.As(err, &f) || f.Kind != "stopped" {
				t.Errorf("again: %v", err)
			}
		})
	}
}

func TestFaults(t *testing.T) {
	for name, c := range map[string]struct {
		body, kind, message string
		line, column        int
	}{
		"index":     {"var a []int\n_ = a[k]", "panic", "runtime error: index out of range [3] with length 0", 5, 6},
		"nil":       {"var p *struct{ x int }\nfmt.Println(p.x)", "panic", "runtime error: invalid memory address or nil pointer dereference", 5, 15},
		"divide":    {"z := k - 3\nfmt.Println(k / z)", "panic", "runtime error: integer divide by zero", 5, 15},
		"assert":    {"var a any = \"x\"\nfmt.Println(a.(int))", "panic", "interface conversion: interface {} is string, not int", 5, 15},
		"map":       {"var m map[string]int\nm[\"a\"] = 1", "panic", "assignment to entry in nil map", 5, 2},
		"user":      {"panic(fmt.Sprint(\"boom \", k))", "panic", "boom 3", 4, 6},
		"error":     {"panic(fmt.Errorf(\"boom %d\", k))", "panic", "boom 3", 4, 6},
		"goroutine": {"c := make(chan int)\ngo func() { var p *int; *p = 1 }()\n<-c", "panic", "runtime error: invalid memory address or nil pointer dereference", 5, 25},
		"deadlock":  {"c := make(chan int)\n<-c", "deadlock", "all goroutines are asleep - deadlock!", 5, 1},
		"exit":      {"os.Exit(k)", "exit", "exit status 3", 4, 8},
		"stack":     {"var f func(int) int\nf = func(n int) int { return f(n+1) + 1 }\nf(0)", "stack", "stack overflow: 500000 calls deep", 5, 31},
		"inlined":   {"fmt.Println(outer([]int{1}, k))\n}\nfunc inner(a []int, i int) int { return a[i] }\nfunc outer(a []int, i int) int {\nreturn inner(a, i) + 1", "panic", "runtime error: index out of range [3] with length 1", 6, 42},
		"native":    {"fmt.Println(strings.Repeat(\"x\", -k))", "panic", "strings: negative Repeat count", 4, 27},
		"close":     {"var c chan int\nclose(c)", "panic", "close of nil channel", 5, 6},
		"slice":     {"s := \"abc\"\nfmt.Println(s[k+1:])", "panic", "runtime error: slice bounds out of range [4:3]", 5, 14},
	} {
		t.Run(name, func(t *testing.T) {
			us := units("import (\"fmt\"; \"os\"; \"strings\")\nfunc Cell1() { _ = fmt.Sprint; _ = os.Exit; _ = strings.Repeat; k := len(\"abc\")\n" + c.body + "\n}")
			s := newSession(t, compileUnits(t, nil, us))
			err := s.Call(t.Context(), us[0].ID)
			var f *engine.Fault
			if !errors.As(err, &f) {
				t.Fatalf("ended with %v", err)
			}
			if f.Kind != c.kind || f.Message != c.message {
				t.Errorf("%s: %q, want %s: %q", f.Kind, f.Message, c.kind, c.message)
			}
			if len(f.Frames) == 0 {
				t.Fatal("no frames")
			}
			if name == "inlined" && (len(f.Frames) != 3 || f.Frames[0].Func != "inner" || f.Frames[1].Func != "outer" || f.Frames[2].Line != 4) {
				t.Errorf("frames %+v", f.Frames)
			}
			if fr := f.Frames[0]; fr.Line != c.line || fr.Column != c.column || fr.Unit != us[0].ID {
				t.Errorf("at %s:%d:%d, want %d:%d", fr.Unit, fr.Line, fr.Column, c.line, c.column)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	for source, want := range map[string]string{
		"import \"C\"\nfunc Cell1() {}":                                   "2:8: not supported: cgo",
		"import \"plugin\"\nvar _ = plugin.Open\nfunc Cell1() {}":         "3:9: not supported: package plugin: loads what the Go linker made",
		"import p \"plugin\"\nfunc Cell1() { p.Open(\"x\") }":             "3:16: not supported: package plugin: loads what the Go linker made",
		"import \"internal/abi\"\nfunc Cell1() { abi.FuncPCABI0(1) }":     "3:20: not supported: internal/abi.FuncPCABI0",
		"import _ \"embed\"\n//go:embed x\nvar s string\nfunc Cell1() {}": "2:8: not supported: package embed: go:embed is done by the compiler",
		"func Cell1() { var x int = \"a\" }":                              "2:28: cannot use \"a\" (untyped string constant) as int value in variable declaration",
		"import \"syscall\"\nfunc Cell1() { syscall.Kill(1, 0) }":         "3:24: not supported: syscall.Kill: package syscall is here without what ends, replaces, traces or forks a process and without calls by number",
		"func f() int\nfunc Cell1() { f() }":                              "2:1: not supported: func f without a body",
	} {
		us := units(source, "import \"fmt\"\nfunc Cell2() { fmt.Println(\"other\") }")
		p, problems := newEngine().Compile(nil, us)
		if len(problems) == 0 {
			if want != "" {
				t.Errorf("%q is not refused", source)
			}
			continue
		}
		pr := problems[0]
		got := fmt.Sprintf("%d:%d: %s", pr.Line, pr.Column, pr.Message)
		if want != "" && got != want || pr.Unit != us[0].ID {
			t.Errorf("%q: %s %s, want %s", source, pr.Unit, got, want)
		}
		s := newSession(t, p)
		if err := s.Call(t.Context(), us[1].ID); err != nil || s.output() != "other\n" {
			t.Errorf("the other unit does not run: %v", err)
		}
	}
}

func TestLookupValueMethod(t *testing.T) {
	us := units("import \"fmt\"\ntype Celsius float64\nfunc (c Celsius) String() string { return fmt.Sprintf(\"%.1f°C\", float64(c)) }\nvar temp Celsius = 21.5\nvar hold any\nfunc Cell1() { hold = temp }")
	s := newSession(t, compileUnits(t, nil, us))
	if err := s.Call(t.Context(), us[0].ID); err != nil {
		t.Fatal(err)
	}
	v, ok := s.Lookup("temp")
	if !ok || v.V.Float() != 21.5 || v.Type.String() != "main.Celsius" || v.V.Type().String() != "main.Celsius" {
		t.Fatalf("Lookup: %v %v %v", v, ok, v.Type)
	}
	h, _ := s.Lookup("hold")
	w := s.Value(h.V.Interface())
	if w.V.Type() != v.V.Type() || w.Type.String() != "main.Celsius" {
		t.Errorf("Value: %v", w)
	}
	m, ok := s.Method(w, "String", reflect.TypeFor[func() string]())
	if !ok {
		t.Fatal("no method String")
	}
	if err := s.Do(t.Context(), func() {
		if got := m.Call(nil)[0].String(); got != "21.5°C" {
			t.Errorf("String() = %q", got)
		}
	}); err != nil {
		t.Error(err)
	}
}

type control struct{}

func (control) Error() string       { return "st.Stop" }
func (control) StnbControl() string { return "stop" }

func TestControlPassesThrough(t *testing.T) {
	us := units("import \"fmt\"\nfunc Cell1() { defer func() { fmt.Println(recover()) }(); fmt.Print(1) }")
	p := compileUnits(t, nil, us)
	s := &session{t: t}
	i, err := p.NewInstance(engine.Bindings{"fmt": {
		"Print":   reflect.ValueOf(func(...any) (int, error) { panic(control{}) }),
		"Println": reflect.ValueOf(s.println),
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	if err := i.Call(t.Context(), us[0].ID); err != error(control{}) {
		t.Errorf("ended with %v", err)
	}
	if got := s.output(); got != "<nil>\n" {
		t.Errorf("user code recovered %q", got)
	}
}

// What conformance suites found, kept where `go test` sees it.
func TestLanguage(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"local types of instances differ": {`a, b := local[int](), local[string]()
fmt.Println(fmt.Sprintf("%T %T %v", a, b, a == b))`, "main.T[int] main.T[string] false"},
		"an array that is measured is not loaded": {`var p *[3]int
n := 0
for i := range *p { n += i + 1 }
fmt.Println(n)`, "6"},
		"unsigned indices are shown so": {`defer func() { fmt.Println(recover()) }()
i := ^uint64(0)
_ = fmt.Sprint([]int{1}[i])`, "runtime error: index out of range [18446744073709551615] with length 1"},
		"a string that two append to": {`s := ""
for range 300 { s += "ab" }
a, b := s+"x", s+"y"
fmt.Println(a[len(a)-3:], b[len(b)-3:], len(s+"z"), a[:600] == b[:600])`, "abx aby 601 true"},
		"counts in a map": {`m := map[string]int{}
for _, w := range []string{"a", "b", "a"} { m[w]++; m[w+w] += 2 }
fmt.Println(m)`, "map[a:2 aa:4 b:1 bb:2]"},
		"calls taken into their caller": {`n := 3
n = clamp(n+4, 0, 5)
q, r := divmod(17, n)
fmt.Println(n, q, r, clamp(-q, 0, 9), clamp(clamp(7, 8, 9), 0, 3))`, "5 3 2 0 3"},
		"panics that native code recovers": {`for range 600000 { _ = fmt.Sprint(faulty{}) }
fmt.Println(fmt.Sprint(faulty{}))`, "%!v(PANIC=String method: boom)"},
		"pointers counted from others": {`s := struct{ a byte; b int32; c [3]uint16 }{1, 2, [3]uint16{3, 4, 5}}
p := unsafe.Pointer(&s)
*(*int32)(unsafe.Add(p, unsafe.Offsetof(s.b))) = 20
*(*uint16)(unsafe.Pointer(uintptr(p) + unsafe.Offsetof(s.c) + 2)) = 40
xs := []int{1, 2, 3}
unsafe.Slice((*int)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(xs)), unsafe.Sizeof(xs[0]))), 2)[0] = 99
fmt.Println(s, xs, unsafe.String(unsafe.StringData("text"), 2))`, "{1 20 [3 40 5]} [1 99 3] te"},
		"a select is fair to what is ready": {`a, b := make(chan int), make(chan int)
close(a)
close(b)
n := [2]int{}
for range 20000 {
	select {
	case <-a: n[0]++
	case <-b: n[1]++
	}
}
fmt.Println(n[0] > 8000 && n[1] > 8000)`, "true"},
		"deep recursion": {`fmt.Println(depth(400000))`, "400000"},
	} {
		t.Run(name, func(t *testing.T) {
			us := units("import (\"fmt\"; \"unsafe\")\nvar _ unsafe.Pointer\nfunc local[A any]() any { type T struct{}; return T{} }\n" +
				"func clamp(n, lo, hi int) int { if n < lo { return lo }; if n > hi { return hi }; return n }\n" +
				"type faulty struct{}\nfunc (faulty) String() string { panic(\"boom\") }\n" +
				"func divmod(a, b int) (int, int) { return a / b, a % b }\n" +
				"func depth(n int) int { if n == 0 { return 0 }; return depth(n-1) + 1 }\nfunc Cell1() {\n" + c.body + "\n}")
			s := newSession(t, compileUnits(t, nil, us))
			if err := s.Call(t.Context(), us[0].ID); err != nil {
				t.Fatal(err)
			}
			if got := strings.TrimSpace(s.output()); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

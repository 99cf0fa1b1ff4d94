package yaegi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/wire"
)

// started is an instance of one program with its output.
type started struct {
	engine.Instance
	mu  sync.Mutex
	out bytes.Buffer
}

// printed is what was printed up to now.
func (s *started) printed() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.String()
}

func start(t *testing.T, src string) *started {
	t.Helper()
	return startUnits(t, []wire.Unit{{ID: "u", Cell: "c", Func: "Run", Source: src}})
}

// bindings collect what is printed.
func (s *started) bindings() engine.Bindings {
	return engine.Bindings{"fmt": {"Print": reflect.ValueOf(func(a ...any) (int, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		return fmt.Fprint(&s.out, a...)
	})}}
}

func startUnits(t *testing.T, units []wire.Unit) *started {
	t.Helper()
	p, problems := New(nil).Compile(nil, units)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	s := &started{}
	i, err := p.NewInstance(s.bindings())
	if err != nil {
		t.Fatal(err)
	}
	s.Instance = i
	t.Cleanup(i.Close)
	return s
}

// TestStop: whatever a cell does, a stop ends it soon, and its defers run.
func TestStop(t *testing.T) {
	for name, body := range map[string]string{
		"loop":           `for {}`,
		"loop with work": `x := 0; for { x++; if x > 10 { x = 0 } }`,
		"calls":          `var f func(n int) int; f = func(n int) int { if n < 2 { return n }; return f(n-1)+f(n-2) }; f(60)`,
		"sleep":          `time.Sleep(time.Hour)`,
		"select":         `select {}`,
		"receive":        `<-make(chan int)`,
		"send":           `make(chan int) <- 1`,
		"range":          `for range make(chan int) {}`,
		"mutex":          `var mu sync.Mutex; mu.Lock(); mu.Lock()`,
		"wait group":     `var wg sync.WaitGroup; wg.Add(1); wg.Wait()`,
		"goroutines":     `done := make(chan bool); go func() { for {} }(); <-done`,
		"recover":        `defer func() { recover() }(); for { func() { defer func() { recover() }(); for {} }() }`,
		"map":            `m := map[int]int{1: 1}; for { for k := range m { m[k]++ } }`,
		"iterator":       `for range func(yield func(int) bool) { for yield(1) {} } { }`,
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, "package main\nimport (\"fmt\"; \"sync\"; \"time\")\nvar _ sync.Mutex\nvar _ time.Time\nfunc Run() { defer fmt.Print(\"deferred\"); fmt.Print(\"begun, \"); "+body+" }")
			ctx, cancel := context.WithCancel(context.Background())
			go func() {
				for s.printed() == "" {
					time.Sleep(time.Millisecond)
				}
				time.Sleep(20 * time.Millisecond) // in the middle of it, as a rule
				cancel()
			}()
			err := s.Call(ctx, "u") // which never ends if it is not stopped
			var f *engine.Fault
			if !errors.As(err, &f) || f.Kind != "stopped" && f.Kind != "deadlock" {
				t.Errorf("ended with %v", err)
			}
			if got := s.printed(); got != "begun, deferred" {
				t.Errorf("printed %q", got)
			}
		})
	}
}

// TestFaults: how a cell ends is a fault with its kind, Go's words and a place.
func TestFaults(t *testing.T) {
	for name, c := range map[string]struct{ body, kind, message, frames string }{
		"index":        {"s := []int{1, 2, 3}\ni := 5\nfmt.Print(s[i])", "panic", "runtime error: index out of range [5] with length 3", "8:11"},
		"nil map":      {"var m map[string]int\nm[\"a\"] = 1", "panic", "assignment to entry in nil map", "7:1"},
		"nil pointer":  {"var p *T\nfmt.Print(p.x)", "panic", "runtime error: invalid memory address or nil pointer dereference", "7:13"},
		"divide":       {"a, b := 1, 0\nfmt.Print(a / b)", "panic", "runtime error: integer divide by zero", "7:11"},
		"assertion":    {"var x any = \"s\"\nfmt.Print(x.(int))", "panic", "interface conversion: interface {} is string, not int", "7:11"},
		"user type":    {"var x any = T{1}\nfmt.Print(x.(*T))", "panic", "interface conversion: interface {} is main.T, not *main.T", "7:11"},
		"slice":        {"s := []int{1, 2, 3}\ni := 5\nfmt.Print(s[:i])", "panic", "runtime error: slice bounds out of range [:5] with capacity 3", "8:11"},
		"panic":        {"panic(\"boom\")", "panic", "boom", "6:1"},
		"panic error":  {"panic(fmt.Errorf(\"bad %d\", 3))", "panic", "bad 3", "6:1"},
		"goroutine":    {"done := make(chan int)\ngo func() {\npanic(\"in there\")\n}()\n<-done", "panic", "in there", "8:1"},
		"deadlock":     {"<-make(chan int)", "deadlock", "all goroutines are asleep - deadlock!", ""},
		"stack":        {"var f func(int) int\nf = func(n int) int { return f(n+1) + 1 }\nf(0)", "stack", "stack overflow: the recursion does not end", ""},
		"os.Exit":      {"os.Exit(3)", "exit", "exit status 3", ""},
		"goexit":       {"runtime.Goexit()", "exit", "runtime.Goexit called", ""},
		"exit after":   {"c := make(chan int, 1)\ngo func() {\nfor range 100_000 {\n}\nos.Exit(<-c)\n}()\nc <- 3\nruntime.Goexit()", "exit", "exit status 3", ""},
		"log.Fatal":    {"log.Fatal(\"x\")", "exit", "exit status 1", ""},
		"in a func":    {"deep(3)", "panic", "runtime error: index out of range [3] with length 0", "17:8 15:8 15:8 15:8 6:1"},
		"close of nil": {"var c chan int\nclose(c)", "panic", "close of nil channel", "7:1"},
		"repanic":      {"defer func() {\nr := recover()\npanic(fmt.Sprint(\"again \", r))\n}()\npanic(\"first\")", "panic", "again first", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, "package main\nimport (\"fmt\"; \"log\"; \"os\"; \"runtime\")\nvar _, _, _ = log.Flags, os.Args, runtime.NumCPU\ntype T struct{ x int }\nfunc Run() {\n"+c.body+"\nfmt.Print()\n}\nfunc deep(n int) int {\n"+strings.Repeat("\n", max(0, 3-strings.Count(c.body, "\n")))+"var s []int\nif n > 0 {\n"+
				"return deep(n-1)\n}\nreturn s[n+3]\n}")
			err := s.Call(context.Background(), "u")
			var f *engine.Fault
			if !errors.As(err, &f) {
				t.Fatalf("ended with %v", err)
			}
			if f.Kind != c.kind || f.Message != c.message {
				t.Errorf("%s %q", f.Kind, f.Message)
			}
			var at []string
			for _, fr := range f.Frames {
				at = append(at, fmt.Sprintf("%d:%d", fr.Line, fr.Column))
			}
			if got := strings.Join(at, " "); c.frames != "" && got != c.frames {
				t.Errorf("frames %s, want %s: %+v", got, c.frames, f.Frames)
			}
		})
	}
}

// TestWakers: what waits for a timer or a signal is not taken for a deadlock, wherever
// the program uses it.
func TestWakers(t *testing.T) {
	for body, want := range map[string]bool{
		"func Run() { <-time.After(time.Hour) }":                                              true,
		"func Run() { wait() }\nfunc wait() { <-time.NewTimer(time.Hour).C }":                 true,
		"func Run() { f := func() { <-time.Tick(time.Hour) }; f() }":                          true,
		"var c = time.Tick(time.Hour)\nfunc Run() { <-c }":                                    true,
		"func Run() { time.Sleep(time.Millisecond); <-make(chan int) }":                       false,
		"type T int\nfunc (T) wait() { <-time.After(time.Hour) }\nfunc Run() { T(1).wait() }": true,
	} {
		p, problems := New(nil).Compile(nil, []wire.Unit{{ID: "u", Cell: "c", Func: "Run", Source: "package main\nimport \"time\"\n" + body}})
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		got := false
		for _, ch := range p.(*program).chunks {
			got = got || ch.outside
		}
		if got != want {
			t.Errorf("%s: %v", body, got)
		}
	}
}

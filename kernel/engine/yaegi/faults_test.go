package yaegi

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/wire"
)

// rawEnv makes the test binary give the program on its standard input to yaegi as
// it is, without this package.
const rawEnv = "STNB_YAEGI_RAW"

func runRaw(src string) int {
	in := interp.New(interp.Options{Stdout: os.Stdout, Stderr: os.Stderr})
	if err := in.Use(stdlib.Symbols); err != nil {
		return 1
	}
	if _, err := in.Eval(src); err != nil {
		fmt.Println(err)
		return 2
	}
	return 0
}

// raw is what a program prints in yaegi itself, and how it ends.
func raw(src string) string {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), rawEnv+"=1")
	cmd.Stdin = strings.NewReader(src)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return fmt.Sprint(out.String(), err)
}

// knownFaults are what yaegi gets wrong. Here each prints what Go prints, or is
// refused before it runs; in yaegi itself each does something else, or it would not
// be here.
var knownFaults = []struct {
	name, decls, main, want string
	refused                 bool
	seldom                  bool // yaegi fails by chance
}{
	{name: "go on a literal", main: `
	var wg sync.WaitGroup
	var n atomic.Int64
	for i := 0; i < 3000; i++ {
		wg.Add(1)
		go func(i int) { defer wg.Done(); n.Add(int64(i)) }(i)
	}
	wg.Wait()
	fmt.Println(n.Load())`, want: "4498500", seldom: true},
	{name: "structs that point at each other", decls: `
type List struct{ first *Node }
type Node struct { list *List; next *Node; v int }`, main: `
	l := &List{}
	for i := range 3 { l.first = &Node{l, l.first, i} }
	for n := l.first; n != nil; n = n.next { fmt.Print(n.v, n.list == l, " ") }`, want: "2 true 1 true 0 true"},
	{name: "equal values in interfaces", decls: `type E struct{ n int }
func (e E) Error() string { return "e" }`, main: `
	var err error = E{3}
	var a, b any = E{1}, E{1}
	m := map[any]string{E{1}: "one"}
	fmt.Println(err == E{3}, a == b, errors.Is(fmt.Errorf("x: %w", err), E{3}), m[E{1}])`, want: "true true true one"},
	{name: "errors.As", decls: `type E struct{ n int }
func (e *E) Error() string { return "e" }`, main: `
	var target *E
	ok := errors.As(fmt.Errorf("x: %w", &E{4}), &target)
	fmt.Println(ok, target.n)`, want: "true 4"},
	{name: "errors.AsType", decls: `type E struct{ n int }
func (e *E) Error() string { return "e" }`, main: `
	e, ok := errors.AsType[*E](fmt.Errorf("x: %w", &E{4}))
	fmt.Println(ok, e.n)`, want: "true 4"},
	{name: "a named basic type", decls: `type Celsius float64
type Kelvin float64`, main: `
	for _, x := range []any{Celsius(1), Kelvin(2), 3.0} {
		switch x.(type) {
		case float64: fmt.Print("float ")
		case Kelvin: fmt.Print("kelvin ")
		case Celsius: fmt.Print("celsius ")
		}
	}`, want: "celsius kelvin float"},
	{name: "structs of one shape", decls: `type A struct{ n int }
type B struct{ n int }`, main: `
	var x any = B{1}
	_, isA := x.(A)
	_, isB := x.(B)
	fmt.Println(isA, isB, x == any(A{1}))`, want: "false true false"},
	{name: "a named result", decls: `func f(n int) (r int) { r = n; r++; return }
type P struct{ n int }
func g(p P) (r P) { r = p; r.n++; return }`, main: `
	p := P{1}
	q := g(p)
	fmt.Println(p, q, f(1))
	a := []int{1}
	func() (r []int) { r = a; r = append(r, 2); return }()
	fmt.Println(a)`, want: "{1} {2} 2\n[1]", seldom: true},
	{name: "run-time errors", main: `
	defer func() {
		r := recover()
		e, ok := r.(runtime.Error)
		fmt.Println(ok, e)
	}()
	s, i := []int{1, 2, 3}, 5
	fmt.Println(s[i])`, want: "true runtime error: index out of range [5] with length 3"},
	{name: "a func type of itself", decls: `type State func(int) State
func a(n int) State { if n > 1 { return nil }; return a }`, main: `
	n := 0
	for s := State(a); s != nil; s = s(n) { n++ }
	fmt.Println(n)`, refused: true},
	{name: "receive into a variable in select", main: `
	c := make(chan int, 1)
	c <- 7
	var i int
	select { case i = <-c: }
	fmt.Println(i)`, want: "7"},
	{name: "methods inside of slices and maps", decls: `type Color int
func (c Color) String() string { return [...]string{"red", "green"}[c] }
type Car struct { C Color }`, main: `
	fmt.Println([]Color{0, 1}, map[Color]Color{1: 0}, []any{Color(1)}, Car{1})`, want: "[red green] map[green:red] [green] {green}"},
	{name: "unexported fields in JSON", decls: `type T struct { A int; b int }`, main: `
	b, err := json.Marshal(T{1, 2})
	fmt.Println(string(b), err)`, want: `{"A":1} <nil>`},
	{name: "type names", decls: `type T struct { A int; b int }
type S []T`, main: `fmt.Printf("%T %T %T %v", T{}, S{}, map[string]*T{}, T{1, 2})`, want: "main.T main.S map[string]*main.T {1 2}"},
	{name: "runtime.Goexit", main: `
	done := make(chan bool)
	go func() { defer close(done); runtime.Goexit(); fmt.Print("not here") }()
	<-done
	fmt.Print("done")`, want: "done", seldom: true},
	{name: "generic packages", main: `
	s := slices.Insert([]int{3, 1, 2}, 1, 9)
	slices.Sort(s)
	keys := slices.Sorted(maps.Keys(map[string]int{"b": 1, "a": 2}))
	next, stop := iter.Pull(slices.Values(s))
	defer stop()
	first, _ := next()
	fmt.Println(s, keys, first, cmp.Compare(1, 2), min(3, 2), sync.OnceValue(func() int { return 5 })())`, want: "[1 2 3 9] [a b] 1 -1 2 5"},
	{name: "range over a func", decls: `func count(n int) iter.Seq[int] { return func(yield func(int) bool) { for i := range n { if !yield(i) { return } } } }`, main: `
	for i := range count(5) { if i == 3 { break }; fmt.Print(i, " ") }`, want: "0 1 2"},
	{name: "reflect on a type of one's own", decls: `type T struct{ A int }`, main: `fmt.Println(reflect.TypeOf(T{}).Field(0).Name)`, refused: true},
	{name: "reflect on what may be one", decls: `type T struct{ A int }
func name(x any) string { return reflect.TypeOf(x).Name() }`, main: `fmt.Println(name(T{}))`, refused: true},
	{name: "nil for a compiled interface", main: `
	req, err := http.NewRequest("GET", "http://x/", nil)
	fmt.Println(req.Method, err)
	func(w io.Writer) { fmt.Println(w == nil) }(nil)`, want: "GET <nil>\ntrue", seldom: true},
	{name: "where a logger is called", main: `log.New(os.Stdout, "", log.Lshortfile).Print("here")`, refused: true},
	{name: "where it stands", main: `_, file, _, _ := runtime.Caller(0); fmt.Println(file)`, refused: true},
	{name: "unsafe", main: `x := 1; fmt.Println(*(*int)(unsafe.Pointer(&x)))`, refused: true},
	{name: "a func returned and called", decls: `func f() func() { return g }
func g() { fmt.Print("g") }`, main: `f()()`, want: "g"},
	{name: "append of what it overwrites", main: `
	s := make([]byte, 5, 6)
	copy(s, "12346")
	s = append(s[:len(s)-1], '5', s[len(s)-1])
	fmt.Println(string(s))`, want: "123456"},
	{name: "a conversion at the head of a condition", decls: `func f(x, y uint64) bool { return (uint64(uint32(x)) == x || x > 9) && y == 1 }`, main: `fmt.Println(f(1, 1), f(1<<40, 1))`, want: "true true", seldom: true},
	{name: "a default before the end", main: `
	n := 0
	switch {
	default: n++; fallthrough
	case false: n += 10
	}
	fmt.Println(n)`, want: "11"},
	{name: "the target of a nil pointer nobody wants", main: `
	defer func() { fmt.Println(recover() != nil) }()
	var p *int
	_ = *p`, want: "true"},
	{name: "the sign of zero", decls: `func f(x float64) float64 { return x - 0 }`, main: `
	z := 0.0
	fmt.Println(1 / f(-z))`, refused: true, seldom: true},
	{name: "methods compiled code would look for", decls: `type R struct{}
func (R) Read(p []byte) (int, error) { return 0, io.EOF }
func (R) WriteTo(w io.Writer) (int64, error) { fmt.Print("here"); return 0, nil }`, main: `io.Copy(io.Discard, R{})`, refused: true},
	{name: "a compiled interface of many", decls: `type H string
func (h H) ServeHTTP(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, h) }`, main: `
	w := httptest.NewRecorder()
	var h http.Handler = H("served")
	h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	fmt.Println(w.Body.String(), h == H("served"))`, want: "served true"},
}

var faultImports = []string{"cmp", "encoding/json", "errors", "fmt", "io", "iter", "log", "maps", "net/http", "net/http/httptest", "os", "reflect", "runtime", "slices", "sync", "sync/atomic", "unsafe"}

func faultProgram(decls, main string) string {
	var b strings.Builder
	b.WriteString("package main\n")
	for _, path := range faultImports {
		if name := path[strings.LastIndexByte(path, '/')+1:]; strings.Contains(decls+main, name+".") {
			fmt.Fprintf(&b, "import %q\n", path)
		}
	}
	return b.String() + decls + "\nfunc main() {" + main + "\n}\n"
}

// TestKnownFaults: what yaegi gets wrong is cured or refused.
func TestKnownFaults(t *testing.T) {
	for _, c := range knownFaults {
		t.Run(c.name, func(t *testing.T) {
			src := faultProgram(c.decls, c.main)
			r := one(c.name, src, c.want, 30*time.Second)
			switch {
			case c.refused && r.kind != "refused":
				t.Errorf("%s, not refused: %s", r.kind, r.detail)
			case !c.refused && r.kind != "pass":
				t.Errorf("%s: %s", r.kind, r.detail)
			case c.refused && !strings.HasPrefix(r.detail, "prog.go:"):
				t.Errorf("refused without a place: %s", r.detail)
			}
			if got := raw(src); !c.seldom && !c.refused && strings.TrimSpace(strings.TrimSuffix(got, "<nil>")) == c.want {
				t.Error("yaegi itself gets this right: it needs no cure any more")
			}
		})
	}
}

// TestAfterAStop: closures and variables live on after a run was stopped, as they
// were at that moment.
func TestAfterAStop(t *testing.T) {
	units := []wire.Unit{
		{ID: "a", Cell: "a", Func: "A", Source: "package main\nvar n int\nvar f func() int\nfunc A() { k := 40; f = func() int { k++; return k } }\n"},
		{ID: "b", Cell: "b", Func: "B", Source: "package main\nimport \"fmt\"\nfunc B() { for { n++; if n == 1 { fmt.Print(\"begun \") } } }\n"},
		{ID: "c", Cell: "c", Func: "C", Source: "package main\nimport \"fmt\"\nfunc C() { fmt.Print(n > 0, f(), f()) }\n"},
	}
	s := startUnits(t, units)
	if err := s.Call(context.Background(), "a"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		for s.printed() == "" {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	if f, ok := s.Call(ctx, "b").(*engine.Fault); !ok || f.Kind != "stopped" {
		t.Fatal("not stopped")
	}
	if err := s.Call(context.Background(), "c"); err != nil {
		t.Fatal(err)
	}
	if got := s.out.String(); got != "begun true 41 42" {
		t.Errorf("printed %q", got)
	}
}

// TestTimerPanic: a panic in a timer's func fails the cell, not the process.
func TestTimerPanic(t *testing.T) {
	s := start(t, "package main\nimport \"time\"\nfunc Run() {\ndone := make(chan int)\ntime.AfterFunc(time.Millisecond, func() {\npanic(\"in there\")\n})\n<-done\n}\n")
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	f, ok := s.Call(ctx, "u").(*engine.Fault)
	if !ok || f.Kind != "panic" || f.Message != "in there" {
		t.Errorf("ended with %+v", f)
	}
}

// TestRedefined: a cell that runs anew has its new funcs and types; what was
// compiled before and not changed keeps the old ones, which have names of their own.
func TestRedefined(t *testing.T) {
	g := New(nil)
	old := wire.Unit{ID: "a1", Cell: "a", Source: "package main\ntype T struct{ x int }\nfunc (t T) String() string { return \"old\" }\nfunc F() any { return T{1} }\n"}
	use := wire.Unit{ID: "b1", Cell: "b", Func: "B", Source: "package main\nimport \"fmt\"\nfunc B() { fmt.Print(F()) }\n"}
	p, problems := g.Compile(nil, []wire.Unit{old, use})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	s := &started{}
	i, err := p.NewInstance(s.bindings())
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	if err := i.Call(context.Background(), "b1"); err != nil {
		t.Fatal(err)
	}
	fresh := wire.Unit{ID: "a2", Cell: "a", Source: "package main\ntype Tʹ2 struct{ x, y string }\nfunc (t Tʹ2) String() string { return t.y }\nfunc Fʹ2() any { return Tʹ2{y: \"new\"} }\n"}
	again := wire.Unit{ID: "b2", Cell: "b", Func: "B2", Source: "package main\nimport \"fmt\"\nfunc B2() { x := Fʹ2(); fmt.Printf(\" %v %T\", x, x) }\n"}
	next, problems := g.Compile(p, []wire.Unit{fresh, again})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if err := i.Update(next); err != nil {
		t.Fatal(err)
	}
	if err := i.Call(context.Background(), "b2"); err != nil {
		t.Fatal(err)
	}
	if got := s.out.String(); got != "old new main.T" {
		t.Errorf("printed %q", got)
	}
}

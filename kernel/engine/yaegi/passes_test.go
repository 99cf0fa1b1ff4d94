package yaegi

import (
	"fmt"
	"go/token"
	"go/types"
	"regexp"
	"strings"
	"testing"

	"stnb.dev/kernel/wire"
)

// emitted is the text that yaegi gets for a program.
func emitted(t *testing.T, src string) string {
	t.Helper()
	p, problems := New(nil).Compile(nil, []wire.Unit{{ID: "u", Cell: "c", Func: "Run", Source: src}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var b strings.Builder
	for _, ch := range p.(*program).chunks {
		b.WriteString(ch.text)
	}
	return b.String()
}

// TestPasses: what each of the emitter's passes makes of a statement.
func TestPasses(t *testing.T) {
	const decls = `package main
import "fmt"
var _ = fmt.Sprint
type Celsius float64
func (c Celsius) String() string { return "c" }
type Shape interface{ Area() float64 }
type Sq struct{ s float64 }
func (q Sq) Area() float64 { return q.s * q.s }
type A struct{ b *B }
type B struct{ a *A }
func two() (int, int) { return 1, 2 }
func add(a, b int) int { return a + b }
func Max[T int | float64](a, b T) T { if a > b { return a }; return b }
`
	for name, c := range map[string]struct {
		body string
		want []string // expressions that match
		not  string
	}{
		"named basic types are their underlying type": {"var c Celsius = 3; _ = c", []string{`c := float64\(3\.0\)|var c float64|c = float64`}, `var c Celsius`},
		"a value goes into an interface in a box":     {"var x any = Celsius(3); _ = x", []string{`rtǁ\.B\(\d+, float64\(3\.0\)\)`}, ""},
		"a compiled type needs none":                  {"var x any = 3; _ = x", []string{`rtǁ\.A\(int\(3\)\)`}, `rtǁ\.B`},
		"methods are funcs":                           {"_ = Sq{2}.Area()", []string{`func Sqǃ\w+\(q `}, `func \(q`},
		"interfaces dispatch by a table":              {"var s Shape = Sq{2}; _ = s.Area()", []string{`callǁ\d+\(s\)`, `vtǁ\d+\[\d+\] = `}, ""},
		"generics are written out":                    {"_ = Max(1, 2); _ = Max(1.0, 2)", []string{`func Max\w+\(a int, b int\) int`, `func Max\w+\(a float64, b float64\) float64`}, `\[T`},
		"closures are top-level funcs":                {"n := 0; f := func() { n++ }; f()", []string{`func cl\w+\(n \*int\) func\(\)`, `n := new\(int\)`}, ""},
		"a loop looks at the stop flag":               {"for {}", []string{`for \{\n\s*if stopǁ \{ rtǁ\.Check`}, ""},
		"an index is tested":                          {"s, i := []int{1}, 0; s[i] = 2", []string{`if i >= len\(s\) \|\| i < 0 \{ rtǁ\.Index\(i, len\(s\), false\) \}`}, ""},
		"not one that a loop keeps in range":          {"s := []int{1}; for i := range s { _ = s[i] }", nil, `rtǁ\.Index`},
		"several targets are found before they change": {"s, i := []int{1, 2}, 0; i, s[i] = 1, 5; _ = i",
			[]string{`t\w+ := int\(i\)`, `i = t\w+`, `rtǁ\.Index`}, ""},
		"go and defer take a thunk":            {"defer add(1, 2); go add(3, 4)", []string{`\.Push\(th\w+\(`, `rtǁ\.Go\(th\w+\(`}, `\bgo add`},
		"a call with the results of another":   {"_ = add(two())", []string{`func sp\w+\(p0ǁ int, p1ǁ int\) int`, `sp\w+\(twoǁ\d+\(\)\)`}, ""},
		"a field that closes a cycle":          {"a := &A{}; a.b = &B{a}; _ = a.b.a", []string{`a\.b = rtǁ\.A\(`, `fld\w+\(`}, ""},
		"append reads before it writes":        {"s := []int{1}; s = append(s[:0], 5, s[0])", []string{`func app\w+\(s \[\]int, p0ǁ int, p1ǁ int\)`}, ""},
		"a conversion needs no parentheses":    {"x := 3; _ = int64(x)", []string{`int64\(x\)`}, `\(int64\)`},
		"a func as a value":                    {"f := add; _ = f", []string{`f = addǁ\d+; return f`}, ""},
		"goto has its own label":               {"i := 0\nL: for { i++; if i < 3 { goto L }; break L }", []string{`LǁG:`, `LǁL: for`, `goto LǁG`, `break LǁL`}, ""},
		"small integers wrap":                  {"var b byte = 255; b++", []string{`b = byte\(b \+ 1\)`}, ""},
		"a select is a call":                   {"c := make(chan int); select { case <-c: default: }", []string{`rtǁ\.Select\(true, rtǁ\.CanRecv\(c\)\)`}, `select \{`},
		"a map of interfaces looks at its key": {"m := map[any]int{}; m[Sq{1}] = 1", []string{`\[rtǁ\.H\(rtǁ\.B\(`}, ""},
		"a range over a func is a call of it":  {"for x := range func(yield func(int) bool) { yield(1) } { _ = x }", []string{`f\w+\(func\(v\w+ int\) bool \{`, `rtǁ\.Exhausted`}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			text := emitted(t, decls+"func Run() {\n"+c.body+"\n}\n")
			has := func(expr string) bool {
				return regexp.MustCompile(strings.ReplaceAll(expr, `\w`, `[\pL\d]`)).MatchString(text)
			}
			for _, w := range c.want {
				if !has(w) {
					t.Errorf("%s is not in\n%s", w, text)
				}
			}
			if c.not != "" && has(c.not) {
				t.Errorf("%s is in\n%s", c.not, text)
			}
		})
	}
}

// TestBoundsInGosWords compares with what the compiler's code panics with.
func TestBoundsInGosWords(t *testing.T) {
	said := func(f func()) (text string) {
		defer func() {
			if r := recover(); r != nil {
				text = fmt.Sprint(r)
			}
		}()
		f()
		return "nothing"
	}
	s, str := make([]int, 3, 5), "abc"
	for _, i := range []int{-1, 0, 2, 4, 6} {
		for _, j := range []int{-2, 0, 1, 4, 5, 7} {
			want := said(func() { _ = s[i:j] })
			got := said(func() {
				if i < 0 || i > j || j > cap(s) {
					sliceFault(i, j, cap(s), "capacity", 0)
				}
			})
			if got != want {
				t.Errorf("[%d:%d]: %s, not %s", i, j, got, want)
			}
			if got, want := said(func() { substring(str, i, j, true, 0) }), said(func() { _ = str[i:j] }); got != want {
				t.Errorf("string [%d:%d]: %s, not %s", i, j, got, want)
			}
			if got, want := said(func() { substring(str, 0, int(uint(j)), true, 2) }), said(func() { _ = str[:uint(j)] }); got != want {
				t.Errorf("string [:uint(%d)]: %s, not %s", j, got, want)
			}
			for _, k := range []int{-1, 0, 3, 5, 9} {
				want := said(func() { _ = s[i:j:k] })
				got := said(func() {
					if i < 0 || i > j || j > k || k > cap(s) {
						slice3Fault(i, j, k, cap(s), "capacity", 0)
					}
				})
				if got != want {
					t.Errorf("[%d:%d:%d]: %s, not %s", i, j, k, got, want)
				}
			}
		}
		if got, want := said(func() { indexFault(i+9*(i&^3), 3, false) }), said(func() { _ = s[i+9*(i&^3)] }); i < 0 && got != want {
			t.Errorf("[%d]: %s, not %s", i, got, want)
		}
	}
	if got, want := said(func() { toArray(s, new([4]int)) }), said(func() { _ = [4]int(s) }); got != want {
		t.Errorf("%s, not %s", got, want)
	}
}

// TestTypeNames: types are named as package reflect names them.
func TestTypeNames(t *testing.T) {
	pkg := types.NewPackage("main", "main")
	named := types.NewNamed(types.NewTypeName(token.NoPos, pkg, "Tʹ2", nil), types.NewStruct(nil, nil), nil)
	param := func(n string, t types.Type) *types.Var { return types.NewParam(token.NoPos, pkg, n, t) }
	field := types.NewField(token.NoPos, pkg, "X", named, false)
	for want, typ := range map[string]types.Type{
		"main.T":                             named,
		"[]*main.T":                          types.NewSlice(types.NewPointer(named)),
		"map[string]interface {}":            types.NewMap(tString, tAny),
		"func(main.T, ...int) error":         types.NewSignatureType(nil, nil, nil, types.NewTuple(param("a", named), param("b", types.NewSlice(tInt))), types.NewTuple(param("err", tError)), true),
		"struct { X main.T }":                types.NewStruct([]*types.Var{field}, nil),
		"struct { X main.T \"a:\\\"\\\"\" }": types.NewStruct([]*types.Var{field}, []string{`a:""`}),
		"struct {}":                          types.NewStruct(nil, nil),
		"<-chan [3]main.T":                   types.NewChan(types.RecvOnly, types.NewArray(named, 3)),
	} {
		if got := (&instance{}).typeName(typ); got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
}

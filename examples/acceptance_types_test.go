package examples

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stnb.dev/appmode/apptest"
)

const colour = `type Colour int
const (
	Red Colour = iota
	Green
	Blue
)
func (c Colour) String() string { return [...]string{"red", "green", "blue"}[c] }
`

var types = []promise{
	{"D01", "a value in state keeps its type across reruns", func(t *testing.T) {
		showsTrue(t, "types/same-type.md", 1)
		at := cells(t, `type MyType struct{ A, B string }
obj := st.State("obj", MyType{"foo", "bar"})
obj.Set(obj.Get())
_, ok := any(obj.Get()).(MyType)
st.Metric("Same type", ok)
st.Button("Rerun")`)
		for range 3 {
			equal(t, "same type", at.Metric("Same type").Value(), "true")
			at.Button("Rerun").Click()
		}
	}},
	{"D02", "a type of a local package beside the notebook keeps its identity", func(t *testing.T) {
		showsTrue(t, "types/local-package.md", 1)
		at := localPackage(t)
		for range 3 {
			equal(t, "same type", at.Metric("Same type").Value(), "true")
			at.Run()
		}
	}},
	{"D03", "a changed local package is loaded without a restart", func(t *testing.T) {
		at := localPackage(t)
		equal(t, "before", at.Metric("Greeting").Value(), "hello")
		changeLocalPackage(t, at)
		at.Reload()
		equal(t, "after", at.Metric("Greeting").Value(), "good day")
	}},
	{"D04", "equality of values holds across reruns", func(t *testing.T) {
		showsTrue(t, "types/equal.md", 2)
		at := cells(t, `type Data struct { Var1 int; Var2 float64 }
first := st.State("first", Data{1, 5.5})
first.Set(first.Get())
again := Data{1, 5.5}
st.Metric("Equal", first.Get() == again)
st.Button("Rerun")`)
		for range 3 {
			equal(t, "equal", at.Metric("Equal").Value(), "true")
			at.Button("Rerun").Click()
		}
	}},
	{"D05", "a value stored as text comes back from it", func(t *testing.T) {
		showsTrue(t, "types/serialised.md", 1)
		at := cells(t, `type Point struct{ X, Y int }
func (p Point) Text() string { return fmt.Sprint(p.X, ",", p.Y) }
func parse(s string) (p Point) { fmt.Sscanf(strings.ReplaceAll(s, ",", " "), "%d %d", &p.X, &p.Y); return }
kept := st.State("point", Point{3, 4}.Text())
kept.Set(kept.Get())
st.Metric("Point", parse(kept.Get()) == Point{3, 4})`)
		at.Run()
		equal(t, "point", at.Metric("Point").Value(), "true")
	}},
	{"D06", "a shared object survives reruns and is one for all visitors", func(t *testing.T) {
		res := open(t, "types/resource.md")
		another := res.Visit()
		res.Button("Use it").Click()
		equal(t, "uses", another.Button("Use it").Click().Metric("Your last use was number").Value(), "2")
		at := cells(t, `type Counter struct{ N int }
shared := st.CacheResource("counter", func(start int) (*Counter, error) { return &Counter{start}, nil }, st.TTL(5*time.Minute))
counter := shared.Must(0)
if st.Button("Add") { counter.N++ }
st.Metric("N", counter.N)`)
		at.Button("Add").Click()
		at.Run()
		equal(t, "n", at.Metric("N").Value(), "1")
		other := at.Visit()
		equal(t, "another visitor", other.Metric("N").Value(), "1")
	}},
	{"D07", "a cache goes by what the func is, not by which object it is in this run", func(t *testing.T) {
		at := cells(t, `calls := st.State("calls", 0)
f := st.CacheData("f", func(n int) (int, error) { calls.Set(calls.Get() + 1); return n + 1, nil })
st.Metric("v", f.Must(1))
st.Metric("calls", calls.Get())`)
		at.Run()
		at.Run()
		equal(t, "calls", at.Metric("calls").Value(), "1")
	}},
	{"D08", "the same definition is the same type; another is not", func(t *testing.T) {
		twice := open(t, "types/twice.md")
		equal(t, "A equals B", twice.Metric("A equals B").Value(), "true")
		equal(t, "A equals C", twice.Metric("A equals C").Value(), "false")
		at := cells(t, `type A struct{ N int }
type B struct{ N int }
held := st.State("held", any(A{1}))
held.Set(held.Get())
st.Metric("A is A", held.Get() == any(A{1}))
st.Metric("A is B", held.Get() == any(B{1}))`)
		at.Run()
		equal(t, "A is A", at.Metric("A is A").Value(), "true")
		equal(t, "A is B", at.Metric("A is B").Value(), "false")
	}},
	{"D09", "options are kept per session, the browser sends an index", func(t *testing.T) {
		at := cells(t, colour, `c := st.Selectbox("Colour", []Colour{Red, Green, Blue})
st.Metric("Chosen", c)`)
		two := at.Visit()
		at.Selectbox("Colour").Select("green")
		equal(t, "one", at.Metric("Chosen").Value(), "green")
		equal(t, "two", two.Metric("Chosen").Value(), "red")
	}},
	{"D10", "what a widget returns equals the option made in this run", func(t *testing.T) {
		pathological(t)
		at := cells(t, `type Marshall struct{ Name string }
a, b := Marshall{"A"}, Marshall{"B"}
chosen := st.Selectbox("Who", []Marshall{a, b})
st.Metric("is A", chosen == a)
st.Metric("is B", chosen == b)`)
		at.Selectbox("Who").Select(at.Selectbox("Who").Options()[1])
		equal(t, "is A", at.Metric("is A").Value(), "false")
		equal(t, "is B", at.Metric("is B").Value(), "true")
		at.Run()
		equal(t, "is B", at.Metric("is B").Value(), "true")
	}},
	{"D11", "methods, type switches and map keys hold across reruns", func(t *testing.T) {
		at := cells(t, colour, `type Shape interface{ Area() int }
type Square struct{ Side int }
func (s Square) Area() int { return s.Side * s.Side }
held := st.State("shape", Shape(Square{3}))
held.Set(held.Get())
kind := "other"
switch held.Get().(type) {
case Square:
	kind = "square"
}
counts := st.State("counts", map[Colour]int{Green: 7})
counts.Set(counts.Get())
st.Metric("kind", kind)
st.Metric("area", held.Get().Area())
st.Metric("green", counts.Get()[Green])`)
		for range 3 {
			equal(t, "kind", at.Metric("kind").Value(), "square")
			equal(t, "area", at.Metric("area").Value(), "9")
			equal(t, "green", at.Metric("green").Value(), "7")
			at.Run()
		}
	}},
	{"D12", "constants of a named type are options of every select widget", func(t *testing.T) {
		at := cells(t, colour, `all := []Colour{Red, Green, Blue}
one := st.Selectbox("Selectbox", all)
two := st.Radio("Radio", all)
some := st.Multiselect("Multiselect", all)
pill, _ := st.Pills("Pills", all)
slid := st.SelectSlider("Slider", all)
st.Write(one, two, len(some), pill, slid)`)
		at.MustWork()
		for _, options := range [][]string{at.Selectbox("Selectbox").Options(), at.Radio("Radio").Options(), at.Multiselect("Multiselect").Options(), at.Pills("Pills").Options()} {
			equal(t, "labels", strings.Join(options, " "), "red green blue")
		}
		at.Multiselect("Multiselect").Select("green", "blue")
		at.Radio("Radio").Select("blue")
		at.MustShow("red blue 2").MustWork()
	}},
	{"D13", "a constant chosen before a rerun equals the same constant after it", func(t *testing.T) {
		picked := open(t, "types/colours.md")
		picked.Multiselect("Pick colors").Select("Red", "Green")
		picked.MustShow("Hooray, you found the color YELLOW!")
		picked.Multiselect("Pick colors").Select("Red", "Blue")
		picked.MustNotShow("Hooray")
		at := cells(t, colour, `c := st.Selectbox("Colour", []Colour{Red, Green, Blue}, st.Key("c"))
st.Metric("is Green", c == Green)
st.Metric("in state", st.State("c", Red).Get() == Green)
some := st.Multiselect("Some", []Colour{Red, Green, Blue})
st.Metric("has Blue", slices.Contains(some, Blue))
st.Button("Rerun")`)
		at.Selectbox("c").Select("green")
		at.Multiselect("Some").Select("blue")
		for range 3 {
			equal(t, "is Green", at.Metric("is Green").Value(), "true")
			equal(t, "in state", at.Metric("in state").Value(), "true")
			equal(t, "has Blue", at.Metric("has Blue").Value(), "true")
			at.Button("Rerun").Click()
		}
	}},
	{"D14", "the comparison is never false by mistake, also after the notebook was loaded again", func(t *testing.T) {
		name := filepath.Join(t.TempDir(), "app.md")
		text := "```go\nimport st \"stnb.dev/widgets\"\n" + colour + "c := st.Selectbox(\"Colour\", []Colour{Red, Green, Blue})\nst.Metric(\"is Green\", c == Green)\n```\n"
		write(t, name, text)
		at := apptest.Open(t, name)
		at.Selectbox("Colour").Select("green")
		write(t, name, text+"\nMore text.\n")
		at.Reload()
		at.MustShow("More text.")
		equal(t, "is Green", at.Metric("is Green").Value(), "true")
	}},
	{"D15", "a changed definition converts what still fits and drops the rest with a notice", func(t *testing.T) {
		name := filepath.Join(t.TempDir(), "app.md")
		text := func(fields, init string) string {
			return "```go\nimport st \"stnb.dev/widgets\"\ntype Pet struct{ " + fields + " }\npet := st.State(\"pet\", Pet{" + init + "})\npet.Set(pet.Get())\nst.Write(pet.Get().Name)\n```\n"
		}
		write(t, name, text("Name string", `Name: "Rex"`))
		at := apptest.Open(t, name)
		at.MustShow("Rex").MustWork()
		write(t, name, text("Name string; Legs int", `Name: "Ina"`))
		at.Reload()
		at.MustShow("Rex").MustWork() // it still fits: the new field is empty
		write(t, name, strings.ReplaceAll(text("Name int", `Name: 7`), "pet.Get().Name", "pet.Get().Name+1"))
		at.Reload()
		at.MustShow("8").MustWork() // it does not: a fresh one
	}},
}

// showsTrue opens an example that shows true so many times, in every run.
func showsTrue(t *testing.T, name string, times int) {
	t.Helper()
	at := open(t, name)
	for range 3 {
		equal(t, name+": true shown", strings.Count(at.MustWork().Text(), "true"), times)
		at.Button("Rerun").Click()
	}
	at.MustNotShow("false")
}

// pathological is the example with an equal option of an earlier run: whichever is
// chosen equals both.
func pathological(t *testing.T) {
	t.Helper()
	at := open(t, "types/options.md")
	for _, option := range at.Selectbox("Pick").Options() {
		at.Selectbox("Pick").Select(option)
		equal(t, "true shown for "+option, strings.Count(at.MustWork().Text(), "true"), 2)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

const localNotebook = "```go\nimport (\n\t\"shop/greet\"\n\n\tst \"stnb.dev/widgets\"\n)\n" +
	"held := st.State(\"held\", greet.Person{Name: \"Ada\"})\nheld.Set(held.Get())\n_, ok := any(held.Get()).(greet.Person)\n" +
	"st.Metric(\"Same type\", ok)\nst.Metric(\"Greeting\", greet.Word())\n```\n"

// localPackage opens an app that imports a package which stands beside it.
func localPackage(t *testing.T) *apptest.App {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "greet"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "go.mod"), "module shop\n\ngo 1.26\n")
	write(t, filepath.Join(dir, "greet", "greet.go"), "package greet\n\ntype Person struct{ Name string }\n\nfunc Word() string { return \"hello\" }\n")
	write(t, filepath.Join(dir, "app.md"), localNotebook)
	return apptest.Open(t, filepath.Join(dir, "app.md"))
}

func changeLocalPackage(t *testing.T, at *apptest.App) {
	t.Helper()
	write(t, filepath.Join(at.Dir(), "greet", "greet.go"), "package greet\n\ntype Person struct{ Name string }\n\nfunc Word() string { return \"good day\" }\n")
}

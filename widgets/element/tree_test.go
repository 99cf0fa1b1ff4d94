package element_test

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"stnb.dev/widgets/element"
)

// text is a leaf, box a container.
func text(s string) *element.Element {
	b, _ := json.Marshal(element.Text{Text: s})
	return &element.Element{Kind: "text", Props: b}
}
func box() *element.Element   { return &element.Element{Kind: "container"} }
func empty() *element.Element { return &element.Element{Kind: "empty"} }

func setAt(p element.Path, e *element.Element) element.Delta {
	return element.Delta{Op: element.Set, Path: p, Element: e}
}

// show writes deltas one a line: "set main/a.0 text {...}".
func show(ds []element.Delta) string {
	var b strings.Builder
	for _, d := range ds {
		fmt.Fprintf(&b, "%s %s", d.Op, d.Path)
		if d.Element != nil {
			fmt.Fprintf(&b, " %s %s", d.Element.Kind, d.Element.Props)
		}
		if d.Data != nil {
			fmt.Fprintf(&b, " %s", d.Data)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func want(t *testing.T, got []element.Delta, want ...string) {
	t.Helper()
	w := strings.Join(want, "\n")
	if w != "" {
		w += "\n"
	}
	if g := show(got); g != w {
		t.Errorf("got:\n%swant:\n%s", g, w)
	}
}

func TestOnlyWhatChangedIsSent(t *testing.T) {
	tr := element.NewTree()
	tr.Begin(1, element.Scope{})
	want(t, tr.Apply(setAt("main/a.0", text("x"))), `set main/a.0 text {"text":"x"}`)
	want(t, tr.Apply(setAt("main/a.1", text("y"))), `set main/a.1 text {"text":"y"}`)
	want(t, tr.Apply(setAt("main/b.0", text("z"))), `set main/b.0 text {"text":"z"}`)
	want(t, tr.End(true))

	tr.Begin(2, element.Scope{})
	want(t, tr.Apply(setAt("main/a.0", text("x"))))
	want(t, tr.Apply(setAt("main/a.1", text("Y"))), `set main/a.1 text {"text":"Y"}`)
	want(t, tr.End(true), `remove main/b.0`)
}

func TestScope(t *testing.T) {
	fresh := func() *element.Tree {
		tr := element.NewTree()
		tr.Begin(1, element.Scope{})
		tr.Apply(setAt("main/a.0", box()))
		tr.Apply(setAt("main/a.0/b.0", text("b in a")))
		tr.Apply(setAt("main/b.0", text("b")))
		tr.Apply(setAt("main/.0", text("callback")))
		tr.Apply(setAt("event/page", text("title")))
		tr.Apply(setAt("main/a.1", &element.Element{Kind: "container", Fragment: "f"}))
		tr.Apply(setAt("main/a.1/a.0", text("in f")))
		tr.End(true)
		return tr
	}
	t.Run("cells", func(t *testing.T) {
		tr := fresh()
		tr.Begin(2, element.Scope{Cells: []string{"b"}})
		want(t, tr.End(true), "remove main/a.0/b.0", "remove main/b.0", "remove main/.0")
	})
	t.Run("fragments", func(t *testing.T) {
		tr := fresh()
		tr.Begin(2, element.Scope{Fragments: []string{"f"}})
		tr.Apply(setAt("main/a.1", &element.Element{Kind: "container", Fragment: "f"}))
		want(t, tr.End(true), "remove main/a.1/a.0")
	})
	t.Run("superseded", func(t *testing.T) {
		tr := fresh()
		tr.Begin(2, element.Scope{})
		want(t, tr.End(false))
	})
	t.Run("narrowed", func(t *testing.T) {
		tr := fresh()
		tr.Begin(2, element.Scope{Cells: []string{"a", "b"}})
		tr.Narrow([]string{"b"})
		want(t, tr.End(true), "remove main/a.0/b.0", "remove main/b.0", "remove main/.0")
	})
	t.Run("remove cells", func(t *testing.T) {
		tr := fresh()
		want(t, tr.RemoveCells("b"), "remove main/a.0/b.0", "remove main/b.0")
	})
}

func TestContainerSetTwiceStartsEmpty(t *testing.T) {
	tr := element.NewTree()
	for run := uint64(1); run <= 2; run++ {
		tr.Begin(run, element.Scope{})
		tr.Apply(setAt("main/a.0", empty()))
		tr.Apply(setAt("main/a.0/a.0", box()))
		tr.Apply(setAt("main/a.0/a.0/a.0", text("one")))
		want(t, tr.Apply(setAt("main/a.0/a.0", box())), "clear main/a.0/a.0")
		want(t, tr.Apply(setAt("main/a.0/a.0/a.0", text("two"))), `set main/a.0/a.0/a.0 text {"text":"two"}`)
		want(t, tr.End(true))
	}
}

func TestContainerKeepsChildrenAcrossRuns(t *testing.T) {
	tr := element.NewTree()
	tr.Begin(1, element.Scope{})
	tr.Apply(setAt("main/a.0", box()))
	tr.Apply(setAt("main/a.0/a.0", text("kept")))
	tr.End(true)
	tr.Begin(2, element.Scope{})
	want(t, tr.Apply(setAt("main/a.0", &element.Element{Kind: "container", Key: "k"})), "set main/a.0 container ")
	want(t, tr.Apply(setAt("main/a.0/a.0", text("kept"))))
	want(t, tr.End(true))
}

func TestEmptyShowsTheLastOfAnyKind(t *testing.T) {
	tr := element.NewTree()
	tr.Begin(1, element.Scope{})
	tr.Apply(setAt("main/a.0", empty()))
	tr.Apply(setAt("main/a.0/a.0", text("from a")))
	want(t, tr.Apply(setAt("main/a.0/b.0", text("from b"))), "clear main/a.0", `set main/a.0/b.0 text {"text":"from b"}`)
	want(t, tr.Apply(setAt("main/a.0/b.0", box())), "set main/a.0/b.0 container ")
	want(t, tr.Apply(element.Delta{Op: element.Clear, Path: "main/a.0"}), "clear main/a.0")
	want(t, tr.Apply(element.Delta{Op: element.Clear, Path: "main/a.0"}))
}

func TestAppendsComeBackWithAll(t *testing.T) {
	tr := element.NewTree()
	tr.Begin(1, element.Scope{})
	tr.Apply(setAt("main/a.0", text("")))
	add := element.Delta{Op: element.Append, Path: "main/a.0", Data: json.RawMessage(`{"text":"+"}`)}
	want(t, tr.Apply(add), `append main/a.0 {"text":"+"}`)
	want(t, tr.Apply(add), `append main/a.0 {"text":"+"}`)
	want(t, tr.All(), `set main/a.0 text {"text":""}`, `append main/a.0 {"text":"+"}`, `append main/a.0 {"text":"+"}`)
	tr.End(true)
	// The same element again stands without what was appended.
	tr.Begin(2, element.Scope{})
	want(t, tr.Apply(setAt("main/a.0", text(""))), `set main/a.0 text {"text":""}`)
	want(t, tr.Apply(element.Delta{Op: element.Append, Path: "main/nowhere.0"}))
}

func TestWidgets(t *testing.T) {
	tr := element.NewTree()
	tr.Begin(1, element.Scope{})
	tr.Apply(setAt("sidebar/c7.0", &element.Element{Kind: "slider", ID: "w1", Fragment: "f"}))
	p, e, ok := tr.Widget("w1")
	if !ok || p.Cell() != "c7" || e.Kind != "slider" {
		t.Errorf("Widget: %v %v %v", p, e, ok)
	}
	if !tr.HasFragment("f") || tr.HasFragment("g") {
		t.Error("HasFragment")
	}
	tr.Apply(element.Delta{Op: element.Remove, Path: "sidebar/c7.0"})
	if _, _, ok := tr.Widget("w1"); ok || tr.HasFragment("f") {
		t.Error("a removed widget is still known")
	}
	if _, _, ok := tr.Widget(""); ok {
		t.Error("the empty ID is no widget")
	}
}

// Whatever happens, a browser that follows the deltas shows what All says.
func TestFollowingTheDeltasShowsTheScreen(t *testing.T) {
	for seed := int64(0); seed < 300; seed++ {
		r := rand.New(rand.NewSource(seed))
		tr, follower := element.NewTree(), element.NewTree()
		fseq := uint64(0)
		follow := func(ds []element.Delta) {
			for _, d := range ds {
				fseq++ // every delta a run of its own: sets never count as "again"
				follower.Begin(fseq, element.Scope{})
				follower.Apply(d)
			}
		}
		paths := []element.Path{"main/a.0", "main/b.0", "sidebar/a.0", "main/a.0/a.0", "main/a.0/b.0", "main/a.0/a.0/c.0", "main/b.0/c.0"}
		for run := uint64(1); run < 8; run++ {
			var sc element.Scope
			if r.Intn(2) == 0 {
				sc.Cells = []string{"a", "b"}[:1+r.Intn(2)]
			}
			tr.Begin(run, sc)
			for range r.Intn(12) {
				d := element.Delta{Path: paths[r.Intn(len(paths))]}
				switch r.Intn(8) {
				case 0:
					d.Op = element.Remove
				case 1:
					d.Op = element.Clear
				case 2:
					d.Op, d.Data = element.Append, json.RawMessage(`{"text":"+"}`)
				default:
					d.Op = element.Set
					d.Element = []*element.Element{text(fmt.Sprint(r.Intn(3))), box(), empty(), {Kind: "form"}}[r.Intn(4)]
				}
				follow(tr.Apply(d))
			}
			follow(tr.End(r.Intn(3) > 0))
			if a, b := show(tr.All()), show(follower.All()); a != b {
				t.Fatalf("seed %d run %d: screen\n%sfollower\n%s", seed, run, a, b)
			}
		}
	}
}

func TestManyAppendsBecomeOne(t *testing.T) {
	tr := element.NewTree()
	tr.Begin(1, element.Scope{})
	tr.Apply(setAt("main/a.0", text("")))
	for i := range 1000 {
		data := fmt.Sprintf(`{"x":[%d],"series":[[%d],[%d]],"rows":[["r%d"]],"text":"t","ref":"f%d"}`, i, i, -i, i, i)
		tr.Apply(element.Delta{Op: element.Append, Path: "main/a.0", Data: json.RawMessage(data)})
	}
	var x, s0, s1, rows, chars int
	ref := ""
	all := tr.All()
	for _, d := range all[1:] {
		var v struct {
			X         []int
			Series    [][]int
			Rows      [][]string
			Text, Ref string
		}
		if err := json.Unmarshal(d.Data, &v); err != nil {
			t.Fatal(err)
		}
		for i, n := range v.X {
			if n != x+i || v.Series[0][i] != n || v.Series[1][i] != -n || v.Rows[i][0] != fmt.Sprint("r", n) {
				t.Fatalf("at %d: %d %d %d %v", x+i, n, v.Series[0][i], v.Series[1][i], v.Rows[i])
			}
		}
		x, s0, s1, rows, chars, ref = x+len(v.X), s0+len(v.Series[0]), s1+len(v.Series[1]), rows+len(v.Rows), chars+len(v.Text), v.Ref
	}
	if len(all) > 600 || x != 1000 || s0 != 1000 || s1 != 1000 || rows != 1000 || chars != 1000 || ref != "f999" {
		t.Errorf("%d deltas, %d %d %d %d %d %s", len(all), x, s0, s1, rows, chars, ref)
	}
}

package ssa

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/wire"
)

// notebook makes units as the front end lowers cells of 15 lines: a changed cell
// has other names, and so have the cells that use them.
type notebook struct {
	version []int
	chain   bool // each cell uses the one above; else the first
}

func (n notebook) cell(k int) wire.Unit {
	name := func(k int) string {
		if n.version[k] == 0 {
			return fmt.Sprint(k)
		}
		return fmt.Sprintf("%dʹ%d", k, n.version[k]+1)
	}
	uses := 0
	if n.chain {
		uses = max(k-1, 0)
	}
	r := strings.NewReplacer("$P", name(uses), "$N", name(k), "$I", fmt.Sprint(k))
	return units(r.Replace(`import ("fmt"; "slices"; "strings")
type Pet$N struct { Name string; Age int }
func (p Pet$N) String() string { return fmt.Sprintf("%s (%d)", p.Name, p.Age) }
func oldest$N(ps []Pet$N) Pet$N {
	return slices.MaxFunc(ps, func(a, b Pet$N) int { return a.Age - b.Age })
}
var pets$N []Pet$N
var names$N map[string]int
func Cell$N() {
	pets$N = []Pet$N{{"Tom", 3}, {"Rex", $I}, {strings.ToUpper("version$N"), 7}}
	names$N = map[string]int{}
	for _, p := range pets$N { names$N[p.Name] += p.Age }
	if len(names$P) > 0 { names$N["before"] = len(names$P) }
	fmt.Println(oldest$N(pets$N), len(names$N))
}`))[0]
}

func newNotebook(n int) notebook { return notebook{version: make([]int, n)} }

func (n notebook) units() (us []wire.Unit) {
	for k := range n.version {
		us = append(us, n.cell(k))
	}
	return us
}

// change edits cell k: in a chain all below follow. It gives the units that are new.
func (n notebook) change(k int) (us, fresh []wire.Unit) {
	last := k
	if n.chain {
		last = len(n.version) - 1
	}
	for i := k; i <= last; i++ {
		n.version[i]++
	}
	us = n.units()
	return us, us[k : last+1]
}

func BenchmarkIncremental(b *testing.B) {
	e := newEngine()
	compile := func(b *testing.B, prev engine.Program, us []wire.Unit) engine.Program {
		p, problems := e.Compile(prev, us)
		if len(problems) > 0 {
			b.Fatal(problems)
		}
		return p
	}
	call := func(b *testing.B, i engine.Instance, unit wire.Unit) {
		if err := i.Call(b.Context(), unit.ID); err != nil {
			b.Fatal(err)
		}
	}
	quiet := engine.Bindings{"fmt": {"Println": quietPrintln}}
	b.Run("first-value-of-150-lines", func(b *testing.B) {
		nb := newNotebook(10)
		for b.Loop() {
			for k := range nb.version {
				nb.version[k]++
			}
			us := nb.units()
			i, err := compile(b, nil, us).NewInstance(quiet)
			if err != nil {
				b.Fatal(err)
			}
			for _, u := range us {
				call(b, i, u)
			}
			i.Close()
		}
	})
	for _, test := range []struct {
		name  string
		cells int
		chain bool
	}{
		{"changed-cell-of-150-lines", 10, false},
		{"changed-cell-of-100-cells", 100, false},
		{"changed-cell-half-of-150-lines-use", 10, true},
		{"changed-cell-half-of-100-cells-use", 100, true},
	} {
		b.Run(test.name, func(b *testing.B) {
			nb := newNotebook(test.cells)
			nb.chain = test.chain
			us := nb.units()
			p := compile(b, nil, us)
			i, err := p.NewInstance(quiet)
			if err != nil {
				b.Fatal(err)
			}
			defer i.Close()
			for _, u := range us {
				call(b, i, u)
			}
			for b.Loop() {
				us, fresh := nb.change(test.cells / 2)
				p = compile(b, p, us)
				if err := i.Update(p); err != nil {
					b.Fatal(err)
				}
				call(b, i, fresh[0])
			}
		})
	}
}

var quietPrintln = reflect.ValueOf(func(a ...any) (int, error) { return len(a), nil })

// A session costs its data and little more: code is shared.
func TestSessionMemory(t *testing.T) {
	const sessions, most = 200, 50 << 10
	us := newNotebook(10).units()
	p := compileUnits(t, nil, us)
	run := func() engine.Instance {
		i, err := p.NewInstance(engine.Bindings{"fmt": {"Println": quietPrintln}})
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range us {
			if err := i.Call(t.Context(), u.ID); err != nil {
				t.Fatal(err)
			}
		}
		return i
	}
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	run().Close() // compiles what is called
	before := heap()
	var all []engine.Instance
	for range sessions {
		all = append(all, run())
	}
	each := (int64(heap()) - int64(before)) / sessions
	for _, i := range all {
		i.Close()
	}
	t.Logf("%d bytes a session", each)
	if each > most {
		t.Errorf("%d bytes a session, want at most %d", each, most)
	}
}

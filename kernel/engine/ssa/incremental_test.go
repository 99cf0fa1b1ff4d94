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

// cellSource is a cell of 15 lines as people write them, lowered; text is what an
// edit changes.
func cellSource(n int, text string) string {
	r := strings.NewReplacer("$P", fmt.Sprint(max(n-1, 0)), "$N", fmt.Sprint(n), "$T", text)
	s := `import ("fmt"; "slices"; "strings")
type Pet$N struct { Name string; Age int }
func (p Pet$N) String() string { return fmt.Sprintf("%s (%d)", p.Name, p.Age) }
func oldest$N(ps []Pet$N) Pet$N {
	return slices.MaxFunc(ps, func(a, b Pet$N) int { return a.Age - b.Age })
}
var pets$N []Pet$N
var names$N map[string]int
func Cell$N() {
	pets$N = []Pet$N{{"Tom", 3}, {"Rex", $N}, {strings.ToUpper("$T"), 7}}
	names$N = map[string]int{}
	for _, p := range pets$N { names$N[p.Name] += p.Age }
	if len(names$P) > 0 { names$N["before"] = len(names$P) }
	fmt.Println(oldest$N(pets$N), len(names$N))
}`
	return r.Replace(s)
}

func cells(n int) []wire.Unit {
	var sources []string
	for i := range n {
		sources = append(sources, cellSource(i, "first"))
	}
	return units(sources...)
}

// change gives the units with cell k written anew.
func change(us []wire.Unit, k, version int) []wire.Unit {
	out := append([]wire.Unit{}, us...)
	out[k] = units(cellSource(k, fmt.Sprint("v", version)))[0]
	return out
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
		for n := 0; b.Loop(); n++ {
			us := change(cells(10), 0, n)
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
	for name, n := range map[string]int{"changed-cell-of-150-lines": 10, "changed-cell-of-100-cells": 100} {
		b.Run(name, func(b *testing.B) {
			us := cells(n)
			p := compile(b, nil, us)
			i, err := p.NewInstance(quiet)
			if err != nil {
				b.Fatal(err)
			}
			defer i.Close()
			for _, u := range us {
				call(b, i, u)
			}
			for k := 0; b.Loop(); k++ {
				us = change(us, n/2, k)
				p = compile(b, p, us)
				if err := i.Update(p); err != nil {
					b.Fatal(err)
				}
				call(b, i, us[n/2])
			}
		})
	}
}

var quietPrintln = reflect.ValueOf(func(a ...any) (int, error) { return len(a), nil })

// A session costs its data and little more: code is shared.
func TestSessionMemory(t *testing.T) {
	const sessions, most = 200, 50 << 10
	us := cells(10)
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

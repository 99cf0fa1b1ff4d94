package main

import (
	"cmp"
	"os"
	"testing"

	"stnb.dev/kernel"
	"stnb.dev/kernel/wire"
)

// started is a kernel of the real binary, ready for its first run.
type started struct {
	*kernel.Process
	news chan wire.Message
}

func startKernel(b *testing.B, engine string) started {
	b.Helper()
	exe := cmp.Or(os.Getenv("STNB_BIN"), "../../bin/stnb")
	if _, err := os.Stat(exe); err != nil {
		b.Fatalf("make build first: %v", err)
	}
	k := started{news: make(chan wire.Message, 100)}
	p, err := kernel.Start(b.Context(), kernel.Options{
		Exe: exe, Dir: b.TempDir(), Engine: engine,
		Receive: func(m wire.Message) { k.news <- m },
		Exited:  func(kernel.Exit) {},
	})
	if err != nil {
		b.Fatal(err)
	}
	k.Process = p
	k.send(b, wire.Message{Load: &wire.Load{Seq: 1, Units: []wire.Unit{{
		ID: "u", Cell: "a", Func: "cell", Source: "package main\n\nvar n int\n\nfunc cell() { n++ }\n",
	}}}})
	if loaded := k.next(func(m wire.Message) bool { return m.Loaded != nil }).Loaded; len(loaded.Problems) > 0 || loaded.Engine != engine {
		b.Fatalf("loaded %+v", loaded)
	}
	k.send(b, wire.Message{Open: &wire.Open{Session: "s"}})
	return k
}

func (k started) send(b *testing.B, m wire.Message) {
	b.Helper()
	if err := k.Send(m); err != nil {
		b.Fatal(err)
	}
}

func (k started) next(want func(wire.Message) bool) wire.Message {
	for m := range k.news {
		if want(m) {
			return m
		}
	}
	return wire.Message{}
}

// A kernel's start: from nothing to a compiled program.
func BenchmarkKernelStart(b *testing.B) {
	for _, engine := range []string{"yaegi", "ssa"} {
		b.Run(engine, func(b *testing.B) {
			for b.Loop() {
				startKernel(b, engine).Kill()
			}
		})
	}
}

// The round trip of a trivial cell over the pipe.
func BenchmarkCell(b *testing.B) {
	for _, engine := range []string{"yaegi", "ssa"} {
		b.Run(engine, func(b *testing.B) {
			k := startKernel(b, engine)
			defer k.Kill()
			for n := uint64(1); b.Loop(); n++ {
				k.send(b, wire.Message{Run: &wire.Run{Session: "s", Run: n, Cells: []string{"a"}}})
				end := k.next(func(m wire.Message) bool { return m.RunEnd != nil }).RunEnd
				if end.Status != wire.RunOK {
					b.Fatalf("ended %+v", end)
				}
			}
		})
	}
}

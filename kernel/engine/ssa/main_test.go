package ssa

import (
	"context"
	"fmt"
	"os"
	"testing"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/wire"
)

func TestMain(m *testing.M) {
	if f := os.Getenv("STNB_RUN"); f != "" {
		os.Exit(runFile(f))
	}
	os.Exit(m.Run())
}

// runFile runs a whole program as the go command would.
func runFile(name string) int {
	src, err := os.ReadFile(name)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 3
	}
	e := New(nil)
	p, problems := e.Compile(nil, []wire.Unit{{ID: name, Cell: "c", Func: "main", Source: string(src)}})
	if len(problems) > 0 {
		for _, pr := range problems {
			fmt.Fprintf(os.Stderr, "%s:%d:%d: %s\n", pr.Unit, pr.Line, pr.Column, pr.Message)
		}
		return 4
	}
	i, err := p.NewInstance(nil)
	if err == nil {
		err = i.Call(context.Background(), name)
	}
	if err != nil {
		f := err.(*engine.Fault)
		if f.Kind == "exit" {
			var n int
			fmt.Sscanf(f.Message, "exit status %d", &n)
			return n
		}
		kind := f.Kind
		if kind != "panic" {
			kind = "fatal error"
		}
		fmt.Fprintf(os.Stderr, "%s: %s\n", kind, f.Message)
		for _, fr := range f.Frames {
			fmt.Fprintf(os.Stderr, "\t%s %d:%d\n", fr.Func, fr.Line, fr.Column)
		}
		return 2
	}
	return 0
}

func TestLayout(t *testing.T) {
	if m := checkLayout(); m != "" {
		t.Fatal(m)
	}
}

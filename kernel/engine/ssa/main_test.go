package ssa

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/modules"
	"stnb.dev/kernel/wire"
)

func TestMain(m *testing.M) {
	if f := os.Getenv("STNB_RUN"); f != "" {
		os.Exit(runFile(f))
	}
	os.Exit(m.Run())
}

// ending is how a program ended: its exit code and what it says on standard error.
type ending struct {
	code    int
	message string
}

// runFile runs a whole program as the go command would.
func runFile(name string) int {
	src, err := os.ReadFile(name)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 3
	}
	end := runProgram(context.Background(), New(nil), wire.Unit{ID: name, Cell: "c", Func: "main", Source: string(src)})
	fmt.Fprint(os.Stderr, end.message)
	return end.code
}

func runProgram(ctx context.Context, e *Engine, u wire.Unit) ending {
	p, problems := e.Compile(nil, []wire.Unit{u})
	if len(problems) > 0 {
		var b strings.Builder
		for _, pr := range problems {
			fmt.Fprintf(&b, "%s:%d:%d: %s\n", pr.Unit, pr.Line, pr.Column, pr.Message)
		}
		return ending{4, b.String()}
	}
	i, err := p.NewInstance(nil)
	if err == nil {
		defer i.Close()
		err = i.Call(ctx, u.ID)
	}
	if err == nil {
		return ending{}
	}
	f := err.(*engine.Fault)
	if f.Kind == "exit" {
		var n int
		fmt.Sscanf(f.Message, "exit status %d", &n)
		return ending{code: n}
	}
	kind := f.Kind
	if kind != "panic" {
		kind = "fatal error"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", kind, f.Message)
	for _, fr := range f.Frames {
		fmt.Fprintf(&b, "\t%s %d:%d\n", fr.Func, fr.Line, fr.Column)
	}
	return ending{2, b.String()}
}

// TestBodies: what may be imported because it is here is here.
func TestBodies(t *testing.T) {
	for path, names := range modules.Bodies {
		if len(bodies[path]) != len(names) {
			t.Errorf("%s: %d of %d", path, len(bodies[path]), len(names))
		}
		for _, name := range names {
			if bodies[path][name] == nil {
				t.Errorf("%s.%s is missing", path, name)
			}
		}
	}
}

func TestLayout(t *testing.T) {
	if m := checkLayout(); m != "" {
		t.Fatal(m)
	}
}

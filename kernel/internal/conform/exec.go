package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/engine/ssa"
	"stnb.dev/kernel/engine/yaegi"
	"stnb.dev/kernel/wire"
)

// How a child ends when it is not the program that ends it.
const (
	exitRefused = 94
	exitBug     = 95
	refusal     = "refused: "
)

// engines by name.
var engines = map[string]func() engine.Engine{
	"ssa":   func() engine.Engine { return ssa.New(nil) },
	"yaegi": func() engine.Engine { return yaegi.New(nil) },
}

// runProgram runs a whole program as the go command would, and gives the
// process's exit code.
func runProgram(name, file string) int {
	mk := engines[name]
	if mk == nil {
		fmt.Fprintf(os.Stderr, "no engine %q\n", name)
		return exitBug
	}
	src, err := os.ReadFile(file)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return exitBug
	}
	os.Args = os.Args[:1] // the program has none
	unit := wire.Unit{ID: file, Cell: "main", Func: "main", Source: string(src)}
	p, problems := mk().Compile(nil, []wire.Unit{unit})
	if len(problems) > 0 {
		for _, pr := range problems {
			fmt.Fprintf(os.Stderr, "%s%s:%d:%d: %s\n", refusal, pr.Unit, pr.Line, pr.Column, pr.Message)
		}
		return exitRefused
	}
	i, err := p.NewInstance(nil)
	if err == nil {
		err = i.Call(context.Background(), file)
	}
	if err == nil {
		return 0
	}
	var f *engine.Fault
	if !errors.As(err, &f) {
		fmt.Fprintln(os.Stderr, err)
		return exitBug
	}
	switch f.Kind {
	case "exit":
		var n int
		fmt.Sscanf(f.Message, "exit status %d", &n)
		return n
	case "error":
		fmt.Fprintln(os.Stderr, f.Message)
		if strings.HasPrefix(f.Message, "not supported") {
			return exitRefused
		}
		return exitBug
	case "panic":
		fmt.Fprintf(os.Stderr, "panic: %s\n", f.Message)
	default:
		fmt.Fprintf(os.Stderr, "fatal error: %s\n", f.Message)
	}
	for _, fr := range f.Frames {
		fmt.Fprintf(os.Stderr, "\t%s %d:%d\n", fr.Func, fr.Line, fr.Column)
	}
	return 2
}

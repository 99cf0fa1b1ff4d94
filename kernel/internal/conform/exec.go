package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/engine/ssa"
	"stnb.dev/kernel/engine/yaegi"
	"stnb.dev/kernel/symbols"
	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
	"stnb.dev/notebook/build"
	"stnb.dev/notebook/lower"
	"stnb.dev/notebook/source"
)

// How a child ends when it is not the program that ends it.
const (
	exitRefused = 94
	exitBug     = 95
	refusal     = "refused: "
)

// engines by name.
var engines = map[string]func(own symbols.Table) engine.Engine{
	"ssa":   func(own symbols.Table) engine.Engine { return ssa.New(own) },
	"yaegi": func(own symbols.Table) engine.Engine { return yaegi.New(own) },
}

// core is what the lowered text of a program calls of widgets/core: there are no
// widgets here, and no signals that a recover must let pass.
var core = symbols.Table{"stnb.dev/widgets/core": {
	"Recovered": reflect.ValueOf(func(r any) any { return r }),
}}

// paste makes a notebook of one cell of a program, as a user does, and lowers it.
func paste(file, text string) (unit lower.Unit, problems []wire.Problem) {
	const cell = "main"
	snap := build.New(build.Options{}).Update(&notebook.Notebook{Cells: []notebook.Cell{{ID: cell, Kind: notebook.Go, Source: text}}})
	for _, d := range snap.Diagnostics(cell) {
		if d.Severity == source.Error {
			problems = append(problems, wire.Problem{Unit: file, Line: d.Range.Start.Line, Column: d.Range.Start.Column, Message: d.Message})
		}
	}
	unit, ok := snap.Unit(cell)
	if !ok && len(problems) == 0 {
		problems = append(problems, wire.Problem{Unit: file, Line: 1, Column: 1, Message: "the program has no unit"})
	}
	return unit, problems
}

// runProgram runs a whole program, pasted into a notebook, and gives the process's
// exit code.
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
	unit, problems := paste(file, string(src))
	var p engine.Program
	if len(problems) == 0 {
		p, problems = mk(core).Compile(nil, []wire.Unit{{ID: unit.ID, Cell: string(unit.Cell), Func: unit.Func, Source: unit.Source, File: file, Lines: unit.Lines}})
		for n, pr := range problems {
			problems[n].Unit = file
			if line, col, ok := unit.Map.ToCell(pr.Line, pr.Column); ok {
				problems[n].Line, problems[n].Column = line, col
			}
		}
	}
	if len(problems) > 0 {
		for _, pr := range problems {
			fmt.Fprintf(os.Stderr, "%s%s:%d:%d: %s\n", refusal, pr.Unit, pr.Line, pr.Column, pr.Message)
		}
		return exitRefused
	}
	i, err := p.NewInstance(nil)
	if err == nil {
		err = i.Call(context.Background(), unit.ID)
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
		n, _ := f.ExitCode()
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

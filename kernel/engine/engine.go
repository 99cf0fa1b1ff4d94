// Package engine is what a kernel needs of something that runs Go. Two engines
// stand behind it: yaegi and ssa. Both take the same lowered text, which is legal
// Go for the real compiler too, and pass the same conformance suite.
package engine

import (
	"context"
	"go/types"
	"io"
	"os"
	"reflect"

	"stnb.dev/kernel/wire"
)

// Engine compiles programs.
type Engine interface {
	// Name is "yaegi" or "ssa".
	Name() string
	// Compile checks and compiles a whole program: all units, in document
	// order, are one package main. prev, when not nil, is the program this one
	// follows: units with an ID it has are not compiled again. Units the engine
	// cannot run rightly are refused as problems, never run wrongly; a program
	// with problems still runs its other units.
	Compile(prev Program, units []wire.Unit) (Program, []wire.Problem)
}

// Program is compiled code. It is immutable and shared by instances.
type Program interface {
	// NewInstance gives the program variables of its own.
	NewInstance(b Bindings) (Instance, error)
	// Types is the type-checked package of the program.
	Types() *types.Package
}

// Bindings replace package-level funcs and variables of native packages for one
// instance: import path, then name. This is how user code finds its session
// (widgets/core's Main), and how fmt.Println, os.Exit, time.Sleep and their like
// are contained.
type Bindings map[string]map[string]reflect.Value

// Late, as a binding, makes the binding when a program first uses it.
type Late func() reflect.Value

// Get is the binding of that name, if there is one.
func (b Bindings) Get(path, name string) (reflect.Value, bool) {
	v, ok := b[path][name]
	if ok && v.IsValid() {
		if late, is := v.Interface().(Late); is {
			v = late()
		}
	}
	return v, ok && v.IsValid()
}

// Stderr is what the program's own words go to, those of println among them.
func (b Bindings) Stderr() io.Writer {
	if v, ok := b.Get("builtin", "stderr"); ok {
		return v.Interface().(io.Writer)
	}
	return os.Stderr
}

// Instance is one session's run of a program: its variables and tasks.
type Instance interface {
	// Update moves the instance to a newer program. Variables of units that
	// both have keep their values.
	Update(p Program) error
	// Call runs the unit's func until it returns, faults, or ctx is done; then
	// user code is unwound, its defers run, and the error is a *Fault of kind
	// "stopped". Every other end that is not a plain return is a *Fault too.
	Call(ctx context.Context, unit string) error
	// Do runs f, native code that may call user funcs (callbacks, methods),
	// with the containment of Call.
	Do(ctx context.Context, f func()) error
	// Protect runs f, native code below a Call or Do that calls user code, and
	// returns the fault of a panic of that. What ends the run passes.
	Protect(f func()) *Fault
	// Lookup returns a package-level variable by its lowered name: addressable.
	Lookup(name string) (Value, bool)
	// Value explains a value that user code handed to native code as an
	// interface: what it is in the user's types.
	Value(v any) Value
	// Method returns a method of a user value as a func of the given signature
	// type (e.g. func() string), or false.
	Method(v Value, name string, signature reflect.Type) (reflect.Value, bool)
	// Goroutines is the number of user goroutines that still run.
	Goroutines() int
	// Close stops every task. The instance is not used again.
	Close()
}

// Value is a value with the type the user gave it. Type may be nil when only the
// native type is known; then V's own type says it all.
type Value struct {
	V    reflect.Value
	Type types.Type
}

// Fault is a wire.Fault as an error.
type Fault struct{ wire.Fault }

func (f *Fault) Error() string { return f.Message }

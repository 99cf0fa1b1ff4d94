// Package ssa is the engine that runs all of Go: it checks a program, builds its
// SSA form (golang.org/x/tools/go/ssa, generics instantiated) and turns each func,
// when first called, into a tree of Go closures over native memory.
//
// # Types and values
//
// Values have the memory layout the compiler gives them, and types are run-time
// types: a user-defined type is made here as the runtime's own structures, with
// name, fields and methods (types.go, runtime.go). So an interface of user code is
// a Go interface; what user code hands to native code, at any depth, is what
// compiled code would have handed over, and fmt, encoding/json, errors.As and
// reflect need no help. Methods get addresses of their own (stubs.go), func values
// are Go func values (closure.go, signatures.go): native code calls them as it
// calls any.
//
// A type keeps its identity as long as its definition, and those it is made of,
// stay the same (typekey.go): so variables outlive a change of other cells.
//
// # Execution
//
// A func has a frame type: one block of memory with a typed place for each SSA
// value, its constants set when the frame is made, kept by its task for the next
// call. A block of code is a list of closures and one that chooses the next block
// (code.go, flow.go). Loads and stores through field and element addresses are one
// step, and so are comparisons with their branch.
//
// # Tasks
//
// A goroutine of user code is a task (task.go): it has a depth, a place in the
// source for each of its frames, and a flag that stops it at the next loop or
// call. It waits only where it can be woken to stop (channel.go, intrinsic.go).
// Panics are Go's own; what no user code recovers ends the run as a fault with the
// user's frames (defers.go, fault.go).
//
// # Where code stands
//
// Package runtime sees the engine where a program means itself. So what asks it is done
// here (stack.go): runtime.Caller and its kin give program counters of our own, and a
// unit tells the file and the lines they stand for. Loggers that ask are called through
// ours too (logging.go).
//
// # Programs and instances
//
// Code is compiled once and shared; an instance has its variables, its tasks and
// its bindings of native funcs (instance.go). Nothing is locked between instances
// while they run.
//
// A program that follows another shares with it all but what changed (lineage.go):
// the new units are checked and built as one more package of the same path, in
// which the names of the kept ones are there too. After some hundred changes, and
// when a name comes to mean something else, all begins afresh.
//
// # What is native
//
// The standard library is, but for the generic packages, which run from source,
// and a few generic funcs that have bodies of ours (overlay.go) or none at all
// (intrinsic.go).
package ssa

// Package yaegi is the engine that runs lowered text on the yaegi interpreter.
//
// yaegi alone does not run today's Go: named types lose their identity in
// interfaces, methods vanish in nested values, closures race, generics and range
// over funcs are partly there. So a unit is not given to it as written. The
// emitter writes it again, from the type-checked syntax, in the part of Go that
// yaegi runs right:
//
//   - Methods become funcs. Named types that are not structs become their
//     underlying types; structs keep a name, for recursion.
//   - Interfaces of the program become one native type, any. A value of a user's
//     type goes into it in a Box that carries its go/types type, so that equality,
//     map keys, type switches, %T and methods are Go's.
//   - Generic funcs and types are written out per instance; funcs of generic
//     standard packages and of stnb.dev/widgets are linked in from their source.
//   - Closures become top-level funcs that make them: a variable that is captured
//     and changes lives in a cell of its own.
//   - defer, recover, panic, go, select and channel operations are calls of the
//     run time (rt.go), which gives them Go's meaning, containment and stop.
//   - Every loop and func looks at a stop flag; statements that can fault note
//     where they are.
//
// What the emitter does not do is refused with its position (refuse) before
// anything runs.
package yaegi

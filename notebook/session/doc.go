// Package session is a live notebook: one authoritative state, changed only by
// Apply, and the loop that carries out the effects Apply asks for.
//
//	Apply(State, Op) (State, []Effect, error)
//
// Edit mode and app mode are the same session with other rights: a visitor's
// session accepts Interact and little else. Ops come from browsers, files and the
// kernel; Events go to browsers. Both are plain data with JSON forms, and the
// browser protocol (ui/protocol) is made of them.
//
// The rules:
//
//   - Apply is pure: no clock, no goroutine, no I/O, and the State it was given
//     is never written to. Time comes in with the op.
//   - Only the loop's goroutine calls Apply and owns the screen (element.Tree).
//   - Whatever is asynchronous comes back as an op that carries the generation
//     it belongs to (kernel generation, run number, load number, file version),
//     and is dropped when that is not the current one.
//   - What should run is a Request. Requests made before a run starts merge:
//     the newest values win, clicks are never lost and never applied twice.
//   - A cell's freshness is computed, never stored: it compares what the cell
//     saw when it ran with what is there now (stale.go).
//   - A client that is too slow loses its queue, not its session: it gets the
//     whole Document again.
package session

// Package worker is the main loop inside a kernel process: it reads messages of
// the server, compiles what they load, runs cells in sessions, and sends back
// what appears on their screens.
//
// One goroutine reads and compiles. Each session has a goroutine that runs one
// thing at a time, so a run of one visitor never waits for another's. Pages and
// stops do not queue behind runs.
//
// The package knows neither the engines nor the widgets: Config brings them
// (package kernel/worker/standard), and tests bring small ones of their own.
package worker

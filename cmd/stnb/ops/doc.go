// Package ops is what an operator sees of a running server: its numbers in
// Prometheus' text format, and the record of who did what.
//
// It looks from outside. Runs and kernels are counted on the link between
// sessions and kernels, which every one of them passes; requests and sockets by
// ui/server. Nothing that is counted knows that it is.
package ops

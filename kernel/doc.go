// Package kernel starts, feeds, interrupts and ends kernels: child processes
// that run a notebook's Go. It is the server's half; what runs inside the child
// is package kernel/worker, and the two share only package kernel/wire.
//
// The child is the stnb binary itself with the hidden command "kernel-worker".
// It talks over two inherited pipes, file descriptors 3 (to the child) and 4
// (from it): user code and C code may write to 1 and 2 as they like. A kernel
// never outlives its server: the end of its pipe ends it, and on Linux the
// kernel also asks to be killed when the server dies.
package kernel

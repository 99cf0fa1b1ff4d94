//go:build unix

package main

import (
	"os/signal"
	"syscall"
)

// A write past the limit on a file's size is then an error like that of a full
// disk, and not the end of the process.
func init() { signal.Ignore(syscall.SIGXFSZ) }

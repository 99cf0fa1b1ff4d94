//go:build unix

package main

import (
	"os"
	"syscall"
)

// hold marks a folder as in use until release, or the end of the process; false when
// another process holds it.
func hold(dir string) (release func(), ok bool) {
	f, err := os.Open(dir)
	if err != nil {
		return func() {}, false
	}
	if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
		f.Close()
		return func() {}, false
	}
	return func() { f.Close() }, true
}

//go:build unix

package workspace

import (
	"syscall"
	"testing"
)

// makePipe makes a named pipe: opening it would wait for its writer.
func makePipe(t *testing.T, name string) {
	if err := syscall.Mkfifo(name, 0o644); err != nil {
		t.Fatal(err)
	}
}

package worker

import (
	"os"

	"golang.org/x/sys/unix"
)

// unread is how many bytes of a pipe nobody has read yet.
func unread(f *os.File) (n int) {
	c, err := f.SyscallConn()
	if err != nil {
		return 0
	}
	_ = c.Control(func(fd uintptr) { n, _ = unix.IoctlGetInt(int(fd), unix.TIOCINQ) })
	return n
}

//go:build unix

package worker

import "syscall"

// take moves all that can be read without waiting to the output, and says
// whether there was anything.
func (p *pipe) take(fd uintptr) bool {
	any := false
	for {
		n, err := syscall.Read(int(fd), p.buf)
		if err == syscall.EINTR {
			continue
		}
		if n <= 0 {
			return any || err == nil
		}
		any = true
		p.o.print(p.stream, p.buf[:n])
	}
}

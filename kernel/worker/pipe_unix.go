//go:build unix

package worker

import "syscall"

// take moves all that can be read without waiting to the output, and says
// whether there was anything.
func (p *pipe) take(fd uintptr) bool {
	buf := pipeBuffers.Get().(*[16 << 10]byte)
	defer pipeBuffers.Put(buf)
	any := false
	for {
		n, err := syscall.Read(int(fd), buf[:])
		if err == syscall.EINTR {
			continue
		}
		if n <= 0 {
			return any || err == nil
		}
		any = true
		p.o.print(p.stream, buf[:n])
	}
}

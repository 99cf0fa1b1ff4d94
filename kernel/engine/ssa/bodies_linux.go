package ssa

import (
	"syscall"
	"unsafe"
)

// What stands for the funcs of golang.org/x/sys/unix that are in assembly, or the
// runtime's (modules.Bodies).
func init() {
	failed := func(no syscall.Errno) error {
		if no == 0 {
			return nil
		}
		return no
	}
	bodies["golang.org/x/sys/unix"] = map[string]any{
		"Syscall": syscall.Syscall, "Syscall6": syscall.Syscall6, "RawSyscall": syscall.RawSyscall, "RawSyscall6": syscall.RawSyscall6,
		"SyscallNoError": func(trap, a1, a2, a3 uintptr) (r1, r2 uintptr) {
			r1, r2, _ = syscall.Syscall(trap, a1, a2, a3)
			return r1, r2
		},
		"RawSyscallNoError": func(trap, a1, a2, a3 uintptr) (r1, r2 uintptr) {
			r1, r2, _ = syscall.RawSyscall(trap, a1, a2, a3)
			return r1, r2
		},
		"gettimeofday": func(tv *syscall.Timeval) syscall.Errno {
			_, _, no := syscall.RawSyscall(syscall.SYS_GETTIMEOFDAY, uintptr(unsafe.Pointer(tv)), 0, 0)
			return no
		},
		"syscall_prlimit": func(pid, resource int, limit, old *syscall.Rlimit) error {
			_, _, no := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(pid), uintptr(resource),
				uintptr(unsafe.Pointer(limit)), uintptr(unsafe.Pointer(old)), 0, 0)
			return failed(no)
		},
		"vgetrandom":      func([]byte, uint32) (int, bool) { return -1, false },
		"runtime_getAuxv": func() []uintptr { return nil },
	}
}

package modules

func init() {
	Bodies["golang.org/x/sys/unix"] = []string{"Syscall", "Syscall6", "RawSyscall", "RawSyscall6", "SyscallNoError", "RawSyscallNoError",
		"gettimeofday", "syscall_prlimit", "vgetrandom", "runtime_getAuxv"}
}

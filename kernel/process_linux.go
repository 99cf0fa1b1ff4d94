package kernel

import (
	"os/exec"
	"runtime"
	"sync"
	"syscall"
)

func contain(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Setpgid:   true, // a Ctrl-C in the server's terminal is not for kernels
		Pdeathsig: syscall.SIGKILL,
	}
}

var (
	starterOnce sync.Once
	starter     chan func()
)

// startChild starts cmd on a thread that lives as long as the server: the kernel
// takes the end of the thread that forked for the death of the parent.
func startChild(cmd *exec.Cmd) error {
	starterOnce.Do(func() {
		starter = make(chan func())
		go func() {
			runtime.LockOSThread()
			for f := range starter {
				f()
			}
		}()
	})
	err := make(chan error)
	starter <- func() { err <- cmd.Start() }
	return <-err
}

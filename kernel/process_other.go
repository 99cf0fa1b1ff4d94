//go:build unix && !linux

package kernel

import (
	"os/exec"
	"syscall"
)

// Without Linux's death signal the end of the pipe alone ends an orphan.
func contain(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

func startChild(cmd *exec.Cmd) error { return cmd.Start() }

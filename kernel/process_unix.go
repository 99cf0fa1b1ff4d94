//go:build unix

package kernel

import (
	"os"
	"os/exec"
	"syscall"
)

func killGroup(cmd *exec.Cmd) {
	// The group is named after its leader, so this reaches what user code
	// started too. Errors mean that all of it is gone already.
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	_ = cmd.Process.Kill()
}

func signalOf(s *os.ProcessState) string {
	if s == nil {
		return ""
	}
	if ws, ok := s.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		return ws.Signal().String()
	}
	return ""
}

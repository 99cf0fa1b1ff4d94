package kernel

import (
	"os"
	"os/exec"
)

// Windows passes no extra file descriptors to a child, so a kernel cannot start
// there yet: exec.Cmd.Start says so ("not supported by windows").
func contain(*exec.Cmd) {}

func startChild(cmd *exec.Cmd) error { return cmd.Start() }

func killGroup(cmd *exec.Cmd) { _ = cmd.Process.Kill() }

func signalOf(*os.ProcessState) string { return "" }

package worker

// take reads nothing: kernels do not start on Windows.
func (p *pipe) take(uintptr) bool { return true }

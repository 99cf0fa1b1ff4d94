package yaegi

// setFlag and peek touch variables of the emitted text, which looks at them and
// sets them as plain ones: an atomic access is a native call, which costs three
// times as much in every loop. Both are single words and hints only (stop is asked
// for again, a place is where a statement about to fail stood), so that a race over
// them does no harm, and the race detector need not see it.

//go:norace
//go:noinline
func setFlag(at *bool, v bool) { *at = v }

//go:norace
//go:noinline
func peek(at *int) int { return *at }

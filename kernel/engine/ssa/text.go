package ssa

import "unsafe"

// joined is the last string a task made by appending to the one it had made
// before, with the room left behind it. Nothing but the next append may write
// there, so a string that grows piece by piece is not copied for each piece.
type joined struct {
	data     *byte
	len, cap int
}

// longText is the length from which appending in place pays.
const longText = 128

// concat is a + b.
func (t *task) concat(a, b string) string {
	n := len(a) + len(b)
	if len(a) < longText || len(b) == 0 {
		return a + b
	}
	j := &t.joined
	if unsafe.StringData(a) != j.data || len(a) != j.len {
		s := a + b
		*j = joined{unsafe.StringData(s), n, n}
		return s
	}
	if n > j.cap {
		buf := make([]byte, len(a), n+n/2)
		copy(buf, a)
		*j = joined{unsafe.SliceData(buf), len(a), cap(buf)}
	}
	copy(unsafe.Slice(j.data, j.cap)[len(a):n], b)
	j.len = n
	return unsafe.String(j.data, n)
}

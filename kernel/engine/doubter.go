package engine

import "stnb.dev/kernel/wire"

// Doubter is a program that may have to refuse a value when it comes to native code,
// while it runs. Where another engine may be had, that is known before.
type Doubter interface {
	// Doubts are the places, each with what may be refused there.
	Doubts() []wire.Problem
}

//go:build amd64 || arm64

package ssa

import (
	"runtime"
	"sync"
	"unsafe"
)

// Native code calls a method of a user type through an address in the type's
// method table. An address has no room to say which user func is meant, so each
// exported method gets an entry of its own in methodStubs (assembly), which
// jumps to the func value in the same slot of methodTable.

const stubCount = 8192

var methodTable [stubCount]ptr

func methodStubsPC() uintptr

var stubs struct {
	sync.Mutex
	next int
}

// stubSize is the length of one entry; checkStubs proves it.
var stubSize = func() uintptr {
	if runtime.GOARCH == "arm64" {
		return 16
	}
	return 13
}()

func stubAddr(n int) ptr {
	pc := methodStubsPC() + uintptr(n)*stubSize
	return *(*ptr)(ptr(&pc))
}

// newStub gives fn, a func value whose first parameter is the receiver's
// pointer, an address of its own.
func newStub(fn ptr) ptr {
	stubs.Lock()
	defer stubs.Unlock()
	if stubs.next == 0 {
		trap := func(ptr) { panic("method is not callable from native code") }
		methodTable[0] = *(*ptr)(ptr(&trap))
		stubs.next = 1
	}
	n := stubs.next
	if n == stubCount {
		full := func(ptr) {
			panic("too many methods were defined in this kernel's life: restart it")
		}
		methodTable[n-1] = *(*ptr)(ptr(&full))
		return stubAddr(n - 1)
	}
	methodTable[n] = fn
	stubs.next++
	return stubAddr(n)
}

// trapStub is for methods that only user code calls.
func trapStub() ptr {
	stubs.Lock()
	ready := stubs.next > 0
	stubs.Unlock()
	if !ready {
		newStub(nil)
		stubs.Lock()
		stubs.next--
		stubs.Unlock()
	}
	return stubAddr(0)
}

func checkStubs() string {
	called := 0
	mark := func(p ptr) { called = *(*int)(p) }
	for _, n := range []int{stubCount - 2, stubCount / 2} {
		methodTable[n] = *(*ptr)(ptr(&mark))
		entry := &struct{ pc ptr }{stubAddr(n)}
		arg := n
		f := *(*func(ptr))(ptr(&entry))
		f(ptr(&arg))
		methodTable[n] = nil
		if called != n {
			return "entry stubs"
		}
	}
	return ""
}

var _ = unsafe.Pointer(nil)

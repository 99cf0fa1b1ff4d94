package ssa

import (
	"context"
	"runtime/pprof"
	"strconv"
	"sync"
	"sync/atomic"
	_ "unsafe" // for go:linkname
)

// Goroutines that native code starts inherit the profiler labels of the one that
// made them: so a method of a user type that, say, an HTTP server calls on a
// goroutine of its own still finds its session.

//go:linkname getProfLabel runtime/pprof.runtime_getProfLabel
func getProfLabel() ptr

var labelled sync.Map // label map -> *instance

var instanceIDs atomic.Int64

// label marks the calling goroutine as the instance's, until unlabel.
func (i *instance) label() {
	if i.labels == nil {
		ctx := pprof.WithLabels(context.Background(), pprof.Labels("stnb", strconv.FormatInt(instanceIDs.Add(1), 10)))
		i.labels = ctx
	}
	pprof.SetGoroutineLabels(i.labels)
	labelled.Store(getProfLabel(), i)
	i.labelKey = getProfLabel()
}

func unlabel() { pprof.SetGoroutineLabels(context.Background()) }

func labelInstance() *instance {
	if l := getProfLabel(); l != nil {
		if v, ok := labelled.Load(l); ok {
			return v.(*instance)
		}
	}
	return nil
}

package ssa

// iterSource is package iter in plain Go: Pull runs its sequence on a goroutine
// of its own that takes turns with the caller.
const iterSource = `
package iter

type Seq[V any] func(yield func(V) bool)

type Seq2[K, V any] func(yield func(K, V) bool)

type pullʹ struct {
	step, back chan bool
	done, busy bool
	value      any
	failed     bool
}

func (p *pullʹ) resume(goOn bool, run func()) {
	if p.done {
		return
	}
	if p.busy {
		p.busy = false
		p.step <- goOn
	} else {
		if !goOn {
			p.done = true
			return
		}
		p.step, p.back = make(chan bool), make(chan bool)
		go func() {
			ended := false
			defer func() {
				p.done = true
				if !ended {
					p.value, p.failed = recover(), true
				}
				p.back <- false
			}()
			run()
			ended = true
		}()
	}
	p.busy = <-p.back
	if p.failed {
		p.failed = false
		panic(p.value)
	}
}

func (p *pullʹ) yield() bool {
	p.back <- true
	return <-p.step
}

func Pull[V any](seq Seq[V]) (next func() (V, bool), stop func()) {
	p := &pullʹ{}
	var v V
	run := func() {
		seq(func(x V) bool {
			v = x
			return p.yield()
		})
	}
	next = func() (r V, ok bool) {
		p.resume(true, run)
		if p.done {
			return r, false
		}
		return v, true
	}
	stop = func() { p.resume(false, run) }
	return
}

func Pull2[K, V any](seq Seq2[K, V]) (next func() (K, V, bool), stop func()) {
	p := &pullʹ{}
	var k K
	var v V
	run := func() {
		seq(func(x K, y V) bool {
			k, v = x, y
			return p.yield()
		})
	}
	next = func() (a K, b V, ok bool) {
		p.resume(true, run)
		if p.done {
			return a, b, false
		}
		return k, v, true
	}
	stop = func() { p.resume(false, run) }
	return
}
`

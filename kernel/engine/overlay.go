package engine

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
)

// Some funcs of generic packages are not plain Go: they are the runtime's, or look
// at memory. These stand in for them.

// IterSource is package iter in plain Go: Pull runs its sequence on a goroutine
// of its own that takes turns with the caller.
const IterSource = `
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

// stand-ins for single funcs, by package.
var standIns = map[string]string{
	"maps": `package maps

func Clone[M ~map[K]V, K comparable, V any](m M) M {
	if m == nil {
		return nil
	}
	r := make(M, len(m))
	for k, v := range m {
		r[k] = v
	}
	return r
}
`,
	"slices": `package slices

func overlaps[E any](a, b []E) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	for i := range a {
		if &a[i] == &b[0] {
			return true
		}
	}
	for i := range b {
		if &b[i] == &a[0] {
			return true
		}
	}
	return false
}
`,
	"math/rand/v2": `package rand

func N[Int intType](n Int) Int {
	if n <= 0 {
		panic("invalid argument to N")
	}
	return Int(Uint64N(uint64(n)))
}
`,
}

// files parses the texts of a package, with what stands in for some of it.
func files(fset *token.FileSet, path string, texts map[string]string) ([]*ast.File, error) {
	if path == "iter" {
		texts = map[string]string{"iter.go": IterSource}
	}
	instead := map[string]bool{}
	var out []*ast.File
	if text, ok := standIns[path]; ok {
		f, err := parser.ParseFile(fset, path+"/instead.go", text, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, d := range f.Decls {
			instead[FuncKey(d.(*ast.FuncDecl))] = true
		}
		out = append(out, f)
	}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		f, err := parser.ParseFile(fset, path+"/"+name, texts[name], parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		f.Decls = slices.DeleteFunc(f.Decls, func(d ast.Decl) bool {
			fd, ok := d.(*ast.FuncDecl)
			return ok && instead[FuncKey(fd)]
		})
		out = append(out, f)
	}
	return out, nil
}

package ssa

import (
	"go/types"
	"reflect"

	"golang.org/x/tools/go/ssa"
)

// args are copies of values from one memory to another: from the caller's frame
// to the callee's, or back.
type args struct {
	words, ptrs []pair
	rest        []arg
}

type pair struct{ dst, src uintptr }

type arg struct {
	class    class
	typ      *rtype
	dst, src uintptr
}

func (a *args) add(t reflect.Type, dst, src uintptr) {
	switch c := classOf(t); c {
	case cNone:
	case c8:
		a.words = append(a.words, pair{dst, src})
	case cPtr:
		a.ptrs = append(a.ptrs, pair{dst, src})
	default:
		a.rest = append(a.rest, arg{c, rt(t), dst, src})
	}
}

// onlyWords says whether the args are n words and nothing else.
func (a *args) onlyWords(n int) bool {
	return len(a.words) == n && len(a.ptrs) == 0 && len(a.rest) == 0
}

func (a *args) copy(dst, src ptr) {
	for i := range a.words {
		p := &a.words[i]
		*at[uint64](dst, p.dst) = *at[uint64](src, p.src)
	}
	for i := range a.ptrs {
		p := &a.ptrs[i]
		*at[ptr](dst, p.dst) = *at[ptr](src, p.src)
	}
	for i := range a.rest {
		r := &a.rest[i]
		copyTo(r.class, r.typ, add(dst, r.dst), add(src, r.src))
	}
}

// passing gives the copies of arguments into a frame of layout l and of its
// results into the value d of the caller.
func (x *fx) passing(l *layout, vals []ssa.Value, d uintptr) (in, out args) {
	for i, v := range vals {
		in.add(l.parT[i], l.par[i], x.slot(v))
	}
	for i, o := range l.res {
		out.add(l.resT[i], d, o)
		d += align8(l.resT[i].Size())
	}
	return in, out
}

func (x *fx) call(in *ssa.Call) op {
	var d uintptr
	if t, ok := in.Type().(*types.Tuple); !ok || t.Len() > 0 {
		d = x.slot(in)
	}
	return x.callTo(&in.Call, d, x.site(in.Pos()))
}

// callTo compiles a call whose results go to d.
func (x *fx) callTo(c *ssa.CallCommon, d uintptr, site uint32) op {
	if c.IsInvoke() {
		return x.invoke(c, d, site)
	}
	switch v := c.Value.(type) {
	case *ssa.Builtin:
		return x.builtin(v, c, d, site)
	case *ssa.Function:
		return x.static1(v, c.Args, d, site)
	case *ssa.MakeClosure:
	}
	return x.dynamic(c, d, site)
}

// static1 calls a func that is known.
func (x *fx) static1(s *ssa.Function, args []ssa.Value, d uintptr, site uint32) op {
	if len(s.Blocks) == 0 {
		slots := make([]uintptr, len(args))
		for i, a := range args {
			slots[i] = x.slot(a)
		}
		return x.nativeCall(s, slots, d, site)
	}
	g := x.p.fn(s)
	if s.Signature.Recv() != nil {
		in, out := x.passing(g.lay, args[1:], d)
		in.add(g.recvT, g.recv, x.slot(args[0]))
		return callFn(g, in, out, site)
	}
	in, out := x.passing(g.lay, args, d)
	return callFn(g, in, out, site)
}

func callFn(g *fn, in, out args, site uint32) op {
	if out.onlyWords(1) {
		rd, rs := out.words[0].dst, out.words[0].src
		switch {
		case in.onlyWords(1):
			ad, as := in.words[0].dst, in.words[0].src
			return func(t *task, f ptr) {
				c := g.code.Load()
				if c == nil {
					c = g.body()
				}
				n := t.take(c)
				*at[uint64](n, ad) = *at[uint64](f, as)
				t.sites[t.depth] = site
				c.run(t, n)
				*at[uint64](f, rd) = *at[uint64](n, rs)
				t.give(c, n)
			}
		case in.onlyWords(2):
			ad, as, bd, bs := in.words[0].dst, in.words[0].src, in.words[1].dst, in.words[1].src
			return func(t *task, f ptr) {
				c := g.code.Load()
				if c == nil {
					c = g.body()
				}
				n := t.take(c)
				*at[uint64](n, ad) = *at[uint64](f, as)
				*at[uint64](n, bd) = *at[uint64](f, bs)
				t.sites[t.depth] = site
				c.run(t, n)
				*at[uint64](f, rd) = *at[uint64](n, rs)
				t.give(c, n)
			}
		}
		return func(t *task, f ptr) {
			c := g.code.Load()
			if c == nil {
				c = g.body()
			}
			n := t.take(c)
			in.copy(n, f)
			t.sites[t.depth] = site
			c.run(t, n)
			*at[uint64](f, rd) = *at[uint64](n, rs)
			t.give(c, n)
		}
	}
	return func(t *task, f ptr) {
		c := g.code.Load()
		if c == nil {
			c = g.body()
		}
		n := t.take(c)
		in.copy(n, f)
		t.sites[t.depth] = site
		c.run(t, n)
		out.copy(f, n)
		t.give(c, n)
	}
}

// dynamic calls a func value.
func (x *fx) dynamic(c *ssa.CallCommon, d uintptr, site uint32) op {
	sig := c.Signature()
	l := x.p.layoutOf(x.f.ssa, sig)
	in, out := x.passing(l, c.Args, d)
	v := x.slot(c.Value)
	ft := x.typ(sig)
	ad := x.p.adapter(ft, l)
	slots := make([]uintptr, len(c.Args))
	for i, a := range c.Args {
		slots[i] = x.slot(a)
	}
	native := nativeCaller(ft, slots, l.spread(d))
	return func(t *task, f ptr) {
		p := *at[ptr](f, v)
		if p == nil {
			t.nilDeref(site)
		}
		if u := ad.closure(p); u != nil {
			g := u.fn
			c := g.code.Load()
			if c == nil {
				c = g.body()
			}
			n := t.take(c)
			in.copy(n, f)
			u.load(n)
			t.sites[t.depth] = site
			c.run(t, n)
			out.copy(f, n)
			t.give(c, n)
			return
		}
		depth := t.depth
		t.sites[depth] = site
		native(t, f, p)
		t.depth = depth
	}
}

// spread gives where the results go when the first is at d.
func (l *layout) spread(d uintptr) []uintptr {
	out := make([]uintptr, len(l.res))
	for i := range out {
		out[i] = d
		d += align8(l.resT[i].Size())
	}
	return out
}

// methodCache remembers the types an interface call has met, up to maxCached. It
// is replaced, never changed: instances share it.
type methodCache struct {
	tab  ptr
	fn   *fn
	next *methodCache
	n    int
}

const maxCached = 8

// lookup finds the func for a method table, nil for native code's.
func (c *cacheCell) lookup(p *lineage, tab ptr, name *types.Func) *fn {
	head := c.Load()
	for m := head; m != nil; m = m.next {
		if m.tab == tab {
			return m.fn
		}
	}
	m := &methodCache{tab: tab, fn: p.method((*itab)(tab).typ, name)}
	if head != nil && head.n < maxCached {
		m.next, m.n = head, head.n+1
	}
	c.Store(m)
	return m.fn
}

// invoke calls a method of an interface value.
func (x *fx) invoke(c *ssa.CallCommon, d uintptr, site uint32) op {
	sig := c.Method.Signature()
	l := x.p.layoutOf(x.f.ssa, sig)
	in, out := x.passing(l, c.Args, d)
	v := x.slot(c.Value)
	it := x.typ(c.Value.Type())
	index := methodIndex(it, c.Method)
	slots := make([]uintptr, len(c.Args))
	for i, a := range c.Args {
		slots[i] = x.slot(a)
	}
	p := x.p
	ms := x.typ(sig)
	mt := p.types.method(ms)
	native := nativeCaller(mt, append([]uintptr{v + 8}, slots...), l.spread(d))
	cache := new(cacheCell)
	name := c.Method
	return func(t *task, f ptr) {
		i := at[eface](f, v)
		if i.typ == nil {
			t.nilDeref(site)
		}
		var g *fn
		if m := cache.Load(); m != nil && m.tab == i.typ {
			g = m.fn
		} else {
			g = cache.lookup(p, i.typ, name)
		}
		if g != nil {
			c := g.code.Load()
			if c == nil {
				c = g.body()
			}
			n := t.take(c)
			in.copy(n, f)
			g.receiver(n, i.data)
			t.sites[t.depth] = site
			c.run(t, n)
			out.copy(f, n)
			t.give(c, n)
			return
		}
		depth := t.depth
		t.sites[depth] = site
		entry := &struct{ pc uintptr }{(*itab)(i.typ).method(index)}
		native(t, f, ptr(entry))
		t.depth = depth
	}
}

// receiver puts the data word of an interface into a frame.
func (g *fn) receiver(n, data ptr) {
	r := rt(g.recvT)
	switch {
	case r.tflag&flagDirectIface != 0:
		*at[ptr](n, g.recv) = data
	case r.size == 8 && r.ptrBytes == 0:
		*at[uint64](n, g.recv) = *(*uint64)(data)
	default:
		typedmemmove(r, add(n, g.recv), data)
	}
}

func methodIndex(it reflect.Type, m *types.Func) int {
	for i := range it.NumMethod() {
		if it.Method(i).Name == m.Name() {
			return i
		}
	}
	return 0
}

func (x *fx) makeClosure(in *ssa.MakeClosure) op {
	g := x.p.fn(in.Fn.(*ssa.Function))
	d := x.slot(in)
	ad := x.p.adapter(x.typ(g.ssa.Signature), g.lay)
	var env args
	for i, b := range in.Bindings {
		env.add(g.freeT[i], g.envOff[i], x.slot(b))
	}
	return func(t *task, f ptr) {
		c := &closure{fn: g, inst: t.inst}
		if g.envType != nil {
			c.env = unsafeNew(g.envType)
			env.copy(c.env, f)
		}
		*at[ptr](f, d) = ad.make(c)
	}
}

// funcConst is a func used as a value.
func (x *fx) funcConst(s *ssa.Function) uintptr {
	d := x.alloc(reflect.TypeFor[ptr]())
	x.slots[s] = d
	if len(s.Blocks) == 0 && intrinsics[originName(s)] == nil {
		if n := x.p.nativeFunc(s); n != nil {
			x.c.consts = append(x.c.consts, func(t *task, f ptr) { *at[ptr](f, d) = t.inst.native(n).fv })
			return d
		}
	}
	g := x.p.fn(s)
	ad := x.p.adapter(x.typ(s.Signature), g.lay)
	x.c.consts = append(x.c.consts, func(t *task, f ptr) { *at[ptr](f, d) = t.inst.funcValue(g, ad) })
	return d
}

// global is the address of a package-level variable.
func (x *fx) global(g *ssa.Global) uintptr {
	d := x.alloc(reflect.TypeFor[ptr]())
	x.slots[g] = d
	p := x.p
	typ := p.globalType(g)
	if p.runsFromSource(g.Pkg.Pkg) {
		x.c.consts = append(x.c.consts, func(t *task, f ptr) { *at[ptr](f, d) = t.inst.global(g, typ) })
	} else {
		if _, ok := p.symbol(g.Pkg.Pkg.Path(), g.Name()); !ok {
			panic(unsupported(g.Pkg.Pkg.Path() + "." + g.Name()))
		}
		x.c.consts = append(x.c.consts, func(t *task, f ptr) { *at[ptr](f, d) = t.inst.nativeVar(p, g) })
	}
	return d
}

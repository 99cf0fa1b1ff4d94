package ssa

import (
	"fmt"
	"go/token"
	"go/types"
	"os"
	"reflect"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"golang.org/x/tools/go/ssa"
)

// op is one step of compiled code: it reads and writes the frame f.
type op func(t *task, f ptr)

// block is a basic block: steps, then the choice of the next block, nil to
// return.
type block struct {
	code []op
	term next
	run  next // both, put together by link
}

// fn is a user func. Its frame begins the same way for all funcs of a signature,
// so that callers need not know which func they call:
//
//	link | results | parameters | receiver | captured variables | ...
type fn struct {
	prog *lineage
	ssa  *ssa.Function
	id   int
	name string
	lay  *layout
	// recv is the receiver's offset, free those of the captured variables.
	recv     uintptr
	recvT    reflect.Type
	free     []uintptr
	freeT    []reflect.Type
	envSize  uintptr
	envOff   []uintptr
	envType  *rtype
	captured args    // from a closure's variables to a frame
	fixed    uintptr // end of the part described so far
	hidden   bool    // compiler-made wrapper: not a frame of its own to recover

	mu   sync.Mutex
	code atomic.Pointer[code]
}

// layout is the part of a frame that follows from a signature.
type layout struct {
	res, par   []uintptr
	resT, parT []reflect.Type
	resC, parC []class
	end        uintptr
}

// code is the compiled body of a func.
type code struct {
	fn       *fn
	id       int
	entry    *block
	frame    *rtype
	consts   []func(t *task, f ptr) // run once for a new frame
	defers   uintptr                // offset of the list of deferred calls
	hasDefer bool
	recover  *block
	hidden   bool
}

const linkSize = 8

func align8(n uintptr) uintptr { return (n + 7) &^ 7 }

func (p *lineage) layoutOf(in *ssa.Function, s *types.Signature) *layout {
	l := &layout{end: linkSize}
	place := func(v *types.Var, offs *[]uintptr, ts *[]reflect.Type, cs *[]class) {
		t := p.types.typIn(in, v.Type())
		*offs, *ts, *cs = append(*offs, l.end), append(*ts, t), append(*cs, classOf(t))
		l.end += align8(t.Size())
	}
	for v := range s.Results().Variables() {
		place(v, &l.res, &l.resT, &l.resC)
	}
	for v := range s.Params().Variables() {
		place(v, &l.par, &l.parT, &l.parC)
	}
	return l
}

// fn gives the executable form of an SSA func; its body is compiled when first
// called.
func (p *lineage) fn(s *ssa.Function) *fn {
	p.mu.Lock()
	f := p.fns[s]
	p.mu.Unlock()
	if f != nil {
		return f
	}
	f = &fn{prog: p, ssa: s, name: funcName(s), lay: p.layoutOf(s, s.Signature)}
	f.hidden = s.Synthetic != "" && s.Syntax() == nil
	end := f.lay.end
	if s.Signature.Recv() != nil {
		f.recvT = p.types.typIn(s, s.Signature.Recv().Type())
		f.recv = end
		end += align8(f.recvT.Size())
	}
	var marks []uintptr
	for _, v := range s.FreeVars {
		t := p.types.typIn(s, v.Type())
		f.free, f.freeT = append(f.free, end), append(f.freeT, t)
		f.envOff = append(f.envOff, f.envSize)
		markPointers(t, f.envSize, func(o uintptr) { marks = append(marks, o) })
		f.captured.add(t, end, f.envSize)
		end += align8(t.Size())
		f.envSize += align8(t.Size())
	}
	if f.envSize > 0 {
		f.envType = memoryType(f.envSize, marks)
	}
	f.fixed = end
	p.mu.Lock()
	defer p.mu.Unlock()
	if g := p.fns[s]; g != nil {
		return g
	}
	f.id = len(p.fns)
	p.fns[s] = f
	return f
}

func (f *fn) body() *code {
	if c := f.code.Load(); c != nil {
		return c
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if c := f.code.Load(); c != nil {
		return c
	}
	c := f.compileSafely()
	f.code.Store(c)
	return c
}

// compileSafely turns a failure of the compiler into a fault of the one func.
func (f *fn) compileSafely() (c *code) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case notSupported:
			panic(r)
		default:
			if os.Getenv("STNB_SSA_DEBUG") != "" {
				debug.PrintStack()
			}
			panic(engineFailure{fmt.Sprintf("the ssa engine cannot compile %s: %v", f.name, r)})
		}
	}()
	return f.compile()
}

// fx compiles one func.
type fx struct {
	p      *lineage
	f      *fn
	c      *code
	slots  map[ssa.Value]uintptr
	consts map[constKey]uintptr
	local  map[ssa.Value]uintptr // frame offset of what a local address points to
	blocks map[*ssa.BasicBlock]*block
	mem    *frame
	fused  map[ssa.Instruction]bool
	pos    token.Pos
	up     *fx // of the func that this one is inlined into
	in     inlined
}

// frame is what is known so far of a func's frame.
type frame struct {
	end   uintptr
	marks []uintptr
	taken int // how much code was inlined
}

type constKey struct {
	s string
	t types.Type
}

func (f *fn) compile() *code {
	p := f.prog
	s := f.ssa
	c := &code{fn: f, id: f.id, hidden: f.hidden}
	x := &fx{
		p: p, f: f, c: c, mem: &frame{end: f.fixed},
		slots: map[ssa.Value]uintptr{}, consts: map[constKey]uintptr{},
		local: map[ssa.Value]uintptr{}, blocks: map[*ssa.BasicBlock]*block{},
		fused: map[ssa.Instruction]bool{},
	}
	mark := func(t reflect.Type, o uintptr) {
		markPointers(t, o, func(o uintptr) { x.mem.marks = append(x.mem.marks, o) })
	}
	x.mem.marks = append(x.mem.marks, 0)
	for i, o := range f.lay.res {
		mark(f.lay.resT[i], o)
	}
	for i, o := range f.lay.par {
		mark(f.lay.parT[i], o)
	}
	if f.recvT != nil {
		mark(f.recvT, f.recv)
	}
	params := s.Params
	if s.Signature.Recv() != nil && len(params) > 0 { // native ones have none
		x.slots[params[0]] = f.recv
		params = params[1:]
	}
	for i, v := range params {
		x.slots[v] = f.lay.par[i]
	}
	for i, v := range s.FreeVars {
		x.slots[v] = f.free[i]
		mark(f.freeT[i], f.free[i])
	}
	if len(s.Blocks) == 0 {
		x.external()
		return x.finish()
	}
	for _, b := range s.Blocks {
		x.blocks[b] = &block{}
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.RunDefers:
				c.hasDefer = true
			case *ssa.Defer:
				c.hasDefer = c.hasDefer || in.DeferStack == nil
			case *ssa.Call:
				if b, ok := in.Call.Value.(*ssa.Builtin); ok && b.Name() == "ssa:deferstack" {
					c.hasDefer = true
				}
			}
		}
	}
	if c.hasDefer {
		c.defers = x.alloc(reflect.TypeFor[ptr]())
	}
	// Dominators first: operands are known before they are used, but for phis.
	order := s.DomPreorder()
	for _, b := range order {
		x.prepare(b)
	}
	x.coalesce(s)
	for _, b := range order {
		x.block(b)
	}
	// The recover block is outside the dominator tree of the entry.
	if s.Recover != nil {
		if len(x.blocks[s.Recover].code) == 0 && x.blocks[s.Recover].term == nil {
			x.block(s.Recover)
		}
		c.recover = x.blocks[s.Recover]
	}
	c.entry = x.blocks[s.Blocks[0]]
	return x.finish()
}

func (x *fx) finish() *code {
	// A value of no size may stand at the end: its address is in the frame too.
	x.c.frame = memoryType(x.mem.end+8, x.mem.marks)
	return x.c
}

// alloc makes room for a value in the frame.
func (x *fx) alloc(t reflect.Type) uintptr {
	o := x.mem.end
	x.mem.end += align8(t.Size())
	markPointers(t, o, func(o uintptr) { x.mem.marks = append(x.mem.marks, o) })
	return o
}

func (x *fx) typ(t types.Type) reflect.Type { return x.p.types.typIn(x.f.ssa, t) }

// slot is where a value is in the frame.
func (x *fx) slot(v ssa.Value) uintptr {
	if o, ok := x.slots[v]; ok {
		return o
	}
	switch c := v.(type) {
	case *ssa.Const:
		return x.constant(c)
	case *ssa.Global, *ssa.Function:
		if x.up != nil {
			return x.up.slot(v)
		}
	}
	switch c := v.(type) {
	case *ssa.Global:
		return x.global(c)
	case *ssa.Function:
		return x.funcConst(c)
	case *ssa.Field:
		o := x.slot(c.X) + x.typ(c.X.Type()).Field(c.Field).Offset
		x.slots[v] = o
		return o
	case *ssa.Extract:
		o := x.slot(c.Tuple) + tupleOffset(x, c.Tuple.Type().(*types.Tuple), c.Index)
		x.slots[v] = o
		return o
	case *ssa.ChangeType:
		if !x.changesTable(c) {
			o := x.slot(c.X)
			x.slots[v] = o
			return o
		}
	}
	o := x.allocValue(v.Type())
	x.slots[v] = o
	return o
}

// changesTable says whether a conversion between interface types of the same
// methods needs another method table.
func (x *fx) changesTable(c *ssa.ChangeType) bool {
	to := x.typ(c.Type())
	return to.Kind() == reflect.Interface && to.NumMethod() > 0 && to != x.typ(c.X.Type())
}

// allocValue makes room for a value or a tuple: each part of a tuple begins at a
// multiple of 8.
func (x *fx) allocValue(t types.Type) uintptr {
	if tup, ok := t.(*types.Tuple); ok {
		o := x.mem.end
		for v := range tup.Variables() {
			x.alloc(x.typ(v.Type()))
		}
		return o
	}
	if it, ok := t.Underlying().(*types.Basic); ok && it.Kind() == types.Invalid {
		return x.alloc(reflect.TypeFor[ptr]())
	}
	return x.alloc(x.typ(t))
}

func tupleOffset(x *fx, t *types.Tuple, i int) uintptr {
	var o uintptr
	for j := range i {
		o += align8(x.typ(t.At(j).Type()).Size())
	}
	return o
}

// site registers a position for fault messages.
func (x *fx) site(pos token.Pos) uint32 {
	if !pos.IsValid() {
		pos = x.pos
	}
	return x.p.addSite(site{x.f, pos, x.in.site})
}

// indexSite is the site of an index, which faults show as it is in the source.
func (x *fx) indexSite(pos token.Pos, index ssa.Value) uint32 {
	s := x.site(pos)
	if isUnsigned(index.Type()) {
		x.p.eng.places.setUnsigned(s)
	}
	return s
}

func isUnsigned(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsUnsigned != 0
}

// local address arithmetic: the frame offset an address value stands for.
func (x *fx) static(v ssa.Value) (uintptr, bool) {
	if o, ok := x.local[v]; ok {
		return o, true
	}
	switch a := v.(type) {
	case *ssa.Alloc:
		if a.Heap || x.tooBig(a) {
			return 0, false
		}
		o := x.alloc(x.typ(a.Type().Underlying().(*types.Pointer).Elem()))
		x.local[v] = o
		return o, true
	case *ssa.FieldAddr:
		if o, ok := x.static(a.X); ok {
			st := x.typ(a.X.Type().Underlying().(*types.Pointer).Elem())
			o += st.Field(a.Field).Offset
			x.local[v] = o
			return o, true
		}
	case *ssa.IndexAddr:
		k, ok := intConst(a.Index)
		if !ok {
			return 0, false
		}
		pt, ok := a.X.Type().Underlying().(*types.Pointer)
		if !ok {
			return 0, false
		}
		if o, ok := x.static(a.X); ok {
			at := x.typ(pt.Elem())
			if k < 0 || int(k) >= at.Len() {
				return 0, false
			}
			o += uintptr(k) * at.Elem().Size()
			x.local[v] = o
			return o, true
		}
	}
	return 0, false
}

const maxLocal = 1 << 12

func (x *fx) tooBig(a *ssa.Alloc) bool {
	return x.typ(a.Type().Underlying().(*types.Pointer).Elem()).Size() > maxLocal
}

// block compiles one basic block.
func (x *fx) block(b *ssa.BasicBlock) {
	bl := x.steps(b, x.blocks[b])
	last := b.Instrs[len(b.Instrs)-1]
	if last.Pos().IsValid() {
		x.pos = last.Pos()
	}
	bl.term = x.terminator(b, last)
	bl.link()
}

// steps compiles all but the choice of the next block; it gives the block that
// ends with it.
func (x *fx) steps(b *ssa.BasicBlock, bl *block) *block {
	for _, in := range b.Instrs[:len(b.Instrs)-1] {
		if x.fused[in] {
			continue
		}
		if in.Pos().IsValid() {
			x.pos = in.Pos()
		}
		if call, ok := in.(*ssa.Call); ok {
			if g := x.inlines(call); g != nil {
				bl = x.inline(call, g, bl)
				continue
			}
		}
		if c := x.instr(in); c != nil {
			bl.code = append(bl.code, c)
		}
	}
	return bl
}

// run executes a body whose frame is filled.
func (c *code) run(t *task, f ptr) {
	if c.hidden {
		c.runHidden(t, f)
		return
	}
	t.depth++
	if t.depth >= int(t.limit.Load()) {
		t.grow()
	}
	if c.hasDefer {
		c.runDeferred(t, f)
	} else {
		for b := c.entry; b != nil; {
			b = b.run(t, f)
		}
	}
	t.depth--
}

// runHidden runs a wrapper that the compiler made. Deferred, it is not itself the
// func that may recover: the one it calls is.
func (c *code) runHidden(t *task, f ptr) {
	t.depth++
	if t.depth >= int(t.limit.Load()) {
		t.grow()
	}
	ps := t.panics
	shifted := ps != nil && ps.depth == t.depth
	if shifted {
		ps.depth++
	}
	for b := c.entry; b != nil; {
		b = b.run(t, f)
	}
	if shifted {
		ps.depth--
	}
	t.depth--
}

// spare are frames of one func to use again, the first linked to the others. Funcs
// of two lineages may have one id: then they are the frames of the last to end.
type spare struct {
	code *code
	free ptr
}

// take gives a frame for c: one used before when there is.
func (t *task) take(c *code) ptr {
	if c.id < len(t.pool) {
		s := &t.pool[c.id]
		if f := s.free; f != nil && s.code == c {
			s.free = *(*ptr)(f)
			return f
		}
	}
	return t.newFrame(c)
}

func (t *task) newFrame(c *code) ptr {
	if c.id >= len(t.pool) {
		n := make([]spare, c.id+8)
		copy(n, t.pool)
		t.pool = n
	}
	f := unsafeNew(c.frame)
	for _, k := range c.consts {
		k(t, f)
	}
	return f
}

// give puts a frame back.
func (t *task) give(c *code, f ptr) {
	s := &t.pool[c.id]
	if s.code != c {
		*s = spare{code: c}
	}
	*(*ptr)(f) = s.free
	s.free = f
}

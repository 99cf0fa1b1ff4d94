package ssa

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A call of a small func is compiled into its caller: its values get places in the
// caller's frame, its parameters are the places of the arguments. Faults still show
// its frame: a site of inlined code leads to that of the call.

const (
	inlineSteps = 24  // how long a func may be to be inlined
	inlineDepth = 3   // how deep into each other
	inlineTotal = 600 // how much a func takes in
)

// inlined is what the code of a func needs to know that stands in its caller.
type inlined struct {
	site  uint32    // of the call
	res   []uintptr // where the results go
	cont  *block    // what follows the call
	depth int
}

// inlinable says whether the calls of a func may be replaced by its code.
func inlinable(g *ssa.Function) bool {
	if len(g.Blocks) == 0 || g.Recover != nil || len(g.FreeVars) > 0 {
		return false
	}
	steps := 0
	for _, b := range g.Blocks {
		for _, s := range b.Succs {
			if s.Dominates(b) {
				return false // a loop takes longer than a call
			}
		}
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.DebugRef, *ssa.Phi, *ssa.FieldAddr, *ssa.IndexAddr:
				continue
			case *ssa.Defer, *ssa.RunDefers, *ssa.Go, *ssa.Select, *ssa.MakeClosure, *ssa.Range, *ssa.Next:
				return false
			case *ssa.Call:
				if b, ok := in.Call.Value.(*ssa.Builtin); ok && (b.Name() == "recover" || b.Name() == "ssa:deferstack") {
					return false
				}
			}
			steps++
		}
	}
	return steps <= inlineSteps
}

// inlines gives the func whose code a call is to be replaced by, or nil. Nothing is
// inlined into a wrapper: who may recover is told by the depth of calls.
func (x *fx) inlines(call *ssa.Call) *ssa.Function {
	g, ok := call.Call.Value.(*ssa.Function)
	if !ok || call.Call.IsInvoke() || x.c.hidden || x.in.depth >= inlineDepth || intrinsics[originName(g)] != nil || !x.p.mayInline(g) {
		return nil
	}
	for u := x; u != nil; u = u.up {
		if u.f.ssa == g {
			return nil
		}
	}
	if x.mem.taken += len(g.Blocks) * 4; x.mem.taken > inlineTotal {
		return nil
	}
	return g
}

func (p *lineage) mayInline(g *ssa.Function) bool {
	if v, ok := p.inlinable.Load(g); ok {
		return v.(bool)
	}
	v := inlinable(g)
	p.inlinable.Store(g, v)
	return v
}

// inline compiles a call of g as g's code. It gives the block that control comes
// from afterwards: bl itself, when g has one block.
func (x *fx) inline(call *ssa.Call, g *ssa.Function, bl *block) *block {
	y := &fx{
		p: x.p, f: x.p.fn(g), c: x.c, up: x, mem: x.mem,
		slots: map[ssa.Value]uintptr{}, consts: x.consts, local: map[ssa.Value]uintptr{},
		blocks: map[*ssa.BasicBlock]*block{}, fused: map[ssa.Instruction]bool{},
		in: inlined{site: x.site(call.Pos()), depth: x.in.depth + 1},
	}
	for i, v := range g.Params {
		y.slots[v] = x.slot(call.Call.Args[i])
	}
	if t, ok := call.Type().(*types.Tuple); !ok || t.Len() > 0 {
		y.in.res = y.f.lay.spread(x.slot(call))
	}
	for _, b := range g.Blocks {
		y.blocks[b] = &block{}
	}
	order := g.DomPreorder()
	for _, b := range order {
		y.prepare(b)
	}
	y.coalesce(g)
	if len(g.Blocks) == 1 {
		y.in.cont = bl
		bl = y.steps(g.Blocks[0], bl)
		switch last := g.Blocks[0].Instrs[len(g.Blocks[0].Instrs)-1].(type) {
		case *ssa.Return:
			if o := y.results(last); o != nil {
				bl.code = append(bl.code, o)
			}
			return bl
		default: // it panics
			bl.term = y.terminator(g.Blocks[0], last)
			bl.link()
			return &block{}
		}
	}
	y.in.cont = &block{}
	entry := y.blocks[g.Blocks[0]]
	bl.term = func(*task, ptr) *block { return entry }
	for _, b := range order {
		y.block(b)
	}
	bl.link()
	return y.in.cont
}

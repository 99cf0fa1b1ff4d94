package ssa

import "golang.org/x/tools/go/ssa"

// coalesce lets a phi and the values it takes share one place in the frame where
// their lives do not overlap, so that taking an edge copies nothing: in a loop,
// i = i + 1 is one step.
//
// A value lives from its definition to its last use; a use by a phi is at the end
// of the block the value comes from. An address or comparison that its user does
// itself (x.fused) uses its operands there.
func (x *fx) coalesce(s *ssa.Function) {
	c := &lives{x: x, index: map[ssa.Value]int{}}
	for _, b := range s.Blocks {
		for _, in := range b.Instrs {
			phi, ok := in.(*ssa.Phi)
			if !ok {
				break
			}
			if aliased(phi) {
				continue
			}
			for _, e := range phi.Edges {
				if c.shareable(e) {
					c.add(phi)
					c.add(e)
				}
			}
		}
	}
	const most = 2000 // the comparison of lives grows with their square
	if len(c.values) == 0 || len(c.values) > most {
		return
	}
	c.solve(s)
	class := map[ssa.Value][]ssa.Value{}
	for _, v := range c.values {
		class[v] = []ssa.Value{v}
	}
	for _, b := range s.Blocks {
		for _, in := range b.Instrs {
			phi, ok := in.(*ssa.Phi)
			if !ok {
				break
			}
			if _, ok := c.index[phi]; !ok {
				continue
			}
			for _, e := range phi.Edges {
				if _, ok := c.index[e]; !ok || !c.shareable(e) && !isPhi(e) {
					continue
				}
				a, b := class[phi], class[e]
				if &a[0] == &b[0] || c.overlap(a, b) {
					continue
				}
				both := append(append([]ssa.Value{}, a...), b...)
				for _, v := range both {
					class[v] = both
				}
			}
		}
	}
	for _, v := range c.values {
		members := class[v]
		if _, ok := x.slots[members[0]]; ok || len(members) == 1 {
			continue
		}
		o := x.allocValue(v.Type())
		for _, m := range members {
			x.slots[m] = o
		}
	}
}

func isPhi(v ssa.Value) bool { _, ok := v.(*ssa.Phi); return ok }

// aliased says whether parts of the value's place are other values' places.
func aliased(v ssa.Value) bool {
	for _, r := range *v.Referrers() {
		switch r.(type) {
		case *ssa.Field, *ssa.Extract, *ssa.ChangeType:
			return true
		}
	}
	return false
}

type lives struct {
	x      *fx
	index  map[ssa.Value]int
	values []ssa.Value
	words  int
	in     map[*ssa.BasicBlock][]uint64
	out    map[*ssa.BasicBlock][]uint64
	pos    map[ssa.Instruction]int
}

// shareable values have a place of their own that one step writes after it has
// read its operands.
func (c *lives) shareable(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.BinOp:
		return !c.x.fused[v] && !aliased(v)
	case *ssa.UnOp, *ssa.Call, *ssa.Convert, *ssa.Slice, *ssa.Index, *ssa.Phi:
		return !aliased(v)
	}
	return false
}

func (c *lives) add(v ssa.Value) {
	if _, ok := c.index[v]; !ok {
		c.index[v] = len(c.values)
		c.values = append(c.values, v)
	}
}

// uses calls f with each candidate that an instruction reads when it runs.
func (c *lives) uses(in ssa.Instruction, f func(i int)) {
	if c.x.fused[in] {
		return
	}
	if _, ok := in.(*ssa.Phi); ok {
		return
	}
	var buf [8]*ssa.Value
	for _, o := range in.Operands(buf[:0]) {
		if *o == nil {
			continue
		}
		c.use(*o, f)
	}
}

func (c *lives) use(v ssa.Value, f func(i int)) {
	if i, ok := c.index[v]; ok {
		f(i)
	}
	if in, ok := v.(ssa.Instruction); ok && c.x.fused[in] {
		var buf [4]*ssa.Value
		for _, o := range in.Operands(buf[:0]) {
			if *o != nil {
				c.use(*o, f)
			}
		}
	}
}

func (c *lives) solve(s *ssa.Function) {
	c.words = (len(c.values) + 63) / 64
	c.in, c.out = map[*ssa.BasicBlock][]uint64{}, map[*ssa.BasicBlock][]uint64{}
	c.pos = map[ssa.Instruction]int{}
	gen, kill := map[*ssa.BasicBlock][]uint64{}, map[*ssa.BasicBlock][]uint64{}
	for _, b := range s.Blocks {
		c.in[b], c.out[b] = make([]uint64, c.words), make([]uint64, c.words)
		g, k := make([]uint64, c.words), make([]uint64, c.words)
		for n, in := range b.Instrs {
			c.pos[in] = n
			c.uses(in, func(i int) {
				if !has(k, i) {
					put(g, i)
				}
			})
			if v, ok := in.(ssa.Value); ok {
				if i, ok := c.index[v]; ok {
					put(k, i)
				}
			}
		}
		gen[b], kill[b] = g, k
	}
	for changed := true; changed; {
		changed = false
		for n := len(s.Blocks) - 1; n >= 0; n-- {
			b := s.Blocks[n]
			out := c.out[b]
			for _, to := range b.Succs {
				for w, v := range c.in[to] {
					out[w] |= v
				}
				c.edgeUses(b, to, func(i int) { put(out, i) })
			}
			in, g, k := c.in[b], gen[b], kill[b]
			for w := range in {
				v := g[w] | out[w]&^k[w]
				if v != in[w] {
					in[w] = v
					changed = true
				}
			}
		}
	}
}

// edgeUses calls f with what the phis of to take from b.
func (c *lives) edgeUses(b, to *ssa.BasicBlock, f func(i int)) {
	for _, in := range to.Instrs {
		phi, ok := in.(*ssa.Phi)
		if !ok {
			return
		}
		for p, pred := range to.Preds {
			if pred == b {
				c.use(phi.Edges[p], f)
			}
		}
	}
}

func has(s []uint64, i int) bool { return s[i/64]>>(i%64)&1 != 0 }
func put(s []uint64, i int)      { s[i/64] |= 1 << (i % 64) }

// overlap says whether a member of a lives where one of b is defined, or the
// other way round.
func (c *lives) overlap(a, b []ssa.Value) bool {
	for _, v := range a {
		for _, w := range b {
			if c.liveAt(v, w) || c.liveAt(w, v) {
				return true
			}
		}
	}
	return false
}

// liveAt says whether v holds a value still needed when d gets its own.
func (c *lives) liveAt(v, d ssa.Value) bool {
	i := c.index[v]
	di := d.(ssa.Instruction)
	b := di.Block()
	if _, ok := d.(*ssa.Phi); ok {
		// Written on every edge into b.
		if p, ok := v.(*ssa.Phi); ok && p.Block() == b {
			return true
		}
		if has(c.in[b], i) {
			return true
		}
		return false
	}
	if has(c.out[b], i) && !(v.(ssa.Instruction).Block() == b && c.pos[v.(ssa.Instruction)] > c.pos[di] && !isPhi(v)) {
		return true
	}
	// Used later in the block, and defined before.
	if vi := v.(ssa.Instruction); vi.Block() == b && !isPhi(v) && c.pos[vi] > c.pos[di] {
		return false
	}
	used := false
	for _, in := range b.Instrs[c.pos[di]+1:] {
		c.uses(in, func(k int) { used = used || k == i })
		if used {
			return true
		}
	}
	return false
}

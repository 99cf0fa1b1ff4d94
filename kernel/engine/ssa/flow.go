package ssa

import (
	"go/constant"
	"go/token"
	"go/types"
	"reflect"

	"golang.org/x/tools/go/ssa"
)

// prepare finds the comparisons that their block's branch does itself, and the
// addresses that the load or store using them does.
func (x *fx) prepare(b *ssa.BasicBlock) {
	for i, in := range b.Instrs {
		switch in.(type) {
		case *ssa.FieldAddr, *ssa.IndexAddr:
			if _, ok := x.static(in.(ssa.Value)); !ok && x.direct(in.(ssa.Value), b.Instrs[i+1:]) {
				x.fused[in] = true
			}
		}
	}
	br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return
	}
	cmp, ok := br.Cond.(*ssa.BinOp)
	if !ok || cmp.Block() != b || len(*cmp.Referrers()) != 1 {
		return
	}
	switch cmp.Op {
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
	default:
		return
	}
	if bt, ok := cmp.X.Type().Underlying().(*types.Basic); ok && bt.Info()&(types.IsInteger|types.IsFloat) != 0 {
		x.fused[cmp] = true
	}
}

type next = func(t *task, f ptr) *block

func (x *fx) terminator(b *ssa.BasicBlock, in ssa.Instruction) next {
	switch in := in.(type) {
	case *ssa.Jump:
		return x.jump(b, b.Succs[0])
	case *ssa.If:
		return x.branch(b, in)
	case *ssa.Return:
		return x.returns(in)
	case *ssa.Panic:
		if next := x.rangePanic(b, in); next != nil {
			return next
		}
		v, site := x.slot(in.X), x.site(in.Pos())
		return func(t *task, f ptr) *block {
			t.sites[t.depth] = site
			t.raise(*at[any](f, v))
			return nil
		}
	}
	panic(unsupported("control flow " + in.String()))
}

// rangePanic compiles the panics that go/ssa adds to a range over a func whose iterator
// breaks the rules, to be in the runtime's words; nil for others.
func (x *fx) rangePanic(b *ssa.BasicBlock, in *ssa.Panic) next {
	box, ok := in.X.(*ssa.MakeInterface)
	if !ok || in.Pos().IsValid() || len(b.Preds) != 1 {
		return nil
	}
	c, ok := box.X.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.String {
		return nil
	}
	site := x.site(in.Pos())
	say := func(t *task, what string) *block {
		t.sites[t.depth] = site
		panic(boundsError("range function " + what))
	}
	const busy, done = -1, -2
	switch constant.StringVal(c.Value) {
	case "iterator call did not preserve panic":
		return func(t *task, _ ptr) *block {
			return say(t, "recovered a loop body panic and did not resume panicking")
		}
	case "yield function called after range loop exit":
		state := b.Preds[0].Instrs[len(b.Preds[0].Instrs)-1].(*ssa.If).Cond.(*ssa.BinOp).X.(*ssa.UnOp).X
		at0 := x.slot(state)
		return func(t *task, f ptr) *block {
			after := "function for loop body returned false"
			switch **at[*int](f, at0) {
			case busy:
				after = "loop body panic"
			case done:
				after = "whole loop exit"
			}
			return say(t, "continued iteration after "+after)
		}
	}
	return nil
}

// jump goes to a block over its edge: phis get their values. A block that only
// compares and branches is done on the way.
func (x *fx) jump(from, to *ssa.BasicBlock) next {
	dst := x.blocks[to]
	e := x.edge(from, to)
	back := to.Index <= from.Index
	if br := x.onlyBranches(to); br != nil {
		then := x.branch(to, br)
		switch {
		case back && e == nil:
			return x.loopBranch(to, br, then)
		case back:
			return func(t *task, f ptr) *block {
				e(t, f)
				if t.stopped.Load() {
					t.stop()
				}
				return then(t, f)
			}
		case e == nil:
			return then
		}
		return func(t *task, f ptr) *block { e(t, f); return then(t, f) }
	}
	switch {
	case back && e == nil:
		return func(t *task, f ptr) *block {
			if t.stopped.Load() {
				t.stop()
			}
			return dst
		}
	case back:
		return func(t *task, f ptr) *block {
			e(t, f)
			if t.stopped.Load() {
				t.stop()
			}
			return dst
		}
	case e == nil:
		return func(*task, ptr) *block { return dst }
	}
	return func(t *task, f ptr) *block { e(t, f); return dst }
}

// onlyBranches gives the branch of a block that has no other step.
func (x *fx) onlyBranches(b *ssa.BasicBlock) *ssa.If {
	br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return nil
	}
	for _, in := range b.Instrs[:len(b.Instrs)-1] {
		if _, phi := in.(*ssa.Phi); !phi && !x.fused[in] {
			return nil
		}
	}
	if cmp, ok := br.Cond.(*ssa.BinOp); !ok || !x.fused[cmp] || cmp.Block() != b {
		return nil
	}
	return br
}

// loopBranch is the way back to the head of a loop that counts an int: the check
// for a stop and the comparison in one.
func (x *fx) loopBranch(head *ssa.BasicBlock, br *ssa.If, then next) next {
	cmp := br.Cond.(*ssa.BinOp)
	if x.typ(cmp.X.Type()).Kind() == reflect.Int && cmp.Op == token.LSS {
		yes, no := x.targets(head, br)
		a := x.slot(cmp.X)
		if k, ok := numConst[int](cmp.Y); ok {
			return func(t *task, f ptr) *block {
				if t.stopped.Load() {
					t.stop()
				}
				if *at[int](f, a) < k {
					return yes
				}
				return no
			}
		}
		b := x.slot(cmp.Y)
		return func(t *task, f ptr) *block {
			if t.stopped.Load() {
				t.stop()
			}
			if *at[int](f, a) < *at[int](f, b) {
				return yes
			}
			return no
		}
	}
	return func(t *task, f ptr) *block {
		if t.stopped.Load() {
			t.stop()
		}
		return then(t, f)
	}
}

// targets are the blocks a branch leads to: an edge with work is a block of its
// own.
func (x *fx) targets(b *ssa.BasicBlock, in *ssa.If) (yes, no *block) {
	via := func(e op, back bool, to *ssa.BasicBlock) *block {
		dst := x.blocks[to]
		if e == nil && !back {
			return dst
		}
		bl := &block{term: func(*task, ptr) *block { return dst }}
		defer bl.link()
		if back {
			bl.term = func(t *task, f ptr) *block {
				if t.stopped.Load() {
					t.stop()
				}
				return dst
			}
		}
		if e != nil {
			bl.code = []op{e}
		}
		return bl
	}
	s := b.Succs
	yes = via(x.edge(b, s[0]), s[0].Index <= b.Index, s[0])
	no = via(x.edgeNth(b, s[1], s[0] == s[1]), s[1].Index <= b.Index, s[1])
	return yes, no
}

func (x *fx) branch(b *ssa.BasicBlock, in *ssa.If) next {
	yes, no := x.targets(b, in)
	if cmp, ok := in.Cond.(*ssa.BinOp); ok && x.fused[cmp] {
		return x.compareBranch(cmp, yes, no)
	}
	if u, ok := in.Cond.(*ssa.UnOp); ok && u.Op == token.NOT {
		c := x.slot(u.X)
		return func(_ *task, f ptr) *block {
			if *at[bool](f, c) {
				return no
			}
			return yes
		}
	}
	c := x.slot(in.Cond)
	return func(_ *task, f ptr) *block {
		if *at[bool](f, c) {
			return yes
		}
		return no
	}
}

// edge copies the values that the phis of to take when control comes from from.
func (x *fx) edge(from, to *ssa.BasicBlock) op { return x.edgeNth(from, to, false) }

// edgeNth takes the second edge when both branches of an If lead to one block.
func (x *fx) edgeNth(from, to *ssa.BasicBlock, second bool) op {
	i := -1
	for j, p := range to.Preds {
		if p == from {
			i = j
			if !second {
				break
			}
		}
	}
	var moves []move
	for _, in := range to.Instrs {
		phi, ok := in.(*ssa.Phi)
		if !ok {
			break
		}
		t := x.typ(phi.Type())
		m := move{dst: x.slot(phi), src: x.slot(phi.Edges[i]), typ: t, class: classOf(t)}
		if m.dst != m.src && m.class != cNone {
			moves = append(moves, m)
		}
	}
	return x.parallel(moves)
}

// move copies within a frame.
type move struct {
	dst, src uintptr
	typ      reflect.Type
	class    class
}

func (m move) op() op {
	d, s := m.dst, m.src
	switch m.class {
	case c1:
		return func(_ *task, f ptr) { *at[uint8](f, d) = *at[uint8](f, s) }
	case c2:
		return func(_ *task, f ptr) { *at[uint16](f, d) = *at[uint16](f, s) }
	case c4:
		return func(_ *task, f ptr) { *at[uint32](f, d) = *at[uint32](f, s) }
	case c8:
		return func(_ *task, f ptr) { *at[uint64](f, d) = *at[uint64](f, s) }
	case cPtr:
		return func(_ *task, f ptr) { *at[ptr](f, d) = *at[ptr](f, s) }
	case cString:
		return func(_ *task, f ptr) { *at[string](f, d) = *at[string](f, s) }
	case cIface:
		return func(_ *task, f ptr) { *at[eface](f, d) = *at[eface](f, s) }
	case cSlice:
		return func(_ *task, f ptr) { *at[[]byte](f, d) = *at[[]byte](f, s) }
	case c16:
		return func(_ *task, f ptr) { *at[[2]uint64](f, d) = *at[[2]uint64](f, s) }
	}
	c, t := m.class, rt(m.typ)
	return func(_ *task, f ptr) { copyTo(c, t, add(f, d), add(f, s)) }
}

func (x *fx) move(d, s uintptr, t types.Type) op {
	r := x.typ(t)
	if classOf(r) == cNone || d == s {
		return nil
	}
	return move{d, s, r, classOf(r)}.op()
}

func overlap(a uintptr, an uintptr, b uintptr, bn uintptr) bool { return a < b+bn && b < a+an }

// parallel makes moves as if all at once.
func (x *fx) parallel(moves []move) op {
	// Put a move first when nobody reads what it writes.
	var order []move
	rest := moves
	for len(rest) > 0 {
		picked := -1
		for i, m := range rest {
			free := true
			for j, o := range rest {
				if i != j && overlap(m.dst, m.typ.Size(), o.src, o.typ.Size()) {
					free = false
				}
			}
			if free {
				picked = i
				break
			}
		}
		if picked < 0 {
			// A cycle: save one source elsewhere.
			m := rest[0]
			tmp := x.alloc(m.typ)
			order = append(order, move{tmp, m.src, m.typ, m.class})
			rest = append([]move{{m.dst, tmp, m.typ, m.class}}, rest[1:]...)
			continue
		}
		order = append(order, rest[picked])
		rest = append(append([]move{}, rest[:picked]...), rest[picked+1:]...)
	}
	ops := make([]op, len(order))
	for i, m := range order {
		ops[i] = m.op()
	}
	if len(order) == 2 && order[0].class == c8 && order[1].class == c8 {
		a, b, c, d := order[0].dst, order[0].src, order[1].dst, order[1].src
		return func(_ *task, f ptr) {
			*at[uint64](f, a) = *at[uint64](f, b)
			*at[uint64](f, c) = *at[uint64](f, d)
		}
	}
	return sequence(ops)
}

// link makes the block's steps and the choice of the next block one func.
func (b *block) link() {
	term := b.term
	switch s := b.code; len(s) {
	case 0:
		b.run = term
	case 1:
		s0 := s[0]
		b.run = func(t *task, f ptr) *block { s0(t, f); return term(t, f) }
	case 2:
		s0, s1 := s[0], s[1]
		b.run = func(t *task, f ptr) *block { s0(t, f); s1(t, f); return term(t, f) }
	case 3:
		s0, s1, s2 := s[0], s[1], s[2]
		b.run = func(t *task, f ptr) *block { s0(t, f); s1(t, f); s2(t, f); return term(t, f) }
	case 4:
		s0, s1, s2, s3 := s[0], s[1], s[2], s[3]
		b.run = func(t *task, f ptr) *block { s0(t, f); s1(t, f); s2(t, f); s3(t, f); return term(t, f) }
	default:
		b.run = func(t *task, f ptr) *block {
			for _, o := range s {
				o(t, f)
			}
			return term(t, f)
		}
	}
}

// sequence makes several steps one.
func sequence(ops []op) op {
	switch len(ops) {
	case 0:
		return nil
	case 1:
		return ops[0]
	case 2:
		a, b := ops[0], ops[1]
		return func(t *task, f ptr) { a(t, f); b(t, f) }
	case 3:
		a, b, c := ops[0], ops[1], ops[2]
		return func(t *task, f ptr) { a(t, f); b(t, f); c(t, f) }
	}
	return func(t *task, f ptr) {
		for _, o := range ops {
			o(t, f)
		}
	}
}

// results copies what a return gives to where the results are expected.
func (x *fx) results(in *ssa.Return) op { return x.parallel(x.resultMoves(in)) }

func (x *fx) resultMoves(in *ssa.Return) (moves []move) {
	to := x.f.lay.res
	if x.up != nil {
		to = x.in.res
	}
	for i, v := range in.Results {
		t := x.f.lay.resT[i]
		m := move{dst: to[i], src: x.slot(v), typ: t, class: x.f.lay.resC[i]}
		if m.class != cNone && m.dst != m.src {
			moves = append(moves, m)
		}
	}
	return moves
}

func (x *fx) returns(in *ssa.Return) next {
	if x.up != nil {
		e, cont := x.results(in), x.in.cont
		if e == nil {
			return func(*task, ptr) *block { return cont }
		}
		return func(t *task, f ptr) *block { e(t, f); return cont }
	}
	moves := x.resultMoves(in)
	if len(moves) == 1 && moves[0].class == c8 {
		d, s := moves[0].dst, moves[0].src
		return func(_ *task, f ptr) *block { *at[uint64](f, d) = *at[uint64](f, s); return nil }
	}
	e := x.parallel(moves)
	if e == nil {
		return func(*task, ptr) *block { return nil }
	}
	return func(t *task, f ptr) *block { e(t, f); return nil }
}

// external gives a func without a body: an intrinsic, or a native func that is
// called as a value.
func (x *fx) external() {
	o := x.externalCall()
	x.c.entry = &block{code: []op{o}, term: func(*task, ptr) *block { return nil }}
	x.c.entry.link()
}

package ssa

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// instr compiles one instruction; nil when there is nothing to do at run time.
func (x *fx) instr(in ssa.Instruction) op {
	switch in := in.(type) {
	case *ssa.DebugRef, *ssa.Phi:
		return nil
	case *ssa.Alloc:
		return x.allocation(in)
	case *ssa.BinOp:
		return x.binOp(in)
	case *ssa.UnOp:
		return x.unOp(in)
	case *ssa.Call:
		return x.call(in)
	case *ssa.ChangeType:
		if x.changesTable(in) {
			return x.changeInterface(in, in.X)
		}
		return x.move(x.slot(in), x.slot(in.X), in.Type())
	case *ssa.Convert:
		return x.convert(in)
	case *ssa.ChangeInterface:
		return x.changeInterface(in, in.X)
	case *ssa.SliceToArrayPointer:
		return x.sliceToArray(in)
	case *ssa.MakeInterface:
		return x.makeInterface(in)
	case *ssa.MakeClosure:
		return x.makeClosure(in)
	case *ssa.MakeMap:
		return x.makeMap(in)
	case *ssa.MakeChan:
		return x.makeChan(in)
	case *ssa.MakeSlice:
		return x.makeSlice(in)
	case *ssa.Slice:
		return x.slice(in)
	case *ssa.FieldAddr:
		return x.fieldAddr(in)
	case *ssa.Field:
		x.slot(in)
		return nil
	case *ssa.IndexAddr:
		return x.indexAddr(in)
	case *ssa.Index:
		return x.index(in)
	case *ssa.Lookup:
		return x.lookup(in)
	case *ssa.Select:
		return x.selects(in)
	case *ssa.Range:
		return x.ranges(in)
	case *ssa.Next:
		return x.nextOf(in)
	case *ssa.TypeAssert:
		return x.typeAssert(in)
	case *ssa.Extract:
		x.slot(in)
		return nil
	case *ssa.RunDefers:
		return x.runDefers()
	case *ssa.Go:
		return x.goStmt(in)
	case *ssa.Defer:
		return x.deferStmt(in)
	case *ssa.Send:
		return x.send(in)
	case *ssa.Store:
		return x.store(in)
	case *ssa.MapUpdate:
		return x.mapUpdate(in)
	}
	panic(unsupported("instruction " + in.String()))
}

// materialised says whether an address of the frame is needed as a value.
func (x *fx) materialised(v ssa.Value) bool {
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.UnOp, *ssa.FieldAddr, *ssa.DebugRef:
		case *ssa.IndexAddr:
		case *ssa.Store:
			if r.Addr != v || r.Val == v {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// address gives what static addresses need at their definition: nothing, or
// their pointer.
func (x *fx) address(v ssa.Value, o uintptr) op {
	if !x.materialised(v) {
		return nil
	}
	d := x.slot(v)
	return func(_ *task, f ptr) { *at[ptr](f, d) = add(f, o) }
}

func (x *fx) allocation(in *ssa.Alloc) op {
	t := x.typ(in.Type().Underlying().(*types.Pointer).Elem())
	r := rt(t)
	if o, ok := x.static(in); ok {
		c := classOf(t)
		z := func(_ *task, f ptr) { zero(c, r, add(f, o)) }
		switch c {
		case cNone:
			z = nil
		case c8:
			z = func(_ *task, f ptr) { *at[uint64](f, o) = 0 }
		}
		var ops []op
		if z != nil {
			ops = append(ops, z)
		}
		if a := x.address(in, o); a != nil {
			ops = append(ops, a)
		}
		return sequence(ops)
	}
	d := x.slot(in)
	return func(_ *task, f ptr) { *at[ptr](f, d) = unsafeNew(r) }
}

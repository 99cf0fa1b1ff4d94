package ssa

import (
	"go/types"
	"reflect"
	"unicode/utf8"

	"golang.org/x/tools/go/ssa"
)

func (x *fx) makeMap(in *ssa.MakeMap) op {
	d, r := x.slot(in), rt(x.typ(in.Type()))
	hint := func(ptr) int { return 0 }
	if in.Reserve != nil {
		hint = intReader(x.typ(in.Reserve.Type()).Kind(), x.slot(in.Reserve))
	}
	return func(_ *task, f ptr) { *at[ptr](f, d) = makemap(r, max(hint(f), 0), nil) }
}

// mapLookup compiles m[k] in both forms.
func (x *fx) mapLookup(in *ssa.Lookup) op {
	d, m, k, site := x.slot(in), x.slot(in.X), x.slot(in.Index), x.site(in.Pos())
	t := x.typ(in.X.Type())
	r, e := rt(t), rt(t.Elem())
	c := classOf(t.Elem())
	okOff := d + align8(e.size)
	if in.CommaOk {
		return func(t *task, f ptr) {
			t.sites[t.depth] = site
			p, ok := mapaccess2(r, *at[ptr](f, m), add(f, k))
			if ok {
				copyTo(c, e, add(f, d), p)
			} else {
				zero(c, e, add(f, d))
			}
			*at[bool](f, okOff) = ok
		}
	}
	if t == reflect.TypeFor[map[int]int]() {
		return func(_ *task, f ptr) { *at[int](f, d) = (*at[map[int]int](f, m))[*at[int](f, k)] }
	}
	if t == reflect.TypeFor[map[string]int]() {
		return func(_ *task, f ptr) { *at[int](f, d) = (*at[map[string]int](f, m))[*at[string](f, k)] }
	}
	if assigns(in) {
		return func(t *task, f ptr) {
			t.sites[t.depth] = site
			if len(*at[map[int]int](f, m)) > 0 {
				if p, ok := mapaccess2(r, *at[ptr](f, m), add(f, k)); ok {
					copyTo(c, e, add(f, d), p)
					return
				}
			}
			zero(c, e, add(f, d))
		}
	}
	return func(t *task, f ptr) {
		t.sites[t.depth] = site
		if p, ok := mapaccess2(r, *at[ptr](f, m), add(f, k)); ok {
			copyTo(c, e, add(f, d), p)
		} else {
			zero(c, e, add(f, d))
		}
	}
}

// assigns says whether a lookup is the reading half of m[k]++ or m[k] += v with a key
// that may have no hash: that is the assignment's to find out.
func assigns(in *ssa.Lookup) bool {
	if !mayPanic(in.Index.Type()) || len(*in.Referrers()) != 1 {
		return false
	}
	sum, ok := (*in.Referrers())[0].(*ssa.BinOp)
	if !ok || sum.X != in || len(*sum.Referrers()) != 1 {
		return false
	}
	up, ok := (*sum.Referrers())[0].(*ssa.MapUpdate)
	return ok && up.Value == sum && up.Map == in.X && up.Key == in.Index
}

// mayPanic says whether comparing values of a type may: there is an interface in it.
func mayPanic(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Interface:
		return true
	case *types.Array:
		return mayPanic(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if mayPanic(f.Type()) {
				return true
			}
		}
	}
	return false
}

func (x *fx) mapUpdate(in *ssa.MapUpdate) op {
	m, k, v, site := x.slot(in.Map), x.slot(in.Key), x.slot(in.Value), x.site(in.Pos())
	t := x.typ(in.Map.Type())
	r, e, c := rt(t), rt(t.Elem()), classOf(t.Elem())
	if t == reflect.TypeFor[map[int]int]() {
		return func(t *task, f ptr) {
			t.sites[t.depth] = site
			(*at[map[int]int](f, m))[*at[int](f, k)] = *at[int](f, v)
		}
	}
	if t == reflect.TypeFor[map[string]int]() {
		return func(t *task, f ptr) {
			t.sites[t.depth] = site
			(*at[map[string]int](f, m))[*at[string](f, k)] = *at[int](f, v)
		}
	}
	return func(t *task, f ptr) {
		t.sites[t.depth] = site
		copyTo(c, e, mapassign(r, *at[ptr](f, m), add(f, k)), add(f, v))
	}
}

// stringIter walks the runes of a string.
type stringIter struct {
	s string
	i int
}

// mapWalk steps when asked for the next entry, not before: the body may delete it.
type mapWalk struct {
	mapIter
	begun bool
}

func (x *fx) ranges(in *ssa.Range) op {
	d, s := x.slot(in), x.slot(in.X)
	if _, ok := in.X.Type().Underlying().(*types.Map); ok {
		r := rt(x.typ(in.X.Type()))
		return func(_ *task, f ptr) {
			it := new(mapWalk)
			mapiterinit(r, *at[ptr](f, s), &it.mapIter)
			*at[ptr](f, d) = ptr(it)
		}
	}
	return func(_ *task, f ptr) { *at[ptr](f, d) = ptr(&stringIter{s: *at[string](f, s)}) }
}

// nextOf compiles the step of a range: (ok, key, value).
func (x *fx) nextOf(in *ssa.Next) op {
	d, it := x.slot(in), x.slot(in.Iter)
	if in.IsString {
		return func(_ *task, f ptr) {
			i := (*stringIter)(*at[ptr](f, it))
			if i.i >= len(i.s) {
				*at[bool](f, d) = false
				return
			}
			r, n := rune(i.s[i.i]), 1
			if r >= utf8.RuneSelf {
				r, n = utf8.DecodeRuneInString(i.s[i.i:])
			}
			*at[bool](f, d) = true
			*at[int](f, d+8) = i.i
			*at[rune](f, d+16) = r
			i.i += n
		}
	}
	m := in.Iter.(*ssa.Range).X.Type().Underlying().(*types.Map)
	tup := in.Type().(*types.Tuple)
	wanted := func(i int) bool {
		b, ok := tup.At(i).Type().(*types.Basic)
		return !ok || b.Kind() != types.Invalid
	}
	kt, et := x.typ(m.Key()), x.typ(m.Elem())
	kc, ec := classOf(kt), classOf(et)
	kr, er := rt(kt), rt(et)
	ko := d + 8
	eo := ko + align8(x.typ(tup.At(1).Type()).Size())
	wk, we := wanted(1), wanted(2)
	return func(_ *task, f ptr) {
		i := (*mapWalk)(*at[ptr](f, it))
		if i.begun {
			mapiternext(&i.mapIter)
		}
		i.begun = true
		if i.key == nil {
			*at[bool](f, d) = false
			return
		}
		*at[bool](f, d) = true
		if wk {
			copyTo(kc, kr, add(f, ko), i.key)
		}
		if we {
			copyTo(ec, er, add(f, eo), i.elem)
		}
	}
}

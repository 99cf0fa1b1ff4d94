package yaegi

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"strings"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/wire"
)

// Where the program hands an interface to compiled code, only the run shows whether
// a value of its own types is in it; there the run then ends (plain, to). But what
// may be in it is known before: values of the types that the program puts into
// interfaces. A place that one of them may come to is a doubt.

// doubt is such a place.
type doubt struct {
	at      wire.Problem
	callee  string
	methods []string   // that the interface's values have
	to      types.Type // the compiled interface they become; nil: any
}

// doubt notes that values of the interface type from come to callee's parameter,
// which is an any, or become the compiled interface to.
func (e *emitter) doubt(at token.Pos, from, to types.Type, callee string) {
	d := doubt{at: e.problemAt(at, "native-any", ""), callee: callee, to: to}
	if it, ok := from.Underlying().(*types.Interface); ok {
		for m := range it.Methods() {
			d.methods = append(d.methods, m.Name())
		}
	}
	e.doubts = append(e.doubts, d)
}

// answer is what the engine would refuse at the doubt, if a value of type t comes
// there; "" when it would not.
func (l *lineage) answer(d doubt, t types.Type) string {
	ms := types.NewMethodSet(t)
	for _, name := range d.methods {
		if ms.Lookup(l.pkg, name) == nil {
			return ""
		}
	}
	own := types.TypeString(t, func(*types.Package) string { return "" })
	if d.to == nil {
		return fmt.Sprintf("%s with a value that may be of your own type %s", d.callee, own)
	}
	has := methodKeys(t)
	for m := range d.to.Underlying().(*types.Interface).Methods() {
		if !has[methodKey(m, m.Signature())] {
			return ""
		}
	}
	if name := l.hides(t, d.to); name != "" {
		return fmt.Sprintf("a value that may be of your own type %s as %s (whose users may look for its method %s)", own, types.TypeString(d.to, nil), name)
	}
	if missing := classOf(t).lacks(d.to); missing != "" && !l.adapts(d.to) {
		return fmt.Sprintf("a value that may be of your own type %s as %s (it would have no method %s there)", own, types.TypeString(d.to, nil), missing)
	}
	return ""
}

// Doubts are the places of the program that compiled code may be given a value of
// its own types at, each with the first type that may come there.
func (p *program) Doubts() []wire.Problem { return p.doubts }

func (p *program) findDoubts() []wire.Problem {
	var found []wire.Problem
	types := map[string]int{} // by what is asked of them: the first that answers, 0 none
	for _, ch := range p.chunks {
		for _, d := range ch.doubts {
			k := strings.Join(d.methods, " ")
			if d.to != nil {
				k += ":" + key(d.to)
			}
			id, known := types[k]
			for n := 1; !known && n < len(p.l.typeOf); n++ {
				if p.l.direct[n] && p.l.answer(d, p.l.typeOf[n]) != "" {
					id, known = n, true
				}
			}
			types[k] = id
			if id > 0 {
				d.at.Message = "the yaegi engine does not run " + p.l.answer(d, p.l.typeOf[id])
				found = append(found, d.at)
			}
		}
	}
	return found
}

// plainArg writes an argument of the compiled func full so that boxes in it are seen
// when it runs.
func (e *emitter) plainArg(a ast.Expr, pt types.Type, v, full string, spread bool) string {
	if e.info.Types[a].IsNil() {
		return v
	}
	s, ok := pt.Underlying().(*types.Slice)
	if !ok || !spread {
		return e.plainText(v, e.typeOf(a), pt, full, a.Pos())
	}
	if knowsBoxes(full) || !e.canHoldBox(s.Elem()) {
		return v
	}
	e.doubt(a.Pos(), anyT, nil, short(full))
	if key(pt) != "[]"+key(anyT) {
		return v
	}
	return fmt.Sprintf("rtǁ.Plains(%s, %q)", v, full)
}

func (e *emitter) plainText(v string, from, pt types.Type, full string, at token.Pos) string {
	if knowsBoxes(full) || !e.canHoldBox(pt) || !isInterface(from) && !(looksInside(full) && mayHold(from)) {
		return v
	}
	e.doubt(at, from, nil, short(full))
	return fmt.Sprintf("rtǁ.Plain(%s, %q)", v, full)
}

// knowsBoxes says whether a func may be given boxes.
func knowsBoxes(full string) bool { return keeps[full] || replaced[full] || trusted(full) }

// guardValue is guardNative for compiled funcs that are used as values: what such a
// func will be given is not seen.
func (e *emitter) guardValue(sig *types.Signature, full string, at token.Pos) {
	if knowsBoxes(full) {
		return
	}
	for i := range sig.Params().Len() {
		pt := sig.Params().At(i).Type()
		if sig.Variadic() && i == sig.Params().Len()-1 {
			pt = e.subst(pt).Underlying().(*types.Slice).Elem()
		}
		if !e.canHoldBox(pt) {
			continue
		}
		if (looksInside(full) && methodSpecial[full] == "" || opens[full]) && e.l.ownTypes() {
			e.refuse(at, "native-any", short(full)+" as a value, which may be given values of your own types")
		}
		e.doubt(at, anyT, nil, short(full))
		return
	}
}

// mayHold says whether a value of a compiled type may have interfaces in it that
// the program has filled.
func mayHold(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Interface:
		return true
	case *types.Pointer:
		_, named := types.Unalias(u.Elem()).(*types.Named)
		return !named && mayHold(u.Elem())
	case *types.Slice:
		return mayHold(u.Elem())
	case *types.Array:
		return mayHold(u.Elem())
	case *types.Map:
		return mayHold(u.Key()) || mayHold(u.Elem())
	}
	return false
}

// plain passes on an argument of compiled code that would look inside a box and
// not know it: there the run ends. What the emitter can see it refuses.
func (i *instance) plain(x any, callee string) any {
	f := finder{deep: looksInside(callee)}
	if b := f.find(reflect.ValueOf(x)); b != nil {
		i.unknown(fmt.Sprintf("%s with a value of your own type %s", short(callee), i.typeName(b.box().t.typ)))
	}
	return x
}

// plains is plain for arguments that come as a slice.
func (i *instance) plains(xs []any, callee string) []any {
	for _, x := range xs {
		i.plain(x, callee)
	}
	return xs
}

// unknown ends the run at something that this engine does not run right.
func (i *instance) unknown(what string) {
	f := &engine.Fault{Fault: wire.Fault{Kind: "error", Message: "not supported by the yaegi engine: " + what + "; the ssa engine runs it"}}
	if t := i.task.Load(); t != nil {
		t.cancel(f)
	}
	i.interrupted()
}

// finder looks for a box: a value itself, or when deep what slices and maps hold.
type finder struct {
	deep bool
	seen map[[2]uintptr]bool // slices and maps, which may hold themselves
}

func (f *finder) find(v reflect.Value) boxed {
	if !v.IsValid() {
		return nil
	}
	if b, ok := v.Interface().(boxed); ok {
		return b
	}
	if !f.deep {
		return nil
	}
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if holds(v.Elem().Kind()) {
			return f.find(v.Elem())
		}
	case reflect.Slice, reflect.Array:
		if holds(v.Type().Elem().Kind()) && f.enter(v) {
			for n := range v.Len() {
				if b := f.find(v.Index(n)); b != nil {
					return b
				}
			}
		}
	case reflect.Map:
		if (holds(v.Type().Key().Kind()) || holds(v.Type().Elem().Kind())) && f.enter(v) {
			for it := v.MapRange(); it.Next(); {
				for _, x := range []reflect.Value{it.Key(), it.Value()} {
					if b := f.find(x); b != nil {
						return b
					}
				}
			}
		}
	}
	return nil
}

// enter is false where the search has been.
func (f *finder) enter(v reflect.Value) bool {
	if v.Kind() == reflect.Array {
		return true
	}
	k := [2]uintptr{v.Pointer(), uintptr(v.Len())}
	if f.seen[k] {
		return false
	}
	if f.seen == nil {
		f.seen = map[[2]uintptr]bool{}
	}
	f.seen[k] = true
	return true
}

// holds says whether values of a kind may have boxes in them.
func holds(k reflect.Kind) bool {
	return k == reflect.Interface || k == reflect.Pointer || k == reflect.Slice || k == reflect.Array || k == reflect.Map
}

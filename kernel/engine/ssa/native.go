package ssa

import (
	"fmt"
	"go/types"
	"reflect"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// nativeSym names a func or variable of a native package.
type nativeSym struct {
	path, name string
	v          reflect.Value
}

// nativeVal is what a nativeSym is for one instance.
type nativeVal struct {
	v  reflect.Value
	fv ptr // of a func: its value
}

func funcPointer(v reflect.Value) ptr {
	i := v.Interface()
	return (*eface)(ptr(&i)).data
}

// nativeFunc finds the native func behind an SSA func without a body.
func (p *lineage) nativeFunc(s *ssa.Function) *nativeSym {
	if s.Pkg == nil && s.Object() == nil {
		return nil
	}
	o, _ := s.Object().(*types.Func)
	if o == nil || o.Pkg() == nil {
		return nil
	}
	if r := s.Signature.Recv(); r != nil {
		t := p.types.typ(r.Type())
		m, ok := t.MethodByName(o.Name())
		if !ok {
			return nil
		}
		return &nativeSym{path: o.Pkg().Path(), name: t.String() + "." + o.Name(), v: m.Func}
	}
	v, ok := p.symbol(o.Pkg().Path(), o.Name())
	if !ok || v.Kind() != reflect.Func {
		return nil
	}
	return &nativeSym{path: o.Pkg().Path(), name: o.Name(), v: v}
}

// nativeCall calls a func without a body: one of ours, or a native one.
func (x *fx) nativeCall(s *ssa.Function, args []uintptr, d uintptr, site uint32) op {
	if s.Name() == "init" && s.Object() == nil {
		return func(*task, ptr) {} // of a native package: done long ago
	}
	if o := x.intrinsic(s, args, d, site); o != nil {
		return o
	}
	call := x.plainCall(s, args, d)
	return func(t *task, f ptr) {
		t.sites[t.depth] = site
		call(t, f)
	}
}

// plainCall calls a native func.
func (x *fx) plainCall(s *ssa.Function, args []uintptr, d uintptr) op {
	n := x.p.nativeFunc(s)
	if n == nil {
		panic(unsupported("func " + s.String()))
	}
	k := x.alloc(reflect.TypeFor[ptr]())
	x.c.consts = append(x.c.consts, func(t *task, f ptr) { *at[ptr](f, k) = t.inst.native(n).fv })
	l := x.p.layoutOf(x.f.ssa, s.Signature)
	call := nativeCaller(n.v.Type(), args, l.spread(d))
	return func(t *task, f ptr) {
		depth := t.depth
		call(t, f, *at[ptr](f, k))
		t.depth = depth // native code may have recovered from a panic of user code
		if t.stopped.Load() {
			t.stop() // what it returned may only say that it was stopped
		}
	}
}

// caller calls the Go func value fv with arguments and results in f.
type caller func(t *task, f ptr, fv ptr)

// nativeCaller builds the call of native funcs of one type.
func nativeCaller(ft reflect.Type, args, res []uintptr) caller {
	if c := typedCaller(ft, args, res); c != nil {
		return c
	}
	in := make([]reflect.Type, ft.NumIn())
	for i := range in {
		in[i] = ft.In(i)
	}
	variadic := ft.IsVariadic()
	r := rt(ft)
	return func(_ *task, f ptr, fv ptr) {
		var fn any
		*(*eface)(ptr(&fn)) = eface{ptr(r), fv}
		vals := make([]reflect.Value, len(in))
		for i, t := range in {
			vals[i] = reflect.NewAt(t, add(f, args[i])).Elem()
		}
		var out []reflect.Value
		if variadic {
			out = reflect.ValueOf(fn).CallSlice(vals)
		} else {
			out = reflect.ValueOf(fn).Call(vals)
		}
		for i, v := range out {
			reflect.NewAt(v.Type(), add(f, res[i])).Elem().Set(v)
		}
	}
}

// externalCall is the body of a func without one: its parameters are in its own
// frame.
func (x *fx) externalCall() op {
	s := x.f.ssa
	var args []uintptr
	if s.Signature.Recv() != nil {
		args = append(args, x.f.recv)
	}
	args = append(args, x.f.lay.par...)
	// The results of a frame lie as a tuple does.
	return x.nativeCall(s, args, linkSize, x.site(s.Pos()))
}

// originName is the name of a func for the table of intrinsics, e.g.
// "sync.(*Mutex).Lock", "sync/atomic.(*Pointer).Load", "errors.AsType".
func originName(s *ssa.Function) string {
	if o := s.Origin(); o != nil {
		s = o
	}
	o, _ := s.Object().(*types.Func)
	if o == nil || o.Pkg() == nil {
		return ""
	}
	o = o.Origin()
	name := o.Name()
	if r := o.Signature().Recv(); r != nil {
		t, star := types.Unalias(r.Type()), ""
		if p, ok := t.(*types.Pointer); ok {
			t, star = types.Unalias(p.Elem()), "*"
		}
		n, ok := t.(*types.Named)
		if !ok {
			return ""
		}
		name = fmt.Sprintf("(%s%s).%s", star, n.Obj().Name(), name)
	}
	return o.Pkg().Path() + "." + name
}

func funcName(s *ssa.Function) string {
	name := s.String()
	return strings.ReplaceAll(name, "command-line-arguments", "main")
}

package yaegi

import (
	"fmt"
	"go/types"
	"reflect"
)

// A Box is a value of a user's type inside an interface. Boxes are comparable as
// the values in them are, so that == and map keys mean what they mean in Go.
//
// A type whose methods compiled code looks for gets a box type that has just
// these: compiled code asks a value whether it is an error, a Reader, and so on.
type Box struct {
	t *boxType
	v any
}

// boxType is a user's type in one instance.
type boxType struct {
	id      int
	inst    *instance
	typ     types.Type
	methods map[string]reflect.Value // func(any, ...), by name
}

func (b Box) box() Box { return b }

// boxed is every box type.
type boxed interface{ box() Box }

// MarshalJSON writes what is inside as its own type would be written.
func (b Box) MarshalJSON() ([]byte, error) {
	return b.t.inst.encodeJSON(reflect.ValueOf(b.v), b.t.typ)
}

// Format makes a box that reaches a compiled fmt look like its value.
func (b Box) Format(s fmt.State, verb rune) {
	if m, ok := b.t.methods["Format"]; ok && m.Type().NumIn() == 3 {
		call1[any](m, b.self(), s, verb)
		return
	}
	p := printer{inst: b.t.inst}
	s.Write(p.verb(fmt.FormatString(s, verb), verb, b.self()))
}

func (b Box) self() any { return b.t.wrap(b.v) }

func call2[T any](m reflect.Value, args ...any) (T, error) {
	in := make([]reflect.Value, len(args))
	for i, a := range args {
		in[i] = reflect.ValueOf(a)
	}
	out := m.Call(in)
	err, _ := out[1].Interface().(error)
	v, _ := out[0].Interface().(T)
	return v, err
}

func call1[T any](m reflect.Value, args ...any) T {
	in := make([]reflect.Value, len(args))
	for i, a := range args {
		if a == nil {
			in[i] = reflect.Zero(m.Type().In(i))
			continue
		}
		in[i] = reflect.ValueOf(a)
	}
	var zero T
	out := m.Call(in)
	if len(out) == 0 {
		return zero
	}
	v, _ := out[0].Interface().(T)
	return v
}

// The kinds of boxes with methods of compiled interfaces.
type (
	errorBox       struct{ Box }
	unwrapBox      struct{ errorBox }
	unwrapManyBox  struct{ errorBox }
	isBox          struct{ errorBox }
	unwrapIsBox    struct{ unwrapBox }
	stringerBox    struct{ Box }
	sortBox        struct{ Box }
	heapBox        struct{ sortBox }
	readerBox      struct{ Box }
	writerBox      struct{ Box }
	readWriterBox  struct{ readerBox }
	closerBox      struct{ Box }
	readCloserBox  struct{ readerBox }
	writeCloserBox struct{ writerBox }
)

func (b errorBox) Error() string                     { return call1[string](b.t.methods["Error"], b) }
func (b unwrapBox) Error() string                    { return call1[string](b.t.methods["Error"], b) }
func (b unwrapBox) Unwrap() error                    { return call1[error](b.t.methods["Unwrap"], b) }
func (b unwrapManyBox) Error() string                { return call1[string](b.t.methods["Error"], b) }
func (b unwrapManyBox) Unwrap() []error              { return call1[[]error](b.t.methods["Unwrap"], b) }
func (b isBox) Error() string                        { return call1[string](b.t.methods["Error"], b) }
func (b isBox) Is(target error) bool                 { return call1[bool](b.t.methods["Is"], b, target) }
func (b unwrapIsBox) Error() string                  { return call1[string](b.t.methods["Error"], b) }
func (b unwrapIsBox) Unwrap() error                  { return call1[error](b.t.methods["Unwrap"], b) }
func (b unwrapIsBox) Is(target error) bool           { return call1[bool](b.t.methods["Is"], b, target) }
func (b stringerBox) String() string                 { return call1[string](b.t.methods["String"], b) }
func (b sortBox) Len() int                           { return call1[int](b.t.methods["Len"], b) }
func (b sortBox) Less(i, j int) bool                 { return call1[bool](b.t.methods["Less"], b, i, j) }
func (b sortBox) Swap(i, j int)                      { call1[any](b.t.methods["Swap"], b, i, j) }
func (b heapBox) Len() int                           { return call1[int](b.t.methods["Len"], b) }
func (b heapBox) Less(i, j int) bool                 { return call1[bool](b.t.methods["Less"], b, i, j) }
func (b heapBox) Swap(i, j int)                      { call1[any](b.t.methods["Swap"], b, i, j) }
func (b heapBox) Push(x any)                         { call1[any](b.t.methods["Push"], b, x) }
func (b heapBox) Pop() any                           { return call1[any](b.t.methods["Pop"], b) }
func (b readerBox) Read(p []byte) (int, error)       { return call2[int](b.t.methods["Read"], b, p) }
func (b writerBox) Write(p []byte) (int, error)      { return call2[int](b.t.methods["Write"], b, p) }
func (b readWriterBox) Read(p []byte) (int, error)   { return call2[int](b.t.methods["Read"], b, p) }
func (b readWriterBox) Write(p []byte) (int, error)  { return call2[int](b.t.methods["Write"], b, p) }
func (b closerBox) Close() error                     { return call1[error](b.t.methods["Close"], b) }
func (b readCloserBox) Read(p []byte) (int, error)   { return call2[int](b.t.methods["Read"], b, p) }
func (b readCloserBox) Close() error                 { return call1[error](b.t.methods["Close"], b) }
func (b writeCloserBox) Write(p []byte) (int, error) { return call2[int](b.t.methods["Write"], b, p) }
func (b writeCloserBox) Close() error                { return call1[error](b.t.methods["Close"], b) }

// class is one of the kinds of boxes.
type class struct {
	name string
	has  []string // "Name" with the key of its signature
	wrap func(Box) any
}

func sigKey(params, results []types.Type) string {
	tuple := func(ts []types.Type) *types.Tuple {
		var vs []*types.Var
		for _, t := range ts {
			vs = append(vs, types.NewParam(0, nil, "", t))
		}
		return types.NewTuple(vs...)
	}
	return key(types.NewSignatureType(nil, nil, nil, tuple(params), tuple(results), false))
}

var (
	tString = types.Typ[types.String]
	tInt    = types.Typ[types.Int]
	tBool   = types.Typ[types.Bool]
	tError  = types.Universe.Lookup("error").Type()
	tAny    = types.NewInterfaceType(nil, nil).Complete()
	tBytes  = types.NewSlice(types.Typ[types.Byte])
	list    = func(t ...types.Type) []types.Type { return t }

	mError      = "Error" + sigKey(nil, list(tString))
	mUnwrap     = "Unwrap" + sigKey(nil, list(tError))
	mUnwrapMany = "Unwrap" + sigKey(nil, list(types.NewSlice(tError)))
	mIs         = "Is" + sigKey(list(tError), list(tBool))
	mString     = "String" + sigKey(nil, list(tString))
	mLen        = "Len" + sigKey(nil, list(tInt))
	mLess       = "Less" + sigKey(list(tInt, tInt), list(tBool))
	mSwap       = "Swap" + sigKey(list(tInt, tInt), nil)
	mPush       = "Push" + sigKey(list(tAny), nil)
	mPop        = "Pop" + sigKey(nil, list(tAny))
	mRead       = "Read" + sigKey(list(tBytes), list(tInt, tError))
	mWrite      = "Write" + sigKey(list(tBytes), list(tInt, tError))
	mClose      = "Close" + sigKey(nil, list(tError))
)

// classes, the more specific first: a type gets the first whose methods it has.
var classes = []class{
	{"error that unwraps and compares", []string{mError, mUnwrap, mIs}, func(b Box) any { return unwrapIsBox{unwrapBox{errorBox{b}}} }},
	{"error that unwraps", []string{mError, mUnwrap}, func(b Box) any { return unwrapBox{errorBox{b}} }},
	{"error of many", []string{mError, mUnwrapMany}, func(b Box) any { return unwrapManyBox{errorBox{b}} }},
	{"error that compares", []string{mError, mIs}, func(b Box) any { return isBox{errorBox{b}} }},
	{"error", []string{mError}, func(b Box) any { return errorBox{b} }},
	{"heap", []string{mLen, mLess, mSwap, mPush, mPop}, func(b Box) any { return heapBox{sortBox{b}} }},
	{"sort", []string{mLen, mLess, mSwap}, func(b Box) any { return sortBox{b} }},
	{"read writer", []string{mRead, mWrite}, func(b Box) any { return readWriterBox{readerBox{b}} }},
	{"read closer", []string{mRead, mClose}, func(b Box) any { return readCloserBox{readerBox{b}} }},
	{"write closer", []string{mWrite, mClose}, func(b Box) any { return writeCloserBox{writerBox{b}} }},
	{"reader", []string{mRead}, func(b Box) any { return readerBox{b} }},
	{"writer", []string{mWrite}, func(b Box) any { return writerBox{b} }},
	{"closer", []string{mClose}, func(b Box) any { return closerBox{b} }},
	{"stringer", []string{mString}, func(b Box) any { return stringerBox{b} }},
	{"plain", nil, func(b Box) any { return b }},
}

// methodKeys are the methods of a type, each name with its signature's key.
func methodKeys(t types.Type) map[string]bool {
	ks := map[string]bool{}
	ms := types.NewMethodSet(t)
	for i := range ms.Len() {
		sel := ms.At(i)
		ks[methodKey(sel.Obj().(*types.Func), sel.Type().(*types.Signature))] = true
	}
	return ks
}

func methodKey(f *types.Func, s *types.Signature) string {
	k := f.Name() + key(types.NewSignatureType(nil, nil, nil, s.Params(), s.Results(), s.Variadic()))
	if !f.Exported() && f.Pkg() != nil {
		k = f.Pkg().Path() + "." + k
	}
	return k
}

func classOf(t types.Type) class {
	has := methodKeys(t)
next:
	for _, c := range classes {
		for _, m := range c.has {
			if !has[m] {
				continue next
			}
		}
		return c
	}
	return classes[len(classes)-1]
}

func (l *lineage) class(id int) class { return classOf(l.typeOf[id]) }

// lacks names a method of a compiled interface that boxes of the class lack.
func (c class) lacks(iface types.Type) string {
	it := iface.Underlying().(*types.Interface)
next:
	for i := range it.NumMethods() {
		m := it.Method(i)
		k := methodKey(m, m.Type().(*types.Signature))
		for _, h := range c.has {
			if h == k {
				continue next
			}
		}
		return m.Name()
	}
	return ""
}

// wrap puts a value into the type's box.
func (t *boxType) wrap(v any) any { return t.inst.class(t).wrap(Box{t, v}) }

package yaegi

import (
	"go/types"
	"reflect"
	"strings"
)

type rtype struct {
	t  reflect.Type
	ok bool
}

// reflectType is the compiled type of a faithful type.
func (i *instance) reflectType(id int) (reflect.Type, bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if r, ok := i.rtypes[id]; ok {
		return r.t, r.ok
	}
	t, ok := i.reflectOf(i.prog().typeOf[id])
	i.rtypes[id] = rtype{t, ok}
	return t, ok
}

var basics = map[types.BasicKind]reflect.Type{
	types.Bool: reflect.TypeFor[bool](), types.String: reflect.TypeFor[string](),
	types.Int: reflect.TypeFor[int](), types.Int8: reflect.TypeFor[int8](), types.Int16: reflect.TypeFor[int16](), types.Int32: reflect.TypeFor[int32](), types.Int64: reflect.TypeFor[int64](),
	types.Uint: reflect.TypeFor[uint](), types.Uint8: reflect.TypeFor[uint8](), types.Uint16: reflect.TypeFor[uint16](), types.Uint32: reflect.TypeFor[uint32](), types.Uint64: reflect.TypeFor[uint64](), types.Uintptr: reflect.TypeFor[uintptr](),
	types.Float32: reflect.TypeFor[float32](), types.Float64: reflect.TypeFor[float64](), types.Complex64: reflect.TypeFor[complex64](), types.Complex128: reflect.TypeFor[complex128](),
}

// reflectOf maps a type without user types to the compiled one.
func (i *instance) reflectOf(t types.Type) (reflect.Type, bool) {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		r, ok := basics[t.Kind()]
		return r, ok
	case *types.Named:
		o := t.Obj()
		if o.Pkg() == nil {
			return reflect.TypeFor[error](), o.Name() == "error"
		}
		if t.TypeArgs().Len() > 0 || o.Pkg().Path() == "main" {
			return nil, false
		}
		v, ok := i.prog().eng.tables[o.Pkg().Path()][o.Name()]
		if !ok || v.Kind() != reflect.Pointer || !v.IsNil() {
			return nil, false
		}
		return v.Type().Elem(), true
	case *types.Pointer:
		if e, ok := i.reflectOf(t.Elem()); ok {
			return reflect.PointerTo(e), true
		}
	case *types.Slice:
		if e, ok := i.reflectOf(t.Elem()); ok {
			return reflect.SliceOf(e), true
		}
	case *types.Array:
		if e, ok := i.reflectOf(t.Elem()); ok {
			return reflect.ArrayOf(int(t.Len()), e), true
		}
	case *types.Map:
		k, ok := i.reflectOf(t.Key())
		e, ok2 := i.reflectOf(t.Elem())
		if ok && ok2 {
			return reflect.MapOf(k, e), true
		}
	case *types.Chan:
		dir := map[types.ChanDir]reflect.ChanDir{types.SendRecv: reflect.BothDir, types.SendOnly: reflect.SendDir, types.RecvOnly: reflect.RecvDir}
		if e, ok := i.reflectOf(t.Elem()); ok {
			return reflect.ChanOf(dir[t.Dir()], e), true
		}
	case *types.Struct:
		if t.NumFields() == 0 {
			return reflect.TypeFor[struct{}](), true
		}
	case *types.Interface:
		if t.NumMethods() == 0 {
			return reflect.TypeFor[any](), true
		}
	case *types.Signature:
		var in, out []reflect.Type
		for v := range t.Params().Variables() {
			r, ok := i.reflectOf(v.Type())
			if !ok {
				return nil, false
			}
			in = append(in, r)
		}
		for v := range t.Results().Variables() {
			r, ok := i.reflectOf(v.Type())
			if !ok {
				return nil, false
			}
			out = append(out, r)
		}
		return reflect.FuncOf(in, out, t.Variadic()), true
	}
	return nil, false
}

// typeName writes a type as %T does.
func (i *instance) typeName(t types.Type) string {
	return stripVersions(reflectText.Replace(types.TypeString(nameless(t), func(p *types.Package) string { return p.Name() })))
}

// reflectText puts the spaces into a type's text that package reflect writes.
var reflectText = strings.NewReplacer("interface{}", "interface {}", "struct{}", "struct {}", "interface{", "interface { ", "struct{", "struct { ", "}", " }")

// nameless is a type without the names of parameters, which %T does not show.
func nameless(t types.Type) types.Type {
	tuple := func(tu *types.Tuple) *types.Tuple {
		var vs []*types.Var
		for v := range tu.Variables() {
			vs = append(vs, types.NewParam(v.Pos(), v.Pkg(), "", nameless(v.Type())))
		}
		return types.NewTuple(vs...)
	}
	switch t := types.Unalias(t).(type) {
	case *types.Pointer:
		return types.NewPointer(nameless(t.Elem()))
	case *types.Slice:
		return types.NewSlice(nameless(t.Elem()))
	case *types.Array:
		return types.NewArray(nameless(t.Elem()), t.Len())
	case *types.Chan:
		return types.NewChan(t.Dir(), nameless(t.Elem()))
	case *types.Map:
		return types.NewMap(nameless(t.Key()), nameless(t.Elem()))
	case *types.Signature:
		return types.NewSignatureType(nil, nil, nil, tuple(t.Params()), tuple(t.Results()), t.Variadic())
	}
	return t
}

func stripVersions(s string) string {
	for {
		at := strings.Index(s, "ʹ")
		if at < 0 {
			return s
		}
		end := at + len("ʹ")
		for end < len(s) && s[end] >= '0' && s[end] <= '9' {
			end++
		}
		s = s[:at] + s[end:]
	}
}

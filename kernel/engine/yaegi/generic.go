package yaegi

import "go/types"

// env maps the type parameters of the func being written to types.
type env map[*types.TypeParam]types.Type

// subst replaces type parameters. Types that have none come back as they are.
func (e *emitter) subst(t types.Type) types.Type {
	if len(e.env) == 0 || t == nil {
		return t
	}
	return e.l.subst(t, e.env)
}

func (l *lineage) subst(t types.Type, en env) types.Type {
	switch t := t.(type) {
	case *types.TypeParam:
		if r, ok := en[t]; ok {
			return r
		}
	case *types.Alias:
		return l.subst(types.Unalias(t), en)
	case *types.Named:
		a := t.TypeArgs()
		if a.Len() == 0 {
			return t
		}
		args, changed := make([]types.Type, a.Len()), false
		for i := range args {
			args[i] = l.subst(a.At(i), en)
			changed = changed || args[i] != a.At(i)
		}
		if changed {
			if r, err := types.Instantiate(l.context, t.Origin(), args, false); err == nil {
				return r
			}
		}
	case *types.Pointer:
		if x := l.subst(t.Elem(), en); x != t.Elem() {
			return types.NewPointer(x)
		}
	case *types.Slice:
		if x := l.subst(t.Elem(), en); x != t.Elem() {
			return types.NewSlice(x)
		}
	case *types.Array:
		if x := l.subst(t.Elem(), en); x != t.Elem() {
			return types.NewArray(x, t.Len())
		}
	case *types.Chan:
		if x := l.subst(t.Elem(), en); x != t.Elem() {
			return types.NewChan(t.Dir(), x)
		}
	case *types.Map:
		k, x := l.subst(t.Key(), en), l.subst(t.Elem(), en)
		if k != t.Key() || x != t.Elem() {
			return types.NewMap(k, x)
		}
	case *types.Struct:
		var fields []*types.Var
		var tags []string
		changed := false
		for i := range t.NumFields() {
			f := t.Field(i)
			ft := l.subst(f.Type(), en)
			changed = changed || ft != f.Type()
			fields = append(fields, types.NewField(f.Pos(), f.Pkg(), f.Name(), ft, f.Embedded()))
			tags = append(tags, t.Tag(i))
		}
		if changed {
			return types.NewStruct(fields, tags)
		}
	case *types.Tuple:
		if x := l.substTuple(t, en); x != t {
			return x
		}
	case *types.Signature:
		p, r := l.substTuple(t.Params(), en), l.substTuple(t.Results(), en)
		if p != t.Params() || r != t.Results() {
			return types.NewSignatureType(nil, nil, nil, p, r, t.Variadic())
		}
	case *types.Interface:
		changed := false
		var ms []*types.Func
		for i := range t.NumMethods() {
			m := t.Method(i)
			s := m.Type().(*types.Signature)
			x := l.subst(s, en).(*types.Signature)
			changed = changed || x != s
			ms = append(ms, types.NewFunc(m.Pos(), m.Pkg(), m.Name(), x))
		}
		if changed {
			return types.NewInterfaceType(ms, nil).Complete()
		}
	}
	return t
}

func (l *lineage) substTuple(t *types.Tuple, en env) *types.Tuple {
	changed := false
	vars := make([]*types.Var, t.Len())
	for i := range vars {
		v := t.At(i)
		x := l.subst(v.Type(), en)
		changed = changed || x != v.Type()
		vars[i] = types.NewParam(v.Pos(), v.Pkg(), v.Name(), x)
	}
	if !changed {
		return t
	}
	return types.NewTuple(vars...)
}

// bind makes the env of a generic func or of a method of a generic type.
func bind(params *types.TypeParamList, args []types.Type) env {
	en := env{}
	for i := range params.Len() {
		if i < len(args) {
			en[params.At(i)] = args[i]
		}
	}
	return en
}

func typeArgs(l *types.TypeList) []types.Type {
	var a []types.Type
	for i := range l.Len() {
		a = append(a, l.At(i))
	}
	return a
}

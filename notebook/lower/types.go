package lower

import (
	"go/types"
	"path"
	"strings"

	"stnb.dev/notebook/check"
)

// imports are the packages a lowered file imports: those the typed text uses,
// and those its variables' types name.
type imports struct {
	names map[string]string // path to name
	taken map[string]bool
}

func (im *imports) add(path, name string) string {
	if have, ok := im.names[path]; ok {
		return have
	}
	for im.taken[name] {
		name += "ʹ"
	}
	im.names[path] = name
	im.taken[name] = true
	return name
}

// qualify is a types.Qualifier.
func (im *imports) qualify(p *types.Package) string {
	if p.Path() == check.PackagePath {
		return ""
	}
	name := p.Name()
	if name == "" {
		name = path.Base(p.Path())
	}
	return im.add(p.Path(), name+"ʹ")
}

// typeText writes a type as Go source.
func (im *imports) typeText(t types.Type) string {
	return types.TypeString(t, im.qualify)
}

// writable says whether a type can be written in a file of the notebook: it
// names no type that only its own package or func knows.
func writable(t types.Type) bool {
	return (&typeWalk{seen: map[types.Type]bool{}}).ok(t)
}

type typeWalk struct{ seen map[types.Type]bool }

func (w *typeWalk) ok(t types.Type) bool {
	if w.seen[t] {
		return true
	}
	w.seen[t] = true
	switch t := t.(type) {
	case *types.Alias:
		return w.named(t.Obj(), t.TypeArgs())
	case *types.Named:
		return w.named(t.Obj(), t.TypeArgs())
	case *types.Pointer:
		return w.ok(t.Elem())
	case *types.Slice:
		return w.ok(t.Elem())
	case *types.Array:
		return w.ok(t.Elem())
	case *types.Chan:
		return w.ok(t.Elem())
	case *types.Map:
		return w.ok(t.Key()) && w.ok(t.Elem())
	case *types.Signature:
		return w.tuple(t.Params()) && w.tuple(t.Results())
	case *types.Tuple:
		return w.tuple(t)
	case *types.Struct:
		for f := range t.Fields() {
			if !f.Exported() && f.Pkg() != nil && f.Pkg().Path() != check.PackagePath || !w.ok(f.Type()) {
				return false
			}
		}
	case *types.Interface:
		for m := range t.ExplicitMethods() {
			if !m.Exported() && m.Pkg() != nil && m.Pkg().Path() != check.PackagePath || !w.ok(m.Type()) {
				return false
			}
		}
		for e := range t.EmbeddedTypes() {
			if !w.ok(e) {
				return false
			}
		}
	case *types.TypeParam:
		return false
	}
	return true
}

func (w *typeWalk) named(obj *types.TypeName, args *types.TypeList) bool {
	if p := obj.Pkg(); p != nil {
		if obj.Parent() != p.Scope() && obj.Parent() != nil {
			return false // local to a func
		}
		if p.Path() != check.PackagePath && (!obj.Exported() || strings.Contains(p.Path()+"/", "internal/")) {
			return false
		}
	}
	for t := range args.Types() {
		if !w.ok(t) {
			return false
		}
	}
	return true
}

func (w *typeWalk) tuple(t *types.Tuple) bool {
	for v := range t.Variables() {
		if !w.ok(v.Type()) {
			return false
		}
	}
	return true
}

// zero is an expression for the zero value of a type.
func (im *imports) zero(t types.Type) string {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		switch {
		case u.Info()&types.IsBoolean != 0:
			return "false"
		case u.Info()&types.IsString != 0:
			return `""`
		case u.Info()&types.IsNumeric != 0:
			return "0"
		}
	case *types.Struct, *types.Array:
		return im.typeText(t) + "{}"
	}
	return "nil"
}

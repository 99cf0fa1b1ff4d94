package ssa

import (
	"crypto/sha256"
	"fmt"
	"go/types"
	"strings"
)

// A key is a text that two types share exactly when they are to be one type at
// run time, also over programs: a user type keeps its key, and so its run-time
// type and the variables of it, as long as its definition and those it is made
// of stay the same.
type keyer struct {
	t     *typer
	b     strings.Builder
	seen  map[*types.TypeName]map[string]bool
	queue []*types.Named
}

// namedKey is the key of a user-defined type: its name and everything its
// definition reaches.
func (t *typer) namedKey(n *types.Named) string {
	k := &keyer{t: t, seen: map[*types.TypeName]map[string]bool{}}
	k.typ(n)
	head := k.b.String()
	for i := 0; i < len(k.queue); i++ {
		d := k.queue[i]
		k.b.WriteString("\n")
		k.name(d)
		k.b.WriteString("=")
		k.typ(d.Underlying())
		if _, ok := d.Underlying().(*types.Interface); ok {
			continue
		}
		for j := range d.NumMethods() {
			m := d.Method(j)
			k.b.WriteString(";" + m.Name())
			if _, p := m.Signature().Recv().Type().(*types.Pointer); p {
				k.b.WriteString("*")
			}
			k.typ(m.Signature())
		}
	}
	sum := sha256.Sum256([]byte(k.b.String()))
	return fmt.Sprintf("%s#%x", head, sum[:12])
}

// name writes what tells a named type from others of its program.
func (k *keyer) name(n *types.Named) {
	o := n.Obj()
	if o.Pkg() != nil {
		k.b.WriteString(o.Pkg().Path())
		k.b.WriteString(".")
		if o.Parent() != o.Pkg().Scope() {
			p := k.t.fset.Position(o.Pos())
			fmt.Fprintf(&k.b, "%s:%d:%d.", p.Filename, p.Line, p.Column)
			// A type of a generic func's body differs with the func's
			// type arguments, which its definition shows.
			for _, a := range k.t.owner[o] {
				k.typ(a)
				k.b.WriteString(";")
			}
		}
	}
	k.b.WriteString(o.Name())
	if a := n.TypeArgs(); a.Len() > 0 {
		k.b.WriteString("[")
		for i := range a.Len() {
			if i > 0 {
				k.b.WriteString(",")
			}
			k.typ(a.At(i))
		}
		k.b.WriteString("]")
	}
}

func (k *keyer) typ(t types.Type) {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		k.b.WriteString(t.Name())
	case *types.Named:
		at := k.b.Len()
		k.name(t)
		name := k.b.String()[at:]
		if !k.t.isUser(t) {
			return
		}
		m := k.seen[t.Obj()]
		if m == nil {
			m = map[string]bool{}
			k.seen[t.Obj()] = m
		}
		if !m[name] {
			m[name] = true
			k.queue = append(k.queue, t)
		}
	case *types.Pointer:
		k.b.WriteString("*")
		k.typ(t.Elem())
	case *types.Slice:
		k.b.WriteString("[]")
		k.typ(t.Elem())
	case *types.Array:
		fmt.Fprintf(&k.b, "[%d]", t.Len())
		k.typ(t.Elem())
	case *types.Map:
		k.b.WriteString("map[")
		k.typ(t.Key())
		k.b.WriteString("]")
		k.typ(t.Elem())
	case *types.Chan:
		fmt.Fprintf(&k.b, "chan%d ", t.Dir())
		k.typ(t.Elem())
	case *types.Struct:
		k.b.WriteString("struct{")
		for i := range t.NumFields() {
			f := t.Field(i)
			if f.Embedded() {
				k.b.WriteString("!")
			}
			if !f.Exported() && f.Pkg() != nil {
				k.b.WriteString(f.Pkg().Path() + ".")
			}
			k.b.WriteString(f.Name() + " ")
			k.typ(f.Type())
			if t.Tag(i) != "" {
				fmt.Fprintf(&k.b, "%q", t.Tag(i))
			}
			k.b.WriteString(";")
		}
		k.b.WriteString("}")
	case *types.Interface:
		k.b.WriteString("interface{")
		for i := range t.NumMethods() {
			m := t.Method(i)
			if !m.Exported() && m.Pkg() != nil {
				k.b.WriteString(m.Pkg().Path() + ".")
			}
			k.b.WriteString(m.Name())
			k.typ(m.Signature())
			k.b.WriteString(";")
		}
		k.b.WriteString("}")
	case *types.Signature:
		k.b.WriteString("func")
		k.typ(t.Params())
		if t.Variadic() {
			k.b.WriteString("...")
		}
		k.typ(t.Results())
	case *types.Tuple:
		k.b.WriteString("(")
		for i := range t.Len() {
			k.typ(t.At(i).Type())
			k.b.WriteString(",")
		}
		k.b.WriteString(")")
	default:
		fmt.Fprintf(&k.b, "%T:%s", t, t)
	}
}

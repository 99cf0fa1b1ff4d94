package ssa

import (
	"fmt"
	"go/types"
	"slices"
	"strings"
	"unicode/utf8"
)

// display is a named type as %T shows it.
func (t *typer) display(n *types.Named) string {
	var b strings.Builder
	if p := n.Obj().Pkg(); p != nil {
		b.WriteString(p.Name() + ".")
	}
	b.WriteString(displayName(n.Obj().Name()))
	b.WriteString(t.displayArgs(n))
	return b.String()
}

// displayArgs has the type arguments of the func that declares a type, and its
// own.
func (t *typer) displayArgs(n *types.Named) string {
	var lists []string
	for _, l := range [][]types.Type{t.owner[n.Obj()], slices.Collect(n.TypeArgs().Types())} {
		var s []string
		for _, a := range l {
			s = append(s, t.displayArg(a))
		}
		if s != nil {
			lists = append(lists, strings.Join(s, ","))
		}
	}
	if lists == nil {
		return ""
	}
	return "[" + strings.Join(lists, ";") + "]"
}

// displayArg is a type argument: package paths are whole, and local types have
// the compiler's numbers.
func (t *typer) displayArg(x types.Type) string {
	n, ok := types.Unalias(x).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return types.TypeString(x, func(p *types.Package) string { return p.Path() })
	}
	s := n.Obj().Pkg().Path() + "." + displayName(n.Obj().Name()) + t.displayArgs(n)
	if k := t.prog.local[n.Obj().Pos()]; k > 0 {
		s += fmt.Sprintf("·%d", k)
	}
	return s
}

// plainString writes an unnamed struct or interface type as reflect does.
func plainString(x types.Type) string {
	short := func(p *types.Package) string { return p.Name() }
	var b strings.Builder
	switch u := x.(type) {
	case *types.Struct:
		b.WriteString("struct {")
		for i := range u.NumFields() {
			if i > 0 {
				b.WriteString(";")
			}
			f := u.Field(i)
			b.WriteString(" ")
			if !f.Embedded() {
				b.WriteString(f.Name() + " ")
			}
			b.WriteString(types.TypeString(f.Type(), short))
			if u.Tag(i) != "" {
				fmt.Fprintf(&b, " %q", u.Tag(i))
			}
		}
	case *types.Interface:
		b.WriteString("interface {")
		for i := range u.NumMethods() {
			if i > 0 {
				b.WriteString(";")
			}
			m := u.Method(i)
			b.WriteString(" ")
			if !m.Exported() && m.Pkg() != nil {
				b.WriteString(m.Pkg().Name() + ".")
			}
			b.WriteString(m.Name() + strings.TrimPrefix(types.TypeString(m.Signature(), short), "func"))
		}
	}
	return b.String() + " }"
}

// displayName takes the version mark of a redefined name off.
func displayName(s string) string {
	if i := strings.IndexRune(s, 'ʹ'); i > 0 {
		digits := s[i+utf8.RuneLen('ʹ'):]
		if digits != "" && strings.Trim(digits, "0123456789") == "" {
			return s[:i]
		}
	}
	return s
}

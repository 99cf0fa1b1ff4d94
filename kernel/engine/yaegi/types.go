package yaegi

import (
	"fmt"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

// anyType is how every interface of the program is written.
const anyType = "rtǁ.Any"

// isInterface says whether values of t are interface values.
func isInterface(t types.Type) bool {
	_, ok := t.Underlying().(*types.Interface)
	return ok && !isTypeParam(t)
}

func isSignature(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

func isTypeParam(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.TypeParam)
	return ok
}

// native says whether a package runs compiled.
func (l *lineage) native(p *types.Package) bool {
	return p != nil && p != l.pkg && p.Path() != "main" && !interpreted[p.Path()]
}

// nativeNamed says whether values of a named type are compiled code's own: not so
// the unexported and generic types of packages whose source is run.
func (l *lineage) nativeNamed(n *types.Named) bool {
	p := n.Obj().Pkg()
	if p == nil {
		return true
	}
	return l.native(p) && n.TypeArgs().Len() == 0 && (n.Obj().Exported() || !l.hasSource(p.Path()))
}

func (l *lineage) hasSource(path string) bool {
	s, err := l.front.Source(path)
	return err == nil && s != nil
}

// interpreted are packages whose types and funcs are all run from source. Funcs of
// other packages that are generic are too, one by one.
var interpreted = map[string]bool{"stnb.dev/widgets": true}

// nativeInterface says whether t is an interface type that compiled code knows by
// name, like error or io.Reader: its values stay as they are.
func (l *lineage) nativeInterface(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || !isInterface(t) {
		return false
	}
	p := n.Obj().Pkg()
	return (p == nil || l.native(p)) && (p == nil || n.Obj().Exported()) && n.TypeArgs().Len() == 0 && n.Underlying().(*types.Interface).NumMethods() > 0
}

// key names a type: two types are identical if their keys are equal.
func key(t types.Type) string {
	var b strings.Builder
	writeKey(&b, t)
	return b.String()
}

func writeKey(b *strings.Builder, t types.Type) {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		b.WriteString(types.Typ[t.Kind()].Name()) // byte is uint8, rune is int32
	case *types.Named:
		o := t.Obj()
		if o.Pkg() != nil {
			b.WriteString(o.Pkg().Path() + ".")
		}
		b.WriteString(o.Name())
		if p := o.Pkg(); p != nil && (p.Path() == "main" || o.Parent() != p.Scope() && o.Parent() != nil) {
			// By place: a type declared in a func, or anew in a later version.
			fmt.Fprintf(b, "@%d", t.Origin().Obj().Pos())
		}
		if a := t.TypeArgs(); a.Len() > 0 {
			b.WriteByte('[')
			for i := range a.Len() {
				if i > 0 {
					b.WriteByte(',')
				}
				writeKey(b, a.At(i))
			}
			b.WriteByte(']')
		}
	case *types.Pointer:
		b.WriteByte('*')
		writeKey(b, t.Elem())
	case *types.Slice:
		b.WriteString("[]")
		writeKey(b, t.Elem())
	case *types.Array:
		fmt.Fprintf(b, "[%d]", t.Len())
		writeKey(b, t.Elem())
	case *types.Map:
		b.WriteString("map[")
		writeKey(b, t.Key())
		b.WriteByte(']')
		writeKey(b, t.Elem())
	case *types.Chan:
		fmt.Fprintf(b, "chan%d(", t.Dir())
		writeKey(b, t.Elem())
		b.WriteByte(')')
	case *types.Struct:
		b.WriteString("struct{")
		for i := range t.NumFields() {
			f := t.Field(i)
			if f.Embedded() {
				b.WriteByte('!')
			}
			if !f.Exported() && f.Pkg() != nil {
				b.WriteString(f.Pkg().Path() + ".")
			}
			b.WriteString(f.Name() + " ")
			writeKey(b, f.Type())
			if tag := t.Tag(i); tag != "" {
				b.WriteString(strconv.Quote(tag))
			}
			b.WriteByte(';')
		}
		b.WriteByte('}')
	case *types.Signature:
		b.WriteString("func")
		writeTuple(b, t.Params(), t.Variadic())
		writeTuple(b, t.Results(), false)
	case *types.Interface:
		b.WriteString("interface{")
		for i := range t.NumMethods() {
			m := t.Method(i)
			if !m.Exported() && m.Pkg() != nil {
				b.WriteString(m.Pkg().Path() + ".")
			}
			b.WriteString(m.Name())
			writeKey(b, m.Type())
			b.WriteByte(';')
		}
		b.WriteByte('}')
	case *types.TypeParam:
		fmt.Fprintf(b, "$%s@%d", t.Obj().Name(), t.Obj().Pos())
	case *types.Tuple:
		writeTuple(b, t, false)
	default:
		fmt.Fprintf(b, "%s", t)
	}
}

func writeTuple(b *strings.Builder, t *types.Tuple, variadic bool) {
	b.WriteByte('(')
	for i := range t.Len() {
		if variadic && i == t.Len()-1 {
			b.WriteString("...")
		}
		writeKey(b, t.At(i).Type())
		b.WriteByte(',')
	}
	b.WriteByte(')')
}

// faithful says whether the type that yaegi makes for t is the very type compiled
// code has: then a value needs no box.
func (l *lineage) faithful(t types.Type) bool {
	k := key(t)
	if v, ok := l.faith[k]; ok {
		return v
	}
	l.faith[k] = true // of recursive types, until known better
	v := l.faithfulType(t)
	l.faith[k] = v
	return v
}

func (l *lineage) faithfulType(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		return true
	case *types.Named:
		return l.nativeNamed(t)
	case *types.Pointer:
		return l.faithful(t.Elem())
	case *types.Slice:
		return l.faithful(t.Elem())
	case *types.Array:
		return l.faithful(t.Elem())
	case *types.Chan:
		return l.faithful(t.Elem())
	case *types.Map:
		return l.faithful(t.Key()) && l.faithful(t.Elem())
	case *types.Struct:
		return t.NumFields() == 0
	case *types.Signature:
		for _, tu := range []*types.Tuple{t.Params(), t.Results()} {
			for i := range tu.Len() {
				if !l.faithful(tu.At(i).Type()) {
					return false
				}
			}
		}
		return true
	case *types.Interface:
		return t.NumMethods() == 0
	}
	return false
}

// typ writes a type for yaegi.
func (e *emitter) typ(t types.Type, at token.Pos) string {
	t = e.subst(t)
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		switch t.Kind() {
		case types.UnsafePointer:
			e.refuse(at, "unsafe", "unsafe.Pointer")
		case types.UntypedNil:
			return anyType
		}
		if t.Info()&types.IsUntyped != 0 {
			return types.Default(t).(*types.Basic).Name()
		}
		return t.Name()
	case *types.Named:
		return e.named(t, at)
	case *types.Pointer:
		return "*" + e.typ(t.Elem(), at)
	case *types.Slice:
		return "[]" + e.typ(t.Elem(), at)
	case *types.Array:
		return fmt.Sprintf("[%d]%s", t.Len(), e.typ(t.Elem(), at))
	case *types.Map:
		return "map[" + e.typ(t.Key(), at) + "]" + e.typ(t.Elem(), at)
	case *types.Chan:
		elem := e.typ(t.Elem(), at)
		switch t.Dir() {
		case types.SendOnly:
			return "chan<- " + elem
		case types.RecvOnly:
			return "<-chan " + elem
		}
		if strings.HasPrefix(elem, "<-") {
			elem = "(" + elem + ")"
		}
		return "chan " + elem
	case *types.Struct:
		if t.NumFields() == 0 {
			return "struct{}"
		}
		k := key(t)
		if name, ok := e.l.structs[k]; ok {
			return name
		}
		name := fmt.Sprintf("structǁ%d", len(e.l.structs)+1)
		e.l.structs[k] = name
		e.decls = append(e.decls, "type "+name+" "+e.structType(t, nil, at))
		return name
	case *types.Signature:
		return "func" + e.sig(t, nil, at)
	case *types.Interface:
		return anyType
	case *types.Tuple:
		var parts []string
		for i := range t.Len() {
			parts = append(parts, e.typ(t.At(i).Type(), at))
		}
		return "(" + strings.Join(parts, ", ") + ")"
	}
	e.refuse(at, "type", fmt.Sprintf("the type %s", t))
	return ""
}

// sig writes parameters and results; names, when given, name the parameters.
func (e *emitter) sig(s *types.Signature, names []string, at token.Pos) string {
	var b strings.Builder
	b.WriteByte('(')
	for i := range s.Params().Len() {
		if i > 0 {
			b.WriteString(", ")
		}
		if names != nil {
			b.WriteString(names[i] + " ")
		}
		pt := s.Params().At(i).Type()
		if s.Variadic() && i == s.Params().Len()-1 {
			sl, ok := e.subst(pt).Underlying().(*types.Slice)
			if !ok {
				e.refuse(at, "type", "a variadic parameter of a string type")
			}
			b.WriteString("..." + e.typ(sl.Elem(), at))
			continue
		}
		b.WriteString(e.typ(pt, at))
	}
	b.WriteByte(')')
	switch n := s.Results().Len(); {
	case n == 1:
		b.WriteString(" " + e.typ(s.Results().At(0).Type(), at))
	case n > 1:
		b.WriteString(" " + e.typ(s.Results(), at))
	}
	return b.String()
}

// named writes a named type: native ones by name, structs of the program by a name
// of ours, all else by what is underneath.
func (e *emitter) named(t *types.Named, at token.Pos) string {
	o := t.Obj()
	if o.Pkg() == nil { // error, comparable
		if o.Name() == "error" {
			return "rtǁ.Error"
		}
		return anyType
	}
	if e.l.native(o.Pkg()) {
		if e.l.nativeNamed(t) {
			if isInterface(t) && !e.l.nativeInterface(t) {
				return anyType
			}
			if !o.Exported() {
				e.refuse(at, "unexported-type", fmt.Sprintf("a value of the unexported type %s.%s", o.Pkg().Name(), o.Name()))
			}
			e.needSymbol(o.Pkg(), o.Name(), at)
			return e.importName(o.Pkg()) + "." + o.Name()
		}
		if _, ok := t.Underlying().(*types.Signature); !ok && t.TypeArgs().Len() > 0 { // iter.Seq is its func type
			if !sourced(o.Pkg().Path()) {
				e.refuse(at, "generic-type", fmt.Sprintf("the generic type %s.%s", o.Pkg().Name(), o.Name()))
			}
		}
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		if isInterface(t) {
			return anyType
		}
		k := key(t)
		if e.l.writing[k] {
			e.refuse(at, "recursive-type", fmt.Sprintf("the recursive type %s", o.Name()))
		}
		e.l.writing[k] = true
		defer delete(e.l.writing, k)
		return e.typ(t.Underlying(), at)
	}
	k := key(t)
	if name, ok := e.l.structs[k]; ok {
		return name
	}
	name := fmt.Sprintf("%sǁT%d", clean(o.Name()), len(e.l.structs)+1)
	e.l.structs[k] = name
	// A recursive occurrence inside a slice or func type starts anew.
	writing := e.l.writing
	e.l.writing = map[string]bool{}
	text := "type " + name + " " + e.structType(st, t, at)
	e.l.writing = writing
	e.decls = append(e.decls, text)
	return name
}

// sourced packages' generic types are written from their source.
func sourced(path string) bool {
	switch path {
	case "container/list", "maps", "slices", "cmp", "iter":
		return true
	}
	return false
}

func (e *emitter) structType(st *types.Struct, of *types.Named, at token.Pos) string {
	var b strings.Builder
	b.WriteString("struct {")
	for i := range st.NumFields() {
		f := st.Field(i)
		own := of == nil && e.src != nil && e.src.Path == f.Pkg().Path()
		if !own && !f.Exported() && e.l.native(f.Pkg()) && (of == nil || of.Obj().Pkg() != f.Pkg() || e.l.nativeNamed(of)) {
			e.refuse(at, "foreign-struct", "a type made of a library's struct with unexported fields")
		}
		ft := e.typ(f.Type(), at)
		if e.brokenField(of, f) {
			ft = anyType
		}
		b.WriteString(" " + fieldName(st, i) + " " + ft)
		tag := st.Tag(i)
		if !f.Exported() {
			tag = `json:"-" xml:"-" yaml:"-"` // yaegi exports every field
		}
		if tag != "" {
			b.WriteString(" " + strconv.Quote(tag))
		}
		b.WriteByte(';')
	}
	b.WriteString(" }")
	return b.String()
}

func fieldName(st *types.Struct, i int) string {
	if n := st.Field(i).Name(); n != "_" {
		return n
	}
	return fmt.Sprintf("blankǁ%d", i)
}

func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r == 'ʹ' {
			return 'ǃ'
		}
		return r
	}, s)
}

// brokenField says that a field closes a cycle between two structs, which yaegi
// cannot make: it is written as an interface and read through a helper.
func (e *emitter) brokenField(of *types.Named, f *types.Var) bool {
	if of == nil {
		return false
	}
	switch e.subst(f.Type()).Underlying().(type) {
	case *types.Pointer, *types.Slice, *types.Map, *types.Chan, *types.Signature:
	default:
		return false
	}
	k := key(of) + "." + f.Name()
	if v, ok := e.l.broken[k]; ok {
		return v
	}
	seen := map[string]bool{}
	v := e.reaches(e.subst(f.Type()), key(of), seen, true)
	e.l.broken[k] = v
	return v
}

// reaches says whether t leads to the struct named goal through another struct of
// the program.
func (e *emitter) reaches(t types.Type, goal string, seen map[string]bool, first bool) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		if e.l.nativeNamed(t) {
			return false
		}
		k := key(t)
		_, isStruct := t.Underlying().(*types.Struct)
		if k == goal {
			return !first
		}
		if seen[k] {
			return false
		}
		seen[k] = true
		return e.reaches(t.Underlying(), goal, seen, first && !isStruct)
	case *types.Pointer:
		return e.reaches(t.Elem(), goal, seen, first)
	case *types.Slice:
		return e.reaches(t.Elem(), goal, seen, first)
	case *types.Array:
		return e.reaches(t.Elem(), goal, seen, first)
	case *types.Chan:
		return e.reaches(t.Elem(), goal, seen, first)
	case *types.Map:
		return e.reaches(t.Key(), goal, seen, first) || e.reaches(t.Elem(), goal, seen, first)
	case *types.Signature:
		for _, tu := range []*types.Tuple{t.Params(), t.Results()} {
			for i := range tu.Len() {
				if e.reaches(tu.At(i).Type(), goal, seen, first) {
					return true
				}
			}
		}
	case *types.Struct:
		for i := range t.NumFields() {
			if e.reaches(t.Field(i).Type(), goal, seen, first) {
				return true
			}
		}
	}
	return false
}

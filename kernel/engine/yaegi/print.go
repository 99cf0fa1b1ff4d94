package yaegi

import (
	"fmt"
	"go/types"
	"reflect"
	"sort"
	"strconv"
	"strings"
)

type interfaceType = *types.Interface

func elemType(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return nil
}

func hasBox(a []any) bool {
	for _, x := range a {
		if _, ok := x.(boxed); ok {
			return true
		}
	}
	return false
}

// sprint is fmt.Sprint: boxes of strings count as strings when it puts spaces.
func (i *instance) sprint(a ...any) string {
	if !hasBox(a) {
		return fmt.Sprint(a...)
	}
	var b strings.Builder
	wasString := false
	for n, x := range a {
		isString := x != nil && reflect.TypeOf(unbox(x)) != nil && reflect.TypeOf(unbox(x)).Kind() == reflect.String
		if n > 0 && !isString && !wasString {
			b.WriteByte(' ')
		}
		b.WriteString(fmt.Sprint(x))
		wasString = isString
	}
	return b.String()
}

func (i *instance) sprintf(f string, a ...any) string {
	f, a = i.typeVerbs(f, a)
	return fmt.Sprintf(f, a...)
}

// typeVerbs answers %T and %p for boxes, which fmt does not ask.
func (i *instance) typeVerbs(f string, a []any) (string, []any) {
	if !hasBox(a) || !strings.ContainsAny(f, "Tp") {
		return f, a
	}
	return i.renumber(f, a)
}

// renumber replaces each %T of a box by %s of its type's name and opens the box of
// each %p, keeping the order of arguments.
func (i *instance) renumber(f string, a []any) (string, []any) {
	var b strings.Builder
	out := append([]any(nil), a...)
	arg := 0
	for n := 0; n < len(f); n++ {
		if f[n] != '%' {
			b.WriteByte(f[n])
			continue
		}
		start := n
		n++
		for n < len(f) && strings.IndexByte("+-# 0123456789.*[]", f[n]) >= 0 {
			switch f[n] {
			case '*':
				arg++
			case '[':
				if end := strings.IndexByte(f[n:], ']'); end > 0 {
					if k, err := strconv.Atoi(f[n+1 : n+end]); err == nil {
						arg = k - 1
					}
				}
			}
			n++
		}
		if n >= len(f) {
			b.WriteString(f[start:])
			break
		}
		if f[n] == '%' {
			b.WriteString(f[start : n+1])
			continue
		}
		if f[n] == 'T' && arg >= 0 && arg < len(a) {
			if bx, ok := a[arg].(boxed); ok {
				out[arg] = i.typeName(bx.box().t.typ)
				b.WriteString(f[start:n] + "s")
				arg++
				continue
			}
		}
		if f[n] == 'p' && arg >= 0 && arg < len(a) {
			out[arg] = unbox(a[arg])
		}
		b.WriteString(f[start : n+1])
		arg++
	}
	return b.String(), out
}

// printer formats values of user types as fmt would.
type printer struct {
	inst *instance
}

// verb formats what a box holds.
func (p printer) verb(format string, verb rune, x any) []byte {
	b := x.(boxed).box()
	var out strings.Builder
	p.value(&out, format, verb, reflect.ValueOf(b.v), b.t.typ, 0)
	return []byte(out.String())
}

func (p printer) value(out *strings.Builder, format string, verb rune, v reflect.Value, t types.Type, depth int) {
	sharp := strings.Contains(format, "#") && verb == 'v'
	if !v.IsValid() {
		if sharp {
			out.WriteString(p.inst.typeName(t) + "(nil)")
		} else {
			out.WriteString("<nil>")
		}
		return
	}
	// Boxes and compiled values inside an interface know themselves.
	if isInterface(t) {
		if v.Kind() == reflect.Interface {
			v = v.Elem()
		}
		if !v.IsValid() {
			if sharp {
				out.WriteString(p.inst.typeName(t) + "(nil)")
			} else {
				out.WriteString("<nil>")
			}
			return
		}
		if v.CanInterface() {
			if b, ok := v.Interface().(boxed); ok {
				p.value(out, format, verb, reflect.ValueOf(b.box().v), b.box().t.typ, depth+1)
				return
			}
			fmt.Fprintf(out, format, v.Interface())
		}
		return
	}
	if v.Kind() == reflect.Interface { // nil in a field that closes a cycle
		var zero any
		switch t.Underlying().(type) {
		case *types.Slice:
			zero = []int(nil)
		case *types.Map:
			zero = map[int]int(nil)
		}
		if sharp {
			out.WriteString(p.inst.typeName(t) + "(nil)")
		} else {
			fmt.Fprintf(out, format, zero)
		}
		return
	}
	if p.inst.prog().l.faithful(t) {
		if depth > 0 && v.Kind() == reflect.Pointer && !sharp && v.CanInterface() {
			if _, ok := v.Interface().(error); !ok && !v.IsNil() {
				if _, ok := v.Interface().(fmt.Stringer); !ok {
					fmt.Fprintf(out, "0x%x", v.Pointer())
					return
				}
			}
		}
		if v.CanInterface() {
			fmt.Fprintf(out, format, v.Interface())
		}
		return
	}
	if !sharp && p.methods(out, format, verb, v, t) {
		return
	}
	if sharp && p.goString(out, v, t) {
		return
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		fmt.Fprintf(out, format, v.Interface())
	case *types.Struct:
		if sharp {
			out.WriteString(p.inst.typeName(t))
		}
		out.WriteByte('{')
		for i := range u.NumFields() {
			if i > 0 {
				if sharp {
					out.WriteString(", ")
				} else {
					out.WriteByte(' ')
				}
			}
			f := u.Field(i)
			if strings.Contains(format, "+") && verb == 'v' || sharp {
				out.WriteString(f.Name() + ":")
			}
			p.value(out, format, verb, fieldValue(v, i), f.Type(), depth+1)
		}
		out.WriteByte('}')
	case *types.Map:
		if sharp {
			out.WriteString(p.inst.typeName(t))
			if v.IsNil() {
				out.WriteString("(nil)")
				return
			}
			out.WriteByte('{')
		} else {
			out.WriteString("map[")
		}
		keys := v.MapKeys()
		sort.Slice(keys, func(a, b int) bool { return less(keys[a], keys[b]) })
		for i, k := range keys {
			if i > 0 {
				if sharp {
					out.WriteString(", ")
				} else {
					out.WriteByte(' ')
				}
			}
			p.value(out, format, verb, k, u.Key(), depth+1)
			out.WriteByte(':')
			p.value(out, format, verb, v.MapIndex(k), u.Elem(), depth+1)
		}
		if sharp {
			out.WriteByte('}')
		} else {
			out.WriteByte(']')
		}
	case *types.Slice, *types.Array:
		var et types.Type
		if s, ok := u.(*types.Slice); ok {
			et = s.Elem()
		} else {
			et = u.(*types.Array).Elem()
		}
		if b, ok := et.Underlying().(*types.Basic); ok && b.Kind() == types.Byte && strings.ContainsRune("sqxX", verb) {
			fmt.Fprintf(out, format, v.Interface())
			return
		}
		open, shut, sep := "[", "]", " "
		if sharp {
			open, shut, sep = p.inst.typeName(t)+"{", "}", ", "
			if v.Kind() == reflect.Slice && v.IsNil() {
				out.WriteString(p.inst.typeName(t) + "(nil)")
				return
			}
		}
		out.WriteString(open)
		for i := range v.Len() {
			if i > 0 {
				out.WriteString(sep)
			}
			p.value(out, format, verb, v.Index(i), et, depth+1)
		}
		out.WriteString(shut)
	case *types.Pointer:
		if depth == 0 && !v.IsNil() {
			switch u.Elem().Underlying().(type) {
			case *types.Struct, *types.Map, *types.Slice, *types.Array:
				if verb == 'p' {
					break
				}
				out.WriteByte('&')
				p.value(out, format, verb, v.Elem(), u.Elem(), depth+1)
				return
			}
		}
		if v.IsNil() {
			if sharp {
				out.WriteString("(" + p.inst.typeName(t) + ")(nil)")
			} else if verb == 'v' {
				out.WriteString("<nil>")
			} else {
				fmt.Fprintf(out, "%%!%c(%s=<nil>)", verb, p.inst.typeName(t))
			}
			return
		}
		if sharp {
			fmt.Fprintf(out, "(%s)(0x%x)", p.inst.typeName(t), v.Pointer())
			return
		}
		fmt.Fprintf(out, "0x%x", v.Pointer())
	case *types.Signature, *types.Chan:
		if v.IsNil() {
			out.WriteString("<nil>")
			return
		}
		fmt.Fprintf(out, "0x%x", v.Pointer())
	default:
		fmt.Fprintf(out, format, v.Interface())
	}
}

// fieldValue reads a field; one that closes a cycle is kept in an interface.
func fieldValue(v reflect.Value, i int) reflect.Value {
	f := v.Field(i)
	if f.Kind() == reflect.Interface && !f.IsNil() && f.Type() == reflect.TypeFor[any]() {
		if _, ok := f.Interface().(boxed); !ok {
			return f.Elem()
		}
	}
	return f
}

// methods lets Error and String speak, for the verbs that fmt lets them.
func (p printer) methods(out *strings.Builder, format string, verb rune, v reflect.Value, t types.Type) bool {
	if !strings.ContainsRune("vsxXq", verb) || !v.CanInterface() {
		return false
	}
	bt := p.inst.boxTypeByKey(t)
	if bt == nil {
		return false
	}
	for _, name := range []string{"Error", "String"} {
		m, ok := bt.methods[name]
		if !ok || m.Type().NumIn() != 1 || m.Type().NumOut() != 1 || m.Type().Out(0).Kind() != reflect.String {
			continue
		}
		text, ok := p.callText(m, bt, v, name, verb)
		if !ok {
			out.WriteString(text)
			return true
		}
		if verb == 'v' {
			format = strings.Replace(strings.Replace(format, "+", "", 1), "v", "s", 1)
		}
		fmt.Fprintf(out, format, text)
		return true
	}
	return false
}

// callText calls a String method; a panic in it is what fmt makes of it.
func (p printer) callText(m reflect.Value, bt *boxType, v reflect.Value, name string, verb rune) (text string, ok bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, is := control(r); is {
				panic(r)
			}
			p.inst.forget()
			if v.Kind() == reflect.Pointer && v.IsNil() {
				text, ok = "<nil>", false
				return
			}
			text, ok = fmt.Sprintf("%%!%c(PANIC=%s method: %s)", verb, name, p.inst.panicText(goPanic(r))), false
		}
	}()
	return call1[string](m, bt.wrap(v.Interface())), true
}

func (p printer) goString(out *strings.Builder, v reflect.Value, t types.Type) bool {
	bt := p.inst.boxTypeByKey(t)
	if bt == nil || !v.CanInterface() {
		return false
	}
	m, ok := bt.methods["GoString"]
	if !ok {
		return false
	}
	out.WriteString(call1[string](m, bt.wrap(v.Interface())))
	return true
}

// less orders map keys as fmt does, for the kinds that keys mostly have.
func less(a, b reflect.Value) bool {
	if a.Kind() == reflect.Interface {
		a, b = a.Elem(), b.Elem()
		if a.IsValid() && a.CanInterface() {
			if x, ok := a.Interface().(boxed); ok {
				a = reflect.ValueOf(x.box().v)
			}
		}
		if b.IsValid() && b.CanInterface() {
			if x, ok := b.Interface().(boxed); ok {
				b = reflect.ValueOf(x.box().v)
			}
		}
	}
	if !a.IsValid() || !b.IsValid() || a.Kind() != b.Kind() {
		return a.IsValid() && b.IsValid() && a.Kind() < b.Kind()
	}
	switch {
	case a.CanInt():
		return a.Int() < b.Int()
	case a.CanUint():
		return a.Uint() < b.Uint()
	case a.CanFloat():
		return a.Float() < b.Float()
	}
	switch a.Kind() {
	case reflect.String:
		return a.String() < b.String()
	case reflect.Bool:
		return !a.Bool() && b.Bool()
	case reflect.Struct:
		for i := range a.NumField() {
			if less(a.Field(i), b.Field(i)) {
				return true
			}
			if less(b.Field(i), a.Field(i)) {
				return false
			}
		}
	case reflect.Array:
		for i := range a.Len() {
			if less(a.Index(i), b.Index(i)) {
				return true
			}
			if less(b.Index(i), a.Index(i)) {
				return false
			}
		}
	}
	return false
}

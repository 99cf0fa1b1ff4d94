package display

import (
	"cmp"
	"fmt"
	"go/types"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unsafe"

	"stnb.dev/kernel/engine"
	"stnb.dev/widgets/element"
)

// printer shows one value. It remembers the pointers above the place it is at, to
// see cycles, and how many nodes it has made.
type printer struct {
	env   Env
	above map[unsafe.Pointer]bool
	nodes int
}

func newPrinter(env Env) *printer {
	return &printer{env: env, above: map[unsafe.Pointer]bool{}}
}

// part is one named child of a value.
type part struct {
	name string
	engine.Value
}

// dynamic returns what is inside an interface.
func (p *printer) dynamic(v engine.Value) engine.Value {
	if !v.V.IsValid() {
		return v
	}
	static := v.Type != nil && types.IsInterface(v.Type)
	if v.V.Kind() != reflect.Interface && !static {
		return v
	}
	r := readable(v.V)
	if r.Kind() == reflect.Interface {
		if r.IsNil() {
			return engine.Value{}
		}
		r = r.Elem()
	}
	if !r.CanInterface() {
		return engine.Value{V: r}
	}
	inner := p.env.Value(r.Interface())
	if !inner.V.IsValid() {
		return engine.Value{}
	}
	return addressable(inner)
}

// readable returns v so that Interface may be called on it: reflect refuses that
// for unexported fields, which a person wants to see all the same.
func readable(v reflect.Value) reflect.Value {
	if v.CanInterface() || !v.CanAddr() {
		return v
	}
	return reflect.NewAt(v.Type(), v.Addr().UnsafePointer()).Elem()
}

var stringFunc = reflect.TypeFor[func() string]()

// method returns what the value's Error or String method says of it.
func (p *printer) method(v engine.Value) (text string, ok bool) {
	if !v.V.IsValid() {
		return "", false
	}
	name := ""
	defer func() {
		if r := recover(); r != nil {
			if v.V.Kind() == reflect.Pointer && v.V.IsNil() {
				text, ok = "nil", true
				return
			}
			text, ok = fmt.Sprintf("(panic in %s: %v)", name, r), true
		}
	}()
	for _, name = range []string{"Error", "String"} {
		if v.Type != nil && !hasMethod(v.Type, name) {
			continue
		}
		if f, ok := p.env.Method(engine.Value{V: readable(v.V), Type: v.Type}, name, stringFunc); ok {
			return f.Call(nil)[0].String(), true
		}
		r := readable(v.V)
		if !r.CanInterface() {
			continue
		}
		switch x := r.Interface().(type) {
		case error:
			if name == "Error" {
				return x.Error(), true
			}
		case fmt.Stringer:
			if name == "String" {
				return x.String(), true
			}
		}
	}
	return "", false
}

// hasMethod says whether t's method set has a method name() string.
func hasMethod(t types.Type, name string) bool {
	obj, index, _ := types.LookupFieldOrMethod(t, false, nil, name)
	f, ok := obj.(*types.Func)
	if !ok || index == nil {
		return false
	}
	sig := f.Signature()
	return sig.Params().Len() == 0 && sig.Results().Len() == 1 && types.Identical(sig.Results().At(0).Type(), types.Typ[types.String])
}

// leaf is the text of a value without parts, or of one that speaks for itself.
func (p *printer) leaf(v engine.Value, quote bool) (string, bool) {
	if !v.V.IsValid() {
		return "nil", true
	}
	if r := readable(v.V); r.CanInterface() {
		switch x := r.Interface().(type) {
		case time.Time:
			return x.Round(0).String(), true
		case []byte:
			return bytesText(x), true
		}
	}
	if s, ok := p.method(v); ok {
		return s, true
	}
	r := v.V
	switch r.Kind() {
	case reflect.Bool:
		return strconv.FormatBool(r.Bool()), true
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(r.Int(), 10), true
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return strconv.FormatUint(r.Uint(), 10), true
	case reflect.Float32:
		return strconv.FormatFloat(r.Float(), 'g', -1, 32), true
	case reflect.Float64:
		return strconv.FormatFloat(r.Float(), 'g', -1, 64), true
	case reflect.Complex64:
		return strconv.FormatComplex(r.Complex(), 'g', -1, 64), true
	case reflect.Complex128:
		return strconv.FormatComplex(r.Complex(), 'g', -1, 128), true
	case reflect.String:
		if quote {
			return strconv.Quote(cut(r.String(), maxString)), true
		}
		return cut(r.String(), maxString), true
	case reflect.Func:
		if r.IsNil() {
			return "nil", true
		}
		return TypeName(v), true
	case reflect.Chan:
		if r.IsNil() {
			return "nil", true
		}
		return fmt.Sprintf("%s (%d of %d)", TypeName(v), r.Len(), r.Cap()), true
	case reflect.Slice, reflect.Map, reflect.Pointer, reflect.UnsafePointer:
		if r.IsNil() {
			return "nil", true
		}
	}
	return "", false
}

// parts returns the children of a value, at most max of them, and how many there
// are in all.
func (p *printer) parts(v engine.Value, max int) (parts []part, total int) {
	r := readable(v.V) // what is in an unexported map can be read too then
	switch r.Kind() {
	case reflect.Struct:
		return p.fields(v, max)
	case reflect.Slice, reflect.Array:
		var elem types.Type
		switch t := under(v.Type).(type) {
		case *types.Slice:
			elem = t.Elem()
		case *types.Array:
			elem = t.Elem()
		}
		total = r.Len()
		for i := range min(total, max) {
			parts = append(parts, part{strconv.Itoa(i), p.dynamic(engine.Value{V: r.Index(i), Type: elem})})
		}
		return parts, total
	case reflect.Map:
		var key, elem types.Type
		if t, ok := under(v.Type).(*types.Map); ok {
			key, elem = t.Key(), t.Elem()
		}
		keys := r.MapKeys()
		type entry struct {
			key  reflect.Value
			text string
		}
		entries := make([]entry, len(keys))
		for i, k := range keys {
			kv := addressable(p.dynamic(addressable(engine.Value{V: k, Type: key})))
			entries[i] = entry{k, p.line(kv, 80)}
		}
		slices.SortFunc(entries, func(a, b entry) int { return compareKeys(a.key, b.key, a.text, b.text) })
		total = len(entries)
		for _, e := range entries[:min(total, max)] {
			parts = append(parts, part{e.text, addressable(p.dynamic(addressable(engine.Value{V: r.MapIndex(e.key), Type: elem})))})
		}
		return parts, total
	case reflect.Pointer, reflect.UnsafePointer:
		if d, ok := p.deref(v); ok {
			return p.parts(d, max)
		}
	}
	return nil, 0
}

func (p *printer) fields(v engine.Value, max int) (parts []part, total int) {
	t, _ := under(v.Type).(*types.Struct)
	total = v.V.NumField()
	if t != nil && t.NumFields() < total {
		total = t.NumFields() // an engine's own fields stand last
	}
	for i := range min(total, max) {
		f := engine.Value{V: v.V.Field(i)}
		name := v.V.Type().Field(i).Name
		if t != nil {
			f.Type, name = t.Field(i).Type(), t.Field(i).Name()
		}
		parts = append(parts, part{Unversioned(name), p.dynamic(f)})
	}
	return parts, total
}

func (p *printer) deref(v engine.Value) (engine.Value, bool) {
	if d, ok := p.env.(Derefer); ok {
		if to, ok := d.Deref(v); ok {
			return to, true
		}
	}
	if v.V.Kind() != reflect.Pointer || v.V.IsNil() {
		return engine.Value{}, false
	}
	to := engine.Value{V: v.V.Elem()}
	if t, ok := under(v.Type).(*types.Pointer); ok {
		to.Type = t.Elem()
	}
	return p.dynamic(to), true
}

// enter notes a reference to be above what follows; false when it already is.
func (p *printer) enter(v engine.Value) (leave func(), ok bool) {
	switch v.V.Kind() {
	case reflect.Pointer, reflect.UnsafePointer, reflect.Map, reflect.Slice:
		at := v.V.UnsafePointer()
		if at == nil || v.V.Kind() == reflect.Slice && v.V.Len() == 0 {
			return func() {}, true
		}
		if p.above[at] {
			return nil, false
		}
		p.above[at] = true
		return func() { delete(p.above, at) }, true
	}
	return func() {}, true
}

// node is the value as a tree.
func (p *printer) node(name string, v engine.Value, depth int) element.Node {
	p.nodes++
	n := element.Node{Name: name, Type: TypeName(v)}
	if text, ok := p.leaf(v, true); ok {
		n.Text = text
		return n
	}
	leave, ok := p.enter(v)
	if !ok {
		n.Text = "↑ (cycle)"
		return n
	}
	defer leave()
	if depth >= maxDepth || p.nodes >= maxNodes {
		n.Text = p.line(v, 80)
		return n
	}
	if d, ok := p.deref(v); ok {
		if text, ok := p.leaf(d, true); ok {
			n.Text = "&" + text
			return n
		}
	}
	parts, total := p.parts(v, maxChildren)
	n.Text = size(v, total)
	for i, c := range parts {
		if p.nodes >= maxNodes {
			parts = parts[:i]
			break
		}
		n.Nodes = append(n.Nodes, p.node(c.name, c.Value, depth+1))
	}
	n.More = total - len(parts)
	if total == 0 {
		n.Text = p.line(v, 80)
	}
	return n
}

// size says how many parts a slice or map has.
func size(v engine.Value, total int) string {
	switch v.V.Kind() {
	case reflect.Slice, reflect.Array, reflect.Map:
		if total == 1 {
			return "1 item"
		}
		return fmt.Sprintf("%d items", total)
	}
	return ""
}

// line is the value on one line of about max bytes, in the form of a Go literal
// without the types of the parts.
func (p *printer) line(v engine.Value, max int) string {
	var b strings.Builder
	p.write(&b, v, max, 0, false)
	return cut(b.String(), max)
}

func (p *printer) write(b *strings.Builder, v engine.Value, max, depth int, quote bool) {
	if b.Len() >= max {
		return
	}
	if text, ok := p.leaf(v, quote); ok {
		b.WriteString(text)
		return
	}
	leave, ok := p.enter(v)
	if !ok || depth > maxDepth {
		b.WriteString("…")
		return
	}
	defer leave()
	if d, ok := p.deref(v); ok {
		b.WriteByte('&')
		p.write(b, d, max, depth, quote)
		return
	}
	open, shut, named := "{", "}", true
	switch v.V.Kind() {
	case reflect.Slice, reflect.Array:
		open, shut, named = "[", "]", false
	case reflect.Struct, reflect.Map:
	default:
		b.WriteString(TypeName(v))
		return
	}
	b.WriteString(open)
	parts, total := p.parts(v, maxChildren)
	for i, c := range parts {
		if i > 0 {
			b.WriteString(", ")
		}
		if b.Len() >= max {
			break
		}
		if named {
			b.WriteString(c.name + ": ")
		}
		p.write(b, c.Value, max, depth+1, true)
	}
	if total > len(parts) {
		fmt.Fprintf(b, ", … %d more", total-len(parts))
	}
	b.WriteString(shut)
}

func under(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	return t.Underlying()
}

// Speaks says whether a type of the notebook says itself how its values read, by a
// String or an Error method.
func Speaks(t types.Type) bool {
	named := t
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		named = p.Elem()
	}
	n, ok := types.Unalias(named).(*types.Named)
	if !ok || types.IsInterface(t) || n.Obj().Pkg() == nil || n.Obj().Pkg().Name() != "main" {
		return false
	}
	return hasMethod(t, "Error") || hasMethod(t, "String")
}

// compareKeys orders numbers by size and all else by text, as fmt does.
func compareKeys(a, b reflect.Value, atext, btext string) int {
	for a.Kind() == reflect.Interface && b.Kind() == reflect.Interface && !a.IsNil() && !b.IsNil() {
		a, b = a.Elem(), b.Elem()
	}
	if a.Kind() == b.Kind() {
		switch {
		case a.CanInt():
			return cmp.Compare(a.Int(), b.Int())
		case a.CanUint():
			return cmp.Compare(a.Uint(), b.Uint())
		case a.CanFloat():
			return cmp.Compare(a.Float(), b.Float())
		}
	}
	return cmp.Compare(atext, btext)
}

func bytesText(b []byte) string {
	const most = 64
	if len(b) > most {
		return fmt.Sprintf("% x … (%d bytes)", b[:most], len(b))
	}
	return fmt.Sprintf("[% x]", b)
}

// cut shortens s to about max bytes, at a character's border.
func cut(s string, max int) string {
	if len(s) <= max {
		return s
	}
	i := max
	for i > 0 && s[i]&0xC0 == 0x80 {
		i--
	}
	return s[:i] + "…"
}

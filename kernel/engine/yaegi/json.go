package yaegi

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"go/types"
	"reflect"
	"sort"
	"strconv"
	"strings"
)

// encodeJSON writes what is in a box as encoding/json would write the user's type:
// by its own field names, tags, embedded structs and methods at any depth.
func (i *instance) encodeJSON(v reflect.Value, t types.Type) ([]byte, error) {
	if isInterface(t) {
		if v.Kind() == reflect.Interface {
			v = v.Elem()
		}
		if !v.IsValid() {
			return []byte("null"), nil
		}
		if b, ok := v.Interface().(boxed); ok {
			return i.encodeJSON(reflect.ValueOf(b.box().v), b.box().t.typ)
		}
		return i.marshal(v.Interface())
	}
	if i.prog().l.faithful(t) {
		return json.Marshal(v.Interface())
	}
	if _, ok := t.Underlying().(*types.Pointer); ok && v.IsNil() {
		return []byte("null"), nil
	}
	if bt := i.boxTypeByKey(t); bt != nil {
		if m, ok := bt.methods["MarshalJSON"]; ok {
			return call2[[]byte](m, bt.wrap(v.Interface()))
		}
		if m, ok := bt.methods["MarshalText"]; ok {
			text, err := call2[[]byte](m, bt.wrap(v.Interface()))
			if err != nil {
				return nil, err
			}
			return json.Marshal(string(text))
		}
	}
	var out bytes.Buffer
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return json.Marshal(v.Interface())
	case *types.Pointer:
		return i.encodeJSON(v.Elem(), u.Elem())
	case *types.Slice, *types.Array:
		var et types.Type
		if s, ok := u.(*types.Slice); ok {
			if v.IsNil() {
				return []byte("null"), nil
			}
			et = s.Elem()
			if b, ok := types.Unalias(et).(*types.Basic); ok && b.Kind() == types.Byte {
				return json.Marshal(base64.StdEncoding.EncodeToString(v.Bytes()))
			}
		} else {
			et = u.(*types.Array).Elem()
		}
		out.WriteByte('[')
		for n := range v.Len() {
			if n > 0 {
				out.WriteByte(',')
			}
			b, err := i.encodeJSON(v.Index(n), et)
			if err != nil {
				return nil, err
			}
			out.Write(b)
		}
		out.WriteByte(']')
		return out.Bytes(), nil
	case *types.Map:
		if v.IsNil() {
			return []byte("null"), nil
		}
		type entry struct {
			key   string
			value reflect.Value
		}
		var all []entry
		for it := v.MapRange(); it.Next(); {
			k, err := i.jsonKey(it.Key(), u.Key())
			if err != nil {
				return nil, err
			}
			all = append(all, entry{k, it.Value()})
		}
		sort.Slice(all, func(a, b int) bool { return all[a].key < all[b].key })
		out.WriteByte('{')
		for n, e := range all {
			if n > 0 {
				out.WriteByte(',')
			}
			k, err := json.Marshal(e.key)
			if err != nil {
				return nil, err
			}
			b, err := i.encodeJSON(e.value, u.Elem())
			if err != nil {
				return nil, err
			}
			out.Write(k)
			out.WriteByte(':')
			out.Write(b)
		}
		out.WriteByte('}')
		return out.Bytes(), nil
	case *types.Struct:
		out.WriteByte('{')
		first := true
		for _, f := range jsonFields(u) {
			fv, ok := f.read(v)
			if !ok || f.omitEmpty && emptyJSON(fv) || f.omitZero && fv.IsZero() {
				continue
			}
			b, err := i.encodeJSON(fv, f.typ)
			if err != nil {
				return nil, err
			}
			if f.quoted {
				if b, err = json.Marshal(string(b)); err != nil {
					return nil, err
				}
			}
			if !first {
				out.WriteByte(',')
			}
			first = false
			k, err := json.Marshal(f.name)
			if err != nil {
				return nil, err
			}
			out.Write(k)
			out.WriteByte(':')
			out.Write(b)
		}
		out.WriteByte('}')
		return out.Bytes(), nil
	}
	return nil, errors.New("json: unsupported type: " + i.typeName(t))
}

func (i *instance) jsonKey(k reflect.Value, t types.Type) (string, error) {
	if bt := i.boxTypeByKey(t); bt != nil {
		if m, ok := bt.methods["MarshalText"]; ok {
			text, err := call2[[]byte](m, bt.wrap(k.Interface()))
			return string(text), err
		}
	}
	switch {
	case k.Kind() == reflect.String:
		return k.String(), nil
	case k.CanInt():
		return strconv.FormatInt(k.Int(), 10), nil
	case k.CanUint():
		return strconv.FormatUint(k.Uint(), 10), nil
	}
	return "", errors.New("json: unsupported type: map key " + i.typeName(t))
}

func emptyJSON(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

// jsonField is a field of a struct or of what it embeds.
type jsonField struct {
	name                        string
	path                        []int
	typ                         types.Type
	tagged                      bool
	omitEmpty, omitZero, quoted bool
}

func (f jsonField) read(v reflect.Value) (reflect.Value, bool) {
	for _, n := range f.path {
		for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
			if v.IsNil() {
				return v, false
			}
			v = v.Elem()
		}
		v = v.Field(n)
	}
	if v.Kind() == reflect.Interface && !isInterface(f.typ) { // a field that closes a cycle
		if v.IsNil() {
			return reflect.Zero(reflect.TypeFor[*int]()), !f.omitEmpty
		}
		v = v.Elem()
	}
	return v, true
}

// jsonFields are the fields that encoding/json sees: outer names hide those
// deeper in, a tagged name wins over an untagged one beside it, and names that
// stay ambiguous vanish.
func jsonFields(st *types.Struct) []jsonField {
	var all []jsonField
	var walk func(st *types.Struct, path []int, seen map[*types.Struct]bool)
	walk = func(st *types.Struct, path []int, seen map[*types.Struct]bool) {
		if seen[st] {
			return
		}
		seen[st] = true
		defer delete(seen, st)
		for n := range st.NumFields() {
			f := st.Field(n)
			tag, has := reflect.StructTag(st.Tag(n)).Lookup("json")
			if tag == "-" {
				continue
			}
			name, opts, _ := strings.Cut(tag, ",")
			at := append(append([]int(nil), path...), n)
			if f.Embedded() && name == "" {
				ft := f.Type()
				if p, ok := ft.Underlying().(*types.Pointer); ok {
					ft = p.Elem()
				}
				if es, ok := ft.Underlying().(*types.Struct); ok {
					walk(es, at, seen)
					continue
				}
			}
			if !f.Exported() {
				continue
			}
			jf := jsonField{name: name, path: at, typ: f.Type(), tagged: has && name != ""}
			if name == "" {
				jf.name = f.Name()
			}
			for _, o := range strings.Split(opts, ",") {
				switch o {
				case "omitempty":
					jf.omitEmpty = true
				case "omitzero":
					jf.omitZero = true
				case "string":
					b, ok := f.Type().Underlying().(*types.Basic)
					jf.quoted = ok && b.Info()&(types.IsNumeric|types.IsBoolean|types.IsString) != 0
				}
			}
			all = append(all, jf)
		}
	}
	walk(st, nil, map[*types.Struct]bool{})
	var out []jsonField
	for n, f := range all {
		wins := true
		for m, g := range all {
			if m == n || g.name != f.name {
				continue
			}
			better := len(g.path) < len(f.path) || len(g.path) == len(f.path) && (g.tagged || !f.tagged)
			if better {
				wins = false
			}
		}
		if wins {
			out = append(out, f)
		}
	}
	return out
}

// marshal is json.Marshal without our Box in its errors.
func (i *instance) marshal(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	return b, plainJSONError(err)
}

func plainJSONError(err error) error {
	var me *json.MarshalerError
	for errors.As(err, &me) && me.Type != nil && me.Type.PkgPath() == reflect.TypeFor[Box]().PkgPath() {
		err = me.Err
	}
	return err
}

// unmarshal gives encoding/json what is in the box: what the emitter could not
// vouch for was refused.
func (i *instance) unmarshal(data []byte, v any) error {
	return i.nameType(json.Unmarshal(data, unbox(v)), v)
}

// nameType puts the user's name of the struct into a type error.
func (i *instance) nameType(err error, v any) error {
	te, ok := err.(*json.UnmarshalTypeError)
	b, isBox := v.(boxed)
	if !ok || !isBox || te.Struct != "" || te.Field == "" {
		return err
	}
	t := b.box().t.typ
	if p := elemType(t); p != nil {
		t = p
	}
	parts := strings.Split(te.Field, ".")
	for _, part := range parts[:len(parts)-1] {
		if t = jsonChild(t, part); t == nil {
			return err
		}
	}
	for {
		switch u := t.(type) {
		case *types.Slice:
			t = u.Elem()
			continue
		case *types.Pointer:
			t = u.Elem()
			continue
		}
		break
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		te.Struct = stripVersions(n.Obj().Name())
	}
	return te
}

func jsonChild(t types.Type, name string) types.Type {
	for {
		switch u := t.Underlying().(type) {
		case *types.Pointer:
			t = u.Elem()
		case *types.Slice:
			t = u.Elem()
		case *types.Array:
			t = u.Elem()
		case *types.Map:
			return u.Elem()
		case *types.Struct:
			for _, f := range jsonFields(u) {
				if f.name == name {
					return f.typ
				}
			}
			return nil
		default:
			return nil
		}
	}
}

// decodable says why encoding/json cannot fill a value of the type as it is
// inside, or "".
func (l *lineage) decodable(t types.Type, seen map[string]bool) string {
	k := key(t)
	if seen[k] || l.faithful(t) {
		return ""
	}
	seen[k] = true
	if n, ok := types.Unalias(t).(*types.Named); ok && !isInterface(t) {
		ms := types.NewMethodSet(types.NewPointer(n))
		for _, m := range []string{"UnmarshalJSON", "UnmarshalText"} {
			if ms.Lookup(nil, m) != nil {
				return fmt.Sprintf("%s has a method %s", n.Obj().Name(), m)
			}
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		return l.decodable(u.Elem(), seen)
	case *types.Slice:
		return l.decodable(u.Elem(), seen)
	case *types.Array:
		return l.decodable(u.Elem(), seen)
	case *types.Map:
		if why := l.decodable(u.Key(), seen); why != "" {
			return why
		}
		return l.decodable(u.Elem(), seen)
	case *types.Struct:
		for n := range u.NumFields() {
			f := u.Field(n)
			if f.Embedded() {
				return "it embeds " + f.Name()
			}
			if !f.Exported() {
				continue
			}
			if isInterface(f.Type()) && f.Type().Underlying().(*types.Interface).NumMethods() > 0 {
				return f.Name() + " is an interface with methods"
			}
			if why := l.decodable(f.Type(), seen); why != "" {
				return why
			}
		}
		if nt, ok := types.Unalias(t).(*types.Named); ok {
			for n := range u.NumFields() {
				if l.broken[key(nt)+"."+u.Field(n).Name()] {
					return "two of its structs point at each other"
				}
			}
		}
	}
	return ""
}

package protocol

import (
	"encoding/json"
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"

	"stnb.dev/widgets/markdown"
)

// TypeScript returns the generated files by name ("element.ts"). The Go packages
// of the types become modules of the same name, which import each other.
func TypeScript() (map[string]string, error) {
	g := &generator{
		modules: map[string]*module{},
		done:    map[reflect.Type]bool{},
	}
	for _, t := range Types {
		if err := g.need(t); err != nil {
			return nil, err
		}
	}
	files := map[string]string{}
	for name, m := range g.modules {
		files[name+".ts"] = m.text(name)
	}
	files["element.ts"] += kindsText()
	return files, nil
}

const header = "// Generated from the Go types by `go test ./ui/protocol -update`. Do not edit.\n"

type module struct {
	imports map[string]bool
	bodies  []string
}

func (m *module) text(name string) string {
	var b strings.Builder
	b.WriteString(header)
	var imports []string
	for i := range m.imports {
		if i != name {
			imports = append(imports, i)
		}
	}
	slices.Sort(imports)
	for _, i := range imports {
		fmt.Fprintf(&b, "import type * as %s from \"./%s\";\n", i, i)
	}
	for _, body := range m.bodies {
		b.WriteString("\n" + body)
	}
	return b.String()
}

// kindsText maps every kind of element to the type of its props.
func kindsText() string {
	var b strings.Builder
	b.WriteString("\n/** The props of every kind of element. */\nexport interface PropsOf {\n")
	for _, t := range Kinds {
		fmt.Fprintf(&b, "  %s: %s;\n", KindOf(t), t.Name())
	}
	b.WriteString("}\n\nexport type Kind = keyof PropsOf;\n")
	b.WriteString("\n/** The icons that a page can draw, :material/name:. */\nexport type MaterialIcon =\n")
	for i, name := range markdown.Icons {
		fmt.Fprintf(&b, "  | %q%s\n", name, map[bool]string{true: ";"}[i == len(markdown.Icons)-1])
	}
	return b.String()
}

// KindOf is the kind of the element whose props are of type t.
func KindOf(t reflect.Type) string {
	return strings.ToLower(t.Name()[:1]) + t.Name()[1:]
}

type generator struct {
	modules map[string]*module
	done    map[reflect.Type]bool
}

func (g *generator) module(t reflect.Type) (string, *module) {
	name := path.Base(t.PkgPath())
	m := g.modules[name]
	if m == nil {
		m = &module{imports: map[string]bool{}}
		g.modules[name] = m
	}
	return name, m
}

// need writes the declaration of a named type, once.
func (g *generator) need(t reflect.Type) error {
	if g.done[t] {
		return nil
	}
	g.done[t] = true
	_, m := g.module(t)
	// The place is taken now, so that the types a struct uses follow it.
	i := len(m.bodies)
	m.bodies = append(m.bodies, "")
	switch t.Kind() {
	case reflect.Struct:
		var b strings.Builder
		fmt.Fprintf(&b, "export interface %s {\n", t.Name())
		if err := g.fields(&b, m, t); err != nil {
			return err
		}
		b.WriteString("}\n")
		m.bodies[i] = b.String()
	case reflect.String:
		union := "string"
		if values := Enums[t]; len(values) > 0 {
			quoted := make([]string, len(values))
			for j, v := range values {
				quoted[j] = fmt.Sprintf("%q", v)
			}
			union = strings.Join(quoted, " | ")
		}
		m.bodies[i] = fmt.Sprintf("export type %s = %s;\n", t.Name(), union)
	default:
		return fmt.Errorf("%s: named types of kind %s have no TypeScript form", t, t.Kind())
	}
	return nil
}

func (g *generator) fields(b *strings.Builder, m *module, t reflect.Type) error {
	for f := range t.Fields() {
		tag := f.Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		if name == "-" || !f.IsExported() {
			continue
		}
		if f.Anonymous && name == "" {
			if err := g.fields(b, m, f.Type); err != nil {
				return err
			}
			continue
		}
		if name == "" {
			return fmt.Errorf("%s.%s has no json tag", t, f.Name)
		}
		optional := strings.Contains(options, "omit")
		text, err := g.text(m, f.Type, optional)
		if err != nil {
			return fmt.Errorf("%s.%s: %w", t, f.Name, err)
		}
		mark := ""
		if optional {
			mark = "?"
		}
		fmt.Fprintf(b, "  %s%s: %s;\n", name, mark, text)
	}
	return nil
}

var raw = reflect.TypeFor[json.RawMessage]()

// text is how a type is written where it is used. A slice or map that is not
// omitted when empty may travel as null.
func (g *generator) text(m *module, t reflect.Type, optional bool) (string, error) {
	if t == raw {
		return "unknown", nil
	}
	if t.PkgPath() != "" && (t.Kind() == reflect.Struct || t.Kind() == reflect.String) {
		if err := g.need(t); err != nil {
			return "", err
		}
		name, other := g.module(t)
		if other == m {
			return t.Name(), nil
		}
		m.imports[name] = true
		return name + "." + t.Name(), nil
	}
	null := ""
	if !optional {
		null = " | null"
	}
	switch t.Kind() {
	case reflect.Pointer:
		inner, err := g.text(m, t.Elem(), true)
		return inner + null, err
	case reflect.Slice:
		inner, err := g.text(m, t.Elem(), false)
		if strings.Contains(inner, " ") {
			inner = "(" + inner + ")"
		}
		return inner + "[]" + null, err
	case reflect.Array:
		inner, err := g.text(m, t.Elem(), false)
		return "[" + strings.TrimSuffix(strings.Repeat(inner+", ", t.Len()), ", ") + "]", err
	case reflect.Map:
		if t.Key().Kind() != reflect.String {
			return "", fmt.Errorf("map key %s is no string", t.Key())
		}
		inner, err := g.text(m, t.Elem(), true)
		return "Record<string, " + inner + ">" + null, err
	case reflect.String:
		return "string", nil
	case reflect.Bool:
		return "boolean", nil
	case reflect.Interface:
		return "unknown", nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64,
		reflect.Float32, reflect.Float64:
		return "number", nil
	}
	return "", fmt.Errorf("%s has no TypeScript form", t)
}

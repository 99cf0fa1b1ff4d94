// Package params gives a notebook other parameters than it has: papermill's
// convention of a cell tagged "parameters", whose variables are set in a new cell
// right behind it.
package params

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/types"
	"slices"
	"strconv"
	"strings"
	"time"

	"stnb.dev/notebook"
	"stnb.dev/notebook/build"
	"stnb.dev/notebook/check"
)

// Tags of the cell that has the parameters, and of the one that sets them.
const (
	Tag      = "parameters"
	Injected = "injected-parameters"
)

// Param is one parameter.
type Param struct {
	Name string
	Type types.Type
}

// Value is a parameter as it was given: "name=value".
type Value struct{ Name, Text string }

// Parse reads "name=value".
func Parse(text string) (Value, error) {
	name, value, ok := strings.Cut(text, "=")
	if name = strings.TrimSpace(name); !ok || name == "" {
		return Value{}, fmt.Errorf("a parameter is given as name=value, not %q", text)
	}
	return Value{name, value}, nil
}

// Tagged says whether a cell has the tag.
func Tagged(c notebook.Cell, tag string) bool {
	var tags []string
	return json.Unmarshal(c.Meta["tags"], &tags) == nil && slices.Contains(tags, tag)
}

// List returns the parameters, in the order of their names, and the cell that has
// them. The error says that there is no such cell.
func List(nb *notebook.Notebook, s *build.Snapshot) ([]Param, notebook.CellID, error) {
	at := slices.IndexFunc(nb.Cells, func(c notebook.Cell) bool { return c.Kind == notebook.Go && Tagged(c, Tag) })
	if at < 0 {
		return nil, "", errors.New(`the notebook has no parameters: no Go cell has the tag "parameters"`)
	}
	id := nb.Cells[at].ID
	view, ok := s.View(id)
	if !ok {
		return nil, id, nil // disabled: it defines nothing
	}
	var list []Param
	names := s.Names(id)
	for name, lowered := range view.File.Naming.Defs {
		if v, ok := s.Checked().Lookup(lowered).(*types.Var); ok && slices.Contains(names, name) {
			list = append(list, Param{name, v.Type()})
		}
	}
	slices.SortFunc(list, func(a, b Param) int { return strings.Compare(a.Name, b.Name) })
	return list, id, nil
}

// Set returns the notebook with a cell that sets the values behind the one tagged
// "parameters", in place of one that did so before.
func Set(nb *notebook.Notebook, s *build.Snapshot, values []Value) (*notebook.Notebook, error) {
	list, id, err := List(nb, s)
	if err != nil {
		return nil, err
	}
	var lines []string
	for i, v := range values {
		at := slices.IndexFunc(list, func(p Param) bool { return p.Name == v.Name })
		if at < 0 {
			return nil, fmt.Errorf("there is no parameter %q; the notebook has %s", v.Name, names(list))
		}
		if slices.ContainsFunc(values[:i], func(o Value) bool { return o.Name == v.Name }) {
			return nil, fmt.Errorf("the parameter %s is given twice", v.Name)
		}
		text, err := literal(v.Text, list[at].Type)
		if err != nil {
			return nil, fmt.Errorf("the parameter %s: %w", v.Name, err)
		}
		lines = append(lines, v.Name+" = "+text)
	}
	out := *nb
	out.Cells = slices.DeleteFunc(slices.Clone(nb.Cells), func(c notebook.Cell) bool { return Tagged(c, Injected) })
	injected := notebook.Cell{
		ID: freshID(&out), Kind: notebook.Go, Source: strings.Join(lines, "\n"),
		Meta: map[string]json.RawMessage{"tags": json.RawMessage(`["` + Injected + `"]`)},
	}
	out.Cells = slices.Insert(out.Cells, out.Index(id)+1, injected)
	return &out, nil
}

// freshID names the new cell alike each time, so that copies compare well.
func freshID(nb *notebook.Notebook) notebook.CellID {
	id := notebook.CellID(Injected)
	for n := 2; nb.Index(id) >= 0; n++ {
		id = notebook.CellID(fmt.Sprintf("%s-%d", Injected, n))
	}
	return id
}

func names(list []Param) string {
	if len(list) == 0 {
		return "none"
	}
	texts := make([]string, len(list))
	for i, p := range list {
		texts[i] = p.Name + " " + typeText(p.Type)
	}
	return strings.Join(texts, ", ")
}

func typeText(t types.Type) string {
	return check.Typed(types.TypeString(t, func(p *types.Package) string {
		if p.Path() == check.PackagePath {
			return ""
		}
		return p.Name()
	}))
}

// literal is a value as Go text that can be assigned to a variable of the type.
func literal(text string, t types.Type) (string, error) {
	if isDuration(t) {
		d, err := time.ParseDuration(strings.TrimSpace(text))
		if err != nil {
			return "", fmt.Errorf("%q is no duration, such as 90s or 1h30m", text)
		}
		return strconv.FormatInt(int64(d), 10), nil
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return basic(text, u, typeText(t))
	case *types.Slice:
		return slice(text, t, u.Elem())
	}
	return "", fmt.Errorf("a %s cannot be given as text; strings, numbers, booleans, durations and slices of them can", typeText(t))
}

func isDuration(t types.Type) bool {
	n, ok := t.(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "time" && n.Obj().Name() == "Duration"
}

// bits are the sizes of the numbers.
var bits = map[types.BasicKind]int{
	types.Int8: 8, types.Int16: 16, types.Int32: 32, types.Int64: 64, types.Int: 64,
	types.Uint8: 8, types.Uint16: 16, types.Uint32: 32, types.Uint64: 64, types.Uint: 64, types.Uintptr: 64,
	types.Float32: 32, types.Float64: 64,
}

func basic(text string, t *types.Basic, name string) (string, error) {
	bare := strings.TrimSpace(text)
	var err error
	switch info := t.Info(); {
	case info&types.IsString != 0:
		return strconv.Quote(text), nil
	case info&types.IsBoolean != 0:
		b, err := strconv.ParseBool(bare)
		if err != nil {
			return "", fmt.Errorf("%q is neither true nor false", text)
		}
		return strconv.FormatBool(b), nil
	case info&types.IsUnsigned != 0:
		_, err = strconv.ParseUint(bare, 0, bits[t.Kind()])
	case info&types.IsInteger != 0:
		_, err = strconv.ParseInt(bare, 0, bits[t.Kind()])
	case info&types.IsFloat != 0:
		var f float64
		if f, err = strconv.ParseFloat(bare, bits[t.Kind()]); err == nil && (f != f || f-f != 0) {
			err = errors.New("is no finite number")
		}
	default:
		return "", fmt.Errorf("a %s cannot be given as text", name)
	}
	if errors.Is(err, strconv.ErrRange) {
		return "", fmt.Errorf("%s is out of range for %s", bare, name)
	}
	if err != nil {
		return "", fmt.Errorf("%q is no %s", text, name)
	}
	return bare, nil
}

// slice reads a JSON array.
func slice(text string, t, elem types.Type) (string, error) {
	var items []json.RawMessage
	if err := json.Unmarshal([]byte(text), &items); err != nil {
		return "", fmt.Errorf("%q is no JSON array, as a %s is given", text, typeText(t))
	}
	parts := make([]string, len(items))
	for i, raw := range items {
		item := string(raw)
		var s string
		isText := json.Unmarshal(raw, &s) == nil && string(raw) != "null"
		if isText {
			item = s
		}
		if b, ok := elem.Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 && !isText {
			return "", fmt.Errorf("item %d, %s, is no string", i+1, raw)
		}
		p, err := literal(item, elem)
		if err != nil {
			return "", fmt.Errorf("item %d: %w", i+1, err)
		}
		parts[i] = p
	}
	return typeText(t) + "{" + strings.Join(parts, ", ") + "}", nil
}

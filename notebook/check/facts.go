package check

import (
	"go/ast"
	"go/types"
	"maps"
)

// Facts are what only types can tell of a cell's names. They are learned from a
// check, and when they are new the cell is formed and checked again. Offsets are
// of the typed text.
type Facts struct {
	// Keys are keys of literals that are values, not names of fields.
	Keys map[int]bool
	// Fields are names of embedded fields whose type's name has a version: the
	// field has it too.
	Fields map[int]string
}

// Equal says whether two sets of facts are the same.
func (f *Facts) Equal(g *Facts) bool {
	return maps.Equal(f.Keys, g.Keys) && maps.Equal(f.Fields, g.Fields)
}

// Learn reads the facts of a file from a check.
func Learn(f *File, res *Result) *Facts {
	have := f.Checked.found
	have.mu.Lock()
	defer have.mu.Unlock()
	if have.facts == nil || !maps.Equal(have.versioned, res.versioned) {
		have.facts, have.versioned = learn(f, res), res.versioned
	}
	return have.facts
}

func learn(f *File, res *Result) *Facts {
	facts := &Facts{Keys: map[int]bool{}, Fields: map[int]string{}}
	for _, ref := range f.Cell.Refs {
		if ref.Key == nil {
			continue
		}
		if t := literalType(f, ref.Key); t != nil {
			if s, ok := t.(*types.Struct); ok {
				facts.field(f, ref.Ident, embedded(s, ref.Ident.Name))
			} else {
				facts.Keys[f.typedOffset(ref.Ident)] = true
			}
		}
	}
	if len(res.versioned) > 0 {
		ast.Inspect(f.AST, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if ok && res.versioned[Typed(sel.Sel.Name)] {
				facts.field(f, sel.Sel, promoted(f.Info().Types[sel.X].Type, sel.Sel.Name))
			}
			return true
		})
	}
	return facts
}

func (f *File) typedOffset(id *ast.Ident) int { return f.Cell.Origin(f.Cell.Offset(id.Pos())) }

func (facts *Facts) field(f *File, id *ast.Ident, name string) {
	if name != "" && name != Typed(name) {
		facts.Fields[f.typedOffset(id)] = name
	}
}

// literalType is the type of a literal, nil if it is not known.
func literalType(f *File, lit *ast.CompositeLit) types.Type {
	t := f.Info().Types[lit].Type
	if t == nil {
		return nil
	}
	t = t.Underlying()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem().Underlying()
	}
	switch t := t.(type) {
	case *types.Basic: // invalid
		return nil
	case *types.Interface: // of a type parameter: all its types are structs, or there are no keys that are names
		return nil
	default:
		return t
	}
}

// embedded finds the embedded field that was typed as name, by its lowered name.
func embedded(s *types.Struct, name string) string {
	for f := range s.Fields() {
		if f.Embedded() && Typed(f.Name()) == Typed(name) {
			return f.Name()
		}
	}
	return ""
}

// promoted finds it in a type and the fields embedded in it.
func promoted(t types.Type, name string) string {
	level := []types.Type{t}
	for range 8 { // as deep as anyone embeds
		var next []types.Type
		for _, t := range level {
			if t == nil {
				continue
			}
			u := t.Underlying()
			if p, ok := u.(*types.Pointer); ok {
				u = p.Elem().Underlying()
			}
			s, ok := u.(*types.Struct)
			if !ok {
				continue
			}
			for f := range s.Fields() {
				if Typed(f.Name()) == Typed(name) {
					if f.Embedded() {
						return f.Name()
					}
					return ""
				}
				if f.Embedded() {
					next = append(next, f.Type())
				}
			}
		}
		level = next
	}
	return ""
}

// versionedTypes are the typed names of embedded types that have a version.
func versionedTypes(files []*File) map[string]bool {
	names := map[string]bool{}
	for _, f := range files {
		if f == nil {
			continue
		}
		for _, ref := range f.Cell.Refs {
			if ref.Embedded && Typed(ref.Ident.Name) != ref.Ident.Name {
				names[Typed(ref.Ident.Name)] = true
			}
		}
	}
	return names
}

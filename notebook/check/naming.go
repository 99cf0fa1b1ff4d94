package check

import (
	"go/types"
	"maps"
	"regexp"
	"slices"
)

// Naming gives the names of one cell their lowered names. In the lowered package
// all cells share one scope, so each definition of a name has a name of its own.
type Naming struct {
	// Defs are the cell's own definitions, by typed name.
	Defs map[string]string
	// Outer are the names from above, by typed name.
	Outer map[string]string
	// Own are versions of variables from above that the cell has for itself.
	Own []Own
	// Imports are the packages the cell may use, by the name it uses.
	Imports map[string]Import
	// Func is the name of the func of the cell's statements.
	Func string
}

// Own is a cell's own version of a variable from above: From as lowered there.
type Own struct {
	Name, Lowered, From string
}

// Import is a package as a cell knows it. Name is the name in the lowered file,
// which never clashes with any other: it ends in a prime, which no version does.
type Import struct {
	Path, Name string
}

// Equal says whether two namings mean the same.
func (n *Naming) Equal(m *Naming) bool {
	return n.Func == m.Func && maps.Equal(n.Defs, m.Defs) && maps.Equal(n.Outer, m.Outer) &&
		slices.Equal(n.Own, m.Own) && maps.Equal(n.Imports, m.Imports)
}

// lowered returns the lowered name for a use of a typed name from elsewhere.
func (n *Naming) outer(name string) string {
	for _, own := range n.Own {
		if own.Name == name {
			return own.Lowered
		}
	}
	if lowered, ok := n.Outer[name]; ok {
		return lowered
	}
	if imp, ok := n.Imports[name]; ok {
		return imp.Name
	}
	if types.Universe.Lookup(name) != nil {
		return name
	}
	// Not known here. Another cell may define the plain name, so it must not
	// stay plain.
	return name + "ʹ0"
}

var prime = regexp.MustCompile(`ʹ\d*`)

// Typed is the name as the user typed it, of a lowered name or of any text that
// has lowered names in it.
func Typed(text string) string { return prime.ReplaceAllLiteralString(text, "") }

package check

import (
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"regexp"
	"slices"
	"strings"

	"stnb.dev/notebook"
	"stnb.dev/notebook/syntax"
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
	// Hidden: the file is one of a local package, not a cell.
	Hidden bool
}

// Own is a cell's own version of a variable from above: From as lowered there.
type Own struct {
	Name, Lowered, From string
}

// Import is a package as a cell knows it. Name is the name in the lowered file,
// which never clashes with any other: it ends in a prime, which no version does.
// Dot says that the name the cell uses is one of the package's own.
//
// Local is set for a package beside the notebook, which is part of the lowered
// package: its names with their lowered ones. It is not imported.
type Import struct {
	Path, Name string
	Dot        bool
	Local      map[string]string
}

func (imp Import) equal(other Import) bool {
	return imp.Path == other.Path && imp.Name == other.Name && imp.Dot == other.Dot && maps.Equal(imp.Local, other.Local)
}

// Equal says whether two namings mean the same.
func (n *Naming) Equal(m *Naming) bool {
	return n.Func == m.Func && maps.Equal(n.Defs, m.Defs) && maps.Equal(n.Outer, m.Outer) &&
		slices.Equal(n.Own, m.Own) && maps.EqualFunc(n.Imports, m.Imports, Import.equal)
}

// lookup returns the lowered name of a variable, func or type from above, or "".
func (n *Naming) lookup(name string) string {
	for _, own := range n.Own {
		if own.Name == name {
			return own.Lowered
		}
	}
	return n.Outer[name]
}

// fromAbove says whether a lowered name is from a cell above.
func (n *Naming) fromAbove(lowered string) bool {
	return n.Outer[Typed(lowered)] == lowered
}

// outer returns the lowered name for a use of a typed name from elsewhere.
func (n *Naming) outer(name string) string {
	if lowered := n.lookup(name); lowered != "" {
		return lowered
	}
	if imp, ok := n.Imports[name]; ok {
		if imp.Dot {
			return imp.Name + "." + name
		}
		return imp.Name
	}
	if types.Universe.Lookup(name) != nil {
		return name
	}
	// Not known here. Another cell may define the plain name, so it must not
	// stay plain.
	return name + "ʹ0"
}

// renames are the changes to a cell's text that give its names their lowered ones.
func (n *Naming) renames(c *syntax.Cell, facts *Facts) []syntax.Rename {
	var list []syntax.Rename
	add := func(id *ast.Ident, lowered string) {
		if lowered != id.Name {
			list = append(list, syntax.Rename{Offset: c.Offset(id.NamePos), Old: id.Name, New: lowered})
		}
	}
	selectors := n.localSelectors(c)
	for _, ref := range c.Refs {
		name := ref.Ident.Name
		imp := n.Imports[name]
		switch {
		case ref.Def == nil && imp.Local != nil && n.lookup(name) == "":
			if sel := selectors[ref.Ident]; sel != nil {
				from, to := c.Offset(sel.Pos()), c.Offset(sel.End())
				list = append(list, syntax.Rename{Offset: from, Old: c.Text[from:to], New: imp.local(sel.Sel.Name)})
			} else {
				add(ref.Ident, name+"ʹ0")
			}
		case ref.Table && n.lookup(name) == "":
			// A table of the database: no name of Go.
		case ref.Key != nil && !facts.Keys[c.Offset(ref.Ident.Pos())]:
			// A field's name, as far as is known.
		case ref.Def != nil:
			add(ref.Ident, n.Defs[name])
		default:
			add(ref.Ident, n.outer(name))
		}
	}
	if c.Kind == notebook.SQL {
		return list // its own name is not in its text
	}
	for _, def := range c.Defs {
		add(def.Ident, n.Defs[def.Name])
	}
	for at, field := range facts.Fields {
		list = append(list, syntax.Rename{Offset: at, Old: Typed(field), New: field})
	}
	inits := 0
	for _, d := range c.Decls {
		// init runs with the cell's statements, each time: it is a plain func.
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" && !n.Hidden {
			inits++
			add(fn.Name, fmt.Sprintf("init%sʹ%d", strings.TrimPrefix(n.Func, "cell"), inits))
		}
	}
	return list
}

// local is the lowered name of a package's exported name, or one that is unknown.
func (imp Import) local(name string) string {
	if lowered, ok := imp.Local[name]; ok && ast.IsExported(name) {
		return lowered
	}
	return name + "ʹ0"
}

// localSelectors are the selectors of names of local packages, by the package.
func (n *Naming) localSelectors(c *syntax.Cell) map[*ast.Ident]*ast.SelectorExpr {
	some := false
	for _, imp := range n.Imports {
		some = some || imp.Local != nil
	}
	if !some {
		return nil
	}
	found := map[*ast.Ident]*ast.SelectorExpr{}
	visit := func(node ast.Node) bool {
		if sel, ok := node.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok {
				found[id] = sel
			}
		}
		return true
	}
	for _, d := range c.Decls {
		ast.Inspect(d, visit)
	}
	for _, s := range c.Stmts {
		ast.Inspect(s, visit)
	}
	return found
}

var prime = regexp.MustCompile(`ʹ\d*`)

// Typed is the name as the user typed it, of a lowered name or of any text that
// has lowered names in it.
func Typed(text string) string { return prime.ReplaceAllLiteralString(text, "") }

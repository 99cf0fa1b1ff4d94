package build

import (
	"go/token"
	"math"
	"path"
	"regexp"
	"strconv"
	"strings"

	"stnb.dev/notebook"
	"stnb.dev/notebook/check"
	"stnb.dev/notebook/graph"
	"stnb.dev/notebook/lower"
	"stnb.dev/notebook/source"
	"stnb.dev/notebook/syntax"
)

// sharedFiles holds the positions of imported packages: far behind those of cells.
var sharedFiles = func() *token.FileSet {
	fset := token.NewFileSet()
	fset.AddFile("", -1, math.MaxInt/2)
	return fset
}()

// cell is what a snapshot knows of one cell. It belongs to one snapshot; what it
// points to is shared with others while it stays the same.
type cell struct {
	id     notebook.CellID
	number int // of the document's cells, from 1
	source notebook.Cell
	syntax *syntax.Cell
	digest fingerprint // of the text
	node   graph.Node
	// imports are the packages the cell itself imports, by name.
	imports map[string]string
	// dots are those of them that dot imports give, with their package's name.
	dots map[string]string
	// facts are what is known from types; formed those that file was formed by.
	facts, formed *check.Facts

	print       fingerprint
	naming      *check.Naming
	file        *check.File
	diagnostics []source.Diagnostic
	unit        *lower.Unit
}

// same says whether two versions of a cell mean the same to the front end.
func same(a, b notebook.Cell) bool {
	return a.Kind == b.Kind && a.Source == b.Source && a.Name == b.Name && a.Connection == b.Connection
}

// parse makes the cells of the notebook, taking those that did not change from
// the snapshot before.
func (s *Snapshot) parse(nb *notebook.Notebook, before *Snapshot) {
	for i, c := range nb.Cells {
		if c.Disabled || c.Kind == notebook.Raw {
			continue
		}
		if _, twice := s.index[c.ID]; twice {
			continue
		}
		next := &cell{id: c.ID, number: i + 1, source: c}
		if old := before.old(c.ID); old != nil && before.importer == s.importer && same(old.source, c) {
			next.syntax, next.node, next.facts = old.syntax, old.node, old.facts
			next.imports, next.dots, next.digest = old.imports, old.dots, old.digest
		} else {
			next.syntax = syntax.Parse(c)
			next.facts = &check.Facts{}
			next.digest = digest(c, next.syntax)
			next.imports, next.dots = s.importNames(next.syntax)
			next.node = node(c.ID, next.syntax, next.imports, next.facts)
		}
		s.index[c.ID] = len(s.cells)
		s.cells = append(s.cells, next)
	}
}

// importNames are the packages a cell imports, by the name they have in it; dots
// are the names that come from dot imports.
func (s *Snapshot) importNames(c *syntax.Cell) (names, dots map[string]string) {
	names, dots = map[string]string{}, map[string]string{}
	for _, spec := range c.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		p = check.ImportPath(p)
		name := ""
		if dir, ok := s.localDir(p); ok {
			// Named when it has been read, which may be later: by its folder's name
			// until then, which is also Go's custom.
			if spec.Name == nil {
				names[guessName(dir)] = p
			} else if spec.Name.Name != "_" && spec.Name.Name != "." {
				names[spec.Name.Name] = p
			}
			continue
		}
		pkg, err := s.importer.Import(p)
		switch {
		case spec.Name != nil:
			name = spec.Name.Name
		case err == nil:
			name = pkg.Name()
		default:
			name = guessName(p)
		}
		switch {
		case name == "." && err == nil:
			for _, member := range pkg.Scope().Names() {
				if token.IsExported(member) {
					names[member], dots[member] = p, pkg.Name()
				}
			}
		case name != "_" && name != ".":
			names[name] = p
		}
	}
	return names, dots
}

var major = regexp.MustCompile(`^v[0-9]+$`)

// guessName guesses the name of a package that cannot be found.
func guessName(p string) string {
	name := path.Base(p)
	if major.MatchString(name) {
		name = path.Base(path.Dir(p))
	}
	name = strings.TrimPrefix(name, "go-")
	name, _, _ = strings.Cut(name, ".")
	return strings.ReplaceAll(name, "-", "")
}

// node says what a cell does with names.
func node(id notebook.CellID, c *syntax.Cell, imports map[string]string, facts *check.Facts) graph.Node {
	n := graph.Node{ID: id}
	for _, d := range c.Defs {
		if d.Private() {
			continue
		}
		n.Defines = append(n.Defines, d.Name)
		if d.Kind == syntax.Var {
			n.Vars = append(n.Vars, d.Name)
		}
	}
	for name := range imports {
		n.Imports = append(n.Imports, name)
	}
	for _, ref := range c.Refs {
		name := ref.Ident.Name
		if _, own := imports[name]; ref.Def != nil || own {
			continue
		}
		if ref.Key != nil && !facts.Keys[c.Offset(ref.Ident.Pos())] {
			continue
		}
		n.Uses = append(n.Uses, name)
		if ref.Assign {
			n.Assigns = append(n.Assigns, name)
		}
		if ref.Mutate {
			n.Mutates = append(n.Mutates, name)
		}
	}
	return n
}

// link computes who sees whose names.
func (s *Snapshot) link() {
	nodes := make([]graph.Node, len(s.cells))
	for i, c := range s.cells {
		nodes[i] = c.node
	}
	s.graph = graph.New(nodes)
}

// funcName is a lowered func's name as the user wrote it: "" for a cell's
// statements, "func" for a literal among them.
func funcName(lowered string) string {
	if rest, ok := strings.CutPrefix(lowered, cellFunc); ok {
		if strings.ContainsAny(rest, ".$") {
			return "func"
		}
		return ""
	}
	return check.Typed(lowered)
}

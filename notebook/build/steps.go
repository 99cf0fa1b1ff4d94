package build

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"

	"stnb.dev/kernel/modules"
	"stnb.dev/kernel/symbols/exports"
	"stnb.dev/notebook"
	"stnb.dev/notebook/check"
	"stnb.dev/notebook/graph"
	"stnb.dev/notebook/lower"
	"stnb.dev/notebook/source"
	"stnb.dev/notebook/syntax"
)

// name gives the names of every cell their lowered names, and forms the cells for
// checking. A cell whose names mean what they meant before keeps its form.
func (s *Snapshot) name(before *Snapshot) {
	for i, c := range s.cells {
		n := s.outer(i, c)
		c.print = s.print(c, n)
		if old := before.old(c.id); old != nil && s.probe == c.id {
			c.print = old.print // gives no new names
		}
		n.Func = s.names.cellFunc(c.id, c.print)
		n.Defs = map[string]string{}
		for _, d := range c.syntax.Defs {
			n.Defs[d.Name] = s.names.lowered(definition{c.id, d.Name, c.print})
		}
		for _, name := range s.graph.Own(i) {
			n.Own = append(n.Own, check.Own{
				Name: name, From: n.Outer[name],
				// Marked, since the cell may also define the name anew.
				Lowered: s.names.lowered(definition{c.id, name, ownPrint(c.print)}),
			})
		}
		c.naming = n
		old := before.old(c.id)
		if old != nil && old.syntax == c.syntax && old.naming.Equal(n) && old.formed.Equal(c.facts) && s.probe != c.id {
			c.file, c.naming, c.formed = old.file, old.naming, old.formed
			continue
		}
		c.formed = c.facts
		if len(c.syntax.Errors) > 0 && s.probe != c.id {
			c.file = check.Broken(c.id, c.syntax, n)
			continue
		}
		c.file = check.Form(c.source, c.syntax, n, c.facts)
	}
}

// ownPrint tells a cell's own version of a name from its definition of it.
func ownPrint(p fingerprint) fingerprint {
	p[0] ^= 0xff
	return p
}

// outer names what a cell takes from above.
func (s *Snapshot) outer(i int, c *cell) *check.Naming {
	n := &check.Naming{Outer: map[string]string{}, Imports: map[string]check.Import{}}
	for name, path := range c.imports {
		n.Imports[name] = s.imported(c, name, path)
	}
	for name, src := range s.graph.From(i) {
		from := s.cells[src.Cell]
		if src.Import {
			n.Imports[name] = s.imported(from, name, from.imports[name])
			continue
		}
		n.Outer[name] = from.supplied(name)
	}
	return n
}

// imported is a package a cell imports, or a name that a dot import gave it.
func (s *Snapshot) imported(c *cell, name, path string) check.Import {
	if dir, ok := s.localDir(path); ok {
		imp := check.Import{Path: path, Name: name + "ʹ"}
		if p := s.packages[dir]; p != nil {
			imp.Local = p.exports
			imp.Path = fmt.Sprintf("%s#%x", path, p.print()) // tells its versions apart
		}
		if imp.Local == nil {
			imp.Local = map[string]string{}
		}
		return imp
	}
	if pkg, ok := c.dots[name]; ok {
		return check.Import{Path: path, Name: pkg + "ʹ", Dot: true}
	}
	return check.Import{Path: path, Name: name + "ʹ"}
}

// supplied is the lowered name cells below see for a name this cell supplies.
func (c *cell) supplied(name string) string {
	if lowered, ok := c.naming.Defs[name]; ok {
		return lowered
	}
	for _, own := range c.naming.Own {
		if own.Name == name {
			return own.Lowered
		}
	}
	return name
}

// print computes the fingerprint of a cell: its text, and what its names from
// above mean.
func (s *Snapshot) print(c *cell, n *check.Naming) fingerprint {
	h := sha256.New()
	h.Write(c.digest[:])
	for _, name := range slices.Sorted(maps.Keys(n.Outer)) {
		fmt.Fprintf(h, "\x01%s\x00%s", name, n.Outer[name])
	}
	for _, name := range slices.Sorted(maps.Keys(n.Imports)) {
		fmt.Fprintf(h, "\x02%s\x00%s", name, n.Imports[name].Path)
		if v := s.importer.Version(n.Imports[name].Path); v != "" {
			fmt.Fprintf(h, "\x00%s", v)
		}
	}
	return fingerprint(h.Sum(nil)[:16])
}

// digest stands for a cell's text: its tokens and directives. Comments and layout
// do not count.
func digest(nc notebook.Cell, c *syntax.Cell) fingerprint {
	h := sha256.New()
	if nc.Kind != notebook.Go {
		fmt.Fprintf(h, "%s\x00%s\x00%s\x00%s", nc.Kind, nc.Name, nc.Connection, nc.Source)
	}
	for _, d := range c.Directives {
		if strings.HasPrefix(d.Lit, "//st:") {
			fmt.Fprintf(h, "%s\x00", d.Lit)
		}
	}
	for _, t := range c.Tokens {
		h.Write([]byte(t.Lit))
		h.Write([]byte{0, byte(t.Tok)})
	}
	return fingerprint(h.Sum(nil)[:16])
}

// learn takes from the check what only types can tell, and says whether any of it
// is new, so that names have to be given again.
func (s *Snapshot) learn() bool {
	changed := false
	for i, c := range slices.Concat(s.cells, s.hiddenCells()) {
		if facts := check.Learn(c.file, s.check); !facts.Equal(c.facts) {
			c.facts = facts
			if i < len(s.cells) {
				c.node = node(c.id, c.syntax, c.imports, facts)
			}
			changed = true
		}
	}
	return changed
}

// effects completes the graph with what cells change by the funcs they call.
func (s *Snapshot) effects() {
	at := s.places()
	for i, list := range check.Effects(s.check.Files) {
		if i == len(s.cells) {
			break // local packages keep what they keep
		}
		c := s.cells[i]
		c.node.Effects, c.node.Keys = nil, check.Keys(c.file)
		for _, e := range list {
			j, ok := at(e.Var.Pos())
			if !ok || j >= i {
				continue
			}
			name := check.Typed(e.Var.Name())
			c.node.Effects = append(c.node.Effects, graph.Effect{Cell: s.cells[j].id, Name: name})
			if e.By != nil && s.latest(i, name) != j {
				s.warnNewer(c, e)
			}
		}
	}
	s.link()
}

// places finds the cell that a position is in.
func (s *Snapshot) places() func(token.Pos) (int, bool) {
	order := make([]int, len(s.cells))
	for i := range order {
		order[i] = i
	}
	base := func(i int) int { return s.cells[i].file.Cell.File.Base() }
	slices.SortFunc(order, func(a, b int) int { return base(a) - base(b) })
	return func(pos token.Pos) (int, bool) {
		k, found := slices.BinarySearchFunc(order, int(pos), func(i, pos int) int { return base(i) - pos })
		if !found {
			k--
		}
		if k < 0 || !s.cells[order[k]].file.Cell.Contains(pos) {
			return 0, false
		}
		return order[k], true
	}
}

// latest is the last cell up to cell i that supplies a name.
func (s *Snapshot) latest(i int, name string) int {
	for ; i >= 0; i-- {
		if slices.Contains(s.cells[i].node.Defines, name) || slices.Contains(s.graph.Own(i), name) {
			break
		}
	}
	return i
}

// warnNewer says that a func changes a variable of which there is a newer version.
func (s *Snapshot) warnNewer(c *cell, e check.Effect) {
	name, by := check.Typed(e.Var.Name()), check.Typed(e.By.Name)
	c.diagnostics = append(c.diagnostics, source.Diagnostic{
		Range: c.file.Range(e.By.Pos(), e.By.End()), Severity: source.Warning, Code: "newer-version",
		Message: fmt.Sprintf("%s changes the %s it was made with; what %s means here is a newer one, which stays as it is", by, name, name),
	})
}

// files are what is checked: the cells, then the files of local packages.
func (s *Snapshot) files() []*check.File {
	var files []*check.File
	for _, c := range slices.Concat(s.cells, s.hiddenCells()) {
		files = append(files, c.file)
	}
	return files
}

// checkAll type-checks all cells together.
func (s *Snapshot) checkAll() {
	s.check = check.Check(s.files(), s.importer)
	for i, c := range slices.Concat(s.cells, s.hiddenCells()) {
		c.file = s.check.Files[i]
	}
	s.unexported(s.check.Diagnostics)
	s.blame(s.check.Diagnostics[len(s.cells):])
	for i, c := range s.cells {
		c.diagnostics = slices.Concat(s.check.Diagnostics[i], s.importProblems(c), directiveProblems(c))
		if slices.ContainsFunc(c.diagnostics, func(d source.Diagnostic) bool { return d.Message == noCgo }) {
			c.diagnostics = slices.DeleteFunc(c.diagnostics, func(d source.Diagnostic) bool {
				return d.Message == `cannot rename import "C"` || d.Message == "undefined: C"
			})
		}
		s.explain(i, c)
		slices.SortStableFunc(c.diagnostics, func(a, b source.Diagnostic) int {
			x, y := a.Range.Start, b.Range.Start
			return cmp.Or(cmp.Compare(x.Line, y.Line), cmp.Compare(x.Column, y.Column))
		})
	}
}

const noCgo = `not supported: import "C" needs a C compiler: cells cannot use cgo`

// importProblems says which imports of a cell cannot be had, and why.
func (s *Snapshot) importProblems(c *cell) []source.Diagnostic {
	var list []source.Diagnostic
	for _, spec := range c.syntax.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		message := ""
		if p == "C" {
			message = noCgo
		} else if dir, ok := s.localDir(p); ok {
			if pkg := s.packages[dir]; pkg != nil && pkg.err != nil {
				message = fmt.Sprintf("package %s: %v", p, pkg.err)
			}
		} else if _, err := s.importer.Import(p); err != nil {
			message = importMessage(p, err)
		}
		if message != "" {
			list = append(list, source.Diagnostic{
				Range: source.Range{
					Start: check.Place(c.id, c.syntax, c.syntax.Offset(spec.Path.Pos())),
					End:   check.Place(c.id, c.syntax, c.syntax.Offset(spec.Path.End())),
				},
				Severity: source.Error, Code: "import", Message: message,
			})
		}
	}
	return list
}

// directiveProblems refuses the directives a cell cannot obey.
func directiveProblems(c *cell) []source.Diagnostic {
	var list []source.Diagnostic
	add := func(start, end int, message string) {
		list = append(list, source.Diagnostic{Severity: source.Error, Code: "directive", Message: message,
			Range: source.Range{Start: check.Place(c.id, c.syntax, start), End: check.Place(c.id, c.syntax, end)}})
	}
	_, errs := c.syntax.Caches()
	_, more := c.syntax.Time()
	for _, e := range slices.Concat(errs, more) {
		add(e.Start, e.End, e.Message)
	}
	for _, d := range c.syntax.Directives {
		if name, _, _ := strings.Cut(d.Lit, " "); name == "//go:embed" {
			add(d.Offset, d.End(), "go:embed has no meaning in a cell: read the file with os.ReadFile")
		}
	}
	return list
}

// explain adds to an undefined name where it is defined, when that is below.
func (s *Snapshot) explain(i int, c *cell) {
	for k, d := range c.diagnostics {
		name, ok := strings.CutPrefix(d.Message, "undefined: ")
		if !ok {
			continue
		}
		for _, below := range s.cells[i:] {
			for _, def := range below.syntax.Defs {
				if def.Name != name || def.Private() && below != c {
					continue
				}
				at := check.Place(below.id, below.syntax, below.syntax.Offset(def.Ident.NamePos))
				c.diagnostics[k].Notes = append(slices.Clone(d.Notes), source.Note{
					Range:   source.Range{Start: at, End: at},
					Message: name + " is defined below: cells see what is above them",
				})
			}
		}
	}
}

// importMessage explains why a package is not there and what can be done.
func importMessage(p string, err error) string {
	switch {
	case exports.Default().Err() != nil:
		return err.Error()
	case strings.HasPrefix(p, "."):
		return fmt.Sprintf("package %s: there is no such folder of Go files beside the notebook", p)
	case modules.Outside(p):
		return err.Error()
	case strings.Contains("/"+p+"/", "/internal/"):
		return fmt.Sprintf("use of internal package %s not allowed", p)
	}
	return fmt.Sprintf("package %s is not in the standard library", p)
}

// lowerAll lowers the cells that can run.
func (s *Snapshot) lowerAll(before *Snapshot) {
	s.lowerLocals(before)
	blocked := make([]bool, len(s.cells))
	for i, c := range s.cells {
		blocked[i] = hasErrors(c.diagnostics)
		for _, src := range s.graph.From(i) {
			if !src.Import && blocked[src.Cell] {
				blocked[i] = true
			}
		}
		if blocked[i] {
			continue
		}
		if old := before.old(c.id); old != nil && old.file == c.file && old.unit != nil {
			c.unit = old.unit
		} else if unit, problems := lower.Cell(c.source, c.file, s.check); problems != nil {
			c.diagnostics = append(c.diagnostics, problems...)
			blocked[i] = true
			continue
		} else {
			c.unit = &unit
		}
		if c.unit.Source == "" {
			continue
		}
		s.byID[c.unit.ID] = i
		s.addUnit(c, fmt.Sprintf("cell %d", c.number))
	}
}

// addUnit makes a cell's unit one of the program, as text that stands in file.
func (s *Snapshot) addUnit(c *cell, file string) {
	u := *c.unit
	u.File = file
	s.units = append(s.units, u)
}

func hasErrors(list []source.Diagnostic) bool {
	return slices.ContainsFunc(list, func(d source.Diagnostic) bool { return d.Severity == source.Error })
}

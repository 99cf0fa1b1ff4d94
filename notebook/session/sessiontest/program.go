// Package sessiontest holds what tests of sessions and apps need instead of a
// compiler and a kernel: a notebook language of five statements, and a kernel
// that runs it and can be read in a minute.
//
//	x = 1 + y + widget:w   a name for the cells below; widget:w and click:b put
//	                       a widget on the screen and are its value
//	x += 2                 changes x, from above, in place
//	state:k = state:k + 1  session state
//	show x + 1             puts the sum on the screen
//	fail, stop, rerun, die, wait, print TEXT
package sessiontest

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
	"stnb.dev/notebook/source"
)

// Program is the static knowledge of a notebook in the test language.
type Program struct {
	units []wire.Unit
	diags map[notebook.CellID][]source.Diagnostic
	needs map[notebook.CellID][]notebook.CellID
	why   map[[2]notebook.CellID][]string
	mut   map[notebook.CellID][]notebook.CellID

	defined map[string]notebook.CellID
}

// NewProgram reads the notebook's Go cells as the test language.
func NewProgram(nb *notebook.Notebook) *Program {
	p := &Program{
		diags: map[notebook.CellID][]source.Diagnostic{}, needs: map[notebook.CellID][]notebook.CellID{},
		why: map[[2]notebook.CellID][]string{}, mut: map[notebook.CellID][]notebook.CellID{},
	}
	definer := map[string]notebook.CellID{} // of a name, seen from here
	p.defined = definer
	mutators := map[string][]notebook.CellID{} // of its latest definition
	for _, cell := range nb.Cells {
		if cell.Kind != notebook.Go || cell.Disabled {
			continue
		}
		var lowered []string
		own := map[string]bool{}
		mutated := map[string]bool{}
		need := func(name string, dep notebook.CellID) {
			key := [2]notebook.CellID{cell.ID, dep}
			if !slices.Contains(p.needs[cell.ID], dep) {
				p.needs[cell.ID] = append(p.needs[cell.ID], dep)
			}
			if !slices.Contains(p.why[key], name) {
				p.why[key] = append(p.why[key], name)
			}
		}
		use := func(line int, name string) string {
			if own[name] {
				return name + "@" + string(cell.ID)
			}
			def, ok := definer[name]
			if !ok {
				p.diags[cell.ID] = append(p.diags[cell.ID], source.Diagnostic{
					Range:    source.Range{Start: source.Position{Cell: cell.ID, Line: line, Column: 1}},
					Severity: source.Error, Code: "undefined", Message: "undefined: " + name,
				})
				return name
			}
			need(name, def)
			for _, m := range mutators[name] {
				if m != cell.ID {
					need(name, m)
				}
			}
			return name + "@" + string(def)
		}
		expr := func(line int, e string) string {
			var terms []string
			for _, t := range strings.Split(e, "+") {
				t = strings.TrimSpace(t)
				if t != "" && !strings.Contains(t, ":") && (t[0] < '0' || t[0] > '9') && t[0] != '-' {
					t = use(line, t)
				}
				terms = append(terms, t)
			}
			return strings.Join(terms, " + ")
		}
		for i, line := range strings.Split(cell.Source, "\n") {
			line = strings.TrimSpace(line)
			switch {
			case strings.HasPrefix(line, "show "):
				line = "show " + expr(i+1, line[5:])
			case strings.Contains(line, " += "):
				name, e, _ := strings.Cut(line, " += ")
				e = expr(i+1, e)
				line = use(i+1, name) + " += " + e
				if !own[name] {
					mutated[name] = true
					if def, ok := definer[name]; ok && !slices.Contains(p.mut[cell.ID], def) {
						p.mut[cell.ID] = append(p.mut[cell.ID], def)
					}
				}
			case strings.Contains(line, " = "):
				name, e, _ := strings.Cut(line, " = ")
				e = expr(i+1, e)
				if !strings.Contains(name, ":") {
					own[name] = true
					name += "@" + string(cell.ID)
				}
				line = name + " = " + e
			}
			lowered = append(lowered, line)
		}
		if len(p.diags[cell.ID]) > 0 || strings.TrimSpace(cell.Source) == "" {
			continue // defines nothing
		}
		for name := range mutated {
			mutators[name] = append(slices.Clip(mutators[name]), cell.ID)
		}
		for name := range own {
			definer[name], mutators[name] = cell.ID, nil
		}
		text := strings.Join(lowered, "\n")
		h := fnv.New64a()
		fmt.Fprintf(h, "%s\n%s", cell.ID, text)
		p.units = append(p.units, wire.Unit{ID: fmt.Sprintf("%s-%x", cell.ID, h.Sum64()), Cell: string(cell.ID), Func: "cell", Source: text})
	}
	return p
}

func (p *Program) Units() []wire.Unit { return p.units }
func (p *Program) Diagnostics(c notebook.CellID) []source.Diagnostic {
	return p.diags[c]
}
func (p *Program) Needs(c notebook.CellID) []notebook.CellID   { return p.needs[c] }
func (p *Program) Mutates(c notebook.CellID) []notebook.CellID { return p.mut[c] }
func (p *Program) Why(c, dep notebook.CellID) []string         { return p.why[[2]notebook.CellID{c, dep}] }
func (p *Program) Dependents(c notebook.CellID) (out []notebook.CellID) {
	for id, needs := range p.needs {
		if slices.Contains(needs, c) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// Defined are the names that cells define, with the cell of the last definition.
func (p *Program) Defined() map[string]notebook.CellID { return p.defined }

// Func: nor are names.
func (p *Program) Func(lowered string) string { return lowered }

// Position: the test language is not rewritten, so places stay what they are.
func (p *Program) Position(unit string, line, column int) (source.Position, bool) {
	for _, u := range p.units {
		if u.ID == unit {
			return source.Position{Cell: notebook.CellID(u.Cell), Line: line, Column: column}, true
		}
	}
	return source.Position{}, false
}

// Notebook makes a notebook of Go cells named a, b, c, ...
func Notebook(sources ...string) *notebook.Notebook {
	nb := &notebook.Notebook{Title: "test"}
	for i, s := range sources {
		nb.Cells = append(nb.Cells, notebook.Cell{ID: notebook.CellID(rune('a' + i)), Kind: notebook.Go, Source: s})
	}
	return nb
}

// Package graph knows which cell sees which other's names, and nothing of syntax
// or types: cells are ids, what they do with names is lists of strings.
//
// A cell sees the names defined by the cells above it, in document order. A later
// definition of a name hides an earlier one for the cells below it. A cell that
// assigns to a variable from above gets a version of its own, which starts as a
// copy: it needs the cell above, and the cells below see its version.
package graph

import (
	"maps"
	"slices"

	"stnb.dev/notebook"
)

// Node is what one cell does with names.
type Node struct {
	ID notebook.CellID
	// Defines are the names cells below may see. Vars is the subset that are
	// variables: only these can be assigned to from below.
	Defines []string
	Vars    []string
	// Imports are package names the cell imports. They are visible below like
	// any name, but make no cell depend on this one.
	Imports []string
	// Uses are the names from elsewhere the cell uses in any way; Assigns those
	// it assigns to, Mutates those whose value it changes in place.
	Uses    []string
	Assigns []string
	Mutates []string
}

// Graph is the dependencies of one order of cells. It is immutable.
type Graph struct {
	nodes []Node
	index map[notebook.CellID]int
	// from tells, per cell and name from above, the cell that supplies it.
	from []map[string]Source
	// own are the names of which the cell has its own version.
	own [][]string

	needs      []map[int][]string // cell: names
	dependents [][]int
	mutates    [][]int
}

// Source is where a name comes from.
type Source struct {
	Cell   int  // index in document order
	Import bool // the name is a package there
	Var    bool // the name is a variable there
}

// New computes the graph of cells in document order.
func New(nodes []Node) *Graph {
	g := &Graph{
		nodes:      nodes,
		index:      make(map[notebook.CellID]int, len(nodes)),
		from:       make([]map[string]Source, len(nodes)),
		own:        make([][]string, len(nodes)),
		needs:      make([]map[int][]string, len(nodes)),
		dependents: make([][]int, len(nodes)),
		mutates:    make([][]int, len(nodes)),
	}
	env := map[string]Source{}
	for i, n := range nodes {
		g.index[n.ID] = i
		g.see(i, env)
		for _, name := range n.Imports {
			env[name] = Source{Cell: i, Import: true}
		}
		for _, name := range g.own[i] {
			env[name] = Source{Cell: i, Var: true}
		}
		for _, name := range n.Defines {
			env[name] = Source{Cell: i, Var: slices.Contains(n.Vars, name)}
		}
	}
	return g
}

// see notes what cell i takes from the names visible above it.
func (g *Graph) see(i int, env map[string]Source) {
	n := g.nodes[i]
	from := map[string]Source{}
	needs := map[int][]string{}
	for _, name := range n.Uses {
		src, ok := env[name]
		if _, seen := from[name]; !ok || seen {
			continue
		}
		from[name] = src
		if !src.Import {
			needs[src.Cell] = append(needs[src.Cell], name)
		}
	}
	for _, name := range n.Assigns {
		if src, ok := from[name]; ok && src.Var && !slices.Contains(g.own[i], name) {
			g.own[i] = append(g.own[i], name)
		}
	}
	for _, name := range n.Mutates {
		src, ok := from[name]
		if ok && src.Var && !slices.Contains(g.mutates[i], src.Cell) {
			g.mutates[i] = append(g.mutates[i], src.Cell)
		}
	}
	slices.Sort(g.mutates[i])
	for j, names := range needs {
		slices.Sort(names)
		needs[j] = names
		g.dependents[j] = append(g.dependents[j], i)
	}
	g.from[i], g.needs[i] = from, needs
}

// From tells where the names that cell i takes from above come from.
func (g *Graph) From(i int) map[string]Source { return g.from[i] }

// Own are the names of which cell i has its own version.
func (g *Graph) Own(i int) []string { return g.own[i] }

// Needs are the cells a cell uses names of, in document order.
func (g *Graph) Needs(id notebook.CellID) []notebook.CellID {
	i, ok := g.index[id]
	if !ok {
		return nil
	}
	return g.ids(slices.Sorted(maps.Keys(g.needs[i])))
}

// Dependents are the cells that use names of a cell, in document order.
func (g *Graph) Dependents(id notebook.CellID) []notebook.CellID {
	i, ok := g.index[id]
	if !ok {
		return nil
	}
	return g.ids(g.dependents[i])
}

// Why are the names for which cell needs dep.
func (g *Graph) Why(cell, dep notebook.CellID) []string {
	i, ok := g.index[cell]
	j, ok2 := g.index[dep]
	if !ok || !ok2 {
		return nil
	}
	return g.needs[i][j]
}

// Mutates are the cells whose variables a cell changes in place.
func (g *Graph) Mutates(id notebook.CellID) []notebook.CellID {
	i, ok := g.index[id]
	if !ok {
		return nil
	}
	return g.ids(g.mutates[i])
}

func (g *Graph) ids(list []int) []notebook.CellID {
	if len(list) == 0 {
		return nil
	}
	out := make([]notebook.CellID, len(list))
	for k, i := range list {
		out[k] = g.nodes[i].ID
	}
	return out
}

// Package graph knows which cell sees which other's names, and nothing of syntax
// or types: cells are ids, what they do with names is lists of strings.
//
// A cell sees the names defined by the cells above it, in document order. A later
// definition of a name hides an earlier one for the cells below it. A cell that
// assigns to a variable from above gets a version of its own, which starts as a
// copy: it needs the cell above, and the cells below see its version.
//
// A cell that changes something from above in place needs the cell that defines
// it, and the cells below that use the same name need both.
package graph

import (
	"maps"
	"slices"
	"strconv"

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
	// Effects are variables of other cells that the cell changes by what it
	// calls, whether or not it sees their names.
	Effects []Effect
	// Keys are the keys of session state the cell names: it needs the cells
	// above that name them too.
	Keys []string
}

// Effect is a variable, by the cell that defines it and its name there.
type Effect struct {
	Cell notebook.CellID
	Name string
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
	changed := map[variable][]int{}
	keys := map[string][]int{}
	for i, n := range nodes {
		g.index[n.ID] = i
		g.see(i, env, changed, keys)
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

// variable is one definition of a name.
type variable struct {
	cell int
	name string
}

// see notes what cell i takes from the names visible above it. changed are the
// cells above that changed a variable in place, keys those that named a key of
// session state.
func (g *Graph) see(i int, env map[string]Source, changed map[variable][]int, keys map[string][]int) {
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
			for _, j := range changed[variable{src.Cell, name}] {
				needs[j] = append(needs[j], name)
			}
		}
	}
	for _, name := range n.Assigns {
		if src, ok := from[name]; ok && src.Var && !slices.Contains(g.own[i], name) {
			g.own[i] = append(g.own[i], name)
		}
	}
	mutates := map[variable]bool{}
	for _, name := range n.Mutates {
		if src, ok := from[name]; ok && src.Var {
			mutates[variable{src.Cell, name}] = true
		}
	}
	for _, e := range n.Effects {
		if j, ok := g.index[e.Cell]; ok && j < i {
			mutates[variable{j, e.Name}] = true
		}
	}
	for v := range mutates {
		changed[v] = append(changed[v], i)
		if !slices.Contains(g.mutates[i], v.cell) {
			g.mutates[i] = append(g.mutates[i], v.cell)
		}
		if !slices.Contains(needs[v.cell], v.name) {
			needs[v.cell] = append(needs[v.cell], v.name)
		}
	}
	slices.Sort(g.mutates[i])
	for _, key := range n.Keys {
		for _, j := range keys[key] {
			needs[j] = append(needs[j], strconv.Quote(key))
		}
		keys[key] = append(keys[key], i)
	}
	for j, names := range needs {
		slices.Sort(names)
		needs[j] = slices.Compact(names)
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

// Why are the names for which cell needs dep; keys of session state are quoted.
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

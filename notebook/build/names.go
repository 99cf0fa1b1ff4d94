package build

import (
	"fmt"
	"go/types"
	"strconv"
	"sync"

	"stnb.dev/notebook"
)

// names gives definitions their lowered names, for the life of a kernel: a name
// once given to one definition is never given to another, so that a kernel can
// hold what was before beside what is new. A definition is the same while its
// cell's text and the definitions that text uses are the same.
//
// The first definition of a name has the plain name; the others have a version.
type names struct {
	mu       sync.Mutex
	given    map[definition]*given
	next     map[string]int // the next version of a name
	reserved map[string]bool
	now      int // counts updates
}

// definition identifies what is defined: by whom, and by what text.
type definition struct {
	cell  notebook.CellID
	name  string
	print fingerprint
}

// fingerprint stands for a cell's text and all it takes from above.
type fingerprint [16]byte

type given struct {
	lowered string
	used    int // the last update that used it
}

func newNames() *names {
	n := &names{given: map[definition]*given{}, next: map[string]int{}, reserved: map[string]bool{}}
	// The lowered package is package main, whose funcs main and init are not
	// for cells, and a predeclared name must mean the same in every cell.
	for _, name := range append(types.Universe.Names(), "main", "init", "_") {
		n.reserved[name] = true
	}
	return n
}

// lowered is the lowered name of a definition.
func (n *names) lowered(d definition) string { return n.give(d, false) }

// hidden is one that is never the plain name.
func (n *names) hidden(d definition) string { return n.give(d, true) }

func (n *names) give(d definition, hidden bool) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if g := n.given[d]; g != nil {
		g.used = n.now
		return g.lowered
	}
	if n.next[d.name] == 0 {
		n.next[d.name] = 1
		if n.reserved[d.name] {
			n.next[d.name] = 2
		}
	}
	version := n.next[d.name]
	if hidden {
		// Its versions are of another kind, so that the first of a cell's is
		// plain whatever packages define.
		const kind = "import "
		n.next[kind+d.name]++
		lowered := fmt.Sprintf("%sʹ0%d", d.name, n.next[kind+d.name])
		n.given[d] = &given{lowered, n.now}
		return lowered
	}
	n.next[d.name]++
	lowered := d.name
	if version > 1 {
		lowered = fmt.Sprintf("%sʹ%d", d.name, version)
	}
	n.given[d] = &given{lowered, n.now}
	return lowered
}

// cellFunc begins the names of the funcs of cells' statements.
const cellFunc = "cellʹ"

// cellFunc is the name of the func of a cell's statements.
func (n *names) cellFunc(cell notebook.CellID, print fingerprint) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	d := definition{cell, cellFunc, print}
	if g := n.given[d]; g != nil {
		g.used = n.now
		return g.lowered
	}
	n.next[cellFunc]++
	g := &given{cellFunc + strconv.Itoa(n.next[cellFunc]), n.now}
	n.given[d] = g
	return g.lowered
}

// How many names are remembered at least, and for how many updates: undoing an
// edit brings its names back, and with them a kernel's values.
const (
	keepNames   = 1 << 14
	keepUpdates = 1 << 10
)

// tick begins an update, and forgets names long unused.
func (n *names) tick() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.now++
	if len(n.given) < keepNames || n.now%keepUpdates != 0 {
		return
	}
	for d, g := range n.given {
		if g.used < n.now-keepUpdates {
			delete(n.given, d)
		}
	}
}

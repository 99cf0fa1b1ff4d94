package ssa

import (
	"go/token"
	"runtime"
	"strings"
	"sync"

	"stnb.dev/kernel/wire"
)

// site is a place in the source; up is that of the call, when the code of fn
// stands in its caller's.
type site struct {
	fn  *fn
	pos token.Pos
	up  uint32
}

// places tells what the sites are that tasks keep by number. Code of several
// lineages may run in one task, so the numbers are the engine's: a lineage gives
// its own back when it is collected.
type places struct {
	mu   sync.Mutex
	all  []place // the first is none
	free []uint32
}

// place is what faults need of a site.
type place struct {
	fn       string
	pos      token.Pos
	up       uint32
	user     bool // it is in a unit, and not in a wrapper
	frame    bool // it is in source code, of whatever package, and not in a wrapper
	unsigned bool // an index of unsigned type
}

func (s *places) add(p place) uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if k := len(s.free); k > 0 {
		n := s.free[k-1]
		s.free = s.free[:k-1]
		s.all[n] = p
		return n
	}
	if s.all == nil {
		s.all = make([]place, 1)
	}
	s.all = append(s.all, p)
	return uint32(len(s.all) - 1)
}

func (s *places) at(n uint32) place {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all[n]
}

func (s *places) setUnsigned(n uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all[n].unsigned = true
}

// sites are the numbers a lineage has.
type sites struct {
	mu     sync.Mutex
	units  map[string]bool // IDs: the names of files
	number map[site]uint32
	taken  *[]uint32
}

// unit makes a unit's places the user's.
func (s *sites) unit(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.units[id] = true
}

func (l *lineage) initSites() {
	l.sites.units, l.sites.number, l.sites.taken = map[string]bool{}, map[site]uint32{}, new([]uint32)
	places := &l.eng.places
	runtime.AddCleanup(l, func(taken *[]uint32) {
		places.mu.Lock()
		defer places.mu.Unlock()
		places.free = append(places.free, *taken...)
	}, l.sites.taken)
}

func (l *lineage) addSite(k site) uint32 {
	l.sites.mu.Lock()
	defer l.sites.mu.Unlock()
	if n, ok := l.sites.number[k]; ok {
		return n
	}
	p := place{fn: k.fn.name, pos: k.pos, up: k.up}
	if k.pos.IsValid() && !k.fn.hidden {
		f := l.fset.File(k.pos)
		p.user = f != nil && l.sites.units[f.Name()]
		p.frame = f != nil && len(k.fn.ssa.Blocks) > 0
	}
	n := l.eng.places.add(p)
	l.sites.number[k] = n
	*l.sites.taken = append(*l.sites.taken, n)
	return n
}

// frames are the user's frames at a site: where code was inlined, that of the
// call too.
func (e *Engine) frames(n uint32) (out []wire.Frame) {
	for n != 0 {
		p := e.places.at(n)
		if p.user {
			at := e.fset.Position(p.pos)
			out = append(out, wire.Frame{Func: strings.TrimPrefix(p.fn, "main."), Unit: at.Filename, Line: at.Line, Column: at.Column})
		}
		n = p.up
	}
	return out
}

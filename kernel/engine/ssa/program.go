package ssa

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"stnb.dev/kernel/engine"
)

// program is some units of a lineage. It does not change.
type program struct {
	*lineage
	units   []*unit          // in document order
	parts   []*part          // that they are in, the older first
	names   map[string]*unit // what they declare
	sources []*ssa.Package
}

var _ engine.Program = (*program)(nil)

// program makes one of units that the lineage has.
func (l *lineage) program(parsed []*parsedUnit) *program {
	p := &program{lineage: l, names: map[string]*unit{}, sources: slices.Clip(l.sources)}
	used := map[*part]bool{}
	for _, pu := range parsed {
		u := l.units[pu.Unit]
		p.units = append(p.units, u)
		used[u.part] = true
		for _, name := range pu.declares {
			p.names[name] = u
		}
	}
	for _, part := range l.parts {
		if used[part] {
			p.parts = append(p.parts, part)
		}
	}
	return p
}

// Types is a package of all that the program's units declare.
func (p *program) Types() *types.Package {
	pkg := types.NewPackage("main", "main")
	for name := range p.names {
		if o := p.object(name); o != nil {
			pkg.Scope().Insert(o)
		}
	}
	return pkg
}

// object finds what a package-level name means; nil when it means nothing.
func (p *program) object(name string) types.Object {
	u := p.names[name]
	if u == nil {
		return nil
	}
	return u.part.pkg.Scope().Lookup(name)
}

// unit finds a unit by its ID.
func (p *program) unit(id string) *unit {
	for _, u := range p.units {
		if u.ID == id {
			return u
		}
	}
	return nil
}

// ids are those of the units.
func (p *program) ids() map[string]bool {
	ids := map[string]bool{}
	for _, u := range p.units {
		ids[u.ID] = true
	}
	return ids
}

func (p *program) variable(name string) *ssa.Global {
	u := p.names[name]
	if u == nil {
		return nil
	}
	return u.part.ssa.Var(name)
}

// initialise runs the initialisation of what is not in old, which may be nil.
func (p *program) initialise(t *task, old *program) {
	had := map[string]bool{}
	have := map[string]bool{}
	if old != nil {
		for _, s := range old.sources {
			had[s.Pkg.Path()] = true
		}
		have = old.ids()
	}
	for _, s := range p.sources {
		if !had[s.Pkg.Path()] {
			t.callPlain(p.fn(s.Func("init")))
		}
	}
	for _, part := range p.parts {
		for _, s := range part.init {
			if !have[s.unit.ID] && slices.Contains(p.units, s.unit) {
				t.callPlain(p.fn(s.fn))
			}
		}
	}
}

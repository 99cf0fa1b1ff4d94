package yaegi

import (
	"fmt"
	"strings"
	"testing"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/engine/conformance"
	"stnb.dev/kernel/wire"
)

// FuzzCompile: what the checker accepts the engine loads or refuses, with a place.
// It never panics, and yaegi's own panics never come through.
func FuzzCompile(f *testing.F) {
	for n, c := range conformance.Everyday() {
		if n%4 == 0 {
			f.Add(c.Source)
		}
	}
	for _, c := range knownFaults {
		f.Add(faultProgram(c.decls, c.main))
	}
	front := engine.NewFront(nil)
	g := New(nil)
	onBug = func(r any, stack []byte) { panic(fmt.Sprintf("%v\n%s", r, stack)) }
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 4000 || strings.Count(src, "import") > 8 {
			return
		}
		units := []wire.Unit{{ID: "prog.go", Cell: "c", Func: "main", Source: src}}
		if c := front.Check(units); len(c.Units[0].Problems) > 0 {
			units[0].ID = "bad.go"
		}
		p, problems := g.Compile(nil, units)
		for _, pr := range problems {
			if pr.Unit != units[0].ID || pr.Line < 1 || pr.Column < 1 || pr.Message == "" {
				t.Errorf("a problem without a place: %+v", pr)
			}
		}
		if len(problems) > 0 || len(p.(*program).vars) > 0 { // initialisers would run
			return
		}
		i, err := p.NewInstance(nil)
		if err != nil {
			t.Fatalf("accepted, but %v", err)
		}
		i.Close()
	})
}

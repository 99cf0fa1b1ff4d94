package yaegi

import (
	"bytes"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"stnb.dev/kernel/wire"
)

// traces reads what yaegi writes about a panic while it unwinds: one line a frame,
// on the goroutine that panics. The place within the func was noted by its text.
type traces struct {
	inst *instance
	mu   sync.Mutex
	of   map[int64][]placed
	last map[int64]string
}

// placed is a frame and the places of its statement that may be meant.
type placed struct {
	wire.Frame
	points []point
	fn     int
}

func goid() int64 {
	var b [32]byte
	n := runtime.Stack(b[:], false)
	f := bytes.Fields(b[:n])
	id, _ := strconv.ParseInt(string(f[1]), 10, 64) // "goroutine 7 [...": always a number
	return id
}

// Write takes one line: "7:5: panic: main.name(...)".
func (t *traces) Write(b []byte) (int, error) {
	_, name, ok := strings.Cut(string(b), "panic: main.")
	if !ok {
		return len(b), nil
	}
	name, _, _ = strings.Cut(name, "(")
	id := goid()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.of == nil {
		t.of, t.last = map[int64][]placed{}, map[int64]string{}
	}
	if len(t.of[id]) > 2000 {
		return len(b), nil
	}
	if f, ok := t.inst.frame(name, t.last[id]); ok {
		t.of[id] = append(t.of[id], f)
	}
	t.last[id] = name
	return len(b), nil
}

// take returns the frames of this goroutine's panic and forgets them. kind is the
// kind of point where the innermost frame panicked.
func (t *traces) take(kind string) []wire.Frame {
	id := goid()
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []wire.Frame
	for n, f := range t.of[id] {
		if n == 0 {
			out = append(out, resolve(f, kind, ""))
		} else {
			callee := t.of[id][n-1].Func
			if !calls(f.points, callee) {
				// The func is on the stack more than once, and what was noted belongs to
				// the innermost: its only call of the callee is the place.
				f.points = append(t.inst.callsOf(f.fn, callee), f.points...)
			}
			out = append(out, resolve(f, "call", callee))
		}
	}
	delete(t.of, id)
	delete(t.last, id)
	return out
}

func calls(points []point, callee string) bool {
	for _, p := range points {
		if p.callee == callee {
			return true
		}
	}
	return false
}

// callsOf are the places where a func calls another by name.
func (i *instance) callsOf(fn int, callee string) []point {
	var at []point
	for _, s := range i.prog().sites {
		if s.fn != fn {
			continue
		}
		for _, p := range s.points {
			if p.callee == callee {
				at = append(at, p)
			}
		}
	}
	return at
}

// resolve picks the place in a statement: the first of the kind, for calls rather
// the one of the func that is the frame within.
func resolve(f placed, kind, callee string) wire.Frame {
	best := -1
	for m, p := range f.points {
		if p.kind == kind && (best < 0 || callee != "" && p.callee == callee && f.points[best].callee != callee) {
			best = m
		}
	}
	if best < 0 && len(f.points) > 0 {
		best = 0
	}
	if best >= 0 {
		p := f.points[best]
		f.Unit, f.Line, f.Column = p.unit, p.line, p.col
	}
	return f.Frame
}

// kindOfPanic says at what kind of point a panic with this value happens.
func kindOfPanic(r any) string {
	e, ok := goPanic(r).(runtime.Error)
	if !ok {
		return "call" // of panic itself
	}
	for _, k := range []struct{ text, kind string }{
		{"out of range", "index"}, {"nil pointer", "nil"}, {"divide", "div"}, {"interface conversion", "assert"},
		{"nil map", "index"}, {"shift", "shift"}, {"closed channel", "chan"}, {"comparing", "other"},
	} {
		if strings.Contains(e.Error(), k.text) {
			return k.kind
		}
	}
	return "call"
}

func (i *instance) forget() {
	i.traces.mu.Lock()
	n := len(i.traces.of)
	i.traces.mu.Unlock()
	if n > 0 {
		i.traces.take("")
	}
}

// frame finds the user's frame behind an emitted func's name.
func (i *instance) frame(name, last string) (placed, bool) {
	base := name
	for strings.HasSuffix(base, ".func") {
		base = strings.TrimSuffix(base, ".func")
	}
	if strings.HasPrefix(last, base+".func") && len(last) > len(name) {
		return placed{}, false // the literal inside it that ran its body
	}
	p := i.prog()
	for n := len(p.fns) - 1; n > 0; n-- {
		f := p.fns[n]
		if f.emitted != base && f.emitted+"R" != base {
			continue
		}
		if !f.user {
			return placed{}, false
		}
		return i.placeOf(n, f), true
	}
	return placed{}, false
}

// place is where the func of that number is.
func (i *instance) place(n int) (placed, bool) {
	p := i.prog()
	if n <= 0 || n >= len(p.fns) || !p.fns[n].user {
		return placed{}, false
	}
	return i.placeOf(n, p.fns[n]), true
}

func (i *instance) placeOf(n int, f fnInfo) placed {
	fr := placed{fn: n, Frame: wire.Frame{Func: f.display, Unit: f.unit, Line: f.line, Column: f.col}}
	i.posMu.Lock()
	at := i.posOf[n]
	i.posMu.Unlock()
	if at == nil {
		return fr
	}
	if p, site := i.prog(), peek(at); site > 0 && site < len(p.sites) {
		if s := p.sites[site]; s.fn == n {
			fr.points = s.points
		}
	}
	return fr
}

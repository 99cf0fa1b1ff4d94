package session

import (
	"slices"
	"strings"

	"stnb.dev/widgets/element"
)

// queue is what waits for a client. Events that say how something is now take the
// place of older ones about the same thing; screen deltas of one path merge.
type queue struct {
	events []Event
	bytes  int // about
}

func (q *queue) add(e Event) {
	switch {
	case e.Document != nil:
		q.events, q.bytes = nil, 0
	case e.Screen != nil && !e.Screen.Full:
		// A run's start tells the page what is old from then on, so what is drawn
		// after it stays after it.
		i := q.last(func(o Event) bool { return o.Screen != nil || o.Run != nil })
		if i >= 0 && q.events[i].Screen != nil {
			sc := *q.events[i].Screen
			sc.Deltas = mergeDeltas(sc.Deltas, e.Screen.Deltas)
			sc.Fresh = append(slices.Clip(sc.Fresh), e.Screen.Fresh...)
			if e.Screen.Order != nil {
				sc.Order = e.Screen.Order
			}
			q.events[i].Screen = &sc
			q.bytes = q.count()
			return
		}
	case e.Status != nil:
		if i := q.last(func(o Event) bool { return o.Status != nil && o.Status.Cell == e.Status.Cell }); i >= 0 {
			q.events[i] = e
			return
		}
	case e.Problems != nil:
		if i := q.last(func(o Event) bool { return o.Problems != nil && o.Problems.Cell == e.Problems.Cell }); i >= 0 {
			q.events[i] = e
			return
		}
	case e.Order != nil:
		q.drop(func(o Event) bool { return o.Order != nil })
	case e.Saved != nil:
		q.drop(func(o Event) bool { return o.Saved != nil })
	case e.Kernel != nil:
		q.drop(func(o Event) bool { return o.Kernel != nil })
	case e.Query != nil:
		q.drop(func(o Event) bool { return o.Query != nil })
	case e.Run != nil:
		// The end of one run and the start of the next are two things to know;
		// within one run the last word counts. Clicks are never forgotten.
		if i := q.last(func(o Event) bool { return o.Run != nil }); i >= 0 && q.events[i].Run.Run == e.Run.Run {
			r := *e.Run
			r.Applied = append(slices.Clip(q.events[i].Run.Applied), r.Applied...)
			e.Run = &r
			q.events = slices.Delete(q.events, i, i+1)
		}
	}
	q.events = append(q.events, e)
	q.bytes += size(e)
}

func (q *queue) last(is func(Event) bool) int {
	for i := len(q.events) - 1; i >= 0; i-- {
		if is(q.events[i]) {
			return i
		}
	}
	return -1
}

func (q *queue) drop(is func(Event) bool) { q.events = slices.DeleteFunc(q.events, is) }

func (q *queue) count() (n int) {
	for _, e := range q.events {
		n += size(e)
	}
	return n
}

// size is about what an event takes on the wire.
func size(e Event) int {
	n := 64
	switch {
	case e.Screen != nil:
		n += 32 * len(e.Screen.Fresh)
		for _, d := range e.Screen.Deltas {
			n += 64 + len(d.Path) + len(d.Data)
			if d.Element != nil {
				n += len(d.Element.Props)
			}
		}
	case e.Cell != nil:
		n += len(e.Cell.Source) + len(e.Cell.HTML)
	}
	return n
}

// mergeDeltas appends newer to older. A Set takes the place of an older Set of
// the same path when nothing between them touches the path, what is above it or
// below it. Appends are never merged away.
func mergeDeltas(older, newer []element.Delta) []element.Delta {
	out := slices.Clone(older)
	// Where each path was set last; a delta that is not a Set, or that touches
	// a container, makes what was noted below and above it void.
	at := make(map[element.Path]int, len(out))
	note := func(i int, d element.Delta) {
		if d.Op == element.Set && isLeaf(d) {
			at[d.Path] = i
			return
		}
		for p := range at {
			if p == d.Path || strings.HasPrefix(string(p), string(d.Path)+"/") {
				delete(at, p)
			}
		}
	}
	for i, d := range out {
		note(i, d)
	}
	for _, d := range newer {
		if i, ok := at[d.Path]; ok && d.Op == element.Set && isLeaf(d) {
			out[i] = d
			continue
		}
		out = append(out, d)
		note(len(out)-1, d)
	}
	return out
}

// isLeaf says whether a set element cannot have children.
func isLeaf(d element.Delta) bool {
	if d.Element == nil {
		return false
	}
	switch d.Element.Kind {
	case "markdown", "text", "code", "metric", "progress", "chart", "value", "json", "badge", "error", "alert",
		"button", "checkbox", "slider", "selectbox", "radio", "textInput", "numberInput", "dataframe", "table":
		return true
	}
	return false
}

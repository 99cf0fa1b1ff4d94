package jupyter

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"stnb.dev/notebook"
	"stnb.dev/notebook/output"
	"stnb.dev/notebook/session"
	"stnb.dev/widgets/element"
)

// screen follows what the session shows and publishes it: text as streams, other
// elements as displays, which change and go as the elements do.
type screen struct {
	s *server

	mu      sync.Mutex
	cond    *sync.Cond
	now     *execution // nil: nothing runs
	cells   map[string]*execution
	shown   output.Screen
	texts   map[element.Path]string // what was sent of each stream
	sent    map[element.Path]bool   // what stands in the client's output area
	run     uint64                  // the newest run that was seen to end
	held    *held
	failure *failure
	value   map[string]any // of the last execution's result
}

// held is a display that may turn out to be the result of its cell.
type held struct {
	path element.Path
	data map[string]any
	wait *time.Timer
}

// holdFor is how long a display waits for its cell to end.
const holdFor = 200 * time.Millisecond

func newScreen(s *server) *screen {
	sc := &screen{s: s, cells: map[string]*execution{}, texts: map[element.Path]string{}, sent: map[element.Path]bool{}}
	sc.cond = sync.NewCond(&sc.mu)
	return sc
}

// begin says whose outputs come from now on.
func (sc *screen) begin(e *execution) {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	sc.now, sc.failure, sc.value = e, nil, nil
	sc.cells[string(e.cell)] = e
}

// end says that the request is over, and returns its result's text.
func (sc *screen) end() *string {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	e := sc.now
	var text *string
	if h := sc.held; h != nil {
		sc.held = nil
		h.wait.Stop()
		sc.value = h.data
		if t, ok := h.data["text/plain"].(string); ok {
			text = &t
		}
		if !e.req.Silent {
			sc.s.io.publish("execute_result", e.parent, map[string]any{
				"execution_count": e.count, "data": h.data, "metadata": struct{}{}, "transient": displayID(h.path)})
			sc.sent[h.path] = true
		}
	}
	sc.now = nil
	return text
}

// wait waits until all that a run showed has been published.
func (sc *screen) wait(ctx context.Context, run uint64) {
	defer context.AfterFunc(ctx, func() { sc.mu.Lock(); sc.cond.Broadcast(); sc.mu.Unlock() })()
	sc.mu.Lock()
	defer sc.mu.Unlock()
	for sc.run < run && ctx.Err() == nil {
		sc.cond.Wait()
	}
}

// take follows the session's events.
func (sc *screen) take(events []session.Event) {
	for _, e := range events {
		switch {
		case e.Document != nil:
			// We were too slow for single events: this is all there is now.
			sc.deltas(e.Document.Screen.Deltas)
			if !e.Document.Run.Running {
				sc.ended(e.Document.Run.Run)
			}
		case e.Screen != nil:
			sc.deltas(e.Screen.Deltas)
		case e.Run != nil && !e.Run.Running:
			sc.ended(e.Run.Run)
		case e.Ask != nil:
			sc.mu.Lock()
			now := sc.now
			sc.mu.Unlock()
			sc.s.ask(now, e.Ask.Over)
		case e.Notice != nil:
			sc.notice(e.Notice)
		}
	}
}

func (sc *screen) ended(run uint64) {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	sc.run = max(sc.run, run)
	sc.cond.Broadcast()
}

// notice tells what the session has to say to people.
func (sc *screen) notice(n *session.Notice) {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	if e := sc.now; e != nil && !e.req.Silent && n.Level != "info" {
		sc.stream(e, "stderr", n.Text+"\n")
	}
}

func (sc *screen) deltas(list []element.Delta) {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	for _, d := range list {
		sc.shown.Apply(d)
		// What a cell of before shows anew belongs to the request that made it run.
		e := sc.now
		if e == nil {
			e = sc.cells[d.Path.Cell()]
		}
		switch d.Op {
		case element.Set, element.Update, element.Append:
			if now := sc.shown.At(d.Path); now != nil && e != nil {
				sc.show(e, d.Path, now)
			}
		case element.Remove, element.Clear:
			sc.remove(e, d.Path)
		}
	}
}

func (sc *screen) show(e *execution, path element.Path, now *element.Element) {
	switch now.Kind {
	case "stdout":
		o := output.Of(context.Background(), now, nil)
		before := sc.texts[path]
		sc.texts[path] = *o.Text
		more := *o.Text // of a text that is another altogether
		if rest, ok := strings.CutPrefix(*o.Text, before); ok {
			more = rest
		}
		if more != "" && !e.req.Silent {
			sc.release()
			sc.stream(e, o.Name, more)
		}
		return
	case "error":
		sc.fault(e, path, now)
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), readTimeout)
	defer cancel()
	data := output.Bundle(ctx, now, sc.s.nb)
	if data == nil {
		return
	}
	if h := sc.held; h != nil && h.path == path {
		h.data = data
		return
	}
	sc.release()
	switch {
	case e.result && !sc.sent[path] && path.Cell() == string(e.cell) && path.Parent() == element.Main:
		sc.hold(path, data)
	case e.req.Silent:
	case sc.sent[path]:
		sc.s.io.publish("update_display_data", e.parent, map[string]any{
			"data": data, "metadata": struct{}{}, "transient": displayID(path)})
	default:
		sc.display(e, path, data)
	}
}

// readTimeout bounds how long rows of a frame are waited for.
const readTimeout = 20 * time.Second

func (sc *screen) hold(path element.Path, data map[string]any) {
	h := &held{path: path, data: data}
	h.wait = time.AfterFunc(holdFor, func() {
		sc.mu.Lock()
		defer sc.mu.Unlock()
		if sc.held == h && sc.now != nil && !sc.now.req.Silent {
			sc.release()
		}
	})
	sc.held = h
}

// release publishes what was held: something came after it, so it is no result.
func (sc *screen) release() {
	h := sc.held
	if h == nil || sc.now == nil {
		return
	}
	sc.held = nil
	h.wait.Stop()
	if !sc.now.req.Silent {
		sc.display(sc.now, h.path, h.data)
	}
}

func (sc *screen) display(e *execution, path element.Path, data map[string]any) {
	sc.sent[path] = true
	sc.s.io.publish("display_data", e.parent, map[string]any{"data": data, "metadata": struct{}{}, "transient": displayID(path)})
}

func (sc *screen) stream(e *execution, name, text string) {
	sc.s.io.publish("stream", e.parent, map[string]any{"name": name, "text": text})
}

// displayID names an element's output, so that it can be updated.
func displayID(path element.Path) map[string]any { return map[string]any{"display_id": string(path)} }

// remove takes outputs of the running cell away. The protocol can only clear them
// all, so what stays is shown again.
func (sc *screen) remove(e *execution, path element.Path) {
	below := func(p element.Path) bool { return p == path || strings.HasPrefix(string(p), string(path)+"/") }
	if h := sc.held; h != nil && below(h.path) {
		h.wait.Stop()
		sc.held = nil
	}
	gone := false
	for p := range sc.sent {
		if below(p) && sc.shown.At(p) == nil {
			delete(sc.sent, p)
			gone = gone || e != nil && e == sc.now && p.Cell() == string(e.cell)
		}
	}
	for p := range sc.texts {
		if below(p) && sc.shown.At(p) == nil {
			delete(sc.texts, p)
		}
	}
	if !gone || e == nil || e.req.Silent {
		return
	}
	sc.s.io.publish("clear_output", e.parent, map[string]any{"wait": false})
	paths, elements := sc.shown.Cell(string(e.cell))
	for i, p := range paths {
		switch el := elements[i]; {
		case el.Kind == "stdout":
			o := output.Of(context.Background(), el, nil)
			sc.stream(e, o.Name, *o.Text)
		case sc.sent[p]:
			if data := output.Bundle(context.Background(), el, sc.s.nb); data != nil {
				sc.display(e, p, data)
			}
		}
	}
}

// fault publishes an error.
func (sc *screen) fault(e *execution, path element.Path, now *element.Element) {
	sc.release()
	var p element.Error
	if json.Unmarshal(now.Props, &p) != nil {
		return
	}
	trace := output.Trace(p, func(cell string) string {
		if other := sc.cells[cell]; other != nil {
			return fmt.Sprintf("[%d]", other.count)
		}
		return "[?]"
	})
	for i := range trace {
		if !strings.HasPrefix(trace[i], "    ") {
			trace[i] = red + trace[i] + plain
		}
	}
	kind := p.Kind
	if kind == "" {
		kind = "error"
	}
	f := &failure{"error", kind, p.Message, trace}
	if e == sc.now {
		sc.failure = f
	}
	if !e.req.Silent {
		sc.s.io.publish("error", e.parent, map[string]any{"ename": f.Name, "evalue": f.Value, "traceback": f.Traceback})
	}
}

// forget drops what is known of a cell that left the notebook.
func (sc *screen) forget(id notebook.CellID) {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	delete(sc.cells, string(id))
}

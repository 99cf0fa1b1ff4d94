package worker

import (
	"context"
	"encoding/json"
	"time"

	"stnb.dev/dataframe/page"
	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/wire"
	"stnb.dev/widgets/element"
)

// Config brings a worker its engines and its widgets.
type Config struct {
	// Engines by preference. With Hello.Engine "auto" the first runs, unless it
	// refuses a unit that a later one accepts.
	Engines []engine.Engine
	// NewSession makes the widgets' half of a session.
	NewSession func(host Host, cfg SessionConfig) Session
	// Display makes the element that shows a value.
	Display func(inst engine.Instance, v any) element.Element
	// Describe describes a variable: all but its name and cell. Values of maps are
	// not read when moving says that goroutines may still write to them.
	Describe func(inst engine.Instance, v engine.Value, moving bool) wire.Var
	// Redact, when not nil, takes secrets out of text for logs and errors.
	Redact func(text string) string
	// Tick is how often Stats are sent while something runs; 0 is a second.
	Tick time.Duration
	// Process says that the worker has its process to itself.
	Process bool
	// Started, when not nil, is called with the server's Hello before anything runs.
	Started func(wire.Hello) error
}

// SessionConfig says what a session is.
type SessionConfig struct {
	ID  string
	App bool
	Dir string
}

// Host is what a session's widgets need of the worker. Any goroutine may call it.
type Host interface {
	// Emit sends deltas to the session's screen, in order.
	Emit(d ...element.Delta)
	// Settle shows what user code printed so far, for what comes after it. It
	// calls Session.Show: the widgets hold no lock then.
	Settle()
	// Display makes the element that shows a value of user code.
	Display(v any) element.Element
	// Instance is the session's program as it runs now; nil before the first run.
	Instance() engine.Instance
	// Capture runs f and returns what it prints; what it prints and shows is not on
	// the screen.
	Capture(f func()) string
	// Code identifies the text of the cell and of all that stands above it: what a
	// cached result of the cell may depend on.
	Code(cell string) string
}

// Session is the widgets' half of a session. Only the session's goroutine calls
// it, except Page and Show.
type Session interface {
	Bindings() engine.Bindings
	Begin(ctx context.Context, r *wire.Run)
	Callbacks() []func()
	EnterCell(id string)
	Fragment(id string) (func(), bool)
	// State is what changed of the encodable session state since the last call,
	// and what the current run did with widgets and clicks.
	State() *wire.State
	// End ends a run and tells what RunEnd must say.
	End(ok bool) Ended
	// Show puts an element at the current place of the current cell.
	Show(e element.Element) element.Path
	Page(ctx context.Context, r page.Request) (page.Reply, []byte, error)
	// Inspect makes an element of a value that is better shown as a grid than by
	// Config.Display, without putting it on the screen; false: it is not.
	Inspect(ctx context.Context, v any) (element.Element, bool, error)
	Restore(state, widgets map[string]json.RawMessage)
	Close()
}

// Ended is what a session's widgets say at the end of a run.
type Ended struct {
	Unseen    []wire.Trigger
	Widgets   map[string]json.RawMessage
	Query     *string
	Fragments []string // to run again, of st.Rerun(scope fragment)
}

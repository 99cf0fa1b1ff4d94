// Package core is the native half of the widgets: containers, elements, widgets,
// session state and caches. User code calls the thin package widgets (st), whose
// source engines run; its funcs end here, in methods of Container.
//
// Engines bind Main and the other package-level funcs to a session each, so that
// user code finds its session by itself and nothing is shared between visitors.
package core

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"

	"stnb.dev/dataframe"
	"stnb.dev/dataframe/page"
	"stnb.dev/duckconn"
	"stnb.dev/widgets/element"
	"stnb.dev/widgets/run"
	"stnb.dev/widgets/testing"
)

// App is what the sessions of one notebook share: the DuckDB instance, caches,
// connections and secrets. A kernel has one.
type App struct {
	cfg AppConfig

	db     func() (*duckconn.DB, error)
	opened atomic.Pointer[duckconn.DB]
	caches caches
	conns  connections
	files  *dataframe.Shared
	links  links
}

// AppConfig makes an App. Empty fields are the defaults of Streamlit's kind.
type AppConfig struct {
	Dir     string // the notebook's folder
	Uploads string // folder of uploads; "" refuses them
	DuckDB  duckconn.Config
	Home    string // whose .stnb/secrets.toml holds secrets for all notebooks; "" is the user's home
	Cache   string // folder of caches that persist; "" is Dir/.stnb/cache
}

// NewApp returns an app; DuckDB is opened at first use.
func NewApp(cfg AppConfig) *App {
	a := &App{cfg: cfg}
	a.db = sync.OnceValues(func() (*duckconn.DB, error) {
		db, err := duckconn.Open(context.Background(), cfg.DuckDB)
		if err == nil {
			a.opened.Store(db)
		}
		return db, err
	})
	a.files = dataframe.NewShared(func(context.Context) (*duckconn.DB, error) { return a.db() })
	return a
}

// Close frees what the app holds.
func (a *App) Close() {
	a.files.Close()
	a.caches.close()
	a.conns.close()
	if db := a.opened.Load(); db != nil {
		db.Close()
	}
}

// Session is one visitor's, or the editor's: its current run, its frames, its
// media.
type Session struct {
	*run.Session
	App   *App
	Space *dataframe.Space

	mu       sync.Mutex
	media    map[string]*blob
	given    map[string]string // the data that a keyed editor gave the last time, by its key
	replay   []*recording      // cached calls whose elements are being recorded
	nav      *Navigation
	switched string // the page that SwitchPage chose while the browser was at from
	from     string
	full     bool // every cell runs
	main     *Container
	sidebar  *Container
	bottom   *Container
	cacheDep int
	handed   string // by Said or Known, for the call that follows

	suite      *testing.Suite // of the cell that runs, when it has tests
	inspecting atomic.Pointer[context.Context]
}

// NewSession returns a session of the app.
func (a *App) NewSession(host run.Host, cfg run.Config) *Session {
	if cfg.Dir == "" {
		cfg.Dir = a.cfg.Dir
	}
	if cfg.Uploads == "" {
		cfg.Uploads = a.cfg.Uploads
	}
	s := &Session{App: a, media: map[string]*blob{}, given: map[string]string{}}
	s.Session = run.NewSession(host, cfg)
	s.Space = dataframe.NewSpace(dataframe.Config{
		Open:    func(context.Context) (*duckconn.DB, error) { return a.db() },
		Context: s.context, Reflect: reflector{host}, Dir: cfg.Dir, Stopped: s.Check, Shared: a.files,
	})
	s.main = &Container{s: s}
	s.sidebar = &Container{s: s, p: run.Root(element.Sidebar)}
	s.bottom = &Container{s: s, p: run.Root(element.Bottom)}
	return s
}

// NewSession returns a session with an app of its own.
func NewSession(host run.Host, cfg run.Config) *Session {
	return NewApp(AppConfig{Dir: cfg.Dir, Uploads: cfg.Uploads}).NewSession(host, cfg)
}

// reflector adapts a host for frames.
type reflector struct{ host run.Host }

func (r reflector) Value(v any) reflect.Value { return r.host.Value(v) }
func (r reflector) Label(v any) string        { return r.host.Label(v) }

func (r reflector) Fields(t reflect.Type) []dataframe.Field {
	fs := r.host.Fields(t)
	if fs == nil {
		return nil
	}
	out := make([]dataframe.Field, len(fs))
	for i, f := range fs {
		out[i] = dataframe.Field{Name: f.Name, Index: f.Index, Tag: f.Tag, Text: f.Text}
	}
	return out
}

// Begin starts a run.
func (s *Session) Begin(ctx context.Context, r run.Request) {
	s.mu.Lock()
	s.nav, s.replay, s.cacheDep, s.full = nil, nil, 0, r.Full
	for _, b := range s.media {
		b.age++
	}
	s.mu.Unlock()
	s.Space.Begin(r.Run)
	s.Session.Begin(ctx, r)
}

// End ends a run, as run.Session.End does, and frees the frames and media that a
// full run did not show again.
func (s *Session) End(ok bool) run.Result {
	r := s.Session.End(ok)
	s.mu.Lock()
	full := s.full
	s.mu.Unlock()
	if ok && full && !r.Rerun {
		s.Space.End()
		s.mu.Lock()
		for id, b := range s.media {
			if b.age > 1 {
				delete(s.media, id)
			}
		}
		s.mu.Unlock()
	}
	return r
}

// Page answers a request for a window of a shown frame, or for media.
func (s *Session) Page(ctx context.Context, r page.Request) (page.Reply, []byte, error) {
	if r.Format == "media" {
		return s.readMedia(ctx, r.Frame)
	}
	return s.Space.Page(ctx, r)
}

// Close frees the session.
func (s *Session) Close() {
	s.Session.Close()
	s.Space.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.media)
	clear(s.given)
	if s.Cfg.Uploads != "" {
		removeUploads(s.Cfg.Uploads, s.Cfg.ID)
	}
}

// current is the session of code that is not run by an engine: a test, or a
// compiled notebook.
var current atomic.Pointer[Session]

// Use makes the session the one that package-level funcs find where no engine
// binds them. It returns what undoes that.
func Use(s *Session) (undo func()) {
	old := current.Swap(s)
	return func() { current.Store(old) }
}

func bound() *Session {
	s := current.Load()
	if s == nil {
		panic("stnb.dev/widgets: no session: run the notebook with stnb")
	}
	return s
}

// Main is the place where funcs of package widgets put their elements: the main
// area, or what Block.With made current.
func Main() *Container { return bound().main }

// Sidebar is the page's sidebar.
func Sidebar() *Container { return &Container{p: run.Root(element.Sidebar)} }

// Bottom is the foot of the page, which does not scroll away.
func Bottom() *Container { return &Container{p: run.Root(element.Bottom)} }

// Show shows the value of a bare expression.
func Show(v any) { bound().Display(v) }

// Err shows the error of a bare call, if there is one.
func Err(err error) { bound().ShowErr(err) }

// Recovered wraps every recover of user code: signals that end a run pass.
func Recovered(r any) any { return run.Recovered(r) }

// Markdown shows a Markdown cell: \x00N\x00 in the text stands for args[N].
func Markdown(text string, args ...any) { bound().MarkdownCell(text, args...) }

// SQL is the frame of an SQL cell.
func SQL(text string, opts SQLOptions) *dataframe.Frame { return bound().SQLCell(text, opts) }

// Preview shows the frame of an SQL cell that has a name, in the editor alone.
func Preview(f *dataframe.Frame) { bound().Preview(f) }

// Label is the text of an option of a select widget.
func Label(v any) string { return bound().Host.Label(v) }

// Bindings are the package-level funcs bound to the session, by import path and
// name.
func (s *Session) Bindings() map[string]map[string]reflect.Value {
	out := map[string]map[string]reflect.Value{
		"stnb.dev/widgets/core": {
			"Main":      reflect.ValueOf(func() *Container { return s.main }),
			"Sidebar":   reflect.ValueOf(func() *Container { return s.sidebar }),
			"Bottom":    reflect.ValueOf(func() *Container { return s.bottom }),
			"Show":      reflect.ValueOf(s.Display),
			"Err":       reflect.ValueOf(s.ShowErr),
			"Recovered": reflect.ValueOf(run.Recovered),
			"Markdown":  reflect.ValueOf(s.MarkdownCell),
			"SQL":       reflect.ValueOf(s.SQLCell),
			"Preview":   reflect.ValueOf(s.Preview),
			"Label":     reflect.ValueOf(s.Host.Label),
			"CacheCall": reflect.ValueOf(s.CacheCall),
			"Said":      reflect.ValueOf(s.said),
			"Known":     reflect.ValueOf(s.known),

			"RunTest":      reflect.ValueOf(s.RunTest),
			"RunBenchmark": reflect.ValueOf(s.RunBenchmark),
			"RunFuzz":      reflect.ValueOf(s.RunFuzz),
			"RunExample":   reflect.ValueOf(s.RunExample),
			"TestReport":   reflect.ValueOf(s.TestReport),
			"Timed":        reflect.ValueOf(s.Timed),
		},
		"stnb.dev/dataframe": {},
	}
	for name, f := range s.Space.Bindings() {
		out["stnb.dev/dataframe"][name] = reflect.ValueOf(f)
	}
	return out
}

// SQLOptions are what an SQL cell is given.
type SQLOptions struct {
	Connection string         // a named connection; "" is DuckDB
	Params     map[string]any // Go values by the name that $name uses
	Tables     map[string]any // Go values that the text names as tables
}

// SQLCell runs an SQL cell. What the database does not understand ends the run with
// its place in the text; what it finds in the data is the frame's error, later.
func (s *Session) SQLCell(text string, opts SQLOptions) *dataframe.Frame {
	s.Check()
	f := s.sql(text, opts)
	if _, err := f.Columns(); err != nil {
		s.Check() // a stopped query fails too
		line, column, message := duckconn.Where(text, err)
		panic(&run.Failure{Message: message, Line: line, Column: column})
	}
	return f
}

func (s *Session) sql(text string, opts SQLOptions) *dataframe.Frame {
	var args []any
	if len(opts.Params) > 0 {
		m := map[string]any{}
		for k, v := range opts.Params {
			m[k] = s.plainParam(v)
		}
		args = append(args, m)
	}
	if opts.Connection != "" {
		c := s.main.Connection(opts.Connection)
		if err := c.Err(); err != nil {
			return s.Space.Failed(err)
		}
		return c.lazy(text, args...)
	}
	return s.Space.SQLWith(text, func(name string) any { return opts.Tables[name] }, args...)
}

// Preview shows a frame to the editor, not to visitors of an app.
func (s *Session) Preview(f *dataframe.Frame) {
	if !s.Cfg.App {
		s.Display(f)
	}
}

func (s *Session) plainParam(v any) any {
	if v == nil {
		return nil
	}
	r := s.Host.Value(v)
	if !r.IsValid() {
		return nil
	}
	if r.CanInterface() {
		return r.Interface()
	}
	return v
}

// Display shows the value of a bare expression, as Write does.
func (s *Session) Display(v any) { s.main.Write(v) }

// Inspect makes a grid of a frame, or of a value that reads best as one, without
// putting it on the screen; ok says whether v is such a value. It must not be
// called while a run is on. The grid lasts until the next Inspect.
func (s *Session) Inspect(ctx context.Context, v any) (e element.Element, ok bool, err error) {
	s.inspecting.Store(&ctx)
	defer s.inspecting.Store(nil)
	f, ok := v.(*dataframe.Frame)
	if !ok {
		if f = s.tableLike(v); f == nil {
			return element.Element{}, false, nil
		}
	}
	shown, err := s.Space.Pin(f, "variable")
	if err != nil {
		return element.Element{}, false, err
	}
	return run.El("dataframe", element.Dataframe{
		Data: element.FrameRef{Ref: shown.Ref, Rows: shown.Rows, Columns: columnsOf(shown.Columns)},
	}), true, nil
}

// context is that of the run, or of an Inspect.
func (s *Session) context() context.Context {
	if ctx := s.inspecting.Load(); ctx != nil {
		return *ctx
	}
	return s.Context()
}

// ShowErr shows an error, if there is one.
func (s *Session) ShowErr(err error) {
	if err != nil {
		s.Fail(nil, err)
	}
}

// MarkdownCell shows a Markdown cell.
func (s *Session) MarkdownCell(text string, args ...any) {
	for i, a := range args {
		mark := fmt.Sprintf("\x00%d\x00", i)
		text = strings.ReplaceAll(text, mark, s.inline(a))
	}
	s.main.Markdown(text)
}

// inline is a value within a text: a float without noise, a user type by its
// String method.
func (s *Session) inline(v any) string {
	if f, ok := v.(*dataframe.Frame); ok {
		x, err := f.Value()
		if err != nil {
			return err.Error()
		}
		return duckconn.Text(x)
	}
	return s.Host.Label(v)
}

// StateJSON is what changed of the state, for a kernel.
func (s *Session) StateJSON() (map[string]json.RawMessage, []string) { return s.StateChanges() }

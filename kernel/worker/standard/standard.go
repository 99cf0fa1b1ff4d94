// Package standard is the kernel that stnb ships: the worker with its engines,
// widgets and display put together. It links DuckDB, so tests that can do
// without import kernel/worker and bring small parts of their own.
package standard

import (
	"context"
	"encoding/json"
	"fmt"
	"go/types"
	"os"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"

	"stnb.dev/dataframe"
	"stnb.dev/duckconn"
	"stnb.dev/kernel/display"
	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/engine/ssa"
	"stnb.dev/kernel/engine/yaegi"
	"stnb.dev/kernel/symbols/api"
	"stnb.dev/kernel/wire"
	"stnb.dev/kernel/worker"
	"stnb.dev/widgets/core"
	"stnb.dev/widgets/element"
	"stnb.dev/widgets/run"
)

// UploadsEnv names the folder that holds uploaded files, as the server set it.
const UploadsEnv = "STNB_UPLOADS"

// DuckDBEnv holds how the kernel's DuckDB is opened: a duckconn.Config as JSON.
const DuckDBEnv = "STNB_DUCKDB"

// Main runs the kernel of this process and returns its exit status.
func Main() int { return worker.Main(Config()) }

// Config is a kernel's: one app of widgets for all of its sessions.
func Config() worker.Config {
	p := &parts{uploads: os.Getenv(UploadsEnv)}
	if text := os.Getenv(DuckDBEnv); text != "" {
		if err := json.Unmarshal([]byte(text), &p.duckDB); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", DuckDBEnv, err)
			os.Exit(2)
		}
	}
	source := ssa.New(api.Symbols())
	return worker.Config{
		Engines:    []engine.Engine{yaegi.New(api.Symbols()), source},
		NewSession: p.session,
		Display: func(inst engine.Instance, v any) element.Element {
			if val, ok := v.(engine.Value); ok {
				return display.Element(val, inst)
			}
			return display.Element(inst.Value(v), inst)
		},
		Describe: describe,
		Redact:   p.redact,
		Started: func(h wire.Hello) error {
			p.dir = h.Dir
			source.Open(h.Dir)
			return nil
		},
	}
}

// describe describes a variable; a frame by its columns, without running it.
func describe(inst engine.Instance, v engine.Value, moving bool) wire.Var {
	if v.V.CanInterface() {
		if f, ok := v.V.Interface().(*dataframe.Frame); ok {
			return wire.Var{Kind: "frame", Type: display.TypeName(v), Preview: frameText(f)}
		}
	}
	return display.Describe(v, inst, moving)
}

func frameText(f *dataframe.Frame) string {
	if f == nil {
		return "nil"
	}
	cols, known := f.Known()
	switch {
	case !known:
		return "a query that has not run yet"
	case len(cols) == 1:
		return "1 column: " + cols[0].Name
	}
	var names []string
	for _, c := range cols {
		names = append(names, c.Name)
	}
	return fmt.Sprintf("%d columns: %s", len(cols), strings.Join(names, ", "))
}

// parts are what the sessions of a kernel share.
type parts struct {
	dir, uploads string
	duckDB       duckconn.Config
	once         sync.Once
	app          *core.App
	made         atomic.Pointer[core.App] // app, for those who do not wait for it
}

// redact takes the app's secrets out of a text.
func (p *parts) redact(text string) string {
	if a := p.made.Load(); a != nil {
		return a.Redact(text)
	}
	return text
}

func (p *parts) session(h worker.Host, cfg worker.SessionConfig) worker.Session {
	p.once.Do(func() {
		p.app = core.NewApp(core.AppConfig{Dir: p.dir, Uploads: p.uploads, DuckDB: p.duckDB})
		p.made.Store(p.app)
	})
	s := &session{}
	s.Session = p.app.NewSession(host{h}, run.Config{ID: cfg.ID, App: cfg.App, Dir: cfg.Dir, Uploads: p.uploads})
	return s
}

// host is a worker's session as the widgets want it.
type host struct{ worker.Host }

// Protect makes an element of a panic; its frames are those of the lowered text,
// with the unit for a cell.
func (h host) Protect(f func()) (element.Element, bool) {
	fault := h.Instance().Protect(f)
	if fault == nil {
		return element.Element{}, false
	}
	e := element.Error{Kind: fault.Kind, Message: fault.Message}
	for _, at := range fault.Frames {
		e.Frames = append(e.Frames, element.Frame{Func: at.Func, Cell: at.Unit, Line: at.Line, Column: at.Column})
	}
	return run.El("error", e), true
}

func (h host) Label(v any) string {
	inst := h.Instance()
	return display.Plain(inst.Value(v), inst)
}

func (h host) Value(v any) reflect.Value {
	if v == nil {
		return reflect.Value{}
	}
	return h.Instance().Value(v).V
}

// Fields are a struct type's exported fields by the names the user gave them,
// which an engine's own type may not have.
func (h host) Fields(t reflect.Type) []run.Field {
	if t.Kind() != reflect.Struct {
		return nil
	}
	var list []run.Field
	if st := h.sourceStruct(t); st != nil && st.NumFields() == t.NumField() {
		for i := range st.NumFields() {
			if f := st.Field(i); f.Exported() {
				list = append(list, run.Field{Name: f.Name(), Index: []int{i}, Tag: reflect.StructTag(st.Tag(i)), Text: h.text(f.Type())})
			}
		}
		return list
	}
	for _, f := range reflect.VisibleFields(t) {
		if f.IsExported() && !f.Anonymous {
			list = append(list, run.Field{Name: f.Name, Index: f.Index, Tag: f.Tag})
		}
	}
	return list
}

// text is how values of a type of the notebook read, nil when they do not say.
func (h host) text(t types.Type) func(v reflect.Value) string {
	if !display.Speaks(t) {
		return nil
	}
	return func(v reflect.Value) string {
		inst := h.Instance()
		return display.Plain(engine.Value{V: v, Type: t}, inst)
	}
}

// sourceStruct is the struct type as the user wrote it, nil when it is no type of
// the notebook's.
func (h host) sourceStruct(t reflect.Type) *types.Struct {
	v := h.Instance().Value(reflect.Zero(t).Interface())
	if v.Type == nil {
		return nil
	}
	st, _ := v.Type.Underlying().(*types.Struct)
	return st
}

// session is a session of widgets as the worker wants it.
type session struct {
	*core.Session
	// changed is what End found changed of the state, until State asks.
	changed *wire.State
}

func (s *session) Bindings() engine.Bindings { return s.Session.Bindings() }

func (s *session) Begin(ctx context.Context, r *wire.Run) {
	triggers := make([]run.Trigger, len(r.Triggers))
	for i, t := range r.Triggers {
		triggers[i] = run.Trigger(t)
	}
	s.Session.Begin(ctx, run.Request{
		Run: r.Run, Full: r.Full, Cells: r.Cells, Fragments: r.Fragments,
		Widgets: r.Widgets, Triggers: triggers, Query: r.Query, Page: r.Page, User: userOf(r.User),
	})
}

func (s *session) End(ok bool) worker.Ended {
	r := s.Session.End(ok)
	s.changed = &wire.State{Set: r.State, Deleted: r.Deleted, Widgets: r.Widgets, Taken: r.Taken}
	unseen := make([]wire.Trigger, len(r.Unseen))
	for i, t := range r.Unseen {
		unseen[i] = wire.Trigger(t)
	}
	return worker.Ended{Unseen: unseen, Widgets: r.Widgets, Query: r.Query, Fragments: r.Fragments}
}

func (s *session) State() *wire.State {
	if st := s.changed; st != nil {
		s.changed = nil
		return st
	}
	set, deleted := s.StateChanges()
	widgets, taken := s.WidgetChanges()
	return &wire.State{Set: set, Deleted: deleted, Widgets: widgets, Taken: taken}
}

func (s *session) Restore(state, widgets map[string]json.RawMessage) {
	s.Session.Restore(state, widgets)
}

func userOf(u *wire.User) run.User {
	if u == nil {
		return run.User{}
	}
	return run.User{Subject: u.Subject, Name: u.Name, Email: u.Email, Roles: u.Roles}
}

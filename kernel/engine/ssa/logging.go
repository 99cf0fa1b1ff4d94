package ssa

import (
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"reflect"
	"strings"
	"time"

	"golang.org/x/tools/go/ssa"

	"stnb.dev/kernel/engine"
)

// Loggers that tell where they were called ask package runtime, which knows nothing of
// user code. So calls of them from user code are done here.

// logged is a call of one of package log's printing funcs.
type logged struct {
	depth int // of the call whose place is told
	text  string
}

// logFunc makes the intrinsic of one: text reads its arguments, and then says what
// follows when the line is written. method: the first argument is the logger.
func logFunc(method bool, text func(f ptr, args []uintptr) logged, then func(t *task, s string)) intrinsicMaker {
	return func(x *fx, s *ssa.Function, args []uintptr, d uintptr) op {
		plain := x.plainCall(s, args, d)
		return func(t *task, f ptr) {
			var l *log.Logger
			rest := args
			if method {
				l, rest = *at[*log.Logger](f, args[0]), args[1:]
			} else {
				l = t.inst.defaultLog()
			}
			if l == nil || then == nil && l.Flags()&(log.Lshortfile|log.Llongfile) == 0 && reflect.TypeOf(l.Writer()) != toSlog {
				plain(t, f)
				return
			}
			what := text(f, rest)
			err := t.log(l, what)
			switch {
			case then != nil:
				then(t, what.text)
			case s.Name() == "Output":
				*at[error](f, d) = err
			}
		}
	}
}

// toSlog is what writes a logger's lines to a handler of slog.
var toSlog = reflect.TypeOf(slog.NewLogLogger(slog.DiscardHandler, 0).Writer())

// defaultLog is package log's own logger.
func (i *instance) defaultLog() *log.Logger {
	if v, ok := i.bindings.Get("log", "Default"); ok {
		return v.Interface().(func() *log.Logger)()
	}
	return log.Default()
}

// log writes a line with l, with the place in user code.
func (t *task) log(l *log.Logger, what logged) error {
	pc, file, line, ok := t.caller(what.depth - 1)
	if !ok {
		file = "???"
	}
	defer t.printsFrom(pc)()
	return engine.Log(l, file, line, what.text)
}

// printsFrom remembers where user code stands that prints with package log, until what
// it returns is called: a handler of slog may be told.
func (t *task) printsFrom(pc uintptr) (end func()) {
	before := t.line
	t.line = pc
	return func() { t.line = before }
}

// handles remembers where the record is from that a native handler is given.
func (t *task) handles(pc uintptr) (end func()) {
	before := t.record
	t.record = pc
	return func() { t.record = before }
}

// structured does what a slog.Logger does, with the place in user code.
func (t *task) structured(l *slog.Logger, ctx context.Context, level slog.Level, msg string, fill func(r *slog.Record)) {
	if ctx == nil {
		ctx = context.Background()
	}
	if !l.Enabled(ctx, level) {
		return
	}
	pc, _, _, _ := t.caller(0)
	r := slog.NewRecord(time.Now(), level, msg, pc)
	fill(&r)
	defer t.handles(pc)()
	_ = l.Handler().Handle(ctx, r) // as slog itself does
}

// slogFunc makes the intrinsic of a func of slog that logs. Its arguments are, as far
// as it has them, the logger, a context, the level, the message, and the attributes.
func slogFunc(method, hasContext bool, fixed *slog.Level, attrs bool) intrinsicMaker {
	return func(_ *fx, _ *ssa.Function, args []uintptr, _ uintptr) op {
		return func(t *task, f ptr) {
			rest := args
			var l *slog.Logger
			if method {
				l, rest = *at[*slog.Logger](f, rest[0]), rest[1:]
			} else {
				l = slog.Default()
				if v, ok := t.inst.bindings.Get("log/slog", "Default"); ok {
					l = v.Interface().(func() *slog.Logger)()
				}
			}
			var ctx context.Context
			if hasContext {
				ctx, rest = *at[context.Context](f, rest[0]), rest[1:]
			}
			var level slog.Level
			if fixed != nil {
				level = *fixed
			} else {
				level, rest = *at[slog.Level](f, rest[0]), rest[1:]
			}
			t.structured(l, ctx, level, *at[string](f, rest[0]), func(r *slog.Record) {
				if attrs {
					r.AddAttrs(*at[[]slog.Attr](f, rest[1])...)
				} else {
					r.Add(*at[[]any](f, rest[1])...)
				}
			})
		}
	}
}

// handle calls a native handler's Handle: the place it shows is the record's.
func handle(x *fx, s *ssa.Function, args []uintptr, d uintptr) op {
	plain := x.plainCall(s, args, d)
	return func(t *task, f ptr) {
		defer t.handles(at[slog.Record](f, args[2]).PC)()
		plain(t, f)
	}
}

// newHandler makes a native handler. One that is to show places gets them from the
// task: what it finds itself is nothing, and it leaves that out.
func newHandler[H slog.Handler](mk func(io.Writer, *slog.HandlerOptions) H) intrinsicMaker {
	return func(_ *fx, _ *ssa.Function, args []uintptr, d uintptr) op {
		return func(t *task, f ptr) {
			opts := *at[*slog.HandlerOptions](f, args[1])
			if opts != nil && opts.AddSource {
				own := *opts
				own.ReplaceAttr = t.inst.sourced(opts.ReplaceAttr)
				opts = &own
			}
			*at[H](f, d) = mk(*at[io.Writer](f, args[0]), opts)
		}
	}
}

// sourced puts the place in user code into the attribute of a record's source.
func (i *instance) sourced(then func([]string, slog.Attr) slog.Attr) func([]string, slog.Attr) slog.Attr {
	return func(groups []string, a slog.Attr) slog.Attr {
		src, ok := a.Value.Any().(*slog.Source)
		if ok && src != nil && len(groups) == 0 && a.Key == slog.SourceKey {
			if v, ok := i.tasks.Load(getg()); ok {
				t := v.(*task)
				switch {
				case *src == slog.Source{}:
					src = t.source(t.record)
				case strings.HasPrefix(src.Function, enginePath):
					src = t.source(t.line)
				}
				if src == nil {
					src = new(slog.Source)
				}
				a.Value = slog.AnyValue(src)
			}
		}
		if then == nil {
			return a
		}
		return then(groups, a)
	}
}

// source is a program counter as slog has places.
func (t *task) source(pc uintptr) *slog.Source {
	list := t.frames(pc)
	if len(list) == 0 {
		return nil
	}
	return &slog.Source{Function: list[0].Function, File: list[0].File, Line: list[0].Line}
}

func init() {
	for _, method := range []bool{false, true} {
		name := "log."
		if method {
			name = "log.(*Logger)."
		}
		list := func(f ptr, args []uintptr) []any { return *at[[]any](f, args[0]) }
		for suffix, text := range map[string]func(f ptr, args []uintptr) logged{
			"":   func(f ptr, args []uintptr) logged { return logged{1, fmt.Sprint(list(f, args)...)} },
			"ln": func(f ptr, args []uintptr) logged { return logged{1, fmt.Sprintln(list(f, args)...)} },
			"f": func(f ptr, args []uintptr) logged {
				return logged{1, fmt.Sprintf(*at[string](f, args[0]), list(f, args[1:])...)}
			},
		} {
			intrinsics[name+"Print"+suffix] = logFunc(method, text, nil)
			intrinsics[name+"Panic"+suffix] = logFunc(method, text, func(t *task, s string) { t.raise(s) })
			intrinsics[name+"Fatal"+suffix] = logFunc(method, text, func(t *task, _ string) { t.exit(1) })
		}
		intrinsics[name+"Output"] = logFunc(method, func(f ptr, args []uintptr) logged {
			return logged{*at[int](f, args[0]), *at[string](f, args[1])}
		}, nil)

		name = "log/slog."
		if method {
			name = "log/slog.(*Logger)."
		}
		for verb, level := range map[string]slog.Level{"Debug": slog.LevelDebug, "Info": slog.LevelInfo, "Warn": slog.LevelWarn, "Error": slog.LevelError} {
			intrinsics[name+verb] = slogFunc(method, false, &level, false)
			intrinsics[name+verb+"Context"] = slogFunc(method, true, &level, false)
		}
		intrinsics[name+"Log"] = slogFunc(method, true, nil, false)
		intrinsics[name+"LogAttrs"] = slogFunc(method, true, nil, true)
	}
	intrinsics["log/slog.NewTextHandler"] = newHandler(slog.NewTextHandler)
	intrinsics["log/slog.NewJSONHandler"] = newHandler(slog.NewJSONHandler)
	for _, h := range []string{"TextHandler", "JSONHandler", "MultiHandler"} {
		intrinsics["log/slog.(*"+h+").Handle"] = handle
	}
	intrinsics["log/slog.(Record).Source"] = func(_ *fx, _ *ssa.Function, args []uintptr, d uintptr) op {
		return func(t *task, f ptr) {
			if pc := at[slog.Record](f, args[0]).PC; pc != 0 {
				*at[*slog.Source](f, d) = t.source(pc)
			} else {
				*at[*slog.Source](f, d) = nil
			}
		}
	}
}

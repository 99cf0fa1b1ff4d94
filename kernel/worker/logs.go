package worker

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"reflect"
	"strings"
	"sync/atomic"
	"time"

	"stnb.dev/kernel/engine"
)

// logs are the default loggers of packages log and log/slog, for one session.
type logs struct {
	std   *log.Logger
	slog  atomic.Pointer[slog.Logger]
	level slog.LevelVar // slog.SetLogLoggerLevel
	at    func() engine.Instance
}

func newLogs(w io.Writer, at func() engine.Instance) *logs {
	l := &logs{std: log.New(w, "", log.LstdFlags), at: at}
	l.slog.Store(slog.New(plainHandler{logs: l}))
	return l
}

// bindings are the funcs of the two packages that mean the default loggers.
func (l *logs) bindings() (std, structured map[string]reflect.Value) {
	std = map[string]reflect.Value{
		"Default": reflect.ValueOf(func() *log.Logger { return l.std }),
		"Fatal": reflect.ValueOf(func(a ...any) {
			l.std.Output(2, fmt.Sprint(a...))
			panic(&engine.Exit{Code: 1})
		}),
		"Fatalf": reflect.ValueOf(func(f string, a ...any) {
			l.std.Output(2, fmt.Sprintf(f, a...))
			panic(&engine.Exit{Code: 1})
		}),
		"Fatalln": reflect.ValueOf(func(a ...any) {
			l.std.Output(2, fmt.Sprintln(a...))
			panic(&engine.Exit{Code: 1})
		}),
	}
	for _, name := range []string{"Print", "Printf", "Println", "Panic", "Panicf", "Panicln", "Output",
		"Flags", "SetFlags", "Prefix", "SetPrefix", "Writer", "SetOutput"} {
		std[name] = reflect.ValueOf(l.std).MethodByName(name)
	}
	structured = map[string]reflect.Value{
		"Default":           reflect.ValueOf(l.slog.Load),
		"SetDefault":        reflect.ValueOf(l.setDefault),
		"SetLogLoggerLevel": reflect.ValueOf(l.setLevel),
		"With":              reflect.ValueOf(func(args ...any) *slog.Logger { return l.slog.Load().With(args...) }),
		"Log": reflect.ValueOf(func(ctx context.Context, level slog.Level, msg string, args ...any) {
			l.slog.Load().Log(ctx, level, msg, args...)
		}),
		"LogAttrs": reflect.ValueOf(func(ctx context.Context, level slog.Level, msg string, attrs ...slog.Attr) {
			l.slog.Load().LogAttrs(ctx, level, msg, attrs...)
		}),
	}
	for name, level := range map[string]slog.Level{"Debug": slog.LevelDebug, "Info": slog.LevelInfo, "Warn": slog.LevelWarn, "Error": slog.LevelError} {
		structured[name] = reflect.ValueOf(func(msg string, args ...any) { l.slog.Load().Log(context.Background(), level, msg, args...) })
		structured[name+"Context"] = reflect.ValueOf(func(ctx context.Context, msg string, args ...any) { l.slog.Load().Log(ctx, level, msg, args...) })
	}
	return std, structured
}

// setDefault is slog.SetDefault: what package log prints goes to the handler, too,
// unless that itself prints with package log.
func (l *logs) setDefault(s *slog.Logger) {
	if s == nil {
		panic("log/slog: SetDefault called with nil *Logger")
	}
	l.slog.Store(s)
	if _, plain := s.Handler().(plainHandler); !plain {
		l.std.SetOutput(slog.NewLogLogger(s.Handler(), l.level.Level()).Writer())
		l.std.SetFlags(0)
	}
}

func (l *logs) setLevel(level slog.Level) slog.Level {
	before := l.level.Level()
	l.level.Set(level)
	return before
}

// plainHandler is what slog's own default handler is for a process: it prints with
// package log.
type plainHandler struct {
	logs *logs
	with []func(slog.Handler) slog.Handler
}

func (h plainHandler) Enabled(_ context.Context, level slog.Level) bool {
	return level >= h.logs.level.Level()
}

func (h plainHandler) and(with func(slog.Handler) slog.Handler) slog.Handler {
	return plainHandler{h.logs, append(h.with[:len(h.with):len(h.with)], with)}
}

func (h plainHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return h.and(func(t slog.Handler) slog.Handler { return t.WithAttrs(attrs) })
}

func (h plainHandler) WithGroup(name string) slog.Handler {
	return h.and(func(t slog.Handler) slog.Handler { return t.WithGroup(name) })
}

// Handle prints "INFO message key=value": the attributes as a text handler has them,
// which puts a level and a message of its own before them.
func (h plainHandler) Handle(ctx context.Context, r slog.Record) error {
	var b bytes.Buffer
	var text slog.Handler = slog.NewTextHandler(&b, &slog.HandlerOptions{Level: r.Level})
	for _, with := range h.with {
		text = with(text)
	}
	attrs := slog.NewRecord(time.Time{}, r.Level, "", 0)
	r.Attrs(func(a slog.Attr) bool { attrs.AddAttrs(a); return true })
	if err := text.Handle(ctx, attrs); err != nil {
		return err
	}
	_, rest, _ := strings.Cut(b.String(), ` msg=""`)
	line := r.Level.String() + " " + r.Message + rest
	if p, ok := h.logs.at().(engine.Placer); ok && h.logs.std.Flags()&(log.Lshortfile|log.Llongfile) != 0 {
		file, at, known := p.Place(r.PC)
		if !known {
			file = "???"
		}
		return engine.Log(h.logs.std, file, at, line)
	}
	return h.logs.std.Output(0, line)
}

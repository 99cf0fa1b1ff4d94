package apptest

import (
	"context"
	"testing"

	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
	"stnb.dev/notebook/session"
	"stnb.dev/notebook/session/sessiontest"
)

type fakeProgram struct{ *sessiontest.Program }

func (p fakeProgram) Update(nb *notebook.Notebook) session.Program { return fake(nb) }
func fake(nb *notebook.Notebook) session.Program {
	return &fakeProgram{sessiontest.NewProgram(nb)}
}

// onFake opens apps on the test kernel and its language.
func onFake(o *options) {
	o.program = func() Program { return fake }
	o.launch = func(string) session.Launch {
		var l sessiontest.Launcher
		return func(ctx context.Context, engine string, receive func(wire.Message), exited func(string)) (session.Kernel, error) {
			return l.Start(ctx, engine, receive, exited)
		}
	}
}

func TestTheTesterItself(t *testing.T) {
	at := Write(t, "# Count\n\n```go\nstate:n = state:n + click:b\nshow state:n\n```\n", onFake)
	at.MustShow("Count", "0").MustWork()
	at.Button("").Click()
	at.Button("").Click()
	at.MustShow("2")
	if n, ok := State[int](at, "n"); !ok || n != 2 {
		t.Errorf("state %d %v", n, ok)
	}
	other := at.Visit()
	other.MustShow("0")
	copied := at.Duplicate()
	copied.MustShow("2")
	at.KillWorker()
	at.Button("").Click()
	at.MustShow("3")
	copied.MustShow("2")
	if at.Button("nowhere").Exists() {
		t.Error("a button that is not there exists")
	}
}

func TestFaults(t *testing.T) {
	at := Write(t, "```go\nshow 1\nfail\n```\n", onFake)
	if errs := at.Errors(); len(errs) != 1 || errs[0].ID == "" {
		t.Errorf("errors %+v", errs)
	}
	at.MustShow("1").MustNotShow("failed")
	if log := at.Log(); log == "" {
		t.Error("nothing in the log")
	}
}

func TestDuringARun(t *testing.T) {
	at := Write(t, "```go\nshow click:b\nshow 5\n```\n", onFake)
	at.Start(func(at *App) {
		at.Button("").Click()
		at.Button("").Click()
	}).Until("the number", func() bool { return at.Shows("5") }).Wait()
}

package apptest

import (
	"context"
	"os"
	"sync"
	"testing"

	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
	"stnb.dev/notebook/session"
)

// Program makes the static knowledge of a notebook.
type Program = func(*notebook.Notebook) session.Program

// Go is notebooks in Go.
func Go() Program { return session.Build }

// launches starts workers with the wished engine and can end the newest.
type launches struct {
	start  session.Launch
	engine string

	mu     sync.Mutex
	last   session.Kernel
	exited func(string)
}

func (l *launches) launch(ctx context.Context, engine string, receive func(wire.Message), exited func(string)) (session.Kernel, error) {
	if engine == "" {
		engine = l.engine
	}
	k, err := l.start(ctx, engine, receive, exited)
	if err == nil {
		l.mu.Lock()
		l.last, l.exited = k, exited
		l.mu.Unlock()
	}
	return k, err
}

func (l *launches) kill() {
	l.mu.Lock()
	k, exited := l.last, l.exited
	l.mu.Unlock()
	if k != nil {
		k.Kill()
		exited("killed by the test")
	}
}

func writeFile(t testing.TB, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// uploads is the folder of what tests upload, as the server makes one.
var uploads = sync.OnceValue(func() string {
	dir, err := os.MkdirTemp("", "stnb-test-uploads-")
	if err != nil {
		panic(err)
	}
	os.Setenv("STNB_UPLOADS", dir)
	return dir
})

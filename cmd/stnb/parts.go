package main

import (
	"context"
	"log/slog"
	"os"

	"stnb.dev/cmd/stnb/config"
	"stnb.dev/cmd/stnb/ops"
	"stnb.dev/kernel"
	"stnb.dev/kernel/wire"
	"stnb.dev/kernel/worker/standard"
	"stnb.dev/notebook/session"
)

// launcher starts kernels for the notebooks of a folder.
func launcher(v config.Values, log *slog.Logger, m *ops.Metrics, app bool, uploads string) func(dir string) session.Launch {
	return func(dir string) session.Launch {
		return m.Watch(func(ctx context.Context, engine string, receive func(wire.Message), exited func(string)) (session.Kernel, error) {
			if engine == "" || engine == "auto" { // the notebook leaves it open
				engine = v.Text("kernel.engine")
			}
			scratch, err := os.MkdirTemp(uploads, "scratch-") // no session is called so: they have random names
			if err != nil {
				return nil, err
			}
			p, err := kernel.Start(ctx, kernel.Options{
				Dir: dir, Engine: engine, App: app, MemoryLimit: v.Size("kernel.memory"),
				Env:     append(duckDB(v, app, dir, scratch), standard.UploadsEnv+"="+uploads),
				Receive: receive,
				Exited: func(e kernel.Exit) {
					if e.Cause != kernel.Ended && e.Cause != kernel.Killed {
						log.Warn("a kernel ended", "cause", string(e.Cause), "code", e.Code, "stderr", e.Stderr)
					}
					os.RemoveAll(scratch)
					exited(e.Message)
				},
			})
			if err != nil {
				os.RemoveAll(scratch)
				return nil, err // not p: a nil *Process is no nil Kernel
			}
			return p, nil
		}, log)
	}
}

package apptest

import (
	"context"
	"io"

	"stnb.dev/kernel/wire"
	"stnb.dev/kernel/worker"
	"stnb.dev/kernel/worker/standard"
	"stnb.dev/notebook/session"
)

// InProcess starts workers inside the test's process, for a notebook of the
// folder dir: quick to start, easy to debug. Files are read relative to the
// test's own folder.
func InProcess(dir string) session.Launch {
	return inProcess(wire.Hello{Dir: dir, App: true})
}

// Editor starts kernels inside the test's process for a notebook that is edited.
func Editor(dir string) session.Launch { return inProcess(wire.Hello{Dir: dir}) }

func inProcess(hello wire.Hello) session.Launch {
	uploads() // before the worker asks where they are
	return overPipes(hello, func(ctx context.Context, r io.Reader, w io.Writer) error {
		return worker.Serve(ctx, r, w, standard.Config())
	})
}

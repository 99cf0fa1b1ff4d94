package apptest

import (
	"context"
	"os"
	"testing"

	"stnb.dev/kernel"
	"stnb.dev/kernel/wire"
	"stnb.dev/kernel/worker/standard"
	"stnb.dev/notebook/session"
)

// Main makes the test binary its own kernel, for tests that use Process:
//
//	func TestMain(m *testing.M) { os.Exit(apptest.Main(m)) }
func Main(m *testing.M) int {
	if len(os.Args) > 1 && os.Args[1] == kernel.Command {
		return standard.Main()
	}
	return m.Run()
}

// Process runs the app in a process of its own, as stnb does, instead of inside
// the test. The test binary needs Main.
func Process() Option {
	return func(o *options) {
		o.launch = func(dir string) session.Launch { return process(kernel.Options{Dir: dir, App: true}) }
	}
}

// EditorProcess is Editor in a process of its own.
func EditorProcess(dir string) session.Launch { return process(kernel.Options{Dir: dir}) }

func process(opt kernel.Options) session.Launch {
	return func(ctx context.Context, engine string, receive func(wire.Message), exited func(string)) (session.Kernel, error) {
		opt := opt
		opt.Engine = engine
		if engine == "" {
			opt.Engine = "auto"
		}
		opt.Env = []string{standard.UploadsEnv + "=" + uploads()}
		opt.Receive = receive
		opt.Exited = func(e kernel.Exit) { exited(e.Message) }
		p, err := kernel.Start(ctx, opt)
		if err != nil {
			return nil, err
		}
		return p, nil
	}
}

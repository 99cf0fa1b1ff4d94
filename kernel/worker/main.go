package worker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"strconv"
	"time"

	"stnb.dev/kernel/wire"
)

const (
	memoryEnv  = "STNB_KERNEL_MEMORY" // bytes; package kernel sets it
	memoryExit = 86                   // package kernel knows it as Memory
	maxStack   = 256 << 20            // a runaway recursion ends here, not at 1 GB
)

// Main runs the kernel of this process on file descriptors 3 and 4 and returns
// its exit status.
func Main(cfg Config) int {
	in, out := os.NewFile(3, "from server"), os.NewFile(4, "to server")
	if in == nil || out == nil {
		fmt.Fprintln(os.Stderr, "stnb kernel-worker is started by stnb itself")
		return 2
	}
	// Ctrl-C in a terminal is for the server, which then closes this pipe.
	signal.Ignore(os.Interrupt)
	debug.SetMaxStack(maxStack)
	if limit, err := strconv.ParseInt(os.Getenv(memoryEnv), 10, 64); err == nil && limit > 0 {
		debug.SetMemoryLimit(limit / 10 * 8)
		go watchMemory(limit)
	}
	cfg.Process = true
	started := cfg.Started
	cfg.Started = func(h wire.Hello) error {
		if h.Dir != "" {
			if err := os.Chdir(h.Dir); err != nil {
				return fmt.Errorf("enter the notebook's folder: %w", err)
			}
		}
		if started != nil {
			return started(h)
		}
		return nil
	}
	err := Serve(context.Background(), in, out, cfg)
	var ve *wire.VersionError
	if errors.As(err, &ve) {
		return 3 // the server has read our Hello and says it better
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// watchMemory ends the process before the machine suffers: Go's own limit is
// soft, and C code does not know it.
func watchMemory(limit int64) {
	for range time.Tick(100 * time.Millisecond) {
		if n := rss(); n > limit {
			fmt.Fprintf(os.Stderr, "memory limit of %d MB reached: %d MB in use\n", limit>>20, n>>20)
			os.Exit(memoryExit)
		}
	}
}

package worker

import (
	"context"
	"os"
	"runtime/metrics"
	"strconv"
	"strings"
	"time"

	"stnb.dev/kernel/wire"
)

// running counts runs, and wakes the statistics when the first begins.
func (wk *worker) running(d int) {
	wk.mu.Lock()
	defer wk.mu.Unlock()
	wk.busy += d
	if wk.busy > 0 {
		select {
		case wk.kick <- struct{}{}:
		default:
		}
	}
}

// stats sends Stats while something runs, and once after.
func (wk *worker) stats(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-wk.kick:
		}
		for busy := true; busy; {
			select {
			case <-ctx.Done():
				return
			case <-time.After(wk.cfg.Tick):
			}
			wk.mu.Lock()
			busy = wk.busy > 0
			wk.mu.Unlock()
			wk.send(wire.Message{Stats: measure()})
		}
	}
}

func measure() *wire.Stats {
	samples := []metrics.Sample{
		{Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/sched/goroutines:goroutines"},
	}
	metrics.Read(samples)
	return &wire.Stats{
		HeapBytes:  int64(samples[0].Value.Uint64()),
		Goroutines: int(samples[1].Value.Uint64()),
		RSSBytes:   rss(),
		CPUSeconds: cpuSeconds(),
	}
}

// rss is the resident memory of this process; 0 where /proc is not there.
func rss() int64 {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	f := strings.Fields(string(b))
	if len(f) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(f[1], 10, 64) // the kernel writes numbers
	return pages * int64(os.Getpagesize())
}

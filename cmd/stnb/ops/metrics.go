package ops

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"stnb.dev/kernel/wire"
	"stnb.dev/notebook/session"
)

// bounds are the upper ends of the histogram's buckets, seconds.
var bounds = []float64{0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60}

// Metrics count runs and kernels. Its methods may be called from any goroutine.
type Metrics struct {
	mu       sync.Mutex
	buckets  []int64 // of runs, by bound; the last is for all longer ones
	seconds  float64
	runs     map[string]int64 // that ended, by status
	active   int              // begun and not ended
	waiting  int              // of them those of which nothing was heard yet
	kernels  map[*counted]int64
	starts   int64
	exits    int64 // that nobody asked for
	restarts int64
	gauges   []gauge
}

type gauge struct {
	name, help string
	value      func() float64
}

// NewMetrics returns metrics of which nothing was counted yet.
func NewMetrics() *Metrics {
	return &Metrics{buckets: make([]int64, len(bounds)+1), runs: map[string]int64{}, kernels: map[*counted]int64{}}
}

// Gauge adds a number that is asked for when somebody looks.
func (m *Metrics) Gauge(name, help string, value func() float64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.gauges = append(m.gauges, gauge{name, help, value})
}

// counted is a kernel whose messages are counted on their way.
type counted struct {
	session.Kernel
	m   *Metrics
	log *slog.Logger

	mu   sync.Mutex
	runs map[string]*run // by session
	over bool
}

type run struct {
	n     uint64
	began time.Time
	heard bool
}

// Watch counts what the kernels do that launch starts, and logs each run under the
// ids of its session and its own.
func (m *Metrics) Watch(launch session.Launch, log *slog.Logger) session.Launch {
	var died bool // the kernel before; guarded by m.mu
	return func(ctx context.Context, engine string, receive func(wire.Message), exited func(string)) (session.Kernel, error) {
		k := &counted{m: m, log: log, runs: map[string]*run{}}
		inner, err := launch(ctx, engine, func(msg wire.Message) {
			k.hear(msg)
			receive(msg)
		}, func(cause string) {
			if k.end() { // nobody told it to
				m.mu.Lock()
				m.exits++
				died = true
				m.mu.Unlock()
			}
			exited(cause)
		})
		if err != nil {
			return nil, err
		}
		k.Kernel = inner
		m.mu.Lock()
		m.starts++
		if died {
			m.restarts++
			died = false
		}
		k.mu.Lock()
		if !k.over {
			m.kernels[k] = 0
		}
		k.mu.Unlock()
		m.mu.Unlock()
		return k, nil
	}
}

func (k *counted) Send(msg wire.Message) error {
	if msg.Run != nil || msg.Close != nil {
		k.count(msg)
	}
	return k.Kernel.Send(msg)
}

func (k *counted) count(msg wire.Message) {
	k.m.mu.Lock()
	defer k.m.mu.Unlock()
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case k.over:
	case msg.Close != nil: // its run may end without a word
		k.drop(msg.Close.Session)
	default:
		k.drop(msg.Run.Session)
		k.m.active++
		k.m.waiting++
		k.runs[msg.Run.Session] = &run{n: msg.Run.Run, began: time.Now()}
	}
}

// drop takes a session's run out of the count, if it has one. The caller holds
// both locks.
func (k *counted) drop(session string) {
	r := k.runs[session]
	if r == nil {
		return
	}
	delete(k.runs, session)
	k.m.active--
	if !r.heard {
		k.m.waiting--
	}
}

func (k *counted) Close() {
	k.end()
	k.Kernel.Close()
}

func (k *counted) Kill() {
	k.end()
	k.Kernel.Kill()
}

// end takes the kernel and its runs out of the count; false: it was before.
func (k *counted) end() bool {
	k.m.mu.Lock()
	defer k.m.mu.Unlock()
	k.mu.Lock()
	defer k.mu.Unlock()
	for s := range k.runs {
		k.drop(s)
	}
	first := !k.over
	k.over = true
	delete(k.m.kernels, k)
	return first
}

func (k *counted) hear(msg wire.Message) {
	switch {
	case msg.Stats != nil:
		k.m.mu.Lock()
		if _, ok := k.m.kernels[k]; ok {
			k.m.kernels[k] = msg.Stats.RSSBytes
		}
		k.m.mu.Unlock()
	case msg.CellStart != nil:
		k.begun(msg.CellStart.Session)
	case msg.Deltas != nil:
		k.begun(msg.Deltas.Session)
	case msg.RunEnd != nil:
		k.ended(msg.RunEnd)
	}
}

func (k *counted) begun(of string) {
	k.mu.Lock()
	r := k.runs[of]
	first := r != nil && !r.heard
	if first {
		r.heard = true
	}
	k.mu.Unlock()
	if first {
		k.m.mu.Lock()
		k.m.waiting--
		k.m.mu.Unlock()
	}
}

func (k *counted) ended(e *wire.RunEnd) {
	k.begun(e.Session)
	k.mu.Lock()
	r := k.runs[e.Session]
	if r == nil || r.n != e.Run {
		k.mu.Unlock()
		return
	}
	delete(k.runs, e.Session)
	k.mu.Unlock()
	took := time.Since(r.began).Seconds()
	i, _ := slices.BinarySearch(bounds, took)
	m := k.m
	m.mu.Lock()
	m.active--
	m.buckets[i]++
	m.seconds += took
	m.runs[string(e.Status)]++
	m.mu.Unlock()
	k.log.Info("run", "session", e.Session, "run", e.Run, "status", string(e.Status), "ms", int64(took*1000))
}

// Write writes all numbers in Prometheus' text format.
func (m *Metrics) Write(w io.Writer) {
	m.mu.Lock()
	gauges := slices.Clone(m.gauges)
	var rss int64
	for _, n := range m.kernels {
		rss += n
	}
	var b strings.Builder
	put := func(name, kind, help string, value any) {
		fmt.Fprintf(&b, "# HELP stnb_%s %s\n# TYPE stnb_%s %s\nstnb_%s %v\n", name, help, name, kind, name, value)
	}
	b.WriteString("# HELP stnb_run_seconds Time of runs, from being asked for to their end.\n# TYPE stnb_run_seconds histogram\n")
	var sum int64
	for i, n := range m.buckets {
		sum += n
		le := "+Inf"
		if i < len(bounds) {
			le = fmt.Sprint(bounds[i])
		}
		fmt.Fprintf(&b, "stnb_run_seconds_bucket{le=%q} %d\n", le, sum)
	}
	fmt.Fprintf(&b, "stnb_run_seconds_sum %g\nstnb_run_seconds_count %d\n", m.seconds, sum)
	b.WriteString("# HELP stnb_runs_total Runs that ended, by how.\n# TYPE stnb_runs_total counter\n")
	var statuses []string
	for s := range m.runs {
		statuses = append(statuses, s)
	}
	slices.Sort(statuses)
	for _, s := range statuses {
		fmt.Fprintf(&b, "stnb_runs_total{status=%q} %d\n", s, m.runs[s])
	}
	put("runs_active", "gauge", "Runs begun and not ended.", m.active)
	put("runs_waiting", "gauge", "Runs asked for of which nothing was heard yet.", m.waiting)
	put("kernels", "gauge", "Kernel processes.", len(m.kernels))
	put("kernel_memory_bytes", "gauge", "Memory of all kernels together.", rss)
	put("kernel_starts_total", "counter", "Kernels started.", m.starts)
	put("kernel_exits_total", "counter", "Kernels that ended and were not told to.", m.exits)
	put("kernel_restarts_total", "counter", "Kernels started in the place of one that ended by itself.", m.restarts)
	m.mu.Unlock()
	for _, g := range gauges { // not under the lock: they ask sessions
		put(g.name, "gauge", g.help, g.value())
	}
	io.WriteString(w, b.String())
}

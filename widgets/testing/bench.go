package testing

import (
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"time"
)

// benchTime is how long a benchmark runs for its figure.
const benchTime = 300 * time.Millisecond

// B is a benchmark that runs.
type B struct {
	Common
	N int

	on       bool
	start    time.Time
	elapsed  time.Duration
	mallocs  uint64
	bytes    uint64
	before   runtime.MemStats
	metrics  map[string]float64
	loops    int
	hasSubs  bool
	setBytes int64
}

// At is for lowering, see TB.
func (b *B) At(line int) TB { b.line = line; return b }

// StartTimer begins to count time.
func (b *B) StartTimer() {
	if !b.on {
		runtime.ReadMemStats(&b.before)
		b.start, b.on = time.Now(), true
	}
}

// StopTimer pauses the count.
func (b *B) StopTimer() {
	if b.on {
		b.elapsed += time.Since(b.start)
		var now runtime.MemStats
		runtime.ReadMemStats(&now)
		b.mallocs += now.Mallocs - b.before.Mallocs
		b.bytes += now.TotalAlloc - b.before.TotalAlloc
		b.on = false
	}
}

// ResetTimer forgets what was counted.
func (b *B) ResetTimer() {
	b.elapsed, b.mallocs, b.bytes, b.metrics = 0, 0, 0, nil
	if b.on {
		runtime.ReadMemStats(&b.before)
		b.start = time.Now()
	}
}

// Elapsed is the time counted so far.
func (b *B) Elapsed() time.Duration {
	if b.on {
		return b.elapsed + time.Since(b.start)
	}
	return b.elapsed
}

// Loop says whether to go on: for b.Loop() { ... } runs as long as it takes.
func (b *B) Loop() bool {
	if b.loops == 0 {
		b.ResetTimer()
	}
	if b.loops > 0 && (b.Elapsed() >= benchTime || b.loops >= 1e9) {
		b.StopTimer()
		b.N = b.loops
		return false
	}
	b.loops++
	return true
}

// ReportAllocs does nothing: allocations are always reported.
func (b *B) ReportAllocs() {}

// SetBytes notes the bytes of one operation, for a rate.
func (b *B) SetBytes(n int64) { b.setBytes = n }

// ReportMetric adds a figure to the report.
func (b *B) ReportMetric(n float64, unit string) {
	if b.metrics == nil {
		b.metrics = map[string]float64{}
	}
	b.metrics[unit] = n
}

// SetParallelism does nothing: one goroutine runs.
func (b *B) SetParallelism(int) {}

// PB is the loop of RunParallel.
type PB struct{ left int }

// Next says whether to go on.
func (pb *PB) Next() bool { pb.left--; return pb.left >= 0 }

// RunParallel runs the body on this one goroutine.
func (b *B) RunParallel(body func(*PB)) { body(&PB{b.N}) }

// Run runs a sub-benchmark.
func (b *B) Run(name string, f func(b *B)) bool {
	b.hasSubs = true
	return b.suite.bench(b.sub(name), f, &b.Common)
}

// Bench runs a benchmark.
func (s *Suite) Bench(name string, f func(b *B)) { s.bench(name, f, nil) }

func (s *Suite) bench(name string, f func(b *B), parent *Common) bool {
	b := &B{Common: *s.begin(name, parent)}
	b.run(func() {
		for n := 1; ; {
			b.N, b.elapsed, b.mallocs, b.bytes, b.loops = n, 0, 0, 0, 0
			b.StartTimer()
			f(b)
			b.StopTimer()
			if b.failed || b.hasSubs || b.loops > 0 || b.elapsed >= benchTime || n >= 1e9 {
				return
			}
			n = more(n, b.elapsed)
		}
	})
	r := &s.Results[b.at]
	if b.hasSubs {
		return !b.failed
	}
	per := int64(max(b.N, 1))
	r.Bench, r.N, r.PerOp = true, b.N, b.elapsed/time.Duration(per)
	r.Allocs, r.Bytes, r.Metrics = int64(b.mallocs)/per, int64(b.bytes)/per, b.metrics
	if b.setBytes > 0 && b.elapsed > 0 {
		b.ReportMetric(float64(b.setBytes)*float64(b.N)/1e6/b.elapsed.Seconds(), "MB/s")
		r.Metrics = b.metrics
	}
	return !b.failed
}

// more is how often to run next, to fill the time.
func more(n int, took time.Duration) int {
	next := 100 * n
	if took > 0 {
		next = int(float64(n) * 1.2 * float64(benchTime) / float64(took))
	}
	return min(max(next, n+1), 100*n, 1e9)
}

// BenchmarkResult is what Benchmark measured.
type BenchmarkResult struct {
	N         int
	T         time.Duration
	Bytes     int64
	MemAllocs uint64
	MemBytes  uint64
	Extra     map[string]float64
}

// NsPerOp is the time of one operation.
func (r BenchmarkResult) NsPerOp() int64 { return r.T.Nanoseconds() / int64(max(r.N, 1)) }

// AllocsPerOp is how many allocations one operation made.
func (r BenchmarkResult) AllocsPerOp() int64 { return int64(r.MemAllocs) / int64(max(r.N, 1)) }

// AllocedBytesPerOp is how much one operation allocated.
func (r BenchmarkResult) AllocedBytesPerOp() int64 { return int64(r.MemBytes) / int64(max(r.N, 1)) }

// String is the result as go test prints it.
func (r BenchmarkResult) String() string { return fmt.Sprintf("%8d\t%10d ns/op", r.N, r.NsPerOp()) }

// MemString is the allocations as go test prints them.
func (r BenchmarkResult) MemString() string {
	return fmt.Sprintf("%8d B/op\t%8d allocs/op", r.AllocedBytesPerOp(), r.AllocsPerOp())
}

// F is a fuzz test: its seeds are run.
type F struct {
	Common
	seeds [][]any
}

// At is for lowering, see TB.
func (f *F) At(line int) TB { f.line = line; return f }

// Add adds a seed.
func (f *F) Add(args ...any) { f.seeds = append(f.seeds, args) }

// Fuzz runs the func with each seed, as a subtest.
func (f *F) Fuzz(ff any) {
	fn := reflect.ValueOf(ff)
	if fn.Kind() != reflect.Func || fn.Type().NumIn() == 0 || fn.Type().In(0) != reflect.TypeFor[*T]() {
		f.Fatal("Fuzz wants a func whose first parameter is a *testing.T")
	}
	for i, seed := range f.seeds {
		if len(seed) != fn.Type().NumIn()-1 {
			f.Fatalf("seed %d has %d values, the func takes %d", i, len(seed), fn.Type().NumIn()-1)
		}
		t := &T{*f.suite.begin(f.sub(fmt.Sprintf("seed#%d", i)), &f.Common)}
		args := []reflect.Value{reflect.ValueOf(t)}
		for k, v := range seed {
			args = append(args, reflect.ValueOf(v).Convert(fn.Type().In(k+1)))
		}
		t.run(func() { fn.Call(args) })
	}
}

// Fuzz runs a fuzz test's seeds.
func (s *Suite) Fuzz(name string, fuzz func(f *F)) {
	f := &F{Common: *s.begin(name, nil)}
	f.run(func() { fuzz(f) })
}

func sorted(text string) string {
	lines := strings.Split(text, "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

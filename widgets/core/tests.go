package core

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"stnb.dev/widgets/element"
	"stnb.dev/widgets/run"
	"stnb.dev/widgets/testing"
)

// The calls of the lowered text for tests written in a cell: one for each, in the
// order they stand there, then TestReport.

// RunTest runs func TestX of a cell.
func RunTest(name string, f func(t *testing.T)) { bound().RunTest(name, f) }

// RunBenchmark runs func BenchmarkX of a cell.
func RunBenchmark(name string, f func(b *testing.B)) { bound().RunBenchmark(name, f) }

// RunFuzz runs the seeds of func FuzzX of a cell.
func RunFuzz(name string, f func(f *testing.F)) { bound().RunFuzz(name, f) }

// RunExample runs func ExampleX of a cell; want is its output comment, if it has one.
func RunExample(name string, f func(), want string, unordered, has bool) {
	bound().RunExample(name, f, want, unordered, has)
}

// TestReport shows how the tests of a cell ended.
func TestReport() { bound().TestReport() }

// Timed runs the statements of a cell with the directive //st:time: once as they
// are, then over and over for the figure.
func Timed(runs, loops int, f func()) { bound().Timed(runs, loops, f) }

// Capturer is what a Host may have to keep what user code prints and shows off the
// screen; it returns what was printed.
type Capturer interface {
	Capture(f func()) string
}

func (s *Session) capture(f func()) string {
	if c, ok := s.Host.(Capturer); ok {
		return c.Capture(f)
	}
	f()
	return ""
}

// testing runs f with the cell's suite. A visitor of an app runs no tests.
func (s *Session) testing(f func(suite *testing.Suite)) {
	if s.Cfg.App {
		return
	}
	s.mu.Lock()
	if s.suite == nil {
		s.suite = testing.NewSuite(s.Context())
	}
	suite := s.suite
	s.mu.Unlock()
	returned := false
	defer func() {
		if !returned {
			s.report() // what ended before the panic
		}
	}()
	f(suite)
	returned = true
}

// RunTest runs func TestX of a cell.
func (s *Session) RunTest(name string, f func(t *testing.T)) {
	s.testing(func(suite *testing.Suite) { suite.Test(name, f) })
}

// RunBenchmark runs func BenchmarkX of a cell.
func (s *Session) RunBenchmark(name string, f func(b *testing.B)) {
	s.testing(func(suite *testing.Suite) { suite.Bench(name, f) })
}

// RunFuzz runs the seeds of func FuzzX of a cell.
func (s *Session) RunFuzz(name string, f func(f *testing.F)) {
	s.testing(func(suite *testing.Suite) { suite.Fuzz(name, f) })
}

// RunExample runs func ExampleX of a cell.
func (s *Session) RunExample(name string, f func(), want string, unordered, has bool) {
	s.testing(func(suite *testing.Suite) {
		suite.Example(name, func() string { return s.capture(f) }, want, unordered, has)
	})
}

// TestReport shows how the tests of a cell ended. When one failed the cell fails.
func (s *Session) TestReport() {
	if failed, all := s.report(); failed > 0 {
		panic(&run.Failure{Message: fmt.Sprintf("%d of %d tests failed", failed, all)})
	}
}

func (s *Session) report() (failed, all int) {
	s.mu.Lock()
	suite := s.suite
	s.suite = nil
	s.mu.Unlock()
	if suite == nil {
		return 0, 0
	}
	s.Put(nil, run.El("stdout", element.Stdout{Stream: "stdout", Text: reportText(suite.Results)}))
	return suite.Failures(), len(suite.Results)
}

// reportText is a line for each result, with its messages below it.
func reportText(results []testing.Result) string {
	width := 0
	for _, r := range results {
		width = max(width, len(r.Name))
	}
	var b strings.Builder
	for _, r := range results {
		word := "ok  "
		switch {
		case r.Failed:
			word = "FAIL"
		case r.Skipped:
			word = "skip"
		}
		figures := duration(r.Duration)
		if r.Bench && !r.Failed {
			figures = fmt.Sprintf("%s ns/op  %s B/op  %s allocs/op  %s times", grouped(int(r.PerOp.Nanoseconds())), grouped(int(r.Bytes)), grouped(int(r.Allocs)), grouped(r.N))
			for _, unit := range slices.Sorted(maps.Keys(r.Metrics)) {
				figures += fmt.Sprintf("  %.4g %s", r.Metrics[unit], unit)
			}
		}
		fmt.Fprintf(&b, "%s  %-*s  %s\n", word, width, r.Name, figures)
		for _, line := range r.Log {
			b.WriteString("      " + strings.ReplaceAll(line, "\n", "\n      ") + "\n")
		}
	}
	return b.String()
}

// duration is a time in a unit that suits it, with three digits.
func duration(d time.Duration) string {
	for _, u := range []struct {
		name string
		of   time.Duration
	}{{"s", time.Second}, {"ms", time.Millisecond}, {"µs", time.Microsecond}} {
		if d >= u.of {
			return fmt.Sprintf("%.3g %s", float64(d)/float64(u.of), u.name)
		}
	}
	return fmt.Sprintf("%d ns", d.Nanoseconds())
}

// How long Timed takes for its figure when the directive does not say.
const (
	timedRuns  = 7
	timedBatch = 200 * time.Millisecond // about a run of its loops
	timedTotal = 3 * time.Second
)

// Timed runs f as the cell, then measures it: so many runs of so many loops each,
// or what time allows (0). What f shows and prints again is not on the screen. In an
// app it runs once.
func (s *Session) Timed(runs, loops int, f func()) {
	began := time.Now()
	f()
	if s.Cfg.App {
		return
	}
	once := time.Since(began)
	if runs == 0 {
		runs = min(timedRuns, max(2, int(timedTotal/max(once, 1))))
	}
	batch := func(n int) (took time.Duration) {
		s.capture(func() {
			s.Aside(func() {
				began := time.Now()
				for range n {
					f()
				}
				took = time.Since(began)
			})
		})
		return took
	}
	if loops == 0 {
		loops = 1
		for took := once; took < timedBatch/10 && loops < 1e6; {
			loops *= 10
			took = batch(loops)
		}
	}
	var sum, squares float64
	for range runs {
		per := float64(batch(loops)) / float64(loops)
		sum += per
		squares += per * per
	}
	mean := sum / float64(runs)
	deviation := math.Sqrt(max(0, squares/float64(runs)-mean*mean))
	s.Put(nil, run.El("stdout", element.Stdout{Stream: "stdout", Text: fmt.Sprintf("%s ± %s a run (mean ± deviation of %s runs, %s loops each)\n",
		duration(time.Duration(mean)), duration(time.Duration(deviation)), grouped(runs), grouped(loops))}))
}

// Package testing is what a cell gets that imports "testing": the T, B, F and TB of
// Go's own package, for tests, benchmarks, examples and fuzz seeds that run where
// they are written. Go's package cannot serve: it runs each test on a goroutine of
// its own, where a panic ends the process, and writes its report to standard output.
//
// Tests run one after the other, also those that call Parallel. A panic ends the
// cell, as it ends a test binary.
package testing

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// TB is what T, B and F have in common.
type TB interface {
	ArtifactDir() string
	Attr(key, value string)
	Chdir(dir string)
	Cleanup(func())
	Context() context.Context
	Error(args ...any)
	Errorf(format string, args ...any)
	Fail()
	FailNow()
	Failed() bool
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Helper()
	Log(args ...any)
	Logf(format string, args ...any)
	Name() string
	Output() io.Writer
	Setenv(key, value string)
	Skip(args ...any)
	SkipNow()
	Skipf(format string, args ...any)
	Skipped() bool
	TempDir() string

	// At returns the same TB for a call in that line of its cell. Lowering writes
	// the call; nobody else needs it.
	At(line int) TB
}

// Result is how one test, subtest, benchmark, example or fuzz seed ended.
type Result struct {
	Name     string
	Failed   bool
	Skipped  bool
	Log      []string // messages, "line 3: got 1, want 2"
	Duration time.Duration
	// Of a benchmark.
	Bench   bool
	N       int
	PerOp   time.Duration
	Allocs  int64 // per operation
	Bytes   int64 // allocated per operation
	Metrics map[string]float64
}

// Suite is the tests of one cell.
type Suite struct {
	Results []Result
	ctx     context.Context
}

// NewSuite returns a suite whose tests have that context.
func NewSuite(ctx context.Context) *Suite { return &Suite{ctx: ctx} }

// Failures is how many results are of failures, without counting a test for its
// subtests' sake.
func (s *Suite) Failures() int {
	n := 0
	for i, r := range s.Results {
		parent := i+1 < len(s.Results) && strings.HasPrefix(s.Results[i+1].Name, r.Name+"/")
		if r.Failed && !(parent && len(r.Log) == 0) {
			n++
		}
	}
	return n
}

// ended is what ends a test early: FailNow and SkipNow panic with it. It is a
// control, which no recover of user code keeps.
type ended struct{}

func (ended) Error() string       { return "the test has ended" }
func (ended) StnbControl() string { return "testend" }

// Common is what T, B and F are made of.
type Common struct {
	suite   *Suite
	name    string
	line    int
	parent  *Common
	failed  bool
	skipped bool
	ending  bool // FailNow or SkipNow was called
	at      int  // index of its result
	log     []string
	cleanup []func()
	ctx     context.Context
	cancel  context.CancelFunc
	subs    map[string]int
}

// begin opens a result, so that subtests come behind their test.
func (s *Suite) begin(name string, parent *Common) *Common {
	c := &Common{suite: s, name: name, parent: parent, at: len(s.Results), subs: map[string]int{}}
	c.ctx, c.cancel = context.WithCancel(s.ctx)
	s.Results = append(s.Results, Result{Name: name})
	return c
}

// run runs f as the test, up to its cleanups, and notes the result. A panic that
// is not the test's own goes on, with the test failed.
func (c *Common) run(f func()) {
	began := time.Now()
	returned := false
	defer func() {
		if !returned {
			c.failed = true
			c.log = append(c.log, "panicked")
		}
		r := &c.suite.Results[c.at]
		r.Failed, r.Skipped, r.Log, r.Duration = c.failed, c.skipped, c.log, time.Since(began)
		if c.failed && c.parent != nil {
			c.parent.failed = true
		}
	}()
	c.guard(f)
	c.cancel()
	for len(c.cleanup) > 0 {
		last := c.cleanup[len(c.cleanup)-1]
		c.cleanup = c.cleanup[:len(c.cleanup)-1]
		c.guard(last)
	}
	returned = true
}

// guard runs f; the test's own early end is its return. Nothing else is recovered,
// so that a panic keeps its place.
func (c *Common) guard(f func()) {
	defer func() {
		if c.ending {
			_ = recover()
			c.ending = false
		}
	}()
	f()
}

// sub names a subtest as Go does.
func (c *Common) sub(name string) string {
	name = strings.Map(func(r rune) rune {
		if r == ' ' || r == '\t' || r == '\n' {
			return '_'
		}
		return r
	}, name)
	if name == "" {
		name = "#00"
	}
	n := c.subs[name]
	c.subs[name]++
	if n > 0 {
		name = fmt.Sprintf("%s#%02d", name, n)
	}
	return c.name + "/" + name
}

func (c *Common) note(text string) {
	text = strings.TrimSuffix(text, "\n")
	if c.line > 0 {
		text = fmt.Sprintf("line %d: %s", c.line, text)
	}
	c.log = append(c.log, text)
}

func (c *Common) end() { c.ending = true; panic(ended{}) }

// Name returns the test's name.
func (c *Common) Name() string { return c.name }

// Helper does nothing: a message names the line of its own call.
func (c *Common) Helper() {}

// Context is done just before the test's cleanups run.
func (c *Common) Context() context.Context { return c.ctx }

// Cleanup registers a func to run when the test is over, last first.
func (c *Common) Cleanup(f func()) { c.cleanup = append(c.cleanup, f) }

// Fail marks the test as failed; it goes on.
func (c *Common) Fail() { c.failed = true }

// Failed says whether the test has failed.
func (c *Common) Failed() bool { return c.failed }

// FailNow ends the test as failed.
func (c *Common) FailNow() { c.Fail(); c.end() }

// Log notes a line for the report.
func (c *Common) Log(args ...any) { c.note(fmt.Sprintln(args...)) }

// Logf is Log with a format.
func (c *Common) Logf(format string, args ...any) { c.note(fmt.Sprintf(format, args...)) }

// Error is Log and Fail.
func (c *Common) Error(args ...any) { c.Log(args...); c.Fail() }

// Errorf is Logf and Fail.
func (c *Common) Errorf(format string, args ...any) { c.Logf(format, args...); c.Fail() }

// Fatal is Log and FailNow.
func (c *Common) Fatal(args ...any) { c.Log(args...); c.FailNow() }

// Fatalf is Logf and FailNow.
func (c *Common) Fatalf(format string, args ...any) { c.Logf(format, args...); c.FailNow() }

// Skip is Log and SkipNow.
func (c *Common) Skip(args ...any) { c.Log(args...); c.SkipNow() }

// Skipf is Logf and SkipNow.
func (c *Common) Skipf(format string, args ...any) { c.Logf(format, args...); c.SkipNow() }

// SkipNow ends the test as skipped.
func (c *Common) SkipNow() { c.skipped = true; c.end() }

// Skipped says whether the test was skipped.
func (c *Common) Skipped() bool { return c.skipped }

// Setenv sets an environment variable until the test is over.
func (c *Common) Setenv(key, value string) {
	old, had := os.LookupEnv(key)
	if err := os.Setenv(key, value); err != nil {
		c.Fatalf("cannot set environment variable: %v", err)
	}
	c.Cleanup(func() {
		if had {
			_ = os.Setenv(key, old) // it was set to that before
		} else {
			_ = os.Unsetenv(key)
		}
	})
}

// Chdir changes the working directory until the test is over.
func (c *Common) Chdir(dir string) {
	old, err := os.Getwd()
	if err == nil {
		err = os.Chdir(dir)
	}
	if err != nil {
		c.Fatal(err)
	}
	c.Cleanup(func() { _ = os.Chdir(old) }) // it was there before
}

// TempDir makes a folder that goes when the test is over.
func (c *Common) TempDir() string {
	dir, err := os.MkdirTemp("", strings.NewReplacer("/", "_", string(filepath.Separator), "_").Replace(c.name))
	if err != nil {
		c.Fatalf("TempDir: %v", err)
	}
	c.Cleanup(func() { _ = os.RemoveAll(dir) }) // the system cleans up what is left
	return dir
}

// ArtifactDir is TempDir: a cell keeps no artifacts.
func (c *Common) ArtifactDir() string { return c.TempDir() }

// Attr notes a key and a value for the report.
func (c *Common) Attr(key, value string) { c.note(key + " = " + value) }

// Output is a writer whose lines come into the report.
func (c *Common) Output() io.Writer { return writer{c} }

type writer struct{ c *Common }

func (w writer) Write(b []byte) (int, error) {
	for _, line := range bytes.Split(bytes.TrimSuffix(b, []byte("\n")), []byte("\n")) {
		w.c.log = append(w.c.log, string(line))
	}
	return len(b), nil
}

// T is a test that runs.
type T struct{ Common }

// At is for lowering, see TB.
func (t *T) At(line int) TB { t.line = line; return t }

// Parallel does nothing: tests of a cell run one after the other.
func (t *T) Parallel() {}

// Deadline says that there is none.
func (t *T) Deadline() (deadline time.Time, ok bool) { return time.Time{}, false }

// Run runs a subtest.
func (t *T) Run(name string, f func(t *T)) bool {
	sub := &T{*t.suite.begin(t.sub(name), &t.Common)}
	sub.run(func() { f(sub) })
	return !sub.failed
}

// Test runs a test.
func (s *Suite) Test(name string, f func(t *T)) {
	t := &T{*s.begin(name, nil)}
	t.run(func() { f(t) })
}

// Example runs an example: what it prints, as capture gives it, must be want.
// Without an output comment it is only known to compile, as in Go.
func (s *Suite) Example(name string, capture func() string, want string, unordered, has bool) {
	if !has {
		s.Results = append(s.Results, Result{Name: name, Skipped: true, Log: []string{"has no // Output: comment"}})
		return
	}
	c := s.begin(name, nil)
	c.run(func() {
		got := strings.TrimSpace(capture())
		want := strings.TrimSpace(want)
		if unordered {
			got, want = sorted(got), sorted(want)
		}
		if got != want {
			c.log = append(c.log, "got:\n"+got+"\nwant:\n"+want)
			c.failed = true
		}
	})
}

// Short says that tests should be quick: never here.
func Short() bool { return false }

// Verbose says that tests should tell more: always, as the report has room.
func Verbose() bool { return true }

// Testing says that this is a test.
func Testing() bool { return true }

// CoverMode says that coverage is not measured.
func CoverMode() string { return "" }

// AllocsPerRun is the average number of allocations of a call of f.
func AllocsPerRun(runs int, f func()) float64 {
	f()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range runs {
		f()
	}
	runtime.ReadMemStats(&after)
	return float64((after.Mallocs - before.Mallocs) / uint64(max(runs, 1)))
}

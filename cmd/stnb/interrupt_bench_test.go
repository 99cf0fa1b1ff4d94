package main

import (
	"cmp"
	"os"
	"slices"
	"testing"
	"time"

	"stnb.dev/kernel"
	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
	"stnb.dev/notebook/session"
)

// interruptLimit is how long an interrupt may take, 95 times of 100.
const interruptLimit = 100 * time.Millisecond

// What an interrupt has to end.
var endless = map[string]string{
	"loop":    "n := 0\nfor { n++ }",
	"calls":   "func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }\nfib(60)",
	"sleep":   "import \"time\"\ntime.Sleep(time.Hour)",
	"channel": "import \"time\"\n_ = time.Now()\nch := make(chan int)\n<-ch",
	"query":   "import st \"stnb.dev/widgets\"\nst.SQL(\"select count(*) from range(100000000) a, range(100000) b where a.range + b.range = 7\").Count()",
	"http":    "import (\"net\"; \"net/http\")\nl, _ := net.Listen(\"tcp\", \"127.0.0.1:0\")\nhttp.Get(\"http://\" + l.Addr().String())",
}

// The time from Stop to the end of the run.
func BenchmarkInterrupt(b *testing.B) {
	for _, engine := range []string{"yaegi", "ssa"} {
		for name, source := range endless {
			b.Run(engine+"/"+name, func(b *testing.B) {
				nb := &notebook.Notebook{Cells: []notebook.Cell{{ID: "a", Kind: notebook.Go, Source: source}}}
				k := startKernel(b, engine)
				defer k.Kill()
				units := session.Build(nb).Units()
				k.send(b, wire.Message{Load: &wire.Load{Seq: 2, Units: units}})
				if l := k.next(func(m wire.Message) bool { return m.Loaded != nil }).Loaded; len(l.Problems) > 0 {
					b.Fatalf("loaded %+v", l)
				}
				var took []time.Duration
				for n := uint64(1); b.Loop(); n++ {
					k.send(b, wire.Message{Run: &wire.Run{Session: "s", Run: n, Cells: []string{"a"}}})
					k.next(func(m wire.Message) bool { return m.CellStart != nil })
					time.Sleep(time.Duration(5+n%20) * time.Millisecond) // somewhere in the middle of it
					began := time.Now()
					k.send(b, wire.Message{Stop: &wire.Stop{Session: "s", Run: n, Reason: wire.Interrupted}})
					// A call that was cut short may be an error value that the cell ignores:
					// then the run comes to its end.
					if end := k.next(func(m wire.Message) bool { return m.RunEnd != nil }).RunEnd; end.Status != wire.RunStopped && name != "http" {
						b.Fatalf("ended %+v", end)
					}
					took = append(took, time.Since(began))
				}
				withinLimit(b, took)
			})
		}
	}
}

// The time from a kernel's death, however it came, to our knowing of it.
func BenchmarkDeath(b *testing.B) {
	exe := cmp.Or(os.Getenv("STNB_BIN"), "../../bin/stnb")
	var took []time.Duration
	for b.Loop() {
		gone := make(chan kernel.Exit, 1)
		k, err := kernel.Start(b.Context(), kernel.Options{
			Exe: exe, Dir: b.TempDir(), Receive: func(wire.Message) {}, Exited: func(e kernel.Exit) { gone <- e },
		})
		if err != nil {
			b.Fatal(err)
		}
		p, err := os.FindProcess(k.PID())
		if err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		if err := p.Kill(); err != nil {
			b.Fatal(err)
		}
		if e := <-gone; e.Cause != kernel.Signal {
			b.Fatalf("%+v", e)
		}
		took = append(took, time.Since(began))
	}
	withinLimit(b, took)
}

// withinLimit reports the 95th percentile, and fails when it is over the limit.
func withinLimit(b *testing.B, took []time.Duration) {
	b.Helper()
	slices.Sort(took)
	p95 := took[len(took)*95/100]
	b.ReportMetric(float64(p95.Microseconds())/1000, "p95-ms")
	if p95 > interruptLimit {
		b.Errorf("it takes %v, the limit is %v", p95, interruptLimit)
	}
}

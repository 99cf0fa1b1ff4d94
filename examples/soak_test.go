//go:build linux

package examples

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"stnb.dev/kernel"
	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
	"stnb.dev/notebook/file"
	"stnb.dev/notebook/session"
)

// TestSoak is the part of "make soak" that looks at one kernel in app mode: a
// hundred thousand reruns of an app of 30 widgets (STNB_SOAK_RUNS), then reruns of
// a notebook of tables and charts for a sixth of the time that is given. Nothing
// may grow once it is warm: memory, goroutines, descriptors.
func TestSoak(t *testing.T) {
	length, err := time.ParseDuration(os.Getenv("STNB_SOAK"))
	if err != nil {
		t.Skip("make soak runs this, with STNB_SOAK as long as it is to take")
	}
	runs := 100_000
	if n, err := strconv.Atoi(os.Getenv("STNB_SOAK_RUNS")); err == nil {
		runs = n
	}
	for _, engine := range engines {
		t.Run("widgets/"+engine, func(t *testing.T) { soak(t, engine, thirty, runs, time.Time{}) })
	}
	for _, engine := range engines {
		t.Run("flights/"+engine, func(t *testing.T) { soak(t, engine, "flights.md", 1<<30, time.Now().Add(length/6)) })
	}
}

// soak runs the notebook so often, or to the end of its time.
func soak(t *testing.T, engine, name string, runs int, end time.Time) {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	nb, err := file.Read(name, text)
	if err != nil {
		t.Fatal(err)
	}
	k := startWorker(t, dir, engine, nb)
	const looks = 30
	var sizes []soakSize
	began := time.Now()
	n := 0
	for next := 0.0; n < runs && (end.IsZero() || time.Now().Before(end)); {
		n++
		k.run(n)
		done := float64(n) / float64(runs)
		if !end.IsZero() {
			done = float64(time.Since(began)) / float64(end.Sub(began))
		}
		if done >= next {
			next += 1.0 / looks
			sizes = append(sizes, k.size())
		}
	}
	took := time.Since(began)
	if len(sizes) < looks/2 {
		t.Skipf("%d runs are too few to see growth", n)
	}
	early, late := middle(sizes[len(sizes)/6:len(sizes)/3]), middle(sizes[len(sizes)*5/6:])
	t.Logf("%d reruns in %v, %.2f ms each", n, took.Round(time.Second), float64(took.Milliseconds())/float64(n))
	t.Logf("in the second sixth: %v; in the last: %v", early, late)
	for _, x := range []struct {
		what        string
		early, late int
		slack       int
	}{{"kB of memory", early.rss, late.rss, early.rss/10 + 16<<10}, {"goroutines", early.goroutines, late.goroutines, 4}, {"descriptors", early.fds, late.fds, 4}} {
		if x.late > x.early+x.slack {
			t.Errorf("%s grew from %d to %d", x.what, x.early, x.late)
		}
	}
}

type soakSize struct{ rss, heap, goroutines, fds int }

func (s soakSize) String() string {
	return fmt.Sprintf("%d MB resident, %d MB of heap, %d goroutines, %d descriptors", s.rss>>10, s.heap>>10, s.goroutines, s.fds)
}

// middle is the median of each figure.
func middle(all []soakSize) soakSize {
	of := func(f func(soakSize) int) int {
		list := make([]int, len(all))
		for i, s := range all {
			list[i] = f(s)
		}
		slices.Sort(list)
		return list[len(list)/2]
	}
	return soakSize{of(func(s soakSize) int { return s.rss }), of(func(s soakSize) int { return s.heap }),
		of(func(s soakSize) int { return s.goroutines }), of(func(s soakSize) int { return s.fds })}
}

// worker is an app's kernel in a process of its own, driven without a server.
type workerProcess struct {
	t     *testing.T
	proc  *kernel.Process
	says  chan wire.Message
	cells []string
	stats wire.Stats
	text  string // ID of a text input on the screen
}

func startWorker(t *testing.T, dir, engine string, nb *notebook.Notebook) *workerProcess {
	t.Helper()
	nb.Dir = dir
	k := &workerProcess{t: t, says: make(chan wire.Message, 256)}
	p, err := kernel.Start(t.Context(), kernel.Options{
		Dir: dir, Engine: engine, App: true,
		Receive: func(m wire.Message) { k.says <- m },
		Exited:  func(e kernel.Exit) { close(k.says) },
	})
	if err != nil {
		t.Fatal(err)
	}
	k.proc = p
	t.Cleanup(func() {
		go func() {
			for range k.says {
			}
		}()
		p.Close()
	})
	program := session.Build(nb)
	for _, u := range program.Units() {
		k.cells = append(k.cells, u.Cell)
	}
	k.send(wire.Message{Load: &wire.Load{Seq: 1, Units: program.Units()}})
	if l := k.until(func(m wire.Message) bool { return m.Loaded != nil }).Loaded; len(l.Problems) > 0 {
		t.Fatalf("loaded %+v", l)
	}
	k.send(wire.Message{Open: &wire.Open{Session: "s"}})
	return k
}

func (k *workerProcess) send(m wire.Message) {
	k.t.Helper()
	if err := k.proc.Send(m); err != nil {
		k.t.Fatal(err)
	}
}

func (k *workerProcess) until(ok func(wire.Message) bool) wire.Message {
	k.t.Helper()
	for m := range k.says {
		switch {
		case m.Stats != nil:
			k.stats = *m.Stats
		case m.Deltas != nil && k.text == "":
			for _, d := range m.Deltas.Deltas {
				if d.Element != nil && d.Element.Kind == "textInput" {
					k.text = d.Element.ID
				}
			}
		}
		if ok(m) {
			return m
		}
	}
	k.t.Fatal("the kernel ended")
	return wire.Message{}
}

// run is one rerun, with another value typed each time.
func (k *workerProcess) run(n int) {
	k.t.Helper()
	r := &wire.Run{Session: "s", Run: uint64(n), Cells: k.cells, Full: true}
	if k.text != "" {
		r.Widgets = map[string]json.RawMessage{k.text: json.RawMessage(strconv.Quote(fmt.Sprint("typed ", n%100)))}
	}
	k.send(wire.Message{Run: r})
	if end := k.until(func(m wire.Message) bool { return m.RunEnd != nil }).RunEnd; end.Status != wire.RunOK {
		k.t.Fatalf("run %d ended %+v", n, end)
	}
}

func (k *workerProcess) size() soakSize {
	fds, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", k.proc.PID()))
	if err != nil {
		k.t.Fatal(err)
	}
	s := soakSize{heap: int(k.stats.HeapBytes >> 10), goroutines: k.stats.Goroutines, fds: len(fds)}
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", k.proc.PID()))
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			s.rss, _ = strconv.Atoi(strings.Fields(rest)[0])
		}
	}
	return s
}

package kernel_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"stnb.dev/dataframe/page"
	"stnb.dev/kernel"
	"stnb.dev/kernel/internal/fake"
	"stnb.dev/kernel/wire"
	"stnb.dev/kernel/worker"
	"stnb.dev/widgets/element"
)

// TestMain makes the test binary a kernel when it is started as one.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == kernel.Command {
		os.Exit(worker.Main(fake.Config()))
	}
	os.Exit(m.Run())
}

// link is one kernel under test, in this process or in a child.
type link struct {
	t    *testing.T
	send func(wire.Message) error
	msgs chan wire.Message
	proc *kernel.Process // nil in process
	exit chan kernel.Exit
	seq  uint64
}

// hosts runs a test against both.
func hosts(t *testing.T, f func(t *testing.T, k *link)) {
	t.Run("inprocess", func(t *testing.T) { f(t, inProcess(t)) })
	t.Run("child", func(t *testing.T) { f(t, child(t, kernel.Options{})) })
}

func inProcess(t *testing.T) *link {
	toR, toW := io.Pipe()
	fromR, fromW := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := worker.Serve(context.Background(), toR, fromW, fake.Config())
		fromW.Close()
		ended <- err
	}()
	conn := wire.NewConn(fromR, toW)
	if _, err := conn.Greet(wire.Hello{Engine: "auto"}); err != nil {
		t.Fatal(err)
	}
	k := &link{t: t, send: conn.Send, msgs: make(chan wire.Message, 1000)}
	go func() {
		for {
			m, err := conn.Receive()
			if err != nil {
				close(k.msgs)
				return
			}
			k.msgs <- m
		}
	}()
	t.Cleanup(func() {
		toW.Close()
		if err := <-ended; err != nil {
			t.Errorf("the worker ended with %v", err)
		}
	})
	return k
}

func child(t *testing.T, opt kernel.Options) *link {
	k := &link{t: t, msgs: make(chan wire.Message, 1000), exit: make(chan kernel.Exit, 1)}
	opt.Engine = "auto"
	opt.Receive = func(m wire.Message) { k.msgs <- m }
	opt.Exited = func(e kernel.Exit) { k.exit <- e; close(k.msgs) }
	p, err := kernel.Start(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	k.proc, k.send = p, p.Send
	t.Cleanup(p.Close)
	return k
}

// load compiles cells c0, c1, ... of the given sources.
func (k *link) load(sources ...string) *wire.Loaded {
	k.t.Helper()
	k.seq++
	l := &wire.Load{Seq: k.seq}
	for i, src := range sources {
		l.Units = append(l.Units, wire.Unit{ID: fmt.Sprintf("u%d-%d", i, k.seq), Cell: fmt.Sprintf("c%d", i), Func: "F", Source: src})
	}
	k.must(wire.Message{Load: l})
	return k.until(func(m wire.Message) bool { return m.Loaded != nil })[0].Loaded
}

func (k *link) must(m wire.Message) {
	k.t.Helper()
	if err := k.send(m); err != nil {
		k.t.Fatal(err)
	}
}

// until returns what comes, the last first, up to a message that matches.
func (k *link) until(f func(wire.Message) bool) []wire.Message {
	k.t.Helper()
	var got []wire.Message
	timeout := time.After(time.Minute)
	for {
		select {
		case m, ok := <-k.msgs:
			if !ok {
				k.t.Fatal("the link ended")
			}
			if m.Stats != nil {
				continue
			}
			got = append([]wire.Message{m}, got...)
			if f(m) {
				return got
			}
		case <-timeout:
			k.t.Fatalf("no answer; got %+v", got)
		}
	}
}

func (k *link) run(cells ...string) (*wire.RunEnd, string) {
	k.t.Helper()
	k.seq++
	k.must(wire.Message{Run: &wire.Run{Session: "s", Run: k.seq, Cells: cells}})
	return k.ended()
}

// ended waits for RunEnd and writes down what came before it, one event a line.
func (k *link) ended() (*wire.RunEnd, string) {
	k.t.Helper()
	got := k.until(func(m wire.Message) bool { return m.RunEnd != nil })
	var b strings.Builder
	for i := len(got) - 1; i > 0; i-- {
		switch m := got[i]; {
		case m.CellStart != nil:
			fmt.Fprintf(&b, "start %s\n", m.CellStart.Cell)
		case m.CellEnd != nil:
			fmt.Fprintf(&b, "end %s", m.CellEnd.Cell)
			if f := m.CellEnd.Fault; f != nil {
				fmt.Fprintf(&b, " %s: %s", f.Kind, f.Message)
			}
			b.WriteString("\n")
		case m.Deltas != nil:
			for _, d := range m.Deltas.Deltas {
				fmt.Fprintf(&b, "%s %s %s\n", d.Op, d.Path, describe(d))
			}
		case m.Log != nil:
			fmt.Fprintf(&b, "log %s %q\n", m.Log.Stream, m.Log.Text)
		}
	}
	return got[0].RunEnd, b.String()
}

func describe(d element.Delta) string {
	if d.Element != nil {
		return d.Element.Kind + " " + string(d.Element.Props)
	}
	return string(d.Data)
}

func TestRun(t *testing.T) {
	hosts(t, func(t *testing.T, k *link) {
		k.must(wire.Message{Open: &wire.Open{Session: "s"}})
		if l := k.load("print a\nshow b\nwrite c\nprint d", "panic boom", "print never"); l.Engine != "yaegi" {
			t.Errorf("loaded %+v", l)
		}
		end, got := k.run("c0", "c1", "c2")
		want := `start c0
set main/c0.0 stdout {"stream":"stdout","text":""}
append main/c0.0 {"text":"a\n"}
set main/c0.1 value {"type":"","text":"b"}
set main/c0.2 stdout {"stream":"stdout","text":""}
append main/c0.2 {"text":"c\nd\n"}
end c0
start c1
end c1 panic: boom
`
		if got != want {
			t.Errorf("got:\n%swant:\n%s", got, want)
		}
		if end.Status != wire.RunFailed {
			t.Errorf("ended %+v", end)
		}
	})
}

func TestStop(t *testing.T) {
	hosts(t, func(t *testing.T, k *link) {
		k.must(wire.Message{Open: &wire.Open{Session: "s"}})
		k.load("spin", "stop")
		k.must(wire.Message{Run: &wire.Run{Session: "s", Run: 50, Cells: []string{"c0", "c1"}, Triggers: []wire.Trigger{{Click: "k"}}}})
		k.until(func(m wire.Message) bool { return m.CellStart != nil })
		k.must(wire.Message{Stop: &wire.Stop{Session: "s", Run: 49, Reason: wire.Interrupted}}) // another run: no effect
		k.must(wire.Message{Stop: &wire.Stop{Session: "s", Run: 50, Reason: wire.Superseded}})
		end, _ := k.ended()
		if end.Status != wire.RunStopped || end.Reason != wire.Superseded || len(end.Unseen) != 1 {
			t.Errorf("ended %+v", end)
		}
		if end, _ = k.run("c1"); end.Status != wire.RunStopped || end.Reason != "" {
			t.Errorf("st.Stop ended %+v", end)
		}
	})
}

// Who leaves right after a click has clicked: a run that waits for its turn, and
// is stopped for a reason that makes it run again, takes its clicks first.
func TestStopTakesClicks(t *testing.T) {
	for _, c := range []struct {
		why  wire.StopReason
		want bool
	}{{wire.Superseded, true}, {wire.Closed, true}, {wire.Interrupted, false}} {
		t.Run(string(c.why), func(t *testing.T) {
			hosts(t, func(t *testing.T, k *link) {
				k.must(wire.Message{Open: &wire.Open{Session: "s"}})
				k.load("spin")
				k.must(wire.Message{Run: &wire.Run{Session: "s", Run: 1, Cells: []string{"c0"}}})
				k.until(func(m wire.Message) bool { return m.CellStart != nil })
				k.must(wire.Message{Run: &wire.Run{Session: "s", Run: 2, Cells: []string{"c0"}, Triggers: []wire.Trigger{{Click: "k", Widget: "called"}}}})
				k.must(wire.Message{Stop: &wire.Stop{Session: "s", Run: 2, Reason: c.why}})
				k.must(wire.Message{Stop: &wire.Stop{Session: "s", Run: 1, Reason: wire.Interrupted}})
				k.ended()
				end, got := k.ended()
				if end.Run != 2 || end.Status != wire.RunStopped || end.Reason != c.why {
					t.Errorf("ended %+v", end)
				}
				if strings.Contains(got, "clicked k") != c.want {
					t.Errorf("said:\n%s", got)
				}
			})
		})
	}
}

func TestEngineChoice(t *testing.T) {
	hosts(t, func(t *testing.T, k *link) {
		l := k.load("print a", "refuse not for this engine")
		if l.Engine != "ssa" || l.Reason != "not for this engine" || len(l.Problems) != 0 {
			t.Errorf("first load: %+v", l)
		}
	})
	hosts(t, func(t *testing.T, k *link) {
		k.load("print a")
		l := k.load("print a", "refuse not for this engine")
		if l.Engine != "yaegi" || l.Restart != "ssa" || len(l.Problems) != 1 {
			t.Errorf("later load: %+v", l)
		}
	})
	hosts(t, func(t *testing.T, k *link) {
		l := k.load("print a", "refuse not for this engine", "impossible here", "impossible there")
		if l.Engine != "ssa" || l.Reason != "not for this engine" || len(l.Problems) != 2 {
			t.Errorf("a load that no engine takes whole: %+v", l)
		}
		l = k.load("print a", "impossible here", "doubt what may come")
		if l.Engine != "ssa" || l.Restart != "" {
			t.Errorf("a load after it: %+v", l)
		}
	})
	hosts(t, func(t *testing.T, k *link) {
		l := k.load("impossible for one", "print a")
		if l.Engine != "ssa" || len(l.Problems) != 1 || l.Problems[0].Message != "ssa: for one" {
			t.Errorf("a load that both refuse: %+v", l)
		}
	})
	hosts(t, func(t *testing.T, k *link) {
		l := k.load("doubt what may come")
		if l.Engine != "ssa" || l.Reason != "what may come" || len(l.Problems) != 0 {
			t.Errorf("load of a doubt: %+v", l)
		}
	})
}

func TestFlood(t *testing.T) {
	hosts(t, func(t *testing.T, k *link) {
		k.must(wire.Message{Open: &wire.Open{Session: "s"}})
		size := 50_000_000
		if testing.Short() { // under the race detector each print costs ten times as much
			size /= 5
		}
		k.load(fmt.Sprintf("flood %d\nprint last", size))
		_, got := k.run("c0")
		if len(got) > 2<<20 {
			t.Errorf("%d bytes sent", len(got))
		}
		if !strings.Contains(got, "last") || !strings.Contains(got, `"cut":`) {
			t.Errorf("no tail or no total: %.300s", got)
		}
	})
}

func TestPageAndVars(t *testing.T) {
	hosts(t, func(t *testing.T, k *link) {
		k.must(wire.Message{Open: &wire.Open{Session: "s"}})
		k.load("spin")
		k.must(wire.Message{Run: &wire.Run{Session: "s", Run: 9, Cells: []string{"c0"}}})
		k.until(func(m wire.Message) bool { return m.CellStart != nil })
		k.must(wire.Message{Page: &wire.Page{Seq: 3, Session: "s", Request: page.Request{}}})
		m := k.until(func(m wire.Message) bool { return m.Paged != nil })[0]
		if m.Paged.Seq != 3 || string(m.Blob) != "blob" {
			t.Errorf("paged %+v %q", m.Paged, m.Blob)
		}
		k.must(wire.Message{Vars: &wire.Vars{Seq: 4, Session: "s"}})
		k.until(func(m wire.Message) bool { return m.VarList != nil })
		k.must(wire.Message{Stop: &wire.Stop{Reason: wire.Interrupted}})
		if end, _ := k.ended(); end.Status != wire.RunStopped {
			t.Errorf("ended %+v", end)
		}
	})
}

func TestNoSession(t *testing.T) {
	hosts(t, func(t *testing.T, k *link) {
		k.load("print a")
		if end, _ := k.run("c0"); end.Status != wire.RunFailed || end.Fault == nil {
			t.Errorf("ended %+v", end)
		}
	})
}

// deaths: however a child ends, it is noticed and named.
func TestDeaths(t *testing.T) {
	for _, c := range []struct {
		name, cmd, in string
		limit         int64
		act           func(p *kernel.Process)
		cause         kernel.Cause
	}{
		{name: "kill", cmd: "spin", act: func(p *kernel.Process) { p.Kill() }, cause: kernel.Killed, in: "stopped"},
		{name: "kill -9 from outside", cmd: "spin", act: func(p *kernel.Process) {
			pr, _ := os.FindProcess(p.PID())
			pr.Kill()
		}, cause: kernel.Signal, in: "from outside"},
		{name: "panic in a goroutine", cmd: "crash boo", cause: kernel.Crashed, in: "panic: boo"},
		{name: "exit", cmd: "exit 7", cause: kernel.Crashed, in: "exit status 7"},
		{name: "stack", cmd: "recurse", cause: kernel.Stack, in: "stack overflowed"},
		{name: "memory", cmd: "grow", limit: 200 << 20, cause: kernel.Memory, in: "limit of 200 MB"},
		{name: "close", cmd: "spin", act: func(p *kernel.Process) { p.Close() }, cause: kernel.Ended, in: "closed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := child(t, kernel.Options{MemoryLimit: c.limit})
			k.must(wire.Message{Open: &wire.Open{Session: "s"}})
			k.load(c.cmd)
			k.must(wire.Message{Run: &wire.Run{Session: "s", Run: 1, Cells: []string{"c0"}}})
			if c.act != nil {
				k.until(func(m wire.Message) bool { return m.CellStart != nil })
				c.act(k.proc)
			}
			go func() {
				for range k.msgs {
				}
			}()
			select {
			case e := <-k.exit:
				if e.Cause != c.cause || !strings.Contains(e.Message, c.in) {
					t.Errorf("exit %+v", e)
				}
			case <-time.After(time.Minute): // a stack overflow takes its time on a busy machine
				t.Fatal("the death was not noticed")
			}
			if err := k.proc.Send(wire.Message{}); err == nil {
				t.Error("a dead kernel took a message")
			}
		})
	}
}

func TestStartFails(t *testing.T) {
	if _, err := kernel.Start(context.Background(), kernel.Options{Exe: "/does/not/exist"}); err == nil {
		t.Error("started what is not there")
	}
	_, err := kernel.Start(context.Background(), kernel.Options{Dir: t.TempDir(), Exe: "/bin/sh", Args: []string{"-c", "echo no kernel >&2"}})
	if err == nil || !strings.Contains(err.Error(), "no kernel") {
		t.Errorf("a program that is no kernel: %v", err)
	}
	var once sync.Once
	var exit kernel.Exit
	k, err := kernel.Start(context.Background(), kernel.Options{Exited: func(e kernel.Exit) { once.Do(func() { exit = e }) }})
	if err != nil {
		t.Fatal(err)
	}
	k.Close()
	if exit.Cause != kernel.Ended {
		t.Errorf("closed: %+v", exit)
	}
}

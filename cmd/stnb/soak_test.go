//go:build linux

package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"stnb.dev/notebook/jupyter/jupytertest"
	"stnb.dev/notebook/session"
	"stnb.dev/ui/protocol"
)

// TestSoak is "make soak": a thousand visitors come, click, lose their connection,
// come back and go, for an hour (STNB_SOAK), while the worker is killed every
// minute. No click may be lost or counted twice, and after the first sixth of the
// time nothing may grow.
func TestSoak(t *testing.T) {
	length, err := time.ParseDuration(os.Getenv("STNB_SOAK"))
	if err != nil {
		t.Skip("make soak runs this, with STNB_SOAK as long as it is to take")
	}
	visitors := 1000
	if n, err := strconv.Atoi(os.Getenv("STNB_SOAK_VISITORS")); err == nil {
		visitors = n
	}
	const token = "canary-metrics-0123456789"
	at := fmt.Sprintf("127.0.0.1:%d", jupytertest.FreePort(t))
	t.Setenv("STNB_METRICS_LISTEN", at)
	t.Setenv("STNB_METRICS_TOKEN", token)
	t.Setenv("STNB_KEEP", "30s") // those who go for ever are forgotten within the test
	r := startQuiet(t, "run", filepath.Join(folder(t, "app.md", cell(counter)), "app.md"))
	p := r.arrive()
	p.join("", protocol.Hello{}).shows("Clicked 0 times")

	end := time.Now().Add(length)
	var clicks, comings, kills atomic.Int64
	var wg sync.WaitGroup
	for i := range visitors {
		wg.Go(func() {
			time.Sleep(time.Duration(rand.Int64N(int64(min(length/10, time.Minute)))))
			for life := 0; time.Now().Before(end) && !t.Failed(); life++ {
				if handle, err := soakLife(p, fmt.Sprintf("v%d-%d", i, life), end, &clicks, &comings); err != nil {
					t.Errorf("visitor %d, life %d: %v\n%s", i, life, err, linesWith(r.out.String(), handle))
				}
			}
		})
	}
	look := func() soakSize {
		_, m := scrape(t, at, token)
		fds, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", r.cmd.Process.Pid))
		s := soakSize{server: rss(t, r.cmd.Process.Pid), goroutines: int(m["stnb_goroutines"]), fds: len(fds), sessions: int(m["stnb_sessions"])}
		if k := r.kernels(); len(k) > 0 {
			s.worker = memoryOf(k[0])
		}
		return s
	}
	var early, late []soakSize
	killEvery := min(time.Minute, length/15)
	nextKill := time.Now().Add(killEvery)
	for began := time.Now(); time.Now().Before(end) && !t.Failed(); time.Sleep(min(5*time.Second, length/60)) {
		if time.Now().After(nextKill) {
			nextKill = time.Now().Add(killEvery)
			for _, k := range r.kernels() {
				syscall.Kill(k, syscall.SIGKILL)
				kills.Add(1)
			}
		}
		s := look()
		switch done := time.Since(began); {
		case done > length/6 && done < length/3:
			early = append(early, s)
		case done > length*5/6:
			late = append(late, s)
		}
		if n := int(time.Since(began).Seconds()); n%60 < 5 {
			t.Logf("%4d s: %v, %d clicks, %d comings, %d kills", n, s, clicks.Load(), comings.Load(), kills.Load())
		}
	}
	wg.Wait()
	t.Logf("%d visitors for %v: %d clicks, none lost or counted twice; %d comings, %d kills of the worker", visitors, length, clicks.Load(), comings.Load(), kills.Load())
	if len(early) == 0 || len(late) == 0 {
		t.Log("too short to see growth: the clicks alone were checked")
		return
	}
	a, b := most(early), most(late)
	t.Logf("at most, in the second sixth of the time: %v; in the last: %v", a, b)
	for _, x := range []struct {
		what         string
		early, late  int
		slack, tenth int
	}{
		{"MB of the server", a.server, b.server, 40, 2}, {"goroutines", a.goroutines, b.goroutines, 200, 1}, {"descriptors", a.fds, b.fds, 100, 1},
		{"MB of the worker", a.worker, b.worker, 100, 2},
	} {
		if x.late > x.early+x.early*x.tenth/10+x.slack {
			t.Errorf("%s grew from %d to %d", x.what, x.early, x.late)
		}
	}
}

// linesWith are the lines of a log that have the word.
func linesWith(log, word string) string {
	var out strings.Builder
	for line := range strings.Lines(log) {
		if word != "" && strings.Contains(line, word) {
			out.WriteString(line)
		}
	}
	return out.String()
}

// memoryOf is a process's memory in MB; 0 of one that is just ending.
func memoryOf(pid int) (mb int) {
	data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for line := range strings.Lines(string(data)) {
		if kb, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			fmt.Sscan(kb, &mb)
		}
	}
	return mb >> 10
}

type soakSize struct{ server, worker, goroutines, fds, sessions int }

func (s soakSize) String() string {
	return fmt.Sprintf("server %d MB, worker %d MB, %d goroutines, %d descriptors, %d sessions", s.server, s.worker, s.goroutines, s.fds, s.sessions)
}

func most(list []soakSize) (m soakSize) {
	for _, s := range list {
		m = soakSize{max(m.server, s.server), max(m.worker, s.worker), max(m.goroutines, s.goroutines), max(m.fds, s.fds), max(m.sessions, s.sessions)}
	}
	return m
}

// soakLife is one session's life: connections come and go, and the count is right
// whenever it is looked at. handle is the session's name in the log.
func soakLife(p *person, name string, end time.Time, clicks, comings *atomic.Int64) (handle string, err error) {
	count, id := 0, ""
	for range 1 + rand.IntN(5) {
		b, err := p.dial("", protocol.Hello{Client: name, Session: id})
		if err != nil {
			return handle, fmt.Errorf("it could not come: %w", err)
		}
		comings.Add(1)
		if id != "" && b.welcome.Session != id {
			return handle, fmt.Errorf("its session was forgotten")
		}
		id, handle = b.welcome.Session, b.welcome.Handle
		b.seq = b.welcome.Seq
		if err := b.counts(count); err != nil {
			return handle, err
		}
		for range rand.IntN(6) {
			if time.Now().After(end) {
				break
			}
			time.Sleep(time.Duration(rand.Int64N(int64(8 * time.Second))))
			widget := ""
			for _, e := range b.tree {
				if e.Kind == "button" {
					widget = e.ID
				}
			}
			if widget == "" {
				return handle, fmt.Errorf("there is no button: %q", b.text())
			}
			b.seq++
			op := session.Op{Interact: &session.Interact{Trigger: &session.Trigger{Click: name + "-" + strconv.Itoa(count), Widget: widget}}}
			if err := sendTo(b, protocol.Client{Op: &op, Seq: b.seq}); err != nil {
				return handle, fmt.Errorf("a click: %w", err)
			}
			count++
			clicks.Add(1)
			if err := b.counts(count); err != nil {
				return handle, err
			}
		}
		b.ws.Close()
		if time.Now().After(end) {
			return handle, nil
		}
		time.Sleep(time.Duration(rand.Int64N(int64(3 * time.Second))))
	}
	return handle, nil
}

// counts waits until the screen shows the count, which must not pass it.
func (b *tab) counts(n int) error {
	want := fmt.Sprintf("Clicked %d times", n)
	for deadline := time.Now().Add(90 * time.Second); !strings.Contains(b.text(), want); {
		if err := b.read(time.Until(deadline)); err != nil {
			return fmt.Errorf("waiting for %q: %w; it shows %q", want, err, b.text())
		}
		b.raw.Reset()
	}
	return nil
}

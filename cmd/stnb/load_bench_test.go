package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/websocket"

	"stnb.dev/notebook/session"
	"stnb.dev/ui/protocol"
	"stnb.dev/widgets/element"
)

// loadApp is an app of 30 widgets and a counter.
const loadApp = "../../examples/speed/thirty-widgets.md"

// BenchmarkVisitors: a thousand visitors, each with a socket and a session, and
// each clicking every five seconds; then all leave. Times are from the click's
// sending to the arrival of the number it changed. STNB_BENCH_VISITORS and
// STNB_BENCH_SECONDS make it smaller.
func BenchmarkVisitors(b *testing.B) {
	for _, engine := range []string{"yaegi", "ssa"} {
		b.Run(engine, func(b *testing.B) {
			for range b.N {
				visitors(b, engine)
			}
		})
	}
}

func visitors(b *testing.B, engine string) {
	visitors, seconds := number(b, "STNB_BENCH_VISITORS", 1000), number(b, "STNB_BENCH_SECONDS", 20)
	s := serveLoad(b, engine, loadApp)
	all, before, idle, arrived := s.crowd(b, visitors)

	var mu sync.Mutex
	var wg sync.WaitGroup
	var failures atomic.Int64
	var times []time.Duration
	end := time.Now().Add(time.Duration(seconds) * time.Second)
	cpu := s.cpu(b)
	for _, v := range all {
		wg.Go(func() {
			time.Sleep(rand.N(5 * time.Second))
			for time.Now().Before(end) {
				next := time.Now().Add(5 * time.Second)
				took, err := v.click()
				if err != nil {
					failures.Add(1)
					b.Log(err)
					return
				}
				mu.Lock()
				times = append(times, took)
				mu.Unlock()
				time.Sleep(time.Until(next))
			}
		})
	}
	wg.Wait()
	used := s.cpu(b) - cpu
	for _, v := range all {
		v.ws.Close()
	}
	if len(times) == 0 {
		b.Fatal("no click was answered")
	}
	slices.Sort(times)
	at := func(p float64) float64 {
		return float64(times[min(len(times)-1, int(p*float64(len(times))))].Microseconds()) / 1000
	}
	after := idle
	for range 60 { // the app keeps a session for a second, and frees it
		if after = s.memory(b); after < before+(idle-before)/10 {
			break
		}
		time.Sleep(time.Second)
	}
	fmt.Printf("%d visitors on %s, a click every 5 s each: p50 %.1f ms, p99 %.1f ms, %d clicks, %d errors; "+
		"%.1f ms of CPU a click; %.2f MB a session; all came in %.0f s; memory %.0f MB with one, %.0f MB with all, %.0f MB after they left\n",
		visitors, engine, at(0.5), at(0.99), len(times), failures.Load(), 1000*used/float64(len(times)),
		(idle-before)/float64(visitors-1), arrived.Seconds(), before, idle, after)
	b.ReportMetric(at(0.5), "p50-ms")
	b.ReportMetric(at(0.99), "p99-ms")
	b.ReportMetric((idle-before)/float64(visitors-1), "MB/session")
	b.ReportMetric(after-before, "MB-left-over")
	b.ReportMetric(0, "ns/op")
	if failures.Load() > 0 {
		b.Errorf("%d visitors were not served", failures.Load())
	}
}

// BenchmarkFlightsSessions: what a thousand visitors of the flights example cost who
// look at it: their sessions, their tables and the server's part.
func BenchmarkFlightsSessions(b *testing.B) {
	for range b.N {
		visitors := number(b, "STNB_BENCH_VISITORS", 1000)
		s := serveLoad(b, "ssa", "../../examples/flights.md")
		s.crowd(b, 2)
		kernel := s.kernelMemory(b)
		_, before, after, arrived := s.crowd(b, visitors)
		kernel = s.kernelMemory(b) - kernel
		fmt.Printf("%d visitors of the flights on ssa: memory %.0f MB with one, %.0f MB with all, of which %.0f MB more in the kernel, %.2f MB a session; all came in %.0f s\n",
			visitors, before, after, kernel, (after-before)/float64(visitors-1), arrived.Seconds())
		b.ReportMetric(kernel, "kernel-MB-above-base")
		b.ReportMetric(after-before, "MB-above-base")
		b.ReportMetric(0, "ns/op")
	}
}

// crowd lets visitors come, and tells the memory in MB with the first alone and with
// all, when the processes are at rest.
func (s *loaded) crowd(b *testing.B, visitors int) (all []*visitor, one, many float64, took time.Duration) {
	all = append(all, s.visit(b, 0))
	time.Sleep(atRest)
	one = s.memory(b)
	began := time.Now()
	var mu sync.Mutex
	var wg sync.WaitGroup
	places := make(chan struct{}, 8)
	for i := 1; i < visitors; i++ {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			v := s.visit(b, i)
			mu.Lock()
			all = append(all, v)
			mu.Unlock()
		})
	}
	wg.Wait()
	if b.Failed() {
		b.FailNow()
	}
	took = time.Since(began)
	time.Sleep(atRest)
	return all, one, s.memory(b), took
}

// atRest is how long processes take to give memory back.
const atRest = 6 * time.Second

func number(b *testing.B, name string, def int) int {
	text := os.Getenv(name)
	if text == "" {
		return def
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 2 {
		b.Fatalf("%s is %q", name, text)
	}
	return n
}

// loaded is the real binary, serving an app.
type loaded struct {
	cmd *exec.Cmd
	url string
	jar http.CookieJar
}

func serveLoad(b *testing.B, engine, file string) *loaded {
	b.Helper()
	exe, err := filepath.Abs(cmp.Or(os.Getenv("STNB_BIN"), "../../bin/stnb"))
	if err != nil {
		b.Fatal(err)
	}
	s := &loaded{cmd: exec.Command(exe, "run", "--port", "0", "--engine", engine, file)}
	s.cmd.Env = append(os.Environ(), "STNB_KEEP=1s", "HOME="+b.TempDir())
	s.cmd.Stderr = os.Stderr
	out, err := s.cmd.StdoutPipe()
	if err == nil {
		err = s.cmd.Start()
	}
	if err != nil {
		b.Fatalf("make build first: %v", err)
	}
	b.Cleanup(func() {
		s.cmd.Process.Signal(os.Interrupt)
		s.cmd.Wait()
	})
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if s.url = regexp.MustCompile(`http://\S+`).FindString(lines.Text()); s.url != "" {
			break
		}
	}
	s.jar, _ = cookiejar.New(nil)
	res, err := (&http.Client{Jar: s.jar}).Get(s.url)
	if err != nil {
		b.Fatal(err)
	}
	res.Body.Close()
	return s
}

// visitor is one tab.
type visitor struct {
	ws     *websocket.Conn
	name   string
	button string       // its widget ID
	number element.Path // of the counter
	clicks int
}

// visit opens a tab and waits for its first run to end.
func (s *loaded) visit(b *testing.B, i int) *visitor {
	cfg, err := websocket.NewConfig("ws"+strings.TrimPrefix(s.url, "http")+"ws?app=", strings.TrimSuffix(s.url, "/"))
	if err != nil {
		b.Fatal(err)
	}
	u, _ := url.Parse(s.url)
	for _, c := range s.jar.Cookies(u) {
		cfg.Header.Add("Cookie", c.Name+"="+c.Value)
	}
	v := &visitor{name: fmt.Sprint("tab", i)}
	if v.ws, err = cfg.DialContext(b.Context()); err != nil {
		b.Error(err)
		return v
	}
	if err := websocket.JSON.Send(v.ws, protocol.Client{Hello: &protocol.Hello{Client: v.name}}); err != nil {
		b.Error(err)
		return v
	}
	err = v.until(func(e session.Event) bool {
		for _, screen := range []*session.Screen{e.Screen, documentScreen(e.Document)} {
			if screen == nil {
				continue
			}
			for _, d := range screen.Deltas {
				v.note(d)
			}
		}
		run := e.Run
		if e.Document != nil {
			run = &e.Document.Run
		}
		return run != nil && !run.Running && run.Run > 0
	})
	if err != nil {
		b.Error(err)
	}
	return v
}

func documentScreen(d *session.Document) *session.Screen {
	if d == nil {
		return nil
	}
	return &d.Screen
}

func (v *visitor) note(d element.Delta) {
	if d.Op != element.Set {
		return
	}
	switch d.Element.Kind {
	case "button":
		v.button = d.Element.ID
	case "metric":
		if strings.Contains(string(d.Element.Props), `"n"`) {
			v.number = d.Path
		}
	}
}

// until reads events until one is the one.
func (v *visitor) until(done func(session.Event) bool) error {
	v.ws.SetReadDeadline(time.Now().Add(60 * time.Second))
	for {
		var text []byte
		if err := websocket.Message.Receive(v.ws, &text); err != nil {
			return fmt.Errorf("%s: %w", v.name, err)
		}
		var m protocol.Server
		if err := json.Unmarshal(text, &m); err != nil {
			return err
		}
		if m.Error != nil {
			return errors.New(m.Error.Text)
		}
		end := false
		for _, e := range m.Events {
			end = done(e) || end
		}
		if end {
			return nil
		}
	}
}

// click clicks and waits for the number to change.
func (v *visitor) click() (time.Duration, error) {
	v.clicks++
	began := time.Now()
	err := websocket.JSON.Send(v.ws, protocol.Client{Seq: uint64(v.clicks), Op: &session.Op{Interact: &session.Interact{
		Trigger: &session.Trigger{Click: fmt.Sprint(v.name, "-", v.clicks), Widget: v.button},
	}}})
	if err != nil {
		return 0, err
	}
	want := fmt.Sprintf(`"value":"%d"`, v.clicks)
	err = v.until(func(e session.Event) bool {
		for _, d := range screenOf(e) {
			if d.Path == v.number && d.Op == element.Set && strings.Contains(string(d.Element.Props), want) {
				return true
			}
		}
		return false
	})
	return time.Since(began), err
}

func screenOf(e session.Event) []element.Delta {
	if e.Screen == nil {
		return nil
	}
	return e.Screen.Deltas
}

// processes are the server and its kernels.
func (s *loaded) processes() []string {
	pids := []string{strconv.Itoa(s.cmd.Process.Pid)}
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%[1]s/task/%[1]s/children", pids[0]))
	tasks, _ := filepath.Glob("/proc/" + pids[0] + "/task/*/children")
	for _, t := range tasks {
		more, _ := os.ReadFile(t)
		children = append(children, more...)
	}
	pids = append(pids, strings.Fields(string(children))...)
	slices.Sort(pids)
	return slices.Compact(pids)
}

// memory is what they hold, in MB.
func (s *loaded) memory(b *testing.B) float64 { return residentMB(b, s.processes()) }

// kernelMemory is the kernels' part of it.
func (s *loaded) kernelMemory(b *testing.B) float64 {
	server := strconv.Itoa(s.cmd.Process.Pid)
	return residentMB(b, slices.DeleteFunc(s.processes(), func(pid string) bool { return pid == server }))
}

func residentMB(b *testing.B, pids []string) float64 {
	total := 0.0
	for _, pid := range pids {
		text, err := os.ReadFile("/proc/" + pid + "/status")
		if err != nil {
			continue
		}
		var kb float64
		if m := regexp.MustCompile(`VmRSS:\s+(\d+)`).FindSubmatch(text); m != nil {
			kb, _ = strconv.ParseFloat(string(m[1]), 64)
		}
		total += kb / 1024
	}
	if total == 0 {
		b.Skip("memory is read from /proc, which is not here")
	}
	return total
}

// cpu is the time they have computed, in seconds.
func (s *loaded) cpu(b *testing.B) float64 {
	total := 0.0
	for _, pid := range s.processes() {
		text, err := os.ReadFile("/proc/" + pid + "/stat")
		if err != nil {
			continue
		}
		_, rest, _ := strings.Cut(string(text), ") ")
		f := strings.Fields(rest)
		for _, i := range []int{11, 12} {
			ticks, _ := strconv.ParseFloat(f[i], 64)
			total += ticks / 100
		}
	}
	return total
}

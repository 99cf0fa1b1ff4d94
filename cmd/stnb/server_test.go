package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/websocket"

	"stnb.dev/notebook"
	"stnb.dev/notebook/output"
	"stnb.dev/notebook/session"
	"stnb.dev/ui/protocol"
	"stnb.dev/widgets/element"
)

// running is a stnb server in a process of its own, as people have it.
type running struct {
	t     *testing.T
	cmd   *exec.Cmd
	url   string // ends with "/"
	open  string // the address it printed
	token string // of edit mode
	out   *lines
}

// lines collects a process's output.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// binary is this test's binary under the name by which it is stnb (TestMain).
var binary = sync.OnceValues(func() (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "stnb-test-")
	if err != nil {
		return "", err
	}
	shared = dir
	name := filepath.Join(dir, "stnb")
	if os.Link(self, name) == nil {
		return name, nil
	}
	data, err := os.ReadFile(self)
	if err != nil {
		return "", err
	}
	return name, os.WriteFile(name, data, 0o755)
})

const testToken = "canary-token-0123456789"

// patience bounds a wait for what takes no time on a machine at rest: only what
// never comes takes so long.
const patience = time.Minute

// start runs "stnb <args>" on a free port until the test ends.
func start(t *testing.T, args ...string) *running {
	t.Helper()
	return startOn(t, 0, args...)
}

// startOn is start on a port that is known beforehand; 0 is any.
func startOn(t *testing.T, port int, args ...string) *running {
	t.Helper()
	return launchServer(t, append(args, "--port", strconv.Itoa(port), "--log-level", "debug"))
}

// startQuiet is start with a log of warnings only, for tests that take long.
func startQuiet(t *testing.T, args ...string) *running {
	t.Helper()
	return launchServer(t, append(args, "--port", "0"))
}

func launchServer(t *testing.T, args []string) *running {
	t.Helper()
	exe, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	r := &running{t: t, token: testToken, out: &lines{}}
	r.cmd = exec.Command(exe, args...)
	r.cmd.Env = append(os.Environ(), "STNB_TOKEN="+testToken, "HOME="+t.TempDir())
	r.cmd.Stderr = r.out
	stdout, err := r.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.stop)
	s := bufio.NewScanner(stdout)
	for s.Scan() {
		fmt.Fprintln(r.out, s.Text())
		if at := regexp.MustCompile(`https?://\S+`).FindString(s.Text()); at != "" {
			r.open = at
			break
		}
	}
	go io.Copy(r.out, stdout)
	u, err := url.Parse(r.open)
	if err != nil || u.Host == "" {
		t.Fatalf("no address:\n%s", r.out)
	}
	r.url = u.Scheme + "://" + u.Host + "/"
	return r
}

func (r *running) stop() {
	r.cmd.Process.Signal(syscall.SIGTERM)
	done := make(chan struct{})
	go func() { r.cmd.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(patience):
		r.t.Error("the server did not end on SIGTERM")
		r.cmd.Process.Kill()
		<-done
	}
	if r.t.Failed() {
		r.t.Logf("the server said:\n%s", tail(r.out.String(), 3000))
	}
}

func tail(text string, n int) string {
	if len(text) > n {
		return "…" + text[len(text)-n:]
	}
	return text
}

// person is a browser at a running server.
type person struct {
	r *running
	c *http.Client
}

// arrive opens the address that was printed.
func (r *running) arrive() *person {
	r.t.Helper()
	jar, _ := cookiejar.New(nil)
	p := &person{r, &http.Client{Jar: jar, Timeout: patience}}
	// In edit mode the link works once: everybody after the first signs in by token.
	if strings.Contains(r.open, "token=") {
		res, err := p.c.Get(r.open)
		if err != nil {
			r.t.Fatal(err)
		}
		res.Body.Close()
		r.open = r.url
		return p
	}
	if status, _ := p.do("GET", "", ""); status >= 500 && status != 503 {
		r.t.Fatalf("the page answers %d", status)
	}
	return p
}

func (p *person) do(method, path, body string) (int, string) {
	p.r.t.Helper()
	req, err := http.NewRequest(method, p.r.url+path, strings.NewReader(body))
	if err != nil {
		p.r.t.Fatal(err)
	}
	req.Header.Set("Origin", strings.TrimSuffix(p.r.url, "/"))
	req.Header.Set("X-Stnb", "1")
	res, err := p.c.Do(req)
	if err != nil {
		p.r.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close()
	data, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(data)
}

// tab is an open page: a socket, and the screen it was told of.
type tab struct {
	t      *testing.T
	person *person
	ws     *websocket.Conn
	end    *lastBytes // of dial
	seq    uint64
	raw    strings.Builder // all that came
	tree   map[element.Path]element.Element

	welcome  *protocol.Welcome
	document *session.Document
	failure  *protocol.Failure
	status   map[string]session.CellStatus
	run      session.RunState
	kernel   session.KernelState
	notices  []string
	saved    session.Saved
	acked    uint64
	sources  map[notebook.CellID]string
	versions map[notebook.CellID]int
}

// join opens a socket, says hello and reads the first events.
func (p *person) join(query string, hello protocol.Hello) *tab {
	p.r.t.Helper()
	cfg, err := websocket.NewConfig("ws"+strings.TrimPrefix(p.r.url, "http")+"ws?"+query, strings.TrimSuffix(p.r.url, "/"))
	if err != nil {
		p.r.t.Fatal(err)
	}
	u, _ := url.Parse(p.r.url)
	for _, c := range p.c.Jar.Cookies(u) {
		cfg.Header.Add("Cookie", c.Name+"="+c.Value)
	}
	ws, err := cfg.DialContext(p.r.t.Context())
	if err != nil {
		p.r.t.Fatalf("socket: %v", err)
	}
	p.r.t.Cleanup(func() { ws.Close() })
	b := newTab(p, ws)
	if hello.Client == "" {
		hello.Client = "c" + strconv.FormatInt(time.Now().UnixNano(), 36)
	}
	b.send(protocol.Client{Hello: &hello})
	b.until("a document or a refusal", func() bool { return b.document != nil || b.failure != nil })
	return b
}

func newTab(p *person, ws *websocket.Conn) *tab {
	return &tab{t: p.r.t, person: p, ws: ws, sources: map[notebook.CellID]string{}, versions: map[notebook.CellID]int{},
		tree: map[element.Path]element.Element{}, status: map[string]session.CellStatus{}}
}

func (b *tab) send(m protocol.Client) {
	b.t.Helper()
	if err := websocket.JSON.Send(b.ws, m); err != nil {
		b.t.Fatalf("send: %v", err)
	}
}

func sendTo(b *tab, m protocol.Client) error { return websocket.JSON.Send(b.ws, m) }

func (b *tab) do(op session.Op) {
	b.t.Helper()
	b.seq++
	b.send(protocol.Client{Op: &op, Seq: b.seq})
}

// read takes one frame.
func (b *tab) read(wait time.Duration) error {
	b.ws.SetReadDeadline(time.Now().Add(wait))
	var text string
	if err := websocket.Message.Receive(b.ws, &text); err != nil {
		if b.end != nil && errors.Is(err, io.EOF) {
			return fmt.Errorf("%w, %s", err, b.end.why())
		}
		return err
	}
	b.raw.WriteString(text + "\n")
	var m protocol.Server
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return err
	}
	if m.Welcome != nil {
		b.welcome = m.Welcome
	}
	b.acked = max(b.acked, m.Ack)
	if m.Error != nil {
		b.failure = m.Error
	}
	for _, e := range m.Events {
		switch {
		case e.Document != nil:
			b.document = e.Document
			b.screen(&e.Document.Screen)
			for _, c := range e.Document.Cells {
				b.sources[c.ID], b.versions[c.ID] = c.Source, c.Version
			}
			for _, s := range e.Document.Status {
				b.status[string(s.Cell)] = s
			}
			b.kernel, b.run, b.saved = e.Document.Kernel, e.Document.Run, e.Document.Saved
		case e.Cell != nil:
			b.sources[e.Cell.ID], b.versions[e.Cell.ID] = e.Cell.Source, e.Cell.Version
		case e.Screen != nil:
			b.screen(e.Screen)
		case e.Status != nil:
			b.status[string(e.Status.Cell)] = *e.Status
		case e.Run != nil:
			b.run = *e.Run
		case e.Kernel != nil:
			b.kernel = *e.Kernel
		case e.Saved != nil:
			b.saved = *e.Saved
		case e.Notice != nil:
			b.notices = append(b.notices, e.Notice.Text)
		}
	}
	return nil
}

func (b *tab) screen(s *session.Screen) {
	if s.Full {
		clear(b.tree)
	}
	for _, d := range s.Deltas {
		switch d.Op {
		case element.Set:
			b.tree[d.Path] = *d.Element
		case element.Remove, element.Clear:
			for path := range b.tree {
				if strings.HasPrefix(string(path), string(d.Path)+"/") || d.Op == element.Remove && path == d.Path {
					delete(b.tree, path)
				}
			}
		case element.Append:
			e := b.tree[d.Path]
			var data struct{ Text string }
			if e.Kind == "stdout" && json.Unmarshal(d.Data, &data) == nil {
				p := props[element.Stdout](&e)
				p.Text += data.Text
				e.Props, _ = json.Marshal(p)
				b.tree[d.Path] = e
			}
		}
	}
}

// until reads frames until ok.
func (b *tab) until(what string, ok func() bool) {
	b.t.Helper()
	for deadline := time.Now().Add(patience); !ok(); {
		if err := b.read(time.Until(deadline)); err != nil {
			b.t.Fatalf("waiting for %s: %v; the screen is %q, cells %v, kernel %+v, notices %q", what, err, b.text(), b.status, b.kernel, b.notices)
		}
	}
}

// text is everything on the screen, in no particular order.
func (b *tab) text() string {
	var parts []string
	for _, e := range b.tree {
		parts = append(parts, output.Text(&e))
	}
	return strings.Join(parts, "\n")
}

func (b *tab) shows(text string) {
	b.t.Helper()
	b.until("the screen to show "+text, func() bool { return strings.Contains(b.text(), text) })
}

// find returns the widget with that label.
func (b *tab) find(label string) element.Element {
	b.t.Helper()
	for _, e := range b.tree {
		if e.ID != "" && props[element.Widget](&e).Label == label {
			return e
		}
	}
	b.t.Fatalf("there is no widget %q on the screen: %q", label, b.text())
	return element.Element{}
}

// children are the processes started by a process.
func children(pid int) (list []int) {
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		n, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		data, err := os.ReadFile(filepath.Join("/proc", e.Name(), "stat"))
		if err != nil {
			continue
		}
		// The name in parentheses may hold anything; what follows it is plain.
		fields := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
		if len(fields) > 1 && fields[1] == strconv.Itoa(pid) && fields[0] != "Z" {
			list = append(list, n)
		}
	}
	return list
}

// over says whether a process has ended: one that nobody has waited for is dead too.
func over(pid int) bool {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || strings.HasPrefix(string(data[bytes.LastIndexByte(data, ')')+1:]), " Z")
}

func (r *running) kernels() []int { return children(r.cmd.Process.Pid) }

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Errorf("not in time: %s", what)
}

// folder writes files for a test, of an archive's form: name and text by turns.
func folder(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		name := filepath.Join(dir, filepath.FromSlash(files[i]))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(files[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// raw is one widget's value.
func raw(id, value string) map[string]json.RawMessage {
	return map[string]json.RawMessage{id: json.RawMessage(value)}
}

// cell fences Go text as a cell.
func cell(text string) string { return "```go\n" + text + "\n```\n\n" }

// props are an element's.
func props[T any](e *element.Element) T {
	var p T
	json.Unmarshal(e.Props, &p) // what is not there stays empty
	return p
}

//go:build unix

package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/websocket"

	"stnb.dev/notebook/jupyter/jupytertest"
	"stnb.dev/notebook/session"
	"stnb.dev/ui/protocol"
)

// The faults of the world around stnb: its disk, its network, its restarts.

// counter is an app in which each click counts.
const counter = `import st "stnb.dev/widgets"

n := st.State("n", 0)
st.Button("Add", st.OnClick(func() { n.Set(n.Get() + 1) }))
st.Write("Clicked", n.Get(), "times")`

// click clicks the button of counter; id is the click's.
func (b *tab) click(id string) {
	b.t.Helper()
	b.do(session.Op{Interact: &session.Interact{Trigger: &session.Trigger{Click: id, Widget: b.find("Add").ID}}})
}

func testDiskFull(t *testing.T) {
	t.Parallel() // it waits for most of its time
	dir := folder(t, "a.md", cell("x := 1"))
	name := filepath.Join(dir, "a.md")
	r := start(t, "edit", dir)
	b := r.arrive().join("notebook=a.md", protocol.Hello{})
	before, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	// No file of the server's may grow past 4 kB now, as on a full disk.
	limitFiles(t, r.cmd.Process.Pid, 4<<10)
	typed := "x := 2 // " + strings.Repeat("typed with care ", 2000)
	c := b.document.Cells[0]
	b.do(session.Op{Edit: &session.Edit{Cell: c.ID, Base: c.Version, Source: typed}})
	b.do(session.Op{Save: &session.Save{}})
	b.until("the page to say that saving failed", func() bool { return b.saved.State == "failed" })
	if b.saved.Reason == "" {
		t.Error("it does not say why")
	}
	if now, err := os.ReadFile(name); err != nil || string(now) != string(before) {
		t.Errorf("the file was changed: %v, %d bytes", err, len(now))
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".*tmp*")); len(left) != 0 {
		t.Errorf("half-written files stay: %q", left)
	}
	if again := b.person.join("notebook=a.md", protocol.Hello{}); again.sources[c.ID] != typed {
		t.Error("the server lost what was typed")
	}
	limitFiles(t, r.cmd.Process.Pid, 1<<30)
	b.until("it is saved by itself once there is room", func() bool { return b.saved.State == "saved" })
	if now, _ := os.ReadFile(name); !strings.Contains(string(now), "typed with care") {
		t.Error("the file does not hold what was typed")
	}
}

// left waits until the server has noticed that a browser is gone.
func (r *running) left() {
	r.t.Helper()
	eventually(r.t, "the socket's end is noticed", func() bool { return strings.Contains(r.out.String(), `msg="socket closed"`) })
}

// Five minutes offline: an app keeps a session for a while, and then gives a new
// one; edit mode waits for ever.
func testOffline(t *testing.T) {
	app := filepath.Join(folder(t, "app.md", cell(counter)), "app.md")
	r := start(t, "run", app)
	p := r.arrive()
	b := p.join("", protocol.Hello{Client: "page"})
	b.shows("Clicked 0 times")
	b.click("a")
	b.shows("Clicked 1 times")
	b.click("b") // taken, and its answer never seen
	b.until("it was taken", func() bool { return b.acked == 2 })
	first := b.welcome.Session
	b.ws.Close()
	r.left()
	back := p.join("", protocol.Hello{Client: "page", Session: first})
	if back.welcome.Session != first || back.welcome.Seq != 2 {
		t.Errorf("back within the time: session %v, op %d of 2", back.welcome.Session == first, back.welcome.Seq)
	}
	back.shows("Clicked 2 times")
	back.seq = 1
	back.do(session.Op{Interact: &session.Interact{Trigger: &session.Trigger{Click: "b", Widget: back.find("Add").ID}}}) // sent again
	back.click("c")
	back.shows("Clicked 3 times")

	at := fmt.Sprintf("127.0.0.1:%d", jupytertest.FreePort(t))
	t.Setenv("STNB_KEEP", "100ms")
	t.Setenv("STNB_METRICS_LISTEN", at)
	t.Setenv("STNB_METRICS_TOKEN", testToken)
	p = start(t, "run", app).arrive()
	b = p.join("", protocol.Hello{Client: "page"})
	b.shows("Clicked 0 times")
	b.click("a")
	b.shows("Clicked 1 times")
	first = b.welcome.Session
	b.ws.Close()
	eventually(t, "the session is given up", func() bool { _, n := scrape(t, at, testToken); return n["stnb_sessions"] == 0 })
	late := p.join("", protocol.Hello{Client: "page", Session: first})
	if late.welcome.Session == first {
		t.Error("a session that was given up is back")
	}
	late.shows("Clicked 0 times")

	t.Setenv("STNB_METRICS_LISTEN", "")
	e, o := twoCells(t, "import (\n\t\"fmt\"\n\t\"os\"\n\t\"time\"\n)\n\nfor _, err := os.Stat(\"go\"); err != nil; _, err = os.Stat(\"go\") {\n\ttime.Sleep(time.Millisecond)\n}\n"+
		"for i := range 40 {\n\tfmt.Println(\"line\", i)\n}\nos.WriteFile(\"over\", nil, 0o600)")
	dir := e.cmd.Args[2]
	id := o.runCell(0)
	o.until("the cell to run", func() bool { return o.state(id) == "running" })
	o.ws.Close()
	e.left()
	if err := os.WriteFile(filepath.Join(dir, "go"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the cell goes on with nobody there", func() bool { _, err := os.Stat(filepath.Join(dir, "over")); return err == nil })
	again := o.person.join("notebook=a.md", protocol.Hello{})
	again.until("the cell's end", func() bool { return again.state(id) == "done" })
	if text := again.text(); !strings.Contains(text, "line 0\n") || !strings.Contains(text, "line 39") {
		t.Errorf("what was missed: %q", text)
	}
}

// A browser that does not read what it is sent costs a bounded queue, and
// nobody else anything.
func testSlowClient(t *testing.T) {
	needProc(t)
	t.Parallel() // it waits for most of its time
	r, b := twoCells(t, "import (\n\t\"fmt\"\n\t\"strings\"\n\t\"time\"\n\n\tst \"stnb.dev/widgets\"\n)\n\nbox := st.Empty()\nfor i := range 150 {\n"+
		"\tbox.Text(fmt.Sprint(i, strings.Repeat(\"x\", 200_000)))\n\ttime.Sleep(10 * time.Millisecond)\n}")
	timed := func() time.Duration {
		began, id := time.Now(), b.runCell(0)
		b.until("the cell to begin", func() bool { return b.state(id) == "running" })
		b.until("the cell to end", func() bool { return b.state(id) == "done" })
		return time.Since(began)
	}
	alone := timed()
	for range 5 {
		deaf(t, b.person, "notebook=a.md")
	}
	took := timed()
	b.shows("149xxx")
	eventually(t, "those who do not read are let go", func() bool {
		_, text := b.person.do("GET", "metrics", "")
		return strings.Contains(text, "stnb_sockets 1\n")
	})
	// A write to who does not read ends after 10 s. How fast this machine is meanwhile
	// is asked before and after.
	if alone = max(alone, timed()); took > 2*alone+5*time.Second {
		t.Errorf("the slow held the cell up: %v, and %v without them", took, alone)
	}
	b.alive()
	if mb := rss(t, r.cmd.Process.Pid); mb > 600 {
		t.Errorf("the server has %d MB", mb)
	}
}

// deaf opens a socket, says hello and never reads.
func deaf(t *testing.T, p *person, query string) {
	t.Helper()
	u, _ := url.Parse(p.r.url)
	c, err := net.Dial("tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.(*net.TCPConn).SetReadBuffer(4096)
	var cookies []string
	for _, k := range p.c.Jar.Cookies(u) {
		cookies = append(cookies, k.Name+"="+k.Value)
	}
	fmt.Fprintf(c, "GET /ws?%s HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nCookie: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
		query, u.Host, strings.TrimSuffix(p.r.url, "/"), strings.Join(cookies, "; "))
	res, err := http.ReadResponse(bufio.NewReaderSize(c, 16), nil)
	if err != nil || res.StatusCode != 101 {
		t.Fatalf("socket: %v %v", res, err)
	}
	hello := []byte(fmt.Sprintf(`{"hello":{"client":"deaf%d"}}`, time.Now().UnixNano()))
	c.Write(append([]byte{0x81, 0x80 | byte(len(hello)), 0, 0, 0, 0}, hello...))
}

// A thousand visitors come at once, and when the network was away, all come back
// at once: each finds their own session.
func testThousandSockets(t *testing.T) {
	needProc(t)
	const n = 1000
	r := start(t, "run", filepath.Join(folder(t, "app.md", cell(counter)), "app.md"))
	p := r.arrive()
	p.join("", protocol.Hello{}).shows("Clicked 0 times") // the worker is up
	tabs := make([]*tab, n)
	wave := func(what string) {
		began := time.Now()
		var wg sync.WaitGroup
		slots := make(chan struct{}, 200)
		for i := range n {
			wg.Go(func() {
				slots <- struct{}{}
				defer func() { <-slots }()
				hello := protocol.Hello{Client: fmt.Sprint("page", i)}
				if tabs[i] != nil {
					hello.Session = tabs[i].welcome.Session
				}
				b, err := p.dial("", hello)
				if err != nil {
					t.Errorf("%s: visitor %d: %v", what, i, err)
					return
				}
				tabs[i] = b
			})
		}
		wg.Wait()
		t.Logf("%s: %d sockets in %v; the server has %d MB, its worker %d MB", what, n, time.Since(began), rss(t, r.cmd.Process.Pid), rss(t, r.kernels()[0]))
	}
	wave("all at once")
	if t.Failed() {
		return
	}
	ids := map[string]int{}
	for i, b := range tabs {
		ids[b.welcome.Session] = i
		b.shows("Clicked 0 times")
	}
	if len(ids) != n {
		t.Fatalf("%d sessions for %d visitors", len(ids), n)
	}
	for i := 0; i < n; i += 10 {
		tabs[i].click("one")
	}
	for i := 0; i < n; i += 10 {
		tabs[i].shows("Clicked 1 times")
	}
	for _, b := range tabs {
		b.ws.Close()
	}
	wave("all back at once")
	if t.Failed() {
		return
	}
	for i, b := range tabs {
		if was, ok := ids[b.welcome.Session]; !ok || was != i {
			t.Fatalf("visitor %d has another session than before", i)
		}
		want := "Clicked 0 times"
		if i%10 == 0 {
			want = "Clicked 1 times"
		}
		b.shows(want)
	}
	if mb := rss(t, r.cmd.Process.Pid); mb > 1000 {
		t.Errorf("the server has %d MB", mb)
	}
}

// A server that is told to end finishes what was begun, and the next one brings
// the visitors' sessions back.
func testRestart(t *testing.T) {
	dir := folder(t, "app.md", cell(counter+"\na := st.Slider(\"a\", 0, 10, st.Value(3))\nst.Write(\"slider at\", a)"))
	port := jupytertest.FreePort(t)
	one := startOn(t, port, "run", filepath.Join(dir, "app.md"))
	p, stranger := one.arrive(), one.arrive()
	b := p.join("", protocol.Hello{Client: "page"})
	b.shows("slider at 3")
	b.do(session.Op{Interact: &session.Interact{Values: raw(b.find("a").ID, "[7]")}})
	b.shows("slider at 7")
	for i := range 3 {
		b.click(fmt.Sprint("c", i))
	}
	b.until("the clicks to be taken", func() bool { return b.acked == b.seq })
	one.cmd.Process.Signal(syscall.SIGTERM)
	code := 0
	for code == 0 {
		if b.read(patience) != nil {
			code = -1
		}
	}
	one.cmd.Wait()
	kept, _ := filepath.Glob(filepath.Join(dir, ".stnb/sessions/*"))
	if len(kept) != 1 {
		t.Fatalf("kept sessions: %q", kept)
	}
	if info, err := os.Stat(kept[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file of the sessions: %v %v", info.Mode(), err)
	}

	two := startOn(t, port, "run", filepath.Join(dir, "app.md"))
	p.r, stranger.r = two, two
	if left, _ := filepath.Glob(filepath.Join(dir, ".stnb/sessions/*")); len(left) != 0 {
		t.Errorf("a session could be given back twice: %q", left)
	}
	if o := stranger.join("", protocol.Hello{Client: "other", Session: b.welcome.Session}); o.welcome.Session == b.welcome.Session {
		t.Error("another visitor got the session")
	}
	back := p.join("", protocol.Hello{Client: "page", Session: b.welcome.Session})
	if back.welcome.Session != b.welcome.Session || back.welcome.Handle != b.welcome.Handle {
		t.Error("the visitor got another session")
	}
	back.shows("Clicked 3 times")
	back.shows("slider at 7")
	back.click("after")
	back.shows("Clicked 4 times")

	// The owner's text is in its file, and so is the last second of it.
	ed := startOn(t, 0, "edit", dir)
	e := ed.arrive().join("notebook=app.md", protocol.Hello{})
	c := e.document.Cells[0]
	e.do(session.Op{Edit: &session.Edit{Cell: c.ID, Base: c.Version, Source: c.Source + "\n// the last words"}})
	e.until("the edit to be taken", func() bool { return e.acked == e.seq })
	ed.cmd.Process.Signal(syscall.SIGTERM)
	ed.cmd.Wait()
	if data, _ := os.ReadFile(filepath.Join(dir, "app.md")); !strings.Contains(string(data), "// the last words") {
		t.Error("what was typed last is not in the file")
	}
}

// testDuckDBMemory: a query that needs more than DuckDB may have is an error in its
// cell, and the kernel lives.
func testDuckDBMemory(t *testing.T) {
	needProc(t)
	t.Setenv("STNB_DUCKDB_MEMORY", "200M")
	t.Setenv("STNB_DUCKDB_TEMP", "50M")
	r := start(t, "edit", folder(t, "a.md", "```sql\nselect list(range) as l from range(200000000)\n```\n\n"+cell("20 + 1")))
	b := r.arrive().join("notebook=a.md", protocol.Hello{})
	b.runCell(1)
	b.shows("21")
	kernel := r.kernels()[0]
	id := b.runCell(0)
	b.until("the query to fail", func() bool {
		return b.state(id) == "failed" || b.state(id) == "done" && strings.Contains(b.raw.String(), "emory")
	})
	if !strings.Contains(strings.ToLower(b.raw.String()), "memory") {
		t.Error("the page does not say that memory ran out")
	}
	if k := r.kernels(); len(k) != 1 || k[0] != kernel {
		t.Errorf("the kernel did not survive: %v, was %d", k, kernel)
	}
	if mb := rss(t, kernel); mb > 1200 {
		t.Errorf("the kernel has %d MB", mb)
	}
	b.alive()
}

// dial is join without a test to fail: for goroutines.
func (p *person) dial(query string, hello protocol.Hello) (*tab, error) {
	cfg, err := websocket.NewConfig("ws"+strings.TrimPrefix(p.r.url, "http")+"ws?"+query, strings.TrimSuffix(p.r.url, "/"))
	if err != nil {
		return nil, err
	}
	u, _ := url.Parse(p.r.url)
	for _, c := range p.c.Jar.Cookies(u) {
		cfg.Header.Add("Cookie", c.Name+"="+c.Value)
	}
	c, err := net.Dial("tcp", u.Host)
	if err != nil {
		return nil, err
	}
	p.r.t.Cleanup(func() { c.Close() })
	end := &lastBytes{Conn: c}
	ws, err := websocket.NewClient(cfg, end)
	if err != nil {
		return nil, err
	}
	b := newTab(p, ws)
	b.end = end
	if err := websocket.JSON.Send(ws, protocol.Client{Hello: &hello}); err != nil {
		return nil, err
	}
	for b.document == nil {
		if err := b.read(time.Minute); err != nil {
			return nil, err
		}
		if b.failure != nil {
			return nil, fmt.Errorf("refused: %s", b.failure.Text)
		}
	}
	return b, nil
}

// lastBytes keeps the end of what came over a connection: the library that reads
// it says EOF of every close, and not the code and the reason.
type lastBytes struct {
	net.Conn
	tail []byte
}

func (l *lastBytes) Read(p []byte) (int, error) {
	n, err := l.Conn.Read(p)
	l.tail = append(l.tail, p[:n]...)
	l.tail = l.tail[max(0, len(l.tail)-127):] // as long as a close frame may be
	return n, err
}

// why is the close frame that came last.
func (l *lastBytes) why() string {
	for i := range l.tail {
		if at := l.tail[i:]; len(at) >= 4 && at[0] == 0x88 && int(at[1]) == len(at)-2 {
			return fmt.Sprintf("closed with %d %q", int(at[2])<<8|int(at[3]), at[4:])
		}
	}
	return fmt.Sprintf("no close frame, but %q", l.tail)
}

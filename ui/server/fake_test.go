package server

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fasthttp/websocket"

	"stnb.dev/dataframe/page"
	"stnb.dev/notebook/session"
	"stnb.dev/ui/protocol"
	"stnb.dev/ui/uitest"
	"stnb.dev/widgets/element"
)

// fakeLive is a live notebook that remembers what it was asked and tells all
// subscribers of it by a notice.
type fakeLive struct {
	mu      sync.Mutex
	ops     []session.Op
	subs    map[int]func([]session.Event)
	next    int
	media   map[string]page.Reply // type and name, by id; the bytes are the id
	widgets map[string]element.Element
}

func newFakeLive() *fakeLive {
	return &fakeLive{subs: map[int]func([]session.Event){}, media: map[string]page.Reply{}, widgets: map[string]element.Element{}}
}

func (f *fakeLive) Do(client string, op session.Op) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if op.Edit != nil && op.Edit.Source == "panic" {
		panic("secret text of a panic")
	}
	if op.Edit != nil && op.Edit.Source == "refuse" {
		return errors.New("refused: /etc/secret/path")
	}
	f.ops = append(f.ops, op)
	f.tell("op " + strconv.Itoa(len(f.ops)))
	return nil
}

func (f *fakeLive) tell(text string) {
	for _, send := range f.subs {
		send([]session.Event{{Notice: &session.Notice{Level: "info", Text: text}}})
	}
}

func (f *fakeLive) Subscribe(client string, send func([]session.Event)) func() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next++
	id := f.next
	news := make(chan []session.Event, 1000)
	quit, ended := make(chan struct{}), make(chan struct{})
	go func() { // as the real one does: who is slow waits alone
		defer close(ended)
		for {
			select {
			case events := <-news:
				send(events)
			case <-quit:
				return
			}
		}
	}()
	f.subs[id] = func(events []session.Event) { news <- events }
	f.subs[id]([]session.Event{{Document: &session.Document{Title: "fake"}}})
	return func() {
		f.mu.Lock()
		delete(f.subs, id)
		f.mu.Unlock()
		close(quit)
		<-ended
	}
}

func (f *fakeLive) subscribers() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.subs)
}

func (f *fakeLive) Page(ctx context.Context, r page.Request) (page.Reply, []byte, error) {
	if r.Frame == "panic" {
		panic("secret text of a panic")
	}
	if r.Frame == "broken" {
		return page.Reply{}, nil, errors.New("IO Error: secret text of DuckDB's")
	}
	if r.Frame == "gone" {
		return page.Reply{}, nil, page.Error("the table is not shown any more")
	}
	if r.Format == "media" {
		f.mu.Lock()
		defer f.mu.Unlock()
		reply, ok := f.media[r.Frame]
		if !ok {
			return page.Reply{}, nil, errors.New("no such media")
		}
		if size, err := strconv.Atoi(r.Frame); err == nil {
			return reply, make([]byte, size), nil
		}
		return reply, []byte(r.Frame), nil
	}
	return page.Reply{Offset: r.Offset, Rows: 1, Total: 2, Summary: []page.Summary{{Min: "ä€😀\n"}}}, []byte("arrow"), nil
}

func (f *fakeLive) Service(ctx context.Context, method string, params json.RawMessage) (any, error) {
	if method == "panic" {
		panic("secret text of a panic")
	}
	return map[string]string{"method": method}, nil
}

func (f *fakeLive) Widget(id string) (element.Element, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	e, ok := f.widgets[id]
	return e, ok
}

func (f *fakeLive) done() []session.Op {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]session.Op(nil), f.ops...)
}

// fakeSpace is a workspace of one notebook, "a.md".
type fakeSpace struct {
	live *fakeLive
	mu   sync.Mutex
	open int // calls of Open
}

func (f *fakeSpace) List(context.Context) (protocol.Listing, error) {
	return protocol.Listing{Root: "root", Notebooks: []protocol.NotebookInfo{{Path: "a.md"}}}, nil
}

func (f *fakeSpace) Create(_ context.Context, path, _ string) (protocol.NotebookInfo, error) {
	if strings.Contains(path, "..") {
		return protocol.NotebookInfo{}, Refuse(400, "not there")
	}
	return protocol.NotebookInfo{Path: path}, nil
}

func (f *fakeSpace) Rename(_ context.Context, from, to string) (protocol.NotebookInfo, error) {
	return protocol.NotebookInfo{Path: to}, nil
}

func (f *fakeSpace) Duplicate(_ context.Context, path string) (protocol.NotebookInfo, error) {
	return protocol.NotebookInfo{Path: path + " (copy)"}, nil
}

func (f *fakeSpace) Folder(context.Context, string) (protocol.Folder, error) {
	return protocol.Folder{}, nil
}
func (f *fakeSpace) MakeFolder(context.Context, string) error { return nil }
func (f *fakeSpace) Upload(_ context.Context, _ string, body io.Reader, _ int64) error {
	_, err := io.Copy(io.Discard, body)
	return err
}
func (f *fakeSpace) Download(context.Context, string) (io.ReadCloser, int64, error) {
	return io.NopCloser(strings.NewReader("<script>alert(1)</script>")), 25, nil
}
func (f *fakeSpace) Search(context.Context, string) (protocol.Hits, error) {
	return protocol.Hits{}, nil
}
func (f *fakeSpace) Trash(context.Context) (protocol.Trash, error) { return protocol.Trash{}, nil }
func (f *fakeSpace) Restore(context.Context, string) (protocol.Restored, error) {
	return protocol.Restored{}, nil
}
func (f *fakeSpace) EmptyTrash(context.Context, string) error { return nil }
func (f *fakeSpace) Tour(context.Context) (protocol.NewNotebook, error) {
	return protocol.NewNotebook{}, nil
}
func (f *fakeSpace) Delete(context.Context, string) error { return nil }

func (f *fakeSpace) Open(_ context.Context, path string) (Visit, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.open++
	if path != "a.md" {
		return Visit{}, errors.New("no such notebook")
	}
	return Visit{Live: f.live, ID: "edit-a", Handle: "nb1"}, nil
}

func (f *fakeSpace) opened() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.open
}

func (f *fakeSpace) Find(handle string) (Visit, bool) {
	return Visit{Live: f.live, ID: "edit-a", Handle: "nb1"}, handle == "nb1"
}

// fakeApp gives every visitor sessions of their own.
type fakeApp struct {
	mu     sync.Mutex
	visits map[string]fakeVisit // by id
	limit  int
}

type fakeVisit struct {
	Visit
	visitor string
}

func (f *fakeApp) Title() string { return "fake app" }

func (f *fakeApp) Join(_ context.Context, who Visitor, hello protocol.Hello) (Visit, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	visitor := who.ID
	if v, ok := f.visits[hello.Session]; ok && v.visitor == visitor {
		return v.Visit, nil
	}
	if f.limit > 0 && len(f.visits) >= f.limit {
		return Visit{}, ErrBusy
	}
	v := fakeVisit{Visit{Live: newFakeLive(), ID: secret(), Handle: "h" + strconv.Itoa(len(f.visits)+1)}, visitor}
	f.visits[v.ID] = v
	return v.Visit, nil
}

func (f *fakeApp) Find(visitor, handle string) (Visit, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, v := range f.visits {
		if v.Handle == handle && v.visitor == visitor {
			return v.Visit, true
		}
	}
	return Visit{}, false
}

func (f *fakeApp) Leave(Visit) {}

// patience bounds a wait for what takes no time on a machine at rest: only what
// never comes takes so long.
const patience = time.Minute

// harness is a server on a real socket.
type harness struct {
	t      *testing.T
	srv    *Server
	addr   string // host:port
	url    string
	space  *fakeSpace
	app    *fakeApp
	grants *Grants
	log    *logSink
	links  chan string
}

// logSink keeps what was logged.
type logSink struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *logSink) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logSink) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newHarness(t *testing.T) (*harness, Config, net.Listener) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &harness{t: t, addr: l.Addr().String(), url: "http://" + l.Addr().String(), log: &logSink{}, links: make(chan string, 10)}
	cfg := Config{
		Assets: uitest.Fake(), Build: "test", Port: l.Addr().(*net.TCPAddr).Port, Uploads: t.TempDir(),
		Log: slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	return h, cfg, l
}

func (h *harness) serve(l net.Listener) {
	done := make(chan error, 1)
	go func() { done <- h.srv.Serve(l) }()
	h.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := h.srv.Shutdown(ctx, closeGoingAway); err != nil {
			h.t.Errorf("Shutdown: %v", err)
		}
		if err := <-done; err != nil {
			h.t.Errorf("Serve: %v", err)
		}
	})
}

func startEdit(t *testing.T, change ...func(*EditConfig)) *harness {
	t.Helper()
	h, cfg, l := newHarness(t)
	h.space = &fakeSpace{live: newFakeLive()}
	h.grants = NewGrants()
	ec := EditConfig{Config: cfg, Workspace: h.space, Grants: h.grants, Relink: func(u string) { h.links <- u }}
	for _, f := range change {
		f(&ec)
	}
	h.srv = NewEdit(ec)
	h.serve(l)
	return h
}

func startApp(t *testing.T, change ...func(*AppConfig)) *harness {
	t.Helper()
	h, cfg, l := newHarness(t)
	h.app = &fakeApp{visits: map[string]fakeVisit{}}
	ac := AppConfig{Config: cfg, Apps: []Published{{"fake", h.app}}}
	for _, f := range change {
		f(&ac)
	}
	h.srv = NewApp(ac)
	h.serve(l)
	return h
}

// browser is a client with cookies, as a browser would be on our own page.
type browser struct {
	h *harness
	c *http.Client
}

func (h *harness) browser() *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{h, &http.Client{Jar: jar, Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}, Transport: &http.Transport{}}}
}

// owner is a browser that is signed in.
func (h *harness) owner() *browser {
	h.t.Helper()
	b := h.browser()
	res := b.get("/?token=" + h.grants.NewLink())
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/" {
		h.t.Fatalf("link answered %d to %q", res.StatusCode, res.Header.Get("Location"))
	}
	return b
}

// visitor is a browser that has opened the app's page.
func (h *harness) visitor() *browser {
	h.t.Helper()
	b := h.browser()
	if res := b.get("/"); res.StatusCode != http.StatusOK {
		h.t.Fatalf("app page answered %d", res.StatusCode)
	}
	return b
}

type answer struct {
	*http.Response
	body string
}

func (b *browser) do(method, path, body string, headers ...string) answer {
	b.h.t.Helper()
	req, err := http.NewRequest(method, b.h.url+path, strings.NewReader(body))
	if err != nil {
		b.h.t.Fatal(err)
	}
	if method != "GET" && method != "HEAD" {
		req.Header.Set("Origin", b.h.url)
		req.Header.Set("X-Stnb", "1")
	}
	for i := 0; i < len(headers); i += 2 {
		switch {
		case headers[i] == "Host":
			req.Host = headers[i+1]
		case headers[i+1] == "":
			req.Header.Del(headers[i])
		default:
			req.Header.Set(headers[i], headers[i+1])
		}
	}
	res, err := b.c.Do(req)
	if err != nil {
		b.h.t.Fatalf("%s %.200s: %.400v", method, path, err)
	}
	defer res.Body.Close()
	var s strings.Builder
	buf := make([]byte, 64<<10)
	for {
		n, err := res.Body.Read(buf)
		s.Write(buf[:n])
		if err != nil {
			break
		}
	}
	return answer{res, s.String()}
}

func (b *browser) get(path string, headers ...string) answer {
	b.h.t.Helper()
	return b.do("GET", path, "", headers...)
}

// cookies returns the Cookie header the browser would send.
func (b *browser) cookies() string {
	u, _ := url.Parse(b.h.url)
	var parts []string
	for _, c := range b.c.Jar.Cookies(u) {
		parts = append(parts, c.Name+"="+c.Value)
	}
	return strings.Join(parts, "; ")
}

// wire is an open WebSocket.
type wire struct {
	t    *testing.T
	conn *websocket.Conn
}

// dial opens a socket with the browser's cookies and origin; headers change or,
// being empty, remove.
func (b *browser) dial(path string, headers ...string) (*wire, *http.Response, error) {
	b.h.t.Helper()
	hd := http.Header{"Origin": {b.h.url}}
	if c := b.cookies(); c != "" {
		hd.Set("Cookie", c)
	}
	for i := 0; i < len(headers); i += 2 {
		if hd.Del(headers[i]); headers[i+1] != "" {
			hd.Set(headers[i], headers[i+1])
		}
	}
	d := websocket.Dialer{HandshakeTimeout: patience}
	conn, res, err := d.Dial("ws://"+b.h.addr+path, hd)
	if err != nil {
		return nil, res, err
	}
	b.h.t.Cleanup(func() { conn.Close() })
	return &wire{b.h.t, conn}, res, nil
}

// open opens a socket and greets.
func (b *browser) open(path, client, resume string) *wire {
	b.h.t.Helper()
	w, _, err := b.dial(path)
	if err != nil {
		b.h.t.Fatal(err)
	}
	w.send(`{"hello":{"client":"` + client + `","session":"` + resume + `"}}`)
	return w
}

func (w *wire) send(text string) {
	w.t.Helper()
	if err := w.conn.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		w.t.Fatalf("send: %v", err)
	}
}

// next reads one frame.
func (w *wire) next() protocol.Server {
	w.t.Helper()
	m, err := w.try(patience)
	if err != nil {
		w.t.Fatalf("receive: %v", err)
	}
	return m
}

// until reads frames up to the first that ok accepts.
func (w *wire) until(what string, ok func(protocol.Server) bool) protocol.Server {
	w.t.Helper()
	for range 1000 {
		if m := w.next(); ok(m) {
			return m
		}
	}
	w.t.Fatalf("there is no frame with %s", what)
	return protocol.Server{}
}

func isNotice(text string) func(protocol.Server) bool {
	return func(m protocol.Server) bool {
		return len(m.Events) == 1 && m.Events[0].Notice != nil && m.Events[0].Notice.Text == text
	}
}

func isAck(n uint64) func(protocol.Server) bool {
	return func(m protocol.Server) bool { return m.Ack == n }
}

func (w *wire) try(wait time.Duration) (protocol.Server, error) {
	w.conn.SetReadDeadline(time.Now().Add(wait))
	var m protocol.Server
	_, data, err := w.conn.ReadMessage()
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(data, &m)
}

// closeCode reads to the end and returns the code it ended with: -1 when it ended
// without one, 0 when it did not end.
func (w *wire) closeCode() int {
	w.t.Helper()
	for {
		_, err := w.try(patience)
		var c *websocket.CloseError
		if errors.As(err, &c) {
			return c.Code
		}
		var late net.Error
		if errors.As(err, &late) && late.Timeout() {
			return 0
		}
		if err != nil {
			return -1
		}
	}
}

// cookie is the name of the cookie that says who asks.
func (h *harness) cookie() string {
	if h.srv.mode == "edit" {
		return cookieName("stnb-edit", h.srv.cfg.Port)
	}
	return cookieName("stnb-app", h.srv.cfg.Port)
}

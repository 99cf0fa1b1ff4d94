package server

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/fasthttp/websocket"

	"stnb.dev/dataframe/page"
	"stnb.dev/ui/protocol"
	"stnb.dev/widgets/element"
)

// TestTrust tries attacks against both servers on real sockets. The numbers are
// those of SECURITY.md's list.
func TestTrust(t *testing.T) {
	t.Run("T01", testRoutesNeedCredentials)
	t.Run("T02", testSocketNeedsCredentials)
	t.Run("T03", testForeignOrigins)
	t.Run("T04", testForeignHosts)
	t.Run("T05", testForgedWrites)
	t.Run("T06", testNoChangeByGet)
	t.Run("T07", testTokenStaysSecret)
	t.Run("T08", testSignInLimits)
	t.Run("T09", testRevocation)
	t.Run("T10", testOpenRedirect)
	t.Run("T11", testFraming)
	t.Run("T14", testHiddenFiles)
	t.Run("T15", testStaticPaths)
	t.Run("T16", testMediaCannotRun)
	t.Run("T17", testUploads)
	t.Run("T18", testCompressedBodies)
	t.Run("T27", testBigFrames)
	t.Run("T28", testBadFrames)
	t.Run("T29", testClientThatDoesNotRead)
	t.Run("T30", testSlowClients)
	t.Run("T31", testManySockets)
	t.Run("T32", testReconnectStorm)
	t.Run("T33", testSessionIDs)
	t.Run("T34", testForeignSessions)
	t.Run("T35", testNoWriteToNextVisitor)
	t.Run("T37", testAppCannotEdit)
	t.Run("T38", testErrorsSayNothing)
	t.Run("T39", testBigQueriesAndCookies)
	t.Run("T46", testPanics)
	t.Run("T47", testLogInjection)
	t.Run("T48", testSplitting)
}

// T01: every route of both servers, with every method, refuses who has no
// credentials, but for a list that this test holds a copy of.
func testRoutesNeedCredentials(t *testing.T) {
	public := map[string][]string{
		"edit": {"GET /healthz", "HEAD /healthz", "GET /assets/*", "HEAD /assets/*", "GET /favicon.ico", "HEAD /favicon.ico", "POST /login"},
		"app":  {"GET /healthz", "HEAD /healthz", "GET /assets/*", "HEAD /assets/*", "GET /favicon.ico", "HEAD /favicon.ico", "GET /", "HEAD /"},
	}
	for mode, h := range map[string]*harness{"edit": startEdit(t), "app": startApp(t)} {
		routes := h.srv.Routes()
		if len(routes) < 10 {
			t.Fatalf("%s: only %d routes", mode, len(routes))
		}
		for _, r := range routes {
			method, pattern, _ := strings.Cut(r, " ")
			path := regexp.MustCompile(`:\w+|\*`).ReplaceAllString(pattern, "x")
			for _, m := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} {
				res := h.browser().do(m, path, "")
				refused := res.StatusCode == 401 || res.StatusCode == 403
				if isPublic := slices.Contains(public[mode], m+" "+pattern); !isPublic && m == method && !refused {
					t.Errorf("%s: %s %s answers %d to a stranger", mode, m, path, res.StatusCode)
				} else if m != method && !slices.Contains(routes, m+" "+pattern) && !refused && res.StatusCode != 404 && res.StatusCode != 405 {
					t.Errorf("%s: %s %s answers %d", mode, m, path, res.StatusCode)
				}
			}
		}
	}
}

func testSocketNeedsCredentials(t *testing.T) {
	h, other := startEdit(t), startEdit(t)
	otherCookie := strings.ReplaceAll(other.owner().cookies(), other.cookie(), h.cookie())
	expired := h.owner()
	h.grants.mu.Lock()
	for _, g := range h.grants.cookies {
		g.ends = time.Now().Add(-time.Second)
	}
	h.grants.mu.Unlock()
	for name, headers := range map[string][]string{
		"none":     {},
		"wrong":    {"Cookie", h.cookie() + "=" + secret()},
		"other":    {"Cookie", otherCookie},
		"expired":  {"Cookie", expired.cookies()},
		"bearer":   {"Authorization", "Bearer " + secret()},
		"no token": {"Authorization", "Bearer "},
	} {
		_, res, err := h.browser().dial("/ws?notebook=a.md&token="+secret(), headers...)
		if err == nil || res == nil || res.StatusCode != 401 {
			t.Errorf("%s: dial gave %v, %v", name, res, err)
		}
	}
	if n := h.space.opened(); n != 0 {
		t.Errorf("%d notebooks were opened", n)
	}
}

func testForeignOrigins(t *testing.T) {
	edit, app := startEdit(t), startApp(t)
	for _, b := range []*browser{edit.owner(), app.visitor()} {
		port := b.h.addr[strings.LastIndex(b.h.addr, ":")+1:]
		n, _ := strconv.Atoi(port)
		for _, origin := range []string{
			"https://evil.example", "http://localhost.evil.example:" + port, "http://127.0.0.1.evil.example:" + port,
			"http://127.0.0.1:" + strconv.Itoa(n+1), "http://127.0.0.1", "null", "HTTP://127.0.0.1:" + port,
			"http://127.0.0.1:" + port + "@evil.example", "http://127.0.0.1.:" + port, "https://127.0.0.1:" + port,
			"http://127.0.0.1:" + port + "/", "http://localhost:" + port, "",
		} {
			if _, res, err := b.dial("/ws?notebook=a.md", "Origin", origin); err == nil || res == nil || res.StatusCode != 403 {
				t.Errorf("%s: origin %q: %v, %v", b.h.srv.mode, origin, res, err)
			}
		}
		for _, site := range []string{"cross-site", "same-site"} {
			if _, res, err := b.dial("/ws?notebook=a.md", "Sec-Fetch-Site", site); err == nil || res.StatusCode != 403 {
				t.Errorf("%s: Sec-Fetch-Site %s was let in", b.h.srv.mode, site)
			}
		}
		if _, _, err := b.dial("/ws?notebook=a.md", "Sec-Fetch-Site", "same-origin"); err != nil {
			t.Errorf("%s: our own page was refused: %v", b.h.srv.mode, err)
		}
	}
}

func testForeignHosts(t *testing.T) {
	edit, app := startEdit(t), startApp(t)
	for _, b := range []*browser{edit.owner(), app.visitor()} {
		for _, host := range []string{"evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "localhost@evil.example",
			"localhost.", "192.168.1.1", "[::2]", "0.0.0.0"} {
			for _, path := range []string{"/", "/api/notebooks", "/assets/main-0123abcd.js", "/metrics", "/frames"} {
				for _, extra := range [][]string{{}, {"X-Forwarded-Host", b.h.addr}, {"Forwarded", "host=" + b.h.addr}, {"X-Forwarded-Proto", "https"}} {
					if res := b.get(path, append([]string{"Host", host, "Cookie", b.cookies()}, extra...)...); res.StatusCode != 403 && res.StatusCode != 400 {
						t.Errorf("%s: GET %s with host %q %q: %d", b.h.srv.mode, path, host, extra, res.StatusCode)
					}
				}
			}
			if status := rawStatus(t, b.h.addr, "GET /ws?notebook=a.md HTTP/1.1\r\nHost: "+host+"\r\nOrigin: http://"+host+"\r\nCookie: "+b.cookies()+
				"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"); status != 403 && status != 400 {
				t.Errorf("%s: socket with host %q: %d", b.h.srv.mode, host, status)
			}
		}
		good := b.h.addr
		for name, request := range map[string]string{
			"two hosts":       "GET / HTTP/1.1\r\nHost: " + good + "\r\nHost: evil.example\r\n\r\n",
			"no host":         "GET / HTTP/1.1\r\n\r\n",
			"absolute form":   "GET http://" + good + "/ HTTP/1.1\r\nHost: " + good + "\r\n\r\n",
			"absolute, evil":  "GET http://evil.example/ HTTP/1.1\r\nHost: " + good + "\r\n\r\n",
			"HTTP/1.0":        "GET / HTTP/1.0\r\n\r\n",
			"CONNECT":         "CONNECT evil.example:80 HTTP/1.1\r\nHost: evil.example\r\n\r\n",
			"evil, folded up": "GET / HTTP/1.1\r\nX: y\r\n Host: " + good + "\r\nHost: evil.example\r\n\r\n",
		} {
			if status := rawStatus(t, good, request); status != 400 && status != 403 {
				t.Errorf("%s: %s: %d", b.h.srv.mode, name, status)
			}
		}
	}
	for _, host := range []string{"localhost", "LOCALHOST:1", "[::1]:" + strconv.Itoa(edit.srv.cfg.Port), "127.0.0.1"} {
		if status := rawStatus(t, app.addr, "GET / HTTP/1.1\r\nHost: "+host+"\r\n\r\n"); status != 200 {
			t.Errorf("host %q was refused: %d", host, status)
		}
	}
}

// rawStatus sends bytes and returns the answer's status; 0: the connection closed.
func rawStatus(t *testing.T, addr, request string) int {
	t.Helper()
	res := raw(t, addr, request)
	var status int
	fmt.Sscanf(res, "HTTP/1.1 %d", &status)
	return status
}

// raw sends bytes and returns the first line that comes back.
func raw(t *testing.T, addr, request string) string {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, request); err != nil {
		return ""
	}
	c.SetReadDeadline(time.Now().Add(patience))
	line, err := bufio.NewReader(c).ReadString('\n')
	if err != nil {
		return ""
	}
	return line
}

func testForgedWrites(t *testing.T) {
	edit, app := startEdit(t), startApp(t)
	writes := func(h *harness) []string {
		var list []string
		for _, r := range h.srv.Routes() {
			if !strings.HasPrefix(r, "GET ") && !strings.HasPrefix(r, "HEAD ") && r != "POST /login" {
				list = append(list, r)
			}
		}
		return list
	}
	for _, b := range []*browser{edit.owner(), app.visitor()} {
		for _, r := range writes(b.h) {
			method, pattern, _ := strings.Cut(r, " ")
			path := strings.NewReplacer(":session", "nb1", ":widget", "w", ":name", "n").Replace(pattern)
			for name, headers := range map[string][]string{
				"form":              {"X-Stnb", "", "Content-Type", "application/x-www-form-urlencoded"},
				"text":              {"X-Stnb", "", "Content-Type", "text/plain"},
				"multipart":         {"X-Stnb", "", "Content-Type", "multipart/form-data; boundary=x"},
				"cross site":        {"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"},
				"same site":         {"Sec-Fetch-Site", "same-site", "Sec-Fetch-Mode", "cors"},
				"foreign origin":    {"Origin", "https://evil.example"},
				"no origin":         {"Origin", ""},
				"null origin":       {"Origin", "null"},
				"wrong header":      {"X-Stnb", "0"},
				"two origins, ours": {"Origin", b.h.url + ", https://evil.example"},
			} {
				if res := b.do(method, path, `{}`, headers...); res.StatusCode != 403 {
					t.Errorf("%s: %s by %s: %d", b.h.srv.mode, r, name, res.StatusCode)
				}
			}
		}
	}
	for _, headers := range [][]string{{"Origin", "https://evil.example"}, {"Origin", ""}, {"Sec-Fetch-Site", "cross-site"}} {
		if res := edit.browser().do("POST", "/login", "password=x", headers...); res.StatusCode != 403 {
			t.Errorf("sign-in with %q: %d", headers, res.StatusCode)
		}
	}
	if res := edit.owner().get("/api/notebooks", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"); res.StatusCode != 403 {
		t.Errorf("a foreign page may read the list: %d", res.StatusCode)
	}
}

func testNoChangeByGet(t *testing.T) {
	h := startEdit(t)
	b := h.owner()
	for _, path := range []string{"/logout", "/frames", "/login", "/uploads/nb1/w/n", "/api/notebooks/new", "/run", "/save", "/delete", "/kernel"} {
		if res := b.get(path); res.StatusCode != 405 && res.StatusCode != 404 {
			t.Errorf("GET %s: %d", path, res.StatusCode)
		}
	}
	if res := b.get("/api/notebooks"); res.StatusCode != 200 {
		t.Errorf("signed out by a GET: %d", res.StatusCode)
	}
	if ops := h.space.live.done(); len(ops) != 0 {
		t.Errorf("%d ops were made", len(ops))
	}
}

func testTokenStaysSecret(t *testing.T) {
	h := startEdit(t)
	token := h.grants.NewLink()
	b := h.browser()
	res := b.get("/edit/a.md?token=" + token)
	if loc := res.Header.Get("Location"); res.StatusCode != 303 || loc != "/edit/a.md" {
		t.Errorf("link: %d to %q", res.StatusCode, loc)
	}
	for _, c := range res.Cookies() {
		if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Name != "stnb-edit-"+strconv.Itoa(h.srv.cfg.Port) || c.Secure {
			t.Errorf("cookie: %+v", c)
		}
	}
	if res := b.get("/edit/a.md"); res.Header.Get("Referrer-Policy") != "same-origin" {
		t.Errorf("Referrer-Policy %q", res.Header.Get("Referrer-Policy"))
	}
	if res := b.get("/?token=" + h.grants.NewLink()); res.StatusCode != 303 || res.Header.Get("Location") != "/" {
		t.Errorf("a second link is left in the address: %d", res.StatusCode)
	}
	again := h.browser().get("/?token=" + token)
	if again.StatusCode != 401 || strings.Contains(again.body, token) {
		t.Errorf("a used link: %d", again.StatusCode)
	}
	select {
	case link := <-h.links:
		if fresh := h.browser().get("/" + link); fresh.StatusCode != 303 {
			t.Errorf("the new link answers %d", fresh.StatusCode)
		}
		if strings.Contains(h.log.String(), strings.TrimPrefix(link, "?token=")) {
			t.Error("the log has the new link")
		}
	case <-time.After(patience):
		t.Error("no new link was shown to the owner")
	}
	h.browser().do("HEAD", "/?token="+h.grants.NewLink(), "")
	head := h.grants.NewLink()
	h.browser().do("HEAD", "/?token="+head, "")
	if res := h.browser().get("/?token=" + head); res.StatusCode != 303 {
		t.Errorf("a preview by HEAD used the link up: %d", res.StatusCode)
	}
	u := strings.Split(b.cookies(), "=")[1]
	for _, s := range []string{token, head, u} {
		if strings.Contains(h.log.String(), s) {
			t.Errorf("the log has a secret")
		}
	}
}

func testSignInLimits(t *testing.T) {
	h := startEdit(t)
	h.grants.SetPassword(hashPassword("correct horse", []byte("salt"), 1000))
	b := h.browser()
	if res := b.do("POST", "/login", "password="+strings.Repeat("x", 1<<20)); res.StatusCode != 413 {
		t.Errorf("a megabyte of password: %d", res.StatusCode)
	}
	if res := b.do("POST", "/login", "next=/edit/a.md&password=correct+horse"); res.StatusCode != 303 || res.Header.Get("Location") != "/edit/a.md" {
		t.Errorf("right password: %d to %q", res.StatusCode, res.Header.Get("Location"))
	}
	last := 0
	for range triesLimit + 2 {
		last = b.do("POST", "/login", "password=wrong").StatusCode
	}
	if last != 429 {
		t.Errorf("after %d wrong passwords: %d", triesLimit+2, last)
	}
	if res := b.do("POST", "/login", "password=correct+horse"); res.StatusCode != 429 {
		t.Errorf("the right password within the pause: %d", res.StatusCode)
	}
	// Who tries passwords at one address locks nobody else out. A proxy appends to
	// what a visitor claims.
	for range triesLimit {
		b.do("POST", "/login", "password=wrong", "X-Forwarded-For", "198.51.100.9, 203.0.113.7")
	}
	for forwarded, want := range map[string]int{"198.51.100.1, 203.0.113.7": 429, "203.0.113.8": 303} {
		if res := b.do("POST", "/login", "password=correct+horse", "X-Forwarded-For", forwarded); res.StatusCode != want {
			t.Errorf("the right password from %s: %d, want %d", forwarded, res.StatusCode, want)
		}
	}
	for line := range strings.SplitSeq(h.log.String(), "\n") {
		if len(line) > 1000 {
			t.Errorf("a log line has %d bytes", len(line))
		}
	}
}

func testRevocation(t *testing.T) {
	h := startEdit(t)
	one, two := h.owner(), h.owner()
	w1, w2 := one.open("/ws?notebook=a.md", "c1", ""), two.open("/ws?notebook=a.md", "c2", "")
	w1.next()
	w2.next()
	if res := one.do("POST", "/logout", ""); res.StatusCode != 204 {
		t.Fatalf("logout: %d", res.StatusCode)
	}
	if code := w1.closeCode(); code != closeSignedOut {
		t.Errorf("the socket of who signed out ended with %d", code)
	}
	if res := two.get("/api/notebooks"); res.StatusCode != 200 {
		t.Errorf("the other one was signed out too: %d", res.StatusCode)
	}
	h.grants.SetPassword(hashPassword("new password", []byte("salt"), 1000))
	if code := w2.closeCode(); code != closeSignedOut {
		t.Errorf("after a change of password the socket ended with %d", code)
	}
	if res := two.get("/api/notebooks"); res.StatusCode != 401 {
		t.Errorf("the old cookie still works: %d", res.StatusCode)
	}
}

func testOpenRedirect(t *testing.T) {
	evil := []string{"//evil.example", `/\evil.example`, `\\evil.example`, "///evil.example", "https:///evil.example", "https://evil.example",
		"/%09/evil.example", "/%5cevil.example", "javascript:alert(1)", "/a//evil.example", "/\t/evil", "/%2f/evil", "evil", "", "/a\r\nX: y", "/%0d%0aX:y", "/x:y"}
	for _, next := range evil {
		if got := localPath(next); got != "/" {
			t.Errorf("localPath(%q) = %q", next, got)
		}
	}
	for _, next := range []string{"/", "/edit/a.md", "/edit/dir/b%20c.md"} {
		if got := localPath(next); got != next {
			t.Errorf("localPath(%q) = %q", next, got)
		}
	}
	h := startEdit(t)
	for _, path := range []string{"//evil.example/x", `/\evil.example/x`, "/%5cevil.example/.", "//evil.example/%2e%2e"} {
		res := raw(t, h.addr, "GET "+path+"?token="+h.grants.NewLink()+" HTTP/1.1\r\nHost: "+h.addr+"\r\n\r\n")
		if strings.Contains(res, " 30") {
			t.Errorf("GET %s redirects: %q", path, res)
		}
	}
	// On the form as well, and with the password right.
	h.grants.SetPassword(hashPassword("correct horse", []byte("salt"), 1000))
	for _, next := range []string{"//evil.example", "https://evil.example", `/\evil.example`} {
		res := h.browser().do("POST", "/login", "password=correct+horse&next="+next)
		if loc := res.Header.Get("Location"); res.StatusCode != 303 || loc != "/" {
			t.Errorf("next=%s: %d to %q", next, res.StatusCode, loc)
		}
	}
}

func testFraming(t *testing.T) {
	edit := startEdit(t)
	app := startApp(t)
	embedded := startApp(t, func(c *AppConfig) { c.Embedders = []string{"https://intranet.example"} })
	for _, tt := range []struct {
		b    *browser
		path string
		want string
	}{
		{edit.owner(), "/", "frame-ancestors 'self'"},
		{edit.owner(), "/edit/a.md", "frame-ancestors 'self'"},
		{edit.browser(), "/", "frame-ancestors 'self'"},
		{edit.browser(), "/nowhere", "frame-ancestors 'self'"},
		{app.visitor(), "/", "frame-ancestors 'self'"},
		{app.visitor(), "/media/x/y", "frame-ancestors 'self'"},
		{embedded.visitor(), "/", "frame-ancestors 'self' https://intranet.example"},
	} {
		csp := tt.b.get(tt.path).Header.Get("Content-Security-Policy")
		if !strings.HasSuffix(csp, tt.want) || strings.Count(csp, "frame-ancestors") != 1 {
			t.Errorf("%s: policy %q", tt.path, csp)
		}
		if regexp.MustCompile(`script-src[^;]*unsafe`).MatchString(csp) {
			t.Errorf("%s: policy %q lets inline scripts run", tt.path, csp)
		}
	}
	// A browser sends a cookie to a frame of another site only when it says so, and
	// takes that only over TLS.
	tls := startApp(t, func(c *AppConfig) {
		c.Embedders, c.Public = []string{"https://intranet.example"}, &url.URL{Scheme: "https", Host: "apps.example"}
	})
	for h, want := range map[*harness]string{app: "SameSite=Lax", embedded: "SameSite=Lax", tls: "SameSite=None; Partitioned"} {
		cookie := strings.Join(h.browser().get("/").Header.Values("Set-Cookie"), "\n")
		if !strings.HasSuffix(cookie, want) || strings.Contains(cookie, "; secure") != (h == tls) {
			t.Errorf("cookie %q, want %s", cookie, want)
		}
	}
}

// hidden are names that no route may serve, in any writing.
var hidden = []string{".stnb/secrets.toml", ".STNB/secrets.toml", ".git/config", ".env", ".hidden", "x.db", ".keep", "list.html", "app.html"}

func testHiddenFiles(t *testing.T) {
	for _, b := range []*browser{startEdit(t).owner(), startApp(t).visitor()} {
		for _, prefix := range []string{"/", "/assets/", "/assets/../", "/edit/../", "/media/nb1/", "/html/nb1/"} {
			for _, name := range hidden {
				if prefix == "/assets/" || prefix == "/" {
					name = strings.ReplaceAll(name, "/", "%2f")
				}
				if res := b.get(prefix + name); res.StatusCode == 200 && !strings.Contains(res.body, "<body>editor") {
					t.Errorf("%s: GET %s%s: %d %q", b.h.srv.mode, prefix, name, res.StatusCode, clip(res.body, 60))
				}
			}
		}
	}
}

func testStaticPaths(t *testing.T) {
	for _, h := range []*harness{startEdit(t), startApp(t)} {
		for _, path := range []string{"/favicon.ico/../../etc/passwd", "/assets%2f..%2fapp.html", "/assets/..%2fapp.html", "/assets//main-0123abcd.js",
			"/assets/%2e%2e/app.html", "/assets/%252e%252e/app.html", "/assets/main-0123abcd.js%00", `/assets/..\app.html`, "/assets/main-0123abcd.js%3f", "/assets/", "/assets",
			"/ASSETS/main-0123abcd.js", "/assets/main-0123abcd.js/", "/assets/main-0123abcd.js.gz"} {
			if status := rawStatus(t, h.addr, "GET "+path+" HTTP/1.1\r\nHost: "+h.addr+"\r\n\r\n"); status == 200 {
				t.Errorf("%s: GET %s: %d", h.srv.mode, path, status)
			}
		}
		res := h.browser().get("/assets/main-0123abcd.js", "Accept-Encoding", "gzip, br;q=0.9")
		if res.StatusCode != 200 || res.body != "'br'" || res.Header.Get("Content-Encoding") != "br" ||
			res.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" || res.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("asset: %d %q %v", res.StatusCode, res.body, res.Header)
		}
	}
}

func testMediaCannotRun(t *testing.T) {
	h := startEdit(t)
	h.space.live.media = map[string]page.Reply{
		"svg": {Type: "image/svg+xml"}, "png": {Type: "image/png"}, "html": {Type: "text/html; charset=utf-8"}, "xml": {Type: "application/xml"},
		"pdf": {Type: "application/pdf"}, "js": {Type: "text/javascript"}, "crlf": {Type: "text/plain\r\nX-Evil: 1"}, "upper": {Type: "TEXT/HTML"},
		"named": {Type: "text/csv", Name: "a\"b\r\nX-Evil: 1ü.csv"}, "dots": {Type: "text/csv", Name: "../../.evil"}, "none": {},
	}
	b := h.owner()
	for id, r := range h.space.live.media {
		res := b.get("/media/nb1/" + id)
		if res.StatusCode != 200 || res.body != id {
			t.Errorf("%s: %d %q", id, res.StatusCode, res.body)
			continue
		}
		if csp := res.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "sandbox; default-src 'none'") {
			t.Errorf("%s: policy %q", id, csp)
		}
		if res.Header.Get("X-Content-Type-Options") != "nosniff" || res.Header.Get("X-Evil") != "" {
			t.Errorf("%s: headers %v", id, res.Header)
		}
		kind := res.Header.Get("Content-Type")
		if strings.Contains(kind, "html") || kind == "application/xml" || kind == "" {
			t.Errorf("%s: sent as %q", id, kind)
		}
		if attached := strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment"); attached == (id == "svg" || id == "png") {
			t.Errorf("%s (%s): disposition %q", id, r.Type, res.Header.Get("Content-Disposition"))
		}
	}
	if d := b.get("/media/nb1/named").Header.Get("Content-Disposition"); d != `attachment; filename="a_bX-Evil: 1_.csv"; filename*=UTF-8''a%22bX-Evil%3A%201%C3%BC.csv` {
		t.Errorf("disposition %q", d)
	}
	if d := b.get("/media/nb1/dots").Header.Get("Content-Disposition"); d != `attachment; filename="evil"; filename*=UTF-8''evil` {
		t.Errorf("disposition %q", d)
	}
	own := b.get("/html/nb1/html")
	if csp := own.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "sandbox allow-scripts") || strings.Contains(csp, "allow-same-origin") || strings.Contains(csp, "allow-top-navigation") {
		t.Errorf("author's HTML: policy %q", csp)
	}
	// A page around somebody else's has no script of its own, whatever the address says.
	h.space.live.media["a'&b"] = page.Reply{Type: "text/uri-list"}
	around := b.get("/html/nb1/a'&b")
	if csp := around.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "script-src") {
		t.Errorf("somebody else's page: policy %q", csp)
	}
	if !strings.Contains(around.body, `src="a&#39;&amp;b"`) || strings.Contains(around.body, "allow-top-navigation") {
		t.Errorf("somebody else's page: %s", around.body)
	}
	for rng, want := range map[string]string{"bytes=1-1": "n", "bytes=1-": "ng", "bytes=-1": "g", "bytes=9-": "png", "bytes=2-1": "png", "junk": "png"} {
		if res := b.get("/media/nb1/png", "Range", rng); res.body != want {
			t.Errorf("range %s: %q", rng, res.body)
		}
	}
}

// uploader puts a file uploader on the screen of a live notebook.
func withUploader(v *fakeLive, props string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.widgets["w1"] = element.Element{Kind: "fileUploader", ID: "w1", Props: []byte(props)}
	v.widgets["s1"] = element.Element{Kind: "slider", ID: "s1", Props: []byte(`{}`)}
}

func files(t *testing.T, dir string) (list []string) {
	t.Helper()
	filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			list = append(list, path)
		}
		return nil
	})
	return list
}

func testUploads(t *testing.T) {
	h := startApp(t, func(c *AppConfig) {
		c.Limits.UploadBytes, c.Limits.SessionBytes, c.Limits.UploadTimeout = 1000, 2500, 2*time.Second
	})
	b := h.visitor()
	w := b.open("/ws", "c1", "")
	handle := w.next().Welcome.Handle
	v, _ := h.app.Find(func() string { id, _ := visitorOf(h, b); return id }(), handle)
	live := v.Live.(*fakeLive)
	withUploader(live, `{"types":[".csv"],"maxBytes":900}`)
	at := "/uploads/" + handle + "/w1/"
	put := func(b *browser, path, body string, headers ...string) answer {
		return b.do("PUT", path, body, headers...)
	}

	res := put(b, at+"data.csv", "1,2", "Content-Type", "text/csv; x")
	var up element.Upload
	if err := decodeStrict([]byte(res.body), &up); err != nil || res.StatusCode != 201 || up.Name != "data.csv" || up.Size != 3 || up.Type != "text/csv" || len(up.ID) != 32 {
		t.Fatalf("upload: %d %s", res.StatusCode, res.body)
	}
	if data, err := os.ReadFile(filepath.Join(h.srv.uploads.folder, handle, up.ID)); err != nil || string(data) != "1,2" {
		t.Errorf("the file: %q, %v", data, err)
	}
	if res := put(b, at+"empty.csv", ""); res.StatusCode != 201 {
		t.Errorf("an empty file: %d", res.StatusCode)
	}
	for path, want := range map[string]int{
		at + "a.exe":                            415,
		at + "a.csv.exe":                        415,
		at + "..%2f..%2fa":                      415,
		at + "%00":                              400,
		at + "%2e%2e":                           400,
		at + "%ff%fe.csv":                       400,
		"/uploads/" + handle + "/s1/a.csv":      404,
		"/uploads/" + handle + "/nope/a.csv":    404,
		"/uploads/" + handle + "x/w1/a.csv":     403,
		"/uploads/%2e%2e%2f/w1/a.csv":           403,
		"/uploads/" + handle + "/w1/dir/a.csv":  404,
		"/uploads/" + handle + "/w1/..%2fa.csv": 201,
	} {
		if res := put(b, path, "x"); res.StatusCode != want {
			t.Errorf("PUT %s: %d, want %d", path, res.StatusCode, want)
		}
	}
	for name, want := range map[string]string{
		"..%5c..%5cevil.csv":              "evil.csv",
		"..%2f..%2fevil.csv":              "evil.csv",
		".stnb%2fsecrets.csv":             "secrets.csv",
		".hidden.csv":                     "hidden.csv",
		"a%0d%0aX-Evil:%201.csv":          "aX-Evil: 1.csv",
		"%e2%80%aevsc.csv":                "vsc.csv",
		strings.Repeat("n", 300) + ".csv": strings.Repeat("n", 196) + ".csv",
	} {
		res := put(b, at+name, "")
		var up element.Upload
		if err := decodeStrict([]byte(res.body), &up); err != nil || up.Name != want {
			t.Errorf("name %s became %q (%d)", name, up.Name, res.StatusCode)
		}
	}
	before := len(files(t, h.srv.uploads.folder))
	if res := put(b, at+"big.csv", strings.Repeat("x", 901)); res.StatusCode != 413 {
		t.Errorf("more than the widget takes: %d", res.StatusCode)
	}
	chunked, _ := http.NewRequest("PUT", h.url+at+"big.csv", io.MultiReader(strings.NewReader(strings.Repeat("x", 901))))
	chunked.Header.Set("X-Stnb", "1")
	chunked.Header.Set("Origin", h.url)
	if res, err := b.c.Do(chunked); err != nil || res.StatusCode != 413 {
		t.Errorf("more than the widget takes, chunked: %v %v", res, err)
	}
	other := h.visitor()
	if res := put(other, at+"data.csv", "1,2"); res.StatusCode != 403 {
		t.Errorf("into another visitor's session: %d", res.StatusCode)
	}
	// An upload that breaks off, and one that dawdles, leave nothing.
	for _, slow := range []bool{false, true} {
		c, err := net.Dial("tcp", h.addr)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(c, "PUT %sx.csv HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nX-Stnb: 1\r\nCookie: %s\r\nContent-Length: 500\r\n\r\nabc", at, h.addr, h.url, b.cookies())
		if slow {
			c.SetReadDeadline(time.Now().Add(patience))
			io.ReadAll(c)
		}
		c.Close()
	}
	eventually(t, "partial uploads are gone", func() bool { return len(files(t, h.srv.uploads.folder)) == before })
	for range 2 {
		put(b, at+"fill.csv", strings.Repeat("x", 900))
	}
	if res := put(b, at+"fill.csv", strings.Repeat("x", 900)); res.StatusCode != 507 {
		t.Errorf("past the session's quota: %d", res.StatusCode)
	}
	// Many sessions together have a bound as well.
	h.srv.uploads.limits.TotalBytes = 2500
	second := other.open("/ws", "c2", "").next().Welcome.Handle
	id, _ := visitorOf(h, other)
	v, _ = h.app.Find(id, second)
	withUploader(v.Live.(*fakeLive), `{}`)
	if res := put(other, "/uploads/"+second+"/w1/fill.csv", strings.Repeat("x", 900)); res.StatusCode != 507 {
		t.Errorf("past what all sessions may have: %d", res.StatusCode)
	}
	withUploader(live, `{"disabled":true}`)
	if res := put(b, at+"data.csv", "1"); res.StatusCode != 403 {
		t.Errorf("into a disabled widget: %d", res.StatusCode)
	}
	h.srv.ForgetUploads(handle)
	if n := len(files(t, h.srv.uploads.folder)); n != 0 {
		t.Errorf("%d files outlive their session", n)
	}
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Errorf("not in time: %s", what)
}

// visitorOf returns the visitor's id behind a browser's cookie.
func visitorOf(h *harness, b *browser) (id, cookie string) {
	_, cookie, _ = strings.Cut(b.cookies(), "=")
	h.app.mu.Lock()
	defer h.app.mu.Unlock()
	d := hash(cookie)
	return fmt.Sprintf("%x", d[:16]), cookie
}

func testCompressedBodies(t *testing.T) {
	h := startApp(t)
	b := h.visitor()
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	chunk := make([]byte, 1<<20)
	for range 100 {
		z.Write(chunk)
	}
	z.Close()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, coding := range []string{"gzip", "br", "deflate", "zstd", "gzip, gzip, gzip", "identity"} {
		if res := b.do("POST", "/frames", bomb.String(), "Content-Encoding", coding); res.StatusCode != 415 {
			t.Errorf("%s: %d", coding, res.StatusCode)
		}
	}
	var after runtime.MemStats
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 50<<20 {
		t.Errorf("%d MB were allocated", grown>>20)
	}
	if res := b.do("POST", "/frames", strings.Repeat(" ", 600<<10)); res.StatusCode != 413 {
		t.Errorf("a body over the limit: %d", res.StatusCode)
	}
}

func testBigFrames(t *testing.T) {
	h := startApp(t)
	b := h.visitor()
	w := b.open("/ws", "c1", "")
	w.next()
	w.next()
	w.conn.WriteMessage(websocket.TextMessage, bytes.Repeat([]byte("x"), 2<<20))
	if code := w.closeCode(); code != closeTooBig && code != -1 {
		t.Errorf("a big message ended with %d", code)
	}
	// A header that promises 64 MiB, and fragments without end.
	for name, attack := range map[string]func(net.Conn){
		"promise": func(c net.Conn) { c.Write([]byte{0x81, 0xff, 0, 0, 0, 0, 4, 0, 0, 0, 1, 2, 3, 4}) },
		"fragments": func(c net.Conn) {
			c.Write([]byte{0x01, 0x81, 0, 0, 0, 0, 'x'})
			more := bytes.Repeat([]byte{0x00, 0x81, 0, 0, 0, 0, 'x'}, 10_000)
			for range 200 {
				if _, err := c.Write(more); err != nil {
					return
				}
			}
		},
	} {
		w := b.open("/ws", "c2", "")
		w.next()
		w.next()
		attack(w.conn.NetConn())
		if code := w.closeCode(); code != closeTooBig && code != -1 {
			t.Errorf("%s: ended with %d", name, code)
		}
	}
	d := websocket.Dialer{EnableCompression: true}
	conn, res, err := d.Dial("ws://"+h.addr+"/ws", http.Header{"Origin": {h.url}, "Cookie": {b.cookies()}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if got := res.Header.Get("Sec-WebSocket-Extensions"); got != "" {
		t.Errorf("compression was agreed to: %s", got)
	}
}

func testBadFrames(t *testing.T) {
	h := startApp(t)
	b := h.visitor()
	good := b.open("/ws", "good", "")
	good.next()
	good.next()
	for name, frame := range map[string]string{
		"no JSON":        "hello",
		"bad UTF-8":      "{\"op\":{\"interact\":{\"page\":\"\xff\"}}}",
		"unknown type":   `{"execute":{"code":"1"}}`,
		"unknown op":     `{"op":{"exec":{}}}`,
		"two values":     `{"op":{"interact":{}}} {}`,
		"an array":       `[]`,
		"empty":          `{}`,
		"deep":           strings.Repeat("[", 100_000),
		"hello again":    `{"hello":{"client":"x"}}`,
		"service":        `{"req":{"id":1,"method":"complete"}}`,
		"number for str": `{"op":{"interact":{"fragment":1}}}`,
	} {
		w := b.open("/ws", "bad", "")
		w.next()
		w.next()
		w.send(frame)
		if code := w.closeCode(); code != closeProtocol && code != closeInvalid && code != closePolicy {
			t.Errorf("%s: ended with %d", name, code)
		}
	}
	for _, first := range []string{`{}`, `{"op":{"interact":{}}}`, `{"hello":{"client":""}}`, `{"hello":{"client":"a/b"}}`, `{"hello":{"client":"` + strings.Repeat("x", 500) + `"}}`} {
		w, _, err := b.dial("/ws")
		if err != nil {
			t.Fatal(err)
		}
		w.send(first)
		if code := w.closeCode(); code != closeProtocol {
			t.Errorf("first frame %s: ended with %d", clip(first, 40), code)
		}
	}
	w, _, err := b.dial("/ws")
	if err != nil {
		t.Fatal(err)
	}
	w.conn.WriteMessage(websocket.BinaryMessage, []byte(`{"hello":{"client":"x"}}`))
	if code := w.closeCode(); code != closeInvalid {
		t.Errorf("a binary frame: ended with %d", code)
	}
	// Unmasked, as no browser sends.
	w = b.open("/ws", "bad", "")
	w.next()
	w.conn.NetConn().Write([]byte{0x81, 0x02, '{', '}'})
	if code := w.closeCode(); code != closeProtocol && code != -1 {
		t.Errorf("an unmasked frame: ended with %d", code)
	}
	// A flood.
	w = b.open("/ws", "flood", "")
	go func() {
		for range 20_000 {
			if w.conn.WriteMessage(websocket.TextMessage, []byte(`{"op":{"interact":{"rerun":true}}}`)) != nil {
				return
			}
		}
	}()
	if code := w.closeCode(); code != closePolicy && code != -1 {
		t.Errorf("a flood: ended with %d", code)
	}
	good.send(`{"op":{"interact":{"rerun":true}},"seq":1}`)
	for m := good.next(); m.Ack != 1; m = good.next() {
	}
}

func testClientThatDoesNotRead(t *testing.T) {
	h := startEdit(t, func(c *EditConfig) {
		c.Limits.QueueBytes, c.Limits.SocketWrite = 1<<20, 4*time.Second
	})
	b := h.owner()
	normal := b.open("/ws?notebook=a.md", "normal", "")
	normal.next()
	normal.next()
	for i := range 20 {
		c, _, err := b.dial("/ws?notebook=a.md")
		if err != nil {
			t.Fatal(err)
		}
		c.send(`{"hello":{"client":"deaf` + strconv.Itoa(i) + `"}}`)
	}
	live := h.space.live
	eventually(t, "all subscribed", func() bool { return live.subscribers() == 21 })
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	big := strings.Repeat("x", 100<<10)
	got := make(chan int)
	go func() {
		n := 0
		for n < 200 {
			if _, err := normal.try(patience); err != nil {
				break
			}
			n++
		}
		got <- n
	}()
	for range 200 {
		live.mu.Lock()
		live.tell(big)
		live.mu.Unlock()
		time.Sleep(2 * time.Millisecond)
	}
	if n := <-got; n != 200 {
		t.Errorf("the one who reads got %d of 200 messages", n)
	}
	eventually(t, "the deaf are gone", func() bool { return live.subscribers() == 1 })
	testPieces(t)
	testAnswers(t)
	var after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&after)
	if after.HeapAlloc > before.HeapAlloc+40<<20 {
		t.Errorf("the heap grew from %d to %d MB", before.HeapAlloc>>20, after.HeapAlloc>>20)
	}
}

// Who asks for much and does not read it holds a bounded part of the memory.
func testAnswers(t *testing.T) {
	const size = 16 << 20 // more than sockets hold
	h := startEdit(t, func(c *EditConfig) { c.Limits.AnswerBytes = size + 1000 })
	h.space.live.media = map[string]page.Reply{strconv.Itoa(size): {Type: "image/png"}, "900": {Type: "image/png"}}
	b := h.owner()
	for range 3 { // what was sent is held no longer
		if res := b.get("/media/nb1/" + strconv.Itoa(size)); res.StatusCode != 200 || len(res.body) != size {
			t.Fatalf("a big answer: %d, %d bytes", res.StatusCode, len(res.body))
		}
	}
	deaf, err := net.Dial("tcp", h.addr)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(deaf, "GET /media/nb1/%d HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\n\r\n", size, h.addr, b.cookies())
	if _, err := io.ReadFull(deaf, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	if res := b.get("/media/nb1/" + strconv.Itoa(size)); res.StatusCode != 503 {
		t.Errorf("more than the server may hold: %d", res.StatusCode)
	}
	if res := b.get("/media/nb1/900", "Range", "bytes=0-9"); res.StatusCode != 206 || len(res.body) != 10 {
		t.Errorf("what there is room for: %d, %d bytes", res.StatusCode, len(res.body))
	}
	deaf.Close()
	eventually(t, "who left holds nothing", func() bool { return h.srv.answers.bytes.Load() == 0 })
	b.do("HEAD", "/media/nb1/900", "")
	eventually(t, "nor does a look at the head", func() bool { return h.srv.answers.bytes.Load() == 0 })
}

// timed counts the deadlines that are set for its writes.
type timed struct {
	net.Conn
	written, deadlines int
}

func (c *timed) Write(p []byte) (int, error)      { c.written += len(p); return len(p), nil }
func (c *timed) SetWriteDeadline(time.Time) error { c.deadlines++; return nil }

// What is big gets its time by the piece: who reads slowly gets all of it, and who
// does not read is let go all the same.
func testPieces(t *testing.T) {
	raw := &timed{}
	c := &conn{Conn: raw}
	c.SetWriteDeadline(time.Now().Add(time.Minute))
	if n, err := c.Write(make([]byte, 10*pieceBytes+1)); n != 10*pieceBytes+1 || err != nil || raw.written != n || raw.deadlines != 11 {
		t.Errorf("%d bytes written, %d arrived, %v, %d deadlines", n, raw.written, err, raw.deadlines)
	}
}

func testSlowClients(t *testing.T) {
	h := startApp(t, func(c *AppConfig) { c.Limits.ReadTimeout, c.Limits.Hello = 500*time.Millisecond, time.Second })
	b := h.visitor()
	cut := func(name, text string) {
		c, err := net.Dial("tcp", h.addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		io.WriteString(c, text)
		c.SetReadDeadline(time.Now().Add(patience))
		_, err = io.ReadAll(c)
		if e, ok := err.(net.Error); ok && e.Timeout() {
			t.Errorf("%s: the connection is held", name)
		}
	}
	cut("head", "GET / HTTP/1.1\r\nHost: "+h.addr+"\r\n")
	cut("body", "POST /frames HTTP/1.1\r\nHost: "+h.addr+"\r\nOrigin: "+h.url+"\r\nX-Stnb: 1\r\nCookie: "+b.cookies()+"\r\nContent-Length: 100\r\n\r\n{")
	// A socket that never says hello.
	w, _, err := b.dial("/ws")
	if err != nil {
		t.Fatal(err)
	}
	if code := w.closeCode(); code != closePolicy {
		t.Errorf("no hello: ended with %d", code)
	}
	if res := h.browser().get("/healthz"); res.StatusCode != 200 {
		t.Errorf("health: %d", res.StatusCode)
	}
	testNoDescriptors(t)
}

// feed is a listener that gives what a test says.
type feed chan any

func (f feed) Accept() (net.Conn, error) {
	switch x := (<-f).(type) {
	case net.Conn:
		return x, nil
	case error:
		return nil, x
	}
	return nil, net.ErrClosed
}
func (f feed) Close() error   { return nil }
func (f feed) Addr() net.Addr { return nil }

// elsewhere is one end of a pipe from another machine.
type elsewhere struct {
	net.Conn
	ip string
}

func (e elsewhere) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.ParseIP(e.ip), Port: 1} }

// A process that may open nothing more goes on: who keeps it waiting longest is let
// go. One address does not get all connections.
func testNoDescriptors(t *testing.T) {
	f := make(feed, 10)
	l := newConns(f, 2)
	var all []net.Conn
	reading := make(chan string, 4)
	for _, ip := range []string{"203.0.113.7", "203.0.113.8"} {
		near, far := net.Pipe()
		defer far.Close()
		f <- elsewhere{near, ip}
		c, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
		go func() {
			c.Read(make([]byte, 1))
			reading <- ip
		}()
		eventually(t, "it is read from", func() bool {
			l.mu.Lock()
			defer l.mu.Unlock()
			return l.waiting.Len() == len(all)
		})
	}
	near, _ := net.Pipe()
	f <- &net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", syscall.EMFILE)}
	f <- elsewhere{near, "203.0.113.8"}
	third, err := l.Accept()
	if err != nil {
		t.Fatalf("without descriptors the server ends: %v", err)
	}
	select {
	case first := <-reading:
		if first != "203.0.113.7" {
			t.Errorf("%s was let go, who came last", first)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("nobody was let go")
	}
	near, _ = net.Pipe()
	f <- elsewhere{near, "203.0.113.8"}
	f <- net.ErrClosed
	if _, err := l.Accept(); err == nil {
		t.Error("one address has more connections than its share")
	}
	third.Close()
	third.Close()
	near, _ = net.Pipe()
	f <- elsewhere{near, "203.0.113.8"}
	if _, err := l.Accept(); err != nil {
		t.Errorf("a place that was given up is not free: %v", err)
	}
}

func testManySockets(t *testing.T) {
	n := 1000
	if testing.Short() { // under the race detector, after a thousand without it
		n = 200
	}
	h := startApp(t, func(c *AppConfig) { c.Limits.Sockets = n + n/2 })
	b := h.visitor()
	connect := func(gen string) (list []*wire) {
		var wg sync.WaitGroup
		var mu sync.Mutex
		for i := range n {
			wg.Go(func() {
				w, _, err := b.dial("/ws")
				if err != nil {
					t.Errorf("dial: %v", err)
					return
				}
				w.conn.WriteMessage(websocket.TextMessage, []byte(`{"hello":{"client":"`+gen+strconv.Itoa(i)+`"}}`))
				if m, err := w.try(patience); err != nil || m.Welcome == nil {
					t.Errorf("no welcome: %v", err)
				}
				mu.Lock()
				list = append(list, w)
				mu.Unlock()
			})
		}
		wg.Wait()
		return list
	}
	for _, w := range connect("a") {
		w.conn.Close()
	}
	eventually(t, "the first wave has left", func() bool { return h.srv.sockets.count() == 0 })
	connect("b")
	eventually(t, "only the second wave is left", func() bool { return h.srv.sockets.count() == n })
}

func testReconnectStorm(t *testing.T) {
	h := startApp(t, func(c *AppConfig) { c.Limits.Sockets = 10 })
	h.app.limit = 5
	b := h.visitor()
	refused, busy := 0, 0
	for i := range 20 {
		w, res, err := b.dial("/ws")
		if err != nil {
			if res == nil || res.StatusCode != 503 {
				t.Fatalf("dial: %v %v", res, err)
			}
			refused++
			continue
		}
		w.send(`{"hello":{"client":"c` + strconv.Itoa(i) + `"}}`)
		if m := w.next(); m.Error != nil {
			if m.Error.Fatal || w.closeCode() != closeTryLater {
				t.Errorf("a visitor too many is told %+v", m.Error)
			}
			busy++
		}
	}
	if n := len(h.app.visits); n != 5 || busy == 0 {
		t.Errorf("%d sessions, %d busy, %d refused", n, busy, refused)
	}
	h = startApp(t, func(c *AppConfig) { c.Limits.Sockets = 10 })
	b, refused = h.visitor(), 0
	for range 20 {
		if _, res, err := b.dial("/ws"); err != nil && res != nil && res.StatusCode == 503 {
			refused++
		}
	}
	if refused != 10 {
		t.Errorf("of 20 sockets %d were refused where there is room for 10", refused)
	}
	// From one address that is not loopback.
	s := newSockets(Limits{}.withDefaults(false))
	ip := net.ParseIP("203.0.113.7")
	for range s.limits.SocketsPerAddress {
		if _, ok := s.admit(ip); !ok {
			t.Fatal("refused too early")
		}
	}
	if _, ok := s.admit(ip); ok {
		t.Error("one address may have more sockets than the limit")
	}
	for i := range s.limits.SocketsPerAddress + 1 { // nor by taking others of its own
		if _, ok := s.admit(net.ParseIP(fmt.Sprintf("2001:db8::1:%x", i))); ok == (i == s.limits.SocketsPerAddress) {
			t.Errorf("socket %d of one IPv6 network: %v", i, ok)
		}
	}
	if done, ok := s.admit(net.ParseIP("203.0.113.8")); !ok {
		t.Error("another address was refused")
	} else {
		done()
		done()
	}
}

func testSessionIDs(t *testing.T) {
	h := startApp(t)
	b := h.visitor()
	w := b.open("/ws", "c1", "")
	id := w.next().Welcome.Session
	if len(id) < 22 {
		t.Errorf("the id %q has fewer than 128 bits", id)
	}
	if w := b.open("/ws", "c2", id); w.next().Welcome.Session != id {
		t.Error("the visitor cannot resume")
	}
	if w := h.visitor().open("/ws", "c3", id); w.next().Welcome.Session == id {
		t.Error("another visitor resumed the session")
	}
	if _, res, err := h.browser().dial("/ws"); err == nil || res.StatusCode != 403 {
		t.Error("a socket without a visitor's cookie was let in")
	}
	forged := h.browser()
	for _, value := range []string{"x", strings.Repeat("a", 42), strings.Repeat("a", 44), strings.Repeat("/", 43)} {
		if _, _, err := forged.dial("/ws", "Cookie", h.cookie()+"="+value); err == nil {
			t.Errorf("cookie %q was let in", value)
		}
	}
	_, cookie := visitorOf(h, b)
	if log := h.log.String(); strings.Contains(log, id) || strings.Contains(log, cookie) {
		t.Error("the log has an id or a cookie")
	}
}

func testForeignSessions(t *testing.T) {
	h := startApp(t)
	mine, other := h.visitor(), h.visitor()
	w := mine.open("/ws", "c1", "")
	handle := w.next().Welcome.Handle
	id, _ := visitorOf(h, mine)
	v, _ := h.app.Find(id, handle)
	v.Live.(*fakeLive).media["m"] = page.Reply{Type: "image/png"}
	for _, tt := range []struct{ method, path, body string }{
		{"GET", "/media/" + handle + "/m", ""},
		{"GET", "/html/" + handle + "/m", ""},
		{"POST", "/frames", `{"session":"` + handle + `","request":{"frame":"f","offset":0,"limit":1}}`},
	} {
		yes, no := mine.do(tt.method, tt.path, tt.body), other.do(tt.method, tt.path, tt.body)
		nothing := other.do(tt.method, strings.Replace(tt.path, handle, "none", 1), strings.Replace(tt.body, handle, "none", 1))
		if yes.StatusCode != 200 {
			t.Errorf("%s %s: %d for its visitor", tt.method, tt.path, yes.StatusCode)
		}
		if no.StatusCode != 404 || no.StatusCode != nothing.StatusCode || no.body != nothing.body {
			t.Errorf("%s %s: %d %q for another visitor, %d %q for a session that is not", tt.method, tt.path, no.StatusCode, no.body, nothing.StatusCode, nothing.body)
		}
	}
}

// T35: after A's socket is gone, what is still sent to A reaches nobody, though
// the library hands A's wrapper to the next visitor.
func testNoWriteToNextVisitor(t *testing.T) {
	h := startEdit(t)
	b := h.owner()
	var kept []func()
	for i := range 50 {
		a := b.open("/ws?notebook=a.md", "a"+strconv.Itoa(i), "")
		a.next()
		a.next()
		live := h.space.live
		live.mu.Lock()
		for _, send := range live.subs {
			kept = append(kept, func() { send(nil) })
		}
		live.mu.Unlock()
		a.conn.Close()
		if eventually(t, "unsubscribed", func() bool { return live.subscribers() == 0 }); t.Failed() {
			return
		}
	}
	next := b.open("/ws?notebook=a.md", "b", "")
	next.next()
	next.next()
	for _, send := range kept {
		send()
	}
	if m, err := next.try(300 * time.Millisecond); err == nil {
		t.Errorf("the next visitor got %+v", m)
	}
}

func testAppCannotEdit(t *testing.T) {
	h := startApp(t)
	b := h.visitor()
	for _, op := range []string{`"edit":{"cell":"c","base":0,"source":"x"}`, `"run":{"what":"all"}`, `"insert":{"after":"","cell":{"id":"x","kind":"go","source":""}}`,
		`"delete":{"cells":["c"]}`, `"move":{"cells":["c"],"after":""}`, `"split":{"cell":"c"}`, `"merge":{"cells":["c"]}`, `"setCell":{"cell":"c"}`, `"undo":{}`, `"settings":{}`, `"save":{}`, `"resolve":{"keep":"mine"}`,
		`"interrupt":{}`, `"restart":{}`, `"clear":{}`, `"input":{"text":"x"}`} {
		w := b.open("/ws", "c1", "")
		handle := w.next().Welcome.Handle
		w.next()
		w.send(`{"op":{` + op + `},"seq":1}`)
		w.until("an error for "+op, func(m protocol.Server) bool { return m.Error != nil && m.Error.Seq == 1 })
		w.send(`{"op":{"interact":{"rerun":true},` + op + `},"seq":2}`)
		w.until("ack", isAck(2))
		id, _ := visitorOf(h, b)
		v, _ := h.app.Find(id, handle)
		for _, got := range v.Live.(*fakeLive).done() {
			if got.Interact == nil || got.Edit != nil || got.Run != nil || got.Save != nil || got.Insert != nil || got.Delete != nil ||
				got.Move != nil || got.Split != nil || got.Merge != nil || got.SetCell != nil || got.Undo != nil || got.Settings != nil || got.Resolve != nil ||
				got.Interrupt != nil || got.Restart != nil || got.Clear != nil || got.Input != nil {
				t.Errorf("%s reached the session: %+v", op, got)
			}
		}
	}
	for _, path := range []string{"/edit/a.md", "/Edit/a.md", "/EDIT/a.md", "/api/notebooks", "/API/notebooks", "/login", "/logout", "/metrics", "/Metrics", "/debug/pprof/", "/terminal", "/lsp"} {
		for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
			if res := b.do(method, path, "{}"); res.StatusCode != 404 && res.StatusCode != 405 {
				t.Errorf("%s %s: %d", method, path, res.StatusCode)
			}
		}
	}
	for _, r := range h.srv.Routes() {
		for _, word := range []string{"edit", "notebooks", "login", "metrics", "pprof"} {
			if strings.Contains(strings.ToLower(r), word) {
				t.Errorf("the app server has the route %s", r)
			}
		}
	}
}

func testErrorsSayNothing(t *testing.T) {
	app := startApp(t)
	b := app.visitor()
	w := b.open("/ws", "c1", "")
	handle := w.next().Welcome.Handle
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, res := range []answer{
		b.get("/nowhere"), b.get("/media/" + handle + "/nothing"), b.do("POST", "/frames", `{"session":"`+handle+`","request":{"frame":"panic"}}`),
		b.do("POST", "/frames", "nonsense"), b.do("PUT", "/uploads/"+handle+"/w/n", "x"),
		b.do("POST", "/frames", `{"session":"`+handle+`","request":{"frame":"broken"}}`),
	} {
		for _, secret := range []string{"goroutine", ".go:", "secret text", here, "/tmp/", "panic", "runtime."} {
			if strings.Contains(res.body, secret) {
				t.Errorf("%s: the answer has %q: %s", res.Request.URL.Path, secret, clip(res.body, 200))
			}
		}
		if res.Header.Get("Server") != "" {
			t.Errorf("the answer names its server: %q", res.Header.Get("Server"))
		}
	}
	// What a person can do something about is said, and the owner is told everything.
	gone := b.do("POST", "/frames", `{"session":"`+handle+`","request":{"frame":"gone"}}`)
	owner := startEdit(t).owner().do("POST", "/frames", `{"session":"nb1","request":{"frame":"broken"}}`)
	if gone.StatusCode != 422 || !strings.Contains(gone.body, "not shown any more") || owner.StatusCode != 422 || !strings.Contains(owner.body, "IO Error") {
		t.Errorf("a visitor of a table that is gone reads %q, an owner of one that is broken %q", gone.body, owner.body)
	}
}

func testBigQueriesAndCookies(t *testing.T) {
	h := startApp(t)
	b := h.visitor()
	for _, query := range []string{strings.Repeat("a=1&", 1500), "q=" + strings.Repeat("x", 31<<10)} {
		if res := b.get("/?" + query); res.StatusCode == 200 && strings.Count(query, "&") > 1000 {
			t.Errorf("a query of %d bytes: %d", len(query), res.StatusCode)
		}
	}
	if res := b.get("/?" + strings.Repeat("q", 600<<10)); res.StatusCode != 400 && res.StatusCode != 431 {
		t.Errorf("a huge query: %d", res.StatusCode)
	}
	for _, query := range []string{strings.Repeat("a=1&", 1500), strings.Repeat("x", 600<<10)} {
		w, _, err := b.dial("/ws")
		if err != nil {
			t.Fatal(err)
		}
		w.send(`{"hello":{"client":"c1","query":"` + query + `"}}`)
		if code := w.closeCode(); code != closeProtocol {
			t.Errorf("a hello with a query of %d bytes: %d", len(query), code)
		}
	}
	if res := h.browser().get("/", "Cookie", "other="+strings.Repeat("x", 12<<10)); res.StatusCode != 200 {
		t.Errorf("with 12 KB of other servers' cookies: %d", res.StatusCode)
	}
}

func testPanics(t *testing.T) {
	h := startEdit(t)
	b := h.owner()
	if res := b.do("POST", "/frames", `{"session":"nb1","request":{"frame":"panic"}}`); res.StatusCode != 500 || strings.Contains(res.body, "secret text") ||
		res.Header.Get("Content-Security-Policy") == "" {
		t.Errorf("a handler that panics: %d %q", res.StatusCode, res.body)
	}
	w := b.open("/ws?notebook=a.md", "c1", "")
	w.next()
	w.next()
	w.send(`{"req":{"id":1,"method":"panic"}}`)
	if m := w.next(); m.Res == nil || m.Res.Error == "" || strings.Contains(m.Res.Error, "secret") {
		t.Errorf("a service that panics: %+v", m)
	}
	// The fake panics with its lock held only for as long as the call lasts.
	w.send(`{"op":{"edit":{"cell":"c","base":0,"source":"panic"}},"seq":1}`)
	for {
		m, err := w.try(patience)
		if err != nil {
			break
		}
		if m.Error != nil && strings.Contains(m.Error.Text, "secret") {
			t.Errorf("an op that panics says %q", m.Error.Text)
		}
	}
	again := b.open("/ws?notebook=a.md", "c2", "")
	if m := again.next(); m.Welcome == nil {
		t.Errorf("after a panic: %+v", m)
	}
	if !strings.Contains(h.log.String(), "secret text of a panic") {
		t.Error("the log does not have the panic")
	}
}

func testLogInjection(t *testing.T) {
	h := startEdit(t)
	raw(t, h.addr, "GET /x%0d%0aFAKE%20LINE%1b[31m HTTP/1.1\r\nHost: "+h.addr+"\r\n\r\n")
	raw(t, h.addr, "GET /y HTTP/1.1\r\nHost: "+h.addr+"\r\nUser-Agent: a\x1b[31m\rFAKE\r\n\r\n")
	raw(t, h.addr, "GET /"+strings.Repeat("long", 5000)+" HTTP/1.1\r\nHost: "+h.addr+"\r\n\r\n")
	h.browser().do("POST", "/login", "password=a%0aFAKE+LINE")
	eventually(t, "the long path is logged", func() bool { return strings.Contains(h.log.String(), "/longlong") })
	eventually(t, "logged", func() bool { return strings.Contains(h.log.String(), "FAKE LINE") })
	for line := range strings.SplitSeq(h.log.String(), "\n") {
		if strings.HasPrefix(line, "FAKE") || strings.ContainsAny(line, "\x1b\r") || len(line) > 1000 {
			t.Errorf("log line %q", line)
		}
	}
}

func testSplitting(t *testing.T) {
	h := startEdit(t)
	for name, request := range map[string]string{
		"TE and CL":      "POST /login HTTP/1.1\r\nHost: %s\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\nGET /evil HTTP/1.1\r\nHost: %s\r\n\r\n",
		"two TE":         "POST /login HTTP/1.1\r\nHost: %s\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n%[1]s",
		"two CL":         "POST /login HTTP/1.1\r\nHost: %s\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx%[1]s",
		"TE in HTTP/1.0": "POST /login HTTP/1.0\r\nHost: %s\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n%[1]s",
		"odd TE":         "POST /login HTTP/1.1\r\nHost: %s\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n%[1]s",
		"negative CL":    "POST /login HTTP/1.1\r\nHost: %s\r\nContent-Length: -1\r\n\r\n%[1]s",
		"space in name":  "GET /healthz HTTP/1.1\r\nHost : %s\r\n\r\n%[1]s",
		"folded header":  "GET /healthz HTTP/1.1\r\nHost: %s\r\nX: a\r\n b\r\n\r\n%[1]s",
	} {
		if n := strings.Count(request, "%"); n > 0 {
			request = fmt.Sprintf(request, h.addr, h.addr)
			request = strings.Split(request, "%!(EXTRA")[0]
		}
		c, err := net.Dial("tcp", h.addr)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(c, request)
		c.SetReadDeadline(time.Now().Add(time.Second))
		answers, _ := io.ReadAll(c)
		c.Close()
		if n := bytes.Count(answers, []byte("HTTP/1.1 ")); n > 1 {
			t.Errorf("%s: %d answers to one request:\n%s", name, n, answers)
		}
	}
	if d := disposition("a\r\nSet-Cookie: x=1\r\n\r\n<script>"); strings.ContainsAny(d, "\r\n") {
		t.Errorf("disposition %q", d)
	}
}

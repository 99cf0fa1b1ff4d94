//go:build unix

package main

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"

	"stnb.dev/notebook/jupyter/jupytertest"
	"stnb.dev/ui/protocol"
)

// openProvider runs an OpenID Connect provider, zitadel's certified one, on
// loopback: it knows test-user@localhost and test-user2.
func openProvider(t *testing.T, callbacks ...string) (issuer string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	issuer = "http://localhost:" + port
	storage.RegisterClients(storage.WebClient("stnb", "canary-client-secret", callbacks...))
	srv := &http.Server{Handler: exampleop.SetupServer(issuer, storage.NewStorage(storage.NewUserStore(issuer)),
		slog.New(slog.DiscardHandler), false, op.WithAllowInsecure())}
	go srv.Serve(l)
	t.Cleanup(func() { srv.Close() })
	return issuer
}

// signIn walks through the provider's pages as a browser would, and returns where
// it ends.
func (p *person) signIn(user, password string) (*http.Response, string) {
	p.r.t.Helper()
	res, err := p.c.Get(p.r.url + "oauth/login?next=/")
	if err != nil {
		p.r.t.Fatal(err)
	}
	form, _ := io.ReadAll(res.Body)
	res.Body.Close()
	id := regexp.MustCompile(`name="id" value="([^"]+)"`).FindSubmatch(form)
	if id == nil {
		return res, string(form)
	}
	at, _ := res.Request.URL.Parse("/login/username")
	res, err = p.c.PostForm(at.String(), url.Values{"username": {user}, "password": {password}, "id": {string(id[1])}})
	if err != nil {
		p.r.t.Fatal(err)
	}
	defer res.Body.Close()
	page, _ := io.ReadAll(res.Body)
	return res, string(page)
}

// came is a browser that has not been anywhere.
func (r *running) came() *person {
	jar, _ := cookiejar.New(nil)
	return &person{r, &http.Client{Jar: jar, Timeout: patience}}
}

// TestSignInWithProvider is app mode behind a provider: who comes in, who they are
// to the notebook, and what a role opens.
func TestSignInWithProvider(t *testing.T) {
	port := jupytertest.FreePort(t)
	base := "http://127.0.0.1:" + strconv.Itoa(port)
	issuer := openProvider(t, base+"/oauth/callback")
	t.Setenv("STNB_OIDC_ISSUER", issuer)
	t.Setenv("STNB_OIDC_CLIENT_ID", "stnb")
	t.Setenv("STNB_OIDC_CLIENT_SECRET", "canary-client-secret")
	t.Setenv("STNB_ROLES", "boss:test-user@zitadel.ch,staff:@zitadel.ch")
	t.Setenv("STNB_ACCESS", "secret:boss")
	show := cell("import st \"stnb.dev/widgets\"\n\nu := st.User()\nst.Write(\"user\", u.Name, u.Email, u.Has(\"boss\"), u.Has(\"staff\"), u.SignedIn)\nn := st.State(\"n\", 0)\nst.Button(\"Add\", st.OnClick(func() { n.Set(n.Get() + 1) }))\nst.Write(\"Clicked\", n.Get(), \"times\")")
	dir := folder(t, "open.md", show, "secret.md", show)
	r := startOn(t, port, "run", dir)

	stranger := r.came()
	if status, page := stranger.do("GET", "?app=open", ""); status != 401 || !strings.Contains(page, "Sign in with localhost") {
		t.Fatalf("a stranger gets %d %s", status, page)
	}
	if _, err := stranger.dial("app=open", protocol.Hello{Client: "x"}); err == nil {
		t.Error("a stranger gets a socket")
	}
	if res, _ := stranger.signIn("test-user2", "wrong"); res.Request.URL.Host == "127.0.0.1:"+strconv.Itoa(port) {
		t.Error("a wrong password comes back signed in")
	}
	// Nobody's browser can be made to end another's sign-in.
	for _, path := range []string{"oauth/callback?code=x&state=y", "oauth/callback?code=x", "oauth/callback"} {
		if status, _ := stranger.do("GET", path, ""); status != 403 {
			t.Errorf("GET %s: %d", path, status)
		}
	}

	// A sign-in that somebody began is of no use in another's browser.
	lure, victim := r.came(), r.came()
	victim.signIn("test-user@localhost", "wrong") // which began one of their own
	lure.c.CheckRedirect = func(req *http.Request, _ []*http.Request) error {
		if req.URL.Path == "/oauth/callback" {
			return http.ErrUseLastResponse
		}
		return nil
	}
	res, _ := lure.signIn("test-user@localhost", "verysecure")
	link, err := res.Location()
	if err != nil {
		t.Fatalf("no way back from the provider: %d", res.StatusCode)
	}
	if status, page := victim.do("GET", strings.TrimPrefix(link.RequestURI(), "/"), ""); status != 403 || !strings.Contains(page, "not begun here") {
		t.Errorf("another's sign-in ends here: %d %s", status, page)
	}

	boss, staff := r.came(), r.came()
	for p, user := range map[*person]string{boss: "test-user@localhost", staff: "test-user2"} {
		res, page := p.signIn(user, "verysecure")
		if res.StatusCode != 200 || !strings.Contains(page, "Continue") {
			t.Fatalf("%s: %d %s\n%s", user, res.StatusCode, page, tail(r.out.String(), 1000))
		}
		if status, _ := p.do("GET", "?app=open", ""); status != 200 {
			t.Fatalf("%s: the app answers %d", user, status)
		}
	}
	b := boss.join("app=open", protocol.Hello{})
	b.shows("user Test User test-user@zitadel.ch true true true")
	s := staff.join("app=open", protocol.Hello{})
	s.shows("user Test User2 test-user2@zitadel.ch false true true")
	// A role opens an app, and the list names only those that are open.
	if status, _ := boss.do("GET", "?app=secret", ""); status != 200 {
		t.Errorf("the boss gets %d", status)
	}
	boss.join("app=secret", protocol.Hello{}).shows("user Test User")
	if status, _ := staff.do("GET", "?app=secret", ""); status != 403 {
		t.Errorf("who has not the role gets %d", status)
	}
	if b, err := staff.dial("app=secret", protocol.Hello{Client: "x"}); err == nil {
		t.Errorf("who has not the role gets a session: %q", b.text())
	}
	if _, list := staff.do("GET", "", ""); strings.Contains(list, "app=secret") || !strings.Contains(list, "app=open") {
		t.Errorf("the list: %s", list)
	}
	// The next person at the same browser does not find the sessions of the last.
	b.click("a")
	b.shows("Clicked 1 times")
	session := b.welcome.Session
	boss.do("POST", "logout", "")
	for b.read(patience) == nil {
	}
	if res, _ := boss.signIn("test-user2", "verysecure"); res.StatusCode != 200 {
		t.Fatalf("the next person: %d", res.StatusCode)
	}
	next := boss.join("app=open", protocol.Hello{Session: session})
	if next.shows("user Test User2"); next.welcome.Session == session {
		t.Error("the next person at the browser has the session of the last")
	}
	// Signing out everywhere closes every socket of the user, in all browsers.
	if status, _ := staff.do("POST", "logout/everywhere", ""); status != 204 {
		t.Errorf("signing out everywhere: %d", status)
	}
	for _, b := range []*tab{s, next} {
		for err := error(nil); err == nil; {
			err = b.read(patience)
			if e, ok := err.(net.Error); ok && e.Timeout() {
				t.Error("a socket outlives the sign-in")
			}
		}
	}
	for _, p := range []*person{staff, boss} {
		if status, _ := p.do("GET", "?app=open", ""); status != 401 {
			t.Errorf("after signing out everywhere: %d", status)
		}
	}
	if strings.Contains(r.out.String(), "canary-client-secret") {
		t.Error("the log has the client's secret")
	}
}

// TestProviderAllows: the provider knows many; the server takes those it is for.
func TestProviderAllows(t *testing.T) {
	port := jupytertest.FreePort(t)
	t.Setenv("STNB_OIDC_ISSUER", openProvider(t, "http://127.0.0.1:"+strconv.Itoa(port)+"/oauth/callback"))
	t.Setenv("STNB_OIDC_CLIENT_ID", "stnb")
	t.Setenv("STNB_OIDC_CLIENT_SECRET", "canary-client-secret")
	t.Setenv("STNB_OIDC_ALLOW", "test-user@zitadel.ch,@other.example")
	r := startOn(t, port, "run", filepath.Join(folder(t, "a.md", trivial), "a.md"))
	if res, page := r.came().signIn("test-user2", "verysecure"); res.StatusCode != 403 || !strings.Contains(page, "not among those") {
		t.Errorf("who is not on the list: %d", res.StatusCode)
	}
	p := r.came()
	if res, _ := p.signIn("test-user@localhost", "verysecure"); res.StatusCode != 200 {
		t.Errorf("who is on the list: %d", res.StatusCode)
	}
	if status, _ := p.do("GET", "", ""); status != 200 {
		t.Errorf("the app answers %d", status)
	}
}

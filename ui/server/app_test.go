package server

import (
	"strings"
	"testing"
)

// Several apps are listed at "/", and a tab is let into the one it names.
func TestSeveralApps(t *testing.T) {
	second := &fakeApp{visits: map[string]fakeVisit{}}
	h := startApp(t, func(c *AppConfig) {
		c.Name = "Examples"
		c.Apps = append(c.Apps, Published{"dir/second & last", second})
	})
	b := h.visitor()
	if res := b.get("/"); !strings.Contains(res.body, "<h1>Examples</h1>") || !strings.Contains(res.body, `href="/?app=dir%2Fsecond%20%26%20last"`) {
		t.Errorf("the list: %s", res.body)
	}
	if res := b.get("/?app=dir%2Fsecond%20%26%20last"); !strings.Contains(res.body, "<body>app") {
		t.Errorf("the second app: %s", res.body)
	}
	if res := b.get("/?app=third"); res.StatusCode != 404 {
		t.Errorf("no such app: %d", res.StatusCode)
	}
	w := b.open("/ws?app=dir%2Fsecond%20%26%20last", "c1", "")
	if w.next().Welcome == nil || len(second.visits) != 1 || len(h.app.visits) != 0 {
		t.Errorf("the tab joined %d sessions of the second app and %d of the first", len(second.visits), len(h.app.visits))
	}
	if m := b.open("/ws?app=third", "c2", "").next(); m.Error == nil || !m.Error.Fatal {
		t.Errorf("a tab of no app is told %+v", m)
	}
	if m := b.open("/ws", "c3", "").next(); m.Error == nil {
		t.Errorf("a tab that names no app is told %+v", m)
	}
}

// An app with a password shows nothing before it is given.
func TestAppPassword(t *testing.T) {
	g := NewGrants()
	g.SetPassword(hashPassword("correct horse", []byte("salt"), 1000))
	h := startApp(t, func(c *AppConfig) { c.Grants = g })
	b := h.browser()
	if res := b.get("/?app=fake"); res.StatusCode != 401 || strings.Contains(res.body, "<body>app") || !strings.Contains(res.body, `value="/?app=fake"`) {
		t.Errorf("a stranger gets %d: %s", res.StatusCode, res.body)
	}
	forged := h.cookie() + "=" + secret()
	if _, res, err := b.dial("/ws", "Cookie", forged); err == nil || res.StatusCode != 403 {
		t.Error("a visitor's cookie alone opens a socket")
	}
	if res := b.do("POST", "/login", "password=wrong&next=/"); res.StatusCode != 403 {
		t.Errorf("a wrong password: %d", res.StatusCode)
	}
	if res := b.do("POST", "/login", "password=correct+horse&next=/?app=fake"); res.StatusCode != 303 || res.Header.Get("Location") != "/?app=fake" {
		t.Errorf("the password: %d to %q", res.StatusCode, res.Header.Get("Location"))
	}
	if res := b.get("/?app=fake"); res.StatusCode != 200 || !strings.Contains(res.body, "<body>app") {
		t.Errorf("signed in: %d", res.StatusCode)
	}
	w := b.open("/ws?app=fake", "c1", "")
	w.next()
	w.next()
	g.SetPassword(hashPassword("another one", []byte("salt"), 1000))
	if code := w.closeCode(); code != closeSignedOut {
		t.Errorf("after a change of password the socket ended with %d", code)
	}
	if res := b.get("/"); res.StatusCode != 401 {
		t.Errorf("after a change of password: %d", res.StatusCode)
	}
}

// In another site's frame a browser sends back only a cookie that says so, and
// takes such a one over https alone.
func TestTheCookieOfAnEmbeddedApp(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*AppConfig)
		want   string
	}{
		"not embedded":           {func(c *AppConfig) { c.TLS = true }, "SameSite=Lax"},
		"embedded without https": {func(c *AppConfig) { c.Embedders = []string{"https://intranet.example"} }, "SameSite=Lax"},
		"embedded": {func(c *AppConfig) {
			c.Embedders, c.TLS = []string{"https://intranet.example"}, true
		}, "SameSite=None; Partitioned"},
	} {
		a := startApp(t, test.change)
		res := a.browser().get("/")
		if got := res.Header.Get("Set-Cookie"); !strings.Contains(got, test.want) || !strings.Contains(strings.ToLower(got), "httponly") {
			t.Errorf("%s: the cookie is %q", name, got)
		}
	}
}

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

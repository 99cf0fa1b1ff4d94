package widgets_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"stnb.dev/widgets/internal/harness"

	st "stnb.dev/widgets"
)

// The tries of the trust list that end at the widgets.
func TestTrust(t *testing.T) {
	t.Run("T22", func(t *testing.T) {
		for _, link := range []string{"javascript:alert(1)", "\x01javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,<script>", "vbscript:x", "file:///etc/passwd"} {
			a := harness.New(t, func() {
				st.LinkButton("l", link)
				st.Logo([]byte("x"), st.Link(link))
				st.Markdown("[l](" + link + ")")
			}).Run()
			for _, d := range a.Tree.All() {
				if d.Element == nil || d.Element.Kind == "error" {
					continue
				}
				if p := strings.ToLower(string(d.Element.Props)); strings.Contains(p, "href=\\\"j") || strings.Contains(p, "href=\\\"data") || d.Element.Kind == "linkButton" {
					t.Errorf("%q became %s", link, p)
				}
			}
		}
	})
	t.Run("T36", TestTampering)
	t.Run("T44", func(t *testing.T) {
		var asked atomic.Int64
		srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
		defer srv.Close()
		_, port, _ := net.SplitHostPort(srv.Listener.Addr().String())
		page := harness.New(t, func() {
			for _, host := range []string{"127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]"} {
				st.Image("http://" + host + ":" + port + "/a.png")
			}
			st.Image("http://169.254.169.254/latest/meta-data/")
			st.Image("http://100.100.100.200/latest/meta-data/")
			st.Image("http://127.0.0.1:x@" + srv.Listener.Addr().String() + "/a.png")
			st.Audio(srv.URL + "/a.mp3")
			st.Video(srv.URL + "/a.mp4")
			st.PDF(srv.URL + "/a.pdf")
			st.Logo(srv.URL + "/a.png")
			st.Markdown("![x](" + srv.URL + "/b.png)")
		}).Run()
		if n := strings.Count(page.Text(), "cannot fetch"); n < 15 {
			t.Errorf("%d links are refused in words:\n%s", n, page.Text())
		}
		if asked.Load() != 0 {
			t.Error("the server fetched a link that a widget was given")
		}
	})
}

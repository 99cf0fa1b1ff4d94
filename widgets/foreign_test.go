package widgets_test

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"stnb.dev/dataframe/page"
	"stnb.dev/widgets/core"
	"stnb.dev/widgets/element"
	"stnb.dev/widgets/internal/harness"
	"stnb.dev/widgets/run"

	st "stnb.dev/widgets"
)

// What stands elsewhere is fetched by the notebook, once for all: pages load nothing
// from other places.
func TestLinks(t *testing.T) {
	var dot bytes.Buffer
	if err := png.Encode(&dot, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	asked := 0
	far := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		switch r.URL.Path {
		case "/dot.png":
			w.Write(dot.Bytes())
		case "/page":
			w.Write([]byte("<p>no picture"))
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer far.Close()
	app := core.NewApp(core.AppConfig{Dir: t.TempDir()})
	body := func() {
		st.Image(far.URL + "/dot.png")
		st.Image(far.URL + "/page")
		st.Image(far.URL + "/gone")
	}

	// In the editor, which shows what the machine's owner asks for.
	a := harness.NewIn(t, app, body)
	a.Session = app.NewSession(a, run.Config{ID: "editor"})
	a.Run()
	a.Run()
	if asked != 3 {
		t.Errorf("asked %d times for three links", asked)
	}
	text := a.Text()
	for _, words := range []string{"st.Image", far.URL + "/page", "there is text/html, which is neither image", "answers 404"} {
		if !strings.Contains(text, words) {
			t.Errorf("the page does not say %q:\n%s", words, text)
		}
	}
	for _, d := range a.Deltas {
		if d.Element != nil && d.Element.Kind == "image" && bytes.Contains(d.Element.Props, []byte("http")) {
			t.Errorf("the page would load %s", d.Element.Props)
		}
	}

	// A visitor's link must not make the server read its own network.
	visitor := harness.New(t, body).Run()
	if text := visitor.Text(); !strings.Contains(text, "an address of the server's own network") {
		t.Errorf("an app fetched from its own network:\n%s", text)
	}
}

func TestIframe(t *testing.T) {
	a := harness.New(t, func() {
		st.Iframe("https://example.com/a?b=c", st.Height(300))
		st.Iframe("javascript:alert(1)")
		st.Iframe("/etc/passwd")
	}).Run()
	frames := 0
	for _, d := range a.Tree.All() {
		if d.Element.Kind != "iframe" {
			continue
		}
		frames++
		var p element.Iframe
		if err := json.Unmarshal(d.Element.Props, &p); err != nil {
			t.Fatal(err)
		}
		reply, data, err := a.Session.Page(context.Background(), page.Request{Frame: p.Src[strings.LastIndexByte(p.Src, '/')+1:], Format: "media"})
		if err != nil || reply.Type != "text/uri-list" || string(data) != "https://example.com/a?b=c" {
			t.Errorf("%q %q %v", reply.Type, data, err)
		}
	}
	if frames != 1 {
		t.Errorf("%d frames:\n%s", frames, a.Text())
	}
	if got := strings.Count(a.Text(), "takes the address of a page"); got != 2 {
		t.Errorf("%d of two wrong addresses are refused:\n%s", got, a.Text())
	}
}

func TestDiagramsMisused(t *testing.T) {
	a := harness.New(t, func() {
		st.Plotly("[1, 2]")
		st.Plotly(map[string]any{"layout": map[string]any{}})
		st.Plotly(func() {})
		st.Plotly(`{"data": [{"type": "pie"}, {"type": "scatterpolar"}]}`)
		st.Graphviz(" ")
		st.Mermaid("")
	}).Run()
	text := a.Text()
	for _, words := range []string{"no JSON object", "without data", "cannot read the figure", `of type "scatterpolar"`, "write one in DOT", "write one such as graph LR"} {
		if !strings.Contains(text, words) {
			t.Errorf("the page does not say %q:\n%s", words, text)
		}
	}
}

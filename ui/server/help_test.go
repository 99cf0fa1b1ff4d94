package server

import (
	"strings"
	"testing"
)

func TestHelp(t *testing.T) {
	h := startEdit(t)
	for path, want := range map[string]string{
		"/help":                `<h1>What a cell means</h1>`,
		"/help/errors":         `<h2 id="assignment-mismatch">assignment-mismatch</h2>`,
		"/help/notebook-files": `<h2 id="there-and-back">There and back</h2>`,
		"/help/jupyter":        `aria-current="page">stnb as a Jupyter kernel</a>`,
	} {
		res := h.owner().do("GET", path, "")
		if res.StatusCode != 200 || !strings.Contains(res.body, want) {
			t.Errorf("%s answers %d: %.300s", path, res.StatusCode, res.body)
		}
		if strings.Contains(res.body, `.md"`) || strings.Contains(res.body, `href="..`) {
			t.Errorf("%s links to a file of the repository", path)
		}
	}
	for _, path := range []string{"/help/none", "/help/..%2ferrors"} {
		if res := h.owner().do("GET", path, ""); res.StatusCode != 404 {
			t.Errorf("%s answers %d", path, res.StatusCode)
		}
	}
}

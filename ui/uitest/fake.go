// Package uitest has assets for tests of the server.
package uitest

import (
	"fmt"
	"testing/fstest"

	"stnb.dev/ui"
)

// Fake returns assets: three pages and one script.
func Fake() ui.Assets {
	fsys := fstest.MapFS{
		"assets/main-0123abcd.js":    {Data: []byte("'plain'")},
		"assets/main-0123abcd.js.gz": {Data: []byte("'gzip'")},
		"assets/main-0123abcd.js.br": {Data: []byte("'br'")},
		"assets/.hidden":             {Data: []byte("no")},
	}
	for _, name := range []string{"list", "editor", "app"} {
		fsys[name+".html"] = &fstest.MapFile{Data: fmt.Appendf(nil, `<!doctype html><html><head>`+
			`<meta name="stnb-base" content=""><meta name="stnb-mode" content=""><meta name="csp-nonce" content="">`+
			`<script type="module" src="./assets/main-0123abcd.js"></script></head><body>%s</body></html>`, name)}
	}
	return ui.FS(fsys)
}

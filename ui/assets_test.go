package ui_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"testing"
	"testing/fstest"

	"stnb.dev/ui"
	"stnb.dev/ui/uitest"
)

func TestFile(t *testing.T) {
	a := uitest.Fake()
	for _, tt := range []struct {
		name      string
		encodings []string
		body      string
		encoding  string
		ok        bool
	}{
		{"assets/main-0123abcd.js", nil, "'plain'", "", true},
		{"assets/main-0123abcd.js", []string{"br", "gzip"}, "'br'", "br", true},
		{"assets/main-0123abcd.js", []string{"gzip"}, "'gzip'", "gzip", true},
		{"assets/main-0123abcd.js", []string{"zstd"}, "'plain'", "", true},
		{"assets/main-0123abcd.js.gz", nil, "", "", false},
		{"assets/.hidden", nil, "", "", false},
		{"assets/../app.html", nil, "", "", false},
		{"app.html", nil, "", "", false},
		{"/assets/main-0123abcd.js", nil, "", "", false},
		{"", nil, "", "", false},
		{"assets", nil, "", "", false},
	} {
		f, ok := a.File(tt.name, tt.encodings...)
		if ok != tt.ok || string(f.Body) != tt.body || f.Encoding != tt.encoding {
			t.Errorf("File(%q, %q) = %q %q %v, want %q %q %v",
				tt.name, tt.encodings, f.Body, f.Encoding, ok, tt.body, tt.encoding, tt.ok)
		}
		if ok && f.Type != "text/javascript; charset=utf-8" {
			t.Errorf("File(%q) has type %q", tt.name, f.Type)
		}
	}
}

func TestNotBuilt(t *testing.T) {
	if _, err := ui.FS(fstest.MapFS{}).Page("list"); !errors.Is(err, ui.ErrNotBuilt) {
		t.Errorf("Page of nothing built: %v, want ErrNotBuilt", err)
	}
}

func TestOnlyCompressed(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte("text"))
	z.Close()
	a := ui.FS(fstest.MapFS{"assets/a-1.js.gz": {Data: b.Bytes()}})
	if f, ok := a.File("assets/a-1.js"); !ok || string(f.Body) != "text" || f.Encoding != "" {
		t.Errorf("File without compression = %q %q %v", f.Body, f.Encoding, ok)
	}
	if f, ok := a.File("assets/a-1.js", "gzip"); !ok || f.Encoding != "gzip" || !bytes.Equal(f.Body, b.Bytes()) {
		t.Errorf("File with gzip = %d bytes %q %v", len(f.Body), f.Encoding, ok)
	}
}

package ui

import (
	"compress/gzip"
	"embed"
	"io"
	"io/fs"
	"mime"
	"path"
	"strings"
)

// dist always holds .keep, so that this compiles before make build.
//
//go:embed all:dist
var dist embed.FS

// Embedded returns the assets in the binary.
func Embedded() Assets {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the name is a constant
	}
	return FS(sub)
}

// FS returns the assets in a file system laid out like the embedded one: entry
// pages "<name>.html" at the top, hashed files under "assets/", and beside a
// file "x" its compressed forms "x.br" and "x.gz" where they pay.
func FS(fsys fs.FS) Assets { return files{fsys} }

type files struct{ fsys fs.FS }

func (f files) Page(name string) ([]byte, error) {
	body, err := fs.ReadFile(f.fsys, name+".html")
	if err != nil {
		return nil, ErrNotBuilt
	}
	return body, nil
}

// suffixes of the compressed forms.
var suffixes = map[string]string{"br": ".br", "gzip": ".gz"}

func (f files) File(name string, encodings ...string) (File, bool) {
	if !servable(name) {
		return File{}, false
	}
	file := File{Type: contentType(name), Hashed: strings.HasPrefix(name, "assets/")}
	for _, e := range encodings {
		suffix, ok := suffixes[e]
		if !ok {
			continue
		}
		if body, err := fs.ReadFile(f.fsys, name+suffix); err == nil {
			file.Body, file.Encoding = body, e
			return file, true
		}
	}
	body, err := fs.ReadFile(f.fsys, name)
	if err != nil {
		// The build keeps just the compressed forms of what compresses.
		if body, err = f.unzip(name + ".gz"); err != nil {
			return File{}, false
		}
	}
	file.Body = body
	return file, true
}

// unzip reads a file for the rare client that takes no compression.
func (f files) unzip(name string) ([]byte, error) {
	packed, err := f.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer packed.Close()
	z, err := gzip.NewReader(packed)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// servable keeps to plain names: no dot files, no way up, no compressed forms by
// their own name.
func servable(name string) bool {
	if !fs.ValidPath(name) || strings.ContainsAny(name, "\\\x00") {
		return false
	}
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(part, ".") {
			return false
		}
	}
	ext := path.Ext(name)
	return ext != ".br" && ext != ".gz" && ext != ".html" && ext != ".txt"
}

// types are those that the system's own table may not know or may get wrong.
var types = map[string]string{
	".js":    "text/javascript; charset=utf-8",
	".css":   "text/css; charset=utf-8",
	".svg":   "image/svg+xml",
	".json":  "application/json",
	".woff2": "font/woff2",
	".woff":  "font/woff",
	".ttf":   "font/ttf",
	".wasm":  "application/wasm",
	".png":   "image/png",
	".ico":   "image/x-icon",
	".map":   "application/json",
}

func contentType(name string) string {
	ext := strings.ToLower(path.Ext(name))
	if t, ok := types[ext]; ok {
		return t
	}
	if t := mime.TypeByExtension(ext); t != "" {
		return t
	}
	return "application/octet-stream"
}

package widgets

import (
	"embed"
	"strings"
)

//go:embed *.go
var files embed.FS

// Source is this package's own source by file name, which engines run. It leaves
// out tests and this file.
func Source() map[string]string {
	out := map[string]string{}
	entries, _ := files.ReadDir(".")
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), "_test.go") || e.Name() == "source.go" {
			continue
		}
		text, err := files.ReadFile(e.Name())
		if err == nil {
			out[e.Name()] = string(text)
		}
	}
	return out
}

package markdown

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// A page loads nothing from other sites: its policy forbids it, and no stranger
// learns who visits. And what a text says may come from a visitor, who must not
// make the server fetch a link or show a file. So of images only those are shown
// that stand in a cell the owner wrote and lie beside the notebook.

// maxImage bounds one image of a cell, bytes: it travels in the text.
const maxImage = 512 << 10

// Cell renders a Markdown cell of a notebook in the folder dir, with its images.
// Those that are attached to the cell are given as data URLs, by name.
func Cell(source, dir string, attached map[string]string) string {
	out, _ := sanitized(source)
	return images(out, func(src string) (string, error) {
		name, ok := strings.CutPrefix(src, attachedPath)
		if !ok {
			return embedded(dir, src)
		}
		if plain, err := url.PathUnescape(name); err == nil {
			name = plain
		}
		if data := attached[name]; data != "" {
			return data, nil
		}
		return "", fmt.Errorf("no picture %q is attached to the cell", name)
	})
}

// attachedPath begins what stands for the address of a picture attached to the cell:
// a path, since no address of that scheme leads anywhere.
const attachedPath = "./attachment:"

// attachments makes such paths of the addresses in a text.
type attachments struct{}

func (attachments) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if i, ok := n.(*ast.Image); ok && entering && bytes.HasPrefix(i.Destination, []byte(attachedPath[2:])) {
			i.Destination = append([]byte("./"), i.Destination...)
		}
		return ast.WalkContinue, nil
	})
}

// unshown is Cell's load of a text that no owner vouches for.
func unshown(src string) (string, error) {
	if local(src) {
		return "", fmt.Errorf("a text shows no files; st.Image(%q) does", src)
	}
	return "", fmt.Errorf("a page loads nothing from other sites; st.Image(%q) fetches it", src)
}

var (
	image    = regexp.MustCompile(`<img[^>]*>`)
	imageSrc = regexp.MustCompile(` src="([^"]*)"`)
	imageAlt = regexp.MustCompile(` alt="([^"]*)"`)
)

// images puts what load gives in the place of images' addresses, and words in the
// place of images that it refuses.
func images(rendered string, load func(src string) (string, error)) string {
	if !strings.Contains(rendered, "<img") {
		return rendered
	}
	attribute := func(tag string, of *regexp.Regexp) string {
		if m := of.FindStringSubmatch(tag); m != nil {
			return html.UnescapeString(m[1])
		}
		return ""
	}
	return image.ReplaceAllStringFunc(rendered, func(tag string) string {
		src, alt := attribute(tag, imageSrc), attribute(tag, imageAlt)
		if src == "" {
			return Escape(alt)
		}
		data, err := load(src)
		if err == nil {
			return strings.Replace(tag, imageSrc.FindString(tag), ` src="`+data+`"`, 1)
		}
		if alt == "" {
			alt = path.Base(src)
		}
		alt = Escape(alt)
		if !local(src) {
			alt = `<a href="` + Escape(src) + `">` + alt + `</a>`
		}
		return `<span class="st-absent" title="` + Escape("This image is not shown: "+err.Error()+".") + `">` + alt + " (image not shown)</span>"
	})
}

func local(src string) bool {
	u, err := url.Parse(src)
	return err == nil && u.Scheme == "" && u.Host == ""
}

// embedded is an image of the folder as a data URL.
func embedded(dir, src string) (string, error) {
	if !local(src) {
		return unshown(src)
	}
	name, err := url.PathUnescape(src)
	if err != nil {
		return "", err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return "", fmt.Errorf("the folder cannot be read")
	}
	defer root.Close()
	info, err := root.Stat(name)
	if err != nil || !info.Mode().IsRegular() {
		return "", fmt.Errorf("there is no file %q beside the notebook", name)
	}
	if info.Size() > maxImage {
		return "", fmt.Errorf("%q has more than %d kB; st.Image(%q) shows it", name, maxImage>>10, name)
	}
	f, err := root.Open(name)
	if err != nil {
		return "", fmt.Errorf("%q cannot be read", name)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxImage))
	if err != nil {
		return "", fmt.Errorf("%q cannot be read", name)
	}
	kind := http.DetectContentType(data)
	if strings.HasSuffix(strings.ToLower(name), ".svg") {
		kind = "image/svg+xml"
	}
	if !strings.HasPrefix(kind, "image/") {
		return "", fmt.Errorf("%q is no image", name)
	}
	return "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(data), nil
}

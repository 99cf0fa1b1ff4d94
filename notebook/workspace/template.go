package workspace

import (
	"embed"
	"io/fs"
	"path"
	"strings"

	"stnb.dev/notebook/file"
)

// Template is what a new notebook may begin as.
type Template struct {
	Name  string
	Title string
}

//go:embed templates/*.md
var templates embed.FS

// Templates are what Create takes beside "", the empty notebook.
func Templates() []Template {
	entries, err := templates.ReadDir("templates")
	if err != nil {
		panic(err) // it is embedded
	}
	var out []Template
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".md")
		text, _ := templates.ReadFile("templates/" + e.Name())
		out = append(out, Template{Name: name, Title: look(e.Name(), text).title})
	}
	return out
}

// fresh is the text of a new notebook of that name.
func fresh(base, template string) ([]byte, error) {
	title := base[:len(base)-len(path.Ext(base))]
	if template == "" {
		return file.Write(base, file.New(title))
	}
	text, err := templates.ReadFile("templates/" + template + ".md")
	if err != nil {
		return nil, &Error{base, "there is no template of the name " + template, fs.ErrNotExist}
	}
	nb, err := file.Read("template.md", text)
	if err != nil {
		return nil, err
	}
	nb.Title = title
	data, err := file.Write("template.md", nb)
	if err != nil {
		return nil, err
	}
	out, _, err := file.Convert("template.md", data, nil, base)
	return out, err
}

// TakeTour copies the tour, its notebooks and what they use, into a folder of its
// own, and returns the path of the first notebook. A folder that is there is taken as it is.
func (w *Workspace) TakeTour() (string, error) {
	const dir = "tour"
	if w.cfg.Tour == nil {
		return "", &Error{dir, "this build has no tour", fs.ErrNotExist}
	}
	entries, err := fs.ReadDir(w.cfg.Tour, ".")
	if err != nil {
		return "", err
	}
	first := ""
	for _, e := range entries {
		name := dir + "/" + e.Name()
		if _, ok := file.FormatOf(name); ok && first == "" {
			first = name
		}
		if _, err := w.root.Lstat(name); err == nil {
			continue
		}
		data, err := fs.ReadFile(w.cfg.Tour, e.Name())
		if err != nil {
			return "", err
		}
		if err := w.mkdir(dir); err != nil {
			return "", err
		}
		if err := w.create(name, data); err != nil {
			return "", err
		}
	}
	return first, nil
}

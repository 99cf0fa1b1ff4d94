package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"stnb.dev/notebook"
	"stnb.dev/notebook/file"
	"stnb.dev/notebook/source"
)

// document is a notebook as a headless command reads it.
type document struct {
	target
	name string // as the user wrote it
	nb   *notebook.Notebook
}

// programCell is the one cell of a Go program.
const programCell = "program"

// readDocument reads a notebook, or a Go program as a notebook of one cell.
func readDocument(arg string) (*document, error) {
	t, err := notebookFile(arg)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(t.root, t.file)
	if info, err := os.Stat(path); err == nil && info.Size() > file.MaxBytes {
		return nil, fmt.Errorf("%s: is %d MB, more than the %d MB a notebook may have", arg, info.Size()>>20, file.MaxBytes>>20)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", arg, reason(err))
	}
	d := &document{target: t, name: arg}
	if strings.HasSuffix(t.file, ".go") {
		d.nb = &notebook.Notebook{Dir: filepath.Dir(path), Cells: []notebook.Cell{{ID: programCell, Kind: notebook.Go, Source: strings.TrimSuffix(string(data), "\n")}}}
		return d, nil
	}
	d.nb, err = file.Read(t.file, data)
	if fe, ok := errors.AsType[*file.Error](err); ok {
		named := *fe
		named.Name = arg
		err = &named
	}
	if d.nb != nil {
		d.nb.Dir = filepath.Dir(path)
	}
	return d, err
}

// at writes a place for people: the file, the cell's number from 1 as the editor
// shows it, and line and column in the cell. A program has no cells.
func (d *document) at(p source.Position) string {
	n := d.nb.Index(p.Cell) + 1
	switch {
	case p.File != "":
		return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
	case strings.HasSuffix(d.file, ".go"):
		return fmt.Sprintf("%s:%d:%d", d.name, p.Line, p.Column)
	case n == 0:
		return d.name
	case p.Line == 0:
		return fmt.Sprintf("%s: cell %d", d.name, n)
	}
	return fmt.Sprintf("%s: cell %d:%d:%d", d.name, n, p.Line, p.Column)
}

// createNotebook writes a new notebook and never replaces a file.
func createNotebook(name string) error {
	if _, ok := file.FormatOf(name); !ok {
		return fmt.Errorf("%s: the name of a notebook ends in .md or .ipynb", name)
	}
	title := strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	data, err := file.Write(filepath.Base(name), file.New(title))
	if err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already", name)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, reason(err))
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

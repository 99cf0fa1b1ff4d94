package file

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"strings"
	"unicode/utf8"

	"stnb.dev/notebook"
)

// The largest file that is read: 50 MB and 20,000 cells.
const (
	MaxBytes = 50 << 20
	MaxCells = 20_000
)

// errTooMany is a file with more than MaxCells.
var errTooMany = &Error{Text: fmt.Sprintf("has more than the %d cells a notebook may have", MaxCells)}

// Error says in one line what is wrong with a notebook file.
type Error struct {
	Name string // of the file
	Line int    // from 1; 0 when no line is to blame
	Text string
}

func (e *Error) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("%s:%d: %s", e.Name, e.Line, e.Text)
	}
	return e.Name + ": " + e.Text
}

// Format is a file format, by its name's ending.
type Format string

// The formats.
const (
	Markdown Format = ".md"
	IPYNB    Format = ".ipynb"
)

// FormatOf tells the format of a file from its name, and whether it is one of
// ours.
func FormatOf(name string) (Format, bool) {
	switch f := Format(strings.ToLower(path.Ext(name))); f {
	case Markdown, IPYNB:
		return f, true
	}
	return "", false
}

// Read makes a notebook of a file's bytes. The name tells the format and stands
// in errors, which are *Error. The notebook remembers the bytes (Origin), so
// that Write can give them back.
func Read(name string, data []byte) (*notebook.Notebook, error) {
	format, ok := FormatOf(name)
	if !ok {
		return nil, &Error{Name: name, Text: "is not a notebook: its name ends neither in .md nor in .ipynb"}
	}
	if len(data) > MaxBytes {
		return nil, &Error{Name: name, Text: fmt.Sprintf("is %d MB, more than the %d MB a notebook may have", len(data)>>20, MaxBytes>>20)}
	}
	if bytes.IndexByte(data, 0) >= 0 {
		return nil, &Error{Name: name, Line: lineOf(data, bytes.IndexByte(data, 0)), Text: "is not a notebook: it has binary data"}
	}
	if at := invalidUTF8(data); at >= 0 {
		return nil, &Error{Name: name, Line: lineOf(data, at), Text: "is not UTF-8 text"}
	}
	var nb *notebook.Notebook
	var err error
	if format == IPYNB {
		nb, err = readIPYNB(data)
	} else {
		nb, err = readMarkdown(string(data))
	}
	if err != nil {
		return nil, named(name, err)
	}
	return nb, nil
}

// Write makes the bytes of a file of a notebook. A notebook that came from a file
// of this format and was not changed gives the same bytes again.
func Write(name string, nb *notebook.Notebook) ([]byte, error) { return write(name, nb, nil) }

func write(name string, nb *notebook.Notebook, ran map[notebook.CellID]Outputs) ([]byte, error) {
	format, ok := FormatOf(name)
	if !ok {
		return nil, &Error{Name: name, Text: "is no name of a notebook: it ends neither in .md nor in .ipynb"}
	}
	if err := validate(nb); err != nil {
		return nil, named(name, err)
	}
	var data []byte
	var err error
	if format == IPYNB {
		data, err = writeIPYNB(nb, ran)
	} else {
		data, err = writeMarkdown(nb)
	}
	if err != nil {
		return nil, named(name, err)
	}
	if len(data) > MaxBytes {
		return nil, &Error{Name: name, Text: fmt.Sprintf("would be %d MB, more than the %d MB a notebook may have", len(data)>>20, MaxBytes>>20)}
	}
	return data, nil
}

// New is the notebook a new file starts as: a title and one empty Go cell.
func New(title string) *notebook.Notebook {
	return &notebook.Notebook{
		Title: title,
		Cells: []notebook.Cell{{ID: notebook.NewID(), Kind: notebook.Go}},
	}
}

// validate refuses what no file could hold.
func validate(nb *notebook.Notebook) error {
	if len(nb.Cells) > MaxCells {
		return errTooMany
	}
	seen := map[notebook.CellID]bool{}
	for _, c := range nb.Cells {
		switch {
		case !c.ID.Valid():
			return &Error{Text: fmt.Sprintf("%q is no cell id", c.ID)}
		case seen[c.ID]:
			return &Error{Text: fmt.Sprintf("two cells have the id %s", c.ID)}
		case !c.Kind.Valid():
			return &Error{Text: fmt.Sprintf("cell %s is of no known kind: %q", c.ID, c.Kind)}
		case !utf8.ValidString(c.Source) || strings.IndexByte(c.Source, 0) >= 0:
			return &Error{Text: fmt.Sprintf("cell %s is not UTF-8 text", c.ID)}
		}
		seen[c.ID] = true
	}
	return nil
}

func named(name string, err error) error {
	var e *Error
	if errors.As(err, &e) {
		out := *e
		out.Name = name
		return &out
	}
	return &Error{Name: name, Text: err.Error()}
}

func lineOf(data []byte, offset int) int {
	return 1 + bytes.Count(data[:offset], []byte("\n"))
}

// invalidUTF8 is the offset of the first byte that is not UTF-8, or -1.
func invalidUTF8(data []byte) int {
	if utf8.Valid(data) {
		return -1
	}
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

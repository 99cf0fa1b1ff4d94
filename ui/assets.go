// Package ui holds the built front end behind one small interface, Assets, with
// three makes of it: Embedded (what make build put into the binary), Dev (a
// proxy to a development server) and that of ui/uitest.
//
// ui/server serves them; nothing here knows HTTP routes.
package ui

import "errors"

// File is one asset in one encoding.
type File struct {
	Body     []byte
	Type     string // MIME type
	Encoding string // "", "gzip" or "br"
	Hashed   bool   // the name changes with the content: may be cached for ever
}

// Assets gives the files of the front end.
type Assets interface {
	// Page returns the HTML of an entry page: "list", "editor" or "app". The
	// error ErrNotBuilt says that there is no front end.
	Page(name string) ([]byte, error)
	// File returns the file with that slash-separated name, such as
	// "assets/app-4f2c.js", in the first of the encodings that it has, or as
	// it is. False: there is no such file.
	File(name string, encodings ...string) (File, bool)
}

// ErrNotBuilt is the error of Page when the binary was built without the front end.
var ErrNotBuilt = errors.New("the front end is not built: run make build")

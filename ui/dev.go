package ui

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Dev returns assets fetched, each time anew, from a development server of the
// front end such as http://127.0.0.1:5173. It is for people who work on stnb.
func Dev(base string) Assets {
	return dev{strings.TrimSuffix(base, "/"), &http.Client{Timeout: 30 * time.Second}}
}

type dev struct {
	base   string
	client *http.Client
}

func (d dev) Page(name string) ([]byte, error) {
	f, err := d.get(name + ".html")
	return f.Body, err
}

func (d dev) File(name string, _ ...string) (File, bool) {
	f, err := d.get(name)
	return f, err == nil
}

func (d dev) get(name string) (File, error) {
	res, err := d.client.Get(d.base + "/" + (&url.URL{Path: name}).EscapedPath())
	if err != nil {
		return File{}, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return File{}, ErrNotBuilt
	}
	body, err := io.ReadAll(res.Body)
	return File{Body: body, Type: res.Header.Get("Content-Type")}, err
}

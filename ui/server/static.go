package server

import (
	"bytes"
	"crypto/rand"
	"errors"
	"html"
	"strings"

	"github.com/gofiber/fiber/v2"

	"stnb.dev/ui"
)

// entry serves a page of the front end, with its paths made those of the public
// address. Who signed in through the gate, which may be nil, can sign out there.
func (s *core) entry(c *fiber.Ctx, name string, g *gate) error {
	body, err := s.cfg.Assets.Page(name)
	if errors.Is(err, ui.ErrNotBuilt) {
		return s.show(c, fiber.StatusServiceUnavailable, "message.html", struct{ Title, Text string }{
			"The front end is missing", "This binary was built without its front end: run make build and start it again.",
		})
	}
	if err != nil {
		return err
	}
	base := html.EscapeString(s.base)
	for _, attr := range []string{`src="`, `href="`} {
		for _, from := range []string{"./", "/"} {
			body = bytes.ReplaceAll(body, []byte(attr+from+"assets/"), []byte(attr+base+"assets/"))
		}
	}
	body = fill(body, "stnb-base", base)
	body = fill(body, "stnb-mode", name)
	if g != nil && !g.grants.open {
		body = fill(body, "stnb-sign-out", "1")
	}
	nonce := rand.Text()
	body = fill(body, "csp-nonce", nonce)
	if css := s.cfg.Theme.css(); css != "" {
		body = bytes.Replace(body, []byte("</head>"), []byte(`<style nonce="`+nonce+`">`+css+"</style></head>"), 1)
	}
	c.Set("Content-Security-Policy", s.pagePolicy(nonce))
	return c.Type("html", "utf-8").Send(body)
}

// fill sets the content of a meta element that the page has for it.
func fill(body []byte, meta, content string) []byte {
	at := []byte(`<meta name="` + meta + `" content="`)
	i := bytes.Index(body, at)
	if i < 0 {
		return body
	}
	i += len(at)
	end := bytes.IndexByte(body[i:], '"')
	if end < 0 {
		return body
	}
	return bytes.Join([][]byte{body[:i], []byte(content), body[i+end:]}, nil)
}

func (s *core) asset(c *fiber.Ctx) error { return s.sendAsset(c, "assets/"+c.Params("*")) }

func (s *core) favicon(c *fiber.Ctx) error { return s.sendAsset(c, "favicon.ico") }

func (s *core) sendAsset(c *fiber.Ctx, name string) error {
	f, ok := s.cfg.Assets.File(strings.Clone(name), accepted(c.Get("Accept-Encoding"))...)
	if !ok {
		return fiber.ErrNotFound
	}
	c.Set("Content-Type", f.Type)
	c.Set("Vary", "Accept-Encoding")
	if f.Encoding != "" {
		c.Set("Content-Encoding", f.Encoding)
	}
	if f.Hashed {
		c.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		c.Set("Cache-Control", "no-cache")
	}
	return c.Send(f.Body)
}

// accepted lists the encodings we have that the client takes, best first.
func accepted(header string) []string {
	var list []string
	for _, name := range []string{"br", "gzip"} {
		for part := range strings.SplitSeq(header, ",") {
			coding, params, _ := strings.Cut(strings.TrimSpace(part), ";")
			if strings.EqualFold(strings.TrimSpace(coding), name) && strings.ReplaceAll(params, " ", "") != "q=0" {
				list = append(list, name)
			}
		}
	}
	return list
}

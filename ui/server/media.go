package server

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"stnb.dev/dataframe/page"
)

// mediaFormat is the page.Request format that asks for an element's bytes.
const mediaFormat = "media"

// filePolicy is the policy of files that others made: whatever they hold, they
// are shown without script, origin and network.
const filePolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src 'self'; frame-ancestors 'self'"

// documentPolicy is that of the PDFs that an author shows ("view"), which browsers
// show with a viewer of their own: it does not start in a sandbox. What is in the
// file has no origin either way. Other PDFs are downloads.
const documentPolicy = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"

// framePolicy is the policy of an author's own HTML. It has scripts, but an
// origin of its own: it cannot read our cookies, our storage or our page.
const framePolicy = "sandbox allow-scripts allow-popups allow-forms; default-src 'none'; " +
	"script-src 'unsafe-inline' 'unsafe-eval' https: data: blob:; style-src 'unsafe-inline' https: data:; " +
	"img-src https: data: blob:; font-src https: data:; media-src https: data: blob:; connect-src https: data: blob:; " +
	"worker-src blob: data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"

// foreignPolicy is that of the page around a page of somebody else. It has neither
// script nor anything else of its own, so it needs no sandbox; the frame in it does.
const foreignPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-src https: http:; frame-ancestors 'self'"

// foreignPage is the page around another, whose address is the only thing in it.
const foreignPage = `<!doctype html><title>%[1]s</title><style>html,body{margin:0;height:100%%}iframe{display:block;width:100%%;height:100%%;border:0}</style>` +
	`<iframe src="%[1]s" title="%[1]s" referrerpolicy="no-referrer" allow="fullscreen" ` +
	`sandbox="allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-presentation allow-downloads"></iframe>`

// shown are the types a browser may show in place. All others are downloads.
var shown = map[string]bool{
	"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true, "image/avif": true,
	"image/bmp": true, "image/svg+xml": true, "audio/mpeg": true, "audio/wav": true, "audio/ogg": true,
	"audio/webm": true, "audio/flac": true, "audio/aac": true, "audio/mp4": true, "video/mp4": true, "video/webm": true, "video/ogg": true,
	"text/vtt": true,
}

// fetch reads the bytes of a media element of the caller's.
func (s *core) fetch(c *fiber.Ctx, find finder) (page.Reply, []byte, error) {
	v, ok := find(callerOf(c), strings.Clone(c.Params("session")))
	if !ok {
		return page.Reply{}, nil, errNoVisit
	}
	ctx, cancel := context.WithTimeout(context.Background(), s.limits.PageTimeout)
	defer cancel()
	reply, data, err := v.Page(ctx, page.Request{Frame: strings.Clone(c.Params("id")), Format: mediaFormat})
	if err != nil {
		return page.Reply{}, nil, errNoVisit
	}
	return reply, data, nil
}

// media serves images, sounds, films and downloads.
func (s *core) media(find finder) fiber.Handler {
	return func(c *fiber.Ctx) error {
		reply, data, err := s.fetch(c, find)
		if err != nil {
			return err
		}
		kind, params, _ := strings.Cut(reply.Type, ";")
		kind = strings.ToLower(strings.TrimSpace(kind))
		c.Set("Content-Security-Policy", filePolicy)
		switch {
		case kind == "application/pdf" && strings.TrimSpace(params) == "view" && reply.Name == "":
			c.Set("Content-Security-Policy", documentPolicy)
			c.Set("Content-Type", kind)
		case shown[kind] && reply.Name == "":
			c.Set("Content-Type", kind)
		case isToken(kind):
			c.Set("Content-Type", kind)
			c.Set("Content-Disposition", disposition(reply.Name))
		default:
			c.Set("Content-Type", "application/octet-stream")
			c.Set("Content-Disposition", disposition(reply.Name))
		}
		c.Set("Cache-Control", "private, max-age=3600") // an id names the same bytes for ever
		return s.sendRange(c, data)
	}
}

// html serves an author's HTML for a frame, or the page around somebody else's.
func (s *core) html(find finder) fiber.Handler {
	return func(c *fiber.Ctx) error {
		reply, data, err := s.fetch(c, find)
		if err != nil {
			return err
		}
		if reply.Type == "text/uri-list" {
			c.Set("Content-Security-Policy", foreignPolicy)
			return c.Type("html", "utf-8").SendString(fmt.Sprintf(foreignPage, html.EscapeString(string(data))))
		}
		c.Set("Content-Security-Policy", framePolicy)
		c.Set("Referrer-Policy", "no-referrer")
		c.Type("html", "utf-8")
		data = framed(data)
		return s.answers.send(c, data, data)
	}
}

// A piece of HTML in a frame looks like the page around it, and the frame is as high
// as what is in it, unless the author's own script says how high.
const (
	fragmentHead = `<!doctype html><style>:root{color-scheme:light dark}body{margin:0;font:15px/1.6 system-ui,sans-serif}</style>`
	frameHeight  = `<script>new ResizeObserver(()=>parent.postMessage({stnbHeight:document.documentElement.offsetHeight},"*"))` +
		`.observe(document.documentElement)</script>`
)

var wholePage = regexp.MustCompile(`(?i)<!doctype|<html[\s>]`)

func framed(data []byte) []byte {
	var out []byte
	if !wholePage.Match(data) {
		out = append(out, fragmentHead...)
	}
	out = append(out, data...)
	if !bytes.Contains(data, []byte("stnbHeight")) {
		out = append(out, frameHeight...)
	}
	return out
}

// sendRange answers a request for one range of bytes, which films need for
// seeking, or with everything.
func (s *core) sendRange(c *fiber.Ctx, data []byte) error {
	c.Set("Accept-Ranges", "bytes")
	from, to, ok := parseRange(c.Get("Range"), len(data))
	if !ok {
		return s.answers.send(c, data, data)
	}
	c.Set("Content-Range", "bytes "+strconv.Itoa(from)+"-"+strconv.Itoa(to-1)+"/"+strconv.Itoa(len(data)))
	c.Status(fiber.StatusPartialContent)
	return s.answers.send(c, data, data[from:to])
}

// parseRange reads "bytes=a-b" as [from, to) within size.
func parseRange(header string, size int) (from, to int, ok bool) {
	spec, found := strings.CutPrefix(header, "bytes=")
	first, last, dash := strings.Cut(spec, "-")
	if !found || !dash || size == 0 {
		return 0, 0, false
	}
	if first == "" { // the last n bytes
		n, err := strconv.Atoi(last)
		if err != nil || n <= 0 {
			return 0, 0, false
		}
		return max(0, size-n), size, true
	}
	from, err := strconv.Atoi(first)
	if err != nil || from < 0 || from >= size {
		return 0, 0, false
	}
	to = size
	if last != "" {
		n, err := strconv.Atoi(last)
		if err != nil || n < from {
			return 0, 0, false
		}
		to = min(size, n+1)
	}
	return from, to, true
}

// isToken says whether a MIME type is made of nothing but what one may have.
func isToken(kind string) bool {
	main, sub, ok := strings.Cut(kind, "/")
	if !ok || main == "" || sub == "" || len(kind) > 100 {
		return false
	}
	for _, c := range []byte(main + sub) {
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("+-.", c) >= 0) {
			return false
		}
	}
	// These would run in a browser that was told to show them.
	return kind != "text/html" && kind != "application/xhtml+xml" && kind != "text/xml" && kind != "application/xml"
}

// disposition asks the browser to save under that name, in both of the forms
// that RFC 6266 has.
func disposition(name string) string {
	name = cleanName(name)
	if name == "" {
		return "attachment"
	}
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, name)
	return `attachment; filename="` + plain + `"; filename*=UTF-8''` + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
}

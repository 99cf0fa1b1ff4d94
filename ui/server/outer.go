package server

import (
	"crypto/rand"
	"errors"
	"log/slog"
	"net"
	"runtime/debug"
	"strings"
	"time"

	"github.com/valyala/fasthttp"
)

// pagePolicy returns the content security policy of our own pages. Style elements
// need the nonce, which the code editor has from a meta element; style attributes
// are free, for charts' tooltips and formulas. Nothing inline is ever a script.
func (s *core) pagePolicy(nonce string) string {
	style := "'self'"
	if nonce != "" {
		style += " 'nonce-" + nonce + "'"
	}
	return "default-src 'self'; script-src 'self'; style-src " + style + "; style-src-attr 'unsafe-inline'; " +
		"img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; " +
		"worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-src 'self'; " +
		"frame-ancestors " + s.embedders
}

// requestID is the key of a request's id among its user values.
const requestID = "stnb-request"

// outer is what stands around the routes: it runs for every request, also for
// those that no route takes.
func (s *core) outer(routes fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		start := time.Now()
		id := rand.Text()[:12]
		ctx.SetUserValue(requestID, id)
		s.metrics.requests.Add(1)
		defer func() {
			if r := recover(); r != nil {
				s.metrics.panics.Add(1)
				s.cfg.Log.Error("handler panicked", "request", id, "panic", r, "stack", string(debug.Stack()))
				ctx.Response.Reset()
				s.headers(ctx)
				ctx.SetStatusCode(fasthttp.StatusInternalServerError)
				ctx.SetContentType("text/plain; charset=utf-8")
				ctx.SetBodyString("Something went wrong here. The server's log has the details under " + id + ".")
			}
			if ctx.Response.ConnectionClose() {
				lingerOn(ctx)
			}
			s.logRequest(ctx, id, time.Since(start))
		}()
		s.headers(ctx)
		if status, text := s.admit(ctx); status != 0 {
			ctx.SetConnectionClose() // what follows on this connection is not worth reading
			ctx.SetStatusCode(status)
			ctx.SetContentType("text/plain; charset=utf-8")
			ctx.SetBodyString(text)
			return
		}
		s.stripPrefix(ctx)
		routes(ctx)
	}
}

// admit refuses requests that no route should see.
func (s *core) admit(ctx *fasthttp.RequestCtx) (status int, text string) {
	h := &ctx.Request.Header
	target := h.RequestURI()
	if len(target) == 0 || target[0] != '/' { // absolute form and "*" bring a second host name
		return fasthttp.StatusBadRequest, "The request's target is not a path."
	}
	if len(h.PeekAll("Host")) > 1 || !s.hostAllowed(string(h.Host())) {
		if string(ctx.Path()) == "/healthz" {
			return 0, ""
		}
		return fasthttp.StatusForbidden, "This server does not go by that name. " +
			"Add the name to `hosts` in the configuration if it should."
	}
	if len(h.Peek("Content-Encoding")) > 0 {
		return fasthttp.StatusUnsupportedMediaType, "Compressed requests are not taken."
	}
	query := ctx.URI().QueryString()
	if len(query) > s.limits.QueryBytes || strings.Count(string(query), "&") >= s.limits.QueryFields {
		return fasthttp.StatusBadRequest, "The query string is too long."
	}
	return 0, ""
}

// headers are those of every answer; handlers may replace them.
func (s *core) headers(ctx *fasthttp.RequestCtx) {
	h := &ctx.Response.Header
	h.Set("Content-Security-Policy", s.pagePolicy(""))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(self), microphone=(self), geolocation=(), payment=(), usb=()")
	h.Set("Cache-Control", "no-store")
}

// stripPrefix takes the public path off, for proxies that leave it on.
func (s *core) stripPrefix(ctx *fasthttp.RequestCtx) {
	if s.base == "/" {
		return
	}
	target := string(ctx.RequestURI())
	if rest, ok := strings.CutPrefix(target, s.base); ok {
		ctx.Request.SetRequestURI("/" + rest)
	}
}

// logRequest writes one line, without query string, cookies or ids of sessions:
// known routes by their pattern, others by a bounded piece of the path.
func (s *core) logRequest(ctx *fasthttp.RequestCtx, id string, took time.Duration) {
	route, ok := ctx.UserValue(routeKey).(string)
	if !ok {
		route = clip(string(ctx.Path()), 120)
	}
	level := slog.LevelDebug
	if ctx.Response.StatusCode() >= 500 {
		level = slog.LevelWarn
	}
	s.cfg.Log.Log(ctx, level, "request", "request", id, "method", clip(string(ctx.Method()), 16), "route", route,
		"status", ctx.Response.StatusCode(), "bytes", ctx.Response.Header.ContentLength(),
		"ms", float64(took.Microseconds())/1000, "from", from(ctx).String())
}

// clip shortens text for a log line and makes control characters harmless.
func clip(text string, n int) string {
	if len(text) > n {
		text = text[:n] + "…"
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || (r >= 0x80 && r < 0xa0) {
			return '·'
		}
		return r
	}, text)
}

// malformed answers what fasthttp could not read as a request.
func (s *core) malformed(ctx *fasthttp.RequestCtx, err error) {
	lingerOn(ctx)
	s.headers(ctx)
	status := fasthttp.StatusBadRequest
	var small *fasthttp.ErrSmallBuffer
	var netErr net.Error
	switch {
	case errors.As(err, &small):
		status = fasthttp.StatusRequestHeaderFieldsTooLarge
	case errors.As(err, &netErr) && netErr.Timeout():
		status = fasthttp.StatusRequestTimeout
	case errors.Is(err, fasthttp.ErrBodyTooLarge):
		status = fasthttp.StatusRequestEntityTooLarge
	}
	ctx.SetStatusCode(status)
	ctx.SetContentType("text/plain; charset=utf-8")
	ctx.SetBodyString(fasthttp.StatusMessage(status))
}

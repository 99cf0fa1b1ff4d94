package server

import (
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"stnb.dev/ui/server/provider"
)

// caller is who made a request, once a guard has let it in.
type caller struct {
	// id is the grant's (edit mode) or the visitor's (app mode) hash, fit for
	// comparing and logging.
	id string
	// grant is the sign-in it came under, "" when none was needed.
	grant string
	// bearer: the request carries its credential in a header that no browser
	// adds by itself, so it cannot be forged by a page.
	bearer bool
	// user is who a provider says it is; nil when none was asked.
	user *provider.User
}

// name is who the caller is to people.
func (c caller) name() string {
	if c.user != nil {
		return firstText(c.user.Email, c.user.Subject)
	}
	return c.id
}

const callerKey = "stnb-caller"

func callerOf(c *fiber.Ctx) caller {
	who, _ := c.Context().UserValue(callerKey).(caller)
	return who
}

// guarded puts a route's checks before its handler. identify says who asks;
// stranger answers those it does not know.
func (s *core) guarded(identify func(*fasthttp.RequestCtx) (caller, bool), stranger func(*fiber.Ctx, route) error) func(route) fiber.Handler {
	return func(r route) fiber.Handler {
		if r.who == nobody || (r.who == anyone && r.open == "") {
			panic("server: " + r.method + " " + r.path + " does not say who may call it")
		}
		return func(c *fiber.Ctx) error {
			ctx := c.Context()
			ctx.SetUserValue(routeKey, r.path)
			who, known := identify(ctx)
			if !known && r.who != anyone {
				return stranger(c, r)
			}
			if text := s.foreign(ctx, r.check, who); text != "" {
				s.metrics.refused.Add(1)
				ctx.SetConnectionClose()
				return Refuse(fiber.StatusForbidden, text)
			}
			ctx.SetUserValue(callerKey, who)
			return c.Next()
		}
	}
}

// foreign says why a request must have been made by some other site's page, or ""
// when it was not.
func (s *core) foreign(ctx *fasthttp.RequestCtx, check check, who caller) string {
	if check == checkPage {
		return ""
	}
	h := &ctx.Request.Header
	switch site := string(h.Peek("Sec-Fetch-Site")); site {
	case "", "same-origin", "none":
	default:
		return "The request comes from another site."
	}
	origins := h.PeekAll("Origin")
	if len(origins) > 1 {
		return "The request has more than one origin."
	}
	if len(origins) == 1 && !s.originAllowed(string(origins[0]), string(h.Host())) {
		return "The request comes from another origin."
	}
	if check == checkRead || who.bearer {
		return ""
	}
	if len(origins) == 0 {
		return "The request does not say what page made it (the Origin header)."
	}
	if check == checkWrite && string(h.Peek("X-Stnb")) != "1" {
		return "The header X-Stnb: 1 is missing."
	}
	return ""
}

// localPath returns next when it is a path of this server and nothing that a
// browser would read as another site, else "/".
func localPath(next string) string {
	if len(next) == 0 || len(next) > 2000 || next[0] != '/' || strings.HasPrefix(next, "//") {
		return "/"
	}
	for _, r := range next {
		if r <= ' ' || r == '\\' || r >= 0x7f {
			return "/"
		}
	}
	path, _, _ := strings.Cut(next, "?") // a query leads nowhere
	lower := strings.ToLower(path)
	for _, bad := range []string{"%5c", "%2f", "%09", "%0a", "%0d", "%00", "//", ":"} {
		if strings.Contains(lower, bad) {
			return "/"
		}
	}
	return next
}

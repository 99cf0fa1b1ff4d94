package server

import (
	"crypto/cipher"
	"crypto/rand"
	"embed"
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"stnb.dev/ui/server/provider"
)

// gate is where people sign in: with the password, and in edit mode by a link.
type gate struct {
	*core
	grants *Grants
	cookie string      // holds the secret of who is signed in
	people *People     // nil: who knows the password may come in
	sealer cipher.AEAD // of beginnings of sign-ins with a provider
}

func newGate(c *core, g *Grants, cookie string) *gate {
	g.revoked = func(id string) { c.sockets.closeOf(id, closeSignedOut, "You were signed out.") }
	return &gate{core: c, grants: g, cookie: cookie, sealer: newSealer()}
}

// signedIn says by which grant a request is signed in, and who it is when a
// provider named them.
func (g *gate) signedIn(ctx *fasthttp.RequestCtx) (id string, user *provider.User, ok bool) {
	return g.grants.check(string(ctx.Request.Header.Cookie(g.cookie)))
}

// ask shows the sign-in page.
func (g *gate) ask(c *fiber.Ctx, status int, next, problem string) error {
	page := loginPage{Base: g.base, Next: next, Password: g.grants.HasPassword(), Problem: problem}
	if g.people != nil {
		page.Provider = g.people.Provider.Host()
	}
	return g.show(c, status, "login.html", page)
}

//go:embed pages/*.html
var pageFiles embed.FS

// pages are what the server shows by itself, without the front end and without
// a script.
var pages = template.Must(template.ParseFS(pageFiles, "pages/*.html"))

// show sends one of the server's own pages.
func (s *core) show(c *fiber.Ctx, status int, name string, data any) error {
	var b strings.Builder
	nonce := rand.Text()
	if err := pages.ExecuteTemplate(&b, name, struct{ Nonce, Page any }{nonce, data}); err != nil {
		return err
	}
	c.Set("Content-Security-Policy", s.pagePolicy(nonce))
	return c.Status(status).Type("html", "utf-8").SendString(b.String())
}

// identify knows owners by cookie or bearer token.
func (e *edit) identify(ctx *fasthttp.RequestCtx) (caller, bool) {
	if token, ok := strings.CutPrefix(string(ctx.Request.Header.Peek("Authorization")), "Bearer "); ok {
		if e.grants.CheckToken(token) {
			return caller{id: "token", bearer: true}, true
		}
		return caller{}, false
	}
	id, _, ok := e.signedIn(ctx)
	return caller{id: id, grant: id}, ok
}

// stranger answers who is not signed in: a page may bring a link's token, else
// it says how to sign in.
func (e *edit) stranger(c *fiber.Ctx, r route) error {
	if r.check != checkPage {
		c.Context().SetConnectionClose()
		return Refuse(fiber.StatusUnauthorized, "Sign in first.")
	}
	// A HEAD is a preview, not a person: it does not use a link up.
	if token := c.Query("token"); token != "" && c.Method() == fiber.MethodGet {
		return e.useLink(c, token)
	}
	return e.ask(c, fiber.StatusUnauthorized, localPath(c.Path()), "")
}

type loginPage struct {
	Base, Next, Problem, Provider string
	Password                      bool
}

// useLink signs in with a one-time link and takes the token out of the address.
func (e *edit) useLink(c *fiber.Ctx, token string) error {
	cookie, known := e.grants.UseLink(token)
	if cookie == "" {
		if known {
			e.relink()
		}
		return e.ask(c, fiber.StatusUnauthorized, "/",
			"This link was used already or is too old. The terminal stnb runs in shows a new one.")
	}
	e.setCookie(c, cookie)
	e.tellOf(c, "sign in", "", "link")
	next := e.base + strings.TrimPrefix(localPath(c.Path()), "/")
	if c.Get("Sec-Fetch-Site") == "cross-site" {
		// The cookie is not sent along a redirect that another site began; it
		// is on a navigation that begins here.
		return e.show(c, fiber.StatusOK, "enter.html", struct{ Next string }{next})
	}
	return c.Redirect(next, fiber.StatusSeeOther)
}

func (g *gate) setCookie(c *fiber.Ctx, secret string) {
	c.Cookie(&fiber.Cookie{
		Name: g.cookie, Value: secret, Path: g.base, HTTPOnly: true, Secure: g.secure(),
		SameSite: fiber.CookieSameSiteStrictMode, MaxAge: int(grantLife / time.Second),
	})
}

// formBytes bounds the sign-in form.
const formBytes = 8 << 10

// login takes the sign-in form.
func (g *gate) login(c *fiber.Ctx) error {
	body, err := readBody(c.Context(), formBytes)
	if err != nil {
		return err
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return Refuse(fiber.StatusBadRequest, "This is not the sign-in form.")
	}
	next := localPath(values.Get("next"))
	cookie, err := g.grants.SignIn(values.Get("password"), neighbourhood(from(c.Context())))
	switch {
	case err != nil:
		g.cfg.Log.Warn("sign-in refused: too many attempts", "from", from(c.Context()).String())
		c.Set("Retry-After", strconv.Itoa(60))
		return g.ask(c, fiber.StatusTooManyRequests, next, "Too many attempts. Wait a minute.")
	case cookie == "":
		g.tellOf(c, "sign-in failed", "", "")
		g.cfg.Log.Warn("sign-in failed", "from", from(c.Context()).String())
		return g.ask(c, fiber.StatusForbidden, next, "That is not the password.")
	}
	g.setCookie(c, cookie)
	g.tellOf(c, "sign in", "", "password")
	return c.Redirect(g.base+strings.TrimPrefix(next, "/"), fiber.StatusSeeOther)
}

// logout ends the session of this browser, and its sockets with it.
func (g *gate) logout(c *fiber.Ctx) error {
	g.tellOf(c, "sign out", "", "")
	g.grants.Revoke(string(c.Context().Request.Header.Cookie(g.cookie)))
	g.dropCookie(c)
	return c.SendStatus(fiber.StatusNoContent)
}

func (g *gate) dropCookie(c *fiber.Ctx) {
	c.Cookie(&fiber.Cookie{Name: g.cookie, Path: g.base, HTTPOnly: true, Secure: g.secure(),
		SameSite: fiber.CookieSameSiteStrictMode, Expires: time.Unix(1, 0)})
}

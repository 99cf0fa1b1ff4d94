package server

import (
	"crypto/rand"
	"embed"
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

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

// identifyOwner knows owners by cookie or bearer token.
func (e *edit) identify(ctx *fasthttp.RequestCtx) (caller, bool) {
	if token, ok := strings.CutPrefix(string(ctx.Request.Header.Peek("Authorization")), "Bearer "); ok {
		if e.grants.CheckToken(token) {
			return caller{id: "token", bearer: true}, true
		}
		return caller{}, false
	}
	id, ok := e.grants.Check(string(ctx.Request.Header.Cookie(e.cookie)))
	return caller{id: id}, ok
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
	return e.show(c, fiber.StatusUnauthorized, "login.html", loginPage{
		Base: e.base, Next: localPath(c.Path()), Password: e.grants.HasPassword(),
	})
}

type loginPage struct {
	Base, Next, Problem string
	Password            bool
}

// useLink signs in with a one-time link and takes the token out of the address.
func (e *edit) useLink(c *fiber.Ctx, token string) error {
	cookie, known := e.grants.UseLink(token)
	if cookie == "" {
		if known {
			e.relink()
		}
		return e.show(c, fiber.StatusUnauthorized, "login.html", loginPage{
			Base: e.base, Next: "/", Password: e.grants.HasPassword(), Problem: "This link was used already or is too old. " +
				"The terminal stnb runs in shows a new one.",
		})
	}
	e.setCookie(c, cookie)
	next := e.base + strings.TrimPrefix(localPath(c.Path()), "/")
	if c.Get("Sec-Fetch-Site") == "cross-site" {
		// The cookie is not sent along a redirect that another site began; it
		// is on a navigation that begins here.
		return e.show(c, fiber.StatusOK, "enter.html", struct{ Next string }{next})
	}
	return c.Redirect(next, fiber.StatusSeeOther)
}

func (e *edit) setCookie(c *fiber.Ctx, secret string) {
	c.Cookie(&fiber.Cookie{
		Name: e.cookie, Value: secret, Path: e.base, HTTPOnly: true, Secure: e.secure(),
		SameSite: fiber.CookieSameSiteStrictMode, MaxAge: int(grantLife / time.Second),
	})
}

// formBytes bounds the sign-in form.
const formBytes = 8 << 10

// login takes the sign-in form.
func (e *edit) login(c *fiber.Ctx) error {
	body, err := readBody(c.Context(), formBytes)
	if err != nil {
		return err
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return Refuse(fiber.StatusBadRequest, "This is not the sign-in form.")
	}
	next := localPath(values.Get("next"))
	cookie, err := e.grants.SignIn(values.Get("password"))
	page := loginPage{Base: e.base, Next: next, Password: true}
	switch {
	case err != nil:
		e.cfg.Log.Warn("sign-in refused: too many attempts", "from", c.Context().RemoteIP().String())
		c.Set("Retry-After", strconv.Itoa(60))
		page.Problem = "Too many attempts. Wait a minute."
		return e.show(c, fiber.StatusTooManyRequests, "login.html", page)
	case cookie == "":
		e.cfg.Log.Warn("sign-in failed", "from", c.Context().RemoteIP().String())
		page.Problem = "That is not the password."
		return e.show(c, fiber.StatusForbidden, "login.html", page)
	}
	e.setCookie(c, cookie)
	return c.Redirect(e.base+strings.TrimPrefix(next, "/"), fiber.StatusSeeOther)
}

// logout ends the session of this browser, and its sockets with it.
func (e *edit) logout(c *fiber.Ctx) error {
	e.grants.Revoke(string(c.Context().Request.Header.Cookie(e.cookie)))
	c.Cookie(&fiber.Cookie{Name: e.cookie, Path: e.base, HTTPOnly: true, Secure: e.secure(),
		SameSite: fiber.CookieSameSiteStrictMode, Expires: time.Unix(1, 0)})
	return c.SendStatus(fiber.StatusNoContent)
}

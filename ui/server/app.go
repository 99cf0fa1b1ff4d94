package server

import (
	"encoding/hex"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"stnb.dev/ui/protocol"
)

// AppConfig is what the app server needs beside Config.
type AppConfig struct {
	Config
	App App
}

// visitors is the server of an app.
type visitors struct {
	*core
	app App
}

// NewApp makes the server of app mode. Nothing registered here takes an edit, a
// run of a cell or a look at source.
func NewApp(cfg AppConfig) *Server {
	a := &visitors{core: newCore(cfg.Config, "app"), app: cfg.App}
	a.cookie = cookieName("stnb-app", cfg.Port)
	return build(a.core, withHead(a.routes()), a.guarded(a.identify, a.stranger))
}

func cookieName(prefix string, port int) string { return prefix + "-" + strconv.Itoa(port) }

func (a *visitors) routes() []route {
	return append(a.common(), []route{
		{"GET", "/", anyone, checkPage, a.page, "an app is open to whoever may reach it; the visitor's cookie is made here"},
		{"GET", "/ws", visitor, checkSocket, a.upgrade(a.join), ""},
		{"POST", "/frames", visitor, checkWrite, a.frames(a.find), ""},
		{"PUT", "/uploads/:session/:widget/:name", visitor, checkWrite, a.upload(a.find), ""},
		{"GET", "/media/:session/:id", visitor, checkRead, a.media(a.find), ""},
		{"GET", "/html/:session/:id", visitor, checkRead, a.html(a.find), ""},
	}...)
}

// visitorLife is how long a browser keeps its visitor's cookie.
const visitorLife = 30 * 24 * time.Hour

// identify knows visitors by their cookie. The cookie is a random secret of the
// browser's own; nothing has to be stored to recognise it.
func (a *visitors) identify(ctx *fasthttp.RequestCtx) (caller, bool) {
	value := string(ctx.Request.Header.Cookie(a.cookie))
	if !isSecret(value) {
		return caller{}, false
	}
	d := hash(value)
	return caller{id: hex.EncodeToString(d[:16])}, true
}

// isSecret says whether the value has the form of secret's result.
func isSecret(value string) bool {
	if len(value) != 43 {
		return false
	}
	for _, c := range []byte(value) {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
			return false
		}
	}
	return true
}

func (a *visitors) stranger(c *fiber.Ctx, _ route) error {
	c.Context().SetConnectionClose()
	return Refuse(fiber.StatusForbidden, "Open the app's page first.")
}

func (a *visitors) page(c *fiber.Ctx) error {
	if callerOf(c).id == "" {
		c.Cookie(&fiber.Cookie{
			Name: a.cookie, Value: secret(), Path: a.base, HTTPOnly: true, Secure: a.secure(),
			// Lax: a link from elsewhere to the app must find the visitor's
			// sessions again. Sockets and writes check the origin besides.
			SameSite: fiber.CookieSameSiteLaxMode, MaxAge: int(visitorLife / time.Second),
		})
	}
	return a.entry(c, "app")
}

func (a *visitors) find(who caller, handle string) (Visit, bool) { return a.app.Find(who.id, handle) }

func (a *visitors) join(ad admission, hello protocol.Hello) (Visit, func(), error) {
	v, err := a.app.Join(ad.ctx, ad.caller.id, hello)
	if err != nil {
		return Visit{}, nil, err
	}
	return v, func() { a.app.Leave(v) }, nil
}

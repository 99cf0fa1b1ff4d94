package server

import (
	"encoding/hex"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"stnb.dev/ui/protocol"
)

// AppConfig is what the app server needs beside Config.
type AppConfig struct {
	Config
	// Apps are what is published. One alone stands at "/"; of several each
	// stands at "/?app=<name>", and "/" lists them.
	Apps []Published
	// Name of the collection, for the list's title.
	Name string
	// Grants, when not nil, asks visitors for its password.
	Grants *Grants
}

// Published is an app under a name.
type Published struct {
	Name string
	App  App
}

// visitors is the server of apps.
type visitors struct {
	*core
	apps   []Published
	name   string
	cookie string // holds the visitor's secret
	gate   *gate  // nil: the apps are open
}

// NewApp makes the server of app mode. Nothing registered here takes an edit, a
// run of a cell or a look at source.
func NewApp(cfg AppConfig) *Server {
	a := &visitors{core: newCore(cfg.Config, "app"), apps: cfg.Apps, name: cfg.Name}
	a.cookie = cookieName("stnb-app", cfg.Port)
	if cfg.Grants != nil {
		a.gate = newGate(a.core, cfg.Grants, cookieName("stnb-signin", cfg.Port))
	}
	return build(a.core, withHead(a.routes()), a.guarded(a.identify, a.stranger))
}

func cookieName(prefix string, port int) string { return prefix + "-" + strconv.Itoa(port) }

func (a *visitors) routes() []route {
	table := a.common()
	if a.gate != nil {
		table = append(table,
			route{"POST", "/login", anyone, checkForm, a.gate.login, "this is where the password is given; attempts are limited"},
			route{"POST", "/logout", visitor, checkWrite, a.gate.logout, ""})
	}
	return append(table, []route{
		{"GET", "/", anyone, checkPage, a.page, "an app is open to whoever may reach it; the visitor's cookie is made here, and the password asked for if there is one"},
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
	who := caller{id: hex.EncodeToString(d[:16])}
	if a.gate != nil {
		var ok bool
		if who.grant, ok = a.gate.signedIn(ctx); !ok {
			return caller{}, false
		}
	}
	return who, true
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
	if a.gate != nil {
		if _, ok := a.gate.signedIn(c.Context()); !ok {
			return a.gate.ask(c, fiber.StatusUnauthorized, localPath(string(c.Context().RequestURI())), "")
		}
	}
	if !isSecret(c.Cookies(a.cookie)) {
		c.Cookie(&fiber.Cookie{
			Name: a.cookie, Value: secret(), Path: a.base, HTTPOnly: true, Secure: a.secure(),
			// Lax: a link from elsewhere to the app must find the visitor's
			// sessions again. Sockets and writes check the origin besides.
			SameSite: fiber.CookieSameSiteLaxMode, MaxAge: int(visitorLife / time.Second),
		})
	}
	name := c.Query("app")
	if name == "" && len(a.apps) > 1 {
		return a.index(c)
	}
	if _, ok := a.named(name); !ok {
		return a.show(c, fiber.StatusNotFound, "message.html", struct{ Title, Text string }{"No such app", "There is no app of that name here."})
	}
	return a.entry(c, "app")
}

// index lists the apps.
func (a *visitors) index(c *fiber.Ctx) error {
	type line struct{ URL, Title string }
	data := struct {
		Title string
		Apps  []line
	}{Title: a.name}
	for _, p := range a.apps {
		title := p.App.Title()
		if title == "" {
			title = p.Name
		}
		data.Apps = append(data.Apps, line{a.base + "?app=" + strings.ReplaceAll(url.QueryEscape(p.Name), "+", "%20"), title})
	}
	return a.show(c, fiber.StatusOK, "index.html", data)
}

// named returns the app of that name; one alone has every name.
func (a *visitors) named(name string) (App, bool) {
	if len(a.apps) == 1 && (name == "" || name == a.apps[0].Name) {
		return a.apps[0].App, true
	}
	for _, p := range a.apps {
		if p.Name == name {
			return p.App, true
		}
	}
	return nil, false
}

func (a *visitors) find(who caller, handle string) (Visit, bool) {
	for _, p := range a.apps {
		if v, ok := p.App.Find(who.id, handle); ok {
			return v, true
		}
	}
	return Visit{}, false
}

func (a *visitors) join(ad admission, hello protocol.Hello) (Visit, func(), error) {
	app, ok := a.named(ad.app)
	if !ok {
		return Visit{}, nil, Refuse(fiber.StatusNotFound, "There is no app of that name here.")
	}
	v, err := app.Join(ad.ctx, ad.caller.id, hello)
	if err != nil {
		return Visit{}, nil, err
	}
	return v, func() { app.Leave(v) }, nil
}

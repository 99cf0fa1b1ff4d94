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
	"stnb.dev/ui/server/provider"
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
	// People, when not nil, asks visitors to sign in with a provider; Grants
	// keeps who has.
	People *People
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
		a.gate.people = cfg.People
	}
	return build(a.core, withHead(a.routes()), a.guarded(a.identify, a.stranger))
}

func cookieName(prefix string, port int) string { return prefix + "-" + strconv.Itoa(port) }

func (a *visitors) routes() []route {
	table := a.common()
	if a.gate != nil {
		table = append(table,
			route{"POST", "/login", anyone, checkForm, a.gate.login, "this is where the password is given; attempts are limited"},
			route{"POST", "/logout", visitor, checkWrite, a.gate.logout, ""},
			route{"POST", "/logout/everywhere", visitor, checkWrite, a.gate.logoutEverywhere, ""})
		if a.gate.people != nil {
			table = append(table,
				route{"GET", "/oauth/login", anyone, checkPage, a.gate.toProvider, "this is where a sign-in with the provider begins; it tells nothing but the provider's address"},
				route{"GET", "/oauth/callback", anyone, checkPage, a.gate.fromProvider, "this is where it ends; the state and the cookie of its beginning are asked for"})
		}
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
		if who.grant, who.user, ok = a.gate.signedIn(ctx); !ok {
			return caller{}, false
		}
		if who.user != nil {
			// A browser is a visitor for each user who signs in with it: who comes
			// next does not find the sessions of who was there before.
			d := hash(value + "\x00" + who.user.Subject)
			who.id = hex.EncodeToString(d[:16])
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
	var user *provider.User
	if a.gate != nil {
		var ok bool
		if _, user, ok = a.gate.signedIn(c.Context()); !ok {
			return a.gate.ask(c, fiber.StatusUnauthorized, localPath(string(c.Context().RequestURI())), "")
		}
	}
	if !isSecret(c.Cookies(a.cookie)) {
		a.setVisitor(c.Context())
	}
	name := c.Query("app")
	if name == "" && len(a.apps) > 1 {
		return a.index(c, user)
	}
	if !a.mayUse(name, user) {
		return a.show(c, fiber.StatusForbidden, "message.html", struct{ Title, Text string }{"Not for you", "You are signed in, but not among those this app is for. Its owner can change that."})
	}
	if _, ok := a.named(name); !ok {
		return a.show(c, fiber.StatusNotFound, "message.html", struct{ Title, Text string }{"No such app", "There is no app of that name here."})
	}
	return a.entry(c, "app", a.gate)
}

// mayUse says whether an app is open to a user; one alone has every name.
func (a *visitors) mayUse(name string, user *provider.User) bool {
	if a.gate == nil || a.gate.people == nil {
		return true
	}
	if len(a.apps) == 1 {
		name = a.apps[0].Name
	}
	return a.gate.people.mayUse(name, user)
}

// setVisitor makes a browser a visitor.
func (a *visitors) setVisitor(ctx *fasthttp.RequestCtx) {
	var k fasthttp.Cookie
	k.SetKey(a.cookie)
	k.SetValue(secret())
	k.SetPath(a.base)
	k.SetHTTPOnly(true)
	k.SetSecure(a.secure())
	k.SetMaxAge(int(visitorLife / time.Second))
	if len(a.cfg.Embedders) > 0 && a.secure() {
		// In a frame of another site: a cookie of that site's part of the jar alone.
		k.SetSameSite(fasthttp.CookieSameSiteNoneMode)
		k.SetPartitioned(true)
	} else {
		// Lax: a link from elsewhere to the app must find the visitor's sessions
		// again. Sockets and writes check the origin besides.
		k.SetSameSite(fasthttp.CookieSameSiteLaxMode)
	}
	ctx.Response.Header.SetCookie(&k)
}

// index lists the apps that the user may open.
func (a *visitors) index(c *fiber.Ctx, user *provider.User) error {
	type line struct{ URL, Title string }
	data := struct {
		Title string
		Apps  []line
	}{Title: a.name}
	for _, p := range a.apps {
		if !a.mayUse(p.Name, user) {
			continue
		}
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
	if !a.mayUse(ad.app, ad.caller.user) {
		return Visit{}, nil, Refuse(fiber.StatusForbidden, "You are signed in, but not among those this app is for.")
	}
	v, err := app.Join(ad.ctx, Visitor{ad.caller.id, ad.caller.user, neighbourhood(ad.from)}, hello)
	if err != nil {
		return Visit{}, nil, err
	}
	return v, func() { app.Leave(v) }, nil
}

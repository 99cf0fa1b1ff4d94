package server

import (
	"errors"

	"github.com/gofiber/fiber/v2"
)

// who may call a route.
type who int

const (
	// nobody is the zero value: a route without a decision is not served.
	nobody who = iota
	// anyone: no credentials are asked for. The route's open says why.
	anyone
	// owner: signed in to the edit server.
	owner
	// visitor: holds a visitor's cookie of the app server.
	visitor
)

// check is what a route demands beside credentials.
type check int

const (
	// checkPage: a document a person navigates to, also from elsewhere.
	checkPage check = iota
	// checkRead: a GET that only our own pages and tools make.
	checkRead
	// checkWrite: changes something: same origin, and the header X-Stnb that no form
	// and no foreign page can send.
	checkWrite
	// checkForm: a plain HTML form of our own pages: same origin.
	checkForm
	// checkSocket: a WebSocket upgrade: same origin.
	checkSocket
)

// route is one line of the table. Handlers are reached through their route's
// guard and in no other way.
type route struct {
	method, path string
	who          who
	check        check
	handle       fiber.Handler
	open         string // of anyone: why no credentials are needed
}

// routeKey is the key of a route's pattern among a request's user values.
const routeKey = "stnb-route"

// withHead adds HEAD for what can be got.
func withHead(table []route) []route {
	all := table
	for _, r := range table {
		if r.method == fiber.MethodGet && r.check != checkSocket {
			r.method = fiber.MethodHead
			all = append(all, r)
		}
	}
	return all
}

// common are the routes of both servers.
func (s *core) common() []route {
	return []route{
		{"GET", "/healthz", anyone, checkPage, s.health, "probes have no credentials, and it says nothing but ok"},
		{"GET", "/assets/*", anyone, checkPage, s.asset, "the same files for everybody, public in every release"},
		{"GET", "/favicon.ico", anyone, checkPage, s.favicon, "as /assets"},
	}
}

func (s *core) health(c *fiber.Ctx) error { return c.SendString("ok\n") }

// fail answers for handlers that return an error. Only texts made for people
// leave the server.
func (s *core) fail(c *fiber.Ctx, err error) error {
	status, text := fiber.StatusInternalServerError, "Something went wrong here. The server's log has the details."
	var r *refusal
	var f *fiber.Error
	switch {
	case errors.As(err, &r):
		status, text = r.status, r.text
	case errors.As(err, &f):
		status, text = f.Code, f.Message
		if status >= 500 {
			text = "Something went wrong here."
		}
	default:
		s.cfg.Log.Error("request failed", "request", c.Context().UserValue(requestID), "error", err)
	}
	if status == fiber.StatusNotFound || status == fiber.StatusMethodNotAllowed {
		text = "There is nothing here."
	}
	c.Response().Header.Del("Content-Disposition")
	return c.Status(status).Type("txt", "utf-8").SendString(text + "\n")
}

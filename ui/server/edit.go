package server

import (
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"stnb.dev/ui/protocol"
)

// EditConfig is what the edit server needs beside Config.
type EditConfig struct {
	Config
	Workspace Workspace
	Grants    *Grants
	// Relink is told a new one-time link when somebody came with a used one:
	// it shows the link where only the owner reads, in the terminal.
	Relink func(url string)
}

// edit is the owner's server.
type edit struct {
	*gate
	space Workspace
	tell1 func(url string) // a new link

	mu       sync.Mutex
	relinked time.Time
}

// NewEdit makes the server of edit mode.
func NewEdit(cfg EditConfig) *Server {
	c := newCore(cfg.Config, "edit")
	e := &edit{gate: newGate(c, cfg.Grants, cookieName("stnb-edit", cfg.Port)), space: cfg.Workspace, tell1: cfg.Relink}
	return build(e.core, withHead(e.routes()), e.guarded(e.identify, e.stranger))
}

func (e *edit) routes() []route {
	return append(append(e.common(), e.fileRoutes()...), []route{
		{"GET", "/", owner, checkPage, e.page("list"), ""},
		{"GET", "/edit/*", owner, checkPage, e.page("editor"), ""},
		{"GET", "/help", owner, checkPage, e.help, ""},
		{"GET", "/help/:topic", owner, checkPage, e.help, ""},
		{"POST", "/login", anyone, checkForm, e.login, "this is where credentials are given; attempts are limited"},
		{"POST", "/logout", owner, checkWrite, e.logout, ""},
		{"POST", "/logout/everywhere", owner, checkWrite, e.logoutEverywhere, ""},
		{"GET", "/ws", owner, checkSocket, e.upgrade(e.join), ""},
		{"GET", "/api/notebooks", owner, checkRead, e.list, ""},
		{"POST", "/api/notebooks", owner, checkWrite, e.create, ""},
		{"POST", "/api/notebooks/rename", owner, checkWrite, e.rename, ""},
		{"POST", "/api/notebooks/duplicate", owner, checkWrite, e.duplicate, ""},
		{"POST", "/api/notebooks/delete", owner, checkWrite, e.remove, ""},
		{"POST", "/frames", owner, checkWrite, e.frames(e.find), ""},
		{"PUT", "/uploads/:session/:widget/:name", owner, checkWrite, e.upload(e.find), ""},
		{"GET", "/media/:session/:id", owner, checkRead, e.media(e.find), ""},
		{"GET", "/html/:session/:id", owner, checkRead, e.html(e.find), ""},
		{"GET", "/metrics", owner, checkRead, e.prometheus, ""},
	}...)
}

// page serves an entry page of the front end.
func (e *edit) page(name string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if token := c.Query("token"); token != "" { // signed in already: just clear the address
			e.grants.UseLink(token)
			return c.Redirect(e.base+strings.TrimPrefix(localPath(c.Path()), "/"), fiber.StatusSeeOther)
		}
		return e.entry(c, name, e.gate)
	}
}

func (e *edit) list(c *fiber.Ctx) error {
	listing, err := e.space.List(c.Context())
	if err != nil {
		return err
	}
	return c.JSON(listing)
}

func (e *edit) create(c *fiber.Ctx) error {
	var in protocol.NewNotebook
	if err := readJSON(c.Context(), 16<<10, &in); err != nil {
		return err
	}
	info, err := e.space.Create(c.Context(), in.Path, in.Template)
	if err != nil {
		return err
	}
	e.tellOf(c, "create", info.Path, "")
	return c.Status(fiber.StatusCreated).JSON(info)
}

func (e *edit) rename(c *fiber.Ctx) error {
	var in protocol.RenameNotebook
	if err := readJSON(c.Context(), 16<<10, &in); err != nil {
		return err
	}
	info, err := e.space.Rename(c.Context(), in.Path, in.To)
	if err != nil {
		return err
	}
	e.tellOf(c, "rename", in.Path, info.Path)
	return c.JSON(info)
}

func (e *edit) duplicate(c *fiber.Ctx) error {
	var in protocol.NewNotebook
	if err := readJSON(c.Context(), 16<<10, &in); err != nil {
		return err
	}
	info, err := e.space.Duplicate(c.Context(), in.Path)
	if err != nil {
		return err
	}
	e.tellOf(c, "duplicate", in.Path, info.Path)
	return c.Status(fiber.StatusCreated).JSON(info)
}

func (e *edit) remove(c *fiber.Ctx) error {
	var in protocol.NewNotebook
	if err := readJSON(c.Context(), 16<<10, &in); err != nil {
		return err
	}
	if err := e.space.Delete(c.Context(), in.Path); err != nil {
		return err
	}
	e.tellOf(c, "delete", in.Path, "")
	return c.SendStatus(fiber.StatusNoContent)
}

// find returns the visit that a URL names.
func (e *edit) find(_ caller, handle string) (Visit, bool) { return e.space.Find(handle) }

// join opens the notebook that a socket asks for.
func (e *edit) join(a admission, _ protocol.Hello) (Visit, func(), error) {
	v, err := e.space.Open(a.ctx, a.notebook)
	return v, func() {}, err
}

// relink shows the owner a new link, at most one in ten seconds.
func (e *edit) relink() {
	e.mu.Lock()
	due := time.Since(e.relinked) > 10*time.Second
	if due {
		e.relinked = time.Now()
	}
	e.mu.Unlock()
	if due && e.tell1 != nil {
		e.tell1("?token=" + url.QueryEscape(e.grants.NewLink()))
	}
}

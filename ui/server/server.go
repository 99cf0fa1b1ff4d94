package server

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// Server is an edit or an app server.
type Server struct {
	*core
	app  *fiber.App
	http *fasthttp.Server
	// end is closed once Shutdown has begun.
	end  chan struct{}
	once sync.Once
}

// core is what both servers' handlers share.
type core struct {
	cfg     Config
	limits  Limits
	hosts   []string // lower case
	base    string   // the public path: begins and ends with "/"
	mode    string   // "edit" or "app"
	sockets *sockets
	uploads *uploads
	seqs    *seqs
	answers answers
	metrics metrics
	started time.Time
	// embedders is the value of frame-ancestors.
	embedders string
}

func newCore(cfg Config, mode string) *core {
	c := &core{
		cfg: cfg, mode: mode, base: "/", started: time.Now(),
		limits: cfg.Limits.withDefaults(mode == "edit"), embedders: "'self'",
	}
	for _, origin := range cfg.Embedders {
		c.embedders += " " + origin
	}
	for _, h := range cfg.Hosts {
		c.hosts = append(c.hosts, strings.ToLower(h))
	}
	if cfg.Public != nil && strings.Trim(cfg.Public.Path, "/") != "" {
		c.base = "/" + strings.Trim(cfg.Public.Path, "/") + "/"
	}
	c.sockets = newSockets(c.limits)
	c.uploads = newUploads(cfg.Uploads, c.limits)
	c.seqs = newSeqs()
	c.answers.limit = c.limits.AnswerBytes
	return c
}

// secure says whether cookies may demand TLS.
func (s *core) secure() bool {
	return s.cfg.TLS || (s.cfg.Public != nil && s.cfg.Public.Scheme == "https")
}

// build makes the server of a route table.
func build(c *core, table []route, guard func(route) fiber.Handler) *Server {
	app := fiber.New(fiber.Config{
		CaseSensitive:         true,
		StrictRouting:         true,
		DisableStartupMessage: true,
		ErrorHandler:          c.fail,
		ReadBufferSize:        headBytes,
	})
	for _, r := range table {
		app.Add(r.method, r.path, guard(r), r.handle)
	}
	srv := &Server{core: c, app: app, end: make(chan struct{})}
	srv.http = &fasthttp.Server{
		Handler:                      c.outer(app.Handler()),
		ErrorHandler:                 c.malformed,
		HeaderReceived:               c.bodyLimits,
		ReadBufferSize:               headBytes,
		ReadTimeout:                  c.limits.ReadTimeout,
		WriteTimeout:                 c.limits.WriteTimeout,
		IdleTimeout:                  2 * time.Minute,
		MaxRequestBodySize:           bufferedBody,
		StreamRequestBody:            true,
		DisablePreParseMultipartForm: true,
		NoDefaultServerHeader:        true,
		CloseOnShutdown:              true,
		Logger:                       quiet{},
	}
	return srv
}

const (
	// headBytes bounds a request's head: browsers send the cookies of every
	// server on localhost. An open socket keeps a buffer of this size.
	headBytes = 24 << 10
	// connsPerSocket is how many connections an address may have for each socket: a
	// browser has up to six beside its socket.
	connsPerSocket = 10
	// bufferedBody is how much of a body is read before the handler runs.
	bufferedBody = 16 << 10
)

// quiet drops what fasthttp would print about clients that break off.
type quiet struct{}

func (quiet) Printf(string, ...any) {}

// bodyLimits gives uploads more time than other requests.
func (s *core) bodyLimits(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	if h.IsPut() {
		return fasthttp.RequestConfig{ReadTimeout: s.limits.UploadTimeout}
	}
	return fasthttp.RequestConfig{}
}

// Serve answers connections of the listener until Shutdown.
func (s *Server) Serve(l net.Listener) error {
	err := s.http.Serve(newConns(l, connsPerSocket*s.limits.SocketsPerAddress))
	select {
	case <-s.end:
		return nil
	default:
		return err
	}
}

// Shutdown takes no more connections, says good-bye to every socket with code
// (1001 for good, 1012 when the server comes back), and waits for handlers until
// ctx is done.
func (s *Server) Shutdown(ctx context.Context, code int) error {
	s.once.Do(func() { close(s.end) })
	s.sockets.closeAll(code, "The server is shutting down.")
	done := make(chan error, 1)
	go func() { done <- s.http.ShutdownWithContext(ctx) }()
	err := s.sockets.wait(ctx)
	return errors.Join(err, <-done)
}

// Routes lists "METHOD path" of every route, for tests.
func (s *Server) Routes() []string {
	var list []string
	for _, perMethod := range s.app.Stack() {
		for _, r := range perMethod {
			list = append(list, r.Method+" "+r.Path)
		}
	}
	return list
}

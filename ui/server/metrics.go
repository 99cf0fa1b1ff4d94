package server

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
)

// metrics count what the server does.
type metrics struct {
	requests, refused, panics, opened, ops, sent, received, uploaded atomic.Int64
}

// prometheus serves the numbers to the owner.
func (s *core) prometheus(c *fiber.Ctx) error {
	var b strings.Builder
	s.WriteMetrics(&b)
	c.Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	return c.SendString(b.String())
}

// WriteMetrics writes the server's numbers in Prometheus' text format.
func (s *core) WriteMetrics(w io.Writer) {
	put := func(name, kind, help string, value any) {
		fmt.Fprintf(w, "# HELP stnb_%s %s\n# TYPE stnb_%s %s\nstnb_%s %v\n", name, help, name, kind, name, value)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	put("requests_total", "counter", "HTTP requests.", s.metrics.requests.Load())
	put("refused_total", "counter", "Requests and sockets refused by a check or a limit.", s.metrics.refused.Load())
	put("panics_total", "counter", "Handlers that panicked.", s.metrics.panics.Load())
	put("sockets", "gauge", "WebSockets open now.", s.sockets.count())
	put("sockets_total", "counter", "WebSockets opened.", s.metrics.opened.Load())
	put("ops_total", "counter", "Ops taken from browsers.", s.metrics.ops.Load())
	put("socket_sent_bytes_total", "counter", "Bytes sent over WebSockets.", s.metrics.sent.Load())
	put("socket_received_bytes_total", "counter", "Bytes received over WebSockets.", s.metrics.received.Load())
	put("goroutines", "gauge", "Goroutines of the server.", runtime.NumGoroutine())
	put("heap_bytes", "gauge", "Heap of the server in use.", m.HeapInuse)
	put("uptime_seconds", "gauge", "Seconds since the start.", int64(time.Since(s.started).Seconds()))
	put("uploaded_bytes_total", "counter", "Bytes of uploaded files.", s.metrics.uploaded.Load())
	if s.cfg.Metrics != nil {
		s.cfg.Metrics(w)
	}
}

package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"stnb.dev/cmd/stnb/config"
	"stnb.dev/ui"
	"stnb.dev/ui/server"
)

// serverConfig is what both modes' servers are made with.
//
// It ends the program's start with an error when a setting makes no sense.
func serverConfig(v config.Values, p *place, log *slog.Logger, uploads string) (server.Config, error) {
	assets := ui.Embedded()
	if dev := os.Getenv("STNB_UI_DEV"); dev != "" {
		assets = ui.Dev(dev)
	}
	theme := server.Theme{
		Accent: v.Text("theme.primary_color"), Background: v.Text("theme.background_color"),
		Surface: v.Text("theme.secondary_background_color"), Text: v.Text("theme.text_color"), Font: v.Text("theme.font"),
	}
	if err := theme.Check(); err != nil {
		return server.Config{}, &status{code: 2, err: err}
	}
	return server.Config{
		Theme: theme, Assets: assets, Log: log, Build: buildName(), Public: p.public, Hosts: p.hosts(v),
		AnyIP: !p.loopback, TLS: p.tls, Port: p.port, Uploads: uploads,
		Limits: server.Limits{
			Sockets: v.Int("server.max_sockets", 0), SocketsPerAddress: v.Int("server.max_sockets_per_address", 0),
			UploadBytes: v.Size("upload.max"), SessionBytes: v.Size("upload.session"), TotalBytes: v.Size("upload.total"),
		},
	}, nil
}

// farewell removes what guests leave in the server when their sessions are over.
// Sessions are made by what the server is made with, so it comes to know the
// server late.
type farewell struct{ srv atomic.Pointer[server.Server] }

func (f *farewell) ended(handle string) {
	if srv := f.srv.Load(); srv != nil {
		srv.ForgetUploads(handle)
	}
}

// logger writes to w as configured.
func logger(v config.Values, w io.Writer) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(v.Text("log.level"))); err != nil {
		return nil, usage("%q is no level to log at: debug, info, warn or error", v.Text("log.level"))
	}
	opt := &slog.HandlerOptions{Level: level}
	switch f := v.Text("log.format"); f {
	case "text":
		return slog.New(slog.NewTextHandler(w, opt)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, opt)), nil
	default:
		return nil, usage("%q is no form of log: text or json", f)
	}
}

// shutdownGrace is how long sockets and requests have to end.
const shutdownGrace = 5 * time.Second

// settleGrace is how long what visitors did has to take effect before they are
// sent away.
const settleGrace = 3 * time.Second

// serve answers until a signal asks to end, then lets settle finish what was
// begun and everybody go. A second signal ends at once.
func serve(srv *server.Server, p *place, log *slog.Logger, settle func(context.Context)) error {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(signals)
	done := make(chan error, 1)
	go func() { done <- srv.Serve(p.listener) }()
	select {
	case err := <-done:
		return err
	case sig := <-signals:
		log.Info("shutting down", "signal", sig.String())
		go func() {
			<-signals
			os.Exit(1)
		}()
		code := 1001
		if sig == syscall.SIGHUP {
			code = 1012 // a service manager restarts us: browsers come back
		}
		ctx, cancel := context.WithTimeout(context.Background(), settleGrace)
		settle(ctx)
		cancel()
		ctx, cancel = context.WithTimeout(context.Background(), shutdownGrace)
		defer cancel()
		if err := srv.Shutdown(ctx, code); err != nil {
			log.Warn("not everybody left in time", "error", err)
		}
		return nil
	}
}

// openBrowser shows a page in the person's browser, if there is one.
func openBrowser(url string) {
	var cmd *exec.Cmd
	switch runtime.GOOS {
	case "darwin":
		cmd = exec.Command("open", url)
	case "windows":
		cmd = exec.Command("rundll32", "url.dll,FileProtocolHandler", url)
	default:
		cmd = exec.Command("xdg-open", url)
	}
	if err := cmd.Start(); err == nil {
		go cmd.Wait()
	}
}

// warnRoot says once that running as root is a risk.
func warnRoot(w io.Writer) {
	if os.Geteuid() == 0 && !insideContainer() {
		fmt.Fprintln(w, "stnb: warning: running as root: whoever edits here owns this machine")
	}
}

func insideContainer() bool {
	for _, name := range []string{"/.dockerenv", "/run/.containerenv"} {
		if _, err := os.Stat(name); err == nil {
			return true
		}
	}
	return false
}

func trimSlashes(path string) string { return strings.Trim(path, "/") }

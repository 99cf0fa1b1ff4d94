package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"stnb.dev/appmode"
	"stnb.dev/cmd/stnb/config"
	"stnb.dev/cmd/stnb/ops"
	"stnb.dev/kernel/wire"
	"stnb.dev/notebook/session"
	"stnb.dev/notebook/workspace"
	"stnb.dev/ui/protocol"
	"stnb.dev/ui/server"
	"stnb.dev/ui/server/provider"
	"stnb.dev/widgets/markdown"
)

func runCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "run FILE|DIR",
		Short: "Serve a notebook as an app, or all notebooks of a folder",
		Long: "Serve a notebook as an app: its code is hidden, and every browser tab has a\n" +
			"session of its own. Of a folder, each notebook is an app, and the first page\n" +
			"lists them.",
		Args: exactly(1, "a notebook or a folder"),
		RunE: func(c *cobra.Command, args []string) error { return publish(c, args[0]) },
	}
	addSettings(c)
	return c
}

func publish(c *cobra.Command, arg string) error {
	t, err := resolve(arg)
	if err != nil {
		return err
	}
	v, err := settings(c, t.root)
	if err != nil {
		return err
	}
	log, err := logger(v, c.ErrOrStderr())
	if err != nil {
		return err
	}
	files, err := published(c.Context(), t, arg)
	if err != nil {
		return err
	}
	p, err := listen(v, 8501, log)
	if err != nil {
		return err
	}
	defer p.listener.Close()
	uploads, remove, err := uploadFolder()
	if err != nil {
		return err
	}
	defer remove()

	var guests farewell
	op, err := operate(v, log, guests.writeMetrics)
	if err != nil {
		return err
	}
	defer op.Close()
	var apps []server.Published
	for _, name := range files {
		a, err := openApp(filepath.Join(t.root, filepath.FromSlash(name)), v, log.With("app", name), op.Metrics, uploads, guests.ended)
		if err != nil && t.file == "" { // one broken file does not keep the others from being served
			fmt.Fprintf(c.ErrOrStderr(), "stnb: warning: not served: %s\n", oneLine(err.Error()))
			continue
		}
		if err != nil {
			return err
		}
		defer a.Close()
		apps = append(apps, server.Published{Name: strings.TrimSuffix(name, path.Ext(name)), App: a})
	}
	if len(apps) == 0 {
		return fmt.Errorf("%s has no notebook that can be served", arg)
	}
	cfg, err := serverConfig(v, p, log, uploads)
	if err != nil {
		return err
	}
	cfg.Embedders = v.List("app.embed")
	cfg.Audit, cfg.Metrics = op.told(), op.Write
	for _, a := range apps {
		op.audit.Write(server.Deed{What: "publish", Notebook: a.Name, Detail: p.url})
	}
	op.Gauge("sessions", "Sessions of visitors.", func() (n float64) {
		for _, a := range apps {
			n += float64(a.App.(*app).Sessions())
		}
		return n
	})
	var grants *server.Grants
	if hashed := v.Text("app.password_hash"); hashed != "" {
		if !server.IsPasswordHash(hashed) {
			return usage("app.password_hash is not what stnb password prints")
		}
		grants = server.NewGrants()
		grants.SetPassword(hashed)
	}
	people, err := signIn(v, p)
	if err != nil {
		return err
	}
	if people != nil && grants == nil {
		grants = server.NewGrants()
	}
	srv := server.NewApp(server.AppConfig{Config: cfg, Apps: apps, Name: filepath.Base(t.root), Grants: grants, People: people})
	guests.srv.Store(srv)
	if _, err := cfg.Assets.Page("app"); err != nil {
		fmt.Fprintf(c.ErrOrStderr(), "stnb: warning: %v\n", err)
	}
	fmt.Fprintf(c.OutOrStdout(), "Serving %s\n\n  %s\n\n", arg, p.url)
	if v.Bool("server.open") {
		openBrowser(p.url)
	}
	return serve(srv, p, log, func(ctx context.Context) {
		for _, a := range apps {
			a.App.(*app).Settle(ctx)
		}
	})
}

// published are the notebooks to serve, relative to the root.
func published(ctx context.Context, t target, arg string) ([]string, error) {
	if t.file != "" {
		return []string{t.file}, nil
	}
	w, err := workspace.Open(workspace.Config{Root: t.root})
	if err != nil {
		return nil, err
	}
	defer w.Close()
	infos, err := w.List(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, info := range infos {
		names = append(names, info.Path)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s has no notebook to serve", arg)
	}
	return names, nil
}

// app is a published notebook as the server wants it.
type app struct {
	*appmode.App
	file *workspace.File
	name string
}

func openApp(name string, v config.Values, log *slog.Logger, m *ops.Metrics, uploads string, ended func(handle string)) (*app, error) {
	f, err := workspace.OpenFile(name, log)
	if err != nil {
		return nil, err
	}
	limit := v.Duration("app.run_time")
	if limit == 0 {
		limit = -time.Second // appmode: negative is none, as 0 is in the settings
	}
	isolate := v.Text("app.isolate")
	if isolate != "" && isolate != "visitor" {
		f.Close()
		return nil, usage("app.isolate is %q: it is visitor or empty", isolate)
	}
	a, err := appmode.New(appmode.Config{
		Source: f, Program: session.Build, Launch: launcher(v, log, m, true, uploads)(f.Dir()),
		Markdown: markdown.Cell, Log: log, Ended: ended,
		Isolate: isolate != "", Sessions: v.Int("app.max_sessions", 0), SessionsPerAddress: v.Int("app.max_sessions_per_address", 0), Keep: v.Duration("app.keep"), RunLimit: limit,
		Kept: filepath.Join(f.Dir(), ".stnb", "sessions", filepath.Base(name)+".json"),
	})
	if err != nil {
		f.Close()
		return nil, err
	}
	return &app{App: a, file: f, name: filepath.Base(name)}, nil
}

func (a *app) Close() {
	a.App.Close()
	a.file.Close()
}

// Title is the notebook's, or else its file's name.
func (a *app) Title() string {
	if t := a.App.Title(); t != "" {
		return t
	}
	return strings.TrimSuffix(a.name, filepath.Ext(a.name))
}

func (a *app) Join(_ context.Context, who server.Visitor, hello protocol.Hello) (server.Visit, error) {
	v, err := a.App.Join(who.ID, appmode.Hello{Client: hello.Client, Session: hello.Session, Query: hello.Query, Page: hello.Page,
		From: who.From, User: userOf(who.User)})
	if errors.Is(err, appmode.ErrBusy) {
		return server.Visit{}, server.ErrBusy
	}
	if err != nil {
		return server.Visit{}, err
	}
	return seatOf(v), nil
}

// userOf is a user as kernels know them; nil is nobody.
func userOf(u *provider.User) *wire.User {
	if u == nil {
		return nil
	}
	return &wire.User{Subject: u.Subject, Name: u.Name, Email: u.Email, Roles: u.Roles}
}

func (a *app) Find(visitor, handle string) (server.Visit, bool) {
	v, ok := a.App.Find(visitor, handle)
	if !ok {
		return server.Visit{}, false
	}
	return seatOf(v), true
}

// Leave gives the tab's seat up, as one of its sockets is gone.
func (a *app) Leave(v server.Visit) { v.Live.(*appmode.Visit).Leave() }

func seatOf(v *appmode.Visit) server.Visit {
	return server.Visit{Live: v, ID: v.ID, Handle: v.Handle}
}

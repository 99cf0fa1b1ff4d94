package main

import (
	"context"
	"fmt"
	"net/url"

	"github.com/spf13/cobra"

	"stnb.dev/ui/server"
)

func editCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "edit [DIR|FILE]",
		Short: "Edit the notebooks of a folder in the browser",
		Long: "Edit the notebooks of a folder (the current one if none is named) in the\n" +
			"browser. The link that is printed signs in once.",
		Args: atMostOne,
		RunE: func(c *cobra.Command, args []string) error {
			arg := "."
			if len(args) == 1 {
				arg = args[0]
			}
			return edit(c, arg)
		},
	}
	addSettings(c)
	return c
}

func edit(c *cobra.Command, arg string) error {
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
	p, err := listen(v, 8888, log)
	if err != nil {
		return err
	}
	defer p.listener.Close()
	grants, err := owners(v.Bool("edit.no_token"), p.loopback, v.Text("edit.token"), v.Text("edit.password_hash"))
	if err != nil {
		return err
	}
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
	space, err := openSpace(t.root, v, log, op.Metrics, uploads, guests.ended)
	if err != nil {
		return err
	}
	defer space.Close()

	cfg, err := serverConfig(v, p, log, uploads)
	if err != nil {
		return err
	}
	cfg.Audit, cfg.Metrics = op.told(), op.Write
	op.Gauge("sessions", "Notebooks that are open.", func() float64 { return float64(space.Opened()) })
	out := c.OutOrStdout()
	page := p.url
	if t.file != "" {
		page += "edit/" + (&url.URL{Path: t.file}).EscapedPath()
	}
	srv := server.NewEdit(server.EditConfig{
		Config: cfg, Workspace: space, Grants: grants,
		Relink: func(query string) {
			fmt.Fprintf(out, "\nA used link was opened. A new one, for one sign-in:\n  %s\n", page+query)
		},
	})
	guests.srv.Store(srv)
	if _, err := cfg.Assets.Page("list"); err != nil {
		fmt.Fprintf(c.ErrOrStderr(), "stnb: warning: %v\n", err)
	}
	warnRoot(c.ErrOrStderr())
	if !v.Bool("edit.no_token") {
		page += "?token=" + url.QueryEscape(grants.NewLink())
	}
	fmt.Fprintf(out, "Editing %s\n\n  %s\n\n", t.root, page)
	if v.Bool("server.open") {
		openBrowser(page)
	}
	return serve(srv, p, log, func(context.Context) {})
}

// owners decides how the owner signs in.
func owners(noToken, loopback bool, token, passwordHash string) (*server.Grants, error) {
	g := server.NewGrants()
	if noToken {
		if !loopback {
			return nil, usage("--no-token is for this machine only: it cannot go with --host")
		}
		g.Open()
	}
	if token != "" {
		if len(token) < 16 {
			return nil, usage("the token in STNB_TOKEN or edit.token has fewer than 16 characters")
		}
		g.SetToken(token)
	}
	if passwordHash != "" {
		if !server.IsPasswordHash(passwordHash) {
			return nil, usage("edit.password_hash is not what stnb password prints")
		}
		g.SetPassword(passwordHash)
	}
	return g, nil
}

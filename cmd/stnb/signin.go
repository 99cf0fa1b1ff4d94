package main

import (
	"strings"

	"stnb.dev/cmd/stnb/config"
	"stnb.dev/ui/server"
	"stnb.dev/ui/server/provider"
)

// signIn is the provider that visitors sign in with, and who may do what; nil when
// none is configured.
func signIn(v config.Values, p *place) (*server.People, error) {
	if v.Text("oidc.issuer") == "" {
		for _, key := range []string{"oidc.client_id", "oidc.allow", "app.roles", "app.access"} {
			if v.Text(key) != "" {
				return nil, usage("%s needs oidc.issuer", key)
			}
		}
		return nil, nil
	}
	for _, key := range []string{"app.roles", "app.access"} {
		for _, line := range v.List(key) {
			if a, b, ok := strings.Cut(line, ":"); !ok || a == "" || b == "" {
				return nil, usage("%q in %s has not two parts with a colon between", line, key)
			}
		}
	}
	prov, err := provider.New(provider.Config{
		Issuer: v.Text("oidc.issuer"), ClientID: v.Text("oidc.client_id"), ClientSecret: v.Text("oidc.client_secret"),
		RedirectURL: p.url + "oauth/callback", Scopes: v.List("oidc.scopes"), RolesClaim: v.Text("oidc.roles_claim"),
	})
	if err != nil {
		return nil, &status{code: 2, err: err}
	}
	return &server.People{Provider: prov, Allow: v.List("oidc.allow"), Roles: v.List("app.roles"), Access: v.List("app.access")}, nil
}

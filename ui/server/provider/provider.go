// Package provider signs people in with an OpenID Connect provider: it sends their
// browser there, and makes a User of what the provider says when it comes back.
//
// The code flow with PKCE, a state bound to the browser and a nonce bound to the
// token. Tokens are used once and not kept.
package provider

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Config names the provider and us to it.
type Config struct {
	Issuer       string // https, except on this machine
	ClientID     string
	ClientSecret string
	RedirectURL  string // where the provider sends browsers back to
	Scopes       []string
	RolesClaim   string // the claim that lists a user's roles; "" is "groups"
}

// User is a person as the provider knows them.
type User struct {
	Subject string // the provider's own id, for ever the same
	Name    string
	Email   string // "" unless the provider has verified it
	Roles   []string
}

// Provider is a provider. It is asked for its addresses at the first sign-in, and
// again after an answer that was none.
type Provider struct {
	cfg    Config
	client *http.Client

	mu       sync.Mutex
	oauth    *oauth2.Config
	issuer   *oidc.Provider
	verifier *oidc.IDTokenVerifier
}

// timeout bounds each request to the provider.
const timeout = 15 * time.Second

// New checks the configuration; it asks nobody.
func New(cfg Config) (*Provider, error) {
	u, err := url.Parse(cfg.Issuer)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("oidc.issuer %q is no address", cfg.Issuer)
	}
	if ip := net.ParseIP(u.Hostname()); u.Scheme != "https" && !(u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())) {
		return nil, errors.New("oidc.issuer must be https, except on this machine")
	}
	if cfg.ClientID == "" {
		return nil, errors.New("oidc.client_id is not set")
	}
	if cfg.RolesClaim == "" {
		cfg.RolesClaim = "groups"
	}
	if len(cfg.Scopes) == 0 {
		cfg.Scopes = []string{"profile", "email"}
	}
	if !slices.Contains(cfg.Scopes, oidc.ScopeOpenID) {
		cfg.Scopes = append([]string{oidc.ScopeOpenID}, cfg.Scopes...)
	}
	return &Provider{cfg: cfg, client: &http.Client{Timeout: timeout}}, nil
}

// Host is the provider's name for people.
func (p *Provider) Host() string {
	u, err := url.Parse(p.cfg.Issuer)
	if err != nil {
		return ""
	}
	return u.Host
}

// Check asks the provider for its addresses, as the first sign-in would.
func (p *Provider) Check(ctx context.Context) error { return p.ready(ctx) }

func (p *Provider) ready(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.oauth != nil {
		return nil
	}
	// The provider's keys are fetched with this context long after the request
	// that asked first is over.
	found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), p.cfg.Issuer)
	if err != nil {
		return fmt.Errorf("the sign-in service does not answer: %w", err)
	}
	p.issuer = found
	p.verifier = found.Verifier(&oidc.Config{ClientID: p.cfg.ClientID})
	p.oauth = &oauth2.Config{
		ClientID: p.cfg.ClientID, ClientSecret: p.cfg.ClientSecret, RedirectURL: p.cfg.RedirectURL,
		Endpoint: found.Endpoint(), Scopes: p.cfg.Scopes,
	}
	return nil
}

// Begin returns the address at the provider where a sign-in begins.
func (p *Provider) Begin(ctx context.Context, state, nonce, verifier string) (string, error) {
	if err := p.ready(ctx); err != nil {
		return "", err
	}
	return p.oauth.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)), nil
}

// Finish trades the code that the browser brought back for the user.
func (p *Provider) Finish(ctx context.Context, code, nonce, verifier string) (User, error) {
	if err := p.ready(ctx); err != nil {
		return User{}, err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	token, err := p.oauth.Exchange(ctx, code, oauth2.VerifierOption(verifier))
	if err != nil {
		return User{}, fmt.Errorf("the provider did not take the code: %w", err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return User{}, errors.New("the provider sent no ID token")
	}
	id, err := p.verifier.Verify(ctx, raw)
	if err != nil {
		return User{}, fmt.Errorf("the ID token: %w", err)
	}
	if id.Nonce != nonce {
		return User{}, errors.New("the ID token is another sign-in's")
	}
	claims := map[string]any{}
	if err := id.Claims(&claims); err != nil {
		return User{}, fmt.Errorf("the ID token: %w", err)
	}
	if info, err := p.issuer.UserInfo(ctx, oauth2.StaticTokenSource(token)); err == nil && info.Subject == id.Subject {
		more := map[string]any{}
		if info.Claims(&more) == nil {
			for k, v := range more {
				if _, there := claims[k]; !there {
					claims[k] = v
				}
			}
		}
	}
	return p.user(id.Subject, claims), nil
}

// user reads the claims. An address that nobody verified is none: who may choose
// their own could take another's.
func (p *Provider) user(subject string, claims map[string]any) User {
	text := func(name string) string {
		s, _ := claims[name].(string)
		return strings.TrimSpace(s)
	}
	u := User{Subject: subject, Name: text("name")}
	if v, _ := claims["email_verified"].(bool); v {
		u.Email = strings.ToLower(text("email"))
	}
	if u.Name == "" {
		u.Name = text("preferred_username")
	}
	switch roles := claims[p.cfg.RolesClaim].(type) {
	case string:
		u.Roles = strings.Fields(roles)
	case []any:
		for _, r := range roles {
			if s, ok := r.(string); ok {
				u.Roles = append(u.Roles, s)
			}
		}
	}
	return u
}

package server

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"stnb.dev/ui/server/provider"
)

// People are who may use the apps of a server, and how they prove who they are.
type People struct {
	Provider *provider.Provider
	// Allow are e-mail addresses, or "@example.org" for all of a domain, of those
	// who may sign in; empty: all that the provider knows.
	Allow []string
	// Roles are "role:address" or "role:@domain", beside those that the provider
	// tells of.
	Roles []string
	// Access are "app:role": an app that is named here is for who has one of its
	// roles.
	Access []string
}

// admits says whether the user may sign in at all.
func (p *People) admits(u *provider.User) bool {
	return len(p.Allow) == 0 || slices.ContainsFunc(p.Allow, func(a string) bool { return isAddress(u.Email, a) })
}

// isAddress compares an address with one, or with a domain's "@example.org".
func isAddress(email, pattern string) bool {
	pattern = strings.ToLower(pattern)
	if email == "" || pattern == "" || pattern == "@" {
		return false
	}
	return email == pattern || pattern[0] == '@' && strings.HasSuffix(email, pattern)
}

// grantRoles adds the configured roles to the user's.
func (p *People) grantRoles(u *provider.User) {
	for _, line := range p.Roles {
		if role, who, ok := strings.Cut(line, ":"); ok && isAddress(u.Email, who) && !slices.Contains(u.Roles, role) {
			u.Roles = append(u.Roles, role)
		}
	}
}

// mayUse says whether an app is open to the user.
func (p *People) mayUse(app string, u *provider.User) bool {
	named := false
	for _, line := range p.Access {
		name, role, ok := strings.Cut(line, ":")
		if !ok || name != app {
			continue
		}
		named = true
		if u != nil && slices.Contains(u.Roles, role) {
			return true
		}
	}
	return !named
}

// beginning is a sign-in whose browser is at the provider. The browser keeps it, in
// a cookie that nobody else can read or make: so the server holds nothing for
// strangers, and nobody's browser can be made to finish another's sign-in.
type beginning struct {
	State, Nonce, Verifier, Next string
	At                           time.Time
}

const begunLife = 10 * time.Minute

// newSealer makes the key of beginnings. It is this start's: an older one is void.
func newSealer() cipher.AEAD {
	key := make([]byte, 32)
	rand.Read(key)
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // 32 bytes are a key
	}
	sealer, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return sealer
}

func (g *gate) seal(b beginning) string {
	data, err := json.Marshal(b)
	if err != nil {
		panic(err) // texts and a time
	}
	return base64.RawURLEncoding.EncodeToString(g.sealer.Seal(nil, nil, data, nil))
}

// begun opens a beginning; ok is false for one that is not ours, or too old.
func (g *gate) begun(cookie string) (b beginning, ok bool) {
	data, err := base64.RawURLEncoding.DecodeString(cookie)
	if err != nil {
		return b, false
	}
	if data, err = g.sealer.Open(nil, nil, data, nil); err != nil {
		return b, false
	}
	return b, json.Unmarshal(data, &b) == nil && time.Since(b.At) <= begunLife
}

// toProvider begins a sign-in.
func (g *gate) toProvider(c *fiber.Ctx) error {
	b := beginning{secret(), secret(), secret(), localPath(strings.Clone(c.Query("next"))), time.Now()}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	to, err := g.people.Provider.Begin(ctx, b.State, b.Nonce, b.Verifier)
	if err != nil {
		g.cfg.Log.Error("sign-in", "error", err)
		return g.ask(c, fiber.StatusBadGateway, "/", "The sign-in service does not answer. Please try again later.")
	}
	c.Cookie(g.beginningCookie(g.seal(b), begunLife))
	return c.Redirect(to, fiber.StatusSeeOther)
}

func (g *gate) beginningCookie(value string, life time.Duration) *fiber.Cookie {
	// Lax: the provider's redirect back is a navigation that another site began.
	return &fiber.Cookie{Name: g.cookie + "-state", Value: value, Path: g.base, HTTPOnly: true, Secure: g.secure(),
		SameSite: fiber.CookieSameSiteLaxMode, MaxAge: int(life / time.Second)}
}

// fromProvider ends a sign-in.
func (g *gate) fromProvider(c *fiber.Ctx) error {
	start, ok := g.begun(c.Cookies(g.cookie + "-state"))
	if !ok || subtle.ConstantTimeCompare([]byte(start.State), []byte(c.Query("state"))) != 1 {
		return g.ask(c, fiber.StatusForbidden, "/", "This sign-in was not begun here, or took too long. Please begin again.")
	}
	c.Cookie(g.beginningCookie("", -time.Second))
	if c.Query("code") == "" {
		return g.ask(c, fiber.StatusForbidden, start.Next, "The sign-in was not completed.")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	user, err := g.people.Provider.Finish(ctx, strings.Clone(c.Query("code")), start.Nonce, start.Verifier)
	if err != nil {
		g.cfg.Log.Warn("sign-in failed", "from", from(c.Context()).String(), "error", clip(err.Error(), 300))
		return g.ask(c, fiber.StatusForbidden, start.Next, "The sign-in failed. The owner of this server can look it up in its log.")
	}
	if !g.people.admits(&user) {
		g.tellOf(c, "sign-in refused", "", user.Email)
		return g.ask(c, fiber.StatusForbidden, start.Next, "You are signed in there, but not among those who may use this server.")
	}
	g.people.grantRoles(&user)
	g.setCookie(c, g.grants.GrantFor(&user))
	g.tellOf(c, "sign in", "", firstText(user.Email, user.Subject))
	// The cookie is not sent along a redirect that another site began; it is on a
	// navigation that begins here.
	return g.show(c, fiber.StatusOK, "enter.html", struct{ Next string }{g.base + strings.TrimPrefix(start.Next, "/")})
}

func firstText(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// logoutEverywhere ends every session of who asks: of the user, or where nobody has
// a name, of all.
func (g *gate) logoutEverywhere(c *fiber.Ctx) error {
	g.tellOf(c, "sign out everywhere", "", "")
	if u := callerOf(c).user; u != nil {
		g.grants.RevokeUser(u.Subject)
	} else {
		g.grants.RevokeAll()
	}
	g.dropCookie(c)
	return c.SendStatus(fiber.StatusNoContent)
}

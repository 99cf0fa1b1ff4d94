package server

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"stnb.dev/ui/server/provider"
)

// Grants says who owns an edit server: it makes the links that sign in, keeps
// the sessions that came of them, and checks tokens and passwords. Secrets are
// kept as hashes only.
type Grants struct {
	mu       sync.Mutex
	links    map[digest]time.Time // one-time links and when they end
	spent    map[digest]bool      // links used or over, to tell their owner from a stranger
	cookies  map[digest]*grant
	token    digest // of a token the owner chose; zero: none
	password string // as HashPassword writes it; "" none
	tries    []try
	open     bool // no credentials at all
	now      func() time.Time
	// revoked is called with the id of every grant that ends.
	revoked func(id string)
}

type digest [sha256.Size]byte

// try is an attempt to sign in.
type try struct {
	from string // as neighbourhood has it
	at   time.Time
}

type grant struct {
	id   string
	ends time.Time
	user *provider.User // nil: whoever knows the password
}

const (
	linkLife   = 12 * time.Hour
	grantLife  = 7 * 24 * time.Hour
	maxGrants  = 10_000
	triesLimit = 5  // failed sign-ins a minute from one address: others are not locked out
	triesOfAll = 60 // from all together: each costs a slow comparison
)

// NewGrants returns grants that know no one: NewLink makes the first way in.
func NewGrants() *Grants {
	return &Grants{
		links: map[digest]time.Time{}, spent: map[digest]bool{}, cookies: map[digest]*grant{},
		now: time.Now, revoked: func(string) {},
	}
}

// Open lets everybody in. Use it on loopback only.
func (g *Grants) Open() { g.open = true }

// SetToken adds a lasting token, for tools: "Authorization: Bearer <token>".
func (g *Grants) SetToken(token string) { g.token = sha256.Sum256([]byte(token)) }

// SetPassword sets the password (as HashPassword wrote it; "" takes it away) and
// ends every session that began under another.
func (g *Grants) SetPassword(hashed string) {
	g.mu.Lock()
	changed := g.password != hashed
	g.password = hashed
	g.mu.Unlock()
	if changed {
		g.RevokeAll()
	}
}

// HasPassword says whether a person can sign in by password.
func (g *Grants) HasPassword() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.password != ""
}

func secret() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

func hash(s string) digest { return sha256.Sum256([]byte(s)) }

// NewLink returns a token that signs in once, within twelve hours.
func (g *Grants) NewLink() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	token := secret()
	g.links[hash(token)] = g.now().Add(linkLife)
	return token
}

// UseLink trades a link's token for a cookie's secret. known tells a link that
// was valid once from one that never was.
func (g *Grants) UseLink(token string) (cookie string, known bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	d := hash(token)
	ends, ok := g.links[d]
	if !ok {
		return "", g.spent[d]
	}
	delete(g.links, d)
	g.spent[d] = true
	if g.now().After(ends) {
		return "", true
	}
	return g.grant(), true
}

// grant makes a session. The lock is held.
func (g *Grants) grant() string {
	now := g.now()
	end := func(d digest, old *grant) {
		delete(g.cookies, d)
		go g.revoked(old.id)
	}
	var first digest // the one that ends first gives way
	for d, old := range g.cookies {
		if now.After(old.ends) {
			end(d, old)
		} else if g.cookies[first] == nil || old.ends.Before(g.cookies[first].ends) {
			first = d
		}
	}
	if len(g.cookies) >= maxGrants {
		end(first, g.cookies[first])
	}
	s := secret()
	d := hash(s)
	g.cookies[d] = &grant{id: hex.EncodeToString(d[:8]), ends: now.Add(grantLife)}
	return s
}

// GrantFor signs a user in, whom a provider named, and returns the cookie's secret.
func (g *Grants) GrantFor(u *provider.User) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.grant()
	g.cookies[hash(s)].user = u
	return s
}

// Check says whose a cookie's secret is.
func (g *Grants) Check(cookie string) (id string, ok bool) {
	id, _, ok = g.check(cookie)
	return id, ok
}

func (g *Grants) check(cookie string) (id string, user *provider.User, ok bool) {
	if g.open {
		return "open", nil, true
	}
	if cookie == "" {
		return "", nil, false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	gr, ok := g.cookies[hash(cookie)]
	if !ok || g.now().After(gr.ends) {
		return "", nil, false
	}
	return gr.id, gr.user, true
}

// CheckToken says whether it is the lasting token.
func (g *Grants) CheckToken(token string) bool {
	d := hash(token)
	return g.token != digest{} && subtle.ConstantTimeCompare(d[:], g.token[:]) == 1
}

// errTries asks to wait before signing in again.
var errTries = errors.New("too many attempts: wait a minute")

// SignIn trades the password, or the lasting token, for a cookie's secret. "" and
// no error: it was wrong.
func (g *Grants) SignIn(password, from string) (cookie string, err error) {
	g.mu.Lock()
	now := g.now()
	g.tries = slices.DeleteFunc(g.tries, func(t try) bool { return now.Sub(t.at) >= time.Minute })
	mine := 0
	for _, t := range g.tries {
		if t.from == from {
			mine++
		}
	}
	if mine >= triesLimit || len(g.tries) >= triesOfAll {
		g.mu.Unlock()
		return "", errTries
	}
	g.tries = append(g.tries, try{from, now}) // counted before the slow comparison
	hashed := g.password
	g.mu.Unlock()

	if !(hashed != "" && PasswordMatches(hashed, password)) && !g.CheckToken(password) {
		return "", nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.tries = slices.DeleteFunc(g.tries, func(t try) bool { return t.from == from })
	return g.grant(), nil
}

// Revoke ends the session of a cookie's secret.
func (g *Grants) Revoke(cookie string) {
	g.mu.Lock()
	d := hash(cookie)
	gr, ok := g.cookies[d]
	delete(g.cookies, d)
	g.mu.Unlock()
	if ok {
		g.revoked(gr.id)
	}
}

// RevokeUser ends every session of a user.
func (g *Grants) RevokeUser(subject string) {
	g.mu.Lock()
	var ended []*grant
	for d, gr := range g.cookies {
		if gr.user != nil && gr.user.Subject == subject {
			ended = append(ended, gr)
			delete(g.cookies, d)
		}
	}
	g.mu.Unlock()
	for _, gr := range ended {
		g.revoked(gr.id)
	}
}

// RevokeAll ends every session and every link.
func (g *Grants) RevokeAll() {
	g.mu.Lock()
	old := g.cookies
	g.cookies = map[digest]*grant{}
	g.links = map[digest]time.Time{}
	g.mu.Unlock()
	for _, gr := range old {
		g.revoked(gr.id)
	}
}

const passwordRounds = 600_000

// HashPassword returns what a configuration file may hold of a password.
func HashPassword(password string) string {
	salt := make([]byte, 16)
	rand.Read(salt)
	return hashPassword(password, salt, passwordRounds)
}

func hashPassword(password string, salt []byte, rounds int) string {
	key, err := pbkdf2.Key(sha256.New, password, salt, rounds, sha256.Size)
	if err != nil {
		panic(err) // the parameters are constants
	}
	enc := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("pbkdf2-sha256$%d$%s$%s", rounds, enc(salt), enc(key))
}

// IsPasswordHash says whether the text is one that HashPassword wrote.
func IsPasswordHash(text string) bool {
	_, _, ok := parseHash(text)
	return ok
}

func parseHash(text string) (rounds int, salt []byte, ok bool) {
	parts := strings.Split(text, "$")
	if len(parts) != 4 || parts[0] != "pbkdf2-sha256" {
		return 0, nil, false
	}
	rounds, err := strconv.Atoi(parts[1])
	if err != nil || rounds < 1 || rounds > 10_000_000 {
		return 0, nil, false
	}
	salt, err = base64.RawStdEncoding.DecodeString(parts[2])
	return rounds, salt, err == nil
}

// PasswordMatches compares in constant time.
func PasswordMatches(hashed, password string) bool {
	rounds, salt, ok := parseHash(hashed)
	if !ok || len(password) > 1024 {
		return false
	}
	return subtle.ConstantTimeCompare([]byte(hashPassword(password, salt, rounds)), []byte(hashed)) == 1
}

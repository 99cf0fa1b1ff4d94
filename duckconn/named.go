package duckconn

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"time"
)

// Named are an app's connections by name, made once and shared by its sessions.
type Named struct {
	Secrets *Secrets
	Dir     string // relative file names start here

	mu    sync.Mutex
	conns map[string]*named
}

type named struct {
	conn     *SQL
	settings string // fingerprint of what it was made of
	made     time.Time
}

// SQL returns the connection of a name with settings from code over those of the
// secrets. It stays until ttl has passed (Forever: as long as the app runs), or
// until its own section of the secrets or its settings in code change. The name
// "env:VAR" takes the name from the environment.
func (n *Named) SQL(name string, top Settings, ttl time.Duration) (*SQL, error) {
	name, err := Name(name)
	if err != nil {
		return nil, err
	}
	section, err := n.Secrets.Section("connections", name)
	if err != nil {
		return nil, err
	}
	s, err := SettingsOf(name, section)
	if err != nil {
		return nil, err
	}
	s = s.Over(top)
	key := fingerprint(s)
	n.mu.Lock()
	defer n.mu.Unlock()
	old := n.conns[name]
	if old != nil && old.settings == key && (ttl == Forever || time.Since(old.made) < ttl) {
		return old.conn, nil
	}
	conn, err := NewSQL(name, s, n.Dir)
	if err != nil {
		return nil, err
	}
	if old != nil {
		old.conn.Close()
	}
	if n.conns == nil {
		n.conns = map[string]*named{}
	}
	n.conns[name] = &named{conn, key, time.Now()}
	return conn, nil
}

// Close closes every connection.
func (n *Named) Close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, c := range n.conns {
		c.conn.Close()
	}
	n.conns = nil
}

// Name resolves a connection's name: "env:DB_CONN" is the value of DB_CONN.
func Name(name string) (string, error) {
	v, ok := strings.CutPrefix(name, "env:")
	if !ok {
		return name, nil
	}
	if to := os.Getenv(v); to != "" {
		return to, nil
	}
	return "", fmt.Errorf("the connection's name is to come from the environment variable %s, which is not set", v)
}

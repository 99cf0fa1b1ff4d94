package duckconn

import (
	"fmt"
	"maps"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
)

// Settings of a named connection: a URL, or its parts. They come from the section
// [connections.<name>] of the secrets, and over it from code.
type Settings struct {
	URL      string
	Dialect  string // "duckdb", "sqlite", "postgres", "mysql"
	Username string
	Password string
	Host     string
	Port     string
	Database string
	Query    map[string]string // parameters of the URL
	ReadOnly bool
}

// SettingsOf reads a section. Names that are not known are errors: a misspelt one
// must not be passed over.
func SettingsOf(name string, section map[string]any) (Settings, error) {
	var s Settings
	text := map[string]*string{
		"url": &s.URL, "dialect": &s.Dialect, "username": &s.Username, "user": &s.Username, "password": &s.Password,
		"host": &s.Host, "port": &s.Port, "database": &s.Database,
	}
	for k, v := range section {
		switch to := text[k]; {
		case to != nil:
			*to = fmt.Sprint(v)
		case k == "query" || k == "options":
			table, ok := v.(map[string]any)
			if !ok {
				return s, fmt.Errorf("connection %q: %s is to be a section of names and values", name, k)
			}
			if s.Query == nil {
				s.Query = map[string]string{}
			}
			for k, v := range table {
				s.Query[k] = fmt.Sprint(v)
			}
		case k == "read_only":
			s.ReadOnly, _ = v.(bool)
		case k == "driver" || k == "type": // Streamlit's names; the dialect says it all here
		default:
			return s, fmt.Errorf("connection %q: there is no setting %q; there are url, or dialect, username, password, host, port, database, query, read_only", name, k)
		}
	}
	return s, nil
}

// Over returns the settings with those of top that are set in their place.
func (s Settings) Over(top Settings) Settings {
	pick := func(a *string, b string) {
		if b != "" {
			*a = b
		}
	}
	pick(&s.URL, top.URL)
	pick(&s.Dialect, top.Dialect)
	pick(&s.Username, top.Username)
	pick(&s.Password, top.Password)
	pick(&s.Host, top.Host)
	pick(&s.Port, top.Port)
	pick(&s.Database, top.Database)
	q := map[string]string{}
	maps.Copy(q, s.Query)
	maps.Copy(q, top.Query)
	s.Query = q
	s.ReadOnly = s.ReadOnly || top.ReadOnly
	return s
}

// dialects by every name people write for them.
var dialects = map[string]string{
	"duckdb": "duckdb", "sqlite": "sqlite", "sqlite3": "sqlite", "postgres": "postgres", "postgresql": "postgres",
	"mysql": "mysql", "mariadb": "mysql",
}

// resolve takes the URL apart, checks that nothing needed is missing, and makes
// file paths absolute, from dir.
func (s Settings) resolve(name, dir string) (Settings, error) {
	if s.URL == "" && s.Dialect == "" {
		return s, fmt.Errorf("Missing SQL DB connection configuration: give connection %q a url, or a dialect with its parts, in [connections.%s] of .stnb/secrets.toml or in the call", name, name) //nolint:staticcheck // Streamlit's words
	}
	if s.URL != "" {
		parts, err := parseURL(s.URL)
		if err != nil {
			return s, fmt.Errorf("connection %q: %w", name, err)
		}
		top := s
		top.URL = ""
		s = parts.Over(top)
	}
	kind, _, _ := strings.Cut(s.Dialect, "+") // "postgresql+psycopg2" names Python's driver
	d, ok := dialects[strings.ToLower(kind)]
	if !ok {
		return s, fmt.Errorf("connection %q: there is no dialect %q; there are %s", name, kind, strings.Join(slices.Sorted(maps.Keys(dialects)), ", "))
	}
	s.Dialect = d
	switch d {
	case "sqlite", "duckdb":
		if s.Database == ":memory:" {
			s.Database = ""
		}
		if s.Database != "" && !filepath.IsAbs(s.Database) {
			s.Database = filepath.Join(dir, s.Database)
		}
	default:
		for _, need := range []struct{ name, value string }{{"username", s.Username}, {"host", s.Host}} {
			if need.value == "" {
				return s, fmt.Errorf("Missing SQL DB connection param: %s (of connection %q)", need.name, name) //nolint:staticcheck // Streamlit's words
			}
		}
	}
	return s, nil
}

// parseURL reads dialect://user:password@host:port/database?name=value. Of file
// databases three slashes begin a path from the notebook's folder and four an
// absolute one, as in SQLAlchemy.
func parseURL(text string) (Settings, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" { // the error would quote the URL, password and all
		return Settings{}, fmt.Errorf("the url is not of the form dialect://user:password@host:port/database")
	}
	s := Settings{Dialect: u.Scheme, Host: u.Hostname(), Port: u.Port(), Query: map[string]string{}}
	if u.User != nil {
		s.Username = u.User.Username()
		s.Password, _ = u.User.Password()
	}
	s.Database = strings.TrimPrefix(u.Path, "/")
	if s.Database == "" && u.Opaque != "" {
		s.Database = u.Opaque
	}
	for k, v := range u.Query() {
		s.Query[k] = v[len(v)-1]
	}
	return s, nil
}

func (s Settings) address(port string) string {
	if s.Port != "" {
		port = s.Port
	}
	return net.JoinHostPort(s.Host, port)
}

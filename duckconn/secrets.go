package duckconn

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/BurntSushi/toml"
)

// Secrets reads .stnb/secrets.toml: the one in the home folder, and over it the
// one beside the notebook. The files are read again when they change. Secrets are
// read only, and no error made here ever holds one.
type Secrets struct {
	files []string // later ones win

	mu     sync.Mutex
	stamps []stamp
	values map[string]any
	err    error
}

type stamp struct {
	time time.Time
	size int64
}

// ErrNoSecrets says that neither file is there.
var ErrNoSecrets = errors.New("no secrets: neither .stnb/secrets.toml beside the notebook nor ~/.stnb/secrets.toml is there")

// NewSecrets returns the secrets of a notebook in dir. home "" means the user's
// home folder.
func NewSecrets(dir, home string) *Secrets {
	if home == "" {
		home, _ = os.UserHomeDir()
	}
	s := &Secrets{}
	for _, d := range []string{home, dir} {
		if d != "" {
			s.files = append(s.files, filepath.Join(d, ".stnb", "secrets.toml"))
		}
	}
	return s
}

// Get returns the value at a path of names: Get("connections", "pets", "url").
func (s *Secrets) Get(path ...string) (any, error) {
	all, err := s.all()
	if err != nil {
		return nil, err
	}
	var v any = all
	for i, name := range path {
		table, ok := v.(map[string]any)
		if !ok || table[name] == nil {
			return nil, fmt.Errorf("the secrets have no %q", strings.Join(path[:i+1], "."))
		}
		v = table[name]
	}
	return v, nil
}

// Section returns the table at a path, nil when there is none.
func (s *Secrets) Section(path ...string) (map[string]any, error) {
	v, err := s.Get(path...)
	if errors.Is(err, ErrNoSecrets) || err != nil && s.Err() == nil {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	table, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%q in the secrets is one value, not a section", strings.Join(path, "."))
	}
	return table, nil
}

// Err says why the secrets cannot be read; that there are none is no error.
func (s *Secrets) Err() error {
	if _, err := s.all(); err != nil && !errors.Is(err, ErrNoSecrets) {
		return err
	}
	return nil
}

// Names lists the top-level names, sorted; none of the values.
func (s *Secrets) Names() []string {
	all, _ := s.all()
	return slices.Sorted(maps.Keys(all))
}

// Text lists the strings that must not be in logs and messages: all of some
// length, but of connections only passwords and what holds them. A host's or a
// dialect's name is no secret, and messages would be strange without it.
func (s *Secrets) Text() []string {
	all, _ := s.all()
	var out []string
	for name, v := range all {
		sections, ok := v.(map[string]any)
		if name != "connections" || !ok {
			collect(v, &out)
			continue
		}
		for _, section := range sections {
			settings, ok := section.(map[string]any)
			if !ok {
				collect(section, &out)
				continue
			}
			for key, v := range settings {
				switch text, _ := v.(string); {
				case key == "url":
					collect(text, &out)
					if u, err := url.Parse(text); err == nil && u.User != nil {
						password, _ := u.User.Password()
						collect(password, &out)
					}
				case key == "password" || key != "query" && key != "options" && strings.Contains(key, "token"):
					collect(text, &out)
				}
			}
		}
	}
	return out
}

// shortest is how long a string must be to be looked for in text: shorter ones
// would be found in words.
const shortest = 8

func collect(v any, out *[]string) {
	switch v := v.(type) {
	case map[string]any:
		for _, x := range v {
			collect(x, out)
		}
	case []any:
		for _, x := range v {
			collect(x, out)
		}
	case string:
		if len(v) >= shortest {
			*out = append(*out, v)
		}
	}
}

func (s *Secrets) all() (map[string]any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	stamps := make([]stamp, len(s.files))
	for i, f := range s.files {
		if info, err := os.Stat(f); err == nil {
			stamps[i] = stamp{info.ModTime(), info.Size()}
		}
	}
	if s.values == nil && s.err == nil || !slices.Equal(stamps, s.stamps) {
		s.stamps = stamps
		s.values, s.err = readSecrets(s.files)
	}
	return s.values, s.err
}

func readSecrets(files []string) (map[string]any, error) {
	var all map[string]any
	for _, f := range files {
		text, err := os.ReadFile(f)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("secrets: %w", err)
		}
		var one map[string]any
		if _, err := toml.Decode(string(text), &one); err != nil {
			var bad toml.ParseError
			if errors.As(err, &bad) { // its text quotes the file: say the place only
				return nil, fmt.Errorf("%s, line %d: not TOML", f, bad.Position.Line)
			}
			return nil, fmt.Errorf("%s is not TOML", f)
		}
		if all == nil {
			all = map[string]any{}
		}
		merge(all, one)
	}
	if all == nil {
		return nil, ErrNoSecrets
	}
	return all, nil
}

// merge puts from over into, table by table.
func merge(into, from map[string]any) {
	for k, v := range from {
		a, ok1 := into[k].(map[string]any)
		b, ok2 := v.(map[string]any)
		if ok1 && ok2 {
			merge(a, b)
			continue
		}
		into[k] = v
	}
}

// fingerprint is equal for equal settings, whatever their order.
func fingerprint(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}

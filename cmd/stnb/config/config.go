// Package config gives every setting its value and remembers where the value is
// from: a flag, the environment, the project's file, the user's file, or the
// default, in this order.
//
// The files are .stnb/config.toml in the notebook's folder and in the home
// folder. They are read once, at the start.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
)

// Value is a setting's text and where it is from.
type Value struct {
	Setting
	Text   string
	Origin string // "default", "--port", "STNB_PORT", or a file's path
}

// Values are all settings' values, by key.
type Values map[string]Value

// Sources say where to look.
type Sources struct {
	Dir  string // the notebook's folder; "" none
	Home string // "" none
	// Flag returns the text of a flag given on the command line.
	Flag func(name string) (string, bool)
	// Env is os.LookupEnv, or a test's.
	Env func(name string) (string, bool)
}

// FileName is a configuration file's path within its folder.
const FileName = ".stnb/config.toml"

// Load reads all sources. Its errors name the source and the setting.
func Load(src Sources) (Values, error) {
	v := Values{}
	for _, s := range Settings {
		v[s.Key] = Value{s, s.Default, "default"}
	}
	for _, dir := range []string{src.Home, src.Dir} {
		if dir == "" {
			continue
		}
		if err := v.readFile(filepath.Join(dir, FileName)); err != nil {
			return nil, err
		}
	}
	for _, s := range Settings {
		if text, ok := src.Env(s.Env); ok {
			v[s.Key] = Value{s, text, s.Env}
		}
		if s.Flag == "" || src.Flag == nil {
			continue
		}
		if text, ok := src.Flag(s.Flag); ok {
			v[s.Key] = Value{s, text, "--" + s.Flag}
		}
	}
	for _, s := range Settings {
		if err := v[s.Key].check(); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// readFile takes what a file says. A file that is not there says nothing.
func (v Values) readFile(name string) error {
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var tree map[string]any
	if err := toml.Unmarshal(data, &tree); err != nil {
		var pe toml.ParseError
		if errors.As(err, &pe) {
			return fmt.Errorf("%s:%d: %s", name, pe.Position.Line, pe.Message)
		}
		return fmt.Errorf("%s: %w", name, err)
	}
	for section, inner := range tree {
		table, ok := inner.(map[string]any)
		if !ok {
			return fmt.Errorf("%s: %s stands outside a section", name, section)
		}
		for key, value := range table {
			full := section + "." + key
			s, ok := find(full)
			if !ok {
				return fmt.Errorf("%s: there is no setting %s%s", name, full, nearest(full))
			}
			text, err := textOf(value)
			if err != nil {
				return fmt.Errorf("%s: %s: %w", name, full, err)
			}
			v[full] = Value{s, text, name}
		}
	}
	return nil
}

// textOf writes a TOML value as a flag would have it.
func textOf(value any) (string, error) {
	switch x := value.(type) {
	case string:
		return x, nil
	case bool:
		return strconv.FormatBool(x), nil
	case int64:
		return strconv.FormatInt(x, 10), nil
	case []any:
		var parts []string
		for _, e := range x {
			s, ok := e.(string)
			if !ok || strings.Contains(s, ",") {
				return "", errors.New("a list holds texts without commas")
			}
			parts = append(parts, s)
		}
		return strings.Join(parts, ","), nil
	}
	return "", fmt.Errorf("a %T is no value for a setting", value)
}

// nearest suggests a setting with a similar name.
func nearest(key string) string {
	_, name, _ := strings.Cut(key, ".")
	for _, s := range Settings {
		if _, n, _ := strings.Cut(s.Key, "."); n == name || strings.ReplaceAll(n, "_", "") == strings.ReplaceAll(strings.ReplaceAll(name, "-", ""), "_", "") {
			return " (is it " + s.Key + "?)"
		}
	}
	return ""
}

func (x Value) check() error {
	var err error
	switch x.Kind {
	case Int:
		if x.Text != "" {
			var n int
			if n, err = strconv.Atoi(x.Text); err == nil && n < 0 {
				err = errors.New("negative")
			}
		}
	case Bool:
		if x.Text != "" {
			_, err = strconv.ParseBool(x.Text)
		}
	case Duration:
		_, err = parseDuration(x.Text)
	case Size:
		if x.Text != "" {
			_, err = parseSize(x.Text)
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %q is no %s for %s", x.Origin, x.shown(), x.Kind, x.Key)
	}
	return nil
}

func (x Value) shown() string {
	if x.Secret && x.Text != "" {
		return "(set, not shown)"
	}
	return x.Text
}

func parseDuration(text string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n < 0 || n > 36500 {
			return 0, errors.New("not a number of days")
		}
		return time.Duration(n) * 24 * time.Hour, nil
	}
	d, err := time.ParseDuration(text)
	if err == nil && d < 0 {
		err = errors.New("negative")
	}
	return d, err
}

func parseSize(text string) (int64, error) {
	shift := 0
	number := strings.TrimSuffix(strings.ToUpper(text), "B")
	for unit, by := range map[string]int{"K": 10, "M": 20, "G": 30} {
		if n, ok := strings.CutSuffix(number, unit); ok {
			number, shift = n, by
			break
		}
	}
	n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
	if err != nil || n < 0 || n > 1<<62>>shift {
		return 0, errors.New("not a size")
	}
	return n << shift, nil
}

// Text returns a setting's text.
func (v Values) Text(key string) string { return v.must(key).Text }

// Int returns a number, or otherwise when it is not set.
func (v Values) Int(key string, otherwise int) int {
	text := v.must(key).Text
	if text == "" {
		return otherwise
	}
	n, _ := strconv.Atoi(text) // checked by Load
	return n
}

// Bool returns a yes or no.
func (v Values) Bool(key string) bool {
	b, _ := strconv.ParseBool(v.must(key).Text)
	return b
}

// Duration returns a duration.
func (v Values) Duration(key string) time.Duration {
	d, _ := parseDuration(v.must(key).Text)
	return d
}

// Size returns a size in bytes.
func (v Values) Size(key string) int64 {
	n, _ := parseSize(v.must(key).Text)
	return n
}

// List returns a list without empty parts.
func (v Values) List(key string) []string {
	var list []string
	for part := range strings.SplitSeq(v.must(key).Text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

func (v Values) must(key string) Value {
	x, ok := v[key]
	if !ok {
		panic("config: no setting " + key)
	}
	return x
}

// Show lists all settings with value and origin, one a line, in aligned columns.
func (v Values) Show() string {
	rows := [][3]string{{"SETTING", "VALUE", "FROM"}}
	for _, s := range Settings {
		x := v[s.Key]
		text := x.shown()
		if text == "" {
			text = "-"
		}
		rows = append(rows, [3]string{s.Key, text, x.Origin})
	}
	var w [2]int
	for _, r := range rows {
		w[0], w[1] = max(w[0], len(r[0])), max(w[1], len(r[1]))
	}
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "%-*s  %-*s  %s\n", w[0], r[0], w[1], r[1], r[2])
	}
	return b.String()
}

// Secrets are the names of environment variables that hold secrets: the process
// drops them once read, so that no child inherits them.
func Secrets() []string {
	var list []string
	for _, s := range Settings {
		if s.Secret {
			list = append(list, s.Env)
		}
	}
	slices.Sort(list)
	return list
}

// Command supply looks at what stnb is made of.
//
//	go run ./cmd/stnb/supply licenses      every dependency in the binary, with its licence
//	go run ./cmd/stnb/supply vulnerable    known vulnerabilities that reach it, but for those allowed
//
// licenses fails on a licence that nobody has looked at. vulnerable needs the
// network: it asks Go's vulnerability database (govulncheck) and npm's (npm audit),
// and ends with 1 when one of them names something, 2 when one could not be asked.
// What is known and accepted stands in .ci/allowed.toml, with a reason and a date
// after which it is looked at again.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/BurntSushi/toml"
)

func main() {
	var err error
	switch {
	case len(os.Args) == 2 && os.Args[1] == "licenses":
		err = licenses(os.Stdout)
	case len(os.Args) == 2 && os.Args[1] == "vulnerable":
		var ok map[string]allowed
		if ok, err = allowList(".ci/allowed.toml", time.Now()); err == nil {
			err = vulnerable(os.Stdout, ok, asked{"Go modules (govulncheck)", scanGo}, asked{"npm packages (npm audit)", scanNPM})
		}
	default:
		err = errors.New("usage: supply licenses|vulnerable")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "supply:", err)
		if errors.Is(err, errUnknown) {
			os.Exit(2)
		}
		os.Exit(1)
	}
}

// part is a dependency.
type part struct{ from, name, version, license string }

// accepted are the licences whose terms stnb keeps.
var accepted = []string{"MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "ISC", "MPL-2.0", "0BSD", "CC0-1.0", "Unlicense", "BSD-3-Clause AND MIT"}

func licenses(w io.Writer) error {
	parts, err := goParts()
	if err != nil {
		return err
	}
	more, err := npmParts("ui/web")
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	var strange []string
	for _, p := range append(parts, more...) {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", p.from, p.license, p.name, p.version)
		choice := strings.Split(p.license, " OR ") // any one of them will do
		if !slices.ContainsFunc(choice, func(l string) bool { return slices.Contains(accepted, l) }) {
			strange = append(strange, p.name+" ("+p.license+")")
		}
	}
	t.Flush()
	if len(strange) > 0 {
		return fmt.Errorf("licences to look at: %s", strings.Join(strange, ", "))
	}
	return nil
}

// goParts are the modules that are linked into the binary.
func goParts() ([]part, error) {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{.Path}}\t{{.Version}}\t{{.Dir}}\t{{.Main}}{{end}}", "./cmd/stnb").Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	seen := map[string]bool{}
	var list []part
	for line := range strings.Lines(string(out)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) != 4 || f[3] == "true" || seen[f[0]] {
			continue
		}
		seen[f[0]] = true
		list = append(list, part{"go", f[0], f[1], licenseIn(f[2])})
	}
	slices.SortFunc(list, func(a, b part) int { return strings.Compare(a.name, b.name) })
	return list, nil
}

// licenseIn reads a module's licence off its text.
func licenseIn(dir string) string {
	names, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, name := range names {
		base := strings.ToUpper(filepath.Base(name))
		if !strings.HasPrefix(base, "LICENSE") && !strings.HasPrefix(base, "LICENCE") && !strings.HasPrefix(base, "COPYING") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		if kind := licenseOf(string(text)); kind != "" {
			return kind
		}
	}
	return "unknown"
}

// licenseOf tells licences by sentences that stand in one of them alone.
func licenseOf(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	has := func(s string) bool { return strings.Contains(text, s) }
	switch {
	case has("Apache License") && has("Version 2.0"):
		return "Apache-2.0"
	case has("Mozilla Public License") && has("2.0"):
		return "MPL-2.0"
	case has("GNU AFFERO"), has("GNU GENERAL PUBLIC"), has("GNU LESSER"):
		return "GPL family"
	case has("Redistribution and use in source and binary forms") && (has("Neither the name") || has("may be used to endorse")):
		return "BSD-3-Clause"
	case has("Redistribution and use in source and binary forms"):
		return "BSD-2-Clause"
	case has("Permission is hereby granted, free of charge"):
		return "MIT"
	case has("Permission to use, copy, modify, and/or distribute"), has("Permission to use, copy, modify, and distribute"):
		return "ISC"
	case has("CC0 1.0 Universal"):
		return "CC0-1.0"
	case has("free and unencumbered software released into the public domain"):
		return "Unlicense"
	}
	return ""
}

// npmParts are the packages that the front end is built of, without those that
// only build and test it.
func npmParts(dir string) ([]part, error) {
	data, err := os.ReadFile(filepath.Join(dir, "package-lock.json"))
	if err != nil {
		return nil, err
	}
	var lock struct {
		Packages map[string]struct {
			Version, License string
			Dev, DevOptional bool
		}
	}
	if err := json.Unmarshal(data, &lock); err != nil {
		return nil, err
	}
	var list []part
	for path, p := range lock.Packages {
		if path == "" || p.Dev || p.DevOptional {
			continue
		}
		kind := strings.Trim(p.License, "()")
		if kind == "" { // the lock does not say; the package may
			var own struct{ License any }
			if text, err := os.ReadFile(filepath.Join(dir, path, "package.json")); err == nil && json.Unmarshal(text, &own) == nil {
				kind, _ = own.License.(string)
			}
		}
		if kind == "" {
			kind = licenseIn(filepath.Join(dir, path))
		}
		list = append(list, part{"npm", path[strings.LastIndex(path, "node_modules/")+len("node_modules/"):], p.Version, kind})
	}
	slices.SortFunc(list, func(a, b part) int { return strings.Compare(a.name+a.version, b.name+b.version) })
	return slices.Compact(list), nil
}

// allowed is a known vulnerability that is lived with for now.
type allowed struct {
	ID     string
	Reason string
	Until  time.Time // when it is looked at again
}

// allowList reads .ci/allowed.toml.
func allowList(name string, now time.Time) (map[string]allowed, error) {
	var file struct{ Allowed []allowed }
	if _, err := toml.DecodeFile(name, &file); err != nil {
		return nil, err
	}
	list := map[string]allowed{}
	for _, a := range file.Allowed {
		switch {
		case a.ID == "" || a.Reason == "" || a.Until.IsZero():
			return nil, fmt.Errorf("%s: %q needs an id, a reason and a date (until)", name, a.ID)
		case now.After(a.Until):
			return nil, fmt.Errorf("%s: %s was allowed until %s: look at it again", name, a.ID, a.Until.Format(time.DateOnly))
		}
		list[a.ID] = a
	}
	return list, nil
}

// govulncheck's version; it is run from its module, and not a dependency.
const govulncheck = "golang.org/x/vuln/cmd/govulncheck@v1.1.4"

// asked is somebody who knows of vulnerabilities.
type asked struct {
	who  string
	scan func(found map[string]string) error // adds what it finds, by id
}

// errUnknown says that somebody could not be asked: nothing is known to be wrong,
// and nothing to be well.
var errUnknown = errors.New("not everybody could be asked, so this is no clean result")

// vulnerable asks everybody, and writes a line for each: clean, what was found, or
// that it could not be asked.
func vulnerable(w io.Writer, ok map[string]allowed, all ...asked) error {
	bad, unknown := 0, false
	for _, a := range all {
		found := map[string]string{}
		if err := a.scan(found); err != nil {
			unknown = true
			fmt.Fprintf(w, "%s: COULD NOT ASK: %s\n", a.who, strings.Join(strings.Fields(err.Error()), " "))
			continue
		}
		fresh := 0
		for _, id := range slices.Sorted(maps.Keys(found)) {
			if x, known := ok[id]; known {
				fmt.Fprintf(w, "%s: allowed until %s: %s %s (%s)\n", a.who, x.Until.Format(time.DateOnly), id, found[id], x.Reason)
				continue
			}
			fresh++
			fmt.Fprintf(w, "%s: VULNERABLE: %s %s\n", a.who, id, found[id])
		}
		if fresh == 0 {
			fmt.Fprintf(w, "%s: clean: no vulnerability is known that is not allowed\n", a.who)
		}
		bad += fresh
	}
	switch {
	case bad > 0:
		return fmt.Errorf("%d vulnerabilities that .ci/allowed.toml does not name", bad)
	case unknown:
		return errUnknown
	}
	return nil
}

// scanGo adds what govulncheck finds to be called.
func scanGo(found map[string]string) error {
	cmd := exec.Command("go", "run", govulncheck, "-format", "json", "./cmd/stnb")
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%w: %s", err, said.String())
	}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var m struct {
			Finding *struct {
				OSV   string
				Trace []struct{ Module, Function string }
			}
		}
		if err := d.Decode(&m); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if f := m.Finding; f != nil && len(f.Trace) > 0 && f.Trace[0].Function != "" {
			found[f.OSV] = f.Trace[0].Module + " " + f.Trace[0].Function
		}
	}
}

// scanNPM adds what npm knows of the packages that reach the browser.
func scanNPM(found map[string]string) error {
	cmd := exec.Command("npm", "audit", "--omit=dev", "--json")
	cmd.Dir = "ui/web"
	out, err := cmd.Output() // its status is 1 when it finds something
	var report struct {
		Message         string
		Error           any
		Vulnerabilities map[string]struct {
			Via []json.RawMessage
		}
	}
	if json.Unmarshal(out, &report) != nil || report.Error != nil || report.Message != "" || report.Vulnerabilities == nil {
		return fmt.Errorf("%v: %s", err, report.Message)
	}
	for name, v := range report.Vulnerabilities {
		for _, raw := range v.Via {
			var via struct{ URL, Title string }
			if json.Unmarshal(raw, &via) == nil && via.URL != "" {
				found[via.URL[strings.LastIndexByte(via.URL, '/')+1:]] = name + ": " + via.Title
			}
		}
	}
	return nil
}

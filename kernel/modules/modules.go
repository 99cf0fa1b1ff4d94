// Package modules finds the packages of other modules that a notebook imports: the
// go.mod beside it says which versions, and their files are in its vendor folder or
// in the module cache of this machine. Nothing is ever downloaded, and no Go
// toolchain is needed.
//
// Packages run from source, so of each the files are taken that are plain Go: where
// a package has assembly, those it has for other machines (files.go).
//
// Both halves use it: the server to check cells, the kernel to run them. It imports
// nothing of stnb.
package modules

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// Root is the module that a notebook is in: what the go.mod beside it says, and the
// go.work of its workspace. It does not change.
type Root struct {
	dir      string
	stamps   []stamp // of what was read
	err      error   // of reading: every package fails with it
	work     string  // the go.work; "" when in no workspace
	top      string  // where the vendor folder is: the workspace's, else dir
	members  []member
	replaces []replacement
	vendored map[string]vendored // by module path; nil without vendor/modules.txt
	cache    string              // the module cache; "" when it is not known where
}

// vendored is a module in the vendor folder.
type vendored struct {
	goVersion string
	packages  []string
}

type stamp struct {
	file string
	size int64 // -1: there is none
	time time.Time
}

func stampOf(file string) stamp {
	if info, err := os.Stat(file); err == nil {
		return stamp{file, info.Size(), info.ModTime()}
	}
	return stamp{file: file, size: -1}
}

// Open reads what there is beside the notebooks of a folder, an absolute path, or ""
// for notebooks that are in none. A Root without a go.mod has no packages and says so.
func Open(dir string) *Root {
	r := &Root{dir: dir, cache: cacheDir()}
	if dir == "" {
		return r
	}
	r.top = dir
	if r.err = r.openWork(); r.err != nil {
		return r
	}
	if r.work == "" {
		mod := filepath.Join(dir, "go.mod")
		r.stamps = append(r.stamps, stampOf(mod))
		text, err := os.ReadFile(mod)
		if errors.Is(err, os.ErrNotExist) {
			return r
		}
		var f *modfile.File
		if err == nil {
			f, err = modfile.Parse("go.mod", text, nil)
		}
		if err != nil {
			r.err = err
			return r
		}
		r.members = []member{{dir, f}}
	}
	for _, m := range r.members {
		for _, rep := range m.file.Replace {
			r.replaces = append(r.replaces, replacement{rep, m.dir})
		}
	}
	list := filepath.Join(r.top, "vendor", "modules.txt")
	r.stamps = append(r.stamps, stampOf(list))
	if !slices.Contains(goFlags(), "-mod=mod") {
		r.vendored = readVendor(list)
	}
	return r
}

// Same says whether Open would read the same again.
func (r *Root) Same() bool {
	for _, s := range r.stamps {
		if stampOf(s.file) != s {
			return false
		}
	}
	return r.cache == cacheDir()
}

// readVendor reads vendor/modules.txt; nil when there is none.
func readVendor(file string) map[string]vendored {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	all, at := map[string]vendored{}, ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		v := all[at]
		switch {
		case strings.HasPrefix(line, "# "):
			at = strings.Fields(line)[1]
			v = all[at]
		case strings.HasPrefix(line, "## "):
			for note := range strings.SplitSeq(line[3:], ";") {
				if version, ok := strings.CutPrefix(strings.TrimSpace(note), "go "); ok {
					v.goVersion = version
				}
			}
		case line != "":
			v.packages = append(v.packages, line)
		}
		all[at] = v
	}
	return all
}

// Outside says whether an import path may be of another module: its first element
// is a host's name.
func Outside(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return strings.Contains(first, ".") && !strings.HasPrefix(path, ".")
}

// found is where a package is.
type found struct {
	module, version string // version is "" in a vendor folder, and in one that replaces a module
	dir             string // of the package
	goVersion       string // of the module, e.g. "1.21"
}

// find finds the folder of a package.
func (r *Root) find(path string) (found, error) {
	switch {
	case r.err != nil:
		return found{}, r.err
	case len(r.members) == 0 && r.work == "":
		return found{}, fmt.Errorf("package %s is of another module, and there is no go.mod beside the notebook: run `go mod init notebook` and `go get %s` there", path, path)
	}
	own, rest := r.used(path)
	at, ok := r.required(path)
	if own.file != nil && (!ok || len(own.file.Module.Mod.Path) >= len(at.Path)) {
		return found{own.file.Module.Mod.Path, "", filepath.Join(own.dir, rest), goVersion(own.file)}, nil
	}
	if r.vendored != nil {
		for mod, v := range r.vendored {
			if slices.Contains(v.packages, path) {
				return found{mod, "", filepath.Join(r.top, "vendor", filepath.FromSlash(path)), v.goVersion}, nil
			}
		}
		return found{}, fmt.Errorf("package %s is not in the vendor folder beside the notebook: run `go get %s` and `go mod vendor` there", path, path)
	}
	if !ok {
		return found{}, fmt.Errorf("no module that go.mod requires has package %s: run `go get %s` beside the notebook", path, path)
	}
	return r.located(path, at)
}

// within is the rest of a path below a module's.
func within(path, module string) (string, bool) {
	if path == module {
		return "", true
	}
	rest, ok := strings.CutPrefix(path, module+"/")
	return filepath.FromSlash(rest), ok
}

// required is the required module with the longest path that a package may be in,
// in the newest version that is asked for.
func (r *Root) required(path string) (best module.Version, ok bool) {
	for _, m := range r.members {
		for _, req := range m.file.Require {
			_, in := within(path, req.Mod.Path)
			newer := req.Mod.Path == best.Path && semver.Compare(req.Mod.Version, best.Version) > 0
			if in && (len(req.Mod.Path) > len(best.Path) || newer) {
				best, ok = req.Mod, true
			}
		}
	}
	return best, ok
}

// located finds a package of a required module, which may be replaced.
func (r *Root) located(path string, at module.Version) (found, error) {
	f := found{module: at.Path, version: at.Version}
	rest, _ := within(path, at.Path)
	for _, rep := range r.replaces {
		if rep.Old.Path != at.Path || rep.Old.Version != "" && rep.Old.Version != at.Version {
			continue
		}
		at = rep.New
		f.version = at.Version
		if at.Version == "" {
			root := under(rep.dir, at.Path)
			f.goVersion, f.dir = goVersionIn(root), filepath.Join(root, rest)
			return f, nil
		}
		break
	}
	escaped, err := module.EscapePath(at.Path)
	if err != nil {
		return f, err
	}
	version, err := module.EscapeVersion(at.Version)
	if err != nil {
		return f, err
	}
	root := filepath.Join(r.cache, filepath.FromSlash(escaped)+"@"+version)
	if _, err := os.Stat(root); err != nil || r.cache == "" {
		return f, fmt.Errorf("package %s: module %s %s is not on this machine: run `go mod download %s` beside the notebook", path, at.Path, at.Version, at.Path)
	}
	f.goVersion, f.dir = goVersionIn(root), filepath.Join(root, rest)
	return f, nil
}

func goVersionIn(root string) string {
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return defaultVersion
	}
	f, err := modfile.ParseLax("go.mod", text, nil)
	if err != nil {
		return defaultVersion
	}
	return goVersion(f)
}

// defaultVersion is the language of a module that does not say.
const defaultVersion = "1.16"

func goVersion(f *modfile.File) string {
	if f.Go == nil {
		return defaultVersion
	}
	return f.Go.Version
}

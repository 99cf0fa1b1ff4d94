package modules

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/mod/modfile"
)

// member is a module whose go.mod counts: the notebook's own, and in a workspace all
// that its go.work uses.
type member struct {
	dir  string
	file *modfile.File
}

// replacement is a replace directive and the folder its paths are relative to.
type replacement struct {
	*modfile.Replace
	dir string
}

// openWork reads the workspace that the notebooks' folder is in: of a go.work there,
// or of the nearest above that uses the folder. Without one nothing changes.
func (r *Root) openWork() error {
	if goEnv("GOWORK") == "off" {
		return nil
	}
	for dir := r.dir; ; dir = filepath.Dir(dir) {
		name := filepath.Join(dir, "go.work")
		r.stamps = append(r.stamps, stampOf(name))
		text, err := os.ReadFile(name)
		if err == nil {
			return r.readWork(dir, name, text)
		}
		if !errors.Is(err, os.ErrNotExist) && dir == r.dir {
			return err
		}
		if dir == filepath.Dir(dir) {
			return nil
		}
	}
}

func (r *Root) readWork(dir, name string, text []byte) error {
	work, err := modfile.ParseWork("go.work", text, nil)
	if err != nil {
		if dir != r.dir {
			return nil // not known to be ours
		}
		return err
	}
	uses := func(use *modfile.Use) bool { return under(dir, use.Path) == r.dir }
	if !slices.ContainsFunc(work.Use, uses) {
		if dir != r.dir {
			return nil
		}
		mod := stampOf(filepath.Join(dir, "go.mod"))
		r.stamps = append(r.stamps, mod)
		if mod.size >= 0 {
			return errors.New("the go.work beside the notebook does not use the go.mod there: run `go work use .`")
		}
	}
	var members []member
	for _, use := range work.Use {
		at := under(dir, use.Path)
		mod := filepath.Join(at, "go.mod")
		r.stamps = append(r.stamps, stampOf(mod))
		text, err := os.ReadFile(mod)
		if err != nil {
			return fmt.Errorf("go.work uses %s, which has no go.mod that can be read", use.Path)
		}
		f, err := modfile.Parse(use.Path+"/go.mod", text, nil)
		if err != nil {
			return err
		}
		members = append(members, member{at, f})
	}
	r.work, r.top, r.members = name, dir, members
	for _, rep := range work.Replace { // before those of the modules
		r.replaces = append(r.replaces, replacement{rep, dir})
	}
	return nil
}

// under is a path as go.mod and go.work have them.
func under(dir, name string) string {
	name = filepath.FromSlash(name)
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(dir, name)
}

// used is the module of the workspace with the longest path that a package may be in.
func (r *Root) used(path string) (best member, rest string) {
	if r.work == "" {
		return member{}, ""
	}
	for _, m := range r.members {
		if m.file.Module == nil {
			continue
		}
		in, ok := within(path, m.file.Module.Mod.Path)
		if ok && (best.file == nil || len(m.file.Module.Mod.Path) > len(best.file.Module.Mod.Path)) {
			best, rest = m, in
		}
	}
	return best, rest
}

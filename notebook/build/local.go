package build

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"go/ast"
	gobuild "go/build"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"stnb.dev/notebook"
	"stnb.dev/notebook/check"
	"stnb.dev/notebook/lower"
	"stnb.dev/notebook/source"
	"stnb.dev/notebook/syntax"
)

// Local packages are folders of Go files beside the notebook, imported as
// "./mathx", or by the path of the module whose go.mod is beside it.
//
// They become part of the notebook's one lowered package: each file is a hidden
// cell of declarations, whose names get versions like any other's, so that a
// changed file makes new names and nothing that is loaded has to be replaced.
// Cells reach them by mathx.Name alone, which stands for the lowered name.

// localPrefix begins the ids of hidden cells.
const localPrefix = "import:"

// localPackage is one of them, as it was read.
type localPackage struct {
	dir   string // relative to the notebook's folder, with slashes
	name  string
	files []*cell
	err   error
	stamp map[string]fileStamp
	// exports are its lowered names, by name, whether exported or not.
	exports map[string]string
}

// fileStamp tells a file from its next version.
type fileStamp struct {
	size int64
	time time.Time
}

// localDir is the folder of a local package's import path; false when the path is
// not of one.
func (s *Snapshot) localDir(p string) (string, bool) {
	if s.dir == "" {
		return "", false
	}
	if rest, ok := strings.CutPrefix(p, "./"); ok {
		return path.Clean(rest), fs.ValidPath(path.Clean(rest))
	}
	if mod := s.modulePath(); mod != "" {
		if rest, ok := strings.CutPrefix(p, mod+"/"); ok {
			return rest, fs.ValidPath(rest)
		}
	}
	return "", false
}

func (s *Snapshot) modulePath() string {
	if s.module == nil {
		mod := modulePath(s.dir)
		s.module = &mod
	}
	return *s.module
}

var moduleLine = regexp.MustCompile(`(?m)^module\s+"?([^\s"]+)"?`)

// modulePath is the path of the module whose go.mod is in a folder.
func modulePath(dir string) string {
	b, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return ""
	}
	if m := moduleLine.FindSubmatch(b); m != nil {
		return string(m[1])
	}
	return ""
}

// locals brings in the packages that cells import and those these import, the
// imported before the importing.
func (s *Snapshot) locals(before *Snapshot) {
	s.packages = map[string]*localPackage{}
	if s.dir == "" {
		return
	}
	for _, c := range s.cells {
		for _, p := range importPaths(c.syntax) {
			if dir, ok := s.localDir(p); ok {
				s.local(dir, before, nil)
			}
		}
	}
}

// local brings in one package. above are the packages that import it.
func (s *Snapshot) local(dir string, before *Snapshot, above []string) *localPackage {
	if p := s.packages[dir]; p != nil {
		return p
	}
	p := &localPackage{dir: dir, exports: map[string]string{}}
	if slices.Contains(above, dir) {
		p.err = fmt.Errorf("import cycle: %s", strings.Join(append(above, dir), " imports "))
		return p
	}
	p.read(s.dir, before.packages[dir])
	for _, f := range p.files {
		f.imports = map[string]string{}
		for _, spec := range f.syntax.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				continue
			}
			if dir, ok := s.localDir(path); ok {
				if q := s.local(dir, before, append(above, p.dir)); q.err != nil && p.err == nil {
					p.err = q.err
				}
			} else if _, err := s.importer.Import(path); err != nil && p.err == nil {
				p.err = errors.New(importMessage(path, err))
			}
		}
		f.imports, f.dots = s.importNames(f.syntax)
	}
	s.packages[dir] = p
	s.order = append(s.order, p)
	return p
}

// read reads the files of a package, taking those that did not change from what
// was read before.
func (p *localPackage) read(root string, old *localPackage) {
	folder := filepath.Join(root, filepath.FromSlash(p.dir))
	entries, err := os.ReadDir(folder)
	if err != nil {
		p.err = fmt.Errorf("there is no folder %s beside the notebook", p.dir)
		return
	}
	p.stamp = map[string]fileStamp{}
	ctx := gobuild.Default
	ctx.CgoEnabled = false
	for _, e := range entries {
		name := e.Name()
		info, err := e.Info()
		if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || !info.Mode().IsRegular() {
			continue
		}
		if ok, err := ctx.MatchFile(folder, name); err != nil || !ok {
			continue
		}
		p.stamp[name] = fileStamp{info.Size(), info.ModTime()}
		id := notebook.CellID(localPrefix + p.dir + "/" + name)
		if old != nil && old.stamp[name] == p.stamp[name] {
			if i := slices.IndexFunc(old.files, func(c *cell) bool { return c.id == id }); i >= 0 {
				have := old.files[i]
				p.files = append(p.files, &cell{id: id, source: have.source, syntax: have.syntax, facts: have.facts})
				continue
			}
		}
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			p.err = err
			return
		}
		c := notebook.Cell{ID: id, Kind: notebook.Go, Source: string(text)}
		p.files = append(p.files, &cell{id: id, source: c, syntax: syntax.ParseFile(c), facts: &check.Facts{}})
	}
	p.describe()
}

// describe finds the package's name, and what is wrong with its files as such.
func (p *localPackage) describe() {
	for _, f := range p.files {
		if len(f.syntax.Errors) > 0 && p.err == nil {
			e := f.syntax.Errors[0]
			p.err = fmt.Errorf("%s: %s", p.at(f, e.Start), e.Message)
		}
		switch name := f.syntax.Package; {
		case p.name == "":
			p.name = name
		case p.name != name && p.err == nil:
			p.err = fmt.Errorf("%s has files of package %s and of package %s", p.dir, p.name, name)
		}
	}
	switch {
	case p.err != nil:
	case len(p.files) == 0:
		p.err = fmt.Errorf("there are no Go files in %s", p.dir)
	case p.name == "main":
		p.err = fmt.Errorf("%s is a program, not an importable package", p.dir)
	}
	if p.name == "" {
		p.name = guessName(p.dir)
	}
}

// fileName is the path of a local package's file from the notebook's folder.
func fileName(f *cell) string { return strings.TrimPrefix(string(f.id), localPrefix) }

// at is a place in a file as people write it.
func (p *localPackage) at(f *cell, offset int) string {
	pos := check.Place(f.id, f.syntax, offset)
	return fmt.Sprintf("%s:%d:%d", strings.TrimPrefix(string(f.id), localPrefix), pos.Line, pos.Column)
}

func importPaths(c *syntax.Cell) []string {
	var list []string
	for _, spec := range c.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err == nil {
			list = append(list, p)
		}
	}
	return list
}

// nameLocals gives the packages' names their lowered ones, and forms their files.
func (s *Snapshot) nameLocals(before *Snapshot) {
	for _, p := range s.order {
		if p.err != nil {
			continue
		}
		// A package's names are as new as its text and that of what it imports.
		h := sha256.New()
		for _, f := range p.files {
			for _, t := range f.syntax.Tokens {
				h.Write([]byte(t.Lit + "\x00"))
			}
			for _, path := range importPaths(f.syntax) {
				if dir, ok := s.localDir(path); ok {
					q := s.packages[dir]
					fmt.Fprintf(h, "\x01%s %x", dir, q.print())
				} else if v := s.importer.Version(path); v != "" {
					fmt.Fprintf(h, "\x02%s %s", path, v)
				}
			}
		}
		print := fingerprint(h.Sum(nil)[:16])
		id := notebook.CellID(localPrefix + p.dir)
		for _, f := range p.files {
			f.print = print
			for _, d := range f.syntax.Defs {
				// Never plain, since cells must not see it by its name alone.
				p.exports[d.Name] = s.names.hidden(definition{id, d.Name, print})
			}
		}
		old := before.packages[p.dir]
		for i, f := range p.files {
			n := &check.Naming{
				Func: s.names.cellFunc(f.id, print), Defs: p.exports, Outer: p.exports,
				Imports: map[string]check.Import{}, Hidden: true,
			}
			for name, path := range f.imports {
				n.Imports[name] = s.imported(f, name, path)
			}
			f.naming, f.formed = n, f.facts
			if old != nil && i < len(old.files) && old.files[i].syntax == f.syntax && old.files[i].naming != nil &&
				old.files[i].naming.Equal(n) && old.files[i].formed.Equal(f.facts) {
				f.file, f.naming = old.files[i].file, old.files[i].naming
				continue
			}
			f.file = check.Form(f.source, f.syntax, n, f.facts)
		}
	}
}

func (p *localPackage) print() fingerprint {
	if len(p.files) > 0 {
		return p.files[0].print
	}
	return fingerprint{}
}

// hiddenCells are the files of local packages that take part in checking.
func (s *Snapshot) hiddenCells() []*cell {
	var list []*cell
	for _, p := range s.order {
		if p.err == nil {
			list = append(list, p.files...)
		}
	}
	return list
}

// owner is the local package whose file has a position; nil is the notebook.
func (s *Snapshot) owner(pos token.Pos) *localPackage {
	for _, p := range s.order {
		for _, f := range p.files {
			if f.file != nil && f.file.Cell.Contains(pos) {
				return p
			}
		}
	}
	return nil
}

// unexported finds uses of fields and methods that are not exported by the local
// package they are of: the checker sees one package, and allows them.
func (s *Snapshot) unexported(diagnostics [][]source.Diagnostic) {
	if len(s.order) == 0 {
		return
	}
	for i, f := range s.check.Files {
		ast.Inspect(f.AST, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			obj := f.Info().Uses[id]
			member := false
			switch obj := obj.(type) {
			case *types.Var:
				member = obj.IsField()
			case *types.Func:
				member = obj.Signature().Recv() != nil
			}
			if !member || obj.Exported() || !check.Ours(obj) {
				return true
			}
			if owner := s.owner(obj.Pos()); owner == nil || owner == s.owner(id.Pos()) {
				return true
			}
			diagnostics[i] = append(diagnostics[i], source.Diagnostic{
				Severity: source.Error, Code: "unexported", Range: f.Range(id.Pos(), id.End()),
				Message: fmt.Sprintf("%s is not exported by its package", check.Typed(obj.Name())),
			})
			return true
		})
	}
}

// blame makes the errors of a package's files the package's.
func (s *Snapshot) blame(diagnostics [][]source.Diagnostic) {
	i := 0
	for _, p := range s.order {
		if p.err != nil {
			continue
		}
		files := p.files
		for _, f := range files {
			for _, d := range diagnostics[i] {
				if d.Severity == source.Error && p.err == nil {
					p.err = fmt.Errorf("%s:%d:%d: %s", strings.TrimPrefix(string(f.id), localPrefix), d.Range.Start.Line, d.Range.Start.Column, d.Message)
				}
			}
			i++
		}
	}
}

// lowerLocals lowers the files of local packages.
func (s *Snapshot) lowerLocals(before *Snapshot) {
	for _, p := range s.order {
		if p.err != nil {
			continue
		}
		old := before.packages[p.dir]
		for i, f := range p.files {
			if old != nil && i < len(old.files) && old.files[i].file == f.file && old.files[i].unit != nil {
				f.unit = old.files[i].unit
			} else {
				unit := lower.File(f.id, f.file, s.check)
				f.unit = &unit
			}
			s.byFile[f.unit.ID] = f
			s.addUnit(f, filepath.Join(s.dir, filepath.FromSlash(fileName(f))))
		}
	}
}

// Outdated says whether a file of a local package has changed since, or what go.mod
// says: then Update with the same notebook gives another snapshot.
func (s *Snapshot) Outdated() bool {
	if !s.importer.Same() {
		return true
	}
	for _, p := range s.order {
		now := &localPackage{dir: p.dir}
		now.read(s.dir, p)
		if len(now.stamp) != len(p.stamp) {
			return true
		}
		for name, st := range now.stamp {
			if p.stamp[name] != st {
				return true
			}
		}
	}
	return false
}

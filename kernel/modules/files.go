package modules

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// Package is the source of a package.
type Package struct {
	Path      string
	Name      string
	Module    string // its path
	Version   string // of the module; "" in a vendor folder and in a folder of one's own
	GoVersion string // the language of its module, e.g. "go1.21"
	Files     []*ast.File
}

// parse reads a package's files into fset, each named as people find it: its
// import path and its name. Function bodies are there, comments too.
func (f found) parse(path string, fset *token.FileSet) (*Package, error) {
	p := &Package{Path: path, Module: f.module, Version: f.version, GoVersion: "go" + f.goVersion}
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return nil, fmt.Errorf("module %s %s has no package %s", f.module, f.version, path)
	}
	asked := map[string]*ast.File{} // files by name, read once for all contexts
	var first error
	for _, ctx := range contexts() {
		p.Name, p.Files = "", nil
		err := p.choose(ctx, f.dir, entries, fset, asked)
		if err == nil {
			return p, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

// stamps are of a package's folder, whose time tells of files that come and go, and
// of the files in it.
func (f found) stamps() []stamp {
	stamps := []stamp{stampOf(f.dir)}
	entries, _ := os.ReadDir(f.dir) // parse tells the error
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".go") {
			stamps = append(stamps, stampOf(filepath.Join(f.dir, e.Name())))
		}
	}
	return stamps
}

// contexts are the machines a package is read for, until its files are plain Go:
// this one, with the tags that packages with assembly know for going without; then
// one that is like it in what Go tells and seldom has assembly.
func contexts() []build.Context {
	here := build.Default
	here.GOARCH, here.CgoEnabled, here.Compiler = runtime.GOARCH, false, "gc"
	here.BuildTags = []string{"purego", "noasm"}
	safe := here
	safe.BuildTags = []string{"purego", "noasm", "appengine", "safe"}
	other := safe
	other.GOARCH = "mips64le"
	return []build.Context{here, safe, other}
}

// choose takes the files that ctx builds. A func without a body is an error: it is
// assembly, or the runtime's.
func (p *Package) choose(ctx build.Context, dir string, entries []os.DirEntry, fset *token.FileSet, parsed map[string]*ast.File) error {
	for _, e := range entries {
		name := e.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || e.IsDir() {
			continue
		}
		if ok, err := ctx.MatchFile(dir, name); err != nil || !ok {
			continue
		}
		f := parsed[name]
		if f == nil {
			text, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				return err
			}
			if f, err = parser.ParseFile(fset, p.Path+"/"+name, text, parser.SkipObjectResolution|parser.ParseComments); err != nil {
				return fmt.Errorf("package %s: %w", p.Path, err)
			}
			parsed[name] = f
		}
		if f.Name.Name == "documentation" || usesC(f) {
			continue // as the go command has it
		}
		if p.Name != "" && p.Name != f.Name.Name {
			return fmt.Errorf("package %s has files of package %s and of package %s", p.Path, p.Name, f.Name.Name)
		}
		if err := plain(p.Path, f, fset); err != nil {
			return fmt.Errorf("package %s: not supported: %w", p.Path, err)
		}
		p.Name = f.Name.Name
		p.Files = append(p.Files, f)
	}
	switch {
	case len(p.Files) == 0:
		return fmt.Errorf("package %s has no Go files for this machine", p.Path)
	case p.Name == "main":
		return fmt.Errorf("%s is a program, not an importable package", p.Path)
	}
	return nil
}

// Bodies are funcs that some packages have in assembly or borrow from the runtime and
// that engines have in their place: system calls, which much of what writes to a
// terminal imports.
var Bodies = map[string][]string{}

// plain says what of a file is not Go alone.
func plain(path string, f *ast.File, fset *token.FileSet) error {
	for _, d := range f.Decls {
		if fd, ok := d.(*ast.FuncDecl); ok && fd.Body == nil && !slices.Contains(Bodies[path], fd.Name.Name) {
			return fmt.Errorf("func %s without a body, at %s", fd.Name.Name, fset.Position(fd.Pos()))
		}
	}
	for _, g := range f.Comments {
		for _, c := range g.List {
			if strings.HasPrefix(c.Text, "//go:embed ") {
				return fmt.Errorf("go:embed, at %s", fset.Position(c.Pos()))
			}
		}
	}
	return nil
}

func usesC(f *ast.File) bool {
	return slices.ContainsFunc(f.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == `"C"` })
}

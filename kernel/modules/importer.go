package modules

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// Importer type-checks the packages of modules when they are first asked for, and
// keeps them.
type Importer struct {
	root *Root
	fset *token.FileSet
	next types.Importer
	done func(p *Package, info *types.Info, pkg *types.Package) error

	mu     sync.Mutex
	stamps []stamp // of files that are no module's version and may change
	known  map[string]*result
	docs   map[string]map[string]string
}

type result struct {
	pkg     *types.Package
	version string
	err     error
}

// Importer makes one over next, which has the packages that are of no module.
// Positions go to fset.
//
// With done, bodies are checked too, and done is called with each package before
// anything that imports it; without, only what packages declare.
func (r *Root) Importer(fset *token.FileSet, next types.Importer, done func(*Package, *types.Info, *types.Package) error) *Importer {
	return &Importer{root: r, fset: fset, next: next, done: done, known: map[string]*result{}, docs: map[string]map[string]string{}}
}

// Same says whether a new importer of a new Root would give the same packages.
func (i *Importer) Same() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.root.Same() && !slices.ContainsFunc(i.stamps, func(s stamp) bool { return stampOf(s.file) != s })
}

// Import gives a package. It may be called from any goroutine.
func (i *Importer) Import(path string) (*types.Package, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if Outside(path) && strings.Contains("/"+path+"/", "/internal/") {
		return nil, fmt.Errorf("use of internal package %s not allowed", path)
	}
	return i.get(path, nil)
}

// Version is the module of a package that Import has given, and its version: what
// tells one from the next.
func (i *Importer) Version(path string) string {
	i.mu.Lock()
	defer i.mu.Unlock()
	if r := i.known[path]; r != nil {
		return r.version
	}
	return ""
}

// Docs are the Comments of a package that Import has given; nil when it is of no
// module.
func (i *Importer) Docs(path string) map[string]string {
	i.mu.Lock()
	defer i.mu.Unlock()
	if r := i.known[path]; r == nil || r.err != nil {
		return nil
	}
	if docs, ok := i.docs[path]; ok {
		return docs
	}
	// Read anew: few ask, and kept syntax is large.
	if at, err := i.root.find(path); err == nil {
		if p, err := at.parse(path, token.NewFileSet()); err == nil {
			i.docs[path] = Comments(p.Files, false)
		}
	}
	return i.docs[path]
}

// get is Import for a package that those above import, the nearest last.
func (i *Importer) get(path string, above []string) (*types.Package, error) {
	if pkg, err := i.next.Import(path); err == nil || !Outside(path) {
		return pkg, err
	}
	if r := i.known[path]; r != nil {
		return r.pkg, r.err
	}
	if slices.Contains(above, path) {
		return nil, fmt.Errorf("import cycle through package %s", path)
	}
	r := &result{}
	r.pkg, r.err = i.check(path, append(above, path), &r.version)
	i.known[path] = r
	return r.pkg, r.err
}

// check reads and checks a package and what it imports.
func (i *Importer) check(path string, above []string, version *string) (*types.Package, error) {
	at, err := i.root.find(path)
	if err != nil {
		return nil, err
	}
	*version = at.module + "@" + at.version
	if at.version == "" && i.root.vendored == nil {
		stamps := at.stamps()
		i.stamps = append(i.stamps, stamps...)
		*version += fmt.Sprint(stamps)
	}
	p, err := at.parse(path, i.fset)
	if err != nil {
		return nil, err
	}
	var first error
	conf := types.Config{
		GoVersion: p.GoVersion, Sizes: types.SizesFor("gc", runtime.GOARCH), IgnoreFuncBodies: i.done == nil,
		DisableUnusedImportCheck: true,
		Importer: importerFunc(func(path string) (*types.Package, error) {
			pkg, err := i.get(path, above)
			if err != nil && first == nil {
				first = err // in words of its own
			}
			return pkg, err
		}),
		Error: func(err error) {
			if te, ok := err.(types.Error); first == nil && (!ok || !te.Soft) {
				first = fmt.Errorf("package %s: %w", path, err)
			}
		},
	}
	info := &types.Info{}
	if i.done != nil {
		info = &types.Info{
			Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{},
			Uses: map[*ast.Ident]types.Object{}, Implicits: map[ast.Node]types.Object{},
			Instances: map[*ast.Ident]types.Instance{}, Scopes: map[ast.Node]*types.Scope{},
			Selections: map[*ast.SelectorExpr]*types.Selection{}, FileVersions: map[*ast.File]string{},
		}
	}
	pkg, _ := conf.Check(path, i.fset, p.Files, info)
	if first != nil {
		return nil, first
	}
	if i.done != nil {
		if err := i.done(p, info, pkg); err != nil {
			return nil, err
		}
	}
	return pkg, nil
}

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

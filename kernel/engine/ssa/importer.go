package ssa

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"sort"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/modules"
	"stnb.dev/kernel/symbols/exports"
)

// importer reads types of native packages and checks those run from source. All
// programs of an engine share what it gives.
type importer struct {
	fset    *token.FileSet
	known   map[string]*types.Package
	next    types.Importer
	sources map[*types.Package]*source
	texts   map[string]map[string]string
	failed  map[string]error
	outside *modules.Importer // of other modules
}

type source struct {
	files []*ast.File
	info  *types.Info
	extra *types.Package // of our own generic funcs, when it uses them
}

// The packages of the standard library that run from source: they are generic.
// Others must meet their types by the same objects, so they are read first.
var sourcePackages = []string{"cmp", "iter", "maps", "slices"}

// newImporter makes one for the notebooks of a folder.
func newImporter(fset *token.FileSet, dir string) *importer {
	i := &importer{fset: fset, known: map[string]*types.Package{"unsafe": types.Unsafe}, sources: map[*types.Package]*source{},
		texts: map[string]map[string]string{}, failed: map[string]error{}}
	i.next = exports.Default().ImporterInto(fset, i.known)
	i.outside = modules.Open(dir).Importer(fset, importerFunc(i.here), i.addModule)
	for _, path := range sourcePackages {
		if text, ok := overlay[path]; ok {
			i.texts[path] = map[string]string{path + ".go": text}
		} else if files, ok := exports.Source(path); ok {
			i.texts[path] = files
		}
	}
	for _, path := range sourcePackages {
		if _, err := i.here(path); err != nil {
			i.failed[path] = err
		}
	}
	i.texts[genericPath] = map[string]string{"generic.go": genericSource}
	if files, ok := exports.Source(veneer); ok {
		i.texts[veneer] = files
	}
	return i
}

const veneer = "stnb.dev/widgets"

func (i *importer) isSource(path string) bool { return i.texts[path] != nil && path != genericPath }

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

func (i *importer) Import(path string) (*types.Package, error) { return i.outside.Import(path) }

// addModule takes over a package of another module.
func (i *importer) addModule(p *modules.Package, info *types.Info, pkg *types.Package) error {
	for _, f := range p.Files {
		measureArrays(f, info)
	}
	s := &source{files: p.Files, info: info}
	var err error
	s.extra, err = useGeneric(i, info)
	i.sources[pkg] = s
	return err
}

// here gives the packages that are in this binary.
func (i *importer) here(path string) (*types.Package, error) {
	if p := i.known[path]; p != nil && p.Complete() {
		return p, nil
	}
	if err := i.failed[path]; err != nil {
		return nil, err
	}
	files := i.texts[path]
	if files == nil {
		return i.next.Import(path)
	}
	s := &source{info: newInfo()}
	var names []string
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		f, err := parser.ParseFile(i.fset, path+"/"+name, files[name], parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		s.files = append(s.files, f)
	}
	var first error
	conf := types.Config{Importer: importerFunc(i.here), Sizes: types.SizesFor("gc", goarch), GoVersion: goVersion, DisableUnusedImportCheck: true,
		Error: func(err error) {
			if first == nil {
				first = err
			}
		}}
	pkg, _ := conf.Check(path, i.fset, s.files, s.info)
	if first != nil {
		return nil, fmt.Errorf("source of %s: %w", path, first)
	}
	i.known[path] = pkg
	i.sources[pkg] = s
	if path != genericPath {
		extra, err := useGeneric(i, s.info)
		if err != nil {
			return nil, err
		}
		s.extra = extra
	}
	return pkg, nil
}

// all gives pkgs, one more when it is not nil, and what they import, each after
// those it needs.
func (i *importer) all(pkgs []*types.Package, one *types.Package) (out []*types.Package) {
	seen := map[*types.Package]bool{nil: true}
	var visit func(t *types.Package)
	visit = func(t *types.Package) {
		if seen[t] {
			return
		}
		seen[t] = true
		for _, p := range t.Imports() {
			visit(p)
		}
		if s := i.sources[t]; s != nil {
			visit(s.extra)
		}
		out = append(out, t)
	}
	for _, t := range append(slices.Clip(pkgs), one) {
		visit(t)
	}
	return out
}

// overlay replaces sources that need the runtime's own coroutines.
var overlay = map[string]string{"iter": engine.IterSource}

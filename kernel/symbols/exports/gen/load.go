package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"stnb.dev/kernel/symbols/exports"
)

// pkg is one package: what go list says of it, and what was read from it.
type pkg struct {
	ImportPath string
	Dir        string
	Standard   bool
	GoFiles    []string
	CgoFiles   []string
	ImportMap  map[string]string
	Error      *struct{ Err string }

	fset   *token.FileSet
	files  []*ast.File
	types  *types.Package
	errors []error
}

func (p *pkg) internal() bool {
	return strings.HasPrefix(p.ImportPath, "internal/") || strings.Contains(p.ImportPath, "/internal/") ||
		strings.HasSuffix(p.ImportPath, "/internal") || strings.HasPrefix(p.ImportPath, "vendor/")
}

// load type-checks packages and all they need, dependencies first. Packages of
// std, when it is given, are taken from there.
func load(std *exports.Set, patterns ...string) ([]*pkg, error) {
	cmd := exec.Command("go", append([]string{"list", "-e", "-deps", "-json=ImportPath,Dir,Standard,GoFiles,CgoFiles,ImportMap,Error"}, patterns...)...)
	// With cgo on, so that packages over C libraries are seen; files that
	// import "C" are parsed as they stand and no C compiler runs.
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w: %s", err, stderr.String())
	}
	fset := token.NewFileSet()
	known := map[string]*types.Package{"unsafe": types.Unsafe}
	var stdImporter types.Importer
	if std != nil {
		stdImporter = std.Importer(fset)
	}
	var list []*pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		p := &pkg{fset: fset}
		if err := dec.Decode(p); errors.Is(err, io.EOF) {
			return list, nil
		} else if err != nil {
			return nil, err
		}
		if p.Standard && std != nil || p.ImportPath == "unsafe" {
			continue
		}
		p.check(known, stdImporter)
		known[p.ImportPath] = p.types
		list = append(list, p)
	}
}

// check parses and type-checks the package, without bodies.
func (p *pkg) check(known map[string]*types.Package, std types.Importer) {
	if p.Error != nil {
		p.errors = append(p.errors, errors.New(p.Error.Err))
	}
	for _, name := range append(p.GoFiles, p.CgoFiles...) {
		f, err := parser.ParseFile(p.fset, filepath.Join(p.Dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			p.errors = append(p.errors, err)
		}
		if f != nil {
			p.files = append(p.files, f)
		}
	}
	conf := types.Config{
		IgnoreFuncBodies: true,
		FakeImportC:      true,
		Sizes:            types.SizesFor("gc", goarch()),
		Importer: importFunc(func(path string) (*types.Package, error) {
			if to, ok := p.ImportMap[path]; ok {
				path = to
			}
			if q := known[path]; q != nil {
				return q, nil
			}
			if std != nil {
				return std.Import(path)
			}
			return nil, fmt.Errorf("no package %s", path)
		}),
		Error: func(err error) {
			// Without bodies every import looks unused.
			if e, ok := err.(types.Error); ok && e.Soft {
				return
			}
			p.errors = append(p.errors, err)
		},
	}
	p.types, _ = conf.Check(p.ImportPath, p.fset, p.files, nil)
}

type importFunc func(string) (*types.Package, error)

func (f importFunc) Import(path string) (*types.Package, error) { return f(path) }

// goos and goarch are the target's, which need not be this machine's.
func goos() string   { return env("GOOS", runtime.GOOS) }
func goarch() string { return env("GOARCH", runtime.GOARCH) }

func env(name, otherwise string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return otherwise
}

// Command gen writes the archives that package exports embeds. It type-checks
// packages from source, without their bodies and without the compiler, so it is
// quick, needs no C compiler and does not depend on the compiler's own formats.
//
// The standard library's archive is kept while the Go version and gen itself stay
// the same; stnb's own packages are written each time. One of those that does not
// type-check is left out with a warning, so that gen works while they change.
package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/json"
	"flag"
	"fmt"
	"go/types"
	"io"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"golang.org/x/tools/go/gcexportdata"

	"stnb.dev/kernel/modules"
	"stnb.dev/kernel/symbols/exports"
)

// format is raised when gen writes something else for the same input.
const format = "2"

// own are stnb's packages that notebooks import.
var own = []string{"stnb.dev/widgets", "stnb.dev/widgets/core", "stnb.dev/widgets/testing", "stnb.dev/dataframe", exports.Tester}

// fromSource are packages that engines run from source though nothing in them
// need be generic.
var fromSource = map[string]bool{"stnb.dev/widgets": true}

func main() {
	log.SetFlags(0)
	log.SetPrefix("gen: ")
	dir := flag.String("dir", "", "the folder of the archives (default: data beside this command's package)")
	force := flag.Bool("force", false, "write the standard library's archive even if it is current")
	flag.Parse()
	if *dir == "" {
		_, file, _, _ := runtime.Caller(0)
		*dir = filepath.Join(filepath.Dir(filepath.Dir(file)), "data")
	}
	if err := generate(*dir, *force); err != nil {
		log.Fatal(err)
	}
}

func generate(dir string, force bool) error {
	stdFile, ownFile := filepath.Join(dir, exports.Std), filepath.Join(dir, exports.Own)
	version := "format " + format + " " + runtime.Version() + " " + goos() + "/" + goarch()
	if force || stamp(stdFile) != version {
		pkgs, err := load(nil, "std", "builtin")
		if err != nil {
			return err
		}
		if err := write(stdFile, version, pkgs); err != nil {
			return err
		}
	}
	f, err := os.Open(stdFile)
	if err != nil {
		return err
	}
	defer f.Close()
	std, err := exports.Open(f)
	if err != nil {
		return err
	}
	pkgs, err := load(std, own...)
	if err != nil {
		log.Printf("stnb's own packages are left out: %v", err)
	}
	pkgs = slices.DeleteFunc(pkgs, func(p *pkg) bool {
		if !slices.Contains(own, p.ImportPath) {
			return true
		}
		if len(p.errors) > 0 {
			log.Printf("%s is left out: %v", p.ImportPath, p.errors[0])
			return true
		}
		return false
	})
	return write(ownFile, version, pkgs)
}

// stamp reads the version an archive was written for from its comment.
func stamp(file string) string {
	z, err := zip.OpenReader(file)
	if err != nil {
		return ""
	}
	defer z.Close()
	return z.Comment
}

// write makes an archive, complete or not at all.
func write(file, version string, pkgs []*pkg) error {
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	if err := z.SetComment(version); err != nil {
		return err
	}
	add := func(name string, b []byte) error {
		w, err := z.Create(name)
		if err != nil {
			return err
		}
		_, err = w.Write(b)
		return err
	}
	for _, p := range pkgs {
		if p.ImportPath == "unsafe" {
			continue
		}
		if p.ImportPath != "builtin" { // nothing but comments
			var types bytes.Buffer
			if err := gcexportdata.Write(&types, p.fset, p.types); err != nil {
				return fmt.Errorf("%s: %w", p.ImportPath, err)
			}
			if err := add(exports.TypesDir+p.ImportPath, types.Bytes()); err != nil {
				return err
			}
		}
		if p.bodies() {
			for _, name := range p.GoFiles {
				text, err := os.ReadFile(filepath.Join(p.Dir, name))
				if err != nil {
					return err
				}
				if err := add(exports.SourcesDir+p.ImportPath+"/"+name, text); err != nil {
					return err
				}
			}
		}
		if p.internal() {
			continue
		}
		docs, err := json.Marshal(modules.Comments(p.files, p.ImportPath == "builtin")) // where the predeclared names are explained, all are wanted
		if err != nil {
			return err
		}
		if err := add(exports.DocsDir+p.ImportPath, docs); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	if old, err := os.ReadFile(file); err == nil && bytes.Equal(old, buf.Bytes()) {
		return nil // an untouched file spares the build cache
	}
	tmp := file + ".tmp"
	if err := os.WriteFile(tmp, buf.Bytes(), 0o644); err != nil {
		return err
	}
	return os.Rename(tmp, file)
}

// bodies says whether engines get the package's source.
func (p *pkg) bodies() bool {
	switch {
	case p.ImportPath == "runtime": // its few generic funcs have no meaning outside it
		return false
	case p.internal():
		return false
	}
	return fromSource[p.ImportPath] || generic(p.types)
}

// generic says whether a package exports a generic func or a type with type
// parameters: their bodies are compiled where they are used.
func generic(p *types.Package) bool {
	for _, name := range p.Scope().Names() {
		obj := p.Scope().Lookup(name)
		if !obj.Exported() {
			continue
		}
		switch t := obj.Type().(type) {
		case *types.Signature:
			if t.TypeParams().Len() > 0 {
				return true
			}
		case *types.Named:
			if t.TypeParams().Len() > 0 {
				return true
			}
		}
	}
	return false
}

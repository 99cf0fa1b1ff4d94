package veneer

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"sort"
	"strings"
)

// API lists what packages export, one line a symbol, and the symbols that have no
// doc comment. Methods and fields are listed for exported types.
func API(fset *token.FileSet, pkgs map[string]fs.FS) (lines, undocumented []string, err error) {
	for name, dir := range pkgs {
		files, err := fs.Glob(dir, "*.go")
		if err != nil {
			return nil, nil, err
		}
		for _, n := range files {
			if strings.HasSuffix(n, "_test.go") {
				continue
			}
			src, err := fs.ReadFile(dir, n)
			if err != nil {
				return nil, nil, err
			}
			f, err := parser.ParseFile(fset, n, src, parser.ParseComments)
			if err != nil {
				return nil, nil, err
			}
			for _, d := range f.Decls {
				l, u := declared(fset, name, d)
				lines, undocumented = append(lines, l...), append(undocumented, u...)
			}
		}
	}
	sort.Strings(lines)
	sort.Strings(undocumented)
	return lines, undocumented, nil
}

func declared(fset *token.FileSet, pkg string, d ast.Decl) (lines, undocumented []string) {
	add := func(line string, docs ...*ast.CommentGroup) {
		line = pkg + ": " + strings.Join(strings.Fields(line), " ")
		lines = append(lines, line)
		for _, doc := range docs {
			if doc != nil {
				return
			}
		}
		undocumented = append(undocumented, line)
	}
	switch d := d.(type) {
	case *ast.FuncDecl:
		if !d.Name.IsExported() {
			return nil, nil
		}
		if d.Recv != nil {
			t := strings.TrimLeft(text(fset, d.Recv.List[0].Type), "*")
			if !ast.IsExported(t) {
				return nil, nil
			}
		}
		doc := d.Doc
		cp := *d
		cp.Body, cp.Doc = nil, nil
		add(text(fset, &cp), doc)
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if !s.Name.IsExported() {
					continue
				}
				kind := ""
				if s.Assign.IsValid() {
					kind = "= "
				}
				switch t := s.Type.(type) {
				case *ast.StructType:
					params := ""
					if s.TypeParams != nil {
						params = "[...]"
					}
					add("type "+s.Name.Name+params+" struct", d.Doc, s.Doc)
					for _, f := range t.Fields.List {
						for _, n := range f.Names {
							if n.IsExported() {
								add("type "+s.Name.Name+" struct, "+n.Name+" "+text(fset, f.Type), d.Doc, s.Doc)
							}
						}
					}
				default:
					add("type "+s.Name.Name+" "+kind+text(fset, s.Type), d.Doc, s.Doc)
				}
			case *ast.ValueSpec:
				for _, n := range s.Names {
					if n.IsExported() {
						add(d.Tok.String()+" "+n.Name, d.Doc, s.Doc, s.Comment)
					}
				}
			}
		}
	}
	return lines, undocumented
}

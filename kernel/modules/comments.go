package modules

import (
	"go/ast"
	"go/token"
	"strings"
)

// Comments collects the comments on a package's exported symbols: "Func", "Type",
// "Type.Method", "Type.Field", and "" for the package. all takes those of the
// others too.
func Comments(files []*ast.File, all bool) map[string]string {
	exported := func(name string) bool { return all || ast.IsExported(name) }
	docs := map[string]string{}
	put := func(name string, groups ...*ast.CommentGroup) {
		for _, g := range groups {
			if text := strings.TrimSpace(g.Text()); text != "" {
				docs[name] = text
				return
			}
		}
	}
	for _, f := range files {
		put("", f.Doc)
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				name := d.Name.Name
				if d.Recv != nil && len(d.Recv.List) == 1 {
					recv := Receiver(d.Recv.List[0].Type)
					if !exported(recv) {
						continue
					}
					name = recv + "." + name
				}
				if exported(d.Name.Name) {
					put(name, d.Doc)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					specDocs(d, spec, exported, put)
				}
			}
		}
	}
	return docs
}

func specDocs(d *ast.GenDecl, spec ast.Spec, exported func(string) bool, put func(string, ...*ast.CommentGroup)) {
	group := d.Doc
	if d.Lparen != token.NoPos && d.Tok == token.TYPE {
		group = nil // a comment above type ( ... ) is of none of them
	}
	switch spec := spec.(type) {
	case *ast.ValueSpec:
		for _, n := range spec.Names {
			if exported(n.Name) {
				put(n.Name, spec.Doc, spec.Comment, group)
			}
		}
	case *ast.TypeSpec:
		if !exported(spec.Name.Name) {
			return
		}
		put(spec.Name.Name, spec.Doc, spec.Comment, group)
		members(spec, put)
	}
}

// members are fields of structs and methods of interfaces.
func members(spec *ast.TypeSpec, put func(string, ...*ast.CommentGroup)) {
	var list *ast.FieldList
	switch t := spec.Type.(type) {
	case *ast.StructType:
		list = t.Fields
	case *ast.InterfaceType:
		list = t.Methods
	default:
		return
	}
	for _, f := range list.List {
		for _, n := range f.Names {
			if n.IsExported() {
				put(spec.Name.Name+"."+n.Name, f.Doc, f.Comment)
			}
		}
	}
}

// Receiver is the name of the type that a method is declared with, "" for none.
func Receiver(t ast.Expr) string {
	for {
		switch e := t.(type) {
		case *ast.StarExpr:
			t = e.X
		case *ast.IndexExpr:
			t = e.X
		case *ast.IndexListExpr:
			t = e.X
		case *ast.ParenExpr:
			t = e.X
		case *ast.Ident:
			return e.Name
		default:
			return ""
		}
	}
}

// Package veneer writes the funcs of package widgets that only hand on to a method
// of core.Container, and the options that are core's, so that the two never differ.
package veneer

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/printer"
	"go/token"
	"io/fs"
	"regexp"
	"sort"
	"strings"
)

// typed are methods that generic funcs of package widgets wrap by hand; inner are
// those that only make sense on a container.
var (
	typed = set("SelectIndex SelectText RadioIndex MultiIndexes PillIndexes SelectSliderIndexes SliderValues NumberValue StateRef CacheRef EditRows MenuIndex")
	inner = set("With SubmitButton IsOpen")
)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// Generate returns funcs.go (a func for every method of core.Container that is not
// generic) and options.go (core's options), from the source of package core.
func Generate(core fs.FS) (funcs, options []byte, err error) {
	names, err := fs.Glob(core, "*.go")
	if err != nil {
		return nil, nil, err
	}
	var methods, opts []*ast.FuncDecl
	fset := token.NewFileSet()
	for _, n := range names {
		if strings.HasSuffix(n, "_test.go") {
			continue
		}
		src, err := fs.ReadFile(core, n)
		if err != nil {
			return nil, nil, err
		}
		f, err := parser.ParseFile(fset, n, src, parser.ParseComments)
		if err != nil {
			return nil, nil, err
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || !fn.Name.IsExported() {
				continue
			}
			switch {
			case fn.Recv != nil && text(fset, fn.Recv.List[0].Type) == "*Container" && !typed[fn.Name.Name] && !inner[fn.Name.Name]:
				methods = append(methods, fn)
			case fn.Recv == nil && fn.Type.Results != nil && len(fn.Type.Results.List) == 1 && isOption(text(fset, fn.Type.Results.List[0].Type)):
				opts = append(opts, fn)
			}
		}
	}
	funcs, err = write(fset, methods, "core.Main().")
	if err != nil {
		return nil, nil, err
	}
	options, err = write(fset, opts, "core.")
	return funcs, options, err
}

func isOption(t string) bool { return t == "Option" || t == "ColumnOption" || t == "ColumnKind" }

const header = `// Code generated from package core by go generate; DO NOT EDIT.

package widgets

`

func write(fset *token.FileSet, fns []*ast.FuncDecl, target string) ([]byte, error) {
	sort.Slice(fns, func(i, j int) bool { return fns[i].Name.Name < fns[j].Name.Name })
	var b, body bytes.Buffer
	for _, fn := range fns {
		if fn.Doc != nil {
			for _, c := range fn.Doc.List {
				fmt.Fprintln(&body, c.Text)
			}
		}
		params, args := signature(fset, fn.Type.Params, true)
		results := ""
		if fn.Type.Results != nil {
			results, _ = signature(fset, fn.Type.Results, false)
			if len(fn.Type.Results.List) == 1 && len(fn.Type.Results.List[0].Names) == 0 {
				results = " " + results
			} else {
				results = " (" + results + ")"
			}
		}
		ret := "return "
		if fn.Type.Results == nil {
			ret = ""
		}
		fmt.Fprintf(&body, "func %s(%s)%s {\n\t%s%s%s(%s)\n}\n\n", fn.Name.Name, params, results, ret, target, fn.Name.Name, args)
	}
	text := body.String()
	b.WriteString(header)
	b.WriteString("import (\n")
	for _, imp := range []string{"time", "net/url"} {
		if regexp.MustCompile(`\b` + imp[strings.LastIndexByte(imp, '/')+1:] + `\.`).MatchString(code(text)) {
			fmt.Fprintf(&b, "\t%q\n", imp)
		}
	}
	b.WriteString("\n\t\"stnb.dev/widgets/core\"\n)\n\n")
	b.WriteString(text)
	return format.Source(b.Bytes())
}

// code drops comments, which may name packages too.
func code(text string) string { return regexp.MustCompile(`(?m)^\s*//.*$`).ReplaceAllString(text, "") }

// ours are core's types that package widgets has under a name of its own, since
// its funcs have the names that Streamlit's users know.
var ours = map[string]string{
	"Container": "Block", "Navigation": "Menu", "QueryParams": "QueryParameters", "Selected": "GridSelection",
	"dataframe.Frame": "Frame",
}

var word = regexp.MustCompile(`[A-Za-z_.]+`)

func rename(t string) string {
	return word.ReplaceAllStringFunc(t, func(w string) string {
		if o, ok := ours[w]; ok {
			return o
		}
		return w
	})
}

func signature(fset *token.FileSet, list *ast.FieldList, names bool) (decl, args string) {
	var ds, as []string
	for _, f := range list.List {
		t := rename(text(fset, f.Type))
		if len(f.Names) == 0 {
			ds = append(ds, t)
			continue
		}
		var ns []string
		for _, n := range f.Names {
			ns = append(ns, n.Name)
			a := n.Name
			if _, ok := f.Type.(*ast.Ellipsis); ok {
				a += "..."
			}
			as = append(as, a)
		}
		ds = append(ds, strings.Join(ns, ", ")+" "+t)
	}
	return strings.Join(ds, ", "), strings.Join(as, ", ")
}

func text(fset *token.FileSet, n ast.Node) string {
	var b bytes.Buffer
	_ = printer.Fprint(&b, fset, n)
	return b.String()
}

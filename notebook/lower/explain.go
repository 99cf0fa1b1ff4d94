package lower

import (
	"encoding/json"
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"stnb.dev/notebook/check"
	"stnb.dev/widgets/element"
)

// explained hands calls of st.Echo and st.Doc what only the text tells: the code
// that runs, and what is written about the value.
func (l *lowering) explained(call *ast.CallExpr) {
	fn, ok := l.callee(call).(*types.Func)
	if !ok || !ofWidgets(fn) || len(call.Args) == 0 {
		return
	}
	switch fn.Name() {
	case "Echo":
		if code := l.code(call.Args[0]); code != "" {
			l.wrap(call.Args[0], coreName+".Said("+strconv.Quote(code)+", ")
		}
	case "Doc":
		about, err := json.Marshal(l.about(call.Args[0]))
		if err == nil {
			l.wrap(call.Args[0], coreName+".Known("+strconv.Quote(string(about))+", ")
		}
	}
}

// code is the text of a func's body: of a literal, or of a func of the notebook.
func (l *lowering) code(e ast.Expr) string {
	file, body := l.file, (*ast.BlockStmt)(nil)
	switch e := ast.Unparen(e).(type) {
	case *ast.FuncLit:
		body = e.Body
	case *ast.Ident:
		f, node := l.declaration(l.file.Info().Uses[e])
		if d, ok := node.(*ast.FuncDecl); ok {
			file, body = f, d.Body
		}
	}
	if body == nil {
		return ""
	}
	at := func(pos token.Pos) int { return file.Cell.Origin(file.Cell.Offset(pos)) }
	return dedent(file.Cell.Typed[at(body.Lbrace)+1 : at(body.Rbrace)])
}

// dedent takes off the indentation that all lines have.
func dedent(text string) string {
	lines := strings.Split(strings.TrimRight(strings.TrimLeft(text, "\r\n"), " \t\r\n"), "\n")
	indent := -1
	for _, line := range lines {
		if n := len(line) - len(strings.TrimLeft(line, "\t ")); strings.TrimSpace(line) != "" && (indent < 0 || n < indent) {
			indent = n
		}
	}
	for i, line := range lines {
		lines[i] = line[min(max(indent, 0), len(line)):]
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// about is what is known of an expression: its type, the comment of what it names
// or else of its type, and the fields and methods of that.
func (l *lowering) about(e ast.Expr) element.Doc {
	t := l.file.Info().TypeOf(e)
	if t == nil {
		return element.Doc{}
	}
	var named types.Object
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		named = l.file.Info().Uses[x]
	case *ast.SelectorExpr:
		named = l.file.Info().Uses[x.Sel]
	}
	at := func(pos token.Pos) int { return l.cell.Origin(l.cell.Offset(pos)) }
	d := element.Doc{Name: l.cell.Typed[at(e.Pos()) : at(e.End()-1)+1], Type: typed(t), Text: l.comment(named)}
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return d
	}
	if d.Text == "" {
		d.Text = l.comment(n.Obj())
	}
	if s, ok := n.Underlying().(*types.Struct); ok {
		for f := range s.Fields() {
			if l.sees(f) {
				d.Fields = append(d.Fields, element.DocItem{Name: f.Name(), Type: typed(f.Type()), Text: l.fieldComment(n, f)})
			}
		}
	}
	methods := types.NewMethodSet(types.NewPointer(n))
	if types.IsInterface(n) {
		methods = types.NewMethodSet(n)
	}
	for m := range methods.Methods() {
		if fn, ok := m.Obj().(*types.Func); ok && l.sees(fn) {
			d.Methods = append(d.Methods, element.DocItem{Name: fn.Name(), Type: strings.TrimPrefix(typed(fn.Type()), "func"), Text: l.comment(fn)})
		}
	}
	return d
}

// sees says whether a notebook can use a field or method.
func (l *lowering) sees(obj types.Object) bool { return obj.Exported() || check.Ours(obj) }

func typed(t types.Type) string {
	return check.Typed(types.TypeString(t, func(p *types.Package) string {
		if p.Path() == check.PackagePath {
			return ""
		}
		return p.Name()
	}))
}

func (l *lowering) fieldComment(n *types.Named, f *types.Var) string {
	if check.Ours(f) {
		text := l.comment(f)
		if text == l.comment(n.Obj()) { // the type stands on one line
			return ""
		}
		return text
	}
	docs, _ := check.Docs(n.Obj())
	return docs[n.Obj().Name()+"."+f.Name()]
}

// comment is what stands above a definition, in the notebook or in a package.
func (l *lowering) comment(obj types.Object) string {
	if obj == nil {
		return ""
	}
	if check.Ours(obj) {
		for _, f := range l.res.Files {
			if f != nil && f.Cell.Contains(obj.Pos()) {
				return check.CommentAbove(f.Cell.Typed, f.Cell.Origin(f.Cell.Offset(obj.Pos())))
			}
		}
		return ""
	}
	docs, key := check.Docs(obj)
	return docs[key]
}

package editor

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strconv"
	"strings"

	"stnb.dev/kernel/symbols/exports"
	"stnb.dev/notebook"
	"stnb.dev/notebook/build"
	"stnb.dev/notebook/check"
	"stnb.dev/notebook/source"
)

// Completions are what may be typed at a place: Range is what an item replaces.
type Completions struct {
	Items []Item       `json:"items"`
	Range source.Range `json:"range"`
}

// Item is one completion. Kind is one of CodeMirror's: "variable", "constant",
// "type", "class", "interface", "function", "method", "property", "namespace",
// "keyword".
type Item struct {
	Label  string `json:"label"`
	Kind   string `json:"kind,omitempty"`
	Detail string `json:"detail,omitempty"`
	Doc    string `json:"doc,omitempty"`
	Insert string `json:"insert,omitempty"` // when it is not the label
	// Edits are made elsewhere together with the completion: an import.
	Edits []TextEdit `json:"edits,omitempty"`
}

// Complete lists what may be typed at a position.
func Complete(s *build.Snapshot, at source.Position) Completions {
	view, ok := s.View(at.Cell)
	if !ok {
		return Completions{Items: []Item{}}
	}
	text := view.Cell.Source
	off := offset(text, at.Line, at.Column)
	start, _ := word(text, off)
	c := completer{snap: s, cell: view.Cell, prefix: text[start:off], seen: map[string]bool{}}
	switch view.Cell.Kind {
	case notebook.SQL:
		c.sql(text[:start])
	default:
		if t, ok := inside(text, off); ok && view.Cell.Kind == notebook.Go {
			if t.tok == token.STRING && importPath(text, t) {
				c.paths(t.lit, off-t.start)
				start = t.start + 1
			}
			break
		}
		c.goCode(off)
	}
	slices.SortStableFunc(c.items, func(a, b Item) int { return cmp.Compare(strings.ToLower(a.Label), strings.ToLower(b.Label)) })
	return Completions{Items: append([]Item{}, c.items...), Range: span(at.Cell, text, start, off)}
}

type completer struct {
	snap   *build.Snapshot
	cell   notebook.Cell
	prefix string
	items  []Item
	seen   map[string]bool
}

// add adds an item if what was typed begins it, whatever the case, and it is new.
func (c *completer) add(it Item) {
	if !c.wants(it.Label) {
		return
	}
	c.seen[it.Label] = true
	c.items = append(c.items, it)
}

func (c *completer) wants(label string) bool {
	return !c.seen[label] && len(label) >= len(c.prefix) && strings.EqualFold(label[:len(c.prefix)], c.prefix)
}

// object adds an object of a snapshot under a name, with its comment.
func (c *completer) object(s *build.Snapshot, name string, obj types.Object) {
	if c.wants(name) {
		c.add(Item{Label: name, Kind: kindOf(obj), Detail: detail(obj), Doc: firstParagraph(commentOn(s, obj))})
	}
}

func kindOf(obj types.Object) string {
	switch obj := obj.(type) {
	case *types.Const:
		return "constant"
	case *types.TypeName:
		if types.IsInterface(obj.Type()) {
			return "interface"
		}
		return "type"
	case *types.Func:
		if obj.Signature().Recv() != nil {
			return "method"
		}
		return "function"
	case *types.Builtin:
		return "function"
	case *types.PkgName:
		return "namespace"
	case *types.Var:
		if obj.IsField() {
			return "property"
		}
	}
	return "variable"
}

// detail is an object's type.
func detail(obj types.Object) string {
	switch obj := obj.(type) {
	case *types.TypeName, *types.Builtin:
		return ""
	case *types.Func:
		return check.Typed(strings.TrimPrefix(types.TypeString(obj.Type(), qualify), "func"))
	default:
		return check.Typed(types.TypeString(obj.Type(), qualify))
	}
}

func firstParagraph(doc string) string {
	doc, _, _ = strings.Cut(doc, "\n\n")
	return doc
}

// goCode completes in Go code.
func (c *completer) goCode(off int) {
	sp, ok := probe(c.snap, c.cell, off)
	if !ok {
		return
	}
	parent := sp.path[len(sp.path)-1]
	if sel, ok := parent.(*ast.SelectorExpr); ok && sel.Sel == sp.id {
		c.selector(sp, sel.X)
		return
	}
	if pkg := c.packageBefore(off); pkg != "" {
		if local := sp.snap.LocalMembers(c.cell.ID, pkg); local != nil {
			c.localMembers(sp.snap, local)
			return
		}
	}
	c.fields(sp)
	c.scope(sp)
}

// packageBefore is the name before a dot before the word at an offset, "" when
// there is no such thing. (A name of a local package is one word to the checker.)
func (c *completer) packageBefore(off int) string {
	before := strings.TrimSuffix(c.cell.Source[:off], c.prefix)
	before, ok := strings.CutSuffix(before, ".")
	if !ok {
		return ""
	}
	start, _ := word(before, len(before))
	return before[start:]
}

// selector completes behind a dot.
func (c *completer) selector(sp *spot, x ast.Expr) {
	info := sp.view.File.Info()
	if id, ok := x.(*ast.Ident); ok {
		if p, ok := info.Uses[id].(*types.PkgName); ok {
			c.pkg(p.Imported(), nil)
			return
		}
		if info.Uses[id] == nil {
			c.notImported(check.Typed(id.Name))
			return
		}
	}
	tv, ok := info.Types[x]
	if !ok || tv.Type == nil {
		return
	}
	members(sp.snap, tv.Type, func(obj types.Object, doc string) {
		c.add(Item{Label: check.Typed(obj.Name()), Kind: kindOf(obj), Detail: detail(obj), Doc: firstParagraph(doc)})
	})
}

// pkg completes a package's members.
func (c *completer) pkg(p *types.Package, edits []TextEdit) {
	docs := c.snap.Docs(p.Path())
	for _, name := range p.Scope().Names() {
		obj := p.Scope().Lookup(name)
		if obj.Exported() {
			c.add(Item{Label: name, Kind: kindOf(obj), Detail: detail(obj), Doc: firstParagraph(docs[name]), Edits: edits})
		}
	}
}

// localMembers completes the members of a package beside the notebook.
func (c *completer) localMembers(s *build.Snapshot, members map[string]string) {
	for name, lowered := range members {
		if obj := s.Checked().Lookup(lowered); obj != nil && token.IsExported(name) {
			c.add(Item{Label: name, Kind: kindOf(obj), Detail: detail(obj), Doc: firstParagraph(docOf(s, obj))})
		}
	}
}

// notImported completes members of packages that could be imported.
func (c *completer) notImported(name string) {
	for _, p := range exports.Default().Packages() {
		if lastElement(p) != name {
			continue
		}
		if pkg, err := c.snap.Package(p); err == nil && pkg.Name() == name {
			c.pkg(pkg, c.importEdit(p))
		}
	}
}

func (c *completer) importEdit(p string) []TextEdit { return importEdit(c.snap, c.cell, p) }

// importEdit adds an import at the top of a cell.
func importEdit(s *build.Snapshot, c notebook.Cell, p string) []TextEdit {
	if c.Kind != notebook.Go {
		return nil
	}
	at := 0
	if v, ok := s.View(c.ID); ok && v.Typed.Program {
		at = strings.IndexByte(c.Source, '\n') + 1
	}
	return []TextEdit{{Range: span(c.ID, c.Source, at, at), Text: "import " + strconv.Quote(p) + "\n"}}
}

func lastElement(p string) string {
	base := path.Base(p)
	if len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789") == "" {
		base = path.Base(path.Dir(p))
	}
	return base
}

// members calls yield for the fields and methods of a type, with their comments.
func members(s *build.Snapshot, t types.Type, yield func(obj types.Object, doc string)) {
	seen := map[types.Type]bool{}
	visible := func(obj types.Object) bool { return obj.Exported() || check.Ours(obj) }
	var fields func(t types.Type)
	fields = func(t types.Type) {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		st, ok := t.Underlying().(*types.Struct)
		if !ok || seen[t] {
			return
		}
		seen[t] = true
		for f := range st.Fields() {
			if visible(f) {
				yield(f, fieldDoc(s, t, f))
			}
		}
		for f := range st.Fields() {
			if f.Embedded() {
				fields(f.Type())
			}
		}
	}
	fields(t)
	recv := t
	if _, ok := t.Underlying().(*types.Pointer); !ok && !types.IsInterface(t) {
		recv = types.NewPointer(t)
	}
	set := types.NewMethodSet(recv)
	for sel := range set.Methods() {
		if visible(sel.Obj()) {
			yield(sel.Obj(), commentOn(s, sel.Obj()))
		}
	}
}

// fieldDoc is the comment on a field of a type.
func fieldDoc(s *build.Snapshot, t types.Type, f *types.Var) string {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return ""
	}
	if !check.Ours(f) {
		return s.Docs(named.Obj().Pkg().Path())[named.Obj().Name()+"."+f.Name()]
	}
	doc := docOf(s, f)
	if doc == docOf(s, named.Obj()) { // the type stands on one line
		return ""
	}
	return doc
}

// fields completes the keys of a struct's literal.
func (c *completer) fields(sp *spot) {
	for i := len(sp.path) - 1; i >= max(0, len(sp.path)-2); i-- {
		lit, ok := sp.path[i].(*ast.CompositeLit)
		if !ok {
			if kv, ok := sp.path[i].(*ast.KeyValueExpr); ok && kv.Key == sp.id {
				continue
			}
			return
		}
		t := sp.view.File.Info().Types[lit].Type
		if t == nil {
			return
		}
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		if s, ok := t.Underlying().(*types.Struct); ok {
			for f := range s.Fields() {
				if f.Exported() || f.Pkg() != nil && f.Pkg().Path() == check.PackagePath {
					name := check.Typed(f.Name())
					c.add(Item{Label: name, Kind: "property", Detail: detail(f), Insert: name + ": "})
				}
			}
		}
		return
	}
}

// scope completes names in scope, packages and keywords.
func (c *completer) scope(sp *spot) {
	pkg := sp.view.File.Checked.Package
	pos := sp.id.Pos()
	for s := pkg.Scope().Innermost(pos); s != nil && s != pkg.Scope(); s = s.Parent() {
		for _, name := range s.Names() {
			if obj := s.Lookup(name); !strings.Contains(name, "ʹ") && obj.Pos() < pos {
				c.object(sp.snap, name, obj)
			}
		}
	}
	for _, d := range sp.view.Typed.Defs {
		if obj := sp.snap.Checked().Lookup(sp.view.File.Naming.Defs[d.Name]); obj != nil && !strings.HasPrefix(d.Name, here) {
			c.object(sp.snap, d.Name, obj)
		}
	}
	names, packages := sp.snap.Visible(c.cell.ID)
	for name, lowered := range names {
		if obj := sp.snap.Checked().Lookup(lowered); obj != nil {
			c.object(sp.snap, name, obj)
		}
	}
	for name, p := range packages {
		c.add(Item{Label: name, Kind: "namespace", Detail: p})
	}
	for _, name := range types.Universe.Names() {
		c.object(sp.snap, name, types.Universe.Lookup(name))
	}
	for k := token.BREAK; k <= token.VAR; k++ {
		c.add(Item{Label: k.String(), Kind: "keyword"})
	}
	if len(c.prefix) > 1 {
		for _, p := range exports.Default().Packages() {
			c.add(Item{Label: lastElement(p), Kind: "namespace", Detail: "import " + strconv.Quote(p), Edits: c.importEdit(p)})
		}
	}
}

// importPath says whether a string is the path of an import.
func importPath(text string, t tok) bool {
	depth := 0
	list := tokens(text[:t.start])
	for i := len(list) - 1; i >= 0; i-- {
		switch list[i].tok {
		case token.IMPORT:
			return true
		case token.LPAREN:
			depth++
		case token.STRING, token.SEMICOLON, token.IDENT, token.PERIOD, token.COMMENT:
		default:
			return false
		}
		if list[i].tok == token.SEMICOLON && depth == 0 && !slices.ContainsFunc(list[:i], func(t tok) bool { return t.tok == token.LPAREN }) {
			return false
		}
	}
	return false
}

// paths completes an import path.
func (c *completer) paths(lit string, typed int) {
	c.prefix = strings.Trim(lit[:typed], "\"`")
	for _, p := range exports.Default().Packages() {
		c.add(Item{Label: p, Kind: "namespace", Doc: firstSentence(exports.Default().Docs(p)[""])})
	}
}

func firstSentence(doc string) string {
	if i := strings.Index(doc, ". "); i >= 0 {
		return doc[:i+1]
	}
	return firstParagraph(doc)
}

// sql completes Go values in SQL: parameters behind a dollar, tables elsewhere.
func (c *completer) sql(before string) {
	names, _ := c.snap.Visible(c.cell.ID)
	for name, lowered := range names {
		v, ok := c.snap.Checked().Lookup(lowered).(*types.Var)
		if !ok {
			continue
		}
		if !strings.HasSuffix(before, "$") {
			switch v.Type().Underlying().(type) {
			case *types.Slice, *types.Pointer:
			default:
				continue
			}
		}
		c.object(c.snap, name, v)
	}
}

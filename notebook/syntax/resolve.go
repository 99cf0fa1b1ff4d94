package syntax

import (
	"go/ast"
	"go/token"
)

// resolve finds the names the cell defines and those it uses, by Go's rules of
// scope. What it cannot know without types it leaves to package check: whether a
// literal's key is a field, and whether a name from elsewhere exists.
func (c *Cell) resolve() {
	r := &resolver{cell: c, top: map[string]*Def{}}
	for _, d := range c.Decls {
		r.define(d)
	}
	// Statements in order: a name is known from behind its definition.
	r.stmtsTop()
	// Bodies of declared funcs run later: they see all of the cell.
	r.inFunc = true
	for _, d := range c.Decls {
		r.decl(d)
	}
	if len(c.Errors) > 0 {
		r.salvage()
	}
}

type resolver struct {
	cell   *Cell
	top    map[string]*Def
	scope  *scope
	inFunc bool
}

// scope is a block with its local names.
type scope struct {
	names map[string]bool
	outer *scope
}

func (r *resolver) push() { r.scope = &scope{names: map[string]bool{}, outer: r.scope} }
func (r *resolver) pop()  { r.scope = r.scope.outer }

// local makes a name local to the innermost block.
func (r *resolver) local(id *ast.Ident) {
	if id != nil && id.Name != "_" {
		r.scope.names[id.Name] = true
	}
}

func (r *resolver) isLocal(name string) bool {
	for s := r.scope; s != nil; s = s.outer {
		if s.names[name] {
			return true
		}
	}
	return false
}

// def adds a definition of the cell.
func (r *resolver) def(id *ast.Ident, kind Kind, whole bool) {
	if id.Name == "_" {
		return
	}
	d := &Def{Name: id.Name, Ident: id, Kind: kind, Whole: whole}
	r.cell.Defs = append(r.cell.Defs, d)
	if r.top[id.Name] == nil {
		r.top[id.Name] = d
	}
}

// define adds what a declaration defines for the whole cell.
func (r *resolver) define(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		// Methods belong to their type; there may be many funcs init.
		if d.Recv == nil && d.Name.Name != "init" {
			r.def(d.Name, Func, true)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				r.def(spec.Name, Type, true)
			case *ast.ValueSpec:
				kind := Var
				if d.Tok == token.CONST {
					kind = Const
				}
				for _, n := range spec.Names {
					r.def(n, kind, true)
				}
			}
		}
	}
}

// stmtsTop walks the cell's statements.
func (r *resolver) stmtsTop() {
	for _, s := range r.cell.Stmts {
		r.stmtTop(s)
	}
}

func (r *resolver) stmtTop(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.LabeledStmt:
		r.stmtTop(s.Stmt)
	case *ast.DeclStmt:
		d, ok := s.Decl.(*ast.GenDecl)
		if !ok || d.Tok != token.VAR {
			return
		}
		for _, spec := range d.Specs {
			spec := spec.(*ast.ValueSpec)
			r.expr(spec.Type)
			r.exprs(spec.Values)
			for _, n := range spec.Names {
				r.def(n, Var, false)
			}
		}
	case *ast.AssignStmt:
		if s.Tok != token.DEFINE {
			r.stmt(s)
			return
		}
		r.exprs(s.Rhs)
		fresh := false
		for _, e := range s.Lhs {
			id, ok := e.(*ast.Ident)
			switch {
			case !ok: // the parser has complained
				r.expr(e)
			case id.Name == "_":
			case r.top[id.Name] != nil && !r.top[id.Name].Whole:
				r.use(Ref{Ident: id, Assign: true})
			default:
				fresh = true
				r.def(id, Var, false)
			}
		}
		if !fresh {
			r.cell.errorf(s.TokPos, s.TokPos+2, "no new variables on left side of :=")
		}
	default:
		r.stmt(s)
	}
}

// use notes a use of a name, unless it is local.
func (r *resolver) use(ref Ref) {
	name := ref.Ident.Name
	if name == "_" || r.isLocal(name) {
		return
	}
	ref.Def = r.top[name]
	ref.InFunc = r.inFunc
	r.cell.Refs = append(r.cell.Refs, &ref)
}

// decl walks a declaration that counts for the whole cell.
func (r *resolver) decl(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		r.push()
		if d.Recv != nil {
			r.receiver(d.Recv)
		}
		r.funcType(d.Type)
		r.block(d.Body)
		r.pop()
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				r.typeSpec(spec)
			case *ast.ValueSpec:
				r.expr(spec.Type)
				r.exprs(spec.Values)
			}
		}
	}
}

func (r *resolver) typeSpec(spec *ast.TypeSpec) {
	r.push()
	r.fields(spec.TypeParams)
	r.expr(spec.Type)
	r.pop()
}

// receiver makes a receiver's name local, and the names it gives to its type's
// parameters.
func (r *resolver) receiver(list *ast.FieldList) {
	for _, f := range list.List {
		t := f.Type
		if star, ok := t.(*ast.StarExpr); ok {
			t = star.X
		}
		switch e := t.(type) {
		case *ast.IndexExpr:
			r.params(e.Index)
			t = e.X
		case *ast.IndexListExpr:
			r.params(e.Indices...)
			t = e.X
		}
		r.expr(t)
		for _, n := range f.Names {
			r.local(n)
		}
	}
}

func (r *resolver) params(list ...ast.Expr) {
	for _, e := range list {
		if id, ok := e.(*ast.Ident); ok {
			r.local(id)
		}
	}
}

// funcType makes type parameters, parameters and results local to the innermost
// block, which is the func's.
func (r *resolver) funcType(t *ast.FuncType) {
	r.fields(t.TypeParams)
	for _, list := range []*ast.FieldList{t.Params, t.Results} {
		if list != nil {
			for _, f := range list.List {
				r.expr(f.Type)
			}
		}
	}
	for _, list := range []*ast.FieldList{t.Params, t.Results} {
		if list != nil {
			for _, f := range list.List {
				for _, n := range f.Names {
					r.local(n)
				}
			}
		}
	}
}

// fields makes type parameters local; each may be used in all their constraints.
func (r *resolver) fields(list *ast.FieldList) {
	if list == nil {
		return
	}
	for _, f := range list.List {
		for _, n := range f.Names {
			r.local(n)
		}
	}
	for _, f := range list.List {
		r.expr(f.Type)
	}
}

// salvage adds the names that the tokens of a broken cell seem to define and
// that parsing lost.
func (r *resolver) salvage() {
	toks := r.cell.Tokens
	depth := 0
	start := true // of a statement
	for i, t := range toks {
		switch t.Tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth = max(depth-1, 0)
		case token.FUNC, token.TYPE, token.VAR, token.CONST:
			if start && i+1 < len(toks) && toks[i+1].Tok == token.IDENT {
				kind := map[token.Token]Kind{token.FUNC: Func, token.TYPE: Type, token.VAR: Var, token.CONST: Const}[t.Tok]
				r.lost(toks[i+1], kind)
			}
		case token.DEFINE:
			if depth == 0 {
				r.lostLeft(toks[:i])
			}
		}
		start = t.Tok == token.SEMICOLON
	}
}

// lostLeft adds the names left of a := if a statement begins with them.
func (r *resolver) lostLeft(toks []Token) {
	i := len(toks)
	for i > 0 && (toks[i-1].Tok == token.IDENT || toks[i-1].Tok == token.COMMA) {
		i--
	}
	if i > 0 && toks[i-1].Tok != token.SEMICOLON && toks[i-1].Tok != token.COLON {
		return
	}
	for _, t := range toks[i:] {
		if t.Tok == token.IDENT {
			r.lost(t, Var)
		}
	}
}

func (r *resolver) lost(t Token, kind Kind) {
	if r.top[t.Lit] == nil {
		r.def(&ast.Ident{NamePos: r.cell.Pos(t.Offset), Name: t.Lit}, kind, true)
	}
}

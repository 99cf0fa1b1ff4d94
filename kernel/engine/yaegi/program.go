package yaegi

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/traefik/yaegi/interp"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/symbols"
	"stnb.dev/kernel/wire"
)

// Engine is the yaegi engine.
type Engine struct {
	front  *engine.Front
	tables symbols.Table
	known  map[string]bool
	// adapters make compiled interfaces of user types (adapt.go).
	adapters map[string]reflect.Type
	mu       sync.Mutex
}

// New makes an engine over the standard library and own, the table of what
// notebooks import besides.
func New(own symbols.Table) *Engine {
	tables := symbols.Table{}
	maps.Copy(tables, symbols.Std())
	maps.Copy(tables, own)
	known := map[string]bool{}
	for path, syms := range tables {
		for n := range syms {
			if !strings.HasPrefix(n, "_") {
				known[path+"."+n] = true
			}
		}
	}
	return &Engine{front: engine.NewFront(nil), tables: tables, known: known, adapters: adapters(tables)}
}

// Name is "yaegi".
func (*Engine) Name() string { return "yaegi" }

// chunk is text given to yaegi at once, and the func to call after.
type chunk struct {
	unit    string
	text    string
	init    string // name of a func that sets package-level variables
	call    string // name of the unit's func
	imports []string
	outside bool // uses what may wake it from outside
	doubts  []doubt
}

// program is a prefix of a lineage's chunks.
type program struct {
	eng    *Engine
	l      *lineage
	pkg    *types.Package
	chunks []chunk
	calls  map[string]chunk // by unit ID
	typeOf []types.Type
	sites  []site
	fns    []fnInfo
	vars   map[string]varInfo
	tmpl   *template
	doubts []wire.Problem
}

type varInfo struct {
	emitted string
	typ     types.Type
}

// Types is the checked package.
func (p *program) Types() *types.Package { return p.pkg }

// template is an interpreter that compiles but never runs: it says which text
// yaegi takes.
type template struct {
	in  *interp.Interpreter
	use *user
}

// Compile writes and tries all units that prev does not have.
func (g *Engine) Compile(prev engine.Program, units []wire.Unit) (engine.Program, []wire.Problem) {
	g.mu.Lock()
	defer g.mu.Unlock()
	c := g.front.Check(units)
	p := &program{eng: g, pkg: c.Pkg, calls: map[string]chunk{}, vars: map[string]varInfo{}}
	old, _ := prev.(*program)
	if old != nil && old.eng == g {
		p.l, p.chunks, p.tmpl = old.l, slices.Clone(old.chunks), old.tmpl
	} else {
		old = nil
		p.l = newLineage(g)
		p.tmpl = g.newTemplate()
	}
	l := p.l
	l.pkg, l.info = c.Pkg, c.Info
	l.bodies = map[token.Pos]*ast.FuncDecl{}
	for _, u := range c.Units {
		if u.File == nil {
			continue
		}
		for _, d := range u.File.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				l.bodies[f.Name.Pos()] = f
			}
		}
	}
	var problems []wire.Problem
	for _, u := range c.Units {
		if len(u.Problems) > 0 {
			problems = append(problems, u.Problems...)
			continue
		}
		if old != nil {
			if ch, ok := old.calls[u.ID]; ok {
				p.calls[u.ID] = ch
				continue
			}
		}
		saved := l.state.save()
		ch, problem := p.write(u)
		if problem == nil {
			problem = p.try(ch)
		}
		if problem != nil {
			l.state = saved
			problems = append(problems, *problem)
			continue
		}
		p.chunks = append(p.chunks, ch)
		p.calls[u.ID] = ch
	}
	saved := l.state.save()
	if ch, problem := p.wire(); problem != nil || ch.text != "" && func() bool { problem = p.try(ch); return problem != nil }() {
		l.state = saved
		for _, u := range units { // which of them needs it is not known
			pr := *problem
			pr.Unit, pr.Line, pr.Column = u.ID, 1, 1
			problems = append(problems, pr)
		}
	} else if ch.text != "" {
		p.chunks = append(p.chunks, ch)
	}
	for _, n := range c.Pkg.Scope().Names() {
		if v, ok := c.Pkg.Scope().Lookup(n).(*types.Var); ok {
			if e, ok := l.vars[v.Pos()]; ok {
				p.vars[n] = varInfo{e, v.Type()}
			}
		}
	}
	p.doubts = p.findDoubts()
	p.typeOf, p.sites, p.fns = slices.Clone(l.typeOf), l.sites[:len(l.sites):len(l.sites)], l.fns[:len(l.fns):len(l.fns)]
	return p, problems
}

// write makes a unit's chunk.
func (p *program) write(u engine.CheckedUnit) (ch chunk, problem *wire.Problem) {
	l := p.l
	e := &emitter{l: l, unit: u.ID, info: l.info, written: &written{imports: map[string]string{}}, names: map[types.Object]string{}, used: map[string]int{}}
	defer e.refused(&problem)
	e.refusePlaces(u.File)
	var inits []string
	for _, d := range u.File.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
			for _, spec := range g.Specs {
				for _, id := range spec.(*ast.ValueSpec).Names {
					if o, ok := l.info.Defs[id].(*types.Var); ok && id.Name != "_" {
						n := e.fresh(clean(id.Name))
						l.vars[o.Pos()] = n
						e.decls = append(e.decls, "var "+n+" "+e.typ(o.Type(), id.Pos()))
					}
				}
			}
		}
	}
	for _, d := range u.File.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Name.Name == "_" {
			continue
		}
		o := l.info.Defs[f.Name].(*types.Func)
		sig := o.Type().(*types.Signature)
		if sig.TypeParams().Len() > 0 || sig.RecvTypeParams().Len() > 0 {
			continue
		}
		if f.Name.Name == "init" && f.Recv == nil {
			e.l.serial++
			b := body{decl: f, obj: o, name: fmt.Sprintf("initǃǁ%d", e.l.serial), user: true, unit: u.ID}
			e.queue = append(e.queue, b)
			inits = append(inits, b.name+"()")
			continue
		}
		name := e.funcName(o, nil, f.Pos())
		if f.Name.Name == u.Func && f.Recv == nil {
			ch.call = name
		}
	}
	sets := e.initialisers(u.File)
	e.drain()
	return e.chunk(ch, append(append(slices.Clone(e.inits), sets...), inits...)), nil
}

// initialisers writes the unit's variable initialisers, in the order that go/types
// found, each as a func so that closures and frames work as anywhere.
func (e *emitter) initialisers(file *ast.File) []string {
	var sets []string
	for _, init := range e.info.InitOrder {
		if init.Rhs.Pos() < file.FileStart || init.Rhs.Pos() > file.FileEnd {
			continue
		}
		decl := &ast.FuncDecl{
			Name: &ast.Ident{NamePos: init.Rhs.Pos(), Name: "init"},
			Type: &ast.FuncType{Params: &ast.FieldList{}},
			Body: &ast.BlockStmt{List: []ast.Stmt{&ast.ExprStmt{X: init.Rhs}}},
		}
		e.names, e.used = map[types.Object]string{}, map[string]int{}
		e.out, e.indent = &strings.Builder{}, 1
		e.facts = e.analyse(decl)
		pos := e.l.front.Fset.Position(init.Rhs.Pos())
		e.l.serial++
		name := fmt.Sprintf("setǃǁ%d", e.l.serial)
		n := e.newFn(fnInfo{display: "init", emitted: name, user: true, unit: pos.Filename, line: pos.Line, col: pos.Column})
		e.fn = &fnState{number: n, sig: types.NewSignatureType(nil, nil, nil, nil, nil, false), user: true}
		e.mark(decl.Body.List[0])
		if len(init.Lhs) == 1 {
			lhs := init.Lhs[0]
			if lhs.Name() == "_" {
				e.line("_ = %s", e.value(init.Rhs))
			} else {
				e.line("%s = %s", e.varText(lhs), e.typedNil(init.Rhs, lhs.Type()))
			}
		} else {
			var ids []ast.Expr
			for _, d := range file.Decls {
				g, ok := d.(*ast.GenDecl)
				if !ok {
					continue
				}
				for _, s := range g.Specs {
					if v, ok := s.(*ast.ValueSpec); ok && len(v.Values) == 1 && v.Values[0] == init.Rhs {
						for _, id := range v.Names {
							ids = append(ids, id)
						}
					}
				}
			}
			e.assignTuple(ids, init.Rhs, false)
		}
		e.decls = append(e.decls, fmt.Sprintf("func %s() {\n%s}", name, e.out.String()))
		e.fn = nil
		sets = append(sets, name+"()")
	}
	return sets
}

// chunk puts the emitter's text together.
func (e *emitter) chunk(ch chunk, inits []string) chunk {
	var b strings.Builder
	b.WriteString("package main\n")
	for path := range e.imports {
		ch.imports = append(ch.imports, path)
	}
	for _, d := range e.decls {
		b.WriteString(d + "\n")
	}
	ch.unit, ch.outside, ch.doubts = e.unit, e.outside, e.doubts
	e.l.serial++
	ch.init = fmt.Sprintf("startǃǁ%d", e.l.serial)
	fmt.Fprintf(&b, "func %s() {\n", ch.init)
	for _, d := range e.decls { // where each func notes its place
		if n, ok := strings.CutPrefix(d, "var posǁ"); ok {
			n = strings.TrimSuffix(n, " int")
			fmt.Fprintf(&b, "\trtǁ.Pos(%s, &posǁ%s)\n", n, n)
		}
	}
	for _, s := range inits {
		b.WriteString("\t" + s + "\n")
	}
	b.WriteString("}\n")
	ch.text = b.String()
	return ch
}

// wire writes, for every type that is in interfaces, the entries of the method
// tables that interfaces of the program and compiled code use.
func (p *program) wire() (ch chunk, problem *wire.Problem) {
	l := p.l
	e := &emitter{l: l, unit: "", info: l.info, written: &written{imports: map[string]string{}}, names: map[types.Object]string{}, used: map[string]int{}}
	defer e.refused(&problem)
	var inits []string
	shown := l.spoken()
	for changed := true; changed; {
		changed = false
		for id := 1; id < len(l.typeOf); id++ {
			if !l.boxed[id] && !shown[id] {
				continue
			}
			t := l.typeOf[id]
			ms := types.NewMethodSet(t)
			for i := range ms.Len() {
				sel := ms.At(i)
				f := sel.Obj().(*types.Func)
				sig := sel.Type().(*types.Signature)
				if !l.boxed[id] && !speaks(f) {
					continue
				}
				plain := types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic())
				k := f.Name() + key(plain)
				if !f.Exported() && f.Pkg() != nil {
					k = f.Pkg().Path() + "." + k
				}
				n, isSlot := l.slots[k]
				if isSlot && l.wired[[2]int{id, n}] {
					isSlot = false
				}
				nk := fmt.Sprintf("%d.%s", id, f.Name())
				isNative := f.Exported() && l.faithful(plain) && !l.entries[nk]
				if !isSlot && !isNative {
					continue
				}
				changed = true
				name := e.entry(t, sel, f, plain)
				e.drain()
				if isSlot {
					l.wired[[2]int{id, n}] = true
					inits = append(inits, fmt.Sprintf("vtǁ%d[%d] = %s", n, id, name))
				}
				if isNative {
					l.entries[nk] = true
					inits = append(inits, fmt.Sprintf("rtǁ.Reg(%d, %q, %s)", id, f.Name(), name))
				}
			}
		}
	}
	if len(inits) == 0 && len(e.decls) == 0 {
		return chunk{}, nil
	}
	return e.chunk(ch, append(slices.Clone(e.inits), inits...)), nil
}

// entry writes the func that calls a method on what is in a box.
func (e *emitter) entry(t types.Type, sel *types.Selection, f *types.Func, sig *types.Signature) string {
	var names, pass []string
	for i := range sig.Params().Len() {
		n := fmt.Sprintf("p%dǁ", i)
		names = append(names, n)
		if sig.Variadic() && i == sig.Params().Len()-1 {
			n += "..."
		}
		pass = append(pass, n)
	}
	m := e.methodOf("v", t, true, f, sel.Index(), token.NoPos)
	head := e.sig(sig, names, token.NoPos)
	sep := ", "
	if len(names) == 0 {
		sep = ""
	}
	ret := ""
	if sig.Results().Len() > 0 {
		ret = "return "
	}
	look := ""
	if _, ok := t.Underlying().(*types.Pointer); ok && strings.HasPrefix(m.recv, "*") {
		look = fmt.Sprintf("if v == nil { rtǁ.Wrong(%d, %q) }; ", e.l.typeID(t), f.Name())
	}
	return e.helper("en", "func %s(xǁ "+anyType+sep+head[1:]+" { var v "+e.typ(t, token.NoPos)+"; rtǁ.Get(xǁ, &v); "+look+ret+m.call(m.recv, pass)+" }")
}

var (
	yaegiLine = regexp.MustCompile(`(?:^|:)(\d+):\d+: `)
	// yaegiPlace is in the text given to yaegi, which no user has seen.
	yaegiPlace = regexp.MustCompile(`(?:_\.go:)?\d+:\d+: `)
	noted      = regexp.MustCompile(`^\s*posǁ\d+ = (\d+)$`)
)

// placeOf finds the statement that an error of yaegi means: the last that was
// noted before that line of the text.
func (p *program) placeOf(ch chunk, err any) (line, col int) {
	m := yaegiLine.FindStringSubmatch(fmt.Sprint(err))
	if m == nil {
		return 1, 1
	}
	n, _ := strconv.Atoi(m[1])
	lines := strings.Split(ch.text, "\n")
	for n = min(n, len(lines)); n > 0 && lines[n-1] != "}"; n-- {
		if m := noted.FindStringSubmatch(lines[n-1]); m != nil {
			if s, err := strconv.Atoi(m[1]); err == nil && s < len(p.l.sites) {
				if at := p.l.sites[s].points[0]; at.unit == ch.unit {
					return at.line, at.col
				}
				break
			}
		}
	}
	return 1, 1
}

// try compiles a chunk without running it.
func (p *program) try(ch chunk) (problem *wire.Problem) {
	fail := func(err any) *wire.Problem {
		line, col := p.placeOf(ch, err)
		text := yaegiPlace.ReplaceAllString(fmt.Sprint(err), "")
		return &wire.Problem{Unit: ch.unit, Line: line, Column: col, Code: "yaegi", Message: "the yaegi engine cannot compile this: " + text}
	}
	defer func() {
		if r := recover(); r != nil {
			problem = fail(r)
		}
	}()
	if err := p.tmpl.use.packages(ch.imports); err != nil {
		return fail(err)
	}
	if _, err := p.tmpl.in.Compile(ch.text); err != nil {
		return fail(err)
	}
	return nil
}

func (g *Engine) newTemplate() *template {
	i := newInstance(&program{eng: g, l: newLineage(g)}, nil)
	return &template{in: i.in, use: i.use}
}

// user brings the tables of compiled packages into an interpreter when they are
// first imported.
type user struct {
	in     *interp.Interpreter
	tables symbols.Table
	bound  engine.Bindings
	has    map[string]bool
}

// packages imports, once, each in an evaluation of its own: yaegi keeps imports
// for the texts that follow, and refuses to hear of one twice.
func (u *user) packages(paths []string) error {
	for _, path := range paths {
		if u.has[path] {
			continue
		}
		syms := map[string]reflect.Value{}
		for n, v := range u.tables[path] {
			if !strings.HasPrefix(n, "_") { // yaegi's wrappers of interfaces: boxes do that
				syms[n] = v
			}
		}
		for n := range u.bound[path] {
			if v, ok := u.bound.Get(path, n); ok {
				syms[n] = v
			}
		}
		if err := u.add(path, importAlias(path), syms); err != nil {
			return err
		}
	}
	return nil
}

func (u *user) add(path, alias string, syms map[string]reflect.Value) error {
	u.has[path] = true
	// The last part of the key is a name nobody uses: yaegi puts its own fmt and os
	// in when it sees theirs.
	if err := u.in.Use(interp.Exports{path + "/ǁ": syms}); err != nil {
		return err
	}
	_, err := u.in.Eval(fmt.Sprintf("import %s %q", alias, path))
	return err
}

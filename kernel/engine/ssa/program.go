package ssa

import (
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"reflect"
	"runtime/debug"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/tools/go/ssa"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/wire"
)

// program is compiled code: types and SSA of all units, funcs compiled as they
// are first called. After Compile only its caches change, under their locks.
type program struct {
	eng   *Engine
	fset  *token.FileSet
	pkg   *types.Package
	ssa   *ssa.Program
	main  *ssa.Package
	units []wire.Unit
	inits []initializer
	files []*ast.File       // of the units
	local map[token.Pos]int // numbers of the types that funcs declare
	extra *types.Package    // our own generic funcs, when used
	user  []*types.Package  // packages run from source, main last

	types *typer

	mu    sync.Mutex
	fns   map[*ssa.Function]*fn
	built map[*ssa.Package]bool

	siteMu  sync.Mutex
	sites   []site
	siteKey map[site]uint32

	inlinable  sync.Map // *ssa.Function -> bool
	unsigned   sync.Map // site of an index of unsigned type -> true
	globals    sync.Map // *ssa.Global -> reflect.Type
	plainTypes sync.Map // *userType -> types.Type, unnamed
	methods    sync.Map // methodKey -> *fn
	entries    sync.Map // *userMethod -> *fn
	named      atomic.Pointer[map[*userType]types.Type]
}

// site is a place in the source; up is that of the call, when the code of fn
// stands in its caller's.
type site struct {
	fn  *fn
	pos token.Pos
	up  uint32
}

// initializer sets the variables of one var declaration.
type initializer struct {
	unit string
	at   string // position of the first variable
	fn   string // name of the func that does it
}

type tokenPositions interface {
	Position(token.Pos) token.Position
}

// Types is the checked package.
func (p *program) Types() *types.Package { return p.pkg }

// Compile checks and compiles a whole program.
func (e *Engine) Compile(prev engine.Program, units []wire.Unit) (engine.Program, []wire.Problem) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var problems []wire.Problem
	left := units
	for {
		p, bad := e.compile(left)
		problems = append(problems, bad...)
		if len(bad) == 0 {
			return p, problems
		}
		// The units with problems are left out, and the others run.
		out := map[string]bool{}
		for _, b := range bad {
			out[b.Unit] = true
		}
		var keep []wire.Unit
		for _, u := range left {
			if !out[u.ID] {
				keep = append(keep, u)
			}
		}
		if len(keep) == len(left) {
			// A problem without a unit concerns all of them.
			keep = nil
		}
		left = keep
	}
}

func (e *Engine) compile(units []wire.Unit) (*program, []wire.Problem) {
	p := &program{eng: e, fset: e.fset, units: units, fns: map[*ssa.Function]*fn{}, built: map[*ssa.Package]bool{},
		sites: make([]site, 1), siteKey: map[site]uint32{}}
	var problems []wire.Problem
	report := func(pos token.Pos, code, msg string) {
		at := p.fset.Position(pos)
		problems = append(problems, wire.Problem{Unit: at.Filename, Line: at.Line, Column: at.Column, Code: code, Message: msg})
	}
	if msg := e.unusable; msg != "" {
		return p, []wire.Problem{{Code: "unsupported", Message: "not supported: the ssa engine on this platform (" + msg + ")"}}
	}
	var files []*ast.File
	parsed := map[wire.Unit]*parsedUnit{}
	for _, u := range units {
		pu := e.parsed[u]
		if pu == nil {
			pu = p.parse(u)
		}
		parsed[u] = pu
		if pu.file == nil {
			problems = append(problems, pu.problems...)
			continue
		}
		files, p.files = append(files, pu.file), append(p.files, pu.file)
		if pu.inits != nil {
			files = append(files, pu.inits)
			p.inits = append(p.inits, pu.set...)
		}
		for _, imp := range pu.file.Imports {
			path, _ := strconv.Unquote(imp.Path.Value)
			if why := e.refuses(path); why != "" {
				report(imp.Pos(), "unsupported", "not supported: "+why)
			}
		}
		problems = append(problems, pu.problems...)
	}
	e.parsed = parsed
	if len(problems) > 0 {
		return p, problems
	}
	info := newInfo()
	conf := types.Config{
		Importer: e.imp, Sizes: types.SizesFor("gc", goarch), GoVersion: goVersion,
		Error: func(err error) {
			var te types.Error
			if errors.As(err, &te) && !te.Soft {
				report(te.Pos, "type", te.Msg)
			}
		},
		DisableUnusedImportCheck: true,
	}
	p.pkg = types.NewPackage("main", "main")
	types.NewChecker(&conf, p.fset, p.pkg, info).Files(files)
	if len(problems) > 0 {
		return p, problems
	}
	p.orderInits(info)
	for _, f := range files {
		measureArrays(f, info)
	}
	extra, err := useGeneric(e.imp, info)
	if err != nil {
		return p, []wire.Problem{{Code: "unsupported", Message: "not supported: " + err.Error()}}
	}
	p.extra = extra
	problems = p.buildSSA(files, info)
	return p, problems
}

const goVersion = "go1.26"

func newInfo() *types.Info {
	return &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{}, Implicits: map[ast.Node]types.Object{},
		Instances: map[*ast.Ident]types.Instance{}, Scopes: map[ast.Node]*types.Scope{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, FileVersions: map[*ast.File]string{},
	}
}

func syntaxProblem(unit string, err error) []wire.Problem {
	var out []wire.Problem
	var list interface{ Unwrap() []error }
	_ = list
	for _, line := range strings.Split(err.Error(), "\n") {
		pr := wire.Problem{Unit: unit, Line: 1, Column: 1, Code: "syntax", Message: line}
		if parts := strings.SplitN(strings.TrimPrefix(line, unit+":"), ":", 3); len(parts) == 3 {
			l, e1 := strconv.Atoi(parts[0])
			c, e2 := strconv.Atoi(parts[1])
			if e1 == nil && e2 == nil {
				pr.Line, pr.Column, pr.Message = l, c, strings.TrimSpace(parts[2])
			}
		}
		out = append(out, pr)
	}
	return out
}

// parse reads a unit.
func (p *program) parse(u wire.Unit) *parsedUnit {
	f, err := parser.ParseFile(p.fset, u.ID, u.Source, parser.SkipObjectResolution|parser.ParseComments)
	if err != nil {
		return &parsedUnit{problems: syntaxProblem(u.ID, err)}
	}
	pu := &parsedUnit{file: f}
	pu.inits, pu.set = p.initFile(u, f)
	for _, g := range f.Comments {
		for _, c := range g.List {
			for _, mark := range []string{"go:embed", "go:linkname"} {
				if strings.HasPrefix(c.Text, "//"+mark+" ") {
					at := p.fset.Position(c.Pos())
					pu.problems = append(pu.problems, wire.Problem{Unit: at.Filename, Line: at.Line, Column: at.Column,
						Code: "unsupported", Message: "not supported: " + mark})
				}
			}
		}
	}
	return pu
}

// initFile gives a second parse of a unit that holds just funcs, one for each
// variable declaration with values: so a variable can be set again when only its
// unit is new.
func (p *program) initFile(u wire.Unit, f *ast.File) (*ast.File, []initializer) {
	var inits []initializer
	found := false
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
			for _, s := range g.Specs {
				found = found || len(s.(*ast.ValueSpec).Values) > 0
			}
		}
	}
	if !found {
		return nil, nil
	}
	g, err := parser.ParseFile(p.fset, u.ID, u.Source, parser.SkipObjectResolution)
	if err != nil {
		return nil, nil
	}
	var decls []ast.Decl
	for _, d := range g.Decls {
		gd, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		if gd.Tok == token.IMPORT {
			decls = append(decls, d)
			continue
		}
		if gd.Tok != token.VAR {
			continue
		}
		for _, s := range gd.Specs {
			vs := s.(*ast.ValueSpec)
			if len(vs.Values) == 0 {
				continue
			}
			set := func(names []*ast.Ident, values []ast.Expr) {
				name := fmt.Sprintf("initʹ%sʹ%d", u.ID, len(inits))
				in := initializer{unit: u.ID, fn: name, at: p.fset.Position(names[0].Pos()).String()}
				lhs := make([]ast.Expr, len(names))
				for i, n := range names {
					lhs[i] = n
				}
				inits = append(inits, in)
				decls = append(decls, &ast.FuncDecl{
					Name: &ast.Ident{Name: name, NamePos: names[0].Pos()},
					Type: &ast.FuncType{Func: names[0].Pos(), Params: &ast.FieldList{}},
					Body: &ast.BlockStmt{Lbrace: names[0].Pos(), Rbrace: values[len(values)-1].End(), List: []ast.Stmt{
						&ast.AssignStmt{Lhs: lhs, TokPos: values[0].Pos(), Tok: token.ASSIGN, Rhs: values},
					}},
				})
			}
			if len(vs.Values) == len(vs.Names) {
				for i := range vs.Names {
					set(vs.Names[i:i+1], vs.Values[i:i+1])
				}
			} else {
				set(vs.Names, vs.Values)
			}
		}
	}
	g.Decls = decls
	g.Comments = nil
	return g, inits
}

// orderInits sorts the initializers as Go runs them, and takes them from the
// package's own init func.
func (p *program) orderInits(info *types.Info) {
	rank := map[string]int{}
	for i, in := range info.InitOrder {
		for _, v := range in.Lhs {
			rank[p.fset.Position(v.Pos()).String()] = i
		}
	}
	sort.SliceStable(p.inits, func(a, b int) bool { return rank[p.inits[a].at] < rank[p.inits[b].at] })
	info.InitOrder = nil
}

func (p *program) buildSSA(files []*ast.File, info *types.Info) (problems []wire.Problem) {
	imports := p.eng.imp.all(p.pkg.Imports(), p.extra)
	p.ssa = p.eng.shared(imports)
	p.types = &typer{prog: p, fset: p.fset, user: map[*types.Package]bool{}, cache: map[types.Type]reflect.Type{},
		named: map[*types.Named]*userType{}, owner: map[*types.TypeName][]types.Type{}}
	for _, t := range imports {
		s := p.eng.imp.sources[t]
		if s != nil {
			p.types.user[t] = true
			p.user = append(p.user, t)
		}
		switch {
		case p.ssa.Package(t) != nil:
		case s != nil:
			p.ssa.CreatePackage(t, s.files, s.info, true)
		default:
			p.ssa.CreatePackage(t, nil, nil, true)
		}
	}
	p.main = p.ssa.CreatePackage(p.pkg, files, info, false)
	p.types.user[p.pkg] = true
	p.user = append(p.user, p.pkg)
	defer func() {
		if r := recover(); r != nil {
			if os.Getenv("STNB_SSA_DEBUG") != "" {
				debug.PrintStack()
			}
			p.eng.base = nil // what was half built is not to be used again
			problems = append(problems, wire.Problem{Code: "unsupported", Message: fmt.Sprintf("not supported: %v", r)})
		}
	}()
	for _, t := range p.user {
		p.ssa.Package(t).Build()
	}
	return p.refuse(files, info)
}

// refuse finds what cannot run, before anything does.
func (p *program) refuse(files []*ast.File, info *types.Info) (problems []wire.Problem) {
	report := func(n ast.Node, what string) {
		at := p.fset.Position(n.Pos())
		problems = append(problems, wire.Problem{Unit: at.Filename, Line: at.Line, Column: at.Column, Code: "unsupported", Message: "not supported: " + what})
	}
	for _, f := range files {
		for _, d := range f.Decls {
			if fd, ok := d.(*ast.FuncDecl); ok && fd.Body == nil {
				report(fd, "func "+fd.Name.Name+" without a body")
			}
		}
	}
	for id, o := range info.Uses {
		if o.Pkg() == nil || o.Pkg() == p.pkg || p.types.user[o.Pkg()] || o.Pkg() == types.Unsafe {
			continue
		}
		switch o := o.(type) {
		case *types.Func:
			if r := o.Signature().Recv(); r != nil {
				t := types.Unalias(r.Type())
				if p, ok := t.(*types.Pointer); ok {
					t = types.Unalias(p.Elem())
				}
				if n, ok := t.(*types.Named); ok && n.TypeArgs().Len() > 0 {
					name := n.Obj().Name() + ")." + o.Name()
					path := o.Pkg().Path()
					if intrinsics[path+".("+name] == nil && intrinsics[path+".(*"+name] == nil {
						report(id, "method "+o.Name()+" of the generic type "+path+"."+n.Obj().Name())
					}
				}
				continue
			}
			if !o.Exported() {
				continue
			}
			if intrinsics[o.Pkg().Path()+"."+o.Name()] != nil {
				continue
			}
			if _, ok := p.symbol(o.Pkg().Path(), o.Name()); !ok {
				report(id, o.Pkg().Path()+"."+o.Name())
			}
		case *types.Var:
			if o.IsField() || o.Parent() != o.Pkg().Scope() {
				continue
			}
			if _, ok := p.symbol(o.Pkg().Path(), o.Name()); !ok {
				report(id, o.Pkg().Path()+"."+o.Name())
			}
		}
	}
	sort.Slice(problems, func(i, j int) bool {
		a, b := problems[i], problems[j]
		return a.Unit < b.Unit || a.Unit == b.Unit && (a.Line < b.Line || a.Line == b.Line && a.Column < b.Column)
	})
	return problems
}

// build is called for a func without blocks: one of a source package is built by
// now, unless it is native.
func (p *program) build(*ssa.Function) {}

func (p *program) symbol(path, name string) (reflect.Value, bool) { return p.eng.find(path, name) }

// nativeType is the run-time type of a native named type.
func (p *program) nativeType(n *types.Named) reflect.Type {
	if n.TypeArgs().Len() > 0 {
		return nil
	}
	return p.eng.nativeType(n)
}

func (p *program) globalType(g *ssa.Global) reflect.Type {
	if t, ok := p.globals.Load(g); ok {
		return t.(reflect.Type)
	}
	t := p.types.typ(g.Type().Underlying().(*types.Pointer).Elem())
	p.globals.Store(g, t)
	return t
}

func (p *program) addSite(k site) uint32 {
	p.siteMu.Lock()
	defer p.siteMu.Unlock()
	if n, ok := p.siteKey[k]; ok {
		return n
	}
	n := uint32(len(p.sites))
	p.sites = append(p.sites, k)
	p.siteKey[k] = n
	return n
}

// localNumber is the number the compiler gives a type that a func declares; 0 for
// others.
func (p *program) localNumber(o *types.TypeName) int {
	if p.local == nil {
		p.local = map[token.Pos]int{}
		for _, f := range p.files {
			for _, d := range f.Decls {
				if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.TYPE {
					continue
				}
				ast.Inspect(d, func(n ast.Node) bool {
					if s, ok := n.(*ast.TypeSpec); ok && !s.Assign.IsValid() {
						p.local[s.Name.Pos()] = len(p.local) + 1
					}
					return true
				})
			}
		}
	}
	return p.local[o.Pos()]
}

// measureArrays lets a range over an array that is only measured count to its
// length: such an operand is not evaluated, while go/ssa would load it.
func measureArrays(f *ast.File, info *types.Info) {
	ast.Inspect(f, func(n ast.Node) bool {
		r, ok := n.(*ast.RangeStmt)
		if !ok || r.Value != nil {
			return true
		}
		t := info.TypeOf(r.X)
		if t == nil {
			return true
		}
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		a, ok := t.Underlying().(*types.Array)
		if !ok || evaluates(r.X, info) {
			return true
		}
		lit := &ast.BasicLit{ValuePos: r.X.Pos(), Kind: token.INT, Value: strconv.FormatInt(a.Len(), 10)}
		info.Types[lit] = types.TypeAndValue{Type: types.Typ[types.Int], Value: constant.MakeInt64(a.Len())}
		r.X = lit
		return true
	})
}

// evaluates says whether an expression has calls or receives.
func evaluates(e ast.Expr, info *types.Info) (does bool) {
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			does = does || info.Types[n].Value == nil && !info.Types[n.Fun].IsType()
		case *ast.UnaryExpr:
			does = does || n.Op == token.ARROW
		case *ast.FuncLit:
			return false
		}
		return true
	})
	return does
}

func (p *program) isUnsigned(site uint32) bool {
	_, ok := p.unsigned.Load(site)
	return ok
}

// callSite is where the code of a site was inlined, or 0.
func (p *program) callSite(n uint32) uint32 {
	p.siteMu.Lock()
	defer p.siteMu.Unlock()
	return p.sites[n].up
}

// frame describes a site; false for those of no user unit.
func (p *program) frame(n uint32) (wire.Frame, bool) {
	p.siteMu.Lock()
	s := p.sites[n]
	p.siteMu.Unlock()
	if !s.pos.IsValid() || s.fn.hidden {
		return wire.Frame{}, false
	}
	at := p.fset.Position(s.pos)
	if !p.isUnit(at.Filename) {
		return wire.Frame{}, false
	}
	name := strings.TrimPrefix(s.fn.name, "main.")
	return wire.Frame{Func: name, Unit: at.Filename, Line: at.Line, Column: at.Column}, true
}

func (p *program) isUnit(file string) bool {
	for _, u := range p.units {
		if u.ID == file {
			return true
		}
	}
	return false
}

// constant makes room for a constant, set once for each new frame.
func (x *fx) constant(c *ssa.Const) uintptr {
	key := constKey{t: c.Type()}
	if c.Value != nil {
		key.s = c.Value.ExactString()
	} else {
		key.s = "zero"
	}
	if o, ok := x.consts[key]; ok {
		return o
	}
	t := x.typ(c.Type())
	o := x.alloc(t)
	x.consts[key] = o
	if c.Value == nil {
		return o // frames begin as zeros
	}
	v := reflect.New(t).Elem()
	setConst(v, c.Value)
	r, cl := rt(t), classOf(t)
	if v.IsZero() && t.Kind() != reflect.Float64 && t.Kind() != reflect.Float32 {
		return o
	}
	src := v.Addr().UnsafePointer()
	x.c.consts = append(x.c.consts, func(_ *task, f ptr) { copyTo(cl, r, add(f, o), src) })
	return o
}

func setConst(v reflect.Value, c constant.Value) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(constant.BoolVal(c))
	case reflect.String:
		if c.Kind() == constant.Int {
			i, _ := constant.Int64Val(c)
			v.SetString(string(rune(i)))
			return
		}
		v.SetString(constant.StringVal(c))
	case reflect.Float32:
		f, _ := constant.Float32Val(constant.ToFloat(c))
		v.SetFloat(float64(f))
	case reflect.Float64:
		f, _ := constant.Float64Val(constant.ToFloat(c))
		v.SetFloat(f)
	case reflect.Complex64, reflect.Complex128:
		c = constant.ToComplex(c)
		re, _ := constant.Float64Val(constant.Real(c))
		im, _ := constant.Float64Val(constant.Imag(c))
		v.SetComplex(complex(re, im))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		i, _ := constant.Int64Val(constant.ToInt(c))
		v.SetInt(i)
	case reflect.UnsafePointer:
		i, _ := constant.Uint64Val(constant.ToInt(c))
		*(*uintptr)(v.Addr().UnsafePointer()) = uintptr(i)
	default:
		i, _ := constant.Uint64Val(constant.ToInt(c))
		v.SetUint(i)
	}
}

// method finds the func that runs a method of a dynamic type; nil when it is
// native code's.
func (p *program) method(r *rtype, m *types.Func) *fn {
	type key struct {
		r *rtype
		m string
	}
	id := m.Name()
	if !m.Exported() && m.Pkg() != nil {
		id = m.Pkg().Path() + "." + id
	}
	k := key{r, id}
	if f, ok := p.methods.Load(k); ok {
		return f.(*fn)
	}
	var f *fn
	if v, ok := made.byType.Load(r); ok {
		u := v.(*userType)
		if t := p.typeOf(u); t != nil {
			if r == u.ptrTyp {
				t = types.NewPointer(t)
			}
			f = p.methodOf(t, m.Name(), m.Pkg())
		}
	}
	p.methods.Store(k, f)
	return f
}

func (p *program) methodOf(t types.Type, name string, pkg *types.Package) *fn {
	sel := p.ssa.MethodSets.MethodSet(t).Lookup(pkg, name)
	if sel == nil {
		return nil
	}
	s := p.ssa.MethodValue(sel)
	if s == nil {
		return nil
	}
	if len(s.Blocks) == 0 && intrinsics[originName(s)] == nil && p.nativeFunc(s) == nil {
		return nil
	}
	return p.fn(s)
}

// methodFn finds the func behind a method that native code calls.
func (p *program) methodFn(m *userMethod) *fn {
	if f, ok := p.entries.Load(m); ok {
		return f.(*fn)
	}
	t := p.typeOf(m.of)
	if t == nil {
		panic(engineFailure{"type " + m.of.name + " is not of this program"})
	}
	if m.pointer {
		t = types.NewPointer(t)
	}
	f := p.methodOf(t, m.name, p.pkg)
	if f == nil {
		panic(engineFailure{"method " + m.of.name + "." + m.name + " is not of this program"})
	}
	p.entries.Store(m, f)
	return f
}

// typeOf finds this program's type that a run-time type stands for.
func (p *program) typeOf(u *userType) types.Type {
	if t, ok := p.plainTypes.Load(u); ok {
		return t.(types.Type)
	}
	find := func() types.Type {
		made.Lock()
		defer made.Unlock()
		for n, o := range p.types.named {
			if o == u {
				return n
			}
		}
		return nil
	}
	if t := find(); t != nil {
		return t
	}
	// A value from before this program: its type has not been met here yet.
	for _, pkg := range p.user {
		for _, name := range pkg.Scope().Names() {
			if tn, ok := pkg.Scope().Lookup(name).(*types.TypeName); ok && !tn.IsAlias() {
				if n, ok := tn.Type().(*types.Named); ok && n.TypeParams().Len() == 0 {
					p.types.typ(n)
				}
			}
		}
	}
	return find()
}

func (p *program) funcTypeOf(f *fn) reflect.Type { return p.types.typ(f.ssa.Signature) }

// method is the func type of a method's code: the receiver's word first.
func (t *typer) method(ft reflect.Type) reflect.Type {
	in := []reflect.Type{reflect.TypeFor[ptr]()}
	for i := range ft.NumIn() {
		in = append(in, ft.In(i))
	}
	var out []reflect.Type
	for i := range ft.NumOut() {
		out = append(out, ft.Out(i))
	}
	return reflect.FuncOf(in, out, ft.IsVariadic())
}

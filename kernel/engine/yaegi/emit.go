package yaegi

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"runtime/debug"
	"strings"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/wire"
)

// emitter writes one unit, and what it needs that was not written before.
type emitter struct {
	*written
	l    *lineage
	unit string
	env  env
	info *types.Info
	src  *engine.Source

	// Of the func being written.
	out    *strings.Builder
	indent int
	fn     *fnState
	names  map[types.Object]string
	used   map[string]int
	facts  *facts
	at     token.Pos // the statement being written
}

// written is what the unit's text is made of so far.
type written struct {
	decls   []string // whole top-level declarations, done
	inits   []string // statements that set package-level variables, in order
	queue   []body
	imports map[string]string // import path to name
	outside bool              // something may wake the program from outside
	doubts  []doubt
}

// fnState is the innermost func or closure being written.
type fnState struct {
	outer   *fnState
	number  int
	sig     *types.Signature
	results []string // names that hold the results, when the func has defers
	defers  bool
	deferV  string // name of its *Defers, visible to deferred literals
	recover string // what recover() means here: name of a *Defers, "" none
	iter    *iterState
	loops   []*loopState
	user    bool
}

// refusal is what refuse panics with.
type refusal struct{ wire.Problem }

// refuse ends the writing of the unit: yaegi cannot be given this.
func (e *emitter) refuse(at token.Pos, code, what string) {
	panic(refusal{e.problemAt(at, code, "the yaegi engine does not run "+what)})
}

// tellsPlace are what a program asks where it stands with: here it would hear of
// yaegi's own code.
var tellsPlace = map[string]bool{
	"runtime.Caller": true, "runtime.Callers": true, "runtime.CallersFrames": true, "runtime.FuncForPC": true, "runtime.Stack": true,
	"runtime/debug.Stack": true, "runtime/debug.PrintStack": true, "log.Lshortfile": true, "log.Llongfile": true,
	"log/slog.AddSource": true, "log/slog.Source": true, "log/slog.PC": true,
}

func (e *emitter) refusePlaces(f *ast.File) {
	ast.Inspect(f, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if o := e.info.Uses[id]; o != nil && o.Pkg() != nil && tellsPlace[o.Pkg().Path()+"."+o.Name()] {
				e.refuse(id.Pos(), "place", path.Base(o.Pkg().Path())+"."+o.Name()+": the places it tells would be the engine's own")
			}
		}
		return true
	})
}

// problemAt places a problem; what stands in a library is the unit's that uses it.
func (e *emitter) problemAt(at token.Pos, code, message string) wire.Problem {
	p := e.l.front.Fset.Position(at)
	if p.Filename != e.unit {
		if p.Filename != "" {
			message += " (used in " + p.Filename + ")"
		}
		p.Line, p.Column = 1, 1
	}
	return wire.Problem{Unit: e.unit, Line: p.Line, Column: p.Column, Code: code, Message: message}
}

// line writes one line of the func being written.
func (e *emitter) line(format string, args ...any) {
	for range e.indent {
		e.out.WriteByte('\t')
	}
	fmt.Fprintf(e.out, format, args...)
	e.out.WriteByte('\n')
}

// typeOf is the type of an expression, with type parameters replaced.
func (e *emitter) typeOf(x ast.Expr) types.Type {
	if tv, ok := e.info.Types[x]; ok {
		return e.subst(tv.Type)
	}
	if id, ok := x.(*ast.Ident); ok {
		if o := e.object(id); o != nil {
			return e.subst(o.Type())
		}
	}
	e.refuse(x.Pos(), "type", "an expression without a type")
	return nil
}

func (e *emitter) object(id *ast.Ident) types.Object {
	if o := e.info.Uses[id]; o != nil {
		return o
	}
	return e.info.Defs[id]
}

// braces opens a block of the text and returns what closes it.
func (e *emitter) braces() (end func()) {
	e.line("{")
	e.indent++
	return func() {
		e.indent--
		e.line("}")
	}
}

// importName makes a package known to the text and returns its name there.
func (e *emitter) importName(p *types.Package) string {
	if n, ok := e.imports[p.Path()]; ok {
		return n
	}
	n := importAlias(p.Path())
	e.imports[p.Path()] = n
	return n
}

func importAlias(path string) string {
	return strings.Map(func(r rune) rune {
		if r == '/' || r == '.' || r == '-' {
			return '_'
		}
		return r
	}, path) + "ǁ"
}

// needSymbol refuses what the symbol tables lack, and notes what may wake the program
// from outside.
func (e *emitter) needSymbol(p *types.Package, name string, at token.Pos) {
	e.outside = e.outside || engine.WakesOutside(p.Path(), name)
	if !e.l.symbols[p.Path()+"."+name] {
		e.refuse(at, "no-symbol", fmt.Sprintf("%s.%s, which is not in its tables", path.Base(p.Path()), name))
	}
}

// helper adds a small top-level func once and returns its name. text has the name
// as %s at its beginning.
func (e *emitter) helper(prefix, text string) string {
	if n, ok := e.l.helpers[text]; ok {
		return n
	}
	e.l.serial++
	n := fmt.Sprintf("%sǁ%d", prefix, e.l.serial)
	e.l.helpers[text] = n
	e.decls = append(e.decls, strings.Replace(text, "%s", n, 1))
	return n
}

// local names a local variable: every one of a func has a name of its own, since
// yaegi's scopes are not Go's.
func (e *emitter) local(o types.Object) string {
	if n, ok := e.names[o]; ok {
		return n
	}
	base := clean(o.Name())
	if base == "_" || base == "" {
		base = "pǁ"
	}
	e.used[base]++
	n := base
	if c := e.used[base]; c > 1 || types.Universe.Lookup(base) != nil || base == "main" || base == "init" {
		n = fmt.Sprintf("%sˑ%d", base, c)
	}
	e.names[o] = n
	return n
}

// fresh is a name nobody has.
func (e *emitter) fresh(prefix string) string {
	e.l.serial++
	return fmt.Sprintf("%sǂ%d", prefix, e.l.serial)
}

// onBug, when set by a test, hears of an emitter that failed.
var onBug func(r any, stack []byte)

// refused turns a panic of the emitter into a problem of the unit. One that is no
// refusal is a bug of ours: the program is refused all the same, and the server
// lives.
func (e *emitter) refused(problem **wire.Problem) {
	r := recover()
	if r == nil {
		return
	}
	ref, ok := r.(refusal)
	if !ok {
		if onBug != nil {
			onBug(r, debug.Stack())
		}
		ref.Problem = e.problemAt(e.at, "bug", fmt.Sprintf("the yaegi engine failed to write this: %v", r))
	}
	*problem = &ref.Problem
}

// drain writes the queued funcs until none is left.
func (e *emitter) drain() {
	for len(e.queue) > 0 {
		b := e.queue[0]
		e.queue = e.queue[1:]
		e.writeFunc(b)
	}
}

// writeFunc writes one declared func.
func (e *emitter) writeFunc(b body) {
	saved := *e
	defer func() { *e = saved }()
	e.env, e.src = b.env, b.src
	if b.src != nil {
		e.info = b.src.Info
	}
	e.names, e.used = map[types.Object]string{}, map[string]int{}
	e.out, e.indent = &strings.Builder{}, 1
	if b.decl.Body == nil {
		e.refuse(b.decl.Pos(), "no-body", "the func "+b.obj.Name()+", which has no Go body")
	}
	e.facts = e.analyse(b.decl)
	sig := b.obj.Type().(*types.Signature)
	pos := e.l.front.Fset.Position(b.decl.Name.Pos())
	number := e.newFn(fnInfo{display: displayName(b), emitted: b.name, user: b.user, unit: pos.Filename, line: pos.Line, col: pos.Column})
	var params []string
	if r := sig.Recv(); r != nil {
		params = append(params, e.local(r)+" "+e.typ(r.Type(), b.decl.Pos()))
	}
	var names []string
	for v := range sig.Params().Variables() {
		names = append(names, e.local(v))
	}
	text := e.sig(sig, names, b.decl.Pos())
	if len(params) > 0 {
		sep := ", "
		if sig.Params().Len() == 0 {
			sep = ""
		}
		text = "(" + params[0] + sep + text[1:]
	}
	name := b.name
	if e.facts.recovers[b.decl] {
		// The variant that a defer statement calls is told whose panic it may take.
		text2 := "(recǁ *rtǁ.Defers, " + text[1:]
		if strings.HasPrefix(text, "()") {
			text2 = "(recǁ *rtǁ.Defers" + text[1:]
		}
		pass := append([]string(nil), names...)
		if r := sig.Recv(); r != nil {
			pass = append([]string{e.local(r)}, pass...)
		}
		if sig.Variadic() {
			pass[len(pass)-1] += "..."
		}
		ret := ""
		if sig.Results().Len() > 0 {
			ret = "return "
		}
		e.decls = append(e.decls, fmt.Sprintf("func %s%s { %s%s(%s) }", name, text, ret, name+"R", strings.Join(append([]string{"nil"}, pass...), ", ")))
		name, text = name+"R", text2
	}
	vars := append([]*types.Var(nil), varsOf(sig.Params())...)
	if r := sig.Recv(); r != nil {
		vars = append([]*types.Var{r}, vars...)
	}
	rec := ""
	if e.facts.recovers[b.decl] {
		rec = "recǁ"
	}
	e.funcBody(sig, vars, b.decl.Body, number, rec, b.decl, b.user)
	e.decls = append(e.decls, fmt.Sprintf("func %s%s {\n%s}", name, text, e.out.String()))
}

func varsOf(t *types.Tuple) []*types.Var {
	var vs []*types.Var
	for i := range t.Len() {
		vs = append(vs, t.At(i))
	}
	return vs
}

func displayName(b body) string {
	n := engine.FuncKey(b.decl)
	if b.src != nil {
		n = path.Base(b.src.Path) + "." + n
	}
	return n
}

func (e *emitter) newFn(f fnInfo) int {
	e.l.fns = append(e.l.fns, f)
	n := len(e.l.fns) - 1
	e.decls = append(e.decls, fmt.Sprintf("var posǁ%d int", n))
	return n
}

// funcBody writes what is between the braces of a func or closure.
func (e *emitter) funcBody(sig *types.Signature, params []*types.Var, b *ast.BlockStmt, number int, rec string, node ast.Node, user bool) {
	f := &fnState{outer: e.fn, number: number, sig: sig, recover: rec, user: user}
	e.fn = f
	defer func() { e.fn = f.outer }()
	if e.facts.calls[node] {
		e.checkpoint()
	}
	for _, p := range params {
		if e.facts.cell(p) && p.Name() != "_" && p.Name() != "" {
			n := e.names[p]
			e.names[p] = n + "c"
			e.line("%sc := new(%s)", n, e.typ(p.Type(), b.Pos()))
			e.line("*%sc = %s", n, n)
		}
	}
	f.defers = e.facts.defers[node]
	named := sig.Results().Len() > 0 && sig.Results().At(0).Name() != ""
	if named || f.defers {
		for i := range sig.Results().Len() {
			v := sig.Results().At(i)
			var n string
			if v.Name() != "" && v.Name() != "_" {
				n = e.local(v)
			} else {
				n = e.fresh("r")
			}
			t := e.typ(v.Type(), b.Pos())
			if e.facts.cell(v) {
				e.line("%s := new(%s)", n, t)
				n = "(*" + n + ")"
			} else {
				e.line("var %s %s", n, t)
			}
			f.results = append(f.results, n)
		}
	}
	if !f.defers {
		e.block(b.List)
		if len(f.results) > 0 && named {
			e.line("return %s", strings.Join(f.results, ", "))
		}
		return
	}
	f.deferV = e.fresh("d")
	e.line("rtǁ.Defer(func(%s *rtǁ.Defers) {", f.deferV)
	e.indent++
	e.block(b.List)
	e.indent--
	e.line("})")
	if len(f.results) > 0 {
		e.line("return %s", strings.Join(f.results, ", "))
	}
}

// call returns the name of a declared func of the program, of the veneer, or of a
// generic library package; the func is written when it is not yet.
func (e *emitter) funcName(o *types.Func, args []types.Type, at token.Pos) string {
	o = o.Origin()
	sig := o.Type().(*types.Signature)
	k := funcKey(o, args)
	if n, ok := e.l.funcs[k]; ok {
		return n
	}
	params := sig.TypeParams()
	if r := sig.RecvTypeParams(); r.Len() > 0 {
		params = r
	}
	b := body{obj: o, env: bind(params, args)}
	if o.Pkg() == e.l.pkg {
		b.decl, b.user, b.unit = e.l.declOf(o), true, e.unit
	} else {
		src, err := e.l.front.Source(o.Pkg().Path())
		if err != nil || src == nil {
			e.refuse(at, "no-source", fmt.Sprintf("%s.%s, whose source is not at hand", o.Pkg().Name(), o.Name()))
		}
		b.src = src
		b.decl = src.Funcs[localKey(o)]
		if b.decl != nil {
			// The object of the source has the type parameters its body uses.
			if so, ok := src.Info.Defs[b.decl.Name].(*types.Func); ok {
				b.obj = so
				s := so.Type().(*types.Signature)
				ps := s.TypeParams()
				if r := s.RecvTypeParams(); r.Len() > 0 {
					ps = r
				}
				b.env = bind(ps, args)
			}
		}
	}
	if b.decl == nil {
		e.refuse(at, "no-source", fmt.Sprintf("%s.%s, whose source is not at hand", o.Pkg().Name(), o.Name()))
	}
	e.l.serial++
	b.name = fmt.Sprintf("%sǁ%d", clean(o.Name()), e.l.serial)
	if r := sig.Recv(); r != nil {
		b.name = clean(recvName(r)) + "ǃ" + b.name
	}
	e.l.funcs[k] = b.name
	e.queue = append(e.queue, b)
	return b.name
}

func recvName(r *types.Var) string {
	t := types.Unalias(r.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if n, ok := t.(*types.Named); ok {
		return n.Obj().Name()
	}
	return "T"
}

func localKey(o *types.Func) string {
	if r := o.Type().(*types.Signature).Recv(); r != nil {
		return recvName(r) + "." + o.Name()
	}
	return o.Name()
}

func funcKey(o *types.Func, args []types.Type) string {
	var b strings.Builder
	if o.Pkg() != nil {
		b.WriteString(o.Pkg().Path() + ".")
	}
	b.WriteString(localKey(o))
	if o.Pkg() != nil && o.Pkg().Path() == "main" {
		fmt.Fprintf(&b, "@%d", o.Pos())
	}
	for _, a := range args {
		b.WriteByte('|')
		writeKey(&b, a)
	}
	return b.String()
}

package lower

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"stnb.dev/notebook/check"
	"stnb.dev/notebook/syntax"
)

// rawSuffix names the func itself when its name is that of its cached form.
const rawSuffix = "ʹ00"

// caches renames the funcs with the directive //st:cache; wrapper gives their
// names to funcs that ask the cache first.
func (l *lowering) caches() {
	l.cached, _ = l.cell.Caches()
	for _, c := range l.cached {
		l.edits.replace[l.offset(c.Func.Name.Pos())] = c.Func.Name.Name + rawSuffix
	}
}

// wrapper writes the cached form of a func.
func (l *lowering) wrapper(c syntax.Cache) {
	fn, ok := l.file.Info().Defs[c.Func.Name].(*types.Func)
	if !ok {
		return
	}
	l.imports.add(corePath, coreName)
	sig := fn.Signature()
	var params, args, results []string
	for i := range sig.Params().Len() {
		name := fmt.Sprintf("aʹ%d", i)
		t := l.imports.typeText(sig.Params().At(i).Type())
		args = append(args, name)
		if sig.Variadic() && i == sig.Params().Len()-1 {
			t = "..." + strings.TrimPrefix(t, "[]")
		}
		params = append(params, name+" "+t)
	}
	values := make([]string, sig.Results().Len())
	for i := range values {
		values[i] = fmt.Sprintf("vʹ%d", i)
		results = append(results, fmt.Sprintf("rʹ%d %s", i, l.imports.typeText(sig.Results().At(i).Type())))
	}
	call := fn.Name() + rawSuffix + "(" + strings.Join(args, ", ")
	if sig.Variadic() {
		call += "..."
	}
	w := l.w
	w.line("func " + fn.Name() + "(" + strings.Join(params, ", ") + ") (" + strings.Join(results, ", ") + ") {")
	w.indent++
	w.line(fmt.Sprintf("oʹ := %s.CacheCall(%q, %s, []any{%s}, func() []any {", coreName, check.Typed(fn.Name()), l.cacheOptions(c, fn), strings.Join(args, ", ")))
	w.indent++
	w.line(strings.Join(values, ", ") + " := " + call + ")")
	w.line("return []any{" + strings.Join(values, ", ") + "}")
	w.indent--
	w.line("})")
	for i := range values {
		// Nil comes back as nil, of no type.
		w.line(fmt.Sprintf("rʹ%d, _ = oʹ[%d].(%s)", i, i, l.imports.typeText(sig.Results().At(i).Type())))
	}
	w.line("return")
	w.indent--
	w.line("}")
	w.out.WriteByte('\n')
}

func (l *lowering) cacheOptions(c syntax.Cache, fn *types.Func) string {
	fields := []string{"Code: " + strconv.Quote(l.codeHash(fn))}
	if c.Resource {
		fields = append(fields, "Resource: true")
	}
	if c.TTL > 0 {
		fields = append(fields, fmt.Sprintf("TTL: %d", c.TTL.Nanoseconds()))
	}
	if c.Max > 0 {
		fields = append(fields, fmt.Sprintf("MaxEntries: %d", c.Max))
	}
	if c.Disk {
		fields = append(fields, "OnDisk: true")
	}
	return coreName + ".CacheOptions{" + strings.Join(fields, ", ") + "}"
}

// codeHash identifies what a func does: its text as typed, without comments and
// layout, and that of the funcs, types and constants of the notebook it uses.
func (l *lowering) codeHash(fn *types.Func) string {
	h := sha256.New()
	done := map[types.Object]bool{}
	todo := []types.Object{fn}
	for len(todo) > 0 {
		obj := todo[0]
		todo = todo[1:]
		if done[obj] {
			continue
		}
		done[obj] = true
		file, node := l.declaration(obj)
		if node == nil {
			continue
		}
		from, to := file.Cell.Offset(node.Pos()), file.Cell.Offset(node.End())
		for _, t := range file.Cell.Tokens {
			if from <= t.Offset && t.Offset < to && (t.Tok != token.SEMICOLON || t.Lit == ";") {
				h.Write([]byte(check.Typed(t.Lit)))
				h.Write([]byte{0})
			}
		}
		var uses []types.Object
		ast.Inspect(node, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				if used := file.Info().Uses[id]; used != nil && check.Ours(used) && !slices.Contains(uses, used) {
					uses = append(uses, used)
				}
			}
			return true
		})
		todo = append(todo, uses...)
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// declaration finds the text that declares a func, method, type or constant. A
// variable has none that counts: what it holds is not the func's code.
func (l *lowering) declaration(obj types.Object) (*check.File, ast.Node) {
	switch obj.(type) {
	case *types.Func, *types.TypeName, *types.Const:
	default:
		return nil, nil
	}
	for _, f := range l.res.Files {
		if f == nil || !f.Cell.Contains(obj.Pos()) {
			continue
		}
		for _, d := range f.Cell.Decls {
			if d.Pos() > obj.Pos() || obj.Pos() >= d.End() {
				continue
			}
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.TYPE {
				for _, spec := range g.Specs {
					if spec.Pos() <= obj.Pos() && obj.Pos() < spec.End() {
						return f, spec
					}
				}
			}
			return f, d
		}
	}
	return nil, nil
}

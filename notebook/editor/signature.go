package editor

import (
	"go/ast"
	"go/types"
	"strings"

	"stnb.dev/notebook/build"
	"stnb.dev/notebook/check"
	"stnb.dev/notebook/source"
)

// Signed is the func that is being called at a place.
type Signed struct {
	Label string `json:"label"`
	Doc   string `json:"doc,omitempty"`
	// Active is where in Label the current parameter stands: begin and end.
	Active *[2]int `json:"active,omitempty"`
}

// Signature tells the parameters of the call a position is in; nil outside calls.
func Signature(s *build.Snapshot, at source.Position) *Signed {
	view, ok := s.View(at.Cell)
	if !ok {
		return nil
	}
	sp, ok := probe(s, view.Cell, offset(view.Cell.Source, at.Line, at.Column))
	if !ok {
		return nil
	}
	call := enclosing(sp)
	if call == nil {
		return nil
	}
	info := sp.view.File.Info()
	tv := info.Types[call.Fun]
	sig, ok := types.Unalias(tv.Type).(*types.Signature)
	if !ok {
		if tv.Type == nil || tv.IsType() {
			return nil
		}
		if sig, ok = tv.Type.Underlying().(*types.Signature); !ok {
			return nil
		}
	}
	active := 0
	for _, arg := range call.Args {
		if arg.End() < sp.id.Pos() {
			active++
		}
	}
	title, doc := "func", ""
	if obj := callee(info, call.Fun); obj != nil {
		title = check.Typed(obj.Name())
		n := &name{snap: sp.snap, obj: obj}
		doc = firstParagraph(n.doc())
	}
	return signed(title, sig, active, doc)
}

// signed writes a signature and finds the current parameter in it.
func signed(title string, sig *types.Signature, active int, doc string) *Signed {
	out := &Signed{Doc: doc}
	var b strings.Builder
	b.WriteString(title + "(")
	params := sig.Params()
	for i := range params.Len() {
		if i > 0 {
			b.WriteString(", ")
		}
		start := b.Len()
		p := params.At(i)
		if p.Name() != "" {
			b.WriteString(p.Name() + " ")
		}
		last := i == params.Len()-1
		if slice, ok := p.Type().(*types.Slice); ok && last && sig.Variadic() {
			b.WriteString("..." + check.Typed(types.TypeString(slice.Elem(), qualify)))
		} else {
			b.WriteString(check.Typed(types.TypeString(p.Type(), qualify)))
		}
		if i == active || last && sig.Variadic() && active > i {
			out.Active = &[2]int{start, b.Len()}
		}
	}
	b.WriteString(")")
	switch results := sig.Results(); {
	case results.Len() == 1 && results.At(0).Name() == "":
		b.WriteString(" " + check.Typed(types.TypeString(results.At(0).Type(), qualify)))
	case results.Len() > 0:
		b.WriteString(" " + check.Typed(types.TypeString(results, qualify)))
	}
	out.Label = b.String()
	return out
}

// enclosing is the innermost call whose arguments the spot is among.
func enclosing(sp *spot) *ast.CallExpr {
	for i := len(sp.path) - 1; i >= 0; i-- {
		switch n := sp.path[i].(type) {
		case *ast.BlockStmt, *ast.FuncLit:
			return nil
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); n.Lparen < sp.id.Pos() && (!ok || !strings.HasSuffix(id.Name, "ʹ")) {
				return n
			}
		}
	}
	return nil
}

func callee(info *types.Info, fun ast.Expr) types.Object {
	switch x := ast.Unparen(fun).(type) {
	case *ast.Ident:
		return info.Uses[x]
	case *ast.SelectorExpr:
		return info.Uses[x.Sel]
	case *ast.IndexExpr:
		return callee(info, x.X)
	case *ast.IndexListExpr:
		return callee(info, x.X)
	}
	return nil
}

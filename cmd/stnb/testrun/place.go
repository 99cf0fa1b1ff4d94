package testrun

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"stnb.dev/kernel/symbols/exports"
)

// Package testing puts the place of its caller before a message, and the caller is
// the engine, not the line of the test. So the line is written into the message:
// calls of t.Errorf and its like get it as an argument, and what apptest reports
// gets that of the statement reached last. Mark stands before such a line: who
// prints the output drops the place that testing put there.

// Mark stands before the place in a test's file, behind that of package testing.
const Mark = "\x1f"

var last atomic.Pointer[string]

// reached notes the statement that begins.
func reached(file string, line int) {
	s := fmt.Sprintf("%s:%d", file, line)
	last.Store(&s)
}

func place() string {
	if s := last.Load(); s != nil {
		return *s
	}
	return ""
}

// located is a test that says where its messages come from.
type located struct {
	testing.TB
	where func() string
}

func (l located) at() string { return Mark + l.where() + ": " }

func (l located) Error(args ...any) { l.TB.Helper(); l.TB.Error(l.at() + fmt.Sprint(args...)) }
func (l located) Errorf(f string, args ...any) {
	l.TB.Helper()
	l.TB.Error(l.at() + fmt.Sprintf(f, args...))
}
func (l located) Fatal(args ...any) { l.TB.Helper(); l.TB.Fatal(l.at() + fmt.Sprint(args...)) }
func (l located) Fatalf(f string, args ...any) {
	l.TB.Helper()
	l.TB.Fatal(l.at() + fmt.Sprintf(f, args...))
}
func (l located) Log(args ...any) { l.TB.Helper(); l.TB.Log(l.at() + fmt.Sprint(args...)) }
func (l located) Logf(f string, args ...any) {
	l.TB.Helper()
	l.TB.Log(l.at() + fmt.Sprintf(f, args...))
}

// reporting are the methods of *testing.T that print their place, and whether
// their first argument is a format.
var reporting = map[string]bool{
	"Error": false, "Fatal": false, "Log": false, "Skip": false,
	"Errorf": true, "Fatalf": true, "Logf": true, "Skipf": true,
}

// read finds a file's tests and makes it a part of package main that tells its
// places. Lines stay where they are.
func read(file, text string) (source string, tests []string, err error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, file, text, parser.SkipObjectResolution)
	if err != nil {
		return "", nil, err
	}
	base := filepath.Base(file)
	at := func(p token.Pos) token.Position { return fset.Position(p) }
	type insert struct {
		offset  int
		text    string
		instead int // bytes that it takes the place of
	}
	var inserts []insert
	add := func(p token.Pos, text string) { inserts = append(inserts, insert{at(p).Offset, text, 0}) }
	statements := func(list []ast.Stmt) {
		for _, s := range list {
			if _, empty := s.(*ast.EmptyStmt); !empty {
				add(s.Pos(), fmt.Sprintf("%s(%q, %d); ", marker, base, at(s.Pos()).Line))
			}
		}
	}
	ts, tester := testers(f), importName(f)
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && isTest(fn) {
			tests = append(tests, fn.Name.Name)
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			// A generic func has no compiled form to bind: the driver's own stands for it.
			if x, ok := n.X.(*ast.Ident); ok && x.Name == tester && n.Sel.Name == "State" {
				inserts = append(inserts, insert{at(n.Pos()).Offset, stateOf, int(n.End() - n.Pos())})
			}
		case *ast.SwitchStmt:
			for _, c := range n.Body.List {
				statements(c.(*ast.CaseClause).Body)
			}
		case *ast.TypeSwitchStmt:
			for _, c := range n.Body.List {
				statements(c.(*ast.CaseClause).Body)
			}
		case *ast.SelectStmt:
			for _, c := range n.Body.List {
				statements(c.(*ast.CommClause).Body)
			}
		case *ast.BlockStmt:
			if len(n.List) > 0 {
				switch n.List[0].(type) {
				case *ast.CaseClause, *ast.CommClause: // of the statements above
				default:
					statements(n.List)
				}
			}
		case *ast.CallExpr:
			sel, ok := n.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			x, ok := sel.X.(*ast.Ident)
			format, reports := reporting[sel.Sel.Name]
			if !ok || !reports || !slices.Contains(ts, x.Name) || len(n.Args) == 0 {
				return true
			}
			where := fmt.Sprintf("%q", fmt.Sprintf("%s%s:%d:", Mark, base, at(n.Pos()).Line))
			if format {
				add(n.Lparen+1, where+"+\" \"+")
			} else {
				add(n.Lparen+1, where+", ")
			}
		}
		return true
	})
	slices.SortStableFunc(inserts, func(a, b insert) int { return a.offset - b.offset })
	from := at(f.Name.Pos()).Offset
	var b strings.Builder
	b.WriteString(text[:from] + "main")
	done := from + len(f.Name.Name)
	for _, in := range inserts {
		b.WriteString(text[done:in.offset] + in.text)
		done = in.offset + in.instead
	}
	b.WriteString(text[done:])
	return b.String(), tests, nil
}

// importName is what the file calls package apptest.
func importName(f *ast.File) string {
	for _, spec := range f.Imports {
		if spec.Path.Value == strconv.Quote(exports.Tester) && spec.Name != nil {
			return spec.Name.Name
		}
	}
	return path.Base(exports.Tester)
}

// testers are the names of parameters that are a *testing.T or its like.
func testers(f *ast.File) (names []string) {
	ast.Inspect(f, func(n ast.Node) bool {
		fn, ok := n.(*ast.FuncType)
		if !ok {
			return true
		}
		for _, field := range fn.Params.List {
			t := field.Type
			if star, ok := t.(*ast.StarExpr); ok {
				t = star.X
			}
			sel, ok := t.(*ast.SelectorExpr)
			if pkg, isIdent := selX(sel, ok); !isIdent || pkg != "testing" {
				continue
			}
			for _, name := range field.Names {
				names = append(names, name.Name)
			}
		}
		return true
	})
	return names
}

func selX(sel *ast.SelectorExpr, ok bool) (string, bool) {
	if !ok {
		return "", false
	}
	x, ok := sel.X.(*ast.Ident)
	if !ok {
		return "", false
	}
	return x.Name, true
}

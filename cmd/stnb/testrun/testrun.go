// Package testrun runs the tests of apps: Go test files beside notebooks, which
// import appmode/apptest and which go test could run as they are. Here an engine
// runs them, so that no Go toolchain is needed.
//
// It is Go's own package testing that runs the tests, so subtests, -run patterns,
// Skip, Cleanup and the output are those of go test.
package testrun

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"stnb.dev/appmode/apptest"
	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/engine/ssa"
	"stnb.dev/kernel/symbols"
	"stnb.dev/kernel/symbols/api"
	"stnb.dev/kernel/symbols/exports"
	"stnb.dev/kernel/wire"
)

// Config is what to run. Everything stands in the current folder.
type Config struct {
	Tests     []string // test files
	Notebooks []string // that must open without a fault
	Match     string   // regular expression of the tests' names, as go test's -run; "" is all
	Verbose   bool
	Engine    string // of the notebooks
}

// Run runs the tests and ends the process: with status 0 when all passed, else
// with 1. It returns just when they cannot be run.
func Run(c Config) error {
	tests, err := load(c.Tests)
	if err != nil {
		return err
	}
	for _, name := range c.Notebooks {
		tests = append(tests, opens(name, c.Engine))
	}
	testing.Init()
	args := []string{fmt.Sprintf("-test.v=%t", c.Verbose), "-test.run=" + c.Match, "-test.timeout=10m"}
	if err := flag.CommandLine.Parse(args); err != nil {
		return err
	}
	testing.Main(func(pattern, name string) (bool, error) {
		re, err := regexp.Compile(pattern)
		if err != nil {
			return false, err
		}
		return re.MatchString(name), nil
	}, tests, nil, nil)
	return nil
}

// opens is the test every notebook has: its first run shows no fault.
func opens(name, engine string) testing.InternalTest {
	return testing.InternalTest{Name: "opens/" + filepath.Base(name), F: func(t *testing.T) {
		apptest.Open(located{t, func() string { return name }}, name, apptest.Engine(engine)).MustWork()
	}}
}

// driven are the names that the driver adds to a test's package.
const (
	current = "stnbCurrent"
	driver  = "stnbRun"
	marker  = "stnbAt"
	stateOf = "stnbState" // apptest.State
)

// load compiles test files; they are one package.
func load(files []string) ([]testing.InternalTest, error) {
	var units []wire.Unit
	var names []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		source, found, err := read(file, string(text))
		if err != nil {
			return nil, err
		}
		units = append(units, wire.Unit{ID: file, Source: source})
		names = append(names, found...)
	}
	if len(names) == 0 {
		return nil, nil
	}
	units = append(units, wire.Unit{ID: driver, Source: fmt.Sprintf(
		`package main

import (
	"testing"

	"stnb.dev/appmode/apptest"
)

var %s *testing.T

var %s func(file string, line int)

func %s[T any](at *apptest.App, key string) (v T, ok bool) {
	ok = at.State(key, &v)
	return v, ok
}
`, current, marker, stateOf)})
	for i, name := range names {
		units = append(units, wire.Unit{
			ID: unit(i), Func: unit(i),
			Source: fmt.Sprintf("package main\n\nfunc %s() { %s(%s) }\n", unit(i), name, current),
		})
	}
	source := ssa.New(library())
	if dir, err := filepath.Abs(filepath.Dir(files[0])); err == nil {
		source.Open(dir)
	}
	program, problems := source.Compile(nil, units)
	if len(problems) > 0 {
		var list []error
		for _, p := range problems {
			if !strings.HasPrefix(p.Unit, driver) { // which only lacks what these have
				list = append(list, fmt.Errorf("%s:%d: %s", p.Unit, p.Line, p.Message))
			}
		}
		return nil, errors.Join(list...)
	}
	instance, err := program.NewInstance(engine.Bindings{exports.Tester: {
		"Open": reflect.ValueOf(func(t testing.TB, name string, opts ...apptest.Option) *apptest.App {
			return apptest.Open(located{t, place}, name, opts...)
		}),
		"Write": reflect.ValueOf(func(t testing.TB, text string, opts ...apptest.Option) *apptest.App {
			return apptest.Write(located{t, place}, text, opts...)
		}),
	}})
	if err != nil {
		return nil, describe(err)
	}
	at, ok := instance.Lookup(current)
	mark, marks := instance.Lookup(marker)
	if !ok || !marks {
		return nil, errors.New("the tests were not compiled")
	}
	mark.V.Set(reflect.ValueOf(reached))
	var tests []testing.InternalTest
	for i, name := range names {
		tests = append(tests, testing.InternalTest{Name: name, F: func(t *testing.T) {
			// Package testing starts tests one after the other; a parallel one has
			// read this before it lets the next begin.
			at.V.Set(reflect.ValueOf(t))
			if err := instance.Call(context.Background(), unit(i)); err != nil {
				t.Error(Mark + describe(err).Error())
			}
		}})
	}
	return tests, nil
}

func unit(i int) string { return fmt.Sprint(driver, i) }

// library is what tests can import beside the standard library.
func library() symbols.Table {
	all := maps.Clone(api.Symbols())
	maps.Copy(all, table)
	return all
}

// isTest says whether go test would run the func.
func isTest(fn *ast.FuncDecl) bool {
	rest, ok := strings.CutPrefix(fn.Name.Name, "Test")
	if r, _ := utf8.DecodeRuneInString(rest); !ok || fn.Recv != nil || rest != "" && unicode.IsLower(r) {
		return false
	}
	params := fn.Type.Params.List
	if len(params) != 1 || len(params[0].Names) > 1 || fn.Type.Results != nil {
		return false
	}
	star, ok := params[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	sel, ok := star.X.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "T"
}

// describe words a fault of a test with its place in the test's file.
func describe(err error) error {
	var fault *engine.Fault
	if !errors.As(err, &fault) {
		return err
	}
	text := fault.Kind + ": " + strings.TrimPrefix(fault.Message, fault.Kind+": ")
	at := ""
	for _, f := range fault.Frames {
		if strings.HasSuffix(f.Unit, ".go") {
			if at == "" {
				at = fmt.Sprintf("%s:%d: ", f.Unit, f.Line)
			}
			text += fmt.Sprintf("\n\t%s\n\t\t%s:%d", f.Func, f.Unit, f.Line)
		}
	}
	return errors.New(at + text)
}

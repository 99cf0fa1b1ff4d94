package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"stnb.dev/kernel/engine/conformance"
)

// tooLong are programs of Go's suite that do nothing but compute, for seconds when
// compiled: an interpreter is at it for minutes. How slow an engine is, is measured elsewhere.
var tooLong = map[string][]string{"yaegi": {
	"abi/fibish", "abi/uglyfib", "copy", "divmod", "ken/divconst", "ken/modconst",
	"fixedbugs/issue13169", "fixedbugs/issue16249", "fixedbugs/issue59680", "fixedbugs/issue79186", "fixedbugs/issue80188",
}, "ssa": {
	"abi/uglyfib", // 330 million calls, each with variables on the heap
}}

const longWhy = "computes for minutes in an interpreter of this speed"

// collect finds the programs of all suites, and those that the engine is not to
// run, with the reason.
func collect(engine string, match *regexp.Regexp) (suite []program, excluded map[string][]string, err error) {
	excluded = map[string][]string{}
	add := func(ps ...program) {
		for _, p := range ps {
			if p.suite == "go" && slices.Contains(tooLong[engine], p.name) {
				excluded[longWhy] = append(excluded[longWhy], p.name)
				continue
			}
			if match.MatchString(p.suite + "/" + p.name) {
				suite = append(suite, p)
			}
		}
	}
	goSuite, err := goPrograms(excluded)
	if err != nil {
		return nil, nil, err
	}
	add(goSuite...)
	yaegiSuite, err := yaegiPrograms(excluded)
	if err != nil {
		return nil, nil, err
	}
	add(yaegiSuite...)
	for _, c := range conformance.Everyday() {
		add(program{suite: "everyday", name: c.Name, source: c.Source, want: c.Want, stdoutOnly: true, loose: true})
	}
	return suite, excluded, nil
}

func goEnv(name string) (string, error) {
	out, err := exec.Command("go", "env", name).Output()
	return strings.TrimSpace(string(out)), err
}

var directive = regexp.MustCompile(`(?m)^// *(run|cmpout|runoutput|build|compile|errorcheck|rundir|asmcheck|skip|runindir|buildrun)\b(.*)$`)

// goPrograms are the programs of $GOROOT/test that say "// run".
func goPrograms(excluded map[string][]string) ([]program, error) {
	root, err := goEnv("GOROOT")
	if err != nil {
		return nil, err
	}
	root = filepath.Join(root, "test")
	if _, err := os.Stat(root); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is not there: a Go toolchain that go downloaded by itself has no test suite; install a full one", root)
	}
	var out []program
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if strings.HasSuffix(path, ".dir") {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(path) != ".go" {
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		m := directive.FindSubmatch(src)
		if m == nil || string(m[1]) != "run" && string(m[1]) != "cmpout" || strings.TrimSpace(string(m[2])) != "" {
			return nil
		}
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.ToSlash(path), filepath.ToSlash(root)+"/"), ".go")
		if why := conformance.Apart(src); why != "" {
			excluded[why] = append(excluded[why], name)
			return nil
		}
		want, err := os.ReadFile(strings.TrimSuffix(path, ".go") + ".out")
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		out = append(out, program{suite: "go", name: name, dir: filepath.Dir(path), file: filepath.Base(path), want: string(want)})
		return nil
	})
	return out, err
}

var (
	outputComment = regexp.MustCompile(`(?s)\n// Output:\n(.*)$`)
	localImport   = regexp.MustCompile(`"(github\.com/|guthib\.com/|\./)`)
)

// yaegiOnly are programs whose expected output is not what Go prints: they test
// yaegi's restrictions, its loop variables of before Go 1.22, and types that lose
// their names.
var yaegiOnly = map[string]bool{"closure9": true, "closure10": true, "closure11": true, "closure12": true, "export0": true, "method16": true,
	"restricted0": true, "restricted1": true, "restricted2": true, "restricted3": true, "type24": true, "type5": true, "type6": true}

const yaegiWhy = "expects what Go does not do"

// yaegiPrograms are yaegi's own, with the output in a comment at their end.
func yaegiPrograms(excluded map[string][]string) ([]program, error) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/traefik/yaegi").Output()
	if err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), "_test", "*.go"))
	if err != nil {
		return nil, err
	}
	var out []program
	for _, f := range files {
		if name := strings.TrimSuffix(filepath.Base(f), ".go"); yaegiOnly[name] {
			excluded[yaegiWhy] = append(excluded[yaegiWhy], "yaegi/"+name)
			continue
		}
		src, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		text := string(src)
		if conformance.ImportsTesting(src) {
			excluded[conformance.TestingWhy] = append(excluded[conformance.TestingWhy], "yaegi/"+strings.TrimSuffix(filepath.Base(f), ".go"))
			continue
		}
		m := outputComment.FindStringSubmatch(text)
		if m == nil || !strings.Contains(text, "package main") || localImport.MatchString(text) {
			continue
		}
		var want strings.Builder
		for _, line := range strings.Split(m[1], "\n") {
			line, ok := strings.CutPrefix(line, "//")
			if !ok {
				break
			}
			want.WriteString(strings.TrimPrefix(line, " ") + "\n")
		}
		out = append(out, program{suite: "yaegi", name: strings.TrimSuffix(filepath.Base(f), ".go"),
			dir: filepath.Dir(filepath.Dir(f)), file: filepath.Join("_test", filepath.Base(f)), want: want.String(), loose: true})
	}
	return out, nil
}

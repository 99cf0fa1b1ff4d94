package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"stnb.dev/cmd/stnb/testrun"
)

func testCommand() *cobra.Command {
	var o testOptions
	c := &cobra.Command{
		Use:   "test [FILE|DIR]...",
		Short: "Run the tests of apps, without a browser",
		Long: "Run the tests that stand beside notebooks. app_test.go holds those of app.md: Go\n" +
			"tests, func TestX(t *testing.T), that open the notebook with package\n" +
			"stnb.dev/appmode/apptest, use its widgets and read the page. No Go toolchain is\n" +
			"needed; go test runs the same files. Every notebook is opened, too: its first\n" +
			"run must show no fault.\n\n" +
			"Of a folder all tests run, also those of folders in it; of a notebook its own.\n" +
			"Without an argument it is the current folder.",
		RunE: func(c *cobra.Command, args []string) error { return runTests(c, args, o) },
	}
	c.Flags().StringVar(&o.match, "run", "", "run just the tests whose names match this regular expression")
	c.Flags().BoolVarP(&o.verbose, "verbose", "v", false, "name every test as it runs")
	c.Flags().BoolVar(&o.noOpen, "no-open", false, "run the test files only, and do not open every notebook")
	c.Flags().StringArrayVar(&o.here, "here", nil, "")
	_ = c.Flags().MarkHidden("here")
	addSettings(c)
	return c
}

type testOptions struct {
	match           string
	verbose, noOpen bool
	here            []string // names in the current folder
}

// folderTests are a folder's notebooks and test files, by name.
type folderTests struct {
	dir   string
	names []string
}

func runTests(c *cobra.Command, args []string, o testOptions) error {
	if o.here != nil {
		return testHere(c, o)
	}
	if len(args) == 0 {
		args = []string{"."}
	}
	var all []folderTests
	for _, arg := range args {
		found, err := findTests(arg, o.noOpen)
		if err != nil {
			return err
		}
		for _, f := range found { // a.md and a_test.go, both named, are one run
			if i := slices.IndexFunc(all, func(o folderTests) bool { return o.dir == f.dir }); i >= 0 {
				all[i].names = append(all[i].names, f.names...)
			} else {
				all = append(all, f)
			}
		}
	}
	for _, f := range all {
		slices.Sort(f.names)
	}
	if len(all) == 0 {
		return fmt.Errorf("%s: there is neither a notebook nor a test", strings.Join(args, ", "))
	}
	// Tests run in their folder, and a process has one: each folder has its own.
	self, err := os.Executable()
	if err != nil {
		return err
	}
	bad := false
	for _, f := range all {
		if len(all) > 1 || o.verbose {
			fmt.Fprintf(c.OutOrStdout(), "%s\n", f.dir)
		}
		words := []string{"test", "--run", o.match}
		for _, name := range slices.Compact(f.names) {
			words = append(words, "--here", name)
		}
		if o.verbose {
			words = append(words, "-v")
		}
		if engine := c.Flag("engine"); engine != nil && engine.Changed {
			words = append(words, "--engine", engine.Value.String())
		}
		child := exec.CommandContext(c.Context(), self, words...)
		out := &unplaced{to: c.OutOrStdout()}
		child.Dir, child.Stdout, child.Stderr = f.dir, out, c.ErrOrStderr()
		bad = child.Run() != nil || bad
		out.flush()
	}
	if bad {
		return failed
	}
	return nil
}

// unplaced drops the places that package testing puts before messages which have
// their own; see testrun.Mark.
type unplaced struct {
	to   io.Writer
	line []byte
}

var placed = regexp.MustCompile(`\S+\.go:\d+: ` + testrun.Mark)

func (u *unplaced) Write(p []byte) (int, error) {
	u.line = append(u.line, p...)
	if end := bytes.LastIndexByte(u.line, '\n') + 1; end > 0 {
		_, err := u.to.Write(bytes.ReplaceAll(placed.ReplaceAll(u.line[:end], nil), []byte(testrun.Mark), nil))
		u.line = append(u.line[:0], u.line[end:]...)
		return len(p), err
	}
	return len(p), nil
}

func (u *unplaced) flush() {
	if len(u.line) > 0 {
		_, _ = u.Write([]byte{'\n'})
	}
}

// testHere runs the named files of the current folder, and ends the process.
func testHere(c *cobra.Command, o testOptions) error {
	v, err := settings(c, ".")
	if err != nil {
		return err
	}
	cfg := testrun.Config{Match: o.match, Verbose: o.verbose, Engine: v.Text("kernel.engine")}
	for _, name := range o.here {
		if strings.HasSuffix(name, "_test.go") {
			cfg.Tests = append(cfg.Tests, name)
		} else {
			cfg.Notebooks = append(cfg.Notebooks, name)
		}
	}
	return testrun.Run(cfg)
}

// findTests finds what to run for one argument, by folder.
func findTests(arg string, noOpen bool) ([]folderTests, error) {
	t, err := resolve(arg)
	if err != nil {
		return nil, err
	}
	if t.file != "" {
		if strings.HasSuffix(t.file, "_test.go") {
			return []folderTests{{t.root, []string{t.file}}}, nil
		}
		one := folderTests{dir: t.root}
		own := strings.TrimSuffix(t.file, filepath.Ext(t.file)) + "_test.go"
		if _, err := os.Stat(filepath.Join(t.root, own)); err == nil {
			one.names = append(one.names, own)
		}
		if !noOpen {
			one.names = append(one.names, t.file)
		}
		if len(one.names) == 0 {
			return nil, nil
		}
		return []folderTests{one}, nil
	}
	return testsBelow(t.root, noOpen)
}

// testsBelow walks a folder. Hidden folders, and those that tools keep, are left
// out.
func testsBelow(root string, noOpen bool) ([]folderTests, error) {
	byDir := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if path != root && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "vendor" || name == "testdata") {
				return filepath.SkipDir
			}
			return nil
		}
		dir := filepath.Dir(path)
		switch {
		case strings.HasSuffix(name, "_test.go") && usesTester(path):
			byDir[dir] = append(byDir[dir], name)
		case !noOpen && isNotebook(name):
			byDir[dir] = append(byDir[dir], name)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var out []folderTests
	for dir, names := range byDir {
		slices.Sort(names)
		out = append(out, folderTests{dir, names})
	}
	slices.SortFunc(out, func(a, b folderTests) int { return strings.Compare(a.dir, b.dir) })
	return out, nil
}

// usesTester tells tests of apps from other Go tests, which are go test's.
func usesTester(file string) bool {
	text, err := os.ReadFile(file)
	return err == nil && strings.Contains(string(text), `"stnb.dev/appmode/apptest"`)
}

func isNotebook(name string) bool {
	ext := filepath.Ext(name)
	return ext == ".md" && name != "README.md" || ext == ".ipynb"
}
